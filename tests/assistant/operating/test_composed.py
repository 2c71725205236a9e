"""compose.yaml, started: PostgreSQL, Chroma, two servers with a proxy in front of them, and a
cluster of Ray."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from index.stores.engines.chroma_server import AWAY_FOR
from tests.composed import SERVICES, Composed, shown, told_outside
from tests.conftest import free_port
from tests.postgres import Server, server

AT_ONCE = 20.0
"""Seconds within which something done at one server is seen to hold at the other: two, and what a
busy machine takes for two questions."""

CONVERSATIONS = 50
READERS = [f"reader{number}" for number in range(8)]
POOL = {"question": "Who opened the pool in Arden?"}
OPENED = "Ada Stone opened the pool in Arden."
CRANE = {"question": "What did Dunmore say about the harbour crane?"}
NOTE = b"Mayor Dunmore said the harbour crane cost nine million crowns."


@pytest.fixture
def mortal() -> Iterator[Server]:
    """A server of PostgreSQL that the test may stop."""
    with server() as started:
        yield started


@pytest.fixture
def composed(tmp_path: Path, models: Path, mortal: Server) -> Iterator[Composed]:
    """Nothing is started yet; one document is in /documents."""
    outside = told_outside(POSTGRES_PASSWORD="hidden", SITE=f"http://127.0.0.1:{free_port()}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        made = Composed(tmp_path, models, Path(scratch), mortal, outside)
        made.mount()
        (tmp_path / "documents" / "pool.txt").write_text(OPENED)
        yield made
        made.end()


@pytest.fixture
def proxy() -> None:
    """Skips the test where there is none, unless it has to be there."""
    if shutil.which("caddy") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no caddy here")


def start(composed: Composed, *services: str) -> None:
    for service in services:
        composed.start(service)
    for service in services:
        composed.wait_until_healthy(service)


def command(composed: Composed, *words: str) -> str:
    done = composed.run("onrecord", "onrecord", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def until(is_so: Callable[[], object], within: float = AT_ONCE) -> None:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within
        time.sleep(0.1)


def patiently(client: httpx.Client, path: str, body: object = None) -> httpx.Response:
    """As a program asks that comes again when it is told to."""
    for _ in range(60):
        reply = client.post(path, json=body)
        if reply.status_code not in (429, 503):
            break
        time.sleep(float(reply.headers["retry-after"]))
    return reply.raise_for_status()


def converse(url: str, key: str) -> str:
    """A conversation of two answers."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
        id = str(patiently(client, "/api/v1/conversations").json()["id"])
        for _ in range(2):
            answer = patiently(client, "/api/v1/ask", {**POOL, "conversation": id}).json()
            assert answer["citations"][0]["quote"] == OPENED
    return id


def ask(client: httpx.Client, question: dict[str, str] = POOL) -> str:
    """The first quotation of the answer, empty for none."""
    citations = patiently(client, "/api/v1/ask", question).json()["citations"]
    return str(citations[0]["quote"]) if citations else ""


def test_servers_behind_a_proxy_stand_in_for_each_other(
    composed: Composed, mortal: Server, proxy: None
) -> None:
    """What one adds, shares or revokes holds at the other, and when one is killed in the middle of
    fifty conversations, none is lost. They go on without the server of the vectors, and while the
    database is away everybody is told to come back."""
    start(composed, "postgres", "chroma")
    readers = [word for name in READERS for word in ("--readers", f"key:{name}")]
    command(composed, "index", "/documents", *readers)
    may = ("--permission", "ask", "--permission", "write")
    keys = [command(composed, "keys", "add", name, *may) for name in READERS]
    stranger = command(composed, "keys", "add", "stranger", *may)
    start(composed, "onrecord", "second", "proxy")
    urls = (composed.address("onrecord"), composed.address("second"), composed.outside["SITE"])
    with ExitStack() as held:
        one, two, front = clients = [
            held.enter_context(
                httpx.Client(
                    base_url=url, headers={"Authorization": f"Bearer {keys[0]}"},
                    timeout=60, trust_env=False,
                )
            )
            for url in urls
        ]  # fmt: skip
        for client in clients:
            assert ask(client) == OPENED

        added = one.post("/api/v1/documents", files={"file": ("crane.txt", NOTE)})
        address = f"/api/v1/documents/{added.raise_for_status().json()['id']}"
        until(lambda: "nine million" in ask(two, CRANE))
        other = {"Authorization": f"Bearer {stranger}"}
        assert two.get(address, headers=other).status_code == 404
        shared = {"readers": ["key:stranger", f"key:{READERS[0]}"]}
        two.put(f"{address}/rights", json=shared).raise_for_status()
        until(lambda: one.get(address, headers=other).is_success)
        assert (
            (composed.data("second") / "uploads")
            .resolve()
            .is_relative_to(composed.data("onrecord"))
        )
        one.delete(address).raise_for_status()
        until(lambda: "nine million" not in ask(two, CRANE))
        command(composed, "keys", "revoke", "stranger")
        for client in clients:
            until(lambda: client.get("/api/v1/documents", headers=other).status_code == 401)  # noqa: B023

        with ThreadPoolExecutor(16) as executor:
            whose = [keys[number % len(keys)] for number in range(CONVERSATIONS)]
            begun = [executor.submit(converse, urls[2], key) for key in whose]
            begun[len(keys)].result()
            composed.running["onrecord"].kill()
            kept = [each.result() for each in begun]
        for id, key in zip(kept, whose, strict=True):
            headers = {"Authorization": f"Bearer {key}"}
            conversation = two.get(f"/api/v1/conversations/{id}", headers=headers).json()
            assert len(conversation["turns"]) >= 2

        composed.running["chroma"].kill()
        assert ask(two) == OPENED
        assert "vectors" in two.get("/api/v1/ready").json()
        start(composed, "chroma")
        time.sleep(AWAY_FOR)
        assert ask(two) == OPENED
        assert two.get("/api/v1/ready").json() == {"status": "ok"}

        mortal.stop()
        for client in (two, front):
            away = client.post("/api/v1/ask", json=POOL)
            assert (away.status_code, "retry-after" in away.headers) == (503, True)
        mortal.start()
        assert ask(front) == OPENED
        start(composed, "onrecord")
        assert ask(one) == OPENED


def test_a_cluster_of_ray_reads_what_is_indexed_beside_the_servers(composed: Composed) -> None:
    """Into their database, by the command that is shown."""
    start(composed, "postgres", "chroma", "ray-head")
    start(composed, "ray-worker")
    (service,) = shown("docker compose run --rm")
    for _ in range(3):  # on a busy machine Ray gives up waiting for itself
        indexed = composed.run(service, "onrecord", *SERVICES[service]["command"])
        if indexed.returncode == 0:
            break
    assert "1 added" in indexed.stdout, indexed.stderr
    assert OPENED in command(composed, "ask", POOL["question"])
