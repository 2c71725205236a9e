"""The reader of PDF files: bytes -> Reading.

A PDF has words at places on a page, and nothing else. What they are to each other is found
from where they stand: `page_layout` puts the words of a page in order, `paragraphs` makes
them sentences again.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from itertools import groupby
from operator import itemgetter
from typing import Any

from index.reading.blocks import Blocks, Reading, Unreadable, one_line
from index.reading.pages.ocr import (
    INSTALL,
    MOST_PIXELS,
    POINTS,
    RESOLUTION,
    Picture,
    Recognition,
    is_installed,
)
from index.reading.pages.paragraphs import WORD_CUT, write_pages
from index.reading.pages.printed import (
    WIDE_GAP,
    Comment,
    DrawnLine,
    PrintedPage,
    PrintedRun,
    has_right_to_left,
    signs_behind,
)

MOST_OBJECTS = 5_000
"""A page with more drawn things on it is a drawing; its rules are not looked for."""

SOME, MOST_OF_PAGE = 0.001, 0.5
"""Shares of a page that a picture covers."""

FEW_LETTERS = 100
"""Characters beside a picture of a page, such as a stamp or a page number."""

NOT_AS_DRAWN = re.compile("[\ue000-\uf8ff\ufb00-\ufdff\ufe70-\ufeff\u00ad]")
"""Private glyphs, ligatures and letters as they look within a word, soft hyphens."""

PRIVATE_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf076\uf0d8\uf06e\uf0fc", "•")
"""The signs before items that Word takes from fonts of symbols."""

BACKWARDS = re.compile(
    "[\u05d0-\u05f2\u0591-\u05bd\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06fa-\u06ff"
    "\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
)
"""Letters and points of scripts that are written from right to left; their digits are not."""

LAM_ALEF = re.compile("^([\u0622\u0623\u0625\u0627])(\u0644)$")
"""The letters of one glyph, in the order in which no word has them there."""

LINE_HEIGHT = 1.17
"""Times the size of a font."""

LINE = re.compile(rf"[^\r\n{WORD_CUT}]+{WORD_CUT}?")
GAP = re.compile(r"(?<=\S)[ \u00a0]+(?=\S)")

DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?)?")


def read_pdf(data: bytes) -> Reading:
    """The text of all pages, what was filled in and what was noted at the margin. Raises
    Unreadable for pictures only, and for a password."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error):
            raise Unreadable("is protected with a password. Save a copy without one.") from error
        raise
    blocks = Blocks(len(data))
    try:
        pdf.init_forms()
        recognition = Recognition() if is_installed() else None
        pages = [_page(pdf, number, blocks, recognition) for number in range(len(pdf))]
        fields = pdf.get_metadata_dict()
    finally:
        pdf.close()
    if not any(page.pieces or page.comments for page in pages):
        raise Unreadable(_only_pictures(recognition))
    write_pages(pages, blocks)
    return blocks.reading(
        title=one_line(fields.get("Title", "")) or None,
        published=_iso(fields.get("CreationDate", "")),
        byline=one_line(fields.get("Author", "")) or None,
    )


def _only_pictures(recognition: Recognition | None) -> str:
    if recognition and recognition.is_over:
        return "holds only pictures of pages, which take too long to read. Divide it."
    if recognition:
        return "holds only pictures of pages, in which no words were found. Leave it out."
    return f"holds only pictures of pages. Install what reads them, then index again: {INSTALL}"


def _page(pdf: Any, number: int, blocks: Blocks, recognition: Recognition | None) -> PrintedPage:
    page = pdf[number]
    words = PageWords(page)
    rules, pictured = drawn(page)
    lost: Counter[str] = Counter()
    pieces = list(printed_pieces(words, rules, lost))
    filled, comments = _annotations(pdf, page, words, pieces)
    if is_scanned(filled, pictured):
        seen = recognition.pieces(as_it_looks(page)) if recognition else None
        blocks.left_out("page that is only a picture", not seen and not filled)
        blocks.left_out("picture that covers a page", seen is None and bool(filled))
        filled += [piece for piece in seen or () if not any(_overlap(piece, p) for p in filled)]
    blocks.left_out("glyph without a letter", lost["private"])
    height = page.get_height()
    page.close()
    return PrintedPage(tuple(filled), tuple(rules), tuple(comments), height)


