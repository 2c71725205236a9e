"""The documents that came by the API, on the disk: added, replaced, removed."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from starlette.exceptions import HTTPException

from assistant.operating import maintaining
from assistant.web.entry.refusals import Refused, try_again
from assistant.web.services import Services
from index.documents import LOCAL_USER
from index.errors import UnreadableFile
from index.originals import ADDRESS, place_of_version
from index.paths import UPLOADS
from index.reading.files import SUFFIXES, suffix_of
from index.rights.deciding import Granted, Rights
from index.rights.files import NAME as RIGHTS_FILE

UNSAFE = re.compile(r"[^\w.,()' -]+")
LONGEST_NAME = 240
"""Bytes of a file's name without its ending: file systems take 255."""

MOST_FOLDERS = 12
LONGEST_FOLDER = 80
"""Folders in a document's name, and the bytes of each: paths have a limit, too."""

PIECE = 1_000_000

PENDING = ".pending"
"""In the folder of a document that is being added or removed: it tells what a server that was
killed left from what was added whole, which is never deleted, whatever becomes of the index."""

COMING = ".coming"
"""In the folder of a document: a new version until it was read. Hidden folders are not indexed."""

WAIT = 20.0
"""Seconds that a document waits for another command that writes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is to be added: its name, its bytes, the folder that stands before the name,
    and the address where it was taken from, "" if it was sent."""

    name: str
    content: BinaryIO
    folder: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was added, and whether in place of an earlier version."""

    id: str
    rights: Rights
    passages: int
    replaced: bool


class Uploads:
    """The documents that came by the API, each in a folder of its own. One of the same name and
    owner takes the place of the earlier one, which is kept beside it with its date."""

    def __init__(self, services: Services) -> None:
        self._perform = services.working.perform
        self._assistant = services.assistant
        self._folder = (services.home / UPLOADS).resolve()
        self._turn = services.assistant.turn
        self._replacing = threading.Lock()

    def add(self, upload: Upload, rights: Rights) -> Added:
        """Index a file with these rights. Raises Refused for one that cannot be read, and leaves
        nothing of it. It is read before it is anybody's turn to write."""
        name = PurePosixPath(*_safe_folders(upload.folder), _safe_name(upload.name))
        with self._replacing:
            if known := self._known(name, rights):
                return self._replace(known, upload, rights)
        return self._add(name, upload, rights)

    def _known(self, name: PurePosixPath, rights: Rights) -> Path | None:
        """The document of this name that the owner has added, the newest of several."""
        view, id_at = self._assistant.view_of(LOCAL_USER), self._assistant.id_at
        paths = {id_at(path): path for path in self._folder.glob(f"*/{escape(str(name))}")}
        rules = {id: view.rights_of(id).rights for id in view.visible(paths.keys())}
        whose = rights.owner, rights.tenant
        own = [paths[id] for id, rule in rules.items() if (rule.owner, rule.tenant) == whose]
        return max(own, key=lambda path: path.stat().st_mtime_ns, default=None)

    def _replace(self, path: Path, upload: Upload, wanted: Rights) -> Added:
        """Put a new version in the place of a document. One that cannot be read leaves it as it
        was."""
        id, place = self._assistant.id_at(path), self._place_of(path)
        coming = place / COMING / path.name
        before = self._assistant.view_of(LOCAL_USER).rights_of(id).rights
        rights = wanted if wanted.readers or wanted.denied else before
        coming.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with coming.open("wb") as kept:
                shutil.copyfileobj(upload.content, kept, PIECE)
            prepared = self._assistant.prepared(coming, path)
            with self.writing():
                _keep_version(path, place)
                _note_address(place, upload)
                coming.replace(path)
                self._assistant.add(path, prepared, rights)
        except UnreadableFile as error:
            raise Refused(422, "unreadable", str(error)) from error
        finally:
            shutil.rmtree(coming.parent)
        self._insist(id, rights)
        return Added(id, rights, len(prepared.passages), replaced=True)

    def _add(self, name: PurePosixPath, upload: Upload, rights: Rights) -> Added:
        place = self._folder / secrets.token_hex(8)
        place.mkdir(parents=True, mode=0o700)
        path = place / name
        try:
            (place / PENDING).touch()
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("wb") as kept:
                shutil.copyfileobj(upload.content, kept, PIECE)
            _note_address(place, upload)
            prepared = self._assistant.prepared(path, path)
            with self.writing():
                self._assistant.add(path, prepared, rights)
            self._insist(self._assistant.id_at(path), rights)
            (place / PENDING).unlink()
        except UnreadableFile as error:
            shutil.rmtree(place)
            raise Refused(422, "unreadable", str(error)) from error
        except BaseException:
            shutil.rmtree(place)
            raise
        return Added(self._assistant.id_at(path), rights, len(prepared.passages), replaced=False)

    def _place_of(self, path: Path) -> Path:
        """The folder of a document that was added."""
        return self._folder / path.relative_to(self._folder).parts[0]

    def tidy(self) -> None:
        """Delete what a server that was killed left of documents that it was adding or
        removing. One that is indexed stays, as does whatever was once added whole."""
        id_at = self._assistant.id_at
        for marker in self._folder.glob(f"*/{PENDING}"):
            ids = [id_at(path) for path in marker.parent.rglob("*") if path != marker]
            if self._assistant.view_of(LOCAL_USER).visible(ids):
                marker.unlink()
            else:
                shutil.rmtree(marker.parent)

    def shown(self, granted: Granted) -> dict[str, Any]:
        """Rights and where they are from. Where an upload is kept is nobody's business, and its
        name is not an administrator's who may not read it."""
        is_upload = granted.origin.startswith(f"given for {self._folder}")
        origin = "given when it was added" if is_upload else granted.origin
        return {**granted.rights.as_dict(), "origin": origin}

    def _insist(self, id: str, rights: Rights) -> None:
        """Let no other rights hold than those, whatever the document says itself: it may come
        from anybody."""
        if self._assistant.view_of(LOCAL_USER).rights_of(id).rights != rights:
            self._assistant.share(id, rights, principal=LOCAL_USER)

    def remove(self, id: str) -> None:
        """Forget a document and delete its file. Raises HTTPException (409) for one that came
        from a folder: the next run would add it again."""
        path = self._assistant.path_of(id)
        if not path.is_relative_to(self._folder):
            raise HTTPException(
                409, "This document comes from a folder that is indexed. Remove it there."
            )
        place = self._place_of(path)
        (place / PENDING).touch()
        with self.writing():
            for _ in self._perform(maintaining.Request("forget", (str(path),))):
                pass
        shutil.rmtree(place)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writes at a time. Raises Refused (503) while another command does."""
        if not self._turn.acquire(timeout=WAIT):
            raise try_again(503, "busy", "The index is being changed. Try again soon.", 5)
        try:
            yield
        finally:
            self._turn.release()


def _note_address(place: Path, upload: Upload) -> None:
    """Where it is from now; nothing of an earlier version's."""
    if upload.address:
        (place / ADDRESS).write_text(json.dumps(upload.address), "utf-8")
    else:
        (place / ADDRESS).unlink(missing_ok=True)


