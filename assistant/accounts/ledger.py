"""What editors and administrators look at: who saw what, how much was asked, what had no
answer, and what people thought of answers. Places and ids, never a document's text."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Literal

from assistant.accounts.store import Store
from assistant.answers import Answer, Citation, Claim
from assistant.errors import AccountsDamaged, AccountsUnavailable
from index.documents import Principal, Query, Source, Span, StatementHit
from index.english.spelling import telling

log = logging.getLogger("onrecord.accounts")

Line = tuple[object, ...]
"""A statement with its values."""

Rating = Literal["good", "bad"]

DeedKind = Literal["seen", "changed", "visits"]
"""What was shown or opened; keys, documents and rights that were changed; who came and left."""

KIND_OF_DEED = """CASE WHEN deed IN ('saw', 'read') THEN 'seen'
WHEN deed IN ('came in', 'left') THEN 'visits' ELSE 'changed' END"""

DAY = 86_400.0
MOST_UNANSWERED = 5_000
LONGEST_NOTED = 600
"""Characters of a question that had no answer."""
MOST_WAITING = 10_000
"""Notes in memory while the disk takes none; of more, the oldest are dropped, and it is said."""
SWEPT_EVERY = 3_600.0
"""Seconds between two looks for what is older than it is kept."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit log; a later one has a higher `id`. `at` is in seconds since 1970,
    `what` is JSON for "saw" and "read": the places, [document id, version, start, end] each, or
    without start and end for a whole document."""

    id: int
    at: float
    principal: str
    session: str
    deed: str
    what: str


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """What was asked on one day (UTC) by a tenant: questions by outcome, and how many people
    asked."""

    day: str
    tenant: str
    questions: int
    answered: int
    people: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that the documents did not answer, how often and when it was last asked."""

    question: str
    tenant: str
    times: int
    last: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of an answer."""

    at: float
    principal: str
    tenant: str
    question: str
    outcome: str
    verdict: Rating
    words: str


class Ledger:
    """Writes lines down; drops those that are older than `retention_days`.

    While they cannot be written, as on a full disk, they wait in memory, and go before the next
    one: nobody is refused an answer for it. Raises AccountsDamaged, for then they never can.
    """

    def __init__(
        self,
        store: Store,
        retention_days: int = 365,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._retention = retention_days * DAY
        self._clock = clock
        self._swept = float("-inf")
        self._waiting: deque[Sequence[Line]] = deque()
        self._writing = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many notes could not be written yet."""
        return len(self._waiting)

    def saw_claim(
        self, principal: Principal, session: str, claim: Claim, before: Collection[Citation]
    ) -> None:
        """Somebody gets a claim of an answer that is not whole yet, and perhaps never will be:
        which passages they were shown that they had not been `before`."""
        if places := _places(claim.cited, before):
            self.did(principal, session, "saw", json.dumps(places))

    def saw(
        self,
        principal: Principal,
        session: str,
        answer: Answer,
        before: Collection[Citation] = (),
    ) -> None:
        """Somebody got an answer: which passages they were shown, but for those that it was
        noted of `before` the answer was whole."""
        shown = answer.refusal.considered if answer.refusal else answer.citations
        places = _places(shown, before)
        now = self._clock()
        lines: list[Line] = []
        if places or not before:
            lines.append(self._line(principal, session, "saw", json.dumps(places)))
        lines.append(
            (
                "INSERT INTO usage VALUES (?,?,?,?,1) "
                "ON CONFLICT (day, principal, tenant, outcome) "
                "DO UPDATE SET questions = usage.questions + 1",
                _day(now), principal.id, principal.tenant, answer.outcome,
            )
        )  # fmt: skip
        if answer.refusal is not None and _asks(answer.query):
            lines.append(
                (
                    "INSERT INTO unanswered VALUES (?,?,1,?) ON CONFLICT (tenant, question) "
                    "DO UPDATE SET times = unanswered.times + 1, last = excluded.last",
                    answer.query.standalone_question[:LONGEST_NOTED], principal.tenant, now,
                )
            )  # fmt: skip
        self._write(lines)

    def saw_again(self, principal: Principal, session: str, answers: Iterable[Answer]) -> None:
        """Somebody looks at earlier answers: which passages they are shown."""
        shown = (a.refusal.considered if a.refusal else a.citations for a in answers)
        if places := _places(chain.from_iterable(shown), ()):
            self.did(principal, session, "saw", json.dumps(places))

    def saw_statements(
        self, principal: Principal, session: str, hits: Iterable[StatementHit]
    ) -> None:
        """Somebody gets a list of what was said: where the words stand."""
        spans = ((hit.source, span) for hit in hits for span in hit.statement.content)
        if places := [_place(source, span) for source, span in spans]:
            self.did(principal, session, "saw", json.dumps(places))

    def read(
        self, principal: Principal, session: str, source: Source, spans: Iterable[Span]
    ) -> None:
        """Somebody opened a document, at these places if any."""
        places = [_place(source, span) for span in spans] or [[source.id, source.version]]
        self.did(principal, session, "read", json.dumps(places))

    def did(self, principal: Principal, session: str, deed: str, what: str) -> None:
        """Somebody changed something, or signed in or out."""
        self._write([self._line(principal, session, deed, what)])

    def met(self, principal: Principal, name: str, way: str) -> None:
        """Somebody came in."""
        line = (
            "INSERT INTO people VALUES (?,?,?,?,?) ON CONFLICT (principal) DO UPDATE SET "
            "tenant = excluded.tenant, name = excluded.name, way = excluded.way, "
            "seen = excluded.seen",
            principal.id, principal.tenant, name, way, self._clock(),
        )  # fmt: skip
        self._write([line])

    def think(
        self, principal: Principal, question: str, outcome: str, verdict: Rating, words: str
    ) -> None:
        """Somebody says what they think of an answer."""
        self._store.do(
            "INSERT INTO feedback (at, principal, tenant, question, outcome, verdict, words) "
            "VALUES (?,?,?,?,?,?,?)",
            self._clock(), principal.id, principal.tenant, question, outcome, verdict, words,
        )  # fmt: skip

    def deeds(
        self,
        most: int,
        principals: Collection[str] | None = None,
        kind: DeedKind | None = None,
        before: int | None = None,
    ) -> Sequence[Deed]:
        """The latest lines of the audit log: of everybody or of these principals' ids, of every
        kind or one, all or those before the line with an id."""
        wanted: Mapping[str, object] = {
            f"principal IN (SELECT value FROM {self._store.names} listed)": (
                None if principals is None else sorted(principals)
            ),
            f"{KIND_OF_DEED} = ?": kind,
            "id < ?": before,
        }
        asked = {condition: value for condition, value in wanted.items() if value is not None}
        rows = self._store.rows(
            "SELECT id, at, principal, session, deed, what FROM audit "
            f"WHERE {' AND '.join(['TRUE', *asked])} ORDER BY id DESC LIMIT ?",
            *asked.values(), most,
        )  # fmt: skip
        return [Deed(*row) for row in rows]

    def usage(self, days: int) -> Sequence[DayOfUse]:
        """The usage of each of the last days and each tenant, the latest first."""
        rows = self._store.rows(
            "SELECT day, tenant, SUM(questions), "
            "SUM(CASE WHEN outcome = 'not_in_documents' THEN 0 ELSE questions END), "
            "COUNT(DISTINCT principal) "
            "FROM usage WHERE day > ? GROUP BY day, tenant ORDER BY day DESC, tenant",
            _day(self._clock() - days * DAY),
        )
        return [DayOfUse(*row) for row in rows]

    def askers(self, days: int) -> int:
        """How many people and programs asked in the last days."""
        ((count,),) = self._store.rows(
            "SELECT COUNT(DISTINCT principal) FROM usage WHERE day > ?",
            _day(self._clock() - days * DAY),
        )
        return int(count)

    def unanswered(self, most: int) -> Sequence[Unanswered]:
        """What the documents do not say, the most often asked first."""
        rows = self._store.rows(
            "SELECT question, tenant, times, last FROM unanswered "
            "ORDER BY times DESC, last DESC LIMIT ?",
            most,
        )
        return [Unanswered(*row) for row in rows]

    def settle(self, questions: Iterable[str]) -> int:
        """Take these off the list of what has no answer, until they are asked in vain again;
        how many stood there, each tenant's counted."""
        return self._store.do(
            f"DELETE FROM unanswered WHERE question IN (SELECT value FROM {self._store.names} q)",
            sorted(questions),
        )

    def people(self, most: int) -> Sequence[tuple[str, str, str, str, float]]:
        """(principal, tenant, name, way, last seen) of everybody, the latest first."""
        return self._store.rows(
            "SELECT principal, tenant, name, way, seen FROM people ORDER BY seen DESC LIMIT ?",
            most,
        )

    def feedback(self, most: int) -> Sequence[Feedback]:
        """The latest first."""
        rows = self._store.rows(
            "SELECT at, principal, tenant, question, outcome, verdict, words FROM feedback "
            "ORDER BY id DESC LIMIT ?",
            most,
        )
        return [Feedback(*row) for row in rows]

    def _line(self, principal: Principal, session: str, deed: str, what: str) -> Line:
        return (
            "INSERT INTO audit (at, principal, session, deed, what) VALUES (?,?,?,?,?)",
            self._clock(), principal.id, session, deed, what,
        )  # fmt: skip

    def _write(self, lines: Sequence[Line]) -> None:
        """Lines are statements with their values: those that wait, and these, or none."""
        with self._writing:
            try:
                with self._store.writing():
                    for statement, *values in chain(*self._waiting, lines):
                        self._store.do(str(statement), *values)
            except AccountsDamaged:
                raise
            except AccountsUnavailable as error:
                self._waiting.append(lines)
                self._tell(error)
            else:
                self._waiting.clear()
                self._sweep(self._clock())

    def check(self) -> None:
        """Raises AccountsDamaged if what is noted is gone or damaged."""
        self._store.check_as_kept()

    def finish(self) -> None:
        """Write what waits, as the server ends. What cannot be written is lost, which is said."""
        with self._writing:
            lines = [line for noted in self._waiting for line in noted]
            self._waiting.clear()
            if not lines:
                return
            try:
                with self._store.writing():
                    for statement, *values in lines:
                        self._store.do(str(statement), *values)
            except (AccountsDamaged, AccountsUnavailable) as error:
                log.error("%s %s lines of the log are lost.", error, len(lines))

    def _tell(self, error: AccountsUnavailable) -> None:
        log.error("%s %s notes wait to be written down.", error, len(self._waiting))
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            log.error("The oldest of them was dropped.")

    def _sweep(self, now: float) -> None:
        if now - self._swept < SWEPT_EVERY:
            return
        self._swept, oldest = now, now - self._retention
        with self._store.writing():
            self._store.do("DELETE FROM audit WHERE at < ?", oldest)
            self._store.do("DELETE FROM feedback WHERE at < ?", oldest)
            self._store.do("DELETE FROM usage WHERE day < ?", _day(oldest))
            self._store.do("DELETE FROM unanswered WHERE last < ?", oldest)
            self._store.do("DELETE FROM people WHERE seen < ?", oldest)
            self._store.do(
                "DELETE FROM unanswered WHERE (tenant, question) NOT IN (SELECT tenant, question "
                "FROM unanswered ORDER BY last DESC LIMIT ?)",
                MOST_UNANSWERED,
            )


def _asks(query: Query) -> bool:
    """Could a document answer it: it is no greeting, and not only what leans on the question
    before ("Is that all?")?"""
    return not query.follow and bool(telling(query.standalone_question))


def _places(shown: Iterable[Citation], before: Collection[Citation]) -> list[list[object]]:
    return [_place(cited.source, cited.span) for cited in shown if cited not in before]


def _place(source: Source, span: Span) -> list[object]:
    return [source.id, source.version, span.start, span.end]


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()
