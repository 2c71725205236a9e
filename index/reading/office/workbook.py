"""The reader of Excel files: bytes -> Reading."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any, NamedTuple
from zipfile import ZipFile

from index.reading.archives import xml_root
from index.reading.blocks import Blocks, Reading, Unreadable, one_line
from index.reading.office.number_formats import shown
from index.reading.office.ooxml import RELATION, opened, properties, related
from index.reading.tables import write_tables

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

MOST_ROWS = 1_048_576
"""That Excel's sheets have. Rows that are left out are made up to the next, whatever its number."""

MOST_COLUMNS = 16_384
CELL = re.compile(r"[A-Z]{1,3}(?P<row>[1-9]\d{0,6})")
MOST_EMPTY, MOST_EMPTY_BESIDE_ONE = 2_000_000, 20
"""Cells without anything that a sheet may have, and beside each that has something: they have to
be made and looked at."""

MOST_FILLED = 200
"""Columns of a merged cell that its words are written in."""


@dataclass(slots=True)
class _Form:
    """What a sheet says of its rows and columns, each counted from 1."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    about: dict[str, str] = field(default_factory=dict)
    """For each cell with a comment what stands at the top of its column, and its row."""

    merged: dict[int, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    """First row: last row, first and last column."""
    uncomputed: int = 0
    tops: dict[int, str] = field(default_factory=dict)
    noted: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The cells with comments, by their rows."""

    def expect(self, cells: Iterable[str]) -> None:
        """There are comments at these."""
        for cell in cells:
            self.about[cell] = ""
            if place := CELL.fullmatch(cell):
                self.noted[int(place["row"])].append(cell)

    def note(self, number: int, cells: Sequence[str]) -> None:
        """Take in a row, if there are comments: what those in it are about."""
        from openpyxl.utils.cell import column_index_from_string

        if not self.about:
            return
        self.tops = {**{c: words for c, words in enumerate(cells, 1) if words}, **self.tops}
        for ref in self.noted.get(number, ()):
            column = column_index_from_string(ref.rstrip("0123456789"))
            said = dict.fromkeys(map(one_line, [self.tops.get(column, ""), *cells]))
            self.about[ref] = ", ".join(filter(None, said))


def read_workbook(data: bytes) -> Reading:
    """A heading a sheet, its tables and comments, with values as the program shows them.

    A formula is read as the value that was last computed for it. One without a value is left
    out, as are hidden sheets, rows and columns.
    """
    from openpyxl import load_workbook

    file = opened(data)
    about = properties(file)
    blocks = Blocks(len(data))
    workbook = load_workbook(file, read_only=True, data_only=True)
    with ZipFile(file) as archive:
        parts = _sheets(archive)
        for sheet in workbook.worksheets:
            part = parts.get(sheet.title, "")
            if sheet.sheet_state != "visible":
                blocks.left_out("hidden sheet")
                continue
            with archive.open(part) as xml:
                form = _form(xml)
            comments = list(_comments(archive, part))
            form.expect(each.cell for each in comments)
            blocks.left_out("formula without a value", form.uncomputed)
            blocks.left_out("hidden row", len(form.hidden_rows))
            blocks.left_out("hidden column", len(form.hidden_columns))
            sheet.reset_dimensions()
            rows = _rows(sheet.iter_rows(max_row=MOST_ROWS), form)
            first = next(filter(any, rows), None)
            if first is not None:
                with blocks.container("sheet", name=sheet.title):
                    blocks.heading(sheet.title)
                    write_tables(chain([first], rows), blocks)
                    for each in comments:
                        of = form.about[each.cell] or each.cell
                        blocks.paragraph(each.words, "note", by=each.by, about=of)
    workbook.close()
    return blocks.reading(**about)


def _sheets(archive: ZipFile) -> dict[str, str]:
    """Which part of the file each sheet is, by its name."""
    whole = related(archive, "").values()
    main = next(part for kind, part in whole if kind.endswith("/officeDocument"))
    relations = related(archive, main)
    sheets = xml_root(archive.read(main)).iterfind(f"{SHEET}sheets/{SHEET}sheet")
    return {sheet.get("name"): relations[sheet.get(f"{RELATION}id")][1] for sheet in sheets}


