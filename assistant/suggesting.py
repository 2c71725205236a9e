"""Example questions, made from the documents and kept only if they are answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.chat import Assistant
from index.documents import Document, Principal, Source
from index.words import FUNCTION_WORDS

TRIED = 12
"""Questions asked to find the ones to show: each takes some milliseconds."""

CHARACTERS_LOOKED_AT = 20_000

NAME = r"[A-ZА-ЯЁ][\w’'-]+(?:\s[A-ZА-ЯЁ][\w’'-]+){0,2}"
SPEAKER = re.compile(rf"\b({NAME})\s+(?:said|told|added|says)\b")
CAPITALIZED = re.compile(rf"(?<=[a-zа-яё,]\s){NAME}")
WORD = re.compile(r"\b[a-z]{6,}\b")


def suggest(assistant: Assistant, principal: Principal, count: int = 4) -> list[str]:
    """Questions that the documents answer, about several of them where there are."""
    chosen: list[str] = []
    for question in islice(_candidates(assistant, principal), TRIED):
        if len(chosen) == count:
            break
        if assistant.ask(question, principal=principal).answered:
            chosen.append(question)
    return chosen


def _candidates(assistant: Assistant, principal: Principal) -> Iterator[str]:
    """One question of each document in turn."""
    sources = _spread(assistant.sources(principal=principal))
    streams = [_questions(assistant.document(s.id, principal=principal)) for s in sources]
    asked: set[str] = set()
    while streams:
        for stream in list(streams):
            question = next(stream, None)
            if question is None:
                streams.remove(stream)
            elif question not in asked:
                asked.add(question)
                yield question


def _spread(sources: Sequence[Source], most: int = 4) -> Sequence[Source]:
    """A few documents from all over the index."""
    step = max(1, len(sources) // most)
    return sources[::step][:most]


def _questions(document: Document) -> Iterator[str]:
    text = document.text[:CHARACTERS_LOOKED_AT]
    topics = [topic for topic, _ in Counter(WORD.findall(text)).most_common(40)]
    topics = [topic for topic in topics if topic not in FUNCTION_WORDS and topic.endswith("s")]
    speakers = [name for name, _ in Counter(SPEAKER.findall(text)).most_common(2)]
    names = [name for name, _ in Counter(CAPITALIZED.findall(text)).most_common(4)]
    yield from (
        f"What did {speaker} say about {topic}?" for topic in topics[:2] for speaker in speakers
    )
    yield from (f"What is said about {name}?" for name in names)
