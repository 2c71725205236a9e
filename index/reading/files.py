"""What files hold: bytes -> Reading, through a table {suffix: reader}."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from index.errors import UnreadableFile
from index.reading.blocks import Reading, Refused, one_line

MOST_SENTENCES = 1_000_000
"""Lines that are not blank count, too: each has a vector. War and Peace has 30,000."""

ENDS = ("\n", ". ", "? ", "! ", "。")

Errors = tuple[type[Exception], ...]


ReadBytes = Callable[[bytes], Reading]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of file is read: `load` gives what reads it, and by what its library shows
    a damaged one. It is a function, so that nothing is imported before a file needs it."""

    kind: str
    load: Callable[[], tuple[ReadBytes, Errors]]


def read(suffix: str, content: bytes) -> Reading:
    """What a file of this kind holds. Raises Refused, which says why not and what to do."""
    reader = READERS[suffix]
    if not content or content.isspace():
        raise Refused("is empty. Leave it out.")
    read_content, errors = reader.load()  # before there is too little memory to load them
    try:
        reading = read_content(content)
    except errors as error:
        raise Refused(
            f"is damaged or no {reader.kind} ({one_line(str(error)) or 'no reason given'}). "
            "Open it in the program it was made with and save it again, or leave it out."
        ) from error
    if not reading.text or reading.text.isspace():
        raise Refused("is empty: there is no text in it. Leave it out.")
    if _sentences(reading.text) > MOST_SENTENCES:
        raise Refused(f"holds more than {MOST_SENTENCES:,} lines or sentences. Divide it.")
    return reading


def _sentences(text: str) -> int:
    """About as many as there are."""
    return sum(map(text.count, ENDS)) - text.count("\n\n")


def reader_of(path: Path, name: str) -> Reader:
    """By which a file is read. Raises UnreadableFile for a kind that cannot be."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(
            f"{name} is of a kind that cannot be read. These kinds can: {kinds()}."
        )
    return reader


def kinds() -> str:
    """What can be read, as people are told it."""
    return " ".join(sorted(SUFFIXES))


def _plain() -> tuple[ReadBytes, Errors]:
    from index.reading.text import read_plain

    return read_plain, ()


def _markdown() -> tuple[ReadBytes, Errors]:
    from index.reading.markdown import read_markdown

    return read_markdown, _text_errors()


def _csv() -> tuple[ReadBytes, Errors]:
    from index.reading.text import read_csv

    return read_csv, _text_errors()


def _json() -> tuple[ReadBytes, Errors]:
    from index.reading.records import read_json

    return read_json, _text_errors()


def _jsonl() -> tuple[ReadBytes, Errors]:
    from index.reading.records import read_jsonl

    return read_jsonl, _text_errors()


def _html() -> tuple[ReadBytes, Errors]:
    from index.reading.web import read_html

    return read_html, _web_errors()


def _epub() -> tuple[ReadBytes, Errors]:
    from index.reading.web import read_epub

    return read_epub, _archive_errors()


def _vtt() -> tuple[ReadBytes, Errors]:
    from index.reading.subtitles import read_vtt

    return read_vtt, _subtitle_errors()


def _srt() -> tuple[ReadBytes, Errors]:
    from index.reading.subtitles import read_srt

    return read_srt, _subtitle_errors()


def _mail() -> tuple[ReadBytes, Errors]:
    """What is attached is read as files of its kinds are."""
    from index.reading.mail import read_mail

    def read_held(suffix: str, content: bytes) -> Reading | None:
        return read(suffix, content) if suffix in READERS else None

    return partial(read_mail, read=read_held), (*_web_errors(), RecursionError)


def _pdf() -> tuple[ReadBytes, Errors]:
    from pypdfium2 import PdfiumError

    from index.reading.pdf import read_pdf

    return read_pdf, (PdfiumError,)


def _word() -> tuple[ReadBytes, Errors]:
    from index.reading.word import read_word

    return read_word, _office_errors()


def _slides() -> tuple[ReadBytes, Errors]:
    from index.reading.slides import read_slides

    return read_slides, _office_errors()


def _workbook() -> tuple[ReadBytes, Errors]:
    from index.reading.workbook import read_workbook

    return read_workbook, _office_errors()


def _text_errors() -> Errors:
    import csv

    return (csv.Error, ValueError, RecursionError)


def _web_errors() -> Errors:
    from lxml.etree import LxmlError

    return (LxmlError, ValueError)


def _subtitle_errors() -> Errors:
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    return (MalformedCaptionError, MalformedFileError)


def _archive_errors() -> Errors:
    """A damaged archive shows in all of these ways, for its parts are read one by one."""
    import struct
    import zlib
    from zipfile import BadZipFile

    broken = (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError)
    absent = (KeyError, IndexError, AttributeError, TypeError, OSError)
    return (*_web_errors(), *broken, *absent)


def _office_errors() -> Errors:
    from xml.etree.ElementTree import ParseError

    from docx.opc.exceptions import OpcError
    from pptx.exc import PythonPptxError

    return (*_archive_errors(), OpcError, PythonPptxError, ParseError)


WEB_PAGE = Reader("web page", _html)

READERS = {
    ".txt": Reader("text", _plain),
    ".md": Reader("Markdown", _markdown),
    ".html": WEB_PAGE,
    ".htm": WEB_PAGE,
    ".pdf": Reader("PDF file", _pdf),
    ".docx": Reader("Word document", _word),
    ".pptx": Reader("PowerPoint presentation", _slides),
    ".xlsx": Reader("Excel workbook", _workbook),
    ".csv": Reader("CSV table", _csv),
    ".json": Reader("JSON file", _json),
    ".jsonl": Reader("JSON Lines file", _jsonl),
    ".epub": Reader("e-book", _epub),
    ".vtt": Reader("WebVTT file", _vtt),
    ".srt": Reader("SubRip file", _srt),
    ".eml": Reader("mail message", _mail),
}

SUFFIXES = frozenset(READERS)
"""What can be read; capital letters count as small ones."""
