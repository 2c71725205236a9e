"""Names by their capital letters: which words could be one, and the full names of a text.

A whole document costs next to nothing so; whom they are called after, `people` finds out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from index.attribution.names import ATTACHED, Name, is_first_name, is_surname, surname
from index.documents import Span
from index.english.word_lists import (
    EPITHETS,
    HONOURS,
    LEADING_PARTICLES,
    NOT_A_NAME,
    OF_ONE_PERSON,
    ORGANIZATION,
    PARTICLES,
    TITLES,
)

UPPER = "".join(filter(str.isupper, map(chr, range(0x2000))))
"""The capital letters of all alphabets that have them."""

CAPITALIZED = rf"(?:[{UPPER}]\.(?:[{UPPER}]\.)*|[{UPPER}][\w’'-]*)"
PARTICLE = rf"(?:{'|'.join(sorted(PARTICLES))})"
LEADING = rf"(?:{'|'.join(LEADING_PARTICLES)})"
NAME_WORD = rf"(?:(?<![\w’'-]){ATTACHED})?{CAPITALIZED}"
RUN = re.compile(
    rf"(?:(?<![\w’'-]){LEADING} (?:{PARTICLE} ){{0,2}})?{NAME_WORD}"
    rf"(?:(?:[ \u00a0]|(?<=\b[A-Z][a-z])\. |(?<=\b[A-Z][a-z][a-z])\. )"
    rf"(?:{PARTICLE} ){{0,3}}{NAME_WORD})*"
)
"""Words with capital letters in a row; "Mr. " and "Sen. " do not end it."""

UNCAPITALIZED = re.compile(r"(?<![\w’'-])[a-zа-яё]\w+")
POSSESSIVE = re.compile(r"[’']s?$")
SENTENCE_BEGINS = frozenset({"", ".", "“", '"', "?", "!"})
"""What stands before a word that has its capital letter only because it begins."""

LONGEST_NAME = 4

ROLE = re.compile(
    r"(?:ists?|ians?|man|woman|ress|neer|ctor|ator|keeper|maker|owner|worker|"
    r"[Mm]anager|[Ss]triker|[Ll]awyer|[Dd]river|[Oo]fficer|[Ff]ounder|[Dd]esigner|[Dd]eveloper|"
    r"[Pp]hotographer|[Cc]omposer|[Rr]eporter)$"
)


@dataclass(frozen=True, slots=True)
class Capitals:
    """Capitalized words in a row: a name behind titles, or something else in capitals."""

    span: Span
    name: Name
    titles: tuple[str, ...]


def runs_of(text: str) -> Iterator[Capitals]:
    """Every run of capitalized words in which a name can be, in order."""
    for match in RUN.finditer(text):
        words = [(match.start() + w.start(), w[0]) for w in re.finditer(r"[^ \u00a0]+", match[0])]
        part: list[tuple[int, str]] = []
        for start, word in words:
            part.append((start, word))
            if POSSESSIVE.search(word) and word[-1] == "s":
                yield from _run(part)
                part = []
        yield from _run(part)


def _run(words: Sequence[tuple[int, str]]) -> Iterator[Capitals]:
    """The words as a run, unless none of them can be a name."""
    cleaned = [_cleaned(word) for _, word in words]
    skipped = _title_count(cleaned)
    skipped += _before_first_name(cleaned[skipped:])
    while skipped < len(cleaned) and cleaned[-1].lower() in HONOURS:
        cleaned.pop()
    name = tuple(word for word in cleaned[skipped:] if word)
    if name and name[-1].lower() not in NOT_A_NAME:
        start, (last, word) = words[0][0], words[-1]
        titles = tuple(word.lower() for word in cleaned[:skipped])
        yield Capitals(Span(start, last + len(POSSESSIVE.sub("", word).rstrip(".,"))), name, titles)


def _title_count(words: Sequence[str]) -> int:
    """How many words at the front belong to no name."""
    if not words:
        return 0
    plain = [word.lower() for word in words]
    foreign = NOT_A_NAME if plain[-1] in TITLES | ORGANIZATION else NOT_A_NAME | TITLES
    front = enumerate(zip(words[:-1], plain, strict=False))
    return max((i + 1 for i, (word, low) in front if low in foreign and word != low), default=0)


def _before_first_name(words: Sequence[str]) -> int:
    """How many words stand before the first name, if it is a usual one: "Comedian"."""
    if len(words) == 2 and words[0].lower() in EPITHETS and is_first_name(words[1]):
        return 1
    is_body = any(word.lower() in ORGANIZATION for word in words)
    if len(words) == 3 and not is_body and _is_role(words[0]):
        return 1
    if len(words) < 3 or is_first_name(words[0]):
        return 0
    return next((i for i, word in enumerate(words[:-1]) if is_first_name(word)), 0)


def _is_role(word: str) -> bool:
    """Is it what somebody does, and nobody's name: "Conductor"?"""
    is_known = word.lower() in OF_ONE_PERSON or ROLE.search(word) is not None
    return is_known and not is_first_name(word) and not is_surname(word)


