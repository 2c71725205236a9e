"""The reader of Word files: bytes -> Reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.reading.archives import xml_root
from index.reading.blocks import Blocks, Reading, one_line
from index.reading.office.numbering import BULLET, VALUE, WORD, Numbering
from index.reading.office.ooxml import (
    CHART,
    DIAGRAM,
    DRAWING,
    MATH,
    RELATION,
    equation,
    opened,
    properties,
    write_chart,
    write_diagram,
)
from index.reading.tables import write_table

if TYPE_CHECKING:
    from docx.document import Document

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
VECTOR_PICTURE = "{urn:schemas-microsoft-com:vml}imagedata"
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
HEADING_STYLE = re.compile(r"(?:Title|heading (\d))", re.IGNORECASE)
QUOTATION_STYLES = frozenset(["quote", "intense quote", "block text"])
PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b")
PAGE_WORDS = re.compile(r"\b(?:page|seite|side|sida|página|pagina|p|of|von|av|af|de|di)\b", re.I)

GONE = frozenset(f"{WORD}{name}" for name in ("del", "moveFrom"))
APART = frozenset([*(f"{WORD}{name}" for name in ("txbxContent", "pPr", "rPr")), FALLBACK])
"""What is no running text of the paragraph that it stands in."""

COMMENT_BORDERS = (f"{WORD}commentRangeStart", f"{WORD}commentRangeEnd")
NOTES = (("footnote", "/footnotes"), ("endnote", "/endnotes"))
LONGEST_ABOUT = 120
"""Characters of what a note is about."""

MOST_COMMENTED = 100
"""Comments on the same word."""

MOST_BASED_ON = 50
MOST_COLUMNS = 63
"""That Word's tables have."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs, those that it is based on included."""

    name: str = ""
    level: int = 0
    number_id: str = ""
    depth: int | None = None
    is_hidden: bool = False


def read_word(data: bytes) -> Reading:
    """Paragraphs with their numbers, tables and text boxes in the order of the document, then
    its notes and comments, and what stands at the head and foot of its pages, once.

    Insertions that nobody has accepted yet are read; deletions and hidden text are left out.
    """
    import docx

    file = opened(data)
    document = docx.Document(file)
    blocks = Blocks(len(data))
    word = _Word(document, blocks)
    word.write(document.element.body)
    word.write_notes()
    word.write_comments()
    word.write_heads_and_feet()
    return blocks.reading(**properties(file))


@dataclass(slots=True)
class _Said:
    """A paragraph's words so far, and what is known only in the course of them."""

    words: list[str] = field(default_factory=list)
    hidden: bool = False
    fields: list[str] = field(default_factory=list)


