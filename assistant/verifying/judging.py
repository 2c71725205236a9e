"""A written sentence, held against the passages that it cites.

marks -> reading: what it rests on -> checks -> a verdict, with why
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter

import numpy as np

from assistant.answers import MARK, Verdict, WrittenSentence
from assistant.verifying.checks import YES_OR_NO, doubt
from assistant.verifying.clauses import Clause, cells, clauses, is_row
from assistant.verifying.entailing import Entailer
from assistant.verifying.groups import units
from assistant.verifying.names import names
from assistant.verifying.sentences import (
    Fit,
    Quote,
    Rests,
    SentenceInContext,
    above,
    printed_sentences,
    rested_on,
    sayings,
    where,
)
from index.attribution.languages import Attributor, Language
from index.attribution.quotations import quotations
from index.chunking import paragraphs_of
from index.documents import Hit, Span, StatementHit
from index.english.spelling import (
    WORD_OR_NUMBER,
    quoted,
    root,
    same_words,
    share,
    telling,
    without_quotations,
)
from index.models.embedding import Vectors, cosines_to
from index.search.view import View

ANOTHER_CLAUSE = re.compile(r"[:;]\s+")
"""Behind it something else is said: "Cast iron no, never: it loses its enamel"."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a sentence says without its marks, what it rests on, and whether that holds."""

    words: str
    rests_on: tuple[Rests, ...]
    verdict: Verdict
    why: str = ""


