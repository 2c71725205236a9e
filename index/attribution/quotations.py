"""Finding quotation marks that belong together.

“ ”  « »  „ “ are told apart by their shape, " and '' by the space around them, ‘ ’ and ' from
apostrophes by what stands before and behind. A paragraph that opens a quotation need not close
it: newspapers and novels let the next one go on, which opens again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.documents import Span

MARK = re.compile(r"''|[“”„«»‹›‚\"‘’']")
CLOSED_BY = {
    "“": ("”",), "„": ("“", "”"), "«": ("»",), "»": ("«",), '"': ('"',), "''": ("''",),
    "‘": ("’", "'"), "'": ("'", "’"), "‚": ("‘", "’"), "‹": ("›",), "›": ("‹",),
}  # fmt: skip
SHAPELESS = frozenset({'"', "''", "'"})
GUILLEMETS = frozenset("«»‹›")
SINGLE = frozenset("‘'")

BEFORE_AN_OPENING = frozenset(' \t\n\u00a0\u202f([{“"„«»—–-/:')
ENDS_WORDS = frozenset('.,?!;:…—–)”"»')
"""Behind one of these a ’ is no apostrophe."""

ELISION = re.compile(r"['‘’](?:tis|twas|twere|twill|em|til|till|cause|bout|cos|n|\d\ds?)\b", re.I)
""" "'Tis", "'em", "rock 'n' roll", "the '90s": letters are left out, nothing opens."""

CLIPPED = re.compile(r"(?:\b(?:o|th|wi|ol|an|n)|in|s)$", re.IGNORECASE)
""" "The boys' room", "goin'", "o' the": a word that may have an apostrophe for its end."""

SENTENCE_END = re.compile(r"[.?!…][”’\"')\]]*(?=\s)")
CLOSING = re.compile(r"[”“’‘\"'»«›‹]$")


def quotations(text: str, paragraphs: Sequence[Span]) -> Iterator[Span]:
    """Every quotation from mark to mark, in reading order, the marks included.

    One that goes on in the next paragraph is a span in each. What stands in the marks of
    another one is not told apart.
    """
    for number, paragraph in enumerate(paragraphs):
        position = paragraph.start
        for match in MARK.finditer(text, paragraph.start, paragraph.end):
            if match.start() < position or not _may_open(text, match, paragraph):
                continue
            end = _end(text, match, paragraph)
            if end is None and _goes_on(text, match, paragraph, paragraphs[number + 1 :][:1]):
                end = paragraph.end
            if end is not None:
                yield Span(match.start(), end)
                position = end


def is_open(text: str, quotation: Span) -> bool:
    """Has it no mark at its end?"""
    return len(quotation) < 2 or not CLOSING.search(text, quotation.start, quotation.end)


def within(text: str, quotation: Span) -> Iterator[Span]:
    """The quotations in the marks of this one."""
    inner = Span(quotation.start + 1, quotation.end - (not is_open(text, quotation)))
    yield from quotations(text, [inner])


def _may_open(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    """Is it before a word and, if its shape does not tell, after none?"""
    if mark[0] not in CLOSED_BY or mark.end() >= paragraph.end:
        return False
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    if mark[0] in GUILLEMETS:
        return not before.isalnum()
    if text[mark.end()].isspace():
        return False
    if mark[0] in SINGLE:
        return before in BEFORE_AN_OPENING and not ELISION.match(text, mark.start())
    return mark[0] not in SHAPELESS or not (before.isalnum() or before in ".,!?")


def _may_close(text: str, mark: re.Match[str]) -> bool:
    """Is it after a word, or another mark that closes?"""
    before = text[max(0, mark.start() - 3) : mark.start()]
    return mark[0] not in SHAPELESS or not before[-1:].isspace() or before.rstrip()[-1:] in "'’"


def _end(text: str, opening: re.Match[str], paragraph: Span) -> int | None:
    """Behind the mark that closes it. A mark that is not closed before another one opens in
    a later sentence ends with the last sentence in front of that."""
    if opening[0] in SINGLE:
        return _single_end(text, opening, paragraph)
    for mark in MARK.finditer(text, opening.end(), paragraph.end):
        if mark[0] in CLOSED_BY[opening[0]] and _may_close(text, mark):
            return mark.end()
        if mark[0] == opening[0] and _may_open(text, mark, paragraph):
            ends = [*SENTENCE_END.finditer(text, opening.end(), mark.start())]
            if ends:
                return ends[-1].end()
    return None


def _single_end(text: str, opening: re.Match[str], paragraph: Span) -> int | None:
    """Where nothing tells it from an apostrophe it closes if no other does before the next
    opening."""
    doubtful: int | None = None
    for mark in MARK.finditer(text, opening.end(), paragraph.end):
        if mark[0] in SINGLE and _may_open(text, mark, paragraph):
            break
        behind = text[mark.end() : mark.end() + 1] if mark.end() < paragraph.end else ""
        before = text[mark.start() - 1]
        if mark[0] not in CLOSED_BY[opening[0]] or behind.isalnum() or before.isspace():
            continue
        clipped = CLIPPED.search(text, opening.end(), mark.start())
        if before in ENDS_WORDS or not clipped or not behind.isspace():
            return mark.end()
        doubtful = doubtful or mark.end()
    return doubtful


def _goes_on(text: str, opening: re.Match[str], paragraph: Span, following: Sequence[Span]) -> bool:
    """A mark without its partner counts where a sentence begins: in others it is a slip. A
    single one counts only if the next paragraph opens again."""
    again = any(text.startswith(opening[0], span.start) for span in following)
    before = text[paragraph.start : opening.start()].rstrip()
    return (again or opening[0] not in SINGLE) and (not before or before[-1] in ".:,!?”’")
