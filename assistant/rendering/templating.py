"""Templates to HTML: the one place where words become markup, and the one escaper.

Whatever a template prints is escaped, and loses the characters that cannot be seen: text can
be hidden in them. Only three filters say something else: `as_typed`, `lines` and
`markdown`. A template is
named by its room: web/statements.html stands in assistant/web/templates.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import languages
from assistant.rendering.addresses import at

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Control characters, direction overrides and tags: text can be hidden in them. Not the
joiners, by which emoji and Persian words are made."""

ROOMS: Mapping[str, str] = {
    "rendering": "rendering/templates",
    "reports": "evaluation/reports/templates",
    "web": "web/templates",
}
"""Where the templates of each room are, below the package."""


def render(template: str, **values: object) -> Markup:
    """The template with these values. As it is markup already, another template prints it
    as it is."""
    from markupsafe import Markup

    return Markup(_environment().get_template(template).render(values))  # noqa: S704  it is escaped


def part(template: str, macro: str, *values: object) -> Markup:
    """One macro of a template with these values, for a fragment that goes elsewhere."""
    made: Markup = getattr(_environment().get_template(template).module, macro)(*values)
    return made


def own_file(file: Path) -> Markup:
    """A style sheet or script of the product, as it stands in a page."""
    from markupsafe import Markup

    return Markup(file.read_text("utf-8"))  # noqa: S704  nobody else writes it


def embedded(data: object) -> Markup:
    """JSON that can stand in a page's script: nothing in it ends the element."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(escaped)  # noqa: S704  it is escaped


_theme: ContextVar[str] = ContextVar("theme", default="system")


@contextmanager
def themed(chosen: str) -> Iterator[None]:
    """Inside, pages have this theme: dark, light or that of the system."""
    token = _theme.set(chosen)
    try:
        yield
    finally:
        _theme.reset(token)


def theme() -> str:
    """The one that pages have."""
    return _theme.get()


def visible(words: str) -> str:
    """Without the characters that cannot be seen."""
    return UNSEEN.sub("", words)


def direction(words: str) -> str:
    """In which they are written: that of the first letter that says."""
    kinds = map(unicodedata.bidirectional, words)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

    package = Path(__file__).parents[1]
    environment = Environment(
        loader=PrefixLoader(
            {room: FileSystemLoader(package / folder) for room, folder in ROOMS.items()}
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    environment.globals |= {
        "_": _phrase,
        "at": at,
        "counted": languages.counted,
        "language": languages.language,
        "theme": theme,
    }
    environment.filters |= {
        "as_typed": _as_typed,
        "direction": direction,
        "lines": _lines,
        "markdown": _markdown,
        "figure": _figure,
        "grouped": languages.number,
        "iso": _iso,
        "moment": languages.moment,
        "retold": languages.retold,
    }
    return environment


def _shown(value: object) -> object:
    """What is printed of a value: of words what can be seen. Markup is printed as it is."""
    if type(value) is not str or (value.isascii() and value.isprintable()):
        return value
    return visible(value)


def _as_typed(words: str) -> Markup:
    """Escaped with every character, for a field that is sent back as it came."""
    from markupsafe import escape

    return escape(words)


def _lines(words: str) -> Markup:
    """With <br> for each line end, and none left: after an empty line Markdown, which the
    chat is shown as, begins anew, and could make an image of a document's words."""
    from markupsafe import Markup, escape

    return Markup("<br>").join(escape(line) for line in visible(words).splitlines())


def _markdown(text: str) -> Markup:
    """What the product itself says in Markdown; HTML in it is shown, not meant. What may be wider
    than a phone can be pushed by keys."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    for wide in ("pre", "table"):
        made = made.replace(f"<{wide}>", f'<{wide} tabindex="0">')
    return Markup(made)  # noqa: S704  it is escaped


def _phrase(text: str, **values: object) -> Markup:
    """What a page says, with values in it that are escaped, unless they are markup."""
    from markupsafe import Markup, escape

    said = escape(visible(languages.phrase(text)))
    shown = {n: v if type(v) is int else escape(_shown(v)) for n, v in values.items()}
    return Markup(languages.filled(said, shown))  # noqa: S704  it is escaped


def _figure(value: float, sign: str = "") -> str:
    """.950, as statistics are written."""
    said = languages.number(value, 3)
    return f"{sign}{said}" if value >= 0 else said


def _iso(seconds: float) -> str:
    """A moment for programs."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
