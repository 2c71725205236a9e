"""The catalog's tables, its facts, and what is said when it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.errors import CatalogDamaged, CatalogOutdated, CatalogUnavailable
from index.stores.engines.database import Database, Where, called, on_a_server
from index.stores.engines.sqlite import SqliteDatabase, make
from index.stores.sealing import Seal

if TYPE_CHECKING:
    from index.stores.engines.postgres import PostgresDatabase

FORMAT = "9"
"""The format of the tables below; a catalog of another format is refused, not guessed at."""

STATEMENTS = """
CREATE TABLE statements (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    passage_id INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE,
    speaker TEXT, printed TEXT NOT NULL, printed_start INTEGER NOT NULL,
    cue_start INTEGER, cue_end INTEGER, found_by TEXT NOT NULL, content BLOB NOT NULL,
    text TEXT NOT NULL, speech TEXT NOT NULL, negated INTEGER NOT NULL,
    hedged INTEGER NOT NULL, reported_by TEXT, contradiction TEXT NOT NULL, vector BLOB NOT NULL,
    occasion TEXT NOT NULL DEFAULT ''
);
CREATE INDEX statements_by_speaker ON statements (speaker, document_id);
CREATE INDEX statements_by_document ON statements (document_id);
CREATE INDEX statements_by_passage ON statements (passage_id);
"""

EARLIER_COLUMNS = (
    "id, document_id, passage_id, speaker, printed, printed_start, cue_start, cue_end, content, "
    "text, speech, negated, hedged, reported_by, contradiction, vector"
)
"""The columns of a statement, when each was found by a cue."""

DIGESTS = """
CREATE TABLE digests (
    document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    text BLOB NOT NULL, made BLOB NOT NULL
) WITHOUT ROWID;
"""

INDEXED = """
CREATE TABLE indexed (
    document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE, at INTEGER NOT NULL
) WITHOUT ROWID;
"""

CHANGES = """
CREATE TABLE changes (
    passage_id INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
    words INTEGER NOT NULL, vectors INTEGER NOT NULL
);
CREATE INDEX changes_of_words ON changes (words);
CREATE INDEX changes_of_vectors ON changes (vectors);
CREATE TABLE removals (passage_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
CREATE INDEX removals_by_revision ON removals (revision);
"""
"""The revision of the catalog in which each passage changed last for the store of this name, or
was removed. Each such store follows from the revision that it has seen."""

WITH_CHANGES = (
    *CHANGES.split(";")[:-1],
    "INSERT INTO facts VALUES ('revision', '0') ON CONFLICT DO NOTHING",
    "INSERT INTO facts SELECT 'words_revision', value FROM facts WHERE key = 'revision'",
    "INSERT INTO facts SELECT 'vectors_revision', value FROM facts WHERE key = 'revision'",
    "UPDATE facts SET value = CAST(value AS INTEGER) + 1 WHERE key = 'revision'",
    "INSERT INTO changes SELECT p.id, r.value + EXISTS (SELECT 1 FROM unpublished u "
    "WHERE u.passage_id = p.id AND u.store = 'words'), r.value + EXISTS (SELECT 1 FROM "
    "unpublished u WHERE u.passage_id = p.id AND u.store = 'vectors') "
    "FROM passages p, facts r WHERE r.key = 'words_revision'",
    "INSERT INTO removals SELECT DISTINCT u.passage_id, CAST(r.value AS INTEGER) FROM "
    "unpublished u, facts r WHERE r.key = 'revision' AND u.passage_id NOT IN "
    "(SELECT id FROM passages)",
    "DROP TRIGGER passage_added",
    "DROP TRIGGER rights_changed",
    "DROP TRIGGER passage_removed",
    "DROP TABLE unpublished",
)
"""What a catalog lacks that noted for each store what it had not seen. Until a store notes itself
up to where it has seen the catalog, that is here."""

WITH_STRUCTURE = (
    "ALTER TABLE documents RENAME COLUMN headings TO structure",
    "ALTER TABLE documents ADD COLUMN left_out TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE passages ADD COLUMN context TEXT NOT NULL DEFAULT ''",
    "DROP INDEX statements_by_speaker",
    "DROP INDEX statements_by_document",
    "DROP INDEX statements_by_passage",
    "ALTER TABLE statements RENAME TO earlier_statements",
    *STATEMENTS.split(";")[:-1],
    f"INSERT INTO statements ({EARLIER_COLUMNS}, found_by) "
    f"SELECT {EARLIER_COLUMNS}, 'cue' FROM earlier_statements",
    "DROP TABLE earlier_statements",
)
"""What a catalog lacks that kept the headings alone of a document's structure."""

WITH_OCCASION = "ALTER TABLE statements ADD COLUMN occasion TEXT NOT NULL DEFAULT ''"

UPGRADES: Mapping[str, tuple[str, ...]] = {
    "4": (DIGESTS, *WITH_STRUCTURE, INDEXED, *WITH_CHANGES),
    "5": (*WITH_STRUCTURE, INDEXED, *WITH_CHANGES),
    "6": (WITH_OCCASION, INDEXED, *WITH_CHANGES),
    "7": (INDEXED, *WITH_CHANGES),
    "8": WITH_CHANGES,
}
"""What brings a catalog of an earlier format up to date. The holder of the lock does."""

SCHEMA = f"""
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rights (id INTEGER PRIMARY KEY AUTOINCREMENT, said TEXT NOT NULL UNIQUE);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL,
    published TEXT, byline TEXT,
    rights INTEGER NOT NULL REFERENCES rights, rights_from TEXT NOT NULL, sharing TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE, root TEXT NOT NULL,
    digest TEXT NOT NULL, modified_ns INTEGER NOT NULL, size INTEGER NOT NULL,
    passages INTEGER NOT NULL, page_starts TEXT NOT NULL, structure TEXT NOT NULL,
    text TEXT NOT NULL, left_out TEXT NOT NULL
);
CREATE INDEX documents_by_name ON documents (name);
CREATE INDEX documents_by_rights ON documents (rights, passages, id, version);
CREATE TABLE rights_by_hand (
    document_id TEXT PRIMARY KEY, rights INTEGER NOT NULL REFERENCES rights
) WITHOUT ROWID;
CREATE TABLE rights_given (
    path TEXT PRIMARY KEY, rights INTEGER NOT NULL REFERENCES rights
) WITHOUT ROWID;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
    sentences BLOB NOT NULL, sentence_vectors BLOB NOT NULL, context TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id, start);
CREATE TABLE passage_vectors (
    passage_id INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE, vector BLOB NOT NULL
);
{STATEMENTS}CREATE TABLE speaker_edits (
    name TEXT NOT NULL, document_id TEXT NOT NULL, becomes TEXT NOT NULL,
    PRIMARY KEY (name, document_id)
) WITHOUT ROWID;
{CHANGES}{DIGESTS}{INDEXED}"""

PRAGMAS = "PRAGMA secure_delete = ON;"
"""What is removed is overwritten. The cache is SQLite's own of 2 MB: each thread has one, and the
system has the file in memory as well. With 64 MB questions about 46 MB of catalog took as long,
and 60 at once left 330 MB more."""


class Tables:
    """Reads from any thread; writes inside `writing()`, by the holder of the lock.

    To open it makes and changes nothing. Raises CatalogDamaged for a file that is empty or
    no catalog, CatalogUnavailable for one that is not there or cannot be read.
    """

    def __init__(self, where: Where, *, upgrade: bool = False) -> None:
        self._where = where
        self._file = _file(where) if isinstance(where, Path) else None
        self._seal = Seal(where) if isinstance(where, Path) else None
        self._db: Database = self._file or _on_a_server(str(where))
        self._check_format(upgrade=upgrade)

    @classmethod
    def make(cls, where: Where) -> Self:
        """The catalog here, which is made if there is none. For the holder of the lock."""
        script = f"{SCHEMA} INSERT INTO facts VALUES ('format', '{FORMAT}');"
        if not isinstance(where, Path):
            _on_a_server(where).make(script)
        elif not where.exists():
            make(where, script, partial(_unavailable, where))
        catalog = cls(where, upgrade=True)
        if catalog._file:
            catalog._file.share()
        return catalog

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it is kept, or nothing."""
        with self._db.writing():
            if self._seal:
                self._seal.take_off()
            yield

    @property
    def is_shared(self) -> bool:
        """May other processes write to it at the same time?"""
        return self._db.is_shared

    def claim(self, document_id: str) -> bool:
        """Does no other process work on this document? Then none does until it is released."""
        return self._db.claim(document_id)

    def release(self, document_id: str) -> None:
        """Others may work on it."""
        self._db.release(document_id)

    def seal(self) -> None:
        """Let damage anywhere in the file be noticed until somebody writes; nothing is sealed
        while somebody reads what is not in it yet."""
        if self._file is None or self._seal is None or self._seal.is_on:
            return
        with suppress(CatalogUnavailable, OSError):  # on a full disk it stays unsealed
            self.forget_removed()
            with self._file.writing():
                if not self._file.has_log:
                    self._seal.put_on()

    def check_seal(self) -> None:
        """Raises CatalogDamaged if the file is not as it was when it was sealed."""
        if self._seal and self._seal.is_broken:
            raise damaged(self._where, "it is not as it was written")

    def fact(self, key: str) -> str | None:
        """One of the index's own facts ("embedder", "revision", …)."""
        row = self._db.row("SELECT value FROM facts WHERE key = ?", key)
        return None if row is None else str(row[0])

    def set_fact(self, key: str, value: str) -> None:
        """Write one of the index's own facts."""
        self._db.do(
            "INSERT INTO facts VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key, value,
        )  # fmt: skip

    def forget_vectors_elsewhere(self) -> None:
        """A copy has no part in what the catalog that it is of has on a server."""
        self._db.do("DELETE FROM facts WHERE key IN ('chroma_collection', 'chroma_revision')")

    def forget_removed(self) -> None:
        """Leave no trace of what was removed in the log of writes either, unless somebody
        reads at this moment."""
        self._db.forget_removed()

    def check(self) -> None:
        """Raises CatalogDamaged if it is not as it was written, or the engine finds fault
        with it."""
        self.check_seal()
        self._db.check()

    def copy_to(self, path: Path) -> None:
        """Make a file of all that is in the catalog at one moment. Others go on to read and
        write."""
        self._db.copy_to(path)

    def close(self) -> None:
        """Close this thread's connection."""
        self._db.close()

    @property
    def revision(self) -> int:
        """Grows by one with each change to the documents."""
        return int(self.fact("revision") or 0)

    # -- below ---------------------------------------------------------------

    def _check_format(self, *, upgrade: bool) -> None:
        format_ = self.fact("format")
        if format_ is None:
            raise damaged(self._where, "it lacks its facts")
        if format_ in UPGRADES and upgrade:
            self.check_seal()
            if isinstance(self._where, Path):
                self._db.copy_to(self._where.with_name(f"{self._where.name}.format-{format_}"))
            with self.writing():
                self._upgrade(format_)
        elif format_ in UPGRADES:
            raise CatalogOutdated(
                f"The catalog {called(self._where)} was made by an earlier program."
            )
        elif format_ != FORMAT:
            raise CatalogDamaged(
                f"The catalog {called(self._where)} has format {format_}; this program reads "
                f"{FORMAT}. Use the version of On Record that made it, or have it made anew from "
                "the folders that were indexed: onrecord rebuild --from FOLDER. That keeps this "
                "file aside, and takes over what can be read of rights and corrections that "
                "people set."
            )

    def _upgrade(self, earlier: str) -> None:
        for change in UPGRADES[earlier]:
            self._db.do(change)
        self.set_fact("format", FORMAT)

    def _count_revision(self) -> int:
        """The revision that a change to documents makes."""
        revision = self.revision + 1
        self.set_fact("revision", str(revision))
        return revision


def is_made(where: Where) -> bool:
    """Is there a catalog?"""
    return where.exists() if isinstance(where, Path) else _on_a_server(where).is_made("facts")


def _file(path: Path) -> SqliteDatabase:
    return SqliteDatabase(path, partial(_unavailable, path), partial(damaged, path), PRAGMAS)


def _on_a_server(address: str) -> PostgresDatabase:
    return on_a_server(
        address, "onrecord_catalog", partial(_unavailable, address), partial(damaged, address)
    )


def damaged(where: Where, trouble: str) -> CatalogDamaged:
    """With what to do about it, by which nothing else is lost."""
    if not isinstance(where, Path):
        return CatalogDamaged(
            f"The catalog in {called(where)} is damaged: {trouble}. Restore a backup of the "
            "database with PostgreSQL’s own tools; then make the indexes again with: "
            "onrecord rebuild"
        )
    path = where
    return CatalogDamaged(
        f"The catalog {path} is damaged: {trouble}. Put a backup of this one file in its place "
        f"and take away all that is called {path.name}-…; without a backup, name the folders "
        "that were indexed: onrecord rebuild --from FOLDER. It keeps the damaged file aside, and "
        "accounts, uploads and settings as they are."
    )


def _unavailable(where: Where, trouble: str) -> CatalogUnavailable:
    return CatalogUnavailable(f"The catalog {called(where)} cannot be used: {trouble}.")
