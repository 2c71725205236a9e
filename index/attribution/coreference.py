"""Whom a description stands for that nobody is called by: "the farmer", "the 61-year-old",
"the company".

A guess from who was named last would credit people with others' words. So there has to be a
reason beside nearness: the age, a word of the same root in a sentence about the person ("Tom
Birch has farmed here"), or a name that can be a company's and was credited before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from index.documents import Span
from index.english.word_lists import (
    ANY_BODY,
    COMPANIES,
    COMPANY_FORMS,
    DECIDERS,
    FINDERS,
    GENDER,
    KIN,
    NOT_A_NAME,
    ORGANIZATION,
    PUBLIC_BODIES,
    SEVERAL,
    TITLES,
)

DEFINITE = re.compile(
    r"(?:the|this|that)\s+(?:[\w’'-]+\s+){0,3}?(?P<head>[\w’'-]+)$", re.IGNORECASE
)
AGE = re.compile(r"\bthe (?P<years>\d{1,3})-year-old\b", re.IGNORECASE)
AGENT = re.compile(r"(?:ers?|ors?|ists?|ians?|man|woman|person|ant|eer|ress)$")
"""How nouns end that say what somebody does: "farmer", "pianist"."""

SHORTEST_ROOT = 3
LONGEST_ENDING = 4
"""Letters of the part that "farmer" and "farmed" share, and behind it."""

LOOKED_BACK = 8
"""Sentences in which whoever is meant has to be named."""

PAST = {
    "teach": "taught", "write": "wrote written", "drive": "drove", "sing": "sang", "build": "built",
    "lead": "led", "fight": "fought", "sell": "sold", "buy": "bought", "keep": "kept",
    "run": "ran", "ride": "rode", "swim": "swam", "make": "made",
}  # fmt: skip
"""What a teacher did."""

ITSELF = re.compile(r"\bits?\b", re.IGNORECASE)
THEMSELVES = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)

NO_PERSON = NOT_A_NAME | frozenset(
    """ever never however rather together over former water weather river winter summer number
    paper letter matter order power corner dinner supper computer border answer offer chapter
    quarter timber silver finger shoulder tower door floor colour color harbour harbor factor
    sector mirror error motor cellar cover counter counter-offer hunger laughter shelter slaughter
    temper thunder timer trailer printer scanner server router container printer shower drawer
    flower layer tender gender danger anger wonder restaurant plant grant
    current descendant list mist twist dress press stress address progress express career beer
    elevator indicator calculator generator radiator corridor interior exterior""".split()
)
"""They end as "farmer" does."""

CAPITALS = r"[A-ZÀ-Þ][\w’'-]+(?: (?:& |and )?[A-ZÀ-Þ][\w’'-]+)*"
BEGINS = re.compile(rf"(?:The )?(?P<name>{CAPITALS})(?= [a-z])")
CONTACTED = re.compile(
    r"\b(?:(?:wrote|spoke|talked) (?:to|with)|rang|called|asked|emailed|phoned|contacted|met)"
    rf"(?: with)? (?P<name>{CAPITALS})"
)
"""Where an organization is asked something."""

NEAR = 3
"""Sentences back in which "they" are looked for."""

NamesIn = Callable[[int], Iterable[str]]
"""Who is named outside quotations in the sentence of this number, in order."""


class Coreference:
    """Descriptions of one document. `names_in` is asked for people only."""

    def __init__(self, text: str, sentences: Sequence[Span], names_in: NamesIn) -> None:
        self._text = text
        self._sentences = sentences
        self._names_in = names_in

    def person(self, phrase: str, here: int) -> str | None:
        """Who is meant by "the farmer" in the sentence of this number."""
        age, definite = AGE.search(phrase), DEFINITE.match(phrase)
        if age:
            aged = re.compile(rf"(?P<name>[^\W\d_][\w’'-]*),? (?:aged )?{age['years']}\b")
            named = {m["name"] for m in aged.finditer(self._text)}
            before = [*self._subjects(here)]
            exact = (name for name in before if name.split(" ")[-1] in named)
            return next(exact, before[0] if before else None)
        head = definite["head"].lower() if definite else ""
        root = AGENT.sub("", AGENT.sub("", head))
        if root == head or len(root) < SHORTEST_ROOT:
            return None
        roots = "|".join([re.escape(root), *PAST.get(root, "").split()])
        same = re.compile(rf"\b(?:{roots})\w{{0,{LONGEST_ENDING}}}\b")
        return next(
            (
                name
                for number in range(here - 1, max(-1, here - LOOKED_BACK), -1)
                for name in [*self._names_in(number)][:1]
                if same.search(self._words(number))
            ),
            None,
        )

    def organization(self, phrase: str, here: int, spoke: Mapping[int, str]) -> str | None:
        """Which one is meant by "the company" or "it". `spoke` says who spoke in the earlier
        sentences, by their numbers."""
        definite = DEFINITE.match(phrase)
        kind = definite["head"].lower() if definite else phrase.lower()
        if kind == "they":
            return self._several(here, spoke)
        if kind != "it" and kind not in COMPANIES | PUBLIC_BODIES:
            return None
        credited = (spoke.get(number) for number in range(here - 1, here - LOOKED_BACK, -1))
        return next((name for name in credited if name and self._may_be_called(name, kind)), None)

    def _several(self, here: int, spoke: Mapping[int, str]) -> str | None:
        """Whom "they" stands for: several who spoke, or a body that the sentence before begins
        with or names as the one that was asked."""
        for number in range(here - 1, max(-1, here - NEAR), -1):
            credited = spoke.get(number)
            if credited and (_are_several(credited) or self._may_be_called(credited, "it")):
                return credited
            words = self._words(number)
            begun, asked = BEGINS.match(words), CONTACTED.search(words)
            if begun and _is_company(begun["name"]):
                return begun["name"]
            if asked and not {*self._names_in(number)} and " " in asked["name"]:
                return asked["name"]
        return None

    def _subjects(self, here: int) -> Iterator[str]:
        """Who is named first in each sentence before this one, the nearest first."""
        for number in range(here - 1, max(-1, here - LOOKED_BACK), -1):
            yield from [*self._names_in(number)][:1]

    def _may_be_called(self, name: str, kind: str) -> bool:
        words = {word.lower() for word in name.split(" ")}
        own = words & ORGANIZATION
        if not name[:1].isupper():
            return kind == "it" and (is_body(name) or is_deciding(name))
        if kind == "it" and is_deciding(name):
            return True
        if kind == "it":
            return bool(own or words & COMPANY_FORMS) or self._has_it(name)
        if own - COMPANIES:
            return kind in words or kind in ANY_BODY
        if words & COMPANY_FORMS or own:
            return kind in COMPANIES
        return self._has_it(name) and (kind in COMPANIES or name.isupper())

    def _has_it(self, name: str) -> bool:
        """Does a sentence go on with "it" or "its" behind the name, and none with "she"?"""
        behind = re.compile(rf"\b{re.escape(name)}\b(?P<rest>[^.?!“”\"]*)")
        rests = [m["rest"] for m in behind.finditer(self._text)]
        return any(map(ITSELF.search, rests)) and not any(map(THEMSELVES.search, rests))

    def _words(self, number: int) -> str:
        span = self._sentences[number]
        return self._text[span.start : span.end]


def is_deciding(name: str) -> bool:
    """Does "the panel" or "the survey" decide or find?"""
    words = name.lower().split(" ")
    return words[-1] in DECIDERS | FINDERS and not is_person(words[-1])


def _are_several(name: str) -> bool:
    head = name.split(" ")[-1].lower()
    return head in SEVERAL or (
        head.endswith("s") and name[1:].islower() and is_person(head.removesuffix("s"))
    )


def _is_company(name: str) -> bool:
    words = {word.lower() for word in name.split(" ")}
    behind = {word.lower() for word in name.split(" ")[1:]}
    return "&" in words or bool(words & ORGANIZATION) or bool(behind & COMPANY_FORMS)


def is_person(description: str) -> bool:
    """Does "the mayor" or "his mother" mean one person?"""
    head = description.split(" ")[-1].lower()
    several = head.endswith("s") and not head.endswith("ss")
    agent = AGENT.search(head) is not None and head not in COMPANIES
    known = head in TITLES or head in KIN or head in GENDER or agent
    return known and not several and head not in NO_PERSON and not is_body(description)


def is_body(description: str) -> bool:
    """Does "the council" mean an organization?"""
    head = description.split(" ")[-1].lower()
    return head in ORGANIZATION or head in COMPANIES or head in PUBLIC_BODIES
