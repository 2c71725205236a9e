"""The body of a request: how large it may be, how long it may take, and that it is text.

By itself uvicorn waits for a body for ever.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.web.entry.refusals import Refused

if TYPE_CHECKING:
    from starlette.types import Message, Receive

SILENT = 10.0
"""Seconds after which something more of a body has to come."""

WHOLE = 30.0
SLOWEST = 20_000
"""A body has so many seconds, and one more for each so many bytes that have come."""

MOST_DIGITS = 20
"""How long a length may be written: Python reads no number of thousands of them."""

CLOSE = (b"connection", b"close")
"""What is left of a body is not waited for."""

NO_TEXT = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]|\x00")
"""Where JSON may hold half of a character of UTF-16, which no text does: as an escape, in what
looks like UTF-8, or in UTF-16 and UTF-32, which Python's JSON reads, too."""


@dataclass(slots=True)
class Body:
    """A body as it comes. `refused` is why no more of it is taken."""

    receive: Receive
    most: int
    refused: Refused | None = None
    _received: int = 0
    _begun: float | None = None
    _is_whole: bool = False

    def check(self, said: str) -> None:
        """Raises Refused for a Content-Length of too much, or that is no number."""
        if not (said.isascii() and said.isdecimal()) or int(said[:MOST_DIGITS]) > self.most:
            raise self._refuse(413, "too_large", f"At most {self.most:,} bytes are taken.")

    async def message(self) -> Message:
        """The next one. Raises Refused for more than `most` bytes, or if they come too
        slowly; the last of what was refused is refused, too."""
        if self._is_whole:
            return await self.receive()
        if self.refused:
            raise self.refused
        try:
            async with asyncio.timeout(self._patience()):
                message = await self.receive()
        except TimeoutError:
            raise self._refuse(408, "too_slow", "The request did not come to its end.") from None
        self._received += len(message.get("body", b""))
        if self._received > self.most:
            raise self._refuse(413, "too_large", f"At most {self.most:,} bytes are taken.")
        self._is_whole = not message.get("more_body", False)
        return message

    async def read(self) -> bytes:
        """All of it, where it is small. Raises Refused, for what is no text, too."""
        parts: list[bytes] = []
        while not self._is_whole:
            message = await self.message()
            if message["type"] == "http.disconnect":
                raise self._refuse(400, "incomplete", "The request broke off.")
            parts.append(message.get("body", b""))
        body = b"".join(parts)
        check_text(body)
        return body

    def _patience(self) -> float:
        now = asyncio.get_running_loop().time()
        self._begun = now if self._begun is None else self._begun
        left = self._begun + WHOLE + self._received / SLOWEST - now
        return max(0.0, min(SILENT, left))

    def _refuse(self, status: int, code: str, message: str) -> Refused:
        self.refused = Refused(status, code, message, [CLOSE])
        return self.refused


def check_text(body: bytes) -> None:
    """Raises Refused for JSON with a string that is no valid Unicode: it could be neither
    kept nor answered."""
    if not NO_TEXT.search(body):
        return
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Refused(
            400, "no_text", "The request holds text that is not valid Unicode: half of a character."
        ) from None
    except (ValueError, RecursionError):
        return  # whatever reads it says so


def told_again(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read, and then what `receive` gives."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
