"""How numbers are put to people, and when two spellings are one word."""

from __future__ import annotations

import unicodedata

NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
     "eighty": "80", "ninety": "90"}  # fmt: skip
"""In digits."""

OFTEN_A_PRONOUN = frozenset({"one"})
"""Words for numbers that are something else as well."""


def counted(number: int, noun: str) -> str:
    """1 passage, 2,000 passages."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def folded(word: str) -> str:
    """In small letters, without accents and points: "J." and "José" are j and jose."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip(".,")
