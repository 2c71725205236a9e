"""A text to the words by which it is searched: the same for what is indexed and what is asked.

Spellings that say the same are one word: "Café" and "Cafe" with a combining accent, "1,250,000"
and "1.25 million", "5km" and "5 km", "U.S." and "US". What is written without spaces is cut by
the dictionaries of ICU. The only file that imports icu4py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from index.lexicon import Lexicon

UNSEPARATED = "\u0900-\u1cff\u2e80-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00010000-\U0010ffff"
"""Scripts from India to Japan. Many put no spaces, and Python's \\w has no vowel signs."""

UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
"""Soft hyphens and other characters that are not seen within a word."""

ACCENTS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
"""Those of Latin, Greek, Cyrillic, Hebrew and Arabic letters, where they are characters."""

CUT = re.compile(f"[{UNSEPARATED}]")
PLAIN = re.compile(r"[A-Za-z\s,;:!?()“”‘’\"'–—-]*[.]?\s*")
PLAIN_WORD = re.compile("[A-Za-z]+")
NOT_SEEN = re.compile(rf"[{UNSEEN}]")
LEFT_OUT = re.compile(rf"[{UNSEEN}{ACCENTS}]")
NO_DIGIT = re.compile(r"\D")
FRACTION = ".,:"
"""What parts the whole of a number from its fraction."""

BETWEEN = frozenset(["", " ", "-", "\u00a0", "\u2009", "\u202f", "\u2011"])
"""What may stand between a number and its "million"."""

CURRENCIES = frozenset("$€£¥")
IN_DIGITS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


class SearchedWord(NamedTuple):
    """A word as it is searched, and where it stands. Its capitals are as they were."""

    text: str
    start: int
    end: int


def words_of(text: str, lexicon: Lexicon) -> Iterator[SearchedWord]:
    """The words in order. What stands before "million" is the whole number."""
    scales = lexicon.scales.keys() | lexicon.scales_of_money.keys()
    before: SearchedWord | None = None
    for word in _tokens(text):
        said = word.text.lower()
        digits = lexicon.numbers.get(said)
        if before and (digits or said in scales):
            number = _joined(before, word, text, lexicon)
            before = number or before
            if number and digits:
                continue
        if before:
            yield before
        is_word = digits is None or said in lexicon.perhaps_numbers
        before = word if is_word else SearchedWord(str(digits), word.start, word.end)
    if before:
        yield before


def texts_of(text: str, lexicon: Lexicon) -> list[str]:
    """The texts of `words_of`; quicker where there are but plain words, as in most sentences."""
    if PLAIN.fullmatch(text):
        found: list[str] = PLAIN_WORD.findall(text)
        if lexicon.numbers.keys().isdisjoint(map(str.lower, found)):
            return found
    return [word.text for word in words_of(text, lexicon)]


def is_cut_by_dictionary(word: str) -> bool:
    """Is it of a script that ICU cuts into words?"""
    return CUT.match(word) is not None


def without_unseen(text: str) -> str:
    """The text without soft hyphens and the like."""
    return text if text.isascii() else NOT_SEEN.sub("", text)


@lru_cache(maxsize=50_000)
def without_accents(word: str) -> str:
    """The word without accents, ligatures, wide forms and what is not seen of it."""
    parts = unicodedata.normalize("NFKD", word)
    return unicodedata.normalize("NFC", LEFT_OUT.sub("", parts))


