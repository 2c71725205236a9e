"""Commands that other processes of the index's owner hand over to the running server."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Annotated, Any

from fastapi import FastAPI, Header
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError
from assistant.operating import maintaining
from assistant.web.entry import doors
from index.errors import IndexingError

Perform = Callable[[maintaining.Request], Generator[maintaining.Event]]


class CommandBody(BaseModel):
    """A command that another process hands over: a `maintaining.Request`."""

    command: maintaining.Name
    paths: tuple[str, ...] = ()
    name: str = ""
    into: str = ""
    documents: str = ""
    rights: dict[str, Any] | None = None
    follow_links: bool = False


def add_commands(app: FastAPI, perform: Perform, token: str) -> None:
    """Run commands for callers who have the token, which only the index's owner can read: one
    after the other, but for those that are done in a moment."""
    running = threading.Lock()

    @app.post(maintaining.COMMANDS, include_in_schema=False)
    @doors.call("public")
    def run_command(
        body: CommandBody, authorization: Annotated[str, Header()] = ""
    ) -> StreamingResponse:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "Commands are taken from the owner of the index only.")
        held = threading.Lock() if body.command in maintaining.CHANGING else running
        if not held.acquire(blocking=False):
            raise HTTPException(409, "The server is busy with another command. Try again later.")
        request = maintaining.Request(**body.model_dump())
        lines = _in_one_thread(lambda: perform(request), held)
        return StreamingResponse(lines, media_type="application/x-ndjson")


def _in_one_thread(
    start: Callable[[], Generator[maintaining.Event]], held: threading.Lock
) -> Iterator[str]:
    """The events as lines, made in a thread of their own: each step of a streamed
    answer may run in another, and stores do not like that. Ends early, with a good
    index, when the caller has gone; `held` is released at the end."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    gone = threading.Event()

    def work() -> None:
        try:
            events = start()
            for event in events:
                lines.put(maintaining.encode(event))
                if gone.is_set():
                    events.close()
        except (IndexingError, AssistantError, OSError) as error:
            lines.put(maintaining.encode_error(error))
        finally:
            held.release()
            lines.put(None)

    threading.Thread(target=work, name="command").start()
    try:
        yield from iter(lines.get, None)
    finally:
        gone.set()
