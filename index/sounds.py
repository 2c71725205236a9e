"""How a word sounds, roughly, whatever script it is written in and by whose rules of spelling.

"Рахмон", "Ραχμόν", "Rakhmon" and "Rachmon" are Rahmon, "Poutine" is Putin. Of two words the
consonants have to agree, and most of what is between them. Scripts of meanings and of syllables
(Chinese, Japanese) tell too little of a foreign name. The only file that imports anyascii.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import product, takewhile


def _spellings(*table: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), sound) for pattern, sound in table)


FIRST = _spellings(
    ("[^a-z]", ""),
    ("ou", "u"),
    ("tion", "sion"),
    ("schtsch|shch|chtch|tsch|tch|dsch|dzh|dj|sch|sh|zh|cz", "s"),
    ("kh", "h"),
    ("x", "ks"),
    ("c(?=[eiy])|ts|tz|z", "s"),
    ("ph|[wf]", "v"),
    ("ck|c(?!h)|q", "k"),
    ("th", "t"),
)
UNSURE = (("ch", ("h", "s")), ("j", ("y", "s")))
"""What each language reads its own way."""

THEN = _spellings(
    ("(?<=[aeou])y(?![aeou])", "i"),
    ("y(?=[aeou])", ""),
    ("[yi]+", "i"),
    (r"(.)\1+", r"\1"),
    ("(?<=[^aeiou])e$", ""),
)
"""Spellings, one after the other, and what they sound like."""

WITH_CARONS = str.maketrans(
    {"ä": "e", "č": "ch", "ć": "ch", "ç": "ch", "š": "sh", "ş": "sh", "ž": "zh", "ź": "zh"}
)
GREEK = _spellings(("ου", "u"), ("^μπ", "b"), ("^ντ", "d"), ("^γκ", "g"))
RUSSIAN_ENDING = re.compile("(?<=[а-я]{3}[бвгджзклмнпрстфхцчшщ])(?:[оеыи]м|[ое]го|[ое]му|ой)$")

WITHOUT_VOWELS = re.compile("[\u0590-\u06ff]")
"""Hebrew and Arabic."""

CONSONANT = re.compile("([^aeiouh])")
VOWELS = re.compile("[aeiou]")
WEAK = re.compile("(?<=.)[wvy]")
LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff’'-]+")

SPELT = {"k": "kcq", "s": "sczj", "v": "vwfp", "h": "hkcx", "e": "eyj", "i": "iyj", "u": "uyjw"}
"""How what a word may begin with is spelt."""

FEWEST_CONSONANTS = 3
"""Letters of a word without vowels, to tell whose name it is."""

SHORTEST_ROOT = 5
"""Letters in which two words have to agree to be of one root."""

COGNATE_FROM = 4
"""Letters in which two words of one origin begin alike."""

COGNATE_SHARE = 0.6
"""The share of the longer one that these are."""


def is_latin(word: str) -> bool:
    """Is it written in the letters of English, with or without accents?"""
    return LATIN.fullmatch(word) is not None


def sound_distance(one: str, other: str) -> int | None:
    """In how many places between their consonants two names differ that may be one; None if they
    are two. In one script none may; between two the end tells nothing, for names are inflected."""
    if WITHOUT_VOWELS.search(one + other):
        return None if _skeletons(one).isdisjoint(_skeletons(other)) else 0
    if is_latin(one) and is_latin(other):
        return None if _sounds(one).isdisjoint(_sounds(other)) else 0
    pairs = product(_sounds(one), _sounds(other))
    distances = (_distance(left, right) for left, right in pairs)
    return min((each for each in distances if each is not None), default=None)


def cognate(one: str, other: str) -> int:
    """In how many letters a word begins like one of another language; 0 if these are too few for
    both to be of one origin, as "студентах" and "students" are."""
    best = 0
    for left, right in product(_sounds(one), _sounds(other)):
        same = _shared(left, right)
        if same >= COGNATE_FROM and same >= COGNATE_SHARE * max(len(left), len(right)):
            best = max(best, same)
    return best


def initials(word: str) -> frozenset[str]:
    """The Latin letters with which a word of the same origin may begin."""
    first = {sound[:1] for sound in _sounds(word)}
    return frozenset(letter for each in first for letter in SPELT.get(each, each))


def same_root(one: str, other: str) -> bool:
    """Is it one word in two languages, or do both begin alike: "Таджикистана" and "Tajik"?"""
    if sound_distance(one, other) is not None:
        return True
    pairs = product(_sounds(one), _sounds(other))
    return any(_shared(left, right) >= SHORTEST_ROOT for left, right in pairs)


def end_alike(one: str, other: str) -> bool:
    """Do two words of one root end alike, so that neither is inflected: "Рахмон" and "Rahmon"?"""
    ends = ({CONSONANT.split(sound)[-1] for sound in _sounds(word)} for word in (one, other))
    return not next(ends).isdisjoint(next(ends))


def consonants(word: str) -> frozenset[str]:
    """What two words share, one of these, that may be one name."""
    return frozenset(_skeletons(word) | {"".join(CONSONANT.findall(s)) for s in _sounds(word)})


def _shared(one: str, other: str) -> int:
    """The letters in which two words begin alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _distance(one: str, other: str) -> int | None:
    left, right = CONSONANT.split(one), CONSONANT.split(other)
    if left[1::2] != right[1::2]:
        return None
    differing = sum(a != b for a, b in zip(left[:-1:2], right[:-1:2], strict=True))
    return differing if differing <= (len(left) // 2 - 1) // 2 else None


def _skeletons(word: str) -> set[str]:
    """Its consonants alone, p as b: Arabic has no p."""
    found = {VOWELS.sub("", sound).replace("p", "b") for sound in _sounds(word)}
    return {consonants for consonants in found if len(consonants) >= FEWEST_CONSONANTS}


@lru_cache(maxsize=50_000)
def _sounds(word: str) -> frozenset[str]:
    from anyascii import anyascii  # English questions do without

    word = _respelt(word.lower().translate(WITH_CARONS), GREEK)
    words = {word, RUSSIAN_ENDING.sub("", word)}
    plain = {anyascii(each).lower() for each in words}
    if WITHOUT_VOWELS.search(word):
        plain = {WEAK.sub("", each) for each in plain}
    sounds = {_respelt(each, FIRST) for each in plain}
    for spelling, readings in UNSURE:
        sounds = {each.replace(spelling, reading) for each in sounds for reading in readings}
    return frozenset(_respelt(each, THEN) for each in sounds)


def _respelt(word: str, spellings: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, sound in spellings:
        word = pattern.sub(sound, word)
    return word
