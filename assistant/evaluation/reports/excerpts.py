"""The parts of documents that a report shows: the paragraphs around what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from assistant.evaluation.scoring.spans import Boundaries, Place, lay_out, touching
from index.documents import Span

LONGEST = 1_200
"""Characters of a paragraph that is shown whole; of a longer one the sentences around."""

Mark = tuple[int, int, str]
"""From, to (UTF-16 units within the excerpt, as browsers count), and of what kind."""


class Excerpts:
    """Every excerpt once, by number, as (document, first character, text)."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._layouts: dict[str, Boundaries] = {}
        self._numbers: dict[Place, int] = {}

    def showing(self, marked: Iterable[tuple[Place, str]]) -> list[tuple[int, list[Mark]]]:
        """The excerpts that hold these places, each with its marks, in their order."""
        shown: dict[int, list[Mark]] = {}
        for place, kind in marked:
            for around in self._around(place):
                number = self._numbers.setdefault(around, len(self._numbers))
                shown.setdefault(number, []).append(self._mark(place, around, kind))
        return [(number, sorted(marks)) for number, marks in shown.items()]

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """All that were shown, by number."""
        return [
            (at.document, at.span.start, self._texts[at.document][at.span.start : at.span.end])
            for at in self._numbers
        ]

    def _around(self, place: Place) -> Iterator[Place]:
        if place.document not in self._texts:
            return
        layout = self._layout(place.document)
        for index in touching(layout.paragraphs, place.span):
            paragraph = layout.paragraphs[index]
            if len(paragraph) <= LONGEST:
                yield Place(place.document, paragraph)
            else:
                yield Place(place.document, self._part(place.span, paragraph, layout))

    def _part(self, span: Span, paragraph: Span, layout: Boundaries) -> Span:
        """The sentences that are touched and one on each side, but not without end."""
        touched = list(touching(layout.sentences, span))
        first, last = (touched[0] - 1, touched[-1] + 1) if touched else (0, -1)
        around = layout.sentences[max(0, first) : last + 1]
        start = max([paragraph.start, span.start - LONGEST, *(s.start for s in around[:1])])
        end = min([paragraph.end, span.end + LONGEST, *(s.end for s in around[-1:])])
        return Span(
            min(start, max(span.start, paragraph.start)), max(end, min(span.end, paragraph.end))
        )

    def _mark(self, place: Place, around: Place, kind: str) -> Mark:
        text = self._texts[place.document]
        start = max(place.span.start, around.span.start)
        end = min(place.span.end, around.span.end)
        before, marked = text[around.span.start : start], text[start:end]
        return _units(before), _units(before) + _units(marked), kind

    def _layout(self, document: str) -> Boundaries:
        if document not in self._layouts:
            self._layouts[document] = lay_out(self._texts[document])
        return self._layouts[document]


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
