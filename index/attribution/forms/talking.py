"""Whether names before words are those of people who talk: what the document says of them.

Lists, records, recipes, logs and tables have lines like turns. They name things, name each once,
or hold no sentence that anybody would say to somebody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from index.attribution.capitals import UPPER
from index.attribution.forms.labels import ANY_NAME, DATE, NAME, Label
from index.attribution.forms.printed_words import PRESENT
from index.attribution.forms.turns import PrintedDocument
from index.attribution.names import is_first_name
from index.documents import Span
from index.english.word_lists import NOT_A_SPEAKER, OF_TALK, ORGANIZATION, TITLES

LOGGED = frozenset(
    """info warn warning error debug trace fatal critical notice stdout stderr""".split()
)
"""What programs print before a message to say how grave it is."""

CHANGES = frozenset(
    """fix fixes fixed feature features change changes changed added removed improvement
    improvements deprecated deprecation deprecations security breaking""".split()
)
"""The last words of labels in a list of what a version changes."""

ROLES = frozenset(
    """interviewer interviewee moderator host guest operator speaker participant respondent
    reporter journalist court witness clerk chair chairman chairwoman chairperson president caller
    frage antwort
    audience member question answer q a presenter facilitator defendant plaintiff counsel""".split()
)
"""By which a transcript calls those whose name it does not print."""

OF_TALK_ELSEWHERE = frozenset(
    """ich mich mir mein meine wir uns unser du dich dir ihr euch sie ihnen je j me moi nous vous
    mon ma notre tu toi yo me nosotros usted ustedes tú te mi nuestro я мне меня мы нам нас вы вам
    вас ты тебе мой наш eu nós você io noi voi jag vi du jeg vi ik wij jullie""".split()
)
"""The words for "I", "we" and "you" of other languages."""

INITIALS = re.compile(rf"[{UPPER}]{{2,3}}")
SENTENCE_END = re.compile(r"[.?!…—–。？！-][”\"’'»)\]*_]*$")
WORDS = re.compile(r"\w+")

LEAST_TURNS = 4
LEAST_SPEAKERS = 2
LEAST_KNOWN = 0.5
"""The share of turns whose label is a person's by its title, first name or full name."""

LEAST_CHANGES = 0.6
"""The share of turns that another one's follows: lists name each thing once, or again and
again."""

LEAST_SPOKEN = 0.6
"""The share of turns that end as sentences do: fields of records and tables do not."""

LEAST_TALK = 0.25
"""The share of turns that ask something or are about "I", "you" or "we"."""

LEAST_TALK_WITH_TIMES = 0.1
"""The same of turns that a program printed with a time: logs have none."""

LEAST_AGAIN = 0.3
"""The share of such turns whose speaker had one before: agendas name each once."""

LEAST_DENSE = 0.08
"""Turns for each line from the first to the last of them: pages of a web site have a line like
one here and there."""

IS_DATE = re.compile(rf"(?i:(?=.*\d){DATE}),?")
LISTED = re.compile(
    rf"[ \t#*_>-]*(?i:{PRESENT})[*_]{{0,3}}[ \t]*(?:\([^)\n]*\))?"
    r"(?:[:：][*_]{0,3}[ \t]*(?P<listed>.*)|[*_]{0,3})"
)
"""The line above a list of those present, or the list itself."""

LONGEST_LISTED = 120
MOST_LISTED = 80
"""Characters of a line, and lines, of such a list."""

LISTED_SENTENCE = re.compile(r"(?:\S+ ){6,}\S+[.?!]$")
HANDLE_BEHIND = re.compile(rf"(?P<name>{NAME}),? \(?@(?P<handle>[\w-]+)")
ROLE_BEHIND = re.compile(
    rf"(?P<name>{NAME})(?:,? (?:MP|QC|KC|MEP|PhD))?"
    r"(?: ?\((?P<role>[^()\n]{3,40})\)|, (?P<also>(?i:the )?[a-z][\w ]{2,30})$)"
)
ROLE_BEFORE = re.compile(
    rf"^[ \t]*(?P<role>{ANY_NAME})[ \t]*:[ \t]*(?P<name>{NAME})[ \t]*$", re.MULTILINE
)


class Cast:
    """Who takes part, as the document lists them."""

    def __init__(self, layout: PrintedDocument) -> None:
        listed = [*_listed(layout)]
        self.listed = {word.lower() for part in listed for word in WORDS.findall(part)}
        names: defaultdict[str, set[str]] = defaultdict(set)
        for role, name in _roles(layout.text, listed):
            names[role.lower().removeprefix("the ")].add(name)
        self._roles = {role: min(of) for role, of in names.items() if len(of) == 1}

    def lists(self, words: str) -> bool:
        """Are all of these words, but for titles, in the list of those present?"""
        plain = [word for word in WORDS.findall(words.lower()) if word not in TITLES]
        return bool(plain) and all(word in self.listed for word in plain)

    def called(self, role: str) -> str | None:
        """The name of the only one who has this role: "Chair"."""
        plain = role.lower().removeprefix("the ").strip()
        return self._roles.get(plain) or self._roles.get(f"{plain}man")


