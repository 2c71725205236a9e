"""Bearers that are good at each of several servers, which share their accounts."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from assistant.accounts.store import Store
from assistant.identity.bearers import ENDING, LIFE, MOST, Bearer, TooMany
from assistant.identity.people import Person

COLUMNS = "id, issuer, subject, tenant, groups, name, embed, expires"


class SharedBearers:
    """The same as `Bearers`, kept with the accounts. Times are seconds since 1970: clocks of
    servers differ by less than a bearer's life."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def give(self, person: Person, embed: str) -> tuple[str, Bearer]:
        """A new secret of 256 bits, and what it stands for. Raises TooMany."""
        now, secret = self._clock(), secrets.token_urlsafe(32)
        bearer = Bearer(secrets.token_hex(8), person, embed, now + LIFE)
        self._store.do("DELETE FROM bearers WHERE expires <= ?", now - ENDING)
        ((alive,),) = self._store.rows("SELECT COUNT(*) FROM bearers")
        if alive >= MOST:
            raise TooMany
        self._store.do(
            "INSERT INTO bearers VALUES (?,?,?,?,?,?,?,?,?)",
            _hash(secret), bearer.id, person.issuer, person.subject, person.tenant,
            json.dumps(sorted(person.groups)), person.name, embed, bearer.expires,
        )  # fmt: skip
        return secret, bearer

    def find(self, secret: str) -> Bearer | None:
        """The bearer of this secret, None if there is none or no longer."""
        row = self._store.row(
            f"SELECT {COLUMNS} FROM bearers WHERE hash = ? AND expires > ?",
            _hash(secret),
            self._clock(),
        )
        return None if row is None else _bearer(row)

    def is_current(self, id: str) -> bool:
        """May an answer that was begun with it go on? Not a moment after it was revoked."""
        found = "SELECT 1 FROM bearers WHERE id = ? AND expires > ?"
        return self._store.row(found, id, self._clock() - ENDING) is not None

    def end(self, id: str) -> None:
        """Somebody logged out."""
        self._store.do("DELETE FROM bearers WHERE id = ?", id)

    def revoke(self, issuer: str, subject: str) -> int:
        """End every bearer of a person; how many there were."""
        return self._store.do(
            "DELETE FROM bearers WHERE issuer = ? AND subject = ?", issuer, subject
        )


def _bearer(row: Sequence[Any]) -> Bearer:
    id, issuer, subject, tenant, groups, name, embed, expires = row
    person = Person(issuer, subject, tenant, frozenset(json.loads(groups)), name)
    return Bearer(id, person, embed, expires)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
