"""Documents to statements: who said what, as spans.

    quotations, sentences -> parsed where there is a cue or a quotation
    -> utterances: who (grammar), cue, content -> who is meant (naming) -> Statement

A sentence that no rule understands yields nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from index.attribution.cues import ENGLISH, Cues
from index.attribution.grammar import Grammar, Range, is_name, words_between
from index.attribution.parsing import Parser
from index.attribution.people import People
from index.attribution.quotations import quotations
from index.attribution.segmenting import STAND_IN, Segment, segments
from index.chunking import paragraphs
from index.documents import Document, Span, Speech, Statement
from index.english.lexicon import (
    NEVER_INTRODUCES,
    NOBODY,
    ORGANIZATION,
    PRONOUNS,
    UNKNOWN_SPEAKERS,
)

WORD = re.compile(r"[^\W\d_]+")
ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)

BEYOND_QUOTATION = 25
"""Characters outside the quotation from which a statement is more than the quotation."""

MARKS = 2
"""Characters of a quotation that a parser may part from its words: ".”"."""

CLIMBED = 6
"""Words between a quotation and the verb that introduces it, in the tree."""


@dataclass
class Utterance:
    """Something said, as found in one segment; later segments may go on with it."""

    segment: int
    grammar: Grammar
    verb: int
    subject: int
    cue: Span
    content: list[Span]
    quoted: bool
    negated: bool
    hedged: bool
    reporter: int | None = None
    speaker: str | None = None
    reported_by: str | None = None
    as_printed: Span = field(default_factory=lambda: Span(0, 0))


def attribute(document: Document, parser: Parser, cues: Cues = ENGLISH) -> tuple[Statement, ...]:
    """The statements of a document in the parser's and the cues' language, in reading
    order."""
    return _Attribution(document, parser, cues).statements()


def governed(
    document: Document, parser: Parser, cues: Cues
) -> Iterator[tuple[Statement, tuple[str, str]]]:
    """What each verb governs by itself, with the verb and the kind of complement: what
    cues are learned from."""
    attribution = _Attribution(document, parser, cues)
    yield from attribution.governed()


class _Attribution:
    """One document, and what was found so far."""

    def __init__(self, document: Document, parser: Parser, cues: Cues) -> None:
        self._cues = cues
        self._text = document.text
        spans = [*paragraphs(document.text, document.headings)]
        self._quotations = [*quotations(document.text, spans)]
        self._quoted_from = [quotation.start for quotation in self._quotations]
        self._segments = segments(document.text, spans, self._quotations)
        self._grammars = _parsed(self._segments, parser, cues)
        self._people = People(
            document.text, [segment.span for segment in self._segments], self._quotations
        )

    def statements(self) -> tuple[Statement, ...]:
        utterances = self._utterances()
        self._name(utterances)
        made = [
            self._statement(utterance, together)
            for _, group in groupby(utterances, key=lambda utterance: utterance.segment)
            for together in [[*group]]
            for utterance in together
            if utterance.content
        ]
        return tuple(sorted(made, key=lambda s: (s.content[0].start, s.cue.start)))

    def governed(self) -> Iterator[tuple[Statement, tuple[str, str]]]:
        for number, grammar in self._grammars.items():
            for cue, source in self._sources(number, grammar):
                for kind, parts in complements_of(grammar, cue):
                    utterance = self._utterance(number, grammar, cue, source, parts)
                    if utterance is not None and utterance.content:
                        yield self._statement(utterance, ()), (cue_of(grammar, cue), kind)

    # -- what is said --------------------------------------------------------

    def _utterances(self) -> list[Utterance]:
        found: list[Utterance] = []
        open_: Utterance | None = None
        waiting: list[Span] = []
        for number, segment in enumerate(self._segments):
            if segment.is_only_quoted:
                span = segment.clauses[0].source
                if open_ is not None:
                    open_.content.append(span)
                else:
                    waiting.append(span)
                continue
            here = self._in_segment(number)
            if waiting and here and here[0].quoted and self._same_paragraph(number, waiting[-1]):
                here[0].content[:0] = waiting
            waiting = []
            open_ = here[0] if here else None
            found += here
        return found

    def _same_paragraph(self, number: int, span: Span) -> bool:
        between = self._text[span.end : self._segments[number].span.start]
        return "\n" not in between

    def _in_segment(self, number: int) -> list[Utterance]:
        grammar = self._grammars.get(number)
        if grammar is None:
            return []
        governed = self._governed(number, grammar)
        quoted = self._quoted(number, grammar)
        if quoted is None:
            return [*governed]
        return [quoted, *(said for said in governed if said.verb != quoted.verb)]

    def _governed(self, number: int, grammar: Grammar) -> Iterator[Utterance]:
        """What cues govern: "said that …", "called for …", "according to …"."""
        for cue, source in self._sources(number, grammar):
            found = self._complement(grammar, cue)
            said = found and self._utterance(number, grammar, cue, source, found[1])
            if said:
                yield said
        for position, word in enumerate(grammar.tree):
            if word.text.lower() == "according":
                reported = self._according(number, grammar, position)
                if reported:
                    yield reported

    def _sources(self, number: int, grammar: Grammar) -> Iterator[tuple[int, int]]:
        """Every verb outside stand-ins with its subject, every noun with its owner."""
        for position, word in enumerate(grammar.tree):
            if self._segments[number].stands_in(word.start):
                continue
            verb = grammar.is_verb(position)
            source = grammar.subject(position) if verb else grammar.owner(position)
            if source is not None:
                yield position, source

    def _complement(self, grammar: Grammar, position: int) -> tuple[str, list[Range]] | None:
        """What a verb or noun governs as a cue, if it is one."""
        cue = cue_of(grammar, position)
        if grammar.is_verb(position) and grammar.reported(position) is not None:
            return None
        complements = complements_of(grammar, position)
        return next((c for c in complements if self._cues.takes(cue, c[0])), None)

    def _according(self, number: int, grammar: Grammar, position: int) -> Utterance | None:
        """The whole sentence but for "according to …"."""
        named = [k for j in grammar.of(position, "prep") for k in grammar.of(j, "pobj")]
        if not named:
            return None
        last = grammar.tree[named[0]].right
        parts = [(0, position - 1), (last + 1, len(grammar.tree) - 1)]
        content = [part for part in parts if self._says_something(number, grammar, part)]
        return self._utterance(number, grammar, position, named[0], content)

    def _says_something(self, number: int, grammar: Grammar, part: Range) -> bool:
        words = grammar.tree[part[0] : part[1] + 1]
        segment = self._segments[number]
        return sum(word.text.isalnum() for word in words) >= 3 or any(
            segment.stands_in(word.start) for word in words
        )

    def _quoted(self, number: int, grammar: Grammar) -> Utterance | None:
        """The quotations that are sentences of their own, and who is credited with them."""
        segment = self._segments[number]
        clauses = [piece.source for piece in segment.clauses]
        verb = self._introducing_verb(segment, grammar)
        if not clauses or verb is None:
            return None
        reported = grammar.reported(verb)
        verb = verb if reported is None else reported
        subject = grammar.subject(verb)
        if subject is None:
            return None
        said = self._utterance(number, grammar, verb, subject, [])
        if said is not None:
            said.content = self._with_what_it_is_part_of(segment, grammar, verb, clauses)
            said.quoted = said.content == clauses
        return said

    def _with_what_it_is_part_of(
        self, segment: Segment, grammar: Grammar, verb: int, clauses: list[Span]
    ) -> list[Span]:
        """The quotations, or the clause of which they are a part."""
        found = self._complement(grammar, verb)
        if found is None:
            return clauses
        whole = [span for part in found[1] for span in self._span(segment, grammar, part)]
        beyond = sum(len(span) - sum(_shared(span, c) for c in clauses) for span in whole)
        if beyond <= BEYOND_QUOTATION:
            return clauses
        return whole + [c for c in clauses if not any(span.covers(c) for span in whole)]

    def _introducing_verb(self, segment: Segment, grammar: Grammar) -> int | None:
        """The verb on which a quotation hangs, else the nearest one that has a subject."""
        places = [w for p in segment.clauses for w in words_between(grammar.tree, p.start, p.end)]
        if not places:
            return None
        here = next((i for i in places if grammar.tree[i].text == STAND_IN), places[0])
        above = self._verbs_above(grammar, here, places)
        cues = [verb for verb in above if self._cues.has(grammar.tree[verb].lemma)]
        if cues or above:
            return (cues or above)[0]
        verbs = [
            i
            for i, word in enumerate(grammar.tree)
            if self._may_introduce(grammar, i)
            and not segment.stands_in(word.start)
            and grammar.subject(i) is not None
        ]
        return min(verbs, key=lambda i: min(abs(i - place) for place in places), default=None)

    def _verbs_above(self, grammar: Grammar, position: int, places: Sequence[int]) -> list[int]:
        verbs = []
        for _ in range(CLIMBED):
            above = grammar.tree[position].head
            if above == position:
                break
            position = above
            if position not in places and self._may_introduce(grammar, position):
                verbs.append(position)
        return verbs

    def _may_introduce(self, grammar: Grammar, position: int) -> bool:
        return grammar.is_verb(position) and grammar.tree[position].lemma not in NEVER_INTRODUCES

    def _utterance(
        self, number: int, grammar: Grammar, verb: int, subject: int, parts: Iterable[Range]
    ) -> Utterance | None:
        """None where a quotation itself would be the speaker."""
        segment, word = self._segments[number], grammar.tree[verb]
        if segment.stands_in(grammar.tree[subject].start):
            return None
        reporting = grammar.reporting(verb) if grammar.is_verb(verb) else None
        return Utterance(
            number, grammar, verb, subject,
            cue=segment.source(word.start, word.end),
            content=[span for part in parts for span in self._span(segment, grammar, part)],
            quoted=False,
            negated=grammar.is_negated(verb),
            hedged=grammar.is_hedged(verb),
            reporter=None if reporting is None else grammar.subject(reporting),
        )  # fmt: skip

    def _span(self, segment: Segment, grammar: Grammar, part: Range) -> Iterator[Span]:
        words = grammar.trimmed(part)
        if words is not None:
            first, last = grammar.tree[words[0]], grammar.tree[words[1]]
            yield self._with_marks(segment.source(first.start, last.end))

    def _with_marks(self, span: Span) -> Span:
        """With the marks of the quotations at its ends, and what stands before the last."""
        quotations = self._quotations
        for i in {
            bisect_left(self._quoted_from, place) - 1 for place in (span.start + 1, span.end)
        }:
            if i >= 0 and span.overlaps(quotations[i]) and _stick_out(quotations[i], span) <= MARKS:
                span = Span(min(span.start, quotations[i].start), max(span.end, quotations[i].end))
        return span

    # -- who says it ---------------------------------------------------------

    def _name(self, utterances: Sequence[Utterance]) -> None:
        spoke: dict[int, str] = {}
        for utterance in utterances:
            utterance.as_printed, utterance.speaker = self._who(utterance, utterance.subject, spoke)
            if utterance.reporter is not None:
                utterance.reported_by = self._who(utterance, utterance.reporter, spoke)[1]
            if utterance.speaker is not None:
                self._people.spoke(utterance.speaker)
                spoke[utterance.segment] = utterance.speaker

    def _who(
        self, utterance: Utterance, subject: int, spoke: Mapping[int, str]
    ) -> tuple[Span, str | None]:
        """The subject as printed, and the full name."""
        printed = self._printed(utterance, subject)
        whole = self._institution(utterance, subject, printed)
        if whole is None:
            return printed, self._speaker(printed, spoke)
        return whole, " ".join(
            ARTICLE.sub("", self._text[whole.start : whole.end], count=1).split()
        )

    def _institution(self, utterance: Utterance, subject: int, printed: Span) -> Span | None:
        """The printed name with "of …" if that is part of it, as of no person's."""
        grammar, segment = utterance.grammar, self._segments[utterance.segment]
        last, run = grammar.body(subject), self._people.run_at(printed.end)
        head = grammar.tree[subject]
        if last is None or run is None or {*run.titles} - {"the"}:
            return None
        the = any(grammar.tree[j].text.lower() == "the" for j in grammar.of(subject, "det"))
        known = head.text.lower() in ORGANIZATION or (the and len(run.name) == 1)
        if not known or segment.source(head.start, head.end).end != printed.end:
            return None
        word = grammar.tree[last]
        return Span(printed.start, segment.source(word.start, word.end).end)

    def _printed(self, utterance: Utterance, subject: int) -> Span:
        """The subject up to its last word, with an apposed name: "the head, Ann Lee"."""
        grammar = utterance.grammar
        tree, segment = grammar.tree, self._segments[utterance.segment]
        apposed = [j for j in grammar.of(subject, "appos") if is_name(tree[j])]
        last = tree[apposed[0] if apposed and not is_name(tree[subject]) else subject]
        flat = [tree[j].end for j in grammar.of(subject, "flat")]
        span = segment.source(tree[tree[subject].left].start, max([last.end, *flat]))
        party = self._text.rfind(" (", segment.span.start, span.end)
        if party > 0 and ")" not in self._text[party : span.end]:
            span = Span(min(span.start, party - 1), party)
        run = self._people.run_at(span.end)
        return self._begun(utterance, Span(run.span.start, span.end) if run else span)

    def _begun(self, utterance: Utterance, span: Span) -> Span:
        """Without what begins no name: "As", "Neither", the end of a sentence."""
        segment, start = self._segments[utterance.segment], span.start
        for word in utterance.grammar.tree:
            begins = word.tag in ("IN", "CC") or word.text.lower() in NOBODY
            if not begins and word.text != ".":
                continue
            place = segment.source(word.start, word.end)
            after = place.start == start or (word.text == "." and start < place.start)
            if after and place.end < span.end:
                start = place.end + (self._text[place.end] == " ")
        return Span(start, span.end)

    def _speaker(self, printed: Span, spoke: Mapping[int, str]) -> str | None:
        words = self._text[printed.start : printed.end]
        if words.lower() in PRONOUNS:
            return self._people.pronoun(words, printed.start, spoke)
        if words.lower() in UNKNOWN_SPEAKERS:
            return None
        run = self._people.run_at(printed.end)
        if run is not None:
            cut = len(self._text[run.span.start : printed.start].split()) - len(run.titles)
            return self._people.named(replace(run, name=run.name[max(0, cut) :] or run.name))
        return self._people.described(WORD.findall(words), printed.start) or words

    def _statement(self, utterance: Utterance, others: Sequence[Utterance]) -> Statement:
        return Statement(
            speaker=utterance.speaker,
            as_printed=utterance.as_printed,
            cue=utterance.cue,
            content=tuple(utterance.content),
            speech=self._speech(utterance),
            negated=utterance.negated,
            hedged=utterance.hedged,
            reported_by=utterance.reported_by or _reporter(utterance, others),
            contradiction=self._people.contradictions(utterance.speaker or ""),
        )

    def _speech(self, utterance: Utterance) -> Speech:
        if utterance.quoted:
            return "direct"
        return "mixed" if any(map(self._has_quotation, utterance.content)) else "indirect"

    def _has_quotation(self, span: Span) -> bool:
        last = bisect_left(self._quoted_from, span.end) - 1
        return last >= 0 and self._quotations[last].overlaps(span)


