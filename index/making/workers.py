"""Who makes of files what is written of them: this process, or others that do it side by side.

Only whoever owns the index writes. A worker gets the bytes of a file and gives back its document,
its passages and statements and their vectors; so a file can be made twice, and is written once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from index.attribution.languages import Attributor, languages
from index.errors import EmbedderMismatch, UnreadableFile
from index.making.embedded import Embedded, embed
from index.making.preparing import Prepared, prepare
from index.models.embedding import Embedder
from index.models.opening import open_embedder
from index.reading.loading import Content

MOST_TRIES = 3
"""How often a file is begun whose worker ended: what ends three of them will end the next."""


class Made(NamedTuple):
    """What is written of a file. `embedded` is None where its passages are to go through the
    model together with those of other files."""

    prepared: Prepared
    embedded: Embedded | None = None


Answer = Made | UnreadableFile
Answering = Callable[[], Answer]


class Workers(Protocol):
    """Who makes files, and how many may be under way at once before one is waited for."""

    @property
    def ahead(self) -> int:
        """Files that are begun before the first of them is waited for: two for each worker, so
        that the next one is there when one is done."""

    def begin(self, content: Content, document_id: str) -> Callable[[], Made]:
        """Begin a file; what is given back waits for it, and raises UnreadableFile."""


@dataclass(frozen=True, slots=True)
class Here:
    """This process makes each file when it is waited for."""

    embedder: Embedder
    attributor: Attributor
    ahead: int = 0

    def begin(self, content: Content, document_id: str) -> Callable[[], Made]:
        """Nothing begins before it is waited for."""
        return partial(self._make, content, document_id)

    def _make(self, content: Content, document_id: str) -> Made:
        return Made(prepare(content, document_id, self.embedder, self.attributor))


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a worker needs to make the same as the owner of the index would: settings of the same
    names, the folder with prepared models, and the identity that its embedder must have."""

    embedder: str
    models: Path
    identity: str
    languages: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Worker:
    """Makes one file after the other, with one thread. Raises EmbedderMismatch where this machine
    has another model of that name."""

    def __init__(self, recipe: Recipe) -> None:
        self._embedder = open_embedder(recipe.embedder, recipe.models, threads=1)
        if self._embedder.identity != recipe.identity:
            raise EmbedderMismatch(
                f"A worker has the embedding model {self._embedder.identity}, and the index was "
                f"made with {recipe.identity}. Install the same version everywhere."
            )
        self._attributor = Attributor(languages(recipe.languages))

    def process(self) -> int:
        """The number of the process that it is in."""
        return os.getpid()

    def make(self, content: Content, document_id: str) -> Answer:
        """What is written of a file, or why it cannot be read."""
        try:
            prepared = prepare(content, document_id, self._embedder, self._attributor)
        except UnreadableFile as error:
            return error
        (embedded,) = embed(self._embedder, [prepared])
        return Made(prepared, embedded)


def wait(
    name: str,
    begun: Answering,
    begin_again: Callable[[], Answering],
    lost: type[Exception] | tuple[type[Exception], ...],
) -> Made:
    """What a worker made of the file of this name. One whose worker is `lost` is begun again.
    Raises UnreadableFile."""
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            made = begun()
        except lost:
            if tries_left:
                begun = begin_again()
            continue
        if isinstance(made, UnreadableFile):
            raise made
        return made
    raise UnreadableFile(
        f"{name} ended {MOST_TRIES} workers that were to make it ready, most likely for want of "
        "memory. Index it without --workers and --ray, or leave it out."
    )
