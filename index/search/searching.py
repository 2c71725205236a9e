"""A question to hits: words and vectors fused, focused on sentences, reranked if asked to.

Weights were measured on squad/dev with 19 distractor articles (recall@1 .869,
@5 .968, @10 .984; passage vectors alone .612/.925/.959, BM25 alone .809/.933/.960)
and hold on polnear/dev.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

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
from index.english.spelling import TOKEN, telling
from index.english.word_lists import FUNCTION_WORDS
from index.errors import StoreAway
from index.models.embedding import Embedder, RememberedTexts, Vectors, cosines_to
from index.models.reranking import Scorer
from index.models.selecting import Selector
from index.search.demands import insistence
from index.search.late_interaction import READ, read
from index.search.speakers import Roster
from index.search.who_said import StatementSearch
from index.sounds import is_latin
from index.stores.packing import Ids
from index.stores.protocols import Catalog, VectorStore, WordStore
from index.stores.stored import Scope, StoredPassage, Term, Vectorized
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

EXACT_AT_MOST = 100_000
"""Passages in scope that are scored one by one where the server of their vectors is away: that is
as exact, and takes a second or two."""

ENOUGH = 0.75
"""A share of CANDIDATES. So many neighbours are asked for that CANDIDATES of them are in scope if
what is near is like the rest; by chance it is a few less, seldom a quarter."""

FURTHER_OUT = 4
"""Where it is less than that, so many times more are asked for. Chosen, not fitted."""

BEHIND_WEIGHTS = (4, 3)
"""What the questions before and the last answer count, one beside the other."""

BEHIND_WEIGHT = 0.7
"""What both count beside the question itself. On handbooks the first passage has the evidence
of .67 of the follow-ups, one of the first ten that of all; for the question alone it is .11 and
.50, for the question before and it together .28 and .89."""

CONTEXT_SHARE = 0.25
"""What a word of the question counts that is not in a sentence but above it, in a heading, the
title or what leads in to a list, beside one that is in the sentence."""

CELLS = re.compile(r"\S(?: {3,}|\t)\s*\S")
"""In a row of a table of plain text: its columns have their names above it."""

BEHIND_A_QUESTION, BEHIND_A_LEANING = 0.35, 0.6
"""What is added to the cosine of the best sentence, as a share of how well its passage fits what
was said before, to tell whether a follow-up is answered: one that could stand alone, and one that
cannot. Of the off-topic questions of handbooks, each put behind one of its conversations, 1 of 8
is answered then."""

SAME_DOCUMENT_BONUS = 0.06
"""What is added to the score of a passage in the document that fits best what was said before,
for a question that is nothing without that. With it and the signs of the passage that is quoted
15 of the 18 follow-ups of handbooks hold their facts instead of 13."""

MUCH_THE_SAME = 0.5
"""The cosine of two words from which one may stand for the other. What that takes depends on what
is asked; below it nothing does."""

DATED_BONUS = 0.3
"""What is added to the score of a passage in a document of the very day that is asked about."""

DROWNED = 0.3
"""How much nearer a sentence comes to the question by itself than in its passage, whose other
sentences are of something else then."""

CLEAR = 0.6
"""Cosine from which a sentence is near enough not to be looked at by itself."""

ENGLISH_SHARE = 0.12
"""The share of English function words among those of question and passages from which an answer
selector reads them: it knows no other language. Articles in eleven other languages have .01 to .07,
the passages found on handbooks .18 to .42, but for one in 50."""

ABOUT_WORDS = frozenset({"said", "whether", "who"})
"""Asked so, passages are looked for by the topic: the speaker is looked for by name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its scores but for the coverage, and the cosine of each sentence."""

    id: int
    scores: Scores
    sentences: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """Words to be searched for: their vector, their terms, and what they count."""

    vector: Vectors
    terms: Sequence[Term]
    weight: float = 1.0


class Search:
    """A question to hits, in the scope that is given: what is in it was decided before."""

    def __init__(
        self,
        catalog: Catalog,
        words: WordStore,
        embedder: Embedder,
        vectors: VectorStore | None = None,
        scorer: Scorer | None = None,
        selector: Selector | None = None,
    ) -> None:
        self._catalog = catalog
        self._words = words
        self._embedder = embedder
        self._vectors = vectors
        self._scorer = scorer
        self._selector = selector
        self._statements = StatementSearch(catalog, words)
        self._texts = RememberedTexts(embedder)

    def search(self, query: Query, scope: Scope, count: int, dated: Scope | None = None) -> Found:
        """The best passages for a question: for each of its parts, where it has several. In
        `dated` are the documents of the day that it asks about."""
        if not query.parts:
            return self._search_one(query, scope, count, dated)
        whole = None
        if query.compares:
            whole = self._search_one(replace(query, parts=()), scope, count, dated)
        parts = [
            whole
            if whole is not None and _speaks_of(part, query.parts, whole)
            else self._search_one(
                replace(query, standalone_question=part, parts=()), scope, count, dated
            )
            for part in query.parts
        ]
        in_turn = chain.from_iterable(zip_longest(*(part.hits for part in parts)))
        hits = {(hit.source.id, hit.passage.start): hit for hit in in_turn if hit is not None}
        return replace(parts[0], hits=tuple(hits.values())[:count], parts=tuple(parts))

    def _search_one(
        self, query: Query, scope: Scope, count: int, dated: Scope | None = None
    ) -> Found:
        clock = Clock()
        question, corrections = self._correct(
            query.standalone_question, scope, is_foreign=query.is_foreign
        )
        terms = self._words.terms(question, scope)
        if query.behind and not telling(question):
            terms = []
        clock.lap("terms")
        topic, _ = self._correct(query.topic, scope, is_foreign=query.is_foreign)
        asked = topic if query.asks in ABOUT_WORDS and topic else question
        vector = self._embedder.embed_question(asked)
        behind = list(self._behind(query, scope))
        clock.lap("embed")
        searched = [SearchTerms(vector, terms), *behind]
        ranked, hits = self._ranked(query, scope, dated, searched, clock)
        best = self._rerank(question, hits)
        clock.lap("rerank")
        said = self._said(query, scope, topic, vector, ranked)
        if said is not None and query.speaker and not said.speakers:
            found_in = self._statements.unattributed(best[:count], scope)
            said = replace(said, unattributed=found_in)
        clock.lap("statements")
        is_said = said is not None and bool(said.statements)
        alone = {} if is_said else self._alone(vector, [*hits[:1], *best[:READ]])
        best = [
            *(replace(hit, signs=_signs(asked, hit, query, alone)) for hit in best[:READ]),
            *best[READ:],
        ]
        if not is_said:
            best = read(question, terms, best, self._embedder)
        clock.lap("read")
        if not is_said and _can_be_read(query):
            best = [*self._with_odds(question, best[:READ]), *best[READ:]]
        clock.lap("select")
        return Found(
            hits=tuple(_enough(_holding_first(said, best), count)),
            signs=_signs(asked, hits[0], query, alone) if hits else None,
            documents_searched=scope.document_count,
            passages_searched=scope.passage_count,
            index_version=self._catalog.version(scope),
            embedder=self._embedder.identity,
            reranker=self._scorer.identity if self._scorer else "",
            said=said,
            absent=self._absent(question, terms),
            near={} if is_said else self._near(question, terms, best[:READ]),
            rarity=_rarity(question, terms, scope),
            corrections=corrections,
            timings_ms=clock.laps,
        )

    def _alone(self, vector: Vectors, hits: Sequence[Hit]) -> dict[str, float]:
        """The cosine that the best sentence of a passage has by itself, by its words, where it
        stands among others and none stands out."""
        drowning = [h for h in hits if len(h.evidence) > 1 and h.scores.sentence <= CLEAR]
        texts = list(dict.fromkeys(map(_best_sentence, drowning)))
        if not texts:
            return {}
        cosines = cosines_to(self._texts.embed(texts), vector).tolist()
        return dict(zip(texts, cosines, strict=True))

    def _with_odds(self, question: str, hits: Sequence[Hit]) -> Sequence[Hit]:
        """The hits with the odds that each sentence answers, if there is a selector and it knows
        their language."""
        if self._selector is None or not hits:
            return hits
        read = " ".join([question, *(hit.passage.text for hit in hits)])
        if not _is_english(read):
            return hits
        odds = self._selector.odds(question, [hit.passage for hit in hits])
        return [
            replace(
                hit,
                evidence=tuple(
                    replace(evidence, odds=each)
                    for evidence, each in zip(hit.evidence, own, strict=True)
                ),
            )
            for hit, own in zip(hits, odds, strict=True)
        ]

    def _ranked(
        self,
        query: Query,
        scope: Scope,
        dated: Scope | None,
        searched: Sequence[SearchTerms],
        clock: Clock,
    ) -> tuple[list[Candidate], list[Hit]]:
        """The passages by their scores, and as hits in the order in which they may answer."""
        scopes = [scope, *filter(None, [dated])]
        near = {
            id: None
            for each in searched
            for within in scopes
            for id in self._nearest(each.vector, within)
        }
        clock.lap("vectors")
        worded = [self._words.search(each.terms, CANDIDATES, scope) for each in searched]
        clock.lap("words")
        ids = [*near, *set[int]().union(*worded) - near.keys()]
        ranked = self._rank(ids, scope, searched, worded)
        clock.lap("rank")
        hits = _of_the_day_first(self._focus(ranked, scope, searched[0].terms), dated)
        clock.lap("focus")
        return ranked, _of_the_same_first(hits) if query.leans else hits

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

    def _correct(
        self, question: str, scope: Scope, *, is_foreign: bool = False
    ) -> tuple[str, Mapping[str, str]]:
        """The question with words that no document has replaced by likely ones: those a slip
        away, or where it is in another language those of the same origin."""
        corrections: dict[str, str] = {}
        for term in self._words.terms(question, scope):
            printed = question[term.start : term.end]
            if term.known or self._embedder.is_common(printed):
                continue
            word = self._likely_word(term, scope, is_foreign=is_foreign)
            if word is not None:
                corrections[printed] = word
        return TOKEN.sub(lambda word: corrections.get(word[0], word[0]), question), corrections

    def _absent(self, question: str, terms: Sequence[Term]) -> tuple[str, ...]:
        """Names and numbers of the question that no document has that may be seen."""
        first = TOKEN.search(question)
        begins = first.start() if first else 0
        printed = [question[t.start : t.end] for t in terms if not t.known and t.start > begins]
        return tuple(word for word in printed if word[0].isupper() or word[0].isdigit())

    def _near(
        self, question: str, terms: Sequence[Term], hits: Sequence[Hit]
    ) -> dict[str, dict[str, float]]:
        """For each telling word of the question the words of these passages, and of what stands
        above them, that come near it in meaning."""
        asked = list(dict.fromkeys(question[term.start : term.end] for term in terms))
        texts = (f"{h.source.title} {h.passage.context} {h.passage.text}".lower() for h in hits)
        there = sorted({word for text in texts for word in TOKEN.findall(text)} - FUNCTION_WORDS)
        if not asked or not there:
            return {}
        vectors = self._texts.embed([*asked, *there])
        cosines = np.einsum("qd,td->qt", vectors[: len(asked)], vectors[len(asked) :])
        return {
            word: {there[i]: float(row[i]) for i in np.flatnonzero(row >= MUCH_THE_SAME)}
            for word, row in zip(asked, cosines, strict=True)
        }

    def _likely_word(self, unknown: Term, scope: Scope, *, is_foreign: bool) -> str | None:
        """As a document in scope prints it."""
        cognate = self._words.cognate(unknown, scope) if is_foreign else None
        neighbour = cognate or self._words.neighbour(unknown, scope)
        if neighbour is None or neighbour in FUNCTION_WORDS:
            return None if is_foreign else neighbour
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
        terms = _comparable(self._words.terms(topic, scope)) if topic else []
        passages = np.array([candidate.id for candidate in ranked], np.int64)
        return self._statements.search(query, scope, vector, terms, passages)

    def _behind(self, query: Query, scope: Scope) -> Iterator[SearchTerms]:
        for words, weight in zip(query.behind, BEHIND_WEIGHTS, strict=False):
            vector = self._embedder.embed_question(words)
            yield SearchTerms(vector, self._words.terms(words, scope), weight)

    def _nearest(self, vector: Vectors, scope: Scope) -> dict[int, None]:
        """Ids of the nearest passages in scope, as an ordered set."""
        if scope.passage_count == 0:
            return {}
        published = self._neighbours(vector, scope)
        if self._vectors is None or published is None:
            return dict.fromkeys(_best(*self._catalog.vectors(scope), vector))
        pending = _best(*self._catalog.vectors_since(self._vectors.seen, scope), vector)
        return dict.fromkeys([*published, *pending])

    def _neighbours(self, vector: Vectors, scope: Scope) -> list[int] | None:
        """The nearest published passages in scope by the vector store, nearest first; None
        while it is made or away, and where it is quicker to score each one: too little is in
        scope, or what is near is mostly outside, so that a second try brought too little as
        well."""
        if self._vectors is None or not self._vectors.seen or scope.share < EXACT_SHARE:
            return None
        enough = ENOUGH * min(CANDIDATES, scope.passage_count)
        for more in (1, FURTHER_OUT):
            try:
                near = self._vectors.search(vector, math.ceil(more * CANDIDATES / scope.share))
            except StoreAway:
                if scope.passage_count > EXACT_AT_MOST:
                    raise
                return None
            inside = near if scope.is_everything else self._catalog.inside(near, scope)
            if len(inside) >= enough or len(inside) == len(near):
                return inside[:CANDIDATES]
        return None

    def _rank(
        self,
        ids: Sequence[int],
        scope: Scope,
        searched: Sequence[SearchTerms],
        worded: Sequence[Mapping[int, float]],
    ) -> list[Candidate]:
        """The most promising of these passages, by vectors and BM25, for what is searched: the
        question, and what is behind it."""
        stored = self._catalog.vectorized(ids, scope)
        if not stored.ids:
            return []
        own, *behind = (
            list(_scored(stored, asked, words))
            for asked, words in zip(searched, worded, strict=True)
        )
        said_before = (
            np.zeros(len(own))
            if not behind
            else np.average(
                [[fuse(scores) for scores, _ in each] for each in behind],
                axis=0,
                weights=[asked.weight for asked in searched[1:]],
            )
        )
        candidates = [
            Candidate(id, replace(scores, behind=float(before)), sentences)
            for id, (scores, sentences), before in zip(stored.ids, own, said_before, strict=True)
        ]
        return sorted(candidates, key=lambda candidate: -fuse(candidate.scores))[:FOCUSED]

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
        covered = list(self._covered(stored, weights))
        scores = replace(candidate.scores, coverage=max(covered))
        evidence = _evidence(stored.passage, candidate.sentences, covered)
        return Hit(stored.source, stored.passage, fuse(scores), scores, evidence, stored.page)

    def _covered(self, stored: StoredPassage, weights: Mapping[str, float]) -> Iterator[float]:
        """The share of the question's words that each sentence has, those above it included."""
        text, offset = stored.passage.text, stored.passage.start
        above = self._shared(f"{stored.source.title} {stored.passage.context}", weights)
        for span in stored.passage.sentences:
            words = text[span.start - offset : span.end - offset]
            inside = self._shared(words, weights)
            only_above = sum(map(weights.__getitem__, above - inside))
            share = 1.0 if CELLS.search(words) else CONTEXT_SHARE
            yield sum(map(weights.__getitem__, inside)) + share * only_above

    def _shared(self, text: str, weights: Mapping[str, float]) -> frozenset[str]:
        """The words of the question that a text has."""
        return self._words.stems(text) & weights.keys()


