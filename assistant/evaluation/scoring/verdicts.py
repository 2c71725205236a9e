"""What a person would say of one answer: right or wrong, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.evaluation.scoring.gold import Gold
from assistant.evaluation.scoring.metrics import Score, mentions, missing_facts
from assistant.evaluation.scoring.records import Record
from index.english.spelling import counted

GradeName = Literal[
    "right", "partly right", "wrong", "rightly refused", "false refusal", "false answer"
]
OUTCOMES: tuple[GradeName, ...] = get_args(GradeName)
GOOD: frozenset[GradeName] = frozenset({"right", "rightly refused"})


@dataclass(frozen=True, slots=True)
class Grade:
    """How a question ended, and each reason that speaks against it."""

    outcome: GradeName
    why: tuple[str, ...] = ()


def judge(gold: Gold, record: Record, score: Score) -> Grade:
    """The grade of an answer.

    It is right if every citation that can be judged is on evidence, all evidence is
    cited, all key facts are said and nobody is credited wrongly; partly right if some
    evidence is cited; else wrong.
    """
    if not score.answerable:
        return _on_unanswerable(score)
    if score.abstained:
        return Grade("false refusal", ("It was refused, but can be answered.", *_found(score)))
    faults = tuple(_faults(gold, record, score))
    if not faults:
        return Grade("right")
    partly = score.citing.right > 0 and score.shares.get("key_facts", 1.0) > 0
    return Grade("partly right" if partly else "wrong", faults)


def _on_unanswerable(score: Score) -> Grade:
    if score.abstained:
        return Grade("rightly refused")
    return Grade("false answer", ("It was answered, but the documents do not answer it.",))


def _faults(gold: Gold, record: Record, score: Score) -> Iterator[str]:
    yield from _citing(gold, score)
    yield from _crediting(score)
    if score.shares.get("key_facts") == 0:
        yield from _key_facts(gold, record)
    if score.exact_quotes < score.quotes:
        yield f"{counted(score.quotes - score.exact_quotes, 'quotation')} differ from the document."
    if score.dangling:
        yield f"{counted(score.dangling, 'citation mark')} point to no citation."


def _citing(gold: Gold, score: Score) -> Iterator[str]:
    counts = score.citing
    if not gold.units:
        return
    if not counts.right:
        yield "No citation is on the expected evidence."
        yield from _found(score)
    elif counts.right < counts.judged:
        yield (
            f"{counts.judged - counts.right} of {counted(counts.judged, 'citation')} "
            "not on the expected evidence."
        )
    if counts.right and counts.found < counts.statements:
        yield (
            f"{counts.statements - counts.found} of "
            f"{counted(counts.statements, 'piece')} of evidence not cited."
        )


def _found(score: Score) -> Iterator[str]:
    """Was it the search, or what came after it?"""
    if "evidence_recall@10" not in score.shares:
        return
    rank = score.first_rank
    if rank is None:
        yield "No passage among the first 10 holds the evidence by itself."
    else:
        yield f"The evidence is in passage {rank} of those found."


def _crediting(score: Score) -> Iterator[str]:
    if score.speakers.others:
        yield f"It cites the words of {' and '.join(score.speakers.others)}."
    if score.credits.others:
        yield f"It credits {' and '.join(score.credits.others)} by mistake."


def _key_facts(gold: Gold, record: Record) -> Iterator[str]:
    for group in missing_facts(gold.question, record.answer):
        yield f"It does not say {' or '.join(f'“{words}”' for words in group)}."
    for words in gold.question.must_not_include:
        if mentions(record.answer, words):
            yield f"It says “{words}”, which it must not."
