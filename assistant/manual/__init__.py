"""The manual: one page a task, in Markdown, for the terminal and for the browser.

A page begins with its title and one line that says what it is about. The page
`who-said-what.md` is the topic "who-said-what".
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from assistant.errors import WrongUse

TOPICS = (
    "ask",
    "read",
    "library",
    "index",
    "languages",
    "who-said-what",
    "written-answers",
    "evaluation",
    "rights",
    "portal",
    "api",
    "administration",
    "operating",
    "commands",
    "how-it-works",
    "develop",
)
"""In the order in which one meets them."""


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A page of the manual; `about` is its line, `text` all of it, as Markdown."""

    topic: str
    title: str
    about: str
    text: str


def page(topic: str) -> ManualPage:
    """The page of a topic. Raises WrongUse for one that there is not, with those there are."""
    if topic not in TOPICS:
        raise WrongUse(f"The manual has no page “{topic}”. It has: {', '.join(TOPICS)}.")
    text = (files("assistant.manual") / f"{topic}.md").read_text("utf-8")
    title, about = text.split("\n\n", 2)[:2]
    return ManualPage(topic, title.removeprefix("# "), about, text)


def pages() -> list[ManualPage]:
    """All pages, in the order of TOPICS."""
    return [page(topic) for topic in TOPICS]