class _Word:
    """Writes a document part by part."""

    def __init__(self, document: Document, blocks: Blocks) -> None:
        self._part = document.part
        self._blocks = blocks
        self._styles = dict(_styles(document.styles.element))
        numbering = self._related("/numbering")
        lists = {name: style.number_id for name, style in self._styles.items() if style.number_id}
        self._numbering = Numbering(numbering, lists)
        self._about: dict[tuple[str, str], str] = {}
        self._commented: dict[str, str] = {}

    def write(self, element: Any) -> None:
        """All blocks below an element."""
        for child in element:
            if child.tag == f"{WORD}p":
                self._paragraph(child)
            elif child.tag == f"{WORD}tbl":
                self._table(child)
            elif child.tag in GONE:
                self._blocks.left_out("tracked deletion")
            elif child.tag == f"{MATH}oMathPara":
                self._blocks.paragraph(equation(child))
            elif child.tag in COMMENT_BORDERS:
                self._comment(child)
            elif child.tag not in APART:
                self._blocks.left_out("embedded document", int(child.tag == f"{WORD}altChunk"))
                self.write(child)

    def write_notes(self) -> None:
        """Footnotes, then endnotes, each once."""
        for kind, relation in NOTES:
            notes = self._related(relation)
            for note in () if notes is None else notes:
                about = self._about.get((kind, note.get(f"{WORD}id", "")), "")
                self._blocks.paragraph(self._all_words(note), "note", about=about)

    def write_comments(self) -> None:
        """What readers of the document wrote at its margin, with their names."""
        comments = self._related("/comments")
        for comment in () if comments is None else comments:
            words, by = self._all_words(comment), one_line(comment.get(f"{WORD}author", ""))
            about = self._about.get(("comment", comment.get(f"{WORD}id", "")), "")
            if words:
                told = f"{by}: {words}" if by else words
                self._blocks.paragraph(told, "note", by=by, about=about)

    def write_heads_and_feet(self) -> None:
        """Each line that stands at the head or foot of pages, without their numbers."""
        lines: dict[str, None] = {}
        for relation in self._part.rels.values():
            if relation.reltype.endswith(("/header", "/footer")):
                for words in self._lines(xml_root(relation.target_part.blob)):
                    if any(map(str.isalnum, PAGE_WORDS.sub("", words))):
                        lines[words] = None
        for line in lines:
            self._blocks.paragraph(line)

    def _related(self, kind: str) -> Any:
        """The root of a part that the document refers to, None without one."""
        for relation in self._part.rels.values():
            if relation.reltype.endswith(kind) and not relation.is_external:
                return xml_root(relation.target_part.blob)
        return None

    def _paragraph(self, paragraph: Any) -> None:
        style = self._style(paragraph)
        words = self._words(paragraph)
        marker, depth = self._marker(paragraph, style, words)
        level = _outline_level(paragraph) or style.level
        if level and words.strip():
            self._blocks.heading(f"{marker if marker != BULLET else ''} {words}", level)
        elif marker and words.strip():
            self._blocks.item(words, depth + 1, marker)
        elif style.name.casefold() in QUOTATION_STYLES:
            self._blocks.paragraph(words, "quotation", 1)
        else:
            is_caption = style.name.casefold() == "caption"
            self._blocks.paragraph(words, "caption" if is_caption else "paragraph")
        self._around(paragraph)

    def _around(self, paragraph: Any) -> None:
        """Text boxes, charts and other drawings of a paragraph, each once: its copy for old
        programs is passed over."""
        for box in _own(paragraph, f"{WORD}txbxContent"):
            self.write(box)
        for chart in _own(paragraph, f"{CHART}chart"):
            root = self._drawing(chart.get(f"{RELATION}id"))
            if root is not None:
                write_chart(root, self._blocks)
        for diagram in _own(paragraph, f"{DIAGRAM}relIds"):
            root = self._drawing(diagram.get(f"{RELATION}dm"))
            if root is not None:
                write_diagram(root, self._blocks)
        pictures = _own(paragraph, f"{DRAWING}blip", VECTOR_PICTURE)
        self._blocks.left_out("picture", sum(1 for _ in pictures))

    def _drawing(self, relation_id: str | None) -> Any:
        relation = self._part.rels.get(relation_id or "")
        is_here = relation is not None and not relation.is_external
        return xml_root(relation.target_part.blob) if relation is not None and is_here else None

    def _table(self, table: Any) -> None:
        rows = list(_members(table, f"{WORD}tr"))
        cells = [cell for row in rows for cell in _members(row, f"{WORD}tc")]
        if len(cells) <= len(rows):  # a frame around text
            for cell in cells:
                self.write(cell)
            return
        deleted = [row for row in rows if row.find(f"{WORD}trPr/{WORD}del") is not None]
        self._blocks.left_out("tracked deletion", len(deleted))
        rows = [row for row in rows if row not in deleted]
        grid: list[list[str]] = []
        for row in rows:
            grid.append(self._row(row, grid[-1] if grid else []))
        write_table(grid, self._blocks, _header_rows(rows))
        for cell in cells:
            for inner in _members(cell, f"{WORD}tbl"):
                self._table(inner)
            for paragraph in _members(cell, f"{WORD}p"):
                self._around(paragraph)

    def _row(self, row: Any, above: list[str]) -> list[str]:
        """The cells of a row in their columns; a merged one stands in each of its own."""
        cells = [""] * _number(row.find(f"{WORD}trPr/{WORD}gridBefore"), 0)
        for cell in _members(row, f"{WORD}tc"):
            span = _number(cell.find(f"{WORD}tcPr/{WORD}gridSpan"), 1)
            merged = cell.find(f"{WORD}tcPr/{WORD}vMerge")
            place = len(cells)
            if merged is not None and merged.get(VALUE) != "restart" and place < len(above):
                words = above[place]
            else:
                words = one_line(" ".join(self._lines(cell)))
            cells += [words] * min(span, MOST_COLUMNS)
        return cells

    def _lines(self, element: Any) -> Iterator[str]:
        """Its paragraphs with their numbers, without those of a table inside of a cell."""
        for child in element:
            if child.tag == f"{WORD}p":
                words = self._words(child)
                marker, _ = self._marker(child, self._style(child), words)
                if words.strip():
                    yield one_line(f"{marker} {words}" if marker != BULLET else words)
            elif child.tag == f"{WORD}tbl" and element.tag != f"{WORD}tc":
                for row in _members(child, f"{WORD}tr"):
                    yield " | ".join(filter(None, self._row(row, [])))
            elif child.tag not in APART | GONE | {f"{WORD}tbl"}:
                yield from self._lines(child)

    def _all_words(self, note: Any) -> str:
        return one_line(" ".join(self._lines(note)))

    def _style(self, paragraph: Any) -> Style:
        named = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        name = named.get(VALUE, "") if named is not None else ""
        return self._styles.get(name) or self._styles.get("", Style())

    def _marker(self, paragraph: Any, style: Style, words: str) -> tuple[str, int]:
        """A paragraph's number and how deep it lies, which its style may say. One without
        words has one, too, unless they are hidden."""
        if not words.strip() and any(t.text for t in paragraph.iter(f"{WORD}t")):
            return "", 0
        own = paragraph.find(f"{WORD}pPr/{WORD}numPr")
        number = own.find(f"{WORD}numId") if own is not None else None
        number_id = number.get(VALUE, "") if number is not None else style.number_id
        if not number_id or number_id == "0":
            return "", 0
        named = own.find(f"{WORD}ilvl") if own is not None else None
        depth = _number(named, 0) if named is not None else style.depth
        if depth is None:
            named = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
            style_id = named.get(VALUE, "") if named is not None else ""
            depth = self._numbering.level_of_style(number_id, style_id)
        return self._numbering.marker(number_id, depth), depth

    def _words(self, paragraph: Any) -> str:
        """The words of a paragraph, without its text boxes, what was deleted or is hidden."""
        said = _Said()
        is_hidden = self._style(paragraph).is_hidden
        self._say(paragraph, said, is_hidden=is_hidden)
        self._blocks.left_out("hidden text", int(said.hidden))
        return "".join(said.words)

    def _say(self, element: Any, said: _Said, *, is_hidden: bool) -> None:
        for child in element:
            tag = str(child.tag)
            if tag == f"{WORD}r":
                self._say(child, said, is_hidden=self._is_hidden(child, by_style=is_hidden))
            elif tag == f"{WORD}t":
                self._add(child.text or "", said, is_hidden=is_hidden)
            elif tag.startswith(MATH):
                said.words.append(equation(child))
            elif tag in GONE:
                self._blocks.left_out("tracked deletion")
            elif tag not in APART and not PAGE_FIELD.match(child.get(f"{WORD}instr", "")):
                self._mark(child, tag.removeprefix(WORD), said)
                self._say(child, said, is_hidden=is_hidden)

    def _add(self, words: str, said: _Said, *, is_hidden: bool) -> None:
        if is_hidden:
            said.hidden = said.hidden or bool(words.strip())
        elif not any(map(PAGE_FIELD.match, said.fields)):
            said.words.append(words)
            for comment, about in self._commented.items():
                if len(about) < LONGEST_ABOUT:
                    self._commented[comment] = about + words

    def _mark(self, element: Any, name: str, said: _Said) -> None:
        """What stands between the words: breaks, fields, and where notes belong."""
        said.words.append(CHARACTERS.get(name, ""))
        own_id = element.get(f"{WORD}id", "")
        if name in ("footnoteReference", "endnoteReference"):
            kind = name.removesuffix("Reference")
            self._about[kind, own_id] = one_line("".join(said.words))[-LONGEST_ABOUT:]
        elif name.startswith("commentRange"):
            self._comment(element)
        elif name == "instrText" and said.fields:
            said.fields[-1] += element.text or ""
        elif name == "fldChar":
            if element.get(f"{WORD}fldCharType") == "begin":
                said.fields.append("")
            elif element.get(f"{WORD}fldCharType") == "end" and said.fields:
                said.fields.pop()

    def _comment(self, border: Any) -> None:
        """What a comment is about begins here, or ends."""
        comment = border.get(f"{WORD}id", "")
        if border.tag == f"{WORD}commentRangeEnd":
            about = one_line(self._commented.pop(comment, ""))
            self._about["comment", comment] = about[:LONGEST_ABOUT]
        elif len(self._commented) < MOST_COMMENTED:
            self._commented[comment] = ""

    def _is_hidden(self, run: Any, *, by_style: bool) -> bool:
        own = run.find(f"{WORD}rPr/{WORD}vanish")
        if own is not None:
            return _is_on(own)
        named = run.find(f"{WORD}rPr/{WORD}rStyle")
        style = self._styles.get(named.get(VALUE, "")) if named is not None else None
        return by_style or (style is not None and style.is_hidden)


