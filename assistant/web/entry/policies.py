"""What a page may load and who may frame it: one Content-Security-Policy for each path."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; media-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""For the chat: Gradio puts scripts and styles into its page and evaluates templates.
Nothing may come from, or go to, another host."""

READER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

VIEW_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
"""For the views of plain HTML."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For what is no page."""

FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "object-src 'none'; frame-src 'none'; frame-ancestors {origins}"
)
"""For the frame of a portal: its origins alone may show it."""

EMBED = "/embed/"

POLICIES = (
    ("/read/", READER_POLICY),
    ("/statements", VIEW_POLICY),
    ("/evaluation", VIEW_POLICY),
    ("/administration", VIEW_POLICY),
    ("/embed-files/", DATA_POLICY),
    ("/api/", DATA_POLICY),
    ("/v1/", DATA_POLICY),
    ("/mcp", DATA_POLICY),
    ("/metrics", DATA_POLICY),
    ("/api", VIEW_POLICY),
    ("/", PAGE_POLICY),
)
"""By the beginning of the path; the first that fits."""


def policy_for(path: str) -> str:
    """The policy of everything but frames."""
    return next(policy for start, policy in POLICIES if path.startswith(start))


REPORT = re.compile(r"(?:/evaluation/runs|/api/v1/evaluations)/[^/]+/report")
"""A page that was made by a run, and is kept: it runs by itself, without the rights of the
server's other pages."""

INLINE = re.compile(r"<(script|style)\b[^>]*>(.*?)</\1\s*>", re.S | re.I)


def report_policy(page: str) -> str:
    """For a report: what stands in its own <script> and <style> and nothing else, by their
    hashes; an origin of its own, so that it can call nobody and read nothing here."""
    hashes: dict[str, set[str]] = {"script": set(), "style": set()}
    for kind, content in INLINE.findall(page):
        digest = base64.b64encode(sha256(content.encode()).digest()).decode()
        hashes[kind.lower()].add(f"'sha256-{digest}'")
    allowed = {kind: " ".join(sorted(found)) or "'none'" for kind, found in hashes.items()}
    return (
        f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-scripts"
    )


def sets_its_own(path: str) -> bool:
    """Does the route at this path say what its page may load?"""
    return REPORT.fullmatch(path) is not None


def frame_policy(path: str, embeds: Mapping[str, Sequence[str]]) -> str | None:
    """The policy of a portal's frame, None for any other path. Nobody may frame an embed
    that is not known."""
    if not path.startswith(EMBED):
        return None
    origins = embeds.get(path.removeprefix(EMBED), ())
    return FRAME_POLICY.format(origins=" ".join(origins) or "'none'")
