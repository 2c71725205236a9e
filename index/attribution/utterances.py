"""What is said somewhere, before it is settled who is meant: the noun of attribution."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.attribution.grammar import Grammar
from index.documents import Occasion, Span


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever does something by the grammar of a segment: the word at this position."""

    grammar: Grammar
    position: int


@dataclass
class Utterance:
    """Something said, as a rule or a form found it; later segments may go on with it.

    `segment` is where it begins, `found_by` the row of the table that found it. A form names
    its speaker by characters of the document, None if it names nobody, and has no cue; `who`
    is where else the document names the speaker, or the name. `turn` is what a sentence stands in
    or behind, `occasion` what a turn is, `answers` what was said right before in a
    dialogue (`follows` the last of it), of which nobody is named with this.
    `only_if_named`: said by "it", which is somebody only where it stands for one. `happened`: its
    verb is in the past, `planned`: it is an infinitive; `declares`: what is said is a clause that
    asserts something. `speaker`, `as_printed` and `reported_by` are settled last.
    """

    found_by: str
    segment: int
    subject: Subject | Span | None
    cue: Span | None
    content: list[Span]
    quoted: bool = False
    negated: bool = False
    only_if_named: bool = False
    happened: bool = False
    planned: bool = False
    declares: bool = False
    hedged: bool = False
    reporter: Subject | None = None
    turn: Utterance | None = None
    answers: tuple[Utterance, ...] = ()
    follows: Utterance | None = None
    who: Span | str | None = None
    occasion: Occasion | None = None
    speaker: str | None = None
    reported_by: str | None = None
    as_printed: Span = field(default_factory=lambda: Span(0, 0))
