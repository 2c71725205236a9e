"""A receipt to what became of each citation: same, moved, changed or gone.

The words are looked for in the document as the index has it now: first where they
stood, then anywhere, the words around them deciding between equal places, and at last
the place that is most like them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from assistant.receipts.likeness import difference, likeness, most_alike
from assistant.receipts.receipt import Fate, Finding, Findings, Kept, Receipt
from index.documents import Document, Span
from index.errors import DocumentNotFound

if TYPE_CHECKING:
    from index.search.view import Library

UNMISTAKABLE = 40
"""Quotations of this length are found by themselves, shorter ones need the words on one
side too: of polnear/dev's sentences of 40 characters or more .25 % stand twice in their
document, of the shorter ones 24 %."""

ALIKE = 0.6
"""From this likeness on a place is the same sentence, changed. Of 250 sentences of
polnear/dev with 20 to 30 % of their words changed .97 are as like as that; of 250 that
were taken out of their document .98 have nothing left in it that is."""

MOST_PLACES = 5_000
"""Places of equal words that are looked at: a document may have a letter a million times."""

TELLING = 8
"""Characters of a prefix or suffix from which on it shows a place."""


def recheck(receipt: Receipt, library: Library) -> Findings:
    """What became of each citation, in the documents of this library."""

    @cache
    def candidates(document_id: str, name: str) -> list[Document]:
        return _documents(document_id, name, library)

    return Findings(
        receipt,
        tuple(
            _recheck(kept, candidates(kept.document_id, kept.document_name))
            for kept in receipt.citations
        ),
    )


def _documents(document_id: str, name: str, library: Library) -> list[Document]:
    """The document of that id, else all of that name: the folder may have moved."""
    try:
        return [library.document(document_id)]
    except DocumentNotFound:
        named = [source.id for source in library.sources() if source.name == name]
        return [library.document(id) for id in named]


BEST_FIRST: tuple[Fate, ...] = ("same", "moved", "changed", "gone")


def _recheck(kept: Kept, documents: Sequence[Document]) -> Finding:
    if not documents:
        return Finding(kept, "gone", why="The document is no longer in the index.")
    findings = [find_again(kept, document) for document in documents]
    return min(findings, key=lambda finding: BEST_FIRST.index(finding.fate))


def find_again(kept: Kept, document: Document) -> Finding:
    """What became of a citation in this document."""
    source, text = document.source, document.text
    found = Finding(kept, "gone", source, why="The document no longer has these words.")
    place = _place(kept, text)
    if place is not None:
        fate: Fate = "same" if place == kept.span else "moved"
        return replace(found, fate=fate, span=place, words=kept.quote, why="")
    place = _changed_place(kept, text)
    if place is None:
        return found
    words = text[place.start : place.end]
    found = replace(found, fate="changed", span=place, words=words)
    if kept.quote.split() == words.split():
        return replace(found, why="Only the white space differs.")
    changes = tuple(difference(kept.quote, words))
    return replace(found, difference=changes, why="The words differ.")


def _place(kept: Kept, text: str) -> Span | None:
    """Where exactly these words stand now: of several places the one that has most of
    the words around them, then the nearest to the old one."""
    places = [
        place
        for place in chain(_where_it_stood(kept, text), occurrences(kept.quote, text))
        if place == kept.span or _is_the_one(kept, text, place)
    ]
    return max(places, key=lambda place: _closeness(kept, text, place), default=None)


def _where_it_stood(kept: Kept, text: str) -> Iterator[Span]:
    if text.startswith(kept.quote, kept.span.start):
        yield kept.span


def occurrences(quote: str, text: str) -> Iterator[Span]:
    """The places that have these words, the first of very many."""
    start = -1
    for _ in range(MOST_PLACES):
        start = text.find(quote, start + 1)
        if start < 0:
            return
        yield Span(start, start + len(quote))


def _is_the_one(kept: Kept, text: str, place: Span) -> bool:
    """Is it long enough to be the same words, or are those on one side the same too?"""
    if len(kept.quote) >= UNMISTAKABLE:
        return True
    before, after = _shared(kept, text, place)
    return before == len(kept.prefix) >= TELLING or after == len(kept.suffix) >= TELLING


def _closeness(kept: Kept, text: str, place: Span) -> tuple[int, int]:
    return sum(_shared(kept, text, place)), -abs(place.start - kept.span.start)


def _shared(kept: Kept, text: str, place: Span) -> tuple[int, int]:
    """How many characters before and after the place are those of the receipt."""
    before = text[max(0, place.start - len(kept.prefix)) : place.start]
    after = text[place.end : place.end + len(kept.suffix)]
    return (
        _common(zip(reversed(before), reversed(kept.prefix), strict=False)),
        _common(zip(after, kept.suffix, strict=False)),
    )


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs in a row, from the first on, are equal."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _changed_place(kept: Kept, text: str) -> Span | None:
    """The place that is most like the saved words, if any is like them. Equal ones
    stand elsewhere by chance, or they had been found."""
    places = [*_between(kept, text), most_alike(kept.quote, text)]
    alike = {
        place: likeness(kept.quote, words)
        for place in filter(None, places)
        if (words := text[place.start : place.end]) != kept.quote
    }
    best = max(alike, key=alike.__getitem__, default=None)
    return best if best and alike[best] >= ALIKE else None


def _between(kept: Kept, text: str) -> Iterator[Span]:
    """What stands between the words before and the words after it."""
    if min(len(kept.prefix), len(kept.suffix)) < TELLING:
        return
    for before in occurrences(kept.prefix, text):
        furthest = before.end + 2 * len(kept.quote) + len(kept.suffix)
        end = text.find(kept.suffix, before.end, furthest)
        if end > before.end:
            yield Span(before.end, end)
