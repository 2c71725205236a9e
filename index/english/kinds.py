"""Kinds of question, by the forms in which English asks, and the kinds of answer they want.

A sentence about the right thing that has no date does not answer "on what date".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.english.lexicon import DAYS, MONTHS
from index.english.quantities import HOW_MANY


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: what it is called, how it is asked for, and its looks."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


MONTH = rf"(?:{'|'.join(month[:3].capitalize() for month in MONTHS)})[a-z]*\.?"
DAY = rf"(?:{'|'.join(map(str.capitalize, DAYS))})"

KINDS = (
    Kind(
        "a date",
        re.compile(r"\b(?:on )?(?:what|which) (?:exact )?(?:date|day|year|month|century)\b", re.I),
        re.compile(rf"\d|\b{MONTH}\b|\b{DAY}\b|\bcentur"),
    ),
    Kind(
        "a number",
        re.compile(r"\bhow many\b|\bwhat (?:percentage|percent|number|share)\b", re.I),
        HOW_MANY,
    ),
)
"""Only the kinds whose answers can be told by their looks: all 112 questions of squad/dev
that can be answered and ask for one have it in the best passage."""


def expected(question: str) -> Kind | None:
    """The kind of answer that the question asks for; None if it cannot be told."""
    return next((kind for kind in KINDS if kind.asked.search(question)), None)


# -- questions for somebody's words ---------------------------------------------

AUXILIARY = re.compile(r"\b(?:did|does|do|has|have|had)\b\s+", re.IGNORECASE)
WHO = re.compile(r"^\W*who(?:\s+(?:else|has|have|had|also))*\s+(?P<cue>\w+)\s*(?P<topic>.*)$", re.I)
WHICH = re.compile(r"^\W*(?:which|what)\s+(?=[\w’'-]+\s+\S)", re.I)
NARRATED = re.compile(
    r"\b(?:do|does|did|has|have)\s+(?:the|this)\s+(?:paper|article|document|report|story)\s+", re.I
)
""" "Which source does the article cite for …" asks which source says it."""

ANOTHER_QUESTION = re.compile(r",?\s+and\s+(?:how|what|when|why|where|who|which)\b.*", re.I)

ACCORDING = re.compile(
    r"\baccording\s+to\s+(?P<speaker>[^,?]+?)"
    r"(?:,|\?|$|\s(?=(?:what|why|how|when|where|who|which)\b))(?P<topic>.*)",
    re.I,
)
VIEW = re.compile(
    r"\b(?:is|was|are|were)\s+(?P<speaker>.+?)(?:’s|'s|s’|s')\s+(?:view|opinion|position|stance"
    r"|reaction|response|reply|answer|comment|remark|take|statement)s?\b(?P<topic>.*)$",
    re.I,
)

REPLY = re.compile(
    r"\b(?:is|was|were)\s+(?:the|any)\s+(?:reply|response|answer|reaction)\s+(?:of|from|by)\s+"
    r"(?P<speaker>.+?)(?P<topic>(?:\s(?:to|on|about)\s.*)?)\??$",
    re.I,
)
""" "What was the reply of Holt to the council?" asks for Holt's words."""

EVER = re.compile(r"\s+(?:ever|really|actually|also|finally|first|then)$", re.I)
""" "Did Holt ever agree": no part of the name."""

ON_A_TOPIC = re.compile(r"\W+(?:about|regarding|concerning)\b", re.I)

HAS_TO = re.compile(r"\s+ha(?:ve|s|d) to$", re.I)
NOT_WORDS = re.compile(r"\bnot\b|\w{3,} to$", re.I)
""" "What did X not want to comment on?" asks for no words; nor does "refuse to say"."""

# -- questions that are nothing without the one before ---------------------------

LEANING = r"""(?:\W+(?:did|do|does|has|have|had|is|was|are|were|he|she|they|it|you|we|i|us|me|him
|her|them|that|this|there|here|the|say|says|said|tell|told|mention|mentioned|know|stand|stands|written
|come|comes|from|on|about|of|to|in|please|documents?|articles?|texts?))*\W*$""".replace("\n", "")
"""Words that name nothing: "what else did they say about it", not "where is it made"."""

MORE = re.compile(
    r"^\W*(?:is that (?:all|everything)|(?:and )?what else|(?:is there )?anything else"
    rf"|(?:tell me )?more|did (?:he|she|they) say anything else){LEANING}",
    re.I,
)
WHERE = re.compile(
    r"^\W*(?:(?:in )?(?:which|what) (?:article|document|file|text|source|report)s?"
    rf"|where (?:is|was|does|did) (?:that|this|it|he|she|they)){LEANING}",
    re.I,
)
WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:and )?(?:what|how) about|and(?!\s+(?:how|what|when|where|which|who|why)\b)"
    r"(?: about)?|(?:no\W+)?(?:sorry\W+)?i mean(?:t)?)\s+(?P<what>[^?]+?)\W*$",
    re.I,
)
YEAR_ONLY = re.compile(r"^\W*(?:(?:in|for|by|since|until) )?\d{4}\W*$", re.I)
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
HOW_ELSE = re.compile(
    r"^\W*(?:and )?(?P<how>when|where|why|who|how(?: (?:much|many|long|often))?)\W*$", re.I
)
"""Asks the question before in another way, if that is not for somebody's words: "Why did he
say about trade?" is no question."""

ASKS_HOW = re.compile(r"^\W*(?:when|where|why|who|what|how(?: (?:much|many|long|often))?)\b", re.I)

COURTESY = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|day|afternoon|evening)|thanks?(?: you)?|thx|bye|goodbye"
    r"|ok(?:ay)?|great|perfect)(?:\W+(?:there|you|very|much|so|a|lot|again|all|thanks?))*\W*$",
    re.I,
)
"""Words of people who ask nothing."""

GOES_ON = re.compile(r"^\W*(?:and|but|or|so|then|what about|how about)\b", re.I)
POINTS_BACK = re.compile(
    r"\b(?:he|she|him|his|hers?|they|them|theirs?|it|its|this|these|those)\b"
    r"|\bthe (?:same|latter|former)\b|\b(?:that|there|then|so)\W*$",
    re.I,
)
"""Stands for something that was said before. "That" and "there" in the middle of a question
seldom do: "say that it rained", "are there trains"."""
PERSON = re.compile(r"\b(?:he|she|him)\b", re.I)
NAME = re.compile(r"[A-ZА-ЯЁ][\w’'-]+(?:\s(?:[A-ZА-ЯЁ][\w’'-]+|\d+\b))*")
"""With the numbers in it: Apollo 11."""
ARTICLE = re.compile(r"^the\s+", re.I)
