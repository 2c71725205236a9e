"""The reader of Excel files from before 2007: bytes -> Reading. xlrd reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from index.reading.blocks import Blocks, Reading
from index.reading.office.number_formats import shown
from index.reading.office.ooxml import person
from index.reading.tables import Row, write_tables

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Cell, Sheet

MOST_FILLED = 200
"""Columns of a merged cell that its words are written in."""


def read_old_workbook(data: bytes) -> Reading:
    """A heading a sheet and its tables, with values as the program shows them. Hidden sheets,
    rows and columns are left out."""
    import xlrd

    blocks = Blocks(len(data))
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=nowhere)
    for sheet in book.sheets():
        if sheet.visibility:
            blocks.left_out("hidden sheet")
            continue
        hidden = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
        blocks.left_out("hidden row", sum(any(sheet.row_values(row)) for row in hidden))
        blocks.left_out("hidden column", sum(c.hidden for c in sheet.colinfo_map.values()))
        rows = _rows(book, sheet, hidden)
        first = next(filter(any, rows), None)
        if first is not None:
            with blocks.container("sheet", name=sheet.name):
                blocks.heading(sheet.name)
                write_tables(chain([first], rows), blocks)
    return blocks.reading(byline=person(book.user_name or ""))


def _rows(book: Book, sheet: Sheet, hidden: set[int]) -> Iterator[Row]:
    """As they are shown. A merged cell's words stand in each of its columns and rows."""
    origin = {
        (row, column): (top, left)
        for top, bottom, left, right in sheet.merged_cells
        for row in range(top, bottom)
        for column in range(left, min(right, left + MOST_FILLED))
    }
    columns = sheet.colinfo_map
    shown_columns = [n for n in range(sheet.ncols) if n not in columns or not columns[n].hidden]
    for row in range(sheet.nrows):
        if row in hidden:
            continue
        places = [origin.get((row, column), (row, column)) for column in shown_columns]
        yield [_shown(book, sheet.cell(*place)) for place in places]


def _shown(book: Book, cell: Cell) -> str:
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_DATE:
        return shown(xlrd.xldate_as_datetime(cell.value, book.datemode), form)
    value = bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value
    is_whole = isinstance(value, float) and value.is_integer()
    return shown(int(value) if is_whole else value, form)
