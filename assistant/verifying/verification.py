"""Drafts to answers: the only place that makes an Answer.

Every citation is read again from the document it names; a claim is verbatim when
its words are exactly those of its citations. What a language model wrote is judged
sentence by sentence, as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from assistant.answering.refusing import (
    CONSIDERED,
    Judged,
    answerability,
    noticed,
    refused,
    shown,
)
from assistant.answers import (
    Answer,
    Cell,
    Citation,
    CitedSpeaker,
    Claim,
    Draft,
    DraftClaim,
    JudgedBefore,
    OtherPlace,
    Proposal,
    Refusal,
    Verdict,
    WrittenSentence,
    mark,
)
from assistant.receipts.receipt import Kept
from assistant.verifying.contradictions import find_contradictions
from index.documents import Block, Document, Found, Hit, Query, Said, Span, StatementHit
from index.structure import place_of, rows_in

if TYPE_CHECKING:
    from assistant.verifying.judging import Judge
    from index.search.view import Library

Read = Callable[[str], Document]
"""A document by its id, for the person who asks."""


class Verification:
    """Judges the sentences of one answer in their order, and makes it.

    `judge_of_writing` is needed for what a language model wrote. `strict` leaves out what
    is not supported. The library is asked before each sentence what may be read: one that may
    have words of a document that can no longer be read is left out, and the answer says so.
    Each document is fetched once. `numbers` are those that citations of an earlier answer had.
    """

    def __init__(
        self,
        found: Found,
        query: Query,
        library: Library,
        judge_of_writing: Judge | None = None,
        *,
        strict: bool = False,
        numbers: Mapping[tuple[str, Span], int] | None = None,
    ) -> None:
        self._found, self._query = found, query
        self._read, self._visible = cache(library.document), library.visible
        self._withheld = False
        self._judge_of_writing, self._strict = judge_of_writing, strict
        self._numbers = numbers or {}
        self._citations: dict[tuple[str, Span], Citation] = {}
        self._claims: list[Claim] = []
        self._written: list[Claim | None] = []
        self._was_written = False
        self._given: tuple[Hit, ...] = ()
        self._text = ""

    def judge(self, proposal: Proposal) -> Claim | None:
        """The claim as the reader sees it; None if it is left out. Raises
        DocumentNotFound for a document that goes away at this very moment."""
        sources = _sources_of(proposal)
        if self._visible(sources) != sources:
            self._withheld = True
            return None
        if isinstance(proposal, WrittenSentence):
            claim = self._of_writing(proposal)
            self._written.append(claim)
            self._given = proposal.given
        elif isinstance(proposal, JudgedBefore):
            claim = self._as_judged(proposal)
        else:
            claim = self._of_quotation(proposal)
        if claim is not None:
            self._claims.append(claim)
        return claim

    @property
    def has_support(self) -> bool:
        """Does anything hold of what was judged so far?"""
        return any(claim.verdict != "unsupported" for claim in self._claims)

    def answer(self, draft: Draft) -> Answer:
        """The answer, once every sentence of the draft has been judged."""
        gone = self._gone()
        judged = Judged(self._withheld or bool(gone), self._written)
        claims, citations = self._claims_without(gone)
        found = _without(self._found, gone)
        notice = noticed(draft, judged)
        considered = _kept(draft.considered, gone)
        refusal = replace(draft, reason=refused(draft, notice), considered=considered)
        return Answer(
            query=self._query,
            mode="write" if self._written or self._was_written else "quote",
            claims=claims,
            citations=citations,
            refusal=None if claims else _refusal(refusal, shown(self._query, found), self._read),
            found=found,
            opening="" if judged.withheld else draft.opening,
            notice=notice,
            probability=answerability(found) if draft.probability is None else draft.probability,
            partly=draft.partly,
            contradictions=find_contradictions(citations),
            given=self._given,
        )

    def _gone(self) -> frozenset[str]:
        """Documents that were found or cited and can no longer be read."""
        ids = _found_in(self._found) | {c.source.id for c in self._citations.values()}
        return ids - self._visible(ids)

    def _claims_without(
        self, gone: frozenset[str]
    ) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
        """The claims that rest on none of these documents, and the citations that are in
        none; their numbers stay, for the reader has seen them."""
        lost = {c.number for c in self._citations.values() if c.source.id in gone}
        claims = tuple(claim for claim in self._claims if lost.isdisjoint(claim.citations))
        kept = (c for c in self._citations.values() if c.number not in lost)
        citations = tuple(
            replace(c, also=tuple(place for place in c.also if place.source.id not in gone))
            for c in kept
        )
        return claims, citations

    def _of_writing(self, sentence: WrittenSentence) -> Claim | None:
        if self._judge_of_writing is None:
            raise TypeError("A written sentence has to be judged; this verification has no judge.")
        judgement = self._judge_of_writing.judge(
            sentence, self._text, self._query.standalone_question
        )
        self._text = f"{self._text} {judgement.words}".lstrip()
        if self._strict and judgement.verdict == "unsupported":
            return None
        cited = self._cite(judgement.rests_on)
        numbers = tuple(citation.number for citation in cited)
        words = " ".join([judgement.words, *map(mark, numbers)])
        return Claim(words, numbers, judgement.verdict, judgement.why, cited=cited)

    def _as_judged(self, before: JudgedBefore) -> Claim:
        cited = self._cite(before.rests_on)
        numbers = tuple(citation.number for citation in cited)
        words = " ".join(filter(None, [before.lead, before.text, *map(mark, numbers)]))
        self._was_written = True
        return Claim(words, numbers, before.verdict, before.why, before.lead, cited)

    def _of_quotation(self, claim: DraftClaim) -> Claim:
        cited = self._cite(claim.rests_on, claim.answer)
        numbers = tuple(citation.number for citation in cited)
        in_order = [self._key(found, span) for found, span in claim.rests_on]
        verdict, why = _verdict(claim, [self._citations[key] for key in in_order])
        words = [claim.lead, claim.text, *map(mark, numbers)]
        return Claim(" ".join(filter(None, words)), numbers, verdict, why, claim.lead, cited)

    def _cite(
        self, rests_on: Sequence[tuple[Hit | StatementHit, Span]], answer: Span | None = None
    ) -> tuple[Citation, ...]:
        """The citation of each span, once; the numbers of new ones count up."""
        for found, span in rests_on:
            key = self._key(found, span)
            if key not in self._citations:
                number = self._numbers.get(key, len(self._citations) + 1)
                citation = cite(number, found, span, self._read)
                also = tuple(self._copies(found, span))
                within = answer if answer and span.covers(answer) else None
                self._citations[key] = replace(citation, also=also, answer=within)
        keys = dict.fromkeys(self._key(found, span) for found, span in rests_on)
        return tuple(self._citations[key] for key in keys)

    def _copies(self, cited: Hit | StatementHit, span: Span) -> Iterator[OtherPlace]:
        """Where other documents that were found have the same passage."""
        start = cited.passage.start
        known = {cited.source.id}
        for hit in self._found.hits:
            if hit.passage.text == cited.passage.text and hit.source.id not in known:
                known.add(hit.source.id)
                by = hit.passage.start - start
                there = Span(span.start + by, span.end + by)
                kept = Kept.of(hit.source, there, hit.passage.text, hit.passage.start)
                yield OtherPlace(hit.source, kept)

    @staticmethod
    def _key(found: Hit | StatementHit, span: Span) -> tuple[str, Span]:
        return found.source.id, span


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
    kept = Kept.of(document.source, span, document.text)
    said = hit if isinstance(hit, StatementHit) else None
    return Citation(
        number=number,
        source=document.source,
        span=span,
        quote=kept.quote,
        passage=_around(hit.passage.span, span),
        prefix=kept.prefix,
        suffix=kept.suffix,
        page=document.page_of(span.start),
        place=place_of(document, span.start),
        speaker=CitedSpeaker(said.speaker or said.as_printed, said.as_printed) if said else None,
        speech=said.statement.speech if said else None,
        reported_by=said.statement.reported_by if said else None,
        contradiction=said.statement.contradiction if said else (),
        rows=tuple(_cells(document, row) for row in rows_in(document, span)),
    )


def _cells(document: Document, row: Block) -> tuple[Cell, ...]:
    """Those of a row that have a header."""
    cells = (cell for cell in row.within if "column" in cell.facts)
    text = document.text
    return tuple(
        Cell(cell.facts["column"], cell.span, text[cell.span.start : cell.span.end])
        for cell in cells
    )


def _around(passage: Span, span: Span) -> Span:
    """The passage, as far as the span goes beyond it: a list may go over several."""
    return Span(min(passage.start, span.start), max(passage.end, span.end))


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


# -- without documents that may no longer be read ---------------------------------

AnyHit = TypeVar("AnyHit", Hit, StatementHit, Hit | StatementHit)


def _sources_of(proposal: Proposal) -> frozenset[str]:
    """Ids of the documents that a proposed sentence may have words of: for a written one
    all that the language model was given."""
    if isinstance(proposal, WrittenSentence):
        return frozenset(hit.source.id for hit in proposal.given)
    return frozenset(hit.source.id for hit, _ in proposal.rests_on)


def _found_in(found: Found) -> frozenset[str]:
    """Ids of every document that something was found in."""
    said = found.said
    statements = (*said.statements, *said.nearest, *said.by_others) if said else ()
    return frozenset(hit.source.id for hits in (found.hits, statements) for hit in hits)


def _without(found: Found, gone: frozenset[str]) -> Found:
    """All but what is in these documents."""
    if not gone:
        return found
    said = found.said and _said_without(found.said, gone)
    return replace(found, hits=_kept(found.hits, gone), said=said)


def _kept(hits: Sequence[AnyHit], gone: frozenset[str]) -> tuple[AnyHit, ...]:
    """Those that are in none of these documents."""
    return tuple(hit for hit in hits if hit.source.id not in gone)


def _said_without(said: Said, gone: frozenset[str]) -> Said:
    return replace(
        said,
        statements=_kept(said.statements, gone),
        nearest=_kept(said.nearest, gone),
        by_others=_kept(said.by_others, gone),
    )
