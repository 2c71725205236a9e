"""Scores of questions to figures of a set.

Each question gives every figure a ratio: a part and a whole. A figure is the sum of the
parts by the sum of the wholes, or the harmonic mean of two such figures. So the figures
of any part or resample of a set are sums over the same ratios.

    mean over questions    sentence_f1: (f1 of the question, 1)
    counted over all       attribution_precision: (right citations, judged citations)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.scoring.metrics import Score

Floats: TypeAlias = NDArray[np.float64]
Ratio = tuple[float, float]
Ratios = Mapping[str, Ratio]
"""The ratios of one question by the names of their figures."""

F1S = {
    "abstention_f1": ("abstention_precision", "abstention_recall"),
    "attribution_f1": ("attribution_precision", "attribution_recall"),
}
"""A harmonic mean -> its precision and recall. A precision of nothing is 0 here: who never
abstains catches nothing, and who cites nothing attributes nothing."""

LOWER_IS_BETTER = frozenset(
    {"false_answers", "false_refusals", "dangling_citations", "latency_p50", "latency_p95"}
)

JUDGED = ("faithfulness", "answer_relevance")
"""Figures that rest on what a language model thinks."""


def ratios(score: Score) -> dict[str, Ratio]:
    """What one question adds to each figure."""
    found: dict[str, Ratio] = {name: (share, 1.0) for name, share in score.shares.items()}
    found |= _of_abstaining(answerable=score.answerable, abstained=score.abstained)
    found |= {
        "attribution_precision": (score.attribution.right, score.attribution.judged),
        "attribution_recall": (score.attribution.found, score.attribution.statements),
        "speaker_accuracy": (score.speakers.right, score.speakers.known),
        "credit_accuracy": (score.credits.right, score.credits.known),
        "verbatim_rate": (score.exact_quotes, score.quotes),
        "dangling_citations": (score.dangling, score.marks),
    }
    return {name: ratio for name, ratio in found.items() if ratio[1]}


def _of_abstaining(*, answerable: bool, abstained: bool) -> dict[str, Ratio]:
    caught: dict[str, Ratio] = {"abstention_precision": (not answerable, 1.0)} if abstained else {}
    if answerable:
        return caught | {
            "answered_of_answerable": (not abstained, 1.0),
            "false_refusals": (abstained, 1.0),
        }
    return caught | {"abstention_recall": (abstained, 1.0), "false_answers": (not abstained, 1.0)}


class Tally:
    """The ratios of many questions as arrays [questions, names]: parts and wholes."""

    def __init__(self, rows: Sequence[Ratios], names: Iterable[str] = ()) -> None:
        self.names = _in_order({name for row in rows for name in row} | set(names))
        cells = [[row.get(name, (0.0, 0.0)) for name in self.names] for row in rows]
        table = np.array(cells, dtype=np.float64).reshape(len(rows), len(self.names), 2)
        self.parts: Floats = table[..., 0]
        self.wholes: Floats = table[..., 1]

    def figures(self) -> dict[str, float]:
        """Every figure that these questions define."""
        values = figures_of(self.names, self.parts.sum(axis=0), self.wholes.sum(axis=0))
        return {name: float(value) for name, value in values.items()}

    def weighted(self, weights: Floats) -> dict[str, Floats]:
        """The figures of resamples; `weights` [resamples, questions] says how often each
        question is in each. Not a number where a resample does not define a figure."""
        return figures_of(self.names, weights @ self.parts, weights @ self.wholes)


def figures(scores: Iterable[Score]) -> dict[str, float]:
    """Every figure that these questions define, by its name."""
    return Tally([ratios(score) for score in scores]).figures()


def figures_of(names: Sequence[str], parts: Floats, wholes: Floats) -> dict[str, Floats]:
    """The figures of summed ratios [..., names]. A name without any whole has none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(wholes > 0, parts / np.where(wholes > 0, wholes, 1.0), np.nan)
    values = {
        name: shares[..., column]
        for column, name in enumerate(names)
        if np.any(wholes[..., column])
    }
    for name, pair in F1S.items():
        values = _with_f1(values, name, *pair)
    return {name: values[name] for name in _in_order(values)}


def _with_f1(
    values: dict[str, Floats], name: str, precision: str, recall: str
) -> dict[str, Floats]:
    """Without a recall there is nothing to be precise about."""
    if recall not in values:
        return {other: value for other, value in values.items() if other != precision}
    p = np.nan_to_num(values.get(precision, np.zeros_like(values[recall])))
    r = np.nan_to_num(values[recall])
    f1 = np.where(p + r > 0, 2 * p * r / np.where(p + r > 0, p + r, 1.0), 0.0)
    return values | {precision: p, recall: r, name: f1}


ORDER = (
    *("evidence_recall", "mrr", "ndcg", "sentence", "citation", "attribution", "speaker"),
    *("credit", "verbatim", "dangling", "key_facts", "token_f1"),
    *("answered", "abstention", "false", *JUDGED),
)
"""How the names of figures begin, in the order in which people read them."""


def _in_order(names: Iterable[str]) -> list[str]:
    """Known ones as listed; within one beginning by the number or word that follows."""

    def place(name: str) -> tuple[int, int, str]:
        known = next((i for i, begin in enumerate(ORDER) if name.startswith(begin)), len(ORDER))
        _, _, k = name.partition("@")
        return known, int(k) if k.isdigit() else KINDS.get(name.rpartition("_")[2], 0), name

    return sorted(names, key=place)


KINDS = {"precision": 1, "recall": 2, "f1": 3}
