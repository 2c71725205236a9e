"""The nouns of forms: how a document lies on the page, and what one speaker says in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.documents import Block, Document, Source, Span, walk

LEAST_FURNITURE = 3
CENTRED = 10
"""Characters of white space before a line that is a heading in a typed record."""

BULLET = re.compile(r"[-*•–·][ \t]")
LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """What one speaker says before the next one does.

    `label` is what stands before it and is no part of a sentence; it may be empty. `speaker` is
    the name in it, None where it names nobody ("Q:"). `who` is where else the document names the
    one who is meant, or the name itself. `time` is as the document prints it, of a mail its date.
    `form` is the row of the table that found it. `quoted` says that these are the speaker's very
    words.
    """

    label: Span
    speaker: Span | None
    content: tuple[Span, ...]
    who: Span | str | None = None
    time: str = ""
    form: str = ""
    quoted: bool = True


@dataclass(frozen=True)
class PrintedDocument:
    """A document as forms look at it. `paragraphs` have no white space around them."""

    text: str
    paragraphs: Sequence[Span]
    headings: frozenset[Span] = frozenset()
    structure: tuple[Block, ...] = ()
    title: str = ""
    byline: str = ""

    @classmethod
    def of(cls, document: Document, paragraphs: Sequence[Span]) -> PrintedDocument:
        """How a document lies."""
        source: Source = document.source
        return cls(
            document.text,
            paragraphs,
            frozenset(document.headings),
            document.structure,
            source.title,
            source.byline or "",
        )

    @cached_property
    def lines(self) -> list[Span]:
        """The lines that are not blank, without white space around them."""
        return [
            Span(match.start() + len(words) - len(words.lstrip()), match.start() + len(last))
            for match in LINE.finditer(self.text)
            for words in [match[0]]
            for last in [words.rstrip()]
            if last
        ]

    @cached_property
    def blocks(self) -> list[Block]:
        """All blocks, containers first."""
        return [*walk(self.structure)]

    @cached_property
    def strong(self) -> frozenset[int]:
        """Where paragraphs begin that are printed bold as a whole."""
        return frozenset(b.span.start for b in self.blocks if b.facts.get("emphasis") == "strong")

    @cached_property
    def _item_levels(self) -> dict[int, int]:
        return {block.span.start: block.level for block in self.blocks if block.kind == "item"}

    @cached_property
    def _others(self) -> list[Block]:
        return [block for block in self.blocks if block.kind in ("code", "table", "heading")]

    @cached_property
    def _other_starts(self) -> list[int]:
        return [block.span.start for block in self._others]

    @cached_property
    def furniture(self) -> set[str]:
        """Lines that a page has again and again and that are no sentences: "Share this"."""
        counts = Counter(map(self.words, self.lines))
        return {
            words
            for words, count in counts.items()
            if count >= LEAST_FURNITURE and words[-1] not in ".?!…" and " " in words
        }

    @cached_property
    def _timed(self) -> list[Block]:
        return [block for block in self.blocks if block.kind == "turn" and "time" in block.facts]

    @cached_property
    def _timed_starts(self) -> list[int]:
        return [block.span.start for block in self._timed]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.start for line in self.lines]

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.paragraphs]

    def time_at(self, place: int) -> str:
        """When what stands here was said in a recording, if the file tells."""
        number = bisect_right(self._timed_starts, place) - 1
        return self._timed[number].facts["time"] if number >= 0 else ""

    def depth_at(self, line: Span) -> int | None:
        """How deep the item of a list lies that begins with this line; None if none does."""
        if any(block.kind == "item" for block in self.structure):
            return self._item_levels.get(line.start)
        is_item = BULLET.match(self.text, line.start) is not None
        return line.start - self.text.rfind("\n", 0, line.start) if is_item else None

    def is_running(self, place: int) -> bool:
        """Is it in running text, not in code, a table or a heading?"""
        number = bisect_right(self._other_starts, place) - 1
        return number < 0 or place >= self._others[number].span.end

    def is_centred(self, line: Span) -> bool:
        """Does it begin far from the margin?"""
        return line.start - self.text.rfind("\n", 0, line.start) > CENTRED

    def words(self, span: Span) -> str:
        """The characters of a span."""
        return self.text[span.start : span.end]

    def between_lines(self, start: int, end: int) -> Iterator[Span]:
        """The lines from here to there, the first from here on."""
        first = max(0, bisect_right(self._line_starts, start) - 1)
        for line in self.lines[first : bisect_left(self._line_starts, end)]:
            piece = Span(max(start, line.start), min(line.end, end))
            if piece.start < piece.end:
                yield piece

    def between(self, start: int, end: int) -> Iterator[Span]:
        """The paragraphs, or the pieces of them, from here to there."""
        first = max(0, bisect_right(self._starts, start) - 1)
        for paragraph in self.paragraphs[first : bisect_left(self._starts, end)]:
            piece = Span(max(start, paragraph.start), min(paragraph.end, end))
            words = self.words(piece)
            if words.strip():
                lead = piece.start + len(words) - len(words.lstrip())
                yield Span(lead, piece.start + len(words.rstrip()))


def without_labels(paragraphs: Iterable[Span], turns: Sequence[SpeakerTurn]) -> Iterator[Span]:
    """The paragraphs, parted before each turn and without its label."""
    labels = sorted(turn.label for turn in turns)
    number = covered = 0
    for paragraph in paragraphs:
        start = max(paragraph.start, covered)
        while number < len(labels) and labels[number].start < paragraph.end:
            label = labels[number]
            if start < label.start:
                yield Span(start, label.start)
            start = covered = max(start, label.end)
            number += 1
        if start < paragraph.end:
            yield Span(start, paragraph.end)
