"""Bearers: what a frame shows with each call. Opaque, in memory only, for ten minutes.

A restart forgets them, and the frame asks its portal again. Only their hash is kept, so
that a dump of the memory's tables is no key.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.identity.people import Person

LIFE = 600.0
"""Seconds."""

ENDING = 180.0
"""Seconds for which an answer that was under way may go on once its bearer has expired: as
long as an answer takes at most. The frame has another bearer by then."""

MOST = 100_000
"""At once; more are refused until some have expired."""


class TooMany(Exception):
    """More bearers are alive than can be kept."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer that was given out: `id` names it, in logs too, and is not the secret."""

    id: str
    person: Person
    embed: str
    expires: float


class Bearers:
    """Those that are alive. Good for many threads. The clock is monotonic: setting the
    computer's time back gives nobody more of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._alive: dict[bytes, Bearer] = {}
        self._by_id: dict[str, Bearer] = {}
        self._swept = clock()
        self._lock = threading.Lock()

    def give(self, person: Person, embed: str) -> tuple[str, Bearer]:
        """A new secret of 256 bits, and what it stands for. Raises TooMany."""
        now, secret = self._clock(), secrets.token_urlsafe(32)
        bearer = Bearer(secrets.token_hex(8), person, embed, now + LIFE)
        with self._lock:
            if now - self._swept >= LIFE / 10 or len(self._alive) >= MOST:
                self._drop(lambda each: each.expires + ENDING <= now)
                self._swept = now
            if len(self._alive) >= MOST:
                raise TooMany
            self._alive[_hash(secret)] = self._by_id[bearer.id] = bearer
        return secret, bearer

    def find(self, secret: str) -> Bearer | None:
        """The bearer of this secret, None if there is none or no longer."""
        bearer = self._alive.get(_hash(secret))
        return bearer if bearer and bearer.expires > self._clock() else None

    def is_current(self, id: str) -> bool:
        """May an answer that was begun with it go on? Not a moment after it was revoked."""
        bearer = self._by_id.get(id)
        return bearer is not None and bearer.expires + ENDING > self._clock()

    def end(self, id: str) -> None:
        """Somebody logged out."""
        with self._lock:
            self._drop(lambda each: each.id == id)

    def revoke(self, issuer: str, subject: str) -> int:
        """End every bearer of a person; how many there were."""
        with self._lock:
            return self._drop(
                lambda each: (each.person.issuer, each.person.subject) == (issuer, subject)
            )

    def _drop(self, is_over: Callable[[Bearer], bool]) -> int:
        over = {hashed: bearer for hashed, bearer in self._alive.items() if is_over(bearer)}
        for hashed, bearer in over.items():
            del self._alive[hashed]
            del self._by_id[bearer.id]
        return len(over)


def _hash(secret: str) -> bytes:
    """Without salt: 256 random bits cannot be guessed from a table."""
    return hashlib.sha256(secret.encode()).digest()
