"""What there is to read at or below a path.

A link is where people get more than was meant for them: what it leads to has readers of its
own. So a link is followed only where that can open nothing, and each other one is named. Hard
links cannot be told from files; whoever can make them can copy the file as well.
"""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import MissingSource
from index.paths import IN_A_HOME, UPLOADS, real_path
from index.reading.files import SUFFIXES, kinds, reader_of, suffix_of
from index.rights.files import NAME as RIGHTS_FILE
from index.rights.files import Grants

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Controls of terminals, ends of lines, and what turns the direction of others' words."""

HIDDEN = (".", "~$")
"""How the names begin that are passed over: hidden files, and the lock files of Office."""


@dataclass(slots=True)
class FilesFound:
    """What there is at or below a path. `files` come with their names; `real` says
    where each is, without links. `closed` are files and folders that
    cannot be used and `links` those that were not followed, each with its reason; `others`
    counts the files of kinds that cannot be read, by the ending of their names."""

    files: list[tuple[Path, str]] = field(default_factory=list)
    real: dict[Path, Path] = field(default_factory=dict)
    closed: dict[Path, str] = field(default_factory=dict)
    links: dict[Path, str] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Links:
    """Which links are followed below an indexed folder: those that stay in it and lead to
    what has the same readers, and with `outside` those that lead out of it."""

    root: Path
    grants: Grants
    outside: bool = False

    def why_not(self, link: Path, real: Path) -> str:
        """Why this link, or file below one, is passed over; "" if it is not."""
        if any(folder.name == UPLOADS and _is_home(folder.parent) for folder in real.parents):
            return f"{shown(link)} is a link to what was added to an index, so it is passed over."
        if not real.is_relative_to(self.root):
            return "" if self.outside else _leads_out(link, real)
        if self._have_the_same_readers(link, real):
            return ""
        return (
            f"{shown(link)} is a link to {shown(real)}, which has other readers, so it is passed "
            "over. Give both the same readers in rights.toml, or take the link away."
        )

    def is_double(self, real: Path) -> bool:
        """Is it found without the link, too?"""
        if not real.is_relative_to(self.root):
            return False
        below = real.relative_to(self.root).parts
        hidden = any(part.startswith(HIDDEN) for part in below)
        return not hidden and (suffix_of(real) in SUFFIXES or _is_dir(real))

    def _have_the_same_readers(self, link: Path, real: Path) -> bool:
        """Is a folder read by the same people at both places, as far as what is in it has no rule
        of its own?"""
        place, there = (link / "_", real / "_") if _is_dir(real) else (link, real)
        rights = self.grants.of_the_place
        return rights(place, self.root).rights == rights(there, self.root).rights


def check_source(path: Path) -> None:
    """Raises MissingSource for a path that is not there, cannot be opened or is no place for
    documents, UnreadableFile for a file of a kind that is not read."""
    if not _is_utf8(path):
        raise MissingSource(f"The path {shown(path)} {NOT_UTF8}")
    try:
        is_file, is_there = path.is_file(), path.exists()
    except OSError as error:
        raise MissingSource(_closed(path, error)) from error
    if is_file:
        reader_of(path, path.name)
    elif not is_there:
        raise MissingSource(
            f"There is no file or folder {shown(path)}. Check the spelling of the path."
        )
    elif _is_home(path):
        raise MissingSource(
            f"The folder {shown(path)} is the home of an index. Keep documents in another folder."
        )


def find_files(path: Path, links: Links | None = None) -> FilesFound:
    """Files that can be read, with their names: the file itself, or all below a folder.

    Names are paths below the folder, with slashes, and the files are sorted by them.
    Files of other kinds are passed over, as are hidden files and folders, the lock
    files of Office (~$), links to nothing and the homes of indexes. A folder is entered
    once, however many links lead to it, and named by where it really is. A file that is named
    itself may be a link. Raises as `check_source` does, and MissingSource for a folder that holds
    nothing that can be read.
    """
    check_source(path)
    if path.is_file():
        return FilesFound([(path, path.name)], {path: path.resolve()})
    path = path.resolve()
    listing = FilesFound()
    below = _files_below(path, links or Links(path, Grants({})), listing)
    listing.files = sorted(
        ((file, file.relative_to(path).as_posix()) for file in below), key=lambda pair: pair[1]
    )
    if not listing.files and not listing.links:
        raise MissingSource(_nothing_below(path, listing.closed))
    return listing


