"""Bodies that do not come, or come slowly: they cost whoever sends them, and nobody else."""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.web.entry import bodies, capacity
from assistant.web.entry.gate import Gate, Limits
from tests.running import Running, running

ASKED = {"question": "What did Rahmon say about students?"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Iterator[Running]:
    gate = Gate(Limits(at_once=8, a_minute_each=1_000, requests_each=20, uploads_each=2))
    with running(seed_home, tmp_path_factory.mktemp("bodies") / "home", gate) as server:
        yield server


def begin(
    server: Running, key: str, path: str = "/api/v1/ask", kind: str = "json"
) -> socket.socket:
    """A request whose body is announced and begun."""
    address = urlsplit(server.url)
    opened = socket.create_connection((address.hostname, address.port), timeout=30)
    opened.sendall(
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: 1000\r\n\r\n--x\r\n"
        'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode()
    )
    return opened


def status(opened: socket.socket) -> int:
    return int(opened.recv(1_000).split(b" ", 2)[1])


@pytest.mark.parametrize("path", ["/api/v1/ask", "/mcp", "/gradio/gradio_api/queue/join"])
def test_unfinished_bodies_of_one_keep_nobody_else_out(
    server: Running, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred: most are turned away at once, the others hold no place where answers are made,
    neither when the rush is over nor in it."""
    monkeypatch.setattr(capacity, "RUSH_WITHIN", 1.0)
    monkeypatch.setattr(capacity, "LONGEST_RUSH", 3.0)
    with ExitStack() as held:
        begun = [held.enter_context(begin(server, server.key, path)) for _ in range(100)]
        headers = {"Authorization": f"Bearer {server.poor}"}
        told = answered(begun, 75)
        assert {status(each) for each in told} <= {429, 503}
        assert len(told) >= 75
        reply = httpx.post(f"{server.url}/api/v1/ask", json=ASKED, headers=headers, timeout=30)
        assert reply.status_code == 200
        assert len(answered(begun, 100)) < 100, "the others still wait"


def answered(begun: list[socket.socket], most: int) -> list[socket.socket]:
    """Those that have an answer, once so many have."""
    ends = time.monotonic() + 2
    with selectors.DefaultSelector() as watched:
        for each in begun:
            watched.register(each, selectors.EVENT_READ, each)
        while True:
            found = [key.data for key, _ in watched.select(0.2)]
            if len(found) >= most or time.monotonic() > ends:
                return found


def test_a_body_that_stops_is_given_up(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SILENT", 0.2)
    with begin(server, server.key) as opened:
        assert status(opened) == 408
        assert opened.recv(1_000) == b"", "and the connection with it"


def test_a_body_that_drips_is_given_up(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though something comes again and again; an upload, too."""
    monkeypatch.setattr(bodies, "WHOLE", 0.5)
    for path, kind in (
        ("/api/v1/ask", "application/json"),
        ("/api/v1/documents", "multipart/form-data; boundary=x"),
    ):
        with begin(server, server.key, path, kind) as opened:
            opened.settimeout(0.1)
            for _ in range(50):
                opened.sendall(b"x")
                try:
                    assert status(opened) == 408
                except TimeoutError:
                    continue
                break
            else:
                pytest.fail("it was never given up")


def test_a_slow_body_that_keeps_coming_is_taken(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it comes fast enough on the whole."""
    monkeypatch.setattr(bodies, "WHOLE", 1.0)
    monkeypatch.setattr(bodies, "SLOWEST", 20)

    def slowly() -> Iterator[bytes]:
        for letter in json.dumps(ASKED).encode():
            time.sleep(0.03)
            yield bytes([letter])

    headers = {"Authorization": f"Bearer {server.key}", "content-type": "application/json"}
    reply = httpx.post(f"{server.url}/api/v1/ask", content=slowly(), headers=headers, timeout=30)
    assert reply.status_code == 200


def test_one_caller_has_so_many_uploads_and_open_pages(server: Running) -> None:
    with ExitStack() as held:
        kind = "multipart/form-data; boundary=x"
        begun = [
            held.enter_context(begin(server, server.key, "/api/v1/documents", kind))
            for _ in range(3)
        ]
        (told,) = answered(begun, 1)
        assert status(told) == 429
    headers = {"Authorization": f"Bearer {server.key}"}
    with ExitStack() as held, httpx.Client(headers=headers, timeout=30) as client:
        limits = [
            held.enter_context(
                client.stream("GET", f"{server.url}/gradio/gradio_api/heartbeat/page-{number}")
            ).status_code
            for number in range(21)
        ]
    assert limits == [200] * 20 + [429]