def _styles(styles: Any) -> Iterator[tuple[str, Style]]:
    """Every style by its id; the one for paragraphs that name none, as "", too."""
    elements = {e.get(f"{WORD}styleId", ""): e for e in styles.iterfind(f"{WORD}style")}
    for name, element in elements.items():
        style = _style(element, elements)
        yield name, style
        if element.get(f"{WORD}default") == "1" and element.get(f"{WORD}type") == "paragraph":
            yield "", style


def _style(element: Any, elements: dict[str, Any]) -> Style:
    chain = [element]
    while len(chain) < MOST_BASED_ON:
        base = chain[-1].find(f"{WORD}basedOn")
        if base is None or base.get(VALUE) not in elements:
            break
        chain.append(elements[base.get(VALUE)])

    def first(path: str) -> Any:
        found = (one.find("/".join(WORD + name for name in path.split("/"))) for one in chain)
        return next((each for each in found if each is not None), None)

    named = element.find(f"{WORD}name")
    name = named.get(VALUE, "") if named is not None else ""
    heading = HEADING_STYLE.match(name)
    level = int(heading[1] or 1) if heading else _level(first("pPr/outlineLvl"))
    number, depth = first("pPr/numPr/numId"), first("pPr/numPr/ilvl")
    return Style(
        name,
        min(level, 6),
        number.get(VALUE, "") if number is not None else "",
        _number(depth, 0) if depth is not None else None,
        _is_on(first("rPr/vanish")),
    )


