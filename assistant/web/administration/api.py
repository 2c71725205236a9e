"""The API of administrators: keys, people, usage, what had no answer, who saw what."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import asdict
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.accounts.keys import Keys
from assistant.accounts.ledger import Ledger
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller, Permission
from assistant.web.entry.refusals import Refused
from assistant.web.services import PortalServices

Most = Annotated[int, Query(ge=1, le=10_000)]
Days = Annotated[int, Query(ge=1, le=3_650)]
Before = Annotated[int, Query(ge=1, le=2**53)]


class KeyBody(BaseModel):
    """A new API key: what its holder may do and read, and for how many days."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[\w.-]+$")
    permissions: set[Permission] = Field(min_length=1)
    tenant: str = Field(default="", max_length=255)
    groups: list[str] = Field(default=[], max_length=200)
    days: int | None = Field(default=None, ge=1, le=3_650)


def add_administration(app: FastAPI, portals: PortalServices, ledger: Ledger) -> None:
    """The routes below /admin."""
    _add_keys(app, portals, ledger)

    @app.get("/admin/people")
    @doors.call("administer")
    def people(most: Most = 1_000) -> Response:
        """Who came in, the latest first."""
        names = ("principal", "tenant", "name", "way", "seen")
        rows = [dict(zip(names, person, strict=True)) for person in ledger.people(most)]
        return JSONResponse(rows)

    @app.get("/admin/usage")
    @doors.call("administer")
    def usage(days: Days = 30) -> Response:
        """Questions, answers and people of each day and tenant."""
        return JSONResponse([asdict(each) for each in ledger.usage(days)])

    @app.get("/admin/unanswered")
    @doors.call("administer")
    def unanswered(most: Most = 1_000) -> Response:
        """What people asked and the documents do not say: what editors could write."""
        return JSONResponse([asdict(each) for each in ledger.unanswered(most)])

    @app.get("/admin/feedback")
    @doors.call("administer")
    def feedback(most: Most = 1_000) -> Response:
        """What people thought of answers, the latest first."""
        return JSONResponse([asdict(each) for each in ledger.feedback(most)])

    @app.get("/admin/audit")
    @doors.call("administer")
    def audit(
        most: Most = 1_000, principal: str | None = None, before: Before | None = None
    ) -> Response:
        """Who saw which passages and who changed what, the latest first."""
        these = None if principal is None else [principal]
        return JSONResponse([asdict(each) for each in ledger.deeds(most, these, before=before)])

    @app.get("/admin/embeds")
    @doors.call("administer")
    def embeds() -> Response:
        """The frames, who may show them and whose people may come through them."""
        known = portals.portal.embeds
        return JSONResponse({name: embed.model_dump() for name, embed in known.items()})


class KeyDesk:
    """What administrators do to keys, each noted in the audit log."""

    def __init__(self, keys: Keys, ledger: Ledger) -> None:
        self._keys = keys
        self._ledger = ledger

    def add(self, caller: Caller, wanted: KeyBody) -> str:
        """A new key, in full. Raises Refused for one that could do more than its maker, and
        WrongUse as `Keys.add` does."""
        _check(wanted.permissions, caller)
        key = self._keys.add(
            wanted.name, wanted.permissions, wanted.tenant, wanted.groups, wanted.days
        )
        self._ledger.did(caller.principal, caller.session, "added key", wanted.name)
        return key

    def rotate(self, caller: Caller, name: str) -> str:
        """A new key in place of one that stays good for another day. Raises as `add` does."""
        for key in self._keys.all():
            if key.name == name:
                _check(key.permissions, caller)
        new = self._keys.rotate(name)
        self._ledger.did(caller.principal, caller.session, "rotated key", name)
        return new

    def revoke(self, caller: Caller, name: str) -> int:
        """The end of a key; how many of this name were good. Raises WrongUse."""
        ended = self._keys.revoke(name)
        self._ledger.did(caller.principal, caller.session, "revoked key", name)
        return ended


def _check(permissions: Set[str], caller: Caller) -> None:
    """Whoever gets a key can do what it can."""
    if not permissions <= caller.permissions:
        raise Refused(403, "forbidden", "A key cannot do more than who makes it.")


def _add_keys(app: FastAPI, portals: PortalServices, ledger: Ledger) -> None:
    desk = KeyDesk(portals.keys, ledger)

    @app.get("/admin/keys")
    @doors.call("administer")
    def all_keys() -> Response:
        """Every API key, without its secret."""
        return JSONResponse([key.to_dict() for key in portals.keys.all()])

    @app.post("/admin/keys", status_code=201)
    @doors.call("administer")
    def add(body: KeyBody, caller: Whoever) -> dict[str, str]:
        """A new key. It is shown this once."""
        return {"name": body.name, "key": desk.add(caller, body)}

    @app.post("/admin/keys/{name}/rotate", status_code=201)
    @doors.call("administer")
    def rotate(name: str, caller: Whoever) -> dict[str, str]:
        """A new key in place of one that stays good for another day."""
        return {"name": name, "key": desk.rotate(caller, name)}

    @app.delete("/admin/keys/{name}")
    @doors.call("administer")
    def revoke(name: str, caller: Whoever) -> dict[str, int]:
        """The end of a key."""
        return {"ended": desk.revoke(caller, name)}
