"""The chat: one's conversations on the left, questions and answers, the sources and the reader on
the right. The same conversations, events and rights as those of the API.

A page of our own beside Gradio's: it is there with the first reply, loads what stands in files
alone, and a question box that streams is never taken away. Its parts are made here once, for a
page that is loaded and for an answer as it comes.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, cast

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.conversations import KeptQuestion
from assistant.accounts.outlining import Again, AnswerOutline
from assistant.answers import Answer, Citation, Claim, Event, Turn
from assistant.errors import NoSuchConversation
from assistant.evaluation.sets.collecting import AnswerMemory
from assistant.languages import counted, later, phrase
from assistant.languages.prompting import fill
from assistant.rendering.answers import (
    HOW_SAID,
    day,
    name_beside_title,
    note_of,
    place_in_words,
    to_html,
)
from assistant.rendering.copying import answer_to_copy, citation_to_copy
from assistant.rendering.exporting import FORMATS
from assistant.rendering.telling import told_claim, told_reporter
from assistant.rendering.templating import part, render
from assistant.web.api.answers import AskBody
from assistant.web.api.parameters import Whoever
from assistant.web.api.streaming import Form, Part, event_line, stream_answer
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.looking_back import look_back, lost
from assistant.web.pages.frame import masthead
from assistant.web.pages.settings import wishes_of, writes_with
from assistant.web.services import Services
from index.documents import Found, Query

PATH = "/"
PARTS = "web/exchange.html"

SHOWN = 20
"""Questions of a conversation that are shown at first: the latest."""

MOST_NAMES = 500
"""Answers that can be added to a question set, of all people together."""

OFFERED = [(end, label) for end, (label, *_) in FORMATS.items()]
"""The files as which answers and conversations can be saved."""

MOVED = later("The document has changed since; these words stand elsewhere in it now.")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer as they are shown. `number` is the place in its conversation,
    None for one that is not kept; `lost` are (number, why) of citations whose words cannot be
    shown any more, `moved` the numbers of those that stand elsewhere now. `name` is the one by
    which the answer can become a question of a set, `verdict` what its person thinks of it."""

    question: str
    mode: str
    answer: Answer | None
    number: int | None = None
    asked: float | None = None
    lost: Sequence[tuple[int, str]] = ()
    moved: frozenset[int] = frozenset()
    name: str | None = None
    verdict: str = ""
    is_stopped: bool = False

    @property
    def html(self) -> str:
        return to_html(self.answer) if self.answer else ""

    @property
    def understood(self) -> str:
        """The question as it stands alone, where that is something else."""
        query = self.answer and self.answer.query
        return query.standalone_question if query and query.is_restated else ""

    @property
    def copied(self) -> str:
        return answer_to_copy(self.answer) if self.answer else ""

    @property
    def sources_title(self) -> str:
        is_refused = self.answer is not None and self.answer.refusal is not None
        return later("Nearest, but not an answer") if is_refused else later("Sources")

    @property
    def cards(self) -> Sequence[dict[str, object]]:
        """A card for each that is cited, or that is nearest where nothing answers."""
        if self.answer is None:
            return []
        refusal = self.answer.refusal
        cited = refusal.considered if refusal else self.answer.citations
        return [self._card(each, cited, is_cited=refusal is None) for each in cited]

    def _card(
        self, citation: Citation, among: Sequence[Citation], *, is_cited: bool
    ) -> dict[str, object]:
        """Where it stands, who said it and how, and what the document says against itself."""
        source, speaker = citation.source, citation.speaker
        page = phrase("page {number}", number=citation.page) if citation.page else ""
        place = place_in_words(citation)
        details = (page, place, day(source.published), name_beside_title(source))
        how = [phrase(HOW_SAID[citation.speech])] if citation.speech else []
        how += [told_reporter(citation.reported_by)] if citation.reported_by else []
        has_moved = is_cited and citation.number in self.moved
        return {
            "link": citation.link_among(among),
            "number": citation.number if is_cited else None,
            "title": source.title,
            "speaker": speaker and speaker.name,
            "how": how,
            "notes": [*filter(None, [note_of(citation), phrase(MOVED) if has_moved else ""])],
            "quote": citation.quote,
            "details": [*filter(None, details)],
            "copied": citation_to_copy(citation),
        }


