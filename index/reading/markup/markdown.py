"""Reader of Markdown: what a person reads of it, without its marks. bytes -> Reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from index.reading.blocks import Blocks, Reading, one_line
from index.reading.markup.directives import BOX, plain_boxes
from index.reading.markup.front_matter import front_matter, sharing
from index.reading.markup.web import write_page
from index.reading.text import decode

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

BOXES = {"[ ]": "☐", "[x]": "☑", "[X]": "☑"}
"""How an item of a list of tasks begins, and what a person sees of it."""

ALERT = re.compile(r"\[!([A-Za-z]+)\]\s*")
"""With which a note begins that is set like a quotation."""

FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]:\s+")
NOTED = re.compile(r"\[\^([^\]\s]+)\]")
"""The mark before a footnote, and that in the words that it belongs to."""

LONGEST_ABOUT = 120
"""Characters of what a note is about."""

IMPORT = re.compile(r"(?:import\s[^\n;]*?\sfrom\s+[\"'][^\"']+[\"'];?\s*)+")
"""What a page of a documentation program uses, and nobody sees."""

LINE_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)


def read_markdown(data: bytes) -> Reading:
    """The text without its marks and its front matter, which says its title, date, author and
    readers. The words of a link are read; its address is not, unless it stands there bare."""
    text = decode(data)
    matter, body_start = front_matter(text)
    blocks = Blocks(len(data))
    writer = _Writer(blocks)
    writer.write(_parsed(text[body_start:]))
    reading = blocks.reading(
        title=_scalar(matter.get("title")) or writer.title,
        published=_scalar(matter.get("date")),
        byline=_scalar(matter.get("author")),
    )
    return replace(reading, sharing=sharing(matter, text[:body_start] or text))


def write_markdown(text: str, blocks: Blocks) -> str | None:
    """What a person reads of a part of a document; its heading of the first level."""
    writer = _Writer(blocks)
    writer.write(_parsed(text))
    return writer.title


def _parsed(text: str) -> Sequence[SyntaxTreeNode]:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    parser = MarkdownIt().enable(["table", "strikethrough"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # or pictures are text
    return SyntaxTreeNode(parser.parse(plain_boxes(text))).children


class _Writer:
    """Writes the blocks of a parsed text. `title` is the first heading of the first level."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._noted: dict[str, str] = {}
        self.title: str | None = None

    def write(self, nodes: Sequence[SyntaxTreeNode], depth: int = 0, quoted: int = 0) -> None:
        """What lies `depth` lists and `quoted` quotations deep."""
        for node in nodes:
            match node.type:
                case "bullet_list" | "ordered_list":
                    self._list(node, depth + 1, quoted)
                case "blockquote":
                    self.write(node.children, depth, quoted + 1)
                case "paragraph":
                    self._paragraph(_words(node), quoted, emphasis=_emphasis(node))
                case _:
                    self._alone(node)

    def _alone(self, node: SyntaxTreeNode) -> None:
        """What holds no blocks, wherever it lies."""
        match node.type:
            case "heading":
                self._heading(node)
            case "fence" if BOX.match(node.info):
                self.write(_parsed(f":::{node.info}\n{node.content}"))
            case "fence" | "code_block":
                self._blocks.paragraph(node.content.strip("\n"), "code")
            case "table":
                names, *rows = _rows(node)
                self._blocks.table(rows, names)
            case "html_block":
                write_page(node.content, self._blocks)

    def _heading(self, node: SyntaxTreeNode) -> None:
        words, level = one_line(_words(node)), int(node.tag[1])
        self._blocks.heading(words, level)
        if level == 1:
            self.title = self.title or words

    def _paragraph(self, words: str, quoted: int, emphasis: str = "") -> None:
        if IMPORT.fullmatch(words):
            return
        words = self._without_marks(words)
        if note := FOOTNOTE.match(words):
            about = self._noted.get(note[1], "")
            self._blocks.paragraph(words[note.end() :], "note", about=about)
        elif quoted:
            told = ALERT.sub(lambda found: f"{found[1].capitalize()}: ", words, count=1)
            self._blocks.paragraph(told, "quotation", quoted)
        else:
            self._blocks.paragraph(words, emphasis=emphasis)

    def _without_marks(self, words: str) -> str:
        """The words; each footnote is about those before its mark."""
        if FOOTNOTE.match(words):
            return words
        for mark in NOTED.finditer(words):
            before = NOTED.sub("", words[: mark.start()])
            self._noted.setdefault(mark[1], one_line(before)[-LONGEST_ABOUT:])
        return NOTED.sub("", words)

    def _list(self, node: SyntaxTreeNode, depth: int, quoted: int) -> None:
        for item in node.children:
            marker = f"{item.info}{item.markup}" if node.type == "ordered_list" else "•"
            within = item.children
            if within and within[0].type == "paragraph":
                words = _words(within[0])
                box = BOXES.get(words[:3]) if words[3:4].isspace() else None
                told = self._without_marks(f"{box}{words[3:]}" if box else words)
                self._blocks.item(told, depth, box or marker)
                within = within[1:]
            self.write(within, depth, quoted)


def _rows(table: SyntaxTreeNode) -> Iterator[list[str]]:
    """The cells of each row; the first has the names of the columns."""
    for part in table.children:
        for row in part.children:
            yield [_words(cell) for cell in row.children]


def _emphasis(paragraph: SyntaxTreeNode) -> str:
    """ "strong" where all of it is bold."""
    inline = [node for part in paragraph.children for node in part.children]
    said = [node for node in inline if node.type != "text" or node.content.strip()]
    return "strong" if said and all(node.type == "strong" for node in said) else ""


def _words(node: SyntaxTreeNode) -> str:
    """What a person reads of a line or lines of running text."""
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline":
            return "\n" if LINE_BREAK.match(node.content) else ""
        case "text" | "code_inline" | "image" | "text_special":
            return node.content
        case _:
            return "".join(map(_words, node.children))


def _scalar(value: object) -> str | None:
    """A field of front matter as words; a list only if all of it is words."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return one_line(value) or None if isinstance(value, str) else None
