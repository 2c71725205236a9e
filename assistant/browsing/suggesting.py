"""Example questions, made from the documents and kept only if they are answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice, zip_longest

from assistant.chat import Assistant
from index.chunking import paragraphs
from index.documents import Document, Principal
from index.english.word_lists import DAYS, FUNCTION_WORDS, MONTHS, TITLES
from index.search.view import View

TRIED = 12
"""Questions asked to find the ones to show: each takes some milliseconds."""

CHARACTERS_LOOKED_AT = 20_000

DATES = frozenset(map(str.capitalize, (*DAYS, *MONTHS)))

FUNCTION_WORD = "|".join(sorted(FUNCTION_WORDS))

NAME_WORD = r"[A-ZА-ЯЁ]\w+(?:[’'-](?!s\b)\w+)*"
NAME = rf"{NAME_WORD}(?:\s{NAME_WORD}){{0,2}}"
ALONE = rf"\b(?!\s{NAME_WORD})(?!\s(?!(?:{FUNCTION_WORD})\b)[a-zа-яё])"
"""Before the end of a phrase: "Russian" in "the Russian government" is no name."""

SPEAKER = re.compile(rf"\b({NAME})\s+(?:said|told|added|says)\b")
CAPITALIZED = re.compile(rf"\b[a-zа-яё][\w’'-]*,?\s(?:(?:Mrs?|Ms|Dr)\.?\s)?({NAME}){ALONE}")
"""A whole name: not its end, behind a word with a capital that begins a sentence or a line."""
PLURAL = re.compile(rf"(?<!told |hich |that | who )\b[a-z]{{5,}}[^su\W]s{ALONE}")
"""A topic; neither those who were told of it, nor what someone does."""


def suggest(
    assistant: Assistant,
    principal: Principal,
    count: int = 4,
    near: Sequence[str] = (),
    asked: Collection[str] = (),
) -> list[str]:
    """Questions that the documents answer, about several of them where there are. `near` are ids
    of documents that they should be about, if any; none is one that was `asked`."""
    chosen: list[str] = []
    view = assistant.view_of(principal)
    tried = islice(_candidates(view, near, {_same(question) for question in asked}), TRIED)
    for question in tried:
        if len(chosen) == count:
            break
        if assistant.ask(question, principal=principal).answered:
            chosen.append(question)
    return chosen


def _candidates(view: View, near: Sequence[str], asked: set[str]) -> Iterator[str]:
    """One question of each document in turn."""
    ids = list(view.sources_of(dict.fromkeys(near))) or [s.id for s in view.sources()]
    streams = [_questions(view.document(id)) for id in _spread(ids)]
    while streams:
        for stream in list(streams):
            question = next(stream, None)
            if question is None:
                streams.remove(stream)
            elif _same(question) not in asked:
                asked.add(_same(question))
                yield question


def _same(question: str) -> str:
    """Equal for questions that differ in capitals and punctuation alone."""
    return " ".join(re.findall(r"\w+", question.casefold()))


def _spread(ids: Sequence[str], most: int = 4) -> Sequence[str]:
    """A few documents from all over the index."""
    step = max(1, len(ids) // most)
    return ids[::step][:most]


def _questions(document: Document) -> Iterator[str]:
    """About what its speakers say, and about the names in it, by turns."""
    text = document.text[:CHARACTERS_LOOKED_AT]
    speakers = _surnames(SPEAKER.findall(text))
    said = [
        f"What did {speaker} say about {topic}?"
        for speaker in speakers[:1]
        for topic in _topics(text, speaker)[:3]
    ]
    found = _frequent(CAPITALIZED.findall(text))
    names = [name for name in found if name.split()[-1] not in speakers and _is_name(name)]
    about = [f"What is said about {name}?" for name in names[:4]]
    pairs = zip_longest(said, about)
    yield from (question for pair in pairs for question in pair if question)


def _is_name(words: str) -> bool:
    """ "Mr" and "Monday" are none."""
    return words not in DATES and words.split()[-1].lower() not in TITLES


def _topics(text: str, speaker: str) -> list[str]:
    """The topics of the paragraphs in which the speaker says something, the most frequent first;
    of equally frequent ones the longest, which tends to say most."""
    spoken = (text[span.start : span.end] for span in paragraphs(text))
    words = " ".join(words for words in spoken if speaker in _surnames(SPEAKER.findall(words)))
    frequency = Counter(PLURAL.findall(text))
    topics = set(PLURAL.findall(words)) - FUNCTION_WORDS
    return sorted(topics, key=lambda topic: (-frequency[topic], -len(topic), topic))


def _surnames(names: Sequence[str]) -> list[str]:
    """By frequency: "President Emomali Rahmon" and "Rahmon" are one."""
    surnames = [name.split()[-1] for name in names]
    said = [name for name in surnames if name.lower() not in FUNCTION_WORDS and _is_name(name)]
    return _frequent(said)


def _frequent(words: Sequence[str]) -> list[str]:
    return [word for word, _ in Counter(words).most_common()]
