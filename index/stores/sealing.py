"""What shows that a catalog is as it was written.

A catalog at rest has a file beside it, the seal: its checksum, which whoever writes takes off
before and puts on anew afterwards. So damage anywhere in it is noticed when it is opened. Each
document has digests, which tell of damage while it is open or where a process died unsealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.checksums import checksum

ENDING = "-sum"
"""What follows the catalog's name in the seal's."""


class Seal:
    """The checksum beside a file. Put on and taken off by whoever keeps others from writing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seal = path.with_name(path.name + ENDING)

    def put_on(self) -> None:
        """Note what the file is like."""
        fresh = self._seal.with_name(f"{self._seal.name}.new")
        fresh.write_text(checksum(self._path), "utf-8")
        fresh.replace(self._seal)

    def take_off(self) -> None:
        """Before the file changes."""
        self._seal.unlink(missing_ok=True)

    @property
    def is_on(self) -> bool:
        """Is there one?"""
        return self._seal.exists()

    @property
    def is_broken(self) -> bool:
        """Is it on, and the file another one or gone? Somebody may begin to write meanwhile."""
        noted = self._noted()
        return noted is not None and self._found() != noted and self._noted() == noted

    def _found(self) -> str:
        try:
            return checksum(self._path)
        except FileNotFoundError:
            return ""

    def _noted(self) -> str | None:
        try:
            return self._seal.read_text("utf-8", "replace")
        except FileNotFoundError:
            return None


def digest(rows: Iterable[Sequence[object]]) -> bytes:
    """A digest of everything in these rows, in this order."""
    whole = hashlib.blake2b(digest_size=16)
    for row in rows:
        for value in row:
            part = value if isinstance(value, bytes) else repr(value).encode("utf-8", "replace")
            whole.update(len(part).to_bytes(8, "little"))
            whole.update(part)
    return whole.digest()
