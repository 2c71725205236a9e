"""A reviewer's decision on a drafted question, as changes of its line.

accepted, dropped, back to draft    one field
edited                              words, answers and evidence; then it is accepted
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import WrongUse
from assistant.evaluation.scoring.gold import Gold, TextOf, find_gold
from assistant.evaluation.sets.questions import (
    ACCEPTED,
    DRAFT,
    DROPPED,
    At,
    LineError,
    QuestionSet,
    Review,
    parse_question,
)
from assistant.evaluation.sets.sets import Row

DECISIONS: Mapping[str, Review] = {"accept": ACCEPTED, "drop": DROPPED, "reopen": DRAFT}


@dataclass(frozen=True, slots=True)
class Edit:
    """What a reviewer typed. `kept` are numbers of the pieces of evidence that stay, `added`
    words of the document that are further evidence."""

    question: str
    answerable: bool
    answers: tuple[str, ...]
    kept: frozenset[int]
    added: tuple[str, ...]


def review_of(row: Row) -> Review:
    """The state of a question; one without is as good as accepted."""
    review: Review = row.get("review") or ACCEPTED
    return review


def edited(row: Row, edit: Edit, text_of: TextOf) -> dict[str, Any]:
    """The fields that change. Raises WrongUse for what cannot be used."""
    question = " ".join(edit.question.split())
    if not question:
        raise WrongUse("The question is empty.")
    pieces = [*_kept(row, edit), *(_added(row, words, text_of) for words in edit.added)]
    if edit.answerable and not pieces:
        raise WrongUse("Which words answer it? Keep or add some evidence, or untick “answerable”.")
    values: dict[str, Any] = {
        "question": question,
        "answerable": edit.answerable,
        "answers": list(edit.answers) or None,
        "evidence": pieces if edit.answerable else [],
        "review": ACCEPTED,
    }
    if "gold" in row:
        values["gold"] = _statements(row, pieces) if edit.answerable else []
    return values


def gold_of(row: Row, text_of: TextOf) -> Gold:
    """Where the evidence of a question stands. Raises BadQuestionSet, or what `text_of`
    raises for a document that is not there."""
    try:
        question = parse_question(At(None, 1), row)
    except LineError as error:
        raise WrongUse(str(error)) from error
    (gold,) = find_gold(QuestionSet(Path(str(row["id"])), (question,)), text_of)
    return gold


def documents_of(row: Row) -> frozenset[str]:
    """Every document that a question has words of."""
    try:
        return parse_question(At(None, 1), row).tells_of
    except LineError as error:
        raise WrongUse(str(error)) from error


def _kept(row: Row, edit: Edit) -> list[Any]:
    return [piece for number, piece in enumerate(row.get("evidence") or []) if number in edit.kept]


def _added(row: Row, words: str, text_of: TextOf) -> dict[str, Any]:
    """Raises WrongUse unless the document has these words, once."""
    document = row.get("document")
    if not document:
        raise WrongUse("The question names no document to look for more evidence in.")
    text = text_of(document)
    count = text.count(words)
    if count != 1:
        found = f"{count} times" if count else "nowhere"
        raise WrongUse(f"{document} has {words!r} {found}. Give words that stand there once.")
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def _statements(row: Row, pieces: Sequence[Any]) -> list[dict[str, Any]]:
    """Each statement with those of its spans that stay evidence, then the new evidence."""
    places = [_place(piece) for piece in pieces]
    stay = []
    for statement in row["gold"]:
        spans = [span for span in statement["spans"] if _place(span) in places]
        if spans:
            stay.append({**statement, "spans": spans})
    known = [_place(span) for statement in stay for span in statement["spans"]]
    return stay + [{"spans": [piece]} for piece in pieces if _place(piece) not in known]


def _place(piece: Any) -> object:
    """What makes two pieces of evidence one."""
    match piece:
        case {"start": start, "end": end} | [start, end]:
            return start, end
        case {"text": text}:
            return text
    return piece
