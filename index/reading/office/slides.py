"""The reader of PowerPoint files: bytes -> Reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.reading.archives import xml_root
from index.reading.blocks import Blocks, Reading, one_line
from index.reading.office.ooxml import (
    CHART,
    DIAGRAM,
    DRAWING,
    MATH,
    RELATION,
    equation,
    numeral,
    opened,
    properties,
    write_chart,
    write_diagram,
)
from index.reading.tables import write_table

if TYPE_CHECKING:
    from pptx.slide import Slide

BULLET = "•"
BREAKS = (f"{DRAWING}br", f"{DRAWING}tab")
FURNITURE = frozenset(["sldNum", "dt"])
"""Placeholders that say on each slide where and when it is."""

NUMBERED = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter"}
NUMBERED |= {"romanLc": "lowerRoman", "romanUc": "upperRoman"}
AROUND = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}
MOST_LEVELS = 9


def read_slides(data: bytes) -> Reading:
    """A page a slide: its title, its text, tables and charts, its notes and comments. Hidden
    slides are left out, and pages are counted as the program does."""
    from pptx import Presentation

    file = opened(data)
    presentation = Presentation(file)
    blocks = Blocks(len(data))
    writer = _Writer(blocks)
    for number, slide in enumerate(presentation.slides, 1):
        blocks.page()
        if slide.element.get("show") in ("0", "false"):
            blocks.left_out("hidden slide")
            continue
        with blocks.container("slide", number=str(number)):
            writer.write(slide)
    return blocks.reading(**properties(file))


class _Writer:
    """Writes slide after slide; what stands at the foot of each, once."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._feet: set[str] = set()

    def write(self, slide: Slide) -> None:
        """Its title, its shapes, its notes and comments."""
        title = slide.shapes.title
        if title is not None:
            self._blocks.heading(" ".join(_words(p) for p in _paragraphs(title.element)))
        for shape in slide.shapes:
            if title is None or shape.shape_id != title.shape_id:
                self._shape(shape, slide)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for paragraph in _paragraphs(slide.notes_slide.notes_text_frame._txBody):
                self._blocks.paragraph(_words(paragraph), "note")
        for relation in slide.part.rels.values():
            if relation.reltype.endswith("/comments") and not relation.is_external:
                self._comments(relation.target_part)

    def _shape(self, shape: Any, slide: Slide) -> None:
        kind = _placeholder(shape.element)
        if kind in FURNITURE or _is_hidden(shape.element):
            return
        for member in getattr(shape, "shapes", ()):  # of a group
            self._shape(member, slide)
        if kind == "ftr":
            words = one_line(shape.text_frame.text)
            if words not in self._feet:
                self._blocks.paragraph(words)
            self._feet.add(words)
        elif getattr(shape, "has_table", False):
            self._table(shape.table)
        elif shape.has_text_frame:
            self._text(shape)
        else:
            self._graphic(shape.element, slide)

    def _text(self, shape: Any) -> None:
        """Paragraphs; items where they have bullets, numbers, or lie below one another."""
        paragraphs = [p for p in _paragraphs(shape.element) if _words(p)]
        is_list = _placeholder(shape.element) in ("body", "obj") and len(paragraphs) > 1
        counts: dict[int, int] = {}
        for paragraph in paragraphs:
            form = paragraph.find(f"{DRAWING}pPr")
            depth = int(form.get("lvl", "0")) if form is not None else 0
            marker = _marker(form, depth, counts)
            if marker is None and (is_list or depth):
                marker = BULLET
            if marker:
                self._blocks.item(_words(paragraph), min(depth, MOST_LEVELS) + 1, marker)
            else:
                self._blocks.paragraph(_words(paragraph))

    def _table(self, table: Any) -> None:
        rows = []
        for row in table.rows:
            rows.append([_cell(table, cell) for cell in row.cells])
        has_header = table.first_row and len(rows) > 1
        write_table(rows, self._blocks, 1 if has_header else None)

    def _graphic(self, element: Any, slide: Slide) -> None:
        for chart in element.iter(f"{CHART}chart"):
            write_chart(_part(slide, chart.get(f"{RELATION}id")), self._blocks)
        for diagram in element.iter(f"{DIAGRAM}relIds"):
            write_diagram(_part(slide, diagram.get(f"{RELATION}dm")), self._blocks)
        self._blocks.left_out("picture", sum(1 for _ in element.iter(f"{DRAWING}blip")))

    def _comments(self, part: Any) -> None:
        """Comments of either kind: with a list of authors for the whole, and in threads."""
        authors = dict(_authors(part))
        for comment in xml_root(part.blob).iter("{*}cm", "{*}reply"):
            texts = comment.iterfind("{*}text")
            words = " ".join(text.text or "" for text in texts)
            bodies = comment.iterfind("{*}txBody")
            words += " ".join(_words(p) for body in bodies for p in _paragraphs(body))
            by = authors.get(comment.get("authorId", ""), "")
            if words.strip():
                told = f"{by}: {words}" if by else words
                self._blocks.paragraph(one_line(told), "note", by=by)


