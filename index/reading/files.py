"""What files hold: bytes -> Reading, through a table {suffix: reader}."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import UnreadableFile
from index.reading.blocks import Reading, Refused, one_line
from index.reading.mail import read_mail
from index.reading.markdown import read_markdown
from index.reading.pdf import read_pdf
from index.reading.records import read_json, read_jsonl
from index.reading.slides import read_slides
from index.reading.subtitles import read_srt, read_vtt
from index.reading.text import read_csv, read_plain
from index.reading.web import read_epub, read_html
from index.reading.word import read_word
from index.reading.workbook import read_workbook

MOST_SENTENCES = 1_000_000
"""Lines that are not blank count, too: each has a vector. War and Peace has 30,000."""

ENDS = ("\n", ". ", "? ", "! ", "。")

Errors = tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of file is read, and by what its library shows a damaged one.

    `errors` is a function, so that no library is imported before a file needs it.
    """

    kind: str
    read: Callable[[bytes], Reading]
    errors: Callable[[], Errors]


def read(suffix: str, content: bytes) -> Reading:
    """What a file of this kind holds. Raises Refused, which says why not and what to do."""
    reader = READERS[suffix]
    if not content or content.isspace():
        raise Refused("is empty. Leave it out.")
    errors = reader.errors()  # before there is too little memory to load them
    try:
        reading = reader.read(content)
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


def _mail(content: bytes) -> Reading:
    """A mail, whose attachments are read as files of their kinds are."""
    return read_mail(
        content, lambda suffix, held: read(suffix, held) if suffix in READERS else None
    )


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


def _no_errors() -> Errors:
    return ()


def _text_errors() -> Errors:
    import csv

    return (csv.Error, ValueError, RecursionError)


def _web_errors() -> Errors:
    from lxml.etree import LxmlError

    return (LxmlError, ValueError)


def _mail_errors() -> Errors:
    return (*_web_errors(), RecursionError)


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


def _pdf_errors() -> Errors:
    from pypdfium2 import PdfiumError

    return (PdfiumError,)


WEB_PAGE = Reader("web page", read_html, _web_errors)

READERS = {
    ".txt": Reader("text", read_plain, _no_errors),
    ".md": Reader("Markdown", read_markdown, _text_errors),
    ".html": WEB_PAGE,
    ".htm": WEB_PAGE,
    ".pdf": Reader("PDF file", read_pdf, _pdf_errors),
    ".docx": Reader("Word document", read_word, _office_errors),
    ".pptx": Reader("PowerPoint presentation", read_slides, _office_errors),
    ".xlsx": Reader("Excel workbook", read_workbook, _office_errors),
    ".csv": Reader("CSV table", read_csv, _text_errors),
    ".json": Reader("JSON file", read_json, _text_errors),
    ".jsonl": Reader("JSON Lines file", read_jsonl, _text_errors),
    ".epub": Reader("e-book", read_epub, _archive_errors),
    ".vtt": Reader("WebVTT file", read_vtt, _subtitle_errors),
    ".srt": Reader("SubRip file", read_srt, _subtitle_errors),
    ".eml": Reader("mail message", _mail, _mail_errors),
}

SUFFIXES = frozenset(READERS)
"""What can be read; capital letters count as small ones."""
