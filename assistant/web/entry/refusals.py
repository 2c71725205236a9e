"""A request that may not pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

OPENAI = "/v1"
"""Beginning of the paths that are called by programs made for OpenAI's API."""

OPENAI_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}


def error_to_dict(code: str, message: str) -> dict[str, Any]:
    """An error as every caller gets it, but for those of OpenAI's API."""
    return {"error": {"code": code, "message": message}}


def error_to_openai(status: int, code: str, message: str) -> dict[str, Any]:
    """The same in the shape of OpenAI's API."""
    kind = OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


class Refused(Exception):
    """Says why, to whoever sent the request; answered in the one shape of errors."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


def try_again(status: int, code: str, message: str, seconds: int) -> Refused:
    """Too much: 429 for one caller's own doing, 503 for everybody's."""
    return Refused(status, code, message, [(b"retry-after", str(seconds).encode())])


def accounts_unavailable() -> Refused:
    """While the file of accounts cannot be read or written, nothing is shown to anybody."""
    return try_again(503, "unavailable", "Nobody can be let in now. Try again soon.", 5)
