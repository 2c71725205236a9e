"""Readers of text files: bytes -> Reading.

The text of a plain text and of a Markdown file is the file's own, to the character:
only a byte order mark goes. The others are written out as paragraphs.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, islice, pairwise
from typing import TYPE_CHECKING

from index.documents import Block, Span
from index.reading.blocks import Blocks, Reading, Refused, one_line
from index.reading.front_matter import front_matter, sharing
from index.reading.tables import write_tables

if TYPE_CHECKING:
    from markdown_it.token import Token

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

BYTE_WORD = re.compile(rb"[A-Za-z\xc0-\xff]+")
CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f]")
MOST_CONTROL = 0.01
"""A larger share of control characters is not text."""

LINE_END = re.compile(r"\r\n?|\n")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a file, without its byte order mark.

    A byte order mark decides, then what the file declares, then strict UTF-8. Without
    any of them NUL bytes speak for UTF-16, and the letters for an 8-bit encoding.
    Raises Refused for what is not text.
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
    raise Refused("is not text in a known encoding. Save it as UTF-8 or leave it out.")


def read_plain(data: bytes) -> Reading:
    """The text exactly as it is stored."""
    return Reading(decode(data))


def read_markdown(data: bytes) -> Reading:
    """The text exactly as it is stored, with front matter. A heading is its whole line."""
    text = decode(data)
    matter, body_start = front_matter(text)
    headings = list(_markdown_headings(text, body_start))
    first = next((title for _, level, title in headings if level == "h1"), None)
    return Reading(
        text,
        title=_scalar(matter.get("title")) or first,
        published=_scalar(matter.get("date")),
        byline=_scalar(matter.get("author")),
        structure=tuple(Block("heading", span, int(tag[1])) for span, tag, _ in headings),
        sharing=sharing(matter, text[:body_start] or text),
    )


def read_csv(data: bytes) -> Reading:
    """Tables whose rows are sentences with the names of their columns."""
    text = decode(data)
    csv.field_size_limit(sys.maxsize)
    blocks = Blocks(len(data))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    write_tables(rows, blocks)
    return blocks.reading()


def read_json(data: bytes) -> Reading:
    """A line a leaf: "key: value"; each item of a list at the top is a paragraph, as is
    each object in a list further below."""
    value = json.loads(decode(data))
    blocks = Blocks(len(data))
    for record in value if isinstance(value, list) else [value]:
        _write_record(record, blocks)
    return blocks.reading()


def read_jsonl(data: bytes) -> Reading:
    """A paragraph a line, and one for each object in a list of it."""
    blocks = Blocks(len(data))
    for number, line in enumerate(LINE_END.split(decode(data)), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise Refused(f"is not JSON in line {number} ({error}). Correct that line.") from error
        _write_record(record, blocks)
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


def _scalar(value: object) -> str | None:
    """A field of front matter as words; a list only if all of it is words."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return one_line(value) or None if isinstance(value, str) else None


def _markdown_headings(text: str, body_start: int) -> Iterator[tuple[Span, str, str]]:
    """Spans of heading lines (without an underline), their level and their words."""
    from markdown_it import MarkdownIt

    ends = LINE_END.finditer(text, body_start)
    starts = [body_start, *(match.end() for match in ends), len(text)]
    tokens = MarkdownIt().parse(text[body_start:])
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.map and inline.content:
            first, last = opening.map
            if opening.markup in ("=", "-"):
                last -= 1
            yield _trimmed(text, starts[first], starts[last]), opening.tag, _words(inline)


def _words(inline: Token) -> str:
    children = inline.children or []
    return one_line("".join(child.content or " " for child in children if not child.nesting))


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    lead = len(words) - len(words.lstrip())
    return Span(start + lead, start + lead + len(words.strip()))


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


def _write_record(record: object, blocks: Blocks) -> None:
    for is_break, lines in groupby(_leaves(record), key=lambda line: line == BREAK):
        if not is_break:
            blocks.paragraph("\n".join(lines))


BREAK = ""
"""Among the lines of a record where a paragraph ends."""


def _leaves(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for item in value:
            border = [BREAK] if isinstance(item, dict) else []
            yield from border
            yield from _leaves(item, key)
            yield from border
    elif value is not None and value != "":
        words = value if isinstance(value, str) else json.dumps(value)
        yield f"{key}: {words}" if key else words
