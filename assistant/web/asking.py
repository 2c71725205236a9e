"""Asking on behalf of a caller: every edge that answers people goes through here, so that
each answer is counted and it is noted who saw which passage."""

from __future__ import annotations

import glob
import logging
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant.accounts.conversations import Conversations
from assistant.accounts.ledger import Ledger
from assistant.answers import AS_SET, Answer, Citation, Claim, Event, Mode, Turn, Wishes
from assistant.chat import Assistant
from assistant.errors import AccountsUnavailable, NoSuchConversation, WrongUse
from assistant.understanding.querying import as_typed
from assistant.web.entry.callers import Caller
from assistant.web.entry.observing import Figures, traced
from index.documents import OR, Glob
from index.search.dated import in_period
from index.search.view import View

log = logging.getLogger("onrecord.accounts")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a caller sends it. `documents` is a glob, `since` and `until` are days as
    ISO has them; with a `conversation` the history is the one of that."""

    question: str
    history: Sequence[Turn] = ()
    documents: Glob | None = None
    mode: Mode = "quote"
    conversation: str | None = None
    speaker: str | None = None
    since: str = ""
    until: str = ""
    wishes: Wishes = AS_SET


class Asking:
    """Answers for callers."""

    def __init__(
        self,
        assistant: Assistant,
        ledger: Ledger,
        conversations: Conversations,
        figures: Figures,
    ) -> None:
        self._assistant = assistant
        self._ledger = ledger
        self._conversations = conversations
        self._figures = figures

    def stream(self, caller: Caller, asked: Asked) -> Generator[Event]:
        """As `Assistant.stream`, for whoever is shown each claim as it comes. Raises
        NoSuchConversation, too."""
        shown: list[Citation] = []
        with closing(self._events(caller, asked, shown)) as events:
            for event in events:
                if isinstance(event, Claim):
                    self._ledger.saw_claim(caller.principal, caller.session, event, shown)
                    shown.extend(event.cited)
                yield event

    def ask(self, caller: Caller, asked: Asked) -> Answer:
        """The answer, once it is whole."""
        events = self._events(caller, asked, ())
        return next(event for event in events if isinstance(event, Answer))

    def _events(self, caller: Caller, asked: Asked, shown: Sequence[Citation]) -> Generator[Event]:
        """The events; the answer is noted, but for what is noted as `shown` already."""
        history = asked.history
        if asked.conversation is not None:
            history = self._conversations.history(
                asked.conversation, caller.principal, self.view_of(caller).document
            )
        events = self._assistant.stream(
            asked.question,
            history,
            principal=caller.principal,
            documents=self._documents(caller, asked),
            speaker=asked.speaker,
            mode=asked.mode,
            wishes=asked.wishes,
        )
        is_whole = False
        with closing(events), traced("answer", {"mode": asked.mode, "way": caller.way}) as span:
            try:
                for event in events:
                    if isinstance(event, Answer):
                        is_whole = True
                        self._note(caller, asked, _as_kept(event, history), shown)
                        span.set_attribute("outcome", event.outcome)
                        span.set_attributes({f"ms.{s}": ms for s, ms in event.timings_ms.items()})
                    yield event
            except GeneratorExit:
                if not is_whole:
                    self._note_stopped(caller, asked)
                raise

    def _documents(self, caller: Caller, asked: Asked) -> Glob | None:
        """Where to look. Raises WrongUse if no document is of the days that are asked for."""
        if not (asked.since or asked.until):
            return asked.documents
        inside = self.view_of(caller).sources(asked.documents)
        names = [glob.escape(s.name) for s in in_period(inside, asked.since, asked.until)]
        if not names:
            days = " to ".join(filter(None, [asked.since or "the first", asked.until or "today"]))
            raise WrongUse(f"No document to look in is of the days from {days}.")
        return OR.join(names)

    def view_of(self, caller: Caller) -> View:
        """The index as this caller may read it."""
        return self._assistant.view_of(caller.principal)

    def _note(
        self, caller: Caller, asked: Asked, answer: Answer, shown: Sequence[Citation]
    ) -> None:
        """Before it is shown: nobody sees what is not noted, or waits to be."""
        self._ledger.saw(caller.principal, caller.session, answer, shown)
        self._figures.answered(answer)
        if asked.conversation is not None:
            try:
                self._conversations.add(asked.conversation, caller.principal, answer)
            except AccountsUnavailable as error:
                log.error("%s A conversation goes on without what was asked.", error)

    def _note_stopped(self, caller: Caller, asked: Asked) -> None:
        """Nobody wants the answer any more; what was asked stays in its conversation."""
        if asked.conversation is not None:
            try:
                self._conversations.stop(
                    asked.conversation, caller.principal, asked.question, asked.mode
                )
            except (AccountsUnavailable, NoSuchConversation) as error:
                log.error("%s A conversation goes on without what was stopped.", error)


def _as_kept(answer: Answer, history: Sequence[Turn]) -> Answer:
    """The answer with its question in no words but the person's own."""
    typed = as_typed(answer.query, [turn.content for turn in history if turn.role == "user"])
    return replace(answer, query=replace(answer.query, standalone_question=typed))
