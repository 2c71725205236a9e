"""Which files there are, and what they hold: bytes -> Reading, through a table {suffix: reader}."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import MissingSource, UnreadableFile
from index.reading.blocks import Reading, Refused, one_line
from index.reading.office import read_slides, read_word, read_workbook
from index.reading.pdf import read_pdf
from index.reading.text import read_csv, read_json, read_jsonl, read_markdown, read_plain
from index.reading.web import read_epub, read_html, read_mail
from index.rights.files import NAME as RIGHTS_FILE

CATALOG = "catalog.sqlite3"
"""A folder that holds a file of this name is the home of an index."""

UPLOADS = "uploads"
"""The folder in it with documents that did not come from an indexed folder."""

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Controls of terminals, ends of lines, and what turns the direction of others' words."""

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
    return reading


@dataclass(slots=True)
class Listing:
    """What there is at or below a path. `files` come with their names; `closed` are files
    and folders that cannot be used, each with its reason; `others` counts the files of
    kinds that cannot be read."""

    files: list[tuple[Path, str]] = field(default_factory=list)
    closed: dict[Path, str] = field(default_factory=dict)
    others: int = 0


def find_files(path: Path) -> Listing:
    """Files that can be read, with their names: the file itself, or all below a folder.

    Names are paths below the folder, with slashes, and the files are sorted by them.
    Files of other kinds are passed over, as are hidden files and folders, the lock
    files of Office (~$), links to nothing and the homes of indexes. A folder is entered
    once, however many links lead to it. Raises MissingSource if the path is not there or
    holds nothing that can be read, and UnreadableFile for a single file of another kind.
    """
    if not _is_utf8(path):
        raise MissingSource(f"The path {shown(path)} {NOT_UTF8}")
    try:
        is_file, is_there = path.is_file(), path.exists()
    except OSError as error:
        raise MissingSource(_closed(path, error)) from error
    if is_file:
        _reader(path, path.name)
        return Listing([(path, path.name)])
    if not is_there:
        raise MissingSource(f"There is no file or folder {path}. Check the spelling of the path.")
    if _is_home(path):
        raise MissingSource(
            f"The folder {path} is the home of an index. Keep documents in another folder."
        )
    listing = Listing()
    found = [(file, file.relative_to(path).as_posix()) for file in _files_below(path, listing)]
    listing.files = sorted(found, key=lambda pair: pair[1])
    if not found:
        raise MissingSource(_nothing_below(path, listing.closed))
    return listing


def is_upload(path: Path) -> bool:
    """Is it a document that an index keeps in its own home?"""
    above = path.parents
    return len(above) > 2 and above[1].name == UPLOADS and _is_home(above[2]) and path.exists()


def shown(path: Path | str) -> str:
    """The path as it can be printed on one line, whatever bytes it has: it moves no cursor and
    turns no line around."""
    decoded = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return UNPRINTABLE.sub("\ufffd", decoded)


def _files_below(root: Path, listing: Listing) -> Iterator[Path]:
    """Real folders come before links, so that a file is named by where it really is."""
    pending = deque([root])
    entered: set[Path] = set()
    while pending:
        folder = pending.popleft()
        if folder.resolve() in entered or _is_home(folder):
            continue
        entered.add(folder.resolve())
        for entry in _entries(folder, listing):
            if _is_folder(entry, listing):
                (pending.append if entry.is_symlink() else pending.appendleft)(entry)
            elif entry not in listing.closed and entry.is_file():
                if entry.suffix.lower() in SUFFIXES:
                    yield entry
                elif entry.name != RIGHTS_FILE:
                    listing.others += 1


def _entries(folder: Path, listing: Listing) -> Iterator[Path]:
    """What is in a folder and may be read; a folder that cannot be opened is noted."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        listing.closed[folder] = _closed(folder, error)
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if _is_utf8(entry):
            yield entry
        else:
            listing.closed[entry] = f"{shown(entry)} {NOT_UTF8}"


def _is_folder(entry: Path, listing: Listing) -> bool:
    """No for one whose folder may be listed but not entered, which is noted."""
    try:
        return entry.is_dir()
    except OSError as error:
        listing.closed[entry] = _closed(entry, error)
        return False


NOT_UTF8 = "has a name that is not UTF-8, so the index cannot keep it. Rename it."


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _closed(path: Path, error: OSError) -> str:
    return (
        f"{shown(path)} cannot be opened ({error.strerror}). Give yourself the right to read it and to "
        "enter its folder, or leave it out."
    )


def _is_home(folder: Path) -> bool:
    try:
        return (folder / CATALOG).is_file()
    except OSError:
        return False  # to list it says why


def _nothing_below(path: Path, closed: Mapping[Path, str]) -> str:
    if closed:
        return next(iter(closed.values()))
    return f"The folder {path} holds no file that can be read. These kinds can: {_kinds()}."


def _reader(path: Path, name: str) -> Reader:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(
            f"{name} is of a kind that cannot be read. These kinds can: {_kinds()}."
        )
    return reader


def _kinds() -> str:
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
    ".eml": Reader("mail message", read_mail, _mail_errors),
}

SUFFIXES = frozenset(READERS)
"""What can be read; capital letters count as small ones."""
