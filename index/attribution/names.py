"""Names by themselves: whose they usually are, and when two of them are one person's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from index.english.word_lists import PARTICLES, SAME_NAME

Name = tuple[str, ...]

LEAST_USUAL = 0.005
"""Per cent of people who have a surname that is taken for one by itself: Paris has .005."""

ONE_GENDER = 10
"""How many times more often a name is given to one gender to be called its name."""

ATTACHED = r"(?:(?:al|el|ad|an|ar|as|ash|at|az|ul)-|[dD][’'])"
BEFORE_SURNAME = re.compile(rf"^(?:{ATTACHED})(?=.)", re.IGNORECASE)


def same_person(one: Name, other: Name) -> bool:
    """Do two names agree in the surname, and in the first name if both have one?"""
    if surname(one) != surname(other):
        return False
    return len(one) == 1 or len(other) == 1 or is_short_for(one[0], other[0])


def is_short_for(one: str, other: str) -> bool:
    """Do two first names agree: the same, an initial, or the same three letters?"""
    one, other = one.lower().strip("."), other.lower().strip(".")
    shorter = min(len(one), len(other), 3)
    return one == other or (shorter in (1, 3) and one[:shorter] == other[:shorter])


def surname(name: Name) -> str:
    """By which it is found, with or without what is attached: "al-Kaabi", "Kaabi"."""
    last = name[-2] if len(name) > 1 and name[-1].lower() in SAME_NAME else name[-1]
    return BEFORE_SURNAME.sub("", last).lower().replace("’", "'")


def is_first_name(word: str) -> bool:
    """Is it among the usual ones, of men or of women?"""
    is_article = word in PARTICLES or word.lower() in ("le", "la", "de", "du")
    return not is_article and any(word.upper() in given for given in _census())


def is_surname(word: str) -> bool:
    """Is it among those that several in 100,000 have? Towns are among the rarer ones."""
    return _surnames().get(word.upper(), 0.0) > LEAST_USUAL


@cache
def usual_gender(first_name: str) -> str | None:
    """ "m" or "f" where nearly all who have the name are, by the census of the United
    States of 1990; None for others and for names that it does not have."""
    men, women = _census()
    name = first_name.upper().rstrip(".")
    many, few = men.get(name, 0.0), women.get(name, 0.0)
    if many > ONE_GENDER * few:
        return "m"
    return "f" if few > ONE_GENDER * many else None


@cache
def _census() -> tuple[dict[str, float], dict[str, float]]:
    """First names of men and of women, with their frequency in per cent."""
    import names

    men, women = (
        {
            row.split()[0]: float(row.split()[1])
            for row in Path(file).read_text("ascii").splitlines()
        }
        for file in (names.FILES["first:male"], names.FILES["first:female"])
    )
    return men, women


@cache
def _surnames() -> dict[str, float]:
    """Surnames with their frequency in per cent, of the same census."""
    import names

    rows = map(str.split, Path(names.FILES["last"]).read_text("ascii").splitlines())
    return {row[0]: float(row[1]) for row in rows}