def is_scanned(pieces: Sequence[PrintedRun], pictured: float) -> bool:
    """Is a page nothing but pictures, or a picture with some words over it?"""
    printed = sum(len(piece.text) for piece in pieces)
    return pictured > 0 and (not printed or (pictured >= MOST_OF_PAGE and printed < FEW_LETTERS))


def as_it_looks(page: Any) -> Picture:
    """The page as a picture in which words are looked for."""
    wide, high = page.get_width(), page.get_height()
    scale = min(RESOLUTION / POINTS, math.sqrt(MOST_PIXELS / (wide * high)))
    bitmap = page.render(scale=scale, grayscale=True)
    return Picture(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, scale)


def _overlap(one: PrintedRun, other: PrintedRun) -> bool:
    beside = min(one.right, other.right) - max(one.left, other.left)
    return beside > 0 and min(one.top, other.top) - max(one.bottom, other.bottom) > 0


# -- words


class PageWords:
    """The characters of a page and where they stand."""

    def __init__(self, page: Any) -> None:
        import ctypes

        from pypdfium2 import raw

        self.page = page.get_textpage()
        self.characters = self._characters(raw)
        self._handle = self.page.raw  # looked up for each character otherwise
        self._new_box, self._find_box = raw.FS_RECTF, raw.FPDFText_GetLooseCharBox
        self._raw = raw
        self._name = ctypes.create_string_buffer(80)
        self._flags = ctypes.c_int()
        self._matrix = raw.FS_MATRIX()

    def box(self, index: int) -> Any:
        """Where a character stands: left, bottom, right, top; with the room its font has."""
        box = self._new_box()
        self._find_box(self._handle, index, box)
        return box

    def size(self, index: int) -> float:
        """How high a line of such letters is; what its font says of that varies too much."""
        self._raw.FPDFText_GetMatrix(self.page, index, self._matrix)
        scale = math.hypot(self._matrix.c, self._matrix.d)
        return LINE_HEIGHT * scale * float(self._raw.FPDFText_GetFontSize(self.page, index))

    def as_read(self, start: int, end: int) -> str:
        """These characters in the order in which they are read. Where letters are written from
        right to left, files have them, and pdfium gives them, in whatever order they were drawn:
        where they stand is sure."""
        words = self.characters[start:end]
        if not has_right_to_left(words):
            return words
        tokens = [
            (self.box(start + found.start()).left, self._word(start, found))
            for found in re.finditer(r"\S+", words)
        ]
        tokens.sort(key=lambda token: -token[0])
        runs = groupby((word for _, word in tokens), key=has_right_to_left)
        in_order = (run if is_backwards else reversed([*run]) for is_backwards, run in runs)
        return signs_behind(" ".join(word for run in in_order for word in run))

    def _word(self, start: int, found: re.Match[str]) -> str:
        """A word whose letters of such a script go from right to left."""

        def in_order(run: re.Match[str]) -> str:
            first = start + found.start() + run.start()
            lefts = [round(self.box(first + place).left) for place in range(len(run[0]))]
            glyphs = [
                "".join(letter for _, letter in group)
                for _, group in groupby(zip(lefts, run[0], strict=True), key=itemgetter(0))
            ]
            if lefts[0] < lefts[-1]:
                glyphs.reverse()
            return "".join(LAM_ALEF.sub(r"\2\1", glyph) for glyph in glyphs)

        return BACKWARDS.sub(in_order, found[0])

    def is_bold(self, index: int) -> bool:
        if self._raw.FPDFText_GetFontWeight(self.page, index) >= 600:
            return True
        name = self._name
        self._raw.FPDFText_GetFontInfo(self.page, index, name, len(name), self._flags)
        return b"bold" in name.value.lower()

    def _characters(self, raw: Any) -> str:
        """The characters, each where its index is."""
        count = self.page.count_chars()
        text: str = self.page.get_text_range() if count else ""
        if len(text) != count:
            codes = (raw.FPDFText_GetUnicode(self.page, index) for index in range(count))
            text = "".join(map(chr, codes))
        return text.replace("\ufffe", WORD_CUT)


