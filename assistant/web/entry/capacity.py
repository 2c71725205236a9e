"""The answers that a server can make at once, shared out among those who come.

Who gets none is told first: in a rush answers are begun when it is over, half a second later at
most. Until then it is not known who waits, and one caller could hold every place: so a place
in which somebody waits is given to whoever has fewer of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from assistant.web.entry.allowances import MOST_REMEMBERED, neighbourhood
from assistant.web.entry.refusals import try_again

RUSH = 16
RUSH_WITHIN = 0.05
"""So many questions in so many seconds are a rush. To begin one answer takes as long as to
turn thirty callers away."""

LONGEST_RUSH = 0.5
"""Seconds that answers wait at most. By tests.benchmarks.load, two processors, a thousand
callers at once: the 936 who get no answer are told in .13 to .2 s at p95."""


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody of whom only that is known: what they show, which need not be good, and their
    address."""

    shown: bytes
    address: str

    @classmethod
    def showing(cls, secret: str, address: str) -> Comer:
        """The secret itself is not kept."""
        return cls(hashlib.sha256(secret.encode()).digest(), neighbourhood(address))


class AnswerPlace:
    """One of the answers. `groups` are those who have it in common: who shows the same, and,
    while that has not been found good, the whole address."""

    def __init__(self, places: Places, groups: tuple[Hashable, ...]) -> None:
        self._places, self.groups = places, groups

    def leave(self) -> None:
        """Leave it to others, if it is held."""
        self._places.leave(self)

    def begin(self) -> None:
        """Hold it until it is left: an answer is made. Raises Refused if somebody else has
        it, and there is no other."""
        self._places.begin(self)


class Places:
    """Who holds which. For one event loop: it takes no locks."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._begun: dict[AnswerPlace, bool] = {}
        self._waiting: Counter[Hashable] = Counter()
        self._good: OrderedDict[bytes, None] = OrderedDict()
        self._arrived: deque[float] = deque(maxlen=RUSH)

    @asynccontextmanager
    async def hold(self, comer: Comer) -> AsyncIterator[AnswerPlace]:
        """Inside one is held, which others may take until it is begun. To be had before it is
        known who comes, for to find that out takes longer than to say no; in a rush it is had
        when the others have been told. Raises Refused."""
        self._arrived.append(self._clock())
        is_good = comer.shown in self._good
        place = AnswerPlace(self, (comer.shown,) if is_good else (comer, comer.address))
        self._wait(place)
        try:
            await self._calm()
            if place not in self._begun:
                self._wait(place)
            yield place
        finally:
            self.leave(place)

    def recognise(self, comer: Comer) -> None:
        """What they show is good: from now on their address does not count."""
        self._good[comer.shown] = None
        self._good.move_to_end(comer.shown)
        while len(self._good) > MOST_REMEMBERED:
            self._good.popitem(last=False)

    def leave(self, place: AnswerPlace) -> None:
        """Leave it to others, if it is held."""
        if self._begun.pop(place, None) is False:
            self._waiting.subtract(place.groups)
            self._waiting = +self._waiting

    def begin(self, place: AnswerPlace) -> None:
        """Nobody else may have it any more. Raises Refused."""
        if place not in self._begun:
            self._wait(place)
        self.leave(place)
        self._begun[place] = True

    def _wait(self, place: AnswerPlace) -> None:
        """Raises Refused if all are taken, by nobody who has more of them."""
        if len(self._begun) >= self.most:
            waiting = [each for each, begun in self._begun.items() if not begun]
            greediest = max(reversed(waiting), key=self._crowd, default=None)
            mine = [many + 1 for many in self._crowd(place)]
            if greediest is None or self._crowd(greediest) <= mine:
                raise try_again(503, "busy", "Too many questions at once. Try again soon.", 1)
            self.leave(greediest)
        self._begun[place] = False
        self._waiting.update(place.groups)

    def _crowd(self, place: AnswerPlace) -> list[int]:
        """How many of each of its groups wait."""
        return [self._waiting[group] for group in place.groups]

    async def _calm(self) -> None:
        await asyncio.sleep(0)  # who came at the same moment is seen first
        until = self._clock() + LONGEST_RUSH
        while (left := min(self._rush_ends(), until) - self._clock()) > 0:
            await asyncio.sleep(left)

    def _rush_ends(self) -> float:
        """When the rush will be over if nobody else comes; in the past if there is none."""
        return self._arrived[0] + RUSH_WITHIN if len(self._arrived) == RUSH else 0.0
