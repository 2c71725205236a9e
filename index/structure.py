"""A document's blocks as plain data, for whoever keeps or sends them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from index.documents import Block, Span

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
