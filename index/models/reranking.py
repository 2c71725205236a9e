"""Passages scored by reading each with the question: a Scorer protocol and the
cross-encoder behind it.

Reading question and passage together judges better than comparing two vectors, and
takes a pass through the model for each pair: so only the best few are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from index.models.cross_encoding import PairModel, Role

RERANKER = Role("reranking model", "ONRECORD_RERANKER")


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

    Raises PairModelUnavailable at first use when it cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def identity(self) -> str:
        return self._model.identity

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        if not passages:
            return []
        return [float(row[0]) for row in self._model.outputs([(question, p) for p in passages])]

    @cached_property
    def _model(self) -> PairModel:
        model = PairModel(self._name, RERANKER)
        outputs = len(model.labels)
        if outputs != 1:
            raise model.refuse(
                f"has {outputs} outputs: it sorts pairs into classes. A reranker has one, how "
                "well a passage answers."
            )
        return model
