"""A server keeps up with a catalog that other processes write to as well."""

from __future__ import annotations

import logging
import threading
import time

from index.errors import IndexingError
from index.ingesting import PASSAGES_PUBLISHED_AT_ONCE, Stores

log = logging.getLogger("onrecord.following")

LOOKED_EVERY = 0.5
"""Seconds."""

QUIET = 5.0
"""Seconds without a change after which vectors are published, or else when they are many: until
then they are scored from the catalog."""

ENDS_WITHIN = 10.0
"""Seconds that are waited for what is being published."""


class Following:
    """Brings what this process made from the catalog in line with it, in a thread of its own."""

    def __init__(self, stores: Stores, *, on_a_server: bool = False) -> None:
        self._stores = stores
        self._on_a_server = on_a_server
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="following", daemon=True)
        self._revision, self._changed = -1, 0.0
        self._told = ""

    def start(self) -> None:
        """Begin. Where everything is one process's alone, it publishes what it changes itself; a
        server of vectors may have been away."""
        if self._stores.catalog.is_shared or self._on_a_server:
            self._thread.start()

    def stop(self) -> None:
        """End when what is being done is done."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(ENDS_WITHIN)

    def _follow(self) -> None:
        while True:
            try:
                self.look()
                self._told = ""
            except (IndexingError, OSError) as error:
                self._tell(str(error))
            if self._ending.wait(LOOKED_EVERY):
                return

    def look(self) -> None:
        """Take in what changed since the last time."""
        catalog, now = self._stores.catalog, time.monotonic()
        revision = catalog.revision
        if revision != self._revision:
            self._stores.words.publish()
            self._revision, self._changed = revision, now
        vectors = self._stores.vectors
        waiting = sum(map(len, catalog.changes("vectors", vectors.seen)))
        if waiting >= PASSAGES_PUBLISHED_AT_ONCE or (waiting and now - self._changed > QUIET):
            vectors.publish()

    def _tell(self, trouble: str) -> None:
        """Once, however long it lasts."""
        if trouble != self._told:
            log.error("%s It is tried again.", trouble)
        self._told = trouble
