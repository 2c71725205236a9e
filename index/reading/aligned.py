"""Tables in plain text, whose cells stand below each other, or between "|" or tabs.

The text stays as it is: a table is told by where its words stand, and each cell is a span.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

from index.documents import Block, Span
from index.reading.tables import Header, header_of, is_value

MAY_HAVE = re.compile(r"\S(?: {2,}|\t)[ \t]*\S|\|.*\|")
"""What a text has that may have a table."""

BARS = "|│║"
RULE = re.compile(rf"(?=.*[-=_─━═]{{3}})[-=_─━═+:*┌┬┐└┴┘├┼┤╔╦╗╚╩╝╠╬╣{BARS}\s]+")
DRAWN = re.compile("[-=_─━═]+")
PIECE = re.compile(rf"[^\s{BARS}]+(?:[ \u00a0][^\s{BARS}]+)*")
WORD = re.compile(rf"[^\s{BARS}]+")
MARKER = re.compile(r"[-*+•·◦▪‣]|\(?(?:\d{1,2}|[a-z]|[ivx]{2,5})[.)]|.*:")
"""What stands before an item of a list, or before what somebody says."""

LEAST_ROWS, LEAST_RULED_ROWS = 3, 2
"""With several cells; fewer where a rule is drawn."""

LONGEST_CELL = 40
"""Characters of what most of the cells that are not last have at most."""

MOSTLY = 0.8
"""The share of rows that have one cell a column, and of columns that have several cells."""

Place = tuple[int, int, Span]
"""From which to which place of its line something is printed, and its characters."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The first and the last of the lines that a table takes, and its block."""

    first: int
    last: int
    table: Block


@dataclass(slots=True)
class _Row:
    """A line of a table: what stands where, its cells by their columns."""

    line: int
    pieces: list[Place]
    cells: dict[int, Span]


def tables_in(text: str) -> Iterator[Lines]:
    """Every table of a text, its lines counted from 0."""
    if not MAY_HAVE.search(text):
        return
    lines = text.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    place = 0
    while place < len(lines):
        underlines = RULE.fullmatch(lines[place]) and place and lines[place - 1].strip()
        end = place if underlines else _end_of_run(lines, place)
        table = _table(text, lines, starts, range(place, end)) if end > place + 1 else None
        if table is not None:
            yield Lines(place, end - 1, table)
        place = max(end, place + 1)


def _end_of_run(lines: Sequence[str], start: int) -> int:
    """Behind the last line with several cells; single ones and a blank one may lie between."""
    end, others = start, 0
    for place in range(start, len(lines)):
        line = lines[place]
        if RULE.fullmatch(line) or len(_cells_of(line)) > 1:
            end, others = place + 1, 0
        elif place == start or others:
            break
        elif line.strip() and len(line) - len(line.lstrip()) > 1:
            end = place + 1  # below a column but the first
        else:
            others += 1
    return end


def _cells_of(line: str) -> Sequence[str]:
    return PIECE.findall(line)


def _table(text: str, lines: Sequence[str], starts: Sequence[int], run: range) -> Block | None:
    drawn = [place for place in run if RULE.fullmatch(lines[place])]
    written = [place for place in run if place not in drawn and lines[place].strip()]
    wide = [place for place in written if len(_cells_of(lines[place])) > 1]
    if len(wide) < (LEAST_RULED_ROWS if drawn else LEAST_ROWS):
        return None
    parted = _parted([lines[place] for place in wide])
    if parted:
        rows = [_parted_row(place, lines[place], starts[place], parted) for place in written]
        columns = max(len(row.pieces) for row in rows)
    else:
        edges = _drawn_columns([lines[place] for place in drawn])
        rows = [_row(place, lines[place], starts[place], by_word=bool(edges)) for place in written]
        spans = edges or _columns([row.pieces for row in rows if row.line in wide])
        columns = len(spans)
        for row in rows:
            _place(row, spans, by_start=bool(edges))
    several = [row for row in rows if row.line in wide]
    if columns < 2 or not _is_table(text, several, columns, is_drawn=bool(drawn or parted)):
        return None
    return _block(text, rows, columns, drawn)


def _parted(lines: Sequence[str]) -> str:
    """What parts the cells, the same number of times in each line; "" for nothing but space."""
    marks: list[str] = [*BARS, "\t"]
    for mark in marks:
        counts = {line.strip().count(mark) if mark != "\t" else line.count(mark) for line in lines}
        if len(counts) == 1 and counts != {0} and (mark == "\t" or min(counts) > 1):
            return mark
    return ""


def _parted_row(place: int, line: str, start: int, mark: str) -> _Row:
    pieces: list[Place] = []
    at = 0
    for part in line.split(mark):
        words = part.strip()
        first = start + at + part.index(words) if words else start + at
        pieces.append((at, at + len(part), Span(first, first + len(words))))
        at += len(part) + len(mark)
    if mark != "\t":  # before the first and behind the last one there is no cell
        pieces = pieces[not len(pieces[0][2]) :]
        pieces = pieces[: len(pieces) - (not len(pieces[-1][2]))] if pieces else pieces
    return _Row(place, pieces, {i: span for i, (_, _, span) in enumerate(pieces) if len(span)})


