"""Hits to a draft made of exact quotations. No language model.

The sentences that answer best are quoted, each document's in reading order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice

from assistant.answering.crediting import credit
from assistant.answering.refusing import NEAR, Case, decide
from assistant.answers import Draft, DraftClaim
from assistant.prompting import fill
from index.documents import Found, Hit, Query, Said, Span, StatementHit
from index.english.kinds import Kind, expected
from index.english.lexicon import SAME_SUBJECT
from index.english.spelling import one_spelling, telling
from index.search.who_said import about_topic

CLOSE = 0.9
"""A further sentence is quoted if its score is at least this share of the best one's."""

FURTHER = 0.75
"""The same for a sentence that is given when somebody asks what else there is. Chosen,
not fitted."""

MOST_QUOTED = 4

GOES_ON = re.compile(rf"\W*(?:{'|'.join(SAME_SUBJECT)})\b", re.I)

NAME_WORD = re.compile(r"\w{4,}")

LONGEST_LABEL = 2
"""Words. Shorter ones hold no answer: "3.", "Home office."."""

LONGEST_REPLY = 3
"""Sentences that are quoted of what follows a question or a heading."""

BEHIND_A_QUESTION = " *_”’\"')»"

PASSAGE_SHARE = 0.25
"""How much a sentence's passage counts beside the sentence itself."""


@dataclass(frozen=True, slots=True)
class QuotableSentence:
    """A sentence that might be quoted."""

    hit: Hit
    span: Span
    score: float


def quote(query: Query, found: Found) -> Draft:
    """The draft of an answer, or of a refusal with its reason."""
    decision = decide(Case(query, found))
    if decision.outcome == "refused":
        return Draft("quote", (), decision.words)
    if query.follow == "more":
        return _more(query, found)
    draft = _answer(query, found)
    if query.follow == "where" and draft.claims:
        return replace(draft, opening=_where(draft))
    return draft


def _answer(query: Query, found: Found) -> Draft:
    said = found.said
    if said is not None and (said.statements or query.asks in ("said", "whether")):
        return credit(query, found, said)
    if query.asks == "did" and said is not None:
        return _done(query, found, said)
    return _from_passages(query, found)


def _done(query: Query, found: Found, said: Said) -> Draft:
    """What somebody did, from passages that name them; never another one's words. Else
    what they said that is like it."""
    draft = _from_passages(query, found, lambda c: _is_about_asked(c, query, said))
    if draft.claims or not said.speakers:
        return draft
    return credit(query, found, replace(said, statements=tuple(about_topic(said.nearest))))


def _is_about_asked(candidate: QuotableSentence, query: Query, said: Said) -> bool:
    """Is it no other speaker's, and in a passage with a word of the asked one's name?"""
    named = NAME_WORD.findall((query.speaker or "").lower())
    text = candidate.hit.passage.text.lower()
    names = not said.speakers or any(word in text for word in named)
    return names and not any(_is_of(other, candidate) for other in said.by_others)


def _is_of(other: StatementHit, candidate: QuotableSentence) -> bool:
    same = other.source.id == candidate.hit.source.id
    return same and any(span.overlaps(candidate.span) for span in other.statement.content)


def _from_passages(
    query: Query, found: Found, may_answer: Callable[[QuotableSentence], bool] = bool
) -> Draft:
    """The best sentences, of those that may answer."""
    kind = expected(query.standalone_question)
    chosen = _choose(found, kind, may_answer)
    decision = decide(Case(query, found, [candidate.hit for candidate in chosen], kind=kind))
    if decision.outcome == "refused":
        return Draft("quote", (), decision.words)
    whole = [_with_the_rest(candidate, query.standalone_question) for candidate in chosen]
    claims = tuple(_claim(candidate) for candidate in _in_reading_order(whole))
    return Draft("quote", claims, opening=decision.words, partly=decision.outcome == "partly")


def _more(query: Query, found: Found) -> Draft:
    """What else there is: the same search without what was said before."""
    said = found.said
    if said is not None and said.statements:
        new = tuple(hit for hit in said.statements if not _was_said(hit.text, query))
        decision = decide(Case(query, found, statements=new))
        if decision.outcome == "refused":
            return Draft("quote", (), decision.words)
        return credit(query, found, replace(said, statements=new))
    if query.asks in ("said", "whether"):
        return _answer(query, found)
    candidates = sorted(_candidates(found), key=lambda candidate: -candidate.score)
    enough = FURTHER * candidates[0].score
    fresh = [
        candidate
        for candidate in candidates
        if candidate.score >= enough and not _was_said(_words(candidate.hit, candidate.span), query)
    ]
    decision = decide(Case(query, found, [candidate.hit for candidate in fresh]))
    if decision.outcome == "refused":
        return Draft("quote", (), decision.words)
    chosen = _in_reading_order(fresh[:MOST_QUOTED])
    return Draft("quote", tuple(_claim(candidate) for candidate in chosen))


def _was_said(words: str, query: Query) -> bool:
    """Does it stand in the conversation, whatever the white space?"""
    return "".join(words.split()) in "".join(query.seen.split())


