"""What a text says of itself before it begins, between two lines of dashes, in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from index.documents import Sharing

FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n?|\n)(.*?)(?:\r\n?|\n)---[ \t]*(?=\r|\n|\Z)", re.DOTALL)
READERS_NAMED = re.compile(
    r"^\s*[\"']?(?:readers?|denied|deny|denies|tenant)\b", re.MULTILINE | re.IGNORECASE
)
SHARING = ("readers", "denied")
"""The fields of front matter that say who may read a document."""

MEANT_AS_SHARING = frozenset("reader allow allowed deny denies tenant".split())
"""Beside what is written much like one of those."""

MUCH_ALIKE = 0.8
WORDS_ALIKE = frozenset("headers leaders loaders renders".split())
"""That mean something else."""

NAME_OF_READERS = re.compile(r"(?:user|key|group|tenant):\S")


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """Its fields and where the body begins. What is no YAML mapping is a part of the body."""
    import yaml

    match = FRONT_MATTER.match(text)
    if match is None:
        return {}, 0
    try:
        fields = yaml.safe_load(match[1])
    except yaml.YAMLError:
        return {}, 0
    return (fields, match.end()) if isinstance(fields, dict) else ({}, 0)


def sharing(matter: Mapping[str, object], text: str) -> Sharing | None:
    """Who may read the document, if its front matter says. Where that is no YAML, but names
    readers, it is a problem: what was meant to be kept from others must not be opened."""
    block = FRONT_MATTER.match(text)
    if not matter and block and READERS_NAMED.search(block[1]):
        return Sharing(problem="The front matter names readers, but is no YAML. Correct it.")
    if strange := [field for field in matter if _is_meant_as_sharing(field, matter[field])]:
        return Sharing(
            problem=f"“{strange[0]}” in the front matter is unknown, and seems to say who may read "
            "this. There are “readers” and “denied”, each a list of names."
        )
    named: dict[str, tuple[str, ...]] = {}
    for field in SHARING:
        names = matter.get(field, [])
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            return Sharing(problem=f"“{field}” in the front matter has to be a list of names.")
        if field in matter:
            named[field] = tuple(names)
    return Sharing(named.get("readers"), named.get("denied")) if named else None


def _is_meant_as_sharing(field: object, value: object) -> bool:
    """Was this field, which does not say who may read, to say it: by its name or what is in it?"""
    if field in SHARING or field in ("title", "tags", "keywords"):
        return False
    name = str(field).strip().casefold()
    alike = max(SequenceMatcher(None, name, known).ratio() for known in SHARING)
    by_name = name in MEANT_AS_SHARING or (alike >= MUCH_ALIKE and name not in WORDS_ALIKE)
    return by_name or _names_readers(value)


def _names_readers(value: object) -> bool:
    if isinstance(value, dict):
        return any(_is_meant_as_sharing(*item) or item[0] in SHARING for item in value.items())
    if isinstance(value, list):
        return any(map(_names_readers, value))
    return isinstance(value, str) and NAME_OF_READERS.match(value) is not None
