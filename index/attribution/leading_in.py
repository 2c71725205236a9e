"""What is set off below a line that leads in to it: a list, a quoted block, indented lines.

Anna Holt explained:

    The mill has no roof.

The Committee agreed:
- to sell the van
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.attribution.segmenting import MARKS
from index.attribution.sentence import Sentence
from index.attribution.utterances import Utterance
from index.documents import Document, Span, walk
from index.english.word_lists import POINTS

SET_OFF = frozenset({"item", "quotation", "code"})
"""Kinds of blocks. A reader takes what is indented for code."""

MARKER = re.compile(r"(?:[-*•–·]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])[ \t]+")
LEAST_INDENTED = 2
"""Columns."""

LISTING_VERBS = frozenset("make give list raise set offer put name".split())
"""They say something with "three points" or "the following demands" for an object."""


class Paragraphs:
    """The paragraphs of a document, and how each is set off."""

    def __init__(self, document: Document, spans: Sequence[Span]) -> None:
        self._text = document.text
        self._spans = spans
        self._kinds = {block.span.start: block.kind for block in walk(document.structure)}

    def led_in_by(self, number: int) -> list[Span]:
        """What is set off behind this paragraph, if it leads in to that."""
        span = self._spans[number]
        if not self._text[span.start : span.end].endswith(":"):
            return []
        return [*self._below(number)]

    def _below(self, number: int) -> Iterator[Span]:
        how = None
        for following in self._spans[number + 1 :]:
            found = self._how(following, self._column(self._spans[number]))
            if found is None or found != (how := how or found):
                return
            marker = MARKER.match(self._text, following.start, following.end)
            yield Span(marker.end() if marker else following.start, following.end)

    def _how(self, span: Span, column: int) -> str | None:
        """In what way it is set off; None if it is not."""
        words = self._text[span.start : span.end]
        if (kind := self._kinds.get(span.start)) in SET_OFF:
            return kind
        if MARKER.match(words):
            return "item"
        if words[0] in MARKS and words[-1] in MARKS:
            return "marks"
        return "indented" if self._column(span) >= column + LEAST_INDENTED else None

    def _column(self, span: Span) -> int:
        start = self._text.rfind("\n", 0, span.start) + 1
        return len(self._text[start : span.start].expandtabs())


def leads_in(sentence: Sentence, found: Sequence[Utterance]) -> Utterance | None:
    """Who says what is set off behind this sentence: whoever says something in it last, else
    whoever does by its verb."""
    grammar = sentence.grammar
    for verb, source in [*sentence.sources()][::-1]:
        word = grammar.tree[verb]
        if not grammar.is_verb(verb) or not grammar.is_asserted(verb):
            continue
        objects = [grammar.tree[j].lemma for j in grammar.of(verb, "dobj", "pobj")]
        lists = word.lemma in LISTING_VERBS and not POINTS.isdisjoint(objects)
        if lists or sentence.cues.takes(word.lemma, "ccomp"):
            place = sentence.segment.source(word.start, word.end)
            said = next((each for each in found if each.cue == place), None)
            return said or sentence.utterance(verb, source, [])
    return None
