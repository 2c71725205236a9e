"""What a question insists on, and whether a text has it: the names and numbers that it asks
for, and its "not". By words only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.english import ENGLISH
from index.english.lexicon import NUMBER_WORDS
from index.english.negation import has_negation
from index.english.quantities import is_number
from index.english.spelling import NAMELIKE, folded
from index.lexicon import Lexicon

BEGINNING = 6
"""Letters by which two words are held for one: Normans and Normandy."""

SHORT_NAME = 4
"""Letters of a name from which on a longer one may begin with it: Tajik and Tajikistan."""


SAME_LANGUAGE_FROM = 0.2
"""Share of function words from which a question is in a language: .99 of those in English on
squad/dev and xquad/dev have as many, and at most .06 of those in any of 11 other languages."""


@dataclass(frozen=True, slots=True)
class Insistence:
    """The names and numbers of a question, folded, and whether it negates."""

    names: frozenset[str]
    negates: bool

    def is_met_by(self, *texts: str) -> bool:
        """Have the texts all of the names and numbers?"""
        return not self.names or not self.missing_from(*texts)

    def missing_from(self, *texts: str) -> frozenset[str]:
        """Which of the names and numbers the texts have not."""
        there = {_plain(word) for text in texts for word in NAMELIKE.findall(text)}
        return frozenset(n for n in self.names if not any(_are_one(n, word) for word in there))

    def is_negated_in(self, text: str) -> bool:
        """Does the text negate something, if the question does?"""
        return not self.negates or has_negation(text)


def insistence(question: str, lexicon: Lexicon = ENGLISH) -> Insistence:
    """What a question insists on, as it was typed. A name is known by its capital, which says
    nothing of the first word, nor where every word has one, nor in a language where every noun
    has."""
    words = NAMELIKE.findall(question)
    insisted = {word for word in words if is_number(word)}
    told = lexicon.capitals_are_names and _is_in(lexicon, words)
    if told and any(word[0].islower() for word in words[1:]):
        insisted.update(word for word in words[1:] if _is_name(word, lexicon))
    return Insistence(frozenset(map(_plain, insisted)), has_negation(question))


def as_printed(question: str, names: Iterable[str]) -> tuple[str, ...]:
    """These folded names and numbers as the question has them, in its order."""
    wanted = frozenset(names)
    words = NAMELIKE.findall(question)
    return tuple(dict.fromkeys(word for word in words if _plain(word) in wanted))


def _is_in(language: Lexicon, words: Sequence[str]) -> bool:
    known = sum(word.lower() in language.function_words for word in words)
    return known >= SAME_LANGUAGE_FROM * len(words)


def _is_name(word: str, lexicon: Lexicon) -> bool:
    return word[0].isupper() and word.lower() not in lexicon.function_words


def _are_one(name: str, word: str) -> bool:
    if is_number(name) or min(len(name), len(word)) < SHORT_NAME:
        return name == word
    return word.startswith(name[:BEGINNING]) or name.startswith(word)


def _plain(word: str) -> str:
    plain = folded(word).replace("’", "'").removesuffix("'s")
    return NUMBER_WORDS.get(plain, plain)
