"""Numbers and quantities: what is counted or measured, how much of it, how exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.english.spelling import LETTERS
from index.english.word_lists import (
    BETWEEN_NUMBER_AND_THING,
    COMPARED,
    FUNCTION_WORDS,
    NUMBER_WORDS,
    OFTEN_A_PRONOUN,
    QUANTIFIERS,
    SCALES,
    SPANS_OF_TIME,
)

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
"""In digits, whatever it says: 20,000, 2014, 3.5."""

A_NUMBER_ALONE = re.compile(r"\d[\d,.]*|[a-z]+(?:-[a-z]+)?", re.I)
"""A word of a sentence that is a number: 20,000 or twenty-eight, not 5-6 or $20."""

TO_TWELVE = "|".join(word for word, number in NUMBER_WORDS.items() if 0 < int(number) <= 12)
NO_YEAR = "".join(
    rf"(?<!\b{word} (?=(?:1[5-9]|20)\d\d\b))" for word in ("in", "since", "by", "until", "from")
)
"""Before a digit: no year begins here, as in "founded in 2009"."""

HOW_MANY = re.compile(
    rf"(?<!\d){NO_YEAR}\d|\b(?:{TO_TWELVE}|\w+teen|\w+ty|{'|'.join(QUANTIFIERS)})s?\b",
    re.IGNORECASE,
)
"""What the answer to "how many" may look like. Loose: any word in -ty passes."""

MEASURES = (
    r"(?:%|per ?cent|[ap]\.?m\b|[$€£¥]|(?:-|\w+ )?(?:seconds?|minutes?|hours?|days?|nights?|weeks?"
    r"|months?|quarters?|years?|decades?|met(?:re|er)s?|kilomet(?:re|er)s?|miles?|feet|inch(?:es)?"
    r"|k?g|[km]?m|cm|kilos?|kilograms?|tons?|tonnes?|lit(?:re|er)s?|degrees?|dollars?|euros?|pounds?"
    r"|cents?)\b)"
)
"""What stands behind a number that counts no things."""

HOW_MANY_THINGS = re.compile(
    rf"(?<![\d.,:$€£¥])(?<![$€£¥] ){NO_YEAR}\d[\d.,]*+(?!:\d|[ -]?{MEASURES})"
    rf"|\b(?:{TO_TWELVE}|\w+teen|\w+ty|{'|'.join(QUANTIFIERS)})s?\b(?![ -]{MEASURES})",
    re.IGNORECASE,
)
"""The same where things are counted: no time, length, weight or money."""

TENS = "|".join(word for word, number in NUMBER_WORDS.items() if int(number) >= 20)
UNITS = "|".join(word for word, number in NUMBER_WORDS.items() if 0 < int(number) < 10)
COMPOUND = re.compile(rf"\b({TENS})[- ]({UNITS})\b", re.I)

INFINITY = float("inf")

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

MEASURED = re.compile(
    rf"""(?<![\w.,:/–-])(?P<currency>[$€£])?
    (?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{"|".join(VALUES)})
    (?:[ ](?P<scale>{"|".join(SCALES)}))?
    (?P<percent>[ ]?%|[ ](?:percent|per\ cent)\b)?(?![\w:/–-]|[.,]\d)""",
    re.VERBOSE | re.IGNORECASE,
)
THING = re.compile(rf"\s+({LETTERS.pattern})")

RANGE_BEFORE = re.compile(
    r"(?:\b(?:from|between|plus|minus)\b(?:\W+\w+){0,3}\W*|\d[ ](?:to|and|or|through)[ ])$", re.I
)
RANGE_AFTER = re.compile(r"[ ](?:to|and|or|through)[ ][$€£]?\d", re.I)
"""What makes a number the end of a range, or a margin."""

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


def is_number(word: str) -> bool:
    """Is a word a number, in digits or spelt out?"""
    spelt = word.lower()
    return (spelt in NUMBER_WORDS and spelt not in OFTEN_A_PRONOUN) or word[0].isdigit()


def numbers(text: str) -> dict[str, str]:
    """The numbers of a text in digits, each as it is printed: {"20000": "20,000"}."""
    text = _in_digits(text)
    found = {
        NUMBER_WORDS[word.lower()]: word
        for word in re.findall(r"[A-Za-z]+", text)
        if word.lower() in NUMBER_WORDS and word.lower() not in OFTEN_A_PRONOUN
    }
    return found | {re.sub(r"[.,](?=\d{3}\b)", "", n): n for n in NUMBER.findall(text)}


def all_numbers(text: str) -> set[str]:
    """As `numbers`, with what is only perhaps a number."""
    text = _in_digits(text)
    words = {NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in NUMBER_WORDS}
    return words | numbers(text).keys()


def quantities(sentence: str) -> list[Quantity]:
    """What a sentence counts or measures. Years, dates, ranges, scores and what is more
    or fewer than something else are left out."""
    return [found for match in MEASURED.finditer(sentence) if (found := _quantity(match, sentence))]


def _in_digits(text: str) -> str:
    """With twenty-eight as 28, which is neither twenty nor eight."""
    return COMPOUND.sub(lambda m: str(sum(int(NUMBER_WORDS[w.lower()]) for w in m.groups())), text)


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
        if not found and lower in BETWEEN_NUMBER_AND_THING:
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
