"""The one shape of every error: {"error": {"code", "message"}}."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from assistant.errors import (
    AccountsUnavailable,
    AssistantError,
    NoSuchConversation,
    NoSuchQuestionSet,
    NoSuchRun,
    RunUnfinished,
)
from assistant.web.entry.refusals import Refused, accounts_unavailable, error_to_dict
from index.errors import (
    UNWRITABLE,
    CatalogDamaged,
    CatalogUnavailable,
    DocumentNotFound,
    HomeUnwritable,
    IndexingError,
    NotYours,
    StoreDamaged,
)

log = logging.getLogger("onrecord.web")

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "wrong_method",
    409: "busy",
    413: "too_large",
    503: "unavailable",
    507: "unwritable",
}

UNUSABLE = "The index cannot be used for this now. Whoever runs the server finds in its log why."
NOT_WRITTEN = (
    "Nothing can be written here now: the disk is full or may only be read. Nothing was changed, "
    "and asking goes on. Whoever runs the server finds in its log where room is needed."
)

STATUSES = (
    (DocumentNotFound, 404),
    (NoSuchConversation, 404),
    (NoSuchQuestionSet, 404),
    (NoSuchRun, 404),
    (NotYours, 403),
    (RunUnfinished, 409),
)
"""Of our own errors that are not about a bad request."""


def error_reply(status: int, code: str, message: str) -> Response:
    """An error as every caller gets it."""
    return JSONResponse(error_to_dict(code, message), status)


def keep_errors_in_shape(
    app: FastAPI, reply_with: Callable[[int, str, str], Response] = error_reply
) -> None:
    """Let this application answer every error in the one shape, or in that of `reply_with`,
    which takes a status, a code and a message."""

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> Response:
        code = CODES.get(error.status_code, "error")
        return reply_with(error.status_code, code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return reply_with(422, "invalid", f"{where}: {first['msg']}" if where else first["msg"])

    @app.exception_handler(Refused)
    def _refused(_: Request, error: Refused) -> Response:
        reply = reply_with(error.status, error.code, str(error))
        reply.raw_headers.extend(error.headers)
        return reply

    @app.exception_handler(AccountsUnavailable)
    def _unavailable(request: Request, error: AccountsUnavailable) -> Response:
        log.error("%s", error)
        return _refused(request, accounts_unavailable())

    _keep_disks_errors_in_shape(app, reply_with)

    @app.exception_handler(IndexingError)
    @app.exception_handler(AssistantError)
    def _ours(_: Request, error: Exception) -> Response:
        status = next((s for kind, s in STATUSES if isinstance(error, kind)), 400)
        return reply_with(status, CODES[status] if status != 400 else code_of(error), str(error))


def _keep_disks_errors_in_shape(
    app: FastAPI, reply_with: Callable[[int, str, str], Response]
) -> None:
    """Callers are told what they can do; the log, which file it is."""

    @app.exception_handler(CatalogUnavailable)
    @app.exception_handler(CatalogDamaged)
    @app.exception_handler(StoreDamaged)
    def _unusable(_: Request, error: Exception) -> Response:
        log.error("%s", error)
        return reply_with(503, CODES[503], UNUSABLE)

    @app.exception_handler(OSError)
    @app.exception_handler(HomeUnwritable)
    def _unwritable(_: Request, error: Exception) -> Response:
        if isinstance(error, OSError) and error.errno not in UNWRITABLE:
            raise error
        log.error("%s", error)
        return reply_with(507, CODES[507], NOT_WRITTEN)


def code_of(error: Exception) -> str:
    """The code of one of our own errors: the name of its class."""
    return type(error).__name__
