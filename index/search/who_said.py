"""Whose words, about what: the statements of a speaker ranked by topic.

A speaker's statements are all scored by their vectors, however many there are; the
nearest ones, and those in passages that have the topic's words, are read word by word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.attribution.languages import language_of
from index.documents import Hit, Query, Said, StatementHit
from index.english import ENGLISH
from index.english.word_lists import SAID_BEFORE
from index.models.embedding import Vectors, cosines_to
from index.search.dated import is_date, is_of, names_a_date
from index.search.demands import insistence
from index.search.speakers import Roster, Speaker
from index.stores.packing import Ids
from index.stores.protocols import Catalog, WordStore
from index.stores.stored import Scope, StatementVectors, StoredStatement, Term

RELEVANCE = (-6.01, 0.54, 3.87, 5.21)
"""Logistic regression on the cosine, the share of the topic's words (by idf) in the
content, and that in its sentences; it ranks. Fitted on polnear/dev by
`python -m tests.benchmarks.who_said`; area under the ROC curve of statements,
cross-validated by document: .985."""

WORDS_INSIDE = 0.6
"""Share of the topic's words, by idf, from which a statement is about it."""

WORDS_AROUND = 0.5
"""The same for the sentences of a statement; counts if no statement has the words."""

SIMILAR_FROM = 0.4
"""Cosine from which a statement is about a topic; counts if none has the words around
it either. With these three .90 of the statements cited on polnear/dev are right and .85
of the right ones are cited; .98 of the questions on which the speaker said nothing are
refused. With .5, .99 and .45 in their place the figures move by less than .01."""

MOST_SIMILAR = 2
"""Statements that are about a topic by their cosine alone."""

FOLLOWS_WITHIN = 250
"""Characters behind a statement in which a quotation that points back goes on with it."""

ANSWERS_WITHIN = 600
"""Characters behind a statement in which another one's is a reply to it."""

READ = 50
"""Statements that are read word by word: the nearest, and as many that have the words."""

SPEAKERS_KEPT = 4
"""Whose vectors stay in memory: 50 MB for one with 33,000 statements, which take 0.2 s to
read from the catalog."""

WITH_WORDS = 1_000
"""Passages with the topic's words whose statements are among them."""

NEAREST = 3
POINTS_BACK = re.compile(rf"\W*(?:\w+\W+){{0,4}}(?:{'|'.join(SAID_BEFORE)})\b", re.IGNORECASE)
"""Among the first five words: "We discussed this"."""

LEADING_THAT = re.compile(r"\W*that\W+", re.IGNORECASE)
"""With which reported speech begins: "(said) that rents would fall"."""


