"""The layout of a printed page: pieces of text at places -> regions in reading order.

A page is cut along the white space between columns (an XY-cut, whose gutters are looked for
between the lines that go over them); what is left is one column of lines and tables.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from math import inf
from statistics import median

MARKER = re.compile(
    r"(?:[•◦▪●■□➢✓‣·*–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\[\d+\]|\d+(\.\d+)+)$"
)
NUMBER = re.compile(r"[^\w]*\d[\d.,:/ %\u00a0–-]*[^\W\d]{0,3}[^\w]*$")
GOES_ON = re.compile(r"(?:\d+ )?[,;)](?:\s|$)")
YEAR = re.compile(r"(?:19|20)\d\d$")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

SIGN_BEFORE = re.compile(r"(?<!\S)([.,:;!?\u060c\u061b\u061f])([\d\u05d0-\u08ff]\S*)(?!\S)")

WIDE_GAP = 0.9
"""Times the height of the letters; words further apart than that are two pieces."""

GUTTER = 0.7
"""Times the height of the letters: how wide the white space between columns is at least."""

NARROW_GAP = 0.31
"""Times the height of the letters; hardly any space between words is wider."""

LEAST_STRIP = 1.5
"""Points; how wide the white strip between the columns of a table is at least."""

LEAST_ROWS = 3
"""How many rows a table has at least, and text on both sides of a gutter."""

SAME_EDGE = 3.0
"""Points; edges nearer to each other than that are one."""

MOST_DEPTH = 8
"""How often a part of a page is cut into columns and these again."""


@dataclass(frozen=True, slots=True)
class Piece:
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
class Rule:
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

    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    comments: tuple[Comment, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells each; `names` of the columns, none if it has no such row."""

    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]


Row = list[Piece]
Region = list[Piece | Table]


def has_right_to_left(text: str) -> bool:
    """Does it have letters that are written from right to left?"""
    return not text.isascii() and RIGHT_TO_LEFT.search(text) is not None


def signs_behind(text: str) -> str:
    """A line from right to left, with the signs behind the words that stand left of them."""
    return SIGN_BEFORE.sub(r"\2\1", text)


