"""Files as they were when they were written: their checksums are noted, and compared.

What is looked for is damage, so CRC-32 does: whoever may write here may write anything.
It takes 40 ms for the 90 MB of a model, SHA-256 takes 60 ms and more on most processors.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

AT_ONCE = 1 << 20

FILES_KEPT = 1_024
"""Files that are not read again unless they were touched."""

HELD_TO_WHAT_WAS_WRITTEN = ("catalog.*", "models/*/*")
"""Of a home, by whoever asks; an owner of the index holds the next ones to it as well."""

BY_THE_OWNER = (*HELD_TO_WHAT_WAS_WRITTEN, "vectors-*/**/*")

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
    crc = 0
    with path.open("rb", buffering=0) as file:
        while part := file.read(AT_ONCE):
            crc = zlib.crc32(part, crc)
    return crc
