"""Who may call from where, and the headers that every answer carries.

The server listens on this computer only, but any web page can make a browser call it:
so a foreign Host (a name that was pointed here) and a foreign Origin are turned away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; media-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""For the chat: Gradio puts scripts and styles into its page and evaluates templates.
Nothing may come from, or go to, another host."""

READER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

STATEMENTS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)

POLICIES = (("/read/", READER_POLICY), ("/statements", STATEMENTS_POLICY), ("/", PAGE_POLICY))
"""By the beginning of the path; the first that fits."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Guard:
    """ASGI middleware: checks each request and adds the headers to each answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, or turn it away with 400 or 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif refusal:
            await _turn_away(send, *refusal)
        else:
            await self._app(scope, receive, _with_headers(scope["path"], send))


def _refusal(scope: Scope) -> tuple[int, str, str] | None:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    if _name(f"//{host}") not in LOCAL_NAMES:
        return 400, "wrong_host", "This server answers to 127.0.0.1 and localhost only."
    origin = headers.get(b"origin")
    unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
    if unsafe and origin is not None and urlsplit(origin).netloc != host:
        return 403, "foreign_origin", "A page of another site may not call this server."
    return None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


async def _turn_away(send: Send, status: int, code: str, message: str) -> None:
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    headers = [(b"content-type", b"application/json"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_headers(path: str, send: Send) -> Send:
    policy = next((policy for start, policy in POLICIES if path.startswith(start)), PAGE_POLICY)
    added = (*HEADERS, (b"content-security-policy", policy.encode()))

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*_without(message["headers"], added), *added]
        await send(message)

    return send_with_headers


def _without(
    headers: Iterable[tuple[bytes, bytes]], replaced: Iterable[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    names = {name for name, _ in replaced}
    return [(name, value) for name, value in headers if name.lower() not in names]
