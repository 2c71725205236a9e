"""Names: those of a written sentence, and whether two mean the same person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.attribution.grammar import is_name
from index.attribution.languages import Language
from index.attribution.names import is_short_for, usual_gender
from index.documents import StatementHit
from index.english.amounts import is_month
from index.english.spelling import begins_alike, folded, without_s
from index.english.word_lists import FUNCTION_WORDS, PRONOUNS, TITLES
from index.search.speakers import is_named

NAMED_WITHIN = 400
"""Characters before "she" in which the name stands that is meant. Chosen, not
fitted: two or three sentences."""

BESIDE = 30
"""Characters before "the director" and behind the cue in which a name is apposed."""

SHORTEST_ROOT = 4
"""Letters in which two names have to agree to be of one root: Tajik, Tajikistan."""

CAPITALIZED = re.compile(r"(?<=[\w,] )[A-ZÀ-ÞА-ЯЁ][\w’'-]+")
"""Behind a word or a comma: not where a sentence or a quotation begins."""


def names(words: str, language: Language | None) -> Iterator[str]:
    """Proper nouns, months and days among them, and whatever else has a capital letter
    though it does not begin a sentence."""
    names = [match[0] for match in CAPITALIZED.finditer(words)]
    if language is not None:
        (tree,) = language.parser.parse([words])
        names += [word.text for word in tree if is_name(word)]
    for name in dict.fromkeys(names):
        plain = folded(name)
        if is_month(name) or (
            len(plain) > 1 and plain[0].isalpha() and plain not in TITLES | FUNCTION_WORDS
        ):
            yield name


def is_credited(hit: StatementHit, written: str) -> bool:
    """Does the document credit the statement to whom the sentence names? Where it calls
    nobody by name, whoever it names right before may be meant."""
    own = _name(written)
    known = [n for n in (hit.speaker, hit.statement.speaker, hit.as_printed) if n]
    if any(_agree(own, name) for name in _fullest(known)):
        return True
    if any(map(_is_name, known)):
        return False
    pronoun = PRONOUNS.get(hit.as_printed.lower())
    return bool(own) and _fits(own, pronoun) and own[-1] in plain_words(_before(hit, pronoun))


def is_among(name: str, there: set[str]) -> bool:
    """Is the name, or one of the same root, among these folded words?"""
    plain = folded(without_s(name))
    return plain in there or any(begins_alike(plain, word, SHORTEST_ROOT) for word in there)


def without_titles(words: Sequence[str]) -> list[str]:
    """A name without the titles and articles before it, unless there is nothing else."""
    name = [word for word in words if folded(word) not in FUNCTION_WORDS]
    while len(name) > 1 and folded(name[0]) in TITLES:
        name = name[1:]
    return name


def short_for(one: Sequence[str], other: Sequence[str]) -> bool:
    """Is one of two names made of the initials of the other?"""
    return any(
        len(short) == 1 and short[0].replace(".", "") == "".join(word[0] for word in long)
        for short, long in ((one, other), (other, one))
    )


def plain_words(text: str) -> list[str]:
    """In small letters, without 's."""
    return [folded(without_s(word)) for word in printed_words(text)]


def printed_words(text: str) -> list[str]:
    """As they are printed, without the marks around them."""
    return [
        part
        for word in text.replace("/", " ").split()
        for part in [word.strip(".,;:!?“”\"'()[]«»„‘’–—")]
        if part
    ]


def _fullest(known: Sequence[str]) -> list[list[str]]:
    """These names but those that are part of another: where Lee is Ann Lee, Bo Lee is not."""
    names = [_name(words) for words in known]
    return [name for name in names if not any(set(name) < set(other) for other in names)]


def _fits(name: Sequence[str], pronoun: str | None) -> bool:
    """Is the person as the pronoun has it, as far as the name tells?"""
    return pronoun is None or len(name) == 1 or usual_gender(name[0]) == pronoun


def _is_name(words: str) -> bool:
    """Is it not "she", "CEO" or "the director"?"""
    return is_named(words) and any(
        len(word) > 2 and word not in TITLES for word in plain_words(words)
    )


def _before(hit: StatementHit, pronoun: str | None) -> str:
    """Where the name stands that is meant: before a pronoun, beside a description."""
    passage, printed = hit.passage, hit.statement.as_printed
    if pronoun is None:
        first, last = printed.start - BESIDE, hit.statement.said_at.end + BESIDE
    else:
        first, last = printed.start - NAMED_WITHIN, printed.start
    return passage.text[max(0, first - passage.start) : max(0, last - passage.start)]


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Do two names have the surname in common, and the first name if both have one?"""
    if not one or not other:
        return False
    if one[-1] != other[-1]:
        return set(one) <= set(other) or set(other) <= set(one)
    return len(one) == 1 or len(other) == 1 or is_short_for(one[0], other[0])


def _name(words: str) -> list[str]:
    return without_titles(plain_words(words))
