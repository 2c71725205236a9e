"""What a reader gives, and how one text with stable offsets is put together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from index.documents import Block, BlockKind, Sharing, Span

PARAGRAPH_BREAK = "\n\n"

NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\xad\ufeff\ufffe\uffff]")
"""Control characters, non-characters and soft hyphens; tab and line feed are text."""


BLANK_LINES = re.compile(r"\n\s*\n")

MOST_TIMES = 20
"""How many times as many characters as the file has bytes a text may have. Of files that people
make, those that say the same again and again come nearest to it."""

HARMLESS = 10_000_000
"""Characters that the text of any file may have; seven novels of Tolstoy's."""

MOST_BLOCKS = 200_000
"""Paragraphs and rows that a text may have: each costs time wherever it is looked at. War and
Peace has 12,000."""

NO_FACTS: Mapping[str, str] = {}


class Unreadable(Exception):
    """Why a file cannot be read and what to do; the loader puts its name in front."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. The fields are those of `Document` and `Source`.

    `left_out` counts what the file has and the text has not: {"hidden sheet": 1}.
    """

    text: str
    title: str | None = None
    published: str | None = None
    byline: str | None = None
    page_starts: tuple[int, ...] = ()
    structure: tuple[Block, ...] = ()
    sharing: Sharing | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)


class Blocks:
    """Collects the blocks of a text; a blank line parts them.

    Whatever writes them raises Unreadable once they are too many for a file of this size.
    """

    def __init__(self, size: int) -> None:
        self._most = max(HARMLESS, MOST_TIMES * size)
        self._texts: list[str] = []
        self._length = 0
        self._page_starts: list[int] = []
        self._open: list[list[Block]] = [[]]
        self._columns: dict[str, Mapping[str, str]] = {"": NO_FACTS}
        self._left_out: Counter[str] = Counter()

    def page(self) -> None:
        """The blocks that follow stand on a new page."""
        self._page_starts.append(self._next_start())

    def heading(self, words: str, level: int = 1) -> None:
        """A heading, on one line."""
        self._write("heading", one_line(words), level)

    def paragraph(
        self,
        words: str,
        kind: BlockKind = "paragraph",
        level: int = 0,
        page_breaks: Sequence[int] = (),
        **facts: str,
    ) -> None:
        """A paragraph or another block of running text; its line ends stay. White space
        around it goes. At each offset in `page_breaks` the words of a new page begin."""
        said = printable(words).strip()
        lead = len(words) - len(words.lstrip())
        start = self._next_start()
        breaks = [start + len(printable(words[:place])) - lead for place in page_breaks]
        self._write(kind, said, level, facts)
        self._page_starts += breaks

    def item(self, words: str, level: int = 1, marker: str = "") -> None:
        """An item of a list. A marker that says more than that it is one stands in the text."""
        told = f"{marker} {words}" if any(map(str.isalnum, marker)) else words
        self._write("item", printable(told).strip(), level, {"marker": marker} if marker else {})

    def table(self, rows: Iterable[Sequence[str]], names: Sequence[str] = ()) -> None:
        """Rows of a table, each a sentence: "Port: Alta; 2029: 12.". Column i is called
        names[i]; where no column has a name, a row is "Alta | 14 | 9". An empty cell is left
        out of the text, and the others keep their columns."""
        with self.container("table"):
            for row in rows:
                self.row(row, names)

    def row(self, cells: Iterable[str], names: Sequence[str] = ()) -> None:
        """One row, as `table` writes it; of a table of its own outside of one. Where no column has
        a name, an empty cell keeps its place between others."""
        written: list[tuple[str, str, str]] = []
        empty = ""
        for line, name in zip_longest(map(one_line, cells), names, fillvalue=""):
            if line:
                written.append((f"{name}: " if name else empty, line, name))
                empty = ""
            elif written and not any(names):
                empty += "| "
        if not written:
            return
        between = "; " if any(names) else " | "
        text = between.join(lead + line for lead, line, _ in written)
        end = "" if not any(names) or text.endswith((".", "!", "?")) else "."
        start = position = self._next_start()
        made = []
        for lead, line, name in written:
            position += len(lead)
            span = Span(position, position + len(line))
            facts = self._columns.setdefault(name, {"column": name})  # one for all of its cells
            made.append(Block("cell", span, facts=facts))
            position += len(line) + len(between)
        self._append(text + end)
        self._open[-1].append(Block("row", Span(start, self._length), within=tuple(made)))

    @contextmanager
    def container(self, kind: BlockKind, level: int = 0, **facts: str) -> Iterator[None]:
        """What is written meanwhile lies within a block of this kind; nothing if there is
        nothing."""
        self._open.append([])
        yield
        within = self._open.pop()
        if within:
            span = Span(within[0].span.start, within[-1].span.end)
            said = {name.rstrip("_"): value for name, value in facts.items() if value}
            self._open[-1].append(Block(kind, span, level, said, tuple(within)))

    def include(self, reading: Reading) -> None:
        """All that another reader found, as a part of this text, but its pages. Text without
        blocks is written as paragraphs."""
        if reading.structure:
            start = self._next_start()
            self._append(reading.text)
            self._open[-1] += (moved(block, start) for block in reading.structure)
        else:
            for words in BLANK_LINES.split(reading.text):
                self.paragraph(words)
        self._left_out.update(reading.left_out)

    def left_out(self, what: str, count: int = 1) -> None:
        """The file has so many of these, and the text has not."""
        self._left_out[what] += count

    def reading(
        self, title: str | None = None, published: str | None = None, byline: str | None = None
    ) -> Reading:
        """The whole text. A last page without text begins at its end."""
        text = PARAGRAPH_BREAK.join(self._texts)
        starts = tuple(min(start, len(text)) for start in self._page_starts)
        left_out = {what: count for what, count in self._left_out.items() if count}
        structure = tuple(self._open[0])
        return Reading(text, title, published, byline, starts, structure, left_out=left_out)

    def _write(
        self, kind: BlockKind, text: str, level: int = 0, facts: Mapping[str, str] | None = None
    ) -> None:
        if text:
            start = self._next_start()
            self._append(text)
            said = {name.rstrip("_"): value for name, value in (facts or {}).items() if value}
            self._open[-1].append(Block(kind, Span(start, self._length), level, said))

    def _next_start(self) -> int:
        return self._length + len(PARAGRAPH_BREAK) if self._texts else 0

    def _append(self, text: str) -> None:
        self._length = self._next_start() + len(text)
        if self._length > self._most:
            raise Unreadable(
                f"holds more than {self._most:,} characters of text, many more than a file of its "
                "size has room for. Divide it or leave it out."
            )
        if len(self._texts) >= MOST_BLOCKS:
            raise Unreadable(f"has more than {MOST_BLOCKS:,} rows or paragraphs. Divide it.")
        self._texts.append(text)


def moved(block: Block, by: int) -> Block:
    """The block where its text begins so many characters later."""
    span = Span(block.span.start + by, block.span.end + by)
    return replace(block, span=span, within=tuple(moved(inner, by) for inner in block.within))


def printable(words: str) -> str:
    """The words without control characters and broken surrogates, with \\n as line end."""
    if words.isprintable():
        return words
    paired = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return NOT_TEXT.sub("", paired.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(words: str) -> str:
    """The words with single spaces between them."""
    return " ".join(printable(words).split())
