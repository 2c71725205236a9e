"""The documents that somebody may read, as a list: found, chosen, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, get_args

from index.documents import Details
from index.english.spelling import folded
from index.reading.files import READERS, suffix_of

Order = Literal["title", "date", "kind", "size", "pages", "statements", "indexed"]

ORDERS = get_args(Order)


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What a list of documents is to show: those with all these words in title, name or byline,
    of a kind, below a folder; "" for all. `order` is one of ORDERS, with a "-" before it for the
    other direction."""

    find: str = ""
    kind: str = ""
    folder: str = ""
    order: str = "title"

    @property
    def by(self) -> Order:
        """By what they are put in order; by title for what is nothing of that kind."""
        wanted = self.order.removeprefix("-")
        return next((order for order in ORDERS if order == wanted), "title")

    @property
    def is_backwards(self) -> bool:
        """Is the order turned around?"""
        return self.order.startswith("-")


def kind_of(name: str) -> str:
    """What a file is, in words, by its name: "Word document"."""
    suffix = suffix_of(name)
    kind = READERS[suffix].kind if suffix in READERS else suffix.lstrip(".").upper()
    return kind[:1].upper() + kind[1:]


def chosen(details: Sequence[Details], sought: DocumentFilter) -> list[Details]:
    """Those that are sought, in their order. What has no value to go by stands last, in
    either direction."""
    words = [folded(word) for word in sought.find.split()]
    value = VALUES[sought.by]
    found = [each for each in details if _is_sought(each, sought, words)]
    first = [each for each in found if value(each) is not None]
    first.sort(key=_by(value), reverse=sought.is_backwards)
    return [*first, *(each for each in found if value(each) is None)]


def kinds_in(details: Sequence[Details]) -> Mapping[str, int]:
    """How many documents there are of each kind, by its words."""
    return dict(sorted(Counter(kind_of(each.source.name) for each in details).items()))


def folders_in(details: Sequence[Details]) -> Mapping[str, int]:
    """How many documents there are below each folder of their names."""
    counts = Counter(
        folder.as_posix()
        for each in details
        for folder in PurePosixPath(each.source.name).parents
        if folder.name
    )
    return dict(sorted(counts.items()))


def _is_sought(details: Details, sought: DocumentFilter, words: Sequence[str]) -> bool:
    source = details.source
    if sought.folder and not source.name.startswith(f"{sought.folder}/"):
        return False
    if sought.kind and kind_of(source.name) != sought.kind:
        return False
    said = folded(f"{source.title} {source.name} {source.byline or ''}") if words else ""
    return all(word in said for word in words)


Value = Callable[[Details], str | int | None]


def _by(value: Value) -> Callable[[Details], tuple[str | int, str]]:
    def key(details: Details) -> tuple[str | int, str]:
        found = value(details)
        return ("" if found is None else found), details.source.name

    return key


VALUES: Mapping[Order, Value] = {
    "title": lambda details: folded(details.source.title),
    "date": lambda details: details.source.published,
    "kind": lambda details: kind_of(details.source.name),
    "size": lambda details: details.size,
    "pages": lambda details: details.pages or None,
    "statements": lambda details: details.statements,
    "indexed": lambda details: details.indexed,
}
