"""The questions of a set, and what may stand in each of their fields.

    {"id": "q1", "question": "Who opened it?", "answerable": true, "document": "a.txt",
     "evidence": [{"text": "The mayor opened it."}]}

Fields that are not in FIELDS are ignored. `reading` says in which files they stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.answers import Turn
from assistant.errors import BadQuestionSet
from assistant.understanding.querying import LONGEST_QUESTION
from index.documents import Span

PROBLEMS_SHOWN = 5

STANDARD_INPUT = Path("-")

Review = Literal["draft", "accepted", "dropped"]
"""What a reviewer said of a drafted question. Dropped ones stay in the file, so that they
are not drafted again, and are never asked."""

DRAFT: Review = "draft"
ACCEPTED: Review = "accepted"
DROPPED: Review = "dropped"


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """Words of a document as a question set names them: by offsets, by text or both.

    `document` is None where the question's own is meant.
    """

    document: str | None
    span: Span | None
    text: str | None


Statement = tuple[NamedSpan, ...]
"""One statement: all of its spans."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a set, on this `line` of this `file`.

    `paragraph` is where the question was written; with it, the evidence spans are
    alternatives of one another. `statements` is the field `gold`: what the speaker
    said about the topic. `history_documents` are those that the history has words of.
    `must_include` holds alternatives: of each inner tuple one has to occur in the answer.
    None says that the set does not have the field.
    """

    line: int
    id: str
    question: str
    answerable: bool
    document: str | None = None
    evidence: tuple[NamedSpan, ...] = ()
    history: tuple[Turn, ...] = ()
    speaker: str | None = None
    answers: tuple[str, ...] = ()
    paragraph: Span | None = None
    statements: tuple[Statement, ...] | None = None
    unjudged: tuple[Statement, ...] = ()
    optional_evidence: tuple[NamedSpan, ...] = ()
    other_documents: frozenset[str] = frozenset()
    history_documents: frozenset[str] = frozenset()
    must_include: tuple[tuple[str, ...], ...] | None = None
    must_not_include: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str | None = None
    type: str | None = None
    review: Review = ACCEPTED
    file: Path | None = None

    @property
    def at(self) -> At:
        """Where it stands."""
        return At(self.file, self.line)

    @property
    def labels(self) -> frozenset[str]:
        """Its tags, category and type: what `--tag` chooses by."""
        return frozenset(filter(None, [*self.tags, self.category, self.type]))

    @property
    def groups(self) -> tuple[str, ...]:
        """The kinds of question that it is one of, as a breakdown names them."""
        kinds = [("category", self.category), ("type", self.type)]
        kinds += [("tag", tag) for tag in self.tags]
        return tuple(f"{kind}: {name}" for kind, name in kinds if name)

    @property
    def documents(self) -> frozenset[str]:
        """Every document that has to be indexed for it."""
        spans = chain(
            self.evidence, self.optional_evidence, *(self.statements or ()), *self.unjudged
        )
        return frozenset(filter(None, [self.document, *(span.document for span in spans)]))

    @property
    def tells_of(self) -> frozenset[str]:
        """Every document that it has words of: only who may read all of them may know it."""
        return self.documents | self.history_documents


@dataclass(frozen=True, slots=True)
class Annotation:
    """A statement that is known to be in a document, and who made it."""

    document: str
    spans: tuple[Span, ...]
    speaker: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions to ask, and the file or folder that they stand in.

    `annotations` are all statements with known speakers of the documents asked about;
    without them nobody can say whose words were cited by mistake.
    """

    path: Path
    questions: tuple[Question, ...]
    annotations: tuple[Annotation, ...] = ()

    def first(self, count: int | None) -> QuestionSet:
        """Only so many of them; None for all."""
        return replace(self, questions=self.questions[:count])

    def labelled(self, labels: Collection[str]) -> QuestionSet:
        """Those with one of these tags, categories or types; all without any.

        Raises BadQuestionSet if there are none.
        """
        if not labels:
            return self
        chosen = tuple(q for q in self.questions if q.labels & set(labels))
        if not chosen:
            there = sorted(frozenset().union(*(q.labels for q in self.questions)))
            raise BadQuestionSet(
                f"No question of {self.path} is tagged {' or '.join(labels)}. "
                f"There are: {', '.join(there) or 'no tags'}."
            )
        return replace(self, questions=chosen)


@dataclass(frozen=True, slots=True)
class At:
    """A line of a file of a set; no file where there is but one."""

    file: Path | None
    line: int

    def within(self, path: Path) -> str:
        """As an error about this set names it."""
        if self.file is None or self.file == path:
            return f"line {self.line}"
        return f"{self.file.relative_to(path)}, line {self.line}"


class LineError(Exception):
    """What is wrong with a line and what is expected there."""


def bad_lines(path: Path, problems: Mapping[At, str]) -> BadQuestionSet:
    """The error that names the first lines that cannot be used, and what to expect."""
    count = len(problems)
    ordered = sorted(problems, key=lambda at: (str(at.file), at.line))
    shown = [f"  {at.within(path)}: {problems[at]}" for at in ordered[:PROBLEMS_SHOWN]]
    more = [f"  and {count - len(shown)} more"] if count > len(shown) else []
    lines = "1 line" if count == 1 else f"{count} lines"
    name = "standard input" if path == STANDARD_INPUT else path
    return BadQuestionSet("\n".join([f"{name} has {lines} that cannot be used:", *shown, *more]))


