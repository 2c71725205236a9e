"""What the index needs of its stores, so that other engines can take their place.

A word store and a vector store are made from the catalog, and follow it from the revision that
each of them has seen. They are opened for one catalog and have the same verbs: `publish` brings one
in line with it, `rebuild` makes it again, `check` tells whether it is whole, `search` asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol

from index.documents import (
    Credit,
    Details,
    Document,
    Glob,
    Passage,
    Principal,
    Sharing,
    Source,
    Statement,
)
from index.models.embedding import Vectors
from index.rights.deciding import NOTHING_SAID, Granted, Rights
from index.stores.packing import Ids, Packed
from index.stores.stored import (
    FileState,
    Scope,
    StatementVectors,
    StoredPassage,
    StoredStatement,
    Term,
    Vectorized,
)

StoreName = Literal["words", "vectors"]

LATEST = 2**62
"""A revision that no catalog comes to."""


class Catalog(Protocol):
    """The one truth, from which the others are made: documents, what was made of them, and who
    may see what. Reads from any thread; writes inside `writing()`, which is one transaction.

    Whatever is read for somebody is read in a Scope, and nothing leaves that the principal may
    not see at that moment.
    """

    def writing(self) -> AbstractContextManager[None]:
        """One transaction: all of it is kept, or nothing."""

    @property
    def is_shared(self) -> bool:
        """May other processes write to it at the same time?"""

    def claim(self, document_id: str) -> bool:
        """Does no other process work on this document? Then none does until it is released."""

    def release(self, document_id: str) -> None:
        """Others may work on it."""

    def check_seal(self) -> None:
        """Raises CatalogDamaged if the file is not as it was when it was sealed."""

    def seal(self) -> None:
        """Let damage anywhere in it be noticed, until somebody writes."""

    def fact(self, key: str) -> str | None:
        """One of the index's own facts ("embedder", "revision", …)."""

    def set_fact(self, key: str, value: str) -> None:
        """Write one of the index's own facts."""

    def forget_removed(self) -> None:
        """Leave no trace of what was removed in the log of writes either, unless somebody
        reads at this moment."""

    def close(self) -> None:
        """Close this thread's connection."""

    @property
    def revision(self) -> int:
        """Grows by one with each change to the documents."""

    def scope(self, principal: Principal, documents: Glob | None = None) -> Scope:
        """What this principal may see, of documents whose names match a glob.

        The one place that decides it: every search, listing and reader asks here.
        """

    def visible(self, document_ids: Iterable[str], scope: Scope) -> frozenset[str]:
        """Those of these documents that are in scope now."""

    def granted(self, scope: Scope) -> list[tuple[Source, Granted]]:
        """Who may read each document in scope, and where that is from."""

    def granted_to(self, document_id: str) -> Granted | None:
        """Who may read this document; None if there is none. It asks for no principal:
        for whoever decides on rights."""

    def stated(self, document_ids: Sequence[str]) -> Mapping[str, tuple[Sharing | None, Granted]]:
        """What these documents say themselves of their readers, and what holds."""

    def rights_given(self) -> Mapping[str, Rights]:
        """What was said of files and folders when they were indexed, by path."""

    def give_rights(self, path: str, rights: Rights) -> None:
        """Keep what is said of a file or folder. Inside `writing()`, as all below."""

    def take_given_rights(self, path: str) -> None:
        """Forget what was said of a file or folder and of what is in it."""

    def grant(self, document_id: str, granted: Granted) -> bool:
        """Let a document have these rights, unless others were set by hand. Are they new?"""

    def set_by_hand(self, document_id: str, rights: Rights) -> bool:
        """The same, for good: over all that files say, now and later."""

    def unset_by_hand(self, document_id: str, granted: Granted) -> bool:
        """Let a document have the rights that files say again."""

    def drop_unused_rights(self) -> None:
        """Forget sets that no document has any more; their ids are not given again."""

    def sources(self, principal: Principal) -> list[Source]:
        """Every document that the principal may see, by name."""

    def sources_of(self, document_ids: Iterable[str], principal: Principal) -> dict[str, Source]:
        """Those of these documents that the principal may see, by id."""

    def left_out(self, scope: Scope) -> dict[str, int]:
        """What the files of the documents in scope have and their texts have not, counted."""

    def details(self, scope: Scope, document_ids: Sequence[str] | None = None) -> list[Details]:
        """What is known of each document in scope, or of these of them, by name."""

    def left_out_of(self, document_ids: Sequence[str], scope: Scope) -> dict[str, dict[str, int]]:
        """The same as `left_out`, of each of these documents that are in scope."""

    def document(self, document_id: str, principal: Principal) -> Document:
        """Raises DocumentNotFound for one that is not there or not to be seen."""

    def version(self, scope: Scope) -> str:
        """The version of all that may be seen in this scope, whatever its glob: another one tells
        that answers may differ, and nothing of what else is in the index."""

    def inside(self, ids: Sequence[int], scope: Scope) -> list[int]:
        """Those of these passages that still exist and are in scope, in their order."""

    def passages(self, ids: Sequence[int], scope: Scope) -> list[StoredPassage]:
        """The passages with these ids that still exist and are in scope, in that order."""

    def passage_ids(self, document_id: str, scope: Scope) -> list[int]:
        """The passages of a document in scope, in reading order."""

    def vectorized(self, ids: Sequence[int], scope: Scope) -> Vectorized:
        """What ranks the passages with these ids that still exist and are in scope."""

    def vectors(self, scope: Scope) -> tuple[Ids, Vectors]:
        """Ids (n,) and vectors (n, dimensions) of every passage in scope."""

    def vectors_since(self, revision: int, scope: Scope) -> tuple[Ids, Vectors]:
        """Ids and vectors of the passages in scope that came after a revision."""

    def changes(
        self, store: StoreName, since: int, until: int = LATEST
    ) -> tuple[list[int], list[int]]:
        """Ids of passages that changed for a store after a revision, up to another one: (to add,
        to remove)."""

    def published(self, store: StoreName, seen: int, count: int) -> list[int]:
        """So many ids of passages that a store has which has seen so much: the latest."""

    @property
    def followed_from(self) -> int:
        """The revision from which on everything that was removed is known."""

    def texts(self, ids: Sequence[int]) -> list[tuple[int, str, int, str, str]]:
        """(id, document id, id of its rights, title, text) of these passages, for the word
        store."""

    def vectors_of(self, ids: Sequence[int]) -> tuple[Ids, Vectors]:
        """Ids and vectors of these passages, for the vector store."""

    def file_of(self, document_id: str, principal: Principal) -> FileState:
        """The file of a document. Raises DocumentNotFound for one that is not there or not to
        be seen."""

    def files(self, below: str) -> list[FileState]:
        """The indexed files at this absolute path or below it."""

    def copy_to(self, path: Path) -> None:
        """Make a file of all that is in the catalog at one moment. Others go on to read and
        write."""

    def move(self, folder: str, to: str) -> None:
        """Note that the files of a folder are in another one now. Their documents keep their
        ids. Inside `writing()`."""

    def forget_vectors_elsewhere(self) -> None:
        """A copy has no part in what the catalog that it is of has on a server. Inside
        `writing()`."""

    def roots(self) -> list[str]:
        """The folders and files that were given to be indexed."""

    @property
    def passage_count(self) -> int:
        """How many passages the whole index has."""

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

    def touch(self, state: FileState) -> None:
        """Note the file's state where its content has not changed."""

    def remove(self, document_id: str) -> None:
        """Forget a document, all that was made from it and what was set for it by hand."""

    def forget_removals(self) -> None:
        """Keep no longer list of what was removed than a store that follows may need. One that
        has not seen as much has to be made again."""

    def check(self) -> None:
        """Raises CatalogDamaged if anything in it is not as it was written."""

    def credits(self, scope: Scope) -> list[Credit]:
        """Who is credited in the documents in scope, and how often."""

    def statement_vectors(self, speakers: Collection[str], scope: Scope) -> StatementVectors:
        """What ranks the statements in scope that stand under one of these names."""

    def statements_in(self, passages: Sequence[int], scope: Scope) -> StatementVectors:
        """What ranks the statements in scope that begin in these passages."""

    def statement_ids(self, document_id: str, scope: Scope) -> list[int]:
        """The statements of a document in scope, in reading order."""

    def statements(self, ids: Sequence[int], scope: Scope) -> list[StoredStatement]:
        """The statements with these ids that still exist and are in scope, in that order."""

    def speaker_edits(self, scope: Scope) -> Mapping[tuple[str, str], str]:
        """What people have corrected: (name, document id or "" for all) -> name.

        Of what an operator said of all documents, others get what is about names that
        they can see: the name of somebody else would tell that there is such a one.
        """

    def edit_speaker(self, name: str, becomes: str | None, document_id: str = "") -> None:
        """Credit a name to somebody else, in one document or in all; None: as it was."""


