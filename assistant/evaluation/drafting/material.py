"""A document as questions are drafted from it: its sentences, their grammar, who said what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from index.attribution.grammar import Grammar
from index.attribution.languages import Attributor, language_of
from index.attribution.parsing import ENGLISH
from index.chunking import paragraphs_of, sentences
from index.documents import Document, Source, Span, StatementHit
from index.search.speakers import is_named
from index.search.view import View
from index.stores.protocols import WordStore
from index.stores.stored import Term

LONGEST_READ = 60_000
"""Characters of a document that are parsed: about 3 seconds."""


@dataclass(frozen=True, slots=True)
class ParsedSentence:
    """A sentence of a document and its tree."""

    span: Span
    text: str
    grammar: Grammar


class Material:
    """One document, read once for all kinds of question."""

    def __init__(
        self,
        document: Document,
        sentences: Sequence[ParsedSentence],
        statements: Sequence[StatementHit],
        vocabulary: Vocabulary,
    ) -> None:
        self.document = document
        self.sentences = sentences
        self.statements = statements
        self.vocabulary = vocabulary

    @property
    def name(self) -> str:
        return self.document.source.name

    @cached_property
    def speakers(self) -> dict[str, list[StatementHit]]:
        """The statements of everybody with a name, by the name that the index has."""
        found: dict[str, list[StatementHit]] = {}
        for hit in self.statements:
            if hit.speaker is not None and is_named(hit.speaker):
                found.setdefault(hit.speaker, []).append(hit)
        return found

    def holding(self, spans: Sequence[Span]) -> list[ParsedSentence]:
        """The sentences that share a character with one of these."""
        return [each for each in self.sentences if any(map(each.span.overlaps, spans))]


class Vocabulary:
    """How telling words are in this index."""

    def __init__(self, words: WordStore, terms: Callable[[str], Sequence[Term]]) -> None:
        self._words = words
        self.terms = cache(terms)
        """The telling words of a text with their idf."""

    def stems(self, text: str) -> frozenset[str]:
        """Every word of a text as the index knows it."""
        return self._words.stems(text) - {""}


Read = Callable[[Source], Material | None]


def reader(view: View, attributor: Attributor, words: WordStore) -> Read:
    """What reads a document; None for one in another language than English, whose
    questions nobody has put into words here."""
    vocabulary = Vocabulary(words, view.terms)

    def read(source: Source) -> Material | None:
        document = view.document(source.id)
        language = attributor.language(document.text)
        if language is None or language_of(document.text) != ENGLISH:
            return None
        spans = [*_sentences(document)]
        texts = [document.text[span.start : span.end] for span in spans]
        trees = language.parser.parse(texts)
        parsed = [
            ParsedSentence(s, t, Grammar(g)) for s, t, g in zip(spans, texts, trees, strict=True)
        ]
        statements = view.statements_of(source.id)
        return Material(document, parsed, statements, vocabulary)

    return read


def _sentences(document: Document) -> Iterator[Span]:
    headings = set(document.headings)
    for paragraph in paragraphs_of(document):
        if paragraph.start > LONGEST_READ:
            return
        if paragraph not in headings:
            yield from sentences(document.text, paragraph)
