"""Who may read the documents of a folder: `rights.toml` in it, and what goes before it.

    readers = ["group:https://login.corp|staff"]   # of all in this folder and below

    [documents."board/*"]                           # of these, below this folder, instead
    readers = ["group:https://login.corp|board"]

A pattern means a folder with all that is in it, or files; see `patterns`. One that fits no
file and is spelt much like one closes that, any other says nothing; both are named. The nearest
file decides alone. A document's own front matter goes before it; what was given when a folder was
indexed counts where no file says anything. A file that cannot be used opens nothing: what is
below it is the owner's only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from index.documents import Sharing
from index.errors import RightsUnclear
from index.paths import real_path
from index.rights.deciding import (
    NOTHING_SAID,
    Granted,
    Rights,
    as_document_says,
    rights_of_fields,
    stricter,
)
from index.rights.patterns import Pattern, fitting_nothing, pattern

NAME = "rights.toml"
"""Not a kind of file that is read as a document, so it is never one."""

LARGEST = 1_000_000
"""Bytes."""

LINE = re.compile(r"at line (\d+)")
NAMED = re.compile("“([^”…]+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """The rights of the documents that a pattern fits."""

    pattern: Pattern
    rights: Rights

    def after(self, before: Rights, name: str) -> Rights:
        """The rights of a document that has those by the rules before this one."""
        if self.pattern.fits(name):
            return self.rights
        return stricter(before, self.rights) if self.pattern.is_alike(name) else before


@dataclass(frozen=True, slots=True)
class RightsFile:
    """A file that was read: the rights of its folder, then those of some documents.
    `problems` name the patterns that fit no file, each with its line."""

    path: Path
    everywhere: Rights
    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()

    def of(self, document: Path) -> Rights:
        """The last rule that fits a document decides, else what holds for all."""
        name = document.relative_to(self.path.parent).as_posix()
        rights = self.everywhere
        for rule in self.rules:
            rights = rule.after(rights, name)
        return rights


class Grants:
    """The rights that documents have by what is said of them. It reads each file once.

    `given` are the rights that were given for files and folders, by path. `problems` are the
    files that could not be used, or of which a pattern fits nothing, each with what is wrong,
    where, and what to do.
    """

    def __init__(self, given: Mapping[str, Rights]) -> None:
        self._given = {Path(path): rights for path, rights in given.items()}
        self.problems: dict[Path, str] = {}
        self._read = cache(self._read_once)
        self._real_folder: Callable[[Path], Path] = cache(real_path)

    def of(self, document: Path, root: Path, sharing: Sharing | None) -> Granted:
        """The rights of a document below an indexed folder (or that is indexed by itself), which
        may say something itself. Raises RightsUnclear if what it says cannot be used."""
        return as_document_says(self.around(document, root), sharing)

    def around(self, document: Path, root: Path) -> Granted:
        """The same, whatever it says itself. Of what is reached by a link the stricter of what
        holds for its place and for where it really is."""
        place, real = self.of_the_place(document, root), self._real(document)
        if real == document:
            return place
        there = self.of_the_place(real, root if real.is_relative_to(root) else Path(real.anchor))
        origin = f"a link: {place.origin}; and where it leads: {there.origin}"
        return Granted(stricter(place.rights, there.rights), origin)

    def of_the_place(self, document: Path, root: Path) -> Granted:
        """What the files around a path and what was given for it say, be it a link or not."""
        given = self._nearest_given(document)
        for folder in _folders(document, root):
            found = self._read(folder)
            if isinstance(found, RightsFile):
                return Granted(found.of(document), str(found.path))
            if found == "broken":
                file = folder / NAME
                return _owner_only(given.rights, f"{file} cannot be used, so the owner only")
        return given

    def owners(self, document: Path, root: Path) -> Granted:
        """For a document whose own words cannot be used: its owner's only."""
        return _owner_only(
            self.around(document, root).rights, "its front matter cannot be used, so the owner only"
        )

    def _real(self, document: Path) -> Path:
        real = self._real_folder(document.parent) / document.name
        return real_path(real) if real.is_symlink() else real

    def _nearest_given(self, document: Path) -> Granted:
        for path in (document, *document.parents):
            if path in self._given:
                return Granted(self._given[path], f"given for {path}")
        return NOTHING_SAID

    def _read_once(self, folder: Path) -> RightsFile | Literal["none", "broken"]:
        file = folder / NAME
        if not file.exists() and not file.is_symlink():
            return "none"
        try:
            found = read_rights_file(file)
        except RightsUnclear as error:
            self.problems[file] = str(error)
            return "broken"
        if found.problems:
            self.problems[file] = " ".join(found.problems)
        return found


def read_rights_file(file: Path) -> RightsFile:
    """Raises RightsUnclear, which names the file and the line, for one that cannot be used."""
    text = _text(file)
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = LINE.search(str(error))
        number = int(at[1]) if at else text.count("\n") + 1
        raise _wrong(file, number, f"it is no TOML ({error})") from error
    some = fields.pop("documents", {})
    try:
        if not isinstance(some, dict) or not all(isinstance(each, dict) for each in some.values()):
            raise RightsUnclear('“documents” is for tables: [documents."board/*"]')
        base = rights_of_fields(fields)
        rules = [Rule(pattern(glob), rights_of_fields(each, base)) for glob, each in some.items()]
    except RightsUnclear as error:
        raise _wrong(file, _line_of(text, str(error)), str(error)) from error
    lost = fitting_nothing((rule.pattern for rule in rules), file.parent)
    problems = [f"{file}, {_lost(each, alike, text)}" for each, alike in lost.items()]
    return RightsFile(file, base, tuple(rules), tuple(problems))


def _lost(lost: Pattern, alike: str, text: str) -> str:
    """What is said of files that are not there."""
    problem = f"no file fits “{lost.written}”"
    meant = (
        f"“{alike}” is spelt much like it and is read only by those whom this lets read it, too. "
        "Write it as that is written."
        if alike
        else "It holds for nothing, so whoever may read the rest may read what it was to close: "
        "correct it, or take it out if what it was for is gone."
    )
    return f"line {_line_of(text, problem)}: {problem}. {meant}"


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise _wrong(file, 1, f"it has more than {LARGEST:,} bytes")
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        number = file.read_bytes()[: error.start].count(b"\n") + 1
        raise _wrong(file, number, "it is not UTF-8") from error
    except OSError as error:
        raise _wrong(file, 1, f"it cannot be opened ({error.strerror})") from error


def _line_of(text: str, problem: str) -> int:
    """The line of the words that the problem names first, else the first."""
    named = NAMED.search(problem)
    for number, line in enumerate(text.splitlines(), 1):
        if named and named[1] in line:
            return number
    return 1


def _wrong(file: Path, line: int, what: str) -> RightsUnclear:
    return RightsUnclear(
        f"{file}, line {line}: {what.removesuffix('.')}. Until it is corrected, documents below "
        "it are their owner's only."
    )


def _owner_only(rights: Rights, origin: str) -> Granted:
    return Granted(replace(rights, readers=frozenset()), origin)


def _folders(document: Path, root: Path) -> Iterator[Path]:
    """From the document's own up to the indexed one; of a file indexed by itself its own."""
    for folder in document.parents:
        yield folder
        if folder == root or not folder.is_relative_to(root):
            return
