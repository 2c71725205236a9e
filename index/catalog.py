"""The one truth: documents, spans, vectors and who may see them, in SQLite.

Everything else (Chroma, tantivy) is made from here and can be made again. Each
document is written in one transaction with its passages and vectors, so that a
killed process leaves whole documents. Triggers note which passages each derived
store has not seen yet; publishing clears the notes.

Passage vectors are kept as float16, sentence vectors as int8 (each scaled by its
largest element; they are unit vectors again when read).
"""

from __future__ import annotations

import json
import sqlite3
import struct
import threading
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.documents import Credit, Document, Passage, Principal, Source, Span, Statement
from index.embedding import PassageVectors, Vectors
from index.errors import CatalogDamaged, CatalogUnavailable, DocumentNotFound

Store = Literal["words", "vectors"]
Ids = NDArray[np.int64]

FORMAT = "2"
"""Of the tables below; a catalog of another format is refused, not guessed at."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL,
    published TEXT, byline TEXT,
    path TEXT NOT NULL UNIQUE, root TEXT NOT NULL,
    digest TEXT NOT NULL, modified_ns INTEGER NOT NULL, size INTEGER NOT NULL,
    passages INTEGER NOT NULL, page_starts TEXT NOT NULL, headings TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_by_name ON documents (name);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    sentences BLOB NOT NULL, sentence_vectors BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_document ON passages (document_id, start);
CREATE TABLE IF NOT EXISTS passage_vectors (
    passage_id INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE, vector BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS statements (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    passage_id INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE,
    speaker TEXT, printed TEXT NOT NULL, printed_start INTEGER NOT NULL,
    cue_start INTEGER NOT NULL, cue_end INTEGER NOT NULL, content BLOB NOT NULL,
    text TEXT NOT NULL, speech TEXT NOT NULL, negated INTEGER NOT NULL,
    hedged INTEGER NOT NULL, reported_by TEXT, contradiction TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS statements_by_speaker ON statements (speaker, document_id);
CREATE INDEX IF NOT EXISTS statements_by_document ON statements (document_id);
CREATE INDEX IF NOT EXISTS statements_by_passage ON statements (passage_id);
CREATE TABLE IF NOT EXISTS speaker_edits (
    name TEXT NOT NULL, document_id TEXT NOT NULL, becomes TEXT NOT NULL,
    PRIMARY KEY (name, document_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unpublished (
    store TEXT NOT NULL, passage_id INTEGER NOT NULL, PRIMARY KEY (store, passage_id)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS passage_added AFTER INSERT ON passages BEGIN
    INSERT OR IGNORE INTO unpublished VALUES ('words', new.id), ('vectors', new.id);
END;
CREATE TRIGGER IF NOT EXISTS passage_removed AFTER DELETE ON passages BEGIN
    INSERT OR IGNORE INTO unpublished VALUES ('words', old.id), ('vectors', old.id);
END;
"""

SOURCE_COLUMNS = "d.id, d.name, d.title, d.version, d.published, d.byline"
STATEMENT_COLUMNS_PLAIN = (
    "speaker, printed, printed_start, cue_start, cue_end, content, text, "
    "speech, negated, hedged, reported_by, contradiction"
)
STATEMENT_COLUMNS = "s.id, " + ", ".join(f"s.{c}" for c in STATEMENT_COLUMNS_PLAIN.split(", "))


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was indexed."""

    document_id: str
    path: str
    root: str
    name: str
    digest: str
    modified_ns: int
    size: int
    passages: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What a principal may see and asked to search. None: every document."""

    documents: frozenset[str] | None
    document_count: int
    passage_count: int
    share: float
    """Of all passages of the index, how many are in scope: 0 to 1."""

    def holds(self, document_id: str) -> bool:
        return self.documents is None or document_id in self.documents


