"""One SQLite file: a connection for each thread, transactions, errors in plain words.

The only file that imports sqlite3.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

InWords = Callable[[str], Exception]
"""The error to raise, of what SQLite says."""

PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"


class Database:
    """Reads from any thread. Writers wait for each other, half a minute at most."""

    def __init__(
        self, path: Path, unavailable: InWords, damaged: InWords, pragmas: str = ""
    ) -> None:
        self._path = path
        self._unavailable = unavailable
        self._damaged = damaged
        self._pragmas = PRAGMAS + pragmas
        self._local = threading.local()

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a query finds."""
        with self._told():
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: object) -> Any | None:
        """The first of it, None if there is none."""
        return next(iter(self.rows(statement, *values)), None)

    def do(self, statement: str, *values: object) -> int:
        """Change something; how many rows were."""
        with self._told():
            return self._connection.execute(statement, values).rowcount

    def add(self, statement: str, *values: object) -> int:
        """Insert a row; its id."""
        with self._told():
            return self._connection.execute(statement, values).lastrowid or 0

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
        return self._connection.in_transaction

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            del self._local.connection

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            connection.executescript(self._pragmas)
            self._local.connection = connection
        return connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise self._unavailable(str(error)) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error
