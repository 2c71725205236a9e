"""Who came in."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape as attribute

from assistant.accounts.ledger import Ledger
from assistant.rendering.answers import escape
from assistant.web.administration.pages import PATH, Part, href, moment, named
from index.english.spelling import counted, folded

AT_ONCE = 50

MOST = 10_000
"""People that are looked through; the latest."""

WAYS = {"login": "signed in", "embed": "through a portal"}

ABOUT = "Who came in, the latest first."

FILTER = """<form class="find" role="search" action="/administration/people">
<label class="grow"><span class="unseen">Find</span>
<input type="search" name="find" value="{find}" placeholder="Find a name, an id or a tenant"
autocomplete="off" maxlength="200"></label><button>Show</button></form>"""

PERSON = """<li><div class="what"><p class="name">{name}</p>{id}</div>
<p class="about">{about}</p>
<p class="deeds"><a class="button plain" href="{seen}" aria-label="In the audit log: {name}">In
the log</a></p></li>"""

NOBODY = '<div class="empty"><p>Nobody has come in yet.</p></div>'

Person = tuple[str, str, str, str, float]


def people_body(ledger: Ledger, find: str, number: int) -> str:
    """The list with its filter."""
    people = ledger.people(MOST)
    if not people:
        return NOBODY
    found = [person for person in people if fits(find, *person[:3])]
    part = Part(number, AT_ONCE, len(found))
    tally = counted(len(found), "person").replace("persons", "people")
    listed = "".join(_person(*person) for person in found[part.rows])
    return (
        f'{FILTER.format(find=attribute(find))}<div id="found"><p class="tally">{tally}</p>'
        f'<ul class="rows people">{listed}</ul>{part.pager(f"{PATH}/people", find=find)}</div>'
    )


def names_of(ledger: Ledger) -> Mapping[str, str]:
    """What people are called, by the id of their principal."""
    return {principal: name for principal, _, name, _, _ in ledger.people(MOST)}


def fits(find: str, *texts: str) -> bool:
    """Is each word of `find` in one of the texts?"""
    return all(any(part in folded(text) for text in texts) for part in folded(find).split())


def _person(principal: str, tenant: str, name: str, way: str, seen: float) -> str:
    about = [tenant, WAYS.get(way, way)]
    return PERSON.format(
        name=escape(named(principal, name)),
        id=f'<p class="id">{escape(principal)}</p>' if name else "",
        about=" · ".join([*map(escape, filter(None, about)), moment(seen)]),
        seen=href(f"{PATH}/audit", person=principal),
    )
