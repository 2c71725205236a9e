"""What is a word, when two spellings are one, and how numbers are put to people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from index.documents import Span
from index.english.word_lists import FUNCTION_WORDS, IRREGULAR

TOKEN = re.compile(r"\w+")
"""A word as the word index cuts it: "don", "t"."""

WORD = re.compile(r"[\w’'-]+")
"""With the marks in it and around it: "O’Brien", "walk-in", "’s"."""

LETTERS = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
"""With the marks in it, and no digit."""

NAMELIKE = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
"""A part of a name or a number, with one apostrophe: "Jean" and "Claude" of "Jean-Claude"."""

WORD_OR_NUMBER = re.compile(r"\w+(?:[’'.,-]\w+)*")
"""Whole numbers and abbreviations too: "20,000", "U.S"."""

SUFFIXES = ("ing", "ies", "ied", "ed", "es", "ly", "s", "y", "e")

SHORTEST_CORRECTED = 4
"""Words of three letters have a neighbour for every slip: "wat" is was, way, eat."""

LONG_WORD = 8
"""From this length on two slips are allowed, below one."""

QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|„([^„“]+)“")

TYPOGRAPHIC = str.maketrans("“”„«»‘’‚‐‑–—\u00a0\u2009\u202f", '"""""\'\'\'----   ')
"""Marks to the plain ones, character for character, so that offsets stay."""

MAY = re.compile(r"(?<=[\w,;:(] )May\b(?! I\b)|\bMay(?= (?:to|until|and|\d)\b| ?[–-] ?\w)")
"""The month."""

OUTER = " \t\n,.;:"
"""What may stand inside closing quotation marks without being quoted."""


def counted(number: int, noun: str) -> str:
    """1 passage, 2,000 passages."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed_counts(counts: Mapping[str, int]) -> str:
    """2 hidden sheets, 1 picture."""
    return ", ".join(counted(number, noun) for noun, number in counts.items())


def folded(word: str) -> str:
    """In small letters, without accents and points: "J." and "José" are j and jose."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip(".,")


def without_s(word: str) -> str:
    """Without the 's of who has something."""
    return word.removesuffix("'s").removesuffix("’s")


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """What inflected forms share, roughly: walked and walking are walk."""
    plain = re.sub(r"['’]s?$", "", folded(word))
    for suffix in SUFFIXES:
        if plain.endswith(suffix) and len(plain) - len(suffix) >= 3:
            return plain.removesuffix(suffix)
    return plain


def telling(text: str) -> set[str]:
    """The roots of the words that say something; May is the month but where it begins a
    sentence."""
    words = WORD_OR_NUMBER.findall(text)
    found = {root(word) for word in words if word.lower() not in FUNCTION_WORDS}
    return found | {"may"} if MAY.search(text) else found


def share(of: set[str], among: set[str]) -> float:
    """How much of one is in the other, from 0 to 1; 1 of nothing."""
    return len(of & among) / len(of) if of else 1.0


def begins_alike(one: str, other: str, shortest: int) -> bool:
    """Does one of two words of at least so many letters begin with the other? Tajik and
    Tajikistan do."""
    long_enough = min(len(one), len(other)) >= shortest
    return long_enough and (one.startswith(other) or other.startswith(one))


def slip_distance(one: str, other: str) -> int | None:
    """How many slips part a word from another; None if they are too many for its length.

    Letters added, left out, exchanged or in the wrong order count one each.
    """
    from rapidfuzz.distance import OSA

    if len(one) < SHORTEST_CORRECTED:
        return None
    slips = 2 if len(one) >= LONG_WORD else 1
    if abs(len(one) - len(other)) > slips:
        return None
    distance = OSA.distance(one, other, score_cutoff=slips)
    return distance if distance <= slips else None


def forms(verb: str) -> Iterator[str]:
    """The verb as it may be inflected, some of it wrongly: it only has to be found."""
    stem = verb.removesuffix("e")
    yield from (verb, f"{verb}s", f"{verb}es", f"{verb}d", f"{stem}ed", f"{stem}ing")
    yield from (f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing")
    if verb.endswith("y"):
        yield from (f"{verb[:-1]}ies", f"{verb[:-1]}ied")
    yield from IRREGULAR.get(verb, "").split()


def quoted(text: str) -> Iterator[str]:
    """What stands in quotation marks, without punctuation at the ends."""
    for match in QUOTED.finditer(text):
        words = next(filter(None, match.groups())).strip(OUTER)
        if words:
            yield words


def without_quotations(text: str) -> str:
    """The text with a break in place of what is quoted."""
    return QUOTED.sub(" ; ", text)


def find(words: str, text: str) -> Span | None:
    """Where the words stand in the text, but for the shape of marks and white space."""
    plain = r"\s+".join(re.escape(word) for word in words.translate(TYPOGRAPHIC).split())
    match = re.search(rf"(?<!\w){plain}(?!\w)", text.translate(TYPOGRAPHIC))
    return Span(*match.span()) if match else None


def one_spelling(words: str) -> str:
    """Equal for words that differ in the shape of marks and white space alone."""
    return " ".join(words.translate(TYPOGRAPHIC).split())


def same_words(one: str, other: str) -> bool:
    """Are they the same but for the shape of marks and white space?"""
    return one_spelling(one) == one_spelling(other)


def exchanged(printed: str, written: str) -> Iterator[tuple[list[str], list[str]]]:
    """The words that stand in place of others, where the words around them are the same:
    (those printed, those written)."""
    old, new = TOKEN.findall(printed), TOKEN.findall(written)
    before, after = [folded(word) for word in old], [folded(word) for word in new]
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "replace":
            yield old[a:b], new[c:d]
