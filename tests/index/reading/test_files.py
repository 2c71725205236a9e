"""Every kind of file becomes one text whose offsets, pages and headings hold."""

import contextlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml

from index.documents import Document, Span
from index.errors import UnreadableFile
from index.reading import archives as reading_zip
from index.reading import files
from index.reading.blocks import Unreadable
from index.reading.converting import CONVERTED
from index.reading.files import PICTURES, READERS, SUFFIXES
from index.reading.loading import fetch, load
from tests.conftest import SEED, run_python
from tests.index.reading.messages.test_outlook import outlook
from tests.index.reading.office.test_old_workbook import old_workbook
from tests.index.reading.office.test_opendocument import TABLE, opendocument
from tests.index.reading.pages.test_ocr import KINDS, drawn
from tests.index.reading.test_archives import tarred, zipped

WRAPPED = (
    (18, 72, 720, "The Council"),
    (11, 72, 690, "The council met on Monday for the first exam-"),
    (11, 72, 676, "ple of its kind, and the mayor said well-"),
    (11, 72, 662, "known things about it (all of them) on that"),
    (11, 72, 648, "day."),
    (11, 72, 620, "A new paragraph, after a gap, that goes on"),
    (11, 72, 606, "for two lines. It is well-known by now to all."),
)

ARTICLE = """<!doctype html><html><head><title>Bridge to be built | The Daily</title>
<meta property="article:published_time" content="2024-03-01T10:00:00Z">
<meta name="author" content="Ann Lee"><style>p {{}}</style><script>var tracker = 1;</script></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article>
<h1>Bridge to be built</h1>{paragraphs}<h2>What it costs</h2>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2001</td><td>5 million</td></tr></table>
</article><footer>All rights reserved by The Daily.</footer></body></html>"""

PARAGRAPH = "<p>In year {} the <b>mayor</b> said that the bridge would be built, and wept.</p>"


def pdf(*pages: tuple[tuple[int, int, int, str], ...], info: str = "", trailer: str = "") -> bytes:
    """A PDF of lines (size, x, y, words); `info` says what it is, `trailer` adds entries."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", font, f"<< {info} >>"]
    kids = []
    for lines in pages:
        drawn = "\n".join(
            f"BT /F1 {size} Tf {x} {y} Td ({words.replace('(', '[').replace(')', ']')}) Tj ET"
            for size, x, y, words in lines
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents "
            f"{len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    content, places = "%PDF-1.4\n", ["0000000000 65535 f \n"]
    for number, body in enumerate(objects, 1):
        places.append(f"{len(content):010} 00000 n \n")
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = f"xref\n0 {len(places)}\n{''.join(places)}"
    end = f"trailer\n<< /Size {len(places)} /Root 1 0 R /Info 4 0 R {trailer} >>\n"
    return f"{content}{table}{end}startxref\n{len(content)}\n%%EOF\n".encode("latin-1")


def word() -> bytes:
    """A Word file with headings, a table between paragraphs, and an open insertion."""
    document = docx.Document()
    document.core_properties.title = "Minutes of March"
    document.core_properties.author = "Ann Lee"
    document.add_heading("Opening", 1)
    document.add_paragraph("The mayor opened the meeting.")
    table = document.add_table(2, 2)
    for row, words in zip(table.rows, (("Year", "Cost"), ("2001", "5 million")), strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    paragraph = document.add_paragraph("It closed")
    paragraph._p.append(
        parse_xml(
            '<w:ins xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            "<w:r><w:t> at five.</w:t></w:r></w:ins>"
        )
    )
    return saved(document.save)


def slides() -> bytes:
    """Two slides with text, notes and a table, and an empty one between them."""
    presentation = pptx.Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    assert first.shapes.title is not None
    first.shapes.title.text_frame.text = "The plan"
    first.placeholders[1].text_frame.text = "Build the bridge."
    notes = first.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "Say it slowly."
    presentation.slides.add_slide(presentation.slide_layouts[6])
    last = presentation.slides.add_slide(presentation.slide_layouts[6])
    table = last.shapes.add_table(1, 2, 0, 0, 900, 900).table
    table.cell(0, 0).text, table.cell(0, 1).text = "Cost", "5 million"
    presentation.core_properties.title = "PowerPoint Presentation"
    return saved(presentation.save)


def workbook() -> bytes:
    """A sheet with a title above its header, and an empty sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Budget"
    for row in (["Budget of the city"], [], ["Year", "Cost"], [2001, 5.5], [2002, None]):
        sheet.append(row)
    book.create_sheet("Empty")
    return saved(book.save)


