"""The list of documents: what is known of each, and what the caller may do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from assistant.browsing.documents import (
    ORDERS,
    VALUES,
    DocumentFilter,
    chosen,
    folders_in,
    kind_of,
    kinds_in,
)
from assistant.languages import counted, later, listed_counts, number, phrase
from assistant.rendering.answers import day, name_beside_title
from assistant.web.entry.callers import Caller
from assistant.web.pages.paging import ListPage, address
from index.documents import Details
from index.errors import DocumentNotFound, NotYours
from index.reading.files import SUFFIXES
from index.rights.deciding import is_called
from index.search.view import View

PATH = "/library"

AT_ONCE = 50

MOST_FOLDERS = 500

MOST_LEFT_OUT = 3
"""Kinds of what a file has and its text has not, in the list; the document's own page has all."""

COLUMNS = {
    "title": later("Title"),
    "date": later("Date"),
    "kind": later("Kind"),
    "size": later("Size"),
    "pages": later("Pages"),
    "statements": later("Statements"),
    "indexed": later("Indexed"),
}
"""What each of ORDERS is called above its column."""

NOT_OF_ALL = frozenset({"date", "pages"})
"""Columns that are there only if some document has something to stand in them."""

LARGE = frozenset({"size", "pages", "statements", "indexed", "date"})
"""Columns that are put in order from the top, the largest or latest first."""


def list_shown(
    view: View, caller: Caller, sought: DocumentFilter, page: int, largest: int
) -> Mapping[str, object]:
    """What the template of the list shows. `largest` is how many bytes a file may have that is
    added."""
    details = view.details()
    found = chosen(details, sought)
    part = ListPage(page, AT_ONCE, len(found))
    rows = found[part.rows]
    columns = [
        order for order in ORDERS if order not in NOT_OF_ALL or any(map(VALUES[order], details))
    ]
    folders = islice(folders_in(details).items(), MOST_FOLDERS)
    left_out = view.left_out_of([each.source.id for each in rows])
    return {
        "has_any": bool(details),
        "may_add": "write" in caller.permissions,
        "read": " ".join(sorted(SUFFIXES)),
        "most": largest,
        "is_local": caller.way == "local",
        "sought": sought,
        "kinds": _options(phrase("All kinds"), kinds_in(details)),
        "folders": _options(phrase("All folders"), dict(folders)),
        "columns": columns,
        "orders": [_column(sought, name) for name in columns],
        "total": len(found),
        "rows": [_row(view, caller, each, left_out.get(each.source.id, {})) for each in rows],
        "pages": part.pages(PATH, **_values(sought)),
    }


def may_change(view: View, caller: Caller, document_id: str) -> bool:
    """May the caller remove this document here? One from a folder is removed in that folder."""
    return _owner(view, caller, document_id) is not None


def may_replace(view: View, caller: Caller, document_id: str) -> bool:
    """May the caller put a newer version in its place? What others added stays theirs."""
    owner = _owner(view, caller, document_id)
    return owner is not None and is_called(caller.principal, owner)


def _owner(view: View, caller: Caller, document_id: str) -> str | None:
    """Whose a document is that was added here, for those who may change it."""
    if "write" not in caller.permissions:
        return None
    try:
        granted = view.rights_of(document_id, administers="administer" in caller.permissions)
        return granted.rights.owner if view.is_added(document_id) else None
    except (NotYours, DocumentNotFound):
        return None


def size_in_words(size: int) -> str:
    """1.2 MB."""
    if size < 1_000:
        return counted(size, "byte")
    if size < 999_500:
        return phrase("{size} kB", size=number(size / 1_000))
    return phrase("{size} MB", size=number(size / 1_000_000, 1))


def _row(
    view: View, caller: Caller, details: Details, left_out: Mapping[str, int]
) -> Mapping[str, object]:
    source = details.source
    return {
        "id": source.id,
        "title": source.title,
        "name": name_beside_title(source),
        "byline": source.byline or "",
        "date": day(source.published),
        "kind": kind_of(source.name),
        "size": size_in_words(details.size),
        "pages": details.pages,
        "passages": details.passages,
        "statements": details.statements,
        "indexed": details.indexed,
        "address": _address(view, source.id),
        "left_out": _shortened(left_out),
        "may_change": may_change(view, caller, source.id),
    }


def _address(view: View, document_id: str) -> str | None:
    try:
        return view.address_of(document_id)
    except DocumentNotFound:
        return None


def _shortened(left_out: Mapping[str, int]) -> str:
    first = dict(islice(left_out.items(), MOST_LEFT_OUT))
    more = len(left_out) - len(first)
    shown = listed_counts(first)
    return phrase("{some} and {count} more", some=shown, count=more) if more else shown


def _options(every: str, counts: Mapping[str, int]) -> Sequence[tuple[str, str]]:
    """Choices of a field, with how many documents each has."""
    return [
        ("", every),
        *((value, f"{phrase(value)} ({number(many)})") for value, many in counts.items()),
    ]


def _column(sought: DocumentFilter, name: str) -> Mapping[str, object]:
    """The head of a column: a click puts the list in its order, another turns that around."""
    is_current = sought.by == name
    wanted = f"-{name}" if name in LARGE else name
    if is_current:
        wanted = name if sought.is_backwards else f"-{name}"
    direction = "descending" if sought.is_backwards else "ascending"
    return {
        "name": name,
        "label": COLUMNS[name],
        "address": address(PATH, **_values(replace(sought, order=wanted))),
        "direction": direction if is_current else "",
        "usual": f"-{name}" if name in LARGE else name,
    }


def _values(sought: DocumentFilter) -> dict[str, str]:
    """What an address has to say; the usual order goes without saying."""
    return {
        "find": sought.find,
        "kind": sought.kind,
        "folder": sought.folder,
        "order": "" if sought.order == "title" else sought.order,
    }