def is_upload(path: Path) -> bool:
    """Is it a document that an index keeps in its own home?"""
    return place_of_upload(path) is not None and path.exists()


def place_of_upload(path: Path) -> Path | None:
    """The folder that an index keeps for this one document, which was added to it; None for
    any other file."""
    folders = (folder for folder in path.parents if folder.parent.name == UPLOADS)
    return next((folder for folder in folders if _is_home(folder.parent.parent)), None)


def uploads_in(home: Path) -> list[Path]:
    """The files that were added to the index with this home."""
    folder = (home / UPLOADS).resolve()
    return sorted(
        path
        for path in folder.glob("*/**/*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )


def shown(path: Path | str) -> str:
    """The path as it can be printed on one line, whatever bytes it has: it moves no cursor and
    turns no line around."""
    decoded = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return UNPRINTABLE.sub("\ufffd", decoded)


def _files_below(root: Path, links: Links, listing: FilesFound) -> Iterator[Path]:
    """Real folders come before links, so that a file is named by where it really is."""
    pending = deque([(root, root)])
    entered: set[Path] = set()
    while pending:
        folder, real_folder = pending.popleft()
        if real_folder in entered or _is_home(folder):
            continue
        entered.add(real_folder)
        for entry in _entries(folder, listing):
            real = _real(entry, real_folder)
            if real != entry and not _may_be_followed(entry, real, links, listing):
                continue
            if _is_folder(entry, listing):
                at = (entry, real)
                (pending.append if entry.is_symlink() else pending.appendleft)(at)
            elif _is_read(entry, listing):
                listing.real[entry] = real
                yield entry


def _real(entry: Path, real_folder: Path) -> Path:
    return real_path(entry) if entry.is_symlink() else real_folder / entry.name


def _may_be_followed(entry: Path, real: Path, links: Links, listing: FilesFound) -> bool:
    """May a link, or what is in a folder that one leads to, be followed? One that may not is noted,
    if it leads to something that would be read."""
    why = links.why_not(entry, real)
    if why and (_is_dir(real) or (suffix_of(entry) in SUFFIXES and os.access(real, os.F_OK))):
        listing.links[entry] = why
    return not why and not links.is_double(real)


def _is_read(entry: Path, listing: FilesFound) -> bool:
    """One of another kind is counted."""
    if entry in listing.closed or not entry.is_file():
        return False
    is_read = suffix_of(entry) in SUFFIXES
    if not is_read and entry.name != RIGHTS_FILE:
        listing.others[shown(suffix_of(entry) or entry.name)] += 1
    return is_read


def _entries(folder: Path, listing: FilesFound) -> Iterator[Path]:
    """What is in a folder and may be read; a folder that cannot be opened is noted."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        listing.closed[folder] = _closed(folder, error)
        return
    for entry in entries:
        if entry.name.startswith(HIDDEN):
            continue
        if _is_utf8(entry):
            yield entry
        else:
            listing.closed[entry] = f"{shown(entry)} {NOT_UTF8}"


def _is_folder(entry: Path, listing: FilesFound) -> bool:
    """No for one whose folder may be listed but not entered, which is noted."""
    try:
        return entry.is_dir()
    except OSError as error:
        listing.closed[entry] = _closed(entry, error)
        return False


def _leads_out(link: Path, real: Path) -> str:
    return (
        f"{shown(link)} is a link that leads out of the folder, to {shown(real)}, so it is passed "
        "over; --follow-links indexes it."
    )


NOT_UTF8 = "has a name that is not UTF-8, so the index cannot keep it. Rename it."


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _closed(path: Path, error: OSError) -> str:
    return (
        f"{shown(path)} cannot be opened ({error.strerror}). Give yourself the right to read it "
        "and to enter its folder, or leave it out."
    )


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # whoever cannot get there learns nothing of it


def _is_home(folder: Path) -> bool:
    try:
        return any((folder / name).is_file() for name in IN_A_HOME)
    except OSError:
        return False  # to list it says why


def _nothing_below(path: Path, closed: Mapping[Path, str]) -> str:
    if closed:
        return next(iter(closed.values()))
    return f"The folder {shown(path)} holds no file that can be read. These kinds can: {kinds()}."
