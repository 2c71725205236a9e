"""Citations to the contradictions between them. Clear cases only, by rule.

Two sentences contradict each other when they say the same with another number, or when
one speaker says the same words with and without "not" in two documents. What might be
about another time, place or person is no contradiction. Whoever reads the answer sees both
sides; none is chosen.

Measured on the 3,263 answers to squad/dev and polnear/dev: five pairs of citations measure
the same kind of thing with different numbers, none of the five is a contradiction, and none
is shown as one. Of the 21,961 pairs of sentences in those documents that measure the same
kind of thing and share two words, one is called a contradiction (a leader with 221 and with
182 delegates), of the 1,097,084 pairs of statements that one speaker made in two documents
none. When the number of a quoted sentence is changed, .57 of 169 are found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from assistant.answers import Citation, Contradiction, mark
from index.english.negation import has_negation, negating_words
from index.english.quantities import MEASURING_WORDS, NUMBER, Quantity, quantities
from index.english.spelling import LETTERS, root
from index.english.word_lists import FUNCTION_WORDS, OURSELVES, SOMEBODY, WHEN

LEAST_SHARED = 3
"""Words that two sentences must share, besides function words: "20 people came" and
"30 people came" may tell of two evenings."""

SAME_WORDS = 0.6
"""The share of all words of both sentences that both must have."""

SENTENCE_END = re.compile(r"(?<=[.!?;])(?<!\b[A-Z]\.)[”’\"')]*\s+|\n+")
"""Not after an initial: "George W. Bush", "U.S. troops"."""

WHEN_ROOTS = frozenset(map(root, WHEN))


@dataclass(frozen=True)
class CitedSentence:
    """A sentence of a citation, and what it is compared by."""

    citation: Citation
    text: str

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words without function words and negations, by their roots."""
        return frozenset(
            root(word)
            for word in LETTERS.findall(self.text)
            if word.lower() not in FUNCTION_WORDS | MEASURING_WORDS and not has_negation(word)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital letter, but for the first of the sentence."""
        return frozenset(root(word) for word in LETTERS.findall(self.text)[1:] if word[0].isupper())

    @cached_property
    def pronouns(self) -> frozenset[str]:
        """Words that mean somebody whom another sentence names."""
        return frozenset(map(str.lower, LETTERS.findall(self.text))) & (SOMEBODY | OURSELVES)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """What it counts and measures."""
        return quantities(self.text)

    @property
    def other_numbers(self) -> list[str]:
        """Its numerals that measure nothing: years, dates, scores."""
        measured = Counter(NUMBER.findall(" ".join(q.printed for q in self.quantities)))
        return sorted((Counter(NUMBER.findall(self.text)) - measured).elements())

    @property
    def negated(self) -> bool:
        return len(negating_words(self.text)) % 2 == 1


def find_contradictions(citations: Sequence[Citation]) -> tuple[Contradiction, ...]:
    """Every clear contradiction between two of these citations, in their order."""
    sentences = {citation.number: list(_sentences(citation)) for citation in citations}
    pairs = (pair for pair in combinations(citations, 2) if not _are_of_one_table(*pair))
    found = (_contradiction(sentences[a.number], sentences[b.number]) for a, b in pairs)
    return tuple(contradiction for contradiction in found if contradiction)


def _are_of_one_table(one: Citation, other: Citation) -> bool:
    """Are they rows of one document, each of its own thing?"""
    return bool(one.rows and other.rows) and one.source.id == other.source.id


def _sentences(citation: Citation) -> Iterator[CitedSentence]:
    for text in SENTENCE_END.split(citation.quote):
        if text.strip() and not text.rstrip("”’\"') ").endswith("?"):
            yield CitedSentence(citation, text.strip())


def _contradiction(
    ones: Sequence[CitedSentence], others: Sequence[CitedSentence]
) -> Contradiction | None:
    for one, other in product(ones, others):
        found = _numbers(one, other) or _negation(one, other)
        if found:
            return found
    return None


def _numbers(one: CitedSentence, other: CitedSentence) -> Contradiction | None:
    """Do they say the same with another number?"""
    ones, others = _only_in(one, other), _only_in(other, one)
    if len(ones) != 1 or len(others) != 1 or one.negated != other.negated:
        return None
    (a,), (b,) = ones, others
    if not _measure_the_same(a, b) or not a.excludes(b):
        return None
    if not _same_subject(one, other):
        return None
    things = [word for word in a.things if root(word) in _stems(b)]
    things = things or [word for word in LETTERS.findall(one.text) if root(word) in other.words]
    return Contradiction(
        (one.citation.number, other.citation.number),
        (_side(a.printed, one), _side(b.printed, other)),
        things=" ".join(things),
    )


def _only_in(one: CitedSentence, other: CitedSentence) -> list[Quantity]:
    """The quantities of one sentence whose number the other one has not."""
    printed = {quantity.printed for quantity in other.quantities}
    return [quantity for quantity in one.quantities if quantity.printed not in printed]


def _measure_the_same(one: Quantity, other: Quantity) -> bool:
    if one.unit != other.unit:
        return False
    return bool(_stems(one) & _stems(other)) or not (one.things or other.things)


def _negation(one: CitedSentence, other: CitedSentence) -> Contradiction | None:
    """Does one speaker say it and, in another document, the contrary?"""
    if not _same_speaker(one, other) or one.citation.source.id == other.citation.source.id:
        return None
    if one.negated == other.negated or _numbers_of(one) != _numbers_of(other):
        return None
    if one.words != other.words or not _same_subject(one, other):
        return None
    speaker = one.citation.speaker
    said, denied = (other, one) if one.negated else (one, other)
    return Contradiction(
        (one.citation.number, other.citation.number),
        (_side(f"“{said.text}”", said), _side(f"“{denied.text}”", denied)),
        speaker=speaker.name if speaker else "",
    )


def _same_subject(one: CitedSentence, other: CitedSentence) -> bool:
    """Has one of them all words of the other, and few more, none of which may be what
    makes the difference?"""
    shared, more = one.words & other.words, one.words ^ other.words
    if len(shared) < LEAST_SHARED or len(shared) < SAME_WORDS * len(one.words | other.words):
        return False
    if one.words - other.words and other.words - one.words:
        return False
    if more & (WHEN_ROOTS | one.names | other.names) or one.other_numbers != other.other_numbers:
        return False
    return _same_people(one, other)


def _same_people(one: CitedSentence, other: CitedSentence) -> bool:
    """Do words like "he" and "we" mean the same in both, as far as can be told?"""
    if not one.pronouns | other.pronouns:
        return True
    return _same_speaker(one, other) and not (one.pronouns | other.pronouns) & SOMEBODY


def _same_speaker(one: CitedSentence, other: CitedSentence) -> bool:
    speaker = one.citation.speaker
    return (
        speaker is not None
        and other.citation.speaker is not None
        and (speaker.name == other.citation.speaker.name)
    )


def _numbers_of(sentence: CitedSentence) -> list[str]:
    return sorted(NUMBER.findall(sentence.text))


def _stems(quantity: Quantity) -> set[str]:
    return {root(word) for word in quantity.things}


def _side(words: str, sentence: CitedSentence) -> str:
    """What one of them says, its mark, and who says it when."""
    citation = sentence.citation
    speaker = citation.speaker.name if citation.speaker else ""
    who = ", ".join(filter(None, [speaker, citation.source.title, citation.source.published]))
    return f"{words} {mark(citation.number)} ({who})"