def cue_of(grammar: Grammar, position: int) -> str:
    """How the inventory spells a cue: a noun that somebody has with 's, "remark's"."""
    lemma = grammar.tree[position].lemma
    return lemma if grammar.is_verb(position) else f"{lemma}'s"


def complements_of(grammar: Grammar, position: int) -> Iterator[tuple[str, list[Range]]]:
    """What a verb or noun governs and how, the likeliest first."""
    verb = grammar.is_verb(position)
    return grammar.complements(position) if verb else grammar.complements_of_noun(position)


def _parsed(segments: Sequence[Segment], parser: Parser, cues: Cues) -> dict[int, Grammar]:
    """The grammar of each segment that may hold a statement, by its number."""
    chosen = [i for i, segment in enumerate(segments) if _may_hold_statement(segment, cues)]
    trees = parser.parse([segments[i].parsed_text for i in chosen])
    return {i: Grammar(tree) for i, tree in zip(chosen, trees, strict=True)}


def _may_hold_statement(segment: Segment, cues: Cues) -> bool:
    """Has it a cue, or a quotation and words beside it?"""
    if segment.is_only_quoted:
        return False
    words = [word.lower() for word in WORD.findall(segment.parsed_text)]
    return bool(segment.clauses) or "according" in words or cues.may_be_among(words)


def _reporter(utterance: Utterance, others: Iterable[Utterance]) -> str | None:
    """Who reports that it was said: "…, Rahmon said, according to EurasiaNet"."""
    for other in others:
        within = any(span.covers(utterance.cue) for span in other.content)
        if other is not utterance and within and other.speaker != utterance.speaker:
            return other.speaker
    return None


def _stick_out(one: Span, other: Span) -> int:
    """How far one of them goes beyond an end of the other."""
    return max(other.start - one.start, one.end - other.end)


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))
