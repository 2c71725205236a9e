"""A database as the catalog and the accounts use it, and where it is: in a file or on a server.

Statements are written once, in what SQLite and PostgreSQL have in common: `?` stands for a value,
`?1` for the first one wherever it stands; CROSS JOIN … ON for a join that SQLite takes in the
order as written. Where the two differ, the database says its own part of a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from index.stores.engines.postgres import PostgresDatabase

Where = Path | str
"""A file of SQLite, or the address of a database of PostgreSQL: postgresql://…"""

InWords = Callable[[str], Exception]
"""The error to raise, of what is wrong; for what is unavailable also what to do."""


class Database(Protocol):
    """Reads from any thread. Writers wait for each other, half a minute at most."""

    numbers: str
    """A list of numbers, which is one value, as a table with the columns `value` and `key`, which
    counts them."""

    names: str
    """The same of texts."""

    def matching(self, column: str, globs: Sequence[str]) -> tuple[str, list[str]]:
        """The condition that a column is like one of these globs, or one of them to the letter,
        and its one value."""

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a query finds."""

    def row(self, statement: str, *values: object) -> Any | None:
        """The first of it, None if there is none."""

    def do(self, statement: str, *values: object) -> int:
        """Change something; how many rows were."""

    def add(self, statement: str, *values: object) -> int:
        """Insert a row; its id."""

    def writing(self) -> AbstractContextManager[None]:
        """One transaction: all of it is kept, or nothing."""

    @property
    def is_writing(self) -> bool:
        """Is this thread inside a transaction, which may be taken back?"""

    is_shared: bool
    """May other processes write to it at the same time?"""

    def claim(self, key: str) -> bool:
        """Has nobody else claimed this? Then it is the caller's, until it is released or this
        process ends."""

    def release(self, key: str) -> None:
        """Others may claim it."""

    def check(self) -> None:
        """Raises the error for damage if the engine finds fault with what it keeps."""

    def forget_removed(self) -> None:
        """Leave no trace of what was removed, as far as the engine lets one."""

    def copy_to(self, path: Path) -> None:
        """Make a file of all that is in it at one moment."""

    def close(self) -> None:
        """Let go of what this thread needs no more."""


def on_a_server(
    address: str, schema: str, unavailable: InWords, damaged: InWords
) -> PostgresDatabase:
    """The tables of one schema there."""
    try:
        from index.stores.engines.postgres import PostgresDatabase
    except ModuleNotFoundError as error:
        raise unavailable(
            f"{error.name} is not installed. Install it: pip install 'onrecord[postgres]'"
        ) from error
    return PostgresDatabase(address, schema, unavailable, damaged)


def called(where: Where) -> str:
    """How people know it; never with its password."""
    if isinstance(where, Path):
        return str(where)
    parts = urlsplit(where)
    return f"PostgreSQL ({parts.hostname or 'local'}{parts.path})"
