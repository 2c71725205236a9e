"""How fast: ingest beside a plain pipeline, questions at three sizes, cold starts, memory, disk.

    python -m tests.benchmarks.speed --docs FOLDER --sizes 1000 10000 100000

Without --docs it runs on invented documents. The plain pipeline needs the extra
`bench`. Large indexes are made of the documents' real sentences in new company.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.building import open_to_ask, open_to_write
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.events import Summary
from index.ingesting import sync
from tests.benchmarks.corpus import (
    Sentence,
    embedded_sentences,
    fill,
    find_texts,
    new_settings,
    prepare_model,
    speaker_name,
)
from tests.benchmarks.plain import PlainPipeline, read

QUESTIONS = 200
COMMAND = [sys.executable, "-c", "from assistant.commands.cli import main; main()"]


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description="Measure speed, memory and disk.")
    parser.add_argument("--docs", type=Path, nargs="*", default=[])
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        models = prepare_model(Path(scratch))
        print(f"model loaded, checked and exported (once): {time.perf_counter() - began:.1f} s\n")
        texts = find_texts(options.docs, Path(scratch))
        ingest(texts, models, options.rounds)
        sentences = embedded_sentences(texts, models)
        for size in options.sizes:
            with new_settings(models) as settings:
                measure_size(settings, sentences, size)
        print(f"\nonrecord --help: {_seconds([*COMMAND, '--help']):.2f} s")


def ingest(texts: Sequence[Path], models: Path, rounds: int) -> None:
    """On Record and the plain pipeline on the same documents, in turns, models loaded."""
    plain, ratios = PlainPipeline(), []
    contents = read(texts)
    _ = plain.embeddings
    print(f"ingest: {len(texts)} documents, {sum(len(t) for _, t in contents):,} characters")
    for _round in range(rounds):
        chunks, theirs = _plain_ingest(plain, contents)
        passages, ours = _our_ingest(texts, models)
        ratios.append(theirs / ours)
        print(
            f"  plain {chunks / theirs:6.1f} chunks/s in {theirs:6.1f} s   "
            f"On Record {passages / ours:6.1f} passages/s in {ours:6.1f} s   "
            f"{ratios[-1]:.2f} times as fast"
        )
    print(f"  median {statistics.median(ratios):.2f} times as fast as the plain pipeline\n")


def _plain_ingest(plain: PlainPipeline, contents: list[tuple[str, str]]) -> tuple[int, float]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        began = time.perf_counter()
        _, chunks = plain.index(contents, Path(folder))
        return chunks, time.perf_counter() - began


def _our_ingest(texts: Sequence[Path], models: Path) -> tuple[int, float]:
    with new_settings(models) as settings, open_to_write(settings, "benchmark") as opened:
        opened.stores.embedder.embed_question("warm")
        began = time.perf_counter()
        *_, summary = sync(opened.stores, texts)
        assert isinstance(summary, Summary)
        return summary.passages, time.perf_counter() - began


def measure_size(settings: Settings, sentences: Sequence[Sentence], size: int) -> None:
    """Everything about an index of this size."""
    with open_to_write(settings, "benchmark") as opened:
        fill(opened, sentences, size)
    print(f"{size:,} passages")
    _print_latency(settings, questions(sentences))
    print("  of one who made a third of all statements:")
    _print_latency(settings, speaker_questions(sentences))
    _print_disk(settings.home, size)
    question = questions(sentences)[0]
    home = ["--home", str(settings.home)]
    print(f"  cold ask, shell to answer: {_seconds([*COMMAND, *home, 'ask', question]):.2f} s")
    seconds, memory = _cold_serve(home, question)
    print(f"  cold serve to the first answer: {seconds:.2f} s, at most {memory:.0f} MB of memory")


def questions(sentences: Sequence[Sentence]) -> list[str]:
    """Half of the words of sentences from all over."""
    step = max(1, len(sentences) // QUESTIONS)
    halves = [" ".join(text.split()[::2][:12]) for text, _ in sentences[::step]]
    return [f"What about {half}?" for half in halves][:QUESTIONS]


def speaker_questions(sentences: Sequence[Sentence]) -> list[str]:
    """The same words as topics of the one who speaks most."""
    topics = (question.removeprefix("What about ") for question in questions(sentences))
    return [f"What did {speaker_name(0)} say about {topic}" for topic in topics]


def _print_latency(settings: Settings, questions: Sequence[str]) -> None:
    stages: defaultdict[str, list[float]] = defaultdict(list)
    with open_to_ask(settings, "benchmark") as assistant:
        for question in questions[:10]:
            assistant.ask(question, principal=LOCAL_USER)
        for question in questions:
            began = time.perf_counter()
            answer = assistant.ask(question, principal=LOCAL_USER)
            stages["whole answer"].append((time.perf_counter() - began) * 1000)
            for stage, milliseconds in answer.timings_ms.items():
                stages[stage].append(milliseconds)
    for stage, times in stages.items():
        p50, p95 = np.percentile(times, [50, 95])
        print(f"  {stage:<14}{p50:7.1f} ms p50 {p95:7.1f} ms p95")


def _print_disk(home: Path, size: int) -> None:
    parts = {
        "catalog": home.glob("catalog.*"),
        "words": home.glob("words/**/*"),
        "vectors": home.glob("vectors-*/**/*"),
    }
    sizes = {name: sum(f.stat().st_size for f in files) / 1e6 for name, files in parts.items()}
    each = ", ".join(f"{name} {mb / size * 1000:.2f}" for name, mb in sizes.items())
    print(f"  disk, MB per 1,000 passages: {each}")


def _seconds(command: Sequence[str]) -> float:
    """The median of three runs."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _cold_serve(home: Sequence[str], question: str) -> tuple[float, float]:
    """Seconds to the first answer, and the server's peak memory in MB."""
    import httpx

    began = time.perf_counter()
    with _process([*COMMAND, *home, "serve", "--port", "7890"]) as server:
        assert server.stdout is not None
        address = next(word for line in server.stdout for word in line.split() if "://" in word)
        while True:
            with contextlib.suppress(httpx.TransportError):
                body = {"question": question}
                httpx.post(f"{address}/api/v1/ask", json=body, timeout=60).raise_for_status()
                break
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        status = Path(f"/proc/{server.pid}/status").read_text("utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return seconds, int(peak.split()[1]) / 1024


@contextlib.contextmanager
def _process(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
