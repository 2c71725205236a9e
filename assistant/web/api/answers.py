"""The API: asking, reading, who said what, checking a saved answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.accounts.ledger import Ledger
from assistant.answers import Turn
from assistant.browsing.listing import MOST_LISTED, Order, Wanted, gather
from assistant.browsing.suggesting import suggest
from assistant.chat import Assistant
from assistant.errors import AccountsDamaged
from assistant.languages import speaking
from assistant.receipts.receipt import receipt_of
from assistant.receipts.rechecking import recheck
from assistant.rendering.answers import findings_to_dict, source_to_dict, span_to_dict, to_dict
from assistant.rendering.statements import listing_to_dicts, speaker_to_dict
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.api.downloading import download
from assistant.web.api.parameters import Whoever
from assistant.web.api.streaming import stream_answer
from assistant.web.asking import Asked
from assistant.web.entry import doors
from assistant.web.services import Services
from index.documents import OR, Glob, Span
from index.errors import CatalogDamaged, StoreBehind, StoreDamaged
from index.structure import described

MOST_TURNS = 20
LONGEST_TURN = 20_000
MOST_AT_ONCE = 10_000
LONGEST_TEXT = 1_000_000
"""Characters of a document in one reply."""

EVENT_STREAM = "text/event-stream"

Limit = Annotated[int, Query(ge=1, le=MOST_AT_ONCE)]
NamedLike = Annotated[Glob | None, Query(alias="document")]
"""Only documents with such names: `document` in the address."""


class TurnBody(BaseModel):
    """One earlier message."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=LONGEST_TURN)


class AskBody(BaseModel):
    """A question, what was said before, and which documents to look in: a glob, or several of
    which one has to match; those of the days `since` to `until`. `speaker` asks for the words of
    somebody.

    With `conversation`, the id of one, what was said before is known, and this is added. What
    the product says itself (a refusal, a notice) it says in `language`; documents are quoted in
    theirs.
    """

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    history: list[TurnBody] = Field(default=[], max_length=MOST_TURNS)
    documents: Glob | list[Glob] | None = None
    mode: Literal["quote", "write"] = "quote"
    conversation: str | None = Field(default=None, max_length=64)
    speaker: str | None = Field(default=None, min_length=1, max_length=LONGEST_QUESTION)
    since: date | None = None
    until: date | None = None
    language: Literal["en", "ru", "tg"] = "en"

    def as_asked(self) -> Asked:
        """What is asked by it."""
        globs = [self.documents] if isinstance(self.documents, str) else self.documents
        return Asked(
            self.question,
            [Turn(turn.role, turn.content) for turn in self.history],
            OR.join(globs) if globs else None,
            self.mode,
            self.conversation,
            self.speaker,
            self.since.isoformat() if self.since else "",
            self.until.isoformat() if self.until else "",
        )


def _why(error: Exception) -> str:
    """Why nothing can be answered, for whoever may not know where anything lies."""
    if isinstance(error, StoreBehind):
        return f"Catching up: {error.done:,} of {error.total:,} passages are done."
    if isinstance(error, StoreDamaged):
        return f"The {error.store} is damaged. Make it again with: onrecord rebuild"
    damaged = "catalog is" if isinstance(error, CatalogDamaged) else "accounts are"
    return f"The {damaged} damaged. What to do says: onrecord doctor"


def add_api(app: FastAPI, services: Services, executor: Executor) -> None:
    """Asking, in a thread of the executor; reading, listing, checking."""
    assistant = services.assistant
    _add_asking(app, services, executor)
    _add_documents(app, assistant)
    _add_contents(app, assistant, services.ledger)
    _add_listings(app, services)

    @app.get("/health")
    @doors.call("public")
    def health() -> dict[str, str]:
        """Is the server alive?"""
        return {"status": "ok"}

    @app.get("/ready")
    @doors.call("public")
    def ready(caller: Whoever, response: Response) -> dict[str, str]:
        """Can it answer? Reads the catalog, and compares what is made from it with what was
        written; what was found whole is not read again until it is touched."""
        try:
            assistant.view_of(caller.principal).status()
            assistant.check()
            services.ledger.check()
        except (StoreBehind, StoreDamaged, CatalogDamaged, AccountsDamaged) as error:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            return {"status": "not ready", "reason": _why(error)}
        notes = {"waiting": f"{services.ledger.waiting} notes"} if services.ledger.waiting else {}
        away = {"vectors": "Their server is away."} if assistant.is_degraded else {}
        return {"status": "ok", **notes, **away}

    @app.get("/me")
    @doors.call("ask")
    def me(caller: Whoever) -> dict[str, Any]:
        """Who is calling, and what they may do."""
        return {
            "name": caller.name,
            "way": caller.way,
            "permissions": sorted(caller.permissions - {"public"}),
            "writes_with": assistant.writes_with,
        }


