"""The API for those who add documents: add, share, remove."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, File, Form, UploadFile
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.operating import maintaining
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.entry.refusals import Refused, try_again
from assistant.web.services import Services
from index.documents import LOCAL_USER
from index.errors import UnreadableFile
from index.reading.files import SUFFIXES, suffix_of
from index.reading.finding import UPLOADS
from index.rights.deciding import Granted, Rights, rights_of_fields

Names = Annotated[list[str], Form(max_length=1_000)]

UNSAFE = re.compile(r"[^\w.,()' -]+")
LONGEST_NAME = 240
"""Bytes of a file's name without its ending: file systems take 255."""

PIECE = 1_000_000

PENDING = ".pending"
"""In the folder of a document that is being added or removed: it tells what a server that was
killed left from what was added whole, which is never deleted, whatever becomes of the index."""

COMING, EARLIER = ".coming", ".earlier"
"""In the folder of a document: a new version until it was read, and those that it replaced,
each in a folder that is called by the time of that. Hidden folders are not indexed."""

WAIT = 20.0
"""Seconds that a document waits for another command that writes."""


class RightsBody(BaseModel):
    """Who may read a document: principals, groups, "tenant:<name>". Deny wins."""

    readers: list[str] = Field(default=[], max_length=1_000)
    denied: list[str] = Field(default=[], max_length=1_000)