class StatementSearch:
    """The statements of an index, as a principal may see them."""

    def __init__(self, catalog: Catalog, words: WordStore) -> None:
        self._catalog = catalog
        self._words = words
        self._roster_of = lru_cache(maxsize=8)(self._make_roster)
        self._vectors_of = lru_cache(maxsize=SPEAKERS_KEPT)(self._load_vectors)

    def roster(self, scope: Scope) -> Roster:
        """Everybody who is credited in the documents in scope."""
        return self._roster_of(self._catalog.revision, scope)

    def about(
        self,
        speakers: Sequence[Speaker],
        scope: Scope,
        topic: Vectors | None,
        terms: Sequence[Term],
    ) -> list[StatementHit]:
        """Every statement of these speakers that is about the topic, best first; without
        a topic all of them, in reading order."""
        roster = self.roster(scope)
        if topic is None:
            stored = self._load_vectors(self._catalog.revision, scope, _credited(speakers))
            read = self._catalog.statements(stored.ids.tolist(), scope)
            read.sort(key=lambda each: (each.source.name, each.statement.content[0].start))
            return [self._hit(_Scored(each, 1.0, 1.0, 1.0), roster) for each in read]
        own, _ = self._own(speakers, scope, topic, terms)
        return about_topic([self._hit(each, roster) for each in own])

    def of_document(self, document_id: str, scope: Scope) -> list[StatementHit]:
        """Every statement of a document, in reading order."""
        stored = self._catalog.statements(self._catalog.statement_ids(document_id, scope), scope)
        return [self._hit(_Scored(each, 1.0, 1.0, 1.0), self.roster(scope)) for each in stored]

    def search(
        self, query: Query, scope: Scope, topic: Vectors, terms: Sequence[Term], passages: Ids
    ) -> Said | None:
        """What the asked speaker said on the topic, and who else did; None if the
        question is not about anybody's words.

        `topic` and `terms` are the vector and the words of it, `passages` the ones found
        for the question: others' statements are looked for there.
        """
        if query.asks == "anything":
            return None
        roster = self.roster(scope)
        speakers = roster.find(query.speaker) if query.speaker else []
        own, considered = self._own(speakers, scope, topic, terms)
        credited = _of_its_date(
            query.standalone_question, [self._hit(each, roster) for each in own]
        )
        in_its_time = is_date(query.topic) and any(
            is_of(hit.source, query.standalone_question) for hit in credited
        )
        relevant = credited if in_its_time or not terms else _relevant(query, credited)
        others: list[StatementHit] = []
        if not relevant:
            names = [None, *(speaker.name for speaker in speakers)]
            around = self._catalog.statements_in(passages.tolist(), scope)
            found = [self._hit(each, roster) for each in self._read(around, topic, terms, scope)]
            others = [hit for hit in found if hit.speaker not in names]
        if query.asks == "who":
            relevant, others = [h for h in others if h.words_inside >= WORDS_INSIDE], []
            relevant = _of_its_date(query.standalone_question, relevant)
        if query.replies:
            replies = self._replies(relevant or credited[:NEAREST], scope)
            relevant = replies if query.replies == "alone" else [*relevant, *replies]
        chosen = set(map(id, relevant))
        return Said(
            speakers=tuple(speaker.name for speaker in speakers),
            statements=tuple(relevant),
            nearest=tuple(hit for hit in credited if id(hit) not in chosen)[:NEAREST],
            by_others=tuple(by_their_words(others)),
            considered=considered,
        )

    def unattributed(self, hits: Iterable[Hit], scope: Scope) -> tuple[str, ...]:
        """The ids of the documents of these hits that are in another language and in which nobody
        is credited with anything."""
        first = {hit.source.id: hit.passage.text for hit in reversed([*hits])}
        return tuple(
            id
            for id, text in first.items()
            if not self._catalog.statement_ids(id, scope) and language_of(text) != ENGLISH.code
        )

    def _replies(self, hits: Sequence[StatementHit], scope: Scope) -> list[StatementHit]:
        """What another one says right behind each of these."""
        found = []
        for hit in hits:
            end = max(span.end for span in hit.statement.content)
            for other in self.of_document(hit.source.id, scope):
                distance = other.statement.content[0].start - end
                if 0 <= distance <= ANSWERS_WITHIN and other.speaker not in (None, hit.speaker):
                    found.append(other)
                    break
        return found

    def _own(
        self, speakers: Sequence[Speaker], scope: Scope, topic: Vectors, terms: Sequence[Term]
    ) -> tuple[list[_Scored], int]:
        """The speakers' statements, best first, and how many were looked at."""
        if not speakers:
            return [], 0
        stored = self._vectors_of(self._catalog.revision, scope, _credited(speakers))
        return self._read(stored, topic, terms, scope), len(stored.ids)

    def _load_vectors(
        self, revision: int, scope: Scope, credited: frozenset[tuple[str, str]]
    ) -> StatementVectors:
        stored = self._catalog.statement_vectors({name for name, _ in credited}, scope)
        return _only(stored, np.array([each in credited for each in stored.credited], bool))

    def _read(
        self, stored: StatementVectors, topic: Vectors, terms: Sequence[Term], scope: Scope
    ) -> list[_Scored]:
        """The most promising statements with their scores, best first."""
        if len(stored.ids) == 0:
            return []
        similar = cosines_to(stored.vectors, topic)
        chosen = _largest(similar)
        if len(stored.ids) > READ:
            holding = self._words.search(terms, WITH_WORDS, scope)
            worded = np.flatnonzero(np.isin(stored.passages, list(holding)))
            chosen = np.union1d(chosen, worded[_largest(similar[worded])])
        cosines = {int(stored.ids[i]): float(similar[i]) for i in chosen}
        weights = {term.text: term.weight for term in terms}
        read = self._catalog.statements(list(cosines), scope)
        scored = [self._score(statement, cosines[statement.id], weights) for statement in read]
        return sorted(scored, key=lambda each: (-each.relevance, -each.cosine, each.stored.id))

    def _score(
        self, stored: StoredStatement, cosine: float, weights: Mapping[str, float]
    ) -> _Scored:
        inside, around = self.shares(stored, weights)
        return _Scored(stored, cosine, inside, around)

    def shares(self, stored: StoredStatement, weights: Mapping[str, float]) -> tuple[float, float]:
        """The shares of the topic's words, by weight, that the content has, and that its
        sentences have: with the one before, where the content points back to it."""
        passage, content = stored.passage, stored.statement.content
        inside = [i for i, s in enumerate(passage.sentences) if any(map(s.overlaps, content))]
        if inside and inside[0] > 0 and _points_back(stored.text):
            inside.insert(0, inside[0] - 1)
        spans = [passage.sentences[i] for i in inside]
        words = [passage.text[s.start - passage.start : s.end - passage.start] for s in spans]
        own = self._shared(stored.text, weights)
        around = own | self._shared(" ".join(words), weights)
        total = sum(weights.values()) or 1.0
        own_share, share = (sum(weights[word] for word in found) for found in (own, around))
        return own_share / total, share / total

    def _shared(self, text: str, weights: Mapping[str, float]) -> frozenset[str]:
        """The words of the topic that a text has."""
        return self._words.stems(text) & weights.keys()

    def _hit(self, scored: _Scored, roster: Roster) -> StatementHit:
        stored = scored.stored
        name = stored.statement.speaker
        speaker = roster.of(name, stored.source.id) if name is not None else None
        return StatementHit(
            source=stored.source,
            statement=stored.statement,
            speaker=speaker.name if speaker else name,
            as_printed=stored.printed,
            text=stored.text,
            passage=stored.passage,
            relevance=scored.relevance,
            similarity=scored.cosine,
            words_inside=scored.inside,
            words_around=scored.around,
            page=stored.page,
        )

    def _make_roster(self, revision: int, scope: Scope) -> Roster:
        return Roster(self._catalog.credits(scope), self._catalog.speaker_edits(scope))