def book(**more: str) -> bytes:
    """An e-book whose chapters are listed in another order than they are read in."""
    package = """<package xmlns="http://www.idpf.org/2007/opf"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Bridge</dc:title>
      <dc:creator>Ann Lee</dc:creator><dc:date>2020-05-01</dc:date></metadata><manifest>
      <item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/>
      <item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
      <item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>
      <spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""
    page = "<html><body><h1>{}</h1><p>{}</p></body></html>"
    parts = {
        "META-INF/container.xml": "<container><rootfiles><rootfile full-path='in/book.opf'/>"
        "</rootfiles></container>",
        "in/book.opf": package,
        "in/nav.xhtml": page.format("Contents", "One. Two."),
        "in/two b.xhtml": page.format("Two", "It fell."),
        "in/a.xhtml": page.format("One", "It stood – for years."),
        **more,
    }
    return saved(lambda file: zip_parts(file, parts))


def zip_parts(file: io.BytesIO, parts: dict[str, str]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in parts.items():
            archive.writestr(name, words)


def mail(body: str, subtype: str = "plain") -> bytes:
    message = EmailMessage()
    message["Subject"] = "Über die Brücke"
    message["From"] = "Ann Lee <ann@example.org>"
    message["Date"] = "Fri, 01 Mar 2024 10:00:00 +0100"
    message.set_content(body, subtype)
    message.add_attachment(b"\0\1", "application", "octet-stream", filename="a.bin")
    return bytes(message)


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def article(count: int = 8) -> str:
    return ARTICLE.format(paragraphs="".join(PARAGRAPH.format(2000 + i) for i in range(count)))


def samples() -> dict[str, bytes]:
    """A sound file of every kind."""
    return {
        ".txt": b"One line.\r\nAnother.\n",
        ".md": b"# One\n\nWords.\n\nTwo\n===\n",
        ".html": article().encode(),
        ".htm": b"<p>Short.</p>",
        ".pdf": pdf(WRAPPED, (), ((11, 72, 720, "The second page."),), ()),
        ".docx": word(),
        ".pptx": slides(),
        ".xlsx": workbook(),
        ".csv": b"name,said\nAnn,yes\n",
        ".json": b'{"name": "Ann"}',
        ".jsonl": b'{"name": "Ann"}\n{"name": "Bob"}\n',
        ".epub": book(),
        ".eml": mail("He said yes.\n"),
        ".mbox": b"From a@b.c Fri Mar  1 10:00:00 2024\n" + mail("He said yes.\n"),
        ".msg": outlook(),
        ".odt": opendocument("text", "<text:p>Words.</text:p>"),
        ".ods": opendocument("spreadsheet", TABLE),
        ".odp": opendocument("presentation", "<draw:page><text:p>Words.</text:p></draw:page>"),
        ".rtf": b"{\\rtf1\\ansi Words.\\par}",
        ".xls": old_workbook(),
        ".rst": b"One\n===\n\nWords.\n",
        ".adoc": b"= One\n\nWords.\n",
        ".org": b"* One\nWords.\n",
        ".tex": b"\\section{One} Words.\n",
        ".ipynb": b'{"cells": [{"cell_type": "markdown", "source": "Words."}]}',
        ".xml": b"<a><b>One</b><b>Two</b></a>",
        ".log": b"10:00 It began.\n",
        ".srt": b"1\n00:00:01,000 --> 00:00:02,000\nANN: It fell.\n",
        ".vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>It fell.\n",
        ".zip": zipped(),
        ".tar.gz": tarred(),
        ".tgz": tarred(),
        **{suffix: drawn("Words of a page.", KINDS[suffix]) for suffix in PICTURES},
    }


def read(folder: Path, name: str, content: bytes | str) -> Document:
    """The document of a file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(fetch(path, name), "id")


def refusal(folder: Path, name: str, content: bytes | str) -> str:
    """What is said of a file that cannot be read."""
    with pytest.raises(UnreadableFile) as caught:
        read(folder, name, content)
    assert str(caught.value).startswith(name)
    return str(caught.value)


