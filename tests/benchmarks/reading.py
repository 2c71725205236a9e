"""How well files are read: texts that are known, written in each format and read again.

    python -m tests.benchmarks.reading --files 20

Each text has headings, paragraphs, a list and a table. It is written by the libraries of the
formats, by Chromium (PDF in one column and in two, with and without the rules of the table) where
it is installed, and by LibreOffice where `soffice` is there. For each format it prints word
recall, the share of words that no text has (invented), the share of neighbouring words that are
still neighbours (order), the share of cells that are read with the name of their column, and
seconds per megabyte; beside it the same of markitdown and of docling, as far as they are installed
(extra `bench` has the first) and read the format. docling fetches models to read a PDF.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import openpyxl
import pptx

from index.reading.converting import as_today
from index.reading.files import read
from tests.browser import find_browser, open_browser

WORDS = re.compile(r"\w+")
CONVERTED = [
    (".odt", ".docx"), (".rtf", ".docx"), (".doc", ".docx"), (".ods", ".xlsx"), (".xls", ".xlsx"),
    (".odp", ".pptx"), (".ppt", ".pptx"), (".pdf", ".docx"), (".pdf", ".pptx"),
]  # fmt: skip
"""What LibreOffice makes, and of what."""

PRINTED = {
    "": "",
    " ruled": "td,th{border:1px solid}",
    " columns": "body{column-count:2;text-align:justify} table{column-span:all}",
}
"""How Chromium prints a page."""

SYLLABLES = "al be cor da el fi gan hol is jun kel lo mar nor os per qui ro sel tan ur vel".split()
ADDED = frozenset(
    ["from", "to", "subject", "date", "content", "sheet", "sheet1", "slide", "number"]
)
"""What a format or a reader says of parts, and no text has."""

Convert = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says: sections of a heading and paragraphs, a list, a table and its names."""

    sections: Sequence[tuple[str, Sequence[str]]]
    items: Sequence[str]
    names: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def words(self) -> list[str]:
        """In reading order; the names of columns once."""
        running = [part for head, body in self.sections for part in (head, *body)]
        cells = [*self.names, *(cell for row in self.rows for cell in row)]
        return WORDS.findall(" ".join([*running, *self.items, *cells]).casefold())


@dataclass(slots=True)
class Figures:
    """Of one reader on one format, summed over files."""

    words: int = 0
    recalled: int = 0
    read: int = 0
    invented: int = 0
    pairs: int = 0
    kept: int = 0
    cells: int = 0
    named: int = 0
    seconds: float = 0.0
    size: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, text: Text, found: str) -> None:
        """What was read of a text."""
        names = frozenset(word for name in text.names for word in WORDS.findall(name.casefold()))
        wanted, got = text.words, WORDS.findall(found.casefold())
        known, have = Counter(wanted), Counter(got)
        self.words += len(wanted)
        self.recalled += (known & have).total()
        self.read += len(got)
        self.invented += sum(n for word, n in have.items() if word not in known.keys() | ADDED)
        prose = [word for word in wanted if word not in names]
        pairs = Counter(pairwise(prose))
        seen = [word for word in got if word not in names]
        self.pairs += pairs.total()
        self.kept += (pairs & Counter(pairwise(seen))).total()
        self.cells += sum(len(row) for row in text.rows)
        self.named += len(_named(found) & set(_cells(text)))

    def row(self) -> str:
        """As it is printed."""
        if self.failed:
            return f"not read: {self.failed[0]}"
        shares = (
            self.recalled / self.words,
            self.invented / max(1, self.read),
            self.kept / self.pairs,
            self.named / self.cells,
        )
        speed = self.seconds / (self.size / 1e6)
        return "  ".join(f"{share:.3f}" for share in shares) + f"  {speed:7.2f} s/MB"


def main() -> None:
    """Print a row for each format and reader."""
    parser = argparse.ArgumentParser(description="Measure how well files are read.")
    parser.add_argument("--files", type=int, default=20, help="of each format")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    texts = [_text(draw) for _ in range(options.files)]
    others = {"markitdown": _markitdown(), "docling": _docling()}
    print(f"{options.files} files each: recall  invented  order  cells  speed")
    for suffix, how, files in _written(texts):
        name = f"{suffix}{how}"
        own = _measured(texts, files, _own(suffix))
        print(f"{name:14} onrecord    {own.row()}", flush=True)
        for reader, of_kind in others.items():
            if of_kind:
                other = _measured(texts, files, of_kind(suffix))
                print(f"{name:14} {reader:11} {other.row()}", flush=True)


