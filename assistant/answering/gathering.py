"""Steps and lists, whole: the one list of all that were found that the question asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.choosing import Choosing, MayAnswer, Quotable
from assistant.answering.units import Layout
from index.documents import Query, Shape, Span
from index.english.spelling import share, telling

LONGEST_UNIT = 1_800
"""Characters of a list or of steps that are quoted as one; of longer ones each item's first
sentence is."""

MOST_ITEMS = 25

NEAR: dict[Shape, float] = {"steps": 0.7, "list": 0.75}
"""The share of the best score from which a sentence may stand for the list around it."""

BY_HEADING = 0.3
"""What counts beside that score the share of the question's words that a heading has or the
line that leads in to the list."""


def gather(query: Query, choosing: Choosing, may_answer: MayAnswer = bool) -> list[Quotable]:
    """The list that is asked for, as one quotation or by its items; nothing if none is, or a
    sentence of another document is better."""
    candidates = [each for each in choosing.ranked if may_answer(each)]
    if query.shape not in NEAR or not candidates:
        return []
    asked = telling(query.standalone_question)
    top = candidates[0]
    worth_of_top = top.score + BY_HEADING * _named(asked, choosing, top, [_place(choosing, top)])
    found = [
        (
            candidate.score + BY_HEADING * _named(asked, choosing, candidate, places),
            candidate,
            places,
        )
        for candidate in candidates
        if candidate.score >= NEAR[query.shape] * top.score
        if (places := _list_of(choosing, candidate, query.shape))
    ]
    of_the_same = [each for each in found if each[1].hit.source.id == top.hit.source.id]
    better = [each for each in found if each[0] >= worth_of_top]
    worth, best, places = max(
        [*of_the_same, *better], key=lambda each: each[0], default=(0, top, ())
    )
    return _quoted(best, choosing.layouts.of(best.hit), places) if worth else []


def _place(choosing: Choosing, candidate: Quotable) -> int:
    return choosing.layouts.of(candidate.hit).at(candidate.found.start)


def _list_of(choosing: Choosing, candidate: Quotable, shape: Shape) -> Sequence[int]:
    """The places of the lines of the list in which this is found, or that follows it."""
    layout = choosing.layouts.of(candidate.hit)
    place = layout.at(candidate.found.start)
    listed = layout.list_around(place)
    if len(listed) > 1:
        if shape == "steps":
            section = layout.section(place)
            if _length(layout, section) <= LONGEST_UNIT and section.start <= listed.start:
                return section
        leading = layout.leading_to(listed.start)
        return listed if leading is None else range(leading, listed.stop)
    return layout.subheadings(place) if shape == "list" and layout.announces(place) else ()


def _named(
    asked: set[str], choosing: Choosing, candidate: Quotable, places: Sequence[int]
) -> float:
    """The share of the question's words above a list: in the title, its heading and what leads
    in to it."""
    layout = choosing.layouts.of(candidate.hit)
    above = [layout.heading_above(places[0]), layout.leading_to(places[0])]
    if not layout.is_item(places[0]):
        above.append(places[0])
    told = [layout.words(layout.lines[place].span) for place in above if place is not None]
    return share(asked, telling(" ".join([*told, candidate.hit.source.title])))


def _length(layout: Layout, places: Sequence[int]) -> int:
    return layout.lines[places[-1]].span.end - layout.lines[places[0]].span.start if places else 0


def _quoted(best: Quotable, layout: Layout, places: Sequence[int]) -> list[Quotable]:
    whole = Span(layout.lines[places[0]].span.start, layout.lines[places[-1]].span.end)
    if isinstance(places, range) and len(whole) <= LONGEST_UNIT:
        return [replace(best, span=whole)]
    return list(_by_items(best, layout, places))


def _by_items(best: Quotable, layout: Layout, places: Sequence[int]) -> Iterator[Quotable]:
    for place in places[:MOST_ITEMS]:
        span = layout.first_sentence(place)
        yield replace(best, span=span)
