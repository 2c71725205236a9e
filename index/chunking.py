"""Documents to passages and sentences, each an exact span of its document.

A passage is a run of whole sentences that fits the embedder's window. It follows
the paragraphs: short ones are joined, long ones are divided at sentences in parts
of like length, and a heading opens a new passage, as do a question that stands alone, for
what follows it is its answer, and what leads in to a list or a table.

The blocks of a document are its paragraphs. A row of a table and a heading are one sentence,
as is a piece of code that fits. Only of plain text are paragraphs told by its lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.documents import Block, Document, Passage, Span
from index.structure import NAMES, PLACES

PASSAGE_TOKENS = 128
"""Paragraphs are joined up to this length."""

HARD_WRAPPED_SHARE = 0.3
"""The share of the lines that follow another directly and go on in lower case
above which the lines are wrapped prose. Prose wrapped at 70 characters has about
.8, text with a paragraph a line at most .05."""

KEYED = re.compile(r"[\w.-]+(?: [\w.-]+){0,3}: ")
"""A line of a record, "name: Ann", goes on with nothing."""

LONGEST_PASSAGE = 2_000
"""Characters. A tokenizer that doesn't know a word gives one token for it, however long."""

LONGEST_SENTENCE = 20_000
"""Characters. What is longer is none, and a million opening quotation marks would take minutes:
the time grows with the square of what is not ended."""

COUNTED_AT_ONCE = 200_000
"""Characters of which tokens are counted together: a token takes some 200 bytes meanwhile."""

NOISE = re.compile(
    r"<img\b[^<>]*\bdata:[^<>]{100,}>"
    r"|(?:!?\[[^\]\n]{0,300}\](?:\(|: *)<?)?\bdata:[^\s)>]{100,}[)>]?"
    r"|[!-~]{300,}"
)
"""Pictures and the like, written out in letters: no language parts its words by nothing and
has no letter beyond ASCII."""

WORD = re.compile(r"\S{1,100}")

WHOLE = frozenset(["heading", "row", "code"])
"""Blocks that are one sentence, whatever marks are in them."""

LED_IN = frozenset(["item", "row", "code"])
"""Blocks that a line before them may lead in to: "The harbour has three quays:"."""

LONGEST_LEAD = 200
"""Characters. What is longer says more than what follows."""

LANGUAGE = "en"
"""sentencex' rules for abbreviations; the ends of sentences of other scripts
(。 । ؟) are known to every language of it."""

CYRILLIC = re.compile("[\u0400-\u052f]")
CYRILLIC_LANGUAGE = "ru"

WIDE_SPACE = re.compile(r"[^\S\x00-\x7f](?=\.)")
"""A space of several bytes before a full stop: in "vitamin A\xa0. Then" sentencex panics at it."""

NUMBERED = re.compile(r"(?<!\w)\d{1,2}\.\s*$")
GOES_ON = re.compile(
    r"\s*(?:[a-zß-öø-ÿа-яё]|(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September"
    r"|Oktober|November|Dezember)\b)"
)
"""Behind a number and a full stop: "am 7. Februar", "zum 7. mal"."""

BEFORE_A_NUMBER = re.compile(
    r"(?<!\w)(?:tel|phone|fax|ext|nos?|nr|pp?|art|sec|figs?|refs?|vol|ch|para|approx|ca)\.\s*$",
    re.I,
)
"""Words that are cut short where a number follows."""

A_NUMBER = re.compile(r"\s*[(+#]?\d")

QUOTATION_MARKS = "\"'“”„‟«»‘’"


