"""The reader of RTF: bytes -> Reading. The only file that imports striprtf."""

from __future__ import annotations

import re
from itertools import groupby

from index.reading.blocks import Blocks, Reading, Unreadable
from index.reading.tables import write_table

FIRST = b"{\\rtf"
PICTURE = re.compile(rb"\\pict\b")
NOTE = re.compile(rb"\\footnote\b")
CELL_END = "|"
ITEM = re.compile(r"\s*(\w{1,4}[.)]|[\uf0b7\uf0a7•·o-])\t")
"""The number or bullet of an item of a list, as old programs are told it."""


def read_richtext(data: bytes) -> Reading:
    """Its paragraphs and tables. Pictures and footnotes are counted."""
    from striprtf.striprtf import rtf_to_text as words_of

    if not data.lstrip().startswith(FIRST):
        raise Unreadable("is no RTF document. Save it again as .rtf or .docx.")
    blocks = Blocks(len(data))
    text: str = words_of(data.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    lines = text.splitlines()
    for is_row, group in groupby(lines, lambda line: line.endswith(CELL_END)):
        if is_row:
            rows = [line.removesuffix(CELL_END).split(CELL_END) for line in group]
            write_table(rows, blocks)
            continue
        for line in group:
            if item := ITEM.match(line):
                marker = item[1] if item[1][0].isalnum() else "•"
                blocks.item(line[item.end() :], 1, marker)
            else:
                blocks.paragraph(line)
    blocks.left_out("picture", len(PICTURE.findall(data)))
    blocks.left_out("footnote", len(NOTE.findall(data)))
    return blocks.reading()
