"""The reader of pictures: scanned pages, photographs of them, screens. bytes -> Reading."""

from __future__ import annotations

import io
from collections.abc import Iterator

from index.reading.blocks import Blocks, Reading, Unreadable
from index.reading.pages.ocr import MOST_PIXELS, POINTS, RESOLUTION, Picture, Recognition
from index.reading.pages.paragraphs import write_pages
from index.reading.pages.printed import PrintedPage

LEAST_RESOLUTION, MOST_RESOLUTION = 70, 1200
"""Dots an inch that a file may say; others are a program's guess."""


def read_picture(data: bytes) -> Reading:
    """The words in a picture, a page a picture where a file has several. Raises Unreadable where
    there are none."""
    blocks = Blocks(len(data))
    recognition = Recognition()
    pages = []
    for picture in _pictures(data):
        found = recognition.pieces(picture)
        blocks.left_out("page that is only a picture", not found)
        pages.append(PrintedPage(tuple(found or ()), (), (), picture.height / picture.scale))
    if not any(page.pieces for page in pages):
        raise Unreadable("shows no words. Leave it out.")
    write_pages(pages, blocks)
    return blocks.reading()


def _pictures(data: bytes) -> Iterator[Picture]:
    """Upright, in grey, what is transparent as white."""
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(data)) as file:
        resolution = float(file.info.get("dpi", (0, 0))[0])
        for frame in ImageSequence.Iterator(file):
            upright = ImageOps.exif_transpose(frame).convert("RGBA")
            paper = Image.new("RGBA", upright.size, "white")
            grey = Image.alpha_composite(paper, upright).convert("L")
            known = LEAST_RESOLUTION <= resolution <= MOST_RESOLUTION
            scale = (resolution if known else RESOLUTION) / POINTS
            yield Picture(grey.tobytes(), grey.width, grey.height, grey.width, scale)