def _row(place: int, line: str, start: int, *, by_word: bool) -> _Row:
    pieces = []
    for found in (WORD if by_word else PIECE).finditer(line):
        left = len(line[: found.start()].expandtabs())
        span = Span(start + found.start(), start + found.end())
        pieces.append((left, left + len(found[0]), span))
    return _Row(place, pieces, {})


def _drawn_columns(rules: Sequence[str]) -> list[tuple[int, int]]:
    """Where a rule is drawn over each column."""
    drawn = [[found.span() for found in DRAWN.finditer(rule.expandtabs())] for rule in rules]
    most = max(drawn, key=len, default=[])
    return most if len(most) > 1 else []


def _columns(rows: Sequence[Sequence[Place]]) -> list[tuple[int, int]]:
    """From where to where each column goes. Rows with fewer cells may have some that go over
    several columns, so they are not asked."""
    usual = median(map(len, rows))
    spans: list[tuple[int, int]] = []
    for left, right, _ in sorted(piece for row in rows if len(row) >= usual for piece in row):
        if spans and left < spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], right)
        else:
            spans.append((left, right))
    return spans


def _place(row: _Row, columns: Sequence[tuple[int, int]], *, by_start: bool) -> None:
    """Put what stands in a row in its columns."""
    lefts = [left for left, _ in columns]
    for left, right, span in row.pieces:
        if by_start:
            column = max(0, bisect_right(lefts, left) - 1)
        else:
            column = min(
                range(len(columns)), key=lambda c: max(columns[c][0] - right, left - columns[c][1])
            )
        before = row.cells.get(column)
        row.cells[column] = Span(before.start, span.end) if before else span


def _is_table(text: str, rows: Sequence[_Row], columns: int, *, is_drawn: bool) -> bool:
    """Has each row one cell a column, and are they no lines of running text side by side, no
    items behind their signs, and no words behind the names of who says them?"""
    if not is_drawn:
        whole = sum(len(row.cells) == len(row.pieces) for row in rows)
        filled = Counter(column for row in rows for column in row.cells)
        several = sum(filled[column] > 1 for column in range(columns))
        if whole < MOSTLY * len(rows) or several < MOSTLY * columns:
            return False
    cells = {
        c: [_words(text, row.cells[c]) for row in rows if c in row.cells] for c in range(columns)
    }
    first = cells[0] or [""]
    signs = sum(MARKER.fullmatch(words) is not None for words in first)
    if columns == 2 and 2 * signs >= len(first):
        return False
    others = [len(words) for column in range(columns - 1) for words in cells[column]]
    running = [
        column
        for column, said in cells.items()
        if 3 * sum(words[0].islower() and len(words) > LONGEST_CELL / 2 for words in said)
        > len(said)
    ]
    return median(others or [0]) <= LONGEST_CELL and len(running) < 2


def _block(text: str, rows: Sequence[_Row], columns: int, drawn: Sequence[int]) -> Block:
    """The rows, with the names of their columns above them as a caption."""
    grid = [[_words(text, row.cells.get(c)) for c in range(columns)] for row in rows]
    header = _header(rows, grid, drawn)
    blocks: list[Block] = []
    for number, row in enumerate(rows):
        span = Span(min(row.cells.values()).start, max(row.cells.values()).end)
        if number < header.end:
            is_next = blocks and number > header.start
            start = blocks.pop().span.start if is_next else span.start
            named = {"header": "yes"} if number >= header.start else {}
            blocks.append(Block("caption", Span(start, span.end), facts=named))
        elif blocks and blocks[-1].kind == "row" and _goes_on(row, blocks[-1], grid[number]):
            above = blocks.pop()
            cells = (*above.within, *_cells(row, header.names))
            blocks.append(Block("row", Span(above.span.start, span.end), within=cells))
        else:
            is_label = len(row.cells) == 1 and columns > 2
            cells = tuple(_cells(row, () if is_label else header.names))
            blocks.append(Block("row", span, within=cells))
    return Block("table", Span(blocks[0].span.start, blocks[-1].span.end), within=tuple(blocks))


def _header(rows: Sequence[_Row], grid: Sequence[Sequence[str]], drawn: Sequence[int]) -> Header:
    """What stands above the first rule below some row, unless one is drawn below every row; else
    as the cells tell."""
    above = [sum(row.line < rule for row in rows) for rule in drawn]
    counts = [count for count in dict.fromkeys(above) if 0 < count < len(rows)]
    if counts and len(counts) < len(rows) - 1 and counts[0] <= len(rows) / 2:
        return header_of(grid, counts[0])
    return header_of(grid)


def _goes_on(row: _Row, above: Block, words: Sequence[str]) -> bool:
    """Is it, alone below a column but the first, what had no room above?"""
    return len(row.cells) == 1 and 0 not in row.cells and not is_value("".join(words))


def _cells(row: _Row, names: Sequence[str]) -> Iterator[Block]:
    for column in sorted(row.cells):
        name = names[column] if column < len(names) else ""
        yield Block("cell", row.cells[column], facts={"column": name} if name else {})


def _words(text: str, span: Span | None) -> str:
    return " ".join(text[span.start : span.end].split()) if span else ""
