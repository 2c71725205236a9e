"""Lines at places on pages -> the paragraphs, headings, items and tables that they are.

A PDF has no paragraphs. They are put together again from where each line stands, over the
borders of columns and pages, so that no sentence ends where a line does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Literal

from index.reading.blocks import Blocks
from index.reading.pages.borders import over_borders
from index.reading.pages.layout import regions
from index.reading.pages.printed import (
    PrintedPage,
    PrintedRun,
    PrintedTable,
    Region,
    Row,
    joined,
    rows_of,
)

WORD_CUT = "\x02"
"""Stands for a hyphen at the end of a line, and for the end of that line."""

BORDER = "\f"
"""Stands in the words of a paragraph where those of the next page begin."""

CUT_WORD = re.compile(rf"(\w*){WORD_CUT} ?({BORDER}?)(\w*)")
COMPOUND = re.compile(r"\w+(?:-\w+)+")
LINE_HYPHEN = re.compile(rf"(?<=[^\W\d_])(?:[-\u2010]|{WORD_CUT})$")
LINE_DASH = re.compile(r"(?<=\w)[-\u2010-\u2015/]$")
ADDRESS = re.compile(r"(?:https?://|www\.|\S+@)\S*$")
ADDRESS_GOES_ON = re.compile(r"[a-z0-9%~?#&=]")
SENTENCE_END = re.compile(r"[.!?:…。！？؟][\"'”’»)\]]*$")
BULLET = re.compile(r"([•◦▪●■□➢✓‣–—*-])\s+")
NUMBERED = re.compile(r"(\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\[\d+\])\s+(?=\S)")
SECTION = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,4}\.)\s+\S")
CAPTION = re.compile(r"(?:Fig(?:ure|\.)|Tab(?:le|\.|elle)|Abb(?:ildung|\.)|Figur|Tabell) ?\d+")
FOOTNOTE = re.compile(r"[\d*†‡§]+\s*\S")
DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|side|sida|página|pagina|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|av|de|sur|di)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)

KEEP_HYPHEN = frozenset(
    "well self half two three four five six seven eight nine twenty thirty forty fifty sixty "
    "seventy eighty ninety first second third fourth".split()
)
"""Words that are joined to others with a hyphen and begin hardly any longer one."""

SUSPENDED = frozenset("and or to und oder bis et ou y o och eller og e".split())
"""What follows a hyphen that stands for a word: "two- and three-year"."""

FUNCTION_WORDS = frozenset(
    "and or for in the of to at on is are was which that with by from as if a an".split()
)
"""What follows an address rather than being its next part."""

NEW_PARAGRAPH_GAP = 1.3
"""Times the usual distance of two lines."""

DOUBLE_SPACED = 2.1
"""Times the height of a line; the lines of no paragraph are further apart."""

OTHER_SIZE = 0.15
"""Two lines whose heights differ by a larger share are not of one paragraph."""

HEADING_SIZE = 1.12
"""Times the height of the usual line."""

LONGEST_HEADING = 200
"""Characters; of one that is only bold half as many."""

Kind = Literal["heading", "paragraph", "item", "note", "caption", "table"]


def ends_sentence(text: str) -> bool:
    """Is the last sign one that ends a sentence, but for quotation marks and brackets?"""
    return SENTENCE_END.search(text[-6:]) is not None


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A line of a column and the edges of that column."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    bold: bool
    alone: bool
    column_left: float
    column_right: float

    @property
    def ends_sentence(self) -> bool:
        return ends_sentence(self.text)

    @property
    def room(self) -> float:
        return self.column_right - self.right

    @property
    def width(self) -> float:
        return max(self.column_right - self.column_left, 1)


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block of a page: its lines, or the table it is. `text` has a BORDER where it goes on
    on the next page, `last_page` is the one where it ends."""

    kind: Kind
    text: str
    page: int
    last_page: int
    lines: tuple[ColumnLine, ...] = ()
    table: PrintedTable | None = None


@dataclass(slots=True)
class Usual:
    """What is usual in a file: the height of a line, the distance to the next as a share of
    that, and the words that it has, with and without hyphens."""

    size: float
    step: float
    words: frozenset[str] = field(default_factory=frozenset)


