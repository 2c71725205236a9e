"""The application: the pages, the API, and the guard in front of both."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from assistant.evaluation.sets.collecting import AnswerMemory
from assistant.operating import maintaining
from assistant.rendering.addresses import at, below
from assistant.web.administration.api import add_administration
from assistant.web.administration.view import add_administration_view
from assistant.web.api.answers import add_api
from assistant.web.api.chat_completions import PREFIX, create_chat_completions
from assistant.web.api.conversations import add_conversations
from assistant.web.api.documents import add_documents
from assistant.web.api.embed import add_embed_api
from assistant.web.api.folders import add_folders
from assistant.web.api.mcp_server import add_mcp
from assistant.web.api.shapes import keep_errors_in_shape, page_or_error
from assistant.web.entry import doors
from assistant.web.entry.callers import ON_BEHALF_OF
from assistant.web.entry.doors import Doors, doors_in
from assistant.web.entry.guard import Guard
from assistant.web.entry.observing import NOT_BY_ITSELF, Observed, add_figures
from assistant.web.entry.proxying import Below
from assistant.web.evaluation.api import add_evaluations
from assistant.web.evaluation.view import add_evaluation
from assistant.web.handed_over import add_commands
from assistant.web.library.leading import LeadToLibrary
from assistant.web.library.view import add_library
from assistant.web.pages.api import add_api_page
from assistant.web.pages.chat import add_chat
from assistant.web.pages.embed import add_embed_pages
from assistant.web.pages.gradio_chat import GRADIO_DOORS, mount_gradio
from assistant.web.pages.login import add_login
from assistant.web.pages.manual import add_manual
from assistant.web.pages.page_pictures import add_page_pictures
from assistant.web.pages.preview import add_preview
from assistant.web.pages.reader import add_reader
from assistant.web.pages.script_words import add_words
from assistant.web.pages.settings import add_settings
from assistant.web.pages.statements import add_statements
from assistant.web.services import Services

ABOUT = f"""Where somebody has to sign in, send `Authorization: Bearer KEY`; a portal’s server
that acts for somebody adds `{ON_BEHALF_OF}: ASSERTION`. An error is
`{{"error": {{"code", "message"}}}}`; 429 and 503 come with `Retry-After`."""


def create_app(services: Services) -> FastAPI:
    """The application."""
    with below(services.site.path):
        return _app(services)


class _Answering(ThreadPoolExecutor):
    """Threads that know what whoever sends them work knows of the request."""

    def submit(self, work: Callable[..., Any], /, *values: Any, **named: Any) -> Future[Any]:
        return super().submit(copy_context().run, work, *values, **named)


def _app(services: Services) -> FastAPI:
    assistant = services.assistant
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=NOT_BY_ITSELF)
    keep_errors_in_shape(app, page_or_error)
    # As many threads as answers at once, apart from those that serve everything else.
    executor = _Answering(services.gate.limits.at_once, "answer")
    api = _api(services, executor)
    app.mount(maintaining.API, api)
    add_api_page(app, api)
    add_manual(app, assistant)
    app.mount(PREFIX, create_chat_completions(services, executor))
    add_mcp(app, services, executor)
    add_reader(app, assistant, services.ledger)
    add_page_pictures(app, assistant, services.ledger)
    add_preview(app, assistant, services.ledger)
    add_statements(app, assistant, services.ledger)
    add_library(app, services)
    if (portals := services.portals) and portals.provider:
        add_login(app, portals, portals.provider, services.ledger)
    add_embed_pages(app, services.site.embeds)
    static = StaticFiles(directory=Path(__file__).parent / "static")
    app.mount("/page-files", doors.files("public")(static))
    memory = AnswerMemory()
    add_evaluation(app, services, memory)
    add_administration_view(app, services)
    add_figures(app, services.figures)
    add_words(app)
    add_settings(app, services)
    add_chat(app, services, executor, memory)
    is_at_root = not services.site.path
    if is_at_root:
        mount_gradio(app, services.asking, services.conversations)
    app.state.doors = Doors([*doors_in(app), *(GRADIO_DOORS if is_at_root else ())])
    app.add_middleware(LeadToLibrary, assistant=assistant)
    app.add_middleware(
        Guard,
        doors=app.state.doors,
        doorkeeper=services.doorkeeper,
        gate=services.gate,
        site=services.site,
        preferences=services.preferences,
    )
    app.add_middleware(Observed, doors=app.state.doors, figures=services.figures)
    if services.site.path:
        app.add_middleware(Below, path=services.site.path, doors=app.state.doors)
    return app


def _api(services: Services, executor: Executor) -> FastAPI:
    """An application of its own: its description lists no route of the page's."""
    api = FastAPI(
        title="On Record",
        version="1",
        description=ABOUT,
        servers=[{"url": at(maintaining.API)}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=NOT_BY_ITSELF,
    )
    keep_errors_in_shape(api)

    @api.get("/openapi.json", include_in_schema=False)
    @doors.call("ask")
    def description() -> JSONResponse:
        return JSONResponse(api.openapi())

    add_commands(api, services.working.perform, services.token)
    add_api(api, services, executor)
    add_documents(api, services)
    add_folders(api, services)
    add_conversations(api, services)
    add_evaluations(api, services)
    if services.portals:
        add_embed_api(api, services.portals, services.ledger)
        add_administration(api, services.portals, services.ledger)
    return api
