"""Allowances of several servers, which share their accounts."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable

from assistant.accounts.store import Store

FULL_AGAIN = 60
"""Seconds after which a bucket is full, so that nothing needs to be known of it."""

LEFT_NOW = "LEAST(?, allowances.remaining + GREATEST(0, ? - allowances.since) * ? / 60)"
"""With the most, the time and the most again."""

SPENT = f"""
INSERT INTO allowances VALUES (?, ?, ?, ?) ON CONFLICT (kind, whose)
DO UPDATE SET remaining = GREATEST(0, {LEFT_NOW} - 1), since = excluded.since
"""


class SharedAllowance:
    """The same as `Allowance`, kept with the accounts: what is spent at one server is spent at
    all. Whose it is stands there as a hash."""

    def __init__(
        self, store: Store, kind: str, a_minute: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._kind = kind
        self._most = float(a_minute)
        self._clock = clock

    def wait(self, whose: str) -> int:
        """Seconds until they may, 0 if now."""
        row = self._store.row(
            f"SELECT {LEFT_NOW} FROM allowances WHERE kind = ? AND whose = ?",
            *self._full_at(self._clock()), self._kind, _hash(whose),
        )  # fmt: skip
        left = self._most if row is None else float(row[0])
        return 0 if left >= 1 else math.ceil((1 - left) * 60 / self._most)

    def spend(self, whose: str) -> None:
        """Count one; below nothing it does not go."""
        self._spend(whose, "")

    def take(self, whose: str) -> int:
        """Count one if they may; else seconds until they may. In one statement, so that two
        servers do not give away the same one."""
        now = self._full_at(self._clock())
        may = self._spend(whose, f"WHERE {LEFT_NOW} >= 1", *now)
        return 0 if may else max(1, self.wait(whose))

    def _spend(self, whose: str, only: str, *values: object) -> int:
        now = self._clock()
        self._store.do("DELETE FROM allowances WHERE since < ?", now - FULL_AGAIN)
        return self._store.do(
            SPENT + only,
            self._kind, _hash(whose), max(0.0, self._most - 1), now, *self._full_at(now), *values,
        )  # fmt: skip

    def _full_at(self, now: float) -> tuple[float, float, float]:
        return self._most, now, self._most


def _hash(whose: str) -> bytes:
    return hashlib.sha256(whose.encode()).digest()