def regions(pieces: Iterable[Piece], rules: Sequence[Rule]) -> list[Region]:
    """The columns of a page in reading order, each with its lines and tables from top to
    bottom. Text that is turned comes last, in the order of the file."""
    pieces, rules = list(pieces), _whole(rules)
    turned: Region = [piece for piece in pieces if piece.turned]
    upright = _marked(_with_grids([piece for piece in pieces if not piece.turned], rules))
    found = [_region(part, rules) for part in _cut(upright, rules, MOST_DEPTH)]
    return [*found, turned] if turned else found


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """Pieces of one height together, from top to bottom, each row from left to right."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle):
        if rows and _beside(max(rows[-1], key=lambda other: other.size), piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _beside(one: Piece, other: Piece) -> bool:
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.5 * min(one.size, other.size)


def joined(row: Row, *, glued: bool = False) -> Piece:
    """A row as one piece; `glued` says that its parts belong together."""
    if len(row) == 1:
        return row[0]
    tall = max(row, key=lambda piece: piece.size)
    backwards = _is_right_to_left(row)
    text = " ".join(piece.text for piece in (reversed(row) if backwards else row))
    text = signs_behind(text) if backwards else text
    left, right = min(p.left for p in row), max(p.right for p in row)
    alone = any(piece.alone for piece in row)
    bold = all(piece.bold for piece in row)
    gaps = () if glued or backwards else tuple(_joined_gaps(row))
    return Piece(text, left, right, tall.bottom, tall.size, bold, alone=alone, gaps=gaps)


def _joined_gaps(row: Row) -> Iterator[tuple[float, float]]:
    for before, piece in zip([None, *row], row, strict=False):
        if before:
            yield before.right, piece.left
        yield from piece.gaps


def _stand_apart(before: Piece, piece: Piece) -> bool:
    """Is there more than a space between the two? Small letters set higher belong to those
    before them."""
    small, large = sorted((before.size, piece.size))
    gap = piece.left - before.right
    return gap > (NARROW_GAP if small > 0.85 * large else WIDE_GAP) * large


def _marked(pieces: list[Piece]) -> list[Piece]:
    """The pieces with the sign or number before an item joined to it."""
    if not any(MARKER.match(piece.text) for piece in pieces):
        return pieces
    result: list[Piece] = []
    for row in rows_of(pieces):
        for piece in row:
            before = result[-1] if result and result[-1] in row else None
            if before and MARKER.match(before.text) and _is_its_text(before, piece):
                result[-1] = joined([before, piece], glued=True)
            else:
                result.append(piece)
    return result


def _is_its_text(marker: Piece, piece: Piece) -> bool:
    return piece.left - marker.right < 4 * marker.size and not NUMBER.match(piece.text)


# -- rules


def _whole(rules: Iterable[Rule]) -> list[Rule]:
    """The rules, with those that go on where another ends as one."""
    whole: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (rule.upright, round(rule.at / 2), rule.start)):
        last = whole[-1] if whole else rule
        on_it = last.upright == rule.upright and abs(last.at - rule.at) < SAME_EDGE
        if whole and on_it and rule.start <= last.end + SAME_EDGE:
            end = max(last.end, rule.end)
            whole[-1] = Rule(last.at, last.start, end, upright=rule.upright)
        else:
            whole.append(rule)
    return whole


def _with_grids(pieces: list[Piece], rules: Sequence[Rule]) -> list[Piece]:
    """The pieces, with those in a grid of rules as one for each row of it."""
    for found, edges in _grids(rules):
        heights = _with_names(found, edges, pieces)
        inside = [
            piece
            for piece in pieces
            if heights[0] < piece.middle < heights[-1] and edges[0] < piece.left < edges[-1]
        ]
        rows = _grid_rows(inside, heights, edges)
        filled = sum(bool(cell) for row in rows for cell in row.cells)
        if len(rows) > 1 and filled >= 0.3 * len(rows) * (len(edges) - 1):
            taken = set(map(id, inside))
            pieces = [piece for piece in pieces if id(piece) not in taken] + rows
    return pieces


def _with_names(
    heights: list[float], edges: Sequence[float], pieces: Sequence[Piece]
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


def _grids(rules: Sequence[Rule]) -> Iterator[tuple[list[float], list[float]]]:
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


def _is_as_wide(rule: Rule, other: Rule) -> bool:
    same_start = abs(rule.start - other.start) <= SAME_EDGE
    return same_start and abs(rule.end - other.end) <= SAME_EDGE


def _grid(
    group: Sequence[Rule], rules: Sequence[Rule]
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


def _edges(low: float, high: float, wide: Rule, upright: Sequence[Rule]) -> list[float]:
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
    pieces: Sequence[Piece], heights: Sequence[float], edges: Sequence[float]
) -> list[Piece]:
    rows = []
    for bottom, top in pairwise(heights):
        inside = [piece for piece in pieces if bottom < piece.middle <= top]
        cells = [""] * (len(edges) - 1)
        for line in rows_of(inside):
            for piece in line:
                column = max(bisect_right(edges, piece.left + 1) - 1, 0)
                cells[column] = f"{cells[column]} {piece.text}".strip()
        if inside:
            bold = all(piece.bold for piece in inside)
            text = " ".join(filter(None, cells))
            row = Piece(text, edges[0], edges[-1], bottom, top - bottom, bold, cells=tuple(cells))
            rows.append(row)
    return rows


# -- columns


def _cut(pieces: list[Piece], rules: Sequence[Rule], depth: int) -> Iterator[list[Piece]]:
    if not pieces:
        return
    found = _columns(pieces, rules) if depth else None
    if found is None:
        yield pieces
        return
    for part in found:
        yield from _cut(part, rules, depth - 1)


def _columns(pieces: list[Piece], rules: Sequence[Rule]) -> list[list[Piece]] | None:
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
    for _, top, bottom, gutter in bands:
        inside = [piece for piece in pieces if bottom < piece.middle < top]
        left = [piece for piece in inside if piece.right <= gutter]
        right = [piece for piece in inside if piece.right > gutter]
        ruled = sum(
            not rule.upright
            and bottom < rule.at < top
            and rule.start < gutter - 20
            and rule.end > gutter + 20
            for rule in rules
        )
        if not _is_table(left, right, ruled):
            columns = [left, right]
            if _is_right_to_left(inside):
                columns.reverse()
            above = [piece for piece in pieces if piece.middle >= top]
            below = [piece for piece in pieces if piece.middle <= bottom]
            return [above, *columns, below]
    return None


def _is_right_to_left(pieces: list[Piece]) -> bool:
    return sum(has_right_to_left(piece.text) for piece in pieces) * 2 > len(pieces)


def _gutters(pieces: list[Piece], size: float) -> set[float]:
    """Where there may be white space between columns: before edges that pieces share."""
    room = GUTTER * size
    lefts = _shared_edges(piece.left for piece in pieces)
    rights = _shared_edges(piece.right for piece in pieces)
    least = min(piece.left for piece in pieces)
    most = max(piece.right for piece in pieces)
    return {edge - room / 2 - 1 for edge in lefts if edge > least + SAME_EDGE} | {
        edge + SAME_EDGE + room / 2 for edge in rights if edge < most - 2 * SAME_EDGE
    }


def _shared_edges(edges: Iterable[float]) -> list[float]:
    found: list[list[float]] = []
    for edge in sorted(edges):
        if found and edge - found[-1][0] <= SAME_EDGE:
            found[-1].append(edge)
        else:
            found.append([edge])
    return [group[0] for group in found if len(group) >= LEAST_ROWS]


def _bands(
    places: Sequence[tuple[float, float, float]], gutter: float, size: float
) -> Iterator[tuple[int, float, float, float]]:
    """Parts of the page that no piece goes over the gutter in: how many pieces it has beside
    each other, top, bottom and the gutter. `places` of pieces are left, right and middle."""
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
    for bottom, top in pairwise(borders):
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


def _is_table(left: list[Piece], right: list[Piece], ruled: int) -> bool:
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


def _is_running_text(pieces: list[Piece]) -> bool:
    """Do most lines go on in the next, by their beginnings or by where they end?"""
    if median(len(piece.text) for piece in pieces) < 12:
        return False
    small = sum(piece.text[:1].islower() for piece in pieces)
    width = max(p.right for p in pieces) - min(p.left for p in pieces)
    full = sum(piece.right - piece.left > 0.8 * width for piece in pieces)
    return small >= 0.25 * len(pieces) or full >= 0.5 * len(pieces)


def _aligned(pieces: list[Piece], others: list[Piece]) -> float:
    """Which share of the pieces stands beside one of the others."""
    heights = sorted(piece.bottom for piece in others)

    def has_neighbour(piece: Piece) -> bool:
        reach = 0.25 * piece.size
        after = bisect_right(heights, piece.bottom - reach)
        return after < len(heights) and heights[after] <= piece.bottom + reach

    return sum(map(has_neighbour, pieces)) / len(pieces)


def _is_single(pieces: list[Piece]) -> bool:
    return len(rows_of(pieces)) >= 0.9 * len(pieces)


# -- tables


def _region(pieces: list[Piece], rules: Sequence[Rule]) -> Region:
    upright = [rule for rule in rules if rule.upright]
    rows = [list(_near_joined(row, upright)) for row in rows_of(pieces)]
    region: Region = []
    position = 0
    while position < len(rows):
        table, end = _table_at(rows, position, rules)
        region += [table] if table else [joined(rows[position])]
        position = end if table else position + 1
    return region


def _table_at(rows: Sequence[Row], start: int, rules: Sequence[Rule]) -> tuple[Table | None, int]:
    """The table that begins with this row, and where it ends."""
    end = start
    while end < len(rows) and rows[end][0].cells:
        end += 1
    if end > start:
        return _grid_table([row[0] for row in rows[start:end]]), end
    end = _end_of_table(rows, start)
    wide = _table(rows[start:end], rules) if end - start >= LEAST_ROWS else None
    fine = _narrow_table(rows, start)
    narrow = _table(fine, rules) if fine else None
    if wide and not (narrow and _is_finer(narrow, len(fine), wide, end - start)):
        return wide, end
    return narrow, start + len(fine)


def _is_finer(narrow: Table, fine: int, wide: Table, rows: int) -> bool:
    """Does it tell more columns apart, or their names from the rest, in as many rows?"""
    more = len(narrow.rows[0]) - len(wide.rows[0])
    is_named = bool(narrow.names) and not wide.names
    return fine >= rows and all(narrow.names) and (more > 0 or (more == 0 and is_named))


def _grid_table(rows: Sequence[Piece]) -> Table:
    cells = [row.cells for row in rows]
    first = cells[0]
    many = len(first) > 2 and len(rows) > 2 and all(first) and not any(map(NUMBER.match, first))
    bold = rows[0].bold and not all(row.bold for row in rows)
    has_names = len(rows) > 1 and (bold or many or _has_numbers_below(cells))
    return Table(tuple(cells[has_names:]), first if has_names else ())


def _narrow_table(rows: Sequence[Row], start: int) -> list[Row]:
    """Rows of cells that are little more than a space apart, but stand below each other; none
    if these are no table."""
    found: list[Row] = []
    best: list[Row] = []
    most = 2 * LEAST_ROWS
    if not _white(span for row in rows[start : start + LEAST_ROWS] for span in _spans(row)):
        return best
    for row in rows[start:]:
        words = [word for piece in row for word in _words(piece)]
        is_far = bool(found) and found[-1][0].bottom - row[0].top > 2 * row[0].size
        if len(words) < 2 or is_far or any(piece.alone or piece.cells for piece in row):
            break
        found.append(words)
        if len(found) < LEAST_ROWS:
            continue
        strips = _strips(found)
        if not strips:
            break
        if len(found) * len(strips) >= most:
            most = len(found) * len(strips)
            best = [[joined(cell) for cell in _between(words, strips) if cell] for words in found]
    return best


def _words(piece: Piece) -> list[Piece]:
    """The words of a piece, if it is known where they stand; the sign before an item is none."""
    words = piece.text.split()
    if len(words) != len(piece.gaps) + 1:
        return [piece]
    edges = [piece.left, *(edge for gap in piece.gaps for edge in gap), piece.right]
    found = [
        replace(piece, text=word, left=left, right=right, gaps=())
        for word, left, right in zip(words, edges[::2], edges[1::2], strict=True)
    ]
    return [joined(found[:2], glued=True), *found[2:]] if MARKER.match(words[0]) else found


def _strips(rows: Sequence[Row]) -> list[float]:
    """Where white strips go down between the words of all rows, with words below each other
    behind them, and wider on the whole than the other spaces of these rows."""
    strips = _white((word.left, word.right) for row in rows for word in row)
    while strips:
        columns = list(zip(*(_between(row, strips) for row in rows), strict=True))
        spaces = [
            after.left - before.right
            for column in columns
            for cell in column
            for before, after in pairwise(cell)
        ]
        least = max(NARROW_GAP * rows[0][0].size, 1.3 * median(spaces or [0]))
        wide = [
            strip
            for strip, (before, after) in zip(strips, pairwise(columns), strict=True)
            if sum(map(bool, after)) >= 0.6 * len(after)
            and _is_below_each_other(after, last=strip == strips[-1])
            and _usual_gap(before, after) > least
        ]
        if wide == strips:
            break
        strips = wide
    return strips


def _spans(row: Row) -> Iterator[tuple[float, float]]:
    """From where to where each word goes."""
    for piece in row:
        edges = [piece.left, *chain.from_iterable(piece.gaps), piece.right]
        yield from zip(edges[::2], edges[1::2], strict=True)


def _white(spans: Iterable[tuple[float, float]]) -> list[float]:
    """The places between spans that none goes over."""
    places, end = [], inf
    for left, right in sorted(spans):
        if left > end + LEAST_STRIP:
            places.append((end + left) / 2)
        end = right if end == inf else max(end, right)
    return places


def _between(row: Row, strips: Sequence[float]) -> list[Row]:
    """The words of a row in each column."""
    cells: list[Row] = [[] for _ in range(len(strips) + 1)]
    for word in row:
        cells[bisect_right(strips, word.left)].append(word)
    return cells


def _is_below_each_other(cells: Sequence[Row], *, last: bool = False) -> bool:
    """Do three of four have the same edge or middle? All lines of printed text may end at one
    place, so that the ends of the `last` cells say nothing, but for numbers."""
    filled = [cell for cell in cells if cell]
    lefts = [cell[0].left for cell in filled]
    rights = [cell[-1].right for cell in filled]
    middles = [(left + right) / 2 for left, right in zip(lefts, rights, strict=True)]
    numbers = sum(bool(NUMBER.match(cell[-1].text)) for cell in filled)
    places = [lefts, middles]
    if not last or 2 * numbers >= len(filled):
        places.append(rights)
    same = max(sum(abs(place - median(some)) < 1.5 for place in some) for some in places)
    return same >= 0.75 * len(filled)


def _usual_gap(before: Sequence[Row], after: Sequence[Row]) -> float:
    """How far cells are apart; any distance will do between two numbers that are not one,
    written in groups of three."""
    beside = [(one, other) for one, other in zip(before, after, strict=True) if one and other]
    numbers = [
        (one, other)
        for one, other in beside
        if NUMBER.match(one[-1].text) and NUMBER.match(other[0].text)
    ]
    are_groups = all(len(other[0].text) == len("000") for _, other in numbers)
    if len(numbers) >= 0.75 * len(beside) and not are_groups:
        return inf
    return median(other[0].left - one[-1].right for one, other in beside) if beside else 0.0


def _near_joined(row: Row, upright: Sequence[Rule]) -> Iterator[Piece]:
    """The row, with pieces that neither a gap nor a rule parts as one."""
    part: Row = []
    for piece in row:
        if part and (_stand_apart(part[-1], piece) or _is_parted(part[-1], piece, upright)):
            yield joined(part)
            part = []
        part.append(piece)
    yield joined(part)


def _is_parted(before: Piece, piece: Piece, upright: Sequence[Rule]) -> bool:
    return any(
        before.right - 1 <= rule.at <= piece.left + 1 and rule.start <= piece.middle <= rule.end
        for rule in upright
    )


def _end_of_table(rows: Sequence[Row], start: int) -> int:
    """Behind the last of the rows that stand close and mostly have several pieces."""
    end, position = start, start
    while position < len(rows) and position - end < 2:
        row = rows[position]
        if position > start and rows[position - 1][0].bottom - row[0].top > 3 * row[0].size:
            break
        if any(piece.alone for piece in row):
            break
        if len(row) > 1:
            end = position + 1
        elif position == start or row[0].right - row[0].left > 0.5 * _width(rows[start]):
            break
        position += 1
    return end


def _width(row: Row) -> float:
    return row[-1].right - row[0].left


def _table(rows: Sequence[Row], rules: Sequence[Rule]) -> Table | None:
    several = [row for row in rows if len(row) > 1]
    pieces = [piece for row in several for piece in row]
    if _is_right_to_left(pieces) or any(GOES_ON.match(piece.text) for piece in pieces):
        return None
    columns = _column_spans(several)
    if len(several) < LEAST_ROWS or len(columns) < 2 or not _is_shared(several, columns):
        return None
    behind = range(1, len(columns))
    if 2 * sum(_is_column(several, column, columns) for column in behind) <= len(behind):
        return None  # words that stand far apart to fill their lines
    groups = _ruled_rows(rows, rules) or _spaced_rows(rows, columns)
    cells = [_cells(group, columns) for group in groups]
    count = _header_rows(groups, cells, rules)
    names = tuple(
        " ".join(filter(None, (cells[row][column] for row in range(count))))
        for column in range(len(columns))
    )
    body = tuple(tuple(row) for row in cells[count:])
    return Table(body, names if count else ()) if len(body) > 1 else None


def _column_spans(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """From where to where each column goes. Rows with fewer pieces have some that go over
    several columns, so they are not asked."""
    if not rows:
        return []
    usual = median(len(row) for row in rows)
    spans: list[tuple[float, float]] = []
    for piece in sorted(
        (piece for row in rows if len(row) >= usual for piece in row), key=lambda p: p.left
    ):
        if spans and piece.left < spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], piece.right)
        else:
            spans.append((piece.left, piece.right))
    return spans


def _is_shared(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Does each of two columns or more have pieces of several rows?"""
    usual = [0] * len(columns)
    for row in rows:
        for column in {_column(piece, columns) for piece in row}:
            usual[column] += 1
    return sum(count >= LEAST_ROWS - 1 for count in usual) >= 2