class DerivedStore(Protocol):
    """What is made from the catalog. One process writes, the holder of the writer lock."""

    @property
    def seen(self) -> int:
        """The revision of the catalog up to which it holds everything."""

    @property
    def count(self) -> int:
        """How many passages it holds. Raises StoreDamaged."""

    def publish(self) -> None:
        """Bring it in line with the catalog; make it, where there was none yet."""

    def rebuild(self) -> None:
        """Make it again from the catalog, whatever is there."""

    def check(self) -> None:
        """Raises StoreDamaged unless it is as it was written and holds what the catalog
        says that it was given. What was found whole is not read again until it changes."""

    def check_files(self) -> None:
        """Raises StoreDamaged if a file is not as it was written. It takes less than a
        millisecond where none was touched, so it can be asked before each answer."""

    def close(self) -> None:
        """Let another process write."""


class WordStore(DerivedStore, Protocol):
    """Passages by their words."""

    def has_to_be_waited_for(self) -> bool:
        """Has it to take in so much of the catalog that whoever asks has to wait for it? Then that
        is said to them from now on, until it is published."""

    def search(self, terms: Sequence[Term], count: int, scope: Scope) -> dict[int, float]:
        """BM25 scores of the best passages in scope: {passage id: score}."""

    def terms(self, text: str, scope: Scope) -> list[Term]:
        """The words of a text, each once, with their weight in what may be seen, whatever
        the scope's glob. Function words only where there is nothing else."""

    def stems(self, text: str) -> frozenset[str]:
        """The words of a text as the index knows them."""

    def neighbour(self, term: Term, scope: Scope) -> str | None:
        """The most likely word of what may be seen that this unknown one was meant to be."""

    def cognate(self, term: Term, scope: Scope) -> str | None:
        """The word of what may be seen, in Latin letters, that most likely is of the same origin
        as this unknown one of another language."""

    def surface(self, word: str, texts: Iterable[str]) -> str | None:
        """The word as these texts print it: "rahmon" is printed Rahmon."""


class VectorStore(DerivedStore, Protocol):
    """Passages by nearest neighbours. One in a folder is opened by the holder of the writer lock
    alone."""

    @property
    def is_away(self) -> bool:
        """Is it on a server that gave no answer when it was last asked?"""

    def search(self, vector: Vectors, count: int) -> list[int]:
        """Ids of the published passages nearest to a vector, nearest first. Raises StoreAway
        where they are on a server."""
