"""Documents to segments: sentences that no quotation is cut by, ready to be parsed.

A parser stumbles over long quotations, and what stands in them does not matter for
who said it. So a quotation that is a sentence of its own is put as "Yes," and every
place in the shorter text leads back to the document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.chunking import sentences
from index.documents import Span
from index.english.spelling import TOKEN

STAND_IN = "Yes"
MARKS = "“”\"'«»„‘’‚‹›"
UPPER = "A-ZÀ-ÖØ-Þ"
DAY = rf"(?:\d{{1,2}}\.? [{UPPER}]\w+|[{UPPER}]\w+\.? \d{{1,2}})(?:,? \d{{4}})?"
AGENCY = r" \([^)]{1,40}\)"
DATELINE = re.compile(
    rf"(?:[{UPPER}][{UPPER} .'’-]+(?:, [{UPPER}][\w. ]+?)*(?:, {DAY})?(?:{AGENCY})?"
    rf"|[{UPPER}][\w.'’-]+(?: [{UPPER}][\w.'’-]+)*(?:, [{UPPER}][\w. ]+?)?"
    rf"(?:, {DAY}(?:{AGENCY})?|{AGENCY})) ?[-–—]+ "
)
"""LONDON (Reuters) - or Astana, 5 March 2022 – at the beginning of a report: the parser takes
it for a subject. Without capitals a place needs a day or an agency behind it."""

OPENS_CLAUSE = frozenset(",:;—–-")
SENTENCE_ENDS = frozenset(".?!")
ENDS_CLAUSE = ",.?!;"

EXCLAIMED = re.compile(rf"[?!…][{MARKS}]+$")

SHORTEST_CLAUSE = 3
LONG_CLAUSE = 8
"""Words. Below the first a quotation in mid-sentence is a fragment ("the “unfair” law"),
above the second one that begins with a capital is a clause whatever it ends with."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of the parsed text, and those of the document that they stand for."""

    start: int
    end: int
    source: Span
    stands_in: bool


