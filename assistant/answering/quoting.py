"""Hits to a draft made of exact quotations. No language model.

The sentences that answer best are quoted, best first, each with what belongs to it in its
document; the parts of a question one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.alternatives import alternatives
from assistant.answering.choosing import (
    FURTHER,
    MOST_LISTED,
    MOST_QUOTED,
    Choosing,
    MayAnswer,
    Quotable,
)
from assistant.answering.crediting import credit
from assistant.answering.gathering import Gathered, gather, to_be_counted
from assistant.answering.in_place.authors import author
from assistant.answering.in_place.comments import (
    commented,
    with_footnotes,
    with_their_footnotes,
)
from assistant.answering.in_place.mails import from_head
from assistant.answering.in_place.mails import may_answer as head_may_answer
from assistant.answering.marking import answer_in
from assistant.answering.refusing import (
    CONSIDERED,
    Case,
    Decision,
    decide,
    is_foreign,
    knows_languages,
    missing_parts,
)
from assistant.answering.summarising import summarise
from assistant.answering.units import Layouts, Read
from assistant.answers import ANSWERABLE_FROM, Draft, DraftClaim
from assistant.languages.prompting import fill
from index.documents import Evidence, Found, Hit, Query, Said, Span, StatementHit
from index.english.kinds import ASKS_FOR
from index.english.spelling import telling
from index.search.who_said import about_topic

COVERED = 0.5
"""The share of its words that a passage is taken to have of a question in another language. By
their cosines with the best sentence, .83 of the questions in German on xquad's English documents
are then answered, and .09 of those on documents that are left out; in Russian .69 and .04, in
Chinese .42 and none."""

NEXT_BEST, RUNNERS_UP = 0.75, 6
"""The share of the best sentence's score from which the next is tried where the best may not
answer, and how many are. Chosen, not fitted. Tried wherever the best is refused, it answers .90
instead of .89 of tests.benchmarks.context and refuses .45 instead of .49, with no fact more."""

NAME_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Means:
    """What quoting needs beside a question and what was found: the documents' layouts, and the
    probability below which a question is refused."""

    layouts: Layouts
    answer_from: float


def quote(query: Query, found: Found, read: Read, answer_from: float = ANSWERABLE_FROM) -> Draft:
    """The draft of an answer, or of a refusal with its reason. `read` gives the documents that
    were found; what is less probable than `answer_from` is refused. Where the question seems to
    be in another language than they are, that is said."""
    if not is_foreign(query, found):
        return _quote(query, found, read, answer_from)
    draft = _quote(query, _as_if_in_theirs(found), read, answer_from)
    if not draft.claims:
        return draft
    return replace(draft, opening=" ".join(filter(None, [fill("in_theirs"), draft.opening])))


def _as_if_in_theirs(found: Found) -> Found:
    """That the documents lack the words of another language is no sign, for a model that knows
    both."""
    if found.signs is None or not knows_languages(found):
        return found
    hits = tuple(
        replace(hit, signs=hit.signs._replace(coverage=COVERED)) if hit.signs else hit
        for hit in found.hits
    )
    return replace(
        found,
        hits=hits,
        absent=(),
        signs=found.signs._replace(coverage=COVERED),
    )


def _quote(query: Query, found: Found, read: Read, answer_from: float) -> Draft:
    means = Means(Layouts(read), answer_from)
    if query.shape == "summary":
        summary = summarise(query, found, means.layouts)
        if summary is not None:
            return summary
    if found.parts:
        return _part_by_part(query, found, means)
    in_place = _in_place(query, found, means.layouts)
    if in_place is not None:
        return in_place
    decision = decide(Case(query, found))
    if decision.outcome == "refused":
        return Draft("quote", (), decision.words)
    if query.follow == "more":
        return _more(query, found, means)
    draft = _answer(query, found, means)
    if query.follow == "where" and draft.claims:
        return replace(draft, opening=_where(draft))
    return draft


def _in_place(query: Query, found: Found, layouts: Layouts) -> Draft | None:
    """What stands in a place of its own, such as the head of a mail, if that is asked for."""
    if query.follow:
        return None
    drafts = (ask(query, found, layouts) for ask in (from_head, commented, author))
    return next((draft for draft in drafts if draft is not None), None)


def _part_by_part(query: Query, found: Found, means: Means) -> Draft:
    """Each part answered by itself; what none of the documents say is named."""
    drafts = {
        part: _answer(replace(query, standalone_question=part), each, means)
        for part, each in zip(query.parts, found.parts, strict=True)
    }
    every = (claim for draft in drafts.values() for claim in draft.claims)
    claims = {(found.source.id, span): claim for claim in every for found, span in claim.rests_on}
    lacking = [part for part, draft in drafts.items() if not draft.claims]
    if not claims:
        return Draft("quote", (), next(iter(drafts.values())).reason)
    openings = [draft.opening for draft in drafts.values() if draft.opening]
    said = " ".join(dict.fromkeys([*missing_parts(lacking), *openings]))
    partly = bool(lacking) or any(draft.partly for draft in drafts.values())
    return Draft("quote", tuple(claims.values()), opening=said, partly=partly)


def _answer(query: Query, found: Found, means: Means) -> Draft:
    said = found.said
    if said is None:
        return _from_passages(query, found, means)
    if said.statements:
        return credit(query, found, said)
    if query.asks == "did" or (query.speaker and query.is_foreign):
        return _done(query, found, said, means)
    if query.asks in ("said", "whether"):
        return credit(query, found, said)
    return _from_passages(query, found, means)


def _done(query: Query, found: Found, said: Said, means: Means) -> Draft:
    """What somebody did, from passages that name them; never another one's words. Else
    what they said that is like it."""
    draft = _from_passages(query, found, means, lambda c: _is_about_asked(c, query, said))
    if draft.claims or not said.speakers:
        return draft
    near = tuple(about_topic(said.nearest)) if query.asks == "did" else ()
    return credit(query, found, replace(said, statements=near))


def _is_about_asked(candidate: Quotable, query: Query, said: Said) -> bool:
    """Is it no other speaker's, and in a passage with a word of the asked one's name?"""
    named = NAME_WORD.findall(" ".join([query.speaker or "", *_surnames(said)]).lower())
    text = candidate.hit.passage.text.lower()
    names = not said.speakers or any(word in text for word in named)
    return names and not any(_is_of(other, candidate) for other in said.by_others)


def _surnames(said: Said) -> list[str]:
    """Which the question may have in another script."""
    return [name.rpartition(" ")[2] for name in said.speakers]


def _is_of(other: StatementHit, candidate: Quotable) -> bool:
    same = other.source.id == candidate.hit.source.id
    return same and any(span.overlaps(candidate.span) for span in other.statement.content)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What would be quoted for the sentences that were chosen, and whether it answers."""

    chosen: Sequence[Quotable]
    gathered: Gathered | None
    whole: Sequence[Quotable]
    case: Case
    decision: Decision

    @property
    def is_refused(self) -> bool:
        return self.decision.outcome == "refused"


