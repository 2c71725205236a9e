"""How one question went: pure functions of gold, record and texts.

Each question is scored by itself; `figures` puts any number of scores together, so
that a breakdown by kind of question is the same sums over fewer questions.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.evaluation.scoring.gold import HALF, Gold, Unit
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.scoring.spans import Boundaries, Place, covered, touching
from assistant.evaluation.sets.questions import Question
from index.documents import Span

RECALL_AT = (1, 3, 5, 10)
NDCG_AT = 10
RR_AT = 10

Standing = Literal["right", "wrong", "unjudged"]

LayoutOf = Callable[[str], Boundaries]
"""The layout of a document by its name."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Citations read as "this is the evidence" (for a question after somebody's words:
    "the speaker asked about said this"), counted."""

    judged: int = 0
    right: int = 0
    statements: int = 0
    found: int = 0


@dataclass(frozen=True, slots=True)
class Speakers:
    """Citations of words whose speaker is known, and those of the right one; the
    `others` whose words were cited or who were credited, by name."""

    known: int = 0
    right: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went. `shares` are averaged over questions, the rest is counted.

    `relevant` says of each of the first passages whether it holds evidence by itself.
    `citing` counts all citations, `attribution` those of questions after somebody's
    words; `speakers` whose words were cited, `credits` who was named beside them.
    """

    answerable: bool
    abstained: bool
    shares: Mapping[str, float] = field(default_factory=dict)
    attribution: Attribution = Attribution()
    quotes: int = 0
    exact_quotes: int = 0
    citing: Attribution = Attribution()
    speakers: Speakers = Speakers()
    credits: Speakers = Speakers()
    marks: int = 0
    dangling: int = 0
    relevant: tuple[bool, ...] = ()

    @property
    def first_rank(self) -> int | None:
        """The rank of the first passage with evidence, from 1."""
        return self.relevant.index(True) + 1 if any(self.relevant) else None


def score_all(
    gold: Iterable[Gold], records: Iterable[Record], layout_of: LayoutOf
) -> tuple[Score, ...]:
    """The score of each question."""
    return tuple(score(g, r, layout_of) for g, r in zip(gold, records, strict=True))


def score(gold: Gold, record: Record, layout_of: LayoutOf) -> Score:
    """Compare what was done with what is right. An abstention cites nothing."""
    question = gold.question
    cited = () if record.abstained else record.citations
    citing = count_citations(gold, cited)
    relevant = [holds_evidence(gold, place) for place in record.retrieved[:RR_AT]]
    shares: dict[str, float] = {}
    if gold.units:
        shares[f"mrr@{RR_AT}"] = reciprocal_rank(relevant)
        shares |= recall(gold.units, record.retrieved)
        shares[f"ndcg@{NDCG_AT}"] = ndcg(gold.units, record.retrieved, layout_of)
        shares |= sentence_scores(gold, cited, layout_of)
    shares |= citation_scores(citing)
    if question.answerable:
        shares |= answer_scores(question, record)
    checked = record.exact_quotes is not None and not record.abstained
    return Score(
        answerable=question.answerable,
        abstained=record.abstained,
        shares=shares | {name: v for name, v in record.judged.items() if v is not None},
        attribution=attribution(gold, cited),
        quotes=len(cited) if checked else 0,
        exact_quotes=(record.exact_quotes or 0) if checked else 0,
        citing=citing,
        speakers=whose_words(gold, cited),
        credits=credited(gold, cited, record.credited),
        marks=0 if record.abstained else record.marks,
        dangling=0 if record.abstained else record.dangling,
        relevant=tuple(relevant),
    )


# -- finding ---------------------------------------------------------------------


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """1 / the rank of the first relevant passage, best first; 0 if none is."""
    return 1 / (relevant.index(True) + 1) if any(relevant) else 0.0


def recall(units: Sequence[Unit], retrieved: Sequence[Place]) -> dict[str, float]:
    """The share of the units that the first k passages cover together."""
    return {
        f"evidence_recall@{k}": sum(u.found_by(retrieved[:k]) for u in units) / len(units)
        for k in RECALL_AT
    }


def holds_evidence(gold: Gold, passage: Place) -> bool:
    """Does the passage by itself cover enough of one piece of evidence: all of an answer
    span, half of a statement's or another piece's span?"""
    return any(
        passage.document == place.document
        and covered(place.span, [passage.span]) >= unit.share * len(place.span)
        for unit in gold.units
        for place in unit.places
    )


