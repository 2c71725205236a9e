"""What every page of the view "Administration" has: its sections, and names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from assistant.languages import later, phrase
from assistant.rendering.templating import render
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import masthead
from assistant.web.services import Services
from index.documents import LOCAL_USER

PATH = "/administration"

Section = Literal["unanswered", "feedback", "usage", "people", "audit", "keys", "embeds"]

SECTIONS: tuple[tuple[Section, str, str], ...] = (
    ("unanswered", PATH, later("Unanswered questions")),
    ("feedback", f"{PATH}/feedback", later("Feedback")),
    ("usage", f"{PATH}/usage", later("Usage")),
    ("people", f"{PATH}/people", later("People")),
    ("audit", f"{PATH}/audit", later("Audit log")),
    ("keys", f"{PATH}/keys", later("API keys")),
    ("embeds", f"{PATH}/embeds", later("Tenants and embeds")),
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


def named(principal: str, name: str = "") -> str:
    """Who that is, in words: the name if there is one, else the id."""
    if principal == LOCAL_USER.id:
        return phrase("the owner of the index")
    return name or principal
