"""Tables over the borders of printed pages: one of two pages tells what stands on the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, takewhile

from index.reading.pages.printed import (
    LEAST_ROWS,
    NARROW_GAP,
    SAME_EDGE,
    WIDE_GAP,
    PrintedRun,
    PrintedTable,
    Region,
    Row,
    joined,
)
from index.reading.pages.tables import cells_between, has_numbers_below, white_spans, words_of

Cells = tuple[str, ...]


def over_borders(pages: Iterable[Sequence[Region]]) -> list[list[Region]]:
    """The columns of pages, with what goes on from one page to the next as part of a table of
    either."""
    laid_out = [[*columns] for columns in pages]
    table: PrintedTable | None = None
    for above, below in pairwise([[], *laid_out]):
        for place, column in enumerate(below):
            if table:
                below[place] = _with_rest(column, table)
            if above and not place:
                above[-1], below[0] = _over_border(above[-1], below[0])
            tables = (part for part in reversed(below[place]) if isinstance(part, PrintedTable))
            table = next(tables, table)
    return laid_out


def _over_border(above: Region, below: Region) -> tuple[Region, Region]:
    """What ends a page and what begins the next. The few lines of a table that stand on either
    are rows of it, or its names, if they stand in the columns that it has on the other: there
    are too few for anything else to tell their cells."""
    last, first = above[-1] if above else None, below[0] if below else None
    if isinstance(last, PrintedTable):
        return above, _with_last_rows(last, below)
    if isinstance(first, PrintedTable) and not first.names:
        return _with_first_rows(above, first, below[1:])
    return above, below


def _with_last_rows(table: PrintedTable, below: Region) -> Region:
    """What begins the next page, with its first lines as the last rows of this table."""
    first = below[0] if below else None
    if isinstance(first, PrintedTable):
        rows = [*_rows(first.lines, table)]
        is_whole = bool(rows) and len(rows) == len(first.lines) and not first.names
        return [replace(table, rows=tuple(rows), lines=()), *below[1:]] if is_whole else below
    rows = [*_rows(_near_lines(below), table)]
    return [replace(table, rows=tuple(rows), lines=()), *below[len(rows) :]] if rows else below


def _with_first_rows(above: Region, table: PrintedTable, rest: Region) -> tuple[Region, Region]:
    """What ends a page, and this table that begins the next, whose names and first rows may be
    the last lines above."""
    rows = [*_rows(_near_lines(above[::-1]), table)][::-1]
    if not rows:
        return above, [table, *rest]
    is_named = has_numbers_below([*rows, *table.rows])
    names = rows[0] if is_named else ()
    begun = PrintedTable(tuple(rows[is_named:]), names, (), table.columns)
    before = above[: -len(rows)]
    return [*before, begun] if begun.rows else before, [replace(table, names=names), *rest]


def _rows(lines: Iterable[PrintedRun], table: PrintedTable) -> Iterator[Cells]:
    """The cells of the first of these lines, as far as they stand in its columns."""
    return takewhile(bool, (_row(line, table.columns) for line in lines))


def _row(line: PrintedRun, columns: Sequence[tuple[float, float]]) -> Cells:
    """The cells of a line that stand in the first of these columns and in all others but one, each
    at an edge of its column or in the middle of it, and apart; none if they don't."""
    strips = [(before[1] + after[0]) / 2 for before, after in pairwise(columns)]
    parts = [joined(cell) if cell else None for cell in cells_between(words_of(line), strips)]
    filled = [part for part in parts if part]
    if line.alone or not parts[0] or len(filled) < max(2, len(columns) - 1):
        return ()
    gaps = [after.left - before.right for before, after in pairwise(filled)]
    if min(gaps) < NARROW_GAP * line.size or max(gaps) < WIDE_GAP * line.size:
        return ()
    are_below = all(
        _is_below(part, column)
        for part, column in zip(parts, columns, strict=True)
        if part is not None
    )
    return tuple(part.text if part else "" for part in parts) if are_below else ()


def _is_below(cell: PrintedRun, column: tuple[float, float]) -> bool:
    left, right = column
    ends = cell.left - left, cell.right - right
    return min(*map(abs, ends), abs(sum(ends)) / 2) < SAME_EDGE


def _with_rest(region: Region, above: PrintedTable) -> Region:
    """The region with what is at its top as part of the table above, if that goes on there: under
    its names, that are printed again. They tell the columns of few rows, or of close ones."""
    first = region[0] if region else None
    if isinstance(first, PrintedTable):
        lines, after = first.lines, region[1:]
    else:
        lines = tuple(_near_lines(region[:LEAST_ROWS]))
        after = region[len(lines) :]
    if len(lines) < 2 or lines[0].text != " ".join(filter(None, above.names)):
        return region
    rows = [words_of(line) for line in lines]
    strips = _strips_below(rows, above.names)
    if len(strips) + 1 != len(above.names):
        return region
    cells = [
        [joined(cell).text if cell else "" for cell in cells_between(row, strips)] for row in rows
    ]
    return [PrintedTable(tuple(map(tuple, cells[1:])), above.names), *after]


def _near_lines(region: Region) -> Iterator[PrintedRun]:
    """The first of its lines, that stand close to each other."""
    before: PrintedRun | None = None
    for line in region:
        if isinstance(line, PrintedTable):
            return
        if before and abs(before.bottom - line.bottom) > 3 * line.size:
            return
        yield line
        before = line


def _strips_below(rows: Sequence[Row], names: Sequence[str]) -> list[float]:
    """The widest white strip of these rows between each two of the names in the first of them."""
    white = white_spans((word.left, word.right) for row in rows for word in row)
    ends = [*accumulate(len(name.split()) for name in names)]
    if not all(names) or ends[-1] != len(rows[0]):
        return []
    found = []
    for end in ends[:-1]:
        before, after = rows[0][end - 1], rows[0][end]
        between = [span for span in white if before.right <= span[0] and span[1] <= after.left]
        if between:
            start, stop = max(between, key=lambda span: span[1] - span[0])
            found.append((start + stop) / 2)
    return found
