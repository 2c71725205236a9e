"""How fast documents are indexed, beside a plain pipeline, and how fast the command starts.

    python -m tests.benchmarks.speed --docs FOLDER

Without --docs it runs on invented documents. The plain pipeline needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.building import open_to_write
from index.events import Summary
from index.ingesting import sync
from tests.benchmarks.corpus import find_texts, new_settings, prepare_model
from tests.benchmarks.plain import PlainPipeline, read

COMMAND = [sys.executable, "-c", "from assistant.commands.cli import main; main()"]


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description="Measure the speed of indexing.")
    parser.add_argument("--docs", type=Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        models = prepare_model(Path(scratch))
        print(f"model loaded, checked and exported (once): {time.perf_counter() - began:.1f} s\n")
        texts = find_texts(options.docs, Path(scratch))
        ingest(texts, models, options.rounds)
    print(f"onrecord --help: {_seconds([*COMMAND, '--help']):.2f} s")


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


def _seconds(command: Sequence[str]) -> float:
    """The median of three runs."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