def _is_column(rows: Sequence[Row], number: int, columns: Sequence[tuple[float, float]]) -> bool:
    cells = [[piece for piece in row if _column(piece, columns) == number] for row in rows]
    return _is_below_each_other(cells, last=number == len(columns) - 1)


def _column(piece: Piece, columns: Sequence[tuple[float, float]]) -> int:
    """The first column that the piece stands over, else the nearest."""

    def distance(column: int) -> float:
        left, right = columns[column]
        return max(left - piece.right, piece.left - right, 0)

    return min(range(len(columns)), key=distance)


def _cells(row: Row, columns: Sequence[tuple[float, float]]) -> list[str]:
    cells = [""] * len(columns)
    for piece in row:
        column = _column(piece, columns)
        cells[column] = f"{cells[column]} {piece.text}".strip()
    return cells


def _ruled_rows(rows: Sequence[Row], rules: Sequence[Rule]) -> list[Row]:
    """The rows that lines are drawn between; none if they are not drawn between most."""
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    middle = (left + right) / 2
    heights = sorted(
        {rule.at for rule in rules if not rule.upright and rule.start < middle < rule.end}
    )
    groups: dict[int, Row] = {}
    for row in rows:
        groups.setdefault(bisect_right(heights, row[0].middle), []).extend(row)
    return list(groups.values()) if len(groups) >= max(LEAST_ROWS, len(rows) / 4) else []


