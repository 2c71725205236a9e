"""How much was asked on each day, as a plot and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from assistant.accounts.ledger import DayOfUse, Ledger
from assistant.evaluation.reports.plots import Stack, stacks
from index.english.spelling import counted

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
        "questions": f"{questions:,}",
        "answered": f"{answered / questions:.0%}",
        "people and programs": f"{askers:,}",
    }


def _counts(rows: Iterable[DayOfUse]) -> tuple[list[int], list[int]]:
    kept = list(rows)
    return [row.questions for row in kept], [row.answered for row in kept]


def _plot(rows: Sequence[DayOfUse], days: int) -> str:
    today = datetime.now(UTC).date()
    each = [today - timedelta(days=back) for back in reversed(range(days))]
    bars = [_stack(day, [row for row in rows if row.day == day.isoformat()]) for day in each]
    return stacks(f"Questions of the last {days} days; the table below has the numbers", bars)


def _stack(day: date, rows: Sequence[DayOfUse]) -> Stack:
    questions, answered = (sum(column) for column in _counts(rows))
    words = f"{day.day} {day:%B}: {counted(questions, 'question')}, {answered:,} answered"
    return Stack(f"{day.day} {day:%b}", answered, questions - answered, words)


def _row(row: DayOfUse) -> dict[str, object]:
    day = date.fromisoformat(row.day)
    return {
        "day": row.day,
        "said": f"{day.day} {day:%b %Y}",
        "tenant": row.tenant,
        "questions": row.questions,
        "answered": row.answered,
        "share": f"{row.answered / row.questions:.0%}",
        "people": row.people,
    }
