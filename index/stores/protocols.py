"""What the index needs of its stores, so that other engines can take their place.

A word store and a vector store are made from the catalog, which notes what each of them has
not seen yet. They are opened for one catalog and have the same verbs: `publish` brings one
in line with it, `rebuild` makes it again, `check` tells whether it is whole, `search` asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from index.models.embedding import Vectors
from index.stores.stored import Scope, Term

Store = Literal["words", "vectors"]


class DerivedStore(Protocol):
    """What is made from the catalog. One process writes, the holder of the writer lock."""

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

    def close(self) -> None:
        """Let another process write."""


class WordStore(DerivedStore, Protocol):
    """Passages by their words."""

    def search(self, terms: Sequence[Term], count: int, scope: Scope) -> dict[int, float]:
        """BM25 scores of the best passages in scope: {passage id: score}."""

    def terms(self, text: str, scope: Scope) -> list[Term]:
        """The words of a text, each once, with their weight in what may be seen, whatever
        the scope's glob. Function words only where there is nothing else."""

    def stem(self, word: str) -> str:
        """One word as the index knows it; empty for one it does not keep."""

    def neighbour(self, term: Term, scope: Scope) -> str | None:
        """The most likely word of what may be seen that this unknown one was meant to be."""

    def surface(self, word: str, texts: Iterable[str]) -> str | None:
        """The word as these texts print it: "rahmon" is printed Rahmon."""


class VectorStore(DerivedStore, Protocol):
    """Passages by nearest neighbours. Only the holder of the writer lock opens one."""

    def search(self, vector: Vectors, count: int) -> list[int]:
        """Ids of the published passages nearest to a vector, nearest first."""
