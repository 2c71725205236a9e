"""How English says that somebody said something: a table of rules for a sentence.

A rule is given a sentence and yields what it finds said there. The table is read from top to
bottom; a cue that one rule has used is left alone by those below. A sentence that no rule
understands yields nothing. To add a rule is to add a function and its row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from index.attribution.capitals import RUN
from index.attribution.cues import CONCLUSIONS, SHOWS
from index.attribution.grammar import NOUNS, Grammar, Range, is_name, words_between
from index.attribution.segmenting import MARKS, STAND_IN
from index.attribution.sentence import Sentence
from index.attribution.unparsed import beside
from index.attribution.utterances import Subject, Utterance
from index.documents import Span
from index.english.somebody import SubjectSense, meaning
from index.english.word_lists import (
    ADDS_NOTHING,
    CONDITIONS,
    FINDERS,
    LIGHT_VERBS_OF_SAYING,
    LINKS_TO_A_VIEW,
    MADE_KNOWN,
    MAKING_KNOWN,
    NEVER_INTRODUCES,
    NOT_A_SPEAKER,
    SAYS_NOTHING,
    VIEWS,
)

Rule = Callable[[Sentence], Iterator[Utterance]]

LABEL = re.compile(rf"(?:^|[.?!”\"] +)(?P<name>{RUN.pattern})(?:, [^,:.]+| \([^)]*\))?: *$")
"""Anna Holt: "…"."""

BEYOND_QUOTATION = 25
"""Characters outside the quotation from which a statement is more than the quotation."""

CLIMBED = 6
"""Words between a quotation and the verb that introduces it, in the tree."""

GOES_ON = ",?!—–-"
"""At the end of a quotation behind which its speaker may be named."""

BEGINS_CLAUSE = frozenset("DT PRP PRP$ NN NNS NNP NNPS JJ JJR JJS CD IN EX".split())
FINITE = frozenset("VBD VBZ VBP MD".split())
"""Tags of the words with which a clause may begin, and of verbs in a tense."""

OBJECTING = frozenset("though although while whereas but".split())

LEAST_SAID = 3
"""Words from which a part of a sentence says something."""


def said_in(sentence: Sentence) -> list[Utterance]:
    """What the rules find said in a sentence, in the order of the table."""
    found: list[Utterance] = []
    for name, rule in RULES.items():
        used = {utterance.cue for utterance in found}
        for utterance in rule(sentence):
            if utterance.cue is None or utterance.cue not in used:
                utterance.found_by = name
                found += [utterance, *_by_others_too(utterance)]
    return found


def _by_others_too(utterance: Utterance) -> Iterator[Utterance]:
    """The same, said by B as well, of "A and B said"."""
    subject = utterance.subject
    if isinstance(subject, Subject):
        for position in subject.grammar.joined(subject.position):
            yield replace(utterance, subject=Subject(subject.grammar, position))


def quoted(sentence: Sentence) -> Iterator[Utterance]:
    """The quotations that are sentences of their own, and who is credited with them."""
    grammar = sentence.grammar
    for introducing, clauses in _introduced(sentence):
        reported = grammar.reported(introducing)
        verb = introducing if reported is None else reported
        subject = _who_speaks(sentence, verb)
        said = None if subject is None else sentence.utterance(verb, subject, [])
        if said is not None and grammar.is_asserted(verb):
            said.content = _with_what_it_is_part_of(sentence, verb, clauses)
            said.quoted = said.content == clauses
            said.declares |= sentence.cues.has(grammar.tree[verb].lemma)
            yield said


def labelled(sentence: Sentence) -> Iterator[Utterance]:
    """Quotations with a name and a colon in front."""
    for before, piece in pairwise(sentence.segment.pieces):
        named = LABEL.search(sentence.words(before)) if piece.stands_in else None
        if named and named["name"].lower() not in NOT_A_SPEAKER:
            start = before.source.start
            name = Span(start + named.start("name"), start + named.end("name"))
            yield Utterance("", sentence.number, name, None, [piece.source], quoted=True)


def governed(sentence: Sentence) -> Iterator[Utterance]:
    """What cues govern: "said that …", "called for …", "Putin's remark about …"."""
    grammar = sentence.grammar
    for cue, source in sentence.sources():
        found = sentence.complement(cue)
        if found is None or _says_nothing(sentence, found[1]) or not grammar.is_asserted(cue):
            continue
        said = sentence.utterance(cue, source, found[1])
        if said is not None:
            yield said


def concluded(sentence: Sentence) -> Iterator[Utterance]:
    """What those find or decide who are there to do it: "the audit shows that …", "the
    Board agreed to …"."""
    grammar = sentence.grammar
    for verb, source in sentence.sources():
        for cues, who in CONCLUSIONS:
            is_it = grammar.tree[source].text.lower() == "it"
            if not cues.has(grammar.tree[verb].lemma) or not (
                is_it or _is_one_of(grammar, source, who)
            ):
                continue
            if not grammar.of(verb, "ccomp", "xcomp"):
                continue
            found = sentence.complement(verb, cues)
            said = found and sentence.utterance(verb, source, found[1])
            is_deed = found and found[0] == "xcomp" and _is_reported(sentence, verb)
            if said and grammar.is_asserted(verb) and not is_deed:
                said.only_if_named = is_it
                yield said
                break


