"""What is asked, without what is said around it: greetings, thanks, and instructions to
whoever answers. They would be searched for like the rest."""

from __future__ import annotations

from index.chunking import sentences
from index.documents import Span
from index.english.kinds import (
    GREETING,
    LEADING_INSTRUCTION,
    LEADING_TO_A_QUESTION,
    NOT_ASKED,
    TRAILING_COURTESY,
)

AROUND = (GREETING, LEADING_INSTRUCTION, LEADING_TO_A_QUESTION, TRAILING_COURTESY)


def cleared(words: str) -> str:
    """The question alone; all of the words where nothing else would be left."""
    spans = sentences(words, Span(0, len(words)))
    said = [words[span.start : span.end] for span in spans]
    asked = " ".join(each for each in said if not NOT_ASKED.match(each)) or words
    for pattern in AROUND:
        asked = pattern.sub("", asked, count=1) or asked
    if asked == words or not any(map(str.isalnum, asked)):
        return words
    ends = "" if asked.endswith(("?", ".", "!")) or not words.rstrip(" .!").endswith("?") else "?"
    return f"{asked[0].upper()}{asked[1:]}{ends}"
