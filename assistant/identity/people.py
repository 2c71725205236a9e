"""A person whom somebody vouched for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.documents import Principal

MOST_GROUPS, LONGEST_GROUP, LONGEST_NAME = 200, 128, 255


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, according to `issuer`. `subject` is the issuer's own lasting id."""

    issuer: str
    subject: str
    tenant: str
    groups: frozenset[str] = frozenset()
    name: str = ""

    @property
    def mark(self) -> str:
        """Tells people apart without saying who they are."""
        return hashlib.sha256(f"{self.principal.id} {self.tenant}".encode()).hexdigest()[:16]

    @property
    def principal(self) -> Principal:
        """On whose behalf they read. Groups of two issuers never meet."""
        groups = frozenset(f"group:{self.issuer}|{group}" for group in self.groups)
        return Principal(principal_id(self.issuer, self.subject), self.tenant, groups)


def principal_id(issuer: str, subject: str) -> str:
    """As documents are shared with this person."""
    return f"user:{issuer}|{subject}"


def read_text(claims: Mapping[str, Any], claim: str, longest: int = LONGEST_NAME) -> str:
    """A claim that names something. Raises ValueError, which says what is wrong."""
    value = claims.get(claim)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise ValueError(f"{claim}: it has to be a text of 1 to {longest} printable characters")
    return value


def read_groups(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """The groups that a claim lists, none if it is not there. Raises ValueError."""
    groups = claims.get(claim, [])
    if not isinstance(groups, list) or len(groups) > MOST_GROUPS:
        raise ValueError(f"{claim}: it has to be a list of at most {MOST_GROUPS}")
    return frozenset(read_text({claim: group}, claim, LONGEST_GROUP) for group in groups)


def read_name(claims: Mapping[str, Any]) -> str:
    """What to call somebody, "" if nothing fit to be shown is said. It decides nothing."""
    name = claims.get("name")
    if not isinstance(name, str):
        return ""
    return "".join(char for char in name if char.isprintable())[:LONGEST_NAME]