def _spaced_rows(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[Row]:
    """The rows, with those that go on in a second line: close to the line above and with
    nothing in the first column."""
    steps = [above[0].bottom - row[0].bottom for above, row in pairwise(rows)]
    close = 1.2 * min(steps)
    has_room = max(steps) > 1.25 * min(steps)
    groups: list[Row] = [list(rows[0])]
    for row, step in zip(rows[1:], steps, strict=True):
        starts = _column(row[0], columns) == 0
        if has_room and not starts and step <= close and len(row) < len(columns):
            groups[-1] += row
        else:
            groups.append(list(row))
    return groups


def _header_rows(groups: Sequence[Row], cells: Sequence[list[str]], rules: Sequence[Rule]) -> int:
    """How many rows at the top are names of the columns."""
    first = cells[0]
    if sum(map(bool, first)) < max(2, len(first) - 1) or len(set(filter(None, first))) < 2:
        return 0
    return int(_is_told_apart(groups, rules) or _has_numbers_below(cells))


def _has_numbers_below(cells: Sequence[Sequence[str]]) -> bool:
    first, *body = cells
    return any(
        _names_numbers(name, [row[column] for row in body]) for column, name in enumerate(first)
    )


def _names_numbers(name: str, values: Sequence[str]) -> bool:
    """Is a column of numbers under something that is none, or under a year?"""
    said = [value for value in values if value]
    numbers = sum(bool(NUMBER.match(value)) for value in said)
    if not said or numbers < 0.6 * len(said):
        return False
    if YEAR.match(name):
        return not any(map(YEAR.match, said))
    return bool(name) and not NUMBER.match(name)


def _is_told_apart(groups: Sequence[Row], rules: Sequence[Rule]) -> bool:
    """Is the first row bold and the next is not, or is a line drawn under it and under no
    other but the last?"""
    first, second = groups[0], groups[1]
    if all(piece.bold for piece in first) and not all(piece.bold for piece in second):
        return True
    middle = (first[0].left + first[-1].right) / 2
    drawn = [r.at for r in rules if not r.upright and r.start < middle < r.end]
    between = [
        any(below[0].middle <= height <= above[0].middle for height in drawn)
        for above, below in pairwise(groups)
    ]
    return between[0] and not any(between[1:])
