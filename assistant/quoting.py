"""Hits to a draft made of exact quotations. No language model.

The sentences that answer best are quoted, each document's in reading order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from assistant.answers import Draft, DraftClaim
from assistant.crediting import credit
from assistant.prompting import fill
from index.documents import Found, Hit, Query, Span
from index.wording import counted

ANSWERABLE_FROM = 0.5
"""Answers below this probability are refused."""

CLOSE = 0.9
"""A further sentence is quoted if its score is at least this share of the best one's."""

MOST_QUOTED = 4

PASSAGE_SHARE = 0.25
"""How much a sentence's passage counts beside the sentence itself."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might be quoted."""

    hit: Hit
    span: Span
    score: float


def quote(query: Query, found: Found) -> Draft:
    """The draft of an answer, or of a refusal with its reason."""
    if not found.hits:
        return Draft("quote", (), _nothing_to_search(query))
    if found.said is not None and (query.asks != "who" or found.said.statements):
        return credit(query, found, found.said)
    if found.answerability < ANSWERABLE_FROM:
        return Draft("quote", (), _nothing_answers(found))
    chosen = _in_reading_order(_choose(found))
    return Draft("quote", tuple(_claim(candidate) for candidate in chosen))


def _choose(found: Found) -> list[Candidate]:
    """The best sentences, best first."""
    ranked = sorted(_candidates(found), key=lambda candidate: -candidate.score)
    enough = CLOSE * ranked[0].score
    return [candidate for candidate in ranked[:MOST_QUOTED] if candidate.score >= enough]


def _candidates(found: Found) -> Iterator[Candidate]:
    for hit in found.hits:
        for evidence in hit.evidence:
            span = _whole_quotation(hit, evidence.span)
            yield Candidate(hit, span, evidence.score + PASSAGE_SHARE * hit.score)


def _in_reading_order(chosen: list[Candidate]) -> list[Candidate]:
    """Document by document, the one with the best sentence first; sentences that
    follow one another become one quotation."""
    documents = list(dict.fromkeys(candidate.hit.source.id for candidate in chosen))
    ordered = sorted(chosen, key=lambda c: (documents.index(c.hit.source.id), c.span.start))
    joined: list[Candidate] = []
    for _, group in groupby(ordered, key=lambda candidate: candidate.hit.source.id):
        first, *rest = group
        joined.append(first)
        for candidate in rest:
            if _adjacent(joined[-1], candidate):
                span = Span(joined[-1].span.start, max(joined[-1].span.end, candidate.span.end))
                joined[-1] = Candidate(joined[-1].hit, span, joined[-1].score)
            else:
                joined.append(candidate)
    return joined


def _adjacent(first: Candidate, second: Candidate) -> bool:
    """Is nothing but white space between them, or do they overlap?"""
    passage = first.hit.passage
    if second.span.end > passage.end:
        return False
    between = passage.text[first.span.end - passage.start : second.span.start - passage.start]
    return not between.strip() and "\n" not in between


def _whole_quotation(hit: Hit, span: Span) -> Span:
    """The span, widened to the sentences that close its straight quotation marks."""
    sentences = hit.passage.sentences
    first = last = next((i for i, s in enumerate(sentences) if s == span), None)
    if first is None or last is None or not _open(hit, span):
        return span
    before = _next_open(hit, range(first - 1, -1, -1))
    after = _next_open(hit, range(last + 1, len(sentences)))
    opens = _opens(hit, span)
    if opens and after is not None:
        return Span(span.start, sentences[after].end)
    if not opens and before is not None:
        return Span(sentences[before].start, span.end)
    return span


def _next_open(hit: Hit, indices: range) -> int | None:
    return next((i for i in indices if _open(hit, hit.passage.sentences[i])), None)


def _open(hit: Hit, span: Span) -> bool:
    """Has it an odd number of straight quotation marks?"""
    return _words(hit, span).count('"') % 2 == 1


def _opens(hit: Hit, span: Span) -> bool:
    """Does its last quotation mark open a quotation: before a word, not after one?"""
    words = _words(hit, span)
    mark = words.rindex('"')
    return mark + 1 < len(words) and not words[mark + 1].isspace()


def _words(hit: Hit, span: Span) -> str:
    return hit.passage.text[span.start - hit.passage.start : span.end - hit.passage.start]


def _claim(candidate: Candidate) -> DraftClaim:
    words = _words(candidate.hit, candidate.span)
    return DraftClaim(words, ((candidate.hit, candidate.span),))


def _nothing_to_search(query: Query) -> str:
    if query.documents is None:
        return fill("nothing_indexed")
    return fill("nothing_in_scope", filter=query.documents)


def _nothing_answers(found: Found) -> str:
    return fill(
        "nothing_answers",
        passages=counted(found.passages_searched, "passage"),
        documents=counted(found.documents_searched, "document"),
    )
