"""Connections: how many there may be, how long they may be silent, and how they end.

The only file that imports uvicorn. By itself that waits for ever for what somebody begins to
send, and takes more connections than the process has files.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from assistant.web.entry.bodies import CLOSE
from assistant.web.entry.guard import turn_away
from assistant.web.entry.refusals import try_again

if TYPE_CHECKING:
    from types import FrameType

    from starlette.types import ASGIApp, Receive, Scope, Send

HEADERS_WITHIN = 10.0
"""Seconds from the beginning of a connection or request to the end of its headers."""

GRACE = 8.0
LAST = 2.0
"""Seconds in which a server that is told to end finishes what it has begun; then for what runs
in threads. Whatever is written is written in transactions: to end within one loses nothing."""

MOST_FILES = 65_536
"""As many as are asked for where the system has no limit."""

FILES_OF_A_THREAD = 4
MOST_THREADS = 110
"""A thread keeps two databases open, each with its log: those of answers, of other routes and of
the loop."""

AGAIN_AFTER = 2
"""Seconds after which somebody who found too many others may try again."""

FILES_OF_A_CONNECTION = 1 + 3 * FILES_OF_A_THREAD
"""While there are few, each may bring a thread of each kind."""


def listen(app: ASGIApp, host: str, port: int, trusted_proxies: Sequence[object]) -> None:
    """Serve until told to stop. On SIGTERM exits with 0, through whatever is to be closed."""
    signal.signal(signal.SIGTERM, _exit)

    async def quietly(scope: Scope, receive: Receive, send: Send) -> None:
        """What is cut off in the end is no error."""
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            if not server.should_exit:
                raise

    config = Config(
        quietly,
        host=host,
        port=port,
        http=_Hurried,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=[str(proxy) for proxy in trusted_proxies],
        limit_concurrency=most_connections(),
        timeout_graceful_shutdown=int(GRACE),
    )
    server = Server(config)
    try:
        server.run()
    except KeyboardInterrupt:
        return
    if not server.started:
        sys.exit(1)


def leave_soon() -> None:
    """End the process within LAST seconds, whatever its threads do."""
    leaving = threading.Timer(LAST, os._exit, (0,))
    leaving.daemon = True
    leaving.start()


def most_connections() -> int:
    """For how many there are files, after as many were asked for as one may have. One more is
    told that it is too much."""
    try:
        import resource
    except ImportError:  # Windows
        return MOST_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (ValueError, OSError):  # macOS has a lower limit that it does not name
            pass
    return connections_for(min(soft, wanted) - sum(1 for _ in Path("/dev/fd").iterdir()))


def connections_for(files: int) -> int:
    """With so many files to be had."""
    many = files - MOST_THREADS * FILES_OF_A_THREAD
    return max(2, files // FILES_OF_A_CONNECTION, many) + 1


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


async def _too_much(scope: Scope, _: Receive, send: Send) -> None:
    busy = try_again(503, "busy", "Too many are here at once. Try again soon.", AGAIN_AFTER)
    busy.headers = [*busy.headers, CLOSE]
    await turn_away(scope, send, busy)


class _Hurried(HttpToolsProtocol):
    """Ends connections whose headers do not come, and those that there are too many of."""

    _waiting: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        # uvicorn itself turns away without a word about when to come again.
        self._most, self.limit_concurrency = self.limit_concurrency or MOST_FILES, None
        self._served = self.app

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        if len(self.connections) > 2 * self._most:
            transport.close()
        else:
            self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        is_too_much = max(len(self.connections), len(self.tasks)) >= self._most
        self.app = _too_much if is_too_much else self._served
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(HEADERS_WITHIN, self._close)

    def _close(self) -> None:
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:  # an answer is not cut off
            self.transport.close()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
