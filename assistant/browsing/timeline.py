"""What was said in the order of its days, and where one speaker's mind changed.

A statement has the day of its mail or message, else that of its document: published, or in its
title or name. What has none stands last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from index.documents import StatementHit
from index.english.negation import has_negation, is_negative
from index.english.spelling import LETTERS, root
from index.english.word_lists import FUNCTION_WORDS
from index.search.dated import day_of

LEAST_SHARED = 2
LEAST_SHARE = 0.5
"""Words, and the share of the shorter statement's, that two must have in common."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """Two statements of one speaker of which the later one denies the earlier."""

    earlier: StatementHit
    later: StatementHit


def by_time(hits: Sequence[StatementHit]) -> list[StatementHit]:
    """The earliest first."""
    return sorted(hits, key=lambda hit: (day_of(hit) or "9999", hit.source.name, _start(hit)))


def changes(hits: Sequence[StatementHit]) -> list[Reversal]:
    """Where somebody says later, on another day, that what they said is not so."""
    dated = [hit for hit in by_time(hits) if day_of(hit) and hit.speaker]
    return [
        Reversal(earlier, later)
        for earlier, later in combinations(dated, 2)
        if earlier.speaker == later.speaker
        and day_of(earlier) != day_of(later)
        and _denies(earlier) != _denies(later)
        and _are_alike(_words(earlier), _words(later))
    ]


def _start(hit: StatementHit) -> int:
    return hit.statement.content[0].start


def _denies(hit: StatementHit) -> bool:
    return is_negative(hit.text) != hit.statement.negated


def _words(hit: StatementHit) -> frozenset[str]:
    return frozenset(
        root(word)
        for word in LETTERS.findall(hit.text)
        if word.lower() not in FUNCTION_WORDS and not has_negation(word)
    )


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_SHARED and shared >= LEAST_SHARE * min(len(one), len(other))
