"""A document's blocks as a page shows them, every character in its place.

What a table's cells need to be read alone, the names of their columns and the marks between
them, stays in the page, in order, and is not to be seen: the columns have their names above.

Blocks lie in runs: a browser lays out those alone that are in view, however long a document is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import filterfalse, groupby, pairwise

from assistant.languages import later, phrase
from assistant.rendering.templating import direction
from index.chunking import paragraphs_of
from index.documents import Block, Document, Span

TAGS = {"code": "pre", "quotation": "blockquote", "item": "li"}
"""Everything but these and headings is a paragraph."""

LOWEST_HEADING = 6
DEEPEST = 5
"""Parts and quotations that lie deeper look as if they lay as deep as that."""

RUN = 4_000
"""Characters after which a run ends."""

MOST_ROWS = 60
"""Rows of one table: a longer one is shown as several, one below the other."""

MOST_CONTENTS = 200
"""Headings in the table of contents: of more, the lowest levels are left out."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters that are marked, with the number of the citation, 0 for none. `led_to`: the
    link of the page leads to it; `changed`: they were others when they were quoted."""

    span: Span
    number: int = 0
    led_to: bool = True
    changed: bool = False


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """Words, and how they are marked. `id` is that of the place where a citation begins, with
    its number; `is_speaker`: they name whose turn it is."""

    words: str
    mark: Mark | None = None
    id: str = ""
    number: int = 0
    is_speaker: bool = False


@dataclass(frozen=True, slots=True)
class Border:
    """What begins before a block: a page, by its number, or a part, by what it is."""

    page: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block by its tag and kind. `depth` is how deep it lies in parts of parts.

    `label` is what the file says beside the text: when something is said, what a note is about.
    `is_about`: somewhere in it stood what is not marked any more.
    A list has its items in `within`; a table has `columns`, "" for one without a name, and
    `rows` of cells in these columns, each in visible and invisible pieces, and the `direction` in
    which the columns follow one another.
    """

    span: Span
    tag: str
    kind: str
    borders: Sequence[Border] = ()
    level: int = 0
    depth: int = 0
    marker: str = ""
    label: str = ""
    direction: str = "auto"
    is_strong: bool = False
    is_about: bool = False
    pieces: Sequence[MarkedWords] = ()
    within: Sequence[ShownBlock] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[ShownCell]] = ()


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`before` and `after` are in the page and not to be seen."""

    before: Sequence[MarkedWords] = ()
    words: Sequence[MarkedWords] = ()
    after: Sequence[MarkedWords] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: which heading, of which level, and where it stands."""

    words: str
    level: int
    start: int


def laid_out(
    document: Document, marks: Sequence[Mark], about: int | None = None
) -> Iterator[list[ShownBlock]]:
    """The blocks of a document in reading order, in runs. `about` is where something stood."""
    leaves = list(_leaves(document))
    page = _Page(document, marks, _beginnings(marks, list(_seen(leaves))))
    run: list[ShownBlock] = []
    length = 0
    for shown in page.blocks(leaves):
        is_about = about is not None and shown.span.end > about
        run.append(replace(shown, is_about=True) if is_about else shown)
        about = None if is_about else about
        length += len(shown.span)
        if length >= RUN:
            yield run
            run, length = [], 0
    if run:
        yield run


def contents(document: Document) -> list[Entry]:
    """The headings, where there are several."""
    text, title = document.text, document.source.title
    found = [
        Entry(text[block.span.start : block.span.end], block.level, block.span.start)
        for block in (leaf.block for leaf in _leaves(document))
        if block.kind == "heading"
    ]
    if found and found[0].words == title:
        found = found[1:]
    while len(found) > MOST_CONTENTS and (deepest := max(entry.level for entry in found)) > 1:
        found = [entry for entry in found if entry.level < deepest]
    return found[:MOST_CONTENTS] if len(found) > 2 else []


