"""A workbook is read as it is shown: values in their formats, without what is hidden."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from index.reading.blocks import Reading, Unreadable
from index.reading.office.workbook import read_workbook

Change = Callable[[str, str], str]


def saved(write: Callable[[Workbook], object], change: Change | None = None) -> bytes:
    """A workbook, each XML part of which may be changed: (name, text) -> text."""
    book, file, changed = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    write(book)
    book.save(file)
    if change is None:
        return file.getvalue()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode()))
    return changed.getvalue()


def read(write: Callable[[Workbook], object], change: Change | None = None) -> Reading:
    return read_workbook(saved(write, change))


def rows(*values: tuple[object, ...]) -> Callable[[Workbook], None]:
    def write(book: Workbook) -> None:
        for row in values:
            book.active.append(row)

    return write


def lines(reading: Reading) -> list[str]:
    return reading.text.split("\n\n")


PORTS = rows(("Port", 2029, 2030), ("Alta", 12, 14), ("Bodo", 31, 28))
READ = ["Sheet", "Port: Alta; 2029: 12; 2030: 14.", "Port: Bodo; 2029: 31; 2030: 28."]


def test_a_sheet_is_a_block_with_its_name_as_heading() -> None:
    reading = read(PORTS)
    assert lines(reading) == READ
    (sheet,) = reading.structure
    assert (sheet.kind, sheet.facts) == ("sheet", {"name": "Sheet"})
    assert [block.kind for block in sheet.within] == ["heading", "table"]


def test_values_are_shown_in_their_formats() -> None:
    def write(book: Workbook) -> None:
        sheet = book.active
        sheet.append(["Port", "Share", "Opened", "Costs", "Open"])
        sheet.append(["Alta", 0.125, datetime(2029, 3, 1), 1234.5, True])
        for cell, form in {"B2": "0.0%", "C2": "d mmm yyyy", "D2": '#,##0.00 "kr"'}.items():
            sheet[cell].number_format = form

    shown = "Port: Alta; Share: 12.5%; Opened: 1 Mar 2029; Costs: 1,234.50 kr; Open: TRUE."
    assert lines(read(write))[1:] == [shown]


def test_a_merged_cell_stands_in_all_of_its_rows_and_columns() -> None:
    def write(book: Workbook) -> None:
        rows(("Ports of the north", None, None), (None, "2029", None), ("Area", "In", "Out"),
             ("North", 1, 2), (None, 3, 4), ("South", 5, 6))(book)  # fmt: skip
        for area in ("A1:C1", "B2:C2", "A4:A5"):
            book.active.merge_cells(area)

    assert lines(read(write))[1:] == [
        "Ports of the north",
        "Area: North; 2029, In: 1; 2029, Out: 2.",
        "Area: North; 2029, In: 3; 2029, Out: 4.",
        "Area: South; 2029, In: 5; 2029, Out: 6.",
    ]


def test_what_is_hidden_is_left_out_and_counted() -> None:
    def write(book: Workbook) -> None:
        rows(("Port", "In", "Margin"), ("Alta", 1, 41), ("Bodo", 2, 42))(book)
        book.active.column_dimensions["C"].hidden = True
        book.active.row_dimensions[3].hidden = True
        other = book.create_sheet("Prices")
        other.append(["secret"])
        other.sheet_state = "veryHidden"

    reading = read(write)
    assert lines(reading) == ["Sheet", "Port: Alta; In: 1."]
    assert reading.left_out == {"hidden sheet": 1, "hidden row": 1, "hidden column": 1}


def test_a_formula_that_was_never_computed_is_said_to_be_left_out() -> None:
    reading = read(rows(("Port", "In", "Twice"), ("Alta", 1, "=B2*2"), ("Bodo", 2, "=B3*2")))
    assert lines(reading)[1:] == ["Port: Alta; In: 1.", "Port: Bodo; In: 2."]
    assert reading.left_out == {"formula without a value": 2}


def test_a_single_row_is_read() -> None:
    assert lines(read(rows(("Harbour master", "Ola Dahl")))) == [
        "Sheet",
        "Harbour master | Ola Dahl",
    ]


def test_a_comment_is_a_note_with_a_name() -> None:
    def write(book: Workbook) -> None:
        PORTS(book)
        book.active["B2"].comment = Comment("Is this right?", "Kari Lie")

    reading = read(write)
    assert lines(reading)[-1] == "Kari Lie: Is this right?"
    assert reading.structure[0].within[-1].facts == {
        "by": "Kari Lie",
        "about": "2029, Alta, 12, 14",
    }


def test_a_strict_workbook_is_read_like_any() -> None:
    def strict(_: str, text: str) -> str:
        there = r"http://schemas.openxmlformats.org/(spreadsheetml|officeDocument)/2006/"
        return re.sub(there, r"http://purl.oclc.org/ooxml/\1/", text)

    assert lines(read(PORTS, strict)) == READ


def test_a_workbook_without_a_date_has_none() -> None:
    """Not that of the moment in which it is read."""

    def undated(_: str, text: str) -> str:
        return re.sub(r"<dcterms:created.*?</dcterms:created>", "", text)

    content = saved(PORTS, undated)
    assert read_workbook(content).published is None
    assert read_workbook(content) == read_workbook(content)


def test_a_cell_that_is_merged_over_all_of_a_sheet_costs_little() -> None:
    def merged(_: str, text: str) -> str:
        area = '<mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>'
        return text.replace("</sheetData>", f"</sheetData>{area}")

    assert len(read(PORTS, merged).text) < 10_000


def test_a_sheet_of_nothing_but_empty_cells_beside_a_few_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each would have to be looked at. Many among many others are none."""
    monkeypatch.setattr("index.reading.office.workbook.MOST_EMPTY", 100)
    assert lines(read(rows(*[("near", None, None, "far")] * 60)))
    with pytest.raises(Unreadable, match="a sheet with 120 empty cells between its words"):
        read(rows(*[(*[None] * 40, "far")] * 9))
