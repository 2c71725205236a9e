"""What callers of a server are told of an error of ours.

What they did or asked for is said in the error's own words. What is wrong with the server
itself is for whoever runs it, and its words have the server's paths: so the log has them,
under a name that the caller is told.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import (
    AssistantError,
    BadQuestionSet,
    LoginFailed,
    ModelFailed,
    NoSuchConversation,
    NoSuchQuestionSet,
    NoSuchRun,
    RunUnfinished,
    WrongUse,
)
from index.errors import (
    UNWRITABLE,
    DocumentNotFound,
    HomeUnwritable,
    IndexingError,
    NotYours,
    OriginalGone,
    RightsUnclear,
    SpeakerUnclear,
    UnreadableFile,
)

log = logging.getLogger("onrecord.errors")

ABOUT_A_CALL: Mapping[type[Exception], int] = {
    DocumentNotFound: 404,
    NoSuchConversation: 404,
    NoSuchQuestionSet: 404,
    NoSuchRun: 404,
    NotYours: 403,
    OriginalGone: 410,
    RunUnfinished: 409,
    **dict.fromkeys(
        (
            WrongUse, BadQuestionSet, LoginFailed, ModelFailed,
            RightsUnclear, SpeakerUnclear, UnreadableFile,
        ),
        400,
    ),
}  # fmt: skip
"""What was asked for or done, and its status in HTTP."""

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "wrong_method",
    409: "busy",
    410: "gone",
    413: "too_large",
}

PATH = re.compile(r"(?<![\w./:?&=#<-])/[^\s/]+/|\b[A-Za-z]:\\")
"""The beginning of an absolute path, as it may stand in an error."""


@dataclass(frozen=True, slots=True)
class Told:
    """A status and a code for programs, words for people."""

    status: int
    code: str
    words: str


def tell(error: AssistantError | IndexingError | OSError) -> Told:
    """What the caller is told; of what is not about the call, the log gets the rest."""
    words = str(error)
    status = next((status for kind, status in ABOUT_A_CALL.items() if isinstance(error, kind)), 0)
    if status and not PATH.search(words):
        return Told(status, type(error).__name__ if status == 400 else CODES[status], words)
    name = secrets.token_hex(4)
    log.error("%s %s: %s", name, type(error).__name__, words)
    if isinstance(error, HomeUnwritable) or getattr(error, "errno", None) in UNWRITABLE:
        return Told(
            507,
            "unwritable",
            "Nothing can be written here now: the disk is full or may only be read. Nothing was "
            "changed, and asking goes on. Tell whoever runs the server: its log says more, under "
            f"{name}.",
        )
    return Told(
        503,
        "unavailable",
        "The server cannot do this now. Try again soon; if that does not help, tell whoever "
        f"runs it: its log says why, under {name}.",
    )
