"""How sure the figures are: intervals of one run, tests between two, by resampling.

Questions are what is drawn, so that a set of few says so. Everything is seeded: the same
run gives the same intervals and p-values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from assistant.evaluation.scoring.figures import Floats, Tally, figures_of

SEED = 20_261
RESAMPLES = 2_000
"""How often a bootstrap draws: the bounds of an interval then move by about a tenth of its width
between seeds."""

SHUFFLES = 9_999
"""How often a permutation test shuffles: the smallest p-value is 1/10,000."""

AT_ONCE = 250
"""Resamples in memory together: 250 of 3,000 questions are 6 MB."""

LEVEL = 0.95
Interval = tuple[float, float]


def intervals(tally: Tally, times: Sequence[float] = ()) -> dict[str, Interval]:
    """The 95 % interval of each figure: percentiles of the figures of resamples, drawn
    with replacement (Efron's percentile bootstrap). With `times` (ms) also of the
    latencies, `latency_p50` and `latency_p95`.

    Where all questions have 0, or all have 1, every resample has the same, which would
    claim certainty; the other bound is then that of Clopper and Pearson.
    """
    drawn: dict[str, list[Floats]] = {}
    ordered = np.array(times, dtype=np.float64)
    for picks in _draws(len(tally.parts)):
        for name, values in tally.weighted(_weights(picks, len(tally.parts))).items():
            drawn.setdefault(name, []).append(values)
        if len(times):
            for name, share in PERCENTILES.items():
                drawn.setdefault(name, []).append(_percentile(ordered[picks], share))
    found = {name: _bounds(np.concatenate(values)) for name, values in drawn.items()}
    return found | dict(_where_all_are_alike(tally, found))


def _where_all_are_alike(
    tally: Tally, found: Mapping[str, Interval]
) -> Iterator[tuple[str, Interval]]:
    for column, name in enumerate(tally.names):
        parts, wholes = tally.parts[:, column], tally.wholes[:, column]
        reach = ((1 - LEVEL) / 2) ** (1 / np.count_nonzero(wholes))
        if name in found and not parts.any():
            yield name, (0.0, 1 - float(reach))
        elif name in found and np.array_equal(parts, wholes):
            yield name, (float(reach), 1.0)


PERCENTILES = {"latency_p50": 0.5, "latency_p95": 0.95}


def p_values(run: Tally, baseline: Tally) -> dict[str, float]:
    """How likely each figure would differ so much by chance, were the runs alike.

    A paired permutation test ("approximate randomization", Noreen 1989), two-sided: the
    answers of the two runs are exchanged for half of the questions, again and again, and
    counted is how often the figures then differ at least as much. The rows and names of
    the two tallies belong together; only figures that both define are tested.
    """
    observed = _difference(run.figures(), baseline.figures())
    beyond = dict.fromkeys(observed, 0)
    for signs in _signs(len(run.parts)):
        one, other = _exchanged(run, baseline, signs)
        for name, extreme in observed.items():
            if name in one and name in other:
                differences = np.abs(np.nan_to_num(one[name] - other[name]))
                beyond[name] += int(np.sum(differences >= abs(extreme) - TINY))
    return {name: (count + 1) / (SHUFFLES + 1) for name, count in beyond.items()}


TINY = 1e-9
"""Sums of floats in another order may differ by this much and mean the same."""


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """The p-values corrected for their number, by Holm's step-down method: among many
    figures one would differ by chance."""
    corrected: dict[str, float] = {}
    reached = 0.0
    for passed, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        reached = max(reached, min(1.0, p_values[name] * (len(p_values) - passed)))
        corrected[name] = reached
    return corrected


def _draws(questions: int) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.int64]]]:
    random = np.random.default_rng(SEED)
    for _ in range(RESAMPLES // AT_ONCE):
        yield random.integers(0, questions, (AT_ONCE, questions))


def _weights(picks: np.ndarray[tuple[int, int], np.dtype[np.int64]], questions: int) -> Floats:
    """How often each resample holds each question."""
    rows = np.arange(len(picks))[:, None] * questions
    counts = np.bincount((picks + rows).ravel(), minlength=len(picks) * questions)
    return counts.reshape(len(picks), questions).astype(np.float64)


def _percentile(times: Floats, share: float) -> Floats:
    """The nearest rank, as `Run.latency_ms` has it."""
    rank = math.ceil(share * times.shape[1]) - 1
    chosen: Floats = np.partition(times, rank, axis=1)[:, rank]
    return chosen


def _bounds(values: Floats) -> Interval:
    low, high = np.nanquantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _signs(questions: int) -> Iterator[Floats]:
    random = np.random.default_rng(SEED)
    for begun in range(0, SHUFFLES, AT_ONCE):
        count = min(AT_ONCE, SHUFFLES - begun)
        yield random.integers(0, 2, (count, questions)).astype(np.float64)


def _exchanged(
    run: Tally, baseline: Tally, signs: Floats
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The figures of both runs with the answers exchanged where the sign is 1."""
    parts = signs @ (baseline.parts - run.parts)
    wholes = signs @ (baseline.wholes - run.wholes)
    ones = figures_of(run.names, run.parts.sum(0) + parts, run.wholes.sum(0) + wholes)
    others = figures_of(run.names, baseline.parts.sum(0) - parts, baseline.wholes.sum(0) - wholes)
    return ones, others


def _difference(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: one[name] - other[name] for name in one if name in other}
