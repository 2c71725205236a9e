"""Readers of AsciiDoc and Org: what a person reads of it, without its marks. bytes -> Reading.

Both are lines with a mark at their beginning, so a table of marks is all that tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.reading.blocks import Blocks, Reading, one_line
from index.reading.tables import write_table
from index.reading.text import decode


@dataclass(frozen=True, slots=True)
class Markup:
    """The marks of a language: of whole lines, and within them what is replaced by what.

    The groups of `heading` and `item` are the mark and the words, those of `fact` the name and
    the value; `fence` opens what `closing` of it ends, `table` a table that it ends as well;
    where there is none, each line of a table begins with "|".
    """

    heading: re.Pattern[str]
    item: re.Pattern[str]
    fact: re.Pattern[str]
    fence: re.Pattern[str]
    left_out: re.Pattern[str]
    caption: re.Pattern[str]
    table: str
    inline: Sequence[tuple[re.Pattern[str], str]]

    def closing(self, opening: str) -> re.Pattern[str]:
        """The line that ends what this one opens."""
        ended = re.sub(r"^#\+begin_(\w+).*", r"#+end_\1", opening, flags=re.IGNORECASE)
        return re.compile(rf"\s*{re.escape(ended.strip())}\s*", re.IGNORECASE)


ASCIIDOC = Markup(
    heading=re.compile(r"(={1,6})\s+(.+)"),
    item=re.compile(r"\s*(\*{1,5}|-|\.{1,5}|\d+\.)\s+(?:\[[ x*]\]\s+)?(.+)"),
    fact=re.compile(r":([\w-]+):\s+(.+)"),
    fence=re.compile(r"-{4,}|\.{4,}|`{3,}.*|/{4,}|\+{4,}"),
    left_out=re.compile(r"\[.*\]|//.*|:!?[\w-]+!?:.*|={4,}|\*{4,}|_{4,}|'{3,}|<<<|\+|--"),
    caption=re.compile(r"\.(\w.*)"),
    table="|===",
    inline=(
        (re.compile(r"(?:image|video|include|toc)::?[^\s\[]*\[[^\]]*\]"), ""),
        (re.compile(r"(?:link:|xref:|mailto:)?(?:https?://|(?<=:))[^\s\[]+\[([^\]]+)\]"), r"\1"),
        (re.compile(r"<<[^,>]+,([^>]+)>>"), r"\1"),
        (re.compile(r"(?:footnote|kbd|btn):(?:\w+)?\[([^\]]*)\]"), r" (\1)"),
        (re.compile(r"(?<!\w)([*_`#]{1,2})(\S(?:.*?\S)?)\1(?!\w)"), r"\2"),
        (re.compile(r"(?<!\w)(NOTE|TIP|IMPORTANT|WARNING|CAUTION): "), r"\1: "),
        (re.compile(r" \+$"), ""),
    ),
)

ORG = Markup(
    heading=re.compile(
        r"(\*+)\s+(?:(?:TODO|DONE|NEXT|WAITING)\s+)?(?:\[#\w\]\s+)?(.+?)(?:\s+:[\w@:]+:)?"
    ),
    item=re.compile(r"\s*([-+]|\d+[.)]|(?<=\s)\*)\s+(?:\[[ xX-]\]\s+)?(.+)"),
    fact=re.compile(r"#\+(\w+):\s*(.+)"),
    fence=re.compile(r"\s*#\+begin_(?:src|example|export|comment|verse)\b.*", re.IGNORECASE),
    left_out=re.compile(
        r"\s*(?:#\+.*|# .*|#|:\w[\w-]*:.*|(?:SCHEDULED|DEADLINE|CLOSED): .*)", re.IGNORECASE
    ),
    caption=re.compile(r"#\+caption:\s*(.+)", re.IGNORECASE),
    table="",
    inline=(
        (re.compile(r"\[\[[^\]]*\]\[([^\]]*)\]\]"), r"\1"),
        (re.compile(r"\[\[([^\]]*)\]\]"), r"\1"),
        (re.compile(r"\[fn:[^\]:]*:([^\]]*)\]"), r" (\1)"),
        (re.compile(r"(?<!\w)([*/_=~+])(\S(?:.*?\S)?)\1(?!\w)"), r"\2"),
    ),
)

AUTHORS = re.compile(r"[^\W\d_][\w.’'-]*(?: [\w.’'-]+){0,3}(?: <[^>]*>)?(?:; .+)?")
"""The line right below a title: "Ann Holt <ann@example.org>; Per Moe"."""

ADDRESS = re.compile(r"\s*<[^>]*>")
RULE = re.compile(r"\s*\|[-+|]*-[-+|]*\|?\s*")
"""The line between the names and the rows of a table in Org."""

NOT_READ = re.compile(r"/{4,}|.*_(?:comment|export)\b.*", re.IGNORECASE)
"""What opens a comment, or what is meant for another program."""


def read_asciidoc(data: bytes) -> Reading:
    """Headings, lists, tables and code of AsciiDoc."""
    return _read(data, ASCIIDOC)


def read_org(data: bytes) -> Reading:
    """Headings, lists, tables and code of Org."""
    return _read(data, ORG)


def _read(data: bytes, markup: Markup) -> Reading:
    blocks = Blocks(len(data))
    writer = _Writer(markup, blocks)
    writer.write(decode(data).splitlines())
    facts = writer.facts
    return blocks.reading(
        title=facts.get("title"), published=facts.get("date"), byline=facts.get("author")
    )


class _Writer:
    """Writes line after line. `facts` are what the file says of itself."""

    def __init__(self, markup: Markup, blocks: Blocks) -> None:
        self._markup = markup
        self._blocks = blocks
        self._open: list[str] = []
        self._item: tuple[str, int] | None = None
        self._is_below_title = False
        self.facts: dict[str, str] = {}

    def write(self, lines: Sequence[str]) -> None:
        """All of them."""
        left = iter(lines)
        for line in left:
            if self._markup.fence.fullmatch(line.rstrip()):
                self._code(line, left)
            elif self._markup.table and line.strip() == self._markup.table:
                self._end()
                self._table(_until(left, self._markup.closing(line)))
            elif not self._markup.table and line.lstrip().startswith("|"):
                self._open.append(line)
            else:
                self._line(line)
        self._end()

    def _line(self, line: str) -> None:
        marks = self._markup
        if self._open and self._open[0].lstrip().startswith("|"):
            self._end()
        if not line.strip():
            self._is_below_title = False
            self._end()
        elif found := marks.caption.fullmatch(line):
            self._end()
            self._blocks.paragraph(self._said(found[1]), "caption")
        elif found := marks.fact.fullmatch(line):
            self.facts.setdefault(found[1].casefold(), one_line(found[2]))
        elif found := marks.heading.fullmatch(line):
            self._end()
            self._is_below_title = marks is ASCIIDOC and "title" not in self.facts
            self.facts.setdefault("title", one_line(self._said(found[2])))
            self._blocks.heading(self._said(found[2]), len(found[1]))
        elif marks.left_out.fullmatch(line):
            self._end()
        elif found := marks.item.fullmatch(line):
            self._end()
            self._item = found[1], 1 + (len(line) - len(line.lstrip())) // 2
            self._open.append(found[2])
        else:
            self._words(line.strip())

    def _words(self, line: str) -> None:
        """Running text, or who wrote it, right below the title."""
        if self._is_below_title and AUTHORS.fullmatch(line):
            self.facts.setdefault("author", one_line(ADDRESS.sub("", line)))
        self._is_below_title = False
        self._open.append(line)

    def _code(self, line: str, left: Iterator[str]) -> None:
        self._end()
        words = "\n".join(_until(left, self._markup.closing(line)))
        if not NOT_READ.fullmatch(line):
            self._blocks.paragraph(words, "code")

    def _end(self) -> None:
        """The paragraph, item or table is complete."""
        lines, item = self._open, self._item
        self._open, self._item = [], None
        if lines and lines[0].lstrip().startswith("|"):
            self._table(lines)
        elif item:
            mark, depth = item
            is_bullet = not mark[0].isdigit()
            level = len(mark) if is_bullet and len(mark) > 1 else depth
            self._blocks.item(self._said(" ".join(lines)), level, "•" if is_bullet else mark)
        elif lines:
            self._blocks.paragraph(self._said(" ".join(lines)))

    def _table(self, lines: Sequence[str]) -> None:
        """Rows of cells after "|". In AsciiDoc a row may have a line for each cell; how many
        there are tells the first line of several."""
        rows, names = list[list[str]](), None
        for line in lines:
            if RULE.fullmatch(line):
                names = names or len(rows)
                continue
            cells = [self._said(cell.strip()) for cell in line.strip().strip("|").split("|")]
            if not line.strip():
                names = names or (1 if len(rows) == 1 else None)
            elif rows and len(cells) == 1 and len(rows[0]) > 1 and len(rows[-1]) < len(rows[0]):
                rows[-1] += cells
            else:
                rows.append(cells)
        write_table(rows, self._blocks, names)

    def _said(self, words: str) -> str:
        for mark, instead in self._markup.inline:
            words = mark.sub(instead, words)
        return words


def _until(lines: Iterator[str], end: re.Pattern[str]) -> list[str]:
    found = []
    for line in lines:
        if end.fullmatch(line):
            break
        found.append(line)
    return found
