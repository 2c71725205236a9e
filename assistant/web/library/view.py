"""The routes of the view "Library"."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant.browsing.documents import DocumentFilter
from assistant.languages import later
from assistant.rendering.templating import render
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.api.documents import Removing, Versions
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.policies import DATA_POLICY
from assistant.web.library.document_page import document_shown, section_of
from assistant.web.library.list_page import PATH, list_shown
from assistant.web.library.watched_page import watched_shown
from assistant.web.pages.frame import masthead, scope_of
from assistant.web.services import Services
from index.errors import DocumentNotFound

Words = Annotated[str, Query(max_length=LONGEST_QUESTION)]
Number = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]


def add_library(app: FastAPI, services: Services) -> None:
    """Add every route of the view."""
    assistant = services.assistant

    @app.get(PATH)
    @doors.page("ask", view=later("Library"))
    def documents(
        caller: Whoever,
        find: Words = "",
        kind: Words = "",
        folder: Words = "",
        order: Words = "title",
        number: Number = 1,
    ) -> HTMLResponse:
        view = assistant.view_of(caller.principal)
        sought = DocumentFilter(find.strip(), kind, folder, order)
        shown = list_shown(view, caller, sought, number, services.gate.limits.upload)
        shown = {**shown, "watched": watched_shown(services, caller)}
        bar = masthead(assistant, PATH, caller)
        return HTMLResponse(render("web/library/documents.html", bar=bar, **shown))

    @app.get(f"{PATH}/status")
    @doors.page("ask", DATA_POLICY)
    def status(caller: Whoever) -> Response:
        """How much there is now, for pages that are open."""
        working = services.working.in_words() if "administer" in caller.permissions else ""
        return JSONResponse({"scope": scope_of(assistant, caller), "working": working})

    @app.post(f"{PATH}/{{id}}/remove")
    @doors.page("write")
    def remove(id: str, caller: Whoever) -> Response:
        Removing(services).remove(caller, id)
        return RedirectResponse(PATH, 303)

    @app.get(f"{PATH}/{{id}}/versions/{{version}}")
    @doors.page("write", DATA_POLICY)
    def version(id: str, version: str, caller: Whoever) -> Response:
        return Versions(services).download(caller, id, version)

    @app.get(f"{PATH}/{{id}}")
    @doors.page("ask")
    def document(id: str, caller: Whoever, show: Words = "", number: Number = 1) -> HTMLResponse:
        view = assistant.view_of(caller.principal)
        try:
            found = view.document(id)
            shown = document_shown(view, caller, found, section_of(show, found), number)
        except DocumentNotFound as error:
            missing = {"title": later("This document is not here"), "why": str(error)}
            back = {"address": PATH, "link": later("The Library")}
            return HTMLResponse(render("web/notice.html", **missing, **back), 404)
        services.ledger.read(caller.principal, caller.session, found.source, [])
        bar = masthead(assistant, PATH, caller)
        return HTMLResponse(render("web/library/document.html", bar=bar, **shown))
