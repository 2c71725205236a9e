"""What a portal's frame and its backend call: an assertion for a bearer, and its end."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from fastapi import FastAPI, Request
from pydantic import BaseModel, Field

from assistant.accounts.keys import PREFIX
from assistant.accounts.ledger import Ledger
from assistant.identity.assertions import LONGEST, BadAssertion
from assistant.identity.bearers import LIFE, Bearer, TooMany
from assistant.identity.keysets import KeysUnavailable
from assistant.identity.people import principal_id
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller, address_of
from assistant.web.entry.refusals import Refused, try_again
from assistant.web.services import PortalServices

log = logging.getLogger("onrecord.identity")

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
    _add_backend(app, portals, ledger)

    @app.post("/embed/token")
    @doors.call("public")
    def token(body: AssertionBody, request: Request) -> dict[str, Any]:
        """A bearer for the person whom the assertion is about."""
        try:
            secret, bearer = _exchange(portals, body, address_of(request))
        except BadAssertion as error:
            log.warning("assertion for embed %r refused: %r", body.embed, str(error))
            raise Refused(401, error.code, "Sign in to the portal again.") from error
        except (KeysUnavailable, TooMany) as error:
            log.warning("no bearer could be given: %s", str(error) or "there are too many")
            raise try_again(503, "unavailable", "Nobody can sign in now.", 30) from error
        person = bearer.person
        ledger.met(person.principal, person.name, "embed")
        ledger.did(person.principal, bearer.id, "came in", body.embed)
        return {
            "token": secret,
            "expires_in": int(LIFE),
            "name": person.name,
            "person": person.mark,  # by which a frame knows that somebody else has come
        }

    @app.post("/embed/logout")
    @doors.call("ask")
    def logout(caller: Whoever) -> dict[str, str]:
        """The end of the bearer that is shown."""
        if caller.way != "embed":
            raise Refused(400, "bad_request", "Only the bearer of a frame ends here.")
        portals.bearers.end(caller.session)
        ledger.did(caller.principal, caller.session, "left", "")
        return {"status": "ok"}


def _add_backend(app: FastAPI, portals: PortalServices, ledger: Ledger) -> None:
    """What a portal's backend calls with its API key."""
    assertions, bearers, logins = portals.assertions, portals.bearers, portals.logins

    @app.post("/embed/revoke")
    @doors.call("administer")
    def revoke(body: PersonBody, caller: Whoever) -> dict[str, int]:
        """The end of everything that a person has been let in with."""
        _check_way(caller)
        assertions.revoke(body.issuer, body.subject)
        ended = bearers.revoke(body.issuer, body.subject)
        ended += logins.revoke(body.issuer, body.subject)
        who = principal_id(body.issuer, body.subject)
        ledger.did(caller.principal, caller.session, "revoked", who)
        return {"ended": ended}

    @app.post("/embed/assertion-check")
    @doors.call("administer")
    def assertion_check(body: AssertionBody, caller: Whoever) -> dict[str, Any]:
        """Would the assertion be accepted? If not, what is wrong with it. Uses nothing up."""
        _check_way(caller)
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


def _exchange(portals: PortalServices, body: AssertionBody, address: str) -> tuple[str, Bearer]:
    """A bearer's secret and the bearer. Raises BadAssertion, KeysUnavailable, TooMany and,
    if this was tried too often, Refused."""
    gate, assertions = portals.gate, portals.assertions
    issuer = portals.portal.issuer_of(body.embed)
    gate.check(address)
    gate.check_issuer(issuer)
    began = assertions.now()
    try:
        if body.nonce.startswith(PREFIX):
            raise BadAssertion("nonce: it names a key, whose server it is for", is_signed=False)
        person = assertions.accept(body.assertion, body.embed, body.nonce)
    except BadAssertion as error:
        gate.was_wrong(address)
        if error.is_signed:
            gate.was_signed(issuer)
        raise
    gate.was_signed(issuer)
    secret, bearer = portals.bearers.give(person, body.embed)
    if assertions.is_revoked(person, since=began):
        portals.bearers.end(bearer.id)
        raise BadAssertion("the person was logged out just now")
    return secret, bearer


def _check_way(caller: Caller) -> None:
    """For backends only: what a browser holds does not do. Raises Refused."""
    if caller.way != "key":
        raise Refused(403, "forbidden", "This takes an API key.")
