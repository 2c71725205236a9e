"""A file to a Document: its bytes are read once, and what they hold is read apart."""

from __future__ import annotations

import hashlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from index.documents import Document, Source, walk
from index.errors import UnreadableFile
from index.reading.apart import READERS_APART
from index.reading.blocks import Reading, Unreadable, one_line
from index.reading.files import suffix_of
from index.reading.finding import shown
from index.reading.opening import open_real

LARGEST_FILE = 200_000_000
"""Bytes. A file is read into memory at once."""

TRIES = 3
"""Times that a file is read which changes meanwhile."""

ONE_TIME_NS = 2 * 10**9
"""Within which two changes of a file may bear the same time: FAT counts in steps of 2 s."""

JUNK = re.compile(
    r"""(?:Microsoft\ (?:Word|PowerPoint|Excel)\ -\ .*
        | (?:untitled|document|presentation|slide|workbook|book|word\ document
             |powerpoint\ presentation|no\ title|title)[\s\d]*
        | about:blank | \(?(?:anonymous|unspecified|unknown)\)?
        | .*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|rtf|odt))""",
    re.IGNORECASE | re.VERBOSE,
)
"""Titles and names of authors that a program put there: its own words or the name of a file."""

MACHINE_MADE = re.compile(
    r"(?!(?:19|20)\d\d(?:[-_. ]?\d\d){0,2}$)"  # a year or a date says something
    r"(?=.*\d)(?:\d+|(?=\w*\d)(?=\w*[a-f])[0-9a-f]{6,})"
    r"(?:[-_. ]+(?:\d+|[0-9a-f]{4,}))*",
    re.IGNORECASE,
)
"""Names of files that no person gave: numbers, digests, UUIDs."""

LONGEST_HEADLINE = 120
SENTENCE_ENDS = (".", "!", "…", ":", ";", ",")
"""A line that is longer, or ends so, is no headline: its words would stand above every passage."""


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file, all of one moment. `name` is what people call it.

    `modified_ns` is when it was last changed; 0 if that was so short a time ago that another
    change may bear the same time, so that it has to be compared again.
    """

    path: Path
    name: str
    data: bytes
    modified_ns: int

    @property
    def digest(self) -> str:
        """A digest of these very bytes."""
        return hashlib.sha256(self.data).hexdigest()


def fetch(path: Path, name: str, real: Path | None = None) -> Content:
    """The bytes of a file, which was found at the path `real`, without links. Raises
    UnreadableFile, which says which file, why and what to do."""
    try:
        for _ in range(TRIES):
            content = _at_rest(path, name, real or path.resolve())
            if content is not None:
                return content
    except OSError as error:
        raise UnreadableFile(
            f"{name} cannot be opened ({error.strerror}). Check that it is there and that you "
            "have the right to read it."
        ) from error
    raise UnreadableFile(
        f"{name} is being changed while it is read. Index it again when that is done."
    )


def load(content: Content, document_id: str) -> Document:
    """The document in a file. Raises UnreadableFile, as `fetch` does, and ReaderUnavailable.

    Its version is a digest of what was read, so it changes when that does.
    """
    try:
        reading = READERS_APART.read(suffix_of(content.path), content.data)
    except Unreadable as refusal:
        raise UnreadableFile(f"{content.name} {shown(str(refusal))}") from refusal
    title = _title(reading, content.path)
    byline = None if JUNK.fullmatch(reading.byline or "") else reading.byline
    facts = (reading.text, title, reading.published or "", byline or "")
    source = Source(
        id=document_id,
        name=content.name,
        title=title,
        version=hashlib.sha256("\0".join(facts).encode()).hexdigest()[:16],
        published=reading.published,
        byline=byline,
    )
    return Document(
        source,
        reading.text,
        reading.page_starts,
        reading.structure,
        reading.sharing,
        reading.left_out,
    )


def _at_rest(path: Path, name: str, real: Path) -> Content | None:
    """None if it changed while it was read."""
    now = time.time_ns()
    with open_real(real) as file:
        before = os.fstat(file.fileno())
        if before.st_size > LARGEST_FILE:
            raise UnreadableFile(
                f"{name} has {before.st_size:,} bytes; at most {LARGEST_FILE:,} are read. "
                "Divide it."
            )
        data = file.read(before.st_size + 1)
        after = os.fstat(file.fileno())
    size, modified_ns = len(data), before.st_mtime_ns
    if not size == before.st_size == after.st_size or after.st_mtime_ns != modified_ns:
        return None
    return Content(path, name, data, modified_ns if modified_ns < now - ONE_TIME_NS else 0)


def _title(reading: Reading, path: Path) -> str:
    title = one_line(reading.title or "")
    if title and not JUNK.fullmatch(title):
        return title
    headline = _headline(reading) if MACHINE_MADE.fullmatch(path.stem) else ""
    return headline or _words(path.stem)


def _headline(reading: Reading) -> str:
    """The line with which a text begins, if it heads it; "" where another block begins it, such
    as a table or a turn."""
    blocks = (b for b in walk(reading.structure) if b.kind not in ("slide", "sheet", "part"))
    first = next(blocks, None)
    if first is not None and first.kind not in ("heading", "paragraph"):
        return ""
    start, end = (first.span.start, first.span.end) if first else (0, len(reading.text))
    line = one_line(reading.text[start:end].strip().partition("\n")[0])
    is_headline = 0 < len(line) <= LONGEST_HEADLINE and not line.endswith(SENTENCE_ENDS)
    return line if is_headline and any(char.isalpha() for char in line) else ""


def _words(stem: str) -> str:
    """A file name with spaces beside its words; dates and numbers stay as they are."""
    parts = re.split(r"([_-]+)", one_line(shown(stem)))
    for index in range(1, len(parts), 2):
        if parts[index - 1].isalpha() or parts[index + 1].isalpha():
            parts[index] = " "
    return "".join(parts).strip() or stem