def _from_passages(query: Query, found: Found, means: Means, may_answer: MayAnswer = bool) -> Draft:
    """The best sentences, of those that may answer, with what belongs to them; if they do not
    answer, and the very best may not, the next best that lacks nothing of what is asked."""
    choosing = Choosing(query, found, means.layouts)
    asks_for = ASKS_FOR.search(query.standalone_question) is not None
    asked = telling(query.standalone_question)

    def may(candidate: Quotable) -> bool:
        hit, span = candidate.hit, candidate.span
        adds = not asks_for or means.layouts.of(hit).adds_to(span, asked)
        fits = head_may_answer(hit, span, query.standalone_question, means.layouts)
        return adds and fits and may_answer(candidate)

    chosen = choosing.choose(may, many=query.shape == "list")
    attempt = first = _attempt(choosing, chosen, may, found, means)
    is_passed_over = bool(choosing.ranked) and not may(choosing.ranked[0])
    if first.is_refused and query.shape == "sentence" and is_passed_over:
        others = (each for each in _next_best(choosing, first.chosen) if may(each))
        tried = (_attempt(choosing, [other], may, found, means) for other in others)
        attempt = next((each for each in tried if not each.is_refused), first)
    if attempt.is_refused:
        considered = _considered(attempt.whole, found, means.layouts)
        reason, probability = attempt.decision.words, attempt.case.probability
        return Draft("quote", (), reason, considered=considered, probability=probability)
    return _told(query, attempt, choosing, means.layouts)


