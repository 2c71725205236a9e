"""Who can say something: nouns for persons, bodies and texts that assert something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from pathlib import Path

from index.english.word_lists import (
    ASSERTING_TEXTS,
    COMPANIES,
    DECIDERS,
    DOCUMENTS,
    FINDERS,
    FUNCTION_WORDS,
    KIN,
    OF_ONE_PERSON,
    PUBLIC_BODIES,
    SEVERAL,
)

SHORTEST_END = 6
"""Letters of a noun that tells what a longer one means: "headteacher"."""


class SubjectSense(Enum):
    """What a noun means as the subject of a verb of saying."""

    SOMEBODY = "a person or a body"
    TEXT = "a text that asserts something"
    PERHAPS = "somebody in a tale, a thing in a handbook"
    THING = "what cannot speak"


@cache
def meaning(noun: str) -> SubjectSense:
    """What a noun in small letters means, be it in the singular or the plural."""
    somebody, perhaps = _nouns()
    forms = {*_forms(noun)}
    if not forms.isdisjoint(ASSERTING_TEXTS | FINDERS):
        return SubjectSense.TEXT
    ends = {form[start:] for form in forms for start in range(1, len(form) - SHORTEST_END + 1)}
    if not (forms | ends).isdisjoint(somebody) or not forms.isdisjoint(BY_HAND):
        return SubjectSense.SOMEBODY
    return SubjectSense.THING if forms.isdisjoint(perhaps) else SubjectSense.PERHAPS


def are_several(name: str) -> bool:
    """Are so called several people: "Analysts", "Council members", "Both sides"? Nobody whose
    name ends like a plural is: "Kate Masters", "Human Rights Watch"."""
    words = name.split()
    behind = (place for place, word in enumerate(words) if place and word in BEHIND_PEOPLE)
    before = words[: next(behind, len(words))]
    if not before or (len(before) > 1 and not before[-1].islower()):
        return False
    noun = before[-1].lower()
    if len(before) > 1 and before[0].lower() in COUNTING and noun.endswith("s"):
        return True
    if noun in SEVERAL | SPOKEN_OF_AS_SEVERAL:
        return True
    somebody, singular = _nouns()[0], {*_forms(noun)} - {noun}
    return noun not in somebody and not singular.isdisjoint(somebody)


SPOKEN_OF_AS_SEVERAL = frozenset("sources media".split())

COUNTING = frozenset("both several many most some few all these those other two three".split())
"""In front of a plural."""


def may_be_named(words: Iterable[str]) -> bool:
    """Could one of these words, in small letters, name somebody other than the documents
    themselves?"""
    return not FUNCTION_WORDS.union(DOCUMENTS).issuperset(words)


def is_written_or_thing(words: Sequence[str]) -> bool:
    """Are these words, as they are printed, of what stands in documents or of a thing: "the park
    rules", "the form"? A name has no article."""
    behind = (place for place, word in enumerate(words) if place > 1 and word in BEHIND_A_NOUN)
    noun = words[next(behind, len(words)) - 1]
    if noun.lower() in DOCUMENTS:
        return True
    has_article = len(words) > 1 and words[0].lower() in ("the", "this", "a", "an")
    means = meaning(noun) if noun.islower() and has_article else SubjectSense.SOMEBODY
    return means is not SubjectSense.SOMEBODY and _nouns()[0].isdisjoint(_forms(noun))


BEHIND_A_NOUN = frozenset("of to from by about on in for with".split())

BEHIND_PEOPLE = BEHIND_A_NOUN | frozenset("at who that near within".split())

BY_HAND = DECIDERS | OF_ONE_PERSON | KIN | COMPANIES | PUBLIC_BODIES | SEVERAL


def _forms(noun: str) -> Iterator[str]:
    yield noun.rstrip(".")
    for end, instead in (("s", ""), ("es", ""), ("ies", "y"), ("men", "man")):
        if noun.endswith(end):
            yield noun.removesuffix(end) + instead


@cache
def _nouns() -> tuple[frozenset[str], frozenset[str]]:
    """Those of the file that mean somebody, and those that also mean something else."""
    words = (Path(__file__).parent / "speakers.txt").read_text("utf-8")
    _, somebody, perhaps = words.split("\n\n")
    return frozenset(somebody.split()[1:]), frozenset(perhaps.split()[1:])
