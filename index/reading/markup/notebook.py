"""The reader of Jupyter notebooks: bytes -> Reading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from index.reading.blocks import Blocks, Reading, Unreadable
from index.reading.markup.markdown import write_markdown
from index.reading.text import decode

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""By which programs colour what they print."""


def read_notebook(data: bytes) -> Reading:
    """Its text, its code, and what that printed. Pictures are counted."""
    notebook = json.loads(decode(data))
    if not isinstance(notebook, dict):
        raise Unreadable("is no Jupyter notebook. Save it again as .ipynb.")
    blocks, title = Blocks(len(data)), None
    for cell in _cells(notebook):
        source = _joined(cell.get("source", cell.get("input")))
        kind = cell.get("cell_type")
        if kind == "markdown":
            title = write_markdown(source, blocks) or title
        elif kind == "heading":
            blocks.heading(source, int(cell.get("level", 1)))
        else:
            blocks.paragraph(source, "code" if kind == "code" else "paragraph")
            for output in cell.get("outputs", ()):
                _write_output(output, blocks)
    return blocks.reading(title=title)


def _cells(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells, in the present format or in sheets as before 2015."""
    sheets = notebook.get("worksheets", [notebook])
    yield from (cell for sheet in sheets for cell in sheet.get("cells", ()))


def _write_output(output: dict[str, Any], blocks: Blocks) -> None:
    held = output.get("data", output)
    words = _joined(held.get("text/plain", output.get("text", output.get("traceback"))))
    blocks.left_out("picture", sum(kind.startswith(("image/", "png")) for kind in held))
    if "image/png" not in held:  # or the words are "<Figure size 640x480>"
        blocks.paragraph(COLOURS.sub("", words), "code")


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(map(str, source or ()))
