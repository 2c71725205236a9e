"""Finding quotation marks that belong together.

“ ”  « »  „ “ are told apart by their shape, " and '' by the space around them. A
paragraph that opens a quotation need not close it: newspapers let the next one go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.documents import Span

MARK = re.compile(r"''|[“”„«»\"]")
CLOSED_BY = {"“": "”", "„": "“”", "«": "»", '"': '"', "''": "''"}
SHAPELESS = frozenset({'"', "''"})


def quotations(text: str, paragraphs: Sequence[Span]) -> Iterator[Span]:
    """Every quotation from mark to mark, in reading order, the marks included.

    One that goes on in the next paragraph is a span in each. What stands in the marks of
    another one is not told apart.
    """
    for paragraph in paragraphs:
        opened: tuple[str, int] | None = None
        for match in MARK.finditer(text, paragraph.start, paragraph.end):
            mark = match[0]
            if opened is None:
                if mark in CLOSED_BY and _may_open(text, match, paragraph):
                    opened = (mark, match.start())
            elif mark in CLOSED_BY[opened[0]] and _may_close(text, match):
                yield Span(opened[1], match.end())
                opened = None
        if opened is not None and _goes_on(text, opened[1], paragraph):
            yield Span(opened[1], paragraph.end)


def _may_open(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    """Is it before a word and, if its shape does not tell, after none?"""
    if mark.end() >= paragraph.end or text[mark.end()].isspace():
        return False
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    return mark[0] not in SHAPELESS or not (before.isalnum() or before in ".,!?")


def _may_close(text: str, mark: re.Match[str]) -> bool:
    """Is it after a word?"""
    return mark[0] not in SHAPELESS or not text[mark.start() - 1].isspace()


def _goes_on(text: str, opened: int, paragraph: Span) -> bool:
    """A mark without its partner counts where a sentence begins: in others it is a slip."""
    before = text[paragraph.start : opened].rstrip()
    return not before or before[-1] in ".:,!?”"
