"""A person whom somebody vouched for."""

from __future__ import annotations

from dataclasses import dataclass

from index.documents import Principal


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, according to `issuer`. `subject` is the issuer's own lasting id."""

    issuer: str
    subject: str
    tenant: str
    groups: frozenset[str] = frozenset()
    name: str = ""

    @property
    def principal(self) -> Principal:
        """On whose behalf they read. Groups of two issuers never meet."""
        groups = frozenset(f"group:{self.issuer}|{group}" for group in self.groups)
        return Principal(principal_id(self.issuer, self.subject), self.tenant, groups)


def principal_id(issuer: str, subject: str) -> str:
    """As documents are shared with this person."""
    return f"user:{issuer}|{subject}"
