"""Files as they were when they were written: their checksums are noted, and compared.

What is looked for is damage, so CRC-32 does: whoever may write here may write anything.
It takes 40 ms for the 90 MB of a model, SHA-256 takes 60 ms and more on most processors.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock, Thread

AT_ONCE = 1 << 20

FILES_KEPT = 1_024
"""Files that are not read again unless they were touched."""

HELD_TO_WHAT_WAS_WRITTEN = ("catalog.sqlite3", "models/*/*")
"""Files of a home that whoever asks compares; an owner of the index compares the next ones, too."""

BY_THE_OWNER = (*HELD_TO_WHAT_WAS_WRITTEN, "vectors-*/**/*")

DATABASE = ".sqlite3"
"""The ending of a file that SQLite may have open."""

_reading = Lock()
"""So that what is being read ahead is waited for, and not read twice."""


def read_ahead(home: Path, patterns: Iterable[str]) -> None:
    """Begin to read what will be compared, while the rest is loaded."""

    def read() -> None:
        for file in (file for pattern in patterns for file in home.glob(pattern)):
            with suppress(OSError):
                checksum(file)

    Thread(target=read, daemon=True).start()


def checksums(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The checksums of these files in a folder. Raises OSError."""
    return {name: checksum(folder / name) for name in names}


def differing(folder: Path, noted: Mapping[str, str]) -> Iterator[str]:
    """The files of a folder that are not as they were when `noted` was made."""
    for name, wanted in noted.items():
        try:
            found = checksum(folder / name)
        except OSError:
            found = ""
        if found != wanted:
            yield name


def checksum(path: Path) -> str:
    """Its size and CRC-32. Raises OSError."""
    state = path.stat()
    with _reading:
        crc = _crc(path, state.st_size, state.st_mtime_ns, state.st_ino)
    return f"{state.st_size}:{crc:08x}"


@lru_cache(maxsize=FILES_KEPT)
def _crc(path: Path, _size: int, _modified_ns: int, _inode: int) -> int:
    if path.suffix == DATABASE:
        return _crc_of(_held(path, _inode))
    with path.open("rb", buffering=0) as file:
        return _crc_of(file.fileno())


def _crc_of(file: int) -> int:
    crc = position = 0
    while part := os.pread(file, AT_ONCE, position):
        crc = zlib.crc32(part, crc)
        position += len(part)
    return crc


@cache
def _held(path: Path, _inode: int) -> int:
    """A handle of a database, open for as long as the process is: to close any handle of a file
    gives up all locks that the process has on it, SQLite's, too. Another process would then
    take the log of writes away."""
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
