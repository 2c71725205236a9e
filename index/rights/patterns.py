"""Which documents a pattern of a rights file is meant for, however it is written.

"board", "board/", "/board/*", "./board" and "board\\*" all mean the folder board and all that
is in it. Where a pattern fits, it decides. Where it would if it were written as the file is, in
other capitals, with other spaces or with brackets that stand for themselves, it closes and opens
nothing.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from posixpath import normpath

BETWEEN_WORDS = re.compile(r"[\s_]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """As it is `written`, and in its `plain` form: the path below the folder of its file."""

    written: str
    plain: str

    def fits(self, name: str) -> bool:
        """Is it the document of this name, or a folder that holds it?"""
        return _fits(_nfc(name), self.plain)

    def is_alike(self, name: str) -> bool:
        """Would it fit if both were spelt in one way?"""
        spelt, plain = _spelt_alike(name), _spelt_alike(self.plain)
        return _fits(spelt, plain) or spelt == plain or spelt.startswith(f"{plain}/")


def pattern(written: str) -> Pattern:
    """The pattern that the name of a table in a rights file is."""
    plain = normpath(_nfc(written).replace("\\", "/").replace("[^", "[!")).lstrip("/")
    return Pattern(written, "*" if plain in ("", ".") else plain)


def fitting_nothing(patterns: Iterable[Pattern], folder: Path) -> dict[Pattern, str]:
    """Those that fit no file below a folder, each with the name of one that it is alike, "" if
    there is none. It looks no further than it has to."""
    left = dict.fromkeys(patterns, "")
    for name in _names_below(folder) if left else ():
        left = {each: alike for each, alike in left.items() if not each.fits(name)}
        if not left:
            break
        left |= {each: name for each, alike in left.items() if not alike and each.is_alike(name)}
    return left


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


@lru_cache(maxsize=4_096)
def _spelt_alike(text: str) -> str:
    """Without what a person may overlook in a name: its capitals, how wide its letters are, and
    how its words are kept apart."""
    parts = unicodedata.normalize("NFKC", text).casefold().split("/")
    return "/".join(BETWEEN_WORDS.sub(" ", part).strip() for part in parts)
