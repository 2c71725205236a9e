"""Tables of a column of a printed page, ruled or told by where words stand below each other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise, takewhile
from math import inf
from statistics import median

from index.reading.pages.printed import (
    LEAST_ROWS,
    MARKER,
    NARROW_GAP,
    NUMBER,
    SAME_EDGE,
    DrawnLine,
    PrintedRun,
    PrintedTable,
    Region,
    Row,
    is_right_to_left,
    joined,
    rows_of,
    stand_apart,
)
from index.reading.tables import column_names, has_groups

GOES_ON = re.compile(r"(?:\d+ )?[,;)](?:\s|$)")
SENTENCE_END = re.compile(r"[^\W\d_]{4}\.(?:\s+[^\W\d_]|$)")
ANOTHER_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?]\s+[^\W\d_]")
YEAR = re.compile(r"(?:19|20)\d\d$")

MOSTLY_FULL = 0.7
"""The share of a column's width that a line of words takes which goes on in the next."""

OTHER_LETTERS = 1.2
"""Times the height of others; what is larger is no row of their table."""

LEAST_STRIP = 1.5
"""Points; how wide the white strip between the columns of a table is at least."""


def region(pieces: list[PrintedRun], rules: Sequence[DrawnLine]) -> Region:
    """The lines and tables of a column, from top to bottom."""
    upright = [rule for rule in rules if rule.upright]
    rows = [list(_near_joined(row, upright)) for row in rows_of(pieces)]
    region: Region = []
    position = 0
    while position < len(rows):
        table, end = _table_at(rows, position, rules)
        region += [table] if table else [joined(rows[position])]
        position = end if table else position + 1
    return region


def _table_at(
    rows: Sequence[Row], start: int, rules: Sequence[DrawnLine]
) -> tuple[PrintedTable | None, int]:
    """The table that begins with this row, and where it ends."""
    end = start
    while end < len(rows) and rows[end][0].cells:
        end += 1
    if end > start + 2 and len(rows[start][0].cells) > 2 and _is_title(rows[start][0]):
        return None, start
    if end > start:
        return _grid_table([row[0] for row in rows[start:end]]), end
    end = _end_of_table(rows, start)
    wide = _table(rows[start:end], rules) if end - start >= LEAST_ROWS else None
    fine = _narrow_table(rows, start)
    narrow = _table(fine, rules) if fine else None
    if wide and not (narrow and _is_finer(narrow, len(fine), wide, end - start)):
        return wide, end
    return narrow, start + len(fine)


def _is_finer(narrow: PrintedTable, fine: int, wide: PrintedTable, rows: int) -> bool:
    """Does it tell more columns apart, or their names from the rest, in as many rows?"""
    more = len(narrow.rows[0]) - len(wide.rows[0])
    is_named = bool(narrow.names) and not wide.names
    return fine >= rows and all(narrow.names) and (more > 0 or (more == 0 and is_named))


def _is_title(row: PrintedRun) -> bool:
    """One cell over a whole table."""
    return len({*filter(None, row.cells)}) < 2 and bool(row.cells[0])


def _grid_table(rows: Sequence[PrintedRun]) -> PrintedTable:
    cells = [row.cells for row in rows]
    groups = len([*takewhile(has_groups, cells)])
    if 0 < groups < len(rows) - 1:
        return PrintedTable(tuple(cells[groups + 1 :]), column_names(cells[: groups + 1]))
    first = cells[0]
    many = len(first) > 2 and len(rows) > 2 and all(first) and not any(map(NUMBER.match, first))
    bold = rows[0].bold and not all(row.bold for row in rows)
    has_names = len(rows) > 1 and (bold or many or has_numbers_below(cells))
    return PrintedTable(tuple(cells[has_names:]), first if has_names else ())


def _narrow_table(rows: Sequence[Row], start: int) -> list[Row]:
    """Rows of cells that are little more than a space apart, but stand below each other; none
    if these are no table."""
    found: list[Row] = []
    best: list[Row] = []
    most = 2 * LEAST_ROWS
    if not _white(span for row in rows[start : start + LEAST_ROWS] for span in _spans(row)):
        return best
    for row in rows[start:]:
        words = [word for piece in row for word in words_of(piece)]
        ends = bool(found) and _is_of_another(found[-1][0], row[0])
        if len(words) < 2 or ends or any(piece.alone or piece.cells for piece in row):
            break
        found.append(words)
        if len(found) < LEAST_ROWS:
            continue
        strips = _strips(found)
        if not strips:
            if len(found) == LEAST_ROWS:  # the names may stand elsewhere than what is below them
                continue
            break
        if len(found) * len(strips) >= most:
            most = len(found) * len(strips)
            best = [
                [joined(cell) for cell in cells_between(words, strips) if cell] for words in found
            ]
    is_none = any(map(_is_running, best)) or (best and _is_line_above(rows, start, best))
    return [] if is_none else best


