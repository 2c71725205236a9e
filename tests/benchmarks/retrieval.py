"""Is the evidence among the first passages? On Record, a plain pipeline, and BM25 alone.

    python -m tests.benchmarks.retrieval --docs FOLDER FOLDER2 --questions FILE.jsonl

Every question with evidence is asked of all documents at once. A figure is the share
of a question's evidence that the first k passages cover, as `onrecord eval` has it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.building import open_to_write
from assistant.evaluation import read_questions
from assistant.evaluation.scoring.gold import Gold, find_gold
from assistant.evaluation.scoring.metrics import recall
from assistant.evaluation.scoring.spans import Place
from index.documents import LOCAL_USER, Span
from index.ingesting import Stores, sync
from tests.benchmarks.corpus import find_texts, new_settings, prepare_model, searcher
from tests.benchmarks.plain import PlainPipeline, read

DEPTHS = (1, 5, 10)

Search = Callable[[str], Sequence[Place]]
"""Where the best passages for a question stand, best first."""


def main() -> None:
    """Index the documents both ways, ask, and print one table."""
    parser = argparse.ArgumentParser(description="Measure how well evidence is found.")
    parser.add_argument("--docs", type=Path, nargs="+", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        texts = read(find_texts(options.docs, scratch))
        gold = _gold(options.questions, dict(texts))
        print(f"{len(gold):,} questions, {len(texts):,} documents; evidence recall at {DEPTHS}")
        store, chunks = PlainPipeline().index(texts, scratch / "plain")
        _report(f"plain pipeline, {chunks:,} chunks", plain_search(store), gold)
        with (
            new_settings(prepare_model(scratch)) as settings,
            open_to_write(settings, "benchmark") as opened,
        ):
            for _ in sync(opened.stores, options.docs):
                pass
            passages = f"{opened.stores.catalog.passage_count:,} passages"
            _report(f"BM25 alone, {passages}", word_search(opened.stores), gold)
            _report(f"On Record, {passages}", whole_search(opened.stores), gold)


def plain_search(store: Any) -> Search:
    """The nearest chunks."""

    def search(question: str) -> list[Place]:
        chunks = store.similarity_search(question, k=max(DEPTHS))
        return [_chunk_place(chunk) for chunk in chunks]

    return search


def word_search(stores: Stores) -> Search:
    """By words alone, in the passages of On Record."""
    catalog, words = stores.catalog, stores.words
    scope = catalog.scope(LOCAL_USER)

    def search(question: str) -> list[Place]:
        scores = words.search(words.terms(question, scope), max(DEPTHS), scope)
        found = catalog.passages([*scores], scope)
        best = sorted(found, key=lambda stored: -scores[stored.id])
        return [Place(stored.source.name, stored.passage.span) for stored in best]

    return search


def whole_search(stores: Stores) -> Search:
    """As the assistant searches."""

    ask = searcher(stores)

    def search(question: str) -> list[Place]:
        return [Place(hit.source.name, hit.passage.span) for hit in ask(question).hits]

    return search


def _gold(questions: Path, texts: dict[str, str]) -> list[Gold]:
    """The questions that have evidence to be found."""
    return [gold for gold in find_gold(read_questions(questions), texts.__getitem__) if gold.units]


def _chunk_place(chunk: Any) -> Place:
    start = chunk.metadata["start_index"]
    return Place(chunk.metadata["name"], Span(start, start + len(chunk.page_content)))


def _report(name: str, search: Search, gold: Sequence[Gold]) -> None:
    shares = [recall(each.units, search(each.question.question)) for each in gold]
    means = (sum(s[f"evidence_recall@{depth}"] for s in shares) / len(shares) for depth in DEPTHS)
    print(f"  {name:<32}", *(f"{mean:.4f}" for mean in means))


if __name__ == "__main__":
    main()
