"""Who is meant by the speaker of an utterance: as printed, and the fullest name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.attribution.grammar import is_name
from index.attribution.names import usual_gender
from index.attribution.people import People
from index.attribution.segmenting import Segment
from index.attribution.unparsed import person, without_office
from index.attribution.unparsed_words import PRONOUNS as FOREIGN_PRONOUNS
from index.attribution.unparsed_words import SPOKEN
from index.attribution.utterances import Subject, Utterance
from index.documents import Span
from index.english.word_lists import (
    BEFORE_A_TITLE,
    NOBODY,
    ORGANIZATION,
    PRONOUNS,
    UNKNOWN_SPEAKERS,
)

WORD = re.compile(r"[^\W\d_]+")
RUSSIAN_WOMAN = re.compile(r"(?:ова|ева|ёва|ина|ская|цкая)$")
RUSSIAN_MAN = re.compile(r"(?:ов|ев|ёв|ин|ский|цкий)$")
ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)


CREDITED_BEFORE = 4
"""Sentences back."""

LONGEST_INITIALS = 3
"""Characters: of "BBC", which is no shouted name."""


class Naming:
    """Names the speakers of one document, in reading order: a pronoun may stand for whoever
    spoke before. In minutes "the meeting" is the `body` that meets."""

    def __init__(
        self,
        text: str,
        segments: Sequence[Segment],
        people: People,
        body: Span | str | None = None,
    ) -> None:
        self._text = text
        self._segments = segments
        self._people = people
        self._body = self._named(body) if body else None
        self._spoke: dict[int, str] = {}

    def name(self, utterance: Utterance) -> None:
        """Settle who says it and who reports it."""
        segment, subject = utterance.segment, utterance.subject
        if subject is not None:
            utterance.as_printed, utterance.speaker = self._who(segment, subject, utterance.turn)
        if utterance.answers:
            self._name_by_turns(utterance)
        if utterance.who is not None:
            utterance.speaker = self._named(utterance.who)
        if utterance.turn is not None and self._is_first_person(utterance):
            utterance.speaker = utterance.turn.speaker
        if utterance.turn is not None and self._is_third_person(utterance):
            utterance.speaker = None
        if utterance.reporter is not None:
            utterance.reported_by = self._who(segment, utterance.reporter)[1]
        if utterance.speaker is not None:
            utterance.speaker = self._meeting(utterance.speaker)
            self._people.spoke(utterance.speaker)
            self._spoke[segment] = utterance.speaker

    def _meeting(self, speaker: str) -> str:
        """The body for "the meeting" or "the board" in its minutes; whoever else it is."""
        if self._body is None:
            return speaker
        meets = ("meeting", self._body.split(" ")[-1].lower())
        return self._body if ARTICLE.sub("", speaker).lower() in meets else speaker

    def _name_by_turns(self, utterance: Utterance) -> None:
        """In a dialogue of two the one speaks who spoke before the last."""
        speakers = [each.speaker for each in utterance.answers]
        if len(speakers) > 1 and speakers[-2] != speakers[-1] and len({*speakers} - {None}) <= 2:
            before = utterance.answers[-2]
            utterance.speaker, utterance.as_printed = before.speaker, before.as_printed

    def name_by_what_follows(self, utterances: Sequence[Utterance]) -> None:
        """In a dialogue of two the first answer is whose turn comes after the next one."""
        behind = {id(each.follows): each for each in utterances if each.follows is not None}
        for utterance in utterances:
            before = utterance.answers[-1] if utterance.answers else None
            following = behind.get(id(utterance))
            then = behind.get(id(following))
            if before is None or utterance.speaker or following is None or then is None:
                continue
            one, again, other = map(_plain, (before, following, then))
            is_described = again.split(" ")[0] in BEFORE_A_TITLE and again != other
            if (one == again or is_described) and other and other != one:
                utterance.speaker, utterance.as_printed = then.speaker, then.as_printed

    def _who(
        self, segment: int, subject: Subject | Span, turn: Utterance | None = None
    ) -> tuple[Span, str | None]:
        """The subject as printed, and the full name."""
        if isinstance(subject, Span):
            words = self._text[subject.start : subject.end].lower()
            if words in PRONOUNS:
                return subject, self._speaker(subject, turn)
            if words in FOREIGN_PRONOUNS or words in SPOKEN:  # "prometió" alone
                return subject, self._before(segment, FOREIGN_PRONOUNS.get(words))
            return subject, without_office(self._of_label(subject) or "") or None
        printed = self._printed(self._segments[segment], subject)
        whole = self._institution(self._segments[segment], subject, printed)
        if whole is None:
            return printed, self._speaker(printed, turn)
        return whole, " ".join(
            ARTICLE.sub("", self._text[whole.start : whole.end], count=1).split()
        )

    def _before(self, segment: int, gender: str | None) -> str | None:
        """Whoever was credited or named right before, if it may be called "he" or "she", where
        that is told; in a language of which no more is known."""
        for number in range(segment, max(-1, segment - CREDITED_BEFORE), -1):
            runs = self._people.capitals_in(self._segments[number].span) if number < segment else ()
            named = next(filter(None, map(person, runs)), None)
            name = self._spoke.get(number) or named
            if name is not None:
                return name if gender is None or _gender(name) in (None, gender) else None
        return None

    def _named(self, who: Span | str) -> str | None:
        """Whom a form knows to be the speaker."""
        return who if isinstance(who, str) else self._of_label(who)

    def _of_label(self, label: Span) -> str | None:
        """The full name; what is only there in capitals is not shouted."""
        printed = self._text[label.start : label.end]
        name = self._people.called(printed) or printed
        shouted = name.isupper() and (len(name) > LONGEST_INITIALS or name != printed)
        return (WORD.sub(lambda word: word[0].capitalize(), name) if shouted else name) or None

    def _is_first_person(self, utterance: Utterance) -> bool:
        """Is it "I" or "we" within the turn of whoever says it?"""
        return self._within_turn(utterance) in ("i", "we")

    def _is_third_person(self, utterance: Utterance) -> bool:
        """Is it "he" in the words of the very one for whom it would stand?"""
        is_pronoun = self._within_turn(utterance) in PRONOUNS
        turn = utterance.turn
        return is_pronoun and turn is not None and utterance.speaker == turn.speaker

    def _within_turn(self, utterance: Utterance) -> str:
        """The subject in small letters, if it stands in what another one says."""
        printed, turn = utterance.as_printed, utterance.turn
        inside = turn is not None and any(span.covers(printed) for span in turn.content)
        return self._text[printed.start : printed.end].lower() if inside else ""

    def _institution(self, segment: Segment, subject: Subject, printed: Span) -> Span | None:
        """The printed name with "of …" if that is part of it, as of no person's."""
        grammar, position = subject.grammar, subject.position
        last, run = grammar.body(position), self._people.run_at(printed.end)
        head = grammar.tree[position]
        if last is None or run is None or {*run.titles} - {"the"}:
            return None
        the = any(grammar.tree[j].text.lower() == "the" for j in grammar.of(position, "det"))
        known = head.text.lower() in ORGANIZATION or (the and len(run.name) == 1)
        if not known or segment.source(head.start, head.end).end != printed.end:
            return None
        word = grammar.tree[last]
        return Span(printed.start, segment.source(word.start, word.end).end)

    def _printed(self, segment: Segment, subject: Subject) -> Span:
        """The subject up to its last word, with an apposed name: "the head, Ann Lee"."""
        grammar, position = subject.grammar, subject.position
        tree = grammar.tree
        apposed = [j for j in grammar.of(position, "appos") if is_name(tree[j])]
        counted = grammar.counted(position)
        named = apposed[0] if apposed and not is_name(tree[position]) else position
        last = tree[named if counted is None else counted]
        flat = [tree[j].end for j in grammar.of(position, "flat")]
        span = segment.source(tree[tree[position].left].start, max([last.end, *flat]))
        party = self._text.rfind(" (", segment.span.start, span.end)
        if party > 0 and ")" not in self._text[party : span.end]:
            span = Span(min(span.start, party - 1), party)
        run = self._people.run_at(span.end)
        return self._begun(segment, subject, Span(run.span.start, span.end) if run else span)

    def _begun(self, segment: Segment, subject: Subject, span: Span) -> Span:
        """Without what begins no name: "As", "Neither", the end of a sentence."""
        start = span.start
        for word in subject.grammar.tree:
            begins = word.tag in ("IN", "CC") or word.text.lower() in NOBODY
            if not begins and word.text != ".":
                continue
            place = segment.source(word.start, word.end)
            after = place.start == start or (word.text == "." and start < place.start)
            if after and place.end < span.end:
                start = place.end + (self._text[place.end] == " ")
        return Span(start, span.end)

    def _speaker(self, printed: Span, turn: Utterance | None = None) -> str | None:
        words = self._text[printed.start : printed.end]
        if words.lower() in PRONOUNS:
            inside = turn is not None and any(span.covers(printed) for span in turn.content)
            said_by = (turn.speaker, turn.content[0].start) if turn and inside else None
            return self._people.pronoun(words, printed.start, self._spoke, said_by)
        if words.lower() in UNKNOWN_SPEAKERS:
            return self._people.meant(words, printed.start, self._spoke)
        whole = self._people.in_full(ARTICLE.sub("", words))
        if whole is not None:
            return whole
        run = self._people.run_at(printed.end)
        if run is not None:
            cut = len(self._text[run.span.start : printed.start].split()) - len(run.titles)
            return self._people.named(replace(run, name=run.name[max(0, cut) :] or run.name))
        return (
            self._people.described(WORD.findall(words), printed.start)
            or self._people.meant(words, printed.start, self._spoke)
            or words
        )


def _plain(utterance: Utterance) -> str:
    """The speaker, to be compared: "the boatman" begins a sentence, too."""
    return (utterance.speaker or "").casefold()


def _gender(name: str) -> str | None:
    """By the first name, or the ending of a Russian surname."""
    if RUSSIAN_WOMAN.search(name):
        return "f"
    return "m" if RUSSIAN_MAN.search(name) else usual_gender(name.split(" ")[0])
