"""People who are signed in to the page. The browser holds a secret, here is its hash."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.accounts.store import Store
from assistant.identity.people import Person

LIFE = 8 * 3600.0
"""Seconds: a working day. Then the organisation's login is asked again."""


@dataclass(frozen=True, slots=True)
class Login:
    """A person who is signed in; `id` names the login and is not the secret."""

    id: str
    person: Person


class Logins:
    """The logins of a server."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def start(self, person: Person) -> tuple[str, str]:
        """(a new secret for the browser of somebody who signed in, the login's id)."""
        secret, id = secrets.token_urlsafe(32), secrets.token_hex(8)
        self._store.do("DELETE FROM logins WHERE expires <= ?", self._clock())
        self._store.do(
            "INSERT INTO logins VALUES (?,?,?,?,?,?,?,?)",
            _hash(secret), id, person.issuer, person.subject, person.tenant,
            json.dumps(sorted(person.groups)), person.name, self._clock() + LIFE,
        )  # fmt: skip
        return secret, id

    def find(self, secret: str) -> Login | None:
        """Whose secret it is, None if nobody's or no longer."""
        row = self._store.row(
            "SELECT id, issuer, subject, tenant, groups, name FROM logins "
            "WHERE hash = ? AND expires > ?",
            _hash(secret),
            self._clock(),
        )
        if row is None:
            return None
        id, issuer, subject, tenant, groups, name = row
        return Login(id, Person(issuer, subject, tenant, frozenset(json.loads(groups)), name))

    def is_current(self, id: str) -> bool:
        """Is the login of this id neither ended nor expired?"""
        found = self._store.row(
            "SELECT 1 FROM logins WHERE id = ? AND expires > ?", id, self._clock()
        )
        return found is not None

    def end(self, id: str) -> None:
        """Somebody signed out."""
        self._store.do("DELETE FROM logins WHERE id = ?", id)

    def revoke(self, issuer: str, subject: str) -> int:
        """End every login of a person; how many there were."""
        return self._store.do(
            "DELETE FROM logins WHERE issuer = ? AND subject = ?", issuer, subject
        )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