def parse_question(at: At, row: Mapping[str, Any]) -> Question:
    """The question of a row {field: value}. Raises LineError."""
    values = {}
    for field, (name, read) in FIELDS.items():
        value = row.get(field)
        if value is None and field not in REQUIRED:
            continue
        try:
            values[name] = read(value)
        except LineError as problem:
            there = "is missing" if value is None else f"is {_short(value)}"
            raise LineError(f"`{field}` {there}; expected {problem}.") from problem
    return Question(line=at.line, file=at.file, **values)


def parse_annotation(row: Mapping[str, Any]) -> Annotation | None:
    """The statement of a row {doc, content_spans, speaker}; None if nobody knows whose.

    Raises LineError.
    """
    match row:
        case {"speaker": None}:
            return None
        case {"doc": str(document), "content_spans": [*spans], "speaker": str(speaker)}:
            mentions = tuple(_items(spans, _mention))
            return Annotation(document, tuple(m.span for m in mentions if m.span), speaker)
    raise LineError('expected {"doc": name, "content_spans": [[start, end], …], "speaker": name}.')


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


# -- what may stand in a field ---------------------------------------------------

ReadField = Callable[[Any], Any]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise LineError("text")
    return value


def _asked(value: object) -> str:
    text = _text(value)
    if len(" ".join(text.split())) > LONGEST_QUESTION:
        raise LineError(f"at most {LONGEST_QUESTION:,} characters")
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise LineError("true or false")
    return value


def _review(value: object) -> str:
    if not isinstance(value, str) or value not in get_args(Review):
        raise LineError(" or ".join(f'"{state}"' for state in get_args(Review)))
    return value


def _list_of(read: ReadField) -> ReadField:
    def read_list(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise LineError("a list")
        return tuple(_items(value, read))

    return read_list


def _items(values: list[Any], read: ReadField) -> Iterator[Any]:
    for value in values:
        try:
            yield read(value)
        except LineError as problem:
            raise LineError(f"a list, each of it {problem}") from problem


def _turn(value: object) -> Turn:
    match value:
        case {"role": "user" | "assistant" as role, "content": str(content)}:
            return Turn(role, content)
    raise LineError('{"role": "user" or "assistant", "content": text}')


def _mention(value: object) -> NamedSpan:
    """A span is {"start", "end"}, {"text"}, both, or [start, end]."""
    match value:
        case {"start": int(start), "end": int(end), **rest}:
            return NamedSpan(_document(rest), _span(start, end), _optional_text(rest.get("text")))
        case {"text": str(text), **rest} if text.strip() and not {"start", "end"} & rest.keys():
            return NamedSpan(_document(rest), None, text)
        case [int(start), int(end)]:
            return NamedSpan(None, _span(start, end), None)
    raise LineError('{"start": number, "end": number} or {"text": words of the document}')


def _span(start: int, end: int) -> Span:
    if isinstance(start, bool) or isinstance(end, bool) or not 0 <= start < end:
        raise LineError("a span with 0 ≤ start < end")
    return Span(start, end)


def _document(value: Mapping[Any, object]) -> str | None:
    return _optional_text(value.get("document"))


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _statement(value: object) -> Statement:
    match value:
        case {"spans": [_, *_] as spans}:
            return tuple(_items(spans, _mention))
    raise LineError('{"spans": [{"start": number, "end": number}, …]}')


def _paragraph(value: object) -> Span:
    match value:
        case {"start": int(start), "end": int(end)}:
            return _span(start, end)
    raise LineError('{"start": number, "end": number}')


def _documents(value: object) -> frozenset[str]:
    return frozenset(_list_of(_named)(value))


def _named(value: object) -> str:
    match value:
        case {"document": str(name)}:
            return name
    raise LineError('{"document": name}')


FIELDS: Mapping[str, tuple[str, ReadField]] = {
    "id": ("id", _text),
    "question": ("question", _asked),
    "answerable": ("answerable", _flag),
    "document": ("document", _text),
    "evidence": ("evidence", _list_of(_mention)),
    "history": ("history", _list_of(_turn)),
    "speaker": ("speaker", _text),
    "answers": ("answers", _list_of(_text)),
    "paragraph": ("paragraph", _paragraph),
    "gold": ("statements", _list_of(_statement)),
    "unjudged": ("unjudged", _list_of(_statement)),
    "optional_evidence": ("optional_evidence", _list_of(_mention)),
    "other_documents": ("other_documents", _documents),
    "history_documents": ("history_documents", _documents),
    "must_include": ("must_include", _list_of(_list_of(_text))),
    "must_not_include": ("must_not_include", _list_of(_text)),
    "tags": ("tags", _list_of(_text)),
    "category": ("category", _text),
    "type": ("type", _text),
    "review": ("review", _review),
}
"""JSON field -> (field of Question, what reads it)."""

REQUIRED = frozenset({"id", "question", "answerable"})