def headings(document: Document) -> list[str]:
    return [document.text[span.start : span.end] for span in document.headings]


def pages(document: Document) -> list[str]:
    ends = [*document.page_starts[1:], len(document.text)]
    return [
        document.text[start:end].strip()
        for start, end in zip(document.page_starts, ends, strict=True)
    ]


# -- any kind


def test_there_is_a_sample_of_every_kind_that_can_be_read() -> None:
    """So that the tests below leave none out."""
    assert {*samples(), *CONVERTED} == set(READERS) == SUFFIXES


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {*CONVERTED}))
def test_headings_and_pages_of_every_kind_lie_in_its_text(tmp_path: Path, suffix: str) -> None:
    """Headings are whole lines and do not overlap; pages follow each other."""
    document = read(tmp_path, f"sample{suffix}", samples()[suffix])
    text = document.text
    assert text.strip()
    text.encode()
    previous = Span(0, 0)
    for span in document.headings:
        words = text[span.start : span.end]
        assert words == words.strip() != ""
        assert words in [line.strip() for line in text.splitlines()]
        assert previous.end <= span.start
        previous = span
    assert list(document.page_starts) == sorted(document.page_starts)
    assert all(0 <= start <= len(text) for start in document.page_starts)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {".txt", ".md", ".html", ".htm", ".eml"}))
def test_junk_of_every_kind_is_refused_by_name(tmp_path: Path, suffix: str) -> None:
    """Any text is a text, a page or a mail; the others have a form to keep."""
    message = refusal(tmp_path, f"junk{suffix}", b'"\xfe\xff\0\1junk {' * 50)
    assert message.endswith(".")
    assert len(message) > 40


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {*CONVERTED}))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(tmp_path: Path, suffix: str) -> None:
    """One bad file must not end a run: no library's own error gets out."""
    sound = samples()[suffix]
    dice = random.Random(suffix)
    for round_ in range(40):
        damaged = bytearray(sound[: dice.randrange(1, len(sound))] if round_ % 4 == 0 else sound)
        for _ in range(dice.randrange(1, 30)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        with contextlib.suppress(UnreadableFile):
            read(tmp_path, f"damaged{suffix}", bytes(damaged)).text.encode()


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".pptx", ".xlsx"])
def test_a_sound_archive_of_damaged_parts_is_read_or_refused(tmp_path: Path, suffix: str) -> None:
    """Each part cut short in turn, and left out."""
    sound = zipfile.ZipFile(io.BytesIO(samples()[suffix]))
    parts = {name: sound.read(name).decode("latin-1") for name in sound.namelist()}
    for name in [name for name in parts if name.endswith(("xml", "rels", "opf"))]:
        cut = {**parts, name: parts[name][: len(parts[name]) * 2 // 3]}
        without = {other: words for other, words in parts.items() if other != name}
        for damaged in (cut, without):
            content = saved(partial(zip_parts, parts=damaged))
            with contextlib.suppress(UnreadableFile):
                read(tmp_path, f"damaged{suffix}", content)


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe \0"])
def test_an_empty_file_is_refused_as_empty(tmp_path: Path, content: bytes) -> None:
    """A byte order mark is not text."""
    assert "is empty" in refusal(tmp_path, "none.txt", content)


def test_a_file_without_text_is_refused_as_empty(tmp_path: Path) -> None:
    assert "is empty" in refusal(tmp_path, "none.docx", saved(docx.Document().save))
    assert "is empty" in refusal(tmp_path, "none.xlsx", saved(openpyxl.Workbook().save))
    assert "is empty" in refusal(tmp_path, "none.json", "[]")


def test_a_file_that_vanished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"gone\.txt cannot be opened \(No such file"):
        fetch(tmp_path / "gone.txt", "gone.txt")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_001)
    with pytest.raises(UnreadableFile, match=r"huge\.txt has 200,000,001 bytes"):
        fetch(path, "huge.txt")


def test_a_text_of_millions_of_tiny_lines_is_refused(tmp_path: Path) -> None:
    """Each would cost as much as a sentence."""
    assert "holds more than 1,000,000 lines" in refusal(tmp_path, "a.txt", "a\n\n" * 1_000_001)
    assert read(tmp_path, "b.txt", "a\n\n" * 100_000).text