def _is_of_another(above: PrintedRun, piece: PrintedRun) -> bool:
    """Does a row stand too far below another to be of its table, or has it other letters?"""
    is_larger = above.size > OTHER_LETTERS * piece.size or piece.size > OTHER_LETTERS * above.size
    return is_larger or above.bottom - piece.top > 2 * piece.size


def _is_running(row: Row) -> bool:
    """Is one of its cells a part of running text: the end of a sentence and the beginning of the
    next?"""
    return any(cell.text[:1].islower() and ANOTHER_SENTENCE.search(cell.text) for cell in row)


def _is_line_above(rows: Sequence[Row], start: int, found: Sequence[Row]) -> bool:
    """Is the first of these rows no row of the table, but a line above it?"""
    if len(found[0]) < 2 or _is_worse_with_first(rows[start:], found):
        return True
    return len(found[0]) < median(map(len, found)) and _had_no_room_above(rows, start)


def _had_no_room_above(rows: Sequence[Row], place: int) -> bool:
    """Is a row what had no room on the line above, whose paragraph ends with it?"""
    above, first = rows[place - 1] if place else [], words_of(rows[place][0])[0]
    if len(above) != 1 or above[0].alone or above[0].cells or above[0].size != first.size:
        return False
    edge = max(row[-1].right for row in rows)
    step = above[0].bottom - first.bottom
    after = first.bottom - rows[place + 1][0].bottom if place + 1 < len(rows) else inf
    is_full = above[0].right + NARROW_GAP * first.size + first.right - first.left > edge
    return is_full and step < 2 * first.size and step <= after + 1


def _is_worse_with_first(rows: Sequence[Row], found: Sequence[Row]) -> bool:
    """Does the first row stand apart from the rest, or end a sentence, and has the rest more
    columns without it, or names of its own for as many?"""
    steps = [above[0].bottom - below[0].bottom for above, below in pairwise(found)]
    if len(steps) <= LEAST_ROWS:
        return False
    is_sentence = SENTENCE_END.search(joined(list(found[0])).text) is not None
    if steps[0] < 1.4 * median(steps) and not is_sentence:
        return False
    rest = _narrow_table(rows[: len(found)], 1)
    more = max(map(len, rest), default=0) - max(map(len, found))
    without = _table(rest, ()) if more == 0 else None
    return more > 0 or bool(without and without.names)


def words_of(piece: PrintedRun) -> list[PrintedRun]:
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
        columns = list(zip(*(cells_between(row, strips) for row in rows), strict=True))
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
    return [(start + end) / 2 for start, end in white_spans(spans)]


