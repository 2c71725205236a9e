"""Where the columns of a table have their names: grids of cells -> rows in Blocks.

    write_tables   a sheet or a CSV file: tables below and beside each other, titles above them
    write_table    one table of a document, whose header rows may be known
    column_names   the names that a header's rows give together

An empty cell is "". A cell that was merged over several stands in each of them.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, islice, pairwise

from index.reading.blocks import Blocks, one_line

Row = Sequence[str]

LOOKED_AT = 50
"""Rows from which a table's header is told."""

MOST_HEADER_ROWS = 4

MOST_TITLES = 6
"""Rows of two cells above a table that say what it is."""

UNITS = (
    r"%|‰|°C|kr\.?|kroner|million|millions|mill\.?|mio\.?|bn|billion|thousand|tonnes?|hours?|days?|"
    r"years?|NOK|SEK|DKK|EUR|USD|GBP|CHF|JPY|euros?|dollars?|[€$£¥]|k?m|cm|mm|ha|k?g|t|h|min|s|l|"
    r"[kMG]?Wh?|m[²³23]|km[²2]|pcs?\.?"
)
MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?|"
    r"(?:mai|juni|juli|okt|dez|des)[a-z]*\.?"
)
NUMBER = re.compile(
    rf"[(<>~≈±+−–-]*\s*(?:(?:{UNITS})\s*)?[+−–-]?[.,]?\d[\d\s.,'’/:–-]*(?:e[+-]?\d+)?\)?"
    rf"(?:\s*(?:{UNITS}))*\)?[*†‡]*",
    re.IGNORECASE,
)
BOUND = re.compile(
    r"(?:(?:up to|less than|more than|at (?:least|most)|no more than|from|under|over|below|above|"
    r"until|before|after|between|ages?|unter|über|ab|bis)\s+)?(?P<number>[^A-Za-z]*\d.*?)"
    r"(?:\s*(?:\+|(?:and|or) (?:over|under|above|below|more|less|older|younger|up)))?",
    re.IGNORECASE,
)
""" "under 50", "90 or more" """

BETWEEN = re.compile(r"\s+(?:to|and|bis)\s+", re.IGNORECASE)
DATE = re.compile(
    rf"\d{{1,2}}\.?[\s-]*(?:{MONTHS})(?:[\s-]*\d{{2,4}})?|(?:{MONTHS})\s+\d{{1,2}}(?:,\s*\d{{4}})?|"
    r"\d{4}-\d\d-\d\d[T\s][\d:.]+Z?",
    re.IGNORECASE,
)
LONGEST_VALUE = 50

LONGEST_MARK = 3
"""Characters of "yes" or "ok", which may well stand in each column of a row."""

MISSING = frozenset(["-", "–", "—", "n/a", "n.a.", "na", "..", "…", ":", "x", "nil", "none"])
"""Stand where a figure is not known; in a column of figures they are no words."""

AMOUNT = re.compile(
    rf"(?P<number>\d{{1,3}}(?:[.,]\d{{3}})+|\d+(?:[.,]\d+)?)(?:\s?[–-]\s?\d[\d.,]*)?\s?"
    rf"(?P<unit>{UNITS})",
    re.IGNORECASE,
)
"""A quantity with its unit, or from one to another: "250 g", "5–10 kg"."""

