"""What each route says about itself: who may pass, what a page may load, what may be kept.

A route says it where it is added, so everything about a page stands in one place:

    @app.get("/statements")
    @doors.page("ask", view="Who said what")
    def show(caller: Whoever) -> HTMLResponse: ...

The guard goes by these declarations alone. A route that says nothing has no door: for
everybody there is nothing at its address. What is not said about a door is the strictest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from fastapi import FastAPI
from starlette.routing import Mount, Route

from assistant.web.entry.callers import Permission, ViewLink
from assistant.web.entry.policies import DATA_POLICY, VIEW_POLICY

Limit = Literal["answers", "uploads"]
"""answers: makes answers, of which there are so many at once and a minute; uploads: takes
whole documents, which may be larger than other requests."""

Declared = TypeVar("Declared")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route says about itself.

    `view` is what its link in the masthead says, "" for what has none there. `own_policy`:
    the route may send a policy of its own in place of `policy`. `cacheable`: the same for
    everybody, so caches may keep it; every other answer is sent with no-store.
    `called_by_pages`: listed pages of other sites may call it with a bearer; `for_other_sites`:
    any page may load it. `is_page`: it speaks the language of whoever looks at it.
    """

    permission: Permission
    policy: str = DATA_POLICY
    view: str = ""
    own_policy: bool = False
    cacheable: bool = False
    limit: Limit | None = None
    called_by_pages: bool = False
    for_other_sites: bool = False
    is_page: bool = False

    def __call__(self, declared: Declared) -> Declared:
        """Declare an endpoint, or an application that is mounted."""
        setattr(declared, ATTRIBUTE, self)
        return declared


ATTRIBUTE = "declared_door"
"""What is declared hangs on the endpoint by this name."""


def page(
    permission: Permission, policy: str = VIEW_POLICY, *, view: str = "", own_policy: bool = False
) -> Declaration:
    """Declares a page of HTML, or what its forms are sent to."""
    return Declaration(permission, policy, view, own_policy, is_page=True)


def call(
    permission: Permission, *, limit: Limit | None = None, own_policy: bool = False
) -> Declaration:
    """Declares a call of the API."""
    return Declaration(permission, limit=limit, own_policy=own_policy, called_by_pages=True)


def files(
    permission: Permission, policy: str = DATA_POLICY, *, for_other_sites: bool = False
) -> Declaration:
    """Declares files that are the same for everybody."""
    return Declaration(permission, policy, cacheable=True, for_other_sites=for_other_sites)


@dataclass(frozen=True, slots=True)
class Door:
    """A way in. A path may have parts in braces: {id} stands for one part, {rest:path} for
    any number. HEAD is allowed where GET is."""

    method: str
    path: str
    declared: Declaration

    @property
    def permission(self) -> Permission:
        """What it takes to pass."""
        return self.declared.permission


class Doors:
    """Every way into the server."""

    def __init__(self, doors: Iterable[Door]) -> None:
        self._all = tuple(doors)
        self._patterns = [(_pattern(door.path), door) for door in self._all if "{" in door.path]
        self._plain = self._at_plain_paths()

    def __iter__(self) -> Iterator[Door]:
        return iter(self._all)

    def at(self, path: str) -> Sequence[Door]:
        """Those at this path, one for each method."""
        at_path = self._plain.get(path)
        return at_path or [door for pattern, door in self._patterns if pattern.fullmatch(path)]

    def views_for(self, permissions: Collection[Permission]) -> Sequence[ViewLink]:
        """The views that one may open: first those that most people may."""
        order = get_args(Permission)
        shown = [door for door in self if door.declared.view and door.permission in permissions]
        shown.sort(key=lambda door: (order.index(door.permission), door.path))
        return [ViewLink(door.path, door.declared.view) for door in shown]

    def _at_plain_paths(self) -> Mapping[str, Sequence[Door]]:
        plain: dict[str, list[Door]] = {}
        for door in self._all:
            if "{" not in door.path:
                plain.setdefault(door.path, []).append(door)
        for path, at_path in plain.items():
            methods = {door.method for door in at_path}
            fitting = (door for pattern, door in self._patterns if pattern.fullmatch(path))
            at_path.extend(door for door in fitting if door.method not in methods)
        return plain


def doors_in(app: FastAPI, prefix: str = "") -> Iterator[Door]:
    """The doors that the routes of an application declare, also those of applications that
    are mounted in it."""
    for route in app.routes:
        if isinstance(route, Mount):
            if declared := _declared(route.app):
                yield Door("GET", f"{prefix}{route.path}/{{rest:path}}", declared)
            elif isinstance(route.app, FastAPI):
                yield from doors_in(route.app, prefix + route.path)
        elif isinstance(route, Route) and (declared := _declared(route.endpoint)):
            methods = (route.methods or set()) - {"HEAD"}
            yield from (Door(method, prefix + route.path, declared) for method in methods)


def _declared(declared: object) -> Declaration | None:
    found = getattr(declared, ATTRIBUTE, None)
    return found if isinstance(found, Declaration) else None


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\})", path)
    return re.compile(
        "".join(
            (".+" if part.endswith(":path}") else "[^/]+")
            if part.startswith("{")
            else re.escape(part)
            for part in parts
        )
    )
