"""The part of the catalog that knows who said what."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np

from index.documents import Credit, Document, Span, Statement
from index.stores.packing import as_pairs, from_int8
from index.stores.rights import within
from index.stores.stored import (
    PASSAGE_COLUMNS,
    SOURCE_COLUMNS,
    STATEMENT_COLUMNS,
    STATEMENT_COLUMNS_PLAIN,
    Scope,
    StatementVectors,
    StoredStatement,
    stored_statement,
)
from index.stores.tables import Tables

STATEMENT_VECTOR = "s.id, s.passage_id, s.vector, s.document_id, s.speaker"


class StatementTable(Tables):
    """Statements, who is credited with them, and what people corrected."""

    def credits(self, scope: Scope) -> list[Credit]:
        """Who is credited in the documents in scope, and how often."""
        inside, values = within(scope, self._db)
        source = "documents d CROSS JOIN statements s ON s.document_id = d.id"
        rows = self._db.rows(
            "SELECT s.speaker, s.printed, s.document_id, COUNT(*) "
            f"FROM {'statements s' if scope.is_everything else source} "
            f"WHERE s.speaker IS NOT NULL AND {inside} "
            "GROUP BY s.speaker, s.printed, s.document_id",
            *values,
        )
        return [Credit(*row) for row in rows]

    def statement_vectors(self, speakers: Collection[str], scope: Scope) -> StatementVectors:
        """What ranks the statements in scope that stand under one of these names."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT {STATEMENT_VECTOR} FROM statements s "
            f"CROSS JOIN documents d ON d.id = s.document_id "
            f"WHERE s.speaker IN (SELECT value FROM {self._db.names} listed) AND {inside}",
            sorted(speakers), *values,
        )  # fmt: skip
        return _statement_vectors(rows)

    def statements_in(self, passages: Sequence[int], scope: Scope) -> StatementVectors:
        """What ranks the statements in scope that begin in these passages."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT {STATEMENT_VECTOR} FROM {self._db.numbers} wanted "
            "CROSS JOIN statements s ON s.passage_id = wanted.value "
            f"CROSS JOIN documents d ON d.id = s.document_id WHERE {inside}",
            list(passages), *values,
        )  # fmt: skip
        return _statement_vectors(rows)

    def statement_ids(self, document_id: str, scope: Scope) -> list[int]:
        """The statements of a document in scope, in reading order."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            "SELECT s.id FROM statements s CROSS JOIN documents d ON d.id = s.document_id "
            f"WHERE s.document_id = ? AND {inside} ORDER BY s.id",
            document_id, *values,
        )  # fmt: skip
        return [id for (id,) in rows]

    def statements(self, ids: Sequence[int], scope: Scope) -> list[StoredStatement]:
        """The statements with these ids that still exist and are in scope, in that order."""
        inside, values = within(scope, self._db)
        rows = self._db.rows(
            f"SELECT {SOURCE_COLUMNS}, {PASSAGE_COLUMNS}, {STATEMENT_COLUMNS} "
            f"FROM {self._db.numbers} wanted CROSS JOIN statements s ON s.id = wanted.value "
            "CROSS JOIN passages p ON p.id = s.passage_id "
            "CROSS JOIN documents d ON d.id = s.document_id "
            f"WHERE {inside} ORDER BY wanted.key",
            list(ids), *values,
        )  # fmt: skip
        return [stored_statement(row) for row in rows]

    def speaker_edits(self, scope: Scope) -> Mapping[tuple[str, str], str]:
        """What people have corrected: (name, document id or "" for all) -> name.

        Of what an operator said of all documents, others get what is about names that
        they can see: the name of somebody else would tell that there is such a one.
        """
        rows = self._db.rows("SELECT name, document_id, becomes FROM speaker_edits")
        edits = {(name, document_id): becomes for name, document_id, becomes in rows}
        return edits if scope.rights is None else self._visible_edits(edits, scope)

    def edit_speaker(self, name: str, becomes: str | None, document_id: str = "") -> None:
        """Credit a name to somebody else, in one document or in all; None: as it was."""
        edit = "name = ? AND document_id = ?"
        self._db.do(f"DELETE FROM speaker_edits WHERE {edit}", name, document_id)
        if becomes is not None:
            self._db.do("INSERT INTO speaker_edits VALUES (?, ?, ?)", name, document_id, becomes)
        self._count_revision()

    def _visible_edits(
        self, edits: Mapping[tuple[str, str], str], scope: Scope
    ) -> Mapping[tuple[str, str], str]:
        everywhere = Scope(scope.rights, None, None, 0, 0, 0, 0.0)
        inside, values = within(everywhere, self._db)
        seen = {
            id
            for (id,) in self._db.rows(
                f"SELECT d.id FROM {self._db.names} wanted "
                f"CROSS JOIN documents d ON d.id = wanted.value "
                f"WHERE {inside}",
                sorted({document for _, document in edits if document}), *values,
            )
        }  # fmt: skip
        names = {name for (name, document) in edits if not document} | {*edits.values()}
        credited = {
            name
            for (name,) in self._db.rows(
                f"SELECT DISTINCT s.speaker FROM {self._db.names} wanted "
                "CROSS JOIN statements s ON s.speaker = wanted.value "
                f"CROSS JOIN documents d ON d.id = s.document_id WHERE {inside}",
                sorted(names), *values,
            )
        } | {edits[each] for each in edits if each[1] in seen}  # fmt: skip
        return {
            (name, document): becomes
            for (name, document), becomes in edits.items()
            if (document in seen if document else {name, becomes} <= credited)
        }

    def _put_statement(
        self, document: Document, passage_id: int, statement: Statement, vector: bytes
    ) -> None:
        printed, cue = statement.as_printed, _places(statement.cue)
        self._db.do(
            f"INSERT INTO statements (document_id, passage_id, vector, {STATEMENT_COLUMNS_PLAIN}) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            document.source.id, passage_id, vector,
            statement.speaker, document.text[printed.start : printed.end], printed.start,
            *cue, statement.found_by, as_pairs(statement.content),
            " ".join(document.text[span.start : span.end] for span in statement.content),
            statement.speech, int(statement.negated), int(statement.hedged), statement.reported_by,
            json.dumps(statement.contradiction), _occasion(statement),
        )  # fmt: skip


def _occasion(statement: Statement) -> str:
    return json.dumps(astuple(statement.occasion)) if statement.occasion else ""


def _places(span: Span | None) -> tuple[int | None, int | None]:
    return (None, None) if span is None else (span.start, span.end)


def _statement_vectors(rows: Sequence[Any]) -> StatementVectors:
    """Rows of STATEMENT_VECTOR as arrays."""
    return StatementVectors(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        from_int8([row[2] for row in rows], len(rows)),
        tuple((row[4], row[3]) for row in rows),
    )
