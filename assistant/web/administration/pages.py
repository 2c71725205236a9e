"""What every page of the view "Administration" has: its sections, moments, lists in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape as attribute
from typing import Literal
from urllib.parse import urlencode

from assistant.rendering.answers import escape
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import head, masthead, problem, reader
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

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="same-origin">
<link rel="icon" href="/page-files/icon.svg">
<title>{label} · Administration · On Record</title>
{head}
<link rel="stylesheet" href="/page-files/administration.css">
<script src="/page-files/administration.js" defer></script>
</head>
<body>
{masthead}
<div id="administration">
<nav class="sections" aria-label="Administration">{sections}</nav>
<main id="{section}">
<header class="top"><h1>{label}</h1><p>{about}</p></header>
{problem}{body}
<p class="note">Times are in UTC.</p>
</main>{beside}
</div>
<p id="said" role="status" aria-live="polite">{said}</p>
</body>
</html>
"""

BESIDE = '\n<aside id="evidence">{reader}</aside>'

PAGER = '<nav class="pager" aria-label="Pages">{back}<span>{where}</span>{on}</nav>'


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with its content, which is HTML. `wrong` is what went wrong, `said` what was
    done, both as words; with `reads` documents open beside."""

    section: Section
    about: str
    body: str
    wrong: str = ""
    said: str = ""
    reads: bool = False


def page(services: Services, caller: Caller, shown: Shown) -> str:
    """A whole page of the view."""
    (label,) = (label for section, _, label in SECTIONS if section == shown.section)
    return PAGE.format(
        label=label,
        head=head("evaluation"),
        masthead=masthead(services.assistant, PATH, caller),
        sections="".join(
            _link(address, label, current=section == shown.section)
            for section, address, label in SECTIONS
            if services.portals or section not in OF_PORTALS
        ),
        section=shown.section,
        about=shown.about,
        problem=problem(shown.wrong),
        body=shown.body,
        beside=BESIDE.format(reader=reader("Close")) if shown.reads else "",
        said=escape(shown.said),
    )


def address(path: str, **values: str) -> str:
    """A path with the values that are not empty."""
    asked = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{asked}" if asked else path


def href(path: str, **values: str) -> str:
    """The same for an attribute."""
    return attribute(address(path, **values))


def moment(seconds: float) -> str:
    """A moment for people and programs: 31 January 2026, 14:05 UTC."""
    at = datetime.fromtimestamp(seconds, UTC)
    return f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">{at.day} {at:%B %Y, %H:%M}</time>'


def named(principal: str, name: str = "") -> str:
    """Who that is, in words: the name if there is one, else the id."""
    if principal == LOCAL_USER.id:
        return "the owner of the index"
    return name or principal


def options(chosen: str, choices: Sequence[tuple[str, str]]) -> str:
    """Of a <select>: (value, words) each."""
    return "".join(
        f'<option value="{attribute(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words in choices
    )


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

    def pager(self, path: str, **values: str) -> str:
        """Links to the page before and the one after; nothing for a single page."""
        if self.count == 1:
            return ""
        number = min(self.number, self.count)

        def link(to: int, words: str, rel: str) -> str:
            if not 1 <= to <= self.count:
                return ""
            here = href(path, **values, page=str(to) if to > 1 else "")
            return f'<a class="button" rel="{rel}" href="{here}">{words}</a>'

        return PAGER.format(
            back=link(number - 1, "Back", "prev"),
            where=f"Page {number:,} of {self.count:,}",
            on=link(number + 1, "Further", "next"),
        )


def _link(address: str, label: str, *, current: bool) -> str:
    here = ' aria-current="page"' if current else ""
    return f'<a href="{address}"{here}>{label}</a>'
