"""Words to quantities: what is counted or measured, how much of it, how exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.english.spelling import NUMBER_WORDS, OFTEN_A_PRONOUN
from index.stores.bm25 import FUNCTION_WORDS

INFINITY = float("inf")

SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
VALUES = {
    word: int(number)
    for word, number in NUMBER_WORDS.items()
    if word != "zero" and word not in OFTEN_A_PRONOUN
}

ROUNDED = 0.05
"""How far a number that ends in two zeros may be from the number that was counted."""

ROUGHLY = 0.2
"""The same for "about" and "nearly"."""

BOUNDS = {
    "more than": (1, INFINITY), "over": (1, INFINITY), "at least": (1, INFINITY),
    "above": (1, INFINITY), "less than": (0, 1), "fewer than": (0, 1), "under": (0, 1),
    "up to": (0, 1), "below": (0, 1), "at most": (0, 1), "nearly": (1 - ROUGHLY, 1),
    "almost": (1 - ROUGHLY, 1), "about": (1 - ROUGHLY, 1 + ROUGHLY),
    "around": (1 - ROUGHLY, 1 + ROUGHLY), "some": (1 - ROUGHLY, 1 + ROUGHLY),
    "roughly": (1 - ROUGHLY, 1 + ROUGHLY), "approximately": (1 - ROUGHLY, 1 + ROUGHLY),
    "estimated": (1 - ROUGHLY, 1 + ROUGHLY),
}  # fmt: skip
"""What stands before a number, and between which multiples of it the truth then lies."""

MEASURING_WORDS = frozenset(
    [*VALUES, *SCALES, "percent", *(word for phrase in BOUNDS for word in phrase.split())]
)
"""Words that belong to a number and not to what is counted."""

NUMBER = re.compile(
    rf"""(?<![\w.,:/–-])(?P<currency>[$€£])?
    (?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{"|".join(VALUES)})
    (?:[ ](?P<scale>{"|".join(SCALES)}))?
    (?P<percent>[ ]?%|[ ](?:percent|per\ cent)\b)?(?![\w:/–-]|[.,]\d)""",
    re.VERBOSE | re.IGNORECASE,
)
THING = re.compile(r"[\s]+([^\W\d_]+(?:[’'-][^\W\d_]+)*)")
LINKS = frozenset("of the a an our their its his her these those such all".split())
"""Between a number and what is counted: "20,000 of our citizens"."""

RANGE_BEFORE = re.compile(
    r"(?:\b(?:from|between|plus|minus)\b(?:\W+\w+){0,3}\W*|\d[ ](?:to|and|or|through)[ ])$", re.I
)
RANGE_AFTER = re.compile(r"[ ](?:to|and|or|through)[ ][$€£]?\d", re.I)
"""What makes a number the end of a range, or a margin."""

COMPARED = frozenset("more fewer less other additional extra times th st nd rd".split())
SPANS_OF_TIME = frozenset(
    """second seconds minute minutes hour hours day days week weeks month months year years
    decade decades century centuries a.m p.m am pm""".split()
)
"""How long or how long ago depends on from when, which the sentence seldom says."""

MOST_THINGS = 3
YEARS = range(1000, 2101)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed, between which two numbers the truth lies, the unit ("%", "$"
    or none) and up to three words of what is counted."""

    printed: str
    least: float
    most: float
    unit: str
    things: tuple[str, ...]

    def excludes(self, other: Quantity) -> bool:
        """Can they not both be true?"""
        return self.most < other.least or other.most < self.least


def quantities(sentence: str) -> list[Quantity]:
    """What a sentence counts or measures. Years, dates, ranges, scores and what is more
    or fewer than something else are left out."""
    return [found for match in NUMBER.finditer(sentence) if (found := _quantity(match, sentence))]


def _quantity(match: re.Match[str], sentence: str) -> Quantity | None:
    before, after = sentence[: match.start()], sentence[match.end() :]
    unit = "%" if match["percent"] else match["currency"] or ""
    things = tuple(_things(after))
    if not (things or unit) or _is_a_name_or_date(match, before, unit):
        return None
    if RANGE_BEFORE.search(before) or RANGE_AFTER.match(after):
        return None
    low, high = _bounds(before, _value(match), _rounded(match))
    return Quantity(match[0].strip(), low, high, unit, things)


def _value(match: re.Match[str]) -> float:
    number = match["number"].lower()
    value = VALUES.get(number)
    scale = SCALES[match["scale"].lower()] if match["scale"] else 1
    return (float(number.replace(",", "")) if value is None else value) * scale


def _rounded(match: re.Match[str]) -> float:
    """By how much the true value may differ from the printed one: half a unit of the last
    digit before "million", a few per cent of 1,200, else nothing."""
    if match["scale"]:
        decimals = len(match["number"].partition(".")[2])
        return float(SCALES[match["scale"].lower()] * 0.5 / 10**decimals)
    value = _value(match)
    is_round = value >= 100 and value % 100 == 0 and not match["percent"]
    return value * ROUNDED if is_round else 0.0


def _is_a_name_or_date(match: re.Match[str], before: str, unit: str) -> bool:
    """2014, May 5, Apollo 11."""
    plain = not unit and not match["scale"] and match["number"].isdecimal()
    if plain and int(match["number"]) in YEARS:
        return True
    last = (before.split() or [""])[-1]
    return last[:1].isupper() and last.lower() not in FUNCTION_WORDS | MEASURING_WORDS


def _things(after: str) -> Iterator[str]:
    """The words after the number until one that no noun phrase goes on with."""
    position = found = 0
    while found < MOST_THINGS and (match := THING.match(after, position)):
        word, position = match[1], match.end()
        lower = word.lower()
        if not found and lower in COMPARED | SPANS_OF_TIME:
            return
        if not found and lower in LINKS:
            continue
        if lower in FUNCTION_WORDS:
            return
        yield word
        found += 1


def _bounds(before: str, value: float, rounded: float) -> tuple[float, float]:
    words = before.lower().split()
    for phrase in (" ".join(words[-2:]), " ".join(words[-1:])):
        if phrase in BOUNDS:
            low, high = BOUNDS[phrase]
            return value * low, value * high
    return value - rounded, value + rounded
