"""Every door of the server and what it takes to pass. What is not named here is closed.

A path may have parts in braces: {id} stands for one part, {rest:path} for any number.
HEAD is allowed where GET is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.web.entry.callers import Permission

DOORS: Mapping[Permission, Sequence[str]] = {
    "public": (
        "GET /api/v1/health",
        "GET /api/v1/ready",
        "POST /api/v1/commands",  # asks for the index owner's token itself
        "GET /page-files/{rest:path}",
        "POST /api/v1/embed/token",
        "GET /embed.js",
        "GET /embed/{embed}",
        "GET /embed-files/{rest:path}",
        "GET /login",
        "GET /login/callback",
        "GET /favicon.ico",
        "GET /robots.txt",
    ),
    "ask": (
        "POST /api/v1/ask",
        "POST /v1/chat/completions",
        "GET /v1/models",
        "GET /v1/models/{name}",
        "POST /mcp",  # the tools that make answers pass the gate themselves
        "POST /api/v1/verify",
        "GET /api/v1/speakers",
        "GET /api/v1/statements",
        "GET /api/v1/documents",
        "GET /api/v1/documents/{id}",
        "GET /api/v1/documents/{id}/text",
        "GET /api/v1/conversations",
        "POST /api/v1/conversations",
        "GET /api/v1/conversations/{id}",
        "DELETE /api/v1/conversations/{id}",
        "POST /api/v1/feedback",
        "POST /api/v1/embed/logout",
        "POST /logout",
        "GET /api/v1/suggestions",
        "GET /api/v1/me",
        "GET /api/v1/openapi.json",
        "GET /api",
        "GET /read/{id}",
        "GET /statements",
        # Gradio's page and what it calls
        "GET /",
        "GET /config",
        "GET /theme.css",
        "GET /manifest.json",
        "GET /pwa_icon",
        "GET /static/{rest:path}",
        "GET /assets/{rest:path}",
        "GET /svelte/{rest:path}",
        "GET /gradio_api/info",
        "GET /gradio_api/app_id",
        "GET /gradio_api/theme.css",
        "GET /gradio_api/startup-events",
        "GET /gradio_api/heartbeat/{session}",
        "GET /gradio_api/queue/data",
        "POST /gradio_api/queue/join",
        "POST /gradio_api/cancel",
    ),
    "write": (
        "POST /api/v1/documents",
        "DELETE /api/v1/documents/{id}",
        "GET /api/v1/documents/{id}/rights",
        "PUT /api/v1/documents/{id}/rights",
    ),
    "evaluate": (
        "GET /evaluation",
        "GET /evaluation/add",
        "POST /evaluation/add",
        "GET /evaluation/sets/{name}",
        "POST /evaluation/sets/{name}",
        "POST /evaluation/runs",
        "POST /evaluation/stop",
        "GET /evaluation/runs/{name}",
        "GET /evaluation/runs/{name}/report",
        "POST /evaluation/runs/{name}/continue",
        "GET /evaluation/compare",
        "GET /api/v1/evaluations/sets",
        "GET /api/v1/evaluations",
        "POST /api/v1/evaluations",
        "GET /api/v1/evaluations/{name}",
        "GET /api/v1/evaluations/{name}/figures",
        "GET /api/v1/evaluations/{name}/records",
        "GET /api/v1/evaluations/{name}/report",
        "GET /api/v1/evaluations/{name}/comparison",
        "POST /api/v1/evaluations/{name}/stop",
        "POST /api/v1/evaluations/{name}/continue",
    ),
    "administer": (
        "GET /administration",
        "POST /administration",
        "GET /administration/unanswered.csv",
        "GET /administration/feedback",
        "GET /administration/usage",
        "GET /administration/people",
        "GET /administration/audit",
        "GET /administration/keys",
        "POST /administration/keys",
        "GET /administration/embeds",
        "GET /metrics",
        "POST /api/v1/embed/revoke",
        "POST /api/v1/embed/assertion-check",
        "GET /api/v1/admin/keys",
        "POST /api/v1/admin/keys",
        "POST /api/v1/admin/keys/{name}/rotate",
        "DELETE /api/v1/admin/keys/{name}",
        "GET /api/v1/admin/people",
        "GET /api/v1/admin/usage",
        "GET /api/v1/admin/unanswered",
        "GET /api/v1/admin/feedback",
        "GET /api/v1/admin/audit",
        "GET /api/v1/admin/embeds",
    ),
}

ASKING = frozenset(
    {
        "/api/v1/ask",
        "/api/v1/suggestions",  # asks each before it suggests it
        "/v1/chat/completions",
        "/gradio_api/queue/join",
    }
)
"""Doors behind which answers are made: they are limited."""

UPLOADING = frozenset({"/api/v1/documents"})
"""Doors that take whole documents."""


@dataclass(frozen=True, slots=True)
class Door:
    """A way in."""

    method: str
    path: str
    permission: Permission


@cache
def doors() -> tuple[Door, ...]:
    """All of them."""
    return tuple(
        Door(method, path, permission)
        for permission, listed in DOORS.items()
        for method, path in (door.split(" ") for door in listed)
    )


def doors_at(path: str) -> Sequence[Door]:
    """Those at this path, one for each method."""
    plain, patterns = _by_path()
    return plain.get(path) or [door for pattern, door in patterns if pattern.fullmatch(path)]


@cache
def _by_path() -> tuple[Mapping[str, Sequence[Door]], Sequence[tuple[re.Pattern[str], Door]]]:
    """The doors at each path without braces, and the pattern of each path with them."""
    patterns = [(_pattern(door.path), door) for door in doors() if "{" in door.path]
    plain: dict[str, list[Door]] = {}
    for door in doors():
        if "{" not in door.path:
            plain.setdefault(door.path, []).append(door)
    for path, at_path in plain.items():
        methods = {door.method for door in at_path}
        fitting = (door for pattern, door in patterns if pattern.fullmatch(path))
        at_path.extend(door for door in fitting if door.method not in methods)
    return plain, patterns


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
