"""Example questions, made from the documents and kept only if they are answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from assistant.chat import Assistant
from index.documents import Document, Principal, Source
from index.words import FUNCTION_WORDS

TRIED = 12
"""Questions asked to find the ones to show: each takes some milliseconds."""

CHARACTERS_LOOKED_AT = 20_000

NAME = r"[A-ZА-ЯЁ][\w’'-]+(?:\s[A-ZА-ЯЁ][\w’'-]+){0,2}"
SPEAKER = re.compile(rf"\b({NAME})\s+(?:said|told|added|says)\b")
CAPITALIZED = re.compile(rf"(?<=[a-zа-яё,]\s){NAME}")
PLURAL = re.compile(r"\b[a-z]{5,}[^su\W]s\b")


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
    """About what its speakers say, and about the names in it, by turns."""
    text = document.text[:CHARACTERS_LOOKED_AT]
    speakers = _surnames(SPEAKER.findall(text))
    topics = [topic for topic in _frequent(PLURAL.findall(text)) if topic not in FUNCTION_WORDS]
    said = [f"What did {s} say about {topic}?" for topic in topics[:3] for s in speakers[:1]]
    names = [name for name in _frequent(CAPITALIZED.findall(text)) if name not in speakers]
    about = [f"What is said about {name}?" for name in names[:4]]
    pairs = zip_longest(said, about)
    yield from (question for pair in pairs for question in pair if question)


def _surnames(names: Sequence[str]) -> list[str]:
    """By frequency: "President Emomali Rahmon" and "Rahmon" are one."""
    return _frequent([name.split()[-1] for name in names])


def _frequent(words: Sequence[str]) -> list[str]:
    return [word for word, _ in Counter(words).most_common()]
