"""The one maker of addresses: where people reach what the server has.

Routes, links and redirects are written as if the server had a host to itself. Where `url` has a
path, a proxy shows the server below it, and whatever leaves the server has that path in front:
templates say `at(…)`, as does whoever puts a link into JSON; redirects have it put in front of
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_path: ContextVar[str] = ContextVar("path", default="")


def at(address: str) -> str:
    """The address as a browser has to ask for it: /assist/read/… for /read/…"""
    return f"{_path.get()}{address}" if address.startswith("/") else address


@contextmanager
def below(path: str) -> Iterator[None]:
    """Inside, people reach the server below this path: "" or one like /assist."""
    token = _path.set(path)
    try:
        yield
    finally:
        _path.reset(token)
