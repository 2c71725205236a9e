"""The layout of a printed page: pieces of text at places -> regions in reading order.

A page is cut along the white space between columns (an XY-cut, whose gutters are looked for
between the lines that go over them); what is left is one column of lines and tables.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from statistics import median

from index.reading.pages.grids import whole_rules, with_grids
from index.reading.pages.printed import (
    LEAST_ROWS,
    NUMBER,
    SAME_EDGE,
    DrawnLine,
    PrintedRun,
    Region,
    Row,
    is_right_to_left,
    marked,
    rows_of,
)
from index.reading.pages.tables import region

GUTTER = 0.7
"""Times the height of the letters: how wide the white space between columns is at least."""

LEAST_CELLS, SHORT_CELL = 3, 25
"""How many pieces a row of a table without lines has at least, and how long most of them are at
most, in characters."""

MOST_NAMES = 2
"""Rows above its cells that may name their columns."""

LEAST_APART = 0.4
"""Times the height of the letters: how far such a table stands below the columns; half as much
again as its rows from one another."""

WIDER = 1.2
"""Times the widest white space within two tables that the gutter between them has at least."""

SAME_ROW = 0.25
"""Times the height of the letters; pieces whose heights differ by less stand beside each other."""

MOST_DEPTH = 8
"""How often a part of a page is cut into columns and these again."""


def regions(pieces: Iterable[PrintedRun], rules: Sequence[DrawnLine]) -> list[Region]:
    """The columns of a page in reading order, each with its lines and tables from top to
    bottom. Text that is turned comes last, in the order of the file."""
    pieces, rules = list(pieces), whole_rules(rules)
    turned: Region = [piece for piece in pieces if piece.turned]
    upright = marked(with_grids([piece for piece in pieces if not piece.turned], rules))
    found = [region(part, rules) for part in _cut(upright, rules, MOST_DEPTH)]
    return [*found, turned] if turned else found


def _cut(
    pieces: list[PrintedRun], rules: Sequence[DrawnLine], depth: int
) -> Iterator[list[PrintedRun]]:
    if not pieces:
        return
    found = _columns(pieces, rules) if depth else None
    if found is None:
        yield pieces
        return
    for part in found:
        yield from _cut(part, rules, depth - 1)


def _columns(pieces: list[PrintedRun], rules: Sequence[DrawnLine]) -> list[list[PrintedRun]] | None:
    """The pieces above two columns, of each column, and below them; None where there is
    nothing but one column."""
    if len(pieces) < 2 * LEAST_ROWS:
        return None
    size = median(piece.size for piece in pieces)
    places = [(piece.left, piece.right, piece.middle) for piece in pieces]
    bands = sorted(
        {band for gutter in _gutters(pieces, size) for band in _bands(places, gutter, size)},
        reverse=True,
    )
    for _, top, lowest, gutter in bands:
        inside = [piece for piece in pieces if lowest < piece.middle < top]
        bottom = max(lowest, _table_below(inside, gutter, size))
        inside = [piece for piece in inside if piece.middle > bottom]
        left = [piece for piece in inside if piece.right <= gutter]
        right = [piece for piece in inside if piece.right > gutter]
        ruled = sum(
            not rule.upright
            and bottom < rule.at < top
            and rule.start < gutter - 20
            and rule.end > gutter + 20
            for rule in rules
        )
        if left and right and not _is_table(left, right, ruled):
            columns = [left, right]
            if is_right_to_left(inside):
                columns.reverse()
            above = [piece for piece in pieces if piece.middle >= top]
            below = [piece for piece in pieces if piece.middle <= bottom]
            return [above, *columns, below]
    return None


def _table_below(pieces: list[PrintedRun], gutter: float, size: float) -> float:
    """Where a table without lines begins that stands below both columns, apart from them; below
    all if none does."""
    rows = rows_of(pieces)[::-1]
    cells = _count_of_cell_rows(rows)
    if cells < LEAST_ROWS:
        return -math.inf
    ends = [(min(piece.bottom for piece in row), max(piece.top for piece in row)) for row in rows]
    white = [above - top for (_, top), (above, _) in pairwise(ends)]
    with_names = range(cells, min(cells + MOST_NAMES, len(rows) - 2) + 1)
    with_text = range(min(cells - 1, len(rows) - 2), LEAST_ROWS, -1)  # pulled apart to fill a line
    for count in chain(with_names, with_text):
        is_apart = white[count - 1] >= max(LEAST_APART * size, 1.5 * median(white[: count - 1]))
        if is_apart and _spans(rows[:count], gutter):
            return ends[count - 1][1] + white[count - 1] / 2
    return -math.inf


def _count_of_cell_rows(rows: Sequence[Row]) -> int:
    """How many of the first rows are rows of cells; one between two of them may have cells that
    stand too close to be told apart."""
    count = 0
    for position, row in enumerate(rows):
        if _is_row_of_cells(row, LEAST_CELLS):
            count = position + 1
        elif position > count or not _is_row_of_cells(row, 2):
            break
    return count


def _is_row_of_cells(row: Row, least: int) -> bool:
    wide = (end - start >= GUTTER * piece.size for piece in row for start, end in piece.gaps)
    short = median(len(piece.text) for piece in row) <= SHORT_CELL
    return short and len(row) + sum(wide) >= least


def _spans(rows: Sequence[Row], gutter: float) -> bool:
    """Is it one table, not two side by side, between which the gutter is wider than the white
    space of either?"""
    gaps: list[float] = []
    at_gutter: list[float] = []
    for row in rows:
        for one, other in pairwise(row):
            is_there = one.right <= gutter <= other.left
            (at_gutter if is_there else gaps).append(other.left - one.right)
    return not at_gutter or not gaps or min(at_gutter) <= WIDER * max(gaps)


def _gutters(pieces: list[PrintedRun], size: float) -> set[float]:
    """Where there may be white space between columns: before edges that pieces share."""
    room = GUTTER * size
    lefts = _shared_edges(piece.left for piece in pieces)
    rights = _shared_edges(piece.right for piece in pieces)
    least = min(piece.left for piece in pieces)
    most = max(piece.right for piece in pieces)
    return {first - room / 2 - 1 for first, _ in lefts if first > least + SAME_EDGE} | {
        last + room / 2 + 1 for _, last in rights if last < most - SAME_EDGE
    }


def _shared_edges(edges: Iterable[float]) -> list[tuple[float, float]]:
    """The first and the last of edges that are one."""
    found: list[list[float]] = []
    for edge in sorted(edges):
        if found and edge - found[-1][0] <= SAME_EDGE:
            found[-1].append(edge)
        else:
            found.append([edge])
    return [(group[0], group[-1]) for group in found if len(group) >= LEAST_ROWS]


def _bands(
    places: Sequence[tuple[float, float, float]], gutter: float, size: float
) -> Iterator[tuple[int, float, float, float]]:
    """Parts of the page that no piece goes over the gutter in, nor stands beside one that does:
    how many pieces it has beside each other, top, bottom and the gutter. `places` of pieces are
    left, right and middle."""
    room = GUTTER / 2 * size - 1
    over, left, right = [], [], []
    for start, end, middle in places:
        if start >= gutter + room:
            right.append(middle)
        elif end <= gutter - room:
            left.append(middle)
        else:
            over.append(middle)
    if len(left) < 2 or len(right) < 2:
        return
    left.sort()
    right.sort()
    borders = [float("-inf"), *sorted(over), float("inf")]
    for lowest, highest in pairwise(borders):
        bottom, top = lowest + SAME_ROW * size, highest - SAME_ROW * size
        before, after = _inside(left, bottom, top), _inside(right, bottom, top)
        if len(before) < 2 or len(after) < 2 or len(before) + len(after) < 2 * LEAST_ROWS - 1:
            continue
        beside = _within(before, after) + _within(after, before)
        if beside >= LEAST_ROWS:
            yield beside, top, bottom, gutter


def _inside(heights: list[float], bottom: float, top: float) -> list[float]:
    return heights[bisect_right(heights, bottom) : bisect_left(heights, top)]


def _within(heights: list[float], others: list[float]) -> int:
    low, high = others[0] - SAME_EDGE, others[-1] + SAME_EDGE
    return bisect_right(heights, high) - bisect_right(heights, low)


def _is_table(left: list[PrintedRun], right: list[PrintedRun], ruled: int) -> bool:
    """Are these two sides columns of a table, to be read row by row?"""
    if ruled >= LEAST_ROWS:
        return True
    left_runs, right_runs = _is_running_text(left), _is_running_text(right)
    if left_runs and right_runs:
        return False
    if left_runs:
        numbers = sum(bool(NUMBER.match(piece.text)) for piece in right)
        return _aligned(right, left) >= 0.9 and numbers >= 0.6 * len(right)
    if right_runs:
        return _aligned(left, right) >= 0.9 and _is_single(left)
    return max(_aligned(left, right), _aligned(right, left)) >= 0.6


def _is_running_text(pieces: list[PrintedRun]) -> bool:
    """Do most lines go on in the next, by their beginnings or by where they end?"""
    if median(len(piece.text) for piece in pieces) < 12:
        return False
    small = sum(piece.text[:1].islower() for piece in pieces)
    width = max(p.right for p in pieces) - min(p.left for p in pieces)
    full = sum(piece.right - piece.left > 0.8 * width for piece in pieces)
    return small >= 0.25 * len(pieces) or full >= 0.5 * len(pieces)


def _aligned(pieces: list[PrintedRun], others: list[PrintedRun]) -> float:
    """Which share of the pieces stands beside one of the others."""
    heights = sorted(piece.bottom for piece in others)

    def has_neighbour(piece: PrintedRun) -> bool:
        reach = SAME_ROW * piece.size
        after = bisect_right(heights, piece.bottom - reach)
        return after < len(heights) and heights[after] <= piece.bottom + reach

    return sum(map(has_neighbour, pieces)) / len(pieces)


def _is_single(pieces: list[PrintedRun]) -> bool:
    return len(rows_of(pieces)) >= 0.9 * len(pieces)