def _form(xml: IO[bytes]) -> _Form:
    """Read in one pass, which keeps a row of cells at most."""
    from lxml import etree

    form = _Form()
    tags = [SHEET + name for name in ("row", "col", "mergeCell")]
    safe = {"resolve_entities": False, "no_network": True}
    uncomputed = etree.XPath("count(s:c[s:f][not(string(s:v))])", namespaces={"s": SHEET[1:-1]})
    for _, element in etree.iterparse(xml, tag=tags, **safe):
        if element.tag == f"{SHEET}row":
            form.uncomputed += int(uncomputed(element))
        if element.tag == f"{SHEET}mergeCell":
            _add_merged(element.get("ref", ""), form)
        elif element.get("hidden") in ("1", "true"):
            _add_hidden(element, form)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return form


def _add_hidden(element: Any, form: _Form) -> None:
    if element.tag == f"{SHEET}row":
        if element.find(f"{SHEET}c") is not None:
            form.hidden_rows.add(int(element.get("r", "0")))
        return
    last = min(int(element.get("max")), MOST_COLUMNS)
    if last < MOST_COLUMNS:  # or what is not used was hidden
        form.hidden_columns.update(range(int(element.get("min")), last + 1))


def _add_merged(area: str, form: _Form) -> None:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(area)
    if None not in (left, top, right, bottom):
        form.merged[top].append((bottom, left, min(right, left + MOST_FILLED)))


def _rows(rows: Iterable[Iterable[Any]], form: _Form) -> Iterator[list[str]]:
    """Rows as they are shown. A merged cell's words stand in each of its columns, and in each
    of its rows that has anything else."""
    holding: list[tuple[int, int, int, str]] = []
    empty = filled = 0
    for number, row in enumerate(rows, 1):
        cells = [_shown(cell) for cell in row]
        here = sum(map(bool, cells))
        filled, empty = filled + here, empty + len(cells) - here
        if empty > max(MOST_EMPTY, MOST_EMPTY_BESIDE_ONE * filled):
            raise Unreadable(
                f"has a sheet with {empty:,} empty cells between its words. Delete its empty "
                "columns, or leave it out."
            )
        form.note(number, cells)
        holding = [held for held in holding if held[0] >= number]
        if any(cells):
            for _, left, right, words in holding:
                _fill(cells, left, right, words)
        for last, left, right in form.merged.get(number, ()):
            words = cells[left - 1] if left <= len(cells) else ""
            if words:
                _fill(cells, left, right, words)
                holding.append((last, left, right, words))
        if number in form.hidden_rows:
            continue
        hidden = form.hidden_columns
        yield [c for place, c in enumerate(cells, 1) if place not in hidden] if hidden else cells


def _fill(cells: list[str], left: int, right: int, words: str) -> None:
    cells += [""] * (right - len(cells))
    cells[left - 1 : right] = [words] * (right - left + 1)


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    return shown(value, cell.number_format or "General")


class _Comment(NamedTuple):
    """What somebody wrote beside a cell."""

    words: str
    by: str
    cell: str


def _comments(archive: ZipFile, part: str) -> Iterator[_Comment]:
    """What people wrote beside cells: in threads, which have a copy for old programs, or not."""
    relations = related(archive, part).values()
    threads = [name for kind, name in relations if kind.endswith("/threadedComment")]
    notes = [name for kind, name in relations if kind.endswith("/comments")]
    people = dict(_people(archive)) if threads else {}
    for name in threads or notes:
        root = xml_root(archive.read(name))
        authors = [one_line(author.text or "") for author in root.iterfind("{*}authors/{*}author")]
        for comment in root.iter("{*}comment", "{*}threadedComment"):
            by = people.get(comment.get("personId"), "")
            place = comment.get("authorId", "")
            if place.isdecimal() and int(place) < len(authors):
                by = authors[int(place)]
            words = one_line("".join(text for text in comment.itertext("{*}t", "{*}text")))
            told = words if not by or words.startswith(f"{by}:") else f"{by}: {words}"
            if words:
                yield _Comment(told, by, comment.get("ref", ""))


def _people(archive: ZipFile) -> Iterator[tuple[str, str]]:
    for name in archive.namelist():
        if name.startswith("xl/persons/"):
            for person in xml_root(archive.read(name)).iter("{*}person"):
                yield person.get("id", ""), one_line(person.get("displayName", ""))
