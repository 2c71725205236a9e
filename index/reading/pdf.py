"""The reader of PDF files: bytes -> Reading.

A PDF has lines at places on a page and no paragraphs. They are put together again
from where each line stands, so that no sentence ends at the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from statistics import median
from typing import Any

from index.reading.blocks import Blocks, Reading, Refused, one_line

WORD_CUT = "\x02"
"""Stands for a hyphen at the end of a line, and for the end of that line."""

CUT_WORD = re.compile(rf"(\w*){WORD_CUT}(\w*)")
SENTENCE_END = re.compile(r"[.!?:…。！？؟][\"'”’»)\]]*$")
BULLETS = ("•", "◦", "▪", "–", "—", "- ", "* ")

NEW_PARAGRAPH_GAP = 1.3
"""Times the usual distance of two lines."""

OTHER_SIZE = 0.15
"""Two lines whose heights differ by a larger share are not of one paragraph."""

DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side, and where they stand; y grows upwards."""

    text: str
    left: float
    right: float
    first_bottom: float
    bottom: float
    height: float

    @property
    def ends_sentence(self) -> bool:
        return SENTENCE_END.search(self.text) is not None


def read_pdf(data: bytes) -> Reading:
    """The paragraphs of each page. Raises Refused for pictures only, and for a password."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error):
            raise Refused("is protected with a password. Save a copy without one.") from error
        raise
    try:
        pages = [_lines(pdf[number]) for number in range(len(pdf))]
        fields = pdf.get_metadata_dict()
    finally:
        pdf.close()
    if not any(pages):
        raise Refused(
            "holds only pictures of pages. Run it through OCR (for example ocrmypdf) and "
            "index the result."
        )
    return _reading(pages, fields, Blocks(len(data)))


def _reading(pages: Sequence[Sequence[Line]], fields: dict[str, str], blocks: Blocks) -> Reading:
    distance = _usual_distance(pages)
    all_words = "\n".join(line.text for page in pages for line in page).lower()
    for page in pages:
        blocks.page()
        for paragraph in _paragraphs(page, distance):
            blocks.paragraph(_without_cuts(paragraph, all_words))
    return blocks.reading(
        title=one_line(fields.get("Title", "")) or None,
        published=_iso(fields.get("CreationDate", "")),
        byline=one_line(fields.get("Author", "")) or None,
    )


def _lines(page: Any) -> list[Line]:
    """The lines of a page, in the order of the file, which is that of reading."""
    from pypdfium2 import raw

    words = page.get_textpage()
    characters = [
        chr(raw.FPDFText_GetUnicode(words, index)) for index in range(words.count_chars())
    ]
    lines: list[Line] = []
    start = 0
    for index, character in enumerate([*characters, "\n"]):
        if character in "\r\n":
            line = _line(words, "".join(characters[start:index]), start)
            lines += [line] if line else []
            start = index + 1
    page.close()
    return lines


def _line(words: Any, text: str, start: int) -> Line | None:
    """The line that begins at this character; None if it is blank."""
    if not text.strip():
        return None
    first = start + len(text) - len(text.lstrip())
    last = start + len(text.rstrip().rstrip(WORD_CUT)) - 1
    left, first_bottom, _, top = words.get_charbox(first, loose=True)
    _, bottom, right, _ = words.get_charbox(max(first, last), loose=True)
    return Line(text.strip(), left, right, first_bottom, bottom, top - first_bottom)


def _usual_distance(pages: Sequence[Sequence[Line]]) -> float:
    """From a line to the next, in the whole file; a page of headings says little."""
    distances = [
        line.bottom - following.first_bottom
        for page in pages
        for line, following in pairwise(page)
        if line.bottom - following.first_bottom > line.height / 2
    ]
    return median(distances) if distances else 0.0


def _paragraphs(lines: Sequence[Line], distance: float) -> Iterator[str]:
    words: list[str] = []
    for index, line in enumerate(lines):
        if index and _begins_paragraph(lines[index - 1], line, lines, distance):
            yield " ".join(words)
            words = []
        words.append(line.text)
    yield " ".join(words)


def _begins_paragraph(previous: Line, line: Line, page: Sequence[Line], distance: float) -> bool:
    """By a larger gap or letters of another size, an indent, or room left on the line above.

    A line that stands higher than the one before is in the next column.
    """
    down = previous.bottom - line.first_bottom
    if down <= 0:
        return previous.ends_sentence
    edge = _right_edge(previous, page)
    room = edge - previous.right
    free_share = 0.05 if previous.ends_sentence else 0.35
    return (
        down > NEW_PARAGRAPH_GAP * distance
        or abs(previous.height - line.height) > OTHER_SIZE * max(previous.height, line.height)
        or line.text.startswith(BULLETS)
        or room > free_share * (edge - previous.left)
        or (previous.ends_sentence and line.left > previous.left + line.height / 2)
    )


def _right_edge(line: Line, page: Sequence[Line]) -> float:
    """Of the column that the line stands in."""
    near = 4 * line.height
    return max(other.right for other in page if abs(other.left - line.left) <= near)


def _without_cuts(words: str, all_words: str) -> str:
    """Join words that were cut at the end of a line.

    A hyphen stays where the file has the word with it elsewhere, and before capitals
    and digits.
    """

    def join(match: re.Match[str]) -> str:
        before, after = match.groups()
        hyphened = f"{before}-{after}"
        keeps = not after[:1].islower() or hyphened.lower() in all_words
        return hyphened if keeps else before + after

    return CUT_WORD.sub(join, words)


def _iso(date: str) -> str | None:
    """A PDF date as ISO: D:20240115103000+01'00' is 2024-01-15T10:30:00+01:00."""
    match = DATE.match(date)
    if match is None:
        return None
    *moment, sign, hours, minutes = match.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in moment)
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        return datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=zone).isoformat()
    except ValueError:  # a 13th month, a zone of more than a day
        return None
