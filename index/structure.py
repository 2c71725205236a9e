"""A document's blocks as plain data, for whoever keeps or sends them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from index.documents import Block, Document, Span, walk

PLACES = frozenset(["sheet", "slide", "part"])
"""Blocks within which headings hold."""

NAMES = ("name", "subject")
"""The facts that are names of places."""

Plain = list[Any]
"""A block as JSON has it: [kind, start, end, level, facts, [blocks within]], without what is
empty at its end."""


def plain(blocks: Iterable[Block]) -> list[Plain]:
    """Blocks as JSON has them."""
    return [_plain(block) for block in blocks]


def blocks_of(listed: Iterable[Plain]) -> tuple[Block, ...]:
    """What `plain` was made of."""
    return tuple(_block(*fields) for fields in listed)


def described(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Blocks as programs see them, each with the names of its fields."""
    return [
        {
            "kind": block.kind,
            "start": block.span.start,
            "end": block.span.end,
            "level": block.level,
            "facts": dict(block.facts),
            "within": described(block.within),
        }
        for block in blocks
    ]


def place_of(document: Document, offset: int) -> tuple[str, ...]:
    """What stands above this character, from the outermost in: the names of its sheet or part,
    and the headings over it within that. The document's title is not told again."""
    names: list[str] = []
    headings: list[tuple[int, str]] = []
    blocks: Sequence[Block] = document.structure
    while blocks:
        inside: Sequence[Block] = ()
        for block in takewhile(lambda block: block.span.start <= offset, blocks):
            is_around = offset < block.span.end
            if block.kind == "heading":
                words = document.text[block.span.start : block.span.end]
                headings = [each for each in headings if each[0] < block.level]
                headings += [] if is_around else [(block.level, words)]
            elif is_around and block.kind in PLACES:
                headings = []
                names += [block.facts[fact] for fact in NAMES if fact in block.facts][:1]
            inside = block.within if is_around else inside
        blocks = inside
    above = dict.fromkeys([*names, *(words for _, words in headings)])
    return tuple(name for name in above if name != document.source.title)


def rows_in(document: Document, span: Span) -> list[Block]:
    """The rows of one table of which these characters consist; none if there is more to them."""
    for table in walk(document.structure):
        if table.kind == "table" and table.span.covers(span):
            rows = [row for row in table.within if row.span.overlaps(span)]
            whole = bool(rows) and (rows[0].span.start, rows[-1].span.end) == (span.start, span.end)
            return rows if whole else []
    return []


def headings_as_blocks(kept: Iterable[Any]) -> tuple[Block, ...]:
    """What earlier catalogs kept: blocks, or nothing but where each heading stands."""
    return blocks_of(["heading", *each, 1] if len(each) == 2 else each for each in kept)


def _plain(block: Block) -> Plain:
    fields: Plain = [block.kind, block.span.start, block.span.end, block.level, dict(block.facts)]
    fields.append(plain(block.within))
    while not fields[-1]:
        fields.pop()
    return fields


def _block(
    kind: Any,
    start: int,
    end: int = 0,
    level: int = 0,
    facts: dict[str, str] | None = None,
    within: Sequence[Plain] = (),
) -> Block:
    return Block(kind, Span(start, end), level, facts or {}, blocks_of(within))
