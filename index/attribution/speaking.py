"""Whether whoever does something by the grammar can have said it.

A tale or a report tells in the past tense who said what. A handbook, a policy or a manual tells in
the present what things show and what people are to do: "the form asks for a date", "tenants tell
the caretaker". There, outside what somebody says in it, only an asserting clause, a quotation or
the past makes a statement. Things speak nowhere but where they are told to have: "a voice said".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.attribution.grammar import NOUNS, is_name
from index.attribution.names import is_first_name
from index.attribution.people import People
from index.attribution.utterances import Subject, Utterance
from index.documents import Span
from index.english.somebody import SubjectSense, meaning
from index.english.word_lists import NOBODY_KNOWN, THINGS_POINTED_AT

TELLS = re.compile(
    r"\b(?:had|did|said|told|asked|added|wrote|replied|called|he|she|his|her|him)\b", re.IGNORECASE
)
INSTRUCTS = re.compile(r"\b(?:you|your|must|should|shall|may|can|if|when)\b", re.IGNORECASE)

THAT_SAID = re.compile(r"that said,", re.IGNORECASE)
"""It goes on with what the author says."""

LEAST_TELLING = 0.003
"""How many more words of the first kind than of the second a document that tells of something has,
as a share of all words. Of 297 handbooks, policies and descriptions of programs one in a hundred
has as many, of 924 news articles seven in eight have."""

LEAST_NAMED = 0.012
"""How often such a document else names people, as a share of all words: of those handbooks none
does, of the other news articles seven in ten do."""

SHORT = 60
"""Words up to which a text is believed to tell: too few to count."""


class Speaking:
    """What is asked of each utterance of one document."""

    def __init__(self, text: str, quotations: Sequence[Span], people: People) -> None:
        self._text = text
        ends = [0, *(span.end for span in quotations)]
        starts = [*(span.start for span in quotations), len(text)]
        own = " ".join(text[end:start] for end, start in zip(ends, starts, strict=True))
        told, instructed = (len(words.findall(own)) for words in (TELLS, INSTRUCTS))
        words = own.count(" ")
        self._tells = (
            words < SHORT
            or told - instructed >= LEAST_TELLING * words
            or people.how_often_named >= LEAST_NAMED * text.count(" ")
        )

    def is_statement(self, utterance: Utterance) -> bool:
        """Can its subject have said it?"""
        subject = utterance.subject
        if not isinstance(subject, Subject):
            return True
        if THAT_SAID.match(self._text, utterance.as_printed.start):
            return False
        tells = self._tells or utterance.turn is not None
        is_told = tells or utterance.happened or _is_persons(utterance.speaker or "")
        is_strong = utterance.declares and (tells or not utterance.planned)
        is_strong = is_strong or (utterance.quoted and utterance.happened)
        if utterance.found_by == "block" and not is_told:
            return False
        means = self._means(subject, utterance)
        if means is None:
            return False
        if means is SubjectSense.SOMEBODY:
            return is_told or is_strong
        if means is SubjectSense.THING or not tells:
            return is_strong and (is_told or means is SubjectSense.TEXT)
        return True

    def _means(self, subject: Subject, utterance: Utterance) -> SubjectSense | None:
        """By the noun, or by whatever a pronoun stands for; None for what is nobody."""
        grammar, position = subject.grammar, subject.position
        counted = grammar.counted(position)
        word = grammar.tree[position if counted is None else counted]
        plain = word.text.lower()
        if plain in NOBODY_KNOWN or word.tag.startswith("VB"):
            return None
        if plain in THINGS_POINTED_AT:
            named = utterance.speaker
            return SubjectSense.PERHAPS if named is None else self._of_name(named)
        if is_name(word) or word.tag not in NOUNS or self._is_name(word.text, position):
            return SubjectSense.SOMEBODY
        found = {meaning(plain), meaning(word.lemma)}
        return next(means for means in SubjectSense if means in found)

    def _of_name(self, name: str) -> SubjectSense:
        return SubjectSense.SOMEBODY if name[:1].isupper() else meaning(name.split(" ")[-1].lower())

    def _is_name(self, word: str, position: int) -> bool:
        """Has it a capital letter in the middle of a sentence, here or elsewhere?"""
        if not word[0].isupper():
            return False
        return position > 0 or re.search(rf"[a-z,] {re.escape(word)}\b", self._text) is not None


def _is_persons(name: str) -> bool:
    """Is it a first name and a surname?"""
    first, _, last = name.partition(" ")
    return last[:1].isupper() and is_first_name(first)