def add_documents(app: FastAPI, services: Services) -> None:
    """The routes that change documents."""
    uploads = Uploads(services)

    @app.post("/documents", status_code=201)
    @doors.call("write", limit="uploads")
    def add(
        caller: Whoever,
        file: Annotated[UploadFile, File()],
        readers: Names = [],  # noqa: B006  FastAPI copies it
        denied: Names = [],  # noqa: B006
    ) -> Response:
        """Add a document, or a new version of one of the same name and owner. A new one is its
        owner's only unless readers are named here, a new version has the readers of the one
        before: what it says of its readers itself does not count."""
        who = caller.principal
        rights = rights_of_fields(
            {"owner": who.id, "tenant": who.tenant, "readers": readers, "denied": denied}
        )
        added = uploads.add(file, rights)
        what = "replaced document" if added.replaced else "added document"
        services.ledger.did(caller.principal, caller.session, what, added.id)
        shown = {"id": added.id, "replaced": added.replaced, **added.rights.as_dict()}
        return JSONResponse(shown, 201)

    @app.delete("/documents/{id}", status_code=204)
    @doors.call("write")
    def remove(id: str, caller: Whoever) -> Response:
        """Remove a document that was added here, for its owner and administrators."""
        services.assistant.view_of(caller.principal).rights_of(id, administers=_administers(caller))
        uploads.remove(id)
        services.ledger.did(caller.principal, caller.session, "removed document", id)
        return Response(status_code=204)

    @app.get("/documents/{id}/rights")
    @doors.call("write")
    def rights(id: str, caller: Whoever) -> dict[str, Any]:
        """Who may read a document, for its owner and administrators."""
        granted = services.assistant.view_of(caller.principal).rights_of(
            id, administers=_administers(caller)
        )
        return uploads.shown(granted)

    @app.put("/documents/{id}/rights")
    @doors.call("write")
    def share(id: str, body: RightsBody, caller: Whoever) -> dict[str, Any]:
        """Say who may read a document from the next question on."""
        who, administers = caller.principal, _administers(caller)
        before = services.assistant.view_of(who).rights_of(id, administers=administers).rights
        wanted = Rights(
            before.owner, before.tenant, frozenset(body.readers), frozenset(body.denied)
        )
        granted = services.assistant.share(id, wanted, principal=who, administers=administers)
        what = json.dumps({"document": id, **granted.rights.as_dict()}, ensure_ascii=False)
        services.ledger.did(who, caller.session, "shared document", what)
        return uploads.shown(granted)


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was added, and whether in place of an earlier version."""

    id: str
    rights: Rights
    replaced: bool


class Uploads:
    """The documents that came by the API, each in a folder of its own. One of the same name and
    owner takes the place of the earlier one, which is kept beside it with its date."""

    def __init__(self, services: Services) -> None:
        self._perform = services.perform
        self._assistant = services.assistant
        self._folder = (services.home / UPLOADS).resolve()
        self._turn = services.assistant.turn
        self._replacing = threading.Lock()

    def add(self, file: UploadFile, rights: Rights) -> Added:
        """Index a file with these rights. Raises Refused for one that cannot be read, and leaves
        nothing of it. It is read before it is anybody's turn to write."""
        name = _safe_name(file.filename or "")
        with self._replacing:
            if known := self._known(name, rights):
                return self._replace(known, file, rights)
        return self._add(name, file, rights)

    def _known(self, name: str, rights: Rights) -> Path | None:
        """The document of this name that the owner has added, the newest of several."""
        view, id_at = self._assistant.view_of(LOCAL_USER), self._assistant.id_at
        paths = {id_at(path): path for path in self._folder.glob(f"*/{escape(name)}")}
        rules = {id: view.rights_of(id).rights for id in view.visible(paths.keys())}
        whose = rights.owner, rights.tenant
        own = [paths[id] for id, rule in rules.items() if (rule.owner, rule.tenant) == whose]
        return max(own, key=lambda path: path.stat().st_mtime_ns, default=None)

    def _replace(self, path: Path, file: UploadFile, wanted: Rights) -> Added:
        """Put a new version in the place of a document. One that cannot be read leaves it as it
        was."""
        id, coming = self._assistant.id_at(path), path.parent / COMING / path.name
        before = self._assistant.view_of(LOCAL_USER).rights_of(id).rights
        rights = wanted if wanted.readers or wanted.denied else before
        coming.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with coming.open("wb") as kept:
                shutil.copyfileobj(file.file, kept, PIECE)
            prepared = self._assistant.prepared(coming, path)
            with self.writing():
                _keep_version(path)
                coming.replace(path)
                self._assistant.add(path, prepared, rights)
        except UnreadableFile as error:
            raise _unreadable(path.name, error) from error
        finally:
            shutil.rmtree(coming.parent)
        self._insist(id, rights)
        return Added(id, rights, replaced=True)

    def _add(self, name: str, file: UploadFile, rights: Rights) -> Added:
        place = self._folder / secrets.token_hex(8)
        place.mkdir(parents=True, mode=0o700)
        path = place / name
        try:
            (place / PENDING).touch()
            with path.open("wb") as kept:
                shutil.copyfileobj(file.file, kept, PIECE)
            prepared = self._assistant.prepared(path, path)
            with self.writing():
                self._assistant.add(path, prepared, rights)
            self._insist(self._assistant.id_at(path), rights)
            (place / PENDING).unlink()
        except UnreadableFile as error:
            shutil.rmtree(place)
            raise _unreadable(name, error) from error
        except BaseException:
            shutil.rmtree(place)
            raise
        return Added(self._assistant.id_at(path), rights, replaced=False)

    def tidy(self) -> None:
        """Delete what a server that was killed left of documents that it was adding or
        removing. One that is indexed stays, as does whatever was once added whole."""
        id_at = self._assistant.id_at
        for marker in self._folder.glob(f"*/{PENDING}"):
            ids = [id_at(path) for path in marker.parent.iterdir() if path != marker]
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
        if path.parent.parent != self._folder:
            raise HTTPException(
                409, "This document comes from a folder that is indexed. Remove it there."
            )
        (path.parent / PENDING).touch()
        with self.writing():
            for _ in self._perform(maintaining.Request("forget", (str(path),))):
                pass
        shutil.rmtree(path.parent)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writes at a time. Raises Refused (503) while another command does."""
        if not self._turn.acquire(timeout=WAIT):
            raise try_again(503, "busy", "The index is being changed. Try again soon.", 5)
        try:
            yield
        finally:
            self._turn.release()


def _administers(caller: Caller) -> bool:
    return "administer" in caller.permissions


def _keep_version(path: Path) -> None:
    """Keep what is about to be replaced, with the time of that."""
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    earlier = path.parent / EARLIER / when
    earlier.mkdir(parents=True, mode=0o700)
    shutil.copy2(path, earlier)


def _unreadable(name: str, error: UnreadableFile) -> Refused:
    return Refused(422, "unreadable", f"{name} cannot be read: {error}")


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
