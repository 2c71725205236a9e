"""Statements to questions: "What did X say about Y?", answered or not.

A topic is a noun phrase of what somebody said that tells it apart from the rest of what
they said. The gold is everything of theirs in the document that has its words; what may
be about it too (the words stand around it, or nobody knows who speaks) is left unjudged.
"""

from __future__ import annotations

import glob
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.crediting import cue_of, pieces
from assistant.evaluation.drafting.drafts import DraftedQuestion
from assistant.evaluation.drafting.material import Material, ParsedSentence
from assistant.evaluation.drafting.phrases import Phrase, phrases
from index.documents import Span, StatementHit
from index.english.word_lists import PARTICLES, SAID

Said = Callable[[str, str, str | None], Sequence[StatementHit]]
"""(speaker, topic, glob over documents) -> what the index finds that they said on it."""

LEAST_TELLING = 0.4
"""Mean idf of a topic's words as a share of that of the rarest word of the document: below
it (of 9,000 passages about one in 33 has them) they name no topic."""

AS_TELLING_AS_ANY = 0.7
"""The same share, above which a rarer word makes no better topic: slips are the rarest of all."""

LEAST_NAMED, LEAST_NAMED_ALONE = 2, 3
"""Sentences of the document that have a topic's words, of several and of one, unless it is
a name: what is mentioned once is as often a figure of speech ("the gutter") as a topic."""

LONGEST_ACRONYM = 5

MOST_WORDS_OF_GOLD = 120
LEAST_WORDS_OF_GOLD = 5
LEAST_WORDS_OF_SPAN = 4

MOST_GOLD = 4
"""Statements on one topic: more of them, and it is what the whole document is about."""

ALL_WORDS = 0.99
"""Share of a topic's words from which a statement of another document is on it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a statement is about, with the stems of its words; `weight` ranks it."""

    text: str
    words: frozenset[str]
    weight: float


