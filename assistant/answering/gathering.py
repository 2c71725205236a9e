"""Steps and lists, whole: the one list of all that were found that the question asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.choosing import Choosing, MayAnswer, Quotable
from assistant.answering.units import IN_A_LIST, Layout
from index.documents import Query, Shape, Span
from index.english.kinds import COUNTED
from index.english.spelling import root, share, telling
from index.english.word_lists import COMPARING_ADJECTIVES, GENERAL_NOUNS, GENERAL_VERBS

LONGEST_UNIT = 1_800
"""Characters of a list or of steps that are quoted as one; of longer ones each item's first
sentence is."""

MOST_ITEMS = 25

GENERAL = frozenset(
    map(root, GENERAL_NOUNS | GENERAL_VERBS | COMPARING_ADJECTIVES | {"turn", "set", "put", "use"})
)
"""Words that tell no list from another."""

SHAPES: frozenset[Shape] = frozenset(["steps", "list"])

FOUND_FROM = 0.85
"""The share of the best score from which a list is meant in which a sentence was found."""

LIKE_FROM = 0.5
"""The share of the question's words from which a list is meant that has them, it or its heading:
the steps may name nothing of what they are for."""

BY_HEADING, BY_SENTENCE = 0.5, 0.3
"""What counts beside that share: the words in the heading and in what leads in to the list, and
the score of the best sentence in it, as a share of the best of all. Chosen on the 13 questions
of handbooks that ask for steps or a list."""

CALLED_SO = 0.5
"""What counts beside it that the question has all words of the heading right above the list:
"Working Groups", whatever else they may mean. Chosen, not fitted."""

AS_GOOD = 0.03
"""Lists that differ by no more are equally good, and the first is taken: what is most general
stands first in a document."""

IN_A_FILE_NAME = re.compile(r"[^\W_]+")
"""A word of the name of a file or folder: "governance-charter.md" has three."""

STEP = re.compile(r"\d+[.)] ")
"""How an item of a numbered list begins."""

STEP_IN_A_HEADING = re.compile(r"(?:step|stage|phase) (?P<number>\d+)\b", re.I)
"""How the heading of a step begins: "Step 2: the interview". Sections with numbers alone, as
contracts have, are no steps."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list: the places of its lines, what leads in to it included, and how well it fits."""

    best: Quotable
    places: Sequence[int]
    worth: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is quoted of a list or of steps, and how many items or steps there are; of a long list
    not all are quoted. `is_of_what_is_counted` if the question asks how many there are, and they
    are called so."""

    quoted: Sequence[Quotable]
    items: int
    is_of_what_is_counted: bool = False

    @property
    def is_cut(self) -> bool:
        """Are fewer quoted than there are?"""
        return 1 < len(self.quoted) < self.items


def gather(query: Query, choosing: Choosing, may_answer: MayAnswer = bool) -> Gathered | None:
    """The list that is asked for, of the document with the best sentence, as one quotation or
    by its items; None if it has none."""
    candidates = [each for each in choosing.ranked if may_answer(each)]
    if not candidates:
        return None
    top = candidates[0]
    layout, shape = choosing.layouts.of(top.hit), query.shape
    if shape == "sentence" and _is_step_to_what_is_asked(query, layout, top):
        shape = "steps"
    if shape not in SHAPES:
        return None
    inside = [each for each in candidates if each.hit.source.id == top.hit.source.id]
    asked = telling(choosing.undated) - GENERAL
    chosen = _best(shape, asked, telling(choosing.undated), layout, inside)
    if chosen is None:
        return None
    if shape == "steps":
        places = _with_what_is_around(asked, layout, chosen.places)
    else:
        places = _meant(asked, layout, chosen.places)
    items = _items(layout, places)
    counted = _counted(query.standalone_question, layout, places, items)
    if 0 < len(counted) < len(items):
        places = items = counted
    return Gathered(_quoted(chosen.best, layout, places), len(items), bool(counted))


def to_be_counted(question: str) -> set[str]:
    """The roots of the words for the things of which a question asks how many there are; none
    where it asks for no number."""
    asked = COUNTED.match(question)
    return telling(asked["what"]) if asked else set()


def _best(
    shape: Shape, asked: set[str], named: set[str], layout: Layout, found: Sequence[Quotable]
) -> _Listed | None:
    """The first of the lists that fit best; `found` are the sentences of the document, best
    first, `named` all words of the question, `asked` those that tell one list from another."""
    lists = [each for each in _lists(layout) if shape == "list" or not _is_table(layout, each)]
    if shape == "steps":
        lists += _steps_with_headings(layout)
    judged = (_judged(asked, named, layout, found, places) for places in lists)
    fitting = [each for each in judged if each is not None]
    if shape == "list":
        fitting += _announced(layout, found[0])
    most = max((each.worth for each in fitting), default=0.0)
    best = next((each for each in fitting if each.worth >= most - AS_GOOD), None)
    return next((each for each in fitting if best and _has_inside(each, best)), best)


def _has_inside(steps: _Listed, other: _Listed) -> bool:
    """Is the other list in one of several steps?"""
    return len(steps.places) > len(other.places) and set(other.places) <= set(steps.places)


def _with_what_is_around(asked: set[str], layout: Layout, places: Sequence[int]) -> Sequence[int]:
    """The section in which steps stand, from what leads in to them on if that says what they are
    for; the steps alone if that is long."""
    if _number_of_step(layout, places[0]):
        return places
    section = layout.section(places[-1])
    if asked & telling(layout.words(layout.lines[places[0]].span)) and places[0] in section:
        section = range(places[0], section.stop)
    return section if _length(layout, section) <= LONGEST_UNIT else places


def _is_step_to_what_is_asked(query: Query, layout: Layout, top: Quotable) -> bool:
    """Is it one of the steps below a heading, or a line that leads in to them, that has all that
    the question has: "set up a webhook"?"""
    place = layout.at(top.span.start)
    if STEP.match(layout.words(layout.lines[place].span)) is None:
        return False
    asked = telling(query.standalone_question) - GENERAL
    leading = layout.leading_to(layout.list_around(place).start)
    above = [*layout.headings_above(place), *([] if leading is None else [leading])]
    return asked <= telling(" ".join(layout.words(layout.lines[i].span) for i in above))


def _lists(layout: Layout) -> Iterator[Sequence[int]]:
    """All lists of a document with what leads in to them, in reading order."""
    place = 0
    while place < len(layout.lines):
        listed = layout.list_around(place) if layout.is_item(place) else range(place, place + 1)
        if len(listed) > 1:
            leading = layout.leading_to(listed.start)
            yield listed if leading is None else range(leading, listed.stop)
        place = listed.stop


def _steps_with_headings(layout: Layout) -> Iterator[Sequence[int]]:
    """Sections that follow one another and are numbered from 1 on, each run of them whole."""
    run: list[int] = []
    for place in [i for i, line in enumerate(layout.lines) if line.kind == "heading"]:
        number = _number_of_step(layout, place)
        if number == len(run) + 1 and (not run or _level(layout, place) == _level(layout, run[0])):
            run.append(place)
        elif not run or _level(layout, place) <= _level(layout, run[0]):
            yield from _whole(layout, run)
            run = [place] if number == 1 else []
    yield from _whole(layout, run)


def _number_of_step(layout: Layout, place: int) -> int | None:
    """The number that the heading of a step has; None for whatever is none."""
    line = layout.lines[place]
    found = STEP_IN_A_HEADING.match(layout.words(line.span)) if line.kind == "heading" else None
    return int(found["number"]) if found else None


def _level(layout: Layout, place: int) -> int:
    return layout.lines[place].level


def _whole(layout: Layout, run: Sequence[int]) -> Iterator[Sequence[int]]:
    """All lines of these sections, if there are several."""
    if len(run) > 1:
        yield range(run[0], layout.end_of(run[-1]))


def _is_table(layout: Layout, places: Sequence[int]) -> bool:
    return layout.lines[places[-1]].kind == "row"


def _announced(layout: Layout, top: Quotable) -> list[_Listed]:
    """The headings that follow, if the best sentence says that something does."""
    place = layout.at(top.found.start)
    headings = layout.subheadings(place) if layout.announces(place) else []
    return [_Listed(top, headings, 1 + BY_HEADING + BY_SENTENCE)] if headings else []


def _judged(
    asked: set[str],
    named: set[str],
    layout: Layout,
    found: Sequence[Quotable],
    places: Sequence[int],
) -> _Listed | None:
    """How well a list fits; None if it is not the one that is meant."""
    first, last = layout.lines[places[0]].span, layout.lines[places[-1]].span
    whole, above = Span(first.start, last.end), layout.headings_above(places[0])
    near = [*above[-1:], *([] if layout.is_item(places[0]) else places[:1])]
    opens = layout.lines[above[-1]].span.start if above[-1:] == [places[0] - 1] else first.start
    inside = [each for each in found if Span(opens, last.end).covers(each.found)]
    best = inside[0] if inside else found[0]
    if not layout.is_item(places[0]):
        above = [*above, places[0]]
    told = " ".join(layout.words(layout.lines[place].span) for place in above)
    words = f"{told} {layout.document.source.title} {layout.words(whole)}"
    of_heading, of_all = share(asked, telling(told)), share(asked, telling(words))
    of_sentence = best.score / found[0].score if inside else 0.0
    is_led_to = asked & telling(" ".join(layout.words(layout.lines[i].span) for i in near))
    is_called = bool(above) and _is_called(
        telling(layout.words(layout.lines[above[-1]].span)), named
    )
    if (of_all < LIKE_FROM or not is_led_to) and of_sentence < FOUND_FROM and not is_called:
        return None
    worth = of_all + BY_HEADING * of_heading + BY_SENTENCE * of_sentence
    return _Listed(best, places, worth + CALLED_SO * is_called)


def _is_called(heading: set[str], named: set[str]) -> bool:
    """Has the question all words of the heading, and not but one that tells nothing?"""
    return heading <= named and (len(heading) > 1 or bool(heading - GENERAL))


def _meant(asked: set[str], layout: Layout, places: Sequence[int]) -> Sequence[int]:
    """Those rows of a table that have most of the words of the question that tell one row from
    another, as what the document is called does not; all of them if no word does."""
    source = layout.document.source
    asked = asked - telling(" ".join([source.title, *IN_A_FILE_NAME.findall(source.name)]))
    rows = [place for place in places if layout.lines[place].kind == "row"]
    said = [asked & telling(layout.words(layout.lines[row].span)) for row in rows]
    if not said:
        return places
    in_all = set.intersection(*said)
    most = max(len(words - in_all) for words in said)
    if not most:
        return places
    return [row for row, words in zip(rows, said, strict=True) if len(words - in_all) == most]


def _items(layout: Layout, places: Sequence[int]) -> list[int]:
    """The items of the highest level, rows below the names of columns, or else headings; of steps
    that are sections their headings."""
    lines = layout.lines
    if _number_of_step(layout, places[0]):
        level = lines[places[0]].level
        return [p for p in places if lines[p].kind == "heading" and lines[p].level == level]
    items = [p for p in places if lines[p].kind in IN_A_LIST and not lines[p].names_columns]
    highest = min((lines[place].level for place in items), default=0)
    return [place for place in items if lines[place].level == highest] or list(places)


def _counted(
    question: str, layout: Layout, places: Sequence[int], items: Sequence[int]
) -> list[int]:
    """Those of them that are called as what is to be counted, or all if the heading is or the line
    that leads in to them; none where no number is asked for."""
    what = to_be_counted(question)
    leading = [*layout.headings_above(places[0])[-1:], *(p for p in places[:1] if p not in items)]
    led_to = telling(" ".join(layout.words(layout.lines[place].span) for place in leading))
    return [
        place
        for place in items
        if what and what <= led_to | telling(layout.told(layout.lines[place].span))
    ]


def _length(layout: Layout, places: Sequence[int]) -> int:
    return layout.lines[places[-1]].span.end - layout.lines[places[0]].span.start if places else 0


def _quoted(best: Quotable, layout: Layout, places: Sequence[int]) -> list[Quotable]:
    whole = Span(layout.lines[places[0]].span.start, layout.lines[places[-1]].span.end)
    if isinstance(places, range) and len(whole) <= LONGEST_UNIT:
        return [replace(best, span=whole)]
    return list(_by_items(best, layout, places))


def _by_items(best: Quotable, layout: Layout, places: Sequence[int]) -> Iterator[Quotable]:
    if _number_of_step(layout, places[0]):
        places = _items(layout, places)
    for place in places[:MOST_ITEMS]:
        line = layout.lines[place]
        span = line.span if line.kind == "row" else layout.first_sentence(place)
        if _number_of_step(layout, place) and layout.section(place):
            span = Span(span.start, layout.first_sentence(place + 1).end)
        yield replace(best, span=span)
