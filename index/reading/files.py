"""What files hold: bytes -> Reading, through a table {suffix: reader}."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from index.errors import UnreadableFile
from index.reading.blocks import Blocks, Reading, Unreadable, one_line
from index.reading.pages.ocr import is_installed

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
    """What a file of this kind holds. Raises Unreadable, which says why not and what to do."""
    reader = READERS[suffix]
    if not content or content.isspace():
        raise Unreadable("is empty. Leave it out.")
    read_content, errors = reader.load()  # before there is too little memory to load them
    try:
        reading = read_content(content)
    except errors as error:
        why = one_line(str(error)).rstrip(".") or "no reason given"
        raise Unreadable(
            f"is damaged or no {reader.kind} ({why}). "
            "Open it in the program it was made with and save it again, or leave it out."
        ) from error
    if not reading.text or reading.text.isspace():
        raise Unreadable("is empty: there is no text in it. Leave it out.")
    if sentences_in(reading.text) > MOST_SENTENCES:
        raise Unreadable(f"holds more than {MOST_SENTENCES:,} lines or sentences. Divide it.")
    return reading


def sentences_in(text: str) -> int:
    """About as many as there are."""
    return sum(map(text.count, ENDS)) - text.count("\n\n")


def suffix_of(file: Path | str) -> str:
    """The ending of a file's name that tells its kind, in small letters: ".tar.gz", ".pdf"."""
    name = str(file).lower()
    return next((double for double in DOUBLE if name.endswith(double)), Path(name).suffix)


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


def _plain() -> tuple[ReadBytes, Errors]:
    from index.reading.text import read_plain

    return read_plain, ()


def _markdown() -> tuple[ReadBytes, Errors]:
    from index.reading.markup.markdown import read_markdown

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
    from index.reading.markup.web import read_html

    return read_html, _web_errors()


def _epub() -> tuple[ReadBytes, Errors]:
    from index.reading.markup.web import read_epub

    return read_epub, _archive_errors()


def _vtt() -> tuple[ReadBytes, Errors]:
    from index.reading.messages.subtitles import read_vtt

    return read_vtt, _subtitle_errors()


def _srt() -> tuple[ReadBytes, Errors]:
    from index.reading.messages.subtitles import read_srt

    return read_srt, _subtitle_errors()


def _mail() -> tuple[ReadBytes, Errors]:
    """What is attached is read as files of its kinds are."""
    from index.reading.messages.mail import read_mail

    return partial(read_mail, read=_held), (*_web_errors(), RecursionError)


def _pdf() -> tuple[ReadBytes, Errors]:
    from pypdfium2 import PdfiumError

    from index.reading.pages.pdf import read_pdf

    return read_pdf, (PdfiumError,)


def _picture() -> tuple[ReadBytes, Errors]:
    from PIL import Image, UnidentifiedImageError

    from index.reading.pages.pictures import read_picture

    damaged = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError)
    return read_picture, (*damaged, ValueError)


def _word() -> tuple[ReadBytes, Errors]:
    from index.reading.office.word import read_word

    return read_word, _office_errors()


def _converted() -> tuple[ReadBytes, Errors]:
    """It is read as what it is converted to, which takes a process that no reader may start."""

    def refuse(_: bytes) -> Reading:
        raise Unreadable("is read only as a file of its own. Save it in the form of today.")

    return refuse, ()


def _slides() -> tuple[ReadBytes, Errors]:
    from index.reading.office.slides import read_slides

    return read_slides, _office_errors()


def _workbook() -> tuple[ReadBytes, Errors]:
    from index.reading.office.workbook import read_workbook

    return read_workbook, _office_errors()


def _opendocument() -> tuple[ReadBytes, Errors]:
    from index.reading.office.opendocument import read_opendocument

    return read_opendocument, _archive_errors()


def _richtext() -> tuple[ReadBytes, Errors]:
    from index.reading.office.richtext import read_richtext

    return read_richtext, _text_errors()


def _old_workbook() -> tuple[ReadBytes, Errors]:
    from index.reading.office.old_workbook import read_old_workbook

    return read_old_workbook, _old_office_errors()


def _restructured() -> tuple[ReadBytes, Errors]:
    from index.reading.markup.restructured import read_restructured

    return read_restructured, _restructured_errors()


def _asciidoc() -> tuple[ReadBytes, Errors]:
    from index.reading.markup.outlines import read_asciidoc

    return read_asciidoc, _text_errors()


def _org() -> tuple[ReadBytes, Errors]:
    from index.reading.markup.outlines import read_org

    return read_org, _text_errors()


