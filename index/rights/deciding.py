"""Who may read a document: the rights that it has, and the one function that decides.

`may_read` is asked by `Catalog.scope` alone; everything else asks a Scope.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from index.documents import LOCAL_USER, Principal, Sharing
from index.errors import RightsUnclear

PERSONS = ("user:", "key:")
KINDS = (*PERSONS, "group:", "tenant:")

LONGEST_NAME = 512
"""Characters: an issuer's address and a subject of 255, which is the most that OpenID
Connect allows."""

MOST_NAMES = 1_000
"""Readers of one document. Whoever needs more has a group."""

PRINCIPALS_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may read a document. Raises RightsUnclear for names that mean nobody.

    `owner` is a principal's id. `tenant` ("" for none) keeps a document inside: nobody of
    another tenant, or of none, reads it, whatever else is said. `readers` and `denied` are
    ids, groups and "tenant:<name>", everybody of a tenant.
    """

    owner: str
    tenant: str = ""
    readers: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "owner", _name(self.owner, PERSONS))
        object.__setattr__(self, "tenant", _tenant(self.tenant))
        object.__setattr__(self, "readers", _names(self.readers, "readers"))
        object.__setattr__(self, "denied", _names(self.denied, "denied"))
        others = [f"tenant:{self.tenant}"] if self.tenant else []
        strange = sorted(r for r in self.readers if r.startswith("tenant:") and r not in others)
        if self.tenant and strange:
            raise RightsUnclear(
                f"“{strange[0]}” cannot read what belongs to the tenant {self.tenant}: take it "
                "out of the readers, or leave out the tenant."
            )

    def as_dict(self) -> dict[str, object]:
        """As programs see it; names sorted."""
        return {
            "owner": self.owner,
            "tenant": self.tenant,
            "readers": sorted(self.readers),
            "denied": sorted(self.denied),
        }

    def as_json(self) -> str:
        """The same for the same rights, so that each is stored once."""
        return json.dumps(self.as_dict(), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """The rights of a document and where they are from, in words."""

    rights: Rights
    origin: str


BY_HAND = "set by hand"


def may_read(principal: Principal, rights: Rights) -> bool:
    """May this principal read what has these rights? The only place that decides it.

    An operator may. Nobody else of another tenant than the document's may, and none of
    the denied, be it the owner; then the owner may and the readers. A name that nobody
    has matches nobody.
    """
    if principal.is_operator:
        return True
    if rights.tenant and _plain(principal.tenant) != rights.tenant:
        return False
    names = _names_of(principal)
    if not names.isdisjoint(rights.denied):
        return False
    return rights.owner in names or not names.isdisjoint(rights.readers)


def stricter(one: Rights, other: Rights) -> Rights:
    """The rights of those whom both let read, by name: a group and a person in it are two.
    Where the owners or tenants differ, it is the operator's."""
    tenants = {one.tenant, other.tenant} - {""}
    denied = one.denied | other.denied
    if len(tenants) > 1:
        return replace(OWNER_ONLY, denied=denied)
    tenant = next(iter(tenants), "")
    both = (one.readers | {one.owner}) & (other.readers | {other.owner})
    strange = {n for n in both if tenant and n.startswith("tenant:") and n != f"tenant:{tenant}"}
    owner = one.owner if one.owner == other.owner else LOCAL_USER.id
    return Rights(owner, tenant, both - strange - {owner}, denied)


def is_called(principal: Principal, name: str) -> bool:
    """Is this the principal's own id?"""
    return principal.id.startswith(PERSONS) and _plain(principal.id) == name


def from_json(text: str) -> Rights:
    """The rights of which `as_json` made the text."""
    return rights_of_fields(json.loads(text))


def rights_of_fields(fields: Mapping[str, object], base: Rights | None = None) -> Rights:
    """The rights that these fields give; those that are left out are the base's, else of
    OWNER_ONLY. Raises RightsUnclear, naming the field, for what is no name or list of names."""
    base = base or OWNER_ONLY
    unknown = sorted(set(fields) - {"owner", "tenant", "readers", "denied"})
    if unknown:
        raise RightsUnclear(
            f"“{unknown[0]}” is unknown. Rights have owner, tenant, readers and denied."
        )
    return Rights(
        owner=_word(fields.get("owner", base.owner), "owner"),
        tenant=_word(fields.get("tenant", base.tenant), "tenant"),
        readers=_list(fields.get("readers", base.readers), "readers"),
        denied=_list(fields.get("denied", base.denied), "denied"),
    )


def as_document_says(base: Granted, sharing: Sharing | None) -> Granted:
    """The rights with the readers that the document itself names, if it does. Raises
    RightsUnclear for ones that cannot be used."""
    if sharing is None:
        return base
    if sharing.problem:
        raise RightsUnclear(sharing.problem)
    said = {"readers": sharing.readers, "denied": sharing.denied}
    fields = {field: names for field, names in said.items() if names is not None}
    return Granted(rights_of_fields(fields, base.rights), "front matter")


@lru_cache(maxsize=PRINCIPALS_KEPT)
def _names_of(principal: Principal) -> frozenset[str]:
    """By which rights may call a principal. Each kind of name comes from its own field:
    a group that calls itself "tenant:acme" is no tenant."""
    ids = [principal.id] if principal.id.startswith(PERSONS) else []
    groups = [group for group in principal.groups if group.startswith("group:")]
    tenants = [f"tenant:{principal.tenant}"] if principal.tenant else []
    return frozenset(map(_plain, [*ids, *groups, *tenants]))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _names(names: Iterable[str], field: str) -> frozenset[str]:
    if isinstance(names, str):
        raise RightsUnclear(f"“{field}” has to be a list of names, not one name.")
    checked = frozenset(_name(name, KINDS) for name in names)
    if len(checked) > MOST_NAMES:
        raise RightsUnclear(
            f"“{field}” has {len(checked):,} names; at most {MOST_NAMES:,} are taken. Use a group."
        )
    return checked


def _name(name: str, kinds: tuple[str, ...]) -> str:
    plain = _plain(name)
    kind, _, rest = plain.partition(":")
    if f"{kind}:" not in kinds or not rest or rest != rest.strip():
        examples = " or ".join(f"“{each}…”" for each in kinds)
        raise RightsUnclear(f"“{name}” names nobody: a name is {examples}.")
    return _checked(plain)


def _tenant(tenant: str) -> str:
    plain = _plain(tenant)
    if plain != plain.strip() or plain.startswith("tenant:"):
        raise RightsUnclear(f"“{tenant}” is no tenant: give its name alone, such as “acme”.")
    return _checked(plain)


def _checked(plain: str) -> str:
    if len(plain) > LONGEST_NAME:
        raise RightsUnclear(
            f"“{plain[:40]}…” has {len(plain):,} characters; names have at most {LONGEST_NAME}."
        )
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in plain):
        raise RightsUnclear(f"“{plain!r}” has a control character in it. Type the name again.")
    return plain


def _word(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise RightsUnclear(f"“{field}” has to be a name in quotation marks, not {value!r}.")
    return value


def _list(value: object, field: str) -> frozenset[str]:
    if not isinstance(value, list | tuple | frozenset) or not all(
        isinstance(each, str) for each in value
    ):
        raise RightsUnclear(
            f"“{field}” has to be a list of names, such as "
            f'["group:https://login.corp|staff"], not {value!r}.'
        )
    return frozenset(value)


OWNER_ONLY = Rights(LOCAL_USER.id)
"""The rights of a document of which nothing was said: only the operator reads it."""

NOTHING_SAID = Granted(OWNER_ONLY, "nothing says who, so the owner only")
