"""The figures: pure functions of gold, records and texts.

Each question is scored by itself; `figures` puts any number of scores together, so
that a breakdown by kind of question is the same sums over fewer questions.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.evaluation.gold import HALF, Gold, Unit
from assistant.evaluation.questions import Question
from assistant.evaluation.records import Record
from assistant.evaluation.spans import Layout, Place, covered, touching
from index.documents import Span

RECALL_AT = (1, 3, 5, 10)
NDCG_AT = 10

LayoutOf = Callable[[str], Layout]
"""The layout of a document by its name."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Citations read as "the speaker asked about said this", counted."""

    judged: int = 0
    right: int = 0
    statements: int = 0
    found: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """How one question went. `shares` are averaged over questions, the rest is counted."""

    answerable: bool
    abstained: bool
    shares: Mapping[str, float] = field(default_factory=dict)
    attribution: Attribution = Attribution()
    quotes: int = 0
    exact_quotes: int = 0


def score(gold: Gold, record: Record, layout_of: LayoutOf) -> Score:
    """Compare what was done with what is right. An abstention cites nothing."""
    question = gold.question
    cited = () if record.abstained else record.citations
    shares: dict[str, float] = {}
    if gold.units:
        shares |= recall(gold.units, record.retrieved)
        shares[f"ndcg@{NDCG_AT}"] = ndcg(gold.units, record.retrieved, layout_of)
        shares |= sentence_scores(gold, cited, layout_of)
    if question.answerable:
        shares |= answer_scores(question, record)
    return Score(
        answerable=question.answerable,
        abstained=record.abstained,
        shares=shares,
        attribution=attribution(gold, cited),
        quotes=len(cited),
        exact_quotes=0 if record.abstained else record.exact_quotes,
    )


def figures(scores: Iterable[Score]) -> dict[str, float]:
    """Every figure that these questions define, by its name."""
    scores = list(scores)
    values: defaultdict[str, list[float]] = defaultdict(list)
    for each in scores:
        for name, share in each.shares.items():
            values[name].append(share)
    means = {name: sum(shares) / len(shares) for name, shares in values.items()}
    return means | _abstention(scores) | _attribution(scores) | _verbatim(scores)


# -- finding ---------------------------------------------------------------------


def recall(units: Sequence[Unit], retrieved: Sequence[Place]) -> dict[str, float]:
    """The share of the units that the first k passages cover together."""
    return {
        f"evidence_recall@{k}": sum(u.found_by(retrieved[:k]) for u in units) / len(units)
        for k in RECALL_AT
    }


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
    """Count right and wrong citations, where the set has a speaker's statements.

    A citation is right when it supports a statement. Otherwise it is wrong, unless it
    touches something unjudged or lies in a document that the question accepts.
    """
    question = gold.question
    if question.speaker is None or question.statements is None:
        return Attribution()
    right = [any(unit.supports(place) for unit in gold.units) for place in cited]
    wrong = [not ok and not _accepted(gold, p) for ok, p in zip(right, cited, strict=True)]
    return Attribution(
        judged=sum(right) + sum(wrong),
        right=sum(right),
        statements=len(gold.units),
        found=sum(unit.found_by(cited) for unit in gold.units),
    )


def _accepted(gold: Gold, place: Place) -> bool:
    unjudged = [other.span for other in gold.unjudged if other.document == place.document]
    return covered(place.span, unjudged) > 0 or place.document in gold.question.other_documents


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
    groups = question.must_include or ()
    return all(any(_mentions(answer, words) for words in group) for group in groups) and not any(
        re.search(rf"(?<!\w){re.escape(words)}(?!\w)", answer, re.IGNORECASE)
        for words in question.must_not_include
    )


def _mentions(answer: str, words: str) -> bool:
    """Words in capitals stand as they are; others begin a word, in any case."""
    if words.isupper():
        return re.search(rf"\b{re.escape(words)}\b", answer) is not None
    return re.search(rf"(?<!\w){re.escape(words)}", answer, re.IGNORECASE) is not None


# -- counted over all questions --------------------------------------------------


def _abstention(scores: Sequence[Score]) -> dict[str, float]:
    """How well the unanswerable were told from the answerable."""
    answerable = [each.abstained for each in scores if each.answerable]
    unanswerable = [each.abstained for each in scores if not each.answerable]
    caught = sum(unanswerable)
    answered = _share(answerable.count(False), len(answerable))
    share = {"answered_of_answerable": answered} if answerable else {}
    return share | _three(
        "abstention",
        _share(caught, caught + sum(answerable)),
        _share(caught, len(unanswerable)),
    )


def _attribution(scores: Sequence[Score]) -> dict[str, float]:
    counts = [each.attribution for each in scores]
    statements = sum(count.statements for count in counts)
    if not statements:
        return {}
    return _three(
        "attribution",
        _share(sum(count.right for count in counts), sum(count.judged for count in counts)),
        _share(sum(count.found for count in counts), statements),
    )


def _verbatim(scores: Sequence[Score]) -> dict[str, float]:
    """Undefined where nothing is quoted."""
    quotes = sum(each.quotes for each in scores)
    exact = sum(each.exact_quotes for each in scores)
    return {"verbatim_rate": exact / quotes} if quotes else {}


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
