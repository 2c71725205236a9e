"""The question sets of an index: JSON Lines files in one folder, changed a line at a time.

    HOME/questions/NAME.jsonl

They are for people to review and for programs to append to. Each change writes the whole
file anew beside it and puts it in its place, and what was there before is kept until it is
undone or the next hundred changes are made.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadQuestionSet, NoSuchQuestionSet, WrongUse
from assistant.evaluation.sets.questions import ACCEPTED, At, LineError, bad_lines, parse_question

FOLDER = "questions"
SUFFIX = ".jsonl"

NAME = re.compile(r"[^\W_][\w-]{0,63}")
"""Letters, digits, - and _: nothing that leads out of the folder, on any system."""

RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.I)

UNDONE_AT_MOST = 100

Row = dict[str, Any]
"""A line of a set with all its fields, also those that nobody here knows."""


@dataclass(frozen=True, slots=True)
class SetSummary:
    """A set, and how many of its questions are in each state of review. `problem` is why
    it cannot be read, if it cannot."""

    name: str
    states: Mapping[str, int]
    problem: str = ""

    @property
    def questions(self) -> int:
        return sum(self.states.values())


class QuestionSets:
    """The sets in one folder, which is made when something is written."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._writing = threading.RLock()

    def names(self) -> list[str]:
        """The names of all sets, in order."""
        files = self._folder.glob(f"*{SUFFIX}") if self._folder.is_dir() else []
        return sorted(file.stem for file in files if is_name(file.stem))

    def summaries(self, read: Callable[[str], list[Row]] | None = None) -> list[SetSummary]:
        """All sets; one that cannot be read says why. `read` gives the questions that count,
        all of them without it."""
        return [_summary(name, read or self.read) for name in self.names()]

    def path(self, name: str) -> Path:
        """The file of a set, there or not. Raises WrongUse for a name that cannot be one."""
        if not is_name(name):
            raise WrongUse(
                f"A question set cannot be called {name!r}. "
                "Use letters, digits, - and _, at most 64 of them."
            )
        return self._folder / f"{name}{SUFFIX}"

    def free_path(self, name: str) -> Path:
        """The file of a new set of this name, or of the next one: draft, draft-2."""
        number = 1
        while (path := self.path(name if number == 1 else f"{name}-{number}")).exists():
            number += 1
        return path

    def read(self, name: str) -> list[Row]:
        """Every question, dropped ones too. Raises BadQuestionSet, WrongUse, NoSuchQuestionSet."""
        path = self.path(name)
        try:
            lines = path.read_text("utf-8-sig").split("\n")
        except FileNotFoundError:
            raise no_such_set(name) from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadQuestionSet(f"The question set {name} cannot be read.") from error
        return _rows(path, lines)

    def append(self, name: str, row: Row) -> None:
        """Add a question; a set that is not there is made. Raises WrongUse for an id that
        is in the set, BadQuestionSet for a question that cannot be used."""
        with self._writing:
            rows = self.read(name) if self.path(name).exists() else []
            if any(other["id"] == row["id"] for other in rows):
                raise WrongUse(f"This question is in {name} already.")
            _check(self.path(name), len(rows) + 1, row)
            write_rows(self.path(name), [*rows, row])

    def change(self, name: str, id: str, values: Mapping[str, Any]) -> Row:
        """The question with these fields put in the place of its own; None takes a field
        out. Raises WrongUse for an id that is not there, BadQuestionSet."""

        def changed(row: Row) -> Row:
            return {key: value for key, value in {**row, **values}.items() if value is not None}

        with self._writing:
            before = self._replace(name, id, changed)
            self._remember(name, before)
        return changed(before)

    def undo(self, name: str, among: Collection[str]) -> Row | None:
        """Take back the last change of a question with one of these ids; the question as it
        is again, None without any."""
        with self._writing:
            path = self._history(name)
            lines = path.read_text("utf-8").splitlines() if path.exists() else []
            changed: list[Row] = [json.loads(line) for line in lines]
            places = [n for n, row in enumerate(changed) if row["id"] in among]
            if not places:
                return None
            before = changed[places[-1]]
            self._replace(name, before["id"], lambda _: before)
            del lines[places[-1]]
            _write_whole(path, "".join(f"{line}\n" for line in lines))
        return before

    def _replace(self, name: str, id: str, change: Callable[[Row], Row]) -> Row:
        """Write the set with one question changed; as it was before."""
        rows = self.read(name)
        for number, row in enumerate(rows):
            if row["id"] == id:
                rows[number] = change(row)
                _check(self.path(name), number + 1, rows[number])
                write_rows(self.path(name), rows)
                return row
        raise WrongUse(f"There is no question {id} in {name}.")

    def _remember(self, name: str, row: Row) -> None:
        path = self._history(name)
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        kept = [*lines, json.dumps(row, ensure_ascii=False)][-UNDONE_AT_MOST:]
        _write_whole(path, "".join(f"{line}\n" for line in kept))

    def _history(self, name: str) -> Path:
        path = self.path(name)
        return path.with_name(f".{path.name}.before")


def no_such_set(name: str) -> NoSuchQuestionSet:
    """The error for a set that is not there."""
    return NoSuchQuestionSet(f"There is no question set called {name}.")


def is_name(name: str) -> bool:
    """Can a set or a run be called so?"""
    return NAME.fullmatch(name) is not None and RESERVED.fullmatch(name) is None


def _summary(name: str, read: Callable[[str], list[Row]]) -> SetSummary:
    try:
        states = Counter(row.get("review") or ACCEPTED for row in read(name))
    except BadQuestionSet as error:
        return SetSummary(name, {}, str(error))
    return SetSummary(name, states)


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write a whole set. Raises WrongUse if it cannot be written."""
    try:
        _write_whole(path, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    except OSError as error:
        raise WrongUse(
            f"The question set {path} cannot be written: {error.strerror}. Name another place."
        ) from error


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)


def _rows(path: Path, lines: Sequence[str]) -> list[Row]:
    problems: dict[At, str] = {}
    rows: list[Row] = []
    for number, row in _parsed(lines, problems):
        try:
            parse_question(At(None, number), row)
            rows.append(row)
        except LineError as error:
            problems[At(None, number)] = str(error)
    if problems:
        raise bad_lines(Path(path.name), problems)
    return rows


def _parsed(lines: Sequence[str], problems: dict[At, str]) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict):
            yield number, row
        else:
            problems[At(None, number)] = "not a JSON object."


def _check(path: Path, line: int, row: Row) -> None:
    try:
        parse_question(At(None, line), row)
    except LineError as error:
        raise bad_lines(Path(path.name), {At(None, line): str(error)}) from error
