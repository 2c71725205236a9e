"""Keeps the records of a run as they come, so that one that was broken off can go on.

One file, `run.jsonl.unfinished`: first what the answers depend on, then a record a line.
It is removed when the run is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import WrongUse
from assistant.evaluation.scoring.records import Record, parse_record

NAME = "run.jsonl.unfinished"

Notice = Callable[[str], None]
"""Called with a sentence for the person who waits."""


class Journal:
    """The records so far of one run: of this question set, index, scope, mode, settings.

    `identity` is all that the answers depend on, by name. Records of a run with another
    one are dropped, and `notice` says what differs.
    """

    def __init__(self, folder: Path, identity: Mapping[str, str], notice: Notice) -> None:
        self._path = folder / NAME
        self._identity = dict(identity)
        self.kept: Mapping[str, Record] = self._read(notice)
        lines = [self._identity, *(record.as_row() for record in self.kept.values())]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            whole = self._path.with_name(f"{NAME}.new")
            whole.write_text("".join(map(_line, lines)), encoding="utf-8", newline="\n")
            whole.replace(self._path)
        except OSError as error:
            raise WrongUse(
                f"The run cannot be written to {folder}: {error.strerror}. "
                "Name a folder that can be written to with --out."
            ) from error

    def add(self, record: Record) -> None:
        """Keep it, whatever happens to this process."""
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(_line(record.as_row()))

    def _read(self, notice: Notice) -> Mapping[str, Record]:
        """What an earlier run left, if it can be used here. A last line that broke off
        has no end, and is dropped."""
        try:
            first, *lines = self._path.read_text("utf-8").split("\n")[:-1]
            before = json.loads(first)
            records = [parse_record(json.loads(line)) for line in lines]
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError):
            notice(f"{self._path} cannot be read; all questions are asked anew.")
            return {}
        if before != self._identity:
            notice(f"Another run was broken off here, with {_differences(before, self._identity)}. "
                   "All questions are asked anew.")  # fmt: skip
            return {}
        if records:
            notice(f"Going on with a run that was broken off: {len(records):,} questions are done.")
        return {record.id: record for record in records}


def records_kept(folder: Path) -> int:
    """How many questions of a run that was broken off in this folder are done."""
    try:
        lines = (folder / NAME).read_text("utf-8").count("\n")
    except FileNotFoundError:
        return 0
    return max(0, lines - 1)


def _line(row: Mapping[str, Any]) -> str:
    return f"{json.dumps(row, ensure_ascii=False)}\n"


def _differences(before: object, now: Mapping[str, str]) -> str:
    if not isinstance(before, dict):
        return "another form of file"
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return "another " + ", ".join(names)
