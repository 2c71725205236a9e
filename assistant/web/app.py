"""The application: the pages, the API, and the guard in front of both."""

from __future__ import annotations

import re
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from assistant.accounts.ledger import Ledger
from assistant.chat import Assistant
from assistant.evaluation.sets.collecting import AnswerMemory
from assistant.operating import maintaining
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.administration.api import add_administration
from assistant.web.administration.view import add_administration_view
from assistant.web.api.answers import Limit, add_api
from assistant.web.api.chat_completions import PREFIX, create_chat_completions
from assistant.web.api.conversations import add_conversations
from assistant.web.api.documents import add_documents
from assistant.web.api.embed import add_embed_api
from assistant.web.api.mcp_server import add_mcp
from assistant.web.api.parameters import Whoever
from assistant.web.api.shapes import keep_errors_in_shape
from assistant.web.commands import add_commands
from assistant.web.entry.callers import ON_BEHALF_OF
from assistant.web.entry.guard import Guard
from assistant.web.entry.observing import NOT_BY_ITSELF, Observed, add_figures
from assistant.web.evaluation.api import add_evaluations
from assistant.web.evaluation.view import add_evaluation
from assistant.web.pages.api import add_api_page
from assistant.web.pages.chat import mount_page
from assistant.web.pages.embed import add_embed_pages
from assistant.web.pages.login import add_login
from assistant.web.pages.reader import missing_page, read_page
from assistant.web.pages.statements import PATH, STATEMENTS_AT_ONCE, Shown, statements_page
from assistant.web.services import Services
from index.documents import Span
from index.errors import DocumentNotFound

SPAN = re.compile(r"(\d{1,12})-(\d{1,12})", re.ASCII)
"""No document is longer."""

ABOUT = f"""Where somebody has to sign in, send `Authorization: Bearer KEY`; a portal’s server
that acts for somebody adds `{ON_BEHALF_OF}: ASSERTION`. An error is
`{{"error": {{"code", "message"}}}}`; 429 and 503 come with `Retry-After`."""


def create_app(services: Services) -> FastAPI:
    """The application."""
    assistant = services.assistant
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=NOT_BY_ITSELF)
    keep_errors_in_shape(app)
    # As many threads as answers at once, apart from those that serve everything else.
    executor = ThreadPoolExecutor(services.gate.limits.at_once, "answer")
    api = _api(services, executor)
    app.mount(maintaining.API, api)
    add_api_page(app, api)
    app.mount(PREFIX, create_chat_completions(services, executor))
    add_mcp(app, services, executor)
    _add_reader(app, assistant, services.ledger)
    _add_statements(app, assistant)
    if (portals := services.portals) and portals.provider:
        add_login(app, portals, portals.provider, services.ledger)
    add_embed_pages(app, services.site.embeds)
    app.mount("/page-files", StaticFiles(directory=Path(__file__).parent / "static"))
    memory = AnswerMemory(assistant.visible)
    add_evaluation(app, services, memory)
    add_administration_view(app, services)
    add_figures(app, services.figures)
    mount_page(app, services.asking, assistant, memory)
    app.add_middleware(
        Guard, doorkeeper=services.doorkeeper, gate=services.gate, site=services.site
    )
    app.add_middleware(Observed, figures=services.figures)
    return app


def _api(services: Services, executor: Executor) -> FastAPI:
    """An application of its own: its description lists no route of the page's."""
    api = FastAPI(
        title="On Record",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        telemetry=NOT_BY_ITSELF,
    )
    keep_errors_in_shape(api)
    add_commands(api, services.perform, services.token, services.writing)
    add_api(api, services, executor)
    add_documents(api, services)
    add_conversations(api, services)
    add_evaluations(api, services)
    if services.portals:
        add_embed_api(api, services.portals, services.ledger)
        add_administration(api, services.portals, services.ledger)
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
        return HTMLResponse(statements_page(assistant, shown, caller))


def _add_reader(app: FastAPI, assistant: Assistant, ledger: Ledger) -> None:
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
        ledger.read(caller.principal, caller.session, document.source, spans)
        return HTMLResponse(read_page(document, spans, version, theme))


def _span(text: str) -> Span | None:
    """The span of "10-90"; None for anything else."""
    found = SPAN.fullmatch(text)
    if found is None or int(found[1]) >= int(found[2]):
        return None
    return Span(int(found[1]), int(found[2]))
