"""Answer selection: a model that reads a question together with passages, and tells which of
their sentences answer it, if any.

For each sentence it gives the log odds that the answer stands in it, against "this passage has no
answer". A vector tells what a sentence is about; this tells whether it answers. The folder
`selector` has the model, with a card that says what it was trained with and what it can do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.documents import Passage, Span
from index.errors import PairModelUnavailable
from index.models.embedding import Vectors, before_it
from index.models.exported import GRAPH, TOKENIZER, OnnxModel

if TYPE_CHECKING:
    from tokenizers import Encoding

PACKAGED, NONE = "packaged", "none"

WINDOW = 288
"""Tokens of a question, what stands above a passage, and the passage: what the model reads at
once. Of a longer passage the rest is read in further windows."""

QUESTION, ABOVE = 40, 32
"""The most tokens of a question, of its first words, and of what stands above a passage, of its
last ones."""

OVERLAP = 0.33
"""The share of a window that the next one reads again: a sentence is whole in one of them."""

NOT_READ = -20.0
"""Log odds of a sentence without a token."""


def open_selector(name: str) -> Selector | None:
    """The selector that comes with the program, the one in a folder, or none.

    Raises PairModelUnavailable where the folder has none.
    """
    if name == NONE:
        return None
    folder = Path(__file__).parent / "selector" if name == PACKAGED else Path(name)
    lacking = [file for file in (GRAPH, TOKENIZER) if not (folder / file).is_file()]
    if lacking:
        raise PairModelUnavailable(
            f"There is no answer selector in {folder}: it lacks {' and '.join(lacking)}.\n"
            f"Set ONRECORD_SELECTOR to a folder that has one, or to {NONE}, or leave it out."
        )
    return Selector(folder)


class Selector(OnnxModel):
    """The answer selector in a folder."""

    def odds(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """For each passage, the log odds of each of its sentences, natural logarithm."""
        texts = [question, *map(before_it, passages), *(passage.text for passage in passages)]
        asked, *encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        above, own = encoded[: len(passages)], encoded[len(passages) :]
        return [
            _of_sentences(passage, encoding, self._of_tokens(asked, before, encoding))
            for passage, before, encoding in zip(passages, above, own, strict=True)
        ]

    def _of_tokens(self, asked: Encoding, above: Encoding, own: Encoding) -> NDArray[np.float64]:
        """The log odds that each token of a passage is of an answer."""
        first, between = self._tokenizer.encode("").ids
        head = [first, *asked.ids[:QUESTION], between]
        before = [*head, *above.ids[-ABOVE:]]
        room = WINDOW - len(before) - 1
        odds = np.full(len(own.ids), NOT_READ)
        for start in _starts(len(own.ids), room):
            read = own.ids[start : start + room]
            ids = [*before, *read, between]
            kinds = [0] * len(head) + [1] * (len(ids) - len(head))
            row = self._run(ids, kinds)[len(before) : len(before) + len(read)]
            place = slice(start, start + len(read))
            odds[place] = np.maximum(odds[place], row)
        return odds

    def _run(self, ids: Sequence[int], kinds: Sequence[int]) -> Vectors:
        """The log odds of each token of one window. Windows are read one by one, for in a batch the
        shorter ones would cost what the longest does."""
        odds = self._graph(
            {
                "input_ids": np.array([ids], np.int64),
                "attention_mask": np.ones((1, len(ids)), np.int64),
                "token_type_ids": np.array([kinds], np.int64),
            }
        )
        window: Vectors = odds[0]
        return window


def _starts(tokens: int, room: int) -> Iterator[int]:
    """Where windows begin that together have all tokens, each with room for so many."""
    yield from range(0, max(1, tokens - int(OVERLAP * room)), room - int(OVERLAP * room))


def _of_sentences(passage: Passage, encoding: Encoding, odds: NDArray[np.float64]) -> list[float]:
    """The log odds that any token of a sentence is of an answer."""
    starts = np.array([start + passage.start for start, _ in encoding.offsets])
    return [
        float(np.logaddexp.reduce(odds[_inside(starts, sentence)], initial=NOT_READ))
        for sentence in passage.sentences
    ]


def _inside(starts: NDArray[np.int64], span: Span) -> slice:
    low, high = np.searchsorted(starts, (span.start, span.end))
    return slice(int(low), int(high))