def _cleaned(word: str) -> str:
    return POSSESSIVE.sub("", word).strip(".,’'")


def full_names(text: str, runs: Iterable[Capitals]) -> dict[str, list[Name]]:
    """The full names of people by surname, those named most often first."""
    counts: Counter[Name] = Counter()
    titled: dict[str, Name] = {}
    common = set(UNCAPITALIZED.findall(text))
    for run in runs:
        if _is_titled_surname(run):
            titled[surname(run.name)] = run.name
        if 2 <= len(_capitals(run.name)) <= LONGEST_NAME and _is_person(text, run, common):
            begins = text[max(0, run.span.start - 2) : run.span.start].strip() in SENTENCE_BEGINS
            doubtful = begins and not run.titles and not is_first_name(run.name[0])
            counts[run.name] += 0 if doubtful else 1
    merged: dict[tuple[str, str], tuple[Name, int]] = {}
    for name, count in counts.most_common():
        key = (name[0].lower(), surname(name))
        first, before = merged.get(key, (name, 0))
        merged[key] = (first, before + count)
    by_last: defaultdict[str, list[Name]] = defaultdict(list)
    for name, _ in sorted(merged.values(), key=lambda pair: -pair[1]):
        if not any(_is_end_of(name, other) for other, _ in merged.values()):
            by_last[surname(name)].append(name)
    firsts = {name[0].lower() for names in by_last.values() for name in names}
    alone = {last: [name] for last, name in titled.items() if last not in firsts}
    return alone | by_last


def _is_titled_surname(run: Capitals) -> bool:
    """Is it a person who is known by that alone: "Ms Orr", "Captain Rusk"?"""
    name = run.name[0].lower()
    return (
        len(run.name) == 1
        and bool(run.titles)
        and run.titles[-1] in OF_ONE_PERSON
        and name not in TITLES | ORGANIZATION
        and len(name) > 1
    )


def _is_end_of(name: Name, other: Name) -> bool:
    end = [word.lower() for word in other[-len(name) :]]
    return len(name) < len(other) and [word.lower() for word in name] == end


def _capitals(name: Name) -> list[str]:
    return [word for word in name if word not in PARTICLES]


def _is_person(text: str, run: Capitals, common: Set[str]) -> bool:
    """Could it be a person's name? No organization has a title or comes without "the",
    and no word that the text also has in small letters is a first name."""
    plain = [word.lower() for word in run.name]
    invented = any("-" in word and word.partition("-")[2].islower() for word in run.name)
    if invented or plain[0] in common or not ORGANIZATION.isdisjoint(plain):
        return False
    the = text[max(0, run.span.start - 4) : run.span.start].lower() == "the "
    titles = {*run.titles} - {"the"}
    return bool(titles) or not (the or run.titles)