def _next_best(choosing: Choosing, chosen: Sequence[Quotable]) -> Iterator[Quotable]:
    """Sentences not far behind the best that have the kind of answer and lack nothing that the
    question insists on."""
    best = max((each.score for each in choosing.ranked), default=0.0)
    for each in choosing.ranked[:RUNNERS_UP]:
        fits = (
            each.score >= NEXT_BEST * best and each not in chosen and choosing.has_the_kind([each])
        )
        if fits and not choosing.matching.lacking(choosing.told(each)):
            yield each


def _attempt(
    choosing: Choosing,
    chosen: Sequence[Quotable],
    may: MayAnswer,
    found: Found,
    means: Means,
) -> _Attempt:
    query = choosing.query
    gathered = gather(query, choosing, may) if chosen else None
    if gathered is not None:
        alone = list(gathered.quoted)
    else:
        alone = _joined([choosing.with_the_rest(each) for each in chosen], means.layouts)
    about = telling(query.standalone_question)
    whole = with_footnotes(alone, means.layouts, about, choosing.kind)
    is_counted = (
        gathered.is_of_what_is_counted if gathered else _are_counted(query, choosing, chosen)
    )
    if not is_counted and not choosing.has_the_kind(whole):
        chosen, whole = [], []
    hits = [each.hit for each in (*chosen, *(each for each in whole if each not in alone))]
    told = with_their_footnotes(choosing.told(whole[0]), whole, means.layouts) if whole else None
    case = Case(query, found, hits, None, choosing.kind, told, means.answer_from)
    return _Attempt(chosen, gathered, whole, case, decide(case))


def _told(query: Query, attempt: _Attempt, choosing: Choosing, layouts: Layouts) -> Draft:
    """The draft of an answer, or of a part of one."""
    whole = attempt.whole
    asks_alone = query.shape == "sentence" and not query.behind
    of_others = _of_others(whole, choosing, layouts) if asks_alone else None
    if of_others is not None:
        whole = [*whole, *of_others.quoted]
    if query.shape == "list":
        whole = sorted(whole, key=lambda candidate: (candidate.hit.source.name, candidate.span))
    claims = tuple(_marked(_claim(candidate, layouts), choosing) for candidate in whole)
    how_many = _how_many(query, attempt.gathered, attempt.chosen)
    of_whom = of_others.words if of_others else ""
    opening = " ".join(filter(None, [attempt.decision.words, of_whom, how_many]))
    partly = attempt.decision.outcome == "partly"
    return Draft("quote", claims, "", opening, partly, probability=attempt.case.probability)


def _are_counted(query: Query, choosing: Choosing, chosen: Sequence[Quotable]) -> bool:
    """Are these several sentences, each of one of the things that are to be counted?"""
    what = to_be_counted(query.standalone_question)
    each_is = all(what <= telling(choosing.words(candidate)) for candidate in chosen)
    return bool(what) and len(chosen) > 1 and each_is


def _how_many(query: Query, gathered: Gathered | None, chosen: Sequence[Quotable]) -> str:
    """How many there are, if that is asked, or if not all of them are quoted."""
    if query.shape != "list":
        return ""
    if gathered is None:
        return fill("may_be_more", shown=MOST_LISTED) if len(chosen) == MOST_LISTED else ""
    if gathered.is_cut:
        return fill("first_listed", shown=len(gathered.quoted), items=gathered.items)
    is_told = gathered.is_of_what_is_counted and gathered.items > 1
    return fill("listed", items=gathered.items) if is_told else ""


@dataclass(frozen=True, slots=True)
class _OfOthers:
    """What is said for others than those for whom the best sentence holds, and who they are."""

    words: str
    quoted: Sequence[Quotable]


