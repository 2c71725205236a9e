"""The API of conversations, and of what people think of answers."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.accounts.conversations import Conversation, KeptQuestion
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.services import Services

LONGEST_FEEDBACK = 2_000


class FeedbackBody(BaseModel):
    """What somebody thinks of an answer."""

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    outcome: Literal["answered", "partly", "not_in_documents"]
    verdict: Literal["good", "bad"]
    words: str = Field(default="", max_length=LONGEST_FEEDBACK)


def add_conversations(app: FastAPI, services: Services) -> None:
    """The routes /conversations and /feedback."""
    conversations = services.conversations

    @app.get("/conversations")
    @doors.call("ask")
    def all_of_them(caller: Whoever) -> Response:
        """One's own conversations, the latest first."""
        return JSONResponse([_summary(each) for each in conversations.all(caller.principal)])

    @app.post("/conversations", status_code=201)
    @doors.call("ask")
    def start(caller: Whoever) -> dict[str, str]:
        """A new conversation: ask with its id."""
        return {"id": conversations.start(caller.principal)}

    @app.get("/conversations/{id}")
    @doors.call("ask")
    def one(id: str, caller: Whoever) -> Response:
        """Its questions, with the cited words that one may still read."""
        read = services.asking.view_of(caller).document
        turns = conversations.turns(id, caller.principal, read)
        return JSONResponse({"id": id, "turns": [_turn(turn) for turn in turns]})

    @app.delete("/conversations/{id}", status_code=204)
    @doors.call("ask")
    def remove(id: str, caller: Whoever) -> Response:
        """Forget it."""
        conversations.remove(id, caller.principal)
        return Response(status_code=204)

    @app.post("/feedback", status_code=201)
    @doors.call("ask")
    def feedback(body: FeedbackBody, caller: Whoever) -> dict[str, str]:
        """Say what one thinks of an answer."""
        services.ledger.think(
            caller.principal, body.question, body.outcome, body.verdict, body.words
        )
        return {"status": "ok"}


def _summary(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "started": conversation.started,
        "changed": conversation.changed,
    }


def _turn(asked: KeptQuestion) -> dict[str, Any]:
    return {
        "asked": asked.asked,
        "question": asked.question,
        "standalone_question": asked.standalone_question,
        "mode": asked.mode,
        "outcome": asked.outcome,
        "citations": [
            {
                "number": quoted.number,
                "document": {"id": quoted.document_id, "version": quoted.version},
                "start": quoted.span.start,
                "end": quoted.span.end,
                "quote": quoted.words,
            }
            for quoted in asked.quoted
            if quoted.words is not None
        ],
    }
