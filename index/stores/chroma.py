"""Vectors to passages by nearest neighbours. The only file that imports chromadb.

Chroma is asked without filters and only for ids; the catalog decides who may see
what. A process that dies while Chroma writes can leave its files unreadable for
good, so only the holder of the writer lock opens it, and the catalog notes that a
write has begun until it has ended.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from index.errors import StoreDamaged
from index.models.embedding import Vectors
from index.models.quiet import be_quiet
from index.stores.catalog import Catalog

if TYPE_CHECKING:
    import chromadb

BATCH = 5_000
"""Chroma takes at most 5,461 records at once."""

EF_SEARCH = 400
"""Recall at 10 was .90 with the default ef_search of 100 and .99 with 400, at 2 ms."""

COLLECTION = "passages"


class PassageVectorStore:
    """The vectors of every published passage. For the holder of the writer lock.

    Each store made afresh has a folder of its own, which the catalog names.
    """

    def __init__(self, home: Path, catalog: Catalog) -> None:
        self._home = home
        self._catalog = catalog
        self._collection: chromadb.Collection | None = None
        self._opening = Lock()

    def nearest(self, vector: Vectors, count: int) -> list[int]:
        """Ids of the published passages nearest to a vector, nearest first."""
        from chromadb.errors import ChromaError

        try:
            found = self._opened().query(
                query_embeddings=[vector.tolist()], n_results=count, include=[]
            )
        except ChromaError as error:
            raise _damaged(self._home, error) from error
        return [int(id) for id in found["ids"][0]]

    def publish(self) -> None:
        """Bring the store in line with the catalog, afresh where an earlier process
        died while it wrote or the folder is gone."""
        if not self._is_whole():
            self.renew()
        elif any(self._catalog.unpublished("vectors")):
            self._publish_to(self._opened())

    def renew(self) -> None:
        """Make the store again from the catalog, then drop every earlier one."""
        earlier = [folder.name for folder in self._home.glob("vectors-*")]
        earlier.append(self._catalog.fact("vectors_folder") or "vectors-0")
        number = max(int(name.rpartition("-")[2]) for name in earlier) + 1
        folder = self._home / f"vectors-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        with self._catalog.writing():
            self._catalog.set_fact("vectors_folder", folder.name)
            self._catalog.note_unpublished("vectors")
        self._collection = None
        fresh = _open_collection(folder)
        self._publish_to(fresh)
        self._collection = fresh
        for other in self._home.glob("vectors-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    @property
    def count(self) -> int:
        """How many vectors it holds."""
        return int(self._opened().count())

    def _is_whole(self) -> bool:
        folder = self._catalog.fact("vectors_folder")
        cut_off = self._catalog.fact("vectors_being_written") == "yes"
        return folder is not None and not cut_off and (self._home / folder).exists()

    def _opened(self) -> chromadb.Collection:
        """By one thread alone: Chroma fails if two open the same folder at once."""
        with self._opening:
            if self._collection is None:
                folder = self._catalog.fact("vectors_folder") or "vectors-1"
                self._collection = _open_collection(self._home / folder)
            return self._collection

    def _publish_to(self, collection: chromadb.Collection) -> None:
        added, removed = self._catalog.unpublished("vectors")
        with self._catalog.writing():
            self._catalog.set_fact("vectors_being_written", "yes")
        for batch in _batches(removed):
            collection.delete(ids=[str(id) for id in batch])
        for batch in _batches(added):
            ids, vectors = self._catalog.vectors_of(batch)
            collection.upsert(ids=[str(id) for id in ids], embeddings=vectors.tolist())
        with self._catalog.writing():
            self._catalog.note_published("vectors", [*added, *removed])
            self._catalog.set_fact("vectors_being_written", "no")


def _open_collection(folder: Path) -> chromadb.Collection:
    be_quiet()
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    folder.mkdir(parents=True, exist_ok=True)
    try:
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        return client.get_or_create_collection(
            COLLECTION,
            configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
            embedding_function=None,
        )
    except ChromaError as error:
        raise _damaged(folder, error) from error


def _damaged(folder: Path, error: Exception) -> StoreDamaged:
    return StoreDamaged(
        f"The vector index in {folder} cannot be read: {error}. "
        "Make it again from the catalog with: onrecord rebuild"
    )


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
