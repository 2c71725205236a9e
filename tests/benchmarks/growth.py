"""How an index grows: writing and publishing, questions by stage, starts, memory, disk, and
`index` of one changed file, at several sizes.

    python -m tests.benchmarks.growth --docs FOLDER --homes FOLDER --sizes 10000 100000 1000000
    python -m tests.benchmarks.growth … --make       # only makes what is not there yet
    python -m tests.benchmarks.growth … --peers langchain=PYTHON txtai=PYTHON haystack=PYTHON

The indexes are made of the documents' real sentences in new company, with vectors that are mixed
from theirs: nothing is embedded for them, so what is measured of writing is the catalog and the
stores. They are kept in FOLDER (a million passages take 8 GB) and used again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx
import numpy as np

from assistant.building import open_catalog, open_to_ask, open_to_write
from assistant.settings import Settings
from assistant.understanding.querying import understand
from index.documents import LOCAL_USER
from index.models.opening import packaged_model
from tests.benchmarks import peers
from tests.benchmarks.corpus import (
    Sentence,
    embedded_sentences,
    fill,
    find_texts,
    prepare_model,
    questions,
    sentences_asked,
    speaker_questions,
)
from tests.conftest import free_port, passage_ids
from tests.conftest import new_home as empty_home

COMMAND = [sys.executable, "-c", "from assistant.commands.cli import main; main()"]
MADE = "made.json"
STARTS = 3
CHANGED = 'Ada Stone, the mayor, said: "The bridge number {} cost nine million crowns."\n'

Figures = dict[str, str]
"""What was measured at one size, by its name."""


def main() -> None:
    """Print every figure, a column a size."""
    parser = argparse.ArgumentParser(description="Measure how an index grows.")
    parser.add_argument("--docs", type=Path, nargs="*", default=[])
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--homes", type=Path, help="a folder in which the indexes are kept")
    parser.add_argument("--make", action="store_true", help="only make what is not there")
    parser.add_argument(
        "--peers", nargs="*", metavar="SYSTEM=PYTHON", help="and the Python that has it"
    )
    parser.add_argument("--rounds", type=int, default=2, help="how often questions are asked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        homes = (options.homes or Path(scratch)).absolute()
        homes.mkdir(exist_ok=True)
        sentences = kept_sentences(options.docs, homes)
        for size in options.sizes:
            make(homes, size, sentences)
        if options.make:
            return
        columns = {}
        for size in options.sizes:
            columns[f"{size:,}"] = measure(homes / str(size), sentences, size, options.rounds)
            print_table(columns)
            if options.peers is not None:
                columns |= beside(homes, size, sentences, options.peers)
                print_table(columns)


def kept_sentences(docs: Sequence[Path], homes: Path) -> list[Sentence]:
    """Every sentence of the texts with its vector; they are embedded once."""
    words, vectors = homes / "sentences.json", homes / "sentences.npy"
    if not words.exists():
        models = prepare_model(homes)
        found = embedded_sentences(find_texts(docs, homes), models)
        np.save(vectors, np.stack([vector for _, vector in found]))
        words.write_text(json.dumps([text for text, _ in found]), "utf-8")
    return [*zip(json.loads(words.read_text("utf-8")), np.load(vectors), strict=True)]


def make(homes: Path, size: int, sentences: Sequence[Sentence]) -> None:
    """The index of this size, unless it is there."""
    home = homes / str(size)
    if (home / MADE).exists():
        return
    if not home.exists():
        empty_home(home, homes / "models")
    began = time.monotonic()
    with open_to_write(Settings(home), "benchmark", publish=False) as opened:
        there = opened.stores.catalog.passage_count
        if there not in (0, size):
            sys.exit(f"{home} has {there:,} of {size:,} passages. Delete it, and it is made again.")
        if not there:
            fill(opened, sentences, size)
        written = time.monotonic() - began
        opened.stores.words.publish()
        words = time.monotonic() - began - written
        opened.stores.vectors.publish()
    vectors = time.monotonic() - began - written - words
    seconds = {"catalog": written, "words": words, "vectors": vectors}
    (home / MADE).write_text(json.dumps({each: round(s, 1) for each, s in seconds.items()}))
    print(f"{size:,} passages made: {(home / MADE).read_text()}", flush=True)


def measure(home: Path, sentences: Sequence[Sentence], size: int, rounds: int) -> Figures:
    """Everything about the index of this size."""
    seconds = json.loads((home / MADE).read_text())
    figures = {
        f"{store}, passages/s": f"{size / max(took, 0.1):,.0f}" for store, took in seconds.items()
    }
    with open_to_ask(Settings(home), "benchmark") as assistant:
        asked = questions(sentences)
        for question in asked[:10]:
            assistant.ask(question, principal=LOCAL_USER)
        began = time.perf_counter()
        assistant.ask(speaker_questions(sentences)[0], principal=LOCAL_USER)
        figures["first speaker question, s"] = f"{time.perf_counter() - began:.2f}"
        for kind, several in (("question", asked), ("speaker", speaker_questions(sentences))):
            stages: defaultdict[str, list[float]] = defaultdict(list)
            for question in [*several] * rounds:
                began = time.perf_counter()
                answer = assistant.ask(question, principal=LOCAL_USER)
                stages["whole"].append((time.perf_counter() - began) * 1000)
                for stage, milliseconds in answer.timings_ms.items():
                    stages[stage].append(milliseconds)
            for stage, times in stages.items():
                p50, p95 = np.percentile(times, [50, 95])
                figures[f"{kind}: {stage}, ms p50 / p95"] = f"{p50:.1f} / {p95:.1f}"
        view = assistant.view_of(LOCAL_USER)
        found = [[hit.passage.text for hit in view.search(understand(q)).hits] for q in asked]
    figures["recall at 10"] = f"{peers.recall(sentences_asked(sentences), found):.3f}"
    parts = {"catalog": "catalog.*", "words": "words/**/*", "vectors": "vectors-*/**/*"}
    for part, pattern in parts.items():
        megabytes = sum(file.stat().st_size for file in home.glob(pattern)) / 1e6
        figures[f"disk of the {part}, MB"] = f"{megabytes:,.0f}"
    return figures | starts(home, asked) | one_file(home)


def starts(home: Path, asked: Sequence[str]) -> Figures:
    """The command and the server from nothing to an answer, and the server's memory."""
    at_home = ["--home", str(home)]
    asks = [_seconds([*COMMAND, *at_home, "ask", asked[0]]) for _ in range(STARTS)]
    serves = [serve(at_home, asked) for _ in range(STARTS)]
    return {
        "cold ask, s": f"{np.median(asks):.2f}",
        "serve to the first answer, s": f"{np.median([seconds for seconds, _ in serves]):.2f}",
        "memory of the server, MB": f"{max(memory for _, memory in serves):,.0f}",
    }


