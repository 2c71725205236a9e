"""Pages of a PDF file as they look, and where their letters stand.

It runs in the process apart in which files are read: bytes -> plain data.
"""

from __future__ import annotations

import base64
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import chain, groupby
from typing import Any, NamedTuple

from index.reading.blocks import Unreadable, one_line
from index.reading.pages.ocr import Recognition, is_installed
from index.reading.pages.pdf import (
    BACKWARDS,
    LINE,
    PageWords,
    as_it_looks,
    drawn,
    filled_fields,
    is_scanned,
    printed_pieces,
)
from index.reading.pages.printed import has_right_to_left

WIDTH = 1_400
"""Dots. A page is shown half as wide, on screens that have two dots for one."""

MOST_DOTS = 4_000_000
LONGEST_SIDE = 4_000

MOST_LETTERS = 30_000
"""Letters of one page; where those after them stand is not told."""

UNIT = 10_000
"""Places are parts of the width and the height of a page, from its upper left corner."""

MOST_ENTRIES, DEEPEST = 2_000, 6
"""Entries of an outline, and how deep they lie."""


class _Place(NamedTuple):
    """Where something stands, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


def load() -> None:
    """What it needs, before there is too little memory for that."""
    import pypdfium2  # noqa: F401
    from PIL import Image

    Image.init()


def draw_page(data: bytes, number: int) -> dict[str, Any]:
    """The page of this number, from 1: a PNG picture, its letters and digits as words are
    compared, and the left, top, right and bottom of each. Raises Unreadable."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        if not 1 <= number <= len(pdf):
            raise Unreadable(f"has no page {number}.")
        pdf.init_forms()
        page = pdf[number - 1]
        letters, places = _letters(pdf, page)
        return {
            "picture": base64.b64encode(_picture(page)).decode(),
            "letters": letters,
            "places": places,
            "pages": len(pdf),
            "shape": [round(side, 2) for side in page.get_size()],
        }
    finally:
        pdf.close()


def outline_of(data: bytes) -> dict[str, Any]:
    """How the pages are labelled, "" where they are not, and the outline: level from 1, title
    and number of the page."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    try:
        labels = [one_line(pdf.get_page_label(index)) for index in range(len(pdf))]
        return {"labels": labels, "entries": [*_entries(pdf)]}
    finally:
        pdf.close()


def _entries(pdf: Any) -> Iterator[tuple[int, str, int]]:
    for count, bookmark in enumerate(pdf.get_toc(max_depth=DEEPEST)):
        if count == MOST_ENTRIES:
            return
        destination = bookmark.get_dest()
        index = destination and destination.get_index()
        title = one_line(bookmark.get_title())
        if title and index is not None:
            yield bookmark.level + 1, title, index + 1


def _picture(page: Any) -> bytes:
    wide, high = page.get_size()
    most = math.sqrt(MOST_DOTS / max(wide * high, 1))
    scale = min(WIDTH / max(wide, 1), most, LONGEST_SIDE / max(wide, high, 1))
    picture = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(picture, "PNG")
    return picture.getvalue()


def _letters(pdf: Any, page: Any) -> tuple[str, list[int]]:
    words = PageWords(page)
    placed = ((words.characters[index], words.box(index)) for index in _in_order(words))
    letters: list[str] = []
    places: list[int] = []
    for character, box in chain(placed, _unprinted(pdf, page, words)):
        found = [*plain_letters(character)]
        if not found:
            continue
        if len(letters) + len(found) > MOST_LETTERS:
            break
        letters += found
        places += len(found) * _place(page, box)
    return "".join(letters), places


def _unprinted(pdf: Any, page: Any, words: PageWords) -> Iterator[tuple[str, _Place]]:
    """What is read on a page though it is no printed text: in its fields, with the box of the
    field, and in pictures of pages, each letter in its share of its line."""
    fields = [*filled_fields(pdf, page)]
    for piece in fields:
        yield piece.text, _Place(piece.left, piece.bottom, piece.right, piece.top)
    rules, pictured = drawn(page)
    pieces = [*printed_pieces(words, rules, Counter()), *fields] if pictured else fields
    if not is_scanned(pieces, pictured) or not is_installed():
        return
    for piece in Recognition().pieces(as_it_looks(page)) or ():
        wide = (piece.right - piece.left) / len(piece.text)
        for position, letter in enumerate(piece.text):
            left = piece.left + position * wide
            yield letter, _Place(left, piece.bottom, left + wide, piece.top)


def plain_letters(words: str) -> str:
    """Letters and digits alone, without capitals and ligatures: what stays the same of words
    however their lines are broken."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    return "".join(filter(str.isalnum, plain))


def _in_order(words: PageWords) -> Iterator[int]:
    """The characters line by line, as they are read."""
    for line in LINE.finditer(words.characters):
        if has_right_to_left(line[0]):
            yield from _from_the_right(words, line)
        else:
            yield from range(*line.span())


def _from_the_right(words: PageWords, line: re.Match[str]) -> Iterator[int]:
    """Where they stand is sure, in which order they are drawn is not. What is written from left
    to right within such a line keeps its order."""
    said = [index for index in range(*line.span()) if not words.characters[index].isspace()]
    said.sort(key=lambda index: -words.box(index).left)
    for is_backwards, run in groupby(
        said, key=lambda index: BACKWARDS.match(words.characters[index]) is not None
    ):
        ordered = [*run]
        yield from ordered if is_backwards else reversed(ordered)


def _place(page: Any, box: Any) -> list[int]:
    """A box on the page as it is seen: turned, and cut to what is printed."""
    corners = [_seen(page, box.left, box.top), _seen(page, box.right, box.bottom)]
    (left, right), (top, bottom) = (sorted(sides) for sides in zip(*corners, strict=True))
    return [max(0, min(UNIT, side)) for side in (left, top, right, bottom)]


def _seen(page: Any, x: float, y: float) -> tuple[int, int]:
    from ctypes import c_int

    from pypdfium2 import raw

    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(page, 0, 0, UNIT, UNIT, 0, x, y, across, down)
    return across.value, down.value
