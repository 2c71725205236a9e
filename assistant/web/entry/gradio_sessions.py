"""Whose a session of Gradio's is.

Gradio names each open page by a `session_hash` that the browser makes up, and gives the
stream of its answers to whoever names it. So the first caller who uses one owns it; for
everybody else it does not exist.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from assistant.web.entry.callers import Caller
from assistant.web.entry.refusals import Refused

if TYPE_CHECKING:
    from starlette.types import Scope

MOST_SESSIONS = 20_000
"""Remembered; of more, those that were used longest ago are forgotten. Gradio by then has
forgotten them too: it drops a session when its page is closed."""

LONGEST_NAME = 100
"""Characters: the page's own have about ten. Names are kept, so they cost memory."""

CHAT = "/gradio"
"""Where Gradio's chat is. It has one page: for the name of any other in its query Gradio fails."""

HEARTBEAT = f"{CHAT}/gradio_api/heartbeat/"
IN_QUERY = frozenset({f"{CHAT}/gradio_api/queue/data"})
IN_BODY = frozenset({f"{CHAT}/gradio_api/queue/join", f"{CHAT}/gradio_api/cancel"})


class GradioSessions:
    """Binds each session to the first caller who uses it."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()

    def check(self, scope: Scope, body: bytes, caller: Caller) -> None:
        """Let only the owner of the session through. Raises Refused."""
        path: str = scope["path"]
        if path == f"{CHAT}/" and "page" in parse_qs(scope["query_string"].decode("latin-1")):
            raise Refused(404, "not_found", "There is nothing at this address.")
        if path.startswith(HEARTBEAT):
            self._claim(path.removeprefix(HEARTBEAT), caller)
        elif path in IN_QUERY:
            names = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
            self._claim_all(names, caller)
        elif path in IN_BODY:
            self._claim_all(_sessions_in(body), caller)

    def _claim_all(self, names: Sequence[object], caller: Caller) -> None:
        """One at most: of two, Gradio might use the other."""
        if len(names) != 1:
            raise Refused(404, "not_found", "There is no such session.")
        self._claim(names[0], caller)

    def _claim(self, name: object, caller: Caller) -> None:
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
            raise Refused(404, "not_found", "There is no such session.")
        owner = self._owners.setdefault(name, caller.session)
        if owner != caller.session:
            raise Refused(404, "not_found", "There is no such session.")
        self._owners.move_to_end(name)
        while len(self._owners) > MOST_SESSIONS:
            self._owners.popitem(last=False)


def _sessions_in(body: bytes) -> list[object]:
    """Every session that a JSON object names, also if it names several."""
    try:
        pairs = json.loads(body, object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError):
        return []
    return [value for key, value in pairs if key == "session_hash"] if _is_object(pairs) else []


def _is_object(pairs: object) -> bool:
    """Objects were read as lists of pairs."""
    return isinstance(pairs, list) and all(isinstance(pair, tuple) for pair in pairs)
