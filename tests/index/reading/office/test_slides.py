"""A presentation is read slide by slide, as it is shown, with what is drawn in its charts."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pptx
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Emu

from index.reading.blocks import Reading
from index.reading.office.slides import read_slides

TITLE_AND_TEXT, TITLE_ONLY, BLANK = 1, 5, 6
PLACE = (Emu(0), Emu(0), Emu(9), Emu(9))
DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def read(write: Callable[[Presentation], object]) -> Reading:
    presentation, file = pptx.Presentation(), io.BytesIO()
    write(presentation)
    presentation.save(file)
    return read_slides(file.getvalue())


def add(presentation: Presentation, layout: int, title: str = "") -> Slide:
    slide: Slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if slide.shapes.title is not None:
        slide.shapes.title.text_frame.text = title
    return slide


def lines(reading: Reading) -> list[str]:
    return reading.text.split("\n\n")


def test_a_soft_line_break_is_a_space() -> None:
    """In a title, a cell and the notes."""

    def write(presentation: Presentation) -> None:
        slide = add(presentation, TITLE_ONLY, "Annual report\vof the library")
        table = slide.shapes.add_table(2, 2, *PLACE).table
        words = (("Branch\vname", "Loans"), ("North", "5,120"))
        for row, texts in zip(table.rows, words, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        notes = slide.notes_slide.notes_text_frame
        assert notes is not None
        notes.text = "The new\vreading room."

    reading = read(write)
    assert lines(reading) == [
        "Annual report of the library",
        "Branch name: North; Loans: 5,120.",
        "The new reading room.",
    ]
    (slide,) = reading.structure
    assert (slide.kind, slide.facts) == ("slide", {"number": "1"})
    assert [block.kind for block in slide.within] == ["heading", "table", "note"]


def test_a_chart_says_what_it_was_drawn_from() -> None:
    def write(presentation: Presentation) -> None:
        data: Any = CategoryChartData(number_format="#,##0")  # type: ignore[no-untyped-call]
        data.categories = ["2029", "2030"]
        data.add_series("Loans of e-books", (1450, 2210))
        data.add_series("Visits", (90, None))
        shapes: Any = add(presentation, BLANK).shapes
        chart = shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *PLACE, data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "The library in figures"

    assert lines(read(write)) == [
        "The library in figures",
        "Loans of e-books; 2029: 1,450; 2030: 2,210.",
        "Visits; 2029: 90.",
    ]


def test_a_hidden_slide_is_left_out_and_the_others_keep_their_numbers() -> None:
    def write(presentation: Presentation) -> None:
        add(presentation, TITLE_ONLY, "Prices")._element.set("show", "0")
        add(presentation, TITLE_ONLY, "Plan")

    reading = read(write)
    assert (reading.text, reading.left_out) == ("Plan", {"hidden slide": 1})
    assert reading.structure[0].facts == {"number": "2"}
    assert len(reading.page_starts) == 2


def test_paragraphs_below_each_other_are_items_by_their_level() -> None:
    def write(presentation: Presentation) -> None:
        slide = add(presentation, TITLE_AND_TEXT, "Steps")
        frame = slide.placeholders[1].text_frame
        frame.text = "Dig."
        for words, level in (("By hand.", 1), ("Fill.", 0)):
            paragraph = frame.add_paragraph()
            paragraph.text, paragraph.level = words, level
        box = slide.shapes.add_textbox(*PLACE).text_frame
        box.text = "Buy."
        box.add_paragraph().text = "Sell."
        for paragraph in box.paragraphs:
            numbers = parse_xml(f'<a:buAutoNum {DRAWING} type="romanLcParenR"/>')
            paragraph._p.get_or_add_pPr().append(numbers)

    reading = read(write)
    assert lines(reading) == ["Steps", "Dig.", "By hand.", "Fill.", "i) Buy.", "ii) Sell."]
    levels = [block.level for block in reading.structure[0].within if block.kind == "item"]
    assert levels == [1, 2, 1, 1, 1]


def test_merged_cells_stand_in_all_of_their_rows() -> None:
    def write(presentation: Presentation) -> None:
        table = add(presentation, BLANK).shapes.add_table(3, 2, *PLACE).table
        for place, text in {(0, 0): "Area", (0, 1): "Town", (1, 1): "Alta", (2, 1): "Bodo"}.items():
            table.cell(*place).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(1, 0).text = "North"

    assert lines(read(write)) == ["Area: North; Town: Alta.", "Area: North; Town: Bodo."]


def test_the_date_of_the_template_is_none() -> None:
    assert read(lambda presentation: add(presentation, TITLE_ONLY, "Plan")).published is None
