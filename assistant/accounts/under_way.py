"""Logins that begin at one server and may end at another, which share their accounts."""

from __future__ import annotations

import hashlib

from assistant.accounts.store import Store
from assistant.identity.logging_in import MOST_UNDER_WAY, UnderWay


class SharedUnderWay:
    """`UnderWays`, kept with the accounts. The secret of the browser's cookie is kept as its
    hash."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, browser: str, begun: UnderWay, now: float) -> bool:
        """Is there room for one more? Then it is kept."""
        self._store.do("DELETE FROM under_way WHERE expires <= ?", now)
        ((count,),) = self._store.rows("SELECT COUNT(*) FROM under_way")
        if count >= MOST_UNDER_WAY:
            return False
        self._store.do(
            "INSERT INTO under_way VALUES (?,?,?,?,?,?)",
            _hash(browser), begun.state, begun.nonce, begun.verifier, begun.next, begun.expires,
        )  # fmt: skip
        return True

    def take(self, browser: str, state: str) -> UnderWay | None:
        """The one of this browser and this state, for good: whoever removes it has it."""
        with self._store.writing():
            row = self._store.row(
                "SELECT state, nonce, verifier, next, expires FROM under_way "
                "WHERE browser = ? AND state = ?",
                _hash(browser), state,
            )  # fmt: skip
            self._store.do(
                "DELETE FROM under_way WHERE browser = ? AND state = ?", _hash(browser), state
            )
        return None if row is None else UnderWay(*row)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
