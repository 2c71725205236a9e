"""The file and its tables."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import AccountsUnavailable
from index.stores.database import Database

FILE = "accounts.sqlite3"
FORMAT = "1"

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL, permissions TEXT NOT NULL,
    tenant TEXT NOT NULL, groups TEXT NOT NULL, created REAL NOT NULL, expires REAL,
    used REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS logins (
    hash BLOB PRIMARY KEY, id TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
    tenant TEXT NOT NULL, groups TEXT NOT NULL, name TEXT NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS logins_by_id ON logins (id);
CREATE TABLE IF NOT EXISTS used (
    issuer TEXT NOT NULL, id TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (issuer, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS used_by_time ON used (until);
CREATE TABLE IF NOT EXISTS revoked (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (
    principal TEXT PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL,
    way TEXT NOT NULL, seen REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, principal TEXT NOT NULL, started REAL NOT NULL, changed REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_by_principal ON conversations (principal, changed);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    number INTEGER NOT NULL, asked REAL NOT NULL, question TEXT NOT NULL,
    standalone TEXT NOT NULL, mode TEXT NOT NULL, outcome TEXT NOT NULL, places TEXT NOT NULL,
    PRIMARY KEY (conversation, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS usage (
    day TEXT NOT NULL, principal TEXT NOT NULL, tenant TEXT NOT NULL, outcome TEXT NOT NULL,
    questions INTEGER NOT NULL, PRIMARY KEY (day, principal, tenant, outcome)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unanswered (
    question TEXT NOT NULL, tenant TEXT NOT NULL, times INTEGER NOT NULL, last REAL NOT NULL,
    PRIMARY KEY (tenant, question)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, principal TEXT NOT NULL, tenant TEXT NOT NULL,
    question TEXT NOT NULL, outcome TEXT NOT NULL, verdict TEXT NOT NULL, words TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, principal TEXT NOT NULL, session TEXT NOT NULL,
    deed TEXT NOT NULL, what TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_by_time ON audit (at);
CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is not changed');
END;
CREATE TRIGGER IF NOT EXISTS audit_is_kept BEFORE DELETE ON audit
WHEN OLD.at > CAST(strftime('%s', 'now') AS REAL) - 86400 BEGIN
    SELECT RAISE(ABORT, 'a line of the audit log is kept for a day at least');
END;
"""


class Store(Database):
    """Reads and writes from any thread. The file is for its owner only."""

    def __init__(self, home: Path) -> None:
        super().__init__(home / FILE, self._in_words, self._in_words)
        self._prepare()

    def _prepare(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(0o600, exist_ok=True)
            self._path.chmod(0o600)
        except OSError as error:
            raise self._in_words(str(error)) from error
        self.run(SCHEMA)
        self.do("INSERT OR IGNORE INTO facts VALUES ('format', ?)", FORMAT)
        ((found,),) = self.rows("SELECT value FROM facts WHERE key = 'format'")
        if found != FORMAT:
            raise AccountsUnavailable(
                f"{self._path} has format {found}; this program reads {FORMAT}. Use the version "
                "of On Record that made it."
            )

    def _in_words(self, trouble: str) -> AccountsUnavailable:
        return AccountsUnavailable(
            f"{self._path} cannot be read or written: {trouble}. See that the disk has room "
            "and that the folder is yours, then try again."
        )
