"""The routes: the page, the reader and the API."""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant import maintaining
from assistant.answers import Turn
from assistant.chat import Assistant
from assistant.errors import AssistantError
from assistant.listing import MOST_LISTED, Wanted, gather
from assistant.receipts import receipt_of
from assistant.rendering import findings_to_dict, to_dict
from assistant.statements import speaker_to_dict, statement_to_dict
from assistant.understanding import LONGEST_QUESTION
from assistant.web.guard import Guard
from assistant.web.page import mount_page
from assistant.web.reader import missing_page, read_page
from assistant.web.statements import PATH, STATEMENTS_AT_ONCE, Shown, statements_page
from index.documents import LOCAL_USER, Span
from index.errors import DocumentNotFound, IndexingError

MOST_TURNS = 20
LONGEST_TURN = 20_000

MOST_AT_ONCE = 10_000
Limit = Annotated[int, Query(ge=1, le=MOST_AT_ONCE)]

Perform = Callable[[maintaining.Request], Generator[maintaining.Event]]

CODES = {
    400: "bad_request",
    401: "unauthorized",
    404: "not_found",
    405: "wrong_method",
    409: "busy",
}


class TurnBody(BaseModel):
    """One earlier message."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=LONGEST_TURN)


class AskBody(BaseModel):
    """A question, what was said before, and which documents to look in (a glob)."""

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    history: list[TurnBody] = Field(default=[], max_length=MOST_TURNS)
    documents: str | None = None
    mode: Literal["quote", "write"] = "quote"


class CommandBody(BaseModel):
    """A command that another process hands over: a `maintaining.Request`."""

    command: maintaining.Name
    paths: tuple[str, ...] = ()
    name: str = ""
    into: str = ""
    documents: str = ""
    rights: dict[str, Any] | None = None


def create_app(assistant: Assistant, perform: Perform, token: str) -> FastAPI:
    """The application; `perform` runs a command that writes, for callers with the token."""
    app = _application()
    app.mount(maintaining.API, _api(assistant, perform, token))
    _add_reader(app, assistant)
    _add_statements(app, assistant)
    app.mount("/page-files", StaticFiles(directory=Path(__file__).parent / "static"))
    mount_page(app, assistant)
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Guard)
    return app


def _application() -> FastAPI:
    """One with a single shape for every error: {"error": {"code", "message"}}."""
    app = FastAPI(title="On Record", docs_url=None, redoc_url=None, openapi_url=None)

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> Response:
        return _error(error.status_code, CODES.get(error.status_code, "error"), str(error.detail))

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return _error(422, "invalid", f"{where}: {first['msg']}" if where else first["msg"])

    @app.exception_handler(IndexingError)
    @app.exception_handler(AssistantError)
    def _ours(_: Request, error: Exception) -> Response:
        return _error(400, type(error).__name__, str(error))

    return app


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status)


def _api(assistant: Assistant, perform: Perform, token: str) -> FastAPI:
    """An application of its own: what it does not know never gets to the page's routes."""
    api = _application()
    _add_commands(api, perform, token)

    @api.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @api.post("/ask")
    def ask(body: AskBody) -> Response:
        history = [Turn(turn.role, turn.content) for turn in body.history]
        answer = assistant.ask(
            body.question,
            history,
            principal=LOCAL_USER,
            documents=body.documents,
            mode=body.mode,
        )
        return JSONResponse(to_dict(answer))

    @api.post("/verify")
    def verify(answer: dict[str, Any]) -> Response:
        findings = assistant.recheck(receipt_of(answer), principal=LOCAL_USER)
        return JSONResponse(findings_to_dict(findings))

    _add_listings(api, assistant)
    return api


def _add_listings(api: FastAPI, assistant: Assistant) -> None:
    @api.get("/speakers")
    def speakers(document: str | None = None, limit: Limit = MOST_LISTED) -> Response:
        found = assistant.speakers(principal=LOCAL_USER, documents=document)
        return _listed([speaker_to_dict(speaker) for speaker in found[:limit]], len(found))

    @api.get("/statements")
    def statements(
        speaker: str | None = None,
        about: str | None = None,
        document: str | None = None,
        limit: Limit = MOST_LISTED,
    ) -> Response:
        listing = gather(assistant, Wanted(speaker, about, document, limit), LOCAL_USER)
        return _listed([statement_to_dict(hit) for hit in listing.hits], listing.total)


def _listed(rows: list[dict[str, Any]], total: int) -> Response:
    """A list, and how long it would be if none were left out."""
    return JSONResponse(rows, headers={"X-Total-Count": str(total)})


def _add_commands(api: FastAPI, perform: Perform, token: str) -> None:
    writing = threading.Lock()

    @api.post(maintaining.COMMANDS)
    def run_command(
        body: CommandBody, authorization: Annotated[str, Header()] = ""
    ) -> StreamingResponse:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "Commands are taken from the owner of the index only.")
        if not writing.acquire(blocking=False):
            raise HTTPException(409, "The server is busy with another command. Try again later.")
        request = maintaining.Request(**body.model_dump())
        lines = _in_one_thread(lambda: perform(request), writing)
        return StreamingResponse(lines, media_type="application/x-ndjson")


def _in_one_thread(
    start: Callable[[], Generator[maintaining.Event]], held: threading.Lock
) -> Iterator[str]:
    """The events as lines, made in a thread of their own: each step of a streamed
    answer may run in another, and stores do not like that. Ends early, with a good
    index, when the caller has gone; `held` is released at the end."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    gone = threading.Event()

    def work() -> None:
        try:
            events = start()
            for event in events:
                lines.put(maintaining.encode(event))
                if gone.is_set():
                    events.close()
        except (IndexingError, AssistantError, OSError) as error:
            lines.put(maintaining.encode_error(error))
        finally:
            held.release()
            lines.put(None)

    threading.Thread(target=work, name="command").start()
    try:
        yield from iter(lines.get, None)
    finally:
        gone.set()


def _add_statements(app: FastAPI, assistant: Assistant) -> None:
    @app.get(PATH)
    def show(
        speaker: str = "",
        about: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
        document: str = "",
        find: str = "",
        limit: Limit = STATEMENTS_AT_ONCE,
    ) -> HTMLResponse:
        shown = Shown(speaker.strip(), about.strip(), document, find.strip(), limit)
        return HTMLResponse(statements_page(assistant, shown))


def _add_reader(app: FastAPI, assistant: Assistant) -> None:
    @app.get("/read/{document_id}")
    def read(
        document_id: str,
        at: Annotated[list[str], Query()] = [],  # noqa: B006  FastAPI copies it
        version: str | None = None,
        theme: str = "system",
    ) -> HTMLResponse:
        try:
            document = assistant.document(document_id, principal=LOCAL_USER)
        except DocumentNotFound as error:
            return HTMLResponse(missing_page(str(error), theme), 404)
        spans = [span for text in at if (span := _span(text))]
        return HTMLResponse(read_page(document, spans, version, theme))


def _span(text: str) -> Span | None:
    """The span of "10-90"; None for anything else."""
    start, _, end = text.partition("-")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        return None
    return Span(int(start), int(end))
