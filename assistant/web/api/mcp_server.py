"""Tools for programs that speak MCP: search, ask, read_passage, statements.

Over HTTP each request stands for itself and is its caller's, whom the guard found; over
standard input and output it is the operator's, on their own computer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.accounts.conversations import Conversations
from assistant.accounts.ledger import Ledger
from assistant.accounts.store import Store
from assistant.answers import Mode
from assistant.browsing.listing import MOST_LISTED, Order, Wanted, gather
from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.errors import AssistantError
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Kept
from assistant.rendering.addresses import at
from assistant.rendering.answers import source_to_dict, span_to_dict, to_dict
from assistant.rendering.errors import tell
from assistant.rendering.statements import listing_to_dicts
from assistant.settings import Settings
from assistant.web.asking import Asked, Asking
from assistant.web.entry import doors
from assistant.web.entry.callers import LOCAL_CALLER, Caller, caller_of
from assistant.web.entry.capacity import Comer
from assistant.web.entry.gate import Gate
from assistant.web.entry.observing import Figures
from assistant.web.entry.refusals import Refused
from assistant.web.services import Services
from index.documents import Found, Glob, Hit, Span
from index.errors import IndexingError

PATH = "/mcp"

T = TypeVar("T")

INSTRUCTIONS = """Answers from a collection of documents, with exact quotations. Use ask for
an answer that is checked, search for passages, statements for who said what, read_passage for
the words around a place. Places are characters of a document, the end exclusive. If ask says
that the documents do not answer, there is no answer: do not make one up."""

LONGEST_PASSAGE = 20_000
"""Characters that read_passage gives at once: about 5,000 tokens."""

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

NamedLike = Annotated[
    Glob | None, Field(description='Only documents with such names, for example "2016/*"')
]
Count = Annotated[int, Field(ge=1, le=50)]
Place = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Tools:
    """What the tools do, each on behalf of a caller. Answers and searches are made in threads
    of the executor, and count as questions at the gate."""

    assistant: Assistant
    asking: Asking
    ledger: Ledger
    gate: Gate
    executor: Executor

    async def ask(self, caller: Caller, asked: Asked) -> dict[str, Any]:
        """The answer as the API has it."""
        return to_dict(await self._limited(caller, lambda: self.asking.ask(caller, asked)))

    async def search(
        self, caller: Caller, question: str, documents: Glob | None, count: int
    ) -> dict[str, Any]:
        """The best passages; it is noted who sees them."""
        found = await self._limited(
            caller, lambda: self._search(caller, question, documents, count)
        )
        return {
            "passages": [_passage(hit) for hit in found.hits],
            "searched": {
                "documents": found.documents_searched,
                "passages": found.passages_searched,
            },
        }

    def read(self, caller: Caller, id: str, start: int, end: int) -> dict[str, Any]:
        """Characters of a document."""
        document = self.assistant.view_of(caller.principal).document(id)
        stop = min(len(document.text), end, start + LONGEST_PASSAGE)
        span = Span(min(start, stop), stop)
        self.ledger.read(caller.principal, caller.session, document.source, [span])
        kept = Kept.of(document.source, span, document.text)
        return {
            "document": source_to_dict(document.source),
            **span_to_dict(span),
            "length": len(document.text),
            "text": document.text[span.start : span.end],
            "link": at(read_link(document.source, kept)),
        }

    def statements(self, caller: Caller, wanted: Wanted) -> dict[str, Any]:
        """Who said what; if the speaker is unknown, whose names are near."""
        listing = gather(self.assistant.view_of(caller.principal), wanted)
        self.ledger.saw_statements(caller.principal, caller.session, listing.hits)
        return {
            "statements": listing_to_dicts(listing),
            "total": listing.total,
            "near_names": list(listing.near),
        }

    def _search(self, caller: Caller, question: str, documents: Glob | None, count: int) -> Found:
        found = self.assistant.search(
            question, principal=caller.principal, documents=documents, count=count
        )
        for hit in found.hits:
            self.ledger.read(caller.principal, caller.session, hit.source, [hit.passage.span])
        return found

    async def _limited(self, caller: Caller, make: Callable[[], T]) -> T:
        comer = Comer.showing(caller.session, "")
        self.gate.places.recognise(comer)
        async with self.gate.places.hold(comer) as place, self.gate.passing(caller):
            place.begin()
            return await asyncio.get_running_loop().run_in_executor(self.executor, make)


def create_server(tools: Tools, whose: Callable[[Context], Caller]) -> MCPServer:
    """The server; `whose` says on whose behalf a tool is called."""
    with _root_logger_kept():
        server = MCPServer("On Record", instructions=INSTRUCTIONS, log_level="WARNING")

    @server.tool(annotations=READS)
    async def search(
        question: str, context: Context, documents: NamedLike = None, count: Count = 10
    ) -> dict[str, Any]:
        """Find the passages that fit a question best, with their exact places."""
        with _errors_in_words():
            return await tools.search(whose(context), question, documents, count)

    @server.tool(annotations=READS)
    async def ask(
        question: str, context: Context, documents: NamedLike = None, mode: Mode = "quote"
    ) -> dict[str, Any]:
        """Answer a question with exact quotations, or say that the documents do not answer.

        Mode "write" has a language model write it, if one is set; each sentence is checked.
        """
        with _errors_in_words():
            return await tools.ask(whose(context), Asked(question, (), documents, mode))

    @server.tool(annotations=READS)
    def read_passage(document: str, start: Place, end: Place, context: Context) -> dict[str, Any]:
        """Read characters of a document, by its id: at most 20,000 at once."""
        with _errors_in_words():
            return tools.read(whose(context), document, start, end)

    @server.tool(annotations=READS)
    def statements(
        context: Context,
        speaker: str | None = None,
        about: str | None = None,
        documents: NamedLike = None,
        limit: Count = MOST_LISTED,
        order: Order = "document",
    ) -> dict[str, Any]:
        """List who said what: of a speaker, about a topic, in documents; name one of these. In
        the order "time" each has its date and the links of earlier ones that it denies."""
        with _errors_in_words():
            wanted = Wanted(speaker, about, documents, limit, order=order)
            return tools.statements(whose(context), wanted)

    return server


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    """MCPServer calls logging.basicConfig, which would print what any library logs in its own
    way. That does nothing where the root logger has a handler: so it has one meanwhile."""
    root, silent = logging.getLogger(), logging.NullHandler()
    root.addHandler(silent)
    try:
        yield
    finally:
        root.removeHandler(silent)


@contextmanager
def _errors_in_words() -> Iterator[None]:
    """What a person would be told, the model is told."""
    try:
        yield
    except Refused as refused:
        raise ToolError(str(refused)) from refused
    except (AssistantError, IndexingError) as error:
        raise ToolError(tell(error).words) from error


def _passage(hit: Hit) -> dict[str, Any]:
    kept = Kept.of(hit.source, hit.passage.span, hit.passage.text, hit.passage.start)
    return {
        "document": source_to_dict(hit.source),
        **span_to_dict(hit.passage.span),
        "page": hit.page,
        "text": hit.passage.text,
        "link": at(read_link(hit.source, kept)),
    }


def add_mcp(app: FastAPI, services: Services, executor: Executor) -> None:
    """The route /mcp."""
    tools = Tools(services.assistant, services.asking, services.ledger, services.gate, executor)
    # The tools that make answers pass the gate themselves.
    served = doors.Declaration("ask")(StatelessMCP(create_server(tools, _caller_by_http)))
    app.router.routes.append(Route(PATH, served, methods=["POST"]))


class StatelessMCP:
    """MCP over streamable HTTP, as an ASGI application. Nothing is kept between requests:
    each has a manager of its own. Hosts and origins are the guard's business."""

    def __init__(self, server: MCPServer) -> None:
        # The manager makes what the server is served by, and only this hands it out.
        server.streamable_http_app(stateless_http=True, json_response=True)
        self._server = server.session_manager.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with manager.run():
            await manager.handle_request(scope, receive, send)


def _caller_by_http(context: Context) -> Caller:
    request = context.request_context.request
    if not isinstance(request, Request):
        raise ToolError("It is not known who is calling.")
    return caller_of(request)


def serve_stdio(settings: Settings) -> None:
    """Serve the operator over standard input and output until the input ends. Raises
    IndexNotFound."""
    assistant, store = open_to_chat(settings), Store(settings.home, settings.database)
    ledger = Ledger(store)
    asking = Asking(assistant, ledger, Conversations(store), Figures())
    with ThreadPoolExecutor(1, "answer") as executor:
        tools = Tools(assistant, asking, ledger, Gate(), executor)
        create_server(tools, lambda _: LOCAL_CALLER).run("stdio")
