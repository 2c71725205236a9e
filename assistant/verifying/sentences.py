"""A written sentence with all that it is held against: what it quotes, whom it credits,
which sentences of the cited passages it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.verifying.clauses import Clause, by_cell, is_row
from assistant.verifying.groups import Unit, units
from assistant.verifying.names import printed_words
from index.attribution.languages import Language
from index.documents import Document, Hit, Source, Span, Statement, StatementHit
from index.english.amounts import Amount, amounts
from index.english.somebody import may_be_named
from index.english.spelling import find, folded, telling
from index.english.word_lists import PRONOUNS

MOST_RESTED_ON = 3
"""Sentences of the documents that one written sentence may rest on."""

ADDS = 2
"""Telling words that a further sentence has to bring."""

MODAL_BEFORE = re.compile(
    r"\b(?:may|might|can|could|will|shall|should|must)\s+(?:\w+ly\s+|not\s+|also\s+)?$", re.I
)
"""What may or will be said is not reported: "They may ask for a copy"."""

ADDRESS = re.compile(r"<[^>]*>")

Rests = tuple[Hit | StatementHit, Span]


@dataclass(frozen=True, slots=True)
class Fit:
    """A sentence of a passage and how well a written one fits it, each from 0 to 1."""

    found: Hit
    span: Span
    words: str
    similarity: float
    coverage: float

    @property
    def score(self) -> float:
        return (self.similarity + self.coverage) / 2


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in quotation marks, and where a cited passage has them."""

    words: str
    found: Hit | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Saying:
    """Somebody is said to have said something: by the written sentence."""

    speaker: str
    content: str
    negated: bool


@dataclass(frozen=True)
class SentenceInContext:
    """A written sentence with everything that it is held against. `known` are the paragraphs and
    rows of all passages that the model was shown, `asked` is what was asked and written before.
    """

    words: str
    cited: tuple[Hit, ...]
    fits: tuple[Fit, ...]
    quotes: tuple[Quote, ...]
    names: tuple[str, ...]
    printed_names: tuple[str, ...]
    said: tuple[Saying, ...]
    clauses: tuple[Clause, ...]
    printed_clauses: tuple[Clause, ...]
    nearest_clauses: tuple[Clause, ...]
    statements: tuple[StatementHit, ...]
    is_quoted: Callable[[Hit, Span], bool]
    is_in_document: Callable[[str], bool]
    roots: frozenset[str]
    known: tuple[Unit, ...] = ()
    asked: str = ""

    @property
    def rests_on(self) -> tuple[Rests, ...]:
        """Each sentence of the documents; with its speaker, if all of it is said by one."""
        return tuple((self._speaking(fit), fit.span) for fit in self.fits)

    def _speaking(self, fit: Fit) -> Hit | StatementHit:
        said = [
            hit
            for hit in self.statements
            if hit.source.id == fit.found.source.id
            and any(span.overlaps(fit.span) for span in hit.statement.content)
        ]
        speakers = {hit.speaker or hit.as_printed for hit in said}
        return said[0] if len(speakers) == 1 else fit.found

    @cached_property
    def rested_words(self) -> str:
        """The document's sentences on which it rests."""
        return " ".join(fit.words for fit in self.fits)

    @property
    def premise(self) -> str:
        """The same with who says it, whom the sentences may only call "he"."""
        said = (
            (hit.speaker if isinstance(hit, StatementHit) else None, fit.words)
            for fit in self.fits
            for hit in [self._speaking(fit)]
        )
        return " ".join(f"{speaker}: {words}" if speaker else words for speaker, words in said)

    @property
    def nearest(self) -> str:
        """The one of those sentences that fits best."""
        return self._nearest.words

    @property
    def who_speaks(self) -> str:
        """Who says that sentence, else who wrote its document; empty where nobody knows."""
        hit = self._speaking(self._nearest)
        said = hit.speaker or hit.as_printed if isinstance(hit, StatementHit) else ""
        return said or ADDRESS.sub("", hit.source.byline or "").strip()

    @cached_property
    def rests_in(self) -> tuple[Unit, ...]:
        """The paragraphs and rows with those sentences."""
        return tuple(
            unit for fit in self.fits for unit in units(fit.found) if unit.span.overlaps(fit.span)
        )

    @property
    def _nearest(self) -> Fit:
        return max(self.fits, key=lambda fit: fit.score)

    @cached_property
    def printed_amounts(self) -> tuple[Amount, ...]:
        """Every number of the passages, each in its sentence."""
        return tuple(
            amount
            for found in self.cited
            for words in (*printed_sentences(found), *found.passage.context.split(" / "))
            for part in (by_cell(words) if is_row(words) else [words])
            for amount in amounts(part)
        )

    @cached_property
    def around(self) -> str:
        """All that the model was shown of the passages: with titles and dates."""
        parts = [f"{found.passage.context} {found.passage.text}" for found in self.cited]
        for source in (found.source for found in self.cited):
            parts += [source.title, source.name, source.published or "", source.byline or ""]
        return " ".join(parts)

    @cached_property
    def above(self) -> str:
        """What stands above all of the passages."""
        return " ".join(map(above, self.cited))

    @cached_property
    def frame(self) -> str:
        """Who speaks, what the documents are called and what stands above the passages: not in
        the sentences themselves."""
        parts = [" ", self.above, *(found.source.published or "" for found in self.cited)]
        for hit in self.statements:
            parts += [hit.speaker or "", hit.statement.speaker or ""]
        return " ".join(parts)


