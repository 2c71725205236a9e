"""The one truth: documents, spans, vectors and who may see them, in SQLite or PostgreSQL.

Everything else (Chroma, tantivy) is made from here and can be made again. Each
document is written in one transaction with its passages and vectors, so that a
killed process leaves whole documents. Each passage has the revision in which it was
last changed for each derived store, which follows from the one that it has seen.

Whatever is read for somebody is read in a Scope: its condition is a part of the
statement, so no row leaves that the principal may not see at that moment.
"""

from __future__ import annotations

import hashlib
import json
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from index.documents import Details, Document, Passage, Principal, Source, Statement
from index.models.embedding import Vectors
from index.rights.deciding import NOTHING_SAID, Granted
from index.stores.engines.database import Where
from index.stores.packing import Ids, Packed, as_pairs, from_float16, from_int8, matrix
from index.stores.protocols import LATEST, StoreName
from index.stores.rights import RightsTable, sharing_as_text, within
from index.stores.sealing import digest
from index.stores.statements import StatementTable
from index.stores.stored import (
    PASSAGE_COLUMNS,
    SOURCE_COLUMNS,
    STATEMENT_COLUMNS_PLAIN,
    FileState,
    Scope,
    StoredPassage,
    Vectorized,
    missing,
    stored_passage,
)
from index.stores.tables import damaged
from index.structure import blocks_of, headings_as_blocks, plain

VERSIONS_KEPT = 256

MOST_REMOVALS = 200_000
"""Passages that are gone and yet listed, for whatever follows the catalog."""

TEXT = (
    "SELECT id, title, version, published, byline, digest, passages, page_starts, structure, "
    "text, left_out FROM documents WHERE id = ?"
)
MADE = (
    "SELECT p.id, p.start, p.end, p.text, p.sentences, p.context, p.sentence_vectors, "
    "v.vector "
    "FROM passages p LEFT JOIN passage_vectors v ON v.passage_id = p.id "
    "WHERE p.document_id = ? ORDER BY p.start, p.id",
    f"SELECT id, passage_id, vector, {STATEMENT_COLUMNS_PLAIN} FROM statements "
    "WHERE document_id = ? ORDER BY id",
)
"""What a document says, and what was made of it: each has a digest."""


SAME_DOCUMENTS = frozenset({"7", "8"})
"""The earlier formats that kept of a document what this one keeps."""

FILE_COLUMNS = "id, path, root, name, digest, modified_ns, size, passages"
"""The fields of FileState."""


