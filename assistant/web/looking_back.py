"""Earlier questions of a conversation with what may be shown of their answers now: for the page,
for exports and for those to whom somebody shows them. It is noted who sees what."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.accounts.conversations import KeptQuestion
from assistant.accounts.outlining import Again, AnswerOutline, KeptClaim, answered_again
from assistant.languages import later
from assistant.languages.prompting import fill
from assistant.web.entry.callers import Caller
from assistant.web.services import Services

LOST = {
    "changed": later("The document has changed: these words are no longer in it."),
    "gone": later("The document is no longer here, or no longer for you."),
}
"""Why the words of a citation are not shown."""


def look_back(
    services: Services, caller: Caller, turns: Iterable[KeptQuestion]
) -> list[tuple[KeptQuestion, Again]]:
    """Each question with its answer of today."""
    view = services.asking.view_of(caller)
    again = [
        (
            turn,
            answered_again(turn.question, turn.standalone_question, _of(turn), turn.places, view),
        )
        for turn in turns
    ]
    answers = [each.answer for _, each in again if each.answer]
    services.ledger.saw_again(caller.principal, caller.session, answers)
    return again


def lost(again: Again) -> list[tuple[int, str]]:
    """The citations whose words cannot be shown, and why."""
    return [(each.place.number, LOST[each.fate]) for each in again.fates if each.span is None]


def _of(turn: KeptQuestion) -> AnswerOutline:
    """What is known of an answer that was kept before there were outlines: what it cited."""
    if turn.outline is not None:
        return turn.outline
    if turn.outcome == "not_in_documents":
        return AnswerOutline(reason=fill("not_answered"))
    claims = tuple(KeptClaim((place.number,)) for place in turn.places)
    return AnswerOutline(claims, written=turn.mode == "write")
