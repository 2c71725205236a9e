"""A Word file is read as it is printed: with its numbers, notes and labels, without what is
hidden."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml

from index.documents import Block, walk
from index.reading.blocks import Reading
from index.reading.office.word import read_word

NAMES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{path}"'
    for prefix, path in {
        "w": "wordprocessingml/2006/main",
        "m": "officeDocument/2006/math",
        "a": "drawingml/2006/main",
    }.items()
)


def xml(text: str) -> object:
    return parse_xml(text.replace(">", f" {NAMES}>", 1) if "/>" not in text[:9] else text)


def read(write: Callable[[Document], object]) -> Reading:
    document = docx.Document()
    write(document)
    file = io.BytesIO()
    document.save(file)
    return read_word(file.getvalue())


def with_parts(
    write: Callable[[Document], object], change: Callable[[str, str], str], **more: str
) -> Reading:
    """The file, each XML part of which was changed: (name, text) -> text; and more parts."""
    document, file, changed = docx.Document(), io.BytesIO(), io.BytesIO()
    write(document)
    document.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            is_xml = name.endswith((".xml", ".rels"))
            new.writestr(name, change(name, content.decode()) if is_xml else content)
        for name, text in more.items():
            new.writestr(f"word/{name}.xml", text)
    return read_word(changed.getvalue())


def lines(reading: Reading) -> list[str]:
    return reading.text.split("\n\n")


def blocks(reading: Reading, kind: str) -> list[Block]:
    return [block for block in walk(reading.structure) if block.kind == kind]


def number(document: Document, levels: str, *paragraphs: tuple[int, str]) -> None:
    """Paragraphs of a list of its own, each on its level."""
    numbering = document.part.numbering_part.element
    numbering.insert(0, xml(f'<w:abstractNum w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(xml('<w:num w:numId="78"><w:abstractNumId w:val="77"/></w:num>'))
    for level, words in paragraphs:
        form = document.add_paragraph(words)._p.get_or_add_pPr()
        form.append(xml(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="78"/></w:numPr>'))


def level(depth: int, form: str, pattern: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def test_clauses_have_the_numbers_that_are_printed() -> None:
    """Each level in its form; a deeper one begins anew."""
    levels = (
        level(0, "upperRoman", "Article %1")
        + level(1, "decimal", "%1.%2", "<w:isLgl/>")
        + level(2, "lowerLetter", "(%3)")
    )
    said = ((0, "Term."), (1, "One."), (1, "Two."), (2, "x."), (2, "y."), (0, "Rent."), (1, "Due."))
    reading = read(lambda document: number(document, levels, *said))
    assert lines(reading) == [
        "Article I Term.", "1.1 One.", "1.2 Two.", "(a) x.", "(b) y.",
        "Article II Rent.", "2.1 Due.",
    ]  # fmt: skip
    items = blocks(reading, "item")
    assert [item.level for item in items] == [1, 2, 2, 3, 3, 1, 2]
    assert items[1].facts == {"marker": "1.1"}


def test_a_list_that_begins_anew_counts_from_there() -> None:
    def write(document: Document) -> None:
        number(document, level(0, "decimal", "%1."), (0, "One."), (0, "Two."))
        anew = (
            '<w:num w:numId="79"><w:abstractNumId w:val="77"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        )
        document.part.numbering_part.element.append(xml(anew))
        form = document.add_paragraph("Five.")._p.get_or_add_pPr()
        form.append(xml('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="79"/></w:numPr>'))

    assert lines(read(write)) == ["1. One.", "2. Two.", "5. Five."]


def test_lists_of_styles_are_lists() -> None:
    """A bullet is no word; a numbered heading is a heading."""

    def write(document: Document) -> None:
        document.add_paragraph("Nails.", "List Bullet")
        document.add_paragraph("Saw.", "List Number")
        number(document, level(0, "decimal", "%1"), (0, "Scope"))
        document.paragraphs[-1].style = document.styles["Heading 2"]

    reading = read(write)
    assert lines(reading) == ["Nails.", "1. Saw.", "1 Scope"]
    assert [(block.kind, block.level) for block in reading.structure] == [
        ("item", 1), ("item", 1), ("heading", 2),
    ]  # fmt: skip
    assert reading.structure[0].facts == {"marker": "•"}


def fill(document: Document, *rows: str) -> None:
    cells = [row.split(",") for row in rows]
    table = document.add_table(len(cells), len(cells[0]))
    for row, words in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text


def test_an_empty_cell_moves_no_other() -> None:
    reading = read(
        lambda document: fill(document, "Town,2029,2030,2031", "Alta,14,,9", "Bodo,,22,")
    )
    assert lines(reading) == ["Town: Alta; 2029: 14; 2031: 9.", "Town: Bodo; 2030: 22."]


def test_merged_cells_stand_in_all_of_their_rows_and_columns() -> None:
    def write(document: Document) -> None:
        fill(document, "Region,Costs,", "North,Alta,4", ",Bodo,5")
        table = document.tables[0]
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(1, 0).merge(table.cell(2, 0))

    assert lines(read(write)) == [
        "Region: North; Costs: Alta; Costs: 4.",
        "Region: North; Costs: Bodo; Costs: 5.",
    ]


def test_a_row_that_alone_is_bold_names_the_columns() -> None:
    """Where words stand below words, nothing else tells."""

    def write(document: Document, *, is_bold: bool) -> None:
        fill(document, "Role,Who", "Chair,Ann", "Clerk,Bob")
        for cell in document.tables[0].rows[0].cells:
            cell.paragraphs[0].runs[0].bold = is_bold

    named = read(lambda document: write(document, is_bold=True))
    assert lines(named) == ["Role: Chair; Who: Ann.", "Role: Clerk; Who: Bob."]
    assert lines(read(lambda document: write(document, is_bold=False)))[0] == "Role | Who"


def test_comments_are_notes_with_a_name() -> None:
    def write(document: Document) -> None:
        run = document.add_paragraph("The price is ").add_run("final")
        document.add_comment([run], "Legal has not agreed.", author="Kari Lie")

    reading = read(write)
    assert lines(reading) == ["The price is final", "Kari Lie: Legal has not agreed."]
    assert reading.structure[1].facts == {"by": "Kari Lie", "about": "final"}


def test_what_is_hidden_or_deleted_is_left_out_and_counted() -> None:
    """Also what a style hides."""

    def write(document: Document) -> None:
        document.add_paragraph("Margin 41 %.").runs[0].font.hidden = True
        style = document.styles.add_style("Secret", 1)
        style.font.hidden = True
        document.add_paragraph("Margin 42 %.", style)
        paragraph = document.add_paragraph("It is 5")
        paragraph._p.append(xml("<w:del><w:r><w:delText>, not 6</w:delText></w:r></w:del>"))
        paragraph.add_run(" metres.")

    reading = read(write)
    assert reading.text == "It is 5 metres."
    assert reading.left_out == {"hidden text": 2, "tracked deletion": 1}


def test_heads_and_feet_of_pages_are_read_once_without_page_numbers() -> None:
    def write(document: Document) -> None:
        document.add_paragraph("Rent is due.")
        section = document.sections[0]
        section.header.paragraphs[0].text = "Contract HK-2291"
        foot = section.footer.paragraphs[0]
        foot.add_run("Page ")
        foot._p.append(xml('<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>'))

    assert lines(read(write)) == ["Rent is due.", "Contract HK-2291"]


def test_text_boxes_are_read_in_cells_too() -> None:
    inside = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    box = f"<w:r><w:pict>{inside}</w:pict></w:r>"

    def write(document: Document) -> None:
        document.add_paragraph("Before.")._p.append(xml(box))
        fill(document, "Port,2030", "Alta,9")
        document.tables[0].cell(1, 0).paragraphs[0]._p.append(xml(box))

    assert lines(read(write)) == ["Before.", "In a box.", "Port: Alta; 2030: 9.", "In a box."]


def test_equations_are_read() -> None:
    half = (
        "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
        "</m:den></m:f></m:oMath>"
    )
    reading = read(lambda document: document.add_paragraph("Mean: ")._p.append(xml(half)))
    assert reading.text == "Mean: (a+b)/2"


def test_a_footnote_is_a_note_about_what_it_belongs_to() -> None:
    notes = (
        f'<w:footnotes {NAMES}><w:footnote w:id="2"><w:p><w:r><w:t>Since 2019.</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    relation = (
        '<Relationship Id="rId99" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    kind = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )

    def change(name: str, text: str) -> str:
        if name == "word/_rels/document.xml.rels":
            return text.replace("</Relationships>", relation)
        return text.replace("</Types>", kind) if name == "[Content_Types].xml" else text

    def write(document: Document) -> None:
        paragraph = document.add_paragraph("The rent is fixed.")
        paragraph._p.append(xml('<w:r><w:footnoteReference w:id="2"/></w:r>'))

    reading = with_parts(write, change, footnotes=notes)
    assert lines(reading) == ["The rent is fixed.", "Since 2019."]
    assert reading.structure[1].facts == {"about": "The rent is fixed."}


def test_a_strict_file_is_read_like_any() -> None:
    def strict(name: str, text: str) -> str:
        for room in ("wordprocessingml", "officeDocument", "drawingml"):
            text = text.replace(
                f"http://schemas.openxmlformats.org/{room}/2006/",
                f"http://purl.oclc.org/ooxml/{room}/",
            )
        return text

    def write(document: Document) -> None:
        document.add_heading("Hours", 1)
        document.add_paragraph("The gate opens at seven.")

    assert lines(with_parts(write, strict)) == ["Hours", "The gate opens at seven."]


@pytest.mark.parametrize(
    ("made", "published"),
    [(None, None), (datetime(1980, 1, 1, tzinfo=UTC), None),
     (datetime(2031, 3, 1, tzinfo=UTC), "2031-03-01T00:00:00+00:00")],
)  # fmt: skip
def test_the_date_of_a_template_or_an_empty_clock_is_none(
    made: datetime | None, published: str | None
) -> None:
    """python-docx's own empty document is of 2013."""

    def write(document: Document) -> None:
        document.add_paragraph("Words.")
        if made is not None:
            document.core_properties.created = made

    assert read(write).published == published


def test_a_frame_around_text_is_no_table() -> None:
    def write(document: Document) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "Note well."
        cell.add_paragraph("Heads up").style = document.styles["Heading 1"]

    reading = read(write)
    assert [block.kind for block in reading.structure] == ["paragraph", "heading"]


def test_a_picture_is_counted() -> None:
    picture = "<w:r><w:drawing><a:blip/></w:drawing></w:r>"
    reading = read(lambda document: document.add_paragraph("See.")._p.append(xml(picture)))
    assert (reading.text, reading.left_out) == ("See.", {"picture": 1})
