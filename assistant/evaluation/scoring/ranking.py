"""Rank metrics where the field's definition fits: of single passages, relevant or not.

What passages cover together (evidence recall, nDCG over paragraphs) is in `metrics`:
for that no ranking of documents has a measure. The only file that imports ir_measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

RR_AT = 10

FIRST_RANK = "mrr@10"
"""Mean reciprocal rank: 1 / the rank of the first relevant passage, 0 if none of ten is."""


def reciprocal_ranks(relevant: Mapping[str, Sequence[bool]]) -> dict[str, float]:
    """The reciprocal rank of each question: {id: is each passage relevant, best first}."""
    if not relevant:
        return {}
    from ir_measures import RR, Qrel, ScoredDoc, iter_calc

    qrels = [Qrel(id, rank, 1) for id, flags in relevant.items() for rank in _relevant(flags)]
    run = [
        ScoredDoc(id, str(rank), -float(rank))
        for id, flags in relevant.items()
        for rank in range(len(flags))
    ]
    return {metric.query_id: metric.value for metric in iter_calc([RR @ RR_AT], qrels, run)}


def _relevant(flags: Sequence[bool]) -> Iterator[str]:
    """Names of the relevant passages, and of one that was not found, so that a question
    without any is still counted."""
    yield "not found"
    yield from (str(rank) for rank, is_relevant in enumerate(flags) if is_relevant)
