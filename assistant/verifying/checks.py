"""Why a written sentence does not hold: one check after the other gives the reason, or
nothing.

    quotations, speaker, numbers, names, negation and hedges, contraries, support

What the checks miss and where they raise false alarms is measured by
tests/benchmarks/verification.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from assistant.verifying.names import (
    is_among,
    is_credited,
    plain_words,
    printed_words,
    short_for,
    without_titles,
)
from assistant.verifying.sentences import Saying, SentenceInContext
from index.documents import StatementHit
from index.english.negation import Marker, hedges, negations, turned_round, unmatched
from index.english.quantities import all_numbers, numbers
from index.english.spelling import exchanged, folded, share, telling, without_quotations

SIMILAR = 0.55
"""Cosine of a sentence with the best one of the passage that it cites. With COVERED, .015
of the sentences that answer questions of squad/dev pass for another passage of the same
article (.018 with .45, .005 with .65), before passages are compared with each other."""

COVERED = 0.5
"""Share of its telling words that the sentences have on which it rests. By .4, .023 of
those sentences pass for another passage, by .6 .002; rewordings need room."""

BETTER_BY = 0.15
"""By how much another given passage fits better (mean of cosine and share) for the mark
to be taken for wrong. Chosen, not fitted: .05 does no worse on polnear/dev."""

CREDITED = 0.5
"""Share of the words that somebody is said to have said which a statement has to have,
to be taken for that statement. Chosen, not fitted."""

COPIED = 0.9
"""Share of its telling words from which a sentence is supported however its meaning is
scored: a few words that are quoted from a long sentence have a low cosine with it."""


YES_OR_NO = re.compile(r"^\W*(?:yes|no)\s*[,.:;–—-]\s*", re.I)
"""Before an answer: not a word of the document."""


def doubt(reading: SentenceInContext) -> str:
    """Why the sentence does not hold, in words a reader understands; empty if it does."""
    whys = (check(reading) for check in CHECKS)
    return next(filter(None, whys), "")


def _quotations_are_printed(reading: SentenceInContext) -> str:
    for quote in reading.quotes:
        if quote.span is None:
            return f"The passage does not have the words “{quote.words}”."
    return ""


def _quotations_are_direct(reading: SentenceInContext) -> str:
    """What is put into somebody's mouth word for word is in the document's marks too."""
    for quote in reading.quotes:
        if quote.found is None or quote.span is None:
            continue
        reported = reading.said or any(
            span.overlaps(quote.span)
            for hit in reading.statements
            for span in hit.statement.content
        )
        if reported and not reading.is_quoted(quote.found, quote.span):
            return f"The document reports this, but does not quote the words “{quote.words}”."
    return ""


def _speaker_said_it(reading: SentenceInContext) -> str:
    for saying in reading.said:
        said = _same_statements(saying, reading)
        if not said:
            return f"The passage does not credit {saying.speaker} with this."
        if not any(is_credited(hit, saying.speaker) for hit in said):
            other = said[0].speaker or said[0].as_printed
            return f"The document credits this to {other}, not to {saying.speaker}."
        if all(saying.negated != hit.statement.negated for hit in said):
            whether = "did" if saying.negated else "did not"
            return f"By the document {saying.speaker} {whether} say this."
    return ""


def _numbers_are_there(reading: SentenceInContext) -> str:
    there = all_numbers(reading.rested_words) | all_numbers(reading.frame)
    for number, printed in numbers(reading.words).items():
        if number not in there:
            return f"The passage does not have the number {printed} here."
    return ""


def _names_are_there(reading: SentenceInContext) -> str:
    apart = re.sub("[-–]", " ", reading.around)
    there = set(plain_words(f"{reading.around} {apart}"))
    initials = "".join(word[0] for word in printed_words(reading.around) if word[:1].isupper())
    credited = {word for saying in reading.said for word in plain_words(saying.speaker)}
    for name in reading.names:
        known = is_among(name, there | credited) or (name.isupper() and name in initials)
        if not known:
            return f"The passage does not mention {name}."
    return ""


def _names_are_kept(reading: SentenceInContext) -> str:
    """A name from elsewhere in the passage may say who "he" is; it may not stand where the
    document has another name."""
    for printed, written in exchanged(reading.nearest, reading.words):
        old, new = without_titles(printed), without_titles(written)
        are_names = {*old} <= {*reading.printed_names} and {*new} <= {*reading.names}
        if old and new and are_names and not _may_be_one(old, new, reading):
            return f"The document has {' '.join(printed)} here, not {' '.join(written)}."
    return ""


def _may_be_one(old: Sequence[str], new: Sequence[str], reading: SentenceInContext) -> bool:
    """Do both names stand in the sentence, or side by side in the passage, or are they of
    one root or short for each other?"""
    rested, written = set(plain_words(reading.nearest)), set(plain_words(reading.words))
    if rested.issuperset(map(folded, new)) or written.issuperset(map(folded, old)):
        return True
    if any(is_among(name, set(map(folded, old))) for name in new):
        return True
    around = plain_words(reading.around)
    beside = {*pairwise(around), *pairwise(around[::-1])}
    return short_for(old, new) or any((folded(a), folded(b)) in beside for a in old for b in new)


def _negation_is_kept(reading: SentenceInContext) -> str:
    return _kept(reading, negations)


def _hedges_are_kept(reading: SentenceInContext) -> str:
    return _kept(reading, hedges)


def _kept(reading: SentenceInContext, markers: Callable[[str], Sequence[Marker]]) -> str:
    """Outside quotations, which are the document's words."""
    words, printed = without_quotations(reading.words), reading.rested_words
    words = YES_OR_NO.sub("", words)
    for quote in reading.quotes:
        printed = printed.replace(quote.words, ";")
    added = unmatched(markers(words), markers(printed), printed)
    if added is not None:
        return f"It says “{added.word}”; the document does not."
    dropped = unmatched(markers(printed), markers(words), words)
    if dropped is not None:
        return f"The document says “{dropped.word}” here; the sentence leaves it out."
    return ""


def _is_not_turned_round(reading: SentenceInContext) -> str:
    """Outside quotations: "rose" where the document has "fell"."""
    words = without_quotations(reading.words)
    turned = turned_round(words, reading.rested_words)
    if turned is None:
        return ""
    written, printed = turned
    return f"It says “{written}”; the document says “{printed}”."


def _is_supported(reading: SentenceInContext) -> str:
    if reading.best_other > reading.best + BETTER_BY:
        return "Another passage says this, not the one that it names."
    covered = share(telling(reading.words), telling(reading.rested_words + reading.frame))
    similar = max(fit.similarity for fit in reading.fits)
    if covered < COPIED and (similar < SIMILAR or covered < COVERED):
        return "The passage does not say this."
    return ""


def _same_statements(saying: Saying, reading: SentenceInContext) -> list[StatementHit]:
    """The statements of the passage that say this, those that say most of it."""
    own = telling(saying.content)
    scored = [(share(own, telling(hit.text)), hit) for hit in reading.statements]
    most = max((score for score, _ in scored), default=0.0)
    return [hit for score, hit in scored if score == most] if most >= CREDITED else []


CHECKS: tuple[Callable[[SentenceInContext], str], ...] = (
    _quotations_are_printed,
    _quotations_are_direct,
    _speaker_said_it,
    _numbers_are_there,
    _names_are_there,
    _names_are_kept,
    _negation_is_kept,
    _hedges_are_kept,
    _is_not_turned_round,
    _is_supported,
)