def write_pages(pages: Sequence[PrintedPage], blocks: Blocks) -> None:
    """Write the text of these pages."""
    kept = _without_running_heads(pages, blocks)
    found = [regions(pieces, page.rules) for pieces, page in zip(kept, pages, strict=True)]
    laid_out = over_borders(found)
    usual = _usual(laid_out)
    parts: list[PageBlock] = []
    for number, columns in enumerate(laid_out):
        for column in columns:
            parts = _flow(parts, list(_parts(_lines(column), number, usual)))
    _write(list(_with_names(parts)), pages, usual, blocks)


def _with_names(parts: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """The parts; a table that goes on at the top of a page has the names of its columns from
    the page before."""
    before: PageBlock | None = None
    for part in parts:
        above, table = before and before.table, part.table
        if before and above and table and part.page == before.page + 1 and not table.names:
            same = len(above.rows[0]) == len(table.rows[0])
            part = replace(part, table=replace(table, names=above.names if same else ()))  # noqa: PLW2901
        yield part
        before = part


# -- running heads


def _without_running_heads(pages: Sequence[PrintedPage], blocks: Blocks) -> list[list[PrintedRun]]:
    """The pieces of each page without what stands at the same place on others, but for its
    numbers, over or under the text."""
    outer = [_outer_rows(page) for page in pages]
    often = Counter(key for rows in outer for key in {_key(row) for row in rows})
    least = 2 if len(pages) < 6 else 3
    numbers = _page_numbers(outer)
    kept = []
    for number, (page, rows) in enumerate(zip(pages, outer, strict=True)):
        heads = [
            row
            for row in rows
            if often[_key(row)] >= least or (number, joined(row).middle) in numbers
        ]
        left_out = {id(piece) for row in heads for piece in row}
        blocks.left_out("running head", len(heads))
        kept.append([piece for piece in page.pieces if id(piece) not in left_out])
    return kept


def _outer_rows(page: PrintedPage) -> list[Row]:
    """The first and last rows of a page that stand apart from the rest."""
    rows = rows_of(piece for piece in page.pieces if not piece.turned)
    found: list[Row] = []
    for ordered in (rows, rows[::-1]):
        for position in range(min(2, len(ordered) - 1)):
            row, following = ordered[position], ordered[position + 1]
            apart = _space(row, following) > 0.6 * max(row[0].size, following[0].size)
            small = max(p.size for p in row) < 0.93 * following[0].size
            if apart or small or PAGE_NUMBER.match(joined(row).text):
                found += ordered[: position + 1]
    unique = {id(row): row for row in found}
    return list(unique.values())


def _space(row: Row, other: Row) -> float:
    high, low = sorted((joined(row), joined(other)), key=lambda piece: -piece.middle)
    return high.bottom - low.top


def _key(row: Row) -> tuple[str, int]:
    line = joined(row)
    return DIGITS.sub("#", line.text), round(line.middle / 4)


def _page_numbers(outer: Sequence[Sequence[Row]]) -> set[tuple[int, float]]:
    """Rows that count the pages: by page and height. One at the same distance from the
    page's own number on three pages, whatever else it says, or nothing but this very number."""
    counted: dict[tuple[int, int], list[tuple[int, float]]] = {}
    found = set()
    for number, rows in enumerate(outer):
        for row in rows:
            line = joined(row)
            if len(row) == 1 and PAGE_NUMBER.match(line.text) and _says(line.text, number + 1):
                found.add((number, line.middle))
            for piece in (row[0], row[-1]):
                if said := re.match(r"\d{1,4}\b|.*\b\d{1,4}$", piece.text):
                    value = int(DIGITS.findall(said[0])[-1])
                    key = value - number, round(line.middle / 4)
                    counted.setdefault(key, []).append((number, line.middle))
    several = (places for places in counted.values() if len(set(places)) >= 3)
    return found.union(*several)


def _says(text: str, number: int) -> bool:
    digits = DIGITS.search(text)
    return digits is not None and int(digits[0]) == number


# -- lines


def _usual(pages: Sequence[Sequence[Region]]) -> Usual:
    lines = [
        piece
        for page in pages
        for region in page
        for piece in region
        if isinstance(piece, PrintedRun) and not piece.turned
    ]
    sizes = Counter[float]()
    for piece in lines:
        sizes[round(piece.size, 1)] += len(piece.text)
    steps = [
        (above.bottom - below.bottom) / above.size
        for page in pages
        for region in page
        for above, below in pairwise(region)
        if isinstance(above, PrintedRun)
        and isinstance(below, PrintedRun)
        and abs(above.size - below.size) < 0.05 * above.size
        and 0.5 * above.size < above.bottom - below.bottom < DOUBLE_SPACED * above.size
    ]
    text = "\n".join(piece.text for piece in lines).lower()
    words = frozenset(re.findall(r"\w+", text)) | {
        "-".join(pair) for word in COMPOUND.findall(text) for pair in pairwise(word.split("-"))
    }
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    return Usual(size, median(steps) if steps else DOUBLE_SPACED / NEW_PARAGRAPH_GAP, words)


def _lines(column: Region) -> list[ColumnLine | PrintedTable]:
    pieces = [piece for piece in column if isinstance(piece, PrintedRun)]
    edges = {size: _edges(size, pieces) for size in {round(piece.size, 1) for piece in pieces}}
    result: list[ColumnLine | PrintedTable] = []
    for piece in column:
        if isinstance(piece, PrintedTable):
            result.append(piece)
            continue
        left, right = edges[round(piece.size, 1)]
        result.append(
            ColumnLine(
                piece.text, piece.left, piece.right, piece.bottom, piece.size, piece.bold,
                piece.alone, left, max(right, piece.right),
            )
        )  # fmt: skip
    return result


def _edges(size: float, column: Sequence[PrintedRun]) -> tuple[float, float]:
    """The edges of the column, as lines of this size have it; one wide line of many sets none."""
    same = [piece for piece in column if abs(piece.size - size) <= 0.05 * size + 0.05]
    rights = sorted((piece.right for piece in same), reverse=True)
    lefts = sorted(piece.left for piece in same)
    some = min(len(same) - 1, 1 + len(same) // 12) if len(same) >= 4 else 0
    return lefts[some], rights[some]


# -- parts


def _parts(
    lines: Sequence[ColumnLine | PrintedTable], page: int, usual: Usual
) -> Iterator[PageBlock]:
    """The blocks of one column."""
    current: list[ColumnLine] = []
    for line in lines:
        ends = isinstance(line, PrintedTable) or (
            bool(current) and _begins_paragraph(current, line, usual)
        )
        if current and ends:
            yield _part(current, page, usual)
            current = []
        if isinstance(line, PrintedTable):
            yield PageBlock("table", "", page, page, table=line)
        else:
            current.append(line)
    if current:
        yield _part(current, page, usual)


def _begins_paragraph(current: Sequence[ColumnLine], line: ColumnLine, usual: Usual) -> bool:
    previous = current[-1]
    if previous.alone or line.alone:
        return True
    if abs(previous.size - line.size) > OTHER_SIZE * max(previous.size, line.size):
        return not _is_inline(previous, line)
    goes_on = line.text[:1].islower() and not previous.ends_sentence
    gap = previous.bottom - line.bottom
    step = min(usual.step * NEW_PARAGRAPH_GAP, DOUBLE_SPACED) * max(previous.size, line.size)
    if gap > (1.3 * step if goes_on else step):
        return True
    if BULLET.match(line.text):
        return True
    if goes_on:
        return False
    return _begins_by_shape(current, line, usual)


def _is_inline(previous: ColumnLine, line: ColumnLine) -> bool:
    """A formula or code in letters of another size, in the middle of a line's sentence."""
    near = abs(previous.size - line.size) < 0.3 * max(previous.size, line.size)
    return (
        near
        and line.text[:1].islower()
        and not previous.ends_sentence
        and previous.room < (0.1 * previous.width)
    )


def _begins_by_shape(current: Sequence[ColumnLine], line: ColumnLine, usual: Usual) -> bool:
    """By its number, by bold letters, an indent, or room left on the line above."""
    previous, first = current[-1], current[0]
    in_list = NUMBERED.match(first.text) is not None
    short = previous.room > 0.35 * previous.width
    if NUMBERED.match(line.text) and (previous.ends_sentence or short or in_list):
        return True
    if previous.bold != line.bold and (short or SECTION.match(previous.text)):
        return True
    if _is_large(previous, usual) and _is_large(line, usual):
        return SECTION.match(line.text) is not None
    if not previous.ends_sentence:
        return short
    first_word = line.text.split(" ", 1)[0]
    fits = (len(first_word) + 2) * (line.right - line.left) / max(len(line.text), 1)
    if previous.room > max(fits, 0.05 * previous.width):
        return True
    hangs = len(current) == 1 and (in_list or BULLET.match(first.text) is not None)
    indented = line.left > previous.left + line.size / 2
    return indented and not hangs


def _is_large(line: ColumnLine, usual: Usual) -> bool:
    return line.size > HEADING_SIZE * usual.size


def _part(lines: Sequence[ColumnLine], page: int, usual: Usual) -> PageBlock:
    text = lines[0].text
    for line in lines[1:]:
        text = _continued(text, line.text)
    return PageBlock(_kind(text, lines, usual), text, page, page, tuple(lines))


def _kind(text: str, lines: Sequence[ColumnLine], usual: Usual) -> Kind:
    first = lines[0]
    is_short = len(text) <= LONGEST_HEADING and any(map(str.isalpha, text))
    is_sentence = re.search(r"[.,;]$", text) is not None
    if is_short and not first.alone:
        if _is_large(first, usual) and not is_sentence:
            return "heading"
        bold = all(line.bold for line in lines) and len(text) <= LONGEST_HEADING / 2
        if bold and not is_sentence and not text.endswith(":") and not BULLET.match(text):
            return "heading"
    if CAPTION.match(text):
        return "caption"
    if BULLET.match(text) or NUMBERED.match(text):
        return "item"
    if first.size < 0.93 * usual.size and FOOTNOTE.match(text):
        return "note"
    return "paragraph"


def _continued(text: str, following: str, border: str = "") -> str:
    """The text and its next line. A word that a hyphen cuts is marked, a dash or an address
    goes on without a space."""
    begins = following.split(" ", 1)[0]
    last = text.rsplit(" ", 1)[-1]
    if begins in SUSPENDED:
        return f"{re.sub(f'{WORD_CUT}$', '-', text)} {border}{following}"
    if LINE_HYPHEN.search(text) and not ADDRESS.match(last):
        return text[:-1] + WORD_CUT + border + following
    if ADDRESS.match(last) and _address_goes_on(last.replace(WORD_CUT, "-"), begins):
        return text.replace(WORD_CUT, "-") + border + following
    if LINE_DASH.search(text):
        return text + border + following
    return f"{text} {border}{following}"


def _address_goes_on(address: str, begins: str) -> bool:
    if not ADDRESS_GOES_ON.match(begins) or begins.rstrip(".,;)") in FUNCTION_WORDS:
        return False
    return address.endswith(tuple("/-_=&?#.%")) or "/" in begins


# -- over borders


def _flow(parts: list[PageBlock], column: list[PageBlock]) -> list[PageBlock]:
    """The parts with those of the next column or page, whose first paragraph may be the rest
    of the last one. What stands between the two, such as notes, goes before and after."""
    last, rest = _open_end(parts), _first_text(column)
    if last is None or rest is None:
        return parts + column
    open_part, first = parts[last], column[rest]
    if not _goes_on(open_part, first):
        return parts + column
    border = BORDER * (first.page - open_part.last_page)
    whole = replace(
        open_part,
        text=_continued(open_part.text, first.text, border),
        last_page=first.last_page,
        lines=first.lines,
    )
    return [*parts[:last], *parts[last + 1 :], whole, *column[:rest], *column[rest + 1 :]]


FLOATING = ("note", "caption", "table")


def _open_end(parts: Sequence[PageBlock]) -> int | None:
    for position in range(len(parts) - 1, max(-1, len(parts) - 8), -1):
        if parts[position].kind not in FLOATING:
            is_open = parts[position].kind in ("paragraph", "item")
            return position if is_open and not _is_complete(parts[position]) else None
    return None


def _is_complete(part: PageBlock) -> bool:
    return ends_sentence(part.text) or part.lines[-1].alone


def _first_text(column: Sequence[PageBlock]) -> int | None:
    for position, part in enumerate(column):
        if part.kind not in FLOATING:
            return position if part.kind == "paragraph" else None
    return None


def _goes_on(part: PageBlock, following: PageBlock) -> bool:
    end, begin = part.lines[-1], following.lines[0]
    if begin.alone or abs(end.size - begin.size) > OTHER_SIZE * end.size:
        return False
    if begin.text[:1].islower() or LINE_HYPHEN.search(part.text):
        return True
    is_indented = begin.left > begin.column_left + begin.size / 2 and len(following.lines) > 1
    full = end.room < 0.15 * end.width and len(part.lines) > 1
    return full and not is_indented and end.bold == begin.bold


# -- writing


def _write(
    parts: Sequence[PageBlock], pages: Sequence[PrintedPage], usual: Usual, blocks: Blocks
) -> None:
    levels = _levels(parts, usual)
    page = -1

    def turn_to(number: int) -> None:
        nonlocal page
        while page < number:
            if page >= 0:
                _write_comments(pages[page], blocks)
            page += 1
            if page < len(pages):
                blocks.page()

    for part in parts:
        turn_to(part.page)
        _write_part(part, levels, usual, blocks)
        for passed in range(page, part.last_page):
            _write_comments(pages[passed], blocks)
        page = max(page, part.last_page)
    turn_to(len(pages))


def _write_comments(page: PrintedPage, blocks: Blocks) -> None:
    for comment in page.comments:
        told = f"{comment.by}: {comment.text}" if comment.by else comment.text
        blocks.paragraph(told, "note", by=comment.by, about=comment.about)


def _write_part(part: PageBlock, levels: dict[float, int], usual: Usual, blocks: Blocks) -> None:
    if part.table:
        rows = [[_settled(cell, usual)[0] for cell in row] for row in part.table.rows]
        blocks.table(rows, [_settled(name, usual)[0] for name in part.table.names])
        return
    words, breaks = _settled(part.text, usual)
    if part.kind == "heading":
        blocks.heading(words, _level(part, levels))
    elif part.kind == "item" and not breaks and (marker := _marker(words)):
        blocks.item(words[marker.end() :], 1, marker[1])
    else:
        blocks.paragraph(words, part.kind, int(part.kind == "item"), page_breaks=breaks)


def _marker(words: str) -> re.Match[str] | None:
    return BULLET.match(words) or NUMBERED.match(words)


def _levels(parts: Sequence[PageBlock], usual: Usual) -> dict[float, int]:
    """The level of a heading by the size of its letters."""
    sizes = sorted(
        {
            round(part.lines[0].size)
            for part in parts
            if part.kind == "heading" and _is_large(part.lines[0], usual)
        },
        reverse=True,
    )
    return {size: min(level, 5) for level, size in enumerate(sizes, 1)}


def _level(part: PageBlock, levels: dict[float, int]) -> int:
    """By its size; one in letters of the usual size is below those, by its number."""
    known = levels.get(round(part.lines[0].size))
    if known:
        return known
    depth = part.text.split(" ", 1)[0].rstrip(".").count(".") if SECTION.match(part.text) else 0
    return min(len(levels) + 1 + depth, 6)


def _settled(text: str, usual: Usual) -> tuple[str, tuple[int, ...]]:
    """The words with those whole that were cut at the end of a line, and where in them the
    next page begins."""
    whole = text
    if WORD_CUT in text:
        whole = CUT_WORD.sub(lambda match: _whole_word(match, usual), text)
    pieces = re.sub(rf"\s*{WORD_CUT}", "-", " ".join(re.split(r"[^\S\f]+", whole))).split(BORDER)
    starts, length = [], 0
    for piece in pieces[:-1]:
        length += len(piece)
        starts.append(length)
    return "".join(pieces), tuple(starts)


def _whole_word(match: re.Match[str], usual: Usual) -> str:
    """A hyphen stays where the file has the word with it elsewhere, behind words that want one,
    and before capitals and digits."""
    before, border, after = match.groups()
    lead = match.string[max(0, match.start() - 1) : match.start()]
    low, end = before.lower(), after.lower()
    if not after[:1].islower() or f"{low}-{end}" in usual.words:
        hyphen = "-"
    elif low + end in usual.words:
        hyphen = ""
    else:
        hyphen = "-" if (low in KEEP_HYPHEN and len(after) > 3) or lead == "-" else ""
    return f"{before}{hyphen}{border}{after}"
