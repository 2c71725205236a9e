"""What the rules know of a language: one object for each, made by a package of its own.

English is `index.english.ENGLISH`. German would be a package index/german with the same
modules, its object GERMAN, and a row in `index.attribution.languages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a language that search and attribution look at, in small letters.

    `code` is ISO 639-1's, `stemmer` Snowball's name of the language. `genders` of
    titles and `pronouns` are "m" and "f". `capitals_are_names` says whether a capital in
    mid-sentence tells a name, as it does not where nouns have one. `numbers` are words for
    numbers with their digits, of which `perhaps_numbers` say something else as well; `scales`
    stand behind numbers that they multiply, `scales_of_money` only behind sums of money.
    """

    code: str
    stemmer: str
    function_words: frozenset[str]
    titles: frozenset[str]
    organizations: frozenset[str]
    genders: Mapping[str, str]
    pronouns: Mapping[str, str]
    capitals_are_names: bool
    numbers: Mapping[str, str]
    perhaps_numbers: frozenset[str]
    scales: Mapping[str, float]
    scales_of_money: Mapping[str, float]
