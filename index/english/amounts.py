"""Numbers where they stand: how much of what, how often, at least or at most, beside which
words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.english.spelling import root
from index.english.word_lists import (
    AT_LEAST,
    AT_MOST,
    FUNCTION_WORDS,
    MEASURES,
    NUMBER_WORDS,
    OFTEN_A_PRONOUN,
    ORDINALS,
    PERIODIC,
)

TOKENS = re.compile(
    r"[$€£]?\d+(?:[.,]\d+)*(?!\w)%?|\w*\d\w*|[^\W\d_]+(?:['’][^\W\d_]+)*(?:-(?![\d]))?|[/,;:.()–—-]|\S"
)
"""Numbers with what is attached to them, words, and the marks that part phrases."""

NUMBER = re.compile(r"[$€£]?\d+(?:[.,]\d+)*%?")

FURTHEST = 3
"""Words between a number and its unit: "7 consecutive work days"."""

COMMA = 4
"""How many words further apart a mark puts those on its two sides."""

NEAR = 2.0
"""Words away from a number at which another counts half. Chosen, not fitted."""

BEFORE = 5
"""Words before a number that may say "at most"."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a sentence, as printed and in digits.

    `unit` is a measure ("day", "%", "$") or the root of what is counted, `rate` the time it is
    for ("month" of "a month"), `bound` 1 for "at least", -1 for "at most". `beside` are the
    roots of the sentence's other words, each with how near it stands, up to 1.
    """

    printed: str
    value: str
    unit: str
    rate: str
    bound: int
    beside: Mapping[str, float]

    def is_same_as(self, other: Amount) -> bool:
        """Are they one number, as far as units and limits tell?"""
        apart = self.is_measured and other.is_measured and self.unit != other.unit
        return self.value == other.value and not apart and self.bound * other.bound >= 0

    @property
    def is_measured(self) -> bool:
        """Is its unit one of measure?"""
        return self.unit in MEASURES.values() or self.unit in ("%", "$", "€", "£", ORDINAL)


def amounts(sentence: str) -> list[Amount]:
    """Every number of a sentence, and "a year"."""
    tokens = TOKENS.findall(sentence)
    return [found for i in range(len(tokens)) if (found := _amount(tokens, i)) is not None]


def _amount(tokens: list[str], i: int) -> Amount | None:
    value = _value(tokens, i)
    if value is None:
        return None
    digits, after = value
    if digits in ORDINALS.values():
        return Amount(tokens[i], digits, ORDINAL, "", 0, _beside(tokens, i, after))
    attached = next((sign for sign in "$€£%" if sign in tokens[i]), "")
    unit, end = (attached, after) if attached else _unit(tokens, after)
    bound = _bound(tokens, i)
    if tokens[i].lower() in ("a", "an", "one") and unit not in MEASURES.values():
        return None
    if tokens[i].lower() in ("a", "an") and not bound and tokens[max(0, i - 1)] not in SINCE:
        return None
    return Amount(tokens[i], digits, unit, _rate(tokens, i, end), bound, _beside(tokens, i, end))


def _value(tokens: list[str], i: int) -> tuple[str, int] | None:
    """In digits, and the position behind it."""
    word = tokens[i].lower().strip("-")
    if NUMBER.fullmatch(tokens[i]):
        return re.sub(r"[$€£%]|[.,](?=\d{3}\b)", "", tokens[i]), i + 1
    if word in ORDINALS:
        return ORDINALS[word], i + 1
    if word in NUMBER_WORDS and word not in OFTEN_A_PRONOUN:
        return NUMBER_WORDS[word], i + 1
    if word in ("a", "an", "one") and (i == 0 or tokens[i - 1].lower() not in PER):
        return "1", i + 1
    return None


ORDINAL = "ordinal"
"""The unit of first, second, third."""

SINCE = frozenset({"after", "for", "within"})
PER = frozenset({"per", "/", "each", "every"})


def _unit(tokens: list[str], start: int) -> tuple[str, int]:
    """The next measure, else the next thing, and the position behind it."""
    thing, seen = "", 0
    for j in range(start, min(len(tokens), start + 2 * FURTHEST)):
        word = tokens[j].lower().strip("-")
        if tokens[j] == "-":
            continue
        if not word[:1].isalpha() or (word in FUNCTION_WORDS and word != "s") or seen == FURTHEST:
            break
        if word in ("percent", "per"):
            return "%", j + 1
        if word in MEASURES:
            return MEASURES[word], j + 1
        thing, seen = thing or root(word), seen + 1
    return thing, start


def _rate(tokens: list[str], i: int, end: int) -> str:
    """For how long: "a month", "/year", "monthly"."""
    following = [token.lower().strip("-") for token in tokens[end : end + 6]]
    for j, word in enumerate(following):
        if word in PERIODIC and j < 3:
            return PERIODIC[word]
        if word in ("a", "an", *PER) and j < 3:
            after = following[j + 1 : j + 2]
            if after and after[0] in MEASURES:
                return MEASURES[after[0]]
        if word in ",;:.()":
            break
    before = [token.lower() for token in tokens[max(0, i - 3) : i]]
    if before and before[-1] in ("every", "each", "per"):
        return "every"
    return ""


def _bound(tokens: list[str], i: int) -> int:
    """1 for "at least", "more than"; -1 for "at most", "up to"; 0 for neither."""
    before = f" {' '.join(token.lower() for token in tokens[max(0, i - BEFORE) : i])} "
    before = f" {re.split(r' [,;:.()] ', before)[-1].strip()} "
    phrases = [*((phrase, 1) for phrase in AT_LEAST), *((phrase, -1) for phrase in AT_MOST)]
    nearest = [(before.rfind(f" {phrase} "), bound) for phrase, bound in phrases]
    place, bound = max(nearest)
    return bound if place >= 0 else 0


def _beside(tokens: list[str], i: int, end: int) -> dict[str, float]:
    weights: dict[str, float] = {}
    for step in (-1, 1):
        away, j = 0.0, i + step
        while 0 <= j < len(tokens):
            word = tokens[j].lower().strip("-")
            away += 1 if word[:1].isalnum() else COMMA if word in ",;:–—(" else 0
            says = word[:1].isalnum() and not NUMBER.fullmatch(word) and word not in FUNCTION_WORDS
            if says and word not in NUMBER_WORDS and not (i < j < end and word in MEASURES):
                weights[root(word)] = max(weights.get(root(word), 0.0), 1 / (1 + away / NEAR))
            j += step
    return weights


def lean(one: Amount, own: Amount, other: Amount) -> list[float]:
    """For each word beside a number, how much nearer it stands to another printed number than
    to the printed one of the same value."""
    return [
        min(weight, other.beside.get(word, 0.0)) - min(weight, own.beside.get(word, 0.0))
        for word, weight in one.beside.items()
    ]


def likeness(one: Amount, other: Amount) -> float:
    """How far two numbers stand beside the same words."""
    return sum(min(weight, other.beside.get(word, 0.0)) for word, weight in one.beside.items())
