"""Files that are made to break whoever reads them: what each costs, and whether its neighbours
are indexed all the same.

    python -m tests.benchmarks.hostile_files                  # the cost of each, in processor
                                                              # seconds and megabytes
    python -m tests.benchmarks.hostile_files --only xlsx      # of those with this in the name
    python -m tests.benchmarks.hostile_files --index          # all through `onrecord index`
    python -m tests.benchmarks.hostile_files --upload         # all to a server, others asking

A file costs what it takes to read it, to divide it into passages and to find who says what in it,
in the processes that do so. To embed its passages costs what their number says, and is not
counted. Exits with 1 if one costs more than LIMITS, or a neighbour is missing.
"""

# ruff: noqa: E501  a table reads best with a file a line

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import FrameType

import httpx

from index.attribution.languages import Attributor, languages
from index.errors import UnreadableFile
from index.making.preparing import prepare
from index.models.embedding import Embedder
from index.models.opening import open_embedder
from index.reading.loading import fetch
from tests.browser import serve

MB = 1_000_000
SECONDS, MEMORY = 30.0, 512.0
"""What a file may cost: seconds of a processor, MB."""

GIVEN_UP = 600
"""Seconds after which a file is no longer waited for."""

NEIGHBOUR = "Mayor Dunmore said the bridge number {} cost nine million crowns.\n"
QUESTION = "What did Dunmore say about the bridge number 7?"

Make = Callable[[], bytes]
Parts = tuple[Embedder, Attributor]

# -- shapes of plain words, for every kind that has words ------------------------------------

