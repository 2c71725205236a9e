"""Grids of drawn rules on a printed page: what stands in one is a table, row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from index.reading.pages.printed import LEAST_ROWS, SAME_EDGE, DrawnLine, PrintedRun, rows_of


def whole_rules(rules: Iterable[DrawnLine]) -> list[DrawnLine]:
    """The rules, with those that go on where another ends as one."""
    whole: list[DrawnLine] = []
    for rule in sorted(rules, key=lambda rule: (rule.upright, round(rule.at / 2), rule.start)):
        last = whole[-1] if whole else rule
        on_it = last.upright == rule.upright and abs(last.at - rule.at) < SAME_EDGE
        if whole and on_it and rule.start <= last.end + SAME_EDGE:
            end = max(last.end, rule.end)
            whole[-1] = DrawnLine(last.at, last.start, end, upright=rule.upright)
        else:
            whole.append(rule)
    return whole


def with_grids(pieces: list[PrintedRun], rules: Sequence[DrawnLine]) -> list[PrintedRun]:
    """The pieces, with those in a grid of rules as one for each row of it."""
    for found, edges in _grids(rules):
        heights = _with_names(found, edges, pieces)
        inside = [
            piece
            for piece in pieces
            if heights[0] < piece.middle < heights[-1] and edges[0] < piece.left < edges[-1]
        ]
        rows = _grid_rows(inside, heights, edges, rules)
        filled = sum(bool(cell) for row in rows for cell in row.cells)
        if len(rows) > 1 and filled >= 0.3 * len(rows) * (len(edges) - 1):
            taken = set(map(id, inside))
            pieces = [piece for piece in pieces if id(piece) not in taken] + rows
    return pieces


def _with_names(
    heights: list[float], edges: Sequence[float], pieces: Sequence[PrintedRun]
) -> list[float]:
    """The heights of a grid, and of a row of names that stands over it without a rule above:
    one in each column, but for the first, and in no other."""
    row = median(upper - lower for lower, upper in pairwise(heights))
    above = [
        piece
        for piece in pieces
        if heights[-1] < piece.middle < heights[-1] + row and edges[0] < piece.left < edges[-1]
    ]
    columns = [bisect_right(edges, piece.left + 1) for piece in above]
    is_within = all(p.right <= edges[c] + 1 for p, c in zip(above, columns, strict=True))
    filled = set(columns)
    if not is_within or len(filled) < max(2, len(edges) - 2) or len(filled) < len(columns):
        return heights
    return [*heights, max(piece.top for piece in above) + 1]


def _grids(rules: Sequence[DrawnLine]) -> Iterator[tuple[list[float], list[float]]]:
    """Heights and edges of the rules of each grid that has two rows and columns at least."""
    level = [rule for rule in rules if not rule.upright]
    upright = [rule for rule in rules if rule.upright]
    while level and upright:
        first = level[0]
        same = [rule for rule in level if _is_as_wide(rule, first)]
        level = [rule for rule in level if not _is_as_wide(rule, first)]
        group = [same[0]]
        for rule in same[1:]:
            if not _edges(group[-1].at, rule.at, first, upright):
                yield from _grid(group, rules)
                group = []
            group.append(rule)
        yield from _grid(group, rules)


def _is_as_wide(rule: DrawnLine, other: DrawnLine) -> bool:
    same_start = abs(rule.start - other.start) <= SAME_EDGE
    return same_start and abs(rule.end - other.end) <= SAME_EDGE


def _grid(
    group: Sequence[DrawnLine], rules: Sequence[DrawnLine]
) -> Iterator[tuple[list[float], list[float]]]:
    if len(group) < LEAST_ROWS:
        return
    low, high, first = group[0].at, group[-1].at, group[0]
    upright = [rule for rule in rules if rule.upright]
    inner = [
        edge
        for lower, upper in pairwise(group)
        for edge in _edges(lower.at, upper.at, first, upright)
        if first.start + SAME_EDGE < edge < first.end - SAME_EDGE
    ]
    edges = [first.start - SAME_EDGE, *_apart(inner), first.end + SAME_EDGE]
    if len(edges) > 2:
        partial = [
            rule.at
            for rule in rules
            if not rule.upright
            and low < rule.at < high
            and rule.start >= edges[0]
            and edges[-1] >= rule.end > rule.start + 0.5 * (edges[-1] - edges[0])
        ]
        yield _apart([rule.at for rule in group] + partial), edges


def _edges(low: float, high: float, wide: DrawnLine, upright: Sequence[DrawnLine]) -> list[float]:
    """Where upright rules go from one height to the other, below or above a level one."""
    return [
        rule.at
        for rule in upright
        if wide.start - SAME_EDGE <= rule.at <= wide.end + SAME_EDGE
        and rule.start <= low + SAME_EDGE
        and rule.end >= high - SAME_EDGE
    ]


def _apart(places: Iterable[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > SAME_EDGE:
            found.append(place)
    return found


def _grid_rows(
    pieces: Sequence[PrintedRun],
    heights: Sequence[float],
    edges: Sequence[float],
    rules: Sequence[DrawnLine],
) -> list[PrintedRun]:
    """A piece a row. A cell over several columns at the top stands in each of them, as those of
    names do; elsewhere in the first."""
    rows: list[PrintedRun] = []
    is_top = True
    for top, bottom in pairwise(reversed(heights)):
        inside = [piece for piece in pieces if bottom < piece.middle <= top]
        if not inside:
            continue
        firsts = _first_columns(bottom, top, edges, rules)
        if len(inside) > 1 and not any(firsts):  # names that no rule is drawn between
            firsts = [*range(len(firsts))]
        cells = [""] * (len(edges) - 1)
        for line in rows_of(inside):
            for piece in line:
                column = firsts[bisect_right(edges[1:-1], piece.left + 1)]
                cells[column] = f"{cells[column]} {piece.text}".strip()
        is_top = is_top and len(set(firsts)) < len(firsts)
        if is_top and len(set(firsts)) > 1:
            cells = [cells[first] for first in firsts]
        bold = all(piece.bold for piece in inside)
        text = " ".join(dict.fromkeys(filter(None, cells)))
        row = PrintedRun(text, edges[0], edges[-1], bottom, top - bottom, bold, cells=tuple(cells))
        rows.insert(0, row)
    return rows


def _first_columns(
    bottom: float, top: float, edges: Sequence[float], rules: Sequence[DrawnLine]
) -> list[int]:
    """For each column the first of the cell that it is part of: no rule parts these here."""
    middle = (bottom + top) / 2
    drawn = [rule.at for rule in rules if rule.upright and rule.start < middle < rule.end]
    firsts = [0]
    for column, edge in enumerate(edges[1:-1], 1):
        is_parted = any(abs(at - edge) <= SAME_EDGE for at in drawn)
        firsts.append(column if is_parted else firsts[-1])
    return firsts
