"""The part of the catalog that knows who may see what: the one place that decides it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from index.documents import OR, Glob, Principal, Sharing, Source
from index.rights.deciding import BY_HAND, Granted, Rights, from_json, may_read
from index.stores.engines.database import Database, Where
from index.stores.stored import SOURCE_COLUMNS, Scope
from index.stores.tables import Tables

PRINCIPALS_KEPT = 4_096
SCOPES_KEPT = 64
"""With a glob one holds an id for each document that it matches."""


class RightsTable(Tables):
    """Each distinct set of rights is kept once and never changed; documents refer to it.

    So an id of rights always means the same, and what was worked out for the ids that a
    principal may read stays right when a document gets other rights.
    """

    def __init__(self, where: Where, *, upgrade: bool = False) -> None:
        super().__init__(where, upgrade=upgrade)
        self._readable_of = lru_cache(maxsize=PRINCIPALS_KEPT)(self._readable)
        self._scope_of = lru_cache(maxsize=SCOPES_KEPT)(self._make_scope)

    def scope(self, principal: Principal, documents: Glob | None = None) -> Scope:
        """What this principal may see, of documents whose names match a glob.

        The one place that decides it: every search, listing and reader asks here.
        """
        documents = documents and documents.replace("[!", "[^")
        if self._db.is_writing:  # which may be taken back: nothing of it is kept
            return self._make_scope(0, self._readable(0, principal), documents)
        revision = self.revision
        return self._scope_of(revision, self._readable_of(revision, principal), documents)

    def visible(self, document_ids: Iterable[str], scope: Scope) -> frozenset[str]:
        """Those of these documents that are in scope now."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT d.id FROM {self._db.names} wanted "
            f"CROSS JOIN documents d ON d.id = wanted.value WHERE {inside}",
            sorted(set(document_ids)), *values,
        )  # fmt: skip
        return frozenset(id for (id,) in rows)

    def granted(self, scope: Scope) -> list[tuple[Source, Granted]]:
        """Who may read each document in scope, and where that is from."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT {SOURCE_COLUMNS}, r.said, d.rights_from FROM documents d "
            f"JOIN rights r ON r.id = d.rights WHERE {inside} ORDER BY d.name, d.id",
            *values,
        )
        return [(Source(*row), Granted(from_json(said), origin)) for *row, said, origin in rows]

    def granted_to(self, document_id: str) -> Granted | None:
        """Who may read this document; None if there is none. It asks for no principal:
        for whoever decides on rights."""
        row = self._db.row(
            "SELECT r.said, d.rights_from FROM documents d JOIN rights r ON r.id = d.rights "
            "WHERE d.id = ?",
            document_id,
        )
        return None if row is None else Granted(from_json(row[0]), row[1])

    def stated(self, document_ids: Sequence[str]) -> Mapping[str, tuple[Sharing | None, Granted]]:
        """What these documents say themselves of their readers, and what holds."""
        rows = self._db.rows(
            f"SELECT d.id, d.sharing, r.said, d.rights_from FROM {self._db.names} wanted "
            "CROSS JOIN documents d ON d.id = wanted.value JOIN rights r ON r.id = d.rights",
            list(document_ids),
        )
        return {
            id: (_sharing(sharing), Granted(_parsed(said), origin))
            for id, sharing, said, origin in rows
        }

    def rights_given(self) -> Mapping[str, Rights]:
        """What was said of files and folders when they were indexed, by path."""
        rows = self._db.rows(
            "SELECT g.path, r.said FROM rights_given g JOIN rights r ON r.id = g.rights"
        )
        return {path: from_json(said) for path, said in rows}

    # -- writing -------------------------------------------------------------

    def give_rights(self, path: str, rights: Rights) -> None:
        """Keep what is said of a file or folder. Inside `writing()`, as all below."""
        self._db.do(
            "INSERT INTO rights_given VALUES (?, ?) ON CONFLICT (path) "
            "DO UPDATE SET rights = excluded.rights",
            path, self._kept(rights),
        )  # fmt: skip

    def take_given_rights(self, path: str) -> None:
        """Forget what was said of a file or folder and of what is in it."""
        self._db.do(
            "DELETE FROM rights_given "
            "WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '/'",
            path,
        )

    def grant(self, document_id: str, granted: Granted) -> bool:
        """Let a document have these rights, unless others were set by hand. Are they new?"""
        rights, origin = self._effective(document_id, granted)
        before = self._db.row("SELECT rights, rights_from FROM documents WHERE id = ?", document_id)
        if before is None or before == (rights, origin):
            return False
        self._db.do(
            "UPDATE documents SET rights = ?, rights_from = ? WHERE id = ?",
            rights, origin, document_id,
        )  # fmt: skip
        if before[0] == rights:
            return False
        self._db.do(
            "UPDATE changes SET words = ? "
            "WHERE passage_id IN (SELECT id FROM passages WHERE document_id = ?)",
            self._count_revision(), document_id,
        )  # fmt: skip
        return True

    def set_by_hand(self, document_id: str, rights: Rights) -> bool:
        """The same, for good: over all that files say, now and later."""
        self._db.do(
            "INSERT INTO rights_by_hand VALUES (?, ?) ON CONFLICT (document_id) "
            "DO UPDATE SET rights = excluded.rights",
            document_id, self._kept(rights),
        )  # fmt: skip
        return self.grant(document_id, Granted(rights, BY_HAND))

    def unset_by_hand(self, document_id: str, granted: Granted) -> bool:
        """Let a document have the rights that files say again."""
        self._db.do("DELETE FROM rights_by_hand WHERE document_id = ?", document_id)
        return self.grant(document_id, granted)

    def drop_unused_rights(self) -> None:
        """Forget sets that no document has any more; their ids are not given again."""
        self._db.do(
            "DELETE FROM rights WHERE id NOT IN (SELECT rights FROM documents) "
            "AND id NOT IN (SELECT rights FROM rights_by_hand) "
            "AND id NOT IN (SELECT rights FROM rights_given)"
        )

    # -- below ---------------------------------------------------------------

    def _effective(self, document_id: str, granted: Granted) -> tuple[int, str]:
        """The id of the rights that hold, and where they are from."""
        row = self._db.row("SELECT rights FROM rights_by_hand WHERE document_id = ?", document_id)
        return (row[0], BY_HAND) if row else (self._kept(granted.rights), granted.origin)

    def _kept(self, rights: Rights) -> int:
        """The id of this set, which is added if it is new."""
        said = rights.as_json()
        self._db.do("INSERT INTO rights (said) VALUES (?) ON CONFLICT DO NOTHING", said)
        ((id,),) = self._db.rows("SELECT id FROM rights WHERE said = ?", said)
        return int(id)

    def _readable(self, _revision: int, principal: Principal) -> frozenset[int] | None:
        """Ids of the sets of rights that let a principal read; None for all."""
        if principal.is_operator:
            return None
        rows = self._db.rows("SELECT id, said FROM rights")
        return frozenset(id for id, said in rows if may_read(principal, _parsed(said)))

    def _make_scope(
        self, _revision: int, rights: frozenset[int] | None, documents: Glob | None
    ) -> Scope:
        counted = self._db.rows(
            "SELECT rights, COUNT(*), SUM(passages) FROM documents GROUP BY rights"
        )
        mine = [row for row in counted if rights is None or row[0] in rights]
        total, visible = (sum(row[2] for row in rows) for rows in (counted, mine))
        count, passages = sum(row[1] for row in mine), visible
        ids: frozenset[str] | None = None
        if documents is not None:
            inside, values = within(Scope(rights, documents, None, 0, 0, 0, 0.0), self._db)
            found = f"SELECT d.id, d.passages FROM documents d WHERE {inside}"
            rows = self._db.rows(found, *values)
            ids = frozenset(id for id, _ in rows)
            count, passages = len(rows), sum(passages for _, passages in rows)
        share = passages / total if total else (1.0 if documents is None else 0.0)
        return Scope(rights, documents, ids, count, passages, visible, share)


def within(scope: Scope, database: Database) -> tuple[str, list[object]]:
    """The condition on documents `d` in SQL, and its values: every statement that
    reads for somebody has it, so that it sees the rights of this very moment. Such
    statements say CROSS JOIN, which SQLite takes in the order as written: it would
    begin with all documents of these rights rather than with what is wanted."""
    conditions: list[str] = ["TRUE"]
    values: list[object] = []
    if scope.rights is not None:
        conditions.append(f"d.rights IN (SELECT value FROM {database.numbers} listed)")
        values.append(sorted(scope.rights))
    if scope.documents is not None:
        condition, globs = database.matching("d.name", scope.documents.split(OR))
        conditions.append(condition)
        values.append(globs)
    return " AND ".join(conditions), values


def _sharing(text: str) -> Sharing | None:
    if not text:
        return None
    readers, denied, problem = json.loads(text)
    return Sharing(_tuple(readers), _tuple(denied), problem)


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def sharing_as_text(sharing: Sharing | None) -> str:
    """As the catalog keeps it."""
    if sharing is None:
        return ""
    return json.dumps([sharing.readers, sharing.denied, sharing.problem], ensure_ascii=False)


@lru_cache(maxsize=PRINCIPALS_KEPT)
def _parsed(said: str) -> Rights:
    return from_json(said)
