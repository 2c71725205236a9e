"""The audit log: who saw which passage, who changed what.

It holds places and ids. What a document is called, and the way to its passages, is shown to
those alone who may read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from assistant.accounts.ledger import Deed, DeedKind
from assistant.languages import counted, later, number, phrase
from assistant.receipts.links import read_link
from assistant.web.administration.pages import PATH, named
from assistant.web.administration.people_page import fits, names_of
from assistant.web.entry.callers import Caller
from assistant.web.pages.paging import address
from assistant.web.services import Services
from index.documents import Source, Span
from index.rights.deciding import PERSONS

AT_ONCE = 50

KINDS: tuple[tuple[DeedKind, str], ...] = (
    ("seen", later("What was seen")),
    ("changed", later("What was changed")),
    ("visits", later("Who came and left")),
)

DID = {
    "saw": later("was shown"),
    "read": later("opened"),
    "came in": later("came in through"),
    "left": later("signed out"),
    "added key": later("made the key"),
    "rotated key": later("exchanged the key"),
    "revoked key": later("revoked the key"),
    "added document": later("added"),
    "removed document": later("removed"),
    "shared document": later("shared"),
    "revoked": later("ended every way in of"),
    "watched folder": later("began to watch the folder"),
    "left folder": later("ended watching the folder"),
    "settled question": later("took a question off the list"),
}
"""What somebody did, in words; another deed as it is."""

OF_DOCUMENTS = frozenset({"added document", "removed document"})
"""Deeds of which the id of a document is noted."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines are asked for: of whom, of which kind, before the line with this id."""

    person: str = ""
    kind: DeedKind | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """Names of people by their principal, and the documents that the administrator may read."""

    names: Mapping[str, str]
    sources: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class _Document:
    """A document that a line names, and what it says of it. Without a link for who may not
    read it, and no title."""

    id: str
    title: str
    link: str
    note: str


def kind_of(value: str) -> DeedKind | None:
    """The kind with this name, None for anything else."""
    return next((kind for kind, _ in KINDS if kind == value), None)


def audit_shown(services: Services, caller: Caller, sought: AuditFilter) -> dict[str, object]:
    """The lines with their filter."""
    ledger = services.ledger
    names = names_of(ledger)
    wanted = _principals(services, names, sought.person) if sought.person else None
    deeds = ledger.deeds(AT_ONCE + 1, wanted, sought.kind, sought.before)
    shown = deeds[:AT_ONCE]
    ids = {id for deed in shown for id in _documents_of(deed)}
    known = _Known(names, services.assistant.view_of(caller.principal).sources_of(ids))
    here, values = f"{PATH}/audit", {"person": sought.person, "kind": sought.kind or ""}
    has_more = len(deeds) > AT_ONCE
    return {
        "sought": sought,
        "kinds": [(kind, phrase(words)) for kind, words in (("", later("Everything")), *KINDS)],
        "deeds": [_deed(deed, known) for deed in shown],
        "nothing": phrase("No line is like that.")
        if sought != AuditFilter()
        else phrase("Nothing is noted yet."),
        "newest": address(here, **values) if sought.before else "",
        "older": address(here, **values, before=str(shown[-1].id)) if has_more else "",
    }


def _principals(services: Services, names: Mapping[str, str], person: str) -> set[str]:
    """Whom one may mean: by the whole id that one alone, else by a part of the name or id."""
    if person.startswith(PERSONS):
        return {person}
    people = {principal for principal, name in names.items() if fits(person, principal, name)}
    keys = services.portals.keys.all() if services.portals else ()
    programs = {key.principal.id for key in keys if fits(person, key.principal.id)}
    return {f"key:{person}", *people, *programs}


# -- one line --------------------------------------------------------------------------


def _deed(deed: Deed, known: _Known) -> dict[str, object]:
    did, what, documents = _in_words(deed, known)
    return {
        "at": deed.at,
        "only": address(f"{PATH}/audit", person=deed.principal),
        "principal": deed.principal,
        "who": named(deed.principal, known.names.get(deed.principal, "")),
        "did": did,
        "what": what,
        "documents": documents,
    }


def _in_words(deed: Deed, known: _Known) -> tuple[str, str | None, Sequence[_Document]]:
    """What was done, to what that is no document, and to which documents."""
    did = phrase(DID.get(deed.deed, deed.deed))
    if deed.deed in ("saw", "read"):
        places = json.loads(deed.what)
        count = counted(len(places), "passage") if places else phrase("no passage")
        seen = f"{did} {count}" if deed.deed == "saw" else did
        return seen, None, list(_places(places, known))
    if deed.deed in OF_DOCUMENTS:
        return did, None, [_document(deed.what, known)]
    if deed.deed == "shared document":
        return did, None, [_shared(json.loads(deed.what), known)]
    return did, deed.what, []


def _documents_of(deed: Deed) -> Iterable[str]:
    """The ids of the documents that a line names."""
    if deed.deed in ("saw", "read"):
        return [place[0] for place in json.loads(deed.what)]
    if deed.deed == "shared document":
        return [json.loads(deed.what)["document"]]
    return [deed.what] if deed.deed in OF_DOCUMENTS else []


def _places(places: Sequence[Sequence[Any]], known: _Known) -> Iterator[_Document]:
    """Each document once, with all places in it."""
    spans: dict[tuple[str, str], list[Span]] = {}
    for id, version, *span in places:
        found = spans.setdefault((id, version), [])
        found += [Span(*span)] if span else []
    for (id, version), where in spans.items():
        listed = ", ".join(f"{number(span.start)}–{number(span.end)}" for span in where)
        yield _document(
            id,
            known,
            version,
            where,
            phrase("characters {places}", places=listed) if listed else "",
        )


def _document(
    id: str, known: _Known, version: str = "", spans: Sequence[Span] = (), note: str = ""
) -> _Document:
    source = known.sources.get(id)
    if source is None:
        return _Document(id, "", "", note)
    at = replace(source, version=version or source.version)
    link = read_link(at, *spans) if spans else f"/read/{quote(id, safe='')}"
    return _Document(id, source.title, link, note)


def _shared(what: Mapping[str, Any], known: _Known) -> _Document:
    """Whose a document is now, and who may read it."""
    told = [
        f"{phrase(label)} {', '.join(what[name])}"
        for name, label in (("readers", later("readers")), ("denied", later("denied")))
        if what[name]
    ]
    rights = "; ".join(told) or phrase("its owner alone")
    return _document(what["document"], known, note=rights)
