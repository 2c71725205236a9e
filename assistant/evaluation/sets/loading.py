"""Files to a question set: JSON Lines, CSV, YAML, or a folder of them.

    questions.jsonl   one JSON object a line
    questions.csv     the fields as columns; a list is JSON, or its items between |
    questions.yaml    a list of questions, or one below `questions:`
    folder            every such file in it and below
    -                 standard input, in any of these forms

`statements.jsonl` beside a set says who said what in the documents (the annotations
of a QuestionSet); it and the `run.jsonl` of an earlier run are no question sets.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import BadQuestionSet
from assistant.evaluation.sets.questions import (
    DROPPED,
    FIELDS,
    REQUIRED,
    STANDARD_INPUT,
    Annotation,
    At,
    LineError,
    Question,
    QuestionSet,
    bad_lines,
    parse_annotation,
    parse_question,
)

ANNOTATIONS = "statements.jsonl"
NO_SETS = frozenset({ANNOTATIONS, "run.jsonl"})

Row = dict[str, Any]
Line = tuple[int, Row | LineError]
"""The number of the line on which a row begins, and the row or what is wrong with it."""

Problems = dict[At, str]


def read_questions(path: Path) -> QuestionSet:
    """A question set whose every line can be used, without what a reviewer dropped.

    Raises BadQuestionSet.
    """
    questions: list[Question] = []
    problems: Problems = {}
    for file in _files(path):
        for number, row in _lines(file):
            _sort_in(At(file, number), row, questions, problems)
    problems |= _repeated(questions, path)
    if problems:
        raise bad_lines(path, problems)
    asked = [question for question in questions if question.review != DROPPED]
    if not asked:
        why = "a reviewer dropped all of them" if questions else "write one JSON object a line"
        raise BadQuestionSet(f"{path} holds no questions: {why}.")
    return QuestionSet(path, tuple(asked), tuple(_annotations(asked)))


def _sort_in(at: At, row: Row | LineError, questions: list[Question], problems: Problems) -> None:
    try:
        if isinstance(row, LineError):
            raise row
        questions.append(parse_question(at, _encodable(row)))
    except LineError as problem:
        problems[at] = str(problem)


def _files(path: Path) -> list[Path]:
    """The set's files, by name. A name that is no folder is one, whatever its ending."""
    if not path.is_dir():
        return [path]
    files = [f for f in path.rglob("*") if f.suffix.lower() in READERS and f.name not in NO_SETS]
    if not files:
        raise BadQuestionSet(
            f"The folder {path} holds no question set: no file that ends in "
            f"{', '.join(sorted(READERS))}."
        )
    return sorted(files)


def _lines(file: Path) -> Iterator[Line]:
    """Each row of a file; without a known ending its first characters decide."""
    data = _bytes(file)
    read = READERS.get(file.suffix.lower()) or _reader_for(data)
    return read(data)


def _bytes(file: Path) -> bytes:
    try:
        data = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
    except OSError as error:
        raise BadQuestionSet(
            f"The question set {file} cannot be read: {error.strerror}. "
            "Name a JSON Lines, CSV or YAML file, for example: onrecord eval questions.jsonl"
        ) from error
    return data.removeprefix(b"\xef\xbb\xbf")


def _reader_for(data: bytes) -> Callable[[bytes], Iterator[Line]]:
    beginning = data.lstrip()[:20]
    if re.match(rb"-\s|---|#|questions:", beginning):
        return _yaml
    columns = data.split(b"\n", 1)[0]
    return _csv if beginning[:1] not in b"{[" and b"question" in columns else _json_lines


def _repeated(questions: Iterable[Question], path: Path) -> Problems:
    first: dict[str, At] = {}
    problems = {}
    for question in questions:
        if (before := first.setdefault(question.id, question.at)) != question.at:
            problems[question.at] = (
                f'the id "{question.id}" stands on {before.within(path)} already. '
                "Give each question its own."
            )
    return problems


def _annotations(questions: Iterable[Question]) -> Iterator[Annotation]:
    """Annotations of the documents that are asked about, from beside each file of the set."""
    asked = {q.document for q in questions if q.speaker and q.statements is not None}
    files = {q.file.parent / ANNOTATIONS for q in questions if q.file and q.file != STANDARD_INPUT}
    problems: Problems = {}
    for file in sorted(file for file in files if asked and file.exists()):
        for number, row in _json_lines(_bytes(file)):
            try:
                annotation = parse_annotation(_row(row))
            except LineError as problem:
                problems[At(None, number)] = str(problem)
                continue
            if annotation and annotation.document in asked:
                yield annotation
        if problems:
            raise bad_lines(file, problems)


def _row(row: Row | LineError) -> Row:
    if isinstance(row, LineError):
        raise row
    return row


