"""Documents to statements: who said what, as spans.

forms -> turns; quotations, sentences -> parsed where there is a cue or a quotation
-> utterances (rules) -> who is meant (naming) -> Statement
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby

from index.attribution.continuing import Discourse
from index.attribution.cues import ENGLISH_CUES, Cues, may_be_concluded
from index.attribution.forms.minutes import body_of_minutes
from index.attribution.forms.table import turns_of
from index.attribution.forms.turns import PrintedDocument, SpeakerTurn, without_labels
from index.attribution.grammar import Grammar
from index.attribution.leading_in import Paragraphs, leads_in
from index.attribution.naming import WORD, Naming
from index.attribution.parsing import Parser
from index.attribution.people import People
from index.attribution.quotations import quotations, within
from index.attribution.rules import said_in
from index.attribution.segmenting import Segment, segments
from index.attribution.sentence import Quotations, Sentence, complements_of, cue_of
from index.attribution.speaking import Speaking
from index.attribution.utterances import Subject, Utterance
from index.chunking import paragraphs_of
from index.documents import Document, Occasion, Span, Speech, Statement
from index.english import ENGLISH
from index.english.word_lists import MADE_KNOWN, VIEWS
from index.lexicon import Lexicon

OF_THE_VIEW = re.compile(rf"\b(?:{'|'.join(sorted(VIEWS | MADE_KNOWN))}) that\b")
REST_OF_A_WORD = re.compile(r"[’']?[a-z]")
TALK = re.compile(r"\?|\byou(?:r|rs|rself)?\b", re.IGNORECASE)

LEAST_TALKS = 2
"""Paragraphs that begin with a quotation mark from which a document may be a dialogue."""

LEAST_ADJOINING = 0.6
"""The share of them that stand beside another one."""

LEAST_TALK = 0.5
"""The share of them that are short, ask, or address somebody. With these two 4 of 115 news
articles with several such paragraphs are taken for dialogues, without the one before 35."""

LONGEST_TALK = 8
"""Words of a short one."""

BREAKS = re.compile(r",[”\"’'][^.?!”\"’']*$")
BROKEN = re.compile(r"[ \t]*\n[ \t]*")


def attribute(
    document: Document,
    parser: Parser,
    cues: Cues = ENGLISH_CUES,
    lexicon: Lexicon = ENGLISH,
) -> tuple[Statement, ...]:
    """The statements of a document in the language of the parser, the cues and the lexicon, in
    reading order."""
    return _Attribution(document, parser, cues, lexicon).statements()


def governed(
    document: Document, parser: Parser, cues: Cues, lexicon: Lexicon = ENGLISH
) -> Iterator[tuple[Statement, tuple[str, str]]]:
    """What each verb governs by itself, with the verb and the kind of complement: what
    cues are learned from."""
    attribution = _Attribution(document, parser, cues, lexicon)
    yield from attribution.governed()


class _Attribution:
    """One document, and what was found so far."""

    def __init__(self, document: Document, parser: Parser, cues: Cues, lexicon: Lexicon) -> None:
        self._text = document.text
        spans = paragraphs_of(document)
        layout = PrintedDocument.of(document, spans)
        self._turns, self._body = turns_of(layout), body_of_minutes(layout)
        spans = [*_unbroken(document.text, without_labels(spans, self._turns))]
        self._set_off = Paragraphs(document, spans)
        self._paragraphs = {span.start: number for number, span in enumerate(spans)}
        self._quotations = Quotations([*quotations(document.text, spans)])
        if self._is_dialogue:  # in a tale, who calls for somebody or attacks him says nothing
            cues = cues.of_clauses()
        self._segments = segments(document.text, spans, self._quotations.spans, cues.begin)
        self._inner = [*self._in_quotations(cues)]
        self._sentences = _parsed([*self._segments, *self._inner], parser, cues, self._quotations)
        self._people = People(
            document.text,
            [segment.span for segment in self._segments],
            self._quotations.spans,
            lexicon,
        )
        said = self._quotations.spans
        self._speaking = Speaking(self._text, said, self._people) if cues.are_english else None

    def statements(self) -> tuple[Statement, ...]:
        if self._is_dialogue:
            self._people.know(None)
        utterances = self._utterances()
        if not self._is_dialogue:
            self._people.know(self._subjects(utterances))
        segments = [*self._segments, *self._inner]
        naming = Naming(self._text, segments, self._people, self._body)
        for utterance in utterances:
            naming.name(utterance)
        naming.name_by_what_follows(utterances)
        made = [
            self._statement(utterance, together)
            for _, group in groupby(utterances, key=lambda utterance: utterance.segment)
            for together in [[*group]]
            for utterance in together
            if utterance.content and self._is_anybodys(utterance)
        ]
        return tuple(sorted(made, key=lambda s: (s.content[0].start, s.said_at.start)))

    def governed(self) -> Iterator[tuple[Statement, tuple[str, str]]]:
        for sentence in self._sentences.values():
            grammar = sentence.grammar
            for cue, source in sentence.sources():
                for kind, parts in complements_of(grammar, cue):
                    utterance = sentence.utterance(cue, source, parts)
                    if utterance is not None and utterance.content:
                        yield self._statement(utterance, ()), (cue_of(grammar, cue), kind)

    def _spoken_from(self) -> dict[int, Utterance]:
        """What each turn says, by the number of the segment with which it begins."""
        starts = [segment.span.start for segment in self._segments]
        numbers: Counter[str] = Counter()
        spoken = {}
        for turn in self._turns:
            numbers[turn.form] += bool(turn.content)
            begins = min([turn.label.end, *(span.start for span in turn.content)])
            spoken[bisect_left(starts, begins)] = _spoken(turn, numbers[turn.form])
        return spoken

    def _utterances(self) -> list[Utterance]:
        """Those of all turns and sentences, and what goes on with them."""
        conversation = Discourse(self._text, is_dialogue=self._is_dialogue)
        turns = self._spoken_from()
        told: list[Span] = []
        for number, segment in enumerate(self._segments):
            if number in turns:
                conversation.begin_turn(number, turns[number])
            conversation.begin_paragraph(segment.paragraph)
            if any(span.covers(segment.span) for span in told) and segment.is_only_quoted:
                continue
            if segment.is_only_quoted:
                quoted = [piece.source for piece in segment.clauses]
                conversation.add_quotations(number, quoted)
            else:
                named = [*self._people.capitals_in(segment.span)]
                beginning = self._people.beginning(segment.span)
                here = self._in_segment(number)
                here, told = self._with_set_off(number, here) or (here, told)
                conversation.add_sentence(number, here, named, beginning)
        conversation.end_paragraph()
        return [*conversation.found, *self._quoted_in(conversation.found)]

    def _with_set_off(
        self, number: int, here: list[Utterance]
    ) -> tuple[list[Utterance], list[Span]] | None:
        """What is said in a segment with what is set off below, and that; None if nothing is."""
        segment, sentence = self._segments[number], self._sentences.get(number)
        if sentence is None or not segment.words.endswith(":"):
            return None
        below = self._set_off.led_in_by(segment.paragraph)
        said = leads_in(sentence, here) if below else None
        if said is None:
            return None
        said.content, said.quoted = [*below], True
        said.found_by = "block"
        return [*(each for each in here if each is not said), said], below

    def _in_quotations(self, cues: Cues) -> Iterator[Segment]:
        """Sentences in which whoever is quoted quotes another one."""
        for quotation in self._quotations.spans:
            inner = [*within(self._text, quotation)]
            around = Span(quotation.start + 1, quotation.end)
            for segment in segments(self._text, [around], inner, cues.begin) if inner else ():
                if segment.clauses and not segment.is_only_quoted:
                    yield segment

    def _quoted_in(self, found: Sequence[Utterance]) -> Iterator[Utterance]:
        """Whom those who are quoted quote."""
        for number, segment in enumerate(self._inner, len(self._segments)):
            around = [u for u in found if any(span.covers(segment.span) for span in u.content)]
            for utterance in self._in_segment(number) if around else ():
                if utterance.quoted and not _is_pronouns(utterance):
                    utterance.turn = around[0]
                    yield utterance

    def _is_anybodys(self, utterance: Utterance) -> bool:
        """Is a speaker named? Of a quotation in another one it has to be known who. What is left
        of "let's say" or "hour(s)" names nobody."""
        if utterance.only_if_named and utterance.speaker is None:
            return False
        printed = self._text[utterance.as_printed.start : utterance.as_printed.end]
        if REST_OF_A_WORD.fullmatch(printed):
            return False
        if self._speaking is not None and not self._speaking.is_statement(utterance):
            return False
        if utterance.segment < len(self._segments) or utterance.turn is None:
            return utterance.subject is not None or utterance.speaker is not None
        return utterance.speaker not in (None, utterance.turn.speaker)

    def _subjects(self, utterances: Iterable[Utterance]) -> Iterator[str]:
        """The words that are subjects of what is said."""
        for utterance in utterances:
            if isinstance(utterance.subject, Subject):
                yield utterance.subject.grammar.tree[utterance.subject.position].text

    @cached_property
    def _is_dialogue(self) -> bool:
        """Do paragraphs that begin with a quotation mark follow one another and talk?"""
        begun = {
            self._paragraphs[q.start]: q
            for q in self._quotations.spans
            if q.start in self._paragraphs
        }
        adjoining = sum(number - 1 in begun or number + 1 in begun for number in begun)
        return (
            len(begun) >= LEAST_TALKS
            and adjoining >= LEAST_ADJOINING * len(begun)
            and sum(map(self._is_talk, begun.values())) >= LEAST_TALK * len(begun)
        )

    def _is_talk(self, quotation: Span) -> bool:
        """Is it short, or does it ask or address somebody?"""
        words = WORD.findall(self._text, quotation.start, quotation.end)
        asks = TALK.search(self._text, quotation.start, quotation.end)
        return len(words) <= LONGEST_TALK or asks is not None

    def _in_segment(self, number: int) -> list[Utterance]:
        sentence = self._sentences.get(number)
        return [] if sentence is None else said_in(sentence)

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
            found_by=utterance.found_by,
            occasion=_occasion(utterance),
        )

    def _speech(self, utterance: Utterance) -> Speech:
        if utterance.quoted:
            return "direct"
        return "mixed" if any(map(self._quotations.in_any, utterance.content)) else "indirect"


def _unbroken(text: str, paragraphs: Iterable[Span]) -> Iterator[Span]:
    """The paragraphs; lines between a quotation that ends with a comma and the end of the
    sentence are one."""
    open_: Span | None = None
    for span in paragraphs:
        if (
            open_ is not None
            and BROKEN.fullmatch(text, open_.end, span.start)
            and BREAKS.search(text, open_.start, open_.end)
        ):
            open_ = Span(open_.start, span.end)
            continue
        if open_ is not None:
            yield open_
        open_ = span
    if open_ is not None:
        yield open_


def _parsed(
    segments: Sequence[Segment], parser: Parser, cues: Cues, quotations: Quotations
) -> dict[int, Sentence]:
    """The segments that may hold a statement with their grammar, by number."""
    chosen = [i for i, segment in enumerate(segments) if _may_hold_statement(segment, cues)]
    trees = parser.parse([segments[i].parsed_text for i in chosen])
    return {
        i: Sentence(i, segments[i], Grammar(tree), cues, quotations)
        for i, tree in zip(chosen, trees, strict=True)
    }


def _may_hold_statement(segment: Segment, cues: Cues) -> bool:
    """Has it a cue, or a quotation and words beside it?"""
    if segment.is_only_quoted:
        return False
    words = [word.lower() for word in WORD.findall(segment.parsed_text)]
    return (
        bool(segment.clauses)
        or "according" in words
        or cues.may_be_among(words)
        or may_be_concluded(words)
        or OF_THE_VIEW.search(segment.parsed_text) is not None
    )


def _is_pronouns(utterance: Utterance) -> bool:
    """Is it said by "he"?"""
    subject = utterance.subject
    return isinstance(subject, Subject) and subject.grammar.tree[subject.position].tag == "PRP"


def _spoken(turn: SpeakerTurn, number: int) -> Utterance:
    start = turn.content[0].start if turn.content else turn.label.end
    return Utterance(
        turn.form,
        0,
        turn.speaker or (Span(start, start) if turn.who else None),
        None,
        [*turn.content],
        turn.quoted,
        who=turn.who,
        occasion=Occasion(turn.form, number, turn.time),
    )


def _occasion(utterance: Utterance) -> Occasion | None:
    """That of the turn which it is or stands in."""
    turn = utterance.turn
    within = turn is not None and any(
        span.covers(piece) for span in turn.content for piece in utterance.content[:1]
    )
    return turn.occasion if turn is not None and within else utterance.occasion


def _reporter(utterance: Utterance, others: Iterable[Utterance]) -> str | None:
    """Who reports that it was said: "…, Rahmon said, according to EurasiaNet"; or whose turn
    it is."""
    cue, turn = utterance.cue, utterance.turn
    for other in (*others, turn) if turn else others:
        within = cue is not None and any(span.covers(cue) for span in other.content)
        if other is not utterance and within and other.speaker != utterance.speaker:
            return other.speaker
    return None
