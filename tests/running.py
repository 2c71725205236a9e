"""A real server in a thread, for clients that come by HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from assistant.building import open_to_write
from assistant.identity.configuring import Portal
from assistant.operating.maintaining import Request, perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.entry.gate import Gate
from assistant.web.fetching import PUBLIC, Reach
from assistant.web.services import local_services, portal_services
from index.ingesting import sync
from tests.conftest import copy_home, free_port


@dataclass(frozen=True)
class Running:
    """A server with a portal, and keys to it: `key` reads everything of its tenant, `poor`
    has no document."""

    url: str
    key: str
    poor: str
    home: Path


@contextmanager
def running(
    seed_home: Path, home: Path, gate: Gate | None = None, **changes: str
) -> Iterator[Running]:
    """A server for programs, over a copy of the seed's index whose documents key:reader may
    read. `changes` are of the settings."""
    copy_home(seed_home, home)
    settings = replace(Settings(home), **changes)  # type: ignore[arg-type]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with open_to_write(settings, "serve") as opened:
        act = partial(perform, opened.stores)
        portal = Portal.model_validate({"url": url})
        services = portal_services(opened.assistant, act, "owner", settings, portal, {}, gate)
        assert services.portals is not None
        for _ in act(Request("rights", documents="*", rights={"readers": ["key:reader"]})):
            pass
        key = services.portals.keys.add("reader", ["ask", "write", "evaluate"])
        poor = services.portals.keys.add("stranger", ["ask"])
        with in_thread(create_app(services), port):
            yield Running(url, key, poor, home)


@contextmanager
def running_locally(
    home: Path, *paths: Path, reach: Reach = PUBLIC, settings: Settings | None = None
) -> Iterator[str]:
    """The address of a server for one person, over an index into which these paths are taken;
    it fetches documents as far as `reach` goes."""
    settings, port = settings or Settings(home), free_port()
    with open_to_write(settings, "serve") as opened:
        for _ in sync(opened.stores, paths) if paths else ():
            pass
        act = partial(perform, opened.stores)
        app = create_app(local_services(opened.assistant, act, "owner", settings, reach=reach))
        with in_thread(app, port):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def in_thread(app: FastAPI, port: int) -> Iterator[None]:
    """The application behind a real server, until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        thread.join()
