"""What a citation's card shows before one opens the document: its words and what is around."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse

from assistant.accounts.ledger import Ledger
from assistant.chat import Assistant
from assistant.receipts.links import find_cited, linked
from assistant.rendering.templating import render
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.policies import READER_POLICY
from assistant.web.pages.laying_out import Mark, Piece, highlighted
from index.documents import Document, Span
from index.errors import DocumentNotFound

AROUND = 160
"""Characters before and after the words."""

LONGEST = 500
"""Characters of the words themselves."""


def add_preview(app: FastAPI, assistant: Assistant, ledger: Ledger) -> None:
    """The route /read/ID/preview."""

    @app.post("/read/{id}/preview")
    @doors.page("ask", READER_POLICY)
    def preview(
        id: str,
        caller: Whoever,
        at: Annotated[list[str], Form()] = [],  # noqa: B006  FastAPI copies it
        version: Annotated[str, Form()] = "",
        fragment: Annotated[str, Form()] = "",
    ) -> HTMLResponse:
        """Of what a link leads to, which is sent with the words behind its #."""
        cited = linked(at[:1], version, fragment)
        try:
            document = assistant.view_of(caller.principal).document(id)
        except DocumentNotFound:
            return HTMLResponse(render("web/preview.html", fate="missing"), 404)
        found = next((finding for _, finding in find_cited(cited, document)), None)
        span = found.span if found else None
        shown = _around(document, span) if span else None
        ledger.read(caller.principal, caller.session, document.source, [shown] if shown else [])
        return HTMLResponse(
            render(
                "web/preview.html",
                fate=found.fate if found else "unknown",
                title=document.source.title,
                pieces=_pieces(document, shown, span) if span and shown else [],
                is_cut=(shown.start > 0, shown.end < len(document.text)) if shown else None,
            )
        )


def _around(document: Document, span: Span) -> Span:
    """Whole words around the first of these characters."""
    text = document.text
    start = max(0, span.start - AROUND)
    end = min(len(text), min(span.end, span.start + LONGEST) + AROUND)
    if start:
        start = min(_next_space(text, start), span.start)
    if end < len(text):
        end = max(text.rfind(" ", span.start, end), min(span.end, end))
    return Span(start, end)


def _next_space(text: str, place: int) -> int:
    found = text.find(" ", place)
    return found if found >= 0 else place


def _pieces(document: Document, shown: Span, span: Span) -> list[Piece]:
    return highlighted(document.text, shown, [Mark(span)])
