"""The reader of OpenDocument files (.odt .ods .odp): bytes -> Reading.

All three are the same XML: text, tables and drawings, whose cells have the words that are
shown in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from zipfile import ZipFile

from index.reading.archives import open_zip, xml_root
from index.reading.blocks import Blocks, Reading, Unreadable, one_line
from index.reading.office.ooxml import date_of, numeral, person
from index.reading.tables import Row, write_table, write_tables

SPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE, DRAW, STYLE, SHOW = (
    f"{SPACE}{name}:1.0}}"
    for name in ("office", "text", "table", "drawing", "style", "presentation")
)
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
META = f"{SPACE}meta:1.0}}"
LONGEST_ABOUT = 100
"""Characters of the words that a note is about."""

MOST_REPEATED = 1_000
"""Times that a cell, row or space is repeated. Sheets say so of the rest of a row."""

MOST_COLUMNS = 200
"""Columns that a cell is repeated over or merged cells are filled in."""

FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip
"""How numbers of a list are written, by the names that `numeral` knows."""

BULLET = "•"
GONE = frozenset([f"{TEXT}tracked-changes", f"{OFFICE}forms", f"{TEXT}sequence-decls"])
NOTES = frozenset([f"{TEXT}note", f"{OFFICE}annotation"])
SPACES = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
FURNITURE = frozenset(["page-number", "date-time", "footer", "header"])
"""Frames of a slide that say on each the same."""

PAGE_WORDS = re.compile(r"\b(?:page|seite|of|von)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Level:
    """How the items of a list are marked at one level; without a form by a bullet."""

    form: str = ""
    before: str = ""
    after: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    """A list that is being written, and how many items it has had at each level."""

    style: str
    counts: Counter[int] = field(default_factory=Counter)


def read_opendocument(data: bytes) -> Reading:
    """What is shown, in the order of the document; then notes and comments, and what stands at
    the head and foot of pages, once. Hidden sheets, rows, slides and words are left out."""
    with open_zip(data) as archive:
        names = set(archive.namelist())
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise Unreadable("is protected with a password. Save it without one.")
        roots = [xml_root(archive.read(n)) for n in ("styles.xml", "content.xml") if n in names]
        about = _about(archive) if "meta.xml" in names else {}
    blocks = Blocks(len(data))
    writer = _Writer(blocks, roots)
    for body in roots[-1].iterfind(f"{OFFICE}body/*"):
        writer.write(body)
    writer.write_notes()
    if roots[-1].find(f"{OFFICE}body/{OFFICE}text") is not None:
        writer.write_heads_and_feet(roots)
    return blocks.reading(**about)


class _Writer:
    """Writes the blocks of a document, of any of the three kinds."""

    def __init__(self, blocks: Blocks, roots: Iterable[Any]) -> None:
        self._blocks = blocks
        self._levels: dict[tuple[str, int], _Level] = {}
        self._hidden: set[str] = set()
        self._notes: list[tuple[str, str, str]] = []
        self._slide = 0
        for root in roots:
            self._levels |= dict(_levels(root))
            self._hidden |= set(_hidden_styles(root))

    def write(self, element: Any) -> None:
        """All blocks below an element."""
        for child in element.iterchildren(tag="*"):
            self._one(child)

    def write_notes(self) -> None:
        """Footnotes and comments, with the words that they are about."""
        for words, about, by in self._notes:
            told = f"{by}: {words}" if by else words
            self._blocks.paragraph(told, "note", about=about, by=by)

    def write_heads_and_feet(self, roots: Iterable[Any]) -> None:
        """Each line that stands at the head or foot of pages of text, without their numbers."""
        lines: dict[str, None] = {}
        for root in roots:
            for part in root.iter(f"{STYLE}header", f"{STYLE}footer"):
                for paragraph in part.iter(f"{TEXT}p"):
                    words = one_line(self._words(paragraph))
                    if any(map(str.isalpha, PAGE_WORDS.sub("", words))):
                        lines[words] = None
        for line in lines:
            self._blocks.paragraph(line)

    def _one(self, element: Any) -> None:
        if element.tag in GONE:
            deletions = len(list(element.iter(f"{TEXT}deletion")))
            self._blocks.left_out("tracked deletion", deletions)
            return
        write = {
            f"{TEXT}h": self._heading,
            f"{TEXT}p": self._paragraph,
            f"{TEXT}list": self._outer_list,
            f"{TABLE}table": self._table,
            f"{DRAW}page": self._page,
            f"{DRAW}frame": self._frame,
            f"{DRAW}custom-shape": self._frame,
        }
        write.get(element.tag, self.write)(element)

    def _heading(self, element: Any) -> None:
        self._blocks.heading(self._words(element), _whole(element, f"{TEXT}outline-level"))
        self._around(element)

    def _paragraph(self, element: Any) -> None:
        self._blocks.paragraph(self._words(element))
        self._around(element)

    def _outer_list(self, element: Any) -> None:
        self._list(element, 1, _List(element.get(f"{TEXT}style-name", "")))

    def _page(self, page: Any) -> None:
        """A slide, and its notes."""
        self._slide += 1
        self._blocks.page()
        if page.get(f"{DRAW}style-name", "") in self._hidden:
            self._blocks.left_out("hidden slide")
            return
        with self._blocks.container("slide", number=str(self._slide)):
            self.write(page)

    def _frame(self, frame: Any) -> None:
        if frame.get(f"{SHOW}class") in FURNITURE:
            return
        if frame.get(f"{SHOW}class") == "title":
            words = [self._words(paragraph) for paragraph in frame.iter(f"{TEXT}p")]
            self._blocks.heading(" ".join(words))
            return
        images = frame.find(f"{DRAW}image") is not None and frame.find(f"{TABLE}table") is None
        self._blocks.left_out("picture", int(images))
        self.write(frame)

    def _around(self, paragraph: Any) -> None:
        """What is anchored in a paragraph: text boxes and pictures."""
        for frame in paragraph.iter(f"{DRAW}frame", f"{DRAW}custom-shape"):
            self._frame(frame)

    def _list(self, element: Any, depth: int, within: _List) -> None:
        level = self._levels.get((within.style, depth), _Level())
        for item in element.iterchildren(f"{TEXT}list-item", f"{TEXT}list-header"):
            is_first = item.tag == f"{TEXT}list-item"
            for child in item.iterchildren(tag="*"):
                if child.tag == f"{TEXT}list":
                    own = child.get(f"{TEXT}style-name")
                    self._list(child, depth + 1, _List(own, within.counts) if own else within)
                elif child.tag == f"{TEXT}p" and is_first:
                    self._blocks.item(self._words(child), depth, self._marker(level, depth, within))
                    self._around(child)
                    is_first = False
                else:
                    self._one(child)

    def _marker(self, level: _Level, depth: int, within: _List) -> str:
        within.counts[depth] += 1
        for deeper in [deep for deep in within.counts if deep > depth]:
            del within.counts[deeper]
        if not level.form:
            return BULLET
        number = level.start - 1 + within.counts[depth]
        return f"{level.before}{numeral(number, FORMS[level.form])}{level.after}"

    def _table(self, table: Any) -> None:
        name = one_line(table.get(f"{TABLE}name", ""))
        is_sheet = table.getparent().tag == f"{OFFICE}spreadsheet"
        if is_sheet and table.get(f"{TABLE}style-name", "") in self._hidden:
            self._blocks.left_out("hidden sheet")
            return
        rows = self._rows(table)
        if not is_sheet:
            heads = table.find(f"{TABLE}table-header-rows")
            named = None if heads is None else len(list(heads.iterchildren(f"{TABLE}table-row")))
            write_table(list(rows), self._blocks, named)
            return
        first = next(filter(any, rows), None)
        if first is not None:
            with self._blocks.container("sheet", name=name):
                self._blocks.heading(name)
                write_tables(chain([first], rows), self._blocks)

    def _rows(self, table: Any) -> Iterator[Row]:
        """The words of the cells. Those of a merged cell stand in each of its columns and rows."""
        held: dict[int, tuple[int, str]] = {}
        for row in _own(table, f"{TABLE}table-row"):
            cells = self._cells(row, held)
            if row.get(f"{TABLE}visibility") in ("collapse", "filter"):
                self._blocks.left_out("hidden row", int(any(cells)))
                continue
            times = _whole(row, f"{TABLE}number-rows-repeated") if any(cells) else 1
            for _ in range(min(times, MOST_REPEATED)):
                yield cells

    def _cells(self, row: Any, held: dict[int, tuple[int, str]]) -> list[str]:
        cells: list[str] = []
        for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            words = one_line(" ".join(self._lines(cell)))
            times = _whole(cell, f"{TABLE}number-columns-repeated")
            times = min(times, MOST_COLUMNS)
            if cell.tag == f"{TABLE}table-cell":
                across = min(_whole(cell, f"{TABLE}number-columns-spanned"), MOST_COLUMNS)
                down = _whole(cell, f"{TABLE}number-rows-spanned")
                for place in range(len(cells), len(cells) + across):
                    held[place] = (down, words)
            for place in range(len(cells), len(cells) + times):
                left, known = held.get(place, (0, ""))
                is_covered = cell.tag == f"{TABLE}covered-table-cell" and left > 0
                cells.append(known if is_covered else words)
        for place, (left, known) in list(held.items()):
            held[place] = (left - 1, known)
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _lines(self, cell: Any) -> Iterator[str]:
        """The paragraphs of a cell, and of lists and tables in it."""
        for paragraph in cell.iter(f"{TEXT}p", f"{TEXT}h"):
            if not any(parent.tag in NOTES for parent in paragraph.iterancestors()):
                yield self._words(paragraph)
        for comment in cell.iterchildren(f"{OFFICE}annotation"):
            self._note(comment, "")

    def _words(self, element: Any) -> str:
        """What a person reads of a paragraph. Its notes are kept for later."""
        return "".join(self._pieces(element)).strip()

    def _pieces(self, element: Any) -> Iterator[str]:
        if element.get(f"{TEXT}style-name", "") in self._hidden:
            self._blocks.left_out("hidden text")
            return
        told = element.text or ""
        yield told
        for child in element.iterchildren(tag="*"):
            if child.tag in NOTES:
                self._note(child, one_line(told)[-LONGEST_ABOUT:])
            elif child.tag == f"{TEXT}s":
                yield " " * min(_whole(child, f"{TEXT}c"), MOST_REPEATED)
            elif child.tag in SPACES:
                yield SPACES[child.tag]
            elif child.tag.startswith(TEXT):
                words = "".join(self._pieces(child))
                told += words
                yield words
            told += child.tail or ""
            yield child.tail or ""

    def _note(self, note: Any, about: str) -> None:
        body = note.find(f"{TEXT}note-body") if note.tag == f"{TEXT}note" else note
        paragraphs = () if body is None else body.iter(f"{TEXT}p")
        words = one_line(" ".join(self._words(paragraph) for paragraph in paragraphs))
        by = one_line(note.findtext(f"{DUBLIN_CORE}creator") or "")
        if words:
            self._notes.append((words, about, by))


def _levels(root: Any) -> Iterator[tuple[tuple[str, int], _Level]]:
    """How lists are numbered, by the name of their style and the level."""
    for style in root.iter(f"{TEXT}list-style"):
        for level in style.iterchildren(f"{TEXT}list-level-style-number"):
            form = level.get(f"{STYLE}num-format", "")
            key = style.get(f"{STYLE}name", ""), _whole(level, f"{TEXT}level")
            before, after = (level.get(f"{STYLE}num-{end}", "") for end in ("prefix", "suffix"))
            if form in FORMS:
                yield key, _Level(form, before, after, _whole(level, f"{TEXT}start-value"))


def _hidden_styles(root: Any) -> Iterator[str]:
    """The styles of what is not shown: words, sheets and slides."""
    for style in root.iter(f"{STYLE}style"):
        for kind in style.iterchildren(tag="*"):
            if (
                kind.get(f"{TEXT}display") == "none"
                or kind.get(f"{TABLE}display") == "false"
                or kind.get(f"{SHOW}visibility") == "hidden"
            ):
                yield style.get(f"{STYLE}name", "")


def _own(table: Any, tag: str) -> Iterator[Any]:
    """Its rows, in groups or not, and none of a table within."""
    for child in table.iterchildren(tag="*"):
        if child.tag == tag:
            yield child
        elif child.tag.startswith(f"{TABLE}table-") and child.tag != f"{TABLE}table-cell":
            yield from _own(child, tag)


def _whole(element: Any, name: str) -> int:
    """An attribute that is a number from 1."""
    written = element.get(name, "1")
    return max(1, int(written)) if written.isdecimal() and len(written) < 10 else 1


def _about(archive: ZipFile) -> dict[str, str | None]:
    root = xml_root(archive.read("meta.xml"))

    def first(*tags: str) -> str:
        return next((one_line(e.text or "") for tag in tags for e in root.iter(tag)), "")

    return {
        "title": first(f"{DUBLIN_CORE}title") or None,
        "published": date_of(first(f"{META}creation-date")),
        "byline": person(first(f"{META}initial-creator", f"{DUBLIN_CORE}creator")),
    }
