"""Why a written sentence does not hold: one check after the other gives the reason, or
nothing.

    quotations, speaker, numbers, names, negation and hedges, contraries, support

What the checks miss and where they raise false alarms is measured by
tests/benchmarks/verification.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from assistant.verifying.clauses import contradicted, exchanged_in, negated_by_prefix, opposed
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
from index.english.amounts import Amount, amounts, lean, likeness
from index.english.negation import Marker, hedges, is_negating, negations, turned_round, unmatched
from index.english.quantities import all_numbers, numbers
from index.english.spelling import (
    NAMELIKE,
    TOKEN,
    exchanged,
    folded,
    root,
    share,
    telling,
    without_quotations,
)
from index.english.word_lists import LIMITS, OURSELVES, PERMISSIONS, UNIVERSALS
from index.search.speakers import is_named

SIMILAR = 0.55
"""Cosine of a sentence with the best one of the passage that it cites. With COVERED, .015
of the sentences that answer questions of squad/dev pass for another passage of the same
article (.018 with .45, .005 with .65), before passages are compared with each other."""

COVERED = 0.5
"""Share of its telling words that the sentences have on which it rests. By .4, .023 of
those sentences pass for another passage, by .6 .002; rewordings need room."""

CREDITED = 0.5
"""Share of the words that somebody is said to have said which a statement has to have,
to be taken for that statement. Chosen, not fitted."""

COPIED = 0.9
"""Share of its telling words from which a sentence is supported however its meaning is
scored: a few words that are quoted from a long sentence have a low cosine with it."""


EVIDENCE = 0.1
"""How much the words beside two printed numbers have to differ to tell which one is meant."""

LEANING = 0.3
"""Share of that difference which has to speak for the other number."""

NEAR_COPY = 0.75
"""Share of the words of a sentence, in their order, from which it is taken for a copy of the
document's. With clauses alone .05 of the statements of polnear/dev that are copied with who
said them are doubted, because two parses of the same words differ."""

WIDEST_GAP = 5
"""Words that two copies may differ by in one place, to be compared there. Chosen, not fitted."""

YES_OR_NO = re.compile(r"^\W*(?:yes|no)\s*[,.:;–—-]\s*", re.I)
"""Before an answer: not a word of the document."""


def doubt(reading: SentenceInContext) -> str:
    """Why the sentence does not hold, in words a reader understands; empty if it does."""
    return next(filter(None, (check(reading) for check in CHECKS)), "")


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
        if not reading.statements and not is_named(saying.speaker):
            continue  # "according to tenure"
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
    there = all_numbers(reading.around)
    for number, printed in numbers(reading.words).items():
        if number not in there:
            return f"The passage does not have the number {printed} here."
    return ""


def _numbers_are_kept(reading: SentenceInContext) -> str:
    """In a copy, a number of the passage may not stand where the document has another one."""
    copied, _ = _alignment(reading)
    for printed, written in exchanged(reading.nearest, reading.words):
        old, new = numbers(" ".join(printed)), numbers(" ".join(written))
        unknown = not new.keys() & all_numbers(reading.rested_words)
        if copied >= NEAR_COPY and old and new and unknown:
            return f"The document has {min(old.values())} here, not {min(new.values())}."
    return ""


def _amounts_are_kept(reading: SentenceInContext) -> str:
    """A number has the unit, the period and the bound that the document gives it."""
    for amount in amounts(reading.words):
        same = [other for other in reading.printed_amounts if other.value == amount.value]
        alone = amount.value == "1" and amount.is_measured and not same
        if alone and amount.unit not in reading.rested_words:
            return f"The passage does not have {amount.printed} {amount.unit} here."
        for kept, what in KEPT_WITH_A_NUMBER:
            there = [value for other in same if (value := kept(other))]
            if kept(amount) and there and kept(amount) not in there:
                return f"The document gives {amount.printed} {what}."
    return ""


def _amounts_are_not_exchanged(reading: SentenceInContext) -> str:
    """A number stands beside the words that the document has beside it, not beside those that
    it has beside another number."""
    own = amounts(reading.words)
    for amount in own:
        for other in reading.printed_amounts:
            if not _is_rival(other, amount):
                continue
            leans = _leans(amount, other, reading)
            partner = next((o for o in own if o.is_same_as(other)), None)
            if partner is not None:
                leans += _leans(partner, amount, reading)
            evidence = sum(map(abs, leans))
            if evidence >= EVIDENCE and sum(leans) >= LEANING * evidence:
                return f"The document has {other.printed} here, not {amount.printed}."
    return ""


def _is_rival(printed: Amount, written: Amount) -> bool:
    """Could the one stand in place of the other?"""
    apart = printed.is_measured and written.is_measured and printed.unit != written.unit
    return not printed.is_same_as(written) and (not apart or printed.value == written.value)


def _leans(written: Amount, rival: Amount, reading: SentenceInContext) -> list[float]:
    """How the words beside a number are parted between where the document has that number and
    where it has another one."""
    mine = [other for other in reading.printed_amounts if other.is_same_as(written)]
    theirs = [other for other in reading.printed_amounts if other.is_same_as(rival)]
    if not mine or not theirs:
        return []
    best = [max(each, key=lambda other: likeness(written, other)) for each in (mine, theirs)]
    return lean(written, *best)


def _universals_are_there(reading: SentenceInContext) -> str:
    """ "All" and "always" are not said of what the document limits."""
    words, printed = ({*NAMELIKE.findall(t.lower())} for t in (reading.words, reading.nearest))
    limited = printed & LIMITS or any(amount.bound for amount in amounts(reading.nearest))
    for universals in UNIVERSALS if limited and not words & LIMITS else ():
        if words & universals and not printed & universals:
            return f"It says “{min(words & universals)}”; the document sets a limit."
    return ""


def _names_are_there(reading: SentenceInContext) -> str:
    apart = re.sub("[-–]", " ", reading.around)
    there = set(plain_words(f"{reading.around} {apart}"))
    initials = "".join(word[0] for word in printed_words(reading.around) if word[:1].isupper())
    credited = {word for saying in reading.said for word in plain_words(saying.speaker)}
    for name in reading.names:
        known = is_among(name, there | credited) or (name.isupper() and name in initials)
        is_we = OURSELVES & {*TOKEN.findall(reading.rested_words.lower())}
        if not known and not (is_we and reading.is_in_document(name)):
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
    above = set(plain_words(reading.above))
    if above.issuperset(map(folded, new)):
        return True
    if rested.issuperset(map(folded, new)) or written.issuperset(map(folded, old)):
        return True
    if any(is_among(name, set(map(folded, old))) for name in new):
        return True
    around = plain_words(reading.around)
    beside = {*pairwise(around), *pairwise(around[::-1])}
    return short_for(old, new) or any((folded(a), folded(b)) in beside for a in old for b in new)


def _denial_is_kept(reading: SentenceInContext) -> str:
    """What a clause says is so, the document does not say is not so, nor the other way round.
    Where the words are the document's, every "not" is too."""
    copied, denies_alike = _alignment(reading)
    if copied < NEAR_COPY:
        contrary = contradicted(reading.clauses, reading.printed_clauses)
        return "The document says the contrary." if contrary else ""
    words, printed = _unquoted(reading)
    added = unmatched(negations(words), negations(printed), printed)
    if added is not None:
        return f"It says “{added.word}”; the document does not."
    dropped = _dropped(unmatched(negations(printed), negations(words), words))
    turned = turned_round(words, printed)
    if turned is not None:
        return f"It says “{turned[0]}”; the document says “{turned[1]}”."
    return dropped or ("" if denies_alike else "The document says the contrary.")