class TokenCounter(Protocol):
    """The part of an embedder that chunking needs."""

    @property
    def window(self) -> int:
        """The most tokens that a passage may have."""

    def count_tokens(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Tokens of each span of the text."""


def chunk(document: Document, counter: TokenCounter) -> list[Passage]:
    """The passages of a document, in reading order; together they hold every sentence.

    Only noise is in none: pictures written out in letters, and other endless words.
    """
    groups: list[list[Span]] = []
    above: list[str] = []
    used = 0
    follows_opening = False
    for part in _parts(document):
        spans, lengths = _fitting_sentences(document.text, part, counter)
        opens = part.opens or _is_question(document.text, spans)
        room = (counter.window if follows_opening else PASSAGE_TOKENS) - used
        if (
            groups
            and sum(lengths) <= room
            and (follows_opening or not opens)
            and not part.is_first
            and not document.text[groups[-1][-1].end : part.span.start].strip()
        ):
            groups[-1] += spans
            used += sum(lengths)
        else:
            parts = _divide(spans, lengths, counter.window)
            groups += parts
            above += [part.context] * len(parts)
            used = sum(lengths) if len(parts) == 1 else counter.window
        follows_opening = opens
    return [
        _passage(document.text, group, context)
        for group, context in zip(groups, above, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph, or a piece of one between noise. `opens` says that what follows belongs to
    it, `is_whole` that it is one sentence, `is_first` that it begins a sheet, a slide or a part;
    `context` as in `Passage`."""

    span: Span
    opens: bool = False
    is_whole: bool = False
    is_first: bool = False
    context: str = ""


def paragraphs_of(document: Document) -> list[Span]:
    """Spans of the paragraphs, headings and rows of a document, without the white space around
    them."""
    return [part.span for part in _whole_parts(document)]


def _whole_parts(document: Document) -> Iterator[_Part]:
    has_blocks = any(block.kind != "heading" for block in document.structure)
    return _of_blocks(document) if has_blocks else _of_lines(document)


def _parts(document: Document) -> Iterator[_Part]:
    """What can be read of a document; noise is in none."""
    for part in _whole_parts(document):
        for span in _readable(document.text, part.span):
            yield replace(part, span=span)


def _of_lines(document: Document) -> Iterator[_Part]:
    headings = set(document.headings)
    for paragraph in paragraphs(document.text, document.headings):
        yield _Part(paragraph, opens=paragraph in headings)


def _of_blocks(document: Document) -> Iterator[_Part]:
    text, above = document.text, _Above(document.text)
    leaves = list(_leaves(document.structure, above))
    for (block, found), following in zip(leaves, [*leaves[1:], None], strict=True):
        words = text[block.span.start : block.span.end]
        leads_in = words.endswith(":") and following is not None and following[0].kind in LED_IN
        part = replace(found, opens=leads_in or block.kind in ("heading", "caption"))
        if part.is_whole or block.kind == "item" or "\n" not in words:
            yield part
            continue
        for line in paragraphs(words):
            span = Span(block.span.start + line.start, block.span.start + line.end)
            yield replace(part, span=span, is_first=part.is_first and not line.start)


class _Above:
    """What stands above a block: the headings over it, the name of its sheet or part, and what
    leads in to it; of a note what it is about."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._headings: list[tuple[int, str]] = []
        self._lead = ""
        self._has_moved = False

    def enter(self, place: Block) -> None:
        """Headings hold within their sheet, slide or part of a mail."""
        name = next((place.facts[fact] for fact in NAMES if fact in place.facts), "")
        self._headings = [(0, name)] if name else []
        self._has_moved = True

    def leave(self) -> None:
        """Go on with what is in no such place."""
        self._headings = []
        self._has_moved = True

    def part(self, block: Block) -> _Part:
        """The part that a block is. From then on it may be above others."""
        is_first, self._has_moved = self._has_moved, False
        is_whole = block.kind in WHOLE
        context = self._context(block)
        return _Part(block.span, is_whole=is_whole, is_first=is_first, context=context)

    def _context(self, block: Block) -> str:
        words = self._text[block.span.start : block.span.end]
        if block.kind == "note" and "about" in block.facts:
            return block.facts["about"][:LONGEST_LEAD]
        if block.kind == "heading":
            self._headings = [each for each in self._headings if each[0] < block.level]
        lead = self._lead if block.kind in LED_IN else ""
        context = " / ".join(filter(None, [*(said for _, said in self._headings), lead]))
        if block.kind == "heading":
            self._headings.append((block.level, words))
        if block.kind not in LED_IN:
            self._lead = self._leading(block, " ".join(words.split()))
        return context

    def _leading(self, block: Block, words: str) -> str:
        """What leads in to what follows: a line with a colon, a caption with those above it."""
        if block.kind != "caption" and not words.endswith(":"):
            return ""
        above = f"{self._lead} / {words}" if block.kind == "caption" and self._lead else words
        return next((lead for lead in (above, words) if len(lead) <= LONGEST_LEAD), "")


def _leaves(blocks: Iterable[Block], above: _Above) -> Iterator[tuple[Block, _Part]]:
    """The blocks that are paragraphs."""
    for block in blocks:
        if not block.within or block.kind == "row":
            yield block, above.part(block)
        elif block.kind in PLACES:
            above.enter(block)
            yield from _leaves(block.within, above)
            above.leave()
        else:
            yield from _leaves(block.within, above)


def _readable(text: str, paragraph: Span) -> Iterator[Span]:
    """What lies between the noise."""
    noise = [match.span() for match in NOISE.finditer(text, paragraph.start, paragraph.end)]
    if not noise:
        yield paragraph
        return
    ends = [start - paragraph.start for start, _ in noise] + [len(paragraph)]
    starts = [0] + [end - paragraph.start for _, end in noise]
    for start, end in zip(starts, ends, strict=True):
        words = text[paragraph.start + start : paragraph.start + end]
        if any(map(str.isalnum, words)):
            first = paragraph.start + start + len(words) - len(words.lstrip())
            yield Span(first, first + len(words.strip()))


def _is_question(text: str, spans: Sequence[Span]) -> bool:
    """Is a paragraph of these sentences one question?"""
    words = text[spans[0].start : spans[0].end] if len(spans) == 1 else ""
    return words.rstrip("*_ ").endswith("?")


def paragraphs(text: str, headings: Sequence[Span] = ()) -> Iterator[Span]:
    """Spans of the paragraphs, without the white space around them.

    A line is a paragraph, unless the text is wrapped: then blank lines and headings
    part them, and each row of a Markdown table is one.
    """
    wrapped, alone = _is_hard_wrapped(text), set(headings)
    open_: Span | None = None
    for line in _lines(text):
        is_row = text.startswith("|", line.start)
        ends = len(line) == 0 or line in alone or is_row or not wrapped
        if open_ is not None and ends:
            yield open_
            open_ = None
        if ends and len(line):
            yield line
        elif len(line):
            open_ = Span(open_.start if open_ else line.start, line.end)
    if open_ is not None:
        yield open_


def sentences(text: str, within: Span) -> list[Span]:
    """Spans of the sentences, without the white space around them.

    What stands in typographic quotation marks stays together with its sentence.
    """
    found: list[Span] = []
    start = within.start
    while within.end - start > LONGEST_SENTENCE:
        part = Span(start, start + LONGEST_SENTENCE)
        *whole, last = _sentences(text, part) or [part]
        if not whole:
            end = max(text.rfind(space, part.start, part.end) for space in " \n") + 1
            last = Span(end or part.end, part.end)
            whole = _trimmed(text, Span(start, last.start), [last.start - start])
        found += whole
        start = last.start
    return found + _sentences(text, Span(start, within.end))


def _sentences(text: str, within: Span) -> list[Span]:
    from sentencex import get_sentence_boundaries

    words = text[within.start : within.end]
    plain = WIDE_SPACE.sub(" ", words)
    boundaries = get_sentence_boundaries(_rules_for(words), plain)
    ends = [boundary["end_index"] for boundary in boundaries]
    return _trimmed(text, within, [end for end in ends if not _goes_on(words, end)])


def _rules_for(words: str) -> str:
    """Those of Russian for what is mostly in its letters: there "г." and "руб." end nothing."""
    if words.isascii() or 2 * len(CYRILLIC.findall(words)) <= sum(map(str.isalpha, words)):
        return LANGUAGE
    return CYRILLIC_LANGUAGE


def _goes_on(words: str, end: int) -> bool:
    """Does a number with a full stop end here, or a word that is cut short, and the sentence
    not?"""
    start = max(0, end - 10)
    is_numbered = NUMBERED.search(words, start, end) and GOES_ON.match(words, end)
    return bool(
        is_numbered or (BEFORE_A_NUMBER.search(words, start, end) and A_NUMBER.match(words, end))
    )


def _lines(text: str) -> Iterator[Span]:
    """Every line without the white space around it; a blank one has length 0."""
    position = 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        start = position + (len(line) - len(line.lstrip()) if words else 0)
        yield Span(start, start + len(words))
        position += len(line)


def _is_hard_wrapped(text: str) -> bool:
    following = continued = 0
    previous = ""
    for line in text.splitlines():
        words = line.strip()
        if previous and words:
            following += 1
            continued += words[0].islower() and not KEYED.match(words)
        previous = words
    return following > 0 and continued / following > HARD_WRAPPED_SHARE


def _trimmed(text: str, within: Span, ends: Sequence[int]) -> list[Span]:
    """Spans from one end to the next, without white space; empty ones are dropped.

    A quotation mark that opens the next sentence goes to it; what has no letter or digit,
    as the "**" behind a question in bold, to the sentence before.
    """
    spans: list[Span] = []
    start = within.start
    for end in [within.start + end for end in ends]:
        words = text[start:end].rstrip()
        if (
            end < within.end
            and len(words) > 2
            and words[-1] in QUOTATION_MARKS
            and words[-2].isspace()
        ):
            words = words[:-1].rstrip()
        lead = len(words) - len(words.lstrip())
        if spans and words.strip() and not any(map(str.isalnum, words)):
            spans[-1] = Span(spans[-1].start, start + len(words))
        elif words.strip():
            spans.append(Span(start + lead, start + len(words)))
        start += len(words)
    return spans


def _fitting_sentences(
    text: str, part: _Part, counter: TokenCounter
) -> tuple[list[Span], list[int]]:
    """The sentences of a paragraph with their tokens, none longer than the window."""
    paragraph = part.span
    spans = [paragraph] if part.is_whole else sentences(text, paragraph)
    lengths = _count(text, paragraph, spans, counter)
    if max(lengths, default=0) <= counter.window:
        return spans, lengths
    fitting = [
        piece
        for span, length in zip(spans, lengths, strict=True)
        for piece in ([span] if length <= counter.window else _pieces(text, span, counter))
    ]
    return fitting, _count(text, paragraph, fitting, counter)


def _count(text: str, within: Span, spans: Sequence[Span], counter: TokenCounter) -> list[int]:
    """Tokens; at least as many as make a passage of the most characters fill the window. They
    are counted where that tells something, and in parts: a token takes 200 bytes."""
    share = counter.window / LONGEST_PASSAGE
    counts = [math.ceil(len(span) * share) for span in spans]
    fitting = [number for number, count in enumerate(counts) if count <= counter.window]
    for part in _parted(fitting, spans):
        around = Span(spans[part[0]].start, spans[part[-1]].end)
        if len(within) <= COUNTED_AT_ONCE:
            around = within
        places = [spans[number] for number in part]
        shifted = [Span(each.start - around.start, each.end - around.start) for each in places]
        found = counter.count_tokens(text[around.start : around.end], shifted)
        for number, count in zip(part, found, strict=True):
            counts[number] = max(count, counts[number])
    return counts


def _parted(numbers: Sequence[int], spans: Sequence[Span]) -> Iterator[list[int]]:
    """The numbers of spans that stand within so many characters."""
    part: list[int] = []
    for number in numbers:
        if part and spans[number].end - spans[part[0]].start > COUNTED_AT_ONCE:
            yield part
            part = []
        part.append(number)
    if part:
        yield part


def _pieces(text: str, span: Span, counter: TokenCounter) -> list[Span]:
    """A sentence that is too long, cut at sentences inside its quotation marks,
    and where that is not enough at the last white space that fits."""
    words = text[span.start : span.end]
    unquoted = words.translate(dict.fromkeys(map(ord, QUOTATION_MARKS), " "))
    inner = sentences(unquoted, Span(0, len(unquoted)))
    ends = [following.start for following in inner[1:]] + [len(words)]
    pieces = _trimmed(text, span, ends)
    lengths = _count(text, span, pieces, counter)
    return [
        part
        for piece, length in zip(pieces, lengths, strict=True)
        for part in ([piece] if length <= counter.window else _cut(text, piece, counter))
    ]


def _cut(text: str, span: Span, counter: TokenCounter) -> list[Span]:
    words = _words(text, span)
    lengths = _count(text, span, words, counter)
    return [Span(part[0].start, part[-1].end) for part in _divide(words, lengths, counter.window)]


def _words(text: str, span: Span) -> list[Span]:
    """What white space parts; a very long word in pieces."""
    return [Span(*match.span()) for match in WORD.finditer(text, span.start, span.end)]


def _divide(spans: list[Span], lengths: list[int], window: int) -> list[list[Span]]:
    """In as few parts as fit the window, of about the same length."""
    parts = -(-sum(lengths) // window)
    goal = sum(lengths) / parts if parts > 1 else window
    groups: list[list[Span]] = [[]]
    used = 0
    for span, length in zip(spans, lengths, strict=True):
        if groups[-1] and (used + length > window or used + length / 2 > goal):
            groups.append([])
            used = 0
        groups[-1].append(span)
        used += length
    return groups


def _passage(text: str, group: Sequence[Span], context: str) -> Passage:
    start, end = group[0].start, group[-1].end
    return Passage(start, end, text[start:end], tuple(group), context)
