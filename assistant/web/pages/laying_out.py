"""A document's blocks as a page shows them, every character in its place.

What a table's cells need to be read alone, the names of their columns and the marks between
them, stays in the page, in order, and is not to be seen: the columns have their names above.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from index.chunking import paragraphs_of
from index.documents import Block, Document, Span

Piece = tuple[str, bool, bool]
"""Words, whether they are cited, and whether the link of a citation leads to them."""

TAGS = {"code": "pre", "quotation": "blockquote", "item": "li"}
"""Everything but these and headings is a paragraph."""

LOWEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A block by its tag and kind, with the numbers of the pages that begin before it.

    A list has its items in `within`; a table has `columns`, "" for one without a name, and
    `rows` of cells in these columns, each in visible and invisible pieces.
    """

    pages: Sequence[int]
    tag: str
    kind: str
    level: int = 0
    marker: str = ""
    pieces: Sequence[Piece] = ()
    within: Sequence[Shown] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """`before` and `after` are in the page and not to be seen."""

    before: Sequence[Piece] = ()
    words: Sequence[Piece] = ()
    after: Sequence[Piece] = ()


def laid_out(document: Document, cited: Sequence[Span]) -> Iterator[Shown]:
    """The blocks of a document, in reading order. `cited` are spans in order, none of which
    overlaps another."""
    blocks = list(_leaves(document))
    marked = (max(b.span.start, s.start) for b in blocks for s in cited if s.overlaps(b.span))
    page = _Page(document, cited, next(marked, None))
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind == "row":
            yield page.table(list(group))
        elif kind == "item":
            yield page.items(list(group))
        else:
            yield from map(page.block, group)


def highlighted(
    text: str, paragraph: Span, cited: Sequence[Span], first: int | None = None
) -> list[Piece]:
    """The paragraph's words in pieces, the cited ones marked; the one that begins at `first`
    can be linked to."""
    pieces: list[Piece] = []
    position = paragraph.start
    for span in cited:
        if not span.overlaps(paragraph):
            continue
        start, end = max(span.start, paragraph.start), min(span.end, paragraph.end)
        pieces += [(text[position:start], False, False), (text[start:end], True, start == first)]
        position = end
    return [*pieces, (text[position : paragraph.end], False, False)]


def _leaves(document: Document) -> Iterator[Block]:
    """Those of its structure; of a text that has headings at most, its paragraphs."""
    headings = {block.span: block for block in document.structure if block.kind == "heading"}
    if len(headings) < len(document.structure):
        yield from _within(document.structure)
        return
    for span in paragraphs_of(document):
        yield headings.get(span) or Block("paragraph", span)


def _within(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.within and block.kind != "row":
            yield from _within(block.within)
        else:
            yield block


@dataclass(slots=True)
class _Page:
    """Shows blocks one after the other."""

    document: Document
    cited: Sequence[Span]
    first: int | None
    pages: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.pages = list(enumerate(self.document.page_starts, 1))

    def block(self, block: Block) -> Shown:
        is_heading = block.kind == "heading"
        level = min(block.level + 1, LOWEST_HEADING)
        tag = f"h{level}" if is_heading else TAGS.get(block.kind, "p")
        pages, pieces = self._pages(block.span), self._pieces(block.span)
        marker = block.facts.get("marker", "")
        in_text = any(map(str.isalnum, marker)) or self._begins_with(block.span, marker)
        shown = "" if in_text else marker
        return Shown(pages, tag, block.kind, block.level, shown, pieces)

    def items(self, blocks: Sequence[Block]) -> Shown:
        pages = self._pages(blocks[0].span)
        return Shown(pages, "ul", "list", within=[*map(self.block, blocks)])

    def table(self, rows: Sequence[Block]) -> Shown:
        pages = self._pages(rows[0].span)
        columns = columns_of(rows)
        cells = [list(self._cells(row, columns)) for row in rows]
        return Shown(pages, "table", "table", columns=columns, rows=cells)

    def _cells(self, row: Block, columns: Sequence[str]) -> Iterator[Cell]:
        """Those of a row, one a column; where a column has none, an empty one."""
        cells = list(row.within) or [Block("cell", row.span)]
        position = row.span.start
        places = _places(cells, columns)
        for column in range(len(columns)):
            if column not in places:
                yield Cell()
                continue
            cell = places[column]
            is_last = cell is cells[-1]
            yield Cell(
                self._pieces(Span(position, cell.span.start)),
                self._pieces(cell.span),
                self._pieces(Span(cell.span.end, row.span.end)) if is_last else (),
            )
            position = cell.span.end

    def _pages(self, span: Span) -> list[int]:
        """The numbers of the pages that begin before what stands here."""
        begun = []
        while self.pages and self.pages[0][1] <= span.start:
            begun.append(self.pages.pop(0)[0])
        return begun

    def _pieces(self, span: Span) -> list[Piece]:
        return highlighted(self.document.text, span, self.cited, self.first)

    def _begins_with(self, span: Span, marker: str) -> bool:
        return self.document.text.startswith(marker, span.start)


def columns_of(rows: Sequence[Block]) -> list[str]:
    """The names of the columns of these rows, in their order, though no row may have them all;
    "" where there is none."""
    columns: list[str] = []
    for row in rows:
        place = 0
        names = [cell.facts.get("column", "") for cell in row.within]
        for number, name in enumerate(names):
            if name not in columns[place:]:
                known = (columns.index(n, place) for n in names[number:] if n in columns[place:])
                columns.insert(next(known, len(columns)), name)
            place = columns.index(name, place) + 1
    return columns or [""]


def _places(cells: Sequence[Block], columns: Sequence[str]) -> dict[int, Block]:
    """In which column each cell stands."""
    places, place = {}, 0
    for cell in cells:
        place = columns.index(cell.facts.get("column", ""), place)
        places[place] = cell
        place += 1
    return places