def _listed(layout: PrintedDocument) -> Iterator[str]:
    """The lines of each list of those present, up to a heading or a sentence."""
    for number, line in enumerate(layout.lines):
        match = LISTED.fullmatch(layout.words(line))
        if match is None:
            continue
        yield match["listed"] or ""
        end = line.end
        for following in layout.lines[number + 1 : number + MOST_LISTED]:
            words = layout.words(following)
            is_apart = layout.text.count("\n", end, following.start) > 1
            if (
                following in layout.headings
                or len(words) > LONGEST_LISTED
                or LISTED_SENTENCE.search(words)
                or (is_apart and match["listed"])
            ):
                break
            yield words
            end = following.end


def _roles(text: str, listed: Iterable[str]) -> Iterator[tuple[str, str]]:
    for part in listed:
        for match in ROLE_BEHIND.finditer(part):
            role = match["role"] or match["also"]
            if match["role"] or not (ROLES | TITLES).isdisjoint(role.lower().split()):
                yield role, match["name"]
        for match in HANDLE_BEHIND.finditer(part):
            yield match["handle"], match["name"]
    for match in ROLE_BEFORE.finditer(text):
        if not ROLES.isdisjoint(match["role"].lower().split()) and " " in match["name"]:
            yield match["role"], match["name"]


def may_speak(label: Label) -> bool:
    """Is it no word that stands before a colon where nobody speaks?"""
    key = label.key
    is_other = key in NOT_A_SPEAKER or key in LOGGED or key.startswith("by ")
    is_other = is_other or key.split(" ")[-1] in CHANGES
    if label.words.endswith(tuple("?!,;")) or (label.words.endswith(".") and len(key.split()) > 2):
        return False
    if IS_DATE.fullmatch(label.words):
        return False
    return not is_other and (any(map(str.isalpha, key)) or key.startswith("+"))


def initialled(words: str, text: str) -> Span | None:
    """Where the person is named whose initials stand there: "NK"."""
    if not INITIALS.fullmatch(words):
        return None
    name = r" ".join(rf"{letter}[\w’'-]+" for letter in words)
    for match in re.finditer(rf"\b{name}", text):
        if ORGANIZATION.isdisjoint(match[0].lower().split()):
            return Span(*match.span())
    return None


def is_persons(label: Label, text: str) -> bool:
    """By what the label or the text says of it; "Q" and "A" are somebody's, too."""
    words = [word.strip(".").lower() for word in label.words.split()]
    if words[0] in TITLES or not ROLES.isdisjoint(words):
        return True
    if not ORGANIZATION.isdisjoint(words):
        return False
    if initialled(label.words, text) is not None:
        return True
    if is_first_name(label.words.split()[0].strip(".").capitalize()):
        return True
    if len(words) > 1 and not label.words.isascii():
        return True  # no census here knows it
    last = re.escape(words[-1])
    return re.search(rf"\b[{UPPER}][\w.’'-]+ (?i:{last})\b(?!:)", text) is not None


def who_is_who(labels: Sequence[Label]) -> list[str]:
    """A name for each label that is the same for "Ms Fiona Orr" and "Ms Orr"."""
    plain = [
        tuple(word for word in label.key.split() if word not in TITLES) or (label.key,)
        for label in labels
    ]
    alone = {words[0] for words in plain if len(words) == 1}
    return [words[-1] if words[-1] in alone else " ".join(words) for words in plain]


def is_talk(words: str) -> bool:
    """Does it ask, or say "I", "you" or "we"?"""
    said = {*WORDS.findall(words.lower())}
    return "?" in words or not (OF_TALK | OF_TALK_ELSEWHERE).isdisjoint(said)


def ends_a_sentence(words: str) -> bool:
    """Does it end as a sentence does?"""
    return SENTENCE_END.search(words.rstrip()) is not None


def take_turns(names: Sequence[str]) -> bool:
    """Several, of whom some come again, one after the other."""
    changes = sum(one != other for one, other in pairwise(names))
    again = [name for name, count in Counter(names).items() if count > 1]
    return (
        len(names) >= LEAST_TURNS
        and len({*names}) >= LEAST_SPEAKERS
        and bool(again)
        and changes >= LEAST_CHANGES * (len(names) - 1)
    )


def share(flags: Iterable[bool]) -> float:
    """How many of them are so, 0 to 1."""
    found = [*flags]
    return sum(found) / len(found) if found else 0.0


def known(labels: Sequence[Label], text: str) -> Mapping[str, bool]:
    """Which names are a person's, by their keys."""
    return {
        label.key: is_persons(label, text) for label in {each.key: each for each in labels}.values()
    }
