"""How much was asked on each day, as a plot and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from assistant.accounts.ledger import Ledger, Usage
from assistant.evaluation.reports.plots import Stack, stacks
from assistant.rendering.answers import escape
from assistant.web.administration.pages import options
from index.english.spelling import counted

ABOUT = "Questions of each day, in UTC, and how many of them the documents answer."

SPANS = (14, 30, 90, 365)
"""Days that can be looked at."""

DEFAULT_SPAN = 30

FILTER = """<form class="find" action="/administration/usage">
<label>The last <select name="days">{spans}</select></label><button>Show</button></form>"""

FIGURE = "<div><dt>{name}</dt><dd>{value}</dd></div>"

PLOT = """<figure class="card plot">{svg}<figcaption><span class="key answered">answered</span>
<span class="key unanswered">not in the documents</span></figcaption></figure>"""

TABLE = """<section class="card"><table class="numbers usage"><caption class="unseen">Questions
by day</caption><thead><tr><th scope="col">Day</th>{tenant}<th scope="col">Questions</th>
<th scope="col">Answered</th><th scope="col">Share</th><th scope="col">Asked by</th></tr></thead>
<tbody>{rows}</tbody></table></section>"""

NONE = '<div class="empty"><p>Nothing was asked in these days.</p></div>'


def span_of(days: str) -> int:
    """The span that is asked for; the usual one for anything else."""
    return next((span for span in SPANS if str(span) == days), DEFAULT_SPAN)


def usage_body(ledger: Ledger, days: int) -> str:
    """The last days: in all, drawn, and each."""
    rows = ledger.usage(days)
    choices = [(str(span), counted(span, "day")) for span in SPANS]
    form = FILTER.format(spans=options(str(days), choices))
    content = "".join(_content(rows, days, ledger.askers(days))) if rows else NONE
    return f'{form}<div id="found">{content}</div>'


def _content(rows: Sequence[Usage], days: int, askers: int) -> Iterator[str]:
    questions, answered = (sum(column) for column in _counts(rows))
    told = {
        "questions": f"{questions:,}",
        "answered": f"{answered / questions:.0%}",
        "people and programs": f"{askers:,}",
    }
    figures = "".join(FIGURE.format(name=name, value=value) for name, value in told.items())
    yield f'<dl class="figures">{figures}</dl>'
    yield PLOT.format(svg=_plot(rows, days))
    yield _table(rows)


def _counts(rows: Iterable[Usage]) -> tuple[list[int], list[int]]:
    kept = list(rows)
    return [row.questions for row in kept], [row.answered for row in kept]


def _plot(rows: Sequence[Usage], days: int) -> str:
    today = datetime.now(UTC).date()
    each = [today - timedelta(days=back) for back in reversed(range(days))]
    bars = [_stack(day, [row for row in rows if row.day == day.isoformat()]) for day in each]
    return stacks(f"Questions of the last {days} days; the table below has the numbers", bars)


def _stack(day: date, rows: Sequence[Usage]) -> Stack:
    questions, answered = (sum(column) for column in _counts(rows))
    words = f"{day.day} {day:%B}: {counted(questions, 'question')}, {answered:,} answered"
    return Stack(f"{day.day} {day:%b}", answered, questions - answered, words)


def _table(rows: Sequence[Usage]) -> str:
    has_tenants = len({row.tenant for row in rows}) > 1
    return TABLE.format(
        tenant='<th scope="col" class="words">Tenant</th>' if has_tenants else "",
        rows="".join(_row(row, has_tenants=has_tenants) for row in rows),
    )


def _row(row: Usage, *, has_tenants: bool) -> str:
    day = date.fromisoformat(row.day)
    tenant = f'<td class="words">{escape(row.tenant) or "–"}</td>' if has_tenants else ""
    return (
        f'<tr><th scope="row"><time datetime="{row.day}">{day.day} {day:%b %Y}</time></th>{tenant}'
        f"<td>{row.questions:,}</td><td>{row.answered:,}</td>"
        f"<td>{row.answered / row.questions:.0%}</td><td>{row.people:,}</td></tr>"
    )