def _measured(texts: Sequence[Text], files: Sequence[bytes], convert: Convert) -> Figures:
    figures = Figures()
    for text, content in zip(texts, files, strict=True):
        began = time.perf_counter()
        try:
            found = convert(content)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what the row tells
            figures.failed.append(type(error).__name__)
            continue
        figures.seconds += time.perf_counter() - began
        figures.size += len(content)
        figures.add(text, found)
    return figures


def _own(suffix: str) -> Convert:
    return lambda content: read(*as_today(suffix, content)).text


def _markitdown() -> Callable[[str], Convert] | None:
    try:
        library: Any = importlib.import_module("markitdown")
    except ImportError:
        return None
    reader = library.MarkItDown()

    def of_kind(suffix: str) -> Convert:
        return lambda content: str(
            reader.convert_stream(io.BytesIO(content), file_extension=suffix).text_content
        )

    return of_kind


def _docling() -> Callable[[str], Convert] | None:
    try:
        library: Any = importlib.import_module("docling.document_converter")
        streams: Any = importlib.import_module("docling.datamodel.base_models")
    except ImportError:
        return None
    reader = library.DocumentConverter()

    def of_kind(suffix: str) -> Convert:
        def convert(content: bytes) -> str:
            stream = streams.DocumentStream(name=f"file{suffix}", stream=io.BytesIO(content))
            return str(reader.convert(stream).document.export_to_markdown())

        return convert

    return of_kind


def _cells(text: Text) -> Iterator[tuple[str, str]]:
    for row in text.rows:
        yield from zip(text.names, row, strict=True)


def _named(found: str) -> set[tuple[str, str]]:
    """The cells with the names of their columns, of sentences ("Berth: Alder; Price: 12.") and
    of tables in Markdown."""
    pairs = {
        (name.strip(), value.strip(" ."))
        for name, value in re.findall(r"([^:;\n|]+): ([^;\n]+?)(?=;|\.?$)", found, re.MULTILINE)
    }
    names: list[str] = []
    for line in found.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 2 or not line.strip().startswith("|"):
            names = []
        elif not names:
            names = cells
        else:
            pairs |= set(zip(names, cells, strict=False))
    return pairs


def _text(draw: random.Random) -> Text:
    def word() -> str:
        return "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4)))

    def words(least: int, most: int) -> str:
        return " ".join(word() for _ in range(draw.randint(least, most)))

    def sentences(count: int) -> str:
        return " ".join(f"{words(5, 18).capitalize()}." for _ in range(count))

    sections = [
        (words(2, 4).capitalize(), [sentences(draw.randint(1, 6)) for _ in range(4)])
        for _ in range(4)
    ]
    names = [word().capitalize() for _ in range(4)]
    rows = [
        [f"{word().capitalize()} {number}", *(str(draw.randint(100, 99_999)) for _ in names[1:])]
        for number in range(12)
    ]
    return Text(sections, [words(4, 9).capitalize() for _ in range(5)], names, rows)


def _written(texts: Sequence[Text]) -> Iterator[tuple[str, str, list[bytes]]]:
    """The texts in each format that can be written here: its suffix, how it was made, the
    files."""
    made = {suffix: [write(text) for text in texts] for suffix, write in WRITERS.items()}
    for suffix, files in made.items():
        yield suffix, "", files
    for how, files in _printed(texts):
        yield ".pdf", how, files
    if shutil.which("soffice"):
        for suffix, source in CONVERTED:
            how = f" of {source}" if suffix == ".pdf" else ""
            yield suffix, how, _converted(made[source], source, suffix)


def _html(text: Text) -> bytes:
    body = [
        part
        for head, paragraphs in text.sections
        for part in (f"<h2>{escape(head)}</h2>", *(f"<p>{escape(p)}</p>" for p in paragraphs))
    ]
    items = "".join(f"<li>{escape(item)}</li>" for item in text.items)
    head = "".join(f"<th>{escape(name)}</th>" for name in text.names)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in text.rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<html><body>{''.join(body)}<ul>{items}</ul>{table}</body></html>".encode()


