"""API keys: for servers, evaluation and other programs. `ork_<id>_<secret>`.

The secret has 256 random bits, so its SHA-256 is kept: a slow hash protects what people
make up, and would cost every call some tenths of a second.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.accounts.store import Store
from assistant.errors import AccountsUnavailable, WrongUse
from index.documents import Principal

PREFIX = "ork_"
DAY = 86_400.0

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
GROUP = re.compile(r"group:[^|\s]+\|.+")

USED_NOTED = 60.0
"""Seconds between two notes of when a key was used."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret. Times are seconds since 1970; None: never."""

    id: str
    name: str
    permissions: frozenset[str]
    tenant: str
    groups: frozenset[str]
    created: float
    expires: float | None
    used: float | None

    @property
    def principal(self) -> Principal:
        """Whom the key stands for: a program of its own, never a person."""
        return Principal(f"key:{self.name}", self.tenant, self.groups)

    def to_dict(self) -> dict[str, object]:
        """As programs see it."""
        return {
            "id": self.id,
            "name": self.name,
            "permissions": sorted(self.permissions),
            "tenant": self.tenant,
            "groups": sorted(self.groups),
            "created": self.created,
            "expires": self.expires,
            "used": self.used,
        }


class Keys:
    """The keys of a server."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def add(
        self,
        name: str,
        permissions: Iterable[str],
        tenant: str = "",
        groups: Iterable[str] = (),
        days: float | None = None,
    ) -> str:
        """A new key in full, which cannot be shown again.

        `groups` are what documents are shared with: "group:<issuer>|<name>". Raises WrongUse
        for a name that has a key already or cannot be one, and for what is no group: a key
        stands for nobody but itself.
        """
        _check(name, groups := sorted(groups))
        if any(key.name == name for key in self.all()):
            raise WrongUse(
                f"There is a key called {name} already. Exchange it with: "
                f"onrecord keys rotate {name}"
            )
        expires = None if days is None else self._clock() + days * DAY
        return self._insert(name, sorted(permissions), tenant, groups, expires)

    def rotate(self, name: str, overlap_hours: float = 24) -> str:
        """A new key in place of the newest one of this name, which stays good for so long.
        Raises WrongUse if there is none."""
        old = self._newest(name)
        until = self._clock() + overlap_hours * 3600
        until = min(until, old.expires) if old.expires else until
        with self._store.writing():
            self._store.do("UPDATE keys SET expires = ? WHERE id = ?", until, old.id)
            return self._insert(
                name, sorted(old.permissions), old.tenant, sorted(old.groups), old.expires
            )

    def revoke(self, name: str) -> int:
        """End every key of this name; how many were good. Raises WrongUse for none."""
        self._newest(name)
        good = sum(key.name == name for key in self.all())
        self._store.do("DELETE FROM keys WHERE name = ?", name)
        return good

    def all(self) -> Sequence[Key]:
        """Those that have not expired, by name, newest first."""
        rows = self._store.rows(
            "SELECT id, name, permissions, tenant, groups, created, expires, used FROM keys "
            "WHERE expires IS NULL OR expires > ? ORDER BY name, created DESC",
            self._clock(),
        )
        return [_key(row) for row in rows]

    def find(self, shown: str) -> Key | None:
        """The key that somebody shows, None if it is not one or no longer."""
        id, _, secret = shown.removeprefix(PREFIX).partition("_")
        row = self._store.row(
            "SELECT id, name, permissions, tenant, groups, created, expires, used, hash "
            "FROM keys WHERE id = ?",
            id,
        )
        if row is None or not hmac.compare_digest(row[-1], _hash(secret)):
            return None
        key = _key(row[:-1])
        if key.expires is not None and key.expires <= self._clock():
            return None
        if self._clock() - (key.used or 0) > USED_NOTED:
            with suppress(AccountsUnavailable):  # on a full disk a key is as good as ever
                self._store.do("UPDATE keys SET used = ? WHERE id = ?", self._clock(), key.id)
        return key

    def is_current(self, id: str) -> bool:
        """Is the key of this id neither revoked nor expired?"""
        found = self._store.row(
            "SELECT 1 FROM keys WHERE id = ? AND (expires IS NULL OR expires > ?)",
            id,
            self._clock(),
        )
        return found is not None

    def _newest(self, name: str) -> Key:
        found = next((key for key in self.all() if key.name == name), None)
        if found is None:
            known = ", ".join(sorted({key.name for key in self.all()})) or "none"
            raise WrongUse(f"There is no key called {name}. There are: {known}.")
        return found

    def _insert(
        self,
        name: str,
        permissions: Sequence[str],
        tenant: str,
        groups: Sequence[str],
        expires: float | None,
    ) -> str:
        id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        self._store.do(
            "INSERT INTO keys VALUES (?,?,?,?,?,?,?,?,NULL)",
            id, name, _hash(secret), json.dumps(permissions), tenant, json.dumps(groups),
            self._clock(), expires,
        )  # fmt: skip
        return f"{PREFIX}{id}_{secret}"


def keys_to_terminal(keys: Sequence[Key]) -> str:
    """A table for people."""
    if not keys:
        return "There are no keys. Make one: onrecord keys add NAME --permission ask"
    heads = ("NAME", "KEY", "MAY", "READS AS", "EXPIRES", "LAST USED")
    rows = [heads, *(_row(key) for key in keys)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def _row(key: Key) -> tuple[str, ...]:
    reads_as = [f"tenant:{key.tenant}"] if key.tenant else []
    return (
        key.name,
        f"{PREFIX}{key.id}_…",
        ",".join(sorted(key.permissions)),
        " ".join([*reads_as, *sorted(key.groups)]) or "itself",
        _day(key.expires),
        _day(key.used),
    )


def _day(at: float | None) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d") if at else "never"


def _check(name: str, groups: Iterable[str]) -> None:
    if not NAME.fullmatch(name):
        raise WrongUse(
            f"A key cannot be called {name!r}. Use up to 64 letters, digits, dots, dashes and "
            "underscores."
        )
    wrong = [group for group in groups if not GROUP.fullmatch(group)]
    if wrong:
        raise WrongUse(
            f"{wrong[0]!r} is no group. Groups are written as documents are shared with them: "
            "group:https://portal.example|editors"
        )


def _key(row: Sequence[object]) -> Key:
    id, name, permissions, tenant, groups, created, expires, used = row
    return Key(
        str(id),
        str(name),
        frozenset(json.loads(str(permissions))),
        str(tenant),
        frozenset(json.loads(str(groups))),
        float(str(created)),
        None if expires is None else float(str(expires)),
        None if used is None else float(str(used)),
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
