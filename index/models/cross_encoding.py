"""Cross-encoders of sentence-transformers: models that read two texts together.

The only file that imports them. What their outputs mean is up to those who use one:
`reranking`, and the assistant's checks of written sentences.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import PairModelUnavailable
from index.models.opening import weights_digest

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

MOST_TOKENS = 256
"""Tokens of both texts together; what is longer is cut at its end. The passages of polnear/dev
have 111 tokens in the middle, 137 at the 90th percentile, 210 at most."""

PAIRS_PER_BATCH = 8
"""A six-layer model of 384 dimensions took .9 to 1.1 s of processor time for 30 pairs in
batches of 4 or 8, .9 to 1.2 s in batches of 16 and 1.1 to 1.6 s in batches of 32."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a model is for, in the words of its errors, and the setting that names it."""

    model: str
    setting: str


class PairModel:
    """A cross-encoder by the name of a model or its folder, loaded at first use.

    Raises PairModelUnavailable then, if it cannot be loaded.
    """

    def __init__(self, name: str, role: Role) -> None:
        self._name, self._role = name, role

    @cached_property
    def identity(self) -> str:
        """Name and weights."""
        return f"{self._name}@{weights_digest(self._name, self._model)[:12]}"

    @property
    def labels(self) -> Mapping[int, str]:
        """What the model calls each of its outputs, in small letters."""
        config = self._model.config
        named = (config.id2label if config else None) or {}
        return {int(output): str(label).lower() for output, label in named.items()}

    def outputs(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """One row a pair, one column an output."""
        rows = self._model.predict(list(pairs), batch_size=PAIRS_PER_BATCH, show_progress_bar=False)
        return np.asarray(rows, np.float32).reshape(len(pairs), -1)

    def refuse(self, why: str) -> PairModelUnavailable:
        """The error that this model is none for its role, because of `why`."""
        return PairModelUnavailable(
            f"The {self._role.model} {self._name} {why}\n"
            f"Set {self._role.setting} to the name of a sentence-transformers cross-encoder or "
            "to the folder of one, or to nothing for none."
        )

    @cached_property
    def _model(self) -> CrossEncoder:
        if Path(self._name).is_dir():
            os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
        try:
            from sentence_transformers import CrossEncoder

            model: CrossEncoder = CrossEncoder(self._name, device="cpu")
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            raise self.refuse(f"cannot be loaded: {error}") from error
        model.max_seq_length = min(MOST_TOKENS, model.max_seq_length or MOST_TOKENS)
        return model