def _keep_version(path: Path, place: Path) -> None:
    """Keep what is about to be replaced, with the time of that."""
    earlier = place_of_version(place)
    earlier.mkdir(parents=True, mode=0o700)
    shutil.copy2(path, earlier)


def _safe_folders(folder: str) -> list[str]:
    """As they stand in a document's name; nothing that leads elsewhere."""
    parts = (UNSAFE.sub("_", part).strip(" .") for part in folder.replace("\\", "/").split("/"))
    cut = (part.encode()[:LONGEST_FOLDER].decode(errors="ignore").strip(" .") for part in parts)
    return [f"{part}_" if part == RIGHTS_FILE else part for part in cut if part][-MOST_FOLDERS:]


def _safe_name(name: str) -> str:
    """As it is shown, and safe as the name of a file. Raises Refused for a kind of file
    that is not read."""
    plain = UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(" .")
    suffix = suffix_of(plain)
    stem = plain[: len(plain) - len(suffix)]
    if suffix not in SUFFIXES:
        kinds = " ".join(sorted(SUFFIXES))
        raise Refused(415, "unknown_kind", f"Files of these kinds are read: {kinds}")
    cut = stem.encode()[:LONGEST_NAME].decode(errors="ignore").strip(" .")
    return f"{cut or 'document'}{suffix}"
