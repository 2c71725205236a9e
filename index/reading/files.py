"""Files to documents: path -> Document, through a table {suffix: reader}."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.documents import Document, Source
from index.errors import UnreadableFile
from index.reading.blocks import Reading, Refused, one_line
from index.reading.office import read_slides, read_word, read_workbook
from index.reading.opening import open_real
from index.reading.pdf import read_pdf
from index.reading.text import read_csv, read_json, read_jsonl, read_markdown, read_plain
from index.reading.web import read_epub, read_html, read_mail

LARGEST_FILE = 200_000_000
"""Bytes. A file is read into memory at once."""

JUNK_TITLE = re.compile(
    r"""(?:Microsoft\ (?:Word|PowerPoint|Excel)\ -\ .*
        | (?:untitled|document|presentation|slide|workbook|book|word\ document
             |powerpoint\ presentation|no\ title|title)[\s\d]*
        | .*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|rtf|odt))""",
    re.IGNORECASE | re.VERBOSE,
)
"""Titles that a program put there: its own words or the name of a file."""

Errors = tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of file is read, and by what its library shows a damaged one.

    `errors` is a function, so that no library is imported before a file needs it.
    """

    kind: str
    read: Callable[[bytes], Reading]
    errors: Callable[[], Errors]


def load(path: Path, name: str, document_id: str, real: Path | None = None) -> Document:
    """The document in a file. `name` is what people call it, `real` the path without links
    at which it was found.

    Raises UnreadableFile, which says which file, why and what to do. Its version is a
    digest of what was read, so it changes when that does.
    """
    reader = reader_of(path, name)
    reading = _read(reader, _content(real or path.resolve(), name), name)
    if not reading.text.strip():
        raise UnreadableFile(f"{name} is empty: there is no text in it. Leave it out.")
    title = _title(reading, path)
    facts = (reading.text, title, reading.published or "", reading.byline or "")
    source = Source(
        id=document_id,
        name=name,
        title=title,
        version=hashlib.sha256("\0".join(facts).encode()).hexdigest()[:16],
        published=reading.published,
        byline=reading.byline,
    )
    return Document(source, reading.text, reading.page_starts, reading.headings, reading.sharing)


def reader_of(path: Path, name: str) -> Reader:
    """By which a file is read. Raises UnreadableFile for a kind that cannot be."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(
            f"{name} is of a kind that cannot be read. These kinds can: {kinds()}."
        )
    return reader


def _content(path: Path, name: str) -> bytes:
    try:
        with open_real(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE:
                raise UnreadableFile(
                    f"{name} has {size:,} bytes; at most {LARGEST_FILE:,} are read. Divide it."
                )
            return file.read()
    except OSError as error:
        raise UnreadableFile(
            f"{name} cannot be opened ({error.strerror}). Check that it is there and that you "
            "have the right to read it."
        ) from error


def _read(reader: Reader, content: bytes, name: str) -> Reading:
    if not content.strip():
        raise UnreadableFile(f"{name} is empty. Leave it out.")
    try:
        return reader.read(content)
    except Refused as refusal:
        raise UnreadableFile(f"{name} {refusal}") from refusal
    except reader.errors() as error:
        raise UnreadableFile(
            f"{name} is damaged or no {reader.kind} ({one_line(str(error)) or 'no reason given'}). "
            "Open it in the program it was made with and save it again, or leave it out."
        ) from error


def _title(reading: Reading, path: Path) -> str:
    title = one_line(reading.title or "")
    return _words(path.stem) if not title or JUNK_TITLE.fullmatch(title) else title


def _words(stem: str) -> str:
    """A file name with spaces beside its words; dates and numbers stay as they are."""
    parts = re.split(r"([_-]+)", one_line(stem))
    for index in range(1, len(parts), 2):
        if parts[index - 1].isalpha() or parts[index + 1].isalpha():
            parts[index] = " "
    return "".join(parts).strip() or stem


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
    ".eml": Reader("mail message", read_mail, _web_errors),
}

SUFFIXES = frozenset(READERS)
"""What can be read; capital letters count as small ones."""