def test_the_version_follows_what_was_read(tmp_path: Path) -> None:
    """The same text and facts give the same version; another byline gives another."""
    one = read(tmp_path, "a.md", "---\nauthor: Ann\n---\nWords").source
    same = read(tmp_path, "a.md", "---\nauthor: Ann\n---\nWords").source
    other = read(tmp_path, "b.txt", "---\nauthor: Ann\n---\nWords").source
    assert one == same
    assert len(one.version) == 16
    assert one.version != other.version
    assert (one.id, one.name) == ("id", "a.md")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("minutes-of_march.txt", "minutes of march"),
        ("x7_12.txt", "x7_12"),
        ("2024-03-01_the-bridge.txt", "2024-03-01 the bridge"),
        ("_.txt", "_"),
    ],
)
def test_a_text_is_called_by_its_file_name(tmp_path: Path, name: str, title: str) -> None:
    """Dashes between words are spaces; those of dates and codes stay."""
    assert read(tmp_path, name, "First line\n\nmore").source.title == title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("000_073ea1584fa286fd.txt", "The bridge is open"),
        ("3f2a9c1e-77aa-4b1c-9d0e-aabbccddeeff.txt", "The bridge is open"),
        ("0042.txt", "The bridge is open"),
        ("2024-03-01.txt", "2024-03-01"),
        ("20240301.txt", "20240301"),
        ("1999.txt", "1999"),
        ("facade.txt", "facade"),
        ("bead 7.txt", "bead 7"),
        ("A4.txt", "A4"),
    ],
)
def test_a_text_that_no_person_named_is_called_by_its_headline(
    tmp_path: Path, name: str, title: str
) -> None:
    """Numbers and digests say nothing; words, years and dates do."""
    text = "\n  The bridge is open\n\nIt was painted in May."
    assert read(tmp_path, name, text).source.title == title


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0042.txt", "It was painted in May.\n\nMore"),
        ("0042.txt", "It was painted in May and then again " * 4),
        ("0042.txt", "***\n\nMore"),
        ("0042.csv", "port,fee\nAlta,9\nBodo,7\n"),
        ("0042.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nThe bridge\n"),
    ],
)
def test_what_heads_no_text_is_no_title(tmp_path: Path, name: str, text: str) -> None:
    """A sentence, a row, what somebody says."""
    assert read(tmp_path, name, text).source.title == "0042"


@pytest.mark.parametrize(
    "junk", ["Microsoft Word - x.doc", "untitled", "Document1", "report.pdf", " "]
)
def test_a_title_that_a_program_gave_does_not_count(tmp_path: Path, junk: str) -> None:
    content = pdf(WRAPPED, info=f"/Title ({junk})")
    assert read(tmp_path, "the-bridge.pdf", content).source.title == "the bridge"


def test_no_library_is_imported_before_a_file_needs_it() -> None:
    """They take a second together; a question needs none of them."""
    heavy = "docx pptx openpyxl lxml pypdfium2 trafilatura markdown_it yaml charset_normalizer"
    loaded = f"[m for m in {heavy.split()!r} if m in sys.modules]"
    script = f"import sys, index.reading.files; print({loaded})"
    assert run_python(script).stdout.strip() == "[]"


# -- text


def test_text_is_kept_to_the_character(tmp_path: Path) -> None:
    """Line ends, white space and all, so that offsets are those in the file."""
    text = "\r\n  One\r\ntwo \n\rthree\t😀\x0b\u2028end  \r\n\r\n"
    assert read(tmp_path, "a.txt", text).text == text
    assert read(tmp_path, "a.txt", b"\xef\xbb\xbf" + text.encode()).text == text


def test_the_seed_is_read_as_it_stands() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        assert load(fetch(SEED, SEED.name), "id").text == file.read()


