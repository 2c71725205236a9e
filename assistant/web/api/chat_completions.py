"""The chat of OpenAI's API, so that programs made for it can ask: /v1/chat/completions.

The last message of the user is the question, those before it are the history. What steers a
language model (system messages, temperature, tools) has no effect: an answer is made of the
documents. Each mark of the answer has its annotation, a `url_citation` with the link to the
reader and, under `document`, the exact span of the document. Tokens are a language model's, as
its provider counts them: none for quotations, and left out where the provider does not say.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, cast
from urllib.parse import urljoin
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from assistant.answers import MARK, Answer, Citation, Claim, Event, Mode, Turn, Usage
from assistant.errors import WrongUse
from assistant.rendering.addresses import at
from assistant.rendering.answers import (
    BETWEEN,
    claim_to_markdown,
    source_to_dict,
    span_to_dict,
    to_markdown,
    to_paragraphs,
)
from assistant.web.api.answers import LONGEST_TURN, MOST_TURNS
from assistant.web.api.parameters import Whoever
from assistant.web.api.shapes import keep_errors_in_shape
from assistant.web.api.streaming import Form, Part, stream_answer
from assistant.web.asking import Asked
from assistant.web.entry import doors
from assistant.web.entry.observing import NOT_BY_ITSELF
from assistant.web.entry.refusals import OPENAI, Refused, error_to_openai
from assistant.web.services import Services
from index.documents import Query

PREFIX = OPENAI

MODES: Mapping[str, Mode] = {"onrecord": "quote", "onrecord-write": "write"}
"""How each model answers."""

LONGEST_TYPE = 40
"""Characters of the type of a part that an error repeats."""

STATUS_IN_STREAM = {"unauthorized": 401, "failed": 500, "unavailable": 503}


class ContentPart(BaseModel):
    """A part of a message. Of other types than text nothing can be used."""

    type: str
    text: str | None = None

    @property
    def words(self) -> str:
        """Raises Refused for a part without text."""
        if self.type != "text" or self.text is None:
            raise Refused(
                400, "unsupported_content",
                f"A message has a part of the type {self.type[:LONGEST_TYPE]!r}. Only parts of "
                "the type 'text', with their text, can be read: leave the others out.",
            )  # fmt: skip
        return self.text


class CompletionMessage(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """All of its words. Raises Refused for content that is no text."""
        if isinstance(self.content, list):
            return "\n".join(part.words for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """Whether a stream ends with how many tokens a language model took."""

    include_usage: bool = False


class CompletionBody(BaseModel):
    """What is used of a request. `n` may only be 1: a question has one answer."""

    model: str
    messages: list[CompletionMessage]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


def create_chat_completions(services: Services, executor: Executor) -> FastAPI:
    """An application of its own: its errors have another shape. Answers are made in threads
    of the executor."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=NOT_BY_ITSELF)
    keep_errors_in_shape(app, _error_reply)

    @app.get("/models")
    @doors.call("ask")
    def models() -> Response:
        """The ways to be answered."""
        return JSONResponse({"object": "list", "data": [*map(_model, _names(services))]})

    @app.get("/models/{name}")
    @doors.call("ask")
    def model(name: str) -> Response:
        """One of them."""
        _check_model(name, _names(services))
        return JSONResponse(_model(name))

    @app.post("/chat/completions")
    @doors.call("ask", limit="answers")
    async def complete(body: CompletionBody, caller: Whoever, request: Request) -> Response:
        """An answer, whole or as it is made."""
        asked = _asked(body, _names(services))
        counts = body.stream_options is not None and body.stream_options.include_usage
        reply = Reply(body.model, _site(services, request), counts=counts)
        if body.stream:
            start = partial(services.asking.stream, caller, asked)
            is_current = partial(services.doorkeeper.is_current, caller)
            return await stream_answer(start, executor, is_current, Form(reply.parts, _line))
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(executor, services.asking.ask, caller, asked)
        return JSONResponse(reply.whole(answer))

    return app


def _names(services: Services) -> list[str]:
    writes = services.assistant.writes_with is not None
    return [name for name, mode in MODES.items() if mode == "quote" or writes]


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "onrecord"}


def _site(services: Services, request: Request) -> str:
    """Where links begin."""
    if services.portals:
        return services.portals.portal.url
    return f"{request.url.scheme}://{request.url.netloc}"


