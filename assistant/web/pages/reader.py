"""A document as a page, with the cited characters highlighted. Works without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape as escape_attribute
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse

from assistant.accounts.ledger import Ledger
from assistant.chat import Assistant
from assistant.rendering.answers import day, escape, name_beside_title
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.policies import READER_POLICY
from index.chunking import paragraphs
from index.documents import Document, Source, Span
from index.english.spelling import counted
from index.errors import DocumentNotFound

SPAN = re.compile(r"(\d{1,12})-(\d{1,12})", re.ASCII)
"""No document is longer."""

PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · On Record</title>
<link rel="icon" href="/page-files/icon.svg">
<link rel="stylesheet" href="/page-files/reader.css">
<script src="/page-files/reader.js" defer></script>
</head>
<body>
{body}
</body>
</html>
"""


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


def _span(text: str) -> Span | None:
    """The span of "10-90"; None for anything else."""
    found = SPAN.fullmatch(text)
    if found is None or int(found[1]) >= int(found[2]):
        return None
    return Span(int(found[1]), int(found[2]))


def read_page(document: Document, cited: Sequence[Span], version: str | None, theme: str) -> str:
    """The whole document as HTML. `version` is the one that the citation was made of."""
    source = document.source
    notes = [*_notes(document, cited, version)]
    body = "\n".join(
        [
            _header(source, cited),
            *(f'<p class="note" role="status">{note}</p>' for note in notes),
            f'<main class="text">{"".join(_blocks(document, merged(document, cited)))}</main>',
        ]
    )
    return PAGE.format(theme=_theme(theme), title=escape(source.title), body=body)


def missing_page(message: str, theme: str) -> str:
    """What a person sees in place of a document that is not there."""
    body = (
        f'<main class="missing"><h1>This document is not here</h1><p>{escape(message)}</p></main>'
    )
    return PAGE.format(theme=_theme(theme), title="Not found", body=body)


def _theme(theme: str) -> str:
    return theme if theme in ("dark", "light") else "system"


def _header(source: Source, cited: Sequence[Span]) -> str:
    details = [source.byline, day(source.published), name_beside_title(source)]
    line = " · ".join(escape(detail) for detail in details if detail)
    below = f"<p>{line}</p>" if line else ""
    copy = (
        '<div class="tools" hidden>'
        '<button type="button" id="copy-quote">Copy quotation</button>'
        '<button type="button" id="copy-link">Copy link</button>'
        '<span id="copied" role="status" aria-live="polite"></span></div>'
    )
    return (
        f'<header data-source="{escape_attribute(source.title)}">'
        f"<h1>{escape(source.title)}</h1>{below}{copy if cited else ''}</header>"
    )


def _notes(document: Document, cited: Sequence[Span], version: str | None) -> Iterator[str]:
    if version and version != document.source.version:
        yield (
            "This document has changed since it was quoted. The highlighted place is where the "
            "quotation stood; its words may have moved."
        )
    if any(span.end > len(document.text) for span in cited):
        yield (
            "The quotation lies beyond the end of this document, which has "
            f"{counted(len(document.text), 'character')}."
        )


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


def _blocks(document: Document, cited: Sequence[Span]) -> Iterator[str]:
    pages = list(enumerate(document.page_starts, 1))
    headings = {span.start for span in document.headings}
    blocks = [*paragraphs(document.text, document.headings)]
    marked = (max(b.start, s.start) for b in blocks for s in cited if s.overlaps(b))
    first = next(marked, None)
    for paragraph in blocks:
        while pages and pages[0][1] <= paragraph.start:
            yield f'<div class="page" role="separator">Page {pages.pop(0)[0]}</div>'
        tag = "h2" if paragraph.start in headings else "p"
        yield f"<{tag}>{highlighted(document.text, paragraph, cited, first)}</{tag}>"


def highlighted(text: str, paragraph: Span, cited: Sequence[Span], first: int | None) -> str:
    """The paragraph's words as HTML, the cited ones inside <mark>; the one that begins at
    `first` can be linked to."""
    parts: list[str] = []
    position = paragraph.start
    for span in cited:
        if not span.overlaps(paragraph):
            continue
        start, end = max(span.start, paragraph.start), min(span.end, paragraph.end)
        anchor = ' id="cited" tabindex="-1"' if start == first else ""
        parts.append(escape(text[position:start]))
        parts.append(f"<mark{anchor}>{escape(text[start:end])}</mark>")
        position = end
    return "".join([*parts, escape(text[position : paragraph.end])])
