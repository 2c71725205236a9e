"""A follow-up that no rule understands, made to stand alone by a language model.

    conversation, question -> prompt -> one question -> nothing new in it? -> taken

What the model writes is taken only if it is a single short question that keeps what was
asked and brings in no name and no number. Otherwise, and when the model is slow or fails,
there is nothing, and the question stays as the rules have it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from assistant.answers import Turn
from assistant.errors import ModelFailed
from assistant.languages.prompting import fill
from index.chunking import sentences
from index.documents import Span
from index.english.quantities import numbers
from index.english.spelling import NAMELIKE, folded, share, telling, without_s
from index.english.word_lists import FUNCTION_WORDS

Say = Callable[[Sequence[tuple[str, str]]], str]
"""What a model answers to messages (role, content). Raises ModelFailed."""

WITHIN = 6.0
"""Seconds for all of it: the person still waits for the answer. Chosen, not fitted;
SmolLM2-135M takes one or two on a quiet processor core."""

LONGEST = 240
"""Characters of a question that is taken."""

LONGEST_TURN = 600
"""Characters of an earlier message that the model is shown: its beginning, where the
question or the speaker is named."""


def restate(question: str, history: Sequence[Turn], say: Say) -> str | None:
    """The question so that it stands alone; None if the model gives nothing usable.

    The model is shown the question and these earlier messages, and nothing else.
    """
    try:
        said = say(_messages(question, history))
    except ModelFailed:
        return None
    restated = said.strip().strip("“”\"'*` ")
    earlier = " ".join(turn.content for turn in history)
    return restated if _is_usable(restated, question, earlier) else None


def _messages(question: str, history: Sequence[Turn]) -> list[tuple[str, str]]:
    """The conversation stands between lines that it cannot have guessed."""
    fence = f"====={secrets.token_hex(6)}"
    said = "\n".join(f"{turn.role}: {_shortened(turn.content)}" for turn in history)
    asked = fill("restate_question", fence=fence, conversation=said, question=question)
    return [("system", fill("restate_system", fence=fence)), ("user", asked)]


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_TURN else f"{words[:LONGEST_TURN]}…"


def _is_usable(restated: str, question: str, earlier: str) -> bool:
    return (
        _is_one_question(restated)
        and share(telling(question), telling(restated)) == 1.0
        and _brings_in_nothing(restated, f"{question} {earlier}")
    )


def _is_one_question(words: str) -> bool:
    return (
        len(words) <= LONGEST
        and words.endswith("?")
        and words.count("?") == 1
        and "\n" not in words
        and len([*sentences(words, Span(0, len(words)))]) == 1
    )


def _brings_in_nothing(words: str, known: str) -> bool:
    """No name and no number that is not known."""
    there = {folded(word) for word in _parts(known)}
    named = [word for word in _parts(words) if word[0].isupper()]
    first = [word for word in named[:1] if words.startswith(word)]
    if first and folded(first[0]) in FUNCTION_WORDS:
        named = named[1:]
    return {folded(name) for name in named} <= there and set(numbers(words)) <= set(numbers(known))


def _parts(words: str) -> list[str]:
    """Words, without 's."""
    return [without_s(word) for word in NAMELIKE.findall(words)]
