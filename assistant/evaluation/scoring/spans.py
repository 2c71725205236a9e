"""Arithmetic on spans: what covers what, and the metrics' own sentences and paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.documents import Span

SENTENCE_END = re.compile(
    r"""[.!?]                     # the mark
        ["'”’)\]]*                # what closes with it
        \s+
        (?=["'“‘(\[]?[A-Z0-9])    # the next sentence begins
    """,
    re.VERBOSE,
)

ABBREVIATIONS = (
    *("Mr", "Mrs", "Ms", "Dr", "Sen", "Rep", "Gov", "Gen", "Lt", "Col", "St", "Jr", "Sr"),
    *("No", "vs", "etc", "Inc", "Corp", "Co", "U.S", "U.N", "D.C"),
)
ABBREVIATED = re.compile(rf"\b(?:{'|'.join(map(re.escape, ABBREVIATIONS))}|[A-Z])\.$")
"""A listed abbreviation or a single capital, with the full stop at the end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of a document, which is called by its name."""

    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Where the sentences and paragraphs of a text are, in order, none overlapping."""

    sentences: tuple[Span, ...]
    paragraphs: tuple[Span, ...]


def lay_out(text: str) -> Boundaries:
    """The sentences and paragraphs that the metrics count.

    This is part of the metrics' definition and has nothing to do with how the index
    cuts sentences: figures must not change when the index does. A paragraph is a
    line. A sentence ends with its line, or with . ! ? (and closing marks) before
    white space and a capital, a digit or an opening mark, unless that full stop
    belongs to an abbreviation.
    """
    paragraphs = tuple(_lines(text))
    sentences = (s for line in paragraphs for s in _sentences(text[line.start : line.end], line))
    return Boundaries(tuple(sentences), paragraphs)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def _sentences(line: str, at: Span) -> Iterator[Span]:
    start = 0
    for end in SENTENCE_END.finditer(line):
        if ABBREVIATED.search(line, start, end.start() + 1):
            continue
        yield Span(at.start + start, at.start + end.start() + len(end[0].rstrip()))
        start = end.end()
    if line[start:].strip():
        yield Span(at.start + start, at.start + len(line.rstrip()))


def covered(span: Span, by: Iterable[Span]) -> int:
    """How many characters of the span the others cover together."""
    count, reached = 0, span.start
    for other in sorted(by):
        start, end = max(other.start, reached), min(other.end, span.end)
        if start < end:
            count += end - start
            reached = end
    return count


def touching(ordered: Sequence[Span], span: Span) -> Iterator[int]:
    """Indices of the spans that share a character with this one.

    `ordered` is sorted and its spans do not overlap.
    """
    first = bisect_right(ordered, span.start, key=lambda other: other.end)
    for index in range(first, len(ordered)):
        if ordered[index].start >= span.end:
            return
        yield index
