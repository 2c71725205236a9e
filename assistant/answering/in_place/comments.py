"""What somebody noted at the margin of a document, and what stands at its foot, for questions that
ask for the comment or the footnote on something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from assistant.answering.choosing import Quotable
from assistant.answering.units import Layout, Layouts, Told
from assistant.answers import Draft, DraftClaim
from index.documents import Block, Found, Hit, Query, Span
from index.english.kinds import COMMENTED, NOTED_BELOW, Kind
from index.english.spelling import root, share, telling
from index.errors import DocumentNotFound

MOST_DOCUMENTS = 10
"""So many of those that were found are looked through."""

MOST_NOTES = 6

OF_NOTES = frozenset(
    map(root, "comment note footnote endnote annotation remark margin say read there".split())
)
"""Words of such a question that name no topic."""

COVERED = 0.6
"""The share of the topic's words that a comment, or what it is about, has. Chosen, not fitted."""

Notes = Callable[[Block], bool]


@dataclass(frozen=True, slots=True)
class _Note:
    """A note, where it was found, the words of it and of what it is about, and those of its
    document's name."""

    hit: Hit
    span: Span
    own: frozenset[str]
    around: frozenset[str]


def commented(query: Query, found: Found, layouts: Layouts) -> Draft | None:
    """The comments or footnotes that the question asks for; None if it asks for none, or there
    are none on its topic."""
    is_meant = _meant(query.standalone_question)
    if is_meant is None:
        return None
    asked = telling(query.standalone_question) - OF_NOTES
    notes = [note for hit in _documents(found) for note in _notes(hit, layouts, is_meant)]
    best = max((_fit(note, asked) for note in notes), default=(0.0, 0.0))
    if best[0] < COVERED:
        return None
    chosen = [note for note in notes if _fit(note, asked) == best][:MOST_NOTES]
    return Draft("quote", tuple(_claim(note, layouts) for note in chosen))


def with_footnotes(
    whole: Sequence[Quotable], layouts: Layouts, asked: Set[str], kind: Kind | None
) -> list[Quotable]:
    """What is quoted, each with the footnotes on it that have what it lacks: a word of the
    question, or the kind of answer."""
    found: list[Quotable] = []
    for each in whole:
        layout = layouts.of(each.hit)
        words = layout.words(each.span)
        found.append(each)
        for note in layout.footnotes_of(each.span):
            more = layout.words(note)
            gains = asked & telling(more) - telling(words)
            gives = kind and kind.given.search(more) and not kind.given.search(words)
            if (gains or gives) and not any(note.overlaps(other.span) for other in whole):
                found.append(replace(each, hit=layout.found_at(each.hit, note), span=note))
    return found


def with_their_footnotes(told: Told, whole: Sequence[Quotable], layouts: Layouts) -> Told:
    """What is told by the first of what is quoted, with the footnotes on it that are quoted."""
    layout = layouts.of(whole[0].hit)
    on_it = layout.footnotes_of(whole[0].span)
    quoted = [layout.words(each.span) for each in whole[1:] if each.span in on_it]
    return told._replace(words="\n".join([told.words, *quoted]))


def _meant(question: str) -> Notes | None:
    """What the question asks for: notes of somebody, or at the foot of a page."""
    if NOTED_BELOW.search(question):
        return lambda block: "by" not in block.facts
    if COMMENTED.search(question):
        return lambda block: bool(block.facts.get("by"))
    return None


def _documents(found: Found) -> Sequence[Hit]:
    """The best passage of each document."""
    best: dict[str, Hit] = {}
    for hit in found.hits:
        best.setdefault(hit.source.id, hit)
    return [*best.values()][:MOST_DOCUMENTS]


def _notes(hit: Hit, layouts: Layouts, is_meant: Notes) -> Iterator[_Note]:
    try:
        layout = layouts.of(hit)
    except DocumentNotFound:  # closed to the person since it was found
        return
    around = frozenset(telling(f"{hit.source.title} {hit.source.name}"))
    for note in layout.notes:
        if is_meant(note):
            about = note.facts.get("about", "")
            above = " ".join(layout.words(layout.lines[i].span) for i in _above(layout, note))
            where = layout.noted(note)
            beside = layout.words(where) if where else ""
            own = telling(" ".join([about, beside, layout.words(note.span)]))
            yield _Note(hit, note.span, frozenset(own), around | telling(above))


def _above(layout: Layout, note: Block) -> Sequence[int]:
    return layout.headings_above(layout.at(note.span.start))


def _fit(note: _Note, asked: set[str]) -> tuple[float, float]:
    """How much of the topic it has with its document, and alone."""
    own = {*note.own}
    return share(asked, own | note.around), share(asked, own)


def _claim(note: _Note, layouts: Layouts) -> DraftClaim:
    layout = layouts.of(note.hit)
    hit = layout.found_at(note.hit, note.span)
    return DraftClaim(layout.words(note.span), ((hit, note.span),))