def rested_on(
    words: str, fits: Sequence[Fit], quotes: Sequence[Quote], said: Sequence[Saying]
) -> list[Fit]:
    """The sentences with what is quoted, else the best one; then those that have words
    which are still missing, but for the speaker's name. In reading order."""
    chosen = [fit for fit in fits if any(_holds(fit, quote) for quote in quotes)]
    ranked = sorted(fits, key=lambda fit: -fit.score)
    chosen = chosen or ranked[:1]
    there = [*(fit.words for fit in chosen), *(saying.speaker for saying in said)]
    missing = telling(words) - telling(" ".join(there))
    for fit in ranked:
        brought = missing & telling(fit.words)
        if fit not in chosen and len(brought) >= ADDS and len(chosen) < MOST_RESTED_ON:
            chosen.append(fit)
            missing -= brought
    return [fit for fit in fits if fit in chosen]


def where(quote: str, cited: Sequence[Hit]) -> tuple[Hit | None, Span | None]:
    """The passage that has these words, and its characters; of several the first."""
    for found in cited:
        span = find(quote, found.passage.text)
        if span is not None:
            start = found.passage.start
            return found, Span(start + span.start, start + span.end)
    return None, None


def sayings(words: str, before: str, language: Language | None) -> Iterator[Saying]:
    """Who is said to have said what, by the written sentence; not who is said by somebody
    to have said something."""
    from index.attribution.attributing import attribute  # a question starts without it

    if language is None:
        return
    text = f"{before} {words}" if before else words
    begins = len(text) - len(words)
    written = Document(Source("", "", "", ""), text)
    found = attribute(written, language.parser, language.cues, language.lexicon)
    for statement in found:
        inner = any(span.covers(statement.said_at) for other in found for span in other.content)
        speaker = statement.speaker or _text(written, statement.as_printed)
        may = MODAL_BEFORE.search(text, 0, statement.said_at.start)
        if statement.said_at.start >= begins and not (inner or may) and _is_somebody(speaker):
            yield Saying(speaker, _content(written, statement), statement.negated)


def above(found: Hit) -> str:
    """What stands above a passage: title, headings, what leads in to a list."""
    return f"{found.source.title} {found.passage.context}"


def printed_sentences(found: Hit) -> tuple[str, ...]:
    """Those of a passage, as the document has them."""
    passage = found.passage
    return tuple(
        passage.text[span.start - passage.start : span.end - passage.start]
        for span in passage.sentences
    )


def _holds(fit: Fit, quote: Quote) -> bool:
    return quote.found == fit.found and quote.span is not None and quote.span.overlaps(fit.span)


def _content(document: Document, statement: Statement) -> str:
    return " ".join(_text(document, span) for span in statement.content)


def _text(document: Document, span: Span) -> str:
    return document.text[span.start : span.end]


def _is_somebody(speaker: str) -> bool:
    """Is it neither the document itself nor a pronoun that nobody can resolve?"""
    words = {folded(word) for word in printed_words(speaker)} - PRONOUNS.keys()
    return may_be_named(words)
