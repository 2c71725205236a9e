"""How much at once, how often and how large: what is too much is turned away at once.

Nobody waits in a queue for an answer: a caller who is told to come back in a second can do
so, one who waits for a minute cannot know whether anything happens.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.web.callers import Caller
from assistant.web.refusals import try_again

MOST_CALLERS = 10_000
"""Callers whose allowance is remembered; of more, those who were seen longest ago are
forgotten, which gives them a whole allowance again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Answers at once, of everybody and of one caller; questions a minute of one caller;
    bytes of a request and of an uploaded document."""

    at_once: int = 64
    at_once_each: int = 4
    a_minute_each: int = 30
    body: int = 1_000_000
    upload: int = 50_000_000


class Gate:
    """Counts the answers that are being made. For one event loop: it takes no locks.

    The one person on whose computer the index is has no limit but that of the computer.
    """

    def __init__(
        self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._running = 0
        self._running_of: dict[str, int] = {}
        self._allowance: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @contextmanager
    def passing(self, caller: Caller) -> Iterator[None]:
        """Inside is one answer. Raises Refused."""
        if self._running >= self.limits.at_once:
            raise try_again(503, "busy", "Too many questions at once. Try again soon.", 1)
        if caller.way != "local":
            self._check(caller.session)
        self._running += 1
        self._running_of[caller.session] = self._running_of.get(caller.session, 0) + 1
        try:
            yield
        finally:
            self._running -= 1
            self._running_of[caller.session] -= 1
            if not self._running_of[caller.session]:
                del self._running_of[caller.session]

    def _check(self, session: str) -> None:
        if self._running_of.get(session, 0) >= self.limits.at_once_each:
            raise try_again(
                429, "too_many_at_once", "Wait for the answers that you have asked for.", 1
            )
        left = self._left(session)
        if left < 1:
            wait = int((1 - left) * 60 / self.limits.a_minute_each) + 1
            raise try_again(
                429, "too_many_questions", f"Too many questions. Try again in {wait} s.", wait
            )
        self._allowance[session] = (left - 1, self._clock())
        self._allowance.move_to_end(session)
        while len(self._allowance) > MOST_CALLERS:
            self._allowance.popitem(last=False)

    def _left(self, session: str) -> float:
        """Questions that may be asked now: a bucket that fills again within a minute."""
        most = float(self.limits.a_minute_each)
        left, since = self._allowance.get(session, (most, 0.0))
        return min(most, left + (self._clock() - since) * most / 60)
