"""Subtitles are read as what is said, by whom and when."""

import pytest

from index.documents import Block
from index.reading.blocks import Unreadable
from index.reading.files import read

VOICES = """WEBVTT

NOTE made by a recorder

a1
00:00:03.120 --> 00:00:05.960 align:start
<v Fiona Orr>Good morning. Can you
hear me?</v>

a2
00:00:06.000 --> 00:00:08.960
<v David Holt>Yes, we <i>can</i>.</v>

a3
01:00:09.000 --> 01:00:12.960
<v David Holt>R&amp;D is here.</v>
<v Fiona Orr>Good.</v>
"""

NAMES = """1
00:00:03,120 --> 00:00:05,960
Fiona Orr: The roof fell in

2
00:00:06,000 --> 00:00:08,960
Fiona Orr: on Sunday.

3
00:00:09,000 --> 00:00:12,960
David Holt: Who told you: the mayor?

4
00:00:13,000 --> 00:00:14,960
David Holt: Or nobody?
"""

FILM = """1
00:00:01,000 --> 00:00:04,000
<i>The river rose in March</i>
and took the wheel.

2
00:00:04,500 --> 00:00:06,000
It was cold.

3
00:00:20,000 --> 00:00:22,000
- Where is it now?
- Nobody knows.
"""


def turns(text: str, suffix: str) -> list[tuple[str, str, str]]:
    """(who, when, words with the name) of each turn."""
    reading = read(suffix, text.encode())
    return [
        (block.facts.get("speaker", ""), block.facts["time"], _words(reading.text, block))
        for block in reading.structure
        if block.kind == "turn"
    ]


def _words(text: str, block: Block) -> str:
    return text[block.span.start : block.span.end]


def test_each_voice_has_its_turns_with_their_times() -> None:
    """What one says in several captions is one turn; tags and notes are gone."""
    assert turns(VOICES, ".vtt") == [
        ("Fiona Orr", "00:00:03", "Fiona Orr: Good morning. Can you hear me?"),
        ("David Holt", "00:00:06", "David Holt: Yes, we can. R&D is here."),
        ("Fiona Orr", "01:00:09", "Fiona Orr: Good."),
    ]


def test_names_that_captions_begin_with_are_voices() -> None:
    """And stand once before what each says in a row."""
    assert turns(NAMES, ".srt") == [
        ("Fiona Orr", "00:00:03", "Fiona Orr: The roof fell in on Sunday."),
        ("David Holt", "00:00:09", "David Holt: Who told you: the mayor? Or nobody?"),
    ]


def test_without_voices_the_captions_are_paragraphs() -> None:
    """A pause or a dash begins one."""
    assert turns(FILM, ".srt") == [
        ("", "00:00:01", "The river rose in March and took the wheel. It was cold."),
        ("", "00:00:20", "- Where is it now?"),
        ("", "00:00:20", "- Nobody knows."),
    ]


@pytest.mark.parametrize("suffix", [".vtt", ".srt"])
def test_what_is_no_subtitles_is_refused(suffix: str) -> None:
    with pytest.raises(Unreadable, match=r"is damaged or no|is empty"):
        read(suffix, b"The mayor said that the bridge would open in May.")
