"""Text to vectors: what the index needs of an embedding model.

Sentence vectors come from the passage's own forward pass ("late chunking"): the
mean of the token vectors inside the sentence, so that "He said so." knows who. The headings
above it go through with it, so that "You have 26 days." knows of what.
Thresholds and weights elsewhere are those of the default model's cosines. The multilingual one
is brought to their scale where it is unpacked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.documents import Passage, Span

Vectors = NDArray[np.float32]

LONGEST_BEFORE = 120
"""Characters of what stands above a passage that are embedded in front of it, the nearest. With
them the evidence is among the first five passages for .820 of the questions of handbooks, of
tests.benchmarks.context and of two sets on public documents in the mean, without .798, and among
the first ten for .914 instead of .890. Paragraphs of squad/dev have nothing above them."""

TEXTS_KEPT = 20_000
"""Texts whose vectors are remembered: 31 MB of vectors with 384 dimensions."""


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Unit vectors: `passage` (dimensions,), `sentences` (sentences, dimensions)."""

    passage: Vectors
    sentences: Vectors


def before_it(passage: Passage) -> str:
    """The headings and what else stands above a passage, as a sentence in front of it."""
    above = " ".join(passage.context.replace(" / ", ": ").split())
    return f"{above[-LONGEST_BEFORE:]}. " if above else ""


class Tokens(NamedTuple):
    """Where the tokens of a text stand in it, and their unit vectors (tokens, dimensions), each
    seen among the others."""

    spans: tuple[Span, ...]
    vectors: Vectors


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def identity(self) -> str:
        """Name, weights and pooling; vectors of one identity can be compared."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def window(self) -> int:
        """The most tokens of a text that are seen, special tokens not counted."""

    def count_tokens(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Tokens of each span of the text."""

    def is_common(self, word: str) -> bool:
        """Is it so common that the model has a token for it, and so spelt right?"""

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of each passage and of its sentences, in the order given."""

    def embed_question(self, question: str) -> Vectors:
        """A unit vector (dimensions,)."""

    def embed_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each text, as far as the model's window goes; none of a model that gives
        vectors of whole texts alone."""


def cosines_to(vectors: Vectors, vector: Vectors) -> Vectors:
    """The cosine of each of these unit vectors (n, dimensions) with one (dimensions,).

    As `vectors @ vector`, but on one thread: those of OpenBLAS go on spinning for 25 ms after
    each product. The next stages had the processor to share with them, so that a question
    about one with 33,000 statements took 60 ms instead of 33 on 2 cores.
    """
    found: Vectors = np.vecdot(vectors, vector)
    return found


class RememberedTexts:
    """Vectors of texts by themselves. The latest are remembered, for answers to different
    questions are checked against the same sentences. Good for many threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (texts, dimensions)."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        whole = [Passage(0, len(text), text, (Span(0, len(text)),)) for text in missing]
        vectors = [each.passage for each in self._embedder.embed_passages(whole)]
        found |= dict(zip(missing, vectors, strict=True))
        with self._lock:
            for text in texts:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > TEXTS_KEPT:
                self._known.popitem(last=False)
        return np.stack([found[text] for text in texts])
