"""Words in pictures of pages, by Tesseract within this process. The extra `ocr` brings it.

Read are the languages whose packs are installed: English comes with the extra, others from
Debian (`tesseract-ocr-deu`) or in a folder that TESSDATA_PREFIX names.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from index.reading.pages.printed import WIDE_GAP, PrintedRun

INSTALL = "pip install 'onrecord[ocr]'"

POINTS = 72
RESOLUTION = 200
"""Dots an inch in which a page is drawn."""

MOST_PIXELS = 30_000_000

MOST_SECONDS = 200
"""By the clock, for all pictures of a file. The processor's time that they take, about a second
a page, is not held against the file."""

LEAST_SURE = 40
"""Percent, below which a word is more often none."""

RULES = "|_[]{}"
"""What the rules of a table are taken for."""

PACKS = (Path(sys.prefix) / "share/tessdata", *Path("/usr/share/tesseract-ocr").glob("*/tessdata"))
"""Folders with language packs, where no other is named."""

MOST_LANGUAGES = 4
"""Each makes it slower."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey dots, row by row from the top, in rows of so many bytes, one byte a dot. `scale` is
    how many there are to a point."""

    dots: bytes
    width: int
    height: int
    row: int
    scale: float


def is_installed() -> bool:
    """Can pictures be read here?"""
    return find_spec("tesserocr") is not None and bool(_languages(_pack()))


class Recognition:
    """Reads the pictures of one file, as long as there is time."""

    def __init__(self) -> None:
        self._until = time.monotonic() + MOST_SECONDS

    @property
    def is_over(self) -> bool:
        """Is there no time left?"""
        return time.monotonic() >= self._until

    def pieces(self, picture: Picture) -> list[PrintedRun] | None:
        """The words of a picture and where they stand, as those of a page of its size in points
        do; None where there is no time left for it."""
        if self.is_over:
            return None
        began = time.process_time()
        try:
            return _recognised(picture, self._until - time.monotonic())
        finally:
            _give_time(time.process_time() - began)


def _recognised(picture: Picture, seconds: float) -> list[PrintedRun] | None:
    engine = _engine()
    engine.SetImageBytes(picture.dots, picture.width, picture.height, 1, picture.row)
    engine.SetSourceResolution(round(picture.scale * POINTS))
    if not engine.Recognize(round(seconds * 1000)):
        return None
    found = list(_pieces(_words(engine), picture))
    engine.Clear()
    return found


@dataclass(frozen=True, slots=True)
class _Word:
    """In dots from the upper left. `opens_paragraph` says where it stands, `height` how high its
    line is."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    height: float
    opens_paragraph: bool


def _words(engine: Any) -> Iterator[_Word]:
    from tesserocr import RIL, iterate_level

    for place in iterate_level(engine.GetIterator(), RIL.WORD):
        if place.Empty(RIL.WORD):
            continue
        text = place.GetUTF8Text(RIL.WORD).strip()
        is_word = place.Confidence(RIL.WORD) >= LEAST_SURE and text.strip(RULES)
        left, top, right, bottom = place.BoundingBox(RIL.WORD)
        yield _Word(
            text if is_word else "",
            left,
            top,
            right,
            bottom,
            place.RowAttributes()["row_height"],
            opens_paragraph=place.IsAtBeginningOf(RIL.PARA),
        )


def _pieces(words: Iterable[_Word], picture: Picture) -> Iterator[PrintedRun]:
    """Words side by side with no wide gap between them. Lines of one paragraph are of one size,
    however high their letters happen to be."""
    for paragraph in _divided(words, lambda _, word: word.opens_paragraph):
        height = median(word.height for word in paragraph)

        def stands_apart(before: _Word, word: _Word, room: float = WIDE_GAP * height) -> bool:
            return word.left - before.right > room or word.top >= before.bottom

        words_alone = (word for word in paragraph if word.text)
        for side_by_side in _divided(words_alone, stands_apart):
            yield from _piece(side_by_side, height, picture)


def _piece(words: Sequence[_Word], height: float, picture: Picture) -> Iterator[PrintedRun]:
    text = " ".join(word.text for word in words)
    if any(map(str.isalnum, text)):
        middle = median(word.top + word.bottom for word in words) / 2
        yield PrintedRun(
            text,
            words[0].left / picture.scale,
            words[-1].right / picture.scale,
            (picture.height - middle - height / 2) / picture.scale,
            height / picture.scale,
        )


def _divided(
    words: Iterable[_Word], is_apart: Callable[[_Word, _Word], bool]
) -> Iterator[list[_Word]]:
    part: list[_Word] = []
    for word in words:
        if part and is_apart(part[-1], word):
            yield part
            part = []
        part.append(word)
    if part:
        yield part


@cache
def _engine() -> Any:
    from tesserocr import PSM, PyTessBaseAPI

    folder = _pack()
    return PyTessBaseAPI(path=str(folder), lang="+".join(_languages(folder)), psm=PSM.AUTO)


def _pack() -> Path | None:
    """The folder with language packs: the one that is named, else that with most of them."""
    named = os.environ.get("TESSDATA_PREFIX")
    folders = [Path(named)] if named else [folder for folder in PACKS if _languages(folder)]
    return max(folders, key=lambda folder: len(_languages(folder)), default=None)


def _languages(folder: Path | None) -> list[str]:
    """Those in a folder, English first."""
    packs = (pack.stem for pack in (folder.glob("*.traineddata") if folder else ()))
    known = sorted(
        (pack for pack in packs if pack != "osd"), key=lambda name: (name != "eng", name)
    )
    return known[:MOST_LANGUAGES]


def _give_time(seconds: float) -> None:
    """Let the process take so much longer. Without POSIX no time is limited."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft >= 0:
        resource.setrlimit(resource.RLIMIT_CPU, (soft + math.ceil(seconds), hard))
