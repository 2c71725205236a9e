"""Passages scored by reading each with the question: a Scorer protocol and the
sentence-transformers cross-encoder behind it.

Reading question and passage together judges better than comparing two vectors, and
takes a pass through the model for each pair: so only the best few are read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.embedding import weights_digest
from index.errors import RerankerUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

MOST_TOKENS = 256
"""Of question and passage together; what is longer is cut at its end. The passages of
polnear/dev have 111 tokens in the middle, 137 at the 90th percentile, 210 at most."""

PAIRS_PER_BATCH = 8
"""A six-layer model of 384 dimensions took .9 to 1.1 s of processor time for 30 pairs in
batches of 4 or 8, .9 to 1.2 s in batches of 16 and 1.1 to 1.6 s in batches of 32."""


class Scorer(Protocol):
    """What the index needs of a reranking model."""

    @property
    def identity(self) -> str:
        """Name and weights."""

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """How well each passage answers the question: more is better, of one question."""


def open_scorer(name: str) -> Scorer | None:
    """The scorer of that name or folder, loaded at first use; None for no name."""
    return CrossEncoderScorer(name) if name else None


class CrossEncoderScorer:
    """A cross-encoder with one output, by the name of a model or its folder.

    Raises RerankerUnavailable at first use when it cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def identity(self) -> str:
        return f"{self._name}@{weights_digest(self._name, self._model)[:12]}"

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        pairs = [(question, passage) for passage in passages]
        if not pairs:
            return []
        scores = self._model.predict(pairs, batch_size=PAIRS_PER_BATCH, show_progress_bar=False)
        return [float(score) for score in scores]

    @cached_property
    def _model(self) -> CrossEncoder:
        model = _load(self._name)
        if model.num_labels != 1:
            raise RerankerUnavailable(
                f"The model {self._name} has {model.num_labels} outputs: it sorts pairs into "
                "classes. A reranker has one, how well a passage answers."
            )
        model.max_seq_length = min(MOST_TOKENS, model.max_seq_length or MOST_TOKENS)
        return model


def _load(name: str) -> CrossEncoder:
    if Path(name).is_dir():
        os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    try:
        from sentence_transformers import CrossEncoder

        model: CrossEncoder = CrossEncoder(name, device="cpu")
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        raise RerankerUnavailable(
            f"The reranking model {name} cannot be loaded: {error}\n"
            "Set ONRECORD_RERANKER to the name of a sentence-transformers cross-encoder or to "
            "the folder of one, or to nothing for none."
        ) from error
    return model
