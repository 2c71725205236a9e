"""The API of conversations, and of what people think of answers."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.accounts.conversations import LONGEST_TITLE, Conversation, KeptQuestion
from assistant.accounts.outlining import Read, Today
from assistant.errors import NoSuchConversation
from assistant.languages import ENGLISH, speaking, wanted_of
from assistant.rendering.addresses import at
from assistant.rendering.exporting import FORMATS, Exported, to_receipt_file
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.looking_back import look_back, lost
from assistant.web.services import Services

LONGEST_FEEDBACK = 2_000

Kind = Literal["md", "docx", "pdf", "json"]


class FeedbackBody(BaseModel):
    """What somebody thinks of an answer, which may stand in a conversation."""

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    outcome: Literal["answered", "partly", "not_in_documents"]
    verdict: Literal["good", "bad"]
    words: str = Field(default="", max_length=LONGEST_FEEDBACK)
    conversation: str | None = Field(default=None, max_length=64)
    number: int | None = Field(default=None, ge=1)


class TitleBody(BaseModel):
    """What a conversation is called."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)


class BranchBody(BaseModel):
    """The number of the first question that is left out."""

    before: int = Field(ge=1)


class ShareBody(BaseModel):
    """The number of the one question that is shown; without one all so far are."""

    number: int | None = Field(default=None, ge=1)


def add_conversations(app: FastAPI, services: Services) -> None:
    """The routes /conversations and /feedback."""
    conversations = services.conversations
    _add_changes(app, services)
    _add_export(app, services)

    @app.get("/conversations")
    @doors.call("ask")
    def all_of_them(
        caller: Whoever, find: Annotated[str, Query(max_length=LONGEST_QUESTION)] = ""
    ) -> Response:
        """One's own conversations, the latest first: all, or those whose title and questions
        have these words."""
        return JSONResponse([_summary(each) for each in conversations.all(caller.principal, find)])

    @app.post("/conversations", status_code=201)
    @doors.call("ask")
    def start(caller: Whoever) -> dict[str, str]:
        """A new conversation: ask with its id."""
        return {"id": conversations.start(caller.principal)}

    @app.get("/conversations/{id}")
    @doors.call("ask")
    def one(id: str, caller: Whoever) -> Response:
        """Its questions, with the cited words that one may still read; of each citation what
        became of it: same, moved, changed or gone."""
        read = cache(services.asking.view_of(caller).document)
        kept = conversations.one(id, caller.principal)
        turns = conversations.turns(id, caller.principal)
        return JSONResponse({**_summary(kept), "turns": [_turn(turn, read) for turn in turns]})

    @app.delete("/conversations/{id}", status_code=204)
    @doors.call("ask")
    def remove(id: str, caller: Whoever) -> Response:
        """Forget it."""
        conversations.remove(id, caller.principal)
        return Response(status_code=204)

    @app.post("/feedback", status_code=201)
    @doors.call("ask")
    def feedback(body: FeedbackBody, caller: Whoever) -> dict[str, str]:
        """Say what one thinks of an answer; with a `conversation` and the `number` of the question
        in it, it is shown there from then on."""
        if body.conversation and body.number:
            conversations.think(body.conversation, caller.principal, body.number, body.verdict)
        services.ledger.think(
            caller.principal, body.question, body.outcome, body.verdict, body.words
        )
        return {"status": "ok"}


def _add_changes(app: FastAPI, services: Services) -> None:
    conversations = services.conversations

    @app.put("/conversations/{id}")
    @doors.call("ask")
    def rename(id: str, body: TitleBody, caller: Whoever) -> Response:
        """Give it a title."""
        conversations.rename(id, caller.principal, body.title)
        return JSONResponse(_summary(conversations.one(id, caller.principal)))

    @app.post("/conversations/{id}/branch", status_code=201)
    @doors.call("ask")
    def branch(id: str, body: BranchBody, caller: Whoever) -> dict[str, str]:
        """A new conversation with the questions before one, which can be asked otherwise."""
        return {"id": conversations.branch(id, caller.principal, body.before)}

    @app.post("/conversations/{id}/share", status_code=201)
    @doors.call("ask")
    def share(id: str, body: ShareBody, caller: Whoever) -> dict[str, str]:
        """A link for the people of one's tenant: each sees what they may read themselves."""
        shared = conversations.share(id, caller.principal, body.number)
        services.ledger.did(caller.principal, caller.session, "shared", id)
        return {"link": at(f"/shared/{shared}")}

    @app.delete("/conversations/{id}/share", status_code=204)
    @doors.call("ask")
    def unshare(id: str, caller: Whoever) -> Response:
        """The end of its links."""
        conversations.unshare(id, caller.principal)
        return Response(status_code=204)


def _add_export(app: FastAPI, services: Services) -> None:
    conversations = services.conversations

    @app.get("/conversations/{id}/export/{kind}")
    @doors.call("ask")
    def export(
        id: str, kind: Kind, request: Request, caller: Whoever, number: int | None = None
    ) -> Response:
        """A conversation as a file, or the answer of that number: Markdown, Word, PDF, or JSON,
        which is a receipt for one answer. Of what may be read now, as it stands there now. What
        is for people speaks the language that they set, or that their browser wants."""
        title = conversations.one(id, caller.principal).title
        turns = conversations.turns(id, caller.principal)
        wanted = [turn for turn in turns if number in (None, turn.number)]
        if not wanted:
            raise NoSuchConversation("There is no such answer.")
        _, media_type, make = FORMATS[kind]
        if number is not None:
            title = wanted[0].question
            make = to_receipt_file if kind == "json" else make
        name = f"{'conversation' if number is None else 'answer'}.{kind}"
        server = services.portals.portal.url if services.portals else str(request.base_url)
        with speaking(_language(services, request, caller) if kind != "json" else ENGLISH):
            exported = [
                Exported(
                    turn.number, turn.asked, turn.question, turn.mode, again.answer, lost(again)
                )
                for turn, again in look_back(services, caller, wanted)
            ]
            content = make(title, exported, server.rstrip("/"))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media_type, headers=headers)


def _language(services: Services, request: Request, caller: Caller) -> str:
    wanted = wanted_of(request.headers.get("accept-language", ""))
    return services.preferences.of(caller.principal).language or wanted


def _summary(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "started": conversation.started,
        "changed": conversation.changed,
    }


def _turn(asked: KeptQuestion, read: Read) -> dict[str, Any]:
    quoted = asked.quoted(read)
    return {
        "number": asked.number,
        "asked": asked.asked,
        "question": asked.question,
        "standalone_question": asked.standalone_question,
        "mode": asked.mode,
        "outcome": asked.outcome,
        "citations": [_quoted(each) for each in quoted if each.words is not None],
        "no_longer": [
            {"number": each.place.number, "fate": each.fate}
            for each in quoted
            if each.words is None
        ],
    }


def _quoted(today: Today) -> dict[str, Any]:
    place, span = today.place, today.span or today.place.span
    version = today.source.version if today.source else place.version
    return {
        "number": place.number,
        "document": {"id": place.document_id, "version": version},
        "start": span.start,
        "end": span.end,
        "quote": today.words,
        "fate": today.fate,
    }
