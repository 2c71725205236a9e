"""The tables, and where they are: in a file or in PostgreSQL."""

from __future__ import annotations

import zlib
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AccountsDamaged, AccountsUnavailable
from index.errors import UNWRITABLE
from index.stores.engines.database import Database, Where, called, on_a_server
from index.stores.engines.sqlite import SqliteDatabase, make

if TYPE_CHECKING:
    from index.stores.engines.postgres import PostgresDatabase

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
CREATE TABLE IF NOT EXISTS titles (
    conversation TEXT PRIMARY KEY REFERENCES conversations ON DELETE CASCADE, title TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outlines (
    conversation TEXT NOT NULL, number INTEGER NOT NULL, outline TEXT NOT NULL,
    PRIMARY KEY (conversation, number),
    FOREIGN KEY (conversation, number) REFERENCES turns ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS opinions (
    conversation TEXT NOT NULL, number INTEGER NOT NULL, verdict TEXT NOT NULL,
    PRIMARY KEY (conversation, number),
    FOREIGN KEY (conversation, number) REFERENCES turns ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shares (
    id TEXT PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    tenant TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shares_by_conversation ON shares (conversation);
CREATE TABLE IF NOT EXISTS preferences (
    principal TEXT PRIMARY KEY, chosen TEXT NOT NULL
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
"""

IN_A_FILE = """
CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is not changed');
END;
CREATE TRIGGER IF NOT EXISTS audit_is_kept BEFORE DELETE ON audit
WHEN OLD.at > CAST(strftime('%s', 'now') AS REAL) - 86400 BEGIN
    SELECT RAISE(ABORT, 'a line of the audit log is kept for a day at least');
END;
"""


ON_A_SERVER = """
CREATE TABLE IF NOT EXISTS bearers (
    hash BLOB PRIMARY KEY, id TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
    tenant TEXT NOT NULL, groups TEXT NOT NULL, name TEXT NOT NULL, embed TEXT NOT NULL,
    expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bearers_by_id ON bearers (id);
CREATE INDEX IF NOT EXISTS bearers_by_time ON bearers (expires);
CREATE TABLE IF NOT EXISTS under_way (
    browser BLOB PRIMARY KEY, state TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL,
    next TEXT NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS allowances (
    kind TEXT NOT NULL, whose BLOB NOT NULL, remaining REAL NOT NULL, since REAL NOT NULL,
    PRIMARY KEY (kind, whose)
) WITHOUT ROWID;
CREATE OR REPLACE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'the audit log is not changed';
    ELSIF OLD.at > EXTRACT(EPOCH FROM now()) - 86400 THEN
        RAISE EXCEPTION 'a line of the audit log is kept for a day at least';
    END IF;
    RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
"""
"""The same of the audit log in PostgreSQL, and what several servers share."""

NOTED = "INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
"""Writes a fact over an earlier one."""


class Store:
    """Reads and writes from any thread, in PostgreSQL at the address `database` or else in a file
    of the home, which is for its owner only.

    It is made if there is none. Raises AccountsUnavailable, AccountsDamaged.
    """

    def __init__(self, home: Path, database: str = "") -> None:
        self._home = home
        self._where: Where = database or home / FILE
        self._sound: tuple[int, ...] = ()
        self._file = None if database else _file(home)
        self._db: Database = self._file or _on_a_server(database)
        self.names = self._db.names
        self._check_format()

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a query finds."""
        return self._db.rows(statement, *values)

    def row(self, statement: str, *values: object) -> Any | None:
        """The first of it, None if there is none."""
        return self._db.row(statement, *values)

    def do(self, statement: str, *values: object) -> int:
        """Change something; how many rows were."""
        return self._db.do(statement, *values)

    def writing(self) -> AbstractContextManager[None]:
        """One transaction: all of it is kept, or nothing."""
        return self._db.writing()

    def copy_to(self, path: Path) -> None:
        """Make a file of all that is in it at one moment."""
        self._db.copy_to(path)

    def close(self) -> None:
        """Let go of what this thread needs no more."""
        self._db.close()

    def check(self) -> None:
        """Raises AccountsDamaged if what is kept is damaged."""
        self._db.check()

    def check_as_kept(self) -> None:
        """Raises AccountsDamaged if the file is gone, another one or damaged, whatever of it this
        process remembers. One that was found sound is not read again until it is written to."""
        self._check_format()
        if self._file is None:
            return
        state = (self._home / FILE).stat()
        stamp = (state.st_ino, state.st_size, state.st_mtime_ns)
        if stamp != self._sound:
            anew = Store(self._home)
            anew.check()
            anew.close()
            self._sound = stamp

    def _check_format(self) -> None:
        found = self.row("SELECT value FROM facts WHERE key = 'format'")
        if found is None:
            raise _damaged(self._where, "it lacks its facts")
        if found[0] != FORMAT:
            raise AccountsUnavailable(
                f"{called(self._where)} has format {found[0]}; this program reads {FORMAT}. Use "
                "the version of On Record that made it."
            )


def _file(home: Path) -> SqliteDatabase:
    path = home / FILE
    file = SqliteDatabase(path, partial(_unavailable, path), partial(_damaged, path))
    if not was_made(home):
        _make(path)
    elif file.row("SELECT value FROM facts WHERE key = 'format'") == (FORMAT,):
        file.run(SCHEMA + IN_A_FILE)  # the tables that came with a later version
    return file


def _on_a_server(address: str) -> PostgresDatabase:
    server = on_a_server(
        address, "onrecord_accounts", partial(_unavailable, address), partial(_damaged, address)
    )
    declared = SCHEMA + ON_A_SERVER
    server.make(f"{declared}INSERT INTO facts VALUES ('format', '{FORMAT}');")
    known = str(zlib.crc32(declared.encode()))
    if server.row("SELECT value FROM facts WHERE key = 'tables'") != (known,):
        with server.writing():
            server.run(declared)  # the tables that came with a later version
            server.do(NOTED, "tables", known)
    return server


def was_made(home: Path) -> bool:
    """Are there accounts? Raises AccountsDamaged if there are none any more."""
    path = home / FILE
    log = path.with_name(f"{FILE}-wal")
    if not path.exists() and log.exists() and log.stat().st_size:
        raise _damaged(
            path, f"the file is gone, and {log.name}, which belongs to it, is still there"
        )
    return path.exists()


def _make(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unavailable(path, UNWRITABLE.get(error.errno or 0, str(error))) from error
    script = f"{SCHEMA}{IN_A_FILE} INSERT INTO facts VALUES ('format', '{FORMAT}');"
    make(path, script, partial(_unavailable, path), mode=0o600)


def _unavailable(where: Where, trouble: str) -> AccountsUnavailable:
    return AccountsUnavailable(f"The accounts in {called(where)} cannot be used: {trouble}.")


def _damaged(where: Where, trouble: str) -> AccountsDamaged:
    if not isinstance(where, Path):
        return AccountsDamaged(
            f"The accounts in {called(where)} are damaged: {trouble}. Restore a backup of the "
            "database with PostgreSQL’s own tools."
        )
    path = where
    return AccountsDamaged(
        f"The accounts in {path} are damaged: {trouble}. Put a backup of this file in its place "
        f"and take away {path.name}-wal and {path.name}-shm. Without a backup move all three to "
        "another folder: new accounts are made at the next start. The index stays as it is, keys "
        "have to be made again, people sign in again, and what was noted until then is in the "
        "damaged file only."
    )
