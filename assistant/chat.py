"""The path from a question to a verified answer, one line a stage."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore, RLock
from typing import TYPE_CHECKING, get_args

from assistant.answering.quoting import quote
from assistant.answers import (
    ANSWERABLE_FROM,
    AS_SET,
    Answer,
    Claim,
    Draft,
    Drafting,
    Event,
    Meter,
    Mode,
    Proposal,
    Turn,
    Wishes,
)
from assistant.errors import WrongUse
from assistant.understanding.querying import Restate, understand
from assistant.understanding.restating import WITHIN, restate
from assistant.verifying.verification import Verification
from index.documents import Found, Glob, Principal, Query
from index.rights.deciding import Granted, Rights
from index.search.view import Index, View
from index.sharing import share
from index.timing import Clock

if TYPE_CHECKING:
    from assistant.answering.offering import Models
    from assistant.answering.writing import Writer
    from assistant.verifying.entailing import Entailer
    from index.attribution.languages import Attributor
    from index.ingesting import Stores
    from index.making.preparing import Prepared

MODES = get_args(Mode)

AT_WORK = max(1, (os.cpu_count() or 1) - 1)
"""One processor is left for those who call. By tests.benchmarks.load on two: one search at a
time makes 88 questions a second, four at a time 94; with fifty written answers at once the
first event comes in .4 s at p95 instead of .7."""


class Assistant:
    """Answers from an index. Every edge (page, commands, API, evaluation) calls it.

    `writer` writes answers, if a language model is set, and `models` has others to choose
    from; what they write is read by `attributor`. `stores` are there where this process owns
    the index. `entailer` reads each written sentence with what it cites, if such a model is
    set. `strict` leaves out what the documents do not support. What is less probable than
    `answer_from` to be answered is refused.

    Searching and checking are done for AT_WORK answers at a time: more would only keep each
    other waiting, and whatever else a server does.
    """

    def __init__(
        self,
        index: Index,
        writer: Writer | None = None,
        attributor: Attributor | None = None,
        stores: Stores | None = None,
        entailer: Entailer | None = None,
        models: Callable[[], Models] | None = None,
        *,
        strict: bool = False,
        answer_from: float = ANSWERABLE_FROM,
    ) -> None:
        self._index = index
        self._writer = writer
        self._attributor = attributor
        self._stores = stores
        self._entailer = entailer
        self._models = models
        self._strict = strict
        self._answer_from = answer_from
        self._turn = BoundedSemaphore(AT_WORK)
        self._nobodys = RLock()

    @property
    def writes_with(self) -> str | None:
        """The name of the language model, None without one."""
        return self._writer.name if self._writer else None

    def offered_models(self) -> Sequence[str]:
        """Names of models that one may wish for."""
        return self._models().offered() if self._models else ()

    def view_of(self, principal: Principal) -> View:
        """The index as this person may read it: for whatever is shown but answers."""
        return self._index.view_of(principal)

    @property
    def turn(self) -> RLock:
        """Whoever has it changes documents; as `Stores.turn`."""
        return self._stores.turn if self._stores else self._nobodys

    @property
    def is_degraded(self) -> bool:
        """Is the server of the vectors away? Answers are as good, and take longer."""
        return self._index.is_degraded

    def check(self) -> None:
        """Raises CatalogDamaged or StoreDamaged if answers would not be right."""
        self._index.check()

    def prepare(self) -> None:
        """Load what the first written answer would wait for, some seconds; nothing if no
        language model is set. Raises WrongUse for a model that cannot be used."""
        if self._writer is not None and self._attributor is not None:
            import assistant.verifying.judging  # noqa: F401  what is written is judged by it

            self._writer.prepare()
            self._attributor.prepare()

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: Glob | None = None,
        speaker: str | None = None,
        mode: Mode = "quote",
        wishes: Wishes = AS_SET,
    ) -> Generator[Event]:
        """The question as understood, what was found, each claim, then the Answer.

        To close it ends the request to a language model. Raises WrongUse for a question
        or mode that cannot be used.
        """
        clock, meter = Clock(), Meter()
        self._index.check_files()
        view = self.view_of(principal)
        writer = self._writer_for(mode, wishes)
        draft_from = self._drafting(writer, meter, view, wishes)
        is_speaker = partial(view.is_speaker, documents=documents)
        query = understand(
            question, history, documents, speaker, is_speaker, _restating(writer, meter)
        )
        clock.lap("understand")
        yield query
        clock.skip()
        with self._turn:
            clock.lap("wait")
            found = view.search(query)
            clock.lap("search")
        yield found
        clock.skip()
        verification = self._verification(query, found, view, writer)
        drafting = draft_from(query, found)
        draft = yield from _judged(drafting, verification, self._turn, clock)
        answer = verification.answer(draft)
        clock.lap("verify")
        timings = {**clock.laps, **found.timings_ms}
        yield replace(answer, timings_ms=timings, usage=meter.usage)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: Glob | None = None,
        speaker: str | None = None,
        mode: Mode = "quote",
    ) -> Answer:
        """The answer, once it is whole. Raises as `stream` does."""
        events = self.stream(
            question, history, principal=principal, documents=documents, speaker=speaker, mode=mode
        )
        return next(event for event in events if isinstance(event, Answer))

    def search(
        self, question: str, *, principal: Principal, documents: Glob | None = None, count: int = 10
    ) -> Found:
        """The best passages for a question, without an answer. Raises WrongUse for a question
        that cannot be used."""
        self._index.check_files()
        view = self.view_of(principal)
        is_speaker = partial(view.is_speaker, documents=documents)
        query = understand(question, (), documents, None, is_speaker)
        with self._turn:
            return view.search(query, count)

    def check_mode(self, mode: Mode) -> None:
        """Raises WrongUse for a mode in which this assistant cannot answer."""
        self._writer_for(mode, AS_SET)

    def _drafting(
        self, writer: Writer | None, meter: Meter, view: View, wishes: Wishes
    ) -> Callable[[Query, Found], Drafting]:
        """How a draft is made: written by the writer, without one quoted."""
        wished = wishes.answer_from
        answer_from = self._answer_from if wished is None else wished
        quoted = partial(quote, read=view.document, answer_from=answer_from)
        if writer is None:
            return lambda query, found: _quoting(quoted(query, found))
        return lambda query, found: writer.write(query, found, quoted(query, found), meter)

    def _writer_for(self, mode: Mode, wishes: Wishes) -> Writer | None:
        """Whoever writes in this mode, None where nobody does. Raises WrongUse for one that
        cannot be used."""
        if mode not in MODES:
            raise WrongUse(f"There is no mode {mode!r}. There are: {', '.join(MODES)}.")
        if mode == "quote":
            return None
        if wishes.model and self._models:
            return self._models().writer(wishes.model)
        if self._writer is None:
            raise WrongUse(
                "Written answers need a language model, and none is set. Set ONRECORD_MODEL, "
                "for example to openai:gpt-5-mini, or ask in quote mode: the answer is made "
                "of the documents' own words."
            )
        return self._writer

    def _verification(
        self, query: Query, found: Found, view: View, writer: Writer | None
    ) -> Verification:
        if writer is None or self._attributor is None:
            return Verification(found, query, view)
        from assistant.verifying.judging import Judge  # what only quotes starts without it

        judge = Judge(view, self._attributor, self._entailer)
        return Verification(found, query, view, judge, strict=self._strict)

    def prepared(self, file: Path, path: Path) -> Prepared:
        """Read a file that is to be added at a path. Raises UnreadableFile, and WrongUse where
        another process owns the index."""
        from index.making.preparing import prepare
        from index.planning import id_at
        from index.reading.loading import fetch

        stores = self._written_to()
        content = fetch(file, path.name)
        return prepare(content, id_at(stores.catalog, path), stores.embedder, stores.attributor)

    def id_at(self, path: Path) -> str:
        """The id of the document at a path, or that it would get there."""
        from index.planning import id_at

        return id_at(self._written_to().catalog, path)

    def path_of(self, document_id: str) -> Path:
        """Where a document's file is, for the operator. Raises DocumentNotFound."""
        from index.planning import path_of

        return path_of(self._written_to().catalog, document_id)

    def add(self, path: Path, prepared: Prepared, rights: Rights) -> None:
        """Index a file with these rights, whatever it says itself: it may come from anybody.
        Raises WrongUse where another process owns the index."""
        from index.ingesting import sync

        own = replace(prepared, document=replace(prepared.document, sharing=None))
        stores = self._written_to()
        for _ in sync(stores, [path], rights, {path: own}):
            pass
        stores.catalog.seal()

    def share(
        self, document_id: str, rights: Rights, *, principal: Principal, administers: bool = False
    ) -> Granted:
        """Let these read a document from the next question on, whatever its files say.
        Raises as `View.rights_of`, NotYours for another owner or tenant (unless by an operator),
        and WrongUse where another process owns the index."""
        stores = self._written_to()
        granted = share(stores, document_id, rights, principal, administers=administers)
        stores.catalog.seal()
        return granted

    def _written_to(self) -> Stores:
        if self._stores is None:
            raise WrongUse(
                "Documents and rights can only be changed in the process that owns the index. "
                "Use the server, or the commands: onrecord index, onrecord rights"
            )
        return self._stores


