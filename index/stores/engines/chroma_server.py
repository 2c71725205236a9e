"""Vectors to passages by nearest neighbours, on a server of Chroma that several processes use.

It is asked as the folder is, without filters and only for ids. What is published there is told by
the catalog, for it is the same for every process; one of them publishes at a time. While the
server gives no answer, vectors are scored from the catalog, as exactly as ever.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING

from index.errors import StoreAway, StoreDamaged
from index.models.embedding import Vectors
from index.stores.engines.chroma import asking, batches, connect, open_collection
from index.stores.protocols import Catalog

if TYPE_CHECKING:
    from index.stores.engines.chroma import Collection

log = logging.getLogger("onrecord.vectors")

AT_ONCE = 500
"""Revisions that are published together: so much is done again after a process died."""

AWAY_FOR = 3.0
"""Seconds until a server that gave no answer is asked again."""

PROBES = 20
"""Published passages that are looked for with their own vectors."""

FOUND = 0.95
"""Share of them that a sound index finds at least: it looks for what is near, not for all."""

CLAIM = "vectors on the server"


class ServedVectors:
    """The vectors of every published passage. Any process may ask and publish."""

    def __init__(self, address: str, token: str, catalog: Catalog) -> None:
        self._address = address
        self._token = token
        self._catalog = catalog
        self._opened: tuple[str, Collection] | None = None
        self._opening = RLock()
        self._away_until = 0.0
        self._is_probed = self._is_away = False

    @property
    def seen(self) -> int:
        """The revision of the catalog up to which it holds everything."""
        return int(self._catalog.fact("chroma_revision") or 0)

    @property
    def is_away(self) -> bool:
        """Did the server give no answer when it was last asked?"""
        return self._is_away

    def search(self, vector: Vectors, count: int) -> list[int]:
        """Ids of the published passages nearest to a vector, nearest first. Raises StoreAway."""
        collection = self._collection()
        with self._asking():
            found = collection.query(
                query_embeddings=[vector.tolist()], n_results=count, include=[]
            )
        return [int(id) for id in found["ids"][0]]

    def publish(self) -> None:
        """Bring the store in line with the catalog, unless another process is about to or the
        server is away: whoever follows the catalog takes it up again."""
        try:
            if self.seen < self._catalog.followed_from:
                self.rebuild()
            elif self._catalog.claim(CLAIM):
                try:
                    self._publish()
                finally:
                    self._catalog.release(CLAIM)
        except StoreAway as away:
            log.warning("%s", away)

    def rebuild(self) -> None:
        """Make the store again from the catalog, then drop the earlier one. Raises StoreAway."""
        if not self._catalog.claim(CLAIM):
            return
        try:
            earlier = self._name
            with self._catalog.writing():
                self._catalog.set_fact("chroma_revision", "0")
                self._catalog.set_fact("chroma_collection", f"onrecord-{secrets.token_hex(8)}")
            self._publish()
            if earlier:
                with suppress(StoreDamaged), self._asking():
                    connect(self._address, self._token).delete_collection(earlier)
        finally:
            self._catalog.release(CLAIM)

    def check(self) -> None:
        """Raises StoreDamaged unless it holds what the catalog says that it was given, and, once
        in the life of a process, finds passages by their own vectors. A server that is away is
        not damaged."""
        if not self.seen:
            return
        with suppress(StoreAway):
            self._check_count()
            if not self._is_probed:
                self._probe()
                self._is_probed = True

    def check_files(self) -> None:
        """Its files are the server's."""

    @property
    def count(self) -> int:
        """How many vectors it holds. Raises StoreAway."""
        collection = self._collection()
        with self._asking():
            return int(collection.count())

    def close(self) -> None:
        """There is nothing to let go."""

    @property
    def _name(self) -> str:
        return self._catalog.fact("chroma_collection") or ""

    def _collection(self) -> Collection:
        """The one that the catalog names: another process may have made it again."""
        name = self._name
        if not name:
            raise self._damaged("was never made")
        with self._opening:
            if self._opened is None or self._opened[0] != name:
                with self._asking():
                    client = connect(self._address, self._token)
                    self._opened = (name, open_collection(client, name))
            return self._opened[1]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Raises StoreAway, at once where it was away a moment ago."""
        if time.monotonic() < self._away_until:
            raise StoreAway("vector index", self._address, "it gave none a moment ago")
        try:
            with asking(self._address):
                yield
        except StoreAway:
            self._away_until, self._is_away = time.monotonic() + AWAY_FOR, True
            self._opened = None
            raise
        self._is_away = False

    def _publish(self) -> None:
        if not self._name:
            with self._catalog.writing():
                self._catalog.set_fact("chroma_collection", f"onrecord-{secrets.token_hex(8)}")
        latest = self._catalog.revision
        while (seen := self.seen) < latest:
            until = min(latest, seen + AT_ONCE)
            added, removed = self._catalog.changes("vectors", seen, until)
            if added or removed:
                self._replace(added, removed)
            with self._catalog.writing():
                self._catalog.set_fact("chroma_revision", str(until))

    def _replace(self, added: Sequence[int], removed: Sequence[int]) -> None:
        """The same twice changes nothing."""
        collection = self._collection()
        for batch in batches(removed):
            with self._asking():
                collection.delete(ids=[str(id) for id in batch])
        for batch in batches(added):
            ids, vectors = self._catalog.vectors_of(batch)
            if len(ids):
                with self._asking():
                    collection.upsert(ids=[str(id) for id in ids], embeddings=vectors.tolist())

    def _check_count(self) -> None:
        """Another process may publish meanwhile."""
        before, _ = self._catalog.changes("vectors", self.seen)
        held = self.count
        added, removed = map(len, self._catalog.changes("vectors", self.seen))
        waiting, passages = max(added, len(before)), self._catalog.passage_count
        if not passages - waiting <= held <= passages + waiting + removed:
            raise self._damaged(f"holds {held:,} passages, not the {passages:,} of the catalog")

    def _probe(self) -> None:
        _, own = self._catalog.vectors_of(self._catalog.published("vectors", self.seen, PROBES))
        found = [self._catalog.vectors_of(self.search(vector, 1))[1] for vector in own]
        same = [
            len(near) == 1 and float(near[0] @ vector) > 0.999 * float(vector @ vector)
            for near, vector in zip(found, own, strict=True)
        ]
        if same and sum(same) / len(same) < FOUND:
            raise self._damaged("does not find passages by their own vectors")

    def _damaged(self, trouble: str) -> StoreDamaged:
        return StoreDamaged("vector index", self._address, trouble)
