"""How much an answer has to hold: a sentence, all steps, a whole list, what a document is
about; and the parts of a question that asks for two things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.chunking import sentences
from index.documents import Query, Shape, Span
from index.english.kinds import (
    ANY_ARTICLE,
    COMPARED,
    LIST,
    QUESTION_WORD,
    SECOND_QUESTION,
    STEPS,
    SUMMARY,
)
from index.english.spelling import WORD, telling
from index.english.word_lists import FUNCTION_WORDS

MOST_PARTS = 3

SHAPES: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    ("summary", SUMMARY),
    ("steps", STEPS),
    ("list", LIST),
)
"""The first whose form the question has."""

LONGEST_COMPARED = 8
"""Words of one of two things that are compared; what is longer is no thing but a question."""


def shaped(query: Query) -> Query:
    """With the shape and the parts of the question."""
    if query.asks != "anything" or query.follow:
        return query
    question = query.standalone_question
    compared = tuple(_compared(question))
    parts = compared or tuple(_parts(question))[:MOST_PARTS]
    if len(parts) > 1:
        return replace(query, parts=parts, compares=bool(compared))
    return replace(query, shape=shape_of(question))


def shape_of(question: str) -> Shape:
    """What would answer it."""
    return next((shape for shape, form in SHAPES if form.search(question)), "sentence")


def _parts(question: str) -> Iterator[str]:
    asked = [question[span.start : span.end] for span in sentences(question, _all_of(question))]
    if sum(each.endswith("?") for each in asked) > 1:
        for each in asked:
            yield from _halves(each) if each.endswith("?") else ()
    else:
        yield from _halves(question)


def _all_of(question: str) -> Span:
    return Span(0, len(question))


def _compared(question: str) -> list[str]:
    """Each of two things that are compared, with what is asked of both."""
    for form in COMPARED:
        found = form.search(question)
        if found is None:
            continue
        one, other = (ANY_ARTICLE.sub("", found[name].strip(" ,")) for name in ("one", "other"))
        if max(len(one.split()), len(other.split())) > LONGEST_COMPARED:
            continue
        head, rest = (found.groupdict().get(name) or "" for name in ("head", "rest"))
        return [f"{head} {each}{rest}".strip() for each in _in_full(one, other)]
    return []


def _in_full(one: str, other: str) -> tuple[str, str]:
    """ "Primary and secondary leave" are primary leave and secondary leave."""
    first, second = one.split(), other.split()
    if len(second) > len(first) and not telling(one) & telling(other):
        one = " ".join([*first, *second[len(first) :]])
    return one, other


def _halves(question: str) -> list[str]:
    """Two questions in one sentence, if each asks for something of its own."""
    begins = QUESTION_WORD.match(question)
    second = SECOND_QUESTION.search(question, begins.end()) if begins else None
    if second is None:
        return [question]
    first, rest = question[: second.start()].strip(), question[second.end() :].strip()
    if not _asks_alone(first) or not _asks_alone(rest):
        return [question]
    return [f"{first}?", f"{rest[0].upper()}{rest[1:]}"]


def _asks_alone(words: str) -> bool:
    """Has it a word beside those that only ask?"""
    return any(word.lower() not in FUNCTION_WORDS for word in WORD.findall(words))
