"""A question to hits: words and vectors fused, focused on sentences, reranked if asked to.

Weights were measured on squad/dev with 19 distractor articles (recall@1 .869,
@5 .968, @10 .984; passage vectors alone .612/.925/.959, BM25 alone .809/.933/.960)
and hold on polnear/dev.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.documents import (
    Evidence,
    Found,
    Hit,
    Passage,
    Query,
    Said,
    Scores,
    Signs,
    StatementHit,
)
from index.english.lexicon import FUNCTION_WORDS
from index.english.spelling import TOKEN
from index.models.embedding import Embedder, RememberedTexts, Vectors, cosines_to
from index.models.reranking import Scorer
from index.search.demands import insistence
from index.search.speakers import Roster
from index.search.who_said import StatementSearch
from index.stores.packing import Ids
from index.stores.protocols import Catalog, VectorStore, WordStore
from index.stores.stored import Scope, StoredPassage, Term
from index.timing import Clock

CANDIDATES = 100
"""Taken from each of the two searches; twice as many found no more."""

SENTENCE_WEIGHT, PASSAGE_WEIGHT, WORD_WEIGHT, COVERAGE_WEIGHT = 1.0, 0.5, 0.5, 0.5

FOCUSED = 50
"""How many of the candidates are read word by word."""

RERANKED = 20
"""How many of those a reranker reads. A six-layer one takes about 30 ms of processor
time for each passage of polnear/dev: on 2 cores .3 s in all."""

EXACT_SHARE = 0.1
"""Where less of the index is in scope, its vectors are scored one by one: asking
the neighbour search for enough to be left with 100 would be slower."""

ENOUGH = 0.75
"""A share of CANDIDATES. So many neighbours are asked for that CANDIDATES of them are in scope if
what is near is like the rest; by chance it is a few less, seldom a quarter."""

FURTHER_OUT = 4
"""Where it is less than that, so many times more are asked for. Chosen, not fitted."""

ABOUT_WORDS = frozenset({"said", "whether", "who"})
"""Asked so, passages are looked for by the topic: the speaker is looked for by name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its scores but for the coverage, and the cosine of each sentence."""

    id: int
    scores: Scores
    sentences: NDArray[np.float32]


class Search:
    """A question to hits, in the scope that is given: what is in it was decided before."""

    def __init__(
        self,
        catalog: Catalog,
        words: WordStore,
        embedder: Embedder,
        vectors: VectorStore | None = None,
        scorer: Scorer | None = None,
    ) -> None:
        self._catalog = catalog
        self._words = words
        self._embedder = embedder
        self._vectors = vectors
        self._scorer = scorer
        self._statements = StatementSearch(catalog, words)
        self._texts = RememberedTexts(embedder)

    def search(self, query: Query, scope: Scope, count: int) -> Found:
        """The best passages for a question."""
        clock = Clock()
        question, corrections = self._correct(query.standalone_question, scope)
        terms = self._words.terms(question, scope)
        clock.lap("terms")
        topic, _ = self._correct(query.topic, scope)
        asked = topic if query.asks in ABOUT_WORDS and topic else question
        vector = self._embedder.embed_question(asked)
        clock.lap("embed")
        near = self._nearest(vector, scope)
        clock.lap("vectors")
        words = self._words.search(terms, CANDIDATES, scope)
        clock.lap("words")
        ranked = self._rank([*near, *words.keys() - near], scope, vector, words, terms)
        clock.lap("rank")
        hits = self._focus(ranked, scope, terms)
        clock.lap("focus")
        best = self._rerank(question, hits)
        clock.lap("rerank")
        said = self._said(query, scope, topic, vector, ranked)
        clock.lap("statements")
        return Found(
            hits=tuple(_enough(_holding_first(said, best), count)),
            signs=signs(asked, hits),
            documents_searched=scope.document_count,
            passages_searched=scope.passage_count,
            index_version=self._catalog.version(scope),
            embedder=self._embedder.identity,
            reranker=self._scorer.identity if self._scorer else "",
            said=said,
            absent=self._absent(question, terms),
            corrections=corrections,
            timings_ms=clock.laps,
        )

    def roster(self, scope: Scope) -> Roster:
        """Everybody who is credited with statements."""
        return self._statements.roster(scope)

    def statements(
        self, scope: Scope, speaker: str | None, about: str | None
    ) -> list[StatementHit]:
        """What was said by a speaker (or anybody), about a topic (or anything).

        On a topic the best come first, else they are in reading order.
        """
        roster = self._statements.roster(scope)
        chosen = roster.speakers if speaker is None else roster.find(speaker)
        if about is None:
            return self._statements.about(chosen, scope, None, [])
        topic, _ = self._correct(about, scope)
        vector = self._embedder.embed_question(topic)
        return self._statements.about(chosen, scope, vector, self._words.terms(topic, scope))

    def statements_of(self, document_id: str, scope: Scope) -> list[StatementHit]:
        """Every statement of a document, in reading order."""
        return self._statements.of_document(document_id, scope)

    def terms(self, text: str, scope: Scope) -> list[Term]:
        """The telling words of a text, and how rare they are."""
        return self._words.terms(text, scope)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (texts, dimensions) of texts by themselves."""
        return self._texts.embed(texts)

    def _correct(self, question: str, scope: Scope) -> tuple[str, Mapping[str, str]]:
        """The question with words that no document has replaced by likely ones."""
        corrections: dict[str, str] = {}
        for term in self._words.terms(question, scope):
            printed = question[term.start : term.end]
            if term.known or self._embedder.is_common(printed):
                continue
            word = self._likely_word(term, scope)
            if word is not None:
                corrections[printed] = word
        return TOKEN.sub(lambda word: corrections.get(word[0], word[0]), question), corrections

    def _absent(self, question: str, terms: Sequence[Term]) -> tuple[str, ...]:
        """Names and numbers of the question that no document has that may be seen."""
        first = TOKEN.search(question)
        begins = first.start() if first else 0
        printed = [question[t.start : t.end] for t in terms if not t.known and t.start > begins]
        return tuple(word for word in printed if word[0].isupper() or word[0].isdigit())

    def _likely_word(self, unknown: Term, scope: Scope) -> str | None:
        """As a document in scope prints it."""
        neighbour = self._words.neighbour(unknown, scope)
        if neighbour is None or neighbour in FUNCTION_WORDS:
            return neighbour
        term = Term(neighbour, 0, 0, 1.0, known=True)
        found = self._catalog.passages([*self._words.search([term], 3, scope)], scope)
        return self._words.surface(neighbour, [stored.passage.text for stored in found])

    def _said(
        self,
        query: Query,
        scope: Scope,
        topic: str,
        vector: Vectors,
        ranked: Sequence[Candidate],
    ) -> Said | None:
        """What was said about the topic, of which `vector` is; others' statements are
        looked for in the ranked passages."""
        if query.asks == "anything":
            return None
        terms = self._words.terms(topic, scope) if topic else []
        passages = np.array([candidate.id for candidate in ranked], np.int64)
        return self._statements.search(query, scope, vector, terms, passages)

    def _nearest(self, vector: Vectors, scope: Scope) -> dict[int, None]:
        """Ids of the nearest passages in scope, as an ordered set."""
        if scope.passage_count == 0:
            return {}
        published = self._neighbours(vector, scope)
        if published is None:
            return dict.fromkeys(_best(*self._catalog.vectors(scope), vector))
        pending = _best(*self._catalog.unpublished_vectors(scope), vector)
        return dict.fromkeys([*published, *pending])

    def _neighbours(self, vector: Vectors, scope: Scope) -> list[int] | None:
        """The nearest published passages in scope by the vector store, nearest first; None
        where it is quicker to score each one: too little is in scope, or what is near is
        mostly outside, so that a second try brought too little as well."""
        if self._vectors is None or scope.share < EXACT_SHARE:
            return None
        enough = ENOUGH * min(CANDIDATES, scope.passage_count)
        for more in (1, FURTHER_OUT):
            near = self._vectors.search(vector, math.ceil(more * CANDIDATES / scope.share))
            inside = near if scope.is_everything else self._catalog.inside(near, scope)
            if len(inside) >= enough or len(inside) == len(near):
                return inside[:CANDIDATES]
        return None

    def _rank(
        self,
        ids: Sequence[int],
        scope: Scope,
        vector: Vectors,
        words: Mapping[int, float],
        terms: Sequence[Term],
    ) -> list[Candidate]:
        """The most promising of these passages, by vectors and BM25."""
        stored = self._catalog.vectorized(ids, scope)
        if not stored.ids:
            return []
        total = _total(terms)
        whole = cosines_to(stored.passages, vector)
        each = cosines_to(stored.sentences, vector)
        best = np.maximum.reduceat(each, stored.first[:-1])
        candidates = [
            Candidate(
                id,
                Scores(float(best[i]), float(whole[i]), words.get(id, 0.0) / total, 0.0),
                each[stored.first[i] : stored.first[i + 1]],
            )
            for i, id in enumerate(stored.ids)
        ]
        return sorted(candidates, key=lambda c: -fuse(c.scores))[:FOCUSED]

    def _focus(self, ranked: Sequence[Candidate], scope: Scope, terms: Sequence[Term]) -> list[Hit]:
        """The candidates scored by the words of their sentences as well, best first."""
        weights = {term.text: term.weight / _total(terms) for term in terms}
        stored = {p.id: p for p in self._catalog.passages([c.id for c in ranked], scope)}
        hits = [self._hit(stored[c.id], c, weights) for c in ranked if c.id in stored]
        return sorted(hits, key=lambda hit: (-hit.score, hit.source.id, hit.passage.start))

    def _rerank(self, question: str, hits: Sequence[Hit]) -> Sequence[Hit]:
        """The best hits as the reranker orders and scores them; the others are dropped,
        for scores of two kinds cannot be compared. Without one all, as they are."""
        if self._scorer is None:
            return hits
        read = hits[:RERANKED]
        scores = self._scorer.score(question, [hit.passage.text for hit in read])
        scored = [replace(hit, score=score) for hit, score in zip(read, scores, strict=True)]
        return sorted(scored, key=lambda hit: -hit.score)

    def _hit(
        self, stored: StoredPassage, candidate: Candidate, weights: Mapping[str, float]
    ) -> Hit:
        covered = [sum(map(weights.__getitem__, found)) for found in self._shared(stored, weights)]
        scores = replace(candidate.scores, coverage=max(covered))
        evidence = _evidence(stored.passage, candidate.sentences, covered)
        return Hit(stored.source, stored.passage, fuse(scores), scores, evidence, stored.page)

    def _shared(self, stored: StoredPassage, weights: Mapping[str, float]) -> list[frozenset[str]]:
        """The words of the question that each sentence has."""
        text, offset = stored.passage.text, stored.passage.start
        return [
            self._words.stems(text[span.start - offset : span.end - offset]) & weights.keys()
            for span in stored.passage.sentences
        ]


