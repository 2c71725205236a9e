"""The application: the pages, the API, and the guard in front of both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from assistant import maintaining
from assistant.chat import Assistant
from assistant.understanding import LONGEST_QUESTION
from assistant.web.api import Limit, add_api
from assistant.web.callers import Caller, Doorkeeper, LocalDoorkeeper, caller_of
from assistant.web.commands import Perform, add_commands
from assistant.web.gate import Gate
from assistant.web.guard import Guard, Site
from assistant.web.page import mount_page
from assistant.web.reader import missing_page, read_page
from assistant.web.shapes import keep_errors_in_shape
from assistant.web.statements import PATH, STATEMENTS_AT_ONCE, Shown, statements_page
from index.documents import Span
from index.errors import DocumentNotFound

Whoever = Annotated[Caller, Depends(caller_of)]


def create_app(
    assistant: Assistant,
    perform: Perform,
    token: str,
    doorkeeper: Doorkeeper | None = None,
    gate: Gate | None = None,
    site: Site | None = None,
) -> FastAPI:
    """The application; `perform` runs a command that writes, for callers with the token.

    Without a doorkeeper it is for the one person who uses this computer.
    """
    doorkeeper, gate = doorkeeper or LocalDoorkeeper(), gate or Gate()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    keep_errors_in_shape(app)
    app.mount(maintaining.API, _api(assistant, perform, token, doorkeeper, gate))
    _add_reader(app, assistant)
    _add_statements(app, assistant)
    app.mount("/page-files", StaticFiles(directory=Path(__file__).parent / "static"))
    mount_page(app, assistant)
    app.add_middleware(Guard, doorkeeper=doorkeeper, gate=gate, site=site)
    return app


def _api(
    assistant: Assistant, perform: Perform, token: str, doorkeeper: Doorkeeper, gate: Gate
) -> FastAPI:
    """An application of its own: its description lists no route of the page's."""
    api = FastAPI(title="On Record", version="1", docs_url=None, redoc_url=None)
    keep_errors_in_shape(api)
    add_commands(api, perform, token)
    add_api(api, assistant, doorkeeper, gate.limits)
    return api


def _add_statements(app: FastAPI, assistant: Assistant) -> None:
    @app.get(PATH)
    def show(
        caller: Whoever,
        speaker: str = "",
        about: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        document: str = "",
        find: str = "",
        limit: Limit = STATEMENTS_AT_ONCE,
    ) -> HTMLResponse:
        shown = Shown(speaker.strip(), about.strip(), document, find.strip(), limit)
        return HTMLResponse(statements_page(assistant, shown, caller.principal))


def _add_reader(app: FastAPI, assistant: Assistant) -> None:
    @app.get("/read/{document_id}")
    def read(
        document_id: str,
        caller: Whoever,
        at: Annotated[list[str], Query()] = [],  # noqa: B006  FastAPI copies it
        version: str | None = None,
        theme: str = "system",
    ) -> HTMLResponse:
        try:
            document = assistant.document(document_id, principal=caller.principal)
        except DocumentNotFound as error:
            return HTMLResponse(missing_page(str(error), theme), 404)
        spans = [span for text in at if (span := _span(text))]
        return HTMLResponse(read_page(document, spans, version, theme))


def _span(text: str) -> Span | None:
    """The span of "10-90"; None for anything else."""
    start, _, end = text.partition("-")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        return None
    return Span(int(start), int(end))