def highlighted(
    text: str,
    span: Span,
    marks: Sequence[Mark],
    beginnings: Mapping[int, Sequence[tuple[str, int]]] | None = None,
) -> list[MarkedWords]:
    """Characters of a text in pieces, each with the mark that lies over it: of several that of
    what the link leads to. Where something begins has an id and a number."""
    near = [mark for mark in marks if mark.span.overlaps(span)]
    if not near:
        return [MarkedWords(text[span.start : span.end])]
    ends = {end for mark in near for end in (mark.span.start, mark.span.end)}
    borders = sorted({span.start, span.end, *(e for e in ends if span.start < e < span.end)})
    pieces = []
    for start, end in pairwise(borders):
        over = [mark for mark in near if mark.span.start <= start and end <= mark.span.end]
        mark = min(over, key=lambda mark: (not mark.led_to, mark.number), default=None)
        begun = beginnings.get(start, ()) if mark and beginnings else ()
        id, number = begun[0] if begun else ("", 0)
        pieces.append(MarkedWords(text[start:end], mark, id, number))
    return pieces


def _seen(leaves: Iterable[_Leaf]) -> Iterator[Span]:
    """Instead of a row its cells: the names of their columns are not to be seen there."""
    for leaf in leaves:
        cells = leaf.block.within if leaf.block.kind == "row" else ()
        yield from (block.span for block in cells or (leaf.block,))


