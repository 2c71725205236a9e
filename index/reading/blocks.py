"""What a reader gives, and how one text with stable offsets is put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.documents import Sharing, Span

PARAGRAPH_BREAK = "\n\n"

NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff]")
"""Control characters and non-characters; tab and line feed are text."""


MOST_TIMES = 20
"""How many times as many characters as the file has bytes a text may have. Of files that people
make, those that say the same again and again come nearest to it."""

HARMLESS = 10_000_000
"""Characters that the text of any file may have; seven novels of Tolstoy's."""


class Refused(Exception):
    """Why a file cannot be read and what to do; the loader puts its name in front."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. The fields are those of `Document` and `Source`."""

    text: str
    title: str | None = None
    published: str | None = None
    byline: str | None = None
    page_starts: tuple[int, ...] = ()
    headings: tuple[Span, ...] = ()
    sharing: Sharing | None = None


class Blocks:
    """Collects paragraphs and headings; a blank line parts them in the text.

    Whatever writes them raises Refused once they are too many for a file of this size.
    """

    def __init__(self, size: int) -> None:
        self._most = max(HARMLESS, MOST_TIMES * size)
        self._blocks: list[str] = []
        self._length = 0
        self._page_starts: list[int] = []
        self._headings: list[Span] = []

    def page(self) -> None:
        """The blocks that follow stand on a new page."""
        self._page_starts.append(self._next_start())

    def heading(self, words: str) -> None:
        """A heading, on one line."""
        line = one_line(words)
        if line:
            start = self._next_start()
            self._headings.append(Span(start, start + len(line)))
            self._append(line)

    def paragraph(self, words: str) -> None:
        """A paragraph; its line ends stay. White space around it goes."""
        block = printable(words).strip()
        if block:
            self._append(block)

    def row(self, cells: Iterable[str]) -> None:
        """A row of a table whose columns have no known names."""
        filled = [line for line in map(one_line, cells) if line]
        self.paragraph(" | ".join(filled))

    def reading(
        self, title: str | None = None, published: str | None = None, byline: str | None = None
    ) -> Reading:
        """The whole text. A last page without text begins at its end."""
        text = PARAGRAPH_BREAK.join(self._blocks)
        starts = tuple(min(start, len(text)) for start in self._page_starts)
        return Reading(text, title, published, byline, starts, tuple(self._headings))

    def _next_start(self) -> int:
        return self._length + len(PARAGRAPH_BREAK) if self._blocks else 0

    def _append(self, block: str) -> None:
        self._length = self._next_start() + len(block)
        if self._length > self._most:
            raise Refused(
                f"holds more than {self._most:,} characters of text, many more than a file of its "
                "size has room for. Divide it or leave it out."
            )
        self._blocks.append(block)


def printable(words: str) -> str:
    """The words without control characters and broken surrogates, with \\n as line end."""
    paired = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return NOT_TEXT.sub("", paired.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(words: str) -> str:
    """The words with single spaces between them."""
    return " ".join(printable(words).split())
