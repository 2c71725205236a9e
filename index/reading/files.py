"""What files hold: bytes -> Reading, through a table {suffix: reader}."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import UnreadableFile
from index.reading.archives import files_of_tar, files_of_zip
from index.reading.blocks import Blocks, Reading, Refused, one_line
from index.reading.latex import read_latex
from index.reading.mail import read_mail, read_mailbox
from index.reading.markdown import read_markdown
from index.reading.markup import read_xml
from index.reading.notebook import read_notebook
from index.reading.old_workbook import read_old_workbook
from index.reading.opendocument import read_opendocument
from index.reading.outlines import read_asciidoc, read_org
from index.reading.outlook import read_outlook
from index.reading.pdf import read_pdf
from index.reading.records import read_json, read_jsonl
from index.reading.restructured import read_restructured
from index.reading.richtext import read_richtext
from index.reading.slides import read_slides
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


def suffix_of(file: Path | str) -> str:
    """The ending of a file's name that tells its kind, in small letters: ".tar.gz", ".pdf"."""
    name = str(file).lower()
    return next((double for double in DOUBLE if name.endswith(double)), Path(name).suffix)


def _held(suffix: str, content: bytes) -> Reading | None:
    """What a file within another holds; None for a kind that cannot be read. What holds files
    itself is not opened again: it may hold itself."""
    return read(suffix, content) if suffix in READERS and suffix not in ARCHIVES else None


def _mail(content: bytes) -> Reading:
    """A mail, whose attachments are read as files of their kinds are."""
    return read_mail(content, _held)


def _mailbox(content: bytes) -> Reading:
    return read_mailbox(content, _held)


def _outlook(content: bytes) -> Reading:
    return read_outlook(content, _held)


def _archive(files: Callable[[bytes], Iterator[tuple[str, bytes]]]) -> Callable[[bytes], Reading]:
    """Reads each file of an archive as a part of its own; those that cannot be read are named."""

    def read_archive(content: bytes) -> Reading:
        blocks = Blocks(len(content))
        for path, held in files(content):
            name = one_line(path)
            reading = _held_or_none(name, held)
            if reading is None:
                blocks.left_out(f"file {name}")
                continue
            with blocks.container("part", 1, name=name):
                blocks.heading(name)
                blocks.include(reading)
        return blocks.reading()

    return read_archive


def _held_or_none(name: str, content: bytes) -> Reading | None:
    try:
        return _held(suffix_of(name), content)
    except Refused:
        return None


def _sentences(text: str) -> int:
    """About as many as there are."""
    return sum(map(text.count, ENDS)) - text.count("\n\n")


def reader_of(path: Path, name: str) -> Reader:
    """By which a file is read. Raises UnreadableFile for a kind that cannot be."""
    reader = READERS.get(suffix_of(path))
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


def _archive_errors() -> Errors:
    """A damaged archive shows in all of these ways, for its parts are read one by one."""
    import struct
    import zlib
    from zipfile import BadZipFile

    broken = (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError)
    absent = (KeyError, IndexError, AttributeError, TypeError, OSError)
    return (*_web_errors(), *broken, *absent)


def _tar_errors() -> Errors:
    from tarfile import TarError

    return (*_archive_errors(), TarError)


def _old_office_errors() -> Errors:
    """Of libraries for the formats that are file systems of their own."""
    from xlrd.biffh import XLRDError

    return (*_archive_errors(), XLRDError, AssertionError)


def _notebook_errors() -> Errors:
    """Cells that are none."""
    return (*_text_errors(), AttributeError, TypeError)


def _latex_errors() -> Errors:
    from pylatexenc.latexwalker import LatexWalkerError

    return (*_text_errors(), LatexWalkerError, IndexError, AttributeError)


def _markup_errors() -> Errors:
    from docutils.utils import SystemMessage

    return (*_web_errors(), *_text_errors(), SystemMessage, AttributeError, IndexError)


def _office_errors() -> Errors:
    from xml.etree.ElementTree import ParseError

    from docx.opc.exceptions import OpcError
    from pptx.exc import PythonPptxError

    return (*_archive_errors(), OpcError, PythonPptxError, ParseError)


def _pdf_errors() -> Errors:
    from pypdfium2 import PdfiumError

    return (PdfiumError,)


WEB_PAGE = Reader("web page", read_html, _web_errors)
OPEN_TEXT = Reader("OpenDocument text", read_opendocument, _archive_errors)
OPEN_SHEETS = Reader("OpenDocument spreadsheet", read_opendocument, _archive_errors)
OPEN_SLIDES = Reader("OpenDocument presentation", read_opendocument, _archive_errors)
TAR_GZ = Reader("archive", _archive(files_of_tar), _tar_errors)

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
    ".eml": Reader("mail message", _mail, _mail_errors),
    ".mbox": Reader("mailbox", _mailbox, _mail_errors),
    ".msg": Reader("Outlook message", _outlook, _old_office_errors),
    ".odt": OPEN_TEXT,
    ".ods": OPEN_SHEETS,
    ".odp": OPEN_SLIDES,
    ".rtf": Reader("RTF document", read_richtext, _text_errors),
    ".xls": Reader("Excel workbook", read_old_workbook, _old_office_errors),
    ".rst": Reader("reStructuredText", read_restructured, _markup_errors),
    ".adoc": Reader("AsciiDoc", read_asciidoc, _text_errors),
    ".org": Reader("Org file", read_org, _text_errors),
    ".tex": Reader("LaTeX", read_latex, _latex_errors),
    ".ipynb": Reader("Jupyter notebook", read_notebook, _notebook_errors),
    ".xml": Reader("XML file", read_xml, _web_errors),
    ".log": Reader("log", read_plain, _no_errors),
    ".zip": Reader("archive", _archive(files_of_zip), _archive_errors),
    ".tar.gz": TAR_GZ,
    ".tgz": TAR_GZ,
}

ARCHIVES = frozenset([".zip", ".tar.gz", ".tgz"])
DOUBLE = tuple(suffix for suffix in READERS if suffix.count(".") > 1)

SUFFIXES = frozenset(READERS)
"""What can be read; capital letters count as small ones."""
