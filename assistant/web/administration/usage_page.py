"""How much was asked on each day, as a plot and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from assistant.accounts.ledger import DayOfUse, Ledger
from assistant.evaluation.reports.plots import Stack, stacks
from assistant.languages import counted, day_in_words, day_of_year, number, percent, phrase

SPANS = (14, 30, 90, 365)
"""Days that can be looked at."""

DEFAULT_SPAN = 30


def span_of(days: str) -> int:
    """The span that is asked for; the usual one for anything else."""
    return next((span for span in SPANS if str(span) == days), DEFAULT_SPAN)


def usage_shown(ledger: Ledger, days: int) -> dict[str, object]:
    """The last days: in all, drawn, and each."""
    rows = ledger.usage(days)
    has_tenants = len({row.tenant for row in rows}) > 1
    return {
        "days": str(days),
        "spans": [(str(span), counted(span, "day")) for span in SPANS],
        "rows": [_row(row) for row in rows],
        "has_tenants": has_tenants,
        "figures": _figures(rows, ledger.askers(days)) if rows else {},
        "plot": _plot(rows, days) if rows else "",
    }


def _figures(rows: Sequence[DayOfUse], askers: int) -> dict[str, str]:
    questions, answered = (sum(column) for column in _counts(rows))
    return {
        phrase("questions"): number(questions),
        phrase("answered"): percent(answered / questions),
        _of_askers(askers): number(askers),
    }


def _of_askers(askers: int) -> str:
    return phrase("person or program") if askers == 1 else phrase("people and programs")


def _counts(rows: Iterable[DayOfUse]) -> tuple[list[int], list[int]]:
    kept = list(rows)
    return [row.questions for row in kept], [row.answered for row in kept]


def _plot(rows: Sequence[DayOfUse], days: int) -> str:
    today = datetime.now(UTC).date()
    each = [today - timedelta(days=back) for back in reversed(range(days))]
    bars = [_stack(day, [row for row in rows if row.day == day.isoformat()]) for day in each]
    words = phrase(
        "Questions of the last {days}; the table below has the numbers", days=counted(days, "day")
    )
    return stacks(words, bars)


def _stack(day: date, rows: Sequence[DayOfUse]) -> Stack:
    questions, answered = (sum(column) for column in _counts(rows))
    words = phrase(
        "{day}: {questions}, {answered} answered",
        day=day_of_year(day),
        questions=counted(questions, "question"),
        answered=answered,
    )
    return Stack(day_of_year(day, short=True), answered, questions - answered, words)


def _row(row: DayOfUse) -> dict[str, object]:
    day = date.fromisoformat(row.day)
    return {
        "day": row.day,
        "said": day_in_words(day, short=True),
        "tenant": row.tenant,
        "questions": row.questions,
        "answered": row.answered,
        "share": percent(row.answered / row.questions),
        "people": row.people,
    }
