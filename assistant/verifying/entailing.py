"""Does a passage entail a sentence? As a model of natural language inference has it.

A check of meaning beside the checks of words, where such a model is set.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np

from index.models.cross_encoding import PairModel, Role

ENTAILMENT = Role("entailment model", "ONRECORD_ENTAILMENT")


class Entailer(Protocol):
    """What the judge of written sentences needs of such a model."""

    @property
    def identity(self) -> str:
        """Name and weights."""

    def doubt(self, premise: str, sentence: str) -> str:
        """Why the sentence does not follow from the premise; empty if it does."""


def open_entailer(name: str) -> Entailer | None:
    """The model of that name or folder, loaded at first use; None for no name."""
    return CrossEncoderEntailer(name) if name else None


class CrossEncoderEntailer:
    """A cross-encoder that sorts pairs into entailment, contradiction and neither, by the
    name of a model or its folder.

    Raises PairModelUnavailable at first use when it cannot be loaded or has no such
    classes.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def identity(self) -> str:
        return self._model.identity

    def doubt(self, premise: str, sentence: str) -> str:
        (row,) = self._model.outputs([(premise, sentence)])
        label = self._model.labels[int(np.argmax(row))]
        if label == "entailment":
            return ""
        if label == "contradiction":
            return "The passage contradicts this, by the entailment model."
        return "This does not follow from the passage, by the entailment model."

    @cached_property
    def _model(self) -> PairModel:
        model = PairModel(self._name, ENTAILMENT)
        missing = {"entailment", "contradiction"} - set(model.labels.values())
        if missing or len(model.labels) != 3:
            named = ", ".join(model.labels.values())
            raise model.refuse(
                "is none: it needs three classes, two of them called entailment and "
                f"contradiction, and has {named}."
            )
        return model
