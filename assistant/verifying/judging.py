"""A written sentence, held against the passages that it cites.

marks -> reading: what it rests on -> checks -> a verdict, with why
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.answers import MARK, Verdict, WrittenSentence, mark
from assistant.verifying.checks import doubt
from assistant.verifying.entailing import Entailer
from assistant.verifying.names import names
from assistant.verifying.sentences import (
    Fit,
    Quote,
    Rests,
    SentenceInContext,
    printed_sentences,
    rested_on,
    sayings,
    where,
)
from index.attribution.languages import Attributor, Language
from index.attribution.quotations import quotations
from index.chunking import paragraphs_of
from index.documents import Hit, Span, StatementHit
from index.english.spelling import quoted, same_words, share, telling
from index.models.embedding import Vectors, cosines_to
from index.search.view import View


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
        self._quotations = cache(self._quotations_of)
        self._statements = cache(view.statements_of)
        self._document = cache(view.document)

    def judge(self, sentence: WrittenSentence, before: str = "") -> Judgement:
        """The verdict on a sentence; `before` is what stands before it in the answer, to
        tell who "he" is. Raises DocumentNotFound for a document that went away."""
        words = MARK.sub("", sentence.text)
        words = " ".join(words.split()).replace(" .", ".").replace(" ,", ",")
        marks = list(dict.fromkeys(int(number) for number in MARK.findall(sentence.text)))
        wrong = [number for number in marks if not 1 <= number <= len(sentence.given)]
        if not marks:
            return Judgement(words, (), "unsupported", "It names no passage.")
        if wrong:
            none = f"There is no passage {mark(wrong[0])}."
            return Judgement(words, (), "unsupported", none)
        reading = self._read(words, before, marks, sentence.given)
        if not sentence.whole:
            return Judgement(words, reading.rests_on, "unsupported", "It breaks off.")
        return self._verdict(reading)

    def _verdict(self, reading: SentenceInContext) -> Judgement:
        why = doubt(reading)
        is_copied = same_words(reading.rested_words, reading.words)
        if not why and not is_copied and self._entailer is not None:
            why = self._entailer.doubt(reading.premise, reading.words)
        good: Verdict = "verbatim" if is_copied else "supported"
        return Judgement(reading.words, reading.rests_on, "unsupported" if why else good, why)

    def _read(
        self, words: str, before: str, marks: Sequence[int], given: Sequence[Hit]
    ) -> SentenceInContext:
        cited = [given[number - 1] for number in marks]
        fits = self._fits(words, cited)
        others = self._fits(words, [found for found in given if found not in cited])
        quotes = tuple(Quote(quote, *where(quote, cited)) for quote in quoted(words))
        language = self._language(cited[0].source.id)
        said = tuple(sayings(words, before, language))
        rests = rested_on(words, fits, quotes, said)
        return SentenceInContext(
            words=words,
            cited=tuple(cited),
            fits=tuple(rests),
            best=max((fit.score for fit in fits), default=0.0),
            best_other=max((fit.score for fit in others), default=0.0),
            quotes=quotes,
            names=tuple(names(words, language)),
            printed_names=tuple(names(" ".join(fit.words for fit in rests), language)),
            said=said,
            statements=tuple(self._statements_in(cited)),
            is_quoted=self._is_quoted,
        )

    def _fits(self, words: str, passages: Sequence[Hit]) -> list[Fit]:
        """How well the words fit each sentence of these passages, in their order."""
        if not passages:
            return []
        (vector,) = self._view.embed([words])
        own = telling(words)
        found = []
        for passage in passages:
            texts = printed_sentences(passage)
            alike = cosines_to(self._vectors(texts), vector)
            for span, text, cosine in zip(passage.passage.sentences, texts, alike, strict=True):
                found.append(Fit(passage, span, text, float(cosine), share(own, telling(text))))
        return found

    def _embed(self, texts: tuple[str, ...]) -> Vectors:
        return self._view.embed(texts)

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