def _authors(part: Any) -> Iterator[tuple[str, str]]:
    """Those whose comments the presentation has: id, name."""
    for relation in part.package.main_document_part.rels.values():
        if relation.reltype.endswith(("/commentAuthors", "/authors")):
            for author in xml_root(relation.target_part.blob).iter("{*}cmAuthor", "{*}author"):
                yield author.get("id", ""), one_line(author.get("name", ""))


def _part(slide: Slide, relation_id: str) -> Any:
    return xml_root(slide.part.related_part(relation_id).blob)


def _paragraphs(element: Any) -> Iterator[Any]:
    return element.iter(f"{DRAWING}p")  # type: ignore[no-any-return]


def _words(paragraph: Any) -> str:
    """Its words on one line, with its equations; a break of a line is a space."""
    words = []
    for child in paragraph.iter(f"{DRAWING}t", f"{MATH}oMath", *BREAKS):
        is_equation = child.tag == f"{MATH}oMath"
        words.append(equation(child) if is_equation else (child.text or ""))
        words.append(" " if child.tag in BREAKS else "")
    return one_line("".join(words).replace("\v", " "))


def _marker(form: Any, depth: int, counts: dict[int, int]) -> str | None:
    """A paragraph's bullet or number, "" where it has none, None where nothing says so."""
    number = form.find(f"{DRAWING}buAutoNum") if form is not None else None
    for deeper in [
        level for level in counts if level > depth or (level == depth and number is None)
    ]:
        del counts[deeper]
    if form is None:
        return None
    if number is not None:
        counts[depth] = counts.get(depth, int(number.get("startAt", "1")) - 1) + 1
        kind = number.get("type", "arabicPeriod")
        end = next((end for end in AROUND if kind.endswith(end)), "Plain")
        return AROUND[end].format(numeral(counts[depth], NUMBERED.get(kind.removesuffix(end), "")))
    if form.find(f"{DRAWING}buNone") is not None:
        return ""
    return BULLET if form.find(f"{DRAWING}buChar") is not None else None


def _cell(table: Any, cell: Any) -> str:
    """A cell's words; those of the one that it is merged with."""
    if cell.is_spanned:
        for origin in table.iter_cells():
            if origin.is_merge_origin and _covers(origin, cell):
                cell = origin
                break
    return " ".join(filter(None, map(_words, _paragraphs(cell._tc))))


def _covers(origin: Any, cell: Any) -> bool:
    first, other = origin._tc, cell._tc
    rows = range(first.row_idx, first.row_idx + origin.span_height)
    return other.row_idx in rows and other.col_idx in range(
        first.col_idx, first.col_idx + origin.span_width
    )


def _placeholder(element: Any) -> str | None:
    """The kind of placeholder that a shape fills, None for another shape."""
    for found in element.iterfind("{*}nvSpPr/{*}nvPr/{*}ph"):
        return str(found.get("type", "obj"))
    return None


def _is_hidden(element: Any) -> bool:
    return any(found.get("hidden") in ("1", "true") for found in element.iterfind("*/{*}cNvPr"))
