"""What a page may load and who may frame it: one Content-Security-Policy for each path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    ("/embed-files/", DATA_POLICY),
    ("/api/", DATA_POLICY),
    ("/v1/", DATA_POLICY),
    ("/api", VIEW_POLICY),
    ("/", PAGE_POLICY),
)
"""By the beginning of the path; the first that fits."""


def policy_for(path: str) -> str:
    """The policy of everything but frames."""
    return next(policy for start, policy in POLICIES if path.startswith(start))


def frame_policy(path: str, embeds: Mapping[str, Sequence[str]]) -> str | None:
    """The policy of a portal's frame, None for any other path. Nobody may frame an embed
    that is not known."""
    if not path.startswith(EMBED):
        return None
    origins = embeds.get(path.removeprefix(EMBED), ())
    return FRAME_POLICY.format(origins=" ".join(origins) or "'none'")
