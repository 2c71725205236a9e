"""What an assistant did with one question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.spans import Place


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a run.

    `answer` is what was said, without citation marks, or why nothing was.
    `exact_quotes` counts the citations whose quote is what the document has there.
    """

    id: str
    abstained: bool
    answer: str
    retrieved: tuple[Place, ...] = ()
    citations: tuple[Place, ...] = ()
    exact_quotes: int = 0
    latency_ms: float = 0.0
    answerability: float = 0.0
    index_version: str = ""
    embedder: str = ""

    def as_row(self) -> dict[str, Any]:
        """The line of run.jsonl; which index answered stands in results.json."""
        return {
            "id": self.id,
            "abstained": self.abstained,
            "answer": self.answer,
            "retrieved": _rows(self.retrieved),
            "citations": _rows(self.citations),
            "exact_quotes": self.exact_quotes,
            "latency_ms": round(self.latency_ms, 3),
            "answerability": round(self.answerability, 6),
        }


def _rows(places: Iterable[Place]) -> list[dict[str, Any]]:
    return [
        {"document": place.document, "start": place.span.start, "end": place.span.end}
        for place in places
    ]
