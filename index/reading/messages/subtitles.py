"""Readers of subtitles: what is said in a recording, with its times."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.reading.blocks import Blocks, Reading
from index.reading.text import decode

if TYPE_CHECKING:
    from webvtt.models import Caption

VOICE = re.compile(r"<v(?:\.[\w.-]+)*[ \t]+(?P<name>[^>\s][^>]*)>")
TAG = re.compile(r"</?[A-Za-z0-9:.][^<>]*>|\{\\[^{}]*\}")
NAMED = re.compile(r"(?P<name>[^\W\d_][^:\n]{0,40}):[ \n]+(?=\S)")
BEGINS_TURN = re.compile(rf"[-–—>]{{1,2}}\s*\S|{NAMED.pattern}")
"""A caption that begins so is another speaker's: "- Yes.", ">> Yes.", "Ann Lee: Yes."."""

ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": ""}
SENTENCE_END = re.compile(r"[.?!…][\"”’)]*$")

LONGEST = 700
"""Characters after which a text without voices begins a new paragraph, at the end of a sentence."""

PAUSE = 4
"""Seconds without a word after which it does so."""


@dataclass(slots=True)
class _Spoken:
    """What one voice says in a row. `voice` is "" where the file does not tell whose it is."""

    voice: str
    start: str
    end: int
    words: list[str]

    @property
    def ends_a_sentence(self) -> bool:
        return SENTENCE_END.search(self.words[-1]) is not None

    @property
    def length(self) -> int:
        return sum(map(len, self.words))


def read_vtt(data: bytes) -> Reading:
    """WebVTT, as of Teams, Zoom and browsers."""
    return _read(data, "vtt")


def read_srt(data: bytes) -> Reading:
    """SubRip."""
    return _read(data, "srt")


def _read(data: bytes, format_: str) -> Reading:
    """A paragraph for each turn, with who speaks before it, if the file tells that, and when."""
    from webvtt import WebVTT

    blocks = Blocks(len(data))
    captions = WebVTT.from_buffer(io.StringIO(decode(data)), format_).captions
    for spoken in _joined(_named([*_voices(captions)])):
        words = " ".join(spoken.words)
        told = f"{spoken.voice}: {words}" if spoken.voice else words
        blocks.paragraph(told, "turn", speaker=spoken.voice, time=spoken.start)
    return blocks.reading()


def _voices(captions: Iterable[Caption]) -> Iterator[_Spoken]:
    """The captions, parted where another voice begins."""
    for caption in captions:
        start, end = caption.start.partition(".")[0], caption.end_in_seconds
        parts = VOICE.split(caption.raw_text)
        for voice, said in zip(["", *parts[1::2]], parts[::2], strict=True):
            for words in _lines(said):
                yield _Spoken(" ".join(voice.split()), start, end, [words])


def _named(spoken: Sequence[_Spoken]) -> Iterator[_Spoken]:
    """With the names that several captions begin with as their voices."""
    found = [NAMED.match(each.words[0]) for each in spoken if not each.voice]
    counts = Counter(match["name"] for match in found if match)
    for each in spoken:
        match = None if each.voice else NAMED.match(each.words[0])
        if match is not None and counts[match["name"]] > 1:
            each.voice, each.words = match["name"], [each.words[0][match.end() :]]
        yield each


def _lines(said: str) -> Iterator[str]:
    """The words without tags; a line that begins another's turn by itself."""
    plain = TAG.sub("", said)
    for written, character in ENTITIES.items():
        plain = plain.replace(written, character)
    open_ = ""
    for line in plain.split("\n"):
        words = " ".join(line.split())
        if open_ and BEGINS_TURN.match(words):
            yield open_
            open_ = ""
        open_ = f"{open_} {words}".strip()
    if open_:
        yield open_


def _joined(spoken: Iterable[_Spoken]) -> Iterator[_Spoken]:
    """What goes on with the one before is one with it; what scrolls is there once."""
    open_: _Spoken | None = None
    for each in spoken:
        if open_ is not None and each.words == open_.words[-1:] and each.voice == open_.voice:
            continue
        if open_ is not None and _goes_on(open_, each):
            open_.words += each.words
            open_.end = each.end
            continue
        if open_ is not None:
            yield open_
        open_ = each
    if open_ is not None:
        yield open_


def _goes_on(open_: _Spoken, each: _Spoken) -> bool:
    if each.voice != open_.voice:
        return False
    if each.voice:
        return True
    hours, minutes, seconds = map(int, each.start.split(":"))
    is_new = (hours * 60 + minutes) * 60 + seconds - open_.end >= PAUSE or open_.length > LONGEST
    return not BEGINS_TURN.match(each.words[0]) and not (is_new and open_.ends_a_sentence)