def white_spans(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The gaps between spans that none goes over."""
    found, end = [], inf
    for left, right in sorted(spans):
        if left > end + LEAST_STRIP:
            found.append((end, left))
        end = right if end == inf else max(end, right)
    return found


def cells_between(row: Row, strips: Sequence[float]) -> list[Row]:
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


def _near_joined(row: Row, upright: Sequence[DrawnLine]) -> Iterator[PrintedRun]:
    """The row, with pieces that neither a gap nor a rule parts as one."""
    part: Row = []
    for piece in row:
        if part and (stand_apart(part[-1], piece) or _is_parted(part[-1], piece, upright)):
            yield joined(part)
            part = []
        part.append(piece)
    yield joined(part)


def _is_parted(before: PrintedRun, piece: PrintedRun, upright: Sequence[DrawnLine]) -> bool:
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
        if len(row) > 1 or (position > start and _goes_on(rows[start:position], row[0])):
            end = position + 1
        elif position == start or row[0].right - row[0].left > 0.5 * _width(rows[start]):
            break
        position += 1
    return end


def _goes_on(above: Sequence[Row], piece: PrintedRun) -> bool:
    """Does a cell of a table of three columns or more go on here: below a column but the first,
    and not into the next?"""
    row = max(above, key=len)
    if len(row) < LEAST_ROWS:
        return False
    rights = [*(cell.left for cell in row[1:]), inf]
    return any(
        abs(cell.left - piece.left) < SAME_EDGE and piece.right < right
        for cell, right in zip(row[1:], rights[1:], strict=True)
    )


def _width(row: Row) -> float:
    return row[-1].right - row[0].left


def _table(rows: Sequence[Row], rules: Sequence[DrawnLine]) -> PrintedTable | None:
    several = [row for row in rows if len(row) > 1]
    pieces = [piece for row in several for piece in row]
    if is_right_to_left(pieces) or any(GOES_ON.match(piece.text) for piece in pieces):
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
    lines = tuple(map(joined, rows)) if len(rows) == len(groups) else ()
    if len(body) < 2:
        return None
    return PrintedTable(body, names if count else (), lines, tuple(columns))


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


def _column(piece: PrintedRun, columns: Sequence[tuple[float, float]]) -> int:
    """The first column that the piece stands over, else the nearest."""

    def distance(column: int) -> float:
        left, right = columns[column]
        return max(left - piece.right, piece.left - right, 0)

    return min(range(len(columns)), key=distance)


def _cells(row: Row, columns: Sequence[tuple[float, float]]) -> list[str]:
    cells = [""] * len(columns)
    for part in chain.from_iterable(_parted(piece, columns) for piece in row):
        column = _column(part, columns)
        cells[column] = f"{cells[column]} {part.text}".strip()
    return cells


def _parted(piece: PrintedRun, columns: Sequence[tuple[float, float]]) -> Row:
    """The cells of a piece that goes over several columns with more than a space between them."""
    edges = [left - SAME_EDGE for left, _ in columns[1:]]
    parts = [part for part in cells_between(words_of(piece), edges) if part]
    gaps = (after[0].left - before[-1].right for before, after in pairwise(parts))
    is_several = all(gap > NARROW_GAP * piece.size for gap in gaps)
    return [joined(part) for part in parts] if is_several else [piece]


def _ruled_rows(rows: Sequence[Row], rules: Sequence[DrawnLine]) -> list[Row]:
    """The rows that lines are drawn between; none if they are not drawn between most."""
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    middle = (left + right) / 2
    heights = sorted(
        {rule.at for rule in rules if not rule.upright and rule.start < middle < rule.end}
    )
    groups = [[*group] for _, group in groupby(rows, lambda r: bisect_right(heights, r[0].middle))]
    if len(groups) < max(LEAST_ROWS, len(rows) / 4) or _are_apart(groups):
        return []
    return [[*chain.from_iterable(group)] for group in groups]


def _are_apart(groups: Sequence[Sequence[Row]]) -> bool:
    """Do rows stand between two rules, as below the names and above a sum: as far from one another
    as from those beyond the rules, and several of them whole?"""
    within = [one[0].bottom - row[0].bottom for group in groups for one, row in pairwise(group)]
    across = [one[-1][0].bottom - group[0][0].bottom for one, group in pairwise(groups)]
    most = max(len(row) for group in groups for row in group)
    are_whole = any(sum(len(row) == most for row in group) > 1 for group in groups)
    return are_whole and median(within) > 0.9 * median(across)


def _spaced_rows(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[Row]:
    """The rows, with those that go on in a second line: close to the line above and with
    nothing in the first column."""
    steps = [above[0].bottom - row[0].bottom for above, row in pairwise(rows)]
    close = 1.2 * min(steps)
    has_room = max(steps) > 1.25 * min(steps)
    groups: list[Row] = [list(rows[0])]
    for row, step in zip(rows[1:], steps, strict=True):
        starts = _column(row[0], columns) == 0
        is_more = has_room and step <= close and len(row) < len(columns)
        if not starts and (is_more or _is_rest(groups[-1], row, columns)):
            groups[-1] += row
        else:
            groups.append(list(row))
    return groups


def _is_rest(before: Row, row: Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Is it, alone, what of words in the column above had no room there?"""
    column = _column(row[0], columns)
    left, right = columns[column]
    above = [piece for piece in before if _column(piece, columns) == column]
    is_full = bool(above) and above[-1].right > left + MOSTLY_FULL * (right - left)
    return len(row) == 1 and len(columns) > 2 and is_full and not NUMBER.match(row[0].text)


def _header_rows(
    groups: Sequence[Row], cells: Sequence[list[str]], rules: Sequence[DrawnLine]
) -> int:
    """How many rows at the top are names of the columns."""
    first = cells[0]
    if sum(map(bool, first)) < max(2, len(first) - 1) or len(set(filter(None, first))) < 2:
        return 0
    return int(_is_told_apart(groups, rules) or has_numbers_below(cells))


def has_numbers_below(cells: Sequence[Sequence[str]]) -> bool:
    """Do the cells of the first row name columns of numbers?"""
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


def _is_told_apart(groups: Sequence[Row], rules: Sequence[DrawnLine]) -> bool:
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
