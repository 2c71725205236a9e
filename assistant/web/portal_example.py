"""An example of a portal: a page with the embed in it, and the backend that signs.

For trying it, and to be read: `vouch` is all that a real portal has to add to its own.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import click
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from assistant.identity.configuring import FILE
from assistant.identity.keysets import new_key_pair, sign
from assistant.rendering.templating import render

PEOPLE = {"amina": ("Amina", ["staff"]), "bob": ("Bob", ["guests"])}
ISSUER, EMBED, TENANT, KEY_NAME = "example-portal", "example", "acme", "example-1"
COOKIE = "example-portal"
PRIVATE, PUBLIC = "example-portal.private.pem", "example-portal.pem"

CONFIGURED = """url = "{server}"

[issuers.example]
issuer = "{issuer}"
algorithm = "ES256"
key_file = "{public}"

[embeds.{embed}]
issuer = "example"
origins = ["{origin}"]
tenants = ["{tenant}"]
"""


def serve_example(home: Path, port: int, server: str) -> None:
    """Serve the portal on this computer until stopped; On Record is at `server`."""
    import uvicorn

    origin = f"http://localhost:{port}"
    lines = prepare(home, origin, server)
    path = home / FILE
    if path.exists():
        click.echo(f"{path} has to say:\n\n{lines}")
    else:
        path.write_text(lines, "utf-8")
        click.echo(f"Wrote {path}, which lets this portal's people in.")
    readers = f"group:{ISSUER}|staff"
    click.echo(
        f"The portal is on {origin} (Ctrl-C ends it). Let Amina read documents, and start the "
        f"server:\n\n  onrecord --home {home} index FOLDER --readers {readers!r}\n"
        f"  onrecord --home {home} serve\n"
    )
    app = create_portal(home, origin, server)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def prepare(home: Path, origin: str, server: str) -> str:
    """Make the example's keys in the home folder, if it has none; what `portal.toml` has to
    say for this portal."""
    if not (home / PRIVATE).exists():
        private, public = new_key_pair()
        (home / PRIVATE).touch(0o600)
        (home / PRIVATE).write_text(private)
        (home / PUBLIC).write_text(public)
    return CONFIGURED.format(
        server=server, issuer=ISSUER, public=PUBLIC, embed=EMBED, origin=origin, tenant=TENANT
    )


def create_portal(home: Path, origin: str, server: str) -> FastAPI:
    """The example portal at `origin`; On Record is at `server`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    key = (home / PRIVATE).read_text()
    sessions: dict[str, str] = {}

    def signed_in(request: Request) -> str | None:
        return sessions.get(request.cookies.get(COOKIE, ""))

    @app.get("/")
    def home_page(request: Request, mode: str = "inline", lang: str = "en") -> HTMLResponse:
        person = signed_in(request)
        values = {
            "person": PEOPLE[person][0] if person else "nobody",
            "server": server,
            "embed": EMBED,
            "mode": "corner" if mode == "corner" else "inline",
            "lang": lang if lang in ("en", "ru", "tg") else "en",
        }
        return HTMLResponse(render("web/portal_example.html", **values))

    @app.post("/sign-in")
    def sign_in(request: Request, person: str = Form()) -> Response:
        session = secrets.token_urlsafe(16)
        sessions.pop(request.cookies.get(COOKIE, ""), None)
        if person in PEOPLE:
            sessions[session] = person
        reply = RedirectResponse("/", 303)
        reply.set_cookie(COOKIE, session, httponly=True, samesite="strict")
        return reply

    @app.get("/assertion")
    def vouch(request: Request, embed: str, nonce: str) -> Response:
        person = signed_in(request)
        if person is None:
            return PlainTextResponse("", 401)
        name, groups = PEOPLE[person]
        now = int(time.time())
        claims = {
            "iss": ISSUER, "aud": f"{server}/embed", "sub": person, "tenant": TENANT,
            "embed": embed, "origin": origin, "groups": groups, "name": name, "nonce": nonce,
            "iat": now, "exp": now + 120, "jti": secrets.token_urlsafe(24),
        }  # fmt: skip
        headers = {"typ": "assist-embed+jwt", "kid": KEY_NAME}
        return PlainTextResponse(sign(claims, key, "ES256", headers))

    return app
