"""Where words of a document stand on a page as it looks.

The words of a PDF file are put in order and joined over the ends of lines when it is read, so
what is compared are letters and digits alone; what was apart on the page is found in parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Block, Document, Span, walk
from index.reading.pages.drawing import plain_letters

LONGEST = 10_000
"""Letters that are looked for on one page."""

MOST_PLACES = 200
"""At which words are tried that a page has again and again."""

LEAST_PART = 6
"""Letters of words that are found by themselves; fewer only beside what is found already."""

ENOUGH = 0.9
"""The share of the letters that has to be found: less may be other words."""

AROUND = 60
"""Characters before and after the words that tell equal places apart."""


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right and bottom, in parts of 10,000 of the page."""

    left: int
    top: int
    right: int
    bottom: int

    def is_beside(self, other: Box) -> bool:
        """Do they stand in one line?"""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return 2 * shared > min(self.bottom - self.top, other.bottom - other.top)

    @property
    def turned(self) -> Box:
        """With its sides exchanged."""
        return Box(self.top, self.left, self.bottom, self.right)

    def joined(self, other: Box) -> Box:
        """What holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as it looks, as PNG; its letters and digits, each with its box; how many pages
    there are, and how wide and high this one is."""

    picture: bytes
    letters: str
    places: Sequence[int]
    pages: int
    shape: tuple[float, float]

    def box(self, index: int) -> Box:
        """Where a letter stands."""
        left, top, right, bottom = self.places[4 * index : 4 * index + 4]
        return Box(left, top, right, bottom)


@dataclass(frozen=True, slots=True)
class PdfOutline:
    """The label of each page as it is printed, "" where the file says none, and the entries of
    the outline: level from 1, title, number of the page."""

    labels: tuple[str, ...] = ()
    entries: tuple[tuple[int, str, int], ...] = ()


def located(document: Document, span: Span, number: int, page: PagePicture) -> list[Box]:
    """The boxes of the lines of these characters on the page of this number; none if it is not
    sure where they stand."""
    inside = _on_page(document, span, number)
    if inside is None:
        return []
    groups = [plain_letters(words) for words in _groups(document, inside)]
    before = plain_letters(document.text[max(0, inside.start - AROUND) : inside.start])
    after = plain_letters(document.text[inside.end : inside.end + AROUND])
    found: list[int] = []
    wanted = sum(map(len, groups))
    if not 0 < wanted <= LONGEST:
        return []
    spare = wanted - math.ceil(ENOUGH * wanted)
    for group in groups:
        around = (before, after) if len(groups) == 1 else ("", "")
        part = _found(group, page, around, spare)
        spare -= len(group) - len(part)
        if spare < 0:
            return []
        found += part
    return _lines(found, page)


def _on_page(document: Document, span: Span, number: int) -> Span | None:
    starts = [*document.page_starts, len(document.text)]
    if not 1 <= number < len(starts):
        return None
    first = 0 if number == 1 else starts[number - 1]
    inside = Span(max(span.start, first), min(span.end, starts[number]))
    return inside if inside.start < inside.end else None


def _groups(document: Document, span: Span) -> Iterator[str]:
    """The words that stand on the page: of each row those of its cells, without the names of
    their columns; the others as they are."""
    position = span.start
    for row in walk(document.structure):
        if row.kind != "row" or not row.span.overlaps(span):
            continue
        if position < row.span.start:
            yield document.text[position : row.span.start]
        yield " ".join(_cells(document, row, span))
        position = min(row.span.end, span.end)
    if position < span.end:
        yield document.text[position : span.end]


def _cells(document: Document, row: Block, span: Span) -> Iterator[str]:
    for cell in row.within:
        if cell.span.overlaps(span):
            yield document.text[max(cell.span.start, span.start) : min(cell.span.end, span.end)]


def _found(wanted: str, page: PagePicture, around: tuple[str, str], spare: int) -> list[int]:
    """The letters of the page that are the wanted ones: all in one place, or in as few parts as
    can be. It is given up when more than those to spare are not there."""
    whole = [*_places(wanted, page.letters)]
    if whole:
        start = max(whole, key=lambda place: _shared(page.letters, place, len(wanted), around))
        return [*range(start, start + len(wanted))]
    found: list[int] = []
    position = 0
    while position < len(wanted) and position - len(found) <= spare:
        part = _longest(wanted, position, page, found)
        if part is None:
            position += 1
            continue
        found += part
        position += len(part)
    return found


def _longest(wanted: str, position: int, page: PagePicture, found: list[int]) -> range | None:
    """The longest part from here on that the page has: of equal ones that which follows what
    was found, else the nearest."""
    low, high = 0, len(wanted) - position
    while low < high:
        middle = (low + high + 1) // 2
        if wanted[position : position + middle] in page.letters:
            low = middle
        else:
            high = middle - 1
    if not low or (low < LEAST_PART and not found):
        return None
    places = _places(wanted[position : position + low], page.letters)
    if low < LEAST_PART:
        last = page.box(found[-1])
        places = (place for place in places if page.box(place).is_beside(last))
    end = found[-1] + 1 if found else 0
    place = min(places, key=lambda place: abs(place - end), default=None)
    return None if place is None else range(place, place + low)


def _places(wanted: str, letters: str) -> Iterator[int]:
    place = -1
    for _ in range(MOST_PLACES if wanted else 0):
        place = letters.find(wanted, place + 1)
        if place < 0:
            return
        yield place


def _shared(letters: str, place: int, length: int, around: tuple[str, str]) -> int:
    """How many letters before and after a place are those before and after the words."""
    before, after = around
    end = place + length
    behind = zip(reversed(letters[:place][-AROUND:]), reversed(before), strict=False)
    ahead = zip(letters[end : end + AROUND], after, strict=False)
    return sum(1 for _ in _equal(behind)) + sum(1 for _ in _equal(ahead))


def _equal(pairs: Iterator[tuple[str, str]]) -> Iterator[None]:
    for one, other in pairs:
        if one != other:
            return
        yield


def _lines(found: Sequence[int], page: PagePicture) -> list[Box]:
    """One box for the letters that stand side by side, or below one another where a line is
    turned."""
    lines: list[Box] = []
    last: Box | None = None
    for box in map(page.box, found):
        if last and (_follows(last, box) or _follows(last.turned, box.turned)):
            lines[-1] = lines[-1].joined(box)
        else:
            lines.append(box)
        last = box
    return lines


def _follows(last: Box, box: Box) -> bool:
    gap = max(box.left - last.right, last.left - box.right)
    return last.is_beside(box) and gap < 2 * (last.bottom - last.top)