@dataclass(frozen=True, slots=True)
class _Scored:
    """A statement with the features that RELEVANCE weighs."""

    stored: StoredStatement
    cosine: float
    inside: float
    around: float

    @property
    def relevance(self) -> float:
        bias, *weights = RELEVANCE
        features = (self.cosine, self.inside, self.around)
        total = bias + sum(w * x for w, x in zip(weights, features, strict=True))
        return 1 / (1 + math.exp(-total))


def _largest(scores: Vectors) -> NDArray[np.intp]:
    """The places of the READ largest, in no order."""
    if len(scores) <= READ:
        return np.arange(len(scores))
    return np.argpartition(scores, -READ)[-READ:]


def _credited(speakers: Sequence[Speaker]) -> frozenset[tuple[str, str]]:
    return frozenset[tuple[str, str]]().union(*(speaker.credited for speaker in speakers))


def _relevant(query: Query, hits: Sequence[StatementHit]) -> list[StatementHit]:
    """Those of a speaker's ranked statements that answer the question."""
    if query.asks == "did":
        return by_their_words(hits)
    insisted = insistence(query.standalone_question)

    def has_names(hit: StatementHit) -> bool:
        named = (hit.source.title, hit.speaker or "", query.speaker or "")
        return insisted.is_met_by(_around(hit), *named)

    relevant = about_topic(hits, has_names)
    if query.asks == "whether":
        return [h for h in relevant if max(h.words_inside, h.words_around) >= WORDS_INSIDE]
    return relevant


def _of_its_date(question: str, hits: list[StatementHit]) -> list[StatementHit]:
    """Those in documents of the day or month that the question names, if there are any."""
    dated = names_a_date(question)
    return [hit for hit in hits if dated and is_of(hit.source, question)] or hits


def _around(hit: StatementHit) -> str:
    """The sentences of a statement and the one before, where "his plan" may have its name."""
    sentences = hit.passage.sentences
    inside = [i for i, s in enumerate(sentences) if any(map(s.overlaps, hit.statement.content))]
    if not inside:
        return hit.text
    first, last = sentences[max(0, inside[0] - 1)], sentences[inside[-1]]
    return hit.passage.text[first.start - hit.passage.start : last.end - hit.passage.start]


def about_topic(
    hits: Sequence[StatementHit], has_names: Callable[[StatementHit], bool] = bool
) -> list[StatementHit]:
    """Those about the topic: by their words, else by the words around them, else by
    meaning, if they have the names of the question. Of ranked hits, in their order."""
    worded = by_their_words(hits)
    if worded:
        return worded
    near = sorted(
        (hit for hit in hits if hit.similarity >= SIMILAR_FROM), key=lambda hit: -hit.similarity
    )
    return list(islice(filter(has_names, near), MOST_SIMILAR))


def by_their_words(hits: Sequence[StatementHit]) -> list[StatementHit]:
    """Those that have the topic's words, else those whose sentences have them."""
    inside = [hit for hit in hits if hit.words_inside >= WORDS_INSIDE]
    if inside:
        return [hit for hit in hits if hit.words_inside >= WORDS_INSIDE or _goes_on(hit, inside)]
    return [hit for hit in hits if hit.words_around >= WORDS_AROUND]


def _goes_on(hit: StatementHit, others: Sequence[StatementHit]) -> bool:
    """Is it a quotation that points back to one of the others, right before it?"""
    start = hit.statement.content[0].start
    return (
        hit.statement.speech == "direct"
        and hit.words_around >= WORDS_INSIDE
        and _points_back(hit.text)
        and any(
            other.source.id == hit.source.id
            and 0 <= start - other.statement.content[-1].end <= FOLLOWS_WITHIN
            for other in others
        )
    )


def _points_back(words: str) -> bool:
    """Does it lean on what stands before it?"""
    that = LEADING_THAT.match(words)
    return POINTS_BACK.match(words, that.end() if that else 0) is not None


def _only(stored: StatementVectors, mine: NDArray[np.bool_]) -> StatementVectors:
    chosen = np.flatnonzero(mine)
    return StatementVectors(
        stored.ids[chosen],
        stored.passages[chosen],
        stored.vectors[chosen],
        tuple(stored.credited[i] for i in chosen),
    )
