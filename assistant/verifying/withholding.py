"""What was found, without documents that may no longer be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from assistant.answers import DraftClaim, Proposal
from index.documents import Found, Hit, Said, StatementHit

AnyHit = TypeVar("AnyHit", Hit, StatementHit, Hit | StatementHit)


def sources_of(proposal: Proposal) -> frozenset[str]:
    """Ids of the documents that a proposed sentence may have words of: for a written one
    all that the language model was given."""
    if isinstance(proposal, DraftClaim):
        return frozenset(hit.source.id for hit, _ in proposal.rests_on)
    return frozenset(hit.source.id for hit in proposal.given)


def found_in(found: Found) -> frozenset[str]:
    """Ids of every document that something was found in."""
    said = found.said
    statements = (*said.statements, *said.nearest, *said.by_others) if said else ()
    return frozenset(hit.source.id for hits in (found.hits, statements) for hit in hits)


def without(found: Found, gone: frozenset[str]) -> Found:
    """All but what is in these documents."""
    if not gone:
        return found
    said = found.said and _said_without(found.said, gone)
    return replace(found, hits=kept(found.hits, gone), said=said)


def kept(hits: Sequence[AnyHit], gone: frozenset[str]) -> tuple[AnyHit, ...]:
    """Those that are in none of these documents."""
    return tuple(hit for hit in hits if hit.source.id not in gone)


def _said_without(said: Said, gone: frozenset[str]) -> Said:
    return replace(
        said,
        statements=kept(said.statements, gone),
        nearest=kept(said.nearest, gone),
        by_others=kept(said.by_others, gone),
    )
