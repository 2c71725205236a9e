"""What a document says for others, where the question does not say for whom it asks.

"How many days of leave do I get?" has an answer under each heading that names a group. One of
them alone would mislead whoever belongs to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.units import Layout
from index.documents import Span
from index.english.quantities import is_number
from index.english.spelling import telling

ALIKE = 0.6
"""The share of the words of either of two sentences from which they say the same of two groups,
but for their numbers."""

MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Alternatives:
    """For whom a sentence holds, as its heading has it, and what is said for others."""

    of: str
    others: tuple[tuple[str, Span], ...]


def alternatives(layout: Layout, span: Span, asked: set[str]) -> Alternatives | None:
    """Those to a sentence, if its heading and theirs tell groups apart of which the `asked` words
    name none."""
    place = layout.at(span.start)
    above = layout.headings_above(place)
    if not above or above[-1] == place:
        return None
    beside = layout.beside(above[-1])
    own = _heading(layout, above[-1])
    if telling(own) & asked or any(
        telling(_heading(layout, each.start)) & asked for each in beside
    ):
        return None
    said = _said(layout.words(span))
    others = [
        (_heading(layout, section.start), found)
        for section in beside
        if (found := _like(layout, section, said)) is not None
    ]
    return Alternatives(own, tuple(others[:MOST_OTHERS])) if others else None


def _like(layout: Layout, section: range, said: set[str]) -> Span | None:
    """The sentence of a section that is most like this one, if any is like it."""
    alike = [
        (likeness, found)
        for found in _sentences(layout, section[1:])
        if (likeness := _likeness(said, _said(layout.words(found)))) >= ALIKE
    ]
    return max(alike, key=lambda each: each[0])[1] if alike else None


def _sentences(layout: Layout, places: Sequence[int]) -> Iterator[Span]:
    for place in places:
        if layout.says_something(place):
            yield from layout.sentences_of(place)


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one), len(other), 1)


def _said(words: str) -> set[str]:
    return {word for word in telling(words) if not is_number(word)}


def _heading(layout: Layout, place: int) -> str:
    return layout.words(layout.lines[place].span).strip("#*_ :")