def _speaks_of(part: str, parts: Sequence[str], found: Found) -> bool:
    """Has one of the best passages the words that tell this part from the others?"""
    own = telling(part) - set().union(*(telling(each) for each in parts if each != part))
    texts = (f"{hit.source.title} {hit.passage.context} {hit.passage.text}" for hit in found.hits)
    return any(own <= telling(text) for text, _ in zip(texts, range(READ), strict=False))


def _scored(
    stored: Vectorized, asked: SearchTerms, words: Mapping[int, float]
) -> Iterator[tuple[Scores, NDArray[np.float32]]]:
    """The scores of each passage but for the coverage, and the cosine of each sentence."""
    total = _total(asked.terms)
    whole = cosines_to(stored.passages, asked.vector)
    each = cosines_to(stored.sentences, asked.vector)
    best = np.maximum.reduceat(each, stored.first[:-1])
    for i, id in enumerate(stored.ids):
        scores = Scores(float(best[i]), float(whole[i]), words.get(id, 0.0) / total, 0.0)
        yield scores, each[stored.first[i] : stored.first[i + 1]]


def _of_the_day_first(hits: list[Hit], dated: Scope | None) -> list[Hit]:
    """With a bonus for what is in documents of the day that is asked about."""
    of_the_day = dated.document_ids if dated else None
    if of_the_day is None:
        return hits
    return sorted(
        (
            replace(hit, score=hit.score + DATED_BONUS * (hit.source.id in of_the_day))
            for hit in hits
        ),
        key=lambda hit: -hit.score,
    )