def found_out(sentence: Sentence) -> Iterator[Utterance]:
    """What a survey or figures show where the parser takes the verb for a noun: "figures from
    the ministry show exports fell", and ", a survey by the union shows" behind it all."""
    grammar = sentence.grammar
    last = len(grammar.tree) - 1
    while last > 0 and not grammar.tree[last].text.isalnum():
        last -= 1
    for verb, word in enumerate(grammar.tree):
        if word.text.lower() not in SHOWS or sentence.segment.stands_in(word.start):
            continue
        start, finder = _finder_before(grammar, verb)
        if finder is None or grammar.tree[start].text.lower() in CONDITIONS:
            continue
        behind, before = (verb + 1, last), (0, start - 2)
        if verb == last and start > LEAST_SAID and grammar.tree[start - 1].text == ",":
            content = before
        elif start == 0 and verb < last and _is_clause(grammar, behind):
            content = behind
        else:
            continue
        said = sentence.utterance(verb, finder, [content])
        if said is not None:
            said.declares = True
            yield said


def _finder_before(grammar: Grammar, verb: int) -> tuple[int, int | None]:
    """Where the noun phrase in front of it begins, and the noun, if that finds things out."""
    start = verb
    while start > 0 and not grammar.is_verb(start - 1) and grammar.tree[start - 1].text != ",":
        start -= 1
    nouns = (
        i
        for i in range(start, verb)
        if grammar.tree[i].tag in NOUNS and (i + 1 == verb or grammar.tree[i + 1].tag == "IN")
    )
    head = next(nouns, None)
    is_finder = head is not None and not {*_forms_of(grammar, head)}.isdisjoint(FINDERS)
    return start, head if is_finder else None


def _is_clause(grammar: Grammar, part: Range) -> bool:
    """Does it begin with no verb of its own, and has it one later?"""
    first, *rest = grammar.tree[part[0] : part[1] + 1]
    return first.tag in BEGINS_CLAUSE and any(word.tag in FINITE for word in rest)


def opined(sentence: Sentence) -> Iterator[Utterance]:
    """What somebody says by a noun or an adjective with "that" behind it, and a verb that says
    little by itself: "was of the view that …", "made it clear that …"."""
    grammar = sentence.grammar
    for position, word in enumerate(grammar.tree[:-1]):
        that = grammar.tree[position + 1]
        if that.text.lower() != "that" or that.relation != "mark":
            continue
        verb = _light_verb(grammar, position, word.text.lower())
        source = None if verb is None else grammar.subject(verb)
        if verb is None or source is None or not grammar.is_asserted(verb):
            continue
        said = sentence.utterance(verb, source, [(position + 1, grammar.tree[that.head].right)])
        if said is not None:
            said.declares = True
            yield said


def _light_verb(grammar: Grammar, position: int, word: str) -> int | None:
    """The verb that says with this word that something is so."""
    above = grammar.tree[position].head
    near, lemmas = [above], LIGHT_VERBS_OF_SAYING
    if word in MADE_KNOWN:
        near, lemmas = [above, grammar.tree[above].head], MAKING_KNOWN
    elif word in VIEWS and grammar.tree[position].relation in ("dobj", "pobj"):
        if grammar.tree[above].text.lower() in LINKS_TO_A_VIEW:
            near = [grammar.tree[above].head]
    else:
        return None
    verbs = (verb for verb in near if grammar.is_verb(verb) and not grammar.is_planned(verb))
    return next((verb for verb in verbs if grammar.tree[verb].lemma in lemmas), None)


def according(sentence: Sentence) -> Iterator[Utterance]:
    """The whole sentence but for "according to …", unless somebody else says all of it: "the
    prosecutor said that, according to the report, …". Behind all that is said it is of whoever
    tells so: "the prosecutor said so, according to the report"."""
    grammar = sentence.grammar
    for position, word in enumerate(grammar.tree):
        if word.text.lower() != "according":
            continue
        named = [k for j in grammar.of(position, "prep") for k in grammar.of(j, "pobj")]
        if not named:
            continue
        last = grammar.tree[named[0]].right
        before, behind = (0, position - 1), (last + 1, _objection(grammar, last + 1) - 1)
        if _says_something(sentence, behind) and _is_reported(sentence, position):
            continue
        content = [part for part in (before, behind) if _says_something(sentence, part)]
        said = sentence.utterance(position, named[0], content)
        if said is not None:
            said.declares = True
            yield said


RULES: Mapping[str, Rule] = {
    "quotation": quoted,
    "label": labelled,
    "cue": governed,
    "conclusion": concluded,
    "finding": found_out,
    "opinion": opined,
    "according": according,
    "beside": beside,
}


