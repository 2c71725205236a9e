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
    DAYS,
    FUNCTION_WORDS,
    MEASURES,
    MONTHS,
    NUMBER_WORDS,
    OFTEN_A_PRONOUN,
    ORDINALS,
    PERIODIC,
    TIMES,
)

TOKENS = re.compile(
    r"[A-Z]{1,4}-\d+\b|[$€£]?\d+(?:[.,]\d+)*(?!\w)%?|\w*\d\w*|[^\W\d_]+(?:['’][^\W\d_]+)*(?:-(?![\d]))?|[/,;:.()–—-]|\S"
)
"""Numbers with what is attached to them, words, and the marks that part phrases."""

NUMBER = re.compile(r"[$€£]?\d+(?:[.,]\d+)*%?")

CODED = re.compile(r"[A-Za-z]{1,4}-?\d{1,4}")
"""What tells one of a kind from the others: grade J3, error E1."""

FURTHEST = 3
"""Words between a number and its unit: "7 consecutive work days"."""

COMMA = 4
"""How many words further apart a mark, and "and", puts those on its two sides."""

NEAR = 2.0
"""Words away from a number at which another counts half. Chosen, not fitted."""

BEFORE = 5
"""Words before a number that may say "at most"."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a sentence, as printed and in digits.

    `unit` is a measure ("day", "%", "$") or the root of what is counted, `rate` the time it is
    for ("month" of "a month"), `bound` 1 for "at least", -1 for "at most". `beside` are the
    roots of the sentence's other words, each with how near it stands, up to 1. A day of a month
    is one number, "30 june"; of an ordinal the `rate` is what is counted.
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

    def may_replace(self, other: Amount) -> bool:
        """Can one stand in place of the other? Four weeks and two months can, no day and sum."""
        units = {self.unit, other.unit}
        is_known = (self.is_measured and other.is_measured) or units & PLACES
        return len(units) == 1 or units <= TIMES or not is_known

    @property
    def is_measured(self) -> bool:
        """Is its unit one of measure?"""
        return self.unit in MEASURES.values() or self.unit in SIGNS

    @property
    def is_date(self) -> bool:
        """Is it a day of a month?"""
        return self.unit == DATE

    @property
    def is_coded(self) -> bool:
        """Does it tell one of a kind, or is it part of a name?"""
        return self.unit == CODE


def amounts(sentence: str) -> list[Amount]:
    """Every number of a sentence, and "a year"."""
    tokens = TOKENS.findall(sentence)
    return [found for i in range(len(tokens)) if (found := _amount(tokens, i)) is not None]


def _amount(tokens: list[str], i: int) -> Amount | None:
    if CODED.fullmatch(tokens[i]):
        return Amount(tokens[i], tokens[i].upper(), CODE, "", 0, _beside(tokens, i, i + 1))
    value = _value(tokens, i)
    if value is None:
        return None
    return _in_place(tokens, i, *value) or _counted(tokens, i, *value)


def _in_place(tokens: list[str], i: int, digits: str, after: int) -> Amount | None:
    """What is no number of anything: first, 30 June, the 20 of Aria 20."""
    beside = _beside(tokens, i, after)
    if digits in ORDINALS.values():
        counted = _unit(tokens, after)[0]
        counted = counted if counted in MEASURES.values() else ""
        return Amount(tokens[i], digits, ORDINAL, counted, 0, beside)
    if month := _month(tokens, i, digits):
        beside.pop(root(month), None)
        return Amount(tokens[i], f"{digits} {month}", DATE, "", 0, beside)
    if name := _name_before(tokens, i):
        return Amount(tokens[i], f"{name} {digits}", CODE, "", 0, beside)
    return None


def _counted(tokens: list[str], i: int, digits: str, after: int) -> Amount | None:
    attached = next((sign for sign in "$€£%" if sign in tokens[i]), "")
    unit, end = (attached, after) if attached else _unit(tokens, after)
    bound = _bound(tokens, i)
    if tokens[i].lower() in ("a", "an", "one") and unit not in MEASURES.values():
        return None
    if tokens[i].lower() in ("a", "an") and not bound and tokens[max(0, i - 1)] not in SINCE:
        return None
    if unit == "decade" and digits.isdigit():
        digits, unit = str(10 * int(digits)), "year"
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
    if word in ("a", "an", "one") and (i == 0 or tokens[i - 1].lower() not in PER | OFTEN):
        return "1", i + 1
    return None


ORDINAL, DATE, CODE = "ordinal", "date", "code"
"""The units of first, second, third; of days of a month; of grade J3."""

PLACES = frozenset({ORDINAL, DATE, CODE})
SIGNS = frozenset({"%", "$", "€", "£", *PLACES})
LATEST_DAY = 99
"""What is greater is a year: May 2025."""

SINCE = frozenset({"after", "for", "within"})
EACH = frozenset({"a", "an", "per", "each", "every"})
"""Behind a number, before what it is counted for: 110 a night."""

OFTEN = frozenset({"once", "twice", "times"})
PER = frozenset({"per", "/", "each", "every"})


def _month(tokens: list[str], i: int, digits: str) -> str:
    """The month of which a number is the day; empty if it is none."""
    if not digits.isdigit() or int(digits) > LATEST_DAY:
        return ""
    behind = [token for token in tokens[i + 1 : i + 4] if token not in ("th", "st", "of", "the")]
    beside = [*behind[:1], *tokens[max(0, i - 1) : i]]
    return next((word.lower() for word in beside if is_month(word)), "")


def _name_before(tokens: list[str], i: int) -> str:
    """The name that a number is part of: Aria 20."""
    word = tokens[i - 1] if i > 1 else ""
    is_name = word.istitle() and word.lower() not in {*DAYS, *MONTHS, *FUNCTION_WORDS}
    return word if is_name and tokens[i].isdigit() else ""


def is_month(word: str) -> bool:
    """Is it its name? "may" is none."""
    return word.istitle() and word.lower() in MONTHS


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
            away += COMMA if word in ("and", "or", "but") else 0
            says = len(word) > 1 and word[0].isalnum() and not NUMBER.fullmatch(word)
            says = says and word not in FUNCTION_WORDS
            says = says and not (step > 0 and j == end + 1 and tokens[end].lower() in EACH)
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