def _holding_first(said: Said | None, hits: Sequence[Hit]) -> list[Hit]:
    """The passages with the statements that were asked for, then the others."""
    if said is None:
        return list(hits)
    known = {(hit.source.id, hit.passage.start): hit for hit in hits}
    first = {(s.source.id, s.passage.start): _of_statement(s) for s in said.statements}
    return [known.get(key, hit) for key, hit in first.items()] + [
        hit for key, hit in known.items() if key not in first
    ]


def _enough(hits: Iterable[Hit], count: int) -> Iterator[Hit]:
    """The first so many, of which copies of a passage count as one."""
    texts: set[str] = set()
    for hit in hits:
        texts.add(hit.passage.text)
        if len(texts) > count:
            return
        yield hit


def _of_statement(found: StatementHit) -> Hit:
    """The passage of a statement that was found by its speaker only."""
    scores = Scores(found.similarity, found.similarity, 0.0, found.relevance)
    evidence = tuple(
        Evidence(
            span,
            found.passage.text[span.start - found.passage.start : span.end - found.passage.start],
            found.relevance if any(span.overlaps(c) for c in found.statement.content) else 0.0,
        )
        for span in found.passage.sentences
    )
    return Hit(found.source, found.passage, fuse(scores), scores, evidence, found.page)


