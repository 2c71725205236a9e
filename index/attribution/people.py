"""Who is meant: the people of one document, and whom "he" or "the senator" stands for.

Names are found by their capital letters, so that a whole document costs next to
nothing; a surname stands for the full name that the document has with it. A pronoun
stands for whoever spoke or was named last and can be called so.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from index.attribution.capitals import (
    CAPITALIZED,
    NAME_WORD,
    UNCAPITALIZED,
    UPPER,
    Capitals,
    full_names,
    runs_of,
)
from index.attribution.coreference import Coreference, is_person
from index.attribution.describing import Descriptions
from index.attribution.names import (
    Name,
    is_first_name,
    is_short_for,
    surname,
    usual_gender,
)
from index.documents import Span
from index.english import ENGLISH
from index.english.spelling import slip_distance
from index.english.word_lists import (
    BEFORE_A_TITLE,
    EPITHETS,
    FUNCTION_WORDS,
    GENDER,
    PRONOUNS,
    QUALIFIERS,
    TITLES,
)
from index.lexicon import Lexicon

OPPOSITE = {"m": "f", "f": "m"}

POSSESSIVES = {"m": "his ", "f": "her "}
"""With which somebody is told of whom "he" or "she" stands for rather: "her mother"."""

PRONOUN = re.compile(rf"\b({'|'.join(PRONOUNS)})\b", re.IGNORECASE)

OF_SUBJECT = re.compile(
    rf"\b(he|his|she|her(?= (?!(?:{'|'.join(sorted(FUNCTION_WORDS))})\b)[a-z]))\b", re.IGNORECASE
)
"""Pronouns that can stand for who was named in front of them in the same clause: "told
him" and "told her that" cannot."""

OFFICE = re.compile(
    r"(?P<before>\b[A-Za-z]+[ -])?\b(?P<nation>[A-Z][a-z]+(?:ian|ish|ese|ch|an|k|i)) "
    rf"(?P<office>[Pp]resident|[Pp]rime [Mm]inister|[Kk]ing|[Qq]ueen),? (?:{CAPITALIZED} ){{0,3}}$"
)
"""A nation's adjective and an office that one person holds for one nation, right before a name."""

NO_LONGER = QUALIFIERS | frozenset("then ex late future incoming outgoing next first new".split())
"""In front of an office that is held at another time."""

BEFORE_NAME = re.compile(r"\b[a-z]{3,}(?=[ \u00a0]$)")
BEGINS_WITH_PRONOUN = re.compile(r"(?:He|She)(?= [a-z])")
LOWER_BEHIND = re.compile(r" [a-zß-ÿ]")
TITLE_AND_NAME = re.compile(rf"[ \u00a0](?:[a-z’'-]+[ \u00a0])?([a-z’'-]+)[ \u00a0][{UPPER}]")
IN_FULL = re.compile(
    rf"(?P<name>{NAME_WORD}(?: (?:of|for|and|the|{NAME_WORD}))+) \((?P<initials>[{UPPER}]{{2,8}})\)"
)

ACTS = re.compile(rf"[”\"’] (?:[a-z]+ed |said )?([{UPPER}]\w+)(?: [a-z]|[.,])")
"""Who speaks or moves behind a quotation in a tale: “…” Corvin bit off the thread."""

KNOWN = BEFORE_A_TITLE | {"my", "our"}
"""In front of a description of one person."""

DESCRIBED = r"(?:[Tt]he|[Mm]y|[Oo]ur|[Hh]is|[Hh]er)"
FIRST_DESCRIBED = [re.compile(rf"{DESCRIBED}(?: [a-z-]+){{{n}}}(?= [a-z])") for n in (1, 2)]
SOMEBODY = re.compile(rf"(?<![\w’']){DESCRIBED} [a-z-]+(?=[’']s\b|[ .,;])")
WORD = re.compile(r"[^\W\d_]+")
NEAR = 2
"""Sentences back in which somebody may only be described."""

SpokenFrom = tuple[str | None, int]
"""Who speaks, and where that begins."""

NAMED_WITHIN = 3
"""Sentences in which somebody is introduced who spoke already."""