class Names:
    """Under which names answers of conversations may be added to question sets."""

    def __init__(self, memory: AnswerMemory) -> None:
        self._memory = memory
        self._names: OrderedDict[tuple[str, int], str] = OrderedDict()

    def find(self, conversation: str, number: int) -> str | None:
        """The name of an answer, if it has one."""
        return self._names.get((conversation, number))

    def give(
        self,
        conversation: str,
        kept: Sequence[KeptQuestion],
        answer: Answer,
        history: Sequence[Turn],
        services: Services,
        caller: Caller,
    ) -> None:
        """Name the answer to the last question, for those who evaluate, if it is known which
        documents everything before it has words of."""
        if "evaluate" not in caller.permissions:
            return
        *before, last = [self.find(conversation, turn.number) for turn in kept]
        earlier = [name for name in before if name]
        if last or len(earlier) < len(before):
            return
        view = services.asking.view_of(caller)
        if name := self._memory.keep(answer, history, earlier, view):
            self._names[conversation, kept[-1].number] = name
            while len(self._names) > MOST_NAMES:
                self._names.popitem(last=False)


def add_chat(app: FastAPI, services: Services, executor: Executor, memory: AnswerMemory) -> None:
    """The routes of the chat; answers are made in a thread of the executor."""
    names = Names(memory)
    _add_pages(app, services, names)

    @app.post("/chat")
    @replace(doors.page("ask"), limit="answers")
    async def ask(body: AskBody, caller: Whoever) -> Response:
        begun = body.conversation
        if begun is None:
            begun = await asyncio.to_thread(services.conversations.start, caller.principal)
        wishes = wishes_of(services, caller)
        asked = replace(body.as_asked(), conversation=begun, wishes=wishes)
        start = partial(services.asking.stream, caller, asked)
        form = Form(partial(_parts, services, names, caller, begun), event_line)
        is_current = partial(services.doorkeeper.is_current, caller)
        return await stream_answer(start, executor, is_current, form)


def _add_pages(app: FastAPI, services: Services, names: Names) -> None:
    @app.get(PATH)
    @doors.page("ask", view=later("Ask"))
    def new(caller: Whoever, question: str = "") -> Response:
        return _shown(partial(chat_page, services, names, caller, question=question))

    @app.get("/chat/{id}")
    @doors.page("ask")
    def one(id: str, caller: Whoever, earlier: str = "") -> Response:
        return _shown(partial(chat_page, services, names, caller, id, earlier=bool(earlier)))

    @app.get("/chats")
    @doors.page("ask")
    def listed(caller: Whoever, find: str = "", current: str = "") -> Response:
        return HTMLResponse(part(PARTS, "chats", _listed(services, caller, find), current, find))

    @app.get("/shared/{share}")
    @doors.page("ask")
    def shared(share: str, caller: Whoever) -> Response:
        return _shown(partial(shared_page, services, caller, share))


def _shown(make: Callable[[], str]) -> Response:
    """A page, or that there is no such conversation."""
    try:
        return HTMLResponse(make())
    except NoSuchConversation as error:
        words = {"title": later("This is not here"), "why": str(error)}
        link = {"address": PATH, "link": later("Ask")}
        return HTMLResponse(render("web/notice.html", **words, **link), 404)


def chat_page(
    services: Services,
    names: Names,
    caller: Caller,
    id: str = "",
    *,
    question: str = "",
    earlier: bool = False,
) -> str:
    """A conversation, or a new one with a question in its box. Raises NoSuchConversation."""
    conversations = services.conversations
    kept = conversations.turns(id, caller.principal) if id else ()
    title = conversations.one(id, caller.principal).title if id else ""
    shown = kept if earlier else kept[-SHOWN:]
    exchanges = _again(services, caller, shown)
    status = services.asking.view_of(caller).status()
    return render(
        "web/chat.html",
        bar=masthead(services.assistant, PATH, caller),
        id=id,
        title=title,
        is_shared=bool(id) and conversations.is_shared(id),
        question=question,
        exchanges=[replace(e, name=names.find(id, e.number or 0)) for e in exchanges],
        left_out=len(kept) - len(shown),
        chats_listed=_listed(services, caller),
        pane=_with_sources(exchanges),
        formats=OFFERED,
        writes_with=writes_with(services, caller),
        mode=caller.preferences.mode,
        welcome=_welcome(caller, has_documents=status.documents > 0),
    )