def _check_model(name: str, names: Sequence[str]) -> None:
    """Raises Refused for one that is not there."""
    if name not in names:
        known = " and ".join(names)
        raise Refused(404, "model_not_found", f"There is no model {name!r} here. There is {known}.")


def _asked(body: CompletionBody, names: Sequence[str]) -> Asked:
    """The question of a request. Of what was said before, the last MOST_TURNS messages count,
    and of each LONGEST_TURN characters. Raises Refused, WrongUse."""
    _check_model(body.model, names)
    said = [message for message in body.messages if message.role in ("user", "assistant")]
    asking = [place for place, message in enumerate(said) if message.role == "user"]
    if not asking:
        raise WrongUse("There is no message of the user: its last one is the question.")
    *before, question = said[: asking[-1] + 1]
    history = [
        Turn("user" if message.role == "user" else "assistant", message.text[:LONGEST_TURN])
        for message in before[-MOST_TURNS:]
    ]
    return Asked(question.text, history, mode=MODES[body.model])


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as OpenAI's API has it. `site` is where its links begin. A stream `counts`
    tokens if that was asked for."""

    model: str
    site: str
    counts: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The answer at once."""
        content = to_markdown(answer)
        message = {
            "role": "assistant",
            "content": content,
            "refusal": None,
            "annotations": self._annotations(content, answer.citations),
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        usage = {"usage": _usage(answer.usage)} if answer.usage else {}
        return {**self._head("chat.completion"), "choices": [choice], **usage}

    def parts(self, events: Iterator[Event]) -> Iterator[Part]:
        """The answer in pieces: a written one sentence by sentence, then what is to be said
        besides; the annotations come last."""
        told: list[str] = []
        with closing(cast(Generator[Event], events)):
            for event in events:
                if isinstance(event, Query):
                    yield self._piece(role="assistant", content="")
                for paragraph in _paragraphs(event, told, self.model):
                    yield self._piece(content=f"{BETWEEN if told else ''}{paragraph}")
                    told.append(paragraph)
                if isinstance(event, Answer):
                    annotations = self._annotations(BETWEEN.join(told), event.citations)
                    yield self._piece("stop", annotations=annotations)
                    if self.counts and event.usage:
                        yield self._chunk([], _usage(event.usage))
                    yield "done", {}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _piece(self, finish: str | None = None, **delta: Any) -> Part:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return self._chunk([choice], None)

    def _chunk(self, choices: list[dict[str, Any]], usage: dict[str, int] | None) -> Part:
        counted = {"usage": usage} if self.counts else {}
        return "chunk", {**self._head("chat.completion.chunk"), "choices": choices, **counted}

    def _annotations(self, content: str, citations: Sequence[Citation]) -> list[dict[str, Any]]:
        """One for each mark in the content: they cover the mark."""
        by_number = {citation.number: citation for citation in citations}
        return [
            self._annotation(by_number[int(mark[1])], mark.start(), mark.end())
            for mark in MARK.finditer(content)
        ]

    def _annotation(self, citation: Citation, start: int, end: int) -> dict[str, Any]:
        source = citation.source
        return {
            "type": "url_citation",
            "url_citation": {
                "url": urljoin(self.site, at(citation.link)),
                "title": source.title,
                "start_index": start,
                "end_index": end,
            },
            "document": {
                **source_to_dict(source),
                **span_to_dict(citation.span),
                "page": citation.page,
                "place": list(citation.place),
                "quote": citation.quote,
            },
        }


def _usage(usage: Usage) -> dict[str, int]:
    return {
        "prompt_tokens": usage.read,
        "completion_tokens": usage.written,
        "total_tokens": usage.read + usage.written,
    }


def _paragraphs(event: Event, told: Sequence[str], model: str) -> list[str]:
    """What an event adds to the content. Quotations are there all at once, and something may
    have to be said before them: so they wait for the whole answer."""
    if isinstance(event, Claim):
        return [claim_to_markdown(event)] if MODES[model] == "write" else []
    if isinstance(event, Answer):
        return [paragraph for paragraph in to_paragraphs(event) if paragraph not in told]
    return []


def _line(name: str, data: dict[str, Any]) -> str:
    if name == "done":
        return "data: [DONE]\n\n"
    if name == "error":
        status = STATUS_IN_STREAM.get(data["code"], 400)
        data = error_to_openai(status, data["code"], data["message"])
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _error_reply(_: Request, status: int, code: str, message: str) -> Response:
    return JSONResponse(error_to_openai(status, code, message), status)
