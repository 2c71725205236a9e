"""Fills the texts in prompts/, one file a message, with `$names`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template


def fill(name: str, **values: object) -> str:
    """The text of prompts/NAME.md with its names filled in.

    Raises KeyError for a name without a value and for a value without a name: both
    are slips of ours.
    """
    template = template_of(name)
    unused = sorted(set(values) - set(template.get_identifiers()))
    if unused:
        raise KeyError(f"prompts/{name}.md does not use {', '.join(unused)}")
    return template.substitute({key: str(value) for key, value in values.items()})


@cache
def template_of(name: str) -> Template:
    """The text of prompts/NAME.md with its names."""
    return Template((files("prompts") / f"{name}.md").read_text("utf-8").strip())