@dataclass(frozen=True)
class Segment:
    """One sentence, or several that a quotation holds together."""

    span: Span
    paragraph: int
    quotations: tuple[Span, ...]
    words: str

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The segment with a stand-in for each quotation that is a clause."""
        return tuple(self._pieces())

    @cached_property
    def parsed_text(self) -> str:
        """What is given to the parser."""
        return "".join(
            self._stand_in(piece.source) if piece.stands_in else self._words_of(piece.source)
            for piece in self.pieces
        )

    @property
    def clauses(self) -> list[Piece]:
        """The stand-ins."""
        return [piece for piece in self.pieces if piece.stands_in]

    @property
    def is_only_quoted(self) -> bool:
        """Is there no word outside its quotations?"""
        outside = (self._words_of(piece.source) for piece in self.pieces if not piece.stands_in)
        return bool(self.clauses) and not any(TOKEN.search(words) for words in outside)

    def source(self, start: int, end: int) -> Span:
        """The document's characters that these of the parsed text stand for."""
        first = next(p for p in self.pieces if start < p.end)
        last = next(p for p in self.pieces if end <= p.end)
        return Span(
            first.source.start if first.stands_in else first.source.start + start - first.start,
            last.source.end if last.stands_in else last.source.start + end - last.start,
        )

    def stands_in(self, start: int) -> bool:
        """Is the character at this place of the parsed text a stand-in's?"""
        return any(p.start <= start < p.end for p in self.clauses)

    def _pieces(self) -> Iterator[Piece]:
        dateline = DATELINE.match(self.words)
        length, position = 0, self.span.start + (dateline.end() if dateline else 0)
        for quotation in self.quotations:
            span = Span(quotation.start, min(quotation.end, self.span.end))
            if span.start < position or not (
                self._goes_on(span, position) or self._is_clause(span)
            ):
                continue
            if span.start > position:
                before = Span(position, span.start)
                yield Piece(length, length + len(before), before, stands_in=False)
                length += len(before)
            size = len(self._stand_in(span))
            yield Piece(length, length + size, span, stands_in=True)
            length, position = length + size, span.end
        if position < self.span.end:
            rest = Span(position, self.span.end)
            yield Piece(length, length + len(rest), rest, stands_in=False)

    def _stand_in(self, span: Span) -> str:
        inner = self._words_of(span).rstrip(MARKS)
        return f'"{STAND_IN}{inner[-1] if inner.endswith(tuple(ENDS_CLAUSE)) else ""}"'

    def _goes_on(self, span: Span, position: int) -> bool:
        """Does the quotation go on with the one that ends at this position: "The mill," Holt
        said, "has no roof"?"""
        before = self._words_of(Span(self.span.start, position))
        between = self._words_of(Span(position, span.start)).rstrip()
        interrupted = before != before.rstrip(MARKS) and before.rstrip(MARKS).endswith(",")
        return interrupted and between.endswith((",", "—", "–"))

    def _is_clause(self, span: Span) -> bool:
        """Is the quotation a sentence of its own, not words within one?"""
        inner = self._words_of(span).strip(MARKS)
        if not inner:
            return False
        words, ended = len(TOKEN.findall(inner)), inner[-1] in ENDS_CLAUSE
        before = self._words_of(Span(self.span.start, span.start)).rstrip()
        behind = self._words_of(Span(span.end, min(span.end + 1, self.span.end)))
        if not before:
            return words >= SHORTEST_CLAUSE or ended or behind == ","
        begins = not inner[0].islower()
        ended = ended or (behind in SENTENCE_ENDS and span.end + 1 == self.span.end)
        if before[-1] in OPENS_CLAUSE:
            return begins or (ended and words > SHORTEST_CLAUSE)
        return begins and ((ended and words >= SHORTEST_CLAUSE) or words > LONG_CLAUSE)

    def _words_of(self, span: Span) -> str:
        return self.words[span.start - self.span.start : span.end - self.span.start]


def segments(
    text: str,
    paragraphs: Sequence[Span],
    quotations: Sequence[Span],
    are_cue: Callable[[str], bool] = lambda _: False,
) -> list[Segment]:
    """The segments of a text, in reading order. `are_cue` says whether words behind a question
    or an exclamation name its speaker: "“Why?” Lucy asked"."""
    starts = [quotation.start for quotation in quotations]
    return [
        Segment(span, number, tuple(q for q in within if span.covers(_first(q))), _cut(text, span))
        for number, paragraph in enumerate(paragraphs)
        for within in [_between(quotations, starts, paragraph)]
        for span in _uncut(text, sentences(text, paragraph), within, are_cue)
    ]


def _between(quotations: Sequence[Span], starts: Sequence[int], within: Span) -> Sequence[Span]:
    """Those that begin in a span; `starts` are where each begins."""
    return quotations[bisect_left(starts, within.start) : bisect_left(starts, within.end)]


def _uncut(
    text: str, spans: Sequence[Span], quotations: Sequence[Span], are_cue: Callable[[str], bool]
) -> Iterator[Span]:
    """The sentences, joined where a quotation goes on over their border, or ends there though
    its speaker is still to be named."""
    exclaimed = {q.end for q in quotations if EXCLAIMED.search(text, q.start, q.end)}
    open_: Span | None = None
    for span in spans:
        if open_ is None:
            open_ = span
        elif any(q.start < open_.end < q.end - 1 for q in quotations) or (
            open_.end in exclaimed and are_cue(text[span.start : span.end])
        ):
            open_ = Span(open_.start, span.end)
        else:
            yield open_
            open_ = span
    if open_ is not None:
        yield open_


def _first(quotation: Span) -> Span:
    return Span(quotation.start, quotation.start + 1)


def _cut(text: str, span: Span) -> str:
    return text[span.start : span.end]
