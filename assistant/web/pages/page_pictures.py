"""Pages of a PDF document as they look, with what is cited boxed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from assistant.accounts.ledger import Ledger
from assistant.chat import Assistant
from assistant.receipts.links import Linked, find_cited, linked
from assistant.rendering.errors import tell
from assistant.rendering.templating import render
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.policies import READER_POLICY
from assistant.web.pages.reader import has_pictures, missing_page
from index.documents import Document, Span
from index.errors import DocumentNotFound, IndexingError
from index.reading.pages.locating import PagePicture, located

Number = Annotated[int, Path(ge=1, le=1_000_000)]
At = Annotated[list[str], Query()]


def add_page_pictures(app: FastAPI, assistant: Assistant, ledger: Ledger) -> None:
    """The routes below /read of documents that are PDF files."""

    @app.get("/read/{id}/pages/{number}")
    @doors.page("ask", READER_POLICY)
    def page(
        id: str,
        number: Number,
        caller: Whoever,
        at: At = [],  # noqa: B006  FastAPI copies it
        version: str = "",
    ) -> HTMLResponse:
        """What is boxed are the characters `at`, if they are of the document of this moment."""
        view = assistant.view_of(caller.principal)
        try:
            document = view.document(id)
            _check(document)
            picture = view.page_picture(id, number)
        except IndexingError as error:
            told = tell(error)
            return HTMLResponse(missing_page(told.words, what="page"), told.status)
        span = _span(document, number)
        ledger.read(caller.principal, caller.session, document.source, [span] if span else [])
        return HTMLResponse(_page(document, number, picture, linked(at, version)))

    @app.get("/read/{id}/pages/{number}/picture")
    @doors.page("ask", READER_POLICY)
    def drawn(id: str, number: Number, caller: Whoever) -> Response:
        view = assistant.view_of(caller.principal)
        _check(view.document(id))
        return Response(view.page_picture(id, number).picture, media_type="image/png")

    @app.get("/read/{id}/outline")
    @doors.page("ask", READER_POLICY)
    def outline(id: str, caller: Whoever) -> JSONResponse:
        """The labels of the pages as they are printed, and the entries of the outline."""
        view = assistant.view_of(caller.principal)
        _check(view.document(id))
        found = view.outline(id)
        entries = [{"level": level, "title": t, "page": p} for level, t, p in found.entries]
        return JSONResponse({"labels": list(found.labels), "entries": entries})


def _check(document: Document) -> None:
    """Raises DocumentNotFound."""
    if not has_pictures(document):
        raise DocumentNotFound(f"{document.source.title} has no pages that can be drawn.")


def _span(document: Document, number: int) -> Span | None:
    """The characters of a page."""
    starts = [*document.page_starts, len(document.text)]
    return Span(*starts[number - 1 : number + 1]) if number < len(starts) else None


def _page(document: Document, number: int, picture: PagePicture, cited: Linked) -> str:
    boxes: list[dict[str, Any]] = []
    wanted = _span(document, number)
    lost = 0
    for place, finding in find_cited(cited, document):
        if not finding or not finding.span or not wanted or not finding.span.overlaps(wanted):
            continue
        lines = located(document, finding.span, number, picture)
        is_led_to = place == cited.number
        lost += is_led_to and not lines
        boxes += [{"box": box, "number": place, "led_to": is_led_to} for box in lines]
    return render(
        "web/page_picture.html",
        id=document.source.id,
        title=document.source.title,
        number=number,
        pages=picture.pages,
        shape=picture.shape,
        boxes=boxes,
        is_lost=lost > 0,
        query=_query(cited),
    )


def _query(cited: Linked) -> str:
    """What the address of another page of the same has behind its path."""
    at = "&".join(f"at={number}:{span.start}-{span.end}" for number, span in cited.places)
    return f"?{at}&version={cited.version}" if at else ""
