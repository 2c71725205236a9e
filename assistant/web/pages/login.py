"""Signing in to the page with the organisation's own login, and out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.ledger import Ledger
from assistant.accounts.logins import LIFE
from assistant.errors import LoginFailed
from assistant.identity.logging_in import WITHIN, Provider
from assistant.languages import later
from assistant.rendering.addresses import at
from assistant.rendering.templating import render
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import address_of
from assistant.web.entry.refusals import Refused
from assistant.web.services import CALLBACK, PortalServices

FORGET = {"clear-site-data": '"cache", "storage"', "cache-control": "no-store"}
"""Nothing that somebody was shown stays in a browser that another may use next."""

LONGEST_NEXT = 2_000
"""Characters of an address to go back to."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """One that scripts cannot read and that other sites' requests do not carry."""

    name: str
    is_secure: bool

    def keep(self, reply: Response, value: str, seconds: float) -> None:
        """Have the browser keep it."""
        reply.set_cookie(
            self.name,
            value,
            max_age=int(seconds),
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
            path=at("/"),
        )

    def drop(self, reply: Response) -> None:
        """Have the browser forget it."""
        reply.delete_cookie(
            self.name, path=at("/"), secure=self.is_secure, httponly=True, samesite="lax"
        )


def add_login(app: FastAPI, portals: PortalServices, provider: Provider, ledger: Ledger) -> None:
    """The routes /login, /login/callback and /logout."""
    _add_signing_in(app, portals, provider, ledger)

    @app.post("/logout")
    @doors.page("ask")
    def logout(caller: Whoever) -> Response:
        if caller.way != "login":
            raise Refused(400, "bad_request", "Only who signed in with a browser signs out here.")
        portals.logins.end(caller.session)
        ledger.did(caller.principal, caller.session, "left", "")
        why = later("What you asked is kept for when you sign in again.")
        reply = HTMLResponse(
            _page(later("You are signed out"), why, later("Sign in")), headers=FORGET
        )
        Cookie(portals.doorkeeper.cookie, is_secure=portals.portal.is_https).drop(reply)
        return reply

    @app.exception_handler(LoginFailed)
    def failed(_: Request, error: LoginFailed) -> Response:
        page = _page(later("You are not signed in"), str(error), later("Begin again"))
        return HTMLResponse(page, 400, {"cache-control": "no-store"})


def _add_signing_in(
    app: FastAPI, portals: PortalServices, provider: Provider, ledger: Ledger
) -> None:
    doorkeeper, logins, gate = portals.doorkeeper, portals.logins, portals.gate
    signed_in = Cookie(doorkeeper.cookie, is_secure=portals.portal.is_https)
    begun = Cookie(f"{doorkeeper.cookie}-login", is_secure=portals.portal.is_https)

    @app.get("/login")
    @doors.page("public")
    def login(request: Request, wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
        gate.begin_login(address_of(request))
        address, browser = provider.begin(_own_page(wanted))
        reply = RedirectResponse(address, 303)
        begun.keep(reply, browser, WITHIN)
        return reply

    @app.get(CALLBACK)
    @doors.page("public")
    def callback(request: Request, state: str = "") -> Response:
        gate.check(address_of(request))
        # The provider is told the address that it was given, whatever a proxy made of it.
        address = f"{portals.portal.url}{CALLBACK}?{request.url.query}"
        try:
            person, wanted = provider.finish(request.cookies.get(begun.name, ""), address, state)
        except LoginFailed:
            gate.was_wrong(address_of(request))
            raise
        earlier = doorkeeper.login_secret(request.scope)
        if earlier and (old := logins.find(earlier)):
            logins.end(old.id)
        secret, id = logins.start(person)
        ledger.met(person.principal, person.name, "login")
        ledger.did(person.principal, id, "came in", "login")
        reply = RedirectResponse(wanted, 303)
        signed_in.keep(reply, secret, LIFE)
        begun.drop(reply)
        return reply


def _page(title: str, why: str, link: str) -> str:
    return render("web/notice.html", title=title, why=why, address="/login", link=link)


def _own_page(address: str) -> str:
    """The address if it is one of this server's, else the first page: a login must not
    send anybody elsewhere."""
    is_here = address.startswith("/") and address[1:2] not in ("/", "\\")
    return address if is_here and address.isprintable() and len(address) <= LONGEST_NEXT else "/"