def _of_the_same_first(hits: list[Hit]) -> list[Hit]:
    """With a bonus for what is in the document that was spoken of before."""
    best = max(hits, key=lambda hit: hit.scores.behind, default=None)
    if best is None:
        return hits
    same = best.source.id
    bonus = (h.score + SAME_DOCUMENT_BONUS * (h.source.id == same) for h in hits)
    scored = (replace(hit, score=score) for hit, score in zip(hits, bonus, strict=True))
    return sorted(scored, key=lambda hit: -hit.score)


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
    """One score of a passage, from 0 to about 1; more for a follow-up."""
    return BEHIND_WEIGHT * scores.behind + (
        SENTENCE_WEIGHT * scores.sentence
        + PASSAGE_WEIGHT * scores.passage
        + WORD_WEIGHT * scores.words
        + COVERAGE_WEIGHT * scores.coverage
    ) / (SENTENCE_WEIGHT + PASSAGE_WEIGHT + WORD_WEIGHT + COVERAGE_WEIGHT)


def signs(question: str, hit: Hit, query: Query) -> Signs:
    """What tells whether this passage answers."""
    insisted = insistence(question)
    behind = BEHIND_A_LEANING if query.leans else BEHIND_A_QUESTION
    sentence = max(hit.evidence, key=lambda evidence: evidence.score).text
    return Signs(
        hit.scores.sentence + behind * hit.scores.behind,
        hit.scores.coverage,
        float(not insisted.is_met_by(hit.passage.text, hit.source.title)),
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


def _can_be_read(query: Query) -> bool:
    """Is it a whole question that a sentence may answer, as an answer selector has learnt it? No
    entry of a list and no step of a way is an answer by itself, things that are compared are
    looked for by what they are called, and a follow-up may not say what it is about."""
    return query.shape == "sentence" and not (query.compares or query.leans or query.is_foreign)


def _is_english(text: str) -> bool:
    words = [word.lower() for word in TOKEN.findall(text)]
    return sum(word in FUNCTION_WORDS for word in words) >= ENGLISH_SHARE * len(words)


def _best_sentence(hit: Hit) -> str:
    return max(hit.evidence, key=lambda evidence: evidence.score).text


def _signs(asked: str, hit: Hit, query: Query, alone: Mapping[str, float]) -> Signs:
    """The signs of a passage; of a sentence that is drowned among others on something else,
    with the cosine that it has `alone`."""
    found = signs(asked, hit, query)
    lacking = alone.get(_best_sentence(hit), 0.0) - hit.scores.sentence if hit.evidence else 0.0
    return found._replace(sentence=found.sentence + lacking) if lacking > DROWNED else found


def _rarity(question: str, terms: Sequence[Term], scope: Scope) -> dict[str, float]:
    """idf as a share of that of a word in one passage."""
    most = math.log1p(max(1, scope.visible))
    known = (term for term in terms if term.known)
    return {question[term.start : term.end]: min(1.0, term.weight / most) for term in known}


def _comparable(terms: Sequence[Term]) -> Sequence[Term]:
    """Without words of another script that no document has, where there are others."""
    known = [term for term in terms if term.known or is_latin(term.text)]
    return known or terms


def _score(evidence: Evidence) -> float:
    return evidence.score


def _total(terms: Sequence[Term]) -> float:
    return sum(term.weight for term in terms) or 1.0