def _encodable(row: Row) -> Row:
    """The row, if it can be written again: half of a surrogate pair cannot."""
    try:
        json.dumps(row, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise _not_utf8(error) from error
    return row


def _not_utf8(error: UnicodeError) -> LineError:
    reason = getattr(error, "reason", error)
    return LineError(f"not UTF-8 text ({reason}). Save the file as UTF-8.")


# -- JSON Lines ------------------------------------------------------------------------


def _json_lines(data: bytes) -> Iterator[Line]:
    """Only a line feed ends a line."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield number, _object(line)


def _object(line: bytes) -> Row | LineError:
    try:
        row = json.loads(line.decode())
    except json.JSONDecodeError as error:
        return LineError(f"not JSON ({error.msg} at column {error.colno}).")
    except UnicodeDecodeError as error:
        return _not_utf8(error)
    return (
        row
        if isinstance(row, dict)
        else LineError('not an object. Each line is {"id": …, "question": …, "answerable": …}.')
    )


# -- YAML ------------------------------------------------------------------------------


def _yaml(data: bytes) -> Iterator[Line]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        yield data.count(b"\n", 0, error.start) + 1, _not_utf8(error)
        return
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        for node in _nodes(loader.get_single_node()):
            row = loader.construct_document(node)
            yield (
                node.start_mark.line + 1,
                row
                if isinstance(row, dict)
                else LineError(
                    "not a question. Each item has `id:`, `question:` and `answerable:`."
                ),
            )
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield line, LineError(f"not YAML ({error.problem}).")
    except yaml.YAMLError as error:
        yield 1, LineError(f"not YAML ({str(error).splitlines()[0]}).")
    finally:
        loader.dispose()


def _nodes(root: Any) -> Iterable[Any]:
    """The items of the list, which stands by itself or below `questions:`."""
    if isinstance(root, yaml.MappingNode):
        root = next((value for key, value in root.value if key.value == "questions"), root)
    if root is None:
        return []
    return root.value if isinstance(root, yaml.SequenceNode) else [root]


# -- CSV -------------------------------------------------------------------------------


def _csv(data: bytes) -> Iterator[Line]:
    """Lists are JSON or `|` between items; the separator is what the first line has most."""
    text = data.decode("utf-8", "surrogateescape")  # `_encodable` finds the line
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    columns: list[str] = []
    begins = 1
    try:
        for cells in rows:
            if not columns:
                columns = [name.strip() for name in cells]
                if missing := sorted(REQUIRED - set(columns)):
                    yield 1, _without(missing)
                    return
            elif any(map(str.strip, cells)):
                yield begins, _from_cells(columns, cells)
            begins = rows.line_num + 1
    except csv.Error as error:
        yield begins, LineError(f"not CSV ({error}).")


def _without(missing: list[str]) -> LineError:
    return LineError(
        f"the first line names no column {' or '.join(missing)}; expected the names of the "
        f"fields, of which id, question and answerable are needed: {', '.join(FIELDS)}."
    )


def _from_cells(columns: list[str], cells: list[str]) -> Row | LineError:
    if len(cells) > len(columns):
        return LineError(
            f"{len(cells)} cells, but the first line names {len(columns)} columns. "
            "Put quotation marks around a cell that holds the separator."
        )
    row: Row = {}
    for name, cell in zip(columns, cells, strict=False):
        try:
            row[name] = _value(name, cell.strip())
        except json.JSONDecodeError as error:
            return LineError(
                f"`{name}` is not JSON ({error.msg} at character {error.colno} of the cell); "
                "expected JSON, or items with | between them."
            )
    return row


def _value(name: str, cell: str) -> Any:
    """What the cell means for this field; nothing for an empty one."""
    if not cell or name not in FIELDS:
        return None
    if name in SPLIT and cell[0] not in "[{":
        return [SPLIT[name](item.strip()) for item in cell.split("|") if item.strip()]
    if name == "answerable":
        return TRUTH.get(cell.lower(), cell)
    return json.loads(cell) if name in SPLIT or name in STRUCTURED else cell


SPLIT: dict[str, Callable[[str], Any]] = {
    "answers": str,
    "tags": str,
    "must_not_include": str,
    "must_include": lambda words: [words],
    "evidence": lambda words: {"text": words},
    "optional_evidence": lambda words: {"text": words},
    "other_documents": lambda name: {"document": name},
    "history_documents": lambda name: {"document": name},
}
"""Fields whose cells may be items with | between, and what an item stands for."""

STRUCTURED = frozenset({"history", "paragraph", "gold", "unjudged"})

TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

READERS: dict[str, Callable[[bytes], Iterator[Line]]] = {
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".yaml": _yaml,
    ".yml": _yaml,
}
