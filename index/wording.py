"""How numbers are put to people."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """1 passage, 2,000 passages."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
