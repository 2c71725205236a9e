"""What kind of answer a question asks for, and whether words can be one.

A sentence about the right thing that has no date does not answer "on what date".
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: what it is called, how it is asked for, and its looks."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


NUMBER = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|half"
    r"|third|quarter|dozen|hundred|thousand|million|billion|none|no|both|single|twice|once"
    r"|several|few|many|most|majority)s?\b"
)
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"

KINDS = (
    Kind(
        "a date",
        re.compile(r"\b(?:on )?(?:what|which) (?:exact )?(?:date|day|year|month|century)\b", re.I),
        re.compile(rf"\d|\b{MONTH}\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\bcentur"),
    ),
    Kind(
        "a number",
        re.compile(r"\bhow many\b|\bwhat (?:percentage|percent|number|share)\b", re.I),
        re.compile(NUMBER, re.I),
    ),
)
"""Only the kinds whose answers can be told by their looks: all 112 questions of squad/dev
that can be answered and ask for one have it in the best passage."""


def expected(question: str) -> Kind | None:
    """The kind of answer that the question asks for; None if it cannot be told."""
    return next((kind for kind in KINDS if kind.asked.search(question)), None)
