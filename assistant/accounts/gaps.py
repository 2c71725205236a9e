"""What the documents do not say, as editors look at it: a question asked in two spellings, or
by the people of two tenants, is one gap."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from assistant.accounts.ledger import Unanswered
from index.english.spelling import TOKEN, folded

Order = Literal["times", "last"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell may not begin with: spreadsheets calculate it, and call other programs
(OWASP, CSV injection)."""

COLUMNS = ("question", "times", "last asked", "tenants")


@dataclass(frozen=True, slots=True)
class Gap:
    """`question` is its most frequent spelling, `spellings` all of them; `last` is when it was
    last asked, in seconds since 1970."""

    question: str
    times: int
    last: float
    tenants: tuple[str, ...]
    spellings: tuple[str, ...]


def gaps_in(rows: Iterable[Unanswered], order: Order = "times") -> list[Gap]:
    """The most often asked first, or the latest."""
    groups: dict[str, list[Unanswered]] = {}
    for row in rows:
        groups.setdefault(_same(row.question), []).append(row)
    return sorted(map(_gap, groups.values()), key=_ranks[order], reverse=True)


def gap_like(gaps: Iterable[Gap], question: str) -> Gap | None:
    """The one that this question is a spelling of."""
    same = _same(question)
    return next((gap for gap in gaps if _same(gap.question) == same), None)


def matching(gaps: Iterable[Gap], find: str) -> list[Gap]:
    """Those that have each of these words, or beginnings or parts of words."""
    wanted = folded(find).split()
    return [gap for gap in gaps if all(part in folded(gap.question) for part in wanted)]


def to_csv(gaps: Iterable[Gap]) -> str:
    """For a spreadsheet, which shows each cell as text."""
    kept = io.StringIO(newline="")
    table = csv.writer(kept)
    table.writerow(COLUMNS)
    for gap in gaps:
        last = datetime.fromtimestamp(gap.last, UTC).strftime("%Y-%m-%d %H:%M")
        cells = (gap.question, str(gap.times), last, ", ".join(gap.tenants))
        table.writerow(map(_as_text, cells))
    return kept.getvalue()


_ranks = {
    "times": lambda gap: (gap.times, gap.last),
    "last": lambda gap: (gap.last, gap.times),
}


def _gap(rows: Sequence[Unanswered]) -> Gap:
    (most, *_) = sorted(rows, key=lambda row: (-row.times, -row.last, row.question))
    return Gap(
        most.question,
        sum(row.times for row in rows),
        max(row.last for row in rows),
        tuple(sorted({row.tenant for row in rows} - {""})),
        tuple(dict.fromkeys([most.question, *sorted(row.question for row in rows)])),
    )


def _same(question: str) -> str:
    """Equal for questions that differ in capitals, spaces and punctuation alone."""
    words = TOKEN.findall(unicodedata.normalize("NFKC", question).casefold())
    return " ".join(words) or question


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