def printed_pieces(
    words: PageWords, rules: Sequence[DrawnLine], lost: Counter[str]
) -> Iterator[PrintedRun]:
    """Words side by side with no wide gap and no rule between them, in the order of the file."""
    upright = [rule for rule in rules if rule.upright]
    for line in LINE.finditer(words.characters):
        start = line.start()
        gaps: list[tuple[float, float]] = []
        size = words.size(start + len(line[0]) - len(line[0].lstrip()))
        mixed = has_right_to_left(line[0])
        for space in GAP.finditer(words.characters, line.start(), line.end()):
            before, after = words.box(space.start() - 1), words.box(space.end())
            gap = max(after.left - before.right, before.left - after.right)
            if gap > (2 if mixed else 1) * WIDE_GAP * size or _is_ruled(before, after, upright):
                yield from _piece(words, start, space.start(), gaps, lost)
                start = space.end()
                gaps = []
            elif not mixed:
                gaps.append((before.right, after.left))
        yield from _piece(words, start, line.end(), gaps, lost)


def _is_ruled(before: Any, after: Any, upright: Sequence[DrawnLine]) -> bool:
    """Is a rule drawn between two characters of a line?"""
    if not upright:
        return False
    left, right = sorted((before.right, after.left))
    middle = (before.top + before.bottom) / 2
    return any(left <= rule.at <= right and rule.start <= middle <= rule.end for rule in upright)


def _piece(
    words: PageWords,
    start: int,
    end: int,
    gaps: Sequence[tuple[float, float]],
    lost: Counter[str],
) -> Iterator[PrintedRun]:
    part = words.characters[start:end]
    text = _letters(words.as_read(start, end), lost)
    if not text:
        return
    first = start + len(part) - len(part.lstrip())
    last = start + len(part.rstrip().rstrip(WORD_CUT)) - 1
    one, other = words.box(first), words.box(max(first, last))
    tall = max(one, other, key=lambda box: box.top - box.bottom)
    size = max(words.size(first), words.size(max(first, last)))
    left, right = min(one.left, other.left), max(one.right, other.right)
    yield PrintedRun(
        text,
        left,
        right,
        tall.bottom,
        size,
        bold=words.is_bold(first),
        turned=abs(one.bottom - other.bottom) > 1.2 * size,
        gaps=tuple(gaps),
    )


def _letters(text: str, lost: Counter[str]) -> str:
    """The text with ligatures as letters, without soft hyphens and private glyphs."""

    def letter(match: re.Match[str]) -> str:
        glyph = match[0]
        if "\ue000" <= glyph <= "\uf8ff":
            lost["private"] += glyph not in PRIVATE_BULLETS
            return PRIVATE_BULLETS.get(glyph, "")
        return "" if glyph == "\u00ad" else unicodedata.normalize("NFKC", glyph)

    if text.rstrip().endswith("\u00ad"):
        text = text.rstrip()[:-1] + WORD_CUT
    return NOT_AS_DRAWN.sub(letter, text).strip()


def drawn(page: Any) -> tuple[list[DrawnLine], float]:
    """The rules on a page, also the edges of boxes, and how much of it the largest picture
    covers; 0 without one. What is drawn otherwise may be anything, or nothing to be seen."""
    from pypdfium2 import raw

    rules: list[DrawnLine] = []
    pictured = 0.0
    whole = page.get_width() * page.get_height()
    count = raw.FPDFPage_CountObjects(page)
    for index in range(count if count <= MOST_OBJECTS else 0):
        thing = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            pictured = max(pictured, SOME, _area(thing) / whole)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            rules += _rules(thing)
    return rules, pictured or SOME * (count > MOST_OBJECTS)


