"""Signing in to the page with the organisation's own login, and out again."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.ledger import Ledger
from assistant.accounts.logins import LIFE
from assistant.errors import LoginFailed
from assistant.identity.logging_in import WITHIN, Provider
from assistant.rendering import escape
from assistant.web.callers import Caller, caller_of
from assistant.web.frame import head
from assistant.web.services import CALLBACK, PortalServices

FAILED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not signed in · On Record</title>
{head}</head>
<body><main class="welcome"><h1>You are not signed in</h1><p>{why}</p>
<p><a href="/login">Begin again</a></p></main></body></html>
"""


def add_login(app: FastAPI, portals: PortalServices, provider: Provider, ledger: Ledger) -> None:
    """The routes /login, /login/callback and /logout."""
    portal, doorkeeper, logins = portals.portal, portals.doorkeeper, portals.logins
    begun = f"{doorkeeper.cookie}-login"

    def keep(reply: Response, name: str, value: str, seconds: float) -> None:
        """In a cookie that scripts cannot read and that other sites' requests do not carry."""
        reply.set_cookie(
            name,
            value,
            max_age=int(seconds),
            secure=portal.is_https,
            httponly=True,
            samesite="lax",
            path="/",
        )

    @app.get("/login")
    def login(wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
        address, browser = provider.begin(_own_page(wanted))
        reply = RedirectResponse(address, 303)
        keep(reply, begun, browser, WITHIN)
        return reply

    @app.get(CALLBACK)
    def callback(request: Request, state: str = "") -> Response:
        # The provider is told the address that it was given, whatever a proxy made of it.
        address = f"{portal.url}{CALLBACK}?{request.url.query}"
        browser = request.cookies.get(begun, "")
        person, next_page = provider.finish(browser, address, state)
        earlier = doorkeeper.login_secret(request.scope)
        if earlier and (old := logins.find(earlier)):
            logins.end(old.id)
        secret = logins.start(person)
        started = logins.find(secret)
        ledger.met(person.principal, person.name, "login")
        ledger.did(person.principal, started.id if started else "", "came in", "login")
        reply = RedirectResponse(next_page, 303)
        keep(reply, doorkeeper.cookie, secret, LIFE)
        reply.delete_cookie(begun, path="/", secure=portal.is_https, httponly=True)
        return reply

    @app.post("/logout")
    def logout(caller: Annotated[Caller, Depends(caller_of)]) -> Response:
        logins.end(caller.session)
        ledger.did(caller.principal, caller.session, "left", "")
        reply = RedirectResponse("/login", 303)
        reply.delete_cookie(doorkeeper.cookie, path="/", secure=portal.is_https, httponly=True)
        return reply

    @app.exception_handler(LoginFailed)
    def failed(_: Request, error: LoginFailed) -> Response:
        page = FAILED.format(head=head("reader"), why=escape(str(error)))
        return HTMLResponse(page, 400)


def _own_page(address: str) -> str:
    """The address if it is one of this server's, else the first page: a login must not
    send anybody elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return "/"
    return address if address.isprintable() else "/"