def _alignment(reading: SentenceInContext) -> tuple[float, bool]:
    """Which share of the words of a sentence stands in the document in the same order, and
    whether there are as many negations where single words of the two differ."""
    written, printed = (
        NAMELIKE.findall(text.lower()) for text in (reading.words, reading.rested_words)
    )
    matcher = SequenceMatcher(None, written, printed, autojunk=False)
    blocks = matcher.get_matching_blocks()  # the last one is empty and at the ends
    alike = True
    for one, other in pairwise(blocks):
        mine, theirs = (written[one.a + one.size : other.a], printed[one.b + one.size : other.b])
        if not other.size:
            theirs = theirs[: len(mine)]
        if max(len(mine), len(theirs)) <= WIDEST_GAP:
            denied = [sum(map(is_negating, words)) for words in (mine, theirs)]
            roots = [{*map(root, words)} for words in (mine, theirs)]
            is_turned = negated_by_prefix(*roots) or negated_by_prefix(*roots[::-1])
            alike &= denied[0] == denied[1] and not is_turned
    return sum(block.size for block in blocks) / max(1, len(written)), alike


def _unquoted(reading: SentenceInContext) -> tuple[str, str]:
    """The sentence and what it rests on, without what is quoted: that is the document's."""
    words, printed = YES_OR_NO.sub("", without_quotations(reading.words)), reading.rested_words
    for quote in reading.quotes:
        printed = printed.replace(quote.words, ";")
    return words, printed


def _dropped(marker: Marker | None) -> str:
    if marker is None:
        return ""
    return f"The document says “{marker.word}” here; the sentence leaves it out."


def _places_are_kept(reading: SentenceInContext) -> str:
    """Somebody or something that the document names elsewhere may not stand where it names
    another: "approval from Finance" for "from Legal"."""
    found = exchanged_in(reading.clauses, reading.printed_clauses, reading.roots)
    if found is None:
        return ""
    said, printed = found
    here, there = _spelt(said, reading.words), _spelt(printed, reading.around)
    return f"The document has {there} here, not {here}."


def _spelt(roots: Collection[str], text: str) -> str:
    """The words of a text that have these roots."""
    words = {root(word): word for word in reversed(NAMELIKE.findall(text))}
    return " ".join(words.get(each, each) for each in sorted(roots))


def _prepositions_are_kept(reading: SentenceInContext) -> str:
    found = opposed(reading.clauses, reading.printed_clauses)
    return f"It says “{found[0]}”; the document says “{found[1]}”." if found else ""


def _hedges_are_kept(reading: SentenceInContext) -> str:
    """What it adds of them takes nothing away."""
    words, printed = _unquoted(reading)
    return _dropped(unmatched(hedges(printed), hedges(words, PERMISSIONS), words))


def _is_supported(reading: SentenceInContext) -> str:
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


Check = Callable[[SentenceInContext], str]

KEPT_WITH_A_NUMBER: tuple[tuple[Callable[[Amount], object], str], ...] = (
    (lambda amount: amount.unit if amount.is_measured else "", "in another unit"),
    (lambda amount: amount.rate, "for another time"),
    (lambda amount: amount.bound, "as a limit on the other side"),
)

CHECKS: tuple[Check, ...] = (
    _quotations_are_printed,
    _quotations_are_direct,
    _speaker_said_it,
    _numbers_are_there,
    _numbers_are_kept,
    _names_are_there,
    _names_are_kept,
    _amounts_are_kept,
    _amounts_are_not_exchanged,
    _universals_are_there,
    _places_are_kept,
    _prepositions_are_kept,
    _denial_is_kept,
    _hedges_are_kept,
    _is_supported,
)
