"""The audit log: who saw which passage, who changed what.

It holds places and ids. What a document is called, and the way to its passages, is shown to
those alone who may read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape as attribute
from typing import Any
from urllib.parse import quote

from assistant.accounts.ledger import Deed, DeedKind
from assistant.answers import read_link
from assistant.rendering.answers import escape
from assistant.web.administration.pages import PATH, href, moment, named, options
from assistant.web.administration.people_page import fits, names_of
from assistant.web.entry.callers import Caller
from assistant.web.services import Services
from index.documents import Source, Span
from index.english.spelling import counted
from index.rights.deciding import PERSONS

AT_ONCE = 50

ABOUT = "Who saw which passages, and who changed what, the latest first. Lines are only added."

KINDS: tuple[tuple[DeedKind, str], ...] = (
    ("seen", "What was seen"),
    ("changed", "What was changed"),
    ("visits", "Who came and left"),
)

FILTER = """<form class="find" role="search" action="/administration/audit">
<label class="grow"><span class="unseen">Person or key</span>
<input type="search" name="person" value="{person}" placeholder="Find a person or a key"
autocomplete="off" maxlength="600"></label>
<label><span class="unseen">What</span><select name="kind">{kinds}</select></label>
<button>Show</button></form>"""

DEED = """<li><p class="at">{at}</p><div class="what"><p class="asked">
<a class="name" href="{only}" title="{principal}">{who}</a> {did}</p>{documents}</div></li>"""

PAGER = '<nav class="pager" aria-label="Pages">{newest}{older}</nav>'

HIDDEN = """<span class="hidden">a document that you may not read, or that is gone</span>
<code>{id}</code>"""

DID = {
    "saw": "was shown",
    "read": "opened",
    "came in": "came in through",
    "left": "signed out",
    "added key": "made the key",
    "rotated key": "exchanged the key",
    "revoked key": "revoked the key",
    "added document": "added",
    "removed document": "removed",
    "shared document": "shared",
    "revoked": "ended every way in of",
    "settled question": "took a question off the list",
}
"""What somebody did, in words; another deed as it is."""

OF_DOCUMENTS = frozenset({"added document", "removed document"})
"""Deeds of which the id of a document is noted."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines are asked for: of whom, of which kind, before the line with this id."""

    person: str = ""
    kind: DeedKind | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """Names of people by their principal, and the documents that the administrator may read."""

    names: Mapping[str, str]
    sources: Mapping[str, Source]


def kind_of(value: str) -> DeedKind | None:
    """The kind with this name, None for anything else."""
    return next((kind for kind, _ in KINDS if kind == value), None)


def audit_body(services: Services, caller: Caller, sought: Sought) -> str:
    """The lines with their filter."""
    ledger = services.ledger
    names = names_of(ledger)
    wanted = _principals(services, names, sought.person) if sought.person else None
    deeds = ledger.deeds(AT_ONCE + 1, wanted, sought.kind, sought.before)
    shown = deeds[:AT_ONCE]
    ids = {id for deed in shown for id in _documents_of(deed)}
    known = _Known(names, services.assistant.view_of(caller.principal).sources_of(ids))
    kinds = options(sought.kind or "", [("", "Everything"), *KINDS])
    form = FILTER.format(person=attribute(sought.person), kinds=kinds)
    listed = "".join(_deed(deed, known) for deed in shown)
    found = f'<ol class="rows audit">{listed}</ol>' if shown else _nothing(sought)
    older = shown[-1].id if len(deeds) > AT_ONCE else None
    return f'{form}<div id="found">{found}{_pager(sought, older)}</div>'


def _principals(services: Services, names: Mapping[str, str], person: str) -> set[str]:
    """Whom one may mean: by the whole id that one alone, else by a part of the name or id."""
    if person.startswith(PERSONS):
        return {person}
    people = {principal for principal, name in names.items() if fits(person, principal, name)}
    keys = services.portals.keys.all() if services.portals else ()
    programs = {key.principal.id for key in keys if fits(person, key.principal.id)}
    return {f"key:{person}", *people, *programs}


def _nothing(sought: Sought) -> str:
    words = "No line is like that." if sought != Sought() else "Nothing is noted yet."
    return f'<p class="tally">{words}</p>'


def _pager(sought: Sought, older: int | None) -> str:
    values = {"person": sought.person, "kind": sought.kind or ""}
    here = f"{PATH}/audit"
    newest = f'<a class="button" href="{href(here, **values)}">Newest</a>'
    further = href(here, **values, before=str(older or ""))
    parts = {
        "newest": newest if sought.before else "",
        "older": f'<a class="button" rel="next" href="{further}">Older</a>' if older else "",
    }
    return PAGER.format(**parts) if any(parts.values()) else ""


# -- one line --------------------------------------------------------------------------


def _deed(deed: Deed, known: _Known) -> str:
    did, documents = _in_words(deed, known)
    return DEED.format(
        at=moment(deed.at),
        only=href(f"{PATH}/audit", person=deed.principal),
        principal=escape(deed.principal),
        who=escape(named(deed.principal, known.names.get(deed.principal, ""))),
        did=did,
        documents=f'<ul class="places">{documents}</ul>' if documents else "",
    )


def _in_words(deed: Deed, known: _Known) -> tuple[str, str]:
    """What was done, and to which documents, each as HTML."""
    did = escape(DID.get(deed.deed, deed.deed))
    if deed.deed in ("saw", "read"):
        places = json.loads(deed.what)
        count = counted(len(places), "passage") if places else "no passage"
        return did + (f" {count}" if deed.deed == "saw" else ""), "".join(_places(places, known))
    if deed.deed in OF_DOCUMENTS:
        return did, f"<li>{_document(deed.what, known)}</li>"
    if deed.deed == "shared document":
        return did, _shared(json.loads(deed.what), known)
    return f"{did} <b>{escape(deed.what)}</b>", ""


def _documents_of(deed: Deed) -> Iterable[str]:
    """The ids of the documents that a line names."""
    if deed.deed in ("saw", "read"):
        return [place[0] for place in json.loads(deed.what)]
    if deed.deed == "shared document":
        return [json.loads(deed.what)["document"]]
    return [deed.what] if deed.deed in OF_DOCUMENTS else []


def _places(places: Sequence[Sequence[Any]], known: _Known) -> Iterator[str]:
    """Each document once, with all places in it."""
    spans: dict[tuple[str, str], list[Span]] = {}
    for id, version, *span in places:
        found = spans.setdefault((id, version), [])
        found += [Span(*span)] if span else []
    for (id, version), where in spans.items():
        yield f"<li>{_document(id, known, version, where)}{_characters(where)}</li>"


def _document(id: str, known: _Known, version: str = "", spans: Sequence[Span] = ()) -> str:
    source = known.sources.get(id)
    if source is None:
        return HIDDEN.format(id=escape(id))
    at = replace(source, version=version or source.version)
    link = read_link(at, *spans) if spans else f"/read/{quote(id, safe='')}"
    return f'<a href="{attribute(link)}">{escape(source.title)}</a>'


def _characters(spans: Sequence[Span]) -> str:
    listed = ", ".join(f"{span.start:,}–{span.end:,}" for span in spans)
    return f' <span class="characters">characters {listed}</span>' if listed else ""


def _shared(what: Mapping[str, Any], known: _Known) -> str:
    """Whose a document is now, and who may read it."""
    told = [f"{name} {', '.join(what[name])}" for name in ("readers", "denied") if what[name]]
    rights = escape("; ".join(told) or "its owner alone")
    return f'<li>{_document(what["document"], known)} <span class="characters">{rights}</span></li>'