@dataclass(frozen=True, slots=True)
class Vectorized:
    """The vectors of n passages with m sentences in all.

    `passages` (n, dimensions); `sentences` (m, dimensions), those of `ids[i]` in the
    rows from `first[i]` to `first[i + 1]`; `first` has n + 1 elements.
    """

    ids: list[int]
    passages: Vectors
    sentences: Vectors
    first: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StatementVectors:
    """Of n statements the ids, the passages where they begin, the vectors (n, dimensions)
    and the (name, document id) under which they stand."""

    ids: Ids
    passages: Ids
    vectors: Vectors
    credited: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A statement, its document, the passage where it begins and that one's page.

    `printed` is the speaker as printed, `text` the content, its spans joined.
    """

    id: int
    source: Source
    statement: Statement
    printed: str
    text: str
    passage: Passage
    page: int | None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage, its document and its page."""

    id: int
    source: Source
    passage: Passage
    page: int | None


class Catalog:
    """Reads from any thread; writes inside `writing()`, by the holder of the lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._prepare()

    # -- reading -------------------------------------------------------------

    def scope(self, principal: Principal, documents: str | None = None) -> Scope:
        """The documents that the principal may see, of those that match the glob.

        The one place that decides it: every search, listing and reader asks here.
        """
        total, passages = self._counts("1", ())
        if documents is None:
            return Scope(None, total, passages, 1.0)
        pattern = documents.replace("[!", "[^")
        ids = [id for (id,) in self._rows("SELECT id FROM documents WHERE name GLOB ?", pattern)]
        count, inside = self._counts("name GLOB ?", (pattern,))
        return Scope(frozenset(ids), count, inside, inside / passages if passages else 0.0)

    def sources(self, principal: Principal) -> list[Source]:
        """Every document that the principal may see, by name."""
        scope = self.scope(principal)
        rows = self._rows(f"SELECT {SOURCE_COLUMNS} FROM documents d ORDER BY d.name, d.id")
        return [Source(*row) for row in rows if scope.holds(row[0])]

    def document(self, document_id: str, principal: Principal) -> Document:
        """Raises DocumentNotFound for one that is not there or not to be seen."""
        row = self._row(
            f"SELECT {SOURCE_COLUMNS}, d.text, d.page_starts, d.headings FROM documents d "
            "WHERE d.id = ?",
            document_id,
        )
        if row is None or not self.scope(principal).holds(document_id):
            raise DocumentNotFound(
                f"There is no document {document_id} in this index. "
                "It may have been removed; search again to find its successor."
            )
        *source, text, page_starts, headings = row
        return Document(
            Source(*source),
            text,
            tuple(json.loads(page_starts)),
            tuple(Span(start, end) for start, end in json.loads(headings)),
        )

    def passages(self, ids: Sequence[int], scope: Scope) -> list[StoredPassage]:
        """The passages with these ids that still exist and are in scope."""
        rows = self._rows(
            f"SELECT {SOURCE_COLUMNS}, d.page_starts, p.id, p.start, p.end, p.text, p.sentences "
            "FROM json_each(?) wanted JOIN passages p ON p.id = wanted.value "
            "JOIN documents d ON d.id = p.document_id",
            json.dumps(list(ids)),
        )
        return [_stored_passage(row) for row in rows if scope.holds(row[0])]

    def vectorized(self, ids: Sequence[int], scope: Scope) -> Vectorized:
        """What ranks the passages with these ids that still exist and are in scope."""
        rows = self._rows(
            "SELECT p.id, p.document_id, v.vector, p.sentence_vectors, length(p.sentences) / 8 "
            "FROM json_each(?) wanted JOIN passages p ON p.id = wanted.value "
            "JOIN passage_vectors v ON v.passage_id = p.id",
            json.dumps(list(ids)),
        )
        kept = [row for row in rows if scope.holds(row[1])]
        return Vectorized(
            ids=[row[0] for row in kept],
            passages=_from_float16([row[2] for row in kept]),
            sentences=_from_int8([row[3] for row in kept], sum(row[4] for row in kept)),
            first=np.cumsum([0, *(row[4] for row in kept)]),
        )

    def vectors(self, scope: Scope) -> tuple[Ids, Vectors]:
        """Ids (n,) and vectors (n, dimensions) of every passage in scope."""
        if scope.documents is None:
            return _matrix(self._rows("SELECT passage_id, vector FROM passage_vectors"))
        return _matrix(
            self._rows(
                "SELECT v.passage_id, v.vector FROM json_each(?) wanted "
                "JOIN passages p ON p.document_id = wanted.value "
                "JOIN passage_vectors v ON v.passage_id = p.id",
                json.dumps(sorted(scope.documents)),
            )
        )

    def credits(self, scope: Scope) -> list[Credit]:
        """Who is credited in the documents in scope, and how often."""
        chosen, values = "statements s", []
        if scope.documents is not None:
            chosen = "json_each(?) wanted JOIN statements s ON s.document_id = wanted.value"
            values = [json.dumps(sorted(scope.documents))]
        rows = self._rows(
            f"SELECT s.speaker, s.printed, s.document_id, COUNT(*) FROM {chosen} "
            "WHERE s.speaker IS NOT NULL GROUP BY s.speaker, s.printed, s.document_id",
            *values,
        )
        return [Credit(*row) for row in rows]

    def statement_vectors(self, speakers: Collection[str], scope: Scope) -> StatementVectors:
        """What ranks the statements in scope that stand under one of these names."""
        inside, values = "", [json.dumps(sorted(speakers))]
        if scope.documents is not None:
            inside = " AND s.document_id IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(sorted(scope.documents)))
        rows = self._rows(
            "SELECT s.id, s.passage_id, s.vector, s.document_id, s.speaker FROM statements s "
            f"WHERE s.speaker IN (SELECT value FROM json_each(?)){inside}",
            *values,
        )
        return _statement_vectors(rows, scope)

    def statements_in(self, passages: Sequence[int], scope: Scope) -> StatementVectors:
        """What ranks the statements that begin in these passages."""
        rows = self._rows(
            "SELECT s.id, s.passage_id, s.vector, s.document_id, s.speaker "
            "FROM json_each(?) wanted JOIN statements s ON s.passage_id = wanted.value",
            json.dumps(list(passages)),
        )
        return _statement_vectors(rows, scope)

    def statement_ids(self, document_id: str) -> list[int]:
        """The statements of a document, in reading order."""
        rows = self._rows(
            "SELECT id FROM statements WHERE document_id = ? ORDER BY id", document_id
        )
        return [id for (id,) in rows]

    def statements(self, ids: Sequence[int], scope: Scope) -> list[StoredStatement]:
        """The statements with these ids that still exist and are in scope, in that order."""
        rows = self._rows(
            f"SELECT {SOURCE_COLUMNS}, d.page_starts, p.id, p.start, p.end, p.text, p.sentences, "
            f"{STATEMENT_COLUMNS} FROM json_each(?) wanted "
            "JOIN statements s ON s.id = wanted.value "
            "JOIN passages p ON p.id = s.passage_id JOIN documents d ON d.id = s.document_id "
            "ORDER BY wanted.key",
            json.dumps(list(ids)),
        )
        return [_stored_statement(row) for row in rows if scope.holds(row[0])]

    def speaker_edits(self) -> Mapping[tuple[str, str], str]:
        """What people have corrected: (name, document id or "" for all) -> name."""
        rows = self._rows("SELECT name, document_id, becomes FROM speaker_edits")
        return {(name, document_id): becomes for name, document_id, becomes in rows}

    def unpublished_vectors(self) -> tuple[Ids, Vectors]:
        """Ids and vectors of the passages that the vector store has not seen yet."""
        return _matrix(
            self._rows(
                "SELECT v.passage_id, v.vector FROM unpublished u "
                "JOIN passage_vectors v ON v.passage_id = u.passage_id WHERE u.store = 'vectors'"
            )
        )

    def passage_ids(self) -> list[int]:
        """Every passage, in the order of writing."""
        return [id for (id,) in self._rows("SELECT id FROM passages ORDER BY id")]

    def unpublished(self, store: Store) -> tuple[list[int], list[int]]:
        """Ids that the store has not seen: (to add, to remove)."""
        rows = self._rows(
            "SELECT u.passage_id, p.id IS NOT NULL FROM unpublished u "
            "LEFT JOIN passages p ON p.id = u.passage_id WHERE u.store = ? ORDER BY u.passage_id",
            store,
        )
        return [id for id, there in rows if there], [id for id, there in rows if not there]

    def texts(self, ids: Sequence[int]) -> list[tuple[int, str, str, str]]:
        """(id, document id, title, text) of these passages, for the word store."""
        return self._rows(
            "SELECT p.id, p.document_id, d.title, p.text FROM json_each(?) wanted "
            "JOIN passages p ON p.id = wanted.value JOIN documents d ON d.id = p.document_id",
            json.dumps(list(ids)),
        )

    def vectors_of(self, ids: Sequence[int]) -> tuple[Ids, Vectors]:
        """Ids and vectors of these passages, for the vector store."""
        return _matrix(
            self._rows(
                "SELECT v.passage_id, v.vector FROM json_each(?) wanted "
                "JOIN passage_vectors v ON v.passage_id = wanted.value",
                json.dumps(list(ids)),
            )
        )

    def files(self, below: str) -> list[FileState]:
        """The indexed files at this absolute path or below it."""
        rows = self._rows(
            "SELECT id, path, root, name, digest, modified_ns, size, passages FROM documents "
            "WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '/' ORDER BY path",
            below,
        )
        return [FileState(*row) for row in rows]

    def roots(self) -> list[str]:
        """The folders and files that were given to be indexed."""
        return [root for (root,) in self._rows("SELECT DISTINCT root FROM documents")]

    def fact(self, key: str) -> str | None:
        """One of the index's own facts ("embedder", "revision", …)."""
        row = self._row("SELECT value FROM facts WHERE key = ?", key)
        return None if row is None else str(row[0])

    @property
    def passage_count(self) -> int:
        """Of the whole index."""
        return self._counts("1", ())[1]

    @property
    def revision(self) -> int:
        """Grows by one with each change to the documents."""
        return int(self.fact("revision") or 0)

    # -- writing -------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it is kept, or nothing."""
        self._do("BEGIN IMMEDIATE")
        try:
            yield
            self._do("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # SQLite itself ends one when the disk is full
                self._do("ROLLBACK")
            raise

    def put(
        self,
        document: Document,
        state: FileState,
        passages: Sequence[Passage],
        vectors: Sequence[PassageVectors],
        statements: Sequence[tuple[Statement, Vectors]] = (),
    ) -> None:
        """Write a document in place of its earlier version. Inside `writing()`.

        Each statement comes with its vector (dimensions,).
        """
        source = document.source
        self._do("DELETE FROM documents WHERE id = ?", source.id)
        self._do(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            source.id, source.name, source.title, source.version, source.published, source.byline,
            state.path, state.root, state.digest, state.modified_ns, state.size,
            len(passages), json.dumps(document.page_starts),
            json.dumps([(span.start, span.end) for span in document.headings]), document.text,
        )  # fmt: skip
        ids = [
            self._put_passage(source.id, passage, vector)
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        starts = [passage.start for passage in passages]
        for statement, vector in statements:
            within = max(0, bisect_right(starts, statement.content[0].start) - 1)
            self._put_statement(document, ids[within], statement, vector)
        self._count_revision()

    def edit_speaker(self, name: str, becomes: str | None, document_id: str = "") -> None:
        """Credit a name to somebody else, in one document or in all; None: as it was."""
        self._do("DELETE FROM speaker_edits WHERE name = ? AND document_id = ?", name, document_id)
        if becomes is not None:
            self._do("INSERT INTO speaker_edits VALUES (?, ?, ?)", name, document_id, becomes)
        self._count_revision()

    def touch(self, state: FileState) -> None:
        """Note the file's state where its content has not changed."""
        self._do(
            "UPDATE documents SET root = ?, name = ?, modified_ns = ?, size = ? WHERE id = ?",
            state.root, state.name, state.modified_ns, state.size, state.document_id,
        )  # fmt: skip

    def remove(self, document_id: str) -> None:
        """Forget a document and all that was made from it."""
        self._do("DELETE FROM documents WHERE id = ?", document_id)
        self._count_revision()

    def note_published(self, store: Store, ids: Iterable[int]) -> None:
        """The store has seen these passages."""
        self._do(
            "DELETE FROM unpublished WHERE store = ? "
            "AND passage_id IN (SELECT value FROM json_each(?))",
            store, json.dumps(list(ids)),
        )  # fmt: skip

    def note_unpublished(self, store: Store) -> None:
        """The store has seen nothing: it was lost or is to be made again."""
        self._do("DELETE FROM unpublished WHERE store = ?", store)
        self._do("INSERT INTO unpublished SELECT ?, id FROM passages", store)

    def set_fact(self, key: str, value: str) -> None:
        """Write one of the index's own facts."""
        self._do("INSERT OR REPLACE INTO facts VALUES (?, ?)", key, value)

    def check(self) -> None:
        """Raises CatalogDamaged if SQLite finds the file damaged."""
        verdict = self._rows("PRAGMA quick_check")[0][0]
        if verdict != "ok":
            raise self._damaged(verdict)

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            del self._local.connection

    # -- below ---------------------------------------------------------------

    def _prepare(self) -> None:
        known = self._row("SELECT 1 FROM sqlite_schema WHERE name = 'facts'") is not None
        format_ = self.fact("format") if known else FORMAT
        if format_ == FORMAT:
            with self._in_words():
                self._connection.executescript(SCHEMA)
            self.set_fact("format", FORMAT)
        else:
            raise CatalogDamaged(
                f"The catalog {self._path} has format {format_}; this program reads {FORMAT}. "
                "Use the version of On Record that made it, or index again with another --home."
            )

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            connection.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                "PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;"
            )
            self._local.connection = connection
        return connection

    def _do(self, statement: str, *values: object) -> int:
        """The id of the last row that was written."""
        with self._in_words():
            return self._connection.execute(statement, values).lastrowid or 0

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with self._in_words():
            return self._connection.execute(statement, values).fetchall()

    def _row(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._rows(statement, *values)), None)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """SQLite's errors in the words of the person who meets them."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise CatalogUnavailable(
                f"The catalog {self._path} cannot be read or written: {error}. "
                "See that the disk has room and that the folder is yours, then try again."
            ) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, verdict: str) -> CatalogDamaged:
        return CatalogDamaged(
            f"The catalog {self._path} is damaged: {verdict}. "
            "Restore it from a backup, or delete its folder and index again."
        )

    def _counts(self, condition: str, values: Sequence[object]) -> tuple[int, int]:
        """(documents, passages) that meet the condition, which is never a person's text."""
        statement = f"SELECT COUNT(*), COALESCE(SUM(passages), 0) FROM documents WHERE {condition}"
        ((documents, passages),) = self._rows(statement, *values)
        return documents, passages

    def _put_passage(self, document_id: str, passage: Passage, vectors: PassageVectors) -> int:
        id = self._do(
            "INSERT INTO passages (document_id, start, end, text, sentences, sentence_vectors) "
            "VALUES (?,?,?,?,?,?)",
            document_id, passage.start, passage.end, passage.text,
            _as_pairs(passage.sentences), _as_int8(vectors.sentences),
        )  # fmt: skip
        vector = vectors.passage.astype("<f2").tobytes()
        self._do("INSERT INTO passage_vectors VALUES (?, ?)", id, vector)
        return id

    def _put_statement(
        self, document: Document, passage_id: int, statement: Statement, vector: Vectors
    ) -> None:
        printed = statement.as_printed
        self._do(
            f"INSERT INTO statements (document_id, passage_id, vector, {STATEMENT_COLUMNS_PLAIN}) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            document.source.id, passage_id, _as_int8(vector[None, :]),
            statement.speaker, document.text[printed.start : printed.end], printed.start,
            statement.cue.start, statement.cue.end, _as_pairs(statement.content),
            " ".join(document.text[span.start : span.end] for span in statement.content),
            statement.speech, statement.negated, statement.hedged, statement.reported_by,
            json.dumps(statement.contradiction),
        )  # fmt: skip

    def _count_revision(self) -> None:
        self.set_fact("revision", str(self.revision + 1))


