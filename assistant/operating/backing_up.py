"""A home in one file, and back again.

What cannot be made again is kept: the catalog and the accounts, each as it is at one moment while
others read and write; what was added to the server, question sets and their runs, and what is
set. Only what was made from the catalog, and the models, are made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from assistant.accounts.store import FILE as ACCOUNTS
from assistant.accounts.store import Store, was_made
from assistant.building import check_in_a_file, open_catalog, open_copy, open_to_write
from assistant.errors import WrongUse
from assistant.identity.configuring import FILE as PORTAL
from assistant.settings import Settings, read_settings
from index.english.spelling import counted
from index.errors import UNWRITABLE, HomeUnwritable
from index.paths import CATALOG, UPLOADS
from index.stores.locking import writer_lock

LIST, FORMAT = "backup.json", 1

NOT_KEPT = (
    "words",
    "words.json*",
    "vectors-*",
    "vectors.json*",
    "models",
    "tmp",
    "writer.*",
    f"{CATALOG}*",
    f"{ACCOUNTS}*",
    "lost+found",
)
"""What is made again, locks, and the two databases, of which copies are kept."""

SETTINGS = (PORTAL, "settings.toml")
"""What is set where an index is to be restored goes before what was set."""

MAY_BE_THERE = (*SETTINGS, "models", "tmp", "writer.*", "lost+found")
"""What a home may hold into which a backup is restored."""

LEVEL = 1
"""Vectors hardly get smaller, whatever time is spent on them."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A home as it was: where what was added to it lay, when that was (seconds since 1970), and
    the digest of each file."""

    uploads: str
    made: float
    documents: int
    files: Mapping[str, str]


def back_up(settings: Settings, file: Path) -> Backup:
    """Keep all of a home in a new file, and read that again. Raises WrongUse for a file that is
    there or would lie in the home, HomeUnwritable where it cannot be made, and whatever says
    that something is damaged: no damage is kept in place of a sound backup."""
    check_in_a_file(settings, "A backup is one file")
    file = file.absolute()
    if file.exists():
        raise WrongUse(f"There is a file {file} already. Name another one.")
    if file.resolve().is_relative_to(settings.home.resolve()):
        raise WrongUse(f"{file} lies in the index’s own folder. Name a place outside of it.")
    with _told(file), TemporaryDirectory(prefix=".onrecord-", dir=file.parent) as folder:
        copies = _copies(settings, Path(folder))
        catalog = open_copy(copies[CATALOG])
        catalog.check()
        documents = len(catalog.files(""))
        catalog.close()
        fresh = Path(folder) / "backup"
        os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600))
        kept = {**copies, **_others(settings.home)}
        made = Backup(_uploads(settings.home), time.time(), documents, _write(fresh, kept))
        with zipfile.ZipFile(fresh, "a") as archive:
            archive.writestr(LIST, json.dumps({"format": FORMAT, **_as_dict(made)}))
        with _opened(fresh) as (archive, listed):
            for name, digest in listed.files.items():
                _check(file, name, digest, _read(archive, name))
        fresh.rename(file)
    return made


def restore(settings: Settings, file: Path) -> Iterator[str]:
    """Make a home of a backup, and what is made from its catalog; tells what there is to know.
    Raises WrongUse for a file that is no sound backup, and for a home that holds anything."""
    check_in_a_file(settings, "A backup is restored")
    home = settings.home
    with writer_lock(home, "restore"), _opened(file) as (archive, backup):
        _check_empty(home)
        stay = [name for name in SETTINGS if (home / name).exists()]
        with _or_nothing(home) as made:
            for name, digest in backup.files.items():
                _extract(file, archive, name, digest, made)
        moved = _move(home, backup)
    moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(backup.made))
    yield f"{counted(backup.documents, 'document')} as of {moment}."
    for name in stay:
        yield f"{name} stays as it was here."
    if moved:
        yield f"What was added to the server is in {_uploads(home)} now, not in {backup.uploads}."
    with open_to_write(read_settings(home), "restore"):
        pass


# -- keeping -------------------------------------------------------------------------


def _copies(settings: Settings, folder: Path) -> dict[str, Path]:
    """The two databases, each as it is at one moment. Raises CatalogDamaged, AccountsDamaged."""
    copies = {CATALOG: folder / CATALOG}
    catalog = open_catalog(settings)
    catalog.copy_to(copies[CATALOG])
    catalog.close()
    if was_made(settings.home):
        copies[ACCOUNTS] = folder / ACCOUNTS
        accounts = Store(settings.home)
        accounts.check()
        accounts.copy_to(copies[ACCOUNTS])
        accounts.close()
    return copies


def _others(home: Path) -> dict[str, Path]:
    """Everything else, by its name in the home; the folder of uploads may be a link."""
    return {
        f"{top.name}/{file.relative_to(top).as_posix()}" if top.is_dir() else top.name: file
        for top in sorted(home.iterdir())
        if not _is_like(top.name, NOT_KEPT)
        for file in (sorted(top.rglob("*")) if top.is_dir() else [top])
        if file.is_file()
    }


def _uploads(home: Path) -> str:
    return str((home / UPLOADS).resolve())


def _is_like(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _write(archive: Path, kept: Mapping[str, Path]) -> dict[str, str]:
    """The digest of each file, as it was written. One that is gone by now was removed."""
    digests = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as written:
        for name, file in kept.items():
            try:
                entry = zipfile.ZipInfo.from_file(file, name, strict_timestamps=False)
                read = file.open("rb")
            except FileNotFoundError:
                continue
            entry.compress_type = zipfile.ZIP_DEFLATED
            digest = hashlib.sha256()
            with read, written.open(entry, "w", force_zip64=True) as to:
                while part := read.read(1 << 20):
                    digest.update(part)
                    to.write(part)
            digests[name] = digest.hexdigest()
    return digests


def _as_dict(backup: Backup) -> dict[str, Any]:
    return {
        "uploads": backup.uploads,
        "made": backup.made,
        "documents": backup.documents,
        "files": dict(backup.files),
    }


# -- bringing back -------------------------------------------------------------------


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Backup]]:
    """Raises WrongUse for what is no backup, or damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            listed = json.loads(archive.read(LIST))
            if listed.pop("format") != FORMAT:
                raise WrongUse(f"{file} was made by a newer version of On Record. Use that.")
            backup = Backup(**listed)
            _check_names(file, backup.files)
            yield archive, backup
    except FileNotFoundError:
        raise WrongUse(f"There is no file {file}.") from None
    except IsADirectoryError:
        raise WrongUse(f"{file} is a folder. Name the file that onrecord backup made.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError) as error:
        raise WrongUse(
            f"{file} is damaged, or no backup of On Record: {error}. Use another one."
        ) from error


def _check_names(file: Path, names: Mapping[str, str]) -> None:
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise WrongUse(f"{file} is no backup of On Record: it holds {name!r}.")
    if CATALOG not in names:
        raise WrongUse(f"{file} is no backup of On Record: it holds no catalog.")


def _check_empty(home: Path) -> None:
    held = [each.name for each in home.iterdir() if not _is_like(each.name, MAY_BE_THERE)]
    if held:
        raise WrongUse(
            f"{home} is not empty: it holds {', '.join(sorted(held)[:3])}. Nothing is overwritten: "
            "name another --home, or move away what is there."
        )


@contextmanager
def _or_nothing(home: Path) -> Iterator[Path]:
    """A folder in the home, whose files are put in their places at the end, the catalog last."""
    with _told(home), TemporaryDirectory(prefix="restoring-", dir=home) as name:
        folder = Path(name)
        yield folder
        for each in sorted(folder.iterdir(), key=lambda each: each.name == CATALOG):
            if not (home / each.name).exists():
                each.rename(home / each.name)


def _extract(file: Path, archive: zipfile.ZipFile, name: str, digest: str, to: Path) -> None:
    path = to / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = archive.getinfo(name).external_attr >> 16 & 0o777
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, mode or 0o600), "wb") as made:
        _check(file, name, digest, _kept(_read(archive, name), made))


def _kept(parts: Iterator[bytes], to: Any) -> Iterator[bytes]:
    for part in parts:
        to.write(part)
        yield part


def _read(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as read:
        while part := read.read(1 << 20):
            yield part


def _check(file: Path, name: str, digest: str, parts: Iterator[bytes]) -> None:
    """Raises WrongUse for other bytes than those that were kept."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    if found.hexdigest() != digest:
        raise WrongUse(f"{file} is damaged: {name} is not as it was kept. Use another backup.")


def _move(home: Path, backup: Backup) -> bool:
    """Let the catalog know where what was added is now, if that is another place."""
    catalog = open_copy(home / CATALOG)
    now = _uploads(home)
    is_moved = backup.uploads != now and bool(catalog.files(backup.uploads))
    with catalog.writing():
        catalog.forget_vectors_elsewhere()
        if is_moved:
            catalog.move(backup.uploads, now)
    catalog.seal()
    catalog.close()
    return is_moved


@contextmanager
def _told(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = UNWRITABLE.get(error.errno or 0, str(error))
        raise HomeUnwritable(f"{where} cannot be made: {why}.") from error
