"""The reader of reStructuredText: bytes -> Reading. docutils parses it."""

from __future__ import annotations

import re

from index.reading.blocks import Blocks, Reading, one_line
from index.reading.markup.web import write_page
from index.reading.text import decode

ROLE = re.compile(r":(?!math:)[a-zA-Z][\w:+.-]*:`~?([^`<]+?)\s*(?:<[^`>]*>)?`")
"""Words that a program for manuals would make a link or set in another way."""

SAFE = {
    "_disable_config": True,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 5,
    "report_level": 5,
    "math_output": "LaTeX",
    "syntax_highlight": "none",
    "embed_stylesheet": False,
    "doctitle_xform": False,
}
"""No file is opened and no mark-up of another kind passed on; what is not understood, as
directives of other programs, is read without being named."""


def read_restructured(data: bytes) -> Reading:
    """What a person reads of it, as docutils lays it out."""
    from docutils.core import publish_parts

    parts = publish_parts(ROLE.sub(r"\1", decode(data)), writer="html5", settings_overrides=SAFE)
    blocks = Blocks(len(data))
    write_page(parts["body"], blocks)
    reading = blocks.reading()
    first = next((block for block in reading.structure if block.kind == "heading"), None)
    title = one_line(reading.text[first.span.start : first.span.end]) if first else None
    return blocks.reading(title=title)