class SpeakerQuestions:
    """The questions about one document's speakers."""

    def __init__(self, material: Material, said: Said) -> None:
        self._material = material
        self._said = said
        self._stems = material.vocabulary.stems
        self._texts = {id(hit): self._stems(hit.text) for hit in material.statements}
        known = material.vocabulary.terms(material.document.text)
        self._rarest = max((term.weight for term in known if term.known), default=1.0)
        self._sentences = [(each, self._stems(each.text)) for each in material.sentences]

    def answered(self) -> Iterator[DraftedQuestion]:
        """One question a speaker by turns, about their most telling topics first."""
        speakers = self._material.speakers
        yield from _by_turns([self._about(name, hits) for name, hits in speakers.items()])

    def unanswered(self) -> Iterator[DraftedQuestion]:
        """About what another speaker spoke of, and this one did not, here or elsewhere."""
        speakers = self._material.speakers
        yield from _by_turns([self._not_about(name, hits) for name, hits in speakers.items()])

    # -- answered ----------------------------------------------------------------

    def _about(self, speaker: str, hits: Sequence[StatementHit]) -> Iterator[DraftedQuestion]:
        if not is_person(speaker):
            return
        for topic in self._topics(speaker, hits):
            gold = self._on(topic, hits)
            if self._is_whole(gold) and 2 * len(gold) <= max(2, len(hits)):
                yield self._answered(speaker, topic, gold)

    def _is_whole(self, gold: Sequence[StatementHit]) -> bool:
        """Is it certain who said each of them, and can they be cited?"""
        words = sum(len(hit.text.split()) for hit in gold)
        fits = LEAST_WORDS_OF_GOLD <= words <= MOST_WORDS_OF_GOLD
        return fits and 0 < len(gold) <= MOST_GOLD and all(map(is_certain, gold))

    def _answered(
        self, speaker: str, topic: Topic, gold: Sequence[StatementHit]
    ) -> DraftedQuestion:
        name = self._name(speaker, gold)
        found = self._said(name, topic.text, None)
        others = [h.source.name for h in found if h.words_inside >= ALL_WORDS]
        return DraftedQuestion(
            "said",
            f"What did {name} say about {topic.text}?",
            self._material.name,
            tuple(hit.statement.content for hit in gold),
            topic.words | self._stems(name),
            speaker=name,
            unjudged=tuple(self._perhaps(speaker, name, topic, gold)),
            other_documents=tuple(dict.fromkeys(n for n in others if n != self._material.name)),
            more={"topic": topic.text, "type": "single" if len(gold) == 1 else "multi"},
        )

    def _perhaps(
        self, speaker: str, name: str, topic: Topic, gold: Sequence[StatementHit]
    ) -> Iterator[tuple[Span, ...]]:
        """What may be about it: other statements of theirs that the index finds, what
        somebody unknown says with its words, and sentences that name both."""
        taken = [span for hit in gold for span in hit.statement.content]
        own = glob.escape(self._material.name)
        found = {hit.statement.content for hit in self._said(name, topic.text, own)}
        found |= {
            hit.statement.content
            for hit in self._material.statements
            if hit.speaker in (None, speaker) and topic.words & self._texts[id(hit)]
        }
        found |= {(each.span,) for each in self._naming(speaker, topic)}
        for spans in sorted(found):
            if not any(one.overlaps(other) for one in spans for other in taken):
                yield spans

    def _naming(self, speaker: str, topic: Topic) -> Iterator[ParsedSentence]:
        surname = self._stems(speaker.rpartition(" ")[2])
        for sentence, stems in self._sentences:
            if topic.words <= stems and surname <= stems:
                yield sentence

    # -- unanswered --------------------------------------------------------------

    def _not_about(self, speaker: str, hits: Sequence[StatementHit]) -> Iterator[DraftedQuestion]:
        if not is_person(speaker) or not any(map(is_certain, hits)):
            return
        name = self._name(speaker, hits)
        for other, theirs in self._material.speakers.items():
            if other != speaker:
                for topic in self._topics(other, theirs):
                    gold = self._on(topic, theirs)
                    if self._is_whole(gold) and self._is_theirs_alone(topic, speaker, gold):
                        yield self._unanswered(name, topic, self._name(other, gold), gold)

    def _is_theirs_alone(self, topic: Topic, speaker: str, gold: Sequence[StatementHit]) -> bool:
        """Do the topic's words stand in nothing that the speaker can be taken to have
        said, nor beside their name?"""
        names = self._stems(speaker)
        spans = [span for hit in gold for span in hit.statement.content]
        theirs = [
            span
            for hit in self._material.statements
            if hit.speaker in (None, speaker)
            for span in hit.statement.content
        ]
        if names & topic.words:
            return False
        for sentence, stems in self._sentences:
            if not topic.words & stems:
                continue
            if not any(map(sentence.span.overlaps, spans)) or stems & names:
                return False
            if any(map(sentence.span.overlaps, theirs)):
                return False
        return not any(hit.words_inside for hit in self._said(speaker, topic.text, None))

    def _unanswered(
        self, name: str, topic: Topic, other: str, gold: Sequence[StatementHit]
    ) -> DraftedQuestion:
        spans = [span for hit in gold for span in hit.statement.content]
        said = [{"start": s.start, "end": s.end} for s in spans]
        return DraftedQuestion(
            "not_said",
            f"What did {name} say about {topic.text}?",
            self._material.name,
            (),
            topic.words | self._stems(name),
            speaker=name,
            more={
                "topic": topic.text,
                "type": "negative",
                "said_by": other,
                "said_by_others": said,
            },
        )

    def _name(self, speaker: str, hits: Sequence[StatementHit]) -> str:
        """As the document has it, where that is more than a surname, points and all."""
        names = [hit.statement.speaker for hit in hits if hit.statement.speaker]
        name = next((name for name in names if " " in name), speaker)
        shape = r"\.?\s+".join(map(re.escape, name.split(" ")))
        printed = re.search(rf"\b{shape}\b", self._material.document.text)
        return " ".join(printed[0].split()) if printed else name

    # -- topics ------------------------------------------------------------------

    def _topics(self, speaker: str, hits: Sequence[StatementHit]) -> list[Topic]:
        """The topics of what they certainly said, the most telling first, each once."""
        found: dict[frozenset[str], Topic] = {}
        for hit in filter(is_certain, hits):
            for phrase in self._phrases(hit):
                topic = self._topic(phrase, speaker)
                if topic is not None:
                    found.setdefault(topic.words, topic)
        return sorted(found.values(), key=lambda topic: -topic.weight)

    def _phrases(self, hit: StatementHit) -> Iterator[Phrase]:
        content = hit.statement.content
        for sentence in self._material.holding(content):
            for phrase in phrases(sentence.grammar, sentence.span.start):
                if any(span.covers(phrase.span) for span in content):
                    yield phrase

    def _topic(self, phrase: Phrase, speaker: str) -> Topic | None:
        shouted = phrase.text.isupper() and len(phrase.text) > LONGEST_ACRONYM
        if phrase.is_indefinite or shouted:
            return None
        text = self._with_its_capitals(phrase)
        terms = self._material.vocabulary.terms(text)
        words = frozenset(term.text for term in terms)
        if not words or words & self._stems(speaker):
            return None
        times = sum(words <= stems for _, stems in self._sentences)
        needed = LEAST_NAMED if len(words) > 1 else LEAST_NAMED_ALONE
        weight = sum(term.weight for term in terms) / len(terms) / self._rarest
        is_name = phrase.is_name and text == phrase.text
        if weight < LEAST_TELLING or not (is_name or times >= needed):
            return None
        return Topic(text, words, min(weight, AS_TELLING_AS_ANY) * math.log2(1 + times))

    def _with_its_capitals(self, phrase: Phrase) -> str:
        """In small letters if the document has the word so: it began a sentence."""
        small = phrase.text.lower()
        inside = re.search(rf"\b{re.escape(small)}\b", self._material.document.text)
        return small if inside else phrase.text

    def _on(self, topic: Topic, hits: Sequence[StatementHit]) -> list[StatementHit]:
        """Those with all of its words; of two that overlap the longer one."""
        having = [hit for hit in hits if topic.words <= self._texts[id(hit)]]
        having.sort(key=lambda hit: -sum(map(len, hit.statement.content)))
        kept: list[StatementHit] = []
        for hit in having:
            if not any(_overlap(hit, other) for other in kept):
                kept.append(hit)
        return sorted(kept, key=lambda hit: hit.statement.content)


