"""A PDF by Typst: paragraphs in both directions, footnotes, and for each letter a font that has
it, Typst's own or one of this computer."""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.languages.prompting import fill

TEMPLATE = Path(__file__).parent / "templates" / "export.typ"

LAST_CYRILLIC = 0x052F
LATIN_TO_SYMBOLS = range(0x1E00, 0x2C00)
"""Typst's own fonts have what stands up to the one and within the other."""

MOST_TOLD = 12
"""Scripts without a font that are named."""


def pdf_file(title: Mapping[str, Any], turns: Sequence[Mapping[str, Any]]) -> bytes:
    """The title, then each question with its paragraphs and their footnotes."""
    import typst

    said = json.dumps([title, turns], ensure_ascii=False)
    boxes = sorted(_without_font({c for c in said if _is_unusual(c)}))
    missing = ""
    if boxes:
        scripts = sorted({unicodedata.name(c, "UNNAMED").partition(" ")[0] for c in boxes})
        missing = fill("no_font", count=len(boxes), scripts=", ".join(scripts[:MOST_TOLD]))
    data = json.dumps({"title": title, "turns": turns, "missing": missing})
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        file = Path(folder) / TEMPLATE.name
        file.write_bytes(TEMPLATE.read_bytes())
        return bytes(typst.compile(str(file), sys_inputs={"data": data}))


def _is_unusual(character: str) -> bool:
    code = ord(character)
    is_usual = code <= LAST_CYRILLIC or code in LATIN_TO_SYMBOLS
    return not is_usual and unicodedata.category(character)[0] in "LMNS"


def _without_font(characters: set[str]) -> set[str]:
    """Those that no font of this computer has: they stand as boxes."""
    left = {ord(character) for character in characters}
    for known in _character_maps() if left else ():
        left -= known
        if not left:
            break
    return {chr(code) for code in left}


def _character_maps() -> Iterator[set[int]]:
    """What each of the fonts has that Typst finds."""
    import typst
    from fontTools.ttLib import TTFont

    for font in typst.Fonts(include_system_fonts=True).fonts():
        if font.path is not None:
            with TTFont(font.path, fontNumber=font.index, lazy=True) as read:
                yield set(read.getBestCmap() or ())
