"""A Word file with footnotes, which python-docx has no call for: it takes a part of their own."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
SEPARATORS = (("-1", "separator"), ("0", "continuationSeparator"))
"""What Word asks to stand in every such part."""


def word_file(title: Mapping[str, Any], turns: Sequence[Mapping[str, Any]]) -> bytes:
    """The title, then each question with its paragraphs and their footnotes."""
    import docx

    document = docx.Document()
    document.core_properties.title = title["words"][:255]
    notes: list[Mapping[str, Any]] = []
    _set(document.add_heading(level=0), title)
    for turn in turns:
        _set(document.add_heading(level=1), turn)
        for each in turn["paragraphs"]:
            if each["table"]:
                _add_table(document, each["table"])
            paragraph = document.add_paragraph(style="Quote" if each["quoted"] else None)
            if not each["table"]:
                _set(paragraph, each)
            for note in each["notes"]:
                notes.append(note)
                _refer(paragraph, len(notes))
    _add_footnotes(document, notes)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _set(paragraph: Paragraph, said: Mapping[str, Any]) -> None:
    """The words, from right to left where they are written so."""
    run = paragraph.add_run(said["words"])
    if said["rtl"]:
        run.font.rtl = True
        paragraph._p.get_or_add_pPr().append(_element("bidi"))


def _add_table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    """The first row has the names of the columns."""
    table = document.add_table(0, len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(words).bold = number == 0


def _refer(paragraph: Paragraph, number: int) -> None:
    run = paragraph.add_run()
    run.font.superscript = True
    run._r.append(_element("footnoteReference", id=str(number)))


def _add_footnotes(document: Document, notes: Sequence[Mapping[str, Any]]) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    root = etree.Element(f"{{{WORD}}}footnotes", nsmap={"w": WORD})
    for id, kind in SEPARATORS:
        note = _element("footnote", type=kind, id=id)
        note.append(_paragraph(_run(kind)))
        root.append(note)
    for number, note in enumerate(notes, 1):
        footnote = _element("footnote", id=str(number))
        words = _run("t", f" {note['words']}. ")
        link = _element("fldSimple", instr=f'HYPERLINK "{note["link"]}"')
        link.append(_run("t", note["printed"]))
        footnote.append(_paragraph(_run("footnoteRef", raised=True), words, link))
        root.append(footnote)
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    part = Part(PackURI("/word/footnotes.xml"), TYPE, content, package)
    document.part.relate_to(part, RELATION)


def _paragraph(*runs: Any) -> Any:
    paragraph = _element("p")
    paragraph.extend(runs)
    return paragraph


def _run(tag: str, words: str = "", *, raised: bool = False) -> Any:
    run, inside = _element("r"), _element(tag)
    if raised:
        how = _element("rPr")
        how.append(_element("vertAlign", val="superscript"))
        run.append(how)
    if words:
        inside.text = words
        inside.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(inside)
    return run


def _element(tag: str, **attributes: str) -> Any:
    from lxml import etree

    named = {f"{{{WORD}}}{name}": value for name, value in attributes.items()}
    return etree.Element(f"{{{WORD}}}{tag}", named)
