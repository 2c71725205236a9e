"""What the catalog gives back: its rows as nouns, and what of them a principal may see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.documents import Glob, Occasion, Passage, Source, Span, Statement, page_at
from index.errors import DocumentNotFound
from index.models.embedding import Vectors
from index.stores.packing import Ids, from_pairs

SOURCE_COLUMNS = "d.id, d.name, d.title, d.version, d.published, d.byline"
PASSAGE_COLUMNS = "d.page_starts, p.id, p.start, p.end, p.text, p.sentences, p.context"
STATEMENT_COLUMNS_PLAIN = (
    "speaker, printed, printed_start, cue_start, cue_end, found_by, content, text, "
    "speech, negated, hedged, reported_by, contradiction, occasion"
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
    """What a principal may see and asked to search. Only `Catalog.scope` makes one.

    `rights` are the ids of the rights that let the principal read, None for an operator,
    who may read everything. `documents` is what was asked for, `document_ids` are those
    of what it matches of all that may be seen; both None without one. `visible` counts the
    passages that may be seen, whatever was asked for.
    """

    rights: frozenset[int] | None
    documents: Glob | None
    document_ids: frozenset[str] | None
    document_count: int
    passage_count: int
    visible: int
    share: float
    """The share of all passages of the index that is in scope: 0 to 1."""

    @property
    def is_everything(self) -> bool:
        """May every document be seen, and is none left out?"""
        return self.rights is None and self.documents is None


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question as the index knows it, and how telling it is.

    `weight` is BM25's idf: ln(1 + (N - n + 0.5) / (n + 0.5)) for n of the N passages that
    may be seen.
    """

    text: str
    start: int
    end: int
    weight: float
    known: bool


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
    """The ids of n statements, the passages where they begin, the vectors (n, dimensions)
    and the (name, document id) under which they stand."""

    ids: Ids
    passages: Ids
    vectors: Vectors
    credited: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A statement, its document, the passage where it begins and the page of its first words.

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


def stored_statement(row: Sequence[Any]) -> StoredStatement:
    """The statement in a row of SOURCE_COLUMNS, PASSAGE_COLUMNS and STATEMENT_COLUMNS."""
    *passage, id, speaker, printed, start, cue_start, cue_end, found_by, content, text = row[:22]
    speech, negated, hedged, reported_by, contradiction, occasion = row[22:]
    stored = stored_passage(passage)
    statement = Statement(
        speaker,
        Span(start, start + len(printed)),
        None if cue_start is None else Span(cue_start, cue_end),
        from_pairs(content),
        speech,
        bool(negated),
        bool(hedged),
        reported_by,
        tuple(json.loads(contradiction)),
        found_by,
        Occasion(*json.loads(occasion)) if occasion else None,
    )
    page = page_at(json.loads(row[6]), statement.content[0].start)
    return StoredStatement(id, stored.source, statement, printed, text, stored.passage, page)


def stored_passage(row: Sequence[Any]) -> StoredPassage:
    """The passage in a row of SOURCE_COLUMNS and PASSAGE_COLUMNS."""
    *source, page_starts, id, start, end, text, sentences, context = row
    spans = from_pairs(sentences)
    page = page_at(json.loads(page_starts), start)
    return StoredPassage(id, Source(*source), Passage(start, end, text, spans, context), page)


def missing(document_id: str) -> DocumentNotFound:
    """The same words for a document that is not there and one that may not be seen."""
    return DocumentNotFound(
        f"There is no document {document_id} in this index. "
        "It may have been removed; search again to find its successor."
    )
