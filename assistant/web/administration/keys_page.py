"""API keys: the list, a form for a new one, and a key that is shown this once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape as attribute
from itertools import groupby

from assistant.accounts.keys import PREFIX, Key, Keys
from assistant.rendering.answers import escape
from assistant.web.administration.pages import moment
from assistant.web.entry.callers import Caller, Permission
from index.english.spelling import counted

ABOUT = "For programs. Each stands for itself, and reads what is shared with its name, tenant \
and groups."

MAY: Mapping[Permission, str] = {
    "ask": "ask, and read what is shared with it",
    "write": "add documents, and remove its own",
    "evaluate": "run question sets",
    "administer": "see and do what this page does",
}
"""What each permission is for, in words."""

DEFAULT_DAYS = "90"

FRESH = """<section class="card fresh" role="alert"><h2>The key {name}</h2>
<p>Keep it now. Only its hash is stored, and nobody can show it again.</p>
<p class="secret"><code id="fresh" tabindex="-1">{key}</code>
<button type="button" class="copy" data-copies="fresh">Copy</button></p></section>"""

NEW = """<details class="card new"{open}><summary>New key</summary>
<form method="post" action="/administration/keys"><input type="hidden" name="deed" value="add">
<label for="name">Name</label>
<input id="name" name="name" value="{name}" required maxlength="64" autocomplete="off"
pattern="[A-Za-z0-9][A-Za-z0-9_.\\-]*" aria-describedby="name-note">
<p class="note" id="name-note">Letters, digits, dots, dashes and underscores. Documents are
shared with <code>key:NAME</code>.</p>
<fieldset><legend>It may</legend>{permissions}</fieldset>
<label for="tenant">Tenant, if it belongs to one</label>
<input id="tenant" name="tenant" value="{tenant}" maxlength="255" list="tenants" autocomplete="off">
<datalist id="tenants">{tenants}</datalist>
<label for="groups">Groups whose documents it reads, one a line; may be empty</label>
<textarea id="groups" name="groups" rows="2" placeholder="group:https://login.corp|editors"
spellcheck="false">{groups}</textarea>
<label for="days">Good for so many days; without a number it does not end</label>
<input id="days" name="days" type="number" min="1" max="3650" value="{days}">
<p class="ends"><button class="main">Make the key</button></p></form></details>"""

KEY = """<li><div class="what"><p class="name">{name}</p><p class="may">{may}</p>
<dl class="told">{facts}</dl>{earlier}</div><div class="deeds">
<button type="button" popovertarget="rotate-{id}">Exchange</button>
<button type="button" popovertarget="revoke-{id}" class="grave">Revoke</button></div>
{rotate}{revoke}</li>"""

CONFIRM = """<div class="confirm" popover id="{deed}-{id}" role="dialog" aria-label="{label}">
<h3>{label}</h3><p>{why}</p><form method="post" action="/administration/keys">
<input type="hidden" name="name" value="{name}"><p class="ends">
<button name="deed" value="{deed}" class="{kind}">{does}</button>
<button type="button" popovertarget="{deed}-{id}" popovertargetaction="hide" autofocus>Cancel
</button></p></form></div>"""

NONE = """<div class="empty"><p>There are no keys yet.</p></div>"""

ROTATE_WHY = "You get a new key now. The one that programs have stays good for a day."
REVOKE_WHY = "Programs that call with it are refused from now on. This cannot be undone."


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


def keys_body(
    keys: Keys,
    caller: Caller,
    tenants: Sequence[str],
    *,
    typed: Typed | None = None,
    fresh: Fresh | None = None,
) -> str:
    """The key that was just made if one was, the form, and the keys."""
    held = keys.all()
    groups = [list(group) for _, group in groupby(held, key=lambda key: key.name)]
    listed = "".join(map(_key, groups))
    shown = FRESH.format(name=escape(fresh.name), key=escape(fresh.key)) if fresh else ""
    is_open = typed is not None or not held
    form = _form(typed or Typed(), caller, tenants, is_open=is_open)
    tally = f'<p class="tally">{counted(len(groups), "key")}</p>'
    return f"{shown}{form}" + (f'{tally}<ul class="rows keys">{listed}</ul>' if held else NONE)


def _form(typed: Typed, caller: Caller, tenants: Sequence[str], *, is_open: bool) -> str:
    ticks = "".join(
        f'<label class="tick"><input type="checkbox" name="permissions" value="{permission}"'
        f"{' checked' if permission in typed.permissions else ''}> "
        f"<span><b>{permission}</b>: {words}</span></label>"
        for permission, words in MAY.items()
        if permission in caller.permissions
    )
    return NEW.format(
        open=" open" if is_open else "",
        name=attribute(typed.name),
        permissions=ticks,
        tenant=attribute(typed.tenant),
        tenants="".join(f"<option>{escape(tenant)}</option>" for tenant in tenants),
        groups=escape(typed.groups),
        days=attribute(typed.days),
    )


def _key(same: Sequence[Key]) -> str:
    """The keys of one name, the newest first."""
    newest, *earlier = same
    facts = (f"<div><dt>{name}</dt><dd>{fact}</dd></div>" for name, fact in _facts(newest))
    return KEY.format(
        name=escape(newest.name),
        may="".join(f"<span>{escape(may)}</span>" for may in _in_order(newest.permissions)),
        facts="".join(facts),
        earlier="".join(map(_earlier, earlier)),
        id=newest.id,
        rotate=_confirm(newest, "rotate", f"Exchange {newest.name}?", ROTATE_WHY, "main"),
        revoke=_confirm(newest, "revoke", f"Revoke {newest.name}?", REVOKE_WHY, "main grave"),
    )


def _in_order(permissions: frozenset[str]) -> Iterator[str]:
    return (permission for permission in MAY if permission in permissions)


def _facts(key: Key) -> Iterator[tuple[str, str]]:
    yield "key", f"<code>{PREFIX}{escape(key.id)}_…</code>"
    if key.tenant:
        yield "tenant", escape(key.tenant)
    if key.groups:
        yield "groups", "<br>".join(map(escape, sorted(key.groups)))
    yield "made", moment(key.created)
    yield "ends", moment(key.expires) if key.expires else "never"
    yield "last used", moment(key.used) if key.used else "never"


def _earlier(key: Key) -> str:
    until = f", good until {moment(key.expires)}" if key.expires else ""
    used = f", last used {moment(key.used)}" if key.used else ""
    return (
        f'<p class="note">The one before, <code>{PREFIX}{escape(key.id)}_…</code>{until}{used}.</p>'
    )


def _confirm(key: Key, deed: str, label: str, why: str, kind: str) -> str:
    return CONFIRM.format(
        deed=deed,
        id=key.id,
        label=escape(label),
        why=why,
        name=attribute(key.name),
        kind=kind,
        does="Exchange it" if deed == "rotate" else "Revoke it",
    )