def _statement_vectors(rows: Sequence[Any], scope: Scope) -> StatementVectors:
    """Of (id, passage id, vector, document id, speaker) rows, those in scope."""
    kept = [row for row in rows if scope.holds(row[3])]
    return StatementVectors(
        np.array([row[0] for row in kept], np.int64),
        np.array([row[1] for row in kept], np.int64),
        _from_int8([row[2] for row in kept], len(kept)),
        tuple((row[4], row[3]) for row in kept),
    )


def _as_pairs(spans: Iterable[Span]) -> bytes:
    return np.array([(span.start, span.end) for span in spans], "<i4").tobytes()


def _from_pairs(blob: bytes) -> tuple[Span, ...]:
    return tuple(Span(*bounds) for bounds in struct.iter_unpack("<ii", blob))


def _stored_statement(row: Sequence[Any]) -> StoredStatement:
    *passage, id, speaker, printed, start, cue_start, cue_end, content, text = row[:20]
    speech, negated, hedged, reported_by, contradiction = row[20:]
    stored = _stored_passage(passage)
    statement = Statement(
        speaker,
        Span(start, start + len(printed)),
        Span(cue_start, cue_end),
        _from_pairs(content),
        speech,
        bool(negated),
        bool(hedged),
        reported_by,
        tuple(json.loads(contradiction)),
    )
    return StoredStatement(id, stored.source, statement, printed, text, stored.passage, stored.page)


