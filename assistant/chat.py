"""The path from a question to a verified answer, one line a stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from assistant.answers import Answer, Draft, Event, Mode, Turn
from assistant.errors import WrongUse
from assistant.quoting import quote
from assistant.receipts import Findings, Receipt
from assistant.rechecking import recheck
from assistant.understanding import understand
from assistant.verifying import Read, verify
from index.documents import Document, Found, Principal, Query, Source, StatementHit
from index.searching import Clock, Index, Status
from index.speakers import Speaker


def _no_language_model(query: Query, found: Found) -> Draft:
    raise WrongUse(
        "Written answers need a language model, and none can be set up in this version. "
        "Ask in quote mode: the answer is made of the documents' own words."
    )


DRAFTING: Mapping[Mode, Callable[[Query, Found], Draft]] = {
    "quote": quote,
    "write": _no_language_model,
}


class Assistant:
    """Answers from an index. Every edge (page, commands, API, evaluation) calls it."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: str | None = None,
        speaker: str | None = None,
        mode: Mode = "quote",
    ) -> Iterator[Event]:
        """The question as understood, what was found, each claim, then the Answer.

        Raises WrongUse for a question or mode that cannot be used.
        """
        clock = Clock()
        if mode not in DRAFTING:
            raise WrongUse(f"There is no mode {mode!r}. There are: {', '.join(DRAFTING)}.")
        is_speaker = partial(self._index.is_speaker, principal=principal, documents=documents)
        query = understand(question, history, documents, speaker, is_speaker)
        yield query
        found = self._index.search(query, principal)
        yield found
        clock.lap("search")
        draft = DRAFTING[mode](query, found)
        clock.lap("draft")
        answer = verify(draft, found, query, self._reading_for(principal))
        clock.lap("verify")
        yield from answer.claims
        yield replace(answer, timings_ms={**clock.laps, **found.timings_ms})

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: str | None = None,
        speaker: str | None = None,
        mode: Mode = "quote",
    ) -> Answer:
        """The answer, once it is whole. Raises as `stream` does."""
        events = self.stream(
            question, history, principal=principal, documents=documents, speaker=speaker, mode=mode
        )
        return next(event for event in events if isinstance(event, Answer))

    def _reading_for(self, principal: Principal) -> Read:
        """Documents as this person may read them, each fetched once."""
        return cache(lambda document_id: self._index.document(document_id, principal))

    def recheck(self, receipt: Receipt, *, principal: Principal) -> Findings:
        """What became of a saved answer's citations."""
        return recheck(receipt, self._index, principal)

    def document(self, document_id: str, *, principal: Principal) -> Document:
        """A whole document. Raises DocumentNotFound."""
        return self._index.document(document_id, principal)

    def sources(self, *, principal: Principal) -> Sequence[Source]:
        """Every document that the principal may see, by name."""
        return self._index.sources(principal)

    def speakers(self, *, principal: Principal, documents: str | None = None) -> Sequence[Speaker]:
        """Everybody who is credited with statements, most of them first."""
        return self._index.speakers(principal, documents)

    def find_speakers(
        self, words: str, *, principal: Principal, documents: str | None = None
    ) -> tuple[Sequence[Speaker], Sequence[Speaker]]:
        """Whom a person means by these words; if nobody, whose names are near."""
        return self._index.find_speakers(principal, words, documents)

    def statements(
        self,
        *,
        principal: Principal,
        speaker: str | None = None,
        about: str | None = None,
        documents: str | None = None,
    ) -> Sequence[StatementHit]:
        """What a speaker said (None: anybody) about a topic (None: anything)."""
        return self._index.statements(principal, speaker, about, documents)

    def status(self, *, principal: Principal) -> Status:
        """How much of the index the principal may see."""
        return self._index.status(principal)
