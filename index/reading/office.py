"""Readers of Word, PowerPoint and Excel files: bytes -> Reading."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import chain
from typing import TYPE_CHECKING, Any

from index.reading.archives import open_zip, xml_root
from index.reading.blocks import Blocks, Reading, one_line
from index.reading.tables import write_tables

if TYPE_CHECKING:
    from pptx.slide import Slide

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NOTES = ("/footnotes", "/endnotes")
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
HEADING_STYLE = re.compile(r"Title|heading \d", re.IGNORECASE)

MOST_ROWS = 1_048_576
"""That Excel's sheets have. Rows that are left out are made up to the next, whatever its number."""

PROGRAMS = frozenset(["python-docx", "openpyxl", "XlsxWriter", "Unknown"])
"""Stand where an author should and are none."""


def read_word(data: bytes) -> Reading:
    """Paragraphs, tables and text boxes in the order of the document, then its notes.

    Insertions that nobody has accepted yet are read, deletions are not; nor are page
    headers and footers.
    """
    import docx

    open_zip(data).close()
    document = docx.Document(io.BytesIO(data))
    blocks = Blocks(len(data))
    names = {style.style_id: style.name or "" for style in document.styles}
    _write_word(document.element.body, names, blocks)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(NOTES):
            _write_word(xml_root(relation.target_part.blob), names, blocks)
    return blocks.reading(**_properties(document.core_properties))


def read_slides(data: bytes) -> Reading:
    """A page a slide: its title, its text and tables, its notes."""
    from pptx import Presentation

    open_zip(data).close()
    presentation = Presentation(io.BytesIO(data))
    blocks = Blocks(len(data))
    for slide in presentation.slides:
        blocks.page()
        _write_slide(slide, blocks)
    return blocks.reading(**_properties(presentation.core_properties))


def read_workbook(data: bytes) -> Reading:
    """A heading a sheet, and its tables.

    A formula is read as the value that was last computed for it.
    """
    from openpyxl import load_workbook

    open_zip(data).close()
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    blocks = Blocks(len(data))
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()
        rows = _cells(sheet.iter_rows(max_row=MOST_ROWS, values_only=True))
        first = next(filter(any, rows), None)
        if first is not None:
            with blocks.container("sheet", name=sheet.title):
                blocks.heading(sheet.title)
                write_tables(chain([first], rows), blocks)
    properties = workbook.properties
    workbook.close()
    return blocks.reading(properties.title, _iso(properties.created), _person(properties.creator))


def _write_word(element: Any, styles: dict[str, str], blocks: Blocks) -> None:
    for child in element:
        if child.tag == f"{WORD}p":
            style = child.find(f"{WORD}pPr/{WORD}pStyle")
            name = styles.get(style.get(f"{WORD}val"), "") if style is not None else ""
            write = blocks.heading if HEADING_STYLE.match(name) else blocks.paragraph
            write("".join(_word_characters(child)))
            for box in _text_boxes(child):
                _write_word(box, styles, blocks)
        elif child.tag == f"{WORD}tr":
            blocks.row(_word_cell(cell) for cell in child.iter(f"{WORD}tc"))
        elif child.tag not in (f"{WORD}del", f"{WORD}moveFrom"):
            _write_word(child, styles, blocks)


def _word_cell(cell: Any) -> str:
    """The paragraphs of a cell, without those of a table inside it, which has its own cells."""
    own = (child for child in cell if child.tag != f"{WORD}tbl")
    return " ".join("".join(_word_characters(child)) for child in own)


def _word_characters(element: Any) -> Iterator[str]:
    """The characters of a paragraph, without its text boxes and what was moved away."""
    left_out = (f"{WORD}txbxContent", f"{WORD}moveFrom", f"{WORD}del", f"{WORD}pPr", FALLBACK)
    for child in element:
        if child.tag == f"{WORD}t":
            yield child.text or ""
        elif child.tag not in left_out:
            yield CHARACTERS.get(str(child.tag).removeprefix(WORD), "")
            yield from _word_characters(child)


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes, each once: its copy for old programs is passed over."""
    for box in paragraph.iter(f"{WORD}txbxContent"):
        if next(box.iterancestors(FALLBACK), None) is None:
            yield box


def _write_slide(slide: Slide, blocks: Blocks) -> None:
    title = slide.shapes.title
    if title is not None:
        blocks.heading(title.text_frame.text)
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            _write_shape(shape, blocks)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        blocks.paragraph(slide.notes_slide.notes_text_frame.text)


def _write_shape(shape: Any, blocks: Blocks) -> None:
    for member in getattr(shape, "shapes", ()):  # of a group
        _write_shape(member, blocks)
    if getattr(shape, "has_table", False):
        for row in shape.table.rows:
            blocks.row(cell.text for cell in row.cells)
    if shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            blocks.paragraph(paragraph.text.replace("\v", "\n"))


def _cells(rows: Iterable[Iterable[object]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_written(value) for value in row]


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _properties(core: Any) -> dict[str, str | None]:
    return {
        "title": core.title or None,
        "published": _iso(core.created),
        "byline": _person(core.author),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _person(name: str | None) -> str | None:
    line = one_line(name or "")
    return line if line and line not in PROGRAMS else None
