"""What an assistant did with one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from assistant.evaluation.scoring.spans import Place
from index.documents import Span


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a run.

    `answer` is what was said, without citation marks, or why nothing was. `credited` are
    the speakers that it names, one a citation, None for a citation that credits nobody.
    `exact_quotes` counts the citations whose quote is what the document has there; None
    if nobody looked. `marks` counts the citation marks of the answer, `dangling` those
    that point to no citation. `judged` is what a language model thinks of it,
    None where it gave no opinion. `notice` is what went wrong while it was answered.
    """

    id: str
    abstained: bool
    answer: str
    retrieved: tuple[Place, ...] = ()
    citations: tuple[Place, ...] = ()
    exact_quotes: int | None = 0
    latency_ms: float = 0.0
    answerability: float = 0.0
    index_version: str = ""
    embedder: str = ""
    credited: tuple[str | None, ...] = ()
    marks: int = 0
    dangling: int = 0
    judged: Mapping[str, float | None] = field(default_factory=dict)
    notice: str = ""

    def as_row(self) -> dict[str, Any]:
        """The line of run.jsonl."""
        row = {
            "id": self.id,
            "abstained": self.abstained,
            "answer": self.answer,
            "retrieved": _rows(self.retrieved),
            "citations": _rows(self.citations, self.credited),
            "exact_quotes": self.exact_quotes,
            "marks": self.marks,
            "dangling": self.dangling,
            "latency_ms": round(self.latency_ms, 3),
            "answerability": round(self.answerability, 6),
            "index_version": self.index_version,
            "embedder": self.embedder,
        }
        extra = {"judged": dict(self.judged), "notice": self.notice}
        return row | {name: value for name, value in extra.items() if value}


def parse_record(row: Any) -> Record:
    """The record of such a line; only `id` has to be there.

    Raises KeyError, TypeError or ValueError for a line of something else.
    """
    if not isinstance(row, dict):
        raise TypeError("no object")
    citations = row.get("citations", [])
    return Record(
        id=str(row["id"]),
        abstained=bool(row.get("abstained")),
        answer=str(row.get("answer", "")),
        retrieved=_places(row.get("retrieved", [])),
        citations=_places(citations),
        exact_quotes=row.get("exact_quotes"),
        latency_ms=float(row.get("latency_ms", 0.0)),
        answerability=float(row.get("answerability", 0.0)),
        index_version=str(row.get("index_version", "")),
        embedder=str(row.get("embedder", "")),
        credited=tuple(cited.get("speaker") for cited in citations),
        marks=int(row.get("marks", 0)),
        dangling=int(row.get("dangling", 0)),
        judged=dict(row.get("judged", {})),
        notice=str(row.get("notice", "")),
    )


def _rows(places: Iterable[Place], credited: Sequence[str | None] = ()) -> list[dict[str, Any]]:
    return [
        {"document": place.document, "start": place.span.start, "end": place.span.end}
        | ({"speaker": speaker} if speaker else {})
        for place, speaker in zip_longest(places, credited)
    ]


def _places(rows: Iterable[Mapping[str, Any]]) -> tuple[Place, ...]:
    return tuple(Place(str(r["document"]), Span(int(r["start"]), int(r["end"]))) for r in rows)
