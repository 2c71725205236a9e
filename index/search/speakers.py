"""Who speaks in a collection: one entry a person or organization, across documents.

A document gives each statement the fullest name that it has. Here "Emomali Rahmon" of
one document and "Rahmon" of another become one entry, as long as nobody else has the
surname; two people with one surname stay two. What people correct by hand goes first:
who somebody is in one document before names are compared, who is whom after that, so
that it holds for every form of a name, in documents of today and tomorrow.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from index.attribution.names import is_short_for, same_person
from index.documents import Credit
from index.english.spelling import WORD, begins_alike, folded, slip_distance, without_s
from index.english.word_lists import GENERAL_TITLES, NOT_A_NAME, TITLES
from index.sounds import consonants, end_alike, is_latin, same_root, sound_distance

TITLES_ELSEWHERE = frozenset(
    """herr frau fraulein doktor monsieur madame mademoiselle senor senora senhor senhora signor
    signora signore don dona meneer mevrouw heer господин госпожа господина госпожи пан пани глава
    товарищ чаноби κυριος κυρια""".split()
)
"""Words for "Mr", "Ms" and "head", folded; most others sound like ours: "президент"."""

NEAR = 0.6
"""Share of letters, in their order, from which a name is suggested for another one."""

MOST_SHOWN = 6
"""Other names of a speaker that are shown: famous people have hundreds."""

SHORTEST_ROOT = 5
"""Letters in which two words have to agree to be of one root: Tajik, Tajikistan."""

Edits = Mapping[tuple[str, str], str]
"""(name, document id or "" for all documents) -> the name it is credited to."""

Key = tuple[str, ...]
"""What makes two names one: the folded parts, of a description the document too."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One who is credited with statements. `name` is the fullest of `names`, unless people
    chose another.

    `credited` are the (name, document id) under which the statements stand.
    """

    name: str
    names: tuple[str, ...]
    credited: frozenset[tuple[str, str]]
    statements: int
    printed: Mapping[str, int]

    @property
    def is_named(self) -> bool:
        """Is it a name, not "a spokesman"?"""
        return is_named(self.name)

    @property
    def documents(self) -> frozenset[str]:
        """Ids of the documents that credit this speaker."""
        return frozenset(document for _, document in self.credited)

    @property
    def also(self) -> tuple[str, ...]:
        """The other names, and what documents print most, but for words like "he", letters like
        "Q" and what differs in capitals alone."""
        words: dict[str, str] = {}
        for each in [*self.names, *self.printed]:
            words.setdefault(folded(each), each)
        own = {folded(self.name), *NOT_A_NAME}
        others = [each for key, each in words.items() if len(each) > 1 and key not in own]
        return tuple(others[:MOST_SHOWN])

    @property
    def descriptions(self) -> frozenset[str]:
        """The words by which documents call this speaker, besides the names."""
        words = {folded(word) for printed in self.printed for word in WORD.findall(printed)}
        return frozenset(words - {folded(part) for name in self.names for part in name.split()})


class Roster:
    """Everybody who is credited in some documents."""

    def __init__(self, credited: Iterable[Credit], edits: Edits) -> None:
        self.speakers = sorted(
            (_speaker(group, chosen) for group, chosen in _groups(credited, edits)),
            key=lambda speaker: (-speaker.statements, speaker.name),
        )

    def find(self, words: str) -> list[Speaker]:
        """Whom a person means by these words, most statements first: a name, a surname,
        a description ("the Tajik president"), or any of them misspelt. Empty: nobody. Putin's
        spokesman is not Putin, nor is Boris Johnson one of two other Johnsons."""
        plain = [folded(word) for word in WORD.findall(without_s(words))]
        described = [word for word in plain if word not in NOT_A_NAME]
        if OWNED.search(words):
            return self._described(described)
        name = [word for word in described if word not in TITLES]
        found = self._called(name) or self._described(described)
        if self._has_other_scripts or not all(map(is_latin, name)):
            found += self._sounding(words, found)
        return found or self._spelt_like(name) or self._sounding(words)

    def called(self, name: str) -> list[Speaker]:
        """Those who have exactly this name: one, but for descriptions like "a spokesman"."""
        return [s for s in self.speakers if folded(name) in map(folded, s.names)]

    def near(self, words: str, count: int = 3) -> list[Speaker]:
        """Whose names look most like these words, where `find` finds nobody."""
        looks = {
            look: speaker
            for speaker in reversed(self.speakers)
            if speaker.is_named
            for name in speaker.names
            for look in (folded(name), folded(name.split(" ")[-1]))
        }
        close = get_close_matches(folded(words), looks, 2 * count, NEAR)
        return list({looks[look].name: looks[look] for look in close}.values())[:count]

    def of(self, name: str, document_id: str) -> Speaker | None:
        """Who is credited under this name in this document."""
        return self._by_credit.get((name, document_id))

    def _called(self, name: Sequence[str]) -> list[Speaker]:
        """Those with this full name, and those who are only called by the surname if most
        of what is said under it is theirs; of a surname alone everybody who has it."""
        if not name:
            return []
        named = self._by_last.get(name[-1], [])
        if len(name) == 1:
            return named or self._by_first.get(name[0], [])
        full = [
            s
            for s in named
            if any(len(p) > 1 and same_person(tuple(name), tuple(p)) for p in _parts(s))
        ]
        alone = [s for s in named if all(len(other) == 1 for other in _parts(s))]
        return [*full, *alone] if full[:1] == named[:1] or not full else full

    def _described(self, words: Sequence[str]) -> list[Speaker]:
        """Those whom documents call so. Every word has to fit but titles, which only
        rank; of titles alone one has to fit. A nation fits its people."""
        titles = [word for word in words if word in TITLES and word not in GENERAL_TITLES]
        telling = [word for word in words if word not in TITLES and word not in GENERAL_TITLES]
        fitting = []
        for speaker in self.speakers:
            own = speaker.descriptions if speaker.is_named else frozenset()
            shared = sum(word in own for word in titles)
            if all(any(_alike(word, other) for other in own) for word in telling) and (
                telling or shared
            ):
                fitting.append((shared, speaker))
        most = max((shared for shared, _ in fitting), default=0)
        return [speaker for shared, speaker in fitting if shared == most]

    def _spelt_like(self, name: Sequence[str]) -> list[Speaker]:
        if not name:
            return []
        near = [
            (distance, speaker)
            for last, speakers in self._by_last.items()
            if (distance := slip_distance(name[-1], last)) is not None
            for speaker in speakers
            if all(_may_be_called(speaker, word) for word in name[:-1])
        ]
        least = min((distance for distance, _ in near), default=0)
        return [speaker for distance, speaker in near if distance == least]

    def _sounding(self, words: str, but: Sequence[Speaker] = ()) -> list[Speaker]:
        """Those others whose names sound like this in another script, or by the spelling of
        another language, else those whom documents call so."""
        *before, last = [word.lower() for word in WORD.findall(without_s(words))] or [""]
        near = [
            (distance, speaker)
            for sound in consonants(last)
            for name, speaker in self._by_consonants.get(sound, ())
            if speaker not in but
            and (distance := sound_distance(last, name)) is not None
            and all(_may_stand_before(word, last, name, speaker) for word in before)
        ]
        least = min((distance for distance, _ in near), default=0)
        found = [speaker for distance, speaker in near if distance == least]
        if not near and before and not but:
            found = [s for s in self.speakers if s.is_named and _is_described(s, (*before, last))]
        return list({speaker.name: speaker for speaker in found}.values())

    @cached_property
    def _by_consonants(self) -> Mapping[str, list[tuple[str, Speaker]]]:
        found: defaultdict[str, list[tuple[str, Speaker]]] = defaultdict(list)
        for last, speakers in self._by_last.items():
            for sound in consonants(last):
                found[sound] += [(last, speaker) for speaker in speakers]
        return dict(found)

    @cached_property
    def _has_other_scripts(self) -> bool:
        return not all(is_latin(last) for last in self._by_last)

    @cached_property
    def _by_last(self) -> Mapping[str, list[Speaker]]:
        return self._by_part(-1)

    @cached_property
    def _by_first(self) -> Mapping[str, list[Speaker]]:
        return self._by_part(0)

    def _by_part(self, part: int) -> Mapping[str, list[Speaker]]:
        found: defaultdict[str, list[Speaker]] = defaultdict(list)
        for speaker in self.speakers:
            for word in dict.fromkeys(parts[part] for parts in _parts(speaker)):
                found[word].append(speaker)
        return dict(found)

    @cached_property
    def _by_credit(self) -> Mapping[tuple[str, str], Speaker]:
        return {credit: speaker for speaker in self.speakers for credit in speaker.credited}


OWNED = re.compile(r"\w[’']s?\s+\w")
"""Somebody's somebody."""