SHAPES: Mapping[str, Callable[[], str]] = {
    "one-line": lambda: "word " * MB,
    "one-word": lambda: "x" * 5 * MB,
    "quotation-marks": lambda: '"' * MB,
    "open-quotations": lambda: "“" * MB,
    "quoted-letters": lambda: "“a” " * (MB // 4),
    "names": lambda: "John Smith, Mary Brown and " * (MB // 10),
    "cues": lambda: "he said she said " * (MB // 10),
    "lines": lambda: "a\n" * 999_000,
    "too-many-lines": lambda: "a\n" * 2 * MB,
    "brackets": lambda: "(" * MB,
    "digits": lambda: "1" * 5 * MB,
    "accents": lambda: "a" + "\u0301" * 3 * MB,
    "overrides": lambda: "\u202e\u2066" * (MB // 2),
    "faces": lambda: "\U0001f600" * MB,
    "turns": lambda: "A: b\n" * (MB // 2),
    "marks": lambda: "> " * MB,
    "full-stops": lambda: ". " * MB,
    "blank-lines": lambda: "a" + "\n" * 5 * MB,
    "tabs": lambda: "\t" * 3 * MB + "a",
    "dashes": lambda: "- " * MB,
    "dates": lambda: "On 99 January 99999 at 99:99 " * 50_000,
}

IN_ALL = (".txt", ".md", ".html", ".eml")
IN_SOME = (".rst", ".tex", ".srt", ".csv", ".json", ".adoc")
SOME = (
    "one-line", "one-word", "quotation-marks", "brackets", "lines", "marks", "names", "blank-lines",
)  # fmt: skip


def dressed(suffix: str, words: str) -> bytes:
    """The words as the body of a file of this kind; of plain text all of them."""
    if suffix != ".txt":
        words = words[: MB // 3]
    if suffix == ".html":
        words = f"<html><body><p>{words}</p></body></html>"
    elif suffix == ".eml":
        words = (
            f"From: a@example.com\nSubject: s\nContent-Type: text/plain; charset=utf-8\n\n{words}"
        )
    elif suffix == ".tex":
        words = f"\\documentclass{{article}}\\begin{{document}}{words}\\end{{document}}"
    elif suffix == ".srt":
        words = f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n"
    elif suffix == ".json":
        words = json.dumps({"text": words})
    return words.encode()


def shaped() -> Iterator[tuple[str, Make]]:
    for shape, words in SHAPES.items():
        for suffix in (*IN_ALL, *(IN_SOME if shape in SOME else ())):
            yield f"{shape}{suffix}", partial(lambda s, w: dressed(s, w()), suffix, words)


# -- kinds with a syntax ----------------------------------------------------------------------


def text(words: Callable[[], str]) -> Make:
    return lambda: words().encode()


SYNTAX: Mapping[str, Make] = {
    "deep-divs.html": text(lambda: "<div>" * 200_000 + "x"),
    "deep-lists.html": text(lambda: "<ul><li>" * 50_000 + "x"),
    "deep-tables.html": text(lambda: "<table><tr><td>" * 5_000 + "x"),
    "deep-inline.html": text(lambda: "<b><i>" * 100_000 + "x"),
    "br.html": text(lambda: "<p>a" + "<br>" * MB),
    "entities.html": text(lambda: "<p>" + "&amp;" * MB),
    "spans.html": text(lambda: "<table>" + '<tr><td colspan=999999999 rowspan=999999999>a' * 2_000),
    "cells.html": text(lambda: "<table><tr>" + "<td>a" * 300_000),
    "rows.html": text(lambda: "<table>" + "<tr><td>a<td>b" * 200_000),
    "links.html": text(lambda: "<p>" + '<a href="x">a</a> ' * 200_000),
    "attributes.html": text(lambda: "<p " + " ".join(f"a{n}=b" for n in range(200_000)) + ">x"),
    "long-attribute.html": text(lambda: f'<p title="{"x" * 5 * MB}">a'),
    "comments.html": text(lambda: "<p>a" + "<!-- b -->" * 300_000),
    "unclosed.html": text(lambda: "<p>a" + "<" * MB),
    "headings.html": text(lambda: "<h1>a</h1>" * 200_000),
    "quotes.html": text(lambda: "<blockquote>" * 20_000 + "x"),
    "definition-lists.html": text(lambda: "<dl>" + "<dt>a<dd>b" * 100_000),
    "frames.html": text(lambda: "<p>a" + '<iframe src="file:///etc/passwd"></iframe>' * 50_000),
    "laughs.xml": text(lambda: '<!DOCTYPE a [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
    ) + "]><a>&k;</a>"),
    "outside.xml": text(lambda: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "deep.xml": text(lambda: "<a>" * 200_000 + "x" + "</a>" * 200_000),
    "attributes.xml": text(lambda: "<a " + " ".join(f'b{n}="c"' for n in range(100_000)) + ">x</a>"),
    "elements.xml": text(lambda: "<a>" + "<b>c</b>" * 300_000 + "</a>"),
    "deep.json": text(lambda: "[" * 300_000),
    "deep-closed.json": text(lambda: "[" * 100_000 + "]" * 100_000),
    "deep-objects.json": text(lambda: '{"a":' * 50_000 + "1" + "}" * 50_000),
    "huge-keys.json": text(lambda: json.dumps([{chr(97 + n) * 500_000: "b"} for n in range(20)])),
    "many-keys.json": text(lambda: json.dumps({f"key {n}": n for n in range(200_000)})),
    "many-columns.json": text(lambda: json.dumps([{f"k{n}-{m}": m for m in range(100)} for n in range(1_000)])),
    "many-numbers.json": text(lambda: json.dumps([*range(500_000)])),
    "huge-number.json": text(lambda: '{"a": ' + "9" * MB + "}"),
    "infinite.json": text(lambda: '{"a": [1e999, -1e999, NaN]}'),
    "surrogates.json": text(lambda: '{"a": "' + "\\ud800" * 100_000 + '"}'),
    "same-keys.json": text(lambda: "{" + ",".join('"a": "b"' for _ in range(300_000)) + "}"),
    "escapes.json": text(lambda: '{"a": "' + "\\u0041" * 500_000 + '"}'),
    "objects.jsonl": text(lambda: "{}\n" * 500_000),
    "ragged.jsonl": text(lambda: "".join(f'{{"k{n}": "v"}}\n' for n in range(100_000))),
    "broken.jsonl": text(lambda: '{"a": "b"}\n' * 1_000 + "{" * 100_000),
    "cells.ipynb": text(lambda: json.dumps({"cells": [{"cell_type": "markdown", "source": "a"}] * 100_000, "nbformat": 4})),
    "deep.ipynb": text(lambda: '{"cells": ' + "[" * 100_000 + "]" * 100_000 + ', "nbformat": 4}'),
    "outputs.ipynb": text(lambda: json.dumps({"cells": [{"cell_type": "code", "source": "a", "outputs": [{"output_type": "stream", "text": "b\n" * 10}] * 20_000}], "nbformat": 4})),
    "header.csv": text(lambda: ",".join(f"column {n}" for n in range(20_000)) + ("\n" + "1," * 19_999) * 100),
    "header-million.csv": text(lambda: ",".join("c" * 1 for _ in range(MB)) + "\n" + "1," * MB),
    "wide.csv": text(lambda: ("a," * 5_000 + "\n") * 500),
    "one-field.csv": text(lambda: 'a,b\n"' + "x" * 5 * MB + '",c\n'),
    "open-field.csv": text(lambda: 'a,b\n"' + "x,y\n" * MB),
    "quotes.csv": text(lambda: "a,b\n" + '"""",' * 500_000),
    "rows.csv": text(lambda: "a,b\n" + "1,2\n" * 500_000),
    "ragged.csv": text(lambda: "\n".join("a," * (n % 700) for n in range(5_000))),
    "separators.csv": text(lambda: ";,\t|" * MB),
    "long-header.csv": text(lambda: ",".join("h" * 50_000 for _ in range(50)) + ("\n" + "1," * 49) * 2_000),
    "cues.srt": text(lambda: "".join(f"{n}\n00:00:{n % 60:02},000 --> 00:00:{n % 60:02},500\na\n\n" for n in range(100_000))),
    "times.vtt": text(lambda: "WEBVTT\n\n" + "9999999999:99:99.999 --> 0:0:0.0\na\n\n" * 50_000),
    "voices.vtt": text(lambda: "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v A>" * 200_000),
    "backticks.md": text(lambda: "`" * 500_000 + "a" + "`" * 499_999),
    "stars.md": text(lambda: "*a" * 300_000),
    "links.md": text(lambda: "[" * 300_000 + "a" + "](b)" * 300_000),
    "references.md": text(lambda: "".join(f"[a{n}]: b\n" for n in range(100_000)) + "[a1]"),
    "table.md": text(lambda: "|a" * 20_000 + "\n" + "|-" * 20_000 + ("\n" + "|b" * 20_000) * 20),
    "fences.md": text(lambda: "```\n" * 200_001),
    "deep-list.md": text(lambda: "".join(" " * n + "- a\n" for n in range(1_500))),
    "html.md": text(lambda: "<div>" * 200_000),
    "front-matter.md": text(lambda: "---\na: " + "[" * 100_000 + "\n---\nb"),
    "aliases.md": text(lambda: "---\na: &a [b, b, b, b, b, b, b, b, b]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    ) + "---\nwords"),
    "underlines.md": text(lambda: "a\n===\n" * 200_000),
    "includes.rst": text(lambda: ".. include:: /etc/passwd\n\n" * 2_000),
    "deep.rst": text(lambda: "".join(" " * n + "a\n\n" for n in range(1_000))),
    "titles.rst": text(lambda: "a\n=\n\n" * 20_000),
    "substitutions.rst": text(lambda: ".. |a| replace:: |b|\n.. |b| replace:: |a|\n\n|a|\n"),
    "tables.rst": text(lambda: "+" + "-+" * 2_000 + "\n|" + "a|" * 2_000 + "\n+" + "-+" * 2_000),
    "macros.tex": text(lambda: "\\newcommand{\\a}{\\a\\a}\\a"),
    "doubling.tex": text(lambda: "".join("\\def\\a" + chr(97 + n) + "{" + ("\\a" + chr(98 + n)) * 10 + "}" for n in range(15)) + "\\aa"),
    "deep.tex": text(lambda: "{" * 200_000 + "x"),
    "environments.tex": text(lambda: "\\begin{itemize}\\item " * 20_000 + "x"),
    "sources.org": text(lambda: "#+begin_src\n" * 100_000 + "a"),
    "stars.org": text(lambda: "*" * MB + " a"),
    "blocks.adoc": text(lambda: "====\n" * 200_001 + "a"),
    "groups.rtf": text(lambda: "{\\rtf1 " + "{" * 500_000 + "a"),
    "binary.rtf": text(lambda: "{\\rtf1 \\bin9999999999 a}"),
    "paragraphs.rtf": text(lambda: "{\\rtf1 " + "\\par a" * 300_000 + "}"),
    "unicode.rtf": text(lambda: "{\\rtf1 " + "\\u-10179?\\u99999?" * 100_000 + "}"),
    "backslashes.rtf": text(lambda: "{\\rtf1 " + "\\" * MB + "}"),
    "nul.txt": lambda: b"a\0" * MB,
    "random.txt": lambda: random.Random(1).randbytes(2 * MB),
    "utf-16.txt": lambda: ("words " * 500_000).encode("utf-16"),
    "utf-7.txt": lambda: b"+ADw-" * 500_000,
    "bad-utf-8.txt": lambda: b"\xf0\x9f\xff " * 500_000,
    "times.log": text(lambda: "2026-01-01 00:00:00 ERROR a\n" * 200_000),
}  # fmt: skip


# -- mail ---------------------------------------------------------------------------------------

HEAD = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: s\r\n"


def nested_mail(depth: int) -> bytes:
    parts = [
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    ]
    return HEAD + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nwords\r\n"


def forwarded_mail(depth: int) -> bytes:
    return HEAD + (b"Content-Type: message/rfc822\r\n\r\n" + HEAD) * depth + b"\r\nwords\r\n"


def parts_mail(parts: int, kind: bytes) -> bytes:
    part = b"--x\r\nContent-Type: " + kind + b"\r\n\r\nwords\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + part * parts + b"--x--\r\n"


def attached(name: str, content: bytes) -> bytes:
    return HEAD + (
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n"
        b'words\r\n--x\r\nContent-Disposition: attachment; filename="' + name.encode()
        + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64encode(content) + b"\r\n--x--\r\n"
    )  # fmt: skip


MAIL: Mapping[str, Make] = {
    "nested-2000.eml": lambda: nested_mail(2_000),
    "nested-20000.eml": lambda: nested_mail(20_000),
    "forwarded.eml": lambda: forwarded_mail(2_000),
    "parts.eml": lambda: parts_mail(50_000, b"text/plain"),
    "html-parts.eml": lambda: parts_mail(5_000, b"text/html"),
    "long-header.eml": lambda: HEAD + b"X-A: " + b"x" * 10 * MB + b"\r\n\r\nwords",
    "folded-header.eml": lambda: HEAD + b"X-A: a" + b"\r\n b" * MB + b"\r\n\r\nwords",
    "headers.eml": lambda: HEAD + b"X-A: b\r\n" * 500_000 + b"\r\nwords",
    "recipients.eml": lambda: b"To: " + b"a <a@example.com>, " * 200_000 + b"\r\n\r\nwords",
    "encoded-words.eml": lambda: b"Subject: " + b"=?utf-8?b?YQ==?= " * 100_000 + b"\r\n\r\nwords",
    "comments.eml": lambda: b"From: " + b"(" * 200_000 + b"a@example.com\r\n\r\nwords",
    "addresses.eml": lambda: (
        b"From: " + b"<" * 200_000 + b"\r\nTo: " + b'"' * 200_000 + b"\r\n\r\nw"
    ),
    "date.eml": lambda: b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n" + HEAD + b"\r\nwords",
    "charset.eml": lambda: (
        HEAD + b"Content-Type: text/plain; charset=" + b"x" * MB + b"\r\n\r\nwords"
    ),
    "quoted-printable.eml": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41=" * MB
    ),
    "base64.eml": lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 3 * MB,
    "boundary.eml": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a" * MB
    ),
    "bomb-attached.eml": lambda: attached("a.zip", zip_of({"a.txt": b"a" * 300 * MB})),
    "workbook-attached.eml": lambda: attached("a.xlsx", BINARY["far-cell.xlsx"]()),
    "mails.mbox": lambda: (
        (b"From a Mon Jan  1 00:00:00 2026\r\n" + HEAD + b"\r\nwords\r\n\r\n") * 20_000
    ),
    "froms.mbox": lambda: b"From \r\n" * 500_000,
    "nested.mbox": lambda: b"From a Mon Jan  1 00:00:00 2026\r\n" + nested_mail(3_000),
}


# -- packed kinds ---------------------------------------------------------------------------------


def zip_of(files: Mapping[str, bytes], level: int = 9) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def changed(packed: bytes, **parts: bytes) -> bytes:
    """With other contents of the parts whose names end so: sheet1_xml for …/sheet1.xml."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for ending, content in parts.items():
        (name,) = [name for name in files if name.endswith("/" + ending.replace("_", "."))]
        files[name] = content
    return zip_of(files, 1)


@cache
def workbook() -> bytes:
    import openpyxl

    book, made = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["name", "words"])
    book.save(made)
    return made.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{before}'
    "<sheetData>{rows}</sheetData>{after}</worksheet>"
)


def sheet(rows: str, before: str = "", after: str = "") -> bytes:
    content = SHEET.format(rows=rows, before=before, after=after).encode()
    return changed(workbook(), sheet1_xml=content)


def cell(place: str, words: str = "a") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def columns(count: int) -> Iterator[str]:
    for number in range(1, count + 1):
        left, name = number, ""
        while left:
            left, rest = divmod(left - 1, 26)
            name = chr(65 + rest) + name
        yield name


@cache
def word(body: str = "<w:p><w:r><w:t>words</w:t></w:r></w:p>") -> bytes:
    import docx

    made = io.BytesIO()
    docx.Document().save(made)
    content = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    return changed(made.getvalue(), document_xml=content.encode())


PARAGRAPH = "<w:p><w:r><w:t>words here.</w:t></w:r></w:p>"


def nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * depth


def wide_table(rows: int, width: int) -> str:
    cells = "<w:tc><w:tcPr><w:gridSpan w:val='63'/></w:tcPr><w:p/></w:tc>" * width
    return "<w:tbl>" + f"<w:tr>{cells}</w:tr>" * rows + "</w:tbl>" + PARAGRAPH


@cache
def slides(count: int = 1) -> bytes:
    import pptx

    show, made = pptx.Presentation(), io.BytesIO()
    for _ in range(count):
        show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = "words"
    show.save(made)
    return made.getvalue()


def grouped_slide(depth: int) -> bytes:
    names = (
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    group = '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="2" name="g"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    shape = '<p:sp><p:nvSpPr><p:cNvPr id="3" name="s"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>words</a:t></a:r></a:p></p:txBody></p:sp>'
    top = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    tree = f"<p:spTree>{top}{group * depth}{shape}{'</p:grpSp>' * depth}</p:spTree>"
    content = f"<p:sld {names}><p:cSld>{tree}</p:cSld></p:sld>"
    return changed(slides(), slide1_xml=content.encode())


OPEN = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">'
    "<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
)


def opened(kind: str, body: str) -> bytes:
    """kind: text, spreadsheet or presentation."""
    content = OPEN.format(kind=kind, body=body).encode()
    mime = b"application/vnd.oasis.opendocument." + kind.encode()
    return zip_of({"mimetype": mime, "content.xml": content}, 1)


def repeated_rows(times: int, count: int = 1) -> str:
    one = f'<table:table-row table:number-rows-repeated="{times}">'
    one += "<table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>"
    return f"<table:table>{one * count}</table:table>"


def repeated_cells(times: int, count: int = 1) -> str:
    one = f'<table:table-cell table:number-columns-repeated="{times}"><text:p>a</text:p>'
    one += "</table:table-cell>"
    return f"<table:table><table:table-row>{one * count}</table:table-row></table:table>"


def book(chapters: Mapping[str, str], spine: str, extra: str = "") -> bytes:
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        for name in chapters
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/>'
        f"<manifest>{items}{extra}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="a.opf"/></rootfiles></container>'
    )
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{}</p></body></html>'
    files = {"mimetype": b"application/epub+zip", "META-INF/container.xml": container.encode()}
    files |= {"a.opf": package.encode()}
    files |= {f"{name}.xhtml": page.format(words).encode() for name, words in chapters.items()}
    return zip_of(files, 1)


def tarred(count: int, member: Callable[[tarfile.TarInfo], None], content: bytes = b"") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", compresslevel=1) as archive:
        for number in range(count):
            info = tarfile.TarInfo(f"{number}.txt")
            info.size = len(content)
            member(info)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def linked(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"


def device(info: tarfile.TarInfo) -> None:
    info.type = tarfile.CHRTYPE


def climbing(info: tarfile.TarInfo) -> None:
    info.name = f"../../{info.name}"


def nested_zip(depth: int) -> bytes:
    content = zip_of({"a.txt": b"words"})
    for _ in range(depth):
        content = zip_of({"a.zip": content})
    return content


CHAPTER = "Words of a chapter that is long enough to be one. " * 200
BINARY: Mapping[str, Make] = {
    "far-cell.xlsx": lambda: sheet(row(1, cell("A1")) + row(1_048_576, cell("XFD1048576"))),
    "far-row.xlsx": lambda: sheet(row(1, cell("A1")) + row(2_000_000_000, cell("A2000000000"))),
    "far-columns.xlsx": lambda: sheet("".join(row(n, cell(f"XFD{n}")) for n in range(1, 3_000))),
    "sparse.xlsx": lambda: sheet("".join(row(n * 500, cell(f"{c}{n * 500}")) for n, c in enumerate(columns(1_500), 1))),
    "header.xlsx": lambda: sheet(row(1, *(cell(f"{c}1", "column") for c in columns(16_384))) + "".join(row(n, cell(f"A{n}")) for n in range(2, 5_000))),
    "cells.xlsx": lambda: sheet("".join(row(n, *(cell(f"{c}{n}") for c in columns(20))) for n in range(1, 20_000))),
    "long-cell.xlsx": lambda: sheet(row(1, cell("A1", "x" * 5 * MB))),
    "merged.xlsx": lambda: sheet(row(1, cell("A1")), after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 100 + "</mergeCells>"),
    "many-merged.xlsx": lambda: sheet("".join(row(n, cell(f"A{n}")) for n in range(1, 30_000)), after="<mergeCells>" + "".join(f'<mergeCell ref="A{n}:Z{n}"/>' for n in range(1, 30_000)) + "</mergeCells>"),
    "bad-place.xlsx": lambda: sheet(row(1, cell("ZZZZZZ99999999999"))),
    "columns.xlsx": lambda: sheet(row(1, cell("A1")), before="<cols>" + '<col min="1" max="99999999" hidden="1"/>' * 2_000 + "</cols>"),
    "deep.xlsx": lambda: sheet("<row>" * 100_000),
    "bomb.xlsx": lambda: changed(workbook(), sheet1_xml=b"<row><c><v>1</v></c></row>" * 20 * MB),
    "laughs.xlsx": lambda: changed(workbook(), sheet1_xml=SYNTAX["laughs.xml"]()),
    "paragraphs.docx": lambda: word(PARAGRAPH * 100_000),
    "runs.docx": lambda: word("<w:p>" + "<w:r><w:t>a </w:t></w:r>" * 300_000 + "</w:p>"),
    "nested-tables.docx": lambda: word(nested_tables(80)),
    "very-nested-tables.docx": lambda: word(nested_tables(5_000)),
    "wide-table.docx": lambda: word(wide_table(2_000, 60)),
    "long-run.docx": lambda: word(f"<w:p><w:r><w:t>{'x' * 5 * MB}</w:t></w:r></w:p>"),
    "breaks.docx": lambda: word("<w:p><w:r>a" + "<w:br/>" * 500_000 + "</w:r></w:p>"),
    "tabs.docx": lambda: word("<w:p><w:r><w:t>a</w:t>" + "<w:tab/>" * 500_000 + "</w:r></w:p>"),
    "fields.docx": lambda: word("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 100_000 + "</w:p>" + PARAGRAPH),
    "bookmarks.docx": lambda: word("".join(f'<w:bookmarkStart w:id="{n}" w:name="b{n}"/>' for n in range(100_000)) + PARAGRAPH),
    "notes.docx": lambda: word('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' * 50_000 + PARAGRAPH),
    "numbers.docx": lambda: word('<w:p><w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="99999999999"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>' * 20_000),
    "bomb.docx": lambda: changed(word(), document_xml=b"<a>" + b"b" * 600 * MB + b"</a>"),
    "laughs.docx": lambda: changed(word(), document_xml=SYNTAX["laughs.xml"]()),
    "slides.pptx": lambda: slides(400),
    "grouped.pptx": lambda: grouped_slide(80),
    "very-grouped.pptx": lambda: grouped_slide(5_000),
    "bomb.pptx": lambda: changed(slides(), slide1_xml=b"<a>" + b"b" * 600 * MB + b"</a>"),
    "rows.ods": lambda: opened("spreadsheet", repeated_rows(2**31)),
    "many-rows.ods": lambda: opened("spreadsheet", repeated_rows(999, 50_000)),
    "columns.ods": lambda: opened("spreadsheet", repeated_cells(2**31)),
    "many-columns.ods": lambda: opened("spreadsheet", repeated_cells(199, 5_000)),
    "spaces.odt": lambda: opened("text", '<text:p>a<text:s text:c="2000000000"/>b</text:p>'),
    "many-spaces.odt": lambda: opened("text", '<text:p>a<text:s text:c="1000"/></text:p>' * 20_000),
    "deep-lists.odt": lambda: opened("text", "<text:list><text:list-item>" * 80 + "<text:p>a</text:p>" + "</text:list-item></text:list>" * 80),
    "very-deep-lists.odt": lambda: opened("text", "<text:list><text:list-item>" * 5_000 + "<text:p>a</text:p>" + "</text:list-item></text:list>" * 5_000),
    "deep-spans.odt": lambda: opened("text", "<text:p>" + "<text:span>" * 200 + "a" + "</text:span>" * 200 + "</text:p>"),
    "nested-tables.odt": lambda: opened("text", "<table:table><table:table-row><table:table-cell>" * 60 + "<text:p>a</text:p>" + "</table:table-cell></table:table-row></table:table>" * 60),
    "slides.odp": lambda: opened("presentation", "<draw:page><draw:frame><draw:text-box><text:p>a</text:p></draw:text-box></draw:frame></draw:page>" * 20_000),
    "bomb.odt": lambda: zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a>" + b"b" * 600 * MB + b"</a>"}),
    "laughs.odt": lambda: zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": SYNTAX["laughs.xml"]()}),
    "same-chapter.epub": lambda: book({"a": CHAPTER}, '<itemref idref="a"/>' * 20_000),
    "chapters.epub": lambda: book({f"c{n}": "words" for n in range(5_000)}, "".join(f'<itemref idref="c{n}"/>' for n in range(5_000))),
    "no-chapters.epub": lambda: book({"a": CHAPTER}, '<itemref idref="b"/>' * 100_000),
    "bomb.epub": lambda: zip_of({"mimetype": b"application/epub+zip", "META-INF/container.xml": b" " * 600 * MB}),
    "long-chapter.epub": lambda: book({"a": "word " * MB}, '<itemref idref="a"/>'),
    "bomb.zip": lambda: zip_of({"a.txt": b"a" * 600 * MB}),
    "many-bombs.zip": lambda: zip_of({f"{n}.txt": b"a" * 20 * MB for n in range(30)}),
    "entries.zip": lambda: zip_of({f"{n}.txt": b"a" for n in range(50_000)}, 1),
    "nested.zip": lambda: nested_zip(200),
    "climbing.zip": lambda: zip_of({f"../../{n}.txt": b"words" for n in range(100)}),
    "long-names.zip": lambda: zip_of({"a" * 60_000 + f"{n}.txt": b"words" for n in range(50)}),
    "all-kinds.zip": lambda: zip_of({f"a{n}.xlsx": BINARY["far-cell.xlsx"]() for n in range(50)}),
    "cut.zip": lambda: zip_of({"a.txt": b"words " * MB})[:-100],
    "lying-size.zip": lambda: zip_of({"a.txt": b"w" * MB}).replace(struct.pack("<I", MB), struct.pack("<I", 10)),
    "bomb.tar.gz": lambda: tarred(1, lambda _: None, b"a" * 600 * MB),
    "members.tar.gz": lambda: tarred(50_000, lambda _: None, b"a"),
    "links.tgz": lambda: tarred(1_000, linked),
    "devices.tgz": lambda: tarred(1_000, device),
    "climbing.tgz": lambda: tarred(1_000, climbing, b"words"),
}  # fmt: skip


# -- PDF, pictures, the old formats of Office ----------------------------------------------------


def pdf(*objects: bytes, root: int = 1, info: bytes = b"") -> bytes:
    """The objects, numbered from 1, with a table and a trailer."""
    made = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root %d 0 R %s >>" % (len(objects) + 1, root, info)
    return made + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, trailer, len(made),
    )  # fmt: skip


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def stream(content: bytes, filters: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content)


def printed(content: bytes, filters: bytes = b"", box: bytes = b"0 0 612 792") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R %s >>" % (box, FONT)
    return pdf(
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream(content, filters)
    )


WORDS = b"BT /F 12 Tf 72 700 Td (Words of a page.) Tj ET "


def dated(date: bytes) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % FONT
    about = b"<< /CreationDate (%s) /ModDate (%s) /Title (a) >>" % (date, date)
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf(CATALOG, tree, page, stream(WORDS), about, info=b"/Info 5 0 R")


def outlined(count: int, *, circle: bool) -> bytes:
    first = [
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % FONT,
        stream(WORDS),
        b"<< /Type /Outlines /First 6 0 R /Last 6 0 R >>",
    ]
    for number in range(count):
        after = 6 if circle and number == count - 1 else number + 7
        first.append(
            b"<< /Title (a) /Parent 5 0 R /Next %d 0 R /First %d 0 R /Dest [3 0 R /Fit] >>"
            % (after, after)
        )
    return pdf(*first)


def scattered(count: int) -> bytes:
    chance = random.Random(1)
    return b"".join(
        b"BT /F 8 Tf %d %d Td (word) Tj ET " % (chance.randrange(600), chance.randrange(780))
        for _ in range(count)
    )


def png(width: int, height: int, data: bytes = b"", extra: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )  # fmt: skip

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
        + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    )  # fmt: skip


def tiff(frames: int, *, circle: bool) -> bytes:
    made = b"II*\0" + struct.pack("<I", 8)
    for number in range(frames):
        entries = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 0)]
        entries += [(273, 4, 1, 0), (277, 3, 1, 1), (278, 3, 1, 8), (279, 4, 1, 8)]
        after = 8 if circle and number == frames - 1 else len(made) + 2 + len(entries) * 12 + 4
        after = 0 if not circle and number == frames - 1 else after
        made += struct.pack("<H", len(entries))
        made += b"".join(struct.pack("<HHII", *entry) for entry in entries)
        made += struct.pack("<I", after)
    return made


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole(sectors: int, fat: bytes) -> bytes:
    """A file of the old Office whose table of sectors is as given."""
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, sectors, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) * 109
    return header[:512].ljust(512, b"\0") + fat.ljust(512, b"\0") + bytes(512 * 4)


CIRCLE = struct.pack("<I", 1) * 128
"""Every sector is followed by the second one."""

DRAWN: Mapping[str, Make] = {
    **{f"date-{n}.pdf": partial(dated, date) for n, date in enumerate((
        b"D:99999999999999", b"D:00000000000000", b"D:20261399", b"D:-1", b"D:20260101000000+99'99'",
        b"D:10000101000000", b"\xfe\xff\x00D", b"D:" + b"9" * 100_000,
    ))},
    "bomb.pdf": lambda: printed(zlib.compress(WORDS + b" " * 600 * MB), b"/Filter /FlateDecode"),
    "twice-packed.pdf": lambda: printed(zlib.compress(zlib.compress(b" " * 600 * MB)), b"/Filter [/FlateDecode /FlateDecode]"),
    "states.pdf": lambda: printed(b"q " * MB + WORDS),
    "words.pdf": lambda: printed(WORDS * 100_000),
    "scattered.pdf": lambda: printed(scattered(20_000)),
    "lines.pdf": lambda: printed(b"".join(b"%d 0 m %d 700 l S " % (n % 600, n % 500) for n in range(200_000)) + WORDS),
    "rectangles.pdf": lambda: printed(b"".join(b"%d %d 10 10 re S " % (n % 600, n % 700) for n in range(4_900)) + WORDS),
    "large-page.pdf": lambda: printed(WORDS, box=b"0 0 999999999 999999999"),
    "no-page.pdf": lambda: printed(WORDS, box=b"0 0 0 0"),
    "turned-page.pdf": lambda: printed(WORDS, box=b"612 792 -9999999 -9999999"),
    "circle.pdf": lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
    "many-pages.pdf": lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [" + b"3 0 R " * 20_000 + b"] /Count 20000 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % FONT, stream(WORDS)),
    "count.pdf": lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % FONT, stream(WORDS)),
    "outlines.pdf": lambda: outlined(20_000, circle=False),
    "outlines-circle.pdf": lambda: outlined(500, circle=True),
    "objects.pdf": lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>", *[b"null"] * 300_000),
    "deep-arrays.pdf": lambda: pdf(CATALOG, b"[" * 300_000),
    "form-circle.pdf": lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>", stream(b"/X Do"), stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>")),
    "cut.pdf": lambda: printed(WORDS * 1_000)[:20_000],
    "empty.pdf": lambda: b"%PDF-1.7\n",
    "random.pdf": lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(MB),
    "flood.png": lambda: png(60_000, 60_000, bytes(7_501 * 60_000)),
    "huge.png": lambda: png(2**31 - 1, 2**31 - 1),
    "cut.png": lambda: png(2_000, 2_000, bytes(500_000))[:300],
    "frames.tif": lambda: tiff(20_000, circle=False),
    "circle.tif": lambda: tiff(3, circle=True),
    "cut.jpg": lambda: b"\xff\xd8\xff\xe0" + random.Random(3).randbytes(100_000),
    "circle.doc": lambda: ole(1, CIRCLE),
    "circle.xls": lambda: ole(1, CIRCLE),
    "circle.ppt": lambda: ole(1, CIRCLE),
    "circle.msg": lambda: ole(1, CIRCLE),
    "sectors.msg": lambda: ole(0xFFFFFFF0, CIRCLE),
    "random.doc": lambda: OLE + random.Random(4).randbytes(MB),
    "random.xls": lambda: OLE + random.Random(5).randbytes(MB),
    "random.xlsx": lambda: b"PK\3\4" + random.Random(6).randbytes(MB),
}  # fmt: skip


def hostile(only: str = "") -> dict[str, Make]:
    """Every file, by its name."""
    found = {**dict(shaped()), **SYNTAX, **MAIL, **BINARY, **DRAWN}
    return {name: make for name, make in found.items() if only in name}


# -- what one costs -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """`seconds` of a processor and `peak` MB, beyond what there was before; `came` of it."""

    name: str
    size: int
    seconds: float
    peak: float
    passages: int
    came: str

    @property
    def is_within(self) -> bool:
        return self.seconds <= SECONDS and self.peak <= MEMORY and not self.came.startswith("CRASH")


def children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def seconds_of(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spent() -> float:
    """Of this process and of all that it started."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + gone.ru_utime + gone.ru_stime + sum(map(seconds_of, children()))


def megabytes(process: int, what: str = "VmRSS") -> float:
    try:
        said = Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in said.splitlines() if what in line), 0.0)


class Peak:
    """The most memory that this process or one that it started has, above what it had."""

    def __enter__(self) -> Peak:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = {child: megabytes(child) for child in children()}
        self._own, self.most, self._ended = megabytes(os.getpid()), 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()
        self.most = max(self.most, megabytes(os.getpid(), "VmHWM") - self._own)

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            for child in children():
                self.most = max(self.most, megabytes(child) - self._before.setdefault(child, 60.0))


class GaveUp(Exception):
    """A file was waited for long enough."""


@contextmanager
def in_time() -> Iterator[None]:
    def end(_: int, __: FrameType | None) -> None:
        raise GaveUp

    signal.signal(signal.SIGALRM, end)
    signal.alarm(GIVEN_UP)
    try:
        yield
    finally:
        signal.alarm(0)


def measured(name: str, content: bytes, folder: Path, parts: Parts) -> Cost:
    """What it costs to prepare it for the index."""
    file = folder / name
    file.write_bytes(content)
    passages, came = 0, ""
    before = spent()
    with Peak() as peak:
        try:
            with in_time():
                passages = len(prepare(fetch(file, name), name, *parts).passages)
            came = "indexed"
        except UnreadableFile as error:
            came = str(error).removeprefix(f"{name} ")
        except GaveUp:
            came = f"CRASH: takes more than {GIVEN_UP} s"
        except Exception as error:  # noqa: BLE001  what is looked for
            came = f"CRASH: {error!r}"
    file.unlink()
    return Cost(name, len(content), spent() - before, peak.most, passages, came)


def measure_all(files: Mapping[str, Make], folder: Path, models: Path) -> bool:
    """A line for each; are all within the limits?"""
    parts = (open_embedder("all-MiniLM-L6-v2", models), Attributor(languages()))
    measured("warm.txt", NEIGHBOUR.encode() * 100, folder, parts)
    costs = []
    for name, make in files.items():
        cost = measured(name, make(), folder, parts)
        costs.append(cost)
        print(
            f"{'  ' if cost.is_within else '! '}{name:28} {cost.size / MB:6.1f} MB "
            f"{cost.seconds:6.1f} s {cost.peak:6.0f} MB {cost.passages:6,} passages  "
            f"{cost.came[:90]}", flush=True,
        )  # fmt: skip
    bad = [cost.name for cost in costs if not cost.is_within]
    most = max(costs, key=lambda cost: cost.seconds)
    largest = max(costs, key=lambda cost: cost.peak)
    print(
        f"{len(costs)} files: {len(bad)} beyond {SECONDS:.0f} s or {MEMORY:.0f} MB or crashed "
        f"{bad}; at most {most.seconds:.1f} s ({most.name}) and {largest.peak:.0f} MB "
        f"({largest.name})"
    )
    return not bad


# -- all of them, and their neighbours ---------------------------------------------------------


ONRECORD = [sys.executable, "-c", "from assistant.commands.cli import main; main()"]


def new_home(folder: Path, models: Path) -> Path:
    home = folder / "home"
    home.mkdir()
    models.mkdir(exist_ok=True)
    (home / "models").symlink_to(models)
    return home


def index_all(files: Mapping[str, Make], folder: Path, models: Path) -> bool:
    """One run of `onrecord index` over all of them, each beside a file that is sound."""
    texts, home = folder / "texts", new_home(folder, models)
    for number, (name, make) in enumerate(files.items()):
        place = texts / f"{number:03}"
        place.mkdir(parents=True)
        (place / name).write_bytes(make())
        (place / "neighbour.txt").write_text(NEIGHBOUR.format(number))
    begun = time.monotonic()
    done = subprocess.run(
        [*ONRECORD, "--home", str(home), "index", "--json", str(texts)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    events = [json.loads(line) for line in done.stdout.splitlines()]
    became = {event["name"]: event for event in events if event["event"] == "file"}
    neighbours = {name for name in became if name.endswith("neighbour.txt")}
    added = {name for name in neighbours if became[name]["change"] == "added"}
    told = {name for name in became if name not in neighbours}
    print(
        f"{len(files)} files in {time.monotonic() - begun:.0f} s, exit code {done.returncode}; "
        f"{len(added)} of {len(files)} neighbours indexed; said of {len(told)} hostile ones what "
        f"became of them\n{done.stderr[-2_000:]}"
    )
    return done.returncode == 0 and len(added) == len(files) == len(told)


def upload_all(files: Mapping[str, Make], folder: Path, models: Path) -> bool:
    """Each to a running server, while somebody else asks."""
    texts, home = folder / "texts", new_home(folder, models)
    texts.mkdir()
    for number in range(200):
        (texts / f"{number}.txt").write_text(NEIGHBOUR.format(number))
    with serve(home) as address, httpx.Client(base_url=address, timeout=600) as client:
        subprocess.run([*ONRECORD, "--home", str(home), "index", str(texts)], check=True)
        quiet = [*asking(address, lambda: False, 100)]
        ended = threading.Event()
        disturbed: list[float] = []
        other = threading.Thread(target=lambda: disturbed.extend(asking(address, ended.is_set, MB)))
        other.start()
        replies: Counter[int] = Counter()
        for name, make in files.items():
            try:
                reply = client.post("/api/v1/documents", files={"file": (name, make())})
                replies[reply.status_code] += 1
                if reply.status_code >= 500 or reply.status_code == 400:
                    print(f"! {name}: {reply.status_code} {reply.text[:200]}", flush=True)
            except httpx.HTTPError as error:
                replies[0] += 1
                print(f"! {name}: {error!r}", flush=True)
        ended.set()
        other.join()
    before, during = p95(quiet), p95(disturbed)
    print(
        f"{dict(replies)}; p95 of others' questions {before * 1000:.0f} ms undisturbed, "
        f"{during * 1000:.0f} ms meanwhile ({during / before:.2f} times, {len(disturbed)} questions)"
    )
    return {*replies} <= {201, 413, 415, 422}


def asking(address: str, has_ended: Callable[[], bool], most: int) -> Iterator[float]:
    """Seconds of each of another person's questions."""
    with httpx.Client(base_url=address, timeout=600) as client:
        for _ in range(most):
            if has_ended():
                return
            begun = time.perf_counter()
            client.post("/api/v1/ask", json={"question": QUESTION}).raise_for_status()
            yield time.perf_counter() - begun
            time.sleep(0.05)


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    said.add_argument("--only", default="", help="files with this in their names")
    said.add_argument("--index", action="store_true", help="all through onrecord index")
    said.add_argument("--upload", action="store_true", help="all to a server, others asking")
    said.add_argument("--models", type=Path, help="a folder in which the model is prepared")
    chosen = said.parse_args()
    files = hostile(chosen.only)
    run = index_all if chosen.index else upload_all if chosen.upload else measure_all
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sys.exit(not run(files, place, (chosen.models or place / "models").absolute()))


if __name__ == "__main__":
    main()