def fuse(scores: Scores) -> float:
    """One score of a passage, from 0 to about 1."""
    return (
        SENTENCE_WEIGHT * scores.sentence
        + PASSAGE_WEIGHT * scores.passage
        + WORD_WEIGHT * scores.words
        + COVERAGE_WEIGHT * scores.coverage
    ) / (SENTENCE_WEIGHT + PASSAGE_WEIGHT + WORD_WEIGHT + COVERAGE_WEIGHT)


def signs(question: str, hits: Sequence[Hit]) -> Signs | None:
    """Those of the best hit; None without one."""
    if not hits:
        return None
    best, insisted = hits[0], insistence(question)
    sentence = max(best.evidence, key=lambda evidence: evidence.score).text
    return Signs(
        best.scores.sentence,
        best.scores.coverage,
        float(not insisted.is_met_by(best.passage.text, best.source.title)),
        float(not insisted.is_met_by(sentence)),
        float(not insisted.is_negated_in(sentence)),
    )


def _best(ids: Ids, vectors: Vectors, vector: Vectors) -> list[int]:
    """The nearest CANDIDATES of these by exact cosine, nearest first."""
    if len(ids) == 0:
        return []
    scores = cosines_to(vectors, vector)
    top = np.argpartition(-scores, min(CANDIDATES, len(ids) - 1))[:CANDIDATES]
    return [int(id) for id in ids[top[np.argsort(-scores[top])]]]


def _evidence(
    passage: Passage, near: NDArray[np.float32], covered: Sequence[float]
) -> tuple[Evidence, ...]:
    """The passage's sentences with their scores."""
    return tuple(
        Evidence(
            span,
            passage.text[span.start - passage.start : span.end - passage.start],
            (SENTENCE_WEIGHT * float(cosine) + COVERAGE_WEIGHT * share)
            / (SENTENCE_WEIGHT + COVERAGE_WEIGHT),
        )
        for span, cosine, share in zip(passage.sentences, near, covered, strict=True)
    )


def _total(terms: Sequence[Term]) -> float:
    return sum(term.weight for term in terms) or 1.0
