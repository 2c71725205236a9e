"""What is negated, what is hedged, and what is put in its contrary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.english.spelling import NAMELIKE, WORD_OR_NUMBER, forms, root, share, telling
from index.english.word_lists import (
    CONTRARIES,
    ENDING_VERBS,
    FUNCTION_WORDS,
    HEDGING_VERBS,
    HEDGING_WORDS,
    NEGATING_VERBS,
    NEGATING_WORDS,
)

WORD_OR_BREAK = re.compile(rf"{WORD_OR_NUMBER.pattern}|[,.;:!?“”\"–—]")

DENIAL = re.compile(
    r"\b(?:(?:did|does|do|has|have|had|was|were|would|could|can|will)(?: not|n[’']t)|never|cannot)"
    r"\b[\w ]*$",
    re.I,
)
"""What stands right before a cue that is denied, whatever stands before it."""

SCOPE = 3
"""Words behind a negator or hedge that it is about. On statements of polnear/dev two and
five catch as much, with as many false alarms (tests/benchmarks/verification.py)."""

HALF = 0.5
"""Share of what a negator is about from which a text says that, negated or not. Chosen,
not fitted: with it all corruptions of the kind are caught in polnear/dev and squad/dev."""


@dataclass(frozen=True, slots=True)
class Markers:
    """A closed class: words as they are, and verbs in whatever form."""

    words: frozenset[str]
    verbs: frozenset[str]

    def hold(self, word: str) -> bool:
        """Is the word one of them? "May" is a month."""
        return word != "May" and (_plain(word) in self.words or root(word) in self.verbs)


@dataclass(frozen=True, slots=True)
class Marker:
    """A negator or a hedge, and the roots of the words that it is about: those before it, if
    nothing follows."""

    word: str
    scope: tuple[str, ...]
    is_behind: bool = False


def _roots(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(root, words))


NEGATORS = Markers(NEGATING_WORDS, _roots(NEGATING_VERBS))
ENDINGS = _roots(form for verb in ENDING_VERBS for form in forms(verb))
HEDGES = Markers(HEDGING_WORDS, _roots(HEDGING_VERBS))

OPPOSITES = tuple((_roots(one.split()), _roots(other.split())) for one, other in CONTRARIES)


def is_negating(word: str) -> bool:
    """Is it "not", "nobody", "don’t" and the like, no verb?"""
    return _plain(word) in NEGATING_WORDS


def negating_words(text: str) -> list[str]:
    """Those of a text, as printed."""
    return [word for word in NAMELIKE.findall(text) if is_negating(word)]


def has_negation(text: str) -> bool:
    """Has it such a word?"""
    return any(map(is_negating, NAMELIKE.findall(text)))


def is_negative(words: str) -> bool:
    """Does a phrase say that something is not, or is refused?"""
    return any(NEGATORS.hold(word) or root(word) in ENDINGS for word in NAMELIKE.findall(words))


def negations(text: str) -> list[Marker]:
    """Every negator with what it is about."""
    return _markers(text, NEGATORS)


def hedges(text: str, others: frozenset[str] = frozenset()) -> list[Marker]:
    """Every hedge, and each of the `others`, with what it is about."""
    return _markers(text, Markers(HEDGES.words | others, HEDGES.verbs))


def unmatched(markers: Sequence[Marker], others: Sequence[Marker], text: str) -> Marker | None:
    """The first that is about something in the text, where none of the others is. Each
    of the others answers for one, those that fit best first."""
    there = telling(text)
    pairs = sorted(
        ((_alike(marker, other), i, j) for i, marker in enumerate(markers)
         for j, other in enumerate(others)),
        reverse=True,
    )  # fmt: skip
    matched: dict[int, int] = {}
    for alike, i, j in pairs:
        if alike >= HALF and i not in matched and j not in matched.values():
            matched[i] = j
    said = [markers[i] for i in matched]
    left = [marker for i, marker in enumerate(markers) if i not in matched]
    return next((m for m in left if _is_about(m, there) and not _repeats(m, said)), None)


def turned_round(words: str, printed: str) -> tuple[str, str] | None:
    """The first word of one text whose contrary the other has in its place, and that
    contrary. Nothing where either has both."""
    here, there = _by_root(words), _by_root(printed)
    for pair in OPPOSITES:
        for side, contrary in (pair, pair[::-1]):
            mine, theirs = side & here.keys(), contrary & there.keys()
            if mine and theirs and not (side & there.keys() or contrary & here.keys()):
                return here[min(mine)], there[min(theirs)]
    return None


def _repeats(marker: Marker, said: Sequence[Marker]) -> bool:
    """Does it deny once more what was denied: "would not vote for it, and shall not"?"""
    return marker.is_behind and any(_alike(marker, other) >= HALF for other in said)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _by_root(text: str) -> dict[str, str]:
    return {root(word): word for word in reversed(WORD_OR_NUMBER.findall(text))}


def _is_about(marker: Marker, there: set[str]) -> bool:
    """Does a text have the nearest word that the marker is about, and most of them?"""
    return (
        marker.scope[:1] != ()
        and marker.scope[0] in there
        and (share(set(marker.scope), there) > HALF)
    )


def _alike(one: Marker, other: Marker) -> float:
    """How much of the shorter scope is in the other."""
    shared = len(set(one.scope) & set(other.scope))
    return shared / max(1, min(len(one.scope), len(other.scope)))


def _markers(text: str, markers: Markers) -> list[Marker]:
    words = [match[0] for match in WORD_OR_BREAK.finditer(text)]
    found = []
    for i, word in enumerate(words):
        if markers.hold(word):
            scope = _scope(words[i + 1 :], markers)
            found.append(Marker(word, scope or _scope(words[:i][::-1], markers), not scope))
    return found


def _scope(words: Sequence[str], markers: Markers) -> tuple[str, ...]:
    """The roots of the next telling words, up to a break in the sentence."""
    about: list[str] = []
    for word in words:
        if len(about) == SCOPE or (about and not word[0].isalnum()):
            break
        if word[0].isalnum() and word.lower() not in FUNCTION_WORDS and not markers.hold(word):
            about.append(root(word))
    return tuple(about)
