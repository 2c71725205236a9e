"""How much at once, how often and how large: what is too much is turned away at once.

Nobody waits in a queue for an answer: a caller who is told to come back in a second can do
so, one who waits for a minute cannot know whether anything happens.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from assistant.web.entry.allowances import Allowance, Allowing, Spending, neighbourhood
from assistant.web.entry.callers import Caller
from assistant.web.entry.capacity import Places
from assistant.web.entry.refusals import try_again
from index.english.spelling import counted


@dataclass(frozen=True, slots=True)
class Limits:
    """Answers at once, of everybody and of one caller; questions a minute of one caller;
    bytes of a request and of an uploaded document; requests in progress of one caller, or of
    one address that has not said who it is: open pages, streams and bodies that are still
    coming; documents that one caller uploads at once.

    A minute, too: credentials of one address that may be wrong, logins that one address may
    begin (a whole office can have one), assertions that one issuer may sign.
    """

    at_once: int = 64
    at_once_each: int = 4
    a_minute_each: int = 30
    body: int = 1_000_000
    upload: int = 50_000_000
    requests_each: int = 64
    uploads_each: int = 4
    wrong_each: int = 30
    logins_each: int = 300
    assertions_each: int = 3_000


class Gate:
    """Counts what each caller has under way. For one event loop: it takes no locks.

    The one person on whose computer the index is has no limit but that of the computer.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        allowing: Allowing | None = None,
    ) -> None:
        allowing = allowing or _in_this_process(clock)
        self.limits = limits or Limits()
        self.places = Places(self.limits.at_once, clock)
        self._running_of: Counter[str] = Counter()
        self._requests_of: Counter[str] = Counter()
        self._questions = allowing("questions", self.limits.a_minute_each)

    @asynccontextmanager
    async def passing(self, caller: Caller) -> AsyncIterator[None]:
        """Inside is one answer of this caller, in its place. Raises Refused."""
        is_limited = caller.way != "local"
        if is_limited and self._running_of[caller.session] >= self.limits.at_once_each:
            raise try_again(
                429, "too_many_at_once", "Wait for the answers that you have asked for.", 1
            )
        with _counted(self._running_of, caller.session):
            if is_limited:
                await self._count_question(caller.session)
            yield

    @contextmanager
    def requesting(self, caller: Caller, address: str, *, uploads: bool) -> Iterator[None]:
        """Inside is one request of this caller, whatever it is for. To be had before its body
        is read: who sends a body slowly takes nothing from others. Raises Refused."""
        whose = caller.session or neighbourhood(address)
        most, kind = self.limits.requests_each, "request"
        if uploads:
            most, kind = self.limits.uploads_each, "upload"
        whose = f"{kind} {whose}"
        if caller.way != "local" and self._requests_of[whose] >= most:
            raise try_again(
                429, "too_many_at_once", f"More than {counted(most, kind)} at once. Try again.", 1
            )
        with _counted(self._requests_of, whose):
            yield

    async def _count_question(self, session: str) -> None:
        """In a thread, for what several servers share stands in a database."""
        if wait := await asyncio.to_thread(self._questions.take, session):
            raise try_again(
                429, "too_many_questions", f"Too many questions. Try again in {wait} s.", wait
            )


def _in_this_process(clock: Callable[[], float]) -> Allowing:
    return lambda _, a_minute: Allowance(a_minute, clock)


@contextmanager
def _counted(counts: Counter[str], whose: str) -> Iterator[None]:
    counts[whose] += 1
    try:
        yield
    finally:
        counts[whose] -= 1
        if not counts[whose]:
            del counts[whose]


class SignInGate:
    """Who may try to come in. Good for many threads.

    Guessing costs the address that it comes from. Only what an issuer did sign counts for the
    issuer: nobody else can use that up and so keep its people out.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        allowing: Allowing | None = None,
    ) -> None:
        allowing = allowing or _in_this_process(clock)
        self._wrong = allowing("wrong", limits.wrong_each)
        self._logins = allowing("logins", limits.logins_each)
        self._assertions = allowing("assertions", limits.assertions_each)

    def check(self, address: str) -> None:
        """Raises Refused for an address from which too much was wrong."""
        _pass(self._wrong, neighbourhood(address))

    def was_wrong(self, address: str) -> None:
        """Count something that was wrong."""
        self._wrong.spend(neighbourhood(address))

    def begin_login(self, address: str) -> None:
        """Count a login that begins. Raises Refused."""
        self.check(address)
        _pass(self._logins, whose := neighbourhood(address))
        self._logins.spend(whose)

    def check_issuer(self, issuer: str) -> None:
        """Raises Refused for an issuer that signed too much."""
        _pass(self._assertions, issuer)

    def was_signed(self, issuer: str) -> None:
        """Count what an issuer signed, good or not."""
        self._assertions.spend(issuer)


def _pass(allowance: Spending, whose: str) -> None:
    if wait := allowance.wait(whose):
        raise try_again(429, "too_many_logins", f"Too often. Try again in {wait} s.", wait)
