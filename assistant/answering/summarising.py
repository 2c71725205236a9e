"""What a document is about, or which documents there are: its lead, and of each of its sections
the first sentence or item, the most central ones where these are too many. All of it is quoted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from assistant.answering.refusing import ASKED_ABOUT_DOCUMENTS
from assistant.answering.units import Layout, Layouts
from assistant.answers import Draft, DraftClaim
from assistant.languages.prompting import fill
from index.documents import Found, Hit, Query, Source, Span
from index.english.dates import days
from index.english.spelling import counted, share, telling
from index.errors import DocumentNotFound

NAME_PART = re.compile(r"[\W_]+")

NAMED_FROM = 0.5
"""The share of a title's words that the question has, or of the question's that the title has,
from which it asks about that document."""

BEST, MOST_OF_THE_BEST = 5, 4
"""So many of the first passages tell which document is meant that is not named. Chosen, not
fitted."""

MOST_SENTENCES = 10
MOST_DOCUMENTS = 8
LEAD = 2
"""Sentences of the first paragraph."""

FEW_WORDS = 3
"""Added to the words of a sentence, or the shortest would be the most central."""

SHORTEST = 20
"""Characters. What is shorter is a name or a label and no sentence of a summary."""


def summarise(query: Query, found: Found, layouts: Layouts) -> Draft | None:
    """A summary of the document that the question asks about; None if it names none."""
    hit = _asked_about(query, found)
    if hit is None:
        return _what_there_is(query, found, layouts)
    try:
        layout = layouts.of(hit)
    except DocumentNotFound:  # closed to the person since it was found
        return None
    claims = tuple(DraftClaim(layout.words(span), ((hit, span),)) for span in _chosen(layout))
    title = hit.source.title
    return Draft("quote", claims, opening=fill("summary", title=title)) if claims else None


def _what_there_is(query: Query, found: Found, layouts: Layouts) -> Draft | None:
    """How each document begins that was found, for a question that names none."""
    if telling(query.standalone_question) - ASKED_ABOUT_DOCUMENTS:
        return None
    hits = {hit.source.id: hit for hit in reversed(found.hits)}
    claims = []
    for hit in list(hits.values())[:MOST_DOCUMENTS]:
        layout = layouts.of(hit)
        if layout.lines:
            span = layout.first_sentence(0)
            claims.append(DraftClaim(layout.words(span), ((hit, span),)))
    documents = counted(found.documents_searched, "document")
    return Draft("quote", tuple(claims), opening=fill("what_there_is", documents=documents))


def _asked_about(query: Query, found: Found) -> Hit | None:
    """The best passage of the document whose title or name the question has, or of the only
    one that there is."""
    asked = telling(query.standalone_question) - ASKED_ABOUT_DOCUMENTS
    best: dict[Source, Hit] = {}
    for hit in found.hits:
        best.setdefault(hit.source, hit)
    if not asked:
        return next(iter(best.values())) if len(best) == 1 else None
    of_the_day = [*days(query.standalone_question)]
    dated = [s for s in best if any(day in (s.name + s.title) for day in of_the_day)]
    if dated:
        return best[dated[0]]
    named = {source: _named(asked, source) for source in best}
    likely = max(named, key=lambda source: named[source], default=None)
    if likely is not None and named[likely] >= NAMED_FROM:
        return best[likely]
    return next((hit for source, hit in best.items() if _has_most(source, found)), None)


def _has_most(source: Source, found: Found) -> bool:
    """Are nearly all of the best passages in this document?"""
    return sum(hit.source == source for hit in found.hits[:BEST]) >= MOST_OF_THE_BEST


def _named(asked: set[str], source: Source) -> float:
    name = NAME_PART.sub(" ", source.name.rpartition(".")[0])  # of "remote-work.md" two words
    title = telling(f"{source.title} {name}")
    return max(share(asked, title), share(telling(source.title), asked) if source.title else 0.0)


def _chosen(layout: Layout) -> Sequence[Span]:
    """In reading order: the lead, and what is most central of what begins the sections."""
    lead = next((i for i in range(len(layout.lines)) if _is_prose(layout, i)), None)
    first = layout.sentences_of(lead)[:LEAD] if lead is not None else []
    begins = [span for span in _beginnings(layout) if not any(map(span.overlaps, first))]
    central = _centrality(layout)
    kept = sorted(begins, key=lambda span: -central(span))[: MOST_SENTENCES - len(first)]
    others = [span for span in _prose(layout) if not any(map(span.overlaps, [*first, *kept]))]
    best = sorted(others, key=lambda span: -central(span))
    return sorted([*first, *kept, *best[: MOST_SENTENCES - len(first) - len(kept)]])


def _prose(layout: Layout) -> Iterator[Span]:
    """Whatever sentence may be central."""
    for place, line in enumerate(layout.lines):
        told = line.kind in ("paragraph", "item") and layout.says_something(place)
        if told and not layout.is_masthead(place):
            yield from (span for span in layout.sentences_of(place) if len(span) >= SHORTEST)


def _beginnings(layout: Layout) -> Iterator[Span]:
    """The first sentence below each heading, and of a list the first of its first items."""
    for place, line in enumerate(layout.lines[:-1]):
        following = layout.lines[place + 1]
        opens = line.kind == "heading" and following.kind != "heading"
        if opens and not layout.is_masthead(place + 1):
            span = layout.first_sentence(place + 1)
            if len(span) >= SHORTEST and following.kind != "code":
                yield span


def _is_prose(layout: Layout, place: int) -> bool:
    line = layout.lines[place]
    is_long = line.kind == "paragraph" and len(line.span) >= SHORTEST
    return is_long and not layout.is_masthead(place)


def _centrality(layout: Layout) -> Callable[[Span], float]:
    """How much of what the document speaks of often a sentence has, for its length."""
    words = Counter(word for line in layout.lines for word in telling(layout.words(line.span)))

    def central(span: Span) -> float:
        own = telling(layout.words(span))
        return sum(words[word] for word in own) / (len(own) + FEW_WORDS)

    return central
