"""The API of administrators: keys, people, usage, what had no answer, who saw what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.accounts.ledger import Ledger
from assistant.web.callers import Caller, Permission, caller_of
from assistant.web.refusals import Refused
from assistant.web.services import PortalServices

Whoever = Annotated[Caller, Depends(caller_of)]
Most = Annotated[int, Query(ge=1, le=10_000)]
Days = Annotated[int, Query(ge=1, le=3_650)]


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
    def people(most: Most = 1_000) -> Response:
        """Who came in, the latest first."""
        names = ("principal", "tenant", "name", "way", "seen")
        rows = [dict(zip(names, person, strict=True)) for person in ledger.people(most)]
        return JSONResponse(rows)

    @app.get("/admin/usage")
    def usage(days: Days = 30) -> Response:
        """Questions, answers and people of each day and tenant."""
        return JSONResponse([asdict(each) for each in ledger.usage(days)])

    @app.get("/admin/unanswered")
    def unanswered(most: Most = 1_000) -> Response:
        """What people asked and the documents do not say: what editors could write."""
        return JSONResponse([asdict(each) for each in ledger.unanswered(most)])

    @app.get("/admin/feedback")
    def feedback(most: Most = 1_000) -> Response:
        """What people thought of answers, the latest first."""
        return JSONResponse([asdict(each) for each in ledger.feedback(most)])

    @app.get("/admin/audit")
    def audit(most: Most = 1_000, principal: str | None = None) -> Response:
        """Who saw which passages and who changed what, the latest first."""
        return JSONResponse([asdict(each) for each in ledger.deeds(most, principal)])

    @app.get("/admin/embeds")
    def embeds() -> Response:
        """The frames, who may show them and whose people may come through them."""
        known = portals.portal.embeds
        return JSONResponse({name: embed.model_dump() for name, embed in known.items()})


def _add_keys(app: FastAPI, portals: PortalServices, ledger: Ledger) -> None:
    keys = portals.keys

    @app.get("/admin/keys")
    def all_keys() -> Response:
        """Every API key, without its secret."""
        return JSONResponse([key.to_dict() for key in keys.all()])

    @app.post("/admin/keys", status_code=201)
    def add(body: KeyBody, caller: Whoever) -> dict[str, str]:
        """A new key. It is shown this once."""
        if not body.permissions <= caller.permissions:
            raise Refused(403, "forbidden", "A key cannot do more than who makes it.")
        key = keys.add(body.name, body.permissions, body.tenant, body.groups, body.days)
        ledger.did(caller.principal, caller.session, "added key", body.name)
        return {"name": body.name, "key": key}

    @app.post("/admin/keys/{name}/rotate", status_code=201)
    def rotate(name: str, caller: Whoever) -> dict[str, str]:
        """A new key in place of one that stays good for another day."""
        key = keys.rotate(name)
        ledger.did(caller.principal, caller.session, "rotated key", name)
        return {"name": name, "key": key}

    @app.delete("/admin/keys/{name}")
    def revoke(name: str, caller: Whoever) -> dict[str, int]:
        """The end of a key."""
        ended = keys.revoke(name)
        ledger.did(caller.principal, caller.session, "revoked key", name)
        return {"ended": ended}