def _add_asking(app: FastAPI, services: Services, executor: Executor) -> None:
    assistant = services.assistant

    @app.post("/ask")
    @doors.call("ask", limit="answers")
    async def ask(
        body: AskBody, caller: Whoever, accept: Annotated[str, Header()] = ""
    ) -> Response:
        """An answer with its citations: as JSON, or as events for `Accept: text/event-stream`."""
        asked = body.as_asked()
        if EVENT_STREAM in accept:
            start = partial(services.asking.stream, caller, asked)
            is_current = partial(services.doorkeeper.is_current, caller)
            with speaking(body.language):
                return await stream_answer(start, executor, is_current)
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(executor, services.asking.ask, caller, asked)
        with speaking(body.language):
            return JSONResponse(to_dict(answer))

    @app.post("/verify")
    @doors.call("ask")
    def verify(answer: dict[str, Any], caller: Whoever) -> Response:
        """What has become of each citation of a saved answer."""
        findings = recheck(receipt_of(answer), assistant.view_of(caller.principal))
        return JSONResponse(findings_to_dict(findings))


def _add_documents(app: FastAPI, assistant: Assistant) -> None:
    @app.get("/documents")
    @doors.call("ask")
    def documents(caller: Whoever, limit: Limit = MOST_LISTED) -> Response:
        """The documents that one may read, by name."""
        sources = assistant.view_of(caller.principal).sources()
        return listed([source_to_dict(source) for source in sources[:limit]], len(sources))

    @app.get("/documents/{id}")
    @doors.call("ask")
    def document(id: str, caller: Whoever) -> Response:
        """One document, without its text."""
        found = assistant.view_of(caller.principal).document(id)
        return JSONResponse(
            {
                **source_to_dict(found.source),
                "published": found.source.published,
                "byline": found.source.byline,
                "length": len(found.text),
                "page_starts": list(found.page_starts),
                "headings": [span_to_dict(span) for span in found.headings],
            }
        )


def _add_contents(app: FastAPI, assistant: Assistant, ledger: Ledger) -> None:
    @app.get("/documents/{id}/text")
    @doors.call("ask")
    def text(
        id: str,
        caller: Whoever,
        start: Annotated[int, Query(ge=0)] = 0,
        end: Annotated[int | None, Query(ge=0)] = None,
    ) -> Response:
        """Characters `start` to `end` of a document: the permalink of a passage."""
        found = assistant.view_of(caller.principal).document(id)
        stop = min(len(found.text), start + LONGEST_TEXT, len(found.text) if end is None else end)
        span = Span(min(start, stop), stop)
        ledger.read(caller.principal, caller.session, found.source, [span])
        return JSONResponse(
            {
                "document": source_to_dict(found.source),
                **span_to_dict(span),
                "length": len(found.text),
                "text": found.text[span.start : span.end],
            }
        )

    @app.get("/documents/{id}/structure")
    @doors.call("ask")
    def structure(id: str, caller: Whoever) -> Response:
        """What the parts of a document are, each a span of its text: headings, paragraphs,
        tables with their cells; and how much of its file is left out of the text."""
        found = assistant.view_of(caller.principal).document(id)
        ledger.read(caller.principal, caller.session, found.source, [])
        return JSONResponse(
            {
                "document": source_to_dict(found.source),
                "length": len(found.text),
                "blocks": described(found.structure),
                "left_out": dict(found.left_out),
            }
        )

    @app.get("/documents/{id}/original")
    @doors.call("ask")
    def original(id: str, caller: Whoever) -> Response:
        """The file that a document was read from, as it is, with what its text leaves out; 410
        where the file is gone or has changed since."""
        view = assistant.view_of(caller.principal)
        source, content = view.document(id).source, view.original(id)
        ledger.read(caller.principal, caller.session, source, [])
        return download(content)


def _add_listings(app: FastAPI, services: Services) -> None:
    assistant, ledger = services.assistant, services.ledger

    @app.get("/suggestions")
    @doors.call("ask", limit="answers")
    def suggestions(
        caller: Whoever, conversation: Annotated[str | None, Query(max_length=64)] = None
    ) -> list[str]:
        """A few questions that the documents one may read answer; after a conversation, of those
        that it quotes, and that it has not."""
        if conversation is None:
            return suggest(assistant, caller.principal)
        turns = services.conversations.turns(conversation, caller.principal)
        quoted = [place.document_id for turn in reversed(turns) for place in turn.places]
        asked = [turn.question for turn in turns]
        return suggest(assistant, caller.principal, 3, quoted, asked)

    @app.get("/speakers")
    @doors.call("ask")
    def speakers(
        caller: Whoever, documents: NamedLike = None, limit: Limit = MOST_LISTED
    ) -> Response:
        """Everybody who is credited with statements, most of them first."""
        found = assistant.view_of(caller.principal).speakers(documents)
        return listed([speaker_to_dict(speaker) for speaker in found[:limit]], len(found))

    @app.get("/statements")
    @doors.call("ask")
    def statements(
        caller: Whoever,
        speaker: str | None = None,
        about: str | None = None,
        documents: NamedLike = None,
        limit: Limit = MOST_LISTED,
        order: Order = "document",
    ) -> Response:
        """What was said by a speaker, about a topic, in documents (a glob). In the order of time
        each has its day, and which earlier ones it denies."""
        view = assistant.view_of(caller.principal)
        listing = gather(view, Wanted(speaker, about, documents, limit, order=order))
        ledger.saw_statements(caller.principal, caller.session, listing.hits)
        return listed(listing_to_dicts(listing), listing.total)


def listed(rows: list[dict[str, Any]], total: int) -> Response:
    """A list, and how long it would be if none were left out."""
    return JSONResponse(rows, headers={"X-Total-Count": str(total)})