@cache
def _token(unseparated: str) -> re.Pattern[str]:
    """A token of a text that has no other unseparated scripts than these.

    A number has its thousands in groups, or a fraction; hours and minutes count as one. What has
    more dots, as "3.11.2" has, is several numbers, and "12AB34" is one word.
    """
    letter, or_digit = rf"[^\W\d_{unseparated}]", rf"[^\W_{unseparated}]"
    cut = f"|(?P<unseparated>[{unseparated}]+)" if unseparated else ""
    return re.compile(
        rf"""(?P<initials>(?<![\w.])(?:[^\W\d_][a-z]?\.){{2,}}(?:{letter}(?!\w))?
             |(?<![\w.])(?:[A-Z]\.[ ]){{2,}})
       |(?P<word>{letter}(?:{or_digit}|[{UNSEEN}{ACCENTS}])*
             |\d+(?:st|nd|rd|th|s)(?!\w)
             |\d+{letter}{or_digit}*\d{or_digit}*)
       |(?P<number>(?:\d{{1,3}}(?:,\d{{2,3}})*,\d{{3}}(?:\.\d+)?
                |\d{{1,3}}(?:\.\d{{3}})+(?:,\d+|\.\d{{3}})
                |\d{{1,3}}(?:['’\u00a0\u2009\u202f]\d{{3}})+(?:[.,]\d+)?
                |\d{{1,3}}(?:[ ]\d{{3}}){{2,}}(?:[.,]\d+)?)(?![.,]?\d)
             |(?<!\d[.,:])(?:\d+[.,]\d+|\d\d?:\d\d)(?![.,:]?\d)
             |\d+)
       {cut}""",
        re.VERBOSE,
    )


def _tokens(text: str) -> Iterator[SearchedWord]:
    is_cut = not text.isascii() and CUT.search(text)  # their ranges take long to compile
    for match in _token(UNSEPARATED if is_cut else "").finditer(text):
        said, kind, start = match[0], match.lastgroup, match.start()
        if kind == "word":
            yield SearchedWord(
                said if said.isascii() else without_accents(said), start, match.end()
            )
        elif kind == "unseparated":
            yield from _cut(said, start)
        elif kind == "number":
            yield SearchedWord(_plain_number(said), start, match.end())
        else:
            said = said.rstrip()
            yield SearchedWord(re.sub(r"[. ]", "", said), start, start + len(said))


def _cut(run: str, start: int) -> Iterator[SearchedWord]:
    from icu4py.breakers import WordBreaker

    for part in WordBreaker(run, "en"):
        words = str(part)
        if any(map(str.isalnum, words)):
            yield SearchedWord(without_accents(words), start, start + len(words))
        start += len(words)


def _plain_number(printed: str) -> str:
    """The one way that a number is searched by: 1,250,000 and 1.250.000 are 1250000, and 2.50,
    2,5 and 2:50 are 2.5."""
    separators = NO_DIGIT.findall(printed)
    if not separators:
        return printed if printed.isascii() else without_accents(printed)
    whole, last, fraction = printed.rpartition(separators[-1])
    if last not in FRACTION or (
        len(fraction) == 3 and ({*separators} == {","} or separators.count(".") > 1)
    ):
        whole, fraction = printed, ""
    digits = NO_DIGIT.sub("", whole).lstrip("0") or "0"
    return f"{digits}.{fraction}".rstrip("0").removesuffix(".") if fraction else digits


def _joined(
    before: SearchedWord, word: SearchedWord, text: str, lexicon: Lexicon
) -> SearchedWord | None:
    """The number that both are parts of, if they are: "1.25 million", "twenty-eight"."""
    printed, said = text[before.start : before.end].lower(), word.text.lower()
    value = lexicon.numbers.get(printed, before.text)
    if not IN_DIGITS.fullmatch(value) or text[before.end : word.start] not in BETWEEN:
        return None
    scale = lexicon.scales.get(said)
    if scale is None and text[before.start - 1 : before.start] in CURRENCIES:
        scale = lexicon.scales_of_money.get(said)
    if scale:
        number = Decimal(value) * int(scale)
        return SearchedWord(f"{number.normalize():f}", before.start, word.end)
    unit = int(lexicon.numbers.get(said, 0))
    if printed in lexicon.numbers and int(value) >= 20 and 0 < unit < 10:
        return SearchedWord(str(int(value) + unit), before.start, word.end)
    return None
