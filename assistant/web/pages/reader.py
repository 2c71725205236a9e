"""A document as a page, with the cited characters highlighted. Works without scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.ledger import Ledger
from assistant.chat import Assistant
from assistant.rendering.answers import day, name_beside_title
from assistant.rendering.templating import render
from assistant.web.api.downloading import download
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.policies import READER_POLICY
from assistant.web.pages.laying_out import laid_out
from index.documents import Document, Span
from index.errors import DocumentNotFound, OriginalGone

SPAN = re.compile(r"(\d{1,12})-(\d{1,12})", re.ASCII)
"""No document is longer."""


def add_reader(app: FastAPI, assistant: Assistant, ledger: Ledger) -> None:
    """The route /read."""

    @app.get("/read/{id}")
    @doors.page("ask", READER_POLICY)
    def read(
        id: str,
        caller: Whoever,
        at: Annotated[list[str], Query()] = [],  # noqa: B006  FastAPI copies it
        version: str | None = None,
        theme: str = "system",
    ) -> HTMLResponse:
        try:
            document = assistant.view_of(caller.principal).document(id)
        except DocumentNotFound as error:
            return HTMLResponse(missing_page(str(error), theme), 404)
        spans = [span for text in at if (span := _span(text))]
        ledger.read(caller.principal, caller.session, document.source, spans)
        return HTMLResponse(read_page(document, spans, version, theme))

    @app.get("/read/{id}/original")
    @doors.page("ask", READER_POLICY)
    def original(id: str, caller: Whoever) -> Response:
        view = assistant.view_of(caller.principal)
        try:
            source, content = view.document(id).source, view.original(id)
        except DocumentNotFound as error:
            return HTMLResponse(missing_page(str(error)), 404)
        except OriginalGone as error:
            return HTMLResponse(missing_page(str(error), what="file"), 410)
        ledger.read(caller.principal, caller.session, source, [])
        return download(content)


def _span(text: str) -> Span | None:
    """The span of "10-90"; None for anything else."""
    found = SPAN.fullmatch(text)
    if found is None or int(found[1]) >= int(found[2]):
        return None
    return Span(int(found[1]), int(found[2]))


def read_page(document: Document, cited: Sequence[Span], version: str | None, theme: str) -> str:
    """The whole document as HTML. `version` is the one that the citation was made of."""
    source = document.source
    details = [source.byline, day(source.published), name_beside_title(source)]
    return render(
        "web/document.html",
        theme=theme_of(theme),
        missing="",
        id=source.id,
        title=source.title,
        details=[detail for detail in details if detail],
        is_cited=bool(cited),
        has_changed=bool(version and version != source.version),
        is_beyond=any(span.end > len(document.text) for span in cited),
        length=len(document.text),
        page_name="Slide" if any(b.kind == "slide" for b in document.structure) else "Page",
        blocks=laid_out(document, merged(document, cited)),
    )


def missing_page(message: str, theme: str = "system", what: str = "document") -> str:
    """What a person sees in place of a document, or its file, that is not there."""
    theme = theme_of(theme)
    return render("web/document.html", theme=theme, title="Not found", what=what, missing=message)


def theme_of(theme: str) -> str:
    """The theme that an address names; that of the system for anything else."""
    return theme if theme in ("dark", "light") else "system"


def merged(document: Document, cited: Sequence[Span]) -> list[Span]:
    """The spans in order, within the text, those that overlap as one."""
    joined: list[Span] = []
    for span in sorted(cited):
        inside = Span(max(0, span.start), min(span.end, len(document.text)))
        if inside.start >= inside.end:
            continue
        if joined and inside.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, inside.end))
        else:
            joined.append(inside)
    return joined
