"""What stands on a printed page: pieces of text at places, drawn rules, and the rows they form."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MARKER = re.compile(
    r"(?:[•◦▪●■□➢✓‣·*–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\[\d+\]|\d+(\.\d+)+)$"
)
NUMBER = re.compile(r"[^\w]*\d[\d.,:/ %\u00a0–-]*[^\W\d]{0,3}[^\w]*$")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

SIGN_BEFORE = re.compile(r"(?<!\S)([.,:;!?\u060c\u061b\u061f])([\d\u05d0-\u08ff]\S*)(?!\S)")

WIDE_GAP = 0.9
"""Times the height of the letters; words further apart than that are two pieces."""

NARROW_GAP = 0.31
"""Times the height of the letters; hardly any space between words is wider."""

LEAST_ROWS = 3
"""How many rows a table has at least, and text on both sides of a gutter."""

SAME_EDGE = 3.0
"""Points; edges nearer to each other than that are one."""


@dataclass(frozen=True, slots=True)
class PrintedRun:
    """Words side by side, and where they stand; y grows upwards. `alone`: a field and its
    value, which are a paragraph of their own. `gaps` are the spaces between its words, from where
    to where, if they are known; `cells` those of a row of a ruled table."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    turned: bool = False
    alone: bool = False
    gaps: tuple[tuple[float, float], ...] = ()
    cells: tuple[str, ...] = ()

    @property
    def top(self) -> float:
        return self.bottom + self.size

    @property
    def middle(self) -> float:
        return self.bottom + self.size / 2


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A drawn line, at this x if it is upright and at this y if not, from start to end."""

    at: float
    start: float
    end: float
    upright: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody noted on a page, and about which words."""

    text: str
    by: str
    about: str


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What stands on a page and how high it is."""

    pieces: tuple[PrintedRun, ...]
    rules: tuple[DrawnLine, ...]
    comments: tuple[Comment, ...]
    height: float


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """Rows of as many cells each; `names` of the columns, none if it has no such row; the `lines`
    that names and rows were cut from, if each is one line; from where to where each of the
    `columns` goes, if that is known."""

    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    lines: tuple[PrintedRun, ...] = ()
    columns: tuple[tuple[float, float], ...] = ()


Row = list[PrintedRun]
Region = list[PrintedRun | PrintedTable]


def has_right_to_left(text: str) -> bool:
    """Does it have letters that are written from right to left?"""
    return not text.isascii() and RIGHT_TO_LEFT.search(text) is not None


def signs_behind(text: str) -> str:
    """A line from right to left, with the signs behind the words that stand left of them."""
    return SIGN_BEFORE.sub(r"\2\1", text)


def rows_of(pieces: Iterable[PrintedRun]) -> list[Row]:
    """Pieces of one height together, from top to bottom, each row from left to right."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle):
        if rows and _beside(max(rows[-1], key=lambda other: other.size), piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _beside(one: PrintedRun, other: PrintedRun) -> bool:
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.5 * min(one.size, other.size)


def joined(row: Row, *, glued: bool = False) -> PrintedRun:
    """A row as one piece; `glued` says that its parts belong together."""
    if len(row) == 1:
        return row[0]
    tall = max(row, key=lambda piece: piece.size)
    backwards = is_right_to_left(row)
    text = " ".join(piece.text for piece in (reversed(row) if backwards else row))
    text = signs_behind(text) if backwards else text
    left, right = min(p.left for p in row), max(p.right for p in row)
    alone = any(piece.alone for piece in row)
    bold = all(piece.bold for piece in row)
    gaps = () if glued or backwards else tuple(_joined_gaps(row))
    return PrintedRun(text, left, right, tall.bottom, tall.size, bold, alone=alone, gaps=gaps)


def _joined_gaps(row: Row) -> Iterator[tuple[float, float]]:
    for before, piece in zip([None, *row], row, strict=False):
        if before:
            yield before.right, piece.left
        yield from piece.gaps


def stand_apart(before: PrintedRun, piece: PrintedRun) -> bool:
    """Is there more than a space between the two? Small letters set higher belong to those
    before them."""
    small, large = sorted((before.size, piece.size))
    gap = piece.left - before.right
    return gap > (NARROW_GAP if small > 0.85 * large else WIDE_GAP) * large


def marked(pieces: list[PrintedRun]) -> list[PrintedRun]:
    """The pieces with the sign or number before an item joined to it: what stands next beside it,
    wherever the lines of another column stand."""
    if not any(MARKER.match(piece.text) for piece in pieces):
        return pieces
    ordered = sorted(pieces, key=lambda piece: piece.middle)
    middles = [piece.middle for piece in ordered]
    whole: dict[int, PrintedRun] = {}
    for marker in pieces:
        if id(marker) in whole or not MARKER.match(marker.text):
            continue
        near = slice(
            bisect_left(middles, marker.middle - marker.size),
            bisect_right(middles, marker.middle + marker.size),
        )
        behind = [p for p in ordered[near] if p.left >= marker.right and _beside(marker, p)]
        following = min(behind, key=lambda piece: piece.left, default=None)
        if following is not None and _is_its_text(marker, following):
            whole[id(marker)] = marker
            whole[id(following)] = joined([marker, following], glued=True)
    texts = (whole.get(id(piece), piece) for piece in pieces)
    return [text for text, piece in zip(texts, pieces, strict=True) if not _is_joined(whole, piece)]


def _is_joined(whole: dict[int, PrintedRun], piece: PrintedRun) -> bool:
    return whole.get(id(piece)) is piece


def _is_its_text(marker: PrintedRun, piece: PrintedRun) -> bool:
    return piece.left - marker.right < 4 * marker.size and not NUMBER.match(piece.text)


def is_right_to_left(pieces: list[PrintedRun]) -> bool:
    """Are most of them?"""
    return sum(has_right_to_left(piece.text) for piece in pieces) * 2 > len(pieces)