def _restating(writer: Writer | None, meter: Meter) -> Restate:
    """Follow-ups are shown to the model where it is asked to write, and only there."""
    if writer is None:
        return lambda *_: None
    say = partial(writer.say, within=WITHIN, meter=meter)
    return lambda question, earlier: restate(question, earlier, say)


def _quoting(draft: Draft) -> Drafting:
    yield from ()
    return draft


def _judged(
    drafting: Drafting, verification: Verification, turn: BoundedSemaphore, clock: Clock
) -> Generator[Claim, None, Draft]:
    """Each claim as soon as its sentence is there, then the draft."""
    with closing(drafting):
        proposals = _written_then_quoted(drafting, verification)
        while True:
            try:
                proposal = next(proposals)
            except StopIteration as whole:
                clock.lap("draft")
                draft: Draft = whole.value
                return draft
            clock.lap("draft")
            with turn:
                clock.lap("wait")
                claim = verification.judge(proposal)
                clock.lap("verify")
            if claim is not None:
                yield claim
                clock.skip()


def _written_then_quoted(
    drafting: Drafting, verification: Verification
) -> Generator[Proposal, None, Draft]:
    """What is written; the quotations if that went wrong or nothing of it holds."""
    draft = yield from drafting
    if draft.notice or not verification.has_support:
        yield from draft.claims
    return draft
