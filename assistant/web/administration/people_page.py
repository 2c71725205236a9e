"""Who came in."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.accounts.ledger import Ledger
from assistant.languages import counted, later, phrase
from assistant.web.administration.pages import PATH, named
from assistant.web.pages.paging import ListPage, address
from index.english.spelling import folded

AT_ONCE = 50

MOST = 10_000
"""People that are looked through; the latest."""

WAYS = {"login": later("signed in"), "embed": later("through a portal")}


def people_shown(ledger: Ledger, find: str, number: int) -> dict[str, object]:
    """The list with its filter."""
    people = ledger.people(MOST)
    found = [person for person in people if fits(find, *person[:3])]
    part = ListPage(number, AT_ONCE, len(found))
    return {
        "has_any": bool(people),
        "find": find,
        "tally": counted(len(found), "person"),
        "people": [_person(*person) for person in found[part.rows]],
        "pages": part.pages(f"{PATH}/people", find=find),
    }


def names_of(ledger: Ledger) -> Mapping[str, str]:
    """What people are called, by the id of their principal."""
    return {principal: name for principal, _, name, _, _ in ledger.people(MOST)}


def fits(find: str, *texts: str) -> bool:
    """Is each word of `find` in one of the texts?"""
    return all(any(part in folded(text) for text in texts) for part in folded(find).split())


def _person(principal: str, tenant: str, name: str, way: str, seen: float) -> dict[str, object]:
    return {
        "name": named(principal, name),
        "id": principal if name else "",
        "about": [*filter(None, (tenant, phrase(WAYS.get(way, way))))],
        "seen": seen,
        "log": address(f"{PATH}/audit", person=principal),
    }
