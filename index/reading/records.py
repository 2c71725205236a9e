"""Readers of JSON and JSON Lines: each record is a sentence. bytes -> Reading.

{"id": "A-17", "paid": false, "items": [{"sku": "P9", "qty": 4}]}

id: A-17; paid: false.
id: A-17; items.sku: P9; items.qty: 4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from index.reading.blocks import Blocks, Reading, Unreadable, one_line
from index.reading.messages.exported import messages_of, write_messages
from index.reading.text import decode

LINE_END = re.compile(r"\r\n?|\n")

IDENTIFYING = re.compile(
    r"(?:.*[\W_])?(?:id|key|code|no|nr|num|number|name|title|label)", re.IGNORECASE
)
"""A field by which people tell one record from the others."""

LONGEST_NAME = 200
"""Characters of a field's name that are told with each of its values."""

LONGEST_CELL = 200
"""Characters. What is longer, or has lines, is running text."""

Cell = tuple[str, str]
"""The path to a value, and the value as words."""


def read_json(data: bytes) -> Reading:
    """A sentence a record. One that lies in a list of another says whose it is. Messages are
    turns."""
    blocks = Blocks(len(data))
    value = json.loads(decode(data))
    if messages := messages_of(value):
        write_messages(messages, blocks)
    elif isinstance(value, dict) and not _are_records(value):
        write_records(value, blocks)
    else:
        listed = _listed(value) if isinstance(value, dict) else value
        _write_all(listed if isinstance(listed, list) else [listed], blocks)
    return blocks.reading()


def read_jsonl(data: bytes) -> Reading:
    """A sentence a line, and one for each object in a list of it."""
    blocks = Blocks(len(data))
    with blocks.container("table"):
        for number, line in enumerate(LINE_END.split(decode(data)), 1):
            if line.strip():
                _write(_record(line, number), blocks)
    return blocks.reading()


def _record(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise Unreadable(f"is not JSON in line {number} ({error}). Correct that line.") from error


def write_records(value: dict[str, Any], blocks: Blocks) -> None:
    """What a file says of itself; each list of records in it has a heading."""
    fields = _Fields(value)
    with blocks.container("table"):
        fields.write(blocks)
    for path, records in fields.lists:
        blocks.heading(path)
        _write_all(records, blocks, fields.named_beside(path))


def _write_all(records: list[Any], blocks: Blocks, known: tuple[Cell, ...] = ()) -> None:
    with blocks.container("table"):
        for record in records:
            _write(record, blocks, known)


def _write(record: Any, blocks: Blocks, known: tuple[Cell, ...] = (), path: str = "") -> None:
    """A record and all those in lists of it. `known` are the cells that say what they belong to,
    `path` leads to them."""
    if not isinstance(record, dict):
        words = _words(record)
        blocks.paragraph(f"{path}: {words}" if path else words)
        return
    fields = _Fields(record, path)
    fields.write(blocks, known)
    own = fields.identifying
    for inner, records in fields.lists:
        for each in records:
            _write(each, blocks, (*known, *own), inner)


class _Fields:
    """The fields of a record, those of objects in it with the path to them; `lists` are its
    lists with objects in them."""

    def __init__(self, record: dict[str, Any], path: str = "") -> None:
        self._cells: list[Cell] = []
        self._prose: list[Cell] = []
        self.lists: list[tuple[str, list[Any]]] = []
        for inner, value in _leaves(record, path):
            if isinstance(value, dict):
                self.lists.append((inner, _listed(value)))
            elif isinstance(value, list):
                self.lists.append((inner, value))
            elif words := _words(value):
                is_prose = len(words) > LONGEST_CELL or "\n" in words.strip()
                (self._prose if is_prose else self._cells).append((inner, words))

    @property
    def identifying(self) -> tuple[Cell, ...]:
        """The cell that tells this record from the others: called so, else the first one."""
        named = [cell for cell in self._cells if IDENTIFYING.fullmatch(cell[0])]
        return tuple(sorted(named or self._cells[:1], key=lambda cell: cell[0].count("."))[:1])

    def named_beside(self, path: str) -> tuple[Cell, ...]:
        """The name of what these records, to which the path leads, are in."""
        around = path.rpartition(".")[0]
        names = (f"{around}.name", f"{around}.title") if around else ()
        return tuple(cell for cell in self._cells if cell[0] in names)[:1]

    def write(self, blocks: Blocks, known: tuple[Cell, ...] = ()) -> None:
        """As one sentence; running text stands below."""
        if self._cells:
            cells = (*known, *self._cells)
            blocks.row([words for _, words in cells], [path for path, _ in cells])
        for path, prose in self._prose:
            blocks.paragraph(f"{path}: {prose}")


def _leaves(record: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        name = one_line(key)[:LONGEST_NAME]
        inner = f"{path}.{name}" if path else name
        if isinstance(value, dict) and not _are_records(value):
            yield from _leaves(value, inner)
        else:
            yield inner, _joined(value)


def _are_records(value: dict[str, Any]) -> bool:
    """Are they records, each by its name, with the same fields?"""
    fields = [each.keys() for each in value.values() if isinstance(each, dict)]
    common = set(fields[0]).intersection(*fields) if fields else set()
    is_alike = len(fields) == len(value) > 1 and all(len(each) < 2 * len(common) for each in fields)
    return is_alike and not all(isinstance(v, dict) for v in next(iter(value.values())).values())


def _listed(value: dict[str, Any]) -> list[Any]:
    """The records, each with its key: as its name, if it has no other."""
    called = "key" if any("name" in each for each in value.values()) else "name"
    return [{called: key, **each} for key, each in value.items()]


def _joined(value: Any) -> Any:
    """A list of plain values as words; one with objects or lists in it as it is."""
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(filter(None, map(_words, value)))
    return value


def _words(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join(filter(None, map(_words, value)))
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