def ndcg(units: Sequence[Unit], retrieved: Sequence[Place], layout_of: LayoutOf) -> float:
    """Gain 1 for each paragraph with gold evidence, discounted by log2(rank + 1).

    A paragraph is credited once, at the rank at which the passages so far cover half
    of its evidence together; a question of alternatives has one paragraph, credited
    when one alternative is wholly covered. Passages are not paragraphs, so one
    passage may earn several: the sum is cut at that of the ideal order.
    """
    wanted = _by_paragraph(units, layout_of)
    ideal = sum(_discount(rank) for rank in range(1, min(NDCG_AT, len(wanted)) + 1))
    gained = 0.0
    for rank in range(1, min(NDCG_AT, len(retrieved)) + 1):
        missing = [unit for unit in wanted if not unit.found_by(retrieved[:rank])]
        gained += (len(wanted) - len(missing)) * _discount(rank)
        wanted = missing
    return min(1.0, gained / ideal)


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)


def _by_paragraph(units: Sequence[Unit], layout_of: LayoutOf) -> list[Unit]:
    """The evidence as one unit a paragraph, cut at the paragraphs' ends."""
    pieces: defaultdict[tuple[str, int], list[Span]] = defaultdict(list)
    for unit in units:
        if unit.share != HALF:
            return list(units)
        paragraphs = layout_of(unit.document).paragraphs
        for place in unit.places:
            for index in touching(paragraphs, place.span):
                piece = _overlap(place.span, paragraphs[index])
                pieces[unit.document, index].append(piece)
    return [Unit(document, (tuple(spans),)) for (document, _), spans in pieces.items()]


def _overlap(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))


# -- citing ----------------------------------------------------------------------


def sentence_scores(gold: Gold, cited: Sequence[Place], layout_of: LayoutOf) -> dict[str, float]:
    """Precision, recall and F1 of the sentences cited against those with evidence.

    Unjudged and optional sentences are left out of precision. A citation of another
    document counts as one wrong sentence, unless the question accepts that document.
    """
    right = _touched((p for unit in gold.units for p in unit.places), layout_of)
    free = _touched((*gold.unjudged, *gold.optional), layout_of) - right
    accepted = gold.documents | gold.question.other_documents
    elsewhere = sum(place.document not in accepted for place in cited)
    shown = _shown([p for p in cited if p.document in gold.documents], layout_of) - free
    hits, claimed = len(shown & right), len(shown) + elsewhere
    precision, recalled = _share(hits, claimed), _share(hits, len(right))
    return _three("sentence", precision, recalled)


Sentences = set[tuple[str, int]]
"""Sentences by their document's name and their number in it."""


def _touched(places: Iterable[Place], layout_of: LayoutOf) -> Sentences:
    return {
        (place.document, index)
        for place in places
        for index in touching(layout_of(place.document).sentences, place.span)
    }


def _shown(cited: Sequence[Place], layout_of: LayoutOf) -> Sentences:
    """Sentences that citations cover by half together, or that hold one of them."""
    shown: Sentences = set()
    for document, index in _touched(cited, layout_of):
        sentence = layout_of(document).sentences[index]
        spans = [place.span for place in cited if place.document == document]
        inside = any(sentence.covers(span) and span.start < span.end for span in spans)
        if inside or covered(sentence, spans) >= HALF * len(sentence):
            shown.add((document, index))
    return shown


def attribution(gold: Gold, cited: Sequence[Place]) -> Attribution:
    """Count right and wrong citations, where the set has a speaker's statements."""
    return count_citations(gold, cited) if gold.attributes else Attribution()


def count_citations(gold: Gold, cited: Sequence[Place]) -> Attribution:
    """Count right and wrong citations, and pieces of evidence that were cited.

    A citation is right when it supports a piece. Otherwise it is wrong, unless it
    touches something unjudged or optional or lies in a document that the question
    accepts. Every citation in an answer to an unanswerable question is wrong.
    """
    standings = Counter(standing(gold, place) for place in cited)
    return Attribution(
        judged=standings["right"] + standings["wrong"],
        right=standings["right"],
        statements=len(gold.units),
        found=sum(unit.found_by(cited) for unit in gold.units),
    )


def standing(gold: Gold, place: Place) -> Standing:
    """What a citation of this place is, by itself."""
    if any(unit.supports(place) for unit in gold.units):
        return "right"
    return "unjudged" if _accepted(gold, place) else "wrong"


def citation_scores(citing: Attribution) -> dict[str, float]:
    """Precision: the share of right ones among an answer's judged citations, its mean over
    the answers that have any. Recall: the share of the pieces of evidence that are cited,
    its mean over answerable questions."""
    precision = {"citation_precision": citing.right / citing.judged} if citing.judged else {}
    recalled = {"citation_recall": citing.found / citing.statements} if citing.statements else {}
    return precision | recalled


