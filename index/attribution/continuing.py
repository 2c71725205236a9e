"""Quotations that nobody is named with: whose words they go on with.

In one paragraph they are whose the one before is, unless another one is named between. Into the
next paragraph a quotation goes on if its mark was left open. In a dialogue turns alternate.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.attribution.quotations import is_open
from index.attribution.utterances import Utterance
from index.documents import Span
from index.english.word_lists import PRONOUNS

REMEMBERED = 3
"""Paragraphs of a dialogue from which it is told whose turn it is."""


class Discourse:
    """What was said so far, in reading order. `is_dialogue`: paragraphs of this text answer one
    another."""

    def __init__(self, text: str, *, is_dialogue: bool) -> None:
        self._text = text
        self._is_dialogue = is_dialogue
        self.found: list[Utterance] = []
        self._turn: Utterance | None = None
        self._exchange: list[Utterance] = []
        self._paragraph = -1
        self._spoke: Utterance | None = None
        self._goes_on: Utterance | None = None
        self._waiting: list[Span] = []
        self._beats: dict[Span, int] = {}
        self._waiting_from = 0

    def begin_turn(self, number: int, turn: Utterance) -> None:
        """Begin a turn of a form that names its speakers: nothing of the turn before goes on."""
        self.end_paragraph()
        self._turn, self._goes_on, self._exchange = turn, None, []
        turn.segment = number
        self.found.append(turn)

    def begin_paragraph(self, number: int) -> None:
        """If it is not the one in which the last sentence stands."""
        if number == self._paragraph:
            return
        self.end_paragraph()
        if number != self._paragraph + 1 or not self._reaches_over():
            self._goes_on = None
        if number != self._paragraph + 1:
            self._exchange = []
        self._paragraph = number

    def _reaches_over(self) -> bool:
        """Does what was said last go on in a paragraph that names nobody? A newspaper closes
        its marks now and then though it does; nobody answers an own question."""
        if self._goes_on is None or not self._goes_on.content:
            return False
        if is_open(self._text, self._goes_on.content[-1]):
            return True
        return not self._is_dialogue and not self._asks(self._goes_on.content[-1])

    def _asks(self, quotation: Span) -> bool:
        return "?" in self._text[quotation.end - 2 : quotation.end]

    def end_paragraph(self) -> None:
        """What nobody is named with belongs to who does something beside it, else to whose turn
        it is, if that can be told."""
        if self._waiting and self._spoke is None and len(self._beats) == 1:
            ((name, number),) = self._beats.items()
            self._spoke = Utterance("beat", number, name, None, self._waiting, quoted=True)
            self._spoke.turn = self._turn
            self.found.append(self._spoke)
            self._waiting = []
        if self._waiting and self._spoke is None and self._is_dialogue and self._exchange:
            answers = tuple(self._exchange)
            self._spoke = Utterance(
                *("alternation", self._waiting_from, None, None, self._waiting),
                quoted=True,
                turn=self._turn,
                answers=answers,
            )
            self.found.append(self._spoke)
        spoke = [] if self._spoke is None else [self._spoke]
        if self._spoke is not None and self._exchange:
            self._spoke.follows = self._exchange[-1]
        self._exchange = [*self._exchange, *spoke][-REMEMBERED:] if spoke else []
        self._spoke, self._waiting, self._beats = None, [], {}

    def add_quotations(self, number: int, quotations: Sequence[Span]) -> None:
        """Note the quotations of a sentence that has nothing else. What is all a turn says has its
        speaker."""
        if self._turn is not None and self._turn.content == [*quotations]:
            return
        if self._goes_on is None:
            self._waiting_from = self._waiting_from if self._waiting else number
            self._waiting += quotations
            return
        self._goes_on.content += quotations
        self._spoke = self._goes_on

    def add_sentence(
        self,
        number: int,
        here: Sequence[Utterance],
        named: Collection[str],
        beginning: Span | None,
    ) -> None:
        """With what is said in it, who is named outside quotations, and the name or pronoun with
        which it begins: a pronoun behind a name is the same one's."""
        if not here and self._is_dialogue and beginning is not None:
            is_pronoun = self._text[beginning.start : beginning.end].lower() in PRONOUNS
            if not is_pronoun or not self._beats:
                self._beats[beginning] = number
        if here and here[0].quoted:
            closed = [span for span in self._waiting if not is_open(self._text, span)]
            here[0].content[:0] = closed
        if here or not self._is_dialogue:
            self._waiting = []
        for utterance in here:
            utterance.turn = self._turn
        self.found += here
        telling = [utterance for utterance in here if utterance.content]
        if telling:
            said = [utterance for utterance in telling if utterance.quoted] or telling
            self._goes_on = max(
                said, key=lambda each: max(s.end for s in each.content or [Span(0, 0)])
            )
            self._spoke = self._goes_on if self._goes_on.quoted else self._spoke
        elif self._goes_on is not None and (named or not self._goes_on.quoted):
            self._goes_on = None
