"""Documents to passages and sentences, each an exact span of its document.

A passage is a run of whole sentences that fits the embedder's window. It follows
the paragraphs: short ones are joined, long ones are divided at sentences in parts
of like length, and a heading opens a new passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from index.documents import Document, Passage, Span

PASSAGE_TOKENS = 128
"""Paragraphs are joined up to this length."""

HARD_WRAPPED_SHARE = 0.3
"""Of the lines that follow another directly, the share that goes on in lower case
above which the lines are wrapped prose. Prose wrapped at 70 characters has about
.8, text with a paragraph a line at most .05."""

LANGUAGE = "en"
"""sentencex' rules for abbreviations; the ends of sentences of other scripts
(。 । ؟) are known to every language of it."""

QUOTATION_MARKS = "\"'“”„‟«»‘’"


class TokenCounter(Protocol):
    """The part of an embedder that chunking needs."""

    @property
    def window(self) -> int:
        """The most tokens that a passage may have."""

    def count_tokens(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Tokens of each span of the text."""


def chunk(document: Document, counter: TokenCounter) -> list[Passage]:
    """The passages of a document, in reading order; together they hold every sentence."""
    groups: list[list[Span]] = []
    used = 0
    headings = set(document.headings)
    follows_heading = False
    for paragraph in paragraphs(document.text, document.headings):
        spans, lengths = _fitting_sentences(document.text, paragraph, counter)
        is_heading = paragraph in headings
        room = (counter.window if follows_heading else PASSAGE_TOKENS) - used
        if groups and sum(lengths) <= room and (follows_heading or not is_heading):
            groups[-1] += spans
            used += sum(lengths)
        else:
            parts = _divide(spans, lengths, counter.window)
            groups += parts
            used = sum(lengths) if len(parts) == 1 else counter.window
        follows_heading = is_heading
    return [_passage(document.text, group) for group in groups]


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
    from sentencex import get_sentence_boundaries

    words = text[within.start : within.end]
    ends = [boundary["end_index"] for boundary in get_sentence_boundaries(LANGUAGE, words)]
    return _trimmed(text, within, ends)


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
            continued += words[0].islower()
        previous = words
    return following > 0 and continued / following > HARD_WRAPPED_SHARE


def _trimmed(text: str, within: Span, ends: Sequence[int]) -> list[Span]:
    """Spans from one end to the next, without white space; empty ones are dropped.

    A quotation mark that opens the next sentence goes to it.
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
        if words.strip():
            spans.append(Span(start + lead, start + len(words)))
        start += len(words)
    return spans


def _fitting_sentences(
    text: str, paragraph: Span, counter: TokenCounter
) -> tuple[list[Span], list[int]]:
    """The sentences of a paragraph with their tokens, none longer than the window."""
    spans = sentences(text, paragraph)
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
    shifted = [Span(span.start - within.start, span.end - within.start) for span in spans]
    return counter.count_tokens(text[within.start : within.end], shifted)


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
    """What white space parts; a very long word in pieces of 100 characters."""
    words, start = [], None
    for position in range(span.start, span.end + 1):
        inside = position < span.end and not text[position].isspace()
        if start is not None and (not inside or position - start == 100):
            words.append(Span(start, position))
            start = None
        if inside and start is None:
            start = position
    return words


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


def _passage(text: str, group: Sequence[Span]) -> Passage:
    start, end = group[0].start, group[-1].end
    return Passage(start, end, text[start:end], tuple(group))
