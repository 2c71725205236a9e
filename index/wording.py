"""How numbers are put to people, and when two spellings are one word."""

from __future__ import annotations

import unicodedata


def counted(number: int, noun: str) -> str:
    """1 passage, 2,000 passages."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def folded(word: str) -> str:
    """In small letters, without accents and points: "J." and "José" are j and jose."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip(".,")
