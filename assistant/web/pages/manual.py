"""The manual as pages: its topics on the left, one of them beside."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.chat import Assistant
from assistant.errors import WrongUse
from assistant.languages import later
from assistant.manual import TOPICS, page, pages
from assistant.rendering.templating import render
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.pages.frame import masthead

ADDRESS = "/manual"


def add_manual(app: FastAPI, assistant: Assistant) -> None:
    """The routes /manual and /manual/TOPIC."""

    @app.get(ADDRESS)
    @doors.page("ask")
    def first() -> RedirectResponse:
        return RedirectResponse(f"{ADDRESS}/{TOPICS[0]}")

    @app.get(f"{ADDRESS}/{{topic}}")
    @doors.page("ask")
    def show(topic: str, caller: Whoever) -> HTMLResponse:
        try:
            shown = page(topic)
        except WrongUse as error:
            missing = {"title": later("There is no such page"), "why": str(error)}
            back = {"address": ADDRESS, "link": later("The manual")}
            return HTMLResponse(render("web/notice.html", **missing, **back), 404)
        bar = masthead(assistant, ADDRESS, caller)
        return HTMLResponse(render("web/manual.html", bar=bar, pages=pages(), shown=shown))