SURE_VOTES = 2
"""Titles and pronouns that outvote a first name that is one gender's: a single "his" may be
another one's."""

LOOKED_BACK = 8
"""Sentences in which the person that a pronoun stands for is looked for."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in the text, by the full name. `aside`: inside a quotation, or in what
    another one is called."""

    span: Span
    name: Name
    aside: bool


class People:
    """Who is named in a document."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[Span],
        quotations: Sequence[Span],
        lexicon: Lexicon = ENGLISH,
    ) -> None:
        self._lexicon = lexicon
        self._text = text
        self._sentences = sentences
        self._starts = [sentence.start for sentence in sentences]
        self._quoted = list(quotations)
        self._quoted_starts = [span.start for span in self._quoted]
        self._runs = [*runs_of(text)]
        self._run_starts = [run.span.start for run in self._runs]
        self._by_last = full_names(text, self._runs)
        self._by_first = {n[0].lower(): n for names in self._by_last.values() for n in names[::-1]}
        self._genders: defaultdict[Name, Counter[str]] = defaultdict(Counter)
        self._proven: set[Name] = set()
        self._single: frozenset[str] = frozenset()
        self._is_tale = False
        self._find_everybody()
        self._descriptions = self._describe()
        self._infer_genders()

    def know(self, first_names: Iterable[str] | None) -> None:
        """That these first names, or all usual ones, stand alone for people: those who speak,
        and everybody in a tale."""
        common = {*UNCAPITALIZED.findall(self._text)}
        self._is_tale = first_names is None
        alone = {run.name[0] for run in self._runs if len(run.name) == 1} - {
            word.capitalize() for word in common
        }
        wanted = alone if first_names is None else alone & {*first_names}
        acting = {*ACTS.findall(self._text)} & alone if self._is_tale else set()
        self._single = frozenset(filter(is_first_name, wanted)) | acting
        if self._single:
            self._find_everybody()
            self._proven |= {each.name for each in self._mentions if each.name[-1] in acting}
        if acting:
            self._infer_genders()

    def _find_everybody(self) -> None:
        self._mentions = [*self._find_mentions()]
        self._mention_starts = [mention.span.start for mention in self._mentions]

    def run_at(self, end: int) -> Capitals | None:
        """The capitalized words that hold the character before this place."""
        before = bisect_left(self._run_starts, end) - 1
        run = self._runs[before] if before >= 0 else None
        return run if run is not None and end <= run.span.end else None

    def named(self, run: Capitals) -> str:
        """The full name of the person meant, else the words themselves."""
        return " ".join(self._full(run) or self._misspelt(run.name) or run.name)

    def _misspelt(self, name: Name) -> Name | None:
        """Whose surname is a slip away from this one, if one person's is."""
        if len(name) > 1:
            return None
        near = [
            full
            for last, names in self._by_last.items()
            if last[:1] == name[0][:1].lower() and slip_distance(last, name[0].lower()) == 1
            for full in names
        ]
        return near[0] if len(near) == 1 else None

    def in_full(self, initials: str) -> str | None:
        """The name behind which the document has these initials: "World Health Organization
        (WHO)"."""
        return self._initials.get(initials)

    @cached_property
    def _initials(self) -> dict[str, str]:
        return {m["initials"]: m["name"].removeprefix("The ") for m in IN_FULL.finditer(self._text)}

    def called(self, words: str) -> str | None:
        """The full name of whoever is called so; None if the words end in no name, or the text
        has it behind another word alone: "Enter ORR"."""
        runs = [*runs_of(words)]
        if not runs or runs[-1].span.end < len(words.rstrip(".")):
            return None
        before = words[: runs[-1].span.start].lower().replace(".", " ").split()
        name = self.named(runs[-1])
        first, _, last = name.partition(" ")
        is_other = last.isupper() and not first.isupper() and not is_first_name(first)
        return None if is_other or not TITLES.issuperset(before) else name

    def pronoun(
        self, word: str, at: int, spoke: Mapping[int, str], turn: SpokenFrom | None = None
    ) -> str | None:
        """Whom "he" at this place stands for. `spoke` says who spoke last in the earlier
        sentences, by their numbers, `turn` who says it and from where on: nobody calls himself
        so, and what is told in a turn is told of somebody in it or in what was asked."""
        gender = self._lexicon.pronouns[word.lower()]
        here = bisect_right(self._starts, at) - 1
        for number in range(here, max(-1, here - LOOKED_BACK), -1):
            if turn is not None and self._starts[number] < turn[1] < self._starts[here]:
                return None
            said = [spoke[number]] if number in spoke and number != here else []
            said = [name for name in said if not name.lower().startswith(POSSESSIVES[gender])]
            near = here - NEAR <= number < here
            described = self._described_first(number, gender) if near else ()
            for name in chain(said, self._names_in(number, at), described):
                full = tuple(name.split(" "))
                if turn is not None and name == turn[0]:
                    continue
                is_alone = turn is not None and len(full) == 1 and not self._genders[full]
                if full in self._proven and (is_alone or self._may_be(full, gender)):
                    if self._is_tale and usual_gender(full[0]) is None:
                        self._genders[full][gender] += 1  # who is "he" once is no "she"
                    return name
                if self._is_described(name, gender):
                    return name
        return self._named_later(here, at, gender)

    def _described_first(self, number: int, gender: str) -> Iterator[str]:
        """Who is described where a sentence begins: "The surveyor rang"; in a tale anywhere
        outside quotations."""
        sentence = self._sentences[number]
        words = self._unquoted(sentence.start, sentence.end)
        first = described_first(words)
        told = SOMEBODY.findall(words) if self._is_tale else []
        others = (each for each in told if each.split(" ")[0].lower() not in ("his", "her"))
        for phrase in dict.fromkeys([*([first] if first else []), *others]):
            if self._is_described(phrase, gender):
                yield self.described(WORD.findall(phrase), sentence.start + 1) or phrase

    def _is_described(self, name: str, gender: str) -> bool:
        """Is it a description of somebody who may be called so: "the mayor"?"""
        own = GENDER.get(name.split(" ")[-1].lower())
        return name.split(" ")[0].lower() in KNOWN and is_person(name) and own != OPPOSITE[gender]

    def _named_later(self, here: int, at: int, gender: str) -> str | None:
        """Who is introduced right behind "he said", where nobody was named before."""
        first = bisect_left(self._mention_starts, at)
        if any(mention.name in self._proven for mention in self._mentions[:first]):
            return None
        for number in range(here, min(len(self._sentences), here + NAMED_WITHIN)):
            for name in self._names_in(number, self._sentences[number].end):
                if self._may_be(tuple(name.split(" ")), gender):
                    return name
        return None

    def described(self, words: Iterable[str], at: int) -> str | None:
        """Who is called so: "the Tajik leader", "the senator". None if nobody is, or
        the words are too general."""
        fits = self._descriptions.fitting([*words])
        before = {name: self._last_mention(name, at) for name in fits}
        named = [name for name in fits if before[name] >= 0]
        if not named:  # who is introduced later, if nobody else is called so
            named = [name for name in fits if len(fits) == 1 and fits[name][1]]
        best = max(named, key=lambda name: (*fits[name], before[name]), default=None)
        return None if best is None else " ".join(best)

    def meant(self, phrase: str, at: int, spoke: Mapping[int, str]) -> str | None:
        """Whom "the farmer" or "the company" stands for though nobody is called so."""
        here = bisect_right(self._starts, at) - 1
        return self._coreference.person(phrase, here) or self._coreference.organization(
            phrase, here, spoke
        )

    @cached_property
    def _coreference(self) -> Coreference:
        return Coreference(self._text, self._sentences, self.named_in)

    def _last_mention(self, name: Name, at: int) -> int:
        """Where the person was last named before this place; -1 if nowhere."""
        places = self._places[name]
        before = bisect_left(places, at) - 1
        return places[before] if before >= 0 else -1

    @cached_property
    def _places(self) -> dict[Name, list[int]]:
        places: defaultdict[Name, list[int]] = defaultdict(list)
        for mention in self._mentions:
            places[mention.name].append(mention.span.start)
        return dict(places)

    def contradictions(self, name: str) -> tuple[str, ...]:
        """The offices that the document gives this person, as printed, if they cannot
        all be true: "Tajik President" and "Russian president"."""
        return self._contradictions.get(name, ())

    @cached_property
    def _contradictions(self) -> dict[str, tuple[str, ...]]:
        offices: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for mention in self._mentions:
            printed = self._text[max(0, mention.span.start - 60) : mention.span.end]
            held = OFFICE.search(printed[: printed.rfind(" ") + 1])
            if held is None or (held["before"] or "").strip(" -").lower() in NO_LONGER:
                continue
            nation, office = held["nation"], held["office"]
            offices[" ".join(mention.name), office.lower()].setdefault(nation, f"{nation} {office}")
        return {name: tuple(held.values()) for (name, _), held in offices.items() if len(held) > 1}

    def _names_in(self, number: int, before: int) -> Iterator[str]:
        """People named in a sentence outside quotations, in order."""
        sentence = self._sentences[number]
        first = bisect_right(self._mention_starts, sentence.start - 1)
        for mention in self._mentions[first:]:
            if mention.span.start >= min(sentence.end, before):
                break
            if not mention.aside:
                yield " ".join(mention.name)

    def named_in(self, number: int) -> Iterator[str]:
        """People named in a sentence outside quotations, in order."""
        return self._names_in(number, self._sentences[number].end)

    def capitals_in(self, span: Span) -> Iterator[str]:
        """Every name of anybody or anything in it outside quotations, in order."""
        first = bisect_left(self._run_starts, span.start)
        for run in self._runs[first : bisect_left(self._run_starts, span.end)]:
            if not self._is_quoted(run.span.start):
                yield " ".join(run.name)

    def beginning(self, span: Span) -> Span | None:
        """The name, description or pronoun with which a sentence begins, as its subject: "Lucy
        laughed", "The boatman laughed", "She laughed"."""
        pronoun = BEGINS_WITH_PRONOUN.match(self._text, span.start)
        if pronoun is not None:
            return Span(*pronoun.span())
        run = self.run_at(span.start + 1)
        described = described_first(self._text[span.start : span.end])
        if described is not None:
            return Span(span.start, span.start + len(described))
        if run is None or run.span.start != span.start:
            return None
        is_subject = LOWER_BEHIND.match(self._text, run.span.end)
        return run.span if is_subject and self._full(run) else None

    def _is_quoted(self, place: int) -> bool:
        last = bisect_right(self._quoted_starts, place) - 1
        return last >= 0 and place < self._quoted[last].end

    def everybody(self) -> list[str]:
        """All who are named, in the order of their last mention."""
        return list({" ".join(m.name): None for m in reversed(self._mentions)})[::-1]

    @property
    def how_often_named(self) -> int:
        """How often people with a usual first name are named."""
        return sum(is_first_name(mention.name[0]) for mention in self._mentions)

    def spoke(self, name: str) -> None:
        """Whoever is named and has spoken is a person, not a place."""
        full = tuple(name.split(" "))
        if full in self._by_last.get(surname(full), ()):
            self._proven.add(full)

    def _may_be(self, name: Name, gender: str) -> bool:
        """As the document's titles and pronouns have it, else as first names have it."""
        votes, opposite = self._genders[name], OPPOSITE[gender]
        if len(name) == 1 and name[0] not in self._single:
            return votes[gender] > votes[opposite]
        usual = usual_gender(name[0])
        if abs(votes[gender] - votes[opposite]) >= (1 if usual is None else SURE_VOTES):
            return votes[gender] > votes[opposite]
        return usual != opposite

    def _is_known(self, name: Name, gender: str) -> bool:
        """Is it said of the person, or of those with this first name?"""
        return usual_gender(name[0]) == gender or self._genders[name][gender] > 0

    def _find_mentions(self) -> Iterator[Mention]:
        genders = self._lexicon.genders
        for run in self._runs:
            full = self._full(run)
            if full is None:
                continue
            for title in run.titles:
                if title in genders:
                    self._genders[full][genders[title]] += 2
            titled = not {*run.titles} <= QUALIFIERS
            called = BEFORE_NAME.search(self._text, max(0, run.span.start - 30), run.span.start)
            titled = titled or (called is not None and is_person(called[0]))
            if titled or len(run.name) == 1 or is_first_name(full[0]):
                self._proven.add(full)
            aside = self._is_quoted(run.span.start) or self._is_part_of_title(run)
            yield Mention(run.span, full, aside)

    def _is_part_of_title(self, run: Capitals) -> bool:
        """Is it "Port Ellery" of "Port Ellery keeper Luc Amary"?"""
        title = TITLE_AND_NAME.match(self._text, run.span.end)
        return title is not None and (title[1] in TITLES or is_person(title[1]))

    def _full(self, run: Capitals) -> Name | None:
        """The full name with this surname, or this first name; the likeliest of several."""
        names = self._by_last.get(surname(run.name), [])
        epithet, *behind = run.name
        if len(behind) == 1 and epithet.lower() in EPITHETS and behind[0] in self._single:
            return names[0] if names else (behind[0],)
        if len(run.name) > 1:
            return next((n for n in names if _stands_for(run.name, n)), None)
        genders = self._lexicon.genders
        gender = next((genders[title] for title in run.titles if title in genders), None)
        if gender is not None and len(names) > 1:
            fitting = [n for n in names if self._may_be(n, gender)] or names
            names = [n for n in fitting if self._is_known(n, gender)] or fitting
            if len(names) > 1 and not self._is_known(names[0], gender):
                return None  # which of two is "Ms Moe" where nobody knows their first names
        alone = run.name if run.name[0] in self._single else None
        return names[0] if names else self._by_first.get(run.name[0].lower(), alone)

    def _infer_genders(self) -> None:
        """From the pronouns of sentences in which one person is named, behind the name."""
        for sentence in self._sentences:
            first = bisect_right(self._mention_starts, sentence.start - 1)
            inside = [
                mention
                for mention in self._mentions[first : first + 20]
                if mention.span.start < sentence.end and not mention.aside
            ]
            if len({mention.name for mention in inside}) != 1:
                continue
            if PRONOUN.search(self._unquoted(sentence.start, inside[0].span.start)):
                continue
            behind = self._unquoted(inside[0].span.end, sentence.end)
            genders = {self._lexicon.pronouns[word.lower()] for word in OF_SUBJECT.findall(behind)}
            if len(genders) == 1:
                self._genders[inside[0].name][genders.pop()] += 1

    def _unquoted(self, start: int, end: int) -> str:
        words, position = [], start
        first = bisect_left(self._quoted_starts, start)
        for quoted in self._quoted[first : bisect_left(self._quoted_starts, end)]:
            words.append(self._text[position : quoted.start])
            position = quoted.end
        return " ".join([*words, self._text[position:end]])

    def _describe(self) -> Descriptions:
        descriptions = Descriptions(self._lexicon.titles, self._lexicon.organizations)
        for run in self._runs:
            full = self._full(run)
            if full is not None:
                span = run.span
                descriptions.note(full, run.titles, self._text, span.start, span.end)
        return descriptions


def whom(pronoun: str, text: str) -> str | None:
    """Whom "he" after this text stands for: the last person in it who can be meant."""
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    people = People(text, [*lines, Span(len(text), len(text))], ())
    for name in people.everybody():
        people.spoke(name)
    return people.pronoun(pronoun, len(text), {}) or next(reversed(people.everybody()), None)


def _stands_for(words: Name, full: Name) -> bool:
    """Is it the same name, an end of it, or the name behind words that are no title?"""
    if is_short_for(words[0], full[0]):
        return True
    plain, whole = [w.lower() for w in words], [w.lower() for w in full]
    return whole[-len(plain) :] == plain or plain[-len(whole) :] == whole


def described_first(words: str) -> str | None:
    """The person with whose description a sentence begins: "The old boatman"."""
    matches = (pattern.match(words) for pattern in FIRST_DESCRIBED)
    return next((m[0] for m in matches if m and is_person(m[0]) and m[0][-6:] != " major"), None)