YEAR = re.compile(r"\b(?:1[5-9]|2[01])\d\d(?:\s*[/–-]\s*\d{2,4})?\s*[*†‡]*")
RANGE = re.compile(r"\d{1,4}\s?[–-]\s?\d{1,4}")
UNIT = re.compile(
    rf"[(\[].*[)\]]|(?:{UNITS})(?:\s(?:{UNITS}))*|(?:in|per|mill\.?)\s.+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Header:
    """Which rows of a table name its columns: from `start` up to but not including `end`."""

    start: int
    end: int
    names: tuple[str, ...]


NO_HEADER = Header(0, 0, ())


def write_tables(rows: Iterable[Row], blocks: Blocks) -> None:
    """Every table of a sheet. Blank rows part tables, and blank columns where what is right of
    them has labels of its own; rows after a blank one that bring no names go on with the table
    above. A few pairs of words above a wider table are its title block."""
    before, held = NO_HEADER, list[Row]()
    for region in _regions(rows):
        lines = _Ahead(region)
        head = lines.ahead()
        if held and _width(head) > _width(held) and _header(head).names:
            _write_titles(held, blocks)
        elif held:
            before = _write_region(_Ahead(held), blocks, before)
        held = []
        if not before.names and _may_be_titles(head):
            held = list(lines)
        elif cuts := _cuts(head):
            whole = list(lines)
            for start, end in cuts:
                _write_region(_Ahead(row[start:end] for row in whole), blocks, NO_HEADER)
        else:
            before = _write_region(lines, blocks, before)
    if held:
        _write_region(_Ahead(held), blocks, before)


def write_table(rows: Sequence[Row], blocks: Blocks, header_rows: int | None = None) -> None:
    """One table. Without the number of its header rows, the header is told from its cells,
    but from words alone only where it has three columns or more: two may be terms and what
    is said of them."""
    filled = [lines for lines in (_lines(row) for row in rows) if any(lines)]
    header = header_of(filled, header_rows)
    _write_titles(filled[: header.start], blocks)
    with blocks.container("table"):
        for row in filled[header.end :]:
            _write_row(row, header.names, blocks)


def header_of(rows: Sequence[Row], count: int | None = None) -> Header:
    """The header of one table, of which nobody may know how many rows it has."""
    if count is None:
        header = _header(rows[:LOOKED_AT])
        in_doubt = _width(rows) < 3 and not any(map(is_value, chain(*rows)))
        header = NO_HEADER if in_doubt else header
    else:
        header = Header(0, count, column_names(rows[:count]))
    return NO_HEADER if header.end >= len(rows) else header


def column_names(rows: Sequence[Row]) -> tuple[str, ...]:
    """What the rows of a header say together, column by column: "2029, Income (kr)"."""
    names = []
    for column in range(_width(rows)):
        parts = dict.fromkeys(one_line(row[column]) for row in rows if column < len(row))
        name = ""
        for part in filter(None, parts):
            is_unit = part[0] in "([%‰"
            name += f" {part}" if name and is_unit else f", {part}" if name else part
        names.append(name)
    return tuple(names)


@lru_cache(10_000)
def is_value(cell: str) -> bool:
    """Is it a number, with its unit, or a date: what names no column?"""
    if len(cell) > LONGEST_VALUE:
        return False
    bound = BOUND.fullmatch(cell)
    ends = BETWEEN.split(bound["number"]) if bound else [cell]
    if len(ends) < 3 and all(map(NUMBER.fullmatch, ends)):
        return True
    return bool(NUMBER.fullmatch(cell) or DATE.fullmatch(cell)) or cell.casefold() in MISSING


class _Ahead:
    """Rows that are read as they come, and can be looked at before; those without words are
    passed over."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = (lines for lines in map(_lines, rows) if any(lines))
        self._seen = deque[Row]()

    def ahead(self) -> list[Row]:
        """The next rows, which stay the next."""
        self._seen.extend(islice(self._rows, max(0, LOOKED_AT - len(self._seen))))
        return list(self._seen)

    def back(self, row: Row) -> None:
        """It is the next one after all."""
        self._seen.appendleft(row)

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        return self._seen.popleft() if self._seen else next(self._rows)


def _write_region(rows: _Ahead, blocks: Blocks, before: Header) -> Header:
    """Rows without a blank one between them; the header that holds at their end."""
    while head := rows.ahead():
        if len(head) == 1 and _count(head[0]) == 1:
            _write_titles(rows, blocks)
            break
        header = _header(head)
        if not header.names or _goes_on(head, header, before):
            header = Header(0, 0, before.names if _width(head) > 1 else ())
        _write_titles(islice(rows, header.start), blocks)
        for _ in range(header.start, header.end):
            next(rows)
        with blocks.container("table"):
            _write_rows(rows, blocks, header, head)
        before = header if header.names else before
    return before


def _write_rows(rows: _Ahead, blocks: Blocks, header: Header, head: Sequence[Row]) -> None:
    """Rows up to one where the header recurs."""
    named = head[header.start : header.end]
    columns = _value_columns(head[header.end :]) if named else []
    holds, label = _labels_hold(head[header.end :], header.names), ""
    for number, row in enumerate(rows):
        if number and columns and _recurs(row, named, columns):
            rows.back(row)
            return
        label = row[0] or label
        _write_row([label, *row[1:]] if holds else row, header.names, blocks)


def _labels_hold(rows: Sequence[Row], names: Sequence[str]) -> bool:
    """Does what stands in the first column hold for the rows below that have nothing there, as
    the name of a group does: for one at least, mostly, each with a name of its own?"""
    labelled = [row for row in rows if row[0]]
    own = [row[1] for row in rows if len(row) > 1 and row[1]]
    are_named = len(own) == len(rows) and not any(map(is_value, own))
    return (
        len(names) > 2
        and are_named
        and bool(rows[0][0])
        and len(rows) > len(labelled) >= 2
        and 2 * len(labelled) <= len(rows)
    )


def _write_row(row: Row, names: Sequence[str], blocks: Blocks) -> None:
    """A lone cell at the row's beginning, or one over all of its columns, is a line between
    rows and no cell of the first column, where there are more than two."""
    is_merged = len(set(row)) == 1 and len(row[0]) > LONGEST_MARK and not is_value(row[0])
    if len(names) > 2 and (is_merged or not any(row[1:])):
        blocks.row(row[:1])
    else:
        blocks.row(row, names)


def _write_titles(rows: Iterable[Row], blocks: Blocks) -> None:
    for row in rows:
        words = list(dict.fromkeys(filter(None, row)))
        blocks.paragraph(": ".join(words) if len(words) == 2 else " | ".join(words), "caption")


def _regions(rows: Iterable[Row]) -> Iterator[Iterator[Row]]:
    """Rows between blank ones, read as they come. Each has to be used up before the next."""
    source = iter(rows)

    def region(first: Row) -> Iterator[Row]:
        yield first
        for row in source:
            if not any(row):
                return
            yield row

    for row in source:
        if any(row):
            current = region(row)
            yield current
            for _ in current:
                pass


def _cuts(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """The columns of tables that stand side by side; none where there is one."""
    width = _width(rows)
    blank = [c for c in range(width) if not any(len(row) > c and row[c] for row in rows)]
    borders = [-1, *blank, width]
    parts = [(a + 1, b) for a, b in pairwise(borders) if b > a + 1]
    if len(parts) < 2 or len(rows) < 2:
        return []
    for start, end in parts:
        part = [lines for lines in (_lines(row[start:end]) for row in rows) if any(lines)]
        header = _header(part)
        labels = [row[0] for row in part[header.end :] if row[0]]
        if end - start < 2 or not header.names or not labels or all(map(is_value, labels)):
            return []
    return parts


def _header(rows: Sequence[Row]) -> Header:
    """Names stand above what they name: above the first row with a figure or date, or, where
    all are words, in the first row that is as wide as the table."""
    first = _first_with_value(rows)
    if first is None:
        return _header_of_words(rows)
    above = [i for i in range(first) if _count(rows[i]) > 1 and not _is_title(rows[i])]
    main = max(above, key=lambda i: (_count(rows[i]), -i), default=0)
    if not above or _are_pairs(rows[main:]):
        return NO_HEADER
    if above and _names_all_but_labels(rows[above[0]], rows[main]):
        main = above[0]
        return Header(main, main + 1, column_names([rows[main]]))
    start, end = main, main + 1
    while start - 1 in above and _goes_with(rows[start - 1], rows[start]):
        start -= 1
    while end in above and end - start < MOST_HEADER_ROWS and _goes_with(rows[end - 1], rows[end]):
        end += 1
    lines = [_spread(row, rows[end - 1]) for row in rows[start : end - 1]]
    return Header(start, end, column_names([*lines, rows[end - 1]]))


def _first_with_value(rows: Sequence[Row]) -> int | None:
    for number, row in enumerate(rows):
        if any(map(is_value, row)) and not _are_numbers_as_names(row, rows[number + 1 :]):
            return number
    return None


def _are_numbers_as_names(row: Row, below: Sequence[Row]) -> bool:
    """Years, days, 1, 2, 3 … or quantities over what is no such series itself."""
    columns = [c for c, cell in enumerate(row) if is_value(cell)]
    series = _series([row[c] for c in columns])
    if not below or not series:
        return False
    others = [[line[c] for c in columns if len(line) > c and line[c]] for line in below[:10]]
    others = [cells for cells in others if cells]
    alike = sum(len(cells) == len(columns) and _series(cells) == series for cells in others)
    return bool(others) and 2 * alike < len(others)


def _series(cells: Sequence[str]) -> str:
    """What these are a series of: different years or dates, three numbers or more at equal steps,
    ranges, or growing quantities of one unit; "" for none. One that is merged over several columns
    counts once."""
    cells = [cell for cell, _ in groupby(cells)]
    if len(set(cells)) < len(cells):
        return ""
    if all(map(YEAR.fullmatch, cells)):
        years = [int(cell[:4]) for cell in cells]
        return "years" if years in (sorted(years), sorted(years, reverse=True)) else ""
    if all(map(DATE.fullmatch, cells)):
        return "dates" if len(cells) > 1 else ""
    if all(map(RANGE.fullmatch, cells)):
        starts = [int(re.split(r"\D", cell)[0]) for cell in cells]
        is_series = len(cells) > 1 and starts in (sorted(starts), sorted(starts, reverse=True))
        return "ranges" if is_series and len(set(starts)) == len(starts) else ""
    if unit := _unit_of_all(cells):
        return unit
    if len(cells) < 3 or not all(cell.isdecimal() for cell in cells):
        return ""
    steps = {int(b) - int(a) for a, b in pairwise(cells)}
    return "numbers" if len(steps) == 1 and cells[0] in ("0", "1", "5", "10") else ""


def _unit_of_all(cells: Sequence[str]) -> str:
    """The unit of two quantities or more that grow from one to the next."""
    amounts = [amount for cell in cells if (amount := AMOUNT.fullmatch(cell))]
    units = {amount["unit"].casefold().rstrip("s.") for amount in amounts}
    numbers = [
        float(re.sub(r"[.,](?=\d{3}\b)", "", amount["number"]).replace(",", "."))
        for amount in amounts
    ]
    grow = len(amounts) == len(cells) > 1 and all(a < b for a, b in pairwise(numbers))
    return units.pop() if grow and len(units) == 1 else ""


def _header_of_words(rows: Sequence[Row]) -> Header:
    """In a table of words, the first row as wide as the table; but not where its words are
    like those below, column by column, and unlike each other: those are a row like any."""
    width = max((_count(row) for row in rows), default=0)
    wide = [i for i, row in enumerate(rows) if _count(row) > 1 and _count(row) >= width - 1]
    if not wide or wide[0] + 1 >= len(rows):
        return NO_HEADER
    start = wide[0]
    end = start + 1
    if end + 1 < len(rows) and not rows[start][0] and has_groups(rows[start]):
        end += 1
    row, below = rows[end - 1], rows[end:]
    cases = [cell[0].islower() for cell in row if cell]
    is_like_any = len(set(cases)) > 1 and all(
        {line[c][0].islower() for line in below if len(line) > c and line[c]} <= {cell[0].islower()}
        for c, cell in enumerate(row)
        if cell
    )
    return NO_HEADER if is_like_any else Header(start, end, column_names(rows[start:end]))


def _goes_with(upper: Row, lower: Row) -> bool:
    """Do two rows of words name columns together? The lower one has units; or the upper one
    groups columns, or fills what the lower one leaves open."""
    cells = [cell for cell in lower if cell]
    if all(map(UNIT.fullmatch, cells)):
        return True
    if _count(upper) == _width([upper, lower]) and not has_groups(upper):
        return False
    fills = any(cell and not (c < len(lower) and lower[c]) for c, cell in enumerate(upper))
    return fills or not upper[0] or has_groups(upper) or _count(upper[1:]) > 1


def _names_all_but_labels(row: Row, other: Row) -> bool:
    """Has it a name of its own for each column but that of labels, and is the next such a label
    with what is said of each?"""
    names = [cell for cell in row[1:] if cell]
    is_whole = not row[0] and len(set(names)) == len(names) == _width([row, other]) - 1 > 1
    units = all(map(UNIT.fullmatch, filter(None, other[1:])))
    return is_whole and row is not other and _count(other) > len(names) and not units


def has_groups(row: Row) -> bool:
    """Does a cell go over several columns, as the name of a group of them?"""
    return any(a and a == b for a, b in pairwise(row))


def _is_title(row: Row) -> bool:
    """One cell over the whole table."""
    return len({cell for cell in row if cell}) < 2 and bool(row[0])


def _spread(upper: Row, lower: Row) -> Row:
    """The name of a group, in the columns right of it up to the next; a label in the corner
    is none. A period that stands alone is that of all columns."""
    groups = [cell for cell in upper[1:] if cell]
    if len(groups) == 1 and YEAR.search(groups[0]) and not any(map(YEAR.search, lower)):
        corner = upper[0] if upper[0] and not lower[0] else ""
        return [corner, *(groups[0] if own else "" for own in lower[1:])]
    spread, name = [], ""
    for column, own in enumerate(lower):
        here = upper[column] if column < len(upper) else ""
        name = here or (name if own else "")
        spread.append(name)
        if not own:
            name = ""
    return spread


def _are_pairs(rows: Sequence[Row]) -> bool:
    """Two columns of which the second has figures here and words there: terms and what they
    stand for, without a header; no term stands there twice."""
    terms = [row[0] for row in rows]
    if terms[0].endswith(":"):
        return True
    if _width(rows) != 2 or len(set(terms)) < len(terms):
        return False
    kinds = {is_value(row[1]) for row in rows[1:] if len(row) > 1 and row[1]}
    return len(kinds) == 2


def _may_be_titles(rows: Sequence[Row]) -> bool:
    """Are they few pairs, of words or of this and that?"""
    is_short = len(rows) <= MOST_TITLES and _width(rows) == 2
    return is_short and (_first_with_value(rows) is None or _are_pairs(rows))


def _goes_on(head: Sequence[Row], header: Header, before: Header) -> bool:
    """Are these rows more of the table before, though the first could be a header? It has
    to have a name for all figures, or one in common with the header before."""
    if not before.names or header.start or _width(head) != len(before.names):
        return False
    if set(header.names) & set(before.names) - {""}:
        return False
    columns = _value_columns(head[header.end :])
    return not columns or not all(any(header.names[c : c + 1]) for c in columns if c)


def _recurs(row: Row, named: Sequence[Row], columns: Sequence[int]) -> bool:
    """Does it have the header's label, or words of the header where the others have figures?"""
    if any(row[0] and row[0] == line[0] for line in named):
        return True
    in_columns = [row[c] for c in columns if len(row) > c and row[c]]
    if not in_columns or any(map(is_value, in_columns)):
        return False
    return any(
        cell and cell == other for line in named for cell, other in zip(row, line, strict=False)
    )


def _value_columns(rows: Sequence[Row]) -> list[int]:
    """Where at least half of the cells are figures or dates."""
    columns = []
    for column in range(_width(rows)):
        cells = [row[column] for row in rows if len(row) > column and row[column]]
        if cells and 2 * sum(map(is_value, cells)) >= len(cells):
            columns.append(column)
    return columns


def _lines(row: Row) -> list[str]:
    return [one_line(cell) for cell in row]


def _count(row: Row) -> int:
    return sum(map(bool, row))


def _width(rows: Sequence[Row]) -> int:
    """Columns up to the last that has something in it."""
    return max((c + 1 for row in rows for c, cell in enumerate(row) if cell), default=0)