def _beginnings(marks: Sequence[Mark], seen: Sequence[Span]) -> dict[int, list[tuple[str, int]]]:
    """By character: what begins there. The link leads to the first words of a citation, even if
    it begins in the white space before them."""
    found: dict[int, list[tuple[str, int]]] = {}
    known = set()
    for mark in sorted(marks, key=lambda mark: (not mark.led_to, mark.number, mark.span)):
        what = "cited" if mark.led_to else f"cited-{mark.number}"
        place = next((max(b.start, mark.span.start) for b in seen if mark.span.overlaps(b)), None)
        if place is not None and what not in known:
            known.add(what)
            found.setdefault(place, []).append((what, mark.number))
    return found


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A block without blocks within, how deep in parts, the part that begins with it, and of a
    row the table that it is of."""

    block: Block
    depth: int = 0
    part: str = ""
    table: Span | None = None


def _leaves(document: Document) -> Iterator[_Leaf]:
    """Those of its structure; of a text that has headings at most, its paragraphs."""
    headings = {block.span: block for block in document.structure if block.kind == "heading"}
    if len(headings) < len(document.structure):
        yield from _within(document.structure, 0, None)
        return
    for span in paragraphs_of(document):
        yield _Leaf(headings.get(span) or Block("paragraph", span))


def _within(blocks: Iterable[Block], depth: int, table: Span | None) -> Iterator[_Leaf]:
    for block in blocks:
        if not block.within or block.kind == "row":
            yield _Leaf(block, depth, table=table)
            continue
        deeper = min(block.level, DEEPEST) if block.kind == "part" else depth
        inside = _within(block.within, deeper, block.span if block.kind == "table" else table)
        if block.kind == "part" and (first := next(inside, None)):
            yield replace(first, part=_what_it_is(block))
        yield from inside


def _what_it_is(part: Block) -> str:
    if "from" in part.facts or "subject" in part.facts:
        return later("Forwarded message") if part.level else later("Message")
    return later("Attachment") if "type" in part.facts else later("File")


@dataclass(slots=True)
class _Page:
    """Shows blocks one after the other."""

    document: Document
    marks: Sequence[Mark]
    beginnings: Mapping[int, Sequence[tuple[str, int]]]
    pages: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.pages = list(enumerate(self.document.page_starts, 1))

    def blocks(self, leaves: Iterable[_Leaf]) -> Iterator[ShownBlock]:
        """Rows that follow one another as tables, items as lists."""

        def together(leaf: _Leaf) -> object:
            return (leaf.block.kind, leaf.table) if leaf.block.kind in ("row", "item") else id(leaf)

        for _, group in groupby(filterfalse(self._is_shown_above, leaves), key=together):
            first, *others = group
            made = self._table if first.block.kind == "row" else self._items
            if first.block.kind not in ("row", "item"):
                yield self._block(first)
                continue
            blocks = [first.block, *(leaf.block for leaf in others)]
            for start in range(0, len(blocks), MOST_ROWS):
                part = blocks[start : start + MOST_ROWS]
                shown = made(part, blocks)
                leaf = first if start == 0 else _Leaf(part[0], first.depth)
                yield replace(shown, borders=self._borders(leaf), depth=first.depth)

    def _is_shown_above(self, leaf: _Leaf) -> bool:
        """Are these the names of columns, which every table has above it, and not cited?"""
        names = leaf.block.kind == "caption" and "header" in leaf.block.facts
        return names and not any(mark.span.overlaps(leaf.block.span) for mark in self.marks)

    def _block(self, leaf: _Leaf) -> ShownBlock:
        block = leaf.block
        is_heading = block.kind == "heading"
        level = min(block.level + 1, LOWEST_HEADING)
        tag = f"h{level}" if is_heading else TAGS.get(block.kind, "p")
        return ShownBlock(
            block.span,
            tag,
            block.kind,
            self._borders(leaf),
            min(block.level, DEEPEST),
            leaf.depth,
            label=_label(block),
            is_strong=block.facts.get("emphasis") == "strong",
            pieces=self._pieces_of(block),
        )

    def _items(self, blocks: Sequence[Block], _: Sequence[Block]) -> ShownBlock:
        return ShownBlock(
            Span(blocks[0].span.start, blocks[-1].span.end),
            "ul",
            "list",
            within=[self._item(block) for block in blocks],
        )

    def _item(self, block: Block) -> ShownBlock:
        marker = block.facts.get("marker", "")
        in_text = any(map(str.isalnum, marker)) or self._begins_with(block.span, marker)
        pieces = self._pieces(block.span)
        level = min(block.level, DEEPEST)
        marker = "" if in_text else marker
        return ShownBlock(block.span, "li", "item", level=level, marker=marker, pieces=pieces)

    def _table(self, rows: Sequence[Block], whole: Sequence[Block]) -> ShownBlock:
        columns = columns_of(whole)
        return ShownBlock(
            Span(rows[0].span.start, rows[-1].span.end),
            "table",
            "long" if len(whole) > MOST_ROWS else "table",
            direction=self._direction_of(rows[0]),
            columns=columns,
            rows=[list(self._cells(row, columns)) for row in rows],
        )

    def _cells(self, row: Block, columns: Sequence[str]) -> Iterator[ShownCell]:
        """Those of a row, one a column; where a column has none, an empty one."""
        cells = list(row.within) or [Block("cell", row.span)]
        position = row.span.start
        places = _places(cells, columns)
        for column in range(len(columns)):
            if column not in places:
                yield ShownCell()
                continue
            cell = places[column]
            is_last = cell is cells[-1]
            yield ShownCell(
                self._pieces(Span(position, cell.span.start)),
                self._pieces(cell.span),
                self._pieces(Span(cell.span.end, row.span.end)) if is_last else (),
            )
            position = cell.span.end

    def _borders(self, leaf: _Leaf) -> list[Border]:
        """The pages that begin before what stands here, and the part."""
        begun = []
        while self.pages and self.pages[0][1] <= leaf.block.span.start:
            begun.append(Border(page=self.pages.pop(0)[0]))
        return [*begun, Border(part=leaf.part)] if leaf.part else begun

    def _pieces_of(self, block: Block) -> list[MarkedWords]:
        """Those of a turn begin with the name of who speaks, where it stands there."""
        speaker = block.facts.get("speaker", "") if block.kind == "turn" else ""
        if not speaker or not self._begins_with(block.span, f"{speaker}:"):
            return self._pieces(block.span)
        name = Span(block.span.start, block.span.start + len(speaker) + 1)
        said = self._pieces(Span(name.end, block.span.end))
        return [*(replace(piece, is_speaker=True) for piece in self._pieces(name)), *said]

    def _pieces(self, span: Span) -> list[MarkedWords]:
        return highlighted(self.document.text, span, self.marks, self.beginnings)

    def _direction_of(self, row: Block) -> str:
        """In which the columns follow one another."""
        return direction(self.document.text[row.span.start : row.span.end])

    def _begins_with(self, span: Span, marker: str) -> bool:
        return self.document.text.startswith(marker, span.start)


def _label(block: Block) -> str:
    """What the file says of a block beside its words."""
    facts = block.facts
    if block.kind == "note":
        about = facts.get("about")
        return phrase("Note on “{words}”", words=about) if about else phrase("Note")
    return facts.get("time", "") if block.kind == "turn" else ""


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