ENCODED = {
    "utf-8": ["Été à Paris.", "Привет.", "😀"],
    "utf-8-sig": ["Été à Paris.", "Привет."],
    "utf-16": ["Été à Paris.", "Привет, мир."],
    "utf-16-le": ["Plain words.", "Привет, мир.", "Été à Paris, déjà vu."],
    "utf-16-be": ["Plain words.", "Привет, мир.", "Été à Paris, déjà vu."],
    "utf-32": ["Привет."],
    "cp1251": [
        "Привет, мир.",
        "Он сказал: «Мы придём».",
        "Ещё",
        "Україна їде в Європу, сказав президент.",
        "Рахмон said: студенты вернутся.",
        "Президент сказал студентам, что страна ждёт их. " * 20,
    ],
    "latin-1": [
        "Noël",
        "Été à Paris, déjà vu.",
        "Über die Brücke.",
        "Grüße",
        "Die Straße war schön, sagte der Bürgermeister.",
        "¿Qué pasó? Mañana, dijo el señor.",
        "Le président a déclaré à l'Élysée que l'élève était là-bas, où la fête a commencé. " * 9,
        "Die Straße war schön, und größer als früher. Wir müssen über die Brücke. " * 9,
    ],
    "cp1252": [
        "“Yes”",
        "He said “we won” and left – it’s over.",
        "It’s a naïve café… “no”",
        "“Über die Brücke”, sagte er – für 5 €.",
        "« Où est l’œuvre ? », a-t-il demandé…",
    ],
    "cp1250": ["Prezydent powiedział w środę, że Polska będzie wspierać sąsiadów. " * 3],
    "koi8-r": ["Президент сказал студентам, что страна ждёт их возвращения."],
    "cp1253": ["Ο πρόεδρος είπε ότι θα έρθει."],
    "gb18030": ["他说我们来了，我们看见了，然后他走了。" * 3],
}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [(encoding, text) for encoding, texts in ENCODED.items() for text in texts],
)
def test_a_text_in_any_common_encoding_is_read(tmp_path: Path, encoding: str, text: str) -> None:
    assert read(tmp_path, "a.txt", text.encode(encoding)).text == text


@pytest.mark.parametrize(
    "junk", [bytes(range(256)) * 9, b"GIF89a\0\0\1\0;" * 30, b"\1\2\3\4 words", b"\xff\xfe\0\xd8"]
)
def test_what_is_no_text_is_refused_though_it_is_called_so(tmp_path: Path, junk: bytes) -> None:
    assert "is not text" in refusal(tmp_path, "a.txt", junk)


# -- Markdown


def test_headings_of_markdown_are_known(tmp_path: Path) -> None:
    """Also underlined ones, and after front matter; what stands in code is none."""
    text = (
        "---\r\nstatus: x\r\n---\r\n\r\n# A *bold* one #\r\n\r\nWords.\r\n\r\n"
        "Underlined\r\n---\r\n\r\n```\r\n# no\r\n```\r\n\r\n- # In a list\r\n#\r\n"
    )
    document = read(tmp_path, "a.md", text)
    assert headings(document) == ["A bold one", "Underlined", "In a list"]
    assert document.source.title == "A bold one"


def test_front_matter_says_what_markdown_is(tmp_path: Path) -> None:
    text = "---\ntitle: The Bridge\ndate: 2024-03-01\nauthor: [Ann, Bob]\n---\n# Other\n"
    source = read(tmp_path, "a.md", text).source
    assert (source.title, source.published, source.byline) == (
        "The Bridge",
        "2024-03-01",
        "Ann, Bob",
    )


def test_a_rule_on_the_first_line_is_no_front_matter(tmp_path: Path) -> None:
    document = read(tmp_path, "my-notes.md", "---\nJust words.\n\n---\n\n## Later\n")
    assert document.source.title == "my notes"
    assert "Later" in headings(document)


# -- tables and records


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_row_of_a_table_is_a_sentence_with_its_headers(tmp_path: Path, separator: str) -> None:
    rows = [["Name", "Said"], ["Ann", '"a\nb"'], ["Bob", ""], ["", ""], ["Cy", "No!"]]
    content = "\r\n".join(separator.join(row) for row in rows)
    document = read(tmp_path, "a.csv", content)
    assert document.text == "Name: Ann; Said: a b.\n\nName: Bob.\n\nName: Cy; Said: No!"


def test_a_table_without_headers_keeps_its_first_row(tmp_path: Path) -> None:
    """A number names no column."""
    assert read(tmp_path, "a.csv", "Ann,5\nBob,6\n").text == "Ann | 5\n\nBob | 6"
    assert read(tmp_path, "b.csv", "Ann\nBob\n").text == "Ann\n\nBob"


def test_a_huge_field_is_read_whole(tmp_path: Path) -> None:
    words = "word " * 100_000
    assert len(read(tmp_path, "a.csv", f"a,b\nx,{words}\n").text) > len(words)