def _word(text: Text) -> bytes:
    document = docx.Document()
    for head, paragraphs in text.sections:
        document.add_heading(head, 2)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    for item in text.items:
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(0, len(text.names))
    for row in (text.names, *text.rows):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph()  # or LibreOffice loses the table in a .doc
    return _saved(document.save)


def _separated(text: Text) -> bytes:
    """The table alone would be another text: so each line of text is a row of one cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    for head, body in text.sections:
        writer.writerows([line] for line in (head, *body))
    writer.writerows([item] for item in text.items)
    writer.writerow([])
    writer.writerows([text.names, *text.rows])
    return file.getvalue().encode()


def _workbook(text: Text) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for head, paragraphs in text.sections:
        for words in (head, *paragraphs):
            sheet.append([words])
    for item in text.items:
        sheet.append([item])
    sheet.append([])
    for row in (text.names, *text.rows):
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in row])
    return _saved(book.save)


def _slides(text: Text) -> bytes:
    presentation = pptx.Presentation()
    layouts = presentation.slide_layouts
    for head, paragraphs in (*text.sections, ("", text.items)):
        slide = presentation.slides.add_slide(layouts[1])
        if slide.shapes.title is not None:
            slide.shapes.title.text_frame.text = head
        slide.placeholders[1].text_frame.text = "\n".join(paragraphs)
    shapes = presentation.slides.add_slide(layouts[6]).shapes
    rows = (text.names, *text.rows)
    table = shapes.add_table(len(rows), len(text.names), 0, 0, 9_000_000, 5_000_000).table
    for place, row in enumerate(rows):
        for column, words in enumerate(row):
            table.cell(place, column).text = words
    return _saved(presentation.save)


def _mail(text: Text) -> bytes:
    message = EmailMessage()
    message.set_content(_html(text).decode(), "html")
    message["From"], message["Subject"] = "a@b.example", ""
    return bytes(message)


def _markdown(text: Text) -> bytes:
    lines = [part for head, body in text.sections for part in (f"## {head}", "", *_apart(body))]
    lines += [f"- {item}" for item in text.items] + [""]
    lines += [f"| {' | '.join(row)} |" for row in (text.names, ["-"] * len(text.names))]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in text.rows)]).encode()


def _latex(text: Text) -> bytes:
    lines = [r"\documentclass{article}\begin{document}"]
    for head, body in text.sections:
        lines += [rf"\section{{{head}}}", "", *_apart(body)]
    items = "".join(rf"\item {item} " for item in text.items)
    rows = "".join(f"{' & '.join(row)} \\\\ " for row in (text.names, *text.rows))
    lines.append(rf"\begin{{itemize}}{items}\end{{itemize}}")
    lines.append(rf"\begin{{tabular}}{{llll}}{rows}\end{{tabular}}\end{{document}}")
    return "\n".join(lines).encode()


def _book(text: Text) -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest><item id="a" '
        'href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>'
    file = io.BytesIO()
    with ZipFile(file, "w") as book:
        book.writestr("META-INF/container.xml", container)
        book.writestr("a.opf", package)
        book.writestr("a.xhtml", _html(text))
    return file.getvalue()


def _apart(paragraphs: Sequence[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield from (paragraph, "")


WRITERS: dict[str, Callable[[Text], bytes]] = {
    ".html": _html, ".md": _markdown, ".docx": _word, ".xlsx": _workbook, ".pptx": _slides,
    ".eml": _mail, ".csv": _separated, ".tex": _latex, ".epub": _book,
}  # fmt: skip


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def _printed(texts: Sequence[Text]) -> Iterator[tuple[str, list[bytes]]]:
    """As PDF, by Chromium."""
    if find_browser() is None:
        return
    with open_browser() as browser:
        page = browser.new_page()
        for how, style in PRINTED.items():
            files = []
            for text in texts:
                page.set_content(f"<style>{style}</style>{_html(text).decode()}")
                files.append(page.pdf())
            yield how, files


def _converted(files: Sequence[bytes], source: str, suffix: str) -> list[bytes]:
    """By LibreOffice, with a profile of its own."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / f"{number:03}{source}" for number in range(len(files))]
        for place, content in zip(places, files, strict=True):
            place.write_bytes(content)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        kind = suffix.removeprefix(".")
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder]
        subprocess.run([*command, *places], check=True, capture_output=True)
        return [place.with_suffix(suffix).read_bytes() for place in places]


if __name__ == "__main__":
    main()
