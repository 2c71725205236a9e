"""The form of plain text: headings, items of lists and paragraphs, from its lines alone.

Nothing says in plain text what a line is, so that several signs have to agree: a heading is one
of several of its style, the numbers of a list follow each other. Where the lines tell neither
headings nor lists, the text has no blocks, and its paragraphs are told by whoever divides it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from index.documents import Block, Span
from index.reading.aligned import Lines, tables_in

MARKER = re.compile(r"([-*+•·◦▪‣]|\(?(?:\d{1,2}|[a-z]|[ivx]{2,5})[.)])[ \t]+(?=\S)")
NUMBER = re.compile(
    r"(?P<of>(?:Section|Chapter|Article|Part|Annex|Appendix|Schedule|Rule|Clause|§) ?)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.):]?(?(of)(?:\s|$)|[ \t]+[^\W\d_])"
)
UNDERLINE = re.compile(r"([=~^#*-])\1{2,}$")
ENDS = (".", "!", "?", ";", ",", ":", "…")
"""No heading ends so."""

LONGEST_HEADING, LONGEST_UNMARKED = 80, 60
"""Characters of a heading; of one that nothing but blank lines sets apart."""

LEAST_CAPITALS = 3
"""Letters; abbreviations have no more."""


@dataclass(frozen=True, slots=True)
class PlainLine:
    """A line without the white space around it, which begins at `start`."""

    start: int
    words: str
    indent: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(slots=True)
class Item:
    """Lines of an item of a list, from and to their places among all; `begins` behind the
    marker, unless that is a number or a letter."""

    first: int
    last: int
    marker: str
    indent: int
    begins: int

    @property
    def number(self) -> int | None:
        """Which one it says that it is; None of one with a sign."""
        said = self.marker.strip("().")
        if said.isdecimal():
            return int(said)
        return ord(said) - ord("a") + 1 if len(said) == 1 and said.isalpha() else None


def structure_of(text: str) -> tuple[Block, ...]:
    """The blocks of a plain text; none if its lines tell no heading, no list and no table."""
    lines = list(_lines(text))
    tables = {found.first: found for found in tables_in(text)}
    taken = {line for each in tables.values() for line in range(each.first, each.last + 1)}
    runs = _runs([replace(line, words="") if n in taken else line for n, line in enumerate(lines)])
    items = {item.first: (item, level) for run in runs for item, level in _levelled(run)}
    taken |= {place for item, _ in items.values() for place in range(item.first, item.last + 1)}
    headings = _headings(lines, taken)
    has_any = items or headings or tables
    return tuple(_blocks(lines, items, headings, tables)) if has_any else ()


def _lines(text: str) -> Iterator[PlainLine]:
    position = 0
    for whole in text.splitlines(keepends=True):
        words = whole.strip()
        indent = len(whole.expandtabs()) - len(whole.expandtabs().lstrip()) if words else 0
        yield PlainLine(position + (whole.index(words) if words else 0), words, indent)
        position += len(whole)


def _blocks(
    lines: Sequence[PlainLine],
    items: dict[int, tuple[Item, int]],
    headings: dict[int, int],
    tables: Mapping[int, Lines],
) -> Iterator[Block]:
    begun = items.keys() | headings.keys() | tables.keys()
    place = 0
    while place < len(lines):
        line, end = lines[place], place + 1
        if place in tables:
            yield tables[place].table
            end = tables[place].last + 1
        elif place in items:
            item, level = items[place]
            end = item.last + 1
            span = Span(item.begins, lines[item.last].end)
            yield Block("item", span, level, {"marker": item.marker})
        elif place in headings:
            yield Block("heading", Span(line.start, line.end), headings[place])
            end += end < len(lines) and UNDERLINE.match(lines[end].words) is not None
        elif line.words:
            while end < len(lines) and lines[end].words and end not in begun:
                end += 1
            yield Block("paragraph", Span(line.start, lines[end - 1].end))
        place = end


# -- lists


def _runs(lines: Sequence[PlainLine]) -> Iterator[list[Item]]:
    """The items that follow each other, two at least of one kind."""
    run: list[Item] = []
    for place, line in enumerate(lines):
        marker = MARKER.match(line.words)
        if marker and not line.words.endswith(marker[1]):  # else it is the edge of a box
            begins = line.start if marker[1].strip("().").isalnum() else line.start + marker.end()
            item = Item(place, place, marker[1], line.indent, begins)
            if run and not _goes_on(run, item, lines):
                yield from _checked(run)
                run = []
            run.append(item)
        elif run and line.words and run[-1].last == place - 1 and _continues(run[-1], line):
            run[-1].last = place
        elif run and line.words:
            yield from _checked(run)
            run = []
    yield from _checked(run)


def _continues(item: Item, line: PlainLine) -> bool:
    """Is it the rest of the item before it: further in, or in the middle of a sentence?"""
    return line.indent > item.indent or line.words[0].islower()


def _goes_on(run: Sequence[Item], item: Item, lines: Sequence[PlainLine]) -> bool:
    """Is it of the list before it? With a blank line between them, only as the next one."""
    if all(lines[place].words for place in range(run[-1].last + 1, item.first)):
        return True
    before = next((each for each in reversed(run) if each.indent == item.indent), None)
    return before is not None and _follows(before, item)


def _follows(before: Item, item: Item) -> bool:
    if before.number is not None and item.number is not None:
        return item.number == before.number + 1
    return before.marker == item.marker


def _checked(run: list[Item]) -> Iterator[list[Item]]:
    """The run, if two of it at least follow each other, and none that is as far in does not."""
    levels: dict[int, list[Item]] = {}
    for item in run:
        levels.setdefault(item.indent, []).append(item)
    outermost = levels[min(levels)] if levels else []
    pairs = [_follows(*pair) for pair in pairwise(outermost)]
    if pairs and all(pairs):
        yield run


def _levelled(run: Sequence[Item]) -> list[tuple[Item, int]]:
    indents = sorted({item.indent for item in run})
    levels = {indent: level for level, indent in enumerate(indents, 1)}
    return [(item, levels[item.indent]) for item in run]


# -- headings


def _headings(lines: Sequence[PlainLine], taken: Set[int]) -> dict[int, int]:
    """Which lines are headings, and of which level: a style is below those that came before."""
    styles: dict[int, tuple[str, int]] = {}
    for place, line in enumerate(lines):
        is_apart = place == 0 or not lines[place - 1].words or place - 1 in styles
        style = _style(lines, place) if line.words and is_apart and place not in taken else None
        if style:
            styles[place] = style
    for name, is_sound in SOUND.items():
        places = [place for place, (style, _) in styles.items() if style == name]
        if places and not is_sound(lines, places):
            styles = {place: style for place, style in styles.items() if style[0] != name}
    order = list(dict.fromkeys(style for style, _ in styles.values()))
    return {place: min(order.index(style) + depth, 6) for place, (style, depth) in styles.items()}


def _style(lines: Sequence[PlainLine], place: int) -> tuple[str, int] | None:
    """How a line is told apart as headings are, and how deep it says that it lies."""
    words = lines[place].words
    below = lines[place + 1].words if place + 1 < len(lines) else ""
    if UNDERLINE.match(below) and len(below) > len(words) / 2:
        return below[0], 1
    if len(words) > LONGEST_HEADING or words.endswith(ENDS):
        return None
    if number := NUMBER.match(words):
        return "number", number["number"].count(".") + 1
    if words.isupper() and words[0].isalnum() and sum(map(str.isalpha, words)) > LEAST_CAPITALS:
        return None if below.isupper() else ("capitals", 1)
    is_short = len(words) <= LONGEST_UNMARKED and words[0].isupper()
    if is_short and (item := MARKER.match(below)) and below[item.end() :][:1].isupper():
        return "over a list", 1
    return ("alone", 1) if is_short and not below else None


def _are_counted(lines: Sequence[PlainLine], places: Sequence[int]) -> bool:
    """Two at least, whose numbers begin with the first and go up."""
    found = (NUMBER.match(lines[place].words) for place in places)
    numbers = [tuple(map(int, number["number"].split("."))) for number in found if number]
    ascend = all(before < behind for before, behind in pairwise(numbers))
    return len(numbers) > 1 and numbers[0][0] <= 1 and ascend


def _are_different(lines: Sequence[PlainLine], places: Sequence[int]) -> bool:
    """Names of speakers stand again and again."""
    return len({lines[place].words for place in places}) == len(places)


def _have_text_below(lines: Sequence[PlainLine], places: Sequence[int]) -> bool:
    """Three at least, each with a longer line below it, or with another of them."""
    below = [next((i for i in range(p + 1, len(lines)) if lines[i].words), None) for p in places]
    texts = [
        i
        for place, i in zip(places, below, strict=True)
        if i is not None and len(lines[i].words) > len(lines[place].words)
    ]
    others = len(set(places).intersection(below))
    return len(texts) > 2 and len(texts) + others >= len(places) and _are_different(lines, places)


SOUND: Mapping[str, Callable[[Sequence[PlainLine], Sequence[int]], bool]] = {
    "number": _are_counted,
    "capitals": _are_different,
    "alone": _have_text_below,
    "over a list": _are_different,
}
"""What lines of a style have in common where they are headings."""
