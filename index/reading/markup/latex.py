"""The reader of LaTeX: bytes -> Reading. pylatexenc parses it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.reading.blocks import Blocks, Reading, one_line
from index.reading.tables import write_table
from index.reading.text import decode

if TYPE_CHECKING:
    from pylatexenc.latexwalker import LatexNode

HEADINGS = {
    "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5,
}  # fmt: skip
LINK = "href"
SPECS = ((LINK, "{{"), ("caption", "[{"))
"""Commands whose arguments the library does not know."""

FORMULAS = re.compile(r"\\(?:begin|end|label)\{[^}]*\}|[&]|\\\\")
"""What is not part of a formula in its environment."""

DONE = frozenset(["tableofcontents", "label", "centering"])
"""Commands whose words, if any, stand elsewhere."""

LONGEST_ABOUT = 60
"""Characters of what a note is about."""

FACTS = frozenset(["title", "author", "date"])
ITEMS = frozenset(["itemize", "enumerate", "description"])
TABLES = frozenset(["tabular", "tabular*", "tabularx", "longtable", "array"])
CODE = frozenset(["verbatim", "lstlisting", "minted", "Verbatim"])
QUOTES = frozenset(["quote", "quotation", "verse"])
NOT_SHOWN = frozenset(["tikzpicture", "comment", "filecontents", "thebibliography"])
ROW_END = re.compile(r"\\\\|\\tabularnewline\b")
RULES = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|endhead|cline\{[^}]*\})")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
BEFORE_A_COMMA = re.compile(r"\s+(?=,)")
PARAGRAPH_END = re.compile(r"\n\s*\n")


def read_latex(data: bytes) -> Reading:
    """The text of the document without its commands; formulas as they are written. No other
    file is read."""
    from pylatexenc.latexwalker import LatexWalker, get_default_latex_context_db
    from pylatexenc.macrospec import MacroSpec

    known = get_default_latex_context_db()
    known.add_context_category("links", prepend=True, macros=[MacroSpec(*spec) for spec in SPECS])
    walker = LatexWalker(decode(data), latex_context=known, tolerant_parsing=True)
    nodes, _, _ = walker.get_latex_nodes()
    writer = _Writer(Blocks(len(data)))
    writer.write(_body(nodes, writer))
    writer.end()
    facts = writer.facts
    return writer.blocks.reading(
        title=facts.get("title"), published=facts.get("date"), byline=facts.get("author")
    )


def _body(nodes: Sequence[LatexNode], writer: _Writer) -> Sequence[LatexNode]:
    """What stands in the document, and before it only what that says of itself."""
    for node in nodes:
        if getattr(node, "environmentname", "") == "document":
            return list(node.nodelist)
        writer.note(node)
    return nodes


class _Writer:
    """Writes the blocks of a document. `facts` are what it says of itself."""

    def __init__(self, blocks: Blocks) -> None:
        from pylatexenc.latex2text import (
            LatexNodes2Text,
            MacroTextSpec,
            get_default_latex_context_db,
        )

        known = get_default_latex_context_db()
        own = [MacroTextSpec(LINK, self._last), MacroTextSpec("and", ", ")]
        known.add_context_category("own", prepend=True, macros=own)
        self.blocks = blocks
        self.facts: dict[str, str] = {}
        self._open: list[str] = []
        self._notes: list[tuple[str, str]] = []
        self._texts = LatexNodes2Text(known, math_mode="verbatim", keep_comments=False)

    def write(self, nodes: Sequence[LatexNode], depth: int = 0) -> None:
        """All blocks of these nodes, `depth` lists deep."""
        for node in nodes:
            if getattr(node, "environmentname", None):
                self._environment(node, depth)
            elif not self._command(node):
                self._words(node)

    def _command(self, node: LatexNode) -> bool:
        """Is it a command that is more than a part of running text?"""
        name = getattr(node, "macroname", "")
        if name in HEADINGS:
            self.end()
            self.blocks.heading(self._last(node), HEADINGS[name])
        elif name == "caption":
            self.end()
            self.blocks.paragraph(self._last(node), "caption")
        elif name == "footnote":
            before = SENTENCE_END.split(one_line("".join(self._open)))[-1]
            self._notes.append((self._last(node), before[-LONGEST_ABOUT:]))
        elif name == "par":
            self.end()
        elif name == "maketitle":
            self._title()
        else:
            self.note(node)
            return name in FACTS | DONE
        return True

    def note(self, node: LatexNode) -> None:
        """What the document says of itself."""
        name = getattr(node, "macroname", "")
        if name in FACTS:
            words = BEFORE_A_COMMA.sub("", one_line(self._last(node)))
            self.facts.setdefault(name, words)

    def _title(self) -> None:
        """What is printed above the text: how it is called, by whom it is and when."""
        self.end()
        self.blocks.heading(self.facts.get("title", ""), 1)
        for name in ("author", "date"):
            self.blocks.paragraph(self.facts.get(name, ""))

    def end(self) -> None:
        """The paragraph is complete, and its notes follow it."""
        words, self._open = "".join(self._open), []
        self.blocks.paragraph(one_line(words))
        notes, self._notes = self._notes, []
        for note, about in notes:
            self.blocks.paragraph(one_line(note), "note", about=about)

    def _words(self, node: LatexNode) -> None:
        """Running text; a blank line in it ends a paragraph."""
        first, *others = PARAGRAPH_END.split(self._text([node]))
        self._open.append(first)
        for words in others:
            self.end()
            self._open.append(words)

    def _environment(self, node: Any, depth: int) -> None:
        name = node.environmentname
        if name in NOT_SHOWN:
            self.blocks.left_out("bibliography" if name == "thebibliography" else "drawing")
            return
        if name.startswith(("equation", "align", "gather", "math", "displaymath", "eqnarray")):
            self._open.append(f" {one_line(FORMULAS.sub(' ', node.latex_verbatim()))} ")
            return
        self.end()
        if name in ITEMS:
            self._list(node, depth + 1)
        elif name in TABLES:
            self._table(node)
        elif name in CODE:
            source = node.latex_verbatim()
            self.blocks.paragraph(source.split("\n", 1)[-1].rpartition("\\end")[0], "code")
        elif name in QUOTES:
            self.blocks.paragraph(one_line(self._text(node.nodelist)), "quotation", 1)
        else:
            self.write(node.nodelist, depth)
        self.end()

    def _list(self, node: Any, depth: int) -> None:
        numbered = node.environmentname == "enumerate"
        for number, item in enumerate(_items(node.nodelist), 1):
            inner = [n for n in item if getattr(n, "environmentname", "") in ITEMS | TABLES | CODE]
            words = one_line(self._text([n for n in item if n not in inner]))
            self.blocks.item(words, depth, f"{number}." if numbered else "•")
            self.write(inner, depth)

    def _table(self, node: Any) -> None:
        """Rows as the source has them: cells after "&", rows after a double backslash."""
        source = RULES.sub("", "".join(n.latex_verbatim() for n in node.nodelist))
        rows = ROW_END.split(source)
        cells = [[self._source(cell) for cell in re.split(r"(?<!\\)&", row)] for row in rows]
        write_table([row for row in cells if any(row)], self.blocks)

    def _source(self, latex: str) -> str:
        return one_line(self._texts.latex_to_text(latex))

    def _last(self, node: Any) -> str:
        """What is in the last argument of a command."""
        arguments = [a for a in (node.nodeargd.argnlist if node.nodeargd else ()) if a is not None]
        return self._text(arguments[-1:])

    def _text(self, nodes: Sequence[Any]) -> str:
        return str(self._texts.nodelist_to_text(list(nodes)))


def _items(nodes: Sequence[Any]) -> Iterator[list[Any]]:
    """The nodes of each item of a list."""
    item: list[Any] | None = None
    for node in nodes:
        if getattr(node, "macroname", "") == "item":
            if item is not None:
                yield item
            arguments = node.nodeargd.argnlist if node.nodeargd else ()
            item = [argument for argument in arguments if argument is not None]
        elif item is not None:
            item.append(node)
    if item is not None:
        yield item