class Judge:
    """Judges written sentences for the person who asks."""

    def __init__(
        self, view: View, attributor: Attributor, entailer: Entailer | None = None
    ) -> None:
        self._view = view
        self._attributor = attributor
        self._entailer = entailer
        self._vectors = cache(self._embed)
        self._language = cache(self._language_of)
        self._roots = cache(self._roots_of)
        self._clauses = cache(self._clauses_of)
        self._quotations = cache(self._quotations_of)
        self._statements = cache(view.statements_of)
        self._document = cache(view.document)
        self._units = cache(lambda found: tuple(units(found)))

    def judge(self, sentence: WrittenSentence, before: str = "", asked: str = "") -> Judgement:
        """The verdict on a sentence; `before` is what stands before it in the answer, to
        tell who "he" is, `asked` the question. Raises DocumentNotFound for a document that went
        away."""
        words = MARK.sub("", sentence.text)
        words = " ".join(words.split()).replace(" .", ".").replace(" ,", ",")
        if not any(map(str.isalnum, words)):
            return Judgement(words, (), "unsupported", "It says nothing.")
        numbers = dict.fromkeys(int(number) for number in MARK.findall(sentence.text))
        marked = [sentence.given[n - 1] for n in numbers if 1 <= n <= len(sentence.given)]
        judged = [
            self._judgement(self._read(words, before, cited, sentence.given, asked))
            for cited in self._cited(words, marked, sentence.given)
        ]
        if not sentence.whole:
            return replace(judged[0], verdict="unsupported", why="It breaks off.")
        return next((each for each in judged if each.verdict != "unsupported"), judged[0])

    def _cited(
        self, words: str, marked: Sequence[Hit], given: Sequence[Hit]
    ) -> Iterator[Sequence[Hit]]:
        """The passages that a sentence may rest on: those that its marks name, then the one
        that fits best, which models often leave out or number wrongly."""
        if marked:
            yield marked
        own = telling(words)
        scores = {
            (fit.found.source.id, fit.found.passage.start): (fit.score + share(own, all_of), fit)
            for fit in sorted(self._fits(words, given), key=lambda fit: fit.score)
            for all_of in [telling(f"{above(fit.found)} {fit.found.passage.text}")]
        }
        _, best = max(scores.values(), key=itemgetter(0))
        if list(marked) != [best.found]:
            yield [best.found]

    def _judgement(self, reading: SentenceInContext) -> Judgement:
        is_copied = same_words(reading.rested_words, reading.words)
        why = doubt(reading)
        if not why and not is_copied and self._entailer is not None:
            why = self._entailer.doubt(reading.premise, reading.words)
        good: Verdict = "verbatim" if is_copied else "supported"
        verdict = "unsupported" if why else good
        return Judgement(reading.words, reading.rests_on, verdict, why)

    def _read(
        self, words: str, before: str, cited: Sequence[Hit], given: Sequence[Hit], asked: str
    ) -> SentenceInContext:
        fits = self._fits(words, cited)
        quotes = tuple(Quote(quote, *where(quote, cited)) for quote in quoted(words))
        language = self._language(cited[0].source.id)
        said = tuple(sayings(words, before, language))
        rests = rested_on(words, fits, quotes, said)
        nearest = max(rests, key=lambda fit: fit.score)
        return SentenceInContext(
            words=words,
            cited=tuple(cited),
            fits=tuple(rests),
            quotes=quotes,
            names=tuple(names(words, language)),
            printed_names=tuple(names(" ".join(fit.words for fit in rests), language)),
            said=said,
            clauses=self._clauses(YES_OR_NO.sub("", without_quotations(words)), cited[0].source.id),
            printed_clauses=tuple(
                clause
                for found in cited
                for printed in printed_sentences(found)
                for clause in self._clauses(printed, found.source.id)
            ),
            nearest_clauses=self._clauses(nearest.words, nearest.found.source.id),
            statements=tuple(self._statements_in(cited)),
            is_quoted=self._is_quoted,
            roots=frozenset().union(*(self._roots(found.source.id) for found in cited)),
            is_in_document=lambda name: any(
                name in self._document(found.source.id).text for found in cited
            ),
            known=tuple(unit for found in given for unit in self._units(found)),
            asked=f"{asked} {before}",
        )

    def _fits(self, words: str, passages: Sequence[Hit]) -> list[Fit]:
        """How well the words fit each sentence of these passages, in their order."""
        (vector,) = self._view.embed([words])
        own = telling(words)
        found = []
        for passage in passages:
            texts = printed_sentences(passage)
            alike = cosines_to(self._vectors(texts), vector)
            if passage.passage.context:
                context = passage.passage.context.replace(" / ", ": ")
                below = self._vectors(tuple(f"{context}: {text}" for text in texts))
                alike = np.maximum(alike, cosines_to(below, vector))
            above = telling(passage.passage.context)
            for span, text, cosine in zip(passage.passage.sentences, texts, alike, strict=True):
                covered = share(own, telling(text) | above)
                found.append(Fit(passage, span, text, float(cosine), covered))
        return found

    def _embed(self, texts: tuple[str, ...]) -> Vectors:
        return self._view.embed(texts)

    def _clauses_of(self, words: str, document_id: str) -> tuple[Clause, ...]:
        """The clauses of a sentence in a document's language."""
        if is_row(words):
            return tuple(cells(words))
        language = self._language(document_id)
        trees = language.parser.parse(ANOTHER_CLAUSE.split(words)) if language else ()
        return tuple(clause for tree in trees for clause in clauses(tree))

    def _roots_of(self, document_id: str) -> frozenset[str]:
        return frozenset(map(root, WORD_OR_NUMBER.findall(self._document(document_id).text)))

    def _language_of(self, document_id: str) -> Language | None:
        return self._attributor.language(self._document(document_id).text)

    def _quotations_of(self, document_id: str) -> tuple[Span, ...]:
        document = self._document(document_id)
        found = quotations(document.text, paragraphs_of(document))
        return tuple(quotation for quotation in found)

    def _is_quoted(self, found: Hit, span: Span) -> bool:
        """Does the document have these characters in quotation marks?"""
        return any(quotation.covers(span) for quotation in self._quotations(found.source.id))

    def _statements_in(self, cited: Sequence[Hit]) -> Iterator[StatementHit]:
        """The statements of which something stands in the passages."""
        for found in cited:
            for hit in self._statements(found.source.id):
                if any(found.passage.span.overlaps(span) for span in hit.statement.content):
                    yield hit