def _stored_passage(row: Sequence[Any]) -> StoredPassage:
    *source, page_starts, id, start, end, text, sentences = row
    spans = _from_pairs(sentences)
    page = page_at(json.loads(page_starts), start)
    return StoredPassage(id, Source(*source), Passage(start, end, text, spans), page)


def page_at(page_starts: Sequence[int], offset: int) -> int | None:
    """The 1-based page of an offset, None without pages."""
    if not page_starts:
        return None
    return max(1, int(np.searchsorted(page_starts, offset, side="right")))


def _as_int8(vectors: Vectors) -> bytes:
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    scaled: NDArray[np.int8] = np.rint(vectors / largest * 127).astype(np.int8)
    return scaled.tobytes()


def _from_int8(blobs: Sequence[bytes], rows: int) -> Vectors:
    vectors = np.frombuffer(b"".join(blobs), np.int8).astype(np.float32)
    vectors = vectors.reshape(rows, -1 if rows else 0)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    unit: Vectors = vectors / np.maximum(lengths, 1e-9)[:, None]
    return unit


def _from_float16(blobs: Sequence[bytes]) -> Vectors:
    matrix = np.frombuffer(b"".join(blobs), "<f2").astype(np.float32)
    return matrix.reshape(len(blobs), -1 if blobs else 0)


def _matrix(rows: Iterable[tuple[int, bytes]]) -> tuple[Ids, Vectors]:
    ids, blobs = [], []
    for id, blob in rows:
        ids.append(id)
        blobs.append(blob)
    return np.array(ids, np.int64), _from_float16(blobs)
