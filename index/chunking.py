"""Documents to passages and sentences, each an exact span of its document.

A passage is a run of whole sentences that fits the embedder's window. It follows
the paragraphs: short ones are joined, long ones are divided at sentences in parts
of like length, and a heading opens a new passage, as does a question that stands alone:
what follows it is its answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from index.documents import Document, Passage, Span

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

NOISE = re.compile(
    r"<img\b[^<>]*\bdata:[^<>]{100,}>"
    r"|(?:!?\[[^\]\n]{0,300}\](?:\(|: *)<?)?\bdata:[^\s)>]{100,}[)>]?"
    r"|[!-~]{300,}"
)
"""Pictures and the like, written out in letters: no language parts its words by nothing and
has no letter beyond ASCII."""

LANGUAGE = "en"
"""sentencex' rules for abbreviations; the ends of sentences of other scripts
(。 । ؟) are known to every language of it."""

CYRILLIC = re.compile("[\u0400-\u052f]")
CYRILLIC_LANGUAGE = "ru"

NUMBERED = re.compile(r"(?<!\w)\d{1,2}\.\s*$")
GOES_ON = re.compile(
    r"\s*(?:[a-zß-öø-ÿа-яё]|(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September"
    r"|Oktober|November|Dezember)\b)"
)
"""Behind a number and a full stop: "am 7. Februar", "zum 7. mal"."""

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
    used = 0
    headings = set(document.headings)
    follows_heading = False
    for paragraph, part in _readable(document):
        spans, lengths = _fitting_sentences(document.text, part, counter)
        is_heading = paragraph in headings or _is_question(document.text, spans)
        room = (counter.window if follows_heading else PASSAGE_TOKENS) - used
        if (
            groups
            and sum(lengths) <= room
            and (follows_heading or not is_heading)
            and not document.text[groups[-1][-1].end : part.start].strip()
        ):
            groups[-1] += spans
            used += sum(lengths)
        else:
            parts = _divide(spans, lengths, counter.window)
            groups += parts
            used = sum(lengths) if len(parts) == 1 else counter.window
        follows_heading = is_heading
    return [_passage(document.text, group) for group in groups]


def _readable(document: Document) -> Iterator[tuple[Span, Span]]:
    """What lies between the noise, each with its paragraph."""
    text = document.text
    for paragraph in paragraphs(text, document.headings):
        noise = [match.span() for match in NOISE.finditer(text, paragraph.start, paragraph.end)]
        if not noise:
            yield paragraph, paragraph
            continue
        ends = [start - paragraph.start for start, _ in noise] + [len(paragraph)]
        starts = [0] + [end - paragraph.start for _, end in noise]
        for start, end in zip(starts, ends, strict=True):
            words = text[paragraph.start + start : paragraph.start + end]
            if any(map(str.isalnum, words)):
                first = paragraph.start + start + len(words) - len(words.lstrip())
                yield paragraph, Span(first, first + len(words.strip()))


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
    from sentencex import get_sentence_boundaries

    words = text[within.start : within.end]
    boundaries = get_sentence_boundaries(_rules_for(words), words)
    ends = [boundary["end_index"] for boundary in boundaries]
    return _trimmed(text, within, [end for end in ends if not _goes_on(words, end)])


def _rules_for(words: str) -> str:
    """Those of Russian for what is mostly in its letters: there "г." and "руб." end nothing."""
    if words.isascii() or 2 * len(CYRILLIC.findall(words)) <= sum(map(str.isalpha, words)):
        return LANGUAGE
    return CYRILLIC_LANGUAGE


def _goes_on(words: str, end: int) -> bool:
    """Does a number with a full stop end here, and the sentence not?"""
    return bool(NUMBERED.search(words, max(0, end - 10), end) and GOES_ON.match(words, end))


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
    """Tokens; at least as many as make a passage of the most characters fill the window."""
    shifted = [Span(span.start - within.start, span.end - within.start) for span in spans]
    counts = counter.count_tokens(text[within.start : within.end], shifted)
    share = counter.window / LONGEST_PASSAGE
    return [max(n, math.ceil(len(s) * share)) for n, s in zip(counts, spans, strict=True)]


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
