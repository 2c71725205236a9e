"""Readers of text files: bytes -> Reading.

The text of a plain text is the file's own, to the character: only a byte order mark goes.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from index.reading.blocks import Blocks, Reading, Unreadable
from index.reading.plain import structure_of
from index.reading.tables import write_tables

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

LATIN_ENCODINGS = ("cp1252", "cp1250")
OTHER_ENCODINGS = "cp1251 koi8_r cp1253 cp1255 cp1256 gb18030 shift_jis euc_kr big5".split()
"""If two fit a text equally well, the earlier one is taken."""

LONGEST_FIELD = 1_000_000
"""Characters in a cell of a CSV file. After a quotation mark that nothing closes, the rest of the
file is one; cells of Excel have 32,767 at most."""

BYTE_WORD = re.compile(rb"[A-Za-z\xc0-\xff]+")
CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f]")
MOST_CONTROL = 0.01
"""A larger share of control characters is not text."""


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a file, without its byte order mark.

    A byte order mark decides, then what the file declares, then strict UTF-8. Without
    any of them NUL bytes speak for UTF-16, and the letters for an 8-bit encoding.
    Raises Unreadable for what is not text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            candidates: Iterable[str] = (encoding,)
            data = data.removeprefix(mark)
            break
    else:
        candidates = _candidates(data, declared)
    for encoding in candidates:
        text = _decoded(data, encoding)
        if text is not None:
            return text
    raise Unreadable("is not text in a known encoding. Save it as UTF-8 or leave it out.")


def read_plain(data: bytes) -> Reading:
    """The text exactly as it is stored."""
    text = decode(data)
    return Reading(text, structure=structure_of(text))


def read_csv(data: bytes) -> Reading:
    """Tables whose rows are sentences with the names of their columns."""
    text = decode(data)
    csv.field_size_limit(LONGEST_FIELD)
    blocks = Blocks(len(data))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    write_tables(rows, blocks)
    return blocks.reading()


def _candidates(data: bytes, declared: str | None) -> Iterator[str]:
    if declared:
        yield declared
    if b"\0" in data:
        yield "utf-16-le" if _controls(data[1::2]) > _controls(data[::2]) else "utf-16-be"
        return
    yield "utf-8"
    if not data.isascii():
        yield from _eight_bit(data)


def _controls(data: bytes) -> int:
    """Many are the upper bytes of UTF-16: NUL for Latin letters, 4 for Russian ones."""
    return len(data) - len(data.translate(None, CONTROL_BYTES))


def _eight_bit(data: bytes) -> Iterator[str]:
    """What charset-normalizer finds among the encodings of the script, best first.

    It is asked for little because it is unsure on short texts; cp1252 stands in
    when a Latin text gives it no clue.
    """
    from charset_normalizer import from_bytes

    latin = _is_latin(data)
    encodings = LATIN_ENCODINGS if latin else OTHER_ENCODINGS
    matches = from_bytes(data, cp_isolation=list(encodings), enable_fallback=False)
    ranked = sorted(matches, key=lambda m: (m.chaos - m.coherence, encodings.index(m.encoding)))
    yield from (match.encoding for match in ranked)
    if latin:
        yield LATIN_ENCODINGS[0]
    best = from_bytes(data).best()
    if best is not None:
        yield best.encoding


def _is_latin(data: bytes) -> bool:
    """Accents stand among plain letters; Russian or Greek words have no plain letter."""
    latin = other = 0
    for word in BYTE_WORD.findall(data):
        accented = sum(byte >= 0xC0 for byte in word)
        if accented == len(word) > 1:
            other += accented
        else:
            latin += accented
    return latin >= other


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    controls = len(CONTROL.findall(text))
    return None if "\0" in text or controls > MOST_CONTROL * len(text) else text


def _delimiter(text: str) -> str:
    """By which the first rows agree most on the number of their cells.

    csv.Sniffer is misled by quoted cells with line ends in them.
    """

    def agreement(delimiter: str) -> tuple[int, int]:
        lines = io.StringIO(text[:20_000], newline="")
        rows = islice(csv.reader(lines, delimiter=delimiter), 50)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(",;\t|", key=agreement)
