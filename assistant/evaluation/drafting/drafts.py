"""A question that was drafted, and the line of a question set that it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from assistant.evaluation.sets.questions import DRAFT
from index.documents import Span

DraftKind = Literal["said", "not_said", "fact", "written"]
"""What somebody said on a topic; what they did not say though another one did; what a
sentence says by itself; what a language model asked of a passage."""

ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class DraftedQuestion:
    """A question about one document, with the places that answer it.

    `evidence` has the spans of each thing that an answer has to cite: of a statement all
    of them. `unjudged` may be cited or not. `words` are the stems that tell it from other
    questions. `more` are further fields of its line.
    """

    kind: DraftKind
    question: str
    document: str
    evidence: tuple[tuple[Span, ...], ...]
    words: frozenset[str]
    speaker: str | None = None
    answers: tuple[str, ...] = ()
    unjudged: tuple[tuple[Span, ...], ...] = ()
    other_documents: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        return self.kind != "not_said"

    def as_row(self, text: str) -> dict[str, Any]:
        """Its line, given the text of its document; the id comes from the question."""
        row: dict[str, Any] = {
            "id": self._id(),
            "question": self.question,
            "answerable": self.answerable,
            "document": self.document,
            "evidence": [_place(span, text) for spans in self.evidence for span in spans],
            "tags": [DRAFT, self.kind],
            "review": DRAFT,
        }
        if self.answers:
            row["answers"] = list(self.answers)
        if self.speaker is not None:
            row |= {
                "speaker": self.speaker,
                "gold": _statements(self.evidence, text),
                "unjudged": _statements(self.unjudged, text),
            }
        if self.other_documents:
            row["other_documents"] = [{"document": name} for name in self.other_documents]
        return {**row, **self.more}

    def _id(self) -> str:
        told = f"{self.document}\n{self.question}"
        return f"{self.kind}-{sha256(told.encode()).hexdigest()[:ID_LENGTH]}"


def _statements(
    statements: Iterable[Sequence[Span]], text: str
) -> list[dict[str, list[dict[str, Any]]]]:
    return [{"spans": [_place(span, text) for span in spans]} for spans in statements]


def _place(span: Span, text: str) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": text[span.start : span.end]}
