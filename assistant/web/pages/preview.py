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
from assistant.web.pages.laying_out import Mark, MarkedWords, highlighted
from index.documents import Span
from index.errors import DocumentNotFound
from index.reading.blocks import PARAGRAPH_BREAK

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
        """A preview of what a link leads to, which is sent with the words behind its #."""
        cited = linked(at[:1], version, fragment)
        try:
            document = assistant.view_of(caller.principal).document(id)
        except DocumentNotFound:
            return HTMLResponse(render("web/preview.html", fate="missing"), 404)
        found = next((finding for _, finding in find_cited(cited, document)), None)
        span = found.span if found else None
        pieces: list[MarkedWords] = []
        begins = ends = False
        if span:
            shown, begins, ends = _around(document.text, span)
            pieces = highlighted(document.text, shown, [Mark(span)])
            ledger.read(caller.principal, caller.session, document.source, [shown])
        fate = found.fate if found else "unknown"
        title = document.source.title
        return HTMLResponse(
            render("web/preview.html", fate=fate, title=title, pieces=pieces, is_cut=(begins, ends))
        )


def _around(text: str, span: Span) -> tuple[Span, bool, bool]:
    """Whole words before and after these characters, in their paragraphs, and whether these begin
    before or end after that."""
    last = min(span.end, span.start + LONGEST)
    begins = text.rfind(PARAGRAPH_BREAK, 0, span.start) + len(PARAGRAPH_BREAK)
    begins = begins if begins >= len(PARAGRAPH_BREAK) else 0
    ends = text.find(PARAGRAPH_BREAK, span.end)
    ends = ends if ends >= 0 else len(text)
    start, end = max(begins, span.start - AROUND), min(ends, last + AROUND)
    if start > begins:
        start = text.find(" ", start, span.start) + 1 or span.start
    if end < ends:
        end = max(text.rfind(" ", last, end), last)
    return Span(start, end), start > begins, end < ends
