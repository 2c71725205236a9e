"""A proxy that shows the server below a path, as `url` says.

One that passes the path on and one that takes it off are both understood: nothing behind this
knows of the path but through `assistant.rendering.addresses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.rendering.addresses import at, below

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.web.entry.doors import Doors

LOCATION = b"location"


class Below:
    """ASGI middleware around everything: takes the path off what is asked for, and puts it in
    front of where a browser is sent."""

    def __init__(self, app: ASGIApp, path: str, doors: Doors) -> None:
        self._app = app
        self._path = path
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on as if the server had a host to itself."""
        with below(self._path):
            if scope["type"] != "http":
                await self._app(scope, receive, send)
            elif scope["path"] == self._path:
                await _lead_inside(send)
            else:
                await self._app({**scope, "path": self._inner(scope)}, receive, _placed(send))

    def _inner(self, scope: Scope) -> str:
        """The path as routes know it. One that a proxy took off already may begin like it."""
        asked: str = scope["path"]
        inner = asked.removeprefix(self._path)
        is_below = asked.startswith(f"{self._path}/") and self._doors.at(inner)
        return inner if is_below else asked


async def _lead_inside(send: Send) -> None:
    """Relative addresses of a page count from the last slash."""
    headers = [(LOCATION, at("/").encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _placed(send: Send) -> Send:
    async def send_placed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, at(value.decode("latin-1")).encode("latin-1"))
                if name.lower() == LOCATION
                else (name, value)
                for name, value in message["headers"]
            ]
        await send(message)

    return send_placed
