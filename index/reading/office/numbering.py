"""The numbers that Word gives to paragraphs, which stand in no paragraph's own text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from index.reading.office.ooxml import numeral

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUE = f"{WORD}val"
BULLET = "•"
PLACE = re.compile(r"%([1-9])")
MOST_LEVELS = 9
MOST_LINKS = 10
"""From list to style to list; in a sound file there is one."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its numbers are made and when they begin anew."""

    start: int
    form: str
    pattern: str
    restarts_after: int
    is_legal: bool


class Numbering:
    """Counts the paragraphs of a document's lists. `numbering` is the root of that part, None
    in a document without lists."""

    def __init__(self, numbering: Any, list_of_style: dict[str, str]) -> None:
        every = [] if numbering is None else numbering
        lists = [each for each in every if each.tag == f"{WORD}abstractNum"]
        used = [each for each in every if each.tag == f"{WORD}num"]
        self._lists = {each.get(f"{WORD}abstractNumId"): each for each in lists}
        self._used = {each.get(f"{WORD}numId"): each for each in used}
        self._list_of_style = list_of_style
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()
        self._levels: dict[tuple[str, int], Level] = {}

    def level_of_style(self, number_id: str, style: str) -> int:
        """On which level of a list a style's paragraphs stand."""
        for level in self._element(number_id):
            if _value(level, "pStyle") == style:
                return _number(level.get(f"{WORD}ilvl"), 0)
        return 0

    def marker(self, number_id: str, depth: int) -> str:
        """The number of the list's next paragraph, as it is printed; "" for none."""
        if number_id not in self._used or not 0 <= depth < MOST_LEVELS:
            return ""
        level = self._level(number_id, depth)
        if level.form == "bullet":
            return BULLET
        counts = self._counts[self._id(number_id)]
        if (number_id, depth) not in self._begun:
            self._begun.add((number_id, depth))
            if self._override(number_id, depth) is not None:
                counts.pop(depth, None)
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for below in [deeper for deeper in counts if deeper > depth]:
            if depth < self._level(number_id, below).restarts_after:
                del counts[below]
        return PLACE.sub(lambda place: self._part(number_id, level, place), level.pattern)

    def _part(self, number_id: str, level: Level, place: re.Match[str]) -> str:
        depth = int(place[1]) - 1
        own = self._level(number_id, depth)
        number = self._counts[self._id(number_id)].setdefault(depth, own.start)
        return numeral(number, "decimal" if level.is_legal else own.form)

    def _id(self, number_id: str) -> str:
        """The list that a paragraph counts in: several numberings may share one."""
        for _ in range(MOST_LINKS):
            used = self._used.get(number_id)
            list_id = str(_value(used, "abstractNumId"))
            link = _value(self._lists.get(list_id), "numStyleLink")
            if link not in self._list_of_style:
                return list_id
            number_id = self._list_of_style[link]
        return ""

    def _element(self, number_id: str) -> Any:
        found = self._lists.get(self._id(number_id))
        return () if found is None else found

    def _override(self, number_id: str, depth: int) -> Any:
        for override in self._used[number_id].iterfind(f"{WORD}lvlOverride"):
            if override.get(f"{WORD}ilvl") == str(depth):
                return override.find(f"{WORD}startOverride")
        return None

    def _level(self, number_id: str, depth: int) -> Level:
        known = self._levels.get((number_id, depth))
        if known is None:
            known = self._levels[number_id, depth] = self._read_level(number_id, depth)
        return known

    def _read_level(self, number_id: str, depth: int) -> Level:
        levels = list(self._element(number_id))
        for override in self._used[number_id].iterfind(f"{WORD}lvlOverride"):
            levels[:0] = override.iterfind(f"{WORD}lvl")
        path = [e for e in levels if e.tag == f"{WORD}lvl" and e.get(f"{WORD}ilvl") == str(depth)]
        level = path[0] if path else None
        anew = self._override(number_id, depth)
        start = _value(level, "start") if anew is None else anew.get(VALUE)
        return Level(
            _number(start, 1),
            _value(level, "numFmt") or "decimal",
            _value(level, "lvlText") or "",
            _number(_value(level, "lvlRestart"), depth),
            level is not None and level.find(f"{WORD}isLgl") is not None,
        )


def _value(element: Any, name: str) -> str | None:
    found = None if element is None else element.find(f"{WORD}{name}")
    return None if found is None else found.get(VALUE)


def _number(written: str | None, otherwise: int) -> int:
    try:
        return int(written or "")
    except ValueError:
        return otherwise