def _bounds(thing: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top; all 0 where it has none."""
    from ctypes import c_float

    from pypdfium2 import raw

    places = c_float(), c_float(), c_float(), c_float()
    raw.FPDFPageObj_GetBounds(thing, *places)
    left, bottom, right, top = (place.value for place in places)
    return left, bottom, right, top


def _area(thing: Any) -> float:
    left, bottom, right, top = _bounds(thing)
    return (right - left) * (top - bottom)


def _rules(path: Any) -> Iterator[DrawnLine]:
    left, bottom, right, top = _bounds(path)
    wide, tall = right - left, top - bottom
    if tall >= 6:
        for at in (left, right) if wide > 3 else (left,):
            yield DrawnLine(at, bottom, top, upright=True)
    if wide >= 10:
        for at in (bottom, top) if tall > 3 else (bottom,):
            yield DrawnLine(at, left, right, upright=False)


# -- what was filled in and noted


def _annotations(
    pdf: Any, page: Any, words: PageWords, pieces: list[PrintedRun]
) -> tuple[list[PrintedRun], list[Comment]]:
    """The pieces with what was filled in beside its label, and the comments."""
    from pypdfium2 import raw

    comments = []
    for annotation, kind, box in _noted(page):
        if kind == raw.FPDF_ANNOT_WIDGET and pdf.formenv:
            pieces = _filled(pieces, box, *_field(pdf.formenv, annotation))
        elif kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_WIDGET):
            said, by = (_entry(annotation, name) for name in (b"Contents", b"T"))
            marked = kind in (raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE)
            where = (box.left, box.bottom, box.right, box.top)
            about = one_line(words.page.get_text_bounded(*where)) if marked else ""
            comments += [Comment(said, by, about)] if said else []
    return pieces, comments


def _noted(page: Any) -> Iterator[tuple[Any, int, Any]]:
    """Each annotation of a page, its kind and its box."""
    from pypdfium2 import raw

    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        box = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(annotation, box)
        yield annotation, raw.FPDFAnnot_GetSubtype(annotation), box
        raw.FPDFPage_CloseAnnot(annotation)


def filled_fields(pdf: Any, page: Any) -> Iterator[PrintedRun]:
    """What was filled in alone, as wide as its field."""
    from pypdfium2 import raw

    for annotation, kind, box in _noted(page):
        if kind == raw.FPDF_ANNOT_WIDGET and pdf.formenv:
            _, value = _field(pdf.formenv, annotation)
            yield PrintedRun(value, box.left, box.right, box.bottom, box.top - box.bottom)


def _field(forms: Any, widget: Any) -> tuple[str, str]:
    """The name and the value of a field; no value where nothing was filled in or chosen."""
    from pypdfium2 import raw

    name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, forms, widget) or _string(
        raw.FPDFAnnot_GetFormFieldName, forms, widget
    )
    kind = raw.FPDFAnnot_GetFormFieldType(forms, widget)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        if not raw.FPDFAnnot_IsChecked(forms, widget):
            return name, "no" if kind == raw.FPDF_FORMFIELD_CHECKBOX else ""
        value = _string(raw.FPDFAnnot_GetFormFieldValue, forms, widget)
        return name, "yes" if value.lower() in ("", "yes", "on", "1", "true") else value
    if kind in (raw.FPDF_FORMFIELD_PUSHBUTTON, raw.FPDF_FORMFIELD_SIGNATURE):
        return name, ""
    return name, _string(raw.FPDFAnnot_GetFormFieldValue, forms, widget)


def _filled(pieces: list[PrintedRun], box: Any, name: str, value: str) -> list[PrintedRun]:
    """The pieces with this value: behind the label that is printed before the field, or behind it
    where that is a box for a tick, else behind the field's name."""
    if not value:
        return pieces
    middle = (box.bottom + box.top) / 2
    beside = [piece for piece in pieces if piece.bottom <= middle <= piece.top]
    before = [p for p in beside if p.right <= box.left + 3 and box.left - p.right < 15 * p.size]
    label = max(before, key=lambda piece: piece.right, default=None)
    is_ticked = box.right - box.left < 2 * (box.top - box.bottom)
    if is_ticked and (label is None or label.alone):
        behind = [p for p in beside if 0 <= p.left - box.right + 3 < 3 * p.size and not p.alone]
        label = min(behind, key=lambda piece: piece.left, default=label)
    if label is None or label.alone:
        lead = f"{name.rstrip(':')}: " if name else ""
        size = min(box.top - box.bottom, 12)
        bottom = middle - size / 2
        return [*pieces, PrintedRun(lead + value, box.left, box.right, bottom, size, alone=True)]
    colon = "" if label.text.endswith(":") else ":"
    left, right = min(label.left, box.left), max(label.right, box.right)
    told = PrintedRun(
        f"{label.text}{colon} {value}", left, right, label.bottom, label.size, alone=True
    )
    return [told if piece is label else piece for piece in pieces]


def _entry(annotation: Any, name: bytes) -> str:
    from pypdfium2 import raw

    return _string(raw.FPDFAnnot_GetStringValue, annotation, name)


def _string(get: Callable[..., int], *of: Any) -> str:
    """What one of pdfium's functions writes into a buffer, as UTF-16."""
    import ctypes

    size = get(*of, None, 0)
    buffer = ctypes.create_string_buffer(size)
    get(*of, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return one_line(buffer.raw.decode("utf-16-le", "replace").rstrip("\0"))


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
