"""What people are called beside their names: "Tajik president Emomali Rahmon".

Only a noun phrase that stands directly beside the name and ends in a title describes
somebody: in "the secretary said Marsden was wrong" nothing does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.attribution.names import Name
from index.english.word_lists import (
    ANY_TITLE,
    BEFORE_A_TITLE,
    BEHIND_A_TITLE,
    FUNCTION_WORDS,
    QUALIFIERS,
    SOMEBODY_NEW,
    TITLES_IN_FULL,
)

Phrase = frozenset[str]

WORDS_BEFORE = re.compile(r"(?:[\w’'-]+[ \u00a0])*[\w’'-]*$")
OF_NAME = re.compile(r" of (?:the )?[^\W\da-z_][\w’'-]*(?: [^\W\da-z_][\w’'-]*)*$")
WORDS_AFTER = re.compile(r", (?:a|an|the|his|her|its|their) ([\w’'-]+(?: [\w’'-]+){0,6})")
PHRASE_ENDS = frozenset(["", *",.;:)—–\n"])
POSSESSIVE = re.compile(r"(?:[’']s|s[’'])$")
SEEN_BEFORE = 80
MOST_WORDS = 5


class Descriptions:
    """What each person of a document is called."""

    def __init__(self, titles: frozenset[str], organizations: frozenset[str]) -> None:
        self._titles = titles | ANY_TITLE
        self._organizations = organizations
        self._called: defaultdict[Name, set[Phrase]] = defaultdict(set)
        self._names: defaultdict[str, set[Name]] = defaultdict(set)

    def note(self, name: Name, titles: Sequence[str], text: str, start: int, end: int) -> None:
        """Whoever is named from start to end, with titles in capitals at the front."""
        before = [*self._before(text, start, titled=bool(titles)), *titles]
        for words in (before, self._apposed(text, start, end), self._after(text, end)):
            phrase = _phrase(words)
            if phrase:
                self._called[name].add(phrase)
            for word in phrase:
                self._names[word].add(name)

    def fitting(self, words: Sequence[str]) -> Mapping[Name, tuple[int, bool]]:
        """Who may be meant by "the former Tajik president", and how well the words fit.
        A possessive may come as two words, "mayor" and "s"."""
        owned = max((i + 1 for i, word in enumerate(words) if word == "s"), default=0)
        wanted = _phrase(words[owned:])
        if not wanted or not self._is_of_one(words) or wanted.isdisjoint(self._titles):
            return {}
        head = _last(words[-1])
        anything = head in ANY_TITLE or head not in self._titles
        fits = {}
        for name in {name for word in wanted for name in self._names.get(word, ())}:
            same = [p for p in self._called[name] if p & QUALIFIERS == wanted & QUALIFIERS]
            shared = wanted.intersection(word for phrase in same for word in phrase)
            if shared and (anything or head in shared):
                fits[name] = (len(shared), wanted in same)
        return fits

    def _is_of_one(self, words: Sequence[str]) -> bool:
        """Does it name one person, whom the reader knows already?"""
        head = words[-1].lower()
        several = head.endswith("s") and not head.endswith("ss")
        return (
            not several and head not in self._organizations and words[0].lower() not in SOMEBODY_NEW
        )

    def _before(self, text: str, start: int, *, titled: bool = False) -> list[str]:
        """The unbroken phrase in front; its last word is a title unless one follows."""
        found: list[str] = []
        for word in reversed(_words_before(text, start)):
            if len(found) == MOST_WORDS or not self._belongs(word, found, titled=titled):
                break
            found.insert(0, word)
        return found

    def _belongs(self, word: str, behind: Sequence[str], *, titled: bool) -> bool:
        last = _last(word)
        if not behind and not titled:
            return last in self._titles
        if POSSESSIVE.search(word) or word.lower() in FUNCTION_WORDS:
            return False
        title = last in self._titles and last not in QUALIFIERS
        return not title or all(self._is_title_or_name(word) for word in behind)

    def _is_title_or_name(self, word: str) -> bool:
        """Else it may be a verb whose subject is the title in front of it."""
        return word[0].isupper() or _last(word) in self._titles

    def _apposed(self, text: str, start: int, end: int) -> list[str]:
        """As in "the president of Freedonia, Rosa Ibarra, said"."""
        if text[max(0, start - 2) : start] != ", " or text[end : end + 1] != ",":
            return []
        seen = OF_NAME.sub("", text[max(0, start - SEEN_BEFORE) : start - 2])
        words, found = _words_before(seen, len(seen)), self._before(seen, len(seen))
        outside = words[: len(words) - len(found)]
        return found if outside and outside[-1].lower() in BEFORE_A_TITLE else []

    def _after(self, text: str, end: int) -> list[str]:
        """As in "Ann Lee, the mayor of Oslo": what is in front of "of", if a title."""
        match = WORDS_AFTER.match(text, end)
        if match is None:
            return []
        words = match[1].split()
        last = next((i for i, w in enumerate(words) if w.lower() in BEHIND_A_TITLE), len(words))
        closed = last < len(words) or text[match.end() : match.end() + 1] in PHRASE_ENDS
        words = words[:last]
        return words if closed and words and _last(words[-1]) in self._titles else []


def _words_before(text: str, start: int) -> list[str]:
    match = WORDS_BEFORE.search(text[max(0, start - SEEN_BEFORE) : start])
    return match[0].split() if match else []


def _last(word: str) -> str:
    """The word, or what is behind its hyphen: "president" of "ex-president"."""
    return [*_plain([word])][-1]


def _plain(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        for part in word.lower().split("-"):
            yield TITLES_IN_FULL.get(part, part)


def _phrase(words: Iterable[str]) -> Phrase:
    return frozenset(_plain(words)) - FUNCTION_WORDS - {""}
