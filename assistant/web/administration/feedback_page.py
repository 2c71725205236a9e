"""What people thought of answers."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.accounts.ledger import Feedback, Ledger, Rating
from assistant.languages import later, phrase
from assistant.web.administration.pages import PATH, named
from assistant.web.administration.people_page import fits, names_of
from assistant.web.pages.frame import chat_address
from assistant.web.pages.paging import ListPage

AT_ONCE = 50

MOST = 10_000
"""Judgements that are looked through; the latest."""

VERDICTS: tuple[tuple[Rating, str], ...] = (
    ("bad", later("Bad only")),
    ("good", later("Good only")),
)

OUTCOMES = {
    "answered": later("answered"),
    "partly": later("answered in part"),
    "not_in_documents": later("said to be in no document"),
}


def verdict_of(value: str) -> Rating | None:
    """The judgement with this name, None for anything else."""
    return next((verdict for verdict, _ in VERDICTS if verdict == value), None)


def feedback_shown(
    ledger: Ledger, find: str, verdict: Rating | None, number: int
) -> dict[str, object]:
    """The list with its filter."""
    judged = ledger.feedback(MOST)
    names = names_of(ledger)
    found = [
        each
        for each in judged
        if verdict in (None, each.verdict)
        and fits(find, each.question, each.words, each.tenant, names.get(each.principal, ""))
    ]
    part = ListPage(number, AT_ONCE, len(found))
    good = sum(each.verdict == "good" for each in found)
    return {
        "has_any": bool(judged),
        "find": find,
        "verdict": verdict or "",
        "verdicts": [
            (value, phrase(words)) for value, words in (("", later("Good and bad")), *VERDICTS)
        ],
        "good": good,
        "bad": len(found) - good,
        "judged": [_judged(each, names) for each in found[part.rows]],
        "pages": part.pages(f"{PATH}/feedback", find=find, verdict=verdict or ""),
    }


def _judged(each: Feedback, names: Mapping[str, str]) -> dict[str, object]:
    who = named(each.principal, names.get(each.principal, ""))
    outcome = phrase(OUTCOMES.get(each.outcome, each.outcome))
    return {
        "verdict": each.verdict,
        "question": each.question,
        "words": each.words,
        "about": [*filter(None, (who, each.tenant, outcome))],
        "at": each.at,
        "chat": chat_address(each.question),
    }
