"""Drafts to answers: the only place that makes an Answer.

Every citation is read again from the document it names; a claim is verbatim when
its words are exactly those of its citations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.answers import (
    Answer,
    Citation,
    Claim,
    Draft,
    DraftClaim,
    Refusal,
    Speaker,
    Verdict,
    mark,
)
from assistant.contrasting import contrast
from index.documents import Document, Found, Hit, Query, Span, StatementHit

CONTEXT = 32
"""Characters of prefix and suffix, as W3C's text quote selectors commonly have."""

CONSIDERED = 3
"""Passages that a refusal shows."""

Read = Callable[[str], Document]
"""A document by its id, for the person who asks."""


def verify(draft: Draft, found: Found, query: Query, read: Read) -> Answer:
    """Judge a draft against the documents. Raises DocumentNotFound for one that went
    away meanwhile."""
    citations: dict[tuple[str, Span], Citation] = {}
    claims = tuple(_judge(claim, citations, read) for claim in draft.claims)
    return Answer(
        query=query,
        mode=draft.mode,
        claims=claims,
        citations=tuple(citations.values()),
        refusal=None if claims else _refusal(draft, found, read),
        found=found,
        opening=draft.opening,
        partly=draft.partly,
        contradictions=contrast(tuple(citations.values())),
    )


def _judge(claim: DraftClaim, citations: dict[tuple[str, Span], Citation], read: Read) -> Claim:
    numbers = []
    for hit, span in claim.rests_on:
        key = (hit.source.id, span)
        if key not in citations:
            citations[key] = cite(len(citations) + 1, hit, span, read)
        numbers.append(citations[key].number)
    by_number = {citation.number: citation for citation in citations.values()}
    verdict, why = _verdict(claim, [by_number[number] for number in numbers])
    shown = tuple(dict.fromkeys(numbers))
    words = [claim.lead, claim.text, *map(mark, shown)]
    return Claim(" ".join(filter(None, words)), shown, verdict, why, claim.lead)


def _verdict(claim: DraftClaim, citations: Iterable[Citation]) -> tuple[Verdict, str]:
    quotes = [citation.quote for citation in citations]
    if not quotes:
        return "unsupported", "It names no passage."
    if claim.text != " ".join(quotes):
        return "unsupported", "Its words are not those of the document."
    if any(not _credits(claim.lead, found) for found, _ in claim.rests_on):
        return "unsupported", "It credits somebody else than the document does."
    return "verbatim", ""


def _credits(lead: str, found: Hit | StatementHit) -> bool:
    """Does the lead name whom the document credits, and nobody where it credits nobody?"""
    if isinstance(found, Hit):
        return not lead
    return (found.speaker or found.as_printed) in lead


def cite(number: int, hit: Hit | StatementHit, span: Span, read: Read) -> Citation:
    """A citation of these characters, as the document has them now."""
    document = read(hit.source.id)
    text = document.text
    said = hit if isinstance(hit, StatementHit) else None
    return Citation(
        number=number,
        source=document.source,
        span=span,
        quote=text[span.start : span.end],
        passage=hit.passage.span,
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
        page=hit.page,
        speaker=Speaker(said.speaker or said.as_printed, said.as_printed) if said else None,
        speech=said.statement.speech if said else None,
        reported_by=said.statement.reported_by if said else None,
        contradiction=said.statement.contradiction if said else (),
    )


def _refusal(draft: Draft, found: Found, read: Read) -> Refusal:
    nearest: Sequence[Hit | StatementHit] = draft.considered or found.hits[:CONSIDERED]
    considered = tuple(
        cite(number, hit, _best_span(hit), read) for number, hit in enumerate(nearest, 1)
    )
    counts = {
        "documents_searched": found.documents_searched,
        "passages_searched": found.passages_searched,
        "passages_considered": len(found.hits),
    }
    if found.said is not None:
        counts["statements_considered"] = found.said.considered
        counts["statements_about_it"] = len(found.said.statements)
    return Refusal(draft.reason, considered, counts)


def _best_span(hit: Hit | StatementHit) -> Span:
    """The best sentence of a passage, the first words of a statement."""
    if isinstance(hit, StatementHit):
        return hit.statement.content[0]
    return max(hit.evidence, key=lambda evidence: evidence.score).span