def test_what_follows_a_quotation_mark_that_nothing_closes_is_no_cell(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no CSV table \(field larger than field limit"):
        read(tmp_path, "a.csv", 'a,b\n"' + "x,y\n" * 250_001)


def test_json_lines_become_a_paragraph_each(tmp_path: Path) -> None:
    """U+2028 ends no record."""
    document = read(tmp_path, "a.jsonl", '{"a": "x\u2028y"}\r\n\r\n{"a": "z"}')
    assert document.text == "a: x y.\n\na: z."
    assert "line 2" in refusal(tmp_path, "b.jsonl", "{}\n{oops\n")


def test_json_that_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    assert "is damaged" in refusal(tmp_path, "a.json", "[" * 100_000)


# -- web pages


def test_a_page_gives_its_article_and_nothing_around_it(tmp_path: Path) -> None:
    document = read(tmp_path, "a.html", article())
    assert document.text.startswith("Bridge to be built\n\nIn year 2000 the mayor said")
    assert document.text.endswith("What it costs\n\nYear: 2001; Cost: 5 million.")
    assert headings(document) == ["Bridge to be built", "What it costs"]
    for noise in ("Home", "tracker", "All rights reserved"):
        assert noise not in document.text


def test_a_page_says_its_title_date_and_author(tmp_path: Path) -> None:
    """A title without the name of the site."""
    source = read(tmp_path, "a.html", article()).source
    assert source.title == "Bridge to be built"
    assert source.published == "2024-03-01T10:00:00Z"
    assert source.byline == "Ann Lee"


def test_linked_data_says_it_too(tmp_path: Path) -> None:
    data = {"@graph": [{"datePublished": "2024-03-02", "author": [{"name": "Ann"}, "Bob"]}]}
    content = f'<script type="application/ld+json">{json.dumps(data)}</script><p>Words.</p>'
    source = read(tmp_path, "a.html", content).source
    assert (source.published, source.byline) == ("2024-03-02", "Ann, Bob")


def test_all_of_an_unusual_page_is_read(tmp_path: Path) -> None:
    """Short notes, bare text and layout in tables lose no visible word."""
    content = (
        "<body>Bare<!-- not this --> words.<table><tr><td><h2>Left</h2>One.</td><td><ul><li>Two."
        "</li></ul></td></tr></table><div>Three<br>lines</div><p hidden>secret</p>"
        "<script>no()</script><p>End&#0;.</p></body>"
    )
    text = read(tmp_path, "a.html", content).text
    for words in ("Bare words.", "Left", "One.", "Two.", "Three\nlines", "End"):
        assert words in text
    for words in ("not this", "secret", "no()"):
        assert words not in text


def test_what_surrounds_an_article_is_left_out(tmp_path: Path) -> None:
    """Also where nothing but its look tells it from the article."""
    links = "".join(f'<li><a href="/{i}">Other story number {i}</a></li>' for i in range(30))
    content = article().replace("<article>", f'<div class="menu"><ul>{links}</ul></div><article>')
    text = read(tmp_path, "a.html", content).text
    assert "Other story" not in text
    assert all(f"In year {2000 + i}" in text for i in range(8))


def test_text_that_is_nested_deep_is_read(tmp_path: Path) -> None:
    deep = "<div>" * 1_000 + "The very bottom."
    assert "The very bottom." in read(tmp_path, "a.html", f"<p>Top.</p>{deep}").text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1251", "cp1251"), ("koi8-r", "koi8-r"), ("utf-8", "cp1251"), ("", "cp1251")],
)
def test_a_declared_charset_is_believed_if_it_fits(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    text = "Он сказал: мы придём."
    content = f'<meta charset="{declared}"><p>{text}</p>'.encode(encoding)
    assert read(tmp_path, "a.html", content).text == text


# -- books and mail


def test_a_book_is_read_in_its_reading_order(tmp_path: Path) -> None:
    """Without its table of contents."""
    document = read(tmp_path, "a.epub", samples()[".epub"])
    assert document.text == "One\n\nIt stood – for years.\n\nTwo\n\nIt fell."
    assert headings(document) == ["One", "Two"]
    source = document.source
    assert (source.title, source.published, source.byline) == (
        "The Bridge",
        "2020-05-01",
        "Ann Lee",
    )


def test_a_book_that_is_protected_against_copying_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, "a.epub", book(**{"META-INF/rights.xml": "<rights/>"}))
    assert "protected against copying" in message


@pytest.mark.parametrize(
    ("body", "subtype"),
    [("He said yes.\nAll of them.\n", "plain"), ("<p>He said yes.<br>All of them.", "html")],
)
def test_a_mail_is_its_subject_and_its_words(tmp_path: Path, body: str, subtype: str) -> None:
    document = read(tmp_path, "a.eml", mail(body, subtype))
    head = "From: Ann Lee <ann@example.org>\nDate: Fri, 01 Mar 2024 10:00:00 +0100"
    assert document.text == f"Über die Brücke\n\n{head}\n\nHe said yes.\nAll of them."
    assert headings(document) == ["Über die Brücke"]
    source = document.source
    assert source.title == "Über die Brücke"
    assert source.published == "2024-03-01T10:00:00+01:00"
    assert source.byline == "Ann Lee <ann@example.org>"


def test_a_mail_in_an_unknown_charset_is_read(tmp_path: Path) -> None:
    content = (
        b"Subject: x\nContent-Type: text/plain; charset=x-none\n"
        b"Content-Transfer-Encoding: 8bit\n\n" + "Он сказал: мы придём.".encode("cp1251")
    )
    assert read(tmp_path, "a.eml", content).text == "x\n\nОн сказал: мы придём."


def test_a_mail_whose_sender_cannot_be_understood_is_read(tmp_path: Path) -> None:
    """Comments in comments without end."""
    content = f"From: {'(' * 5_000}\nSubject: x\n\nHe said yes."
    document = read(tmp_path, "a.eml", content)
    assert document.text == "x\n\nHe said yes."
    assert document.source.byline is None


def test_a_mail_of_parts_in_parts_without_end_is_refused(tmp_path: Path) -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(999))
    assert "is damaged or no mail message" in refusal(tmp_path, "a.eml", f"{parts}\nWords.")