def shared_page(services: Services, caller: Caller, share: str) -> str:
    """What somebody shows, as far as this person may read it. Raises NoSuchConversation."""
    shown = services.conversations.shared(share, caller.principal)
    turns = [replace(t, outline=_for_others(t.outline)) for t in shown.turns]
    exchanges = _again(services, caller, turns)
    return render(
        "web/shared.html",
        bar=masthead(services.assistant, "", caller),
        title=shown.title,
        exchanges=exchanges,
        pane=_with_sources(exchanges),
    )


def _for_others(outline: AnswerOutline | None) -> AnswerOutline | None:
    """Without what it says of all that the one who asked may read."""
    if outline is None:
        return None
    reason = fill("not_answered") if outline.reason else ""
    return replace(outline, opening="", reason=reason)


def _again(services: Services, caller: Caller, turns: Iterable[KeptQuestion]) -> list[Exchange]:
    return [_exchange(*each) for each in look_back(services, caller, turns)]


def _exchange(turn: KeptQuestion, again: Again) -> Exchange:
    moved = frozenset(each.place.number for each in again.fates if each.fate == "moved")
    kept = (turn.number, turn.asked)
    shown = Exchange(turn.question, turn.mode, again.answer, *kept, lost(again), moved)
    return replace(shown, verdict=turn.verdict, is_stopped=turn.is_stopped)


def _with_sources(exchanges: Sequence[Exchange]) -> int | None:
    """The number of the last one that has any, which are shown first."""
    return next((e.number for e in reversed(exchanges) if e.cards), None)


def _listed(services: Services, caller: Caller, find: str = "") -> Sequence[Any]:
    """Conversations that have a question."""
    return [each for each in services.conversations.all(caller.principal, find) if each.title]


def _welcome(caller: Caller, *, has_documents: bool) -> str:
    """Nobody is told whether there are documents that they may not read."""
    if has_documents:
        return "welcome"
    return "empty_index" if caller.way == "local" else "nothing_shared"


# -- an answer as it comes ---------------------------------------------------------


def _parts(
    services: Services, names: Names, caller: Caller, id: str, events: Iterator[Event]
) -> Iterator[Part]:
    """state, claim, and at last done: each with what the page shows of it."""
    read = services.asking.view_of(caller).document
    history: Sequence[Turn] = ()
    if "evaluate" in caller.permissions:
        history = services.conversations.history(id, caller.principal, read)
    with closing(cast(Any, events)):
        for event in events:
            if isinstance(event, Query):
                yield (
                    "state",
                    {"words": phrase("Looking through the documents…"), "conversation": id},
                )
            elif isinstance(event, Found):
                looked = counted(event.documents_searched, "document")
                yield (
                    "state",
                    {"words": phrase("Reading the best places in {documents}…", documents=looked)},
                )
            elif isinstance(event, Claim):
                yield "claim", {"html": part(PARTS, "growing", told_claim(event))}
            else:
                yield "done", _done(services, names, caller, id, event, history)


def _done(
    services: Services,
    names: Names,
    caller: Caller,
    id: str,
    answer: Answer,
    history: Sequence[Turn],
) -> dict[str, Any]:
    """The whole answer as the page shows it from now on; `lacking` are the earlier questions of
    which something may not be shown any more."""
    kept = services.conversations.turns(id, caller.principal)
    is_kept = bool(kept) and kept[-1].question == answer.query.question
    exchange = Exchange(answer.query.question, answer.mode, answer)
    if is_kept:
        names.give(id, kept, answer, history, services, caller)
        number = kept[-1].number
        exchange = replace(
            exchange, number=number, asked=kept[-1].asked, name=names.find(id, number)
        )
    title = services.conversations.one(id, caller.principal).title
    writes = writes_with(services, caller)
    read = cache(services.asking.view_of(caller).document)
    lacking = [turn for turn in kept if any(each.words is None for each in turn.quoted(read))]
    return {
        "html": part(PARTS, "exchange", exchange, id, writes, OFFERED),
        "sources": part(PARTS, "sources", exchange),
        "number": exchange.number,
        "conversation": id,
        "title": title,
        "lacking": [turn.number for turn in lacking],
    }
