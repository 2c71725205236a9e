"""What a page may load and who may frame it: the policies among which routes choose."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from hashlib import sha256

PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; media-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""For Gradio's chat: it puts scripts and styles into its page and evaluates templates.
Nothing may come from, or go to, another host."""

READER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
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


def frame_policy(origins: Sequence[str]) -> str:
    """The policy of a frame that pages of these origins may show."""
    return FRAME_POLICY.format(origins=" ".join(origins) or "'none'")