def _outline_level(paragraph: Any) -> int:
    return min(_level(paragraph.find(f"{WORD}pPr/{WORD}outlineLvl")), 6)


def _level(outline: Any) -> int:
    """A heading's level from 1; 0 for text, which Word calls level 9."""
    level = _number(outline, 9)
    return level + 1 if 0 <= level < 9 else 0


def _own(paragraph: Any, *tags: str) -> Iterator[Any]:
    """What lies in a paragraph, but not in a text box of it, nor in a copy for old programs."""
    for found in paragraph.iter(*tags):
        for around in found.iterancestors():
            if around is paragraph:
                yield found
            if around is paragraph or around.tag in (FALLBACK, f"{WORD}txbxContent"):
                break


def _members(element: Any, tag: str) -> Iterator[Any]:
    """Rows of a table, cells of a row, also within what surrounds them; not those of a table
    inside."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{WORD}sdt", f"{WORD}sdtContent", f"{WORD}customXml", f"{WORD}ins"):
            yield from _members(child, tag)


def _header_rows(rows: list[Any]) -> int | None:
    """How many rows name the columns: those that are repeated on each page, else a first row
    that alone is bold. None where nothing tells."""
    headers = [_is_on(row.find(f"{WORD}trPr/{WORD}tblHeader")) for row in rows]
    if any(headers[:1]):
        return [*headers, False].index(False)
    return 1 if len(rows) > 1 and _is_bold(rows[0]) and not _is_bold(rows[1]) else None


def _is_bold(row: Any) -> bool:
    runs = [run for run in row.iter(f"{WORD}r") if run.find(f"{WORD}t") is not None]
    return bool(runs) and all(_is_on(run.find(f"{WORD}rPr/{WORD}b")) for run in runs)


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(VALUE, "1") not in ("0", "false", "off")


def _number(element: Any, otherwise: int) -> int:
    try:
        return int(element.get(VALUE)) if element is not None else otherwise
    except (TypeError, ValueError):
        return otherwise
