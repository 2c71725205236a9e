"""Who may read which document, as a person and as a program sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.rendering.templating import visible
from index.documents import Source
from index.rights.deciding import Granted, Rights


def granted_to_dict(source: Source, granted: Granted) -> dict[str, Any]:
    """A document and its rights as programs see them."""
    return {
        "document": {"id": source.id, "name": source.name, "title": source.title},
        **granted.rights.as_dict(),
        "from": granted.origin,
    }


def granted_to_terminal(granted: Sequence[tuple[Source, Granted]]) -> str:
    """Documents with the same rights stand together, below what these are."""
    groups: dict[Granted, list[str]] = {}
    for source, each in granted:
        groups.setdefault(each, []).append(source.name)
    blocks = ["\n".join(_block(each, names)) for each, names in groups.items()]
    return visible("\n\n".join(blocks)) or "There are no such documents."


def _block(granted: Granted, names: Sequence[str]) -> Iterator[str]:
    yield from (f"{what}: {who}" for what, who in _described(granted.rights).items())
    yield f"from: {granted.origin}"
    yield from (f"  {name}" for name in names)


def _described(rights: Rights) -> Mapping[str, str]:
    described = {
        "owner": rights.owner,
        "tenant": rights.tenant,
        "readers": ", ".join(sorted(rights.readers)) or "the owner only",
        "denied": ", ".join(sorted(rights.denied)),
    }
    return {what: who for what, who in described.items() if who}
