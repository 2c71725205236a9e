"""To the Library, as long as there is nothing to ask about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from assistant.chat import Assistant
from assistant.web.entry.callers import Caller
from assistant.web.library.list_page import PATH
from index.errors import IndexingError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class LeadToLibrary:
    """ASGI middleware behind the guard: the chat's bare address leads whoever has no document
    to the Library. With anything behind a "?" it is the chat."""

    def __init__(self, app: ASGIApp, assistant: Assistant) -> None:
        self._app = app
        self._assistant = assistant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead there, or let it through."""
        if _is_chat(scope) and not await asyncio.to_thread(self._has_documents, scope["caller"]):
            await RedirectResponse(PATH, 303)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _has_documents(self, caller: Caller) -> bool:
        try:
            return self._assistant.view_of(caller.principal).status().documents > 0
        except IndexingError:
            return True  # the chat says what is wrong


def _is_chat(scope: Scope) -> bool:
    is_page = scope["type"] == "http" and scope["method"] == "GET"
    return is_page and scope["path"] == "/" and not scope["query_string"]