def _of_others(whole: Sequence[Quotable], choosing: Choosing, layouts: Layouts) -> _OfOthers | None:
    best = whole[0]
    found = alternatives(layouts.of(best.hit), best.span, telling(choosing.query.question))
    if found is None:
        return None
    spans = {candidate.span for candidate in whole}
    quoted = [
        replace(best, span=span) for _, span in found.others if not any(map(span.overlaps, spans))
    ]
    others = "; ".join(heading for heading, _ in found.others)
    return _OfOthers(fill("for_others", of=found.of, others=others), quoted)


def _considered(whole: Sequence[Quotable], found: Found, layouts: Layouts) -> tuple[Hit, ...]:
    """What the documents do say: what would have been quoted first, and the other best passages."""
    nearest = [_saying(candidate, layouts) for candidate in whole[:1]]
    places = {(hit.source.id, hit.passage.start) for hit in nearest}
    others = (hit for hit in found.hits if (hit.source.id, hit.passage.start) not in places)
    return (*nearest, *others)[:CONSIDERED]


def _saying(candidate: Quotable, layouts: Layouts) -> Hit:
    words = layouts.of(candidate.hit).words(candidate.span)
    return replace(candidate.hit, evidence=(Evidence(candidate.span, words, candidate.score),))


def _marked(claim: DraftClaim, choosing: Choosing) -> DraftClaim:
    """With the words that answer by themselves, if that is certain."""
    found = answer_in(claim.text, choosing.kind, choosing.query.standalone_question)
    if found is None:
        return claim
    start = claim.rests_on[0][1].start
    return replace(claim, answer=Span(start + found.start, start + found.end))


def _more(query: Query, found: Found, means: Means) -> Draft:
    """What else there is: the same search without what was said before."""
    said = found.said
    choosing = Choosing(query, found, means.layouts)
    if said is not None and said.statements:
        new = tuple(hit for hit in said.statements if not choosing.was_said(hit.text))
        decision = decide(Case(query, found, statements=new))
        if decision.outcome == "refused":
            return Draft("quote", (), decision.words)
        return credit(query, found, replace(said, statements=new))
    if query.asks in ("said", "whether"):
        return _answer(query, found, means)
    enough = FURTHER * choosing.ranked[0].score if choosing.ranked else 0.0
    fresh = [
        candidate
        for candidate in choosing.ranked
        if candidate.score >= enough and not choosing.was_said(choosing.words(candidate))
    ]
    hits = [candidate.hit for candidate in fresh]
    decision = decide(Case(query, found, hits, answer_from=means.answer_from))
    if decision.outcome == "refused":
        return Draft("quote", (), decision.words)
    chosen = _joined(fresh[:MOST_QUOTED], means.layouts)
    return Draft("quote", tuple(_claim(candidate, means.layouts) for candidate in chosen))


def _where(draft: Draft) -> str:
    """Which documents the answer is from, by title and name."""
    sources = dict.fromkeys(found.source for claim in draft.claims for found, _ in claim.rests_on)
    names = [s.title if s.title == s.name else f"{s.title} ({s.name})" for s in sources]
    return fill("where", documents="; ".join(names))


def _joined(chosen: Sequence[Quotable], layouts: Layouts) -> list[Quotable]:
    """Best first; sentences that follow one another become one quotation, in the place of the
    better one."""
    joined: list[Quotable] = []
    in_order = sorted(chosen, key=lambda c: (c.hit.source.id, c.span.start))
    for candidate in in_order:
        last = joined[-1] if joined else None
        if last is not None and _adjacent(last, candidate, layouts):
            span = Span(last.span.start, max(last.span.end, candidate.span.end))
            joined[-1] = replace(last, span=span, score=max(last.score, candidate.score))
        else:
            joined.append(candidate)
    return sorted(joined, key=lambda c: -c.score)


def _adjacent(first: Quotable, second: Quotable, layouts: Layouts) -> bool:
    """Is nothing but white space between them on their line, or do they overlap?"""
    if first.hit.source.id != second.hit.source.id:
        return False
    between = layouts.of(first.hit).words(Span(first.span.end, second.span.start))
    return not between.strip() and "\n" not in between


def _claim(candidate: Quotable, layouts: Layouts) -> DraftClaim:
    words = layouts.of(candidate.hit).words(candidate.span)
    return DraftClaim(words, ((candidate.hit, candidate.span),))
