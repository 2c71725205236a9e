"""An index as one person may read it: every reader, search, listing and page goes through
a view.

    Index -> view_of(principal) -> View: search, documents, speakers, statements, counts

A view keeps nothing that was read. Each call asks anew what its person may see, so that a
right that is taken away is gone with the next call, also in the middle of an answer.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.documents import (
    Details,
    Document,
    Found,
    Glob,
    Passage,
    Principal,
    Query,
    Source,
    StatementHit,
)
from index.english.dates import days, file_names
from index.models.embedding import Embedder, Vectors
from index.models.reranking import Scorer
from index.models.selecting import Selector
from index.rights.deciding import Granted
from index.search.searching import Search
from index.search.speakers import Roster, Speaker
from index.sharing import rights_of, unclear
from index.stores.protocols import Catalog, VectorStore, WordStore
from index.stores.stored import Scope, Term

if TYPE_CHECKING:
    from index.originals import EarlierVersion
    from index.reading.loading import Content
    from index.reading.pages.locating import PagePicture, PdfOutline


@dataclass(frozen=True, slots=True)
class Status:
    """What is in an index, as far as somebody may see it."""

    documents: int
    passages: int
    embedder: str
    version: str


class Library:
    """The documents of an index, as one person may read them. It needs the catalog alone."""

    def __init__(self, catalog: Catalog, principal: Principal) -> None:
        self._catalog = catalog
        self.principal = principal

    def sources(self, documents: Glob | None = None) -> list[Source]:
        """Every document, or those that a glob chooses, by name."""
        every = self._catalog.sources(self.principal)
        chosen = None if documents is None else self._scope(documents).document_ids
        return every if chosen is None else [source for source in every if source.id in chosen]

    def sources_of(self, document_ids: Iterable[str]) -> dict[str, Source]:
        """Those of these documents that may be read, by id."""
        return self._catalog.sources_of(document_ids, self.principal)

    def document(self, document_id: str) -> Document:
        """A whole document. Raises DocumentNotFound."""
        return self._catalog.document(document_id, self.principal)

    def details(self, document_ids: Sequence[str] | None = None) -> list[Details]:
        """What is known of every document, or of these, by name."""
        return self._catalog.details(self._scope(), document_ids)

    def left_out_of(self, document_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """What the files of these documents have and their texts have not, counted."""
        return self._catalog.left_out_of(document_ids, self._scope())

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages that a document was divided into, in reading order."""
        scope = self._scope()
        ids = self._catalog.passage_ids(document_id, scope)
        return [stored.passage for stored in self._catalog.passages(ids, scope)]

    def is_added(self, document_id: str) -> bool:
        """Does the index keep its file itself? Others come from folders. Raises
        DocumentNotFound."""
        from index.reading.finding import is_upload

        return is_upload(Path(self._catalog.file_of(document_id, self.principal).path))

    def address_of(self, document_id: str) -> str | None:
        """Where on the web a document was taken from; None for every other. Raises
        DocumentNotFound."""
        from index.originals import address_of

        return address_of(self._catalog, document_id, self.principal)

    def original(self, document_id: str) -> Content:
        """The file that a document was read from. Raises DocumentNotFound, OriginalGone."""
        from index.originals import original_of

        return original_of(self._catalog, document_id, self.principal)

    def earlier_versions(self, document_id: str) -> list[EarlierVersion]:
        """The files that a document has replaced, the latest first. Raises DocumentNotFound."""
        from index.originals import earlier_versions

        return earlier_versions(self._catalog, document_id, self.principal)

    def earlier_version(self, document_id: str, version: str) -> Content:
        """One of these. Raises DocumentNotFound."""
        from index.originals import earlier_version

        return earlier_version(self._catalog, document_id, self.principal, version)

    def page_picture(self, document_id: str, number: int) -> PagePicture:
        """A page of a PDF document as it looks, from 1. Raises DocumentNotFound, OriginalGone,
        UnreadableFile and ReaderUnavailable."""
        from index.originals import content_of, digest_of
        from index.page_pictures import PICTURES

        state = self._catalog.file_of(document_id, self.principal)
        return PICTURES.page(digest_of(state), number, lambda: content_of(state))

    def outline(self, document_id: str) -> PdfOutline:
        """How the pages of a PDF document are labelled, and its outline. Raises as
        `page_picture` does."""
        from index.originals import content_of, digest_of
        from index.page_pictures import PICTURES

        state = self._catalog.file_of(document_id, self.principal)
        return PICTURES.outline(digest_of(state), lambda: content_of(state))

    def visible(self, document_ids: Iterable[str]) -> frozenset[str]:
        """Those of these documents that may be read at this moment. To be asked before
        anything of an earlier answer is shown, and while one is under way."""
        return self._catalog.visible(document_ids, self._scope())

    def rights_of(self, document_id: str, *, administers: bool = False) -> Granted:
        """Who may read a document, for its owner, operators, and those who administer its
        tenant. Raises NotYours for its readers, DocumentNotFound for everybody else."""
        return rights_of(self._catalog, document_id, self.principal, administers=administers)

    def unclear_rights(self) -> list[str]:
        """What is wrong with rights files, for whoever administers: without the server's paths."""
        roots = [Path(root) for root in self._catalog.roots()]
        return [
            why.replace(f"{root.parent}/", "")
            for file, why in unclear(self._catalog).items()
            for root in roots
            if file.is_relative_to(root)
        ]

    def status(self) -> Status:
        """How much there is."""
        scope = self._scope()
        return Status(
            scope.document_count,
            scope.passage_count,
            self._catalog.fact("embedder") or "",
            self._catalog.version(scope),
        )

    def left_out(self) -> dict[str, int]:
        """What the documents' files have and their texts have not: {"hidden sheet": 2}."""
        return self._catalog.left_out(self._scope())

    def _scope(self, documents: Glob | None = None) -> Scope:
        """What may be seen now, of documents whose names match a glob."""
        return self._catalog.scope(self.principal, documents)