def is_named(name: str) -> bool:
    """Is it a name, not a description such as "a spokesman"?"""
    first = name.split(" ")[0]
    return first[:1].isupper() and first.lower() not in NOT_A_NAME


Group = list[tuple[str, Credit]]
"""The credits of one speaker, each with the name it goes by."""


def _groups(credited: Iterable[Credit], edits: Edits) -> Iterator[tuple[Group, str | None]]:
    """Each speaker's credits, and the name that people chose for them, if they did."""
    by_name: defaultdict[Key, Group] = defaultdict(list)
    for credit in credited:
        name = _name(credit, edits)
        by_name[_key(name, credit.document_id)].append((name, credit))
    edited = [(_key(name), becomes) for (name, document), becomes in edits.items() if not document]
    counts = {key: 0 for name, becomes in edited for key in (name, _key(becomes))}
    merged = _merge({**counts, **{key: len(group) for key, group in by_name.items()}})
    chosen = {merged[_key(becomes)]: becomes for _, becomes in edited}
    into = {merged[name]: merged[_key(becomes)] for name, becomes in edited}
    groups: defaultdict[Key, Group] = defaultdict(list)
    for key, group in by_name.items():
        groups[_last(merged[key], into)] += group
    yield from ((group, chosen.get(key)) for key, group in groups.items())


