"""How often: buckets that fill again as time goes by. Nobody waits in them."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

MOST_REMEMBERED = 10_000
"""Who was seen longest ago is forgotten beyond so many: they have a whole bucket again."""


class Spending(Protocol):
    """So many times a minute for each of many. Good for many threads."""

    def wait(self, whose: str) -> int:
        """Seconds until they may, 0 if now."""

    def spend(self, whose: str) -> None:
        """Count one; below nothing it does not go."""

    def take(self, whose: str) -> int:
        """Count one if they may; else seconds until they may."""


Allowing = Callable[[str, int], Spending]
"""Makes the one of a kind, with so many a minute."""


class Allowance:
    """`Spending`, in this process."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(a_minute)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.RLock()

    def wait(self, whose: str) -> int:
        """As `Spending`."""
        with self._lock:
            left = self._now_left(whose)
        return 0 if left >= 1 else math.ceil((1 - left) * 60 / self._most)

    def take(self, whose: str) -> int:
        """As `Spending`."""
        with self._lock:
            if wait := self.wait(whose):
                return wait
            self.spend(whose)
        return 0

    def spend(self, whose: str) -> None:
        """As `Spending`."""
        with self._lock:
            self._left[whose] = (max(0.0, self._now_left(whose) - 1), self._clock())
            self._left.move_to_end(whose)
            while len(self._left) > MOST_REMEMBERED:
                self._left.popitem(last=False)

    def _now_left(self, whose: str) -> float:
        left, since = self._left.get(whose, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - since) * self._most / 60)


def neighbourhood(address: str) -> str:
    """Whose address it is: one of IPv4, the 64 bits of a network of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
