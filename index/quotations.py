"""Finding quotation marks that belong together.

“ ”  « »  „ “ are told apart by their shape, " and '' by the space around them. A
paragraph that opens a quotation and does not close it is continued by the next one,
if that opens with the mark again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents import Span

MARK = re.compile(r"''|[“”„«»\"]")
CLOSED_BY = {"“": "”", "„": "“”", "«": "»", '"': '"', "''": "''"}
SHAPELESS = frozenset({'"', "''"})


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters from mark to mark, the marks included.

    `continues` says that an earlier paragraph opened it, `closed` that it ends here.
    """

    span: Span
    continues: bool = False
    closed: bool = True


def quotations(text: str, paragraphs: Sequence[Span]) -> Iterator[Quotation]:
    """Every quotation of the paragraphs, in reading order; what stands in the marks
    of another one is not told apart."""
    open_before: str | None = None
    for paragraph in paragraphs:
        continued = open_before is not None and text.startswith(open_before, paragraph.start)
        opened: tuple[str, int] | None = None
        first = True
        for match in MARK.finditer(text, paragraph.start, paragraph.end):
            mark = match[0]
            if opened is None:
                if mark in CLOSED_BY and _may_open(text, match, paragraph):
                    opened = (mark, match.start())
            elif mark in CLOSED_BY[opened[0]] and _may_close(text, match, paragraph):
                yield Quotation(Span(opened[1], match.end()), continued and first)
                opened, first = None, False
        open_before = None
        if opened is not None and _goes_on(text, opened, paragraph):
            open_before = opened[0]
            yield Quotation(Span(opened[1], paragraph.end), continued and first, closed=False)


def _may_open(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    """Is it before a word and, if its shape does not tell, after none?"""
    if mark.end() >= paragraph.end or text[mark.end()].isspace():
        return False
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    return mark[0] not in SHAPELESS or not (before.isalnum() or before in ".,!?")


def _may_close(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    """Is it after a word?"""
    return mark[0] not in SHAPELESS or not text[mark.start() - 1].isspace()


def _goes_on(text: str, opened: tuple[str, int], paragraph: Span) -> bool:
    """A mark without its partner counts where a sentence begins: in others it is a slip."""
    before = text[paragraph.start : opened[1]].rstrip()
    return not before or before[-1] in ".:,!?”"