def is_certain(hit: StatementHit) -> bool:
    """Is it as good as always a statement of whom it is credited to: named there, and in
    quotation marks or behind a plain verb of saying?"""
    statement = hit.statement
    if statement.negated or statement.hedged or hit.speaker is None:
        return False
    if not _is_printed(hit.as_printed, hit.speaker):
        return False
    if any(len(piece.split()) < LEAST_WORDS_OF_SPAN for piece in pieces(hit)):
        return False
    return statement.speech == "direct" or cue_of(hit).lower() in SAID


def _is_printed(printed: str, speaker: str) -> bool:
    return speaker.rpartition(" ")[2].casefold() in printed.casefold()


def is_person(name: str) -> bool:
    """Can it be asked by name what they said: first name and surname, or an acronym?"""
    words = [word for word in name.split(" ") if not word.islower() or word not in PARTICLES]
    if len(words) == 1:
        return len(name.strip(".")) > 1 and name.isupper()
    return all(word[:1].isupper() and not word.endswith("’s") for word in words)


def _overlap(one: StatementHit, other: StatementHit) -> bool:
    return any(a.overlaps(b) for a in one.statement.content for b in other.statement.content)


def _by_turns(streams: Sequence[Iterator[DraftedQuestion]]) -> Iterator[DraftedQuestion]:
    """The first of each, then the second of each, until all have ended."""
    running = list(streams)
    while running:
        for stream in list(running):
            draft = next(stream, None)
            if draft is None:
                running.remove(stream)
            else:
                yield draft
