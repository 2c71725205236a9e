"""Footnotes of a web page: marks in its text that lead to notes below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from index.reading.blocks import one_line

MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[*†‡§¶]{1,3}|note \d{1,3})[\])]?", re.I)
BEFORE_A_NOTE = re.compile(r"^[\[(^]*(?:\d{1,3}|[a-z](?=[\])])|[*†‡§¶]{1,3})[\])]*[.:)]?\s+", re.I)
BACK = re.compile(r"\W*(?:\w\W*)?|\W*(?:back|return)\b.*|jump up", re.I)
"""The words of a link from a note to its mark: an arrow, mostly."""

LONGEST_NOTE = 2_000
"""Characters; what is longer is a part of the page."""

ROLES = frozenset(["doc-footnote", "doc-endnote", "note"])
NAMED_NOTE = re.compile(r"\b(?:foot|end)-?notes?\b|\breferences?\b", re.I)


@dataclass(slots=True)
class PageNotes:
    """The elements of notes by the links that mark them, and the links back."""

    marked: dict[Any, Any] = field(default_factory=dict)
    back: set[Any] = field(default_factory=set)


def notes_of(root: Any, inline: frozenset[str]) -> PageNotes:
    """The notes below an element that links in it lead to; `inline` elements are parts of a
    line."""
    found = PageNotes()
    links = [link for link in root.iter("a") if link.get("href", "").startswith("#")]
    marks = [link for link in links if MARK.fullmatch(_words(link))]
    if not marks:
        return found
    said = cache(_words)
    place = {element: number for number, element in enumerate(root.iter())}
    named = {element.get("id") or element.get("name"): element for element in place}
    for mark in marks:
        note = _around(named.get(mark.get("href")[1:]), inline)
        if (
            note is not None
            and place[note] > place[mark]
            and _is_note(note, _words(mark), said(note))
        ):
            found.marked[mark] = note
    notes = set(found.marked.values())
    found.back.update(
        link for link in links if BACK.fullmatch(_words(link)) and _is_in(link, notes)
    )
    return found


def _words(element: Any) -> str:
    return one_line("".join(element.itertext()))


def _around(element: Any, inline: frozenset[str]) -> Any:
    while element is not None and element.tag in inline:
        element = element.getparent()
    return element


def _is_in(link: Any, notes: set[Any]) -> bool:
    return any(around in notes for around in link.iterancestors())


def _is_note(element: Any, mark: str, words: str) -> bool:
    """Does it say so, or begin with the mark, or is it an item with a link back?"""
    if len(words) > LONGEST_NOTE or element.tag in ("body", "section", "td", "tr", "table"):
        return False
    said = f"{element.get('class', '')} {element.getparent().get('class', '')}"
    if element.get("role") in ROLES or NAMED_NOTE.search(said):
        return True
    is_back = any(link.get("href", "").startswith("#") for link in element.iter("a"))
    return words.lstrip("[(").startswith(mark.strip("[]()")) or (element.tag == "li" and is_back)