def _where(draft: Draft) -> str:
    """Which documents the answer is from, by title and name."""
    sources = dict.fromkeys(found.source for claim in draft.claims for found, _ in claim.rests_on)
    names = [s.title if s.title == s.name else f"{s.title} ({s.name})" for s in sources]
    return fill("where", documents="; ".join(names))


def _choose(
    found: Found, kind: Kind | None, may_answer: Callable[[QuotableSentence], bool]
) -> list[QuotableSentence]:
    """The best sentences, best first; only such as may answer and hold the kind of answer
    asked for, and none that is far behind the best of all."""
    ranked = sorted(_candidates(found), key=lambda candidate: -candidate.score)
    near = [c for c in ranked if c.score >= NEAR * ranked[0].score and may_answer(c)]
    fitting = [c for c in near if kind is None or kind.given.search(_words(c.hit, c.span))]
    enough = CLOSE * fitting[0].score if fitting else 0.0
    close = (candidate for candidate in fitting if candidate.score >= enough)
    return list(islice(_once(close), MOST_QUOTED))


def _once(candidates: Iterable[QuotableSentence]) -> Iterator[QuotableSentence]:
    """Those that say the same once, the first of them."""
    known = set()
    for candidate in candidates:
        words = one_spelling(_words(candidate.hit, candidate.span))
        if words not in known:
            known.add(words)
            yield candidate


def _with_the_rest(candidate: QuotableSentence, question: str) -> QuotableSentence:
    """With the sentence behind it, if that goes on with what "it" did and has a word of the
    question that this one lacks."""
    hit, span = candidate.hit, candidate.span
    following = next((s for s in hit.passage.sentences if s.start >= span.end), None)
    if following is None or "\n" in _words(hit, Span(span.end, following.start)):
        return candidate
    lacking = telling(question) - telling(_words(hit, span))
    goes_on = GOES_ON.match(_words(hit, following))
    if goes_on and lacking & telling(_words(hit, following)):
        return replace(candidate, span=Span(span.start, following.end))
    return candidate


def _candidates(found: Found) -> Iterator[QuotableSentence]:
    for hit in found.hits:
        for evidence in hit.evidence:
            span = _reply(hit, evidence.span) or _whole_quotation(hit, evidence.span)
            yield QuotableSentence(hit, span, evidence.score + PASSAGE_SHARE * hit.score)


def _reply(hit: Hit, span: Span) -> Span | None:
    """If this sentence is a question or a heading, what follows it, up to the end of that
    paragraph or the next question; a label like "Parking." with what follows it. None if it
    is none of these, or nothing follows in its passage."""
    following = [s for s in hit.passage.sentences if s.start >= span.end]
    if _is_label(_words(hit, span)):
        labelled = next((s for s in following if not _is_label(_words(hit, s))), None)
        whole = Span(span.start, labelled.end) if labelled else span
        return None if "\n" in _words(hit, whole) else whole
    if not (_is_question(_words(hit, span)) or _is_heading(hit, span)):
        return None
    reply: Span | None = None
    for sentence in following[:LONGEST_REPLY]:
        ends = reply is not None and "\n" in _words(hit, Span(reply.end, sentence.start))
        if ends or _is_question(_words(hit, sentence)):
            break
        reply = Span(reply.start if reply else sentence.start, sentence.end)
    return reply


def _is_label(words: str) -> bool:
    return words.endswith(".") and len(words.split()) <= LONGEST_LABEL


def _is_question(words: str) -> bool:
    return words.rstrip(BEHIND_A_QUESTION).endswith("?")


def _is_heading(hit: Hit, span: Span) -> bool:
    """Is it a line of its own at the beginning of a passage, without a full stop? A heading
    opens a new passage."""
    words = _words(hit, span)
    behind = _words(hit, Span(span.end, hit.passage.end))
    is_line = span.start == hit.passage.start and behind.lstrip(" ").startswith("\n")
    return words.startswith("#") or (is_line and words[:1].isalpha() and words[-1:].isalnum())


def _in_reading_order(chosen: list[QuotableSentence]) -> list[QuotableSentence]:
    """Document by document, the one with the best sentence first; sentences that
    follow one another become one quotation."""
    documents = list(dict.fromkeys(candidate.hit.source.id for candidate in chosen))
    ordered = sorted(chosen, key=lambda c: (documents.index(c.hit.source.id), c.span.start))
    joined: list[QuotableSentence] = []
    for _, group in groupby(ordered, key=lambda candidate: candidate.hit.source.id):
        first, *rest = group
        joined.append(first)
        for candidate in rest:
            if _adjacent(joined[-1], candidate):
                span = Span(joined[-1].span.start, max(joined[-1].span.end, candidate.span.end))
                joined[-1] = QuotableSentence(joined[-1].hit, span, joined[-1].score)
            else:
                joined.append(candidate)
    return joined


def _adjacent(first: QuotableSentence, second: QuotableSentence) -> bool:
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


def _claim(candidate: QuotableSentence) -> DraftClaim:
    words = _words(candidate.hit, candidate.span)
    return DraftClaim(words, ((candidate.hit, candidate.span),))
