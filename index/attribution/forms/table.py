"""The table of forms, and what of a document each finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from index.attribution.forms.authors import blog, letter, speech
from index.attribution.forms.lines import comments, credited, dashed, headline, posts
from index.attribution.forms.mails import mail
from index.attribution.forms.minutes import decisions
from index.attribution.forms.transcripts import (
    chat,
    handles,
    interview,
    named_lines,
    transcript,
    voices,
)
from index.attribution.forms.turns import PrintedDocument, SpeakerTurn

Form = Callable[[PrintedDocument], Iterable[SpeakerTurn]]

FORMS: Mapping[str, Form] = {
    "mail": mail,
    "voice": voices,
    "chat": chat,
    "turn": transcript,
    "line": named_lines,
    "handle": handles,
    "interview": interview,
    "speech": speech,
    "letter": letter,
    "blog": blog,
}
"""Forms of whole documents. One has the first that it fits."""

LINES: Mapping[str, Form] = {
    "comment": comments,
    "post": posts,
    "credited": credited,
    "decision": decisions,
    "dash": dashed,
    "headline": headline,
}
"""Forms of single lines, wherever no turn of the whole stands."""


def turns_of(layout: PrintedDocument) -> list[SpeakerTurn]:
    """The turns of a document in reading order; none if it has no form."""
    whole = next(filter(None, (_turns(layout, *row) for row in FORMS.items())), [])
    found = whole + [
        turn
        for row in LINES.items()
        if not whole or row[0] != "headline"
        for turn in _turns(layout, *row)
        if not any(_meet(turn, other) for other in whole)
    ]
    return sorted(found, key=lambda turn: (turn.label.start, turn.label.end))


def _turns(layout: PrintedDocument, name: str, form: Form) -> list[SpeakerTurn]:
    return [replace(turn, form=name) for turn in form(layout)]


def _meet(one: SpeakerTurn, other: SpeakerTurn) -> bool:
    """Do they say the same words?"""
    return any(span.overlaps(piece) for span in one.content for piece in other.content)
