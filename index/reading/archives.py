"""Archives and the XML in them, opened so that none can flood the memory."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from index.reading.blocks import Unreadable

MOST_UNPACKED = 500_000_000
"""Bytes. A file of few bytes can hold many more than a computer has room for."""

MOST_ENTRIES = 10_000

MOST_TIMES = 100
"""How many times larger than the file what it unpacks to may be. Of files that people make, a
workbook with the same row 60,000 times is 14 times as large, a document of one sentence 3,000
times 25; elements without content, which cost the most memory when they are read, 685."""

HARMLESS = 20_000_000
"""Bytes that any file may unpack to."""

MOST_ATTRIBUTES = 5_000
"""Attributes of one element: the library's time for them grows with the square of their number."""

OVERLADEN = re.compile(rb"<[^<>=!?][^<>=]*+(?:=[^<>=]*+){%d}" % MOST_ATTRIBUTES)

LOCKED = 1
"""The flag of what is encrypted."""

COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
"""Begins an Office file with a password, and one from before 2007."""


def open_zip(data: bytes) -> ZipFile:
    """The archive, once it is known to be of a sensible size.

    Raises Unreadable for one that is not, and zipfile.BadZipFile for what is no archive.
    """
    if data.startswith(COMPOUND_FILE):
        raise Unreadable(
            "is protected with a password or saved in an Office format from before 2007. "
            "Save it without a password in the present format."
        )
    archive = ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    most = min(MOST_UNPACKED, max(HARMLESS, MOST_TIMES * len(data)))
    if unpacked > most or len(entries) > MOST_ENTRIES:
        archive.close()
        raise Unreadable(
            f"unpacks to {unpacked:,} bytes in {len(entries):,} parts; of a file of its size at "
            f"most {most:,} in {MOST_ENTRIES:,} are read. Divide it or leave it out."
        )
    return archive


def files_of_zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of an archive with their paths. Raises as `open_zip` does, and Unreadable for one
    with a password."""
    with open_zip(data) as archive:
        for entry in archive.infolist():
            if entry.flag_bits & LOCKED:
                raise Unreadable("is protected with a password. Unpack it, or leave it out.")
            if not entry.is_dir():
                yield entry.filename, archive.read(entry)


def files_of_tar(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a compressed archive with their paths; links and the like are none. Raises
    Unreadable once they are more than one of its size may hold, and tarfile.TarError."""
    import tarfile

    most = min(MOST_UNPACKED, max(HARMLESS, MOST_TIMES * len(data)))
    unpacked = 0
    with tarfile.open(fileobj=io.BytesIO(data), mode="r|gz") as archive:
        for number, entry in enumerate(archive, 1):
            unpacked += entry.size
            if unpacked > most or number > MOST_ENTRIES:
                raise Unreadable(
                    f"unpacks to more than {most:,} bytes or {MOST_ENTRIES:,} parts, the most "
                    "that are read of a file of its size. Divide it or leave it out."
                )
            if entry.isfile() and (held := archive.extractfile(entry)):
                yield entry.name, held.read()


def xml_root(data: bytes) -> Any:
    """The root of an XML document; entities are not resolved and nothing is fetched."""
    from lxml import etree

    check_attributes(data)
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def check_attributes(data: bytes) -> None:
    """Raises Unreadable for an element that would take minutes."""
    if OVERLADEN.search(data):
        raise Unreadable(
            f"has an element with more than {MOST_ATTRIBUTES:,} attributes. Leave it out."
        )