def test_a_chapter_stands_in_a_book_once(tmp_path: Path) -> None:
    """However often it is named in the order of reading."""
    package = """<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>
      </manifest><spine>{}</spine></package>""".format('<itemref idref="a"/>' * 3)
    assert read(tmp_path, "a.epub", book(**{"in/book.opf": package})).text.count("It stood") == 1


# -- office


def test_a_word_file_is_read_in_order(tmp_path: Path) -> None:
    """Tables stand where they stand, and open insertions count."""
    document = read(tmp_path, "a.docx", word())
    assert document.text == (
        "Opening\n\nThe mayor opened the meeting.\n\nYear: 2001; Cost: 5 million.\n\n"
        "It closed at five."
    )
    assert headings(document) == ["Opening"]
    source = document.source
    assert (source.title, source.byline) == ("Minutes of March", "Ann Lee")


def test_slides_are_pages(tmp_path: Path) -> None:
    """Also one without text; notes follow the words of their slide."""
    document = read(tmp_path, "the-plan.pptx", slides())
    assert pages(document) == [
        "The plan\n\nBuild the bridge.\n\nSay it slowly.",
        "",
        "Cost | 5 million",
    ]
    assert headings(document) == ["The plan"]
    assert document.source.title == "the plan"


def test_a_workbook_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    """A title above the header is one; an empty sheet is left out."""
    document = read(tmp_path, "a.xlsx", workbook())
    assert document.text == (
        "Budget\n\nBudget of the city\n\nYear: 2001; Cost: 5.5.\n\nYear: 2002."
    )
    assert headings(document) == ["Budget"]
    assert document.source.byline is None


def test_rows_beyond_a_sheets_last_are_left_out(tmp_path: Path) -> None:
    """And not made up for: a row of number 2,000,000,000 would have that many before it."""
    sound = zipfile.ZipFile(io.BytesIO(workbook()))
    parts = {name: sound.read(name).decode() for name in sound.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        "</sheetData>", '<row r="2000000000"><c><v>9</v></c></row></sheetData>'
    )
    text = read(tmp_path, "a.xlsx", saved(partial(zip_parts, parts=parts))).text
    assert text.endswith("Year: 2001; Cost: 5.5.\n\nYear: 2002.")


