"""The reader of XML of any kind: bytes -> Reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.reading.archives import xml_root
from index.reading.blocks import Blocks, Reading, one_line
from index.reading.records import write_records

HEADINGS = frozenset(["title", "head", "heading", "caption"])
MOST_LEVELS = 6


def read_xml(data: bytes) -> Reading:
    """Where words stand beside elements it is text, and each paragraph of it is one; else it
    is records, each a sentence with the names of its fields."""
    root = xml_root(data)
    blocks = Blocks(len(data))
    if any(map(_is_mixed, root.iter("*"))):
        _write_text(root, blocks, 1)
    else:
        value = _value(root)
        write_records(value if isinstance(value, dict) else {_name(root): value}, blocks)
    return blocks.reading()


def _write_text(element: Any, blocks: Blocks, level: int) -> None:
    is_leaf = _is_mixed(element) or not len(element)
    words = one_line(_said(element)) if is_leaf else ""
    if _name(element) in HEADINGS and words:
        blocks.heading(words, min(level, MOST_LEVELS))
    elif words:
        blocks.paragraph(words)
    else:
        for child in element.iterchildren("*"):
            _write_text(child, blocks, level + (_name(child) not in HEADINGS))


def _said(element: Any) -> str:
    """Its words, without comments and what it asks for from elsewhere."""
    own = (element.text or "") if isinstance(element.tag, str) else ""
    return own + "".join(_said(child) + (child.tail or "") for child in element)


def _is_mixed(element: Any) -> bool:
    """Has it words of its own beside other elements?"""
    own = [element.text or "", *(child.tail or "" for child in element)]
    return bool(len(element)) and any(map(str.strip, own))


def _value(element: Any) -> Any:
    """An element as JSON would have it: words, or fields, of which some are lists."""
    fields: dict[str, Any] = {}
    for name, value in _fields(element):
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    words = (element.text or "").strip() if not len(element) else ""
    if fields and words:
        return {**fields, _name(element): words}
    return fields or words


def _fields(element: Any) -> Iterator[tuple[str, Any]]:
    for name, value in element.attrib.items():
        yield name.rpartition("}")[2], value
    for child in element.iterchildren("*"):
        yield _name(child), _value(child)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