def _latex() -> tuple[ReadBytes, Errors]:
    from index.reading.markup.latex import read_latex

    return read_latex, _latex_errors()


def _notebook() -> tuple[ReadBytes, Errors]:
    from index.reading.markup.notebook import read_notebook

    return read_notebook, (*_text_errors(), AttributeError, TypeError)


def _xml() -> tuple[ReadBytes, Errors]:
    from index.reading.xml import read_xml

    return read_xml, _web_errors()


def _mailbox() -> tuple[ReadBytes, Errors]:
    from index.reading.messages.mail import read_mailbox

    return partial(read_mailbox, read=_held), (*_web_errors(), RecursionError)


def _outlook() -> tuple[ReadBytes, Errors]:
    from index.reading.messages.outlook import read_outlook

    return partial(read_outlook, read=_held), _old_office_errors()


def _zip() -> tuple[ReadBytes, Errors]:
    from index.reading.archives import files_of_zip

    return _of_files(files_of_zip), _archive_errors()


def _tar() -> tuple[ReadBytes, Errors]:
    from tarfile import TarError

    from index.reading.archives import files_of_tar

    return _of_files(files_of_tar), (*_archive_errors(), TarError)


def _of_files(files: Callable[[bytes], Iterator[tuple[str, bytes]]]) -> ReadBytes:
    """Reads each file of an archive as a part of its own; those that cannot be read are named."""

    def read_archive(content: bytes) -> Reading:
        blocks = Blocks(len(content))
        for path, inner in files(content):
            name = one_line(path)
            reading = _held_or_none(suffix_of(name), inner)
            if reading is None:
                blocks.left_out(f"file {name}")
                continue
            with blocks.container("part", 1, name=name):
                blocks.heading(name)
                blocks.include(reading)
        return blocks.reading()

    return read_archive


def _held(suffix: str, content: bytes) -> Reading | None:
    """What a file within another holds; None for a kind that cannot be read. An archive is not
    opened there: it may hold itself."""
    return read(suffix, content) if suffix in READERS and suffix not in ARCHIVES else None


def _held_or_none(suffix: str, content: bytes) -> Reading | None:
    try:
        return _held(suffix, content)
    except Unreadable:
        return None


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


def _old_office_errors() -> Errors:
    """Errors of the libraries for formats that are file systems of their own."""
    from xlrd.biffh import XLRDError

    return (*_archive_errors(), XLRDError, AssertionError)


def _latex_errors() -> Errors:
    from pylatexenc.latexwalker import LatexWalkerError

    return (*_text_errors(), LatexWalkerError, IndexError, AttributeError)


def _restructured_errors() -> Errors:
    from docutils.utils import SystemMessage

    return (*_web_errors(), *_text_errors(), SystemMessage, AttributeError, IndexError)


def _office_errors() -> Errors:
    from xml.etree.ElementTree import ParseError

    from docx.opc.exceptions import OpcError
    from pptx.exc import PythonPptxError

    return (*_archive_errors(), OpcError, PythonPptxError, ParseError)


WEB_PAGE = Reader("web page", _html)
TAR = Reader("archive", _tar)

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
    ".mbox": Reader("mailbox", _mailbox),
    ".msg": Reader("Outlook message", _outlook),
    ".odt": Reader("OpenDocument text", _opendocument),
    ".ods": Reader("OpenDocument spreadsheet", _opendocument),
    ".odp": Reader("OpenDocument presentation", _opendocument),
    ".rtf": Reader("RTF document", _richtext),
    ".xls": Reader("Excel workbook", _old_workbook),
    ".doc": Reader("Word document", _converted),
    ".ppt": Reader("PowerPoint presentation", _converted),
    ".rst": Reader("reStructuredText", _restructured),
    ".adoc": Reader("AsciiDoc", _asciidoc),
    ".org": Reader("Org file", _org),
    ".tex": Reader("LaTeX", _latex),
    ".ipynb": Reader("Jupyter notebook", _notebook),
    ".xml": Reader("XML file", _xml),
    ".log": Reader("log", _plain),
    ".zip": Reader("archive", _zip),
    ".tar.gz": TAR,
    ".tgz": TAR,
}

PICTURE = Reader("picture", _picture)
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""What can be read where the extra `ocr` is installed; elsewhere nobody is told of each."""

if is_installed():
    READERS |= dict.fromkeys(PICTURES, PICTURE)

ARCHIVES = frozenset([".zip", ".tar.gz", ".tgz"])
DOUBLE = tuple(suffix for suffix in READERS if suffix.count(".") > 1)

SUFFIXES = frozenset(READERS)
"""What can be read; capital letters count as small ones."""
