"""A segment with its grammar: what a rule is given, and what rules ask of it alike."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.attribution.cues import Cues
from index.attribution.grammar import Grammar, Range
from index.attribution.segmenting import Piece, Segment
from index.attribution.utterances import Subject, Utterance
from index.documents import Span

MARKS = 2
"""Characters of a quotation that a parser may part from its words: ".”"."""


class Quotations:
    """The quotations of a document, in reading order."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._starts = [span.start for span in spans]

    def in_any(self, span: Span) -> bool:
        """Is any of it quoted?"""
        last = bisect_left(self._starts, span.end) - 1
        return last >= 0 and self.spans[last].overlaps(span)

    def with_marks(self, span: Span) -> Span:
        """With the marks of the quotations at its ends, and what stands before the last."""
        for i in {bisect_left(self._starts, place) - 1 for place in (span.start + 1, span.end)}:
            if i >= 0 and span.overlaps(self.spans[i]) and _stick_out(self.spans[i], span) <= MARKS:
                span = Span(min(span.start, self.spans[i].start), max(span.end, self.spans[i].end))
        return span


@dataclass(frozen=True, slots=True)
class Sentence:
    """A segment, its number in the document, and its grammar."""

    number: int
    segment: Segment
    grammar: Grammar
    cues: Cues
    quotations: Quotations = field(repr=False)

    def words(self, piece: Piece) -> str:
        """The words of a piece of the segment, as the document has them."""
        start = self.segment.span.start
        return self.segment.words[piece.source.start - start : piece.source.end - start]

    def sources(self) -> Iterator[tuple[int, int]]:
        """Every verb outside stand-ins with its subject, every noun with its owner."""
        grammar = self.grammar
        for position, word in enumerate(grammar.tree):
            if self.segment.stands_in(word.start):
                continue
            verb = grammar.is_verb(position)
            source = grammar.subject(position) if verb else grammar.owner(position)
            if source is not None:
                yield position, source

    def complement(self, position: int, cues: Cues | None = None) -> tuple[str, list[Range]] | None:
        """What a verb or noun governs as a cue, if it is one of these or of the language's."""
        grammar = self.grammar
        if grammar.is_verb(position) and grammar.reported(position) is not None:
            return None
        cue, complements = cue_of(grammar, position), complements_of(grammar, position)
        return next((c for c in complements if (cues or self.cues).takes(cue, c[0])), None)

    def utterance(self, verb: int, subject: int, parts: Iterable[Range]) -> Utterance | None:
        """What somebody says by a cue; None where a quotation itself would be the speaker."""
        grammar, word = self.grammar, self.grammar.tree[verb]
        if self.segment.stands_in(grammar.tree[subject].start):
            return None
        reporting = grammar.reporting(verb) if grammar.is_verb(verb) else None
        reporter = None if reporting is None else grammar.subject(reporting)
        return Utterance(
            found_by="",
            segment=self.number,
            subject=Subject(grammar, subject),
            cue=self.segment.source(word.start, word.end),
            content=[span for part in parts for span in self.span(part)],
            happened=grammar.is_past(verb),
            planned=grammar.is_planned(verb),
            declares=grammar.declares(verb),
            negated=grammar.is_negated(verb),
            hedged=grammar.is_hedged(verb),
            reporter=None if reporter is None else Subject(grammar, reporter),
        )

    def span(self, part: Range) -> Iterator[Span]:
        """The document's characters of these words, if they say anything."""
        words = self.grammar.trimmed(part)
        if words is not None:
            first, last = self.grammar.tree[words[0]], self.grammar.tree[words[1]]
            yield self.quotations.with_marks(self.segment.source(first.start, last.end))


def cue_of(grammar: Grammar, position: int) -> str:
    """How the inventory spells a cue: a noun that somebody has with 's, "remark's"."""
    lemma = grammar.tree[position].lemma
    return lemma if grammar.is_verb(position) else f"{lemma}'s"


def complements_of(grammar: Grammar, position: int) -> Iterator[tuple[str, list[Range]]]:
    """What a verb or noun governs and how, the likeliest first."""
    verb = grammar.is_verb(position)
    return grammar.complements(position) if verb else grammar.complements_of_noun(position)


def _stick_out(one: Span, other: Span) -> int:
    """How far one of them goes beyond an end of the other."""
    return max(other.start - one.start, one.end - other.end)
