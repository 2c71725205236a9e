"""Reading a question set: JSON Lines, one question a line.

    {"id": "q1", "question": "Who opened it?", "answerable": true, "document": "a.txt",
     "evidence": [{"text": "The mayor opened it."}]}

Fields that are not in FIELDS are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from assistant.answers import Turn
from assistant.errors import BadQuestionSet
from assistant.understanding import LONGEST_QUESTION
from index.documents import Span

PROBLEMS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a document as a question set names them: by offsets, by text or both.

    `document` is None where the question's own is meant.
    """

    document: str | None
    span: Span | None
    text: str | None


Statement = tuple[Mention, ...]
"""One statement: all of its spans."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set; `line` is its number.

    `paragraph` is where the question was written; with it, the evidence spans are
    alternatives of one another. `statements` is the field `gold`: what the speaker
    said about the topic. `must_include` holds alternatives: of each inner tuple one
    has to occur in the answer. None says that the set does not have the field.
    """

    line: int
    id: str
    question: str
    answerable: bool
    document: str | None = None
    evidence: tuple[Mention, ...] = ()
    history: tuple[Turn, ...] = ()
    speaker: str | None = None
    answers: tuple[str, ...] = ()
    paragraph: Span | None = None
    statements: tuple[Statement, ...] | None = None
    unjudged: tuple[Statement, ...] = ()
    optional_evidence: tuple[Mention, ...] = ()
    other_documents: frozenset[str] = frozenset()
    must_include: tuple[tuple[str, ...], ...] | None = None
    must_not_include: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str | None = None
    type: str | None = None

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


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions to ask, and the file that they stand in."""

    path: Path
    questions: tuple[Question, ...]

    def first(self, count: int | None) -> QuestionSet:
        """Only so many of them; None for all."""
        return QuestionSet(self.path, self.questions[:count])


class _LineError(Exception):
    """What is wrong with a line and what is expected there."""


def read_questions(path: Path) -> QuestionSet:
    """A question set whose every line can be used. Raises BadQuestionSet."""
    questions, problems = _read_lines(path)
    problems |= _repeated(questions)
    if problems:
        raise bad_lines(path, problems)
    if not questions:
        raise BadQuestionSet(f"{path} holds no questions. Write one JSON object a line.")
    return QuestionSet(path, tuple(questions))


def bad_lines(path: Path, problems: Mapping[int, str]) -> BadQuestionSet:
    """The error that names the first lines that cannot be used, and what to expect."""
    count = len(problems)
    shown = [f"  line {line}: {problems[line]}" for line in sorted(problems)[:PROBLEMS_SHOWN]]
    more = [f"  and {count - len(shown)} more"] if count > len(shown) else []
    lines = "1 line" if count == 1 else f"{count} lines"
    return BadQuestionSet("\n".join([f"{path} has {lines} that cannot be used:", *shown, *more]))


def _read_lines(path: Path) -> tuple[list[Question], dict[int, str]]:
    """The questions, and what is wrong with the other lines."""
    questions: list[Question] = []
    problems: dict[int, str] = {}
    for number, line in enumerate(_bytes(path).split(b"\n"), 1):
        try:
            if line.strip():
                questions.append(_question(number, _row(line)))
        except _LineError as problem:
            problems[number] = str(problem)
    return questions, problems


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise BadQuestionSet(
            f"The question set {path} cannot be read: {error.strerror}. "
            "Name a JSON Lines file, for example: onrecord eval questions.jsonl"
        ) from error


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode())
        json.dumps(row, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise _LineError(f"not JSON ({error.msg} at column {error.colno}).") from error
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise _LineError(f"not UTF-8 text ({error.reason}). Save the file as UTF-8.") from error
    if not isinstance(row, dict):
        raise _LineError('not an object. Each line is {"id": …, "question": …, "answerable": …}.')
    return row


def _question(number: int, row: Mapping[str, Any]) -> Question:
    values = {}
    for field, (name, read) in FIELDS.items():
        value = row.get(field)
        if value is None and field not in REQUIRED:
            continue
        try:
            values[name] = read(value)
        except _LineError as problem:
            there = "is missing" if field not in row else f"is {_short(value)}"
            raise _LineError(f"`{field}` {there}; expected {problem}.") from problem
    return Question(number, **values)


def _repeated(questions: Iterable[Question]) -> dict[int, str]:
    first: dict[str, int] = {}
    problems = {}
    for question in questions:
        if first.setdefault(question.id, question.line) != question.line:
            problems[question.line] = (
                f"the id {_short(question.id)} stands on line {first[question.id]} already. "
                "Give each question its own."
            )
    return problems


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


# -- what may stand in a field ---------------------------------------------------

Reader = Callable[[Any], Any]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _LineError("text")
    return value


def _asked(value: object) -> str:
    text = _text(value)
    if len(" ".join(text.split())) > LONGEST_QUESTION:
        raise _LineError(f"at most {LONGEST_QUESTION:,} characters")
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _LineError("true or false")
    return value


def _list_of(read: Reader) -> Reader:
    def read_list(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _LineError("a list")
        return tuple(_items(value, read))

    return read_list


def _items(values: list[Any], read: Reader) -> Iterator[Any]:
    for value in values:
        try:
            yield read(value)
        except _LineError as problem:
            raise _LineError(f"a list, each of it {problem}") from problem


def _turn(value: object) -> Turn:
    match value:
        case {"role": "user" | "assistant" as role, "content": str(content)}:
            return Turn(role, content)
    raise _LineError('{"role": "user" or "assistant", "content": text}')


def _mention(value: object) -> Mention:
    """A span is {"start", "end"}, {"text"}, both, or [start, end]."""
    match value:
        case {"start": int(start), "end": int(end), **rest}:
            return Mention(_document(rest), _span(start, end), _optional_text(rest.get("text")))
        case {"text": str(text), **rest} if text.strip() and not {"start", "end"} & rest.keys():
            return Mention(_document(rest), None, text)
        case [int(start), int(end)]:
            return Mention(None, _span(start, end), None)
    raise _LineError('{"start": number, "end": number} or {"text": words of the document}')


def _span(start: int, end: int) -> Span:
    if isinstance(start, bool) or isinstance(end, bool) or not 0 <= start < end:
        raise _LineError("a span with 0 ≤ start < end")
    return Span(start, end)


def _document(value: Mapping[Any, object]) -> str | None:
    return _optional_text(value.get("document"))


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _statement(value: object) -> Statement:
    match value:
        case {"spans": [_, *_] as spans}:
            return tuple(_items(spans, _mention))
    raise _LineError('{"spans": [{"start": number, "end": number}, …]}')


def _paragraph(value: object) -> Span:
    match value:
        case {"start": int(start), "end": int(end)}:
            return _span(start, end)
    raise _LineError('{"start": number, "end": number}')


def _other_documents(value: object) -> frozenset[str]:
    return frozenset(_list_of(_named)(value))


def _named(value: object) -> str:
    match value:
        case {"document": str(name)}:
            return name
    raise _LineError('{"document": name}')


FIELDS: Mapping[str, tuple[str, Reader]] = {
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
    "other_documents": ("other_documents", _other_documents),
    "must_include": ("must_include", _list_of(_list_of(_text))),
    "must_not_include": ("must_not_include", _list_of(_text)),
    "tags": ("tags", _list_of(_text)),
    "category": ("category", _text),
    "type": ("type", _text),
}
"""JSON field -> (field of Question, what reads it)."""

REQUIRED = frozenset({"id", "question", "answerable"})
