"""Below an answer of the chat: to which question set is it added? Opens beside it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.sets.collecting import DEFAULT_SET, Answered
from assistant.evaluation.sets.sets import Row
from assistant.rendering.templating import render
from assistant.web.evaluation.pages import set_address


def add_page(answer: str, answered: Answered | None, sets: Sequence[str], wrong: str = "") -> str:
    """What would be added, and where to."""
    row = answered.as_row() if answered else None
    names = dict.fromkeys([DEFAULT_SET, *sets])
    return _page(row, added=None, wrong=wrong, answer=answer, sets=names)


def added_page(name: str, row: Row) -> str:
    """Where it went."""
    added = {"name": name, "address": set_address(name, show="all", at=row["id"])}
    return _page(row, added=added)


def _page(row: Row | None, **values: object) -> str:
    return render("web/evaluation/add.html", row=row, **values)
