"""OpenDocument files are read as they are shown."""

from __future__ import annotations

import io
import zipfile

import pytest

from index.documents import BlockKind, walk
from index.reading.blocks import Reading, Unreadable
from index.reading.files import read

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing",
        "style": "style", "presentation": "presentation", "meta": "meta",
    }.items()
)  # fmt: skip

TABLE = """<table:table table:name="Prices"><table:table-header-rows><table:table-row>
<table:table-cell><text:p>Berth</text:p></table:table-cell>
<table:table-cell><text:p>Price</text:p></table:table-cell></table:table-row>
</table:table-header-rows><table:table-row>
<table:table-cell table:number-rows-spanned="2"><text:p>Alder</text:p></table:table-cell>
<table:table-cell><text:p>12</text:p></table:table-cell></table:table-row><table:table-row>
<table:covered-table-cell/><table:table-cell><text:p>14</text:p></table:table-cell>
</table:table-row></table:table>"""

TEXT = f"""<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p>
</text:deletion></text:changed-region></text:tracked-changes>
<text:h text:outline-level="2">Fees</text:h>
<text:p>The fee<text:s text:c="2"/>is <text:span>12</text:span> crowns.<text:note>
<text:note-citation>1</text:note-citation><text:note-body><text:p>Since May.</text:p>
</text:note-body></text:note><text:span text:style-name="H">secret</text:span> Pay
early.</text:p><text:list text:style-name="L"><text:list-item><text:p>first</text:p>
<text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list></text:list-item>
<text:list-item><text:p>second</text:p></text:list-item></text:list>{TABLE}"""

STYLES = """<style:style style:name="H"><style:text-properties text:display="none"/></style:style>
<style:style style:name="HS"><style:table-properties table:display="false"/></style:style>
<text:list-style style:name="L"><text:list-level-style-number text:level="1"
style:num-format="a" style:num-suffix=")"/></text:list-style>
<style:master-page><style:header><text:p>Contract HK-2291</text:p></style:header>
<style:footer><text:p>Page 3</text:p></style:footer></style:master-page>"""

META = """<meta:creation-date>2024-05-01T10:00:00</meta:creation-date>
<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">The harbour</dc:title>"""


def opendocument(kind: str, body: str, manifest: str = "") -> bytes:
    """A file of this kind: text, spreadsheet or presentation."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, inner in {
            "content.xml": f"<office:body><office:{kind}>{body}</office:{kind}></office:body>",
            "styles.xml": STYLES,
            "meta.xml": META,
        }.items():
            archive.writestr(part, f"<office:document {NAMES}>{inner}</office:document>")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return file.getvalue()


def blocks(reading: Reading, kind: BlockKind) -> list[str]:
    found = (block for block in walk(reading.structure) if block.kind == kind)
    return [reading.text[block.span.start : block.span.end] for block in found]


def test_a_comment_is_told_with_its_author_once() -> None:
    comment = (
        '<office:annotation><dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Anna Holt'
        "</dc:creator><text:p>Check this.</text:p></office:annotation>"
    )
    body = f"<text:p>The fee is 12 crowns.{comment}</text:p>"
    assert blocks(read(".odt", opendocument("text", body)), "note") == ["Anna Holt: Check this."]


def test_a_text_is_read_with_its_lists_tables_notes_and_heads() -> None:
    reading = read(".odt", opendocument("text", TEXT))
    assert (reading.title, reading.published) == ("The harbour", "2024-05-01T10:00:00")
    assert blocks(reading, "heading") == ["Fees"]
    assert blocks(reading, "item") == ["a) first", "inner", "b) second"]
    assert blocks(reading, "row") == ["Berth: Alder; Price: 12.", "Berth: Alder; Price: 14."]
    assert blocks(reading, "note") == ["Since May."]
    assert blocks(reading, "paragraph") == [
        "The fee  is 12 crowns. Pay\nearly.",
        "Contract HK-2291",
    ]
    assert reading.left_out == {"hidden text": 1, "tracked deletion": 1}


def test_a_sheet_is_read_as_it_is_shown() -> None:
    """A cell that is repeated to the end of the sheet is not; one with words is."""
    row = "<table:table-row>{}</table:table-row>".format
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    rows = row(cell("", "Berth") + cell("", "2030") + cell("", "2031"))
    rows += row(cell("", "Alder") + cell(' table:number-columns-repeated="2"', "12%"))
    rows += row(cell("", "Birch") + cell("", "9%") + cell("", "8%"))
    rows += row('<table:table-cell table:number-columns-repeated="16380"/>')
    sheet = '<table:table table:name="{}" table:style-name="{}">{}</table:table>'.format
    body = sheet("Berths", "", rows) + sheet("Hidden", "HS", rows)
    reading = read(".ods", opendocument("spreadsheet", body))
    assert blocks(reading, "row") == [
        "Berth: Alder; 2030: 12%; 2031: 12%.",
        "Berth: Birch; 2030: 9%; 2031: 8%.",
    ]
    assert [block.facts for block in reading.structure] == [{"name": "Berths"}]
    assert reading.left_out == {"hidden sheet": 1}


def test_a_slide_is_a_page_with_its_title_and_notes() -> None:
    frame = '<draw:frame presentation:class="{}"><draw:text-box>{}</draw:text-box></draw:frame>'
    page = "<draw:page>{}</draw:page>"
    first = frame.format("title", "<text:p>Fees</text:p>") + frame.format("page-number", "3")
    notes = f"<presentation:notes>{frame.format('notes', '<text:p>Slowly.</text:p>')}"
    body = page.format(f"{first}{notes}</presentation:notes>") + page.format(
        frame.format("outline", "<text:p>The fee is 12.</text:p>")
    )
    reading = read(".odp", opendocument("presentation", body))
    assert blocks(reading, "slide") == ["Fees\n\nSlowly.", "The fee is 12."]
    assert reading.page_starts == (0, len("Fees\n\nSlowly.\n\n"))


def test_a_repeated_cell_floods_nothing() -> None:
    cell = '<table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p>'
    row = '<table:table-row table:number-rows-repeated="1000000000">'
    body = f"<table:table>{row}{cell}</table:table-cell></table:table-row></table:table>"
    assert len(read(".ods", opendocument("spreadsheet", body)).text) < 2_000_000


def test_a_locked_file_is_refused() -> None:
    with pytest.raises(Unreadable, match="password"):
        read(".odt", opendocument("text", TEXT, "<encryption-data/>"))