def _objection(grammar: Grammar, start: int) -> int:
    """Where a clause begins in which somebody else objects: ", though the ministry puts it at
    two"; the end of the sentence if none does."""
    for position in range(start + 1, len(grammar.tree)):
        word = grammar.tree[position]
        subject = grammar.subject(word.head) if word.text.lower() in OBJECTING else None
        if subject is not None and grammar.tree[position - 1].text == ",":
            noun = grammar.tree[subject]
            if subject > position and meaning(noun.text.lower()) is SubjectSense.SOMEBODY:
                return position - 1
    return len(grammar.tree)


def _is_one_of(grammar: Grammar, noun: int, who: frozenset[str]) -> bool:
    """Is it one of them, or has it such a title?"""
    words = [noun, *(j for j in grammar.of(noun, "compound") if is_name(grammar.tree[j]))]
    return any(not who.isdisjoint(_forms_of(grammar, word)) for word in words)


def _forms_of(grammar: Grammar, noun: int) -> Iterator[str]:
    """The noun as lists of words have it: "Records" is tagged for a name, which has no lemma."""
    word = grammar.tree[noun]
    plain = word.text.lower().rstrip(".")
    yield from (word.lemma, plain, plain.removesuffix("s"), f"{plain.removesuffix('ies')}y")


def _is_reported(sentence: Sentence, position: int) -> bool:
    """Does it stand in what a cue governs?"""
    grammar = sentence.grammar
    for _ in range(CLIMBED):
        above = grammar.tree[position].head
        verb = grammar.tree[above].head
        if grammar.tree[above].relation == "ccomp" and above > verb != above:
            return sentence.cues.takes(grammar.tree[verb].lemma, "ccomp") and verb < position
        position = above
    return False


def _says_nothing(sentence: Sentence, parts: Sequence[Range]) -> bool:
    tree = sentence.grammar.tree
    said = [word for first, last in parts for word in tree[first : last + 1] if word.text.isalnum()]
    empty = [word.tag == "PRP" or word.text.lower() in SAYS_NOTHING for word in said]
    return empty == [True] or (
        empty[:1] == [True] and all(word.text.lower() in ADDS_NOTHING for word in said[1:])
    )


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
    others = [p.source for p in sentence.segment.clauses if p.source not in clauses]
    if beyond <= BEYOND_QUOTATION or any(span.overlaps(o) for span in whole for o in others):
        return clauses
    return whole + [c for c in clauses if not any(span.covers(c) for span in whole)]


def _introduced(sentence: Sentence) -> Iterator[tuple[int, list[Span]]]:
    """The verbs that introduce quotations, with them: one for each who speaks."""
    clauses = [*_closed(sentence)]
    introducing = [*_introducing_each(sentence)] if len(clauses) > 1 else []
    speakers = [_who_speaks(sentence, verb) for verb, _ in introducing]
    if len({*speakers}) > 1:
        for speaker in dict.fromkeys(speakers):
            theirs = [
                each for each, who in zip(introducing, speakers, strict=True) if who == speaker
            ]
            yield theirs[0][0], [clause for _, clause in theirs]
    elif clauses and (only := _introducing_verb(sentence)) is not None:
        yield only, clauses


def _closed(sentence: Sentence) -> Iterator[Span]:
    """The quotations, without those that another one follows though they are not closed."""
    pieces = sentence.segment.clauses
    for piece in pieces:
        if piece is pieces[-1] or sentence.words(piece).endswith(tuple(MARKS)):
            yield piece.source


def _introducing_each(sentence: Sentence) -> Iterator[tuple[int, Span]]:
    """The verb right behind each quotation, else the last one in front of it; none unless each
    has one."""
    grammar, clauses = sentence.grammar, sentence.segment.clauses
    verbs = [
        i
        for i, word in enumerate(grammar.tree)
        if sentence.cues.has(word.lemma)
        and grammar.is_verb(i)
        and not sentence.segment.stands_in(word.start)
        and _who_speaks(sentence, i) is not None
    ]
    for clause, following in zip(clauses, (*clauses[1:], None), strict=False):
        end = following.start if following else math.inf
        behind = [i for i in verbs if clause.end <= grammar.tree[i].start < end]
        before = [i for i in verbs if grammar.tree[i].end <= clause.start]
        goes_on = sentence.words(clause).rstrip(MARKS).endswith(tuple(GOES_ON))
        if behind and (goes_on or not before):
            yield behind[0], clause.source
        elif before:
            yield before[-1], clause.source


def _who_speaks(sentence: Sentence, verb: int) -> int | None:
    """The subject, or what stands behind the verb that follows a quotation."""
    grammar = sentence.grammar
    subject = grammar.subject(verb)
    if subject is not None:
        return subject
    before = [word for word in grammar.tree[max(0, verb - 2) : verb] if word.text != ","][-1:]
    follows = any(sentence.segment.stands_in(word.start) for word in before)
    return grammar.behind(verb) if follows else None


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
        and _who_speaks(sentence, i) is not None
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