def whose_words(gold: Gold, cited: Sequence[Place]) -> Speakers:
    """How many of the citations that touch statements with known speakers touch one of
    the speaker asked about. Only in the question's document, for which they are known."""
    if not gold.attributes:
        return Speakers()
    touched = [names for place in cited if (names := _speakers_at(gold, place))]
    wrong = [sorted(names) for names in touched if gold.question.speaker not in names]
    others = tuple(dict.fromkeys(name for names in wrong for name in names))
    return Speakers(len(touched), len(touched) - len(wrong), others)


def _speakers_at(gold: Gold, place: Place) -> set[str]:
    return {
        annotation.speaker
        for annotation in gold.said
        if place.document == annotation.document and covered(place.span, annotation.spans) > 0
    }


def credited(gold: Gold, cited: Sequence[Place], names: Sequence[str | None]) -> Speakers:
    """How many of the citations of known words that name a speaker name the right one.

    Known are the words of annotated statements, else the evidence of a question with a
    speaker. A part of a name ("Rahmon") is right for all of it ("Emomali Rahmon").
    """
    known = [
        (name, speakers)
        for place, name in zip(cited, names, strict=False)
        if name and (speakers := _known_speakers(gold, place))
    ]
    others = tuple(name for name, speakers in known if not any(_same(name, s) for s in speakers))
    return Speakers(len(known), len(known) - len(others), tuple(dict.fromkeys(others)))


def _known_speakers(gold: Gold, place: Place) -> set[str]:
    speaker = gold.question.speaker
    if speaker and any(unit.supports(place) for unit in gold.units):
        return _speakers_at(gold, place) | {speaker}
    return _speakers_at(gold, place) if gold.attributes else set()


def _same(one: str, other: str) -> bool:
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return words <= others or others <= words


def _accepted(gold: Gold, place: Place) -> bool:
    free = [p.span for p in (*gold.unjudged, *gold.optional) if p.document == place.document]
    return covered(place.span, free) > 0 or place.document in gold.question.other_documents


# -- answering -------------------------------------------------------------------


def answer_scores(question: Question, record: Record) -> dict[str, float]:
    """What the question lets be said about the answer's words; 0 for an abstention."""
    shares = {}
    if question.paragraph is not None:
        shares["token_f1"] = token_f1(record.answer, question.answers)
    if question.must_include is not None:
        shares["key_facts"] = float(has_key_facts(question, record.answer))
    return dict.fromkeys(shares, 0.0) if record.abstained else shares


def token_f1(answer: str, right: Iterable[str]) -> float:
    """F1 of the words shared with the right answer that it is most like.

    Words are compared as SQuAD does: in lower case, without punctuation and articles.
    """
    words = _words(answer)
    return max((_overlap_f1(words, _words(each)) for each in right), default=0.0)


def _words(text: str) -> list[str]:
    bare = re.sub(r"[^\w\s]", "", text.lower())
    return re.sub(r"\b(?:a|an|the)\b", " ", bare).split()


def _overlap_f1(words: list[str], right: list[str]) -> float:
    shared = sum((Counter(words) & Counter(right)).values())
    if not shared:
        return float(words == right)
    return _f1(shared / len(words), shared / len(right))


def has_key_facts(question: Question, answer: str) -> bool:
    """Does it hold one of each group of words, and none that it must not?"""
    return not missing_facts(question, answer) and not any(
        mentions(answer, words) for words in question.must_not_include
    )


def missing_facts(question: Question, answer: str) -> list[tuple[str, ...]]:
    """The groups of words of which the answer holds none."""
    groups = question.must_include or ()
    return [group for group in groups if not any(_begins(answer, words) for words in group)]


def mentions(answer: str, words: str) -> bool:
    """Do the words stand in it by themselves, in any case?"""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", answer, re.IGNORECASE) is not None


def _begins(answer: str, words: str) -> bool:
    """Words in capitals stand as they are; others begin a word, in any case."""
    if words.isupper():
        return re.search(rf"\b{re.escape(words)}\b", answer) is not None
    return re.search(rf"(?<!\w){re.escape(words)}", answer, re.IGNORECASE) is not None


# -- arithmetic ------------------------------------------------------------------


def _three(name: str, precision: float, recalled: float) -> dict[str, float]:
    return {
        f"{name}_precision": precision,
        f"{name}_recall": recalled,
        f"{name}_f1": _f1(precision, recalled),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(precision: float, recalled: float) -> float:
    both = precision + recalled
    return 2 * precision * recalled / both if both else 0.0
