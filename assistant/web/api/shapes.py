"""The one shape of every error: {"error": {"code", "message"}}."""

from __future__ import annotations

import errno
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from assistant.errors import AssistantError
from assistant.rendering.errors import CODES, tell
from assistant.web.entry.guard import notice, opens_page
from assistant.web.entry.refusals import Refused, error_to_dict, try_again
from index.errors import UNWRITABLE, IndexingError

TOO_FEW_FILES = (errno.EMFILE, errno.ENFILE)


Reply = Callable[[Request, int, str, str], Response]
"""Makes an answer of a request, a status, a code and a message."""


def error_reply(_: Request, status: int, code: str, message: str) -> Response:
    """An error as every program gets it."""
    return JSONResponse(error_to_dict(code, message), status)


def page_or_error(request: Request, status: int, code: str, message: str) -> Response:
    """The same, and a page for whoever opens the address in a browser."""
    if opens_page(request.scope):
        return HTMLResponse(notice(message, status), status)
    return error_reply(request, status, code, message)


def keep_errors_in_shape(app: FastAPI, reply_with: Reply = error_reply) -> None:
    """Let this application answer every error in the one shape, or in that of `reply_with`."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        code = CODES.get(error.status_code, "error")
        return reply_with(request, error.status_code, code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        why = f"{where}: {first['msg']}" if where else first["msg"]
        return reply_with(request, 422, "invalid", why)

    @app.exception_handler(Refused)
    def _refused(request: Request, error: Refused) -> Response:
        reply = reply_with(request, error.status, error.code, str(error))
        reply.raw_headers.extend(error.headers)
        return reply

    @app.exception_handler(IndexingError)
    @app.exception_handler(AssistantError)
    def _ours(request: Request, error: AssistantError | IndexingError | OSError) -> Response:
        told = tell(error)
        if told.status == 503:
            return _refused(request, try_again(503, told.code, told.words, 5))
        return reply_with(request, told.status, told.code, told.words)

    @app.exception_handler(OSError)
    def _no_file(request: Request, error: OSError) -> Response:
        if error.errno in TOO_FEW_FILES:
            return _refused(request, try_again(503, "busy", "Too much at once. Try again soon.", 1))
        return _ours(request, _unwritable(error))


def _unwritable(error: OSError) -> OSError:
    """A full or read-only disk. Raises the error if it is about something else."""
    if error.errno not in UNWRITABLE:
        raise error
    return error
