"""Vectors to passages by nearest neighbours. The only file that imports chromadb.

Chroma is asked without filters and only for ids; the catalog decides who may see
what. A process that dies while Chroma writes can leave its files unreadable for
good, and damaged ones end the process that asks: so only the holder of the writer lock
opens it, and notes beside it that a write has begun until it has ended, and then the
checksums of all files, without which none is opened.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from index.checksums import checksums, differing
from index.errors import StoreAway, StoreDamaged
from index.models.embedding import Vectors
from index.models.quiet import be_quiet
from index.stores.following import LATER, Notes
from index.stores.protocols import Catalog

if TYPE_CHECKING:
    import chromadb
    from chromadb.api import ClientAPI

    Collection: TypeAlias = chromadb.Collection

BATCH = 5_000
"""Chroma takes at most 5,461 records at once."""

EF_SEARCH = 400
"""Recall at 10 was .90 with the default ef_search of 100 and .99 with 400, at 2 ms."""

ANSWERS_WITHIN = 20.0
"""Seconds until a server that says nothing counts as away."""

COLLECTION = "passages"

DATABASE = "chroma.sqlite3"

NOTES = "vectors.json"

NOTED = ("folder", "files", "being_written", "revision")
"""What is noted in that file: the folder, the checksums of its files, whether it is being
written, and the revision of the catalog up to which it holds everything."""


class ChromaVectors:
    """The vectors of every published passage. For the holder of the writer lock.

    Each store made afresh has a folder of its own, which is noted in the home.
    """

    def __init__(self, home: Path, catalog: Catalog) -> None:
        self._home = home
        self._catalog = catalog
        self._collection: chromadb.Collection | None = None
        self._is_loaded = False
        self._opening = Lock()
        self._writing = RLock()
        self._notes = Notes(home / NOTES)

    def search(self, vector: Vectors, count: int) -> list[int]:
        """Ids of the published passages nearest to a vector, nearest first."""
        collection = self._opened()
        if self._is_loaded:
            return self._nearest(collection, vector, count)
        with self._writing:
            found = self._nearest(collection, vector, count)
            self._note_files()
            self._is_loaded = True
        return found

    def publish(self) -> None:
        """Bring the store in line with the catalog, afresh where an earlier process
        died while it wrote or the folder is gone."""
        with self._writing:
            folder, is_behind = self._folder, self.seen < self._catalog.followed_from
            if folder is None or not folder.exists() or self._was_cut_off or is_behind:
                self.rebuild()
            elif any(self._catalog.changes("vectors", self.seen)):
                self._publish_to(self._opened(), folder)

    def rebuild(self) -> None:
        """Make the store again from the catalog, then drop every earlier one."""
        with self._writing:
            folder = self._home / f"vectors-{self._next_number()}"
            self._notes.note(folder=folder.name, revision=0, being_written="yes")
            self._collection = None
            fresh = _open_collection(folder)
            self._publish_to(fresh, folder)
            self._collection, self._is_loaded = fresh, False
        for other in self._home.glob("vectors-*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def check(self) -> None:
        """Raises StoreDamaged unless every file is as it was when the catalog's passages
        were published. While this process opens or writes it, that cannot be told."""
        if self._opening.acquire(blocking=False):
            try:
                self._check_unless_written()
            finally:
                self._opening.release()

    def check_files(self) -> None:
        """The same: it looks at nothing but its files."""
        self.check()

    @property
    def seen(self) -> int:
        """The revision of the catalog up to which it holds everything."""
        return int(self._said("revision") or 0)

    @property
    def is_away(self) -> bool:
        """It is in a folder."""
        return False

    @property
    def count(self) -> int:
        """How many vectors it holds."""
        return int(self._opened().count())

    def close(self) -> None:
        """There is nothing to let go: Chroma holds no lock."""

    def _check_unless_written(self) -> None:
        if self._writing.acquire(blocking=False):
            try:
                self._check()
            finally:
                self._writing.release()

    def _check(self) -> None:
        seen = self.seen
        if seen > self._catalog.revision:
            raise self._damaged(LATER)
        added, _ = self._catalog.changes("vectors", seen)
        if self._folder is None and len(added) == self._catalog.passage_count:
            return
        if self._folder is None or not (self._folder / DATABASE).exists():
            raise self._damaged("is gone")
        if self._was_cut_off:
            raise self._damaged("was being written when a process died")
        changed = next(differing(self._folder, self._noted), None)
        if changed:
            raise self._damaged(f"was changed: {changed} is not as it was written")

    @property
    def _folder(self) -> Path | None:
        name = self._said("folder")
        return self._home / name if name else None

    @property
    def _was_cut_off(self) -> bool:
        return self._said("being_written") == "yes"

    @property
    def _noted(self) -> dict[str, str]:
        noted: dict[str, str] = json.loads(self._said("files") or "{}")
        return noted

    def _said(self, key: str) -> str | None:
        """What is noted of the store; earlier programs noted it in the catalog."""
        noted = self._notes.read()
        return noted.get(key) if noted else self._catalog.fact(f"vectors_{key}")

    def _next_number(self) -> int:
        """One that no folder has or had: Chroma remembers what it opened."""
        earlier = [folder.name for folder in self._home.glob("vectors-*")]
        earlier.append(self._said("folder") or "")
        numbers = [name.rpartition("-")[2] for name in earlier]
        return max((int(number) for number in numbers if number.isdecimal()), default=0) + 1

    def _opened(self) -> chromadb.Collection:
        """By one thread alone: Chroma fails if two open the same folder at once, and writes into
        its files, which are other ones until they are noted."""
        with self._opening:
            if self._collection is None:
                self._check_unless_written()
                folder = self._folder
                if folder is None:
                    raise self._damaged("was never made")
                collection = _open_collection(folder)
                self._check_count(collection.count())
                self._note_files()
                self._collection, self._is_loaded = collection, False
            return self._collection

    def _check_count(self, count: int) -> None:
        added, removed = map(len, self._catalog.changes("vectors", self.seen))
        published = self._catalog.passage_count - added
        if not published <= count <= published + added + removed:
            raise self._damaged(f"holds {count:,} passages, not the {published:,} of the catalog")

    def _nearest(self, collection: chromadb.Collection, vector: Vectors, count: int) -> list[int]:
        from chromadb.errors import ChromaError

        try:
            found = collection.query(
                query_embeddings=[vector.tolist()], n_results=count, include=[]
            )
        except ChromaError as error:
            raise self._damaged(f"cannot be read: {error}") from error
        return [int(id) for id in found["ids"][0]]

    def _note_files(self) -> None:
        """Chroma writes into its database when it is opened, and writes the files of a small
        index anew at the first search, not always with the same bytes."""
        if self._folder is not None:
            self._note(files=json.dumps(checksums(self._folder, self._noted)))

    def _publish_to(self, collection: chromadb.Collection, folder: Path) -> None:
        revision = self._catalog.revision
        added, removed = self._catalog.changes("vectors", self.seen)
        self._note(being_written="yes")
        for batch in batches(removed):
            collection.delete(ids=[str(id) for id in batch])
        for batch in batches(added):
            ids, vectors = self._catalog.vectors_of(batch)
            collection.upsert(ids=[str(id) for id in ids], embeddings=vectors)
        files = [str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()]
        noted = json.dumps(checksums(folder, sorted(files)))
        self._note(revision=revision, files=noted, being_written="no")

    def _note(self, **facts: object) -> None:
        """What an earlier program noted in the catalog is taken over."""
        kept = {} if self._notes.read() else {key: self._said(key) or "" for key in NOTED}
        self._notes.note(**{**kept, **facts})

    def _damaged(self, trouble: str) -> StoreDamaged:
        return StoreDamaged("vector index", self._folder or self._home, trouble)


def _open_collection(folder: Path) -> chromadb.Collection:
    be_quiet()
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    folder.mkdir(parents=True, exist_ok=True)
    try:
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        return open_collection(client, COLLECTION)
    except ChromaError as error:
        raise StoreDamaged("vector index", folder, f"cannot be read: {error}") from error


def open_collection(client: ClientAPI, name: str) -> chromadb.Collection:
    """The collection of this name, which is made if there is none."""
    return client.get_or_create_collection(
        name,
        configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
        embedding_function=None,
    )


def connect(address: str, token: str) -> ClientAPI:
    """A server: http://host:8000, or https://host/TENANT/DATABASE where it has several. To be
    used inside `asking`."""
    be_quiet()
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(address)
    names = [name for name in parts.path.split("/") if name]
    is_safe = parts.scheme == "https"
    client = chromadb.HttpClient(
        parts.hostname or "",
        parts.port or (443 if is_safe else 80),
        is_safe,
        {"X-Chroma-Token": token} if token else {},
        Settings(anonymized_telemetry=False),
        *names,
    )
    sessions: Any = client
    sessions._server._session.timeout = ANSWERS_WITHIN  # the library itself waits for ever
    return client


@contextmanager
def asking(address: str) -> Iterator[None]:
    """Raises StoreAway for a server that gives no answer or an error, and StoreDamaged for one
    that does not know what it is asked for."""
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError as error:
        raise StoreDamaged("vector index", address, "is gone from the server") from error
    except (httpx.HTTPError, ChromaError, ValueError) as error:
        raise StoreAway("vector index", address, str(error).partition("\n")[0]) from error


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many as Chroma takes at once."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