class View(Library):
    """The same with all that can be searched. `documents` is a glob everywhere."""

    def __init__(self, catalog: Catalog, search: Search, principal: Principal) -> None:
        super().__init__(catalog, principal)
        self._search = search

    def search(self, query: Query, count: int = 10) -> Found:
        """The best passages for a question: of the document alone whose file name it has, if
        there is one, and first of those whose names have the day that it asks about."""
        question, asked = query.standalone_question, query.documents
        named = self._first_with(f"*{glob.escape(name)}" for name in file_names(question))
        scope = named if named and asked is None else self._scope(asked)
        dated = self._first_with(f"*{day}*" for day in days(question)) if asked is None else None
        return self._search.search(query, scope, count, dated)

    def speakers(self, documents: Glob | None = None) -> list[Speaker]:
        """Everybody who is credited with statements, most of them first."""
        return self._roster(documents).speakers

    def is_speaker(self, words: str, documents: Glob | None = None) -> bool:
        """Is anybody called so who is credited with statements?"""
        return bool(self._roster(documents).find(words))

    def find_speakers(
        self, words: str, documents: Glob | None = None
    ) -> tuple[list[Speaker], list[Speaker]]:
        """Whom a person means by these words; if nobody, whose names are near."""
        roster = self._roster(documents)
        found = roster.find(words)
        return found, [] if found else roster.near(words)

    def statements(
        self, speaker: str | None = None, about: str | None = None, documents: Glob | None = None
    ) -> list[StatementHit]:
        """What a speaker said (None: anybody) about a topic (None: anything). On a topic the
        best come first, else they are in reading order."""
        return self._search.statements(self._scope(documents), speaker, about)

    def statements_of(self, document_id: str) -> list[StatementHit]:
        """Every statement of a document, in reading order, whoever made it."""
        return self._search.statements_of(document_id, self._scope())

    def terms(self, text: str) -> list[Term]:
        """The telling words of a text, and how rare they are in what may be read."""
        return self._search.terms(text, self._scope())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (texts, dimensions) of texts by themselves."""
        return self._search.embed(texts)

    def _first_with(self, patterns: Iterable[str]) -> Scope | None:
        """The scope of the first of these globs that matches a document."""
        scopes = map(self._scope, patterns)
        return next((scope for scope in scopes if scope.document_count), None)

    def _roster(self, documents: Glob | None) -> Roster:
        return self._search.roster(self._scope(documents))


class Index:
    """What was indexed. Nothing of it can be read but by a view.

    Without a vector store every vector in scope is scored from the catalog: as
    exact, and quicker for a single question than to open the store.
    """

    def __init__(
        self,
        catalog: Catalog,
        words: WordStore,
        embedder: Embedder,
        vectors: VectorStore | None = None,
        scorer: Scorer | None = None,
        selector: Selector | None = None,
    ) -> None:
        self._catalog = catalog
        self._derived = (words, vectors) if vectors else (words,)
        self._vectors = vectors
        self._search = Search(catalog, words, embedder, vectors, scorer, selector)

    def check(self) -> None:
        """Raises CatalogDamaged or StoreDamaged if it is not as it was written, or what is made
        from the catalog is not in line with it."""
        self.check_files()
        for store in self._derived:
            store.check()

    def check_files(self) -> None:
        """The same of the files alone, which is quick enough to be done before each answer:
        somebody, or a disk, may damage them while they are open."""
        self._catalog.check_seal()
        for store in self._derived:
            store.check_files()

    @property
    def is_degraded(self) -> bool:
        """Is the server of the vectors away, so that each is scored from the catalog?"""
        return self._vectors is not None and self._vectors.is_away

    def view_of(self, principal: Principal) -> View:
        """All of it that this person may read, at each moment."""
        return View(self._catalog, self._search, principal)
