"""API keys: the list, a form for a new one, and a key that is shown this once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.accounts.keys import PREFIX, Key, Keys
from assistant.languages import later
from assistant.web.entry.callers import Caller, Permission

MAY: Mapping[Permission, str] = {
    "ask": later("ask, and read what is shared with it"),
    "write": later("add documents, and remove its own"),
    "evaluate": later("run question sets"),
    "administer": later("see and do what this page does"),
}
"""What each permission is for, in words."""

DEFAULT_DAYS = "90"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form for a new key."""

    name: str = ""
    permissions: frozenset[str] = frozenset({"ask"})
    tenant: str = ""
    groups: str = ""
    days: str = DEFAULT_DAYS


@dataclass(frozen=True, slots=True)
class Fresh:
    """A key that was just made."""

    name: str
    key: str


def keys_shown(
    keys: Keys,
    caller: Caller,
    tenants: Sequence[str],
    *,
    typed: Typed | None = None,
    fresh: Fresh | None = None,
) -> dict[str, object]:
    """The key that was just made if one was, the form, and the keys."""
    held = keys.all()
    return {
        "fresh": fresh,
        "is_open": typed is not None or not held,
        "typed": typed or Typed(),
        "grantable": {may: words for may, words in MAY.items() if may in caller.permissions},
        "tenants": tenants,
        "keys": [_key(list(same)) for _, same in groupby(held, key=lambda key: key.name)],
    }


def _key(same: Sequence[Key]) -> dict[str, object]:
    """The keys of one name, the newest first."""
    newest, *earlier = same
    return {
        "id": newest.id,
        "name": newest.name,
        "may": [may for may in MAY if may in newest.permissions],
        "tenant": newest.tenant,
        "groups": sorted(newest.groups),
        "created": newest.created,
        "earlier": [_times(key) for key in earlier],
        **_times(newest),
    }


def _times(key: Key) -> dict[str, object]:
    """As much of it as may be shown, and until when it is good."""
    return {"shown": f"{PREFIX}{key.id}_…", "expires": key.expires, "used": key.used}
