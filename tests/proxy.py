"""A small reverse proxy for tests: shows a server below a path."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from starlette.background import BackgroundTask

from tests.conftest import free_port
from tests.running import in_thread

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding"}


@contextmanager
def in_front(server: str, path: str, port: int = 0, *, keeps_path: bool) -> Iterator[str]:
    """The address of a proxy, whose `path` leads to the server; anywhere else is nothing. It
    passes the path on, or takes it off."""
    port = port or free_port()
    with in_thread(_proxy(server, path, keeps_path=keeps_path), port):
        yield f"http://127.0.0.1:{port}{path}"


def _proxy(server: str, path: str, *, keeps_path: bool) -> FastAPI:
    @asynccontextmanager
    async def connected(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(base_url=server, timeout=60) as client:
            app.state.client = client
            yield

    app = FastAPI(lifespan=connected)

    @app.api_route("/{rest:path}", methods=METHODS)
    async def passed_on(request: Request, rest: str) -> Response:
        asked = f"/{rest}"
        if asked != path and not asked.startswith(f"{path}/"):
            return Response(f"nothing at {asked}", 404)
        asked = request.url.path if keeps_path else request.url.path.removeprefix(path) or "/"
        sent = request.app.state.client.build_request(
            request.method,
            f"{asked}?{request.url.query}".rstrip("?"),
            headers=request.headers.raw,
            content=await request.body(),
        )
        reply = await request.app.state.client.send(sent, stream=True)
        kept = [(k, v) for k, v in reply.headers.raw if k.decode().lower() not in OF_ONE_HOP]
        streamed = StreamingResponse(
            reply.aiter_raw(), reply.status_code, background=BackgroundTask(reply.aclose)
        )
        streamed.raw_headers = kept
        return streamed

    return app
