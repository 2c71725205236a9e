"""What of a question the words have that would be quoted, with those that say of what they speak.

A question about interns is not answered by what holds for employees, however like the two are:
it has to be said of interns, or by a word that means the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from assistant.answering.units import MAIL_HEAD, Told
from index.documents import Found, Query
from index.english.kinds import ANOTHER_TIME, BESIDE_NOW, WHO_DID
from index.english.spelling import SUFFIXES, TOKEN, begins_alike, root, telling
from index.english.word_lists import (
    ATTRIBUTES,
    COMPANIES,
    DAYS,
    LIGHT_VERBS,
    OURSELVES,
    PUBLIC_BODIES,
    SERIES,
)
from index.search.demands import (
    RARE,
    is_mentioned,
    is_ones_own,
    rare_restrictions,
    restricting,
    things,
    whole_number,
    words_without_spaces,
)
from index.search.late_interaction import READ
from index.words import is_cut_by_dictionary

ANOTHER_NAME = 0.7
"""The cosine from which one word means what another does: "attorney" and "lawyer" have .89,
"physician" and "doctor" .86, "employees" and "staff" .72, but "teacher" and "student" .66,
"Italian" and "Spanish" .61, "bicycle" and "car" .52."""

MUCH_LIKE = 0.65
"""The same of words in what was found with it. Chosen, not fitted."""

SAME_WORD = 0.6
"""The same where one of the words begins with the other: "child's" and "children" have .65."""

PARTS_OF_A_WEEK = {
    **dict.fromkeys(map(root, DAYS[:5]), frozenset(["weekday", "weekdays"])),
    **dict.fromkeys(map(root, DAYS[5:]), frozenset(["weekend", "weekends"])),
}

PLACES_IN_SERIES = {
    word: (number, place)
    for number, series in enumerate(SERIES)
    for place, words in enumerate(series)
    for word in words
}

NO_SERIES = -1

TIMES = range(3)
"""The series of days, months and seasons: "Monday to Friday" has Tuesday, too."""

VERBS_TOO = frozenset(["may", "march"])
"""Months only with a capital."""

DOERS = ("er", "or", "r")
"""With which a verb names whoever does it: "keeper", "conductor"."""

SHORTEST = 5
"""Letters of a word with which another may begin to be the same."""

AMONG = r"(?:,|,? and|,? or)(?: the| an?)?"
NAMED_BEFORE = re.compile(rf"\b(?:[\w-]+ )?[\w-]+{AMONG} $", re.I)
NAMED_AFTER = re.compile(rf"{AMONG} [\w-]+(?: [\w-]+)?", re.I)
""" "Nurses and the", " and the nurses": what is named beside something, with up to one word that
describes it."""

LONGEST_BESIDE = 60
"""Characters before something in which what is named beside it is looked for."""

HAD_BY_ALL = frozenset(map(root, ATTRIBUTES))
"""What a value of the kind that is asked for says without its name: "£12" for the price."""

TELLS_LITTLE = frozenset(map(root, LIGHT_VERBS | {"may", "will", "would", "should", "pay"}))

OWN_BODIES = frozenset(map(root, COMPANIES | PUBLIC_BODIES))
"""Whoever wrote the document may be called so, who calls themselves "we"."""


def _is_abbreviation(word: str) -> bool:
    return word.isascii() and word.isalpha() and word.isupper()


class Matching:
    """Compares one question with texts: each a unit that would be quoted, as `Layout.in_context`
    gives it. `tells_kind` if a kind of answer is asked for, `knows_languages` if its words are
    compared by a model of many, `with_own` if it insists on what is the asking person's, too: that
    tells it from nobody else's, but one sentence from another."""

    def __init__(
        self,
        query: Query,
        found: Found,
        *,
        tells_kind: bool = False,
        knows_languages: bool = False,
        with_own: bool = False,
    ) -> None:
        self._with_own = with_own
        self._tells_kind = tells_kind
        self._question = query.standalone_question
        self._leans = query.leans
        self._rarity, self._near = found.rarity, found.near
        self._absent = found.absent
        self._read = [hit.passage.text for hit in found.hits[:READ]]
        self._knows_languages = knows_languages
        self._roots: dict[str, set[str]] = {}
        self._mentioned: dict[tuple[str, str], bool] = {}
        self._named_beside: dict[tuple[str, str], set[str]] = {}

    @cached_property
    def insisted(self) -> dict[str, str]:
        """Words that say of whom, where, for what or of which thing is asked, each with the word
        that it describes, "" for none."""
        if self._leans:
            return {}
        asked = self._question
        rare = {
            word: ""
            for word in rare_restrictions(asked, self._rarity)
            if not _is_abbreviation(word)  # what it stands for may be there
        }
        named = {w: head for w, head in things(asked).items() if self._rarity.get(w, 1.0) >= RARE}
        words = {
            word: head
            for word, head in (rare | named).items()
            if (self._with_own or not is_ones_own(word, asked))
            and not self._is_an_absent_name(word)
        }
        if self._tells_kind:
            words = {w: head for w, head in words.items() if root(w) not in HAD_BY_ALL}
        if self._knows_languages:  # to a model of many all Chinese sentences are alike
            alike = words_without_spaces(asked)
            words = {w: head for w, head in words.items() if w not in alike}
        return words

    def lacking(
        self, told: Told, *, even_mentioned: bool = True, likely: bool = False
    ) -> tuple[str, ...]:
        """Which of these words the text has not, nor one that means the same. What describes a
        thing that it has may be put in other words, if no document has it: "overdue". Without
        `even_mentioned` words that only name a thing, and that some document has, are left out;
        if an answer is `likely`, those that its document has."""
        words = [*dict.fromkeys([*self._lacking_words(told), *self._lacking_in_a_series(told)])]
        strict = {
            *restricting(self._question),
            *self.told_apart(words, told),
            *self._lacking_in_a_series(told),
        }
        if likely:
            words = [word for word in words if word in strict or not self._is_around(word, told)]
        if not even_mentioned:
            words = [
                w for w in words if w in strict or w not in self._rarity or is_cut_by_dictionary(w)
            ]
        return (*words, *self._lacking_time(told), *self._lacking_deed(told))

    def told_apart(self, lacking: Iterable[str], told: Told) -> Iterator[str]:
        """Which of these words the document tells apart from what this is said of: a section beside
        is headed so, or they are named side by side: "nurses and the reception"."""
        for word in lacking:
            if self._is_in(word, told.beside) or self._is_beside(word, told):
                yield word

    def _is_beside(self, word: str, told: Told) -> bool:
        """Is what this is said of named beside it, with "and", "or" or a comma?"""
        own = self._roots_of(Told(told.above, told.words)) - telling(self._question)
        return bool(own & self._beside(word, told.document))

    def _beside(self, word: str, document: str) -> set[str]:
        """The roots of all that a document names beside it."""
        known = self._named_beside.get((word, document))
        if known is None:
            named = rf"\b{re.escape(root(word))}(?:{'|'.join(SUFFIXES)})?\b"
            found: list[str] = []
            for match in re.finditer(named, document, re.I):
                start = match.start()
                before = NAMED_BEFORE.search(document[max(0, start - LONGEST_BESIDE) : start])
                after = NAMED_AFTER.match(document, match.end())
                found += [each[0] for each in (before, after) if each]
            known = self._named_beside[word, document] = telling(" ".join(found))
        return known

    def _is_named(self, word: str, told: Told) -> bool:
        """Is it told of whom a thing is that no document calls so: "the Tajik economy"?"""
        names = (w for w, head in self.insisted.items() if head == word and w[0].isupper())
        return word not in self._rarity and any(self._has(name, told) for name in names)

    def _is_around(self, word: str, told: Told) -> bool:
        """Has its document the word, or what was found one much like it?"""
        near = self._near.get(word, {}).values()
        is_exact = any(map(str.isdigit, word)) or is_cut_by_dictionary(word)  # "building two"
        alike = not is_exact and max(near, default=0.0) >= MUCH_LIKE
        return alike or self._is_in(word, told.document)

    def _lacking_words(self, told: Told) -> Iterator[str]:
        yield from (
            word
            for word, head in self.insisted.items()
            if not self._has(word, told)
            and not (head and word not in self._rarity and self._has(head, told))
            and not self._is_named(word, told)
        )

    @cached_property
    def _of_a_series(self) -> list[tuple[str, str]]:
        """The words of the question that are one of a series, each with the word behind it."""
        words = [*TOKEN.findall(self._question), ""]
        return [each for each in pairwise(words) if _place_in_a_series(each[0])[0] != NO_SERIES]

    def _lacking_in_a_series(self, told: Told) -> Iterator[str]:
        """ "Summer", where only winter is told of; "yearly", where the thing that it describes is
        monthly."""
        if not self._of_a_series:
            return
        close = Told(told.above, told.words)
        there: defaultdict[int, set[int]] = defaultdict(set)
        for word in TOKEN.findall(close.text):
            series, place = _place_in_a_series(word)
            there[series].add(place)
        for word, described in self._of_a_series:
            series, place = _place_in_a_series(word)
            others = there[series]
            if place in others or self._is_meant(word, close):
                continue
            if len(others) == 1 if series in TIMES else others and self._has(described, told):
                yield word

    def _lacking_time(self, told: Told) -> Iterator[str]:
        """ "Last year", where no other time is told than that of the document."""
        time = BESIDE_NOW.search(self._question)
        if time is not None and not ANOTHER_TIME.search(told.words):
            yield time[0]

    def _lacking_deed(self, told: Told) -> Iterator[str]:
        """What somebody is asked to have done, where nothing like it is told, and nobody is called
        by it: "Keeper: Ann Holt". The head of a mail has no verb: that somebody wrote it is told by
        its form."""
        deed = WHO_DID.match(self._question)
        if deed is None or MAIL_HEAD.match(told.words):
            return
        if root(deed["verb"]) in TELLS_LITTLE or deed["verb"] not in self._near:
            return
        verb, roots = root(deed["verb"]), self._roots_of(told)
        is_told = verb in roots or any(verb + end in roots for end in DOERS)
        if not is_told and not self._near_in(deed["verb"], told):
            yield deed["verb"]

    def share(self, told: Told) -> float:
        """How many of the question's telling words it has, by how rare they are: from 0 to 1."""
        weights = {word: self._rarity.get(word, 1.0) for word in self._near}
        total = sum(weights.values())
        if not total:
            return 0.0
        roots = self._roots_of(told)
        return (
            sum(
                weight
                * (
                    1.0
                    if root(word) in roots or self._is_we(word, told)
                    else self._nearness(word, told)
                )
                for word, weight in weights.items()
            )
            / total
        )

    def _has(self, word: str, told: Told) -> bool:
        """Has what would be quoted the word, what stands above it, or is all of the document said
        to be of that?"""
        if is_cut_by_dictionary(word):
            return any(word in text for text in self._read if told.words in text)
        close = Told(told.above, told.words)
        if self._is_in(word, close.text) or self._is_meant(word, close) or self._is_we(word, told):
            return True
        if PARTS_OF_A_WEEK.get(root(word), frozenset()) & _words(close.text):
            return True
        if self._is_in(word, told.title):
            return True
        if self._is_in(word, told.beginning) and not self._is_in(word, told.rest):
            return True
        whole = whole_number(word, self._question)
        return whole != word and is_mentioned(whole, told.text)

    def _is_meant(self, word: str, told: Told) -> bool:
        near = self._near_in(word, told)
        return any(
            cosine
            >= (SAME_WORD if begins_alike(root(word), root(other), SHORTEST) else ANOTHER_NAME)
            for other, cosine in near.items()
            if not _follow_one_another(word, other)
        )

    def _is_an_absent_name(self, word: str) -> bool:
        """Has no document the name? That is said beside what they do say."""
        return word in self._absent and not any(map(str.isdigit, word))

    def _is_we(self, word: str, told: Told) -> bool:
        """Does the question call "the company" whoever writes "we"?"""
        if root(word) not in OWN_BODIES:
            return False
        is_the = re.search(rf"\bthe {re.escape(word)}\b", self._question, re.I)
        return is_the is not None and bool(OURSELVES & _words(told.text))

    def _nearness(self, word: str, told: Told) -> float:
        return max(self._near_in(word, told).values(), default=0.0)

    def _near_in(self, word: str, told: Told) -> dict[str, float]:
        """The words that come near it, of which no number is another."""
        near = {} if any(map(str.isdigit, word)) else self._near.get(word, {})
        there = _words(told.text) if near else set()
        return {other: cosine for other, cosine in near.items() if other in there}

    def _roots_of(self, told: Told) -> set[str]:
        return self._roots_in(told.text)

    def _roots_in(self, text: str) -> set[str]:
        known = self._roots.get(text)
        if known is None:
            known = self._roots[text] = telling(text)
        return known

    def _is_in(self, word: str, text: str) -> bool:
        known = self._mentioned.get((word, text))
        if known is None:
            known = root(word) in self._roots_in(text) or is_mentioned(word, text)
            self._mentioned[word, text] = known
        return known


def _place_in_a_series(word: str) -> tuple[int, int]:
    """Which series has it, and where; "may" is no month."""
    if word in VERBS_TOO:
        return NO_SERIES, 0
    return PLACES_IN_SERIES.get(word.lower().removesuffix("s"), (NO_SERIES, 0))


def _follow_one_another(one: str, other: str) -> bool:
    """Are they two of a series, as Monday and Tuesday are?"""
    first, second = _place_in_a_series(one), _place_in_a_series(other)
    return first[0] == second[0] != NO_SERIES and first != second


def _words(text: str) -> set[str]:
    return set(TOKEN.findall(text.lower()))
