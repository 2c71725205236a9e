"""How English says that somebody said something: a table of rules for a sentence.

A rule is given a sentence and yields what it finds said there. The table is read from top to
bottom; a cue that one rule has used is left alone by those below. A sentence that no rule
understands yields nothing. To add a rule is to add a function and its row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from index.attribution.grammar import Grammar, Range, words_between
from index.attribution.segmenting import STAND_IN
from index.attribution.sentence import Sentence
from index.attribution.utterances import Utterance
from index.documents import Span
from index.english.lexicon import NEVER_INTRODUCES

Rule = Callable[[Sentence], Iterator[Utterance]]

BEYOND_QUOTATION = 25
"""Characters outside the quotation from which a statement is more than the quotation."""

CLIMBED = 6
"""Words between a quotation and the verb that introduces it, in the tree."""

LEAST_SAID = 3
"""Words from which a part of a sentence says something."""


def said_in(sentence: Sentence) -> list[Utterance]:
    """What the rules find said in a sentence, in the order of the table."""
    found: list[Utterance] = []
    for name, rule in RULES.items():
        used = {utterance.cue for utterance in found}
        for utterance in rule(sentence):
            if utterance.cue not in used:
                utterance.found_by = name
                found.append(utterance)
    return found


def quoted(sentence: Sentence) -> Iterator[Utterance]:
    """The quotations that are sentences of their own, and who is credited with them."""
    grammar = sentence.grammar
    clauses = [piece.source for piece in sentence.segment.clauses]
    verb = _introducing_verb(sentence)
    if not clauses or verb is None:
        return
    reported = grammar.reported(verb)
    verb = verb if reported is None else reported
    subject = grammar.subject(verb)
    said = None if subject is None else sentence.utterance(verb, subject, [])
    if said is not None:
        said.content = _with_what_it_is_part_of(sentence, verb, clauses)
        said.quoted = said.content == clauses
        yield said


def governed(sentence: Sentence) -> Iterator[Utterance]:
    """What cues govern: "said that …", "called for …", "Putin's remark about …"."""
    for cue, source in sentence.sources():
        found = sentence.complement(cue)
        said = found and sentence.utterance(cue, source, found[1])
        if said:
            yield said


def according(sentence: Sentence) -> Iterator[Utterance]:
    """The whole sentence but for "according to …"."""
    grammar = sentence.grammar
    for position, word in enumerate(grammar.tree):
        if word.text.lower() != "according":
            continue
        named = [k for j in grammar.of(position, "prep") for k in grammar.of(j, "pobj")]
        if named:
            last = grammar.tree[named[0]].right
            parts = [(0, position - 1), (last + 1, len(grammar.tree) - 1)]
            content = [part for part in parts if _says_something(sentence, part)]
            said = sentence.utterance(position, named[0], content)
            if said is not None:
                yield said


RULES: Mapping[str, Rule] = {
    "quotation": quoted,
    "cue": governed,
    "according": according,
}


def _says_something(sentence: Sentence, part: Range) -> bool:
    words = sentence.grammar.tree[part[0] : part[1] + 1]
    return sum(word.text.isalnum() for word in words) >= LEAST_SAID or any(
        sentence.segment.stands_in(word.start) for word in words
    )


def _with_what_it_is_part_of(sentence: Sentence, verb: int, clauses: list[Span]) -> list[Span]:
    """The quotations, or the clause of which they are a part."""
    found = sentence.complement(verb)
    if found is None:
        return clauses
    whole = [span for part in found[1] for span in sentence.span(part)]
    beyond = sum(len(span) - sum(_shared(span, c) for c in clauses) for span in whole)
    if beyond <= BEYOND_QUOTATION:
        return clauses
    return whole + [c for c in clauses if not any(span.covers(c) for span in whole)]


def _introducing_verb(sentence: Sentence) -> int | None:
    """The verb on which a quotation hangs, else the nearest one that has a subject."""
    grammar, segment = sentence.grammar, sentence.segment
    places = [w for p in segment.clauses for w in words_between(grammar.tree, p.start, p.end)]
    if not places:
        return None
    here = next((i for i in places if grammar.tree[i].text == STAND_IN), places[0])
    above = _verbs_above(grammar, here, places)
    cues = [verb for verb in above if sentence.cues.has(grammar.tree[verb].lemma)]
    if cues or above:
        return (cues or above)[0]
    verbs = [
        i
        for i, word in enumerate(grammar.tree)
        if _may_introduce(grammar, i)
        and not segment.stands_in(word.start)
        and grammar.subject(i) is not None
    ]
    return min(verbs, key=lambda i: min(abs(i - place) for place in places), default=None)


def _verbs_above(grammar: Grammar, position: int, places: Sequence[int]) -> list[int]:
    verbs = []
    for _ in range(CLIMBED):
        above = grammar.tree[position].head
        if above == position:
            break
        position = above
        if position not in places and _may_introduce(grammar, position):
            verbs.append(position)
    return verbs


def _may_introduce(grammar: Grammar, position: int) -> bool:
    return grammar.is_verb(position) and grammar.tree[position].lemma not in NEVER_INTRODUCES


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))
