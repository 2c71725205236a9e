"""What every view of the page has: the masthead, the reader that opens beside, what went wrong."""

from __future__ import annotations

from urllib.parse import urlencode

from assistant.chat import Assistant
from assistant.rendering.answers import escape
from assistant.web.entry.callers import Caller
from index.english.spelling import counted

HEAD = """<link rel="stylesheet" href="/page-files/frame.css">
<link rel="stylesheet" href="/page-files/{style}.css">
<script src="/page-files/page.js" defer></script>
<meta name="viewport" content="width=device-width, initial-scale=1">"""

MASTHEAD = """<header class="masthead">
<div class="brand"><span class="seal" aria-hidden="true"></span><span>On&nbsp;Record</span></div>
<nav class="views" aria-label="Views">{views}</nav>
<div class="scope">{scope}</div>{person}</header>"""

PERSON = """<form class="person" method="post" action="/logout"><span>{name}</span>
<button type="submit">Sign out</button></form>"""

READER = """<section class="reader" aria-label="Document" hidden>
<div class="reader-bar"><button type="button" class="back">{back}</button>
<a class="new-tab" href="#" target="_blank" rel="noopener">Open in a new tab</a></div>
<iframe title="The document with the quotation highlighted" src="about:blank"></iframe></section>"""


def head(style: str) -> str:
    """What stands in the head of a view with this style sheet."""
    return HEAD.format(style=style)


def masthead(assistant: Assistant, current: str, caller: Caller) -> str:
    """The bar above the view at an address, with links to the others that the caller may
    open, how much there is to read for them and, for somebody who signed in, the way out."""
    status = assistant.view_of(caller.principal).status()
    signed_in = name_of(caller)
    scope = f"{counted(status.documents, 'document')} · {counted(status.passages, 'passage')}"
    views = "".join(
        _link(view.address, view.label, current=view.address == current) for view in caller.views
    )
    person = "" if signed_in is None else PERSON.format(name=escape(signed_in))
    return MASTHEAD.format(views=views, scope=scope, person=person)


def problem(words: str) -> str:
    """What went wrong, before everything else; nothing for no words."""
    return f'<p class="problem" role="alert">{escape(words)}</p>' if words else ""


def chat_address(question: str) -> str:
    """The chat with a question in its box."""
    return f"/?{urlencode({'question': question})}"


def name_of(caller: Caller) -> str | None:
    """What to call somebody who signed in with a browser, None for everybody else."""
    return caller.name if caller.way == "login" else None


def reader(back: str) -> str:
    """The reader, closed; `back` is what its button says."""
    return READER.format(back=back)


def _link(address: str, label: str, *, current: bool) -> str:
    here = ' aria-current="page"' if current else ""
    return f'<a href="{address}"{here}>{label}</a>'
