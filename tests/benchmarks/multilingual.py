"""Is the evidence the first passage, in each language? And the centre of the multilingual model.

    python -m tests.benchmarks.multilingual --data FOLDER --embedder multilingual --documents de ru
    python -m tests.benchmarks.multilingual --data FOLDER --documents en --asked-in de ru zh
    python -m tests.benchmarks.multilingual --data FOLDER --centre

The folder has docs/LANGUAGE/*.txt and questions.jsonl, where the questions of an id before the
colon are translations of one another (XQuAD). Questions are asked of all documents of a language.
A passage has the evidence if it covers half of it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.building import open_to_write
from index.documents import Hit
from index.ingesting import sync
from index.models.embedding import Vectors
from index.models.opening import MULTILINGUAL, open_embedder, packaged_weights
from index.models.unpacking import CENTRE, unpack_model
from tests.benchmarks.corpus import new_settings, searcher

Row = Mapping[str, Any]
"""A question as it stands in the file."""

DEPTHS = (1, 5, 10)
PASSAGES, QUESTIONS = 8, 16
"""Of each language, whose mean is the centre."""


def main() -> None:
    """Print a line a language, or write the centre."""
    parser = argparse.ArgumentParser(description="Measure retrieval in many languages.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--embedder", default=MULTILINGUAL)
    parser.add_argument("--models", type=Path, help="Keep exported models here.")
    parser.add_argument("--documents", nargs="+", default=["en"])
    parser.add_argument("--asked-in", nargs="+", help="Else in the documents' own language.")
    parser.add_argument("--count", type=int, help="Ask only so many questions of each language.")
    parser.add_argument("--centre", action="store_true")
    options = parser.parse_args()
    rows = list(_rows(options.data))
    if options.centre:
        CENTRE.write_text(json.dumps([round(float(x), 4) for x in _centre(options.data, rows)]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        models = options.models or Path(scratch)
        open_embedder(options.embedder, models)
        for language in options.documents:
            asked_in = options.asked_in or [language]
            _measure(options.data, rows, language, asked_in, models, options)


def _rows(data: Path) -> Iterator[Row]:
    with (data / "questions.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _measure(
    data: Path,
    rows: Sequence[Row],
    language: str,
    asked_in: Sequence[str],
    models: Path,
    options: argparse.Namespace,
) -> None:
    answered = {_id(row): row for row in rows if row["lang"] == language}
    with new_settings(models.resolve()) as shared:
        settings = replace(shared, embedder=options.embedder)
        with open_to_write(settings, "benchmark") as opened:
            began = time.process_time()
            for _ in sync(opened.stores, [data / "docs" / language]):
                pass
            indexing = time.process_time() - began
            ask, passages = searcher(opened.stores), opened.stores.catalog.passage_count
            for other in asked_in:
                asked = [row for row in rows if row["lang"] == other]
                asked = asked[:: max(1, len(asked) // (options.count or len(asked)))]
                began = time.process_time()
                ranks = [_rank(ask(row["question"]).hits, answered[_id(row)]) for row in asked]
                each = (time.process_time() - began) / len(asked)
                print(
                    f"{language} asked in {other}: {len(asked)} questions, recall",
                    *(f"@{k} {np.mean([rank < k for rank in ranks]):.3f}" for k in DEPTHS),
                    f"; {each * 1000:.0f} ms of processor a question, "
                    f"{indexing / passages * 1000:.0f} ms a passage ({passages})",
                    flush=True,
                )


def _id(row: Row) -> str:
    return str(row["id"]).partition(":")[0]


def _rank(hits: Sequence[Hit], row: Row) -> float:
    """Of the first passage with the evidence, from 0; infinite if none has it."""
    return next((float(i) for i, hit in enumerate(hits) if _has(hit, row)), float("inf"))


def _has(hit: Hit, row: Row) -> bool:
    if Path(hit.source.name).name != Path(row["document"]).name:
        return False
    return any(
        min(each["end"], hit.passage.end) - max(each["start"], hit.passage.start)
        >= (each["end"] - each["start"]) / 2
        for each in row["evidence"]
    )


def _centre(data: Path, rows: Sequence[Row]) -> Vectors:
    """The mean of the vectors, as the model gives them, of the passages and of the questions."""
    from sentence_transformers import SentenceTransformer

    with tempfile.TemporaryDirectory() as folder:
        unpack_model(packaged_weights(MULTILINGUAL), Path(folder))
        model = SentenceTransformer(folder, device="cpu")
        means = []
        for language in sorted({row["lang"] for row in rows}):
            own = [row for row in rows if row["lang"] == language]
            questions = [row["question"] for row in own[:: len(own) // QUESTIONS]]
            passages = [_passage(data, row) for row in own[:: len(own) // PASSAGES]]
            for texts, prompt in ((questions, "query"), (passages, "document")):
                means.append(model.encode(texts, prompt_name=prompt).mean(axis=0))
        centre: Vectors = np.mean(means, axis=0)
        return centre


def _passage(data: Path, row: Row) -> str:
    text: str = (data / "docs" / row["document"]).read_text("utf-8")
    return text[row["paragraph"]["start"] : row["paragraph"]["end"]]


if __name__ == "__main__":
    main()