def _name(credit: Credit, edits: Edits) -> str:
    """By which a credit goes before names are compared. A description has no other forms,
    so what holds for it everywhere is known here already."""
    here = edits.get((credit.speaker, credit.document_id))
    if here is None and not is_named(credit.speaker):
        here = edits.get((credit.speaker, ""))
    return here or credit.speaker


def _key(name: str, document_id: str = "") -> Key:
    parts = tuple(folded(part) for part in name.split(" "))
    return parts if is_named(name) else (*parts, document_id)


def _last(key: Key, into: Mapping[Key, Key]) -> Key:
    """Where one correction after the other leads: Al is Bo, and Bo is Cy."""
    passed: set[Key] = set()
    while key in into and key not in passed:
        passed.add(key)
        key = into[key]
    return key


def _merge(names: Mapping[Key, int]) -> dict[Key, Key]:
    """For each name the one that it is a form of: without the middle name, or the
    surname alone where only one full name has it."""
    by_ends: defaultdict[tuple[str, str], list[Key]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-names[name], name)):
        if len(name) > 1:
            by_ends[name[0], name[-1]].append(name)
    merged = {name: _full_form(name, others) for others in by_ends.values() for name in others}
    by_last: defaultdict[str, set[Key]] = defaultdict(set)
    for full in merged.values():
        by_last[full[-1]].add(full)
    for name in names:
        if len(name) == 1:
            full_names = by_last[name[0]]
            merged[name] = next(iter(full_names)) if len(full_names) == 1 else name
    return merged


def _full_form(name: Key, others: Sequence[Key]) -> Key:
    """The one of the names with the same first and last part that this is short for."""
    fitting = [other for other in others if _middles_agree(name[1:-1], other[1:-1])]
    return fitting[0]


def _middles_agree(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or all(map(is_short_for, one, other))


def _speaker(group: Group, chosen: str | None) -> Speaker:
    counts: Counter[str] = Counter()
    printed: Counter[str] = Counter()
    for name, credit in group:
        counts[name] += credit.statements
        printed[credit.printed] += credit.statements
    names = sorted(counts, key=lambda name: (-min(2, len(name.split(" "))), -counts[name], name))
    if chosen is not None:
        names = list(dict.fromkeys([chosen, *names]))
    return Speaker(
        names[0],
        tuple(names),
        frozenset((credit.speaker, credit.document_id) for _, credit in group),
        counts.total(),
        dict(printed.most_common()),
    )


def _may_be_called(speaker: Speaker, word: str) -> bool:
    """May somebody put this word before the surname: a first name or its initial, a slip
    away, or what documents call the speaker?"""
    firsts = [part for parts in _parts(speaker) for part in parts[:-1]]
    return (
        not firsts
        or any(is_short_for(word, f) or slip_distance(word, f) is not None for f in firsts)
        or any(_alike(word, other) for other in speaker.descriptions)
    )


def _may_stand_before(word: str, asked: str, name: str, speaker: Speaker) -> bool:
    """May somebody put this word of any language before the surname: a first name, a title, or
    what documents call the speaker? A title is not inflected where the name is, or else it is
    somebody else's who is the name's: "спикер Рахмона"."""
    firsts = (part for parts in _parts(speaker) for part in parts[:-1])
    if word in TITLES_ELSEWHERE or any(sound_distance(word, part) is not None for part in firsts):
        return True
    titles = [title for title in TITLES | speaker.descriptions if same_root(word, title)]
    is_same = end_alike(asked, name) or is_latin(asked)
    return bool(titles) and (is_same or not any(end_alike(word, title) for title in titles))


def _is_described(speaker: Speaker, words: Sequence[str]) -> bool:
    """Do documents call the speaker so, in another script?"""
    own = speaker.descriptions
    return not any(map(is_latin, words)) and all(
        any(same_root(word, other) for other in own) for word in words
    )


def _parts(speaker: Speaker) -> list[list[str]]:
    return [[folded(part) for part in name.split(" ")] for name in speaker.names]


def _alike(one: str, other: str) -> bool:
    """The same word, or one root: Tajik and Tajikistan."""
    return one == other or begins_alike(one, other, SHORTEST_ROOT)