def one_file(home: Path) -> Figures:
    """`onrecord index` of one file, at first and when it has changed."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(STARTS + 1):
            (Path(folder) / "note.txt").write_text(CHANGED.format(number), "utf-8")
            times.append(_seconds([*COMMAND, "--home", str(home), "index", folder]))
        forget = [*COMMAND, "--home", str(home), "index", "--forget", folder]
        subprocess.run(forget, check=True, stdout=subprocess.DEVNULL)
    return {"index of one changed file, s": f"{np.median(times[1:]):.2f}"}


def serve(at_home: Sequence[str], asked: Sequence[str]) -> tuple[float, float]:
    """Seconds from the command to the first answer, and the most memory in MB that the server
    has until some more are answered."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    with _process([*COMMAND, *at_home, "serve", "--port", str(port)]) as server:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            seconds = 0.0
            for question in asked[:25]:
                while not _answers(client, question):
                    time.sleep(0.02)
                seconds = seconds or time.perf_counter() - began
        return seconds, peers.most_memory(server.pid)


def _answers(client: httpx.Client, question: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.post("/api/v1/ask", json={"question": question}).is_success
    return False


def beside(
    homes: Path, size: int, sentences: Sequence[Sentence], chosen: Sequence[str]
) -> Mapping[str, Figures]:
    """The same passages, vectors and questions in other systems, each a process of its own."""
    texts = homes / f"{size}.jsonl"
    if not texts.exists():
        export(homes / str(size), texts)
    asked = {
        "questions": questions(sentences),
        "sentences": sentences_asked(sentences),
        "model": packaged_model("all-MiniLM-L6-v2"),
    }
    (homes / "asked.json").write_text(json.dumps(asked), "utf-8")
    found = {}
    for system, python in (each.split("=") for each in chosen):
        said = subprocess.run(
            [python, peers.__file__, system, texts, homes / "asked.json"],
            stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        found[f"{system} {size:,}"] = json.loads(said.stdout.splitlines()[-1])
    return found


def export(home: Path, texts: Path) -> None:
    """Write the passages of an index, one a line, and their vectors."""
    catalog = open_catalog(Settings(home))
    scope, ids = catalog.scope(LOCAL_USER), passage_ids(catalog)
    vectors = []
    with texts.open("w", encoding="utf-8") as out:
        for start in range(0, len(ids), 1_000):
            some = ids[start : start + 1_000]
            for stored in catalog.passages(some, scope):
                out.write(json.dumps({"id": stored.id, "text": stored.passage.text}) + "\n")
            vectors.append(catalog.vectors_of(some)[1])
    catalog.close()
    np.save(texts.with_suffix(".npy"), np.concatenate(vectors))


def print_table(columns: Mapping[str, Figures]) -> None:
    """A row a figure; again when there is more of it."""
    rows = list(dict.fromkeys(name for figures in columns.values() for name in figures))
    print(" " * 44 + "".join(f"{title:>22}" for title in columns))
    for row in rows:
        print(
            f"{row:44}" + "".join(f"{each.get(row, ''):>22}" for each in columns.values()),
            flush=True,
        )


def _seconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


@contextlib.contextmanager
def _process(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
