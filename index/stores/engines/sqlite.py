"""One SQLite file: a connection for each thread, transactions, errors in plain words.

The only file that imports sqlite3.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.errors import FULL, READ_ONLY, UNWRITABLE
from index.stores.engines.database import InWords

PRAGMAS = "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"

WAIT = 30
"""Seconds that a writer waits for another one."""

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

UNAVAILABLE: Mapping[int, str] = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. See that it is there, that its folder can be "
    "written to and that both are yours, then try again",
    sqlite3.SQLITE_BUSY: f"another process has been writing to it for {WAIT} seconds. Wait until "
    "it is done, then try again",
    sqlite3.SQLITE_IOERR: "the disk reports an error. See that it has room and is sound, then try "
    "again",
}
"""What is wrong and what to do, by SQLite's code or the kind of error that it belongs to."""

UNSHARED = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
)
"""What SQLite reports where it cannot make the files beside a file, by which it is shared."""

REPLACED = (
    "it was taken away while it was in use, or another file put in its place, so what is written "
    "would be lost. Stop what uses it first"
)

LACKING = ("no such table", "no such column", "Could not decode")
"""How SQLite and Python tell of a file that is sound and not what it was."""

Stamp = tuple[int, int, int, bool]


def make(path: Path, script: str, unavailable: InWords, mode: int = 0o666) -> None:
    """Make a file by this script: whole, or not at all. One that another process made
    meanwhile stays."""
    fresh = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY, mode))
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            connection.executescript(f"PRAGMA journal_mode = WAL; BEGIN; {script} COMMIT;")
        _put_in_place(fresh, path)
    except OSError as error:
        raise unavailable(UNWRITABLE.get(error.errno or 0, str(error))) from error
    except sqlite3.DatabaseError as error:
        raise unavailable(_why(error)) from error
    finally:
        for leftover in path.parent.glob(f"{fresh.name}*"):
            leftover.unlink()


def _put_in_place(fresh: Path, path: Path) -> None:
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        fresh.replace(path)


class SqliteDatabase:
    """A `Database` in a file.

    To open and to read writes nothing. Where no file can be made beside it, as on a read-only
    or full disk, it is read as it stands there, if no log of writes is to be taken in; what
    changes it meanwhile is noticed.
    """

    numbers = names = "json_each(?)"
    is_shared = False

    def __init__(
        self, path: Path, unavailable: InWords, damaged: InWords, pragmas: str = ""
    ) -> None:
        self._path = path
        self._unavailable = unavailable
        self._damaged = damaged
        self._pragmas = PRAGMAS + pragmas
        self._local = threading.local()
        self._file = 0

    def matching(self, column: str, globs: Sequence[str]) -> tuple[str, list[str]]:
        """The condition that a column is like one of these globs, or one of them to the letter,
        and its one value."""
        each = f"{column} GLOB g.value OR {column} = g.value"
        return f"EXISTS (SELECT 1 FROM json_each(?) g WHERE {each})", list(globs)

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a query finds."""
        with self._told():
            found = self._connection.execute(statement, _bound(values)).fetchall()
            return self.rows(statement, *values) if self._has_changed() else found

    def row(self, statement: str, *values: object) -> Any | None:
        """The first of it, None if there is none."""
        return next(iter(self.rows(statement, *values)), None)

    def do(self, statement: str, *values: object) -> int:
        """Change something; how many rows were."""
        with self._told():
            return self._connection.execute(statement, _bound(values)).rowcount

    def add(self, statement: str, *values: object) -> int:
        """Insert a row; its id."""
        with self._told():
            return self._connection.execute(statement, _bound(values)).lastrowid or 0

    def run(self, script: str) -> None:
        """Carry out several statements."""
        with self._told():
            self._connection.executescript(script)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it is kept, or nothing."""
        self.do("BEGIN IMMEDIATE")
        try:
            yield
            self.do("COMMIT")
        except BaseException:
            if self.is_writing:  # SQLite itself ends one when the disk is full
                self.do("ROLLBACK")
            raise

    @property
    def is_writing(self) -> bool:
        """Is this thread inside a transaction, which may be taken back?"""
        connection = self._local.__dict__.get("connection")
        return connection is not None and connection.in_transaction

    def claim(self, _key: str) -> bool:
        """Nobody else writes here: one process holds the writer lock."""
        return True

    def release(self, _key: str) -> None:
        """There is none to tell."""

    def check(self) -> None:
        """Raises the error for damage if SQLite finds fault with the file."""
        ((verdict,),) = self.rows("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise self._damaged(verdict)

    def forget_removed(self) -> None:
        """Leave no trace of what was removed in the log of writes either, unless somebody
        reads at this moment."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def has_log(self) -> bool:
        """Is something written that is not in the file yet?"""
        log = _beside(self._path, "-wal")
        return log.exists() and log.stat().st_size > 0

    def share(self) -> None:
        """Let others read while somebody writes, which a copy that SQLite made may have lost."""
        with self._told():
            self._connection.execute("PRAGMA journal_mode = WAL").fetchall()

    def copy_to(self, path: Path) -> None:
        """Make a file, for the same people, of all that is in this one at one moment. Others go
        on to read and write."""
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, self._path.stat().st_mode & 0o777))
        with self._told(), closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)

    def close(self) -> None:
        """Close this thread's connection."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._file and self._file != self._inode():
            raise self._damaged(REPLACED)
        if self._has_changed():
            self.close()
        connection: sqlite3.Connection | None = self._local.__dict__.get("connection")
        if connection is None:
            self._local.stamp = None
            connection = self._local.connection = self._opened()
            self._file = self._file or self._inode()
        return connection

    def _inode(self) -> int:
        """Which file it is, 0 if there is none."""
        try:
            return self._path.stat().st_ino
        except OSError:
            return 0

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connect("mode=rw")
        except sqlite3.OperationalError as error:
            log = _beside(self._path, "-wal")
            if _kind(error) not in UNSHARED or (log.exists() and log.stat().st_size):
                raise
            self._local.stamp = self._stamp()
            return self._connect("mode=ro&immutable=1")

    def _connect(self, how: str) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?{how}"
        connection = sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)
        try:
            connection.executescript(self._pragmas)
            connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _has_changed(self) -> bool:
        """Was it read as it stood, and is it another now?"""
        stamp = self._local.__dict__.get("stamp")
        return stamp is not None and stamp != self._stamp()

    def _stamp(self) -> Stamp | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        log = _beside(self._path, "-wal")
        is_logged = log.exists() and log.stat().st_size > 0
        return status.st_ino, status.st_mtime_ns, status.st_size, is_logged

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._in_words(error) from error

    def _in_words(self, error: sqlite3.DatabaseError) -> Exception:
        if _kind(error) in DAMAGED or str(error).startswith(LACKING):
            is_empty = self._path.exists() and not self._path.stat().st_size
            return self._damaged("it is empty" if is_empty else str(error))
        return self._unavailable(_why(error))


def _bound(values: Sequence[object]) -> list[object]:
    """Values as SQLite takes them: a list as JSON."""
    return [json.dumps(value) if isinstance(value, list) else value for value in values]


def _why(error: sqlite3.DatabaseError) -> str:
    """It is unavailable, and what to do."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return UNAVAILABLE.get(code) or UNAVAILABLE.get(_kind(error), str(error))


def _kind(error: sqlite3.Error) -> int:
    """SQLite's code without what it adds to it."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
