"""What many routes take."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from assistant.web.entry.callers import Caller, caller_of


async def _calling(connection: HTTPConnection) -> Caller:
    # No plain function: FastAPI would call that in a thread, for each request.
    return caller_of(connection)


Whoever = Annotated[Caller, Depends(_calling)]
"""Whom the guard let in."""
