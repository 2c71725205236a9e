"""Who may call, from where, through which door; and the headers of every answer.

Every request passes here before any route sees it, in this order: the name that it calls
the server by, the page that it comes from, the door, how much is going on, the caller, the
caller's permission, how much this caller has open, the body, and how much this caller asks.
What no route declares to be a door does not exist.

Any web page can make a browser call a server on this computer: so a foreign Host (a name
that was pointed here) and a foreign Origin are turned away.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from assistant.accounts.preferences import PreferencesOfAll
from assistant.errors import AccountsUnavailable
from assistant.languages import ENGLISH, language, later, speaking, wanted_of
from assistant.rendering.templating import render, themed
from assistant.web.entry.bodies import Body, told_again
from assistant.web.entry.callers import NOBODY, Caller, Doorkeeper
from assistant.web.entry.capacity import Comer
from assistant.web.entry.doors import Declaration, Door, Doors
from assistant.web.entry.gate import Gate
from assistant.web.entry.gradio_sessions import GradioSessions
from assistant.web.entry.policies import READER_POLICY
from assistant.web.entry.refusals import OPENAI, Refused, error_to_dict, error_to_openai

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = re.compile(r"(?:\[([0-9a-f]*:[0-9a-f:.]*)\]|([a-z0-9._-]+))(?::(\d{1,5}))?", re.I | re.A)

LARGEST_PORT = 65_535

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)

POLICY = b"content-security-policy"
OWN_ONLY = (b"cross-origin-resource-policy", b"same-origin")
FOR_ALL = (b"cross-origin-resource-policy", b"cross-origin")
NOT_KEPT = (b"cache-control", b"no-store")
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")

CLOSED = Declaration("public", own_policy=True)
"""How an answer is sent where there is no door: nobody keeps it, and it loads nothing but what
the page that says so needs."""

PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Accept"),
    (b"access-control-max-age", b"600"),
]


@dataclass(frozen=True, slots=True)
class Site:
    """How the server is known.

    `hosts` are the names that it answers to. `callers` are origins whose pages may call the
    API with a bearer, `embeds` has for each embed the origins that may frame it. `path` is
    below which path of a host a proxy shows it, "" for none.
    """

    hosts: frozenset[str] = LOCAL_NAMES
    callers: frozenset[str] = frozenset()
    embeds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_https: bool = False
    path: str = ""


class Guard:
    """ASGI middleware: checks each request and adds the headers to each answer."""

    def __init__(
        self,
        app: ASGIApp,
        doors: Doors,
        doorkeeper: Doorkeeper,
        gate: Gate | None = None,
        site: Site | None = None,
        preferences: PreferencesOfAll | None = None,
    ) -> None:
        self._app = app
        self._doors = doors
        self._doorkeeper = doorkeeper
        self._gate = gate or Gate()
        self._site = site or Site()
        self._preferences = preferences
        self._gradio = GradioSessions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through with its caller, or turn it away."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no route takes websockets
            await send({"type": "websocket.close", "code": 1008})
            return
        found = self._doors.at(scope["path"])
        send = self._with_headers(scope, found, send)
        with speaking(_browser_language(scope, found)):
            await self._answer(scope, found, receive, send)

    async def _answer(
        self, scope: Scope, found: Sequence[Door], receive: Receive, send: Send
    ) -> None:
        try:
            if self._is_preflight(scope, found):
                await send({"type": "http.response.start", "status": 204, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return
            await self._pass(scope, self._door_for(scope, found), receive, send)
        except Refused as refused:
            await turn_away(scope, send, refused)

    async def _pass(self, scope: Scope, door: Door, receive: Receive, send: Send) -> None:
        """Raises Refused."""
        asks, uploads = (door.declared.limit == limit for limit in ("answers", "uploads"))
        body = self._body(scope, receive, uploads=uploads)
        comer = Comer.showing(self._doorkeeper.shown(scope), _address(scope)) if asks else None
        async with self._gate.places.hold(comer) if comer else nullcontext() as place:
            # In a thread: credentials stand in a file, and everybody waits for this one.
            caller = await asyncio.to_thread(self._let_in, scope, door)
            if comer and caller.session:
                self._gate.places.recognise(comer)
            views = self._doors.views_for(caller.permissions)
            scope["caller"] = caller = replace(caller, views=views)
            with _as_set(caller), self._gate.requesting(caller, _address(scope), uploads=uploads):
                if uploads:
                    await self._app(scope, body.message, _unless_refused(body, scope, send))
                    return
                if place:
                    place.leave()
                content = await body.read()
                if place:
                    place.begin()
                self._gradio.check(scope, content, caller)
                async with self._gate.passing(caller) if asks else nullcontext():
                    await self._app(scope, told_again(content, receive), send)

    def _door_for(self, scope: Scope, found: Sequence[Door]) -> Door:
        """The one that is called, by the right name and from a page that may. Raises
        Refused."""
        headers = _headers(scope)
        if _host(scope) not in self._site.hosts:
            known = " and ".join(sorted(self._site.hosts - {"::1"}))
            raise Refused(400, "wrong_host", f"This server answers to {known} only.")
        if scope["method"] not in SAFE_METHODS and self._is_foreign(headers):
            raise Refused(403, "foreign_origin", "A page of another site may not call this server.")
        return _door(scope, found)

    def _let_in(self, scope: Scope, door: Door) -> Caller:
        """Whoever calls. Raises Refused."""
        caller = self._doorkeeper.caller(scope)
        if door.permission == "public":
            return self._known(caller, door) if caller else NOBODY
        if caller is None:
            raise self._unknown(scope)
        if door.permission not in caller.permissions:
            raise Refused(403, "forbidden", "You may not do this.")
        return self._known(caller, door)

    def _known(self, caller: Caller, door: Door) -> Caller:
        """With what they set for pages. Without the file that it stands in, a page is shown as
        it is to everybody; what it is needed for says that it cannot be read."""
        if self._preferences is None or not door.declared.is_page:
            return caller
        try:
            return replace(caller, preferences=self._preferences.of(caller.principal))
        except AccountsUnavailable:
            return caller

    def _is_foreign(self, headers: Mapping[str, str]) -> bool:
        origin = headers.get("origin")
        if origin is None or origin in self._site.callers:
            return False
        # Our pages send no referrer, so a form of theirs is sent with the origin "null"; that
        # it is theirs the browser says here, where no page can write.
        if origin == "null" and headers.get("sec-fetch-site") == "same-origin":
            return False
        try:
            page = urlsplit(origin)
        except ValueError:
            return True
        # What came by http anybody on the way can have changed, though it bears our name.
        is_open = (
            self._site.is_https and page.scheme != "https" and page.hostname not in LOCAL_NAMES
        )
        return is_open or page.netloc != headers.get("host", "")

    def _unknown(self, scope: Scope) -> Refused:
        """A person's browser is led to where one signs in, a program is told."""
        place = self._doorkeeper.sign_in(scope)
        if place and opens_page(scope):
            address = scope["path"] + ("?" + scope["query_string"].decode("latin-1")).rstrip("?")
            location = f"{place}?next={quote(address, safe='')}".encode()
            return Refused(303, "sign_in", "Sign in first.", [(b"location", location)])
        return Refused(401, "unauthorized", "Sign in first.", [(b"www-authenticate", b"Bearer")])

    def _body(self, scope: Scope, receive: Receive, *, uploads: bool) -> Body:
        """Raises Refused for one that says that it is too large."""
        limits = self._gate.limits
        body = Body(receive, limits.upload if uploads else limits.body)
        body.check(_headers(scope).get("content-length", "0"))
        return body

    def _is_preflight(self, scope: Scope, found: Sequence[Door]) -> bool:
        """Does a browser ask whether a listed page may call the API?"""
        asks = b"access-control-request-method" in dict(scope["headers"])
        return scope["method"] == "OPTIONS" and asks and self._may_call(scope, found)

    def _may_call(self, scope: Scope, found: Sequence[Door]) -> bool:
        """May pages of other sites call what is here, and does one that is listed?"""
        origin = _headers(scope).get("origin")
        return origin in self._site.callers and any(d.declared.called_by_pages for d in found)

    def _with_headers(self, scope: Scope, found: Sequence[Door], send: Send) -> Send:
        declared = _declared(scope, found)
        added = [*HEADERS, (POLICY, declared.policy.encode())]
        added.append(FOR_ALL if declared.for_other_sites else OWN_ONLY)
        if not declared.cacheable:
            added.append(NOT_KEPT)
        if self._may_call(scope, found):
            origin = _headers(scope)["origin"].encode("latin-1")
            added += [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
            if self._is_preflight(scope, found):
                added += PREFLIGHT
        if self._site.is_https:
            added.append(HTTPS_ONLY)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = declared.own_policy and _names_policy(message["headers"])
                mine = [header for header in added if not (own and header[0] == POLICY)]
                message["headers"] = [*_without(message["headers"], mine), *mine]
            await send(message)

        return send_with_headers


def _door(scope: Scope, found: Sequence[Door]) -> Door:
    """The one that a request is sent to. Raises Refused."""
    if not found or "\0" in scope["path"]:  # which no file system takes
        raise Refused(404, "not_found", "There is nothing at this address.")
    by_method = {door.method: door for door in found}
    door = by_method.get(_method(scope))
    if door is None:
        allowed = [(b"allow", ", ".join(sorted(by_method)).encode())]
        raise Refused(405, "wrong_method", f"Use {' or '.join(sorted(by_method))}.", allowed)
    return door


def _declared(scope: Scope, found: Sequence[Door]) -> Declaration:
    """How whatever comes of a request is sent."""
    return next((door.declared for door in found if door.method == _method(scope)), CLOSED)


def _browser_language(scope: Scope, found: Sequence[Door]) -> str:
    """The one that a browser asks for on a page, also where there is none; of calls English."""
    if not found or _declared(scope, found).is_page:
        return wanted_of(_headers(scope).get("accept-language", ""))
    return ENGLISH


@contextmanager
def _as_set(caller: Caller) -> Iterator[None]:
    """Inside, pages are as the caller set them."""
    preferences = caller.preferences
    with speaking(preferences.language or language()), themed(preferences.theme):
        yield


def _method(scope: Scope) -> str:
    return "GET" if scope["method"] == "HEAD" else str(scope["method"])


def _headers(scope: Scope) -> Mapping[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _host(scope: Scope) -> str | None:
    """The name that a request calls the server by, None if that is no name."""
    said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    found = HOST.fullmatch(said[0]) if len(said) == 1 else None
    if found is None or int(found[3] or 0) > LARGEST_PORT:
        return None
    return str(found[1] or found[2]).lower()


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _unless_refused(body: Body, scope: Scope, send: Send) -> Send:
    """Where the route reads the body itself: whatever it makes of one that is refused, the
    caller is told why that was."""

    async def send_unless_refused(message: Message) -> None:
        if body.refused is None:
            await send(message)
        elif message["type"] == "http.response.start":
            await turn_away(scope, send, body.refused)

    return send_unless_refused


async def turn_away(scope: Scope, send: Send, refused: Refused) -> None:
    """Answer a request with why it may not pass: a browser on a page, else as programs read it."""
    if refused.status >= 400 and opens_page(scope):
        words = notice(str(refused), refused.status)
        kind = [(b"content-type", b"text/html; charset=utf-8"), (POLICY, READER_POLICY.encode())]
    else:
        words, kind = _error(scope, refused), [(b"content-type", b"application/json")]
    body = words.encode()
    size = (b"content-length", str(len(body)).encode())
    headers = [*kind, size, *refused.headers]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _error(scope: Scope, refused: Refused) -> str:
    code, message = refused.code, str(refused)
    if scope["path"].startswith(f"{OPENAI}/"):
        return json.dumps(error_to_openai(refused.status, code, message))
    return json.dumps(error_to_dict(code, message))


TITLES = {
    403: later("This is not for you"),
    404: later("This is not here"),
    429: later("Not just now"),
    503: later("Not just now"),
}


def notice(why: str, status: int) -> str:
    """The page that tells a person why there is nothing to see, with a way back."""
    title, link = TITLES.get(status, later("This cannot be shown")), later("Ask a question")
    return render("web/notice.html", title=title, why=why, address="/", link=link)


def opens_page(scope: Scope) -> bool:
    """Does a person's browser open this address?"""
    return scope["method"] == "GET" and "text/html" in _headers(scope).get("accept", "")


def _names_policy(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == POLICY for name, _ in headers)


def _without(
    headers: Iterable[tuple[bytes, bytes]], replaced: Iterable[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """What other sites may do with an answer is said here alone: Gradio would let them all."""
    names = {name for name, _ in replaced}
    return [
        (name, value)
        for name, value in headers
        if name.lower() not in names and not name.lower().startswith(b"access-control-")
    ]
