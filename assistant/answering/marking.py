"""The words of a quotation that answer by themselves: "16 weeks". Only where the kind of answer
tells, and where there is but one of the kind: of two nobody can tell."""

from __future__ import annotations

import re

from index.documents import Span
from index.english.kinds import TIME, Kind
from index.english.spelling import root, telling

BEFORE = re.compile(r"[\w$€£¥+(.,:/-]*$")
BEHIND = re.compile(r"[\w%.,:/)@-]*")
NEXT = re.compile(r"[ \u00a0]([A-Za-z]+)")
OUTER = ".,;:("
MOST_WORDS = 8
"""Words of an answer; a longer match is a clause, not an answer."""


def answer_in(words: str, kind: Kind | None, question: str) -> Span | None:
    """Where in these words the only answer of this kind stands; None if there is none, or
    another."""
    if kind is None or not kind.is_marked:
        return None
    found: list[Span] = []
    for match in kind.given.finditer(words):
        span = _whole(words, Span(*match.span()), telling(question))
        if found and span.start <= found[-1].end + 1:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    if len(found) != 1 or len(words[found[0].start : found[0].end].split()) > MOST_WORDS:
        return None
    return found[0]


def _whole(words: str, span: Span, asked: set[str]) -> Span:
    """The whole of the words that it touches, with the unit or the thing that is counted."""
    before, behind = BEFORE.search(words[: span.start]), BEHIND.match(words, span.end)
    start = before.start() if before else span.start
    end = behind.end() if behind else span.end
    whole = words[start:end]
    end -= len(whole) - len(whole.rstrip(OUTER))
    start += len(whole) - len(whole.lstrip(OUTER.replace("(", "")))
    unit = NEXT.match(words, end)
    counts = any(map(str.isdigit, words[start:end]))
    if unit and counts and (re.fullmatch(TIME, unit[1], re.I) or root(unit[1]) in asked):
        end = unit.end()
    return Span(start, end)
