"""What every view of the page has: the masthead, and links to the chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.chat import Assistant
from assistant.languages import counted
from assistant.web.entry.callers import Caller, ViewLink


@dataclass(frozen=True, slots=True)
class Masthead:
    """The bar above the view at the address `current`: links to the views that one may open,
    how much there is to read, and the `person` who signed in, None if nobody did."""

    views: Sequence[ViewLink]
    current: str
    scope: str
    person: str | None


def masthead(assistant: Assistant, current: str, caller: Caller) -> Masthead:
    """The bar above the view at this address, for whoever looks at it."""
    return Masthead(caller.views, current, scope_of(assistant, caller), name_of(caller))


def scope_of(assistant: Assistant, caller: Caller) -> str:
    """How much there is to read for a caller now, in words."""
    status = assistant.view_of(caller.principal).status()
    return f"{counted(status.documents, 'document')} · {counted(status.passages, 'passage')}"


def chat_address(question: str) -> str:
    """The chat with a question in its box."""
    return f"/?{urlencode({'question': question})}"


def name_of(caller: Caller) -> str | None:
    """What to call somebody who signed in with a browser, None for everybody else."""
    return caller.name if caller.way == "login" else None
