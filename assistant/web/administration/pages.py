"""What every page of the view "Administration" has: its sections, and lists in pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from assistant.rendering.templating import render
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import masthead
from assistant.web.services import Services
from index.documents import LOCAL_USER

PATH = "/administration"

Section = Literal["unanswered", "feedback", "usage", "people", "audit", "keys", "embeds"]

SECTIONS: tuple[tuple[Section, str, str], ...] = (
    ("unanswered", PATH, "Unanswered questions"),
    ("feedback", f"{PATH}/feedback", "Feedback"),
    ("usage", f"{PATH}/usage", "Usage"),
    ("people", f"{PATH}/people", "People"),
    ("audit", f"{PATH}/audit", "Audit log"),
    ("keys", f"{PATH}/keys", "API keys"),
    ("embeds", f"{PATH}/embeds", "Tenants and embeds"),
)

OF_PORTALS = frozenset[Section]({"people", "keys", "embeds"})
"""What there is only where people and programs have to sign in."""


def page(
    services: Services,
    caller: Caller,
    section: Section,
    shown: Mapping[str, object],
    *,
    wrong: str = "",
    said: str = "",
) -> str:
    """A whole page of the view, whose own template shows what is in `shown`. `wrong` is what
    went wrong, `said` what was done."""
    sections = [
        {"name": name, "address": where, "label": label}
        for name, where, label in SECTIONS
        if services.portals or name not in OF_PORTALS
    ]
    (label,) = (label for name, _, label in SECTIONS if name == section)
    return render(
        f"web/administration/{section}.html",
        bar=masthead(services.assistant, PATH, caller),
        sections=sections,
        section=section,
        label=label,
        wrong=wrong,
        said=said,
        **shown,
    )


def address(path: str, **values: str) -> str:
    """A path with the values that are not empty."""
    asked = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{asked}" if asked else path


def named(principal: str, name: str = "") -> str:
    """Who that is, in words: the name if there is one, else the id."""
    if principal == LOCAL_USER.id:
        return "the owner of the index"
    return name or principal


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list this is, and where the one before it and the one after are; ""
    where there is none."""

    number: int
    count: int
    back: str
    on: str


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list of so many rows."""

    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // self.size))

    @property
    def rows(self) -> slice:
        """Which of the rows stand on it; past the end those of the last page."""
        start = (min(self.number, self.count) - 1) * self.size
        return slice(start, start + self.size)

    def pages(self, path: str, **values: str) -> Pages | None:
        """Links to the pages beside it; None for a single page."""
        if self.count == 1:
            return None
        number = min(self.number, self.count)

        def where(to: int) -> str:
            if not 1 <= to <= self.count:
                return ""
            return address(path, **values, page=str(to) if to > 1 else "")

        return Pages(number, self.count, where(number - 1), where(number + 1))