def test_an_office_file_with_a_password_is_refused(tmp_path: Path) -> None:
    """It is no ZIP archive any more."""
    content = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 99
    assert "protected with a password" in refusal(tmp_path, "a.docx", content)


def test_an_archive_that_unpacks_to_a_flood_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_zip, "MOST_UNPACKED", 100)
    for suffix in (".docx", ".pptx", ".xlsx", ".epub"):
        with pytest.raises(Unreadable, match="unpacks to"):
            files.read(suffix, samples()[suffix])


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".epub"])
def test_a_small_file_that_unpacks_to_a_flood_is_refused(tmp_path: Path, suffix: str) -> None:
    """Elements without content take a hundred times the memory of their letters."""
    flood = io.BytesIO(samples()[suffix])
    with zipfile.ZipFile(flood, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("flood.xml", b"<p/>" * 10_000_000)
    assert "unpacks to" in refusal(tmp_path, f"a{suffix}", flood.getvalue())


def test_an_archive_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    parts = {str(number): "" for number in range(10_001)}
    content = saved(lambda file: zip_parts(file, parts))
    assert "in 10,001 parts" in refusal(tmp_path, "a.epub", content)


def test_no_file_of_the_computer_gets_into_a_book(tmp_path: Path) -> None:
    """XML can name other files as entities."""
    secret = tmp_path / "secret"
    secret.write_text("the password")
    evil = (
        f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T &x;</dc:title>'
        "<manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='a'/></spine></package>"
    )
    document = read(tmp_path, "a.epub", book(**{"in/book.opf": evil}))
    assert "password" not in document.source.title + document.text


# -- PDF


def test_paragraphs_of_a_pdf_are_put_together(tmp_path: Path) -> None:
    """Words that were cut at the end of a line are whole; a hyphen known elsewhere stays."""
    assert read(tmp_path, "a.pdf", pdf(WRAPPED)).text == (
        "The Council\n\n"
        "The council met on Monday for the first example of its kind, and the mayor said "
        "well-known things about it [all of them] on that day.\n\n"
        "A new paragraph, after a gap, that goes on for two lines. It is well-known by now to all."
    )


def test_an_indent_begins_a_paragraph(tmp_path: Path) -> None:
    lines = (
        (11, 72, 690, "The first one is as long as any line of it can ever be, in all."),
        (11, 90, 676, "The second one is about as long, and it goes on"),
        (11, 72, 662, "here."),
    )
    assert len(read(tmp_path, "a.pdf", pdf(lines)).text.split("\n\n")) == 2


def test_pages_of_a_pdf_are_known(tmp_path: Path) -> None:
    """Also the empty ones, between others and at the end."""
    last = ((11, 72, 720, "The last words."),)
    assert pages(read(tmp_path, "a.pdf", pdf(last, (), last, ()))) == [
        "The last words.",
        "",
        "The last words.",
        "",
    ]


def test_a_pdf_says_its_title_date_and_author(tmp_path: Path) -> None:
    info = "/Title (The Bridge) /Author (Ann) /CreationDate (D:20240115103000-05'30')"
    source = read(tmp_path, "a.pdf", pdf(WRAPPED, info=info)).source
    assert (source.title, source.byline) == ("The Bridge", "Ann")
    assert source.published == "2024-01-15T10:30:00-05:30"


@pytest.mark.parametrize("date", ["yesterday", "D:20241301", "D:2024", "D:20240115103000+99'00'"])
def test_an_odd_date_does_no_harm(tmp_path: Path, date: str) -> None:
    info = f"/CreationDate ({date})"
    published = read(tmp_path, "a.pdf", pdf(WRAPPED, info=info)).source.published
    assert published in (None, "2024-01-01T00:00:00+00:00")


def test_a_pdf_of_pictures_says_what_to_do(tmp_path: Path) -> None:
    message = refusal(tmp_path, "scan.pdf", pdf((), ()))
    assert "holds only pictures of pages" in message
    assert "Leave it out." in message or "onrecord[ocr]" in message


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    key = "<" + "41" * 32 + ">"
    locked = pdf(
        WRAPPED,
        trailer=f"/ID [<41> <41>] /Encrypt << /Filter /Standard /V 1 /R 2 /O {key} /U {key} "
        "/P -4 >>",
    )
    assert "protected with a password" in refusal(tmp_path, "a.pdf", locked)
