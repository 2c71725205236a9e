"""Which documents a pattern of a rights file is meant for, however it is written.

"board", "board/", "/board/*", "./board" and "board\\*" all mean the folder board and all that
is in it. Where a pattern fits, it decides. Where it would in other capitals, or may be meant
because it fits nothing as it stands, it closes and opens nothing.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from posixpath import normpath

GLOB = re.compile(r"[*?\[]")
ALL_OF_A_KIND = re.compile(r"\*(\.\w+)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """As it is `written`, and in its `plain` form: the path below the folder of its file."""

    written: str
    plain: str

    def fits(self, name: str) -> bool:
        """Is it the document of this name, or a folder that holds it?"""
        return _fits(_nfc(name), self.plain)

    def fits_in_other_capitals(self, name: str) -> bool:
        return _fits(_nfc(name).casefold(), self.plain.casefold())

    def near(self, folder: Path) -> str:
        """What it may be meant for if it fits nothing: the part of it that is a folder below
        this one, as the beginning of names; "" for all that is in this one."""
        known = ""
        for part in self.plain.split("/"):
            if part == ".." or GLOB.search(part) or not (folder / known / part).is_dir():
                break
            known += f"{part}/"
        return known

    def is_of_a_kind(self, kinds: frozenset[str]) -> bool:
        """Are all files of a kind meant that can be read? It is clear then, if there are none."""
        kind = ALL_OF_A_KIND.fullmatch(self.plain.rpartition("/")[2])
        return kind is not None and kind[1] in kinds


def pattern(written: str) -> Pattern:
    """The pattern that the name of a table in a rights file is."""
    plain = normpath(_nfc(written).replace("\\", "/").replace("[^", "[!")).lstrip("/")
    return Pattern(written, "*" if plain in ("", ".") else plain)


def fitting_nothing(
    patterns: Iterable[Pattern], folder: Path
) -> tuple[frozenset[Pattern], frozenset[Pattern]]:
    """Those that fit no file below a folder, and which of them would in other capitals. It
    looks no further than it has to."""
    left = set(patterns)
    in_other_capitals: set[Pattern] = set()
    for name in _names_below(folder) if left else ():
        left -= {each for each in left if each.fits(name)}
        if not left:
            break
        in_other_capitals |= {each for each in left if each.fits_in_other_capitals(name)}
    return frozenset(left), frozenset(in_other_capitals & left)


def _fits(name: str, plain: str) -> bool:
    """ "**/" is any folder or none."""
    globs = (plain, plain.replace("**/", ""))
    return any(fnmatchcase(name, glob) or fnmatchcase(name, f"{glob}/*") for glob in globs)


def _names_below(folder: Path) -> Iterator[str]:
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = Path(at).relative_to(folder)
        yield from ((below / file).as_posix() for file in files)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
