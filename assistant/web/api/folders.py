"""The API for those who administer: folders of the server that are watched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from assistant.identity.configuring import FILE
from assistant.operating import maintaining
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.refusals import Refused
from assistant.web.services import Services
from index.documents import Principal
from index.errors import MissingSource
from index.rights.deciding import rights_of_fields

LONGEST_PATH = 4_096


class FolderBody(BaseModel):
    """A folder of the server, and who may read what is in it where nothing else says so."""

    path: str = Field(min_length=1, max_length=LONGEST_PATH)
    readers: list[str] = Field(default=[], max_length=1_000)


def add_folders(app: FastAPI, services: Services) -> None:
    """The routes /folders."""
    watching = services.watching

    @app.get("/folders")
    @doors.call("administer")
    def folders() -> list[dict[str, Any]]:
        """The folders that are watched."""
        return [
            {
                "path": str(watched.path),
                "files": watched.files,
                "problems": watched.problems,
                "trouble": watched.trouble,
            }
            for watched in watching.folders
        ]

    @app.post("/folders", status_code=201)
    @doors.call("administer")
    def watch(body: FolderBody, caller: Whoever) -> dict[str, str]:
        """Watch a folder: what is in it, and what changes, is in the index soon."""
        path = _may_be_watched(services, body.path)
        try:
            watching.add(path, _rights(services, caller.principal, body.readers))
        except MissingSource as error:
            raise Refused(422, "no_folder", str(error)) from error
        services.ledger.did(caller.principal, caller.session, "watched folder", str(path))
        return {"path": str(path)}

    @app.delete("/folders", status_code=204)
    @doors.call("administer")
    def leave(
        path: Annotated[str, Query(max_length=LONGEST_PATH)],
        caller: Whoever,
        *,
        forget: bool = False,
    ) -> Response:
        """Watch a folder no longer; with `forget` its documents are removed from the index."""
        watching.remove(Path(path))
        if forget:
            try:
                for _ in services.working.perform(maintaining.Request("forget", (path,))):
                    pass
            except MissingSource:
                pass  # nothing of it had been indexed yet
        services.ledger.did(caller.principal, caller.session, "left folder", path)
        return Response(status_code=204)


def _may_be_watched(services: Services, named: str) -> Path:
    """The folder, without links. Raises Refused for one that the server's operator has not opened
    to those who administer: they are not to read all of its files by this."""
    if not named.startswith("/") and not Path(named).is_absolute():
        raise Refused(422, "no_folder", "Name the whole path of a folder on the server: /srv/…")
    try:
        path = Path(named).resolve()
    except (OSError, ValueError, RuntimeError):
        raise Refused(422, "no_folder", "This is no path of a folder.") from None
    if services.portals:
        allowed = [folder.resolve() for folder in services.portals.portal.folders]
        if not any(path.is_relative_to(folder) for folder in allowed):
            raise Refused(
                403,
                "forbidden",
                f"This folder is not among those that {FILE} lets be watched: folders = […].",
            )
    return path


def _rights(services: Services, principal: Principal, readers: list[str]) -> dict[str, Any] | None:
    """The rights of what is in a folder; for one person on their own computer there is nothing to
    say. Raises RightsUnclear."""
    if not services.portals:
        return None
    rights_of_fields({"tenant": principal.tenant, "readers": readers})
    return {"tenant": principal.tenant, "readers": readers}
