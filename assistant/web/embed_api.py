"""What a portal's frame and its backend call: an assertion for a bearer, and its end."""

from __future__ import annotations

import hashlib
import logging
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from pydantic import BaseModel, Field

from assistant.accounts.ledger import Ledger
from assistant.identity.assertions import LONGEST, BadAssertion
from assistant.identity.bearers import LIFE, TooMany
from assistant.identity.keysets import KeysUnavailable
from assistant.identity.people import Person
from assistant.web.callers import Caller, caller_of
from assistant.web.refusals import Refused, try_again
from assistant.web.services import PortalServices

log = logging.getLogger("onrecord.identity")

Whoever = Annotated[Caller, Depends(caller_of)]
Short = Annotated[str, Field(min_length=1, max_length=255)]


class AssertionBody(BaseModel):
    """What a portal says about a person, for which embed, and the frame's nonce."""

    assertion: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    embed: Short
    nonce: Short


class PersonBody(BaseModel):
    """A person, as their issuer calls them."""

    issuer: Short
    subject: Short


def add_embed_api(app: FastAPI, portals: PortalServices, ledger: Ledger) -> None:
    """The routes below /embed of the API."""
    assertions, bearers, logins = portals.assertions, portals.bearers, portals.logins

    @app.post("/embed/token")
    def token(body: AssertionBody) -> dict[str, Any]:
        """A bearer for the person whom the assertion is about."""
        try:
            person = assertions.accept(body.assertion, body.embed, body.nonce)
            secret = bearers.give(person, body.embed)
        except BadAssertion as error:
            log.warning("assertion for embed %r refused: %s", body.embed, error)
            raise Refused(401, error.code, "Sign in to the portal again.") from error
        except (KeysUnavailable, TooMany) as error:
            log.warning("no bearer could be given: %s", str(error) or "there are too many")
            raise try_again(503, "unavailable", "Nobody can sign in now.", 30) from error
        bearer = bearers.find(secret)
        ledger.met(person.principal, person.name, "embed")
        ledger.did(person.principal, bearer.id if bearer else "", "came in", body.embed)
        return {
            "token": secret,
            "expires_in": int(LIFE),
            "name": person.name,
            "person": _mark_of(person),
        }

    @app.post("/embed/logout")
    def logout(caller: Whoever) -> dict[str, str]:
        """The end of the bearer that is shown."""
        bearers.end(caller.session)
        ledger.did(caller.principal, caller.session, "left", "")
        return {"status": "ok"}

    @app.post("/embed/revoke")
    def revoke(body: PersonBody, caller: Whoever) -> dict[str, int]:
        """The end of everything that a person has been let in with."""
        assertions.revoke(body.issuer, body.subject)
        ended = bearers.revoke(body.issuer, body.subject)
        ended += logins.revoke(body.issuer, body.subject)
        what = f"user:{body.issuer}|{body.subject}"
        ledger.did(caller.principal, caller.session, "revoked", what)
        return {"ended": ended}

    @app.post("/embed/assertion-check")
    def assertion_check(body: AssertionBody) -> dict[str, Any]:
        """Would the assertion be accepted? If not, what is wrong with it. Uses nothing up."""
        try:
            person = assertions.check(body.assertion, body.embed, body.nonce)
        except (BadAssertion, KeysUnavailable) as error:
            return {"ok": False, "why": str(error)}
        principal = person.principal
        return {
            "ok": True,
            "principal": principal.id,
            "tenant": principal.tenant,
            "groups": sorted(principal.groups),
        }


def _mark_of(person: Person) -> str:
    """By which a frame knows that somebody else has come, without knowing who they are."""
    return hashlib.sha256(f"{person.principal.id} {person.tenant}".encode()).hexdigest()[:16]
