"""What a store that is made from the catalog notes of itself, in a file beside its folder.

So it follows the catalog from where it is, whoever else does, and writes nothing into it.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

LATER = "was made from a later state of the catalog than this one"


class Notes:
    """A few facts in a file, which is written whole. One that is gone or damaged says nothing:
    a store that has seen nothing is made again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Mapping[str, str]:
        """What was noted."""
        try:
            said, noted = json.loads(self._path.read_text("utf-8"))
        except (FileNotFoundError, ValueError, TypeError):
            return {}
        return noted if said == _sum(noted) else {}

    def note(self, **facts: object) -> None:
        """Write these over what was noted of them."""
        noted = {**self.read(), **{key: str(value) for key, value in facts.items()}}
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump([_sum(noted), noted], file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _sum(noted: Mapping[str, str]) -> int:
    return zlib.crc32(json.dumps(noted, sort_keys=True).encode())
