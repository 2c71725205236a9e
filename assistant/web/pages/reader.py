"""A document as a page, with the cited characters marked. Works without scripts, but for finding
words again in a document that has changed since they were quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, Form, Query
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.ledger import Ledger
from assistant.chat import Assistant
from assistant.languages import later, phrase
from assistant.receipts.links import Linked, find_cited, linked, read_link
from assistant.receipts.receipt import Finding, Kept
from assistant.rendering.answers import day, name_beside_title
from assistant.rendering.copying import marked_to_copy
from assistant.rendering.templating import render
from assistant.web.api.downloading import download
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.entry.policies import READER_POLICY
from assistant.web.pages.laying_out import Mark, contents, laid_out
from index.documents import Document, Span
from index.errors import DocumentNotFound, OriginalGone
from index.reading.files import suffix_of

CONVERSATION = re.compile(r"[\w-]{1,64}", re.ASCII)
"""The id of one."""

At = Annotated[list[str], Query()]


def add_reader(app: FastAPI, assistant: Assistant, ledger: Ledger) -> None:
    """The route /read."""
    shown = partial(_shown, assistant, ledger)

    @app.get("/read/{id}")
    @doors.page("ask", READER_POLICY)
    def read(
        id: str,
        caller: Whoever,
        at: At = [],  # noqa: B006  FastAPI copies it
        version: str = "",
        chat: str = "",
    ) -> HTMLResponse:
        """`chat` is the conversation that it leads back to."""
        return shown(caller, id, linked(at, version), chat)

    @app.post("/read/{id}")
    @doors.page("ask", READER_POLICY)
    def find_again(
        id: str,
        caller: Whoever,
        at: Annotated[list[str], Form()] = [],  # noqa: B006
        version: Annotated[str, Form()] = "",
        fragment: Annotated[str, Form()] = "",
        chat: Annotated[str, Form()] = "",
    ) -> HTMLResponse:
        """The same with the words that stand behind the # of its address."""
        return shown(caller, id, linked(at, version, fragment), chat)

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


def _shown(
    assistant: Assistant, ledger: Ledger, caller: Caller, id: str, cited: Linked, chat: str
) -> HTMLResponse:
    view = assistant.view_of(caller.principal)
    try:
        document = view.document(id)
    except DocumentNotFound as error:
        return HTMLResponse(missing_page(str(error)), 404)
    found = list(find_cited(cited, document))
    spans = [finding.span for _, finding in found if finding and finding.span]
    ledger.read(caller.principal, caller.session, document.source, spans)
    own = [each.span for number, each in found if number == cited.number and each and each.span]
    copied = marked_to_copy(document, own, view.statements_of(id)) if own else ""
    return HTMLResponse(read_page(document, cited, found, chat, copied))


def read_page(
    document: Document,
    cited: Linked,
    found: Sequence[tuple[int, Finding | None]],
    chat: str = "",
    copied: str = "",
) -> str:
    """The whole document as HTML, with what was found of what is cited; `copied` is what one
    takes along of it."""
    source = document.source
    details = [source.byline, day(source.published), name_beside_title(source)]
    led_to = [finding for number, finding in found if number == cited.number]
    is_unknown = None in led_to
    has_slides = any(block.kind == "slide" for block in document.structure)
    marked, link = marks(found, cited.number), _link(document, found, cited.number)
    return render(
        "web/document.html",
        missing="",
        back=f"/chat/{chat}" if CONVERSATION.fullmatch(chat) else "/",
        id=source.id,
        title=source.title,
        says_title=document.text.lstrip().startswith(source.title),
        details=[detail for detail in details if detail],
        is_unknown=is_unknown,
        is_asked_again=is_unknown and not cited.words,
        fates=[_told(finding) for finding in led_to if finding and finding.fate != "same"],
        link=link,
        copied=copied,
        page_name=later("Slide") if has_slides else later("Page"),
        pictures=f"/read/{quote(source.id, safe='')}/pages" if has_pictures(document) else "",
        page=document.page_of(marked[0].span.start) if marked else 1,
        query=f"?{link.partition('?')[2].partition('#')[0]}" if link else "",
        contents=contents(document),
        runs=laid_out(document, marked, _about(cited, is_unknown=is_unknown)),
    )


def _about(cited: Linked, *, is_unknown: bool) -> int | None:
    """Where stood what may stand elsewhere now."""
    return cited.places[0][1].start if is_unknown else None


def has_pictures(document: Document) -> bool:
    """Are there pages that can be drawn as they look?"""
    return suffix_of(document.source.name) == ".pdf" and bool(document.page_starts)


def marks(found: Iterable[tuple[int, Finding | None]], led_to: int) -> list[Mark]:
    """What is marked in the text, what the link leads to first."""
    made = [
        Mark(finding.span, number, number == led_to, finding.fate == "changed")
        for number, finding in found
        if finding and finding.span
    ]
    return sorted(made, key=lambda mark: not mark.led_to)


def _told(finding: Finding) -> dict[str, object]:
    """What became of what is cited, for the page."""
    further = finding.span.start - finding.kept.span.start if finding.span else 0
    return {
        "fate": finding.fate,
        "further": further,
        "quote": finding.kept.quote,
        "why": finding.why,
        "difference": finding.difference,
    }


def _link(
    document: Document, found: Iterable[tuple[int, Finding | None]], led_to: int
) -> str | None:
    """The link of this moment to what is marked: None if nothing of what it leads to is."""
    source, text = document.source, document.text
    kept = [
        replace(Kept.of(source, finding.span, text), number=number)
        for number, finding in found
        if finding and finding.span
    ]
    return read_link(source, *kept) if any(each.number == led_to for each in kept) else None


def missing_page(message: str, what: str = "document") -> str:
    """What a person sees in place of a document, or its file, that is not there."""
    return render(
        "web/document.html",
        title=phrase("Not found"),
        what=what,
        missing=message,
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