class SqlCatalog(RightsTable, StatementTable):
    """Reads from any thread; writes inside `writing()`, by the holder of the lock."""

    def __init__(self, where: Where, *, upgrade: bool = False) -> None:
        super().__init__(where, upgrade=upgrade)
        self._version_of = lru_cache(maxsize=VERSIONS_KEPT)(self._make_version)

    # -- reading -------------------------------------------------------------

    def sources(self, principal: Principal) -> list[Source]:
        """Every document that the principal may see, by name."""
        inside, values = within(self.scope(principal), self._db)
        rows = self._db.rows(
            f"SELECT {SOURCE_COLUMNS} FROM documents d WHERE {inside} ORDER BY d.name, d.id",
            *values,
        )
        return [Source(*row) for row in rows]

    def sources_of(self, document_ids: Iterable[str], principal: Principal) -> dict[str, Source]:
        """Those of these documents that the principal may see, by id."""
        inside, values = within(self.scope(principal), self._db)
        rows = self._db.rows(
            f"SELECT {SOURCE_COLUMNS} FROM {self._db.names} wanted "
            f"CROSS JOIN documents d ON d.id = wanted.value WHERE {inside}",
            sorted(set(document_ids)), *values,
        )  # fmt: skip
        return {row[0]: Source(*row) for row in rows}

    def details(self, scope: Scope, document_ids: Sequence[str] | None = None) -> list[Details]:
        """What is known of each document in scope, or of these of them, by name."""
        inside, values = within(scope, self._db)
        if document_ids is not None:
            inside += f" AND d.id IN (SELECT value FROM {self._db.names} listed)"
            values.append(list(document_ids))
        rows = self._db.rows(
            f"SELECT {SOURCE_COLUMNS}, d.size, d.page_starts, d.passages, "
            "(SELECT COUNT(*) FROM statements s WHERE s.document_id = d.id), i.at "
            "FROM documents d LEFT JOIN indexed i ON i.document_id = d.id "
            f"WHERE {inside} ORDER BY d.name, d.id",
            *values,
        )
        return [
            Details(Source(*source), size, len(json.loads(page_starts)), *rest)
            for *source, size, page_starts, passages, statements, at in rows
            for rest in [(passages, statements, at)]
        ]

    def document(self, document_id: str, principal: Principal) -> Document:
        """Raises DocumentNotFound for one that is not there or not to be seen."""
        inside, values = within(self.scope(principal), self._db)
        row = self._db.row(
            f"SELECT {SOURCE_COLUMNS}, d.text, d.page_starts, d.structure, d.left_out "
            f"FROM documents d WHERE d.id = ? AND {inside}",
            document_id, *values,
        )  # fmt: skip
        if row is None:
            raise missing(document_id)
        if self._digest_of(document_id, TEXT) != self._noted(document_id)[0]:
            raise damaged(self._where, f"the text of {row[1]} is not as it was written")
        *source, text, page_starts, structure, left_out = row
        return Document(
            Source(*source),
            text,
            tuple(json.loads(page_starts)),
            blocks_of(json.loads(structure)),
            left_out=json.loads(left_out),
        )

    def version(self, scope: Scope) -> str:
        """The version of all that may be seen in this scope, whatever its glob: another one tells
        that answers may differ, and nothing of what else is in the index."""
        revision = self.revision
        return str(revision) if scope.rights is None else self._version_of(revision, scope.rights)

    def inside(self, ids: Sequence[int], scope: Scope) -> list[int]:
        """Those of these passages that still exist and are in scope, in their order."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT p.id FROM {self._db.numbers} wanted "
            "CROSS JOIN passages p ON p.id = wanted.value "
            f"CROSS JOIN documents d ON d.id = p.document_id WHERE {inside} ORDER BY wanted.key",
            list(ids), *values,
        )  # fmt: skip
        return [id for (id,) in rows]

    def passages(self, ids: Sequence[int], scope: Scope) -> list[StoredPassage]:
        """The passages with these ids that still exist and are in scope, in that order."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT {SOURCE_COLUMNS}, {PASSAGE_COLUMNS} "
            f"FROM {self._db.numbers} wanted CROSS JOIN passages p ON p.id = wanted.value "
            f"CROSS JOIN documents d ON d.id = p.document_id WHERE {inside} ORDER BY wanted.key",
            list(ids), *values,
        )  # fmt: skip
        return [stored_passage(row) for row in rows]

    def passage_ids(self, document_id: str, scope: Scope) -> list[int]:
        """The passages of a document in scope, in reading order."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            "SELECT p.id FROM passages p CROSS JOIN documents d ON d.id = p.document_id "
            f"WHERE p.document_id = ? AND {inside} ORDER BY p.start, p.id",
            document_id, *values,
        )  # fmt: skip
        return [id for (id,) in rows]

    def vectorized(self, ids: Sequence[int], scope: Scope) -> Vectorized:
        """What ranks the passages with these ids that still exist and are in scope."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            "SELECT p.id, v.vector, p.sentence_vectors, length(p.sentences) / 8 "
            f"FROM {self._db.numbers} wanted CROSS JOIN passages p ON p.id = wanted.value "
            "CROSS JOIN documents d ON d.id = p.document_id "
            "CROSS JOIN passage_vectors v ON v.passage_id = p.id "
            f"WHERE {inside} ORDER BY wanted.key",
            list(ids), *values,
        )  # fmt: skip
        return Vectorized(
            ids=[row[0] for row in rows],
            passages=from_float16([row[1] for row in rows]),
            sentences=from_int8([row[2] for row in rows], sum(row[3] for row in rows)),
            first=np.cumsum([0, *(row[3] for row in rows)]),
        )

    def vectors(self, scope: Scope) -> tuple[Ids, Vectors]:
        """Ids (n,) and vectors (n, dimensions) of every passage in scope."""
        if scope.is_everything:
            return matrix(self._db.rows("SELECT passage_id, vector FROM passage_vectors"))
        inside, values = within(scope, self._db)
        return matrix(
            self._db.rows(
                "SELECT v.passage_id, v.vector FROM documents d "
                "CROSS JOIN passages p ON p.document_id = d.id "
                f"CROSS JOIN passage_vectors v ON v.passage_id = p.id WHERE {inside}",
                *values,
            )
        )

    def vectors_since(self, revision: int, scope: Scope) -> tuple[Ids, Vectors]:
        """Ids and vectors of the passages in scope that came after a revision."""
        inside, values = within(scope, self._db)
        return matrix(
            self._db.rows(
                "SELECT v.passage_id, v.vector FROM changes c "
                "CROSS JOIN passage_vectors v ON v.passage_id = c.passage_id "
                "CROSS JOIN passages p ON p.id = c.passage_id "
                "CROSS JOIN documents d ON d.id = p.document_id "
                f"WHERE c.vectors > ? AND {inside}",
                revision,
                *values,
            )
        )

    def changes(
        self, store: StoreName, since: int, until: int = LATEST
    ) -> tuple[list[int], list[int]]:
        """Ids of passages that changed for a store after a revision, up to another one: (to add,
        to remove)."""
        within = "> ? AND {} <= ? ORDER BY passage_id"
        changed = f"SELECT passage_id FROM changes WHERE {store} {within.format(store)}"
        removed = f"SELECT passage_id FROM removals WHERE revision {within.format('revision')}"
        added, gone = ([id for (id,) in self._db.rows(q, since, until)] for q in (changed, removed))
        return added, gone

    def published(self, store: StoreName, seen: int, count: int) -> list[int]:
        """So many ids of passages that a store has which has seen so much: the latest."""
        found = f"SELECT passage_id FROM changes WHERE {store} <= ? ORDER BY {store} DESC LIMIT ?"
        return [id for (id,) in self._db.rows(found, seen, count)]

    def texts(self, ids: Sequence[int]) -> list[tuple[int, str, int, str, str]]:
        """(id, document id, id of its rights, what stands above it, text) of these passages,
        for the word store: a title, and headings."""
        return self._db.rows(
            "SELECT p.id, p.document_id, d.rights, d.title || ' / ' || p.context, p.text "
            f"FROM {self._db.numbers} wanted "
            "CROSS JOIN passages p ON p.id = wanted.value "
            "CROSS JOIN documents d ON d.id = p.document_id",
            list(ids),
        )

    def vectors_of(self, ids: Sequence[int]) -> tuple[Ids, Vectors]:
        """Ids and vectors of these passages, for the vector store."""
        return matrix(
            self._db.rows(
                f"SELECT v.passage_id, v.vector FROM {self._db.numbers} wanted "
                "CROSS JOIN passage_vectors v ON v.passage_id = wanted.value",
                list(ids),
            )
        )

    def left_out(self, scope: Scope) -> dict[str, int]:
        """What the files of the documents in scope have and their texts have not, counted."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            "SELECT d.left_out, COUNT(*) FROM documents d "
            f"WHERE d.left_out != '{{}}' AND {inside} GROUP BY d.left_out",
            *values,
        )
        counts: Counter[str] = Counter()
        for left_out, documents in rows:
            counts.update({kind: n * documents for kind, n in json.loads(left_out).items()})
        return dict(sorted(counts.items()))

    def left_out_of(self, document_ids: Sequence[str], scope: Scope) -> dict[str, dict[str, int]]:
        """The same of each of these documents that are in scope."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT d.id, d.left_out FROM {self._db.names} wanted "
            f"CROSS JOIN documents d ON d.id = wanted.value WHERE {inside}",
            list(document_ids), *values,
        )  # fmt: skip
        return {id: json.loads(left_out) for id, left_out in rows}

    def file_of(self, document_id: str, principal: Principal) -> FileState:
        """Raises DocumentNotFound for one that is not there or not to be seen."""
        inside, values = within(self.scope(principal), self._db)
        row = self._db.row(
            f"SELECT {FILE_COLUMNS} FROM documents d WHERE d.id = ? AND {inside}",
            document_id, *values,
        )  # fmt: skip
        if row is None:
            raise missing(document_id)
        return FileState(*row)

    def files(self, below: str) -> list[FileState]:
        """The indexed files at this absolute path or below it."""
        rows = self._db.rows(
            f"SELECT {FILE_COLUMNS} FROM documents "
            "WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '/' ORDER BY path",
            below,
        )
        return [FileState(*row) for row in rows]

    def roots(self) -> list[str]:
        """The folders and files that were given to be indexed."""
        return [root for (root,) in self._db.rows("SELECT DISTINCT root FROM documents")]

    @property
    def passage_count(self) -> int:
        """How many passages the whole index has."""
        ((count,),) = self._db.rows("SELECT COALESCE(SUM(passages), 0) FROM documents")
        return int(count)

    # -- writing -------------------------------------------------------------

    def put(
        self,
        document: Document,
        state: FileState,
        passages: Sequence[Passage],
        vectors: Sequence[Packed],
        statements: Sequence[tuple[Statement, bytes]] = (),
        granted: Granted = NOTHING_SAID,
    ) -> None:
        """Write a document in place of its earlier version. Inside `writing()`.

        Each statement comes with its vector as int8. Rights that were set by hand
        go before those that are granted.
        """
        source = document.source
        rights, origin = self._effective(source.id, granted)
        revision = self._drop(source.id)
        self._db.do(
            "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            source.id, source.name, source.title, source.version, source.published, source.byline,
            rights, origin, sharing_as_text(document.sharing),
            state.path, state.root, state.digest, state.modified_ns, state.size,
            len(passages), json.dumps(document.page_starts),
            json.dumps(plain(document.structure)), document.text,
            json.dumps(dict(document.left_out)),
        )  # fmt: skip
        self._db.do("INSERT INTO indexed VALUES (?, ?)", source.id, int(time.time()))
        ids = [
            self._put_passage(source.id, passage, vector)
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        starts = [passage.start for passage in passages]
        for statement, vector in statements:
            within = max(0, bisect_right(starts, statement.content[0].start) - 1)
            self._put_statement(document, ids[within], statement, vector)
        self._db.do(
            "INSERT INTO changes SELECT id, ?, ? FROM passages WHERE document_id = ?",
            revision, revision, source.id,
        )  # fmt: skip
        self._note_digests(source.id)

    def touch(self, state: FileState) -> None:
        """Note the file's state where its content has not changed."""
        self._db.do(
            "UPDATE documents SET root = ?, name = ?, modified_ns = ?, size = ? WHERE id = ?",
            state.root, state.name, state.modified_ns, state.size, state.document_id,
        )  # fmt: skip

    def move(self, folder: str, to: str) -> None:
        """Note that the files of a folder are in another one now. Their documents keep their
        ids."""
        for table, column in (
            ("documents", "path"), ("documents", "root"), ("rights_given", "path")
        ):  # fmt: skip
            self._db.do(
                f"UPDATE {table} SET {column} = ?1 || substr({column}, length(?2) + 1) "
                f"WHERE {column} = ?2 OR substr({column}, 1, length(?2) + 1) = ?2 || '/'",
                to, folder,
            )  # fmt: skip

    def remove(self, document_id: str) -> None:
        """Forget a document, all that was made from it and what was set for it by hand."""
        self._drop(document_id)
        self._db.do("DELETE FROM rights_by_hand WHERE document_id = ?", document_id)

    def forget_removals(self) -> None:
        """Keep no longer list of what was removed than a store that follows may need. One that
        has not seen as much has to be made again."""
        ((count,),) = self._db.rows("SELECT COUNT(*) FROM removals")
        if count <= MOST_REMOVALS:
            return
        ((latest,),) = self._db.rows(
            "SELECT revision FROM removals ORDER BY revision DESC LIMIT 1 OFFSET ?",
            MOST_REMOVALS // 2,
        )
        with self.writing():
            self._db.do("DELETE FROM removals WHERE revision <= ?", latest)
            self.set_fact("removals_forgotten", str(latest))

    @property
    def followed_from(self) -> int:
        """The revision from which on everything that was removed is known."""
        return int(self.fact("removals_forgotten") or 0)

    def check(self) -> None:
        """Raises CatalogDamaged if anything in it is not as it was written."""
        super().check()
        for id, name in self._db.rows("SELECT id, name FROM documents"):
            own = (self._digest_of(id, TEXT), self._digest_of(id, *MADE))
            if own != self._noted(id) or not self._says_its_passages(id):
                raise damaged(self._where, f"what it holds of {name} is not as it was written")
        ((counted,),) = self._db.rows("SELECT COUNT(*) FROM passages")
        if counted != self.passage_count:
            raise damaged(self._where, f"{counted:,} passages are left of {self.passage_count:,}")

    # -- below ---------------------------------------------------------------

    def _upgrade(self, earlier: str) -> None:
        super()._upgrade(earlier)
        if earlier in SAME_DOCUMENTS:
            return
        for id, structure in self._db.rows("SELECT id, structure FROM documents"):
            blocks = json.dumps(plain(headings_as_blocks(json.loads(structure))))
            self._db.do("UPDATE documents SET structure = ? WHERE id = ?", blocks, id)
            self._note_digests(id)

    def _drop(self, document_id: str) -> int:
        """Forget what was made from a document; the revision of that."""
        revision = self._count_revision()
        self._db.do(
            "INSERT INTO removals SELECT id, ? FROM passages WHERE document_id = ?",
            revision, document_id,
        )  # fmt: skip
        self._db.do("DELETE FROM documents WHERE id = ?", document_id)
        return revision

    def _says_its_passages(self, document_id: str) -> bool:
        ((text,),) = self._db.rows("SELECT text FROM documents WHERE id = ?", document_id)
        found = 'SELECT start, "end", text FROM passages WHERE document_id = ?'
        return all(text[start:end] == own for start, end, own in self._db.rows(found, document_id))

    def _digest_of(self, document_id: str, *queries: str) -> bytes:
        return digest(row for query in queries for row in self._db.rows(query, document_id))

    def _noted(self, document_id: str) -> tuple[bytes, bytes]:
        noted = self._db.row("SELECT text, made FROM digests WHERE document_id = ?", document_id)
        return noted or (b"", b"")

    def _note_digests(self, document_id: str) -> None:
        self._db.do(
            "INSERT INTO digests VALUES (?, ?, ?) ON CONFLICT (document_id) "
            "DO UPDATE SET text = excluded.text, made = excluded.made",
            document_id, self._digest_of(document_id, TEXT), self._digest_of(document_id, *MADE),
        )  # fmt: skip

    def _put_passage(self, document_id: str, passage: Passage, vectors: Packed) -> int:
        id = self._db.add(
            "INSERT INTO passages (document_id, start, \"end\", text, sentences, sentence_vectors, "
            "context) VALUES (?,?,?,?,?,?,?)",
            document_id, passage.start, passage.end, passage.text,
            as_pairs(passage.sentences), vectors.sentences, passage.context,
        )  # fmt: skip
        self._db.do("INSERT INTO passage_vectors VALUES (?, ?)", id, vectors.passage)
        return id

    def _make_version(self, _revision: int, rights: frozenset[int]) -> str:
        """A digest of the documents that have these rights, and of what is corrected in
        them."""
        scope = Scope(rights, None, None, 0, 0, 0, 0.0)
        inside, values = within(scope, self._db)
        rows = self._db.rows(f"SELECT d.id, d.version FROM documents d WHERE {inside}", *values)
        seen = [sorted(rows), sorted(self.speaker_edits(scope).items())]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:12]
