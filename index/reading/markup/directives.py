"""Boxes in Markdown, as programs of documentation have them: text -> plain Markdown.

Docusaurus, VitePress, Pandoc, Quarto and MyST write them between lines of colons, MkDocs
behind "!!!" with their text indented. A reader sees what kind of box it is and its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

COLONS = re.compile(r"[ \t]*:{3,}[ \t]*(?P<said>.*?)[ \t:]*$")
INDENTED = re.compile(r"[ \t]*(?:(?:!!!|\?\?\?\+?)[ \t]+(?=[a-z])|===\+?[ \t]+(?=\"))(?P<said>.*)$")
"""A box of MkDocs, or a tab."""

FENCE = re.compile(r"[ \t]*(?:[-*+>][ \t]+)*(`{3,}|~{3,})")
OPTION = re.compile(r"[ \t]*:[\w-]+:(?:[ \t].*)?$")
"""What MyST has below the first line of a box: ":class: dropdown"."""

ATTRIBUTES = re.compile(r"\{([^{}]*)\}")
TITLE = re.compile(r"""title\s*=\s*"([^"]*)"|^"([^"]*)"$|^\[([^\[\]]*)\]$""")
KIND = re.compile(r"(?:callout-)?([a-z]+)$")

BOXES = frozenset(
    "abstract attention caution danger error example failure hint important info note question "
    "seealso success summary tip warning".split()
)
"""Kinds that are shown with their names; what others are called is how they look."""


BOX = re.compile(rf"\{{(?:admonition|{'|'.join(sorted(BOXES))})\}}")
"""What follows the marks of a block of code that is none, in MyST."""


def plain_boxes(text: str) -> str:
    """The text with the title of each box as a line of its own and without its marks."""
    if not any(mark in text for mark in (":::", "!!!", "???", "===")):
        return text
    return "\n".join(_Plain().lines(text.split("\n")))


def box_title(said: str) -> str:
    """What a reader sees over a box, by what its first line says: "warning Mind the ice" is
    "Warning: Mind the ice", "note" is "Note:"."""
    attributes = " ".join(ATTRIBUTES.findall(said))
    words = ATTRIBUTES.sub(" ", said).strip()
    named = None if said.startswith("{") else re.match(r"[\w-]+", words)
    names = [named[0]] if named else []
    names += [name.lstrip(".") for name in attributes.split() if "=" not in name]
    found = (KIND.match(name.lower()) for name in names)
    kind = next((each[1].capitalize() for each in found if each and each[1] in BOXES), "")
    rest = words[named.end() :].strip() if named else words
    quoted = TITLE.search(attributes) or TITLE.search(rest)
    title = next(filter(None, quoted.groups()), "") if quoted else rest
    return f"{kind}: {title}".strip() if kind else title


class _Plain:
    """Line for line; what is in a block of code stays as it is."""

    def __init__(self) -> None:
        self._fence = ""
        self._indents: list[int] = []
        self._title = ""
        self._begins = False

    def lines(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            shown = self._dedented(line)
            box = None if self._in_code(shown) else COLONS.match(shown) or INDENTED.match(shown)
            if box:
                yield from self._titled("")
                self._title, self._begins = box_title(box["said"]), True
                if box.re is INDENTED:
                    self._indents.append(_depth(line) + 4)
            elif not (self._begins and OPTION.match(shown)):
                yield from self._titled(shown)
        yield from self._titled("")

    def _titled(self, shown: str) -> Iterator[str]:
        """The line behind what stands over its box: "Note: The gate opens at seven."."""
        if self._title and not shown.strip() and self._title.endswith(":"):
            return
        joins = self._title.endswith(":") and shown.lstrip()[:1].isalnum()
        if self._title and not joins:
            yield from ("", self._title, "")
        elif self._begins:
            yield ""
        yield f"{self._title} {shown.lstrip()}" if joins else shown
        self._title, self._begins = "", False

    def _dedented(self, line: str) -> str:
        if not line.strip():
            return line
        while self._indents and _depth(line) < self._indents[-1]:
            self._indents.pop()
        return line[4 * len(self._indents) :]

    def _in_code(self, shown: str) -> bool:
        found = FENCE.match(shown)
        if found and self._fence:
            self._fence = "" if found[1].startswith(self._fence) else self._fence
        elif found:
            self._fence = found[1]
        return bool(self._fence or found)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
