"""What portals said about people and may not count again.

It is kept on disk, not in memory: a restart must not make an assertion good a second
time, nor undo that somebody was logged out.
"""

from __future__ import annotations

from assistant.accounts.store import NOTED, Store

REVOKED_FOR = 3_600.0
"""Seconds for which a revocation is remembered: no assertion lives for longer than minutes."""


FORGOTTEN = "used_forgotten_until"


class Vouched:
    """An `assistant.identity.assertions.Memory`. Times are seconds since 1970."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def use(self, issuer: str, id: str, until: float, now: float) -> bool:
        """Note that an assertion was used; False if it was used before."""
        with self._store.writing():
            ((forgotten,),) = self._store.rows("SELECT max(until) FROM used WHERE until <= ?", now)
            if forgotten is not None:
                latest = max(forgotten, self.forgotten_until())
                self._store.do(NOTED, FORGOTTEN, str(latest))
                self._store.do("DELETE FROM used WHERE until <= ?", now)
            used = "INSERT INTO used VALUES (?,?,?) ON CONFLICT DO NOTHING"
            return bool(self._store.do(used, issuer, id, until))

    def forgotten_until(self) -> float:
        """What was good up to then may have been used, and that be forgotten."""
        row = self._store.row("SELECT value FROM facts WHERE key = ?", FORGOTTEN)
        return float(row[0]) if row else 0.0

    def revoke(self, issuer: str, subject: str, at: float) -> None:
        """Note that what was signed about a person up to then is void."""
        with self._store.writing():
            self._store.do("DELETE FROM revoked WHERE at <= ?", at - REVOKED_FOR)
            self._store.do(
                "INSERT INTO revoked VALUES (?,?,?) "
                "ON CONFLICT (issuer, subject) DO UPDATE SET at = excluded.at",
                issuer, subject, at,
            )  # fmt: skip

    def revoked_at(self, issuer: str, subject: str) -> float:
        """Up to when it is; 0 for never."""
        row = self._store.row(
            "SELECT at FROM revoked WHERE issuer = ? AND subject = ?", issuer, subject
        )
        return float(row[0]) if row else 0.0
