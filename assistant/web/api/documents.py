"""The API for those who add documents: add, share, remove."""

from __future__ import annotations

import json
from io import BytesIO
from threading import BoundedSemaphore
from typing import Annotated, Any

from fastapi import FastAPI, File, Form, UploadFile
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.web.api.downloading import download
from assistant.web.api.parameters import Whoever
from assistant.web.api.uploads import Added, Upload, Uploads
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.entry.refusals import try_again
from assistant.web.fetching import LONGEST, fetch
from assistant.web.services import Services
from index.originals import EarlierVersion
from index.rights.deciding import Rights, rights_of_fields
from index.search.view import View

Names = Annotated[list[str], Form(max_length=1_000)]
FETCHED_AT_ONCE = 4
"""Documents from the web, for everybody together: others' servers may be slow, and each takes a
thread for as long."""

Folder = Annotated[str, Form(max_length=1_000)]


class RightsBody(BaseModel):
    """Who may read a document: principals, groups, "tenant:<name>". Deny wins."""

    readers: list[str] = Field(default=[], max_length=1_000)
    denied: list[str] = Field(default=[], max_length=1_000)


class AddressBody(BaseModel):
    """Where on the web a document is."""

    address: str = Field(min_length=1, max_length=LONGEST)


def add_documents(app: FastAPI, services: Services) -> None:
    """The routes that change documents."""
    uploads = Uploads(services)
    _add_adding(app, services, uploads)
    _add_changing(app, services, uploads)


def _add_adding(app: FastAPI, services: Services, uploads: Uploads) -> None:
    fetching = BoundedSemaphore(FETCHED_AT_ONCE)

    def told(caller: Caller, added: Added) -> Response:
        what = "replaced document" if added.replaced else "added document"
        services.ledger.did(caller.principal, caller.session, what, added.id)
        shown = {
            "id": added.id,
            "replaced": added.replaced,
            "passages": added.passages,
            **added.rights.as_dict(),
        }
        return JSONResponse(shown, 201)

    @app.post("/documents", status_code=201)
    @doors.call("write", limit="uploads")
    def add(
        caller: Whoever,
        file: Annotated[UploadFile, File()],
        folder: Folder = "",
        readers: Names = [],  # noqa: B006  FastAPI copies it
        denied: Names = [],  # noqa: B006
    ) -> Response:
        """Add a document, or a new version of one of the same name and owner. A new one is its
        owner's only unless readers are named here, a new version has the readers of the one
        before: what it says of its readers itself does not count. A `folder`, such as
        "minutes/2019", stands before its name, and tells it from others of the same name."""
        who = caller.principal
        rights = rights_of_fields(
            {"owner": who.id, "tenant": who.tenant, "readers": readers, "denied": denied}
        )
        return told(caller, uploads.add(Upload(file.filename or "", file.file, folder), rights))

    @app.post("/documents/fetch", status_code=201)
    @doors.call("write")
    def add_from_web(body: AddressBody, caller: Whoever) -> Response:
        """Add what is at an address of the web, or a new version of it. It has to be public."""
        if not fetching.acquire(blocking=False):
            raise try_again(503, "busy", "Enough is being fetched just now. Try again soon.", 2)
        try:
            found = fetch(body.address, services.reach)
        finally:
            fetching.release()
        rights = rights_of_fields({"owner": caller.principal.id, "tenant": caller.principal.tenant})
        upload = Upload(found.name, BytesIO(found.content), found.folder, found.address)
        return told(caller, uploads.add(upload, rights))


def _add_changing(app: FastAPI, services: Services, uploads: Uploads) -> None:
    @app.delete("/documents/{id}", status_code=204)
    @doors.call("write")
    def remove(id: str, caller: Whoever) -> Response:
        """Remove a document that was added here, for its owner and administrators."""
        Removing(services).remove(caller, id)
        return Response(status_code=204)

    @app.get("/documents/{id}/versions")
    @doors.call("write")
    def versions(id: str, caller: Whoever) -> list[dict[str, Any]]:
        """The earlier versions of a document that was added here, the latest first, for its owner
        and administrators."""
        kept = Versions(services).of(caller, id)
        return [
            {
                "version": each.id,
                "replaced": each.replaced.isoformat(timespec="seconds"),
                "size": each.size,
            }
            for each in kept
        ]

    @app.get("/documents/{id}/versions/{version}")
    @doors.call("write")
    def version(id: str, version: str, caller: Whoever) -> Response:
        """The file of an earlier version, for the document's owner and administrators."""
        return Versions(services).download(caller, id, version)

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


class Versions:
    """The earlier versions of documents that were added, for their owners and administrators: a
    reader was perhaps never meant to see what was replaced."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def of(self, caller: Caller, id: str) -> list[EarlierVersion]:
        """The latest first. Raises as `View.rights_of`."""
        return self._view(caller, id).earlier_versions(id)

    def download(self, caller: Caller, id: str, version: str) -> Response:
        """The file of one of them. Raises as `View.rights_of`, DocumentNotFound for one that is
        not there, too."""
        view = self._view(caller, id)
        content, source = view.earlier_version(id, version), view.document(id).source
        self._services.ledger.read(caller.principal, caller.session, source, [])
        return download(content)

    def _view(self, caller: Caller, id: str) -> View:
        view = self._services.assistant.view_of(caller.principal)
        view.rights_of(id, administers=_administers(caller))
        return view


class Removing:
    """Takes documents out that were added, on behalf of whoever may."""

    def __init__(self, services: Services) -> None:
        self._services, self._uploads = services, Uploads(services)

    def remove(self, caller: Caller, id: str) -> None:
        """For its owner and administrators. Raises as `View.rights_of` and `Uploads.remove`."""
        view = self._services.assistant.view_of(caller.principal)
        view.rights_of(id, administers=_administers(caller))
        self._uploads.remove(id)
        self._services.ledger.did(caller.principal, caller.session, "removed document", id)


def _administers(caller: Caller) -> bool:
    return "administer" in caller.permissions
