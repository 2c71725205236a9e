"""Two servers, each with a home of its own, over one database and one server of Chroma: what one
does the other knows."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from index.stores.engines.chroma_server import AWAY_FOR
from tests.chroma import ChromaServer
from tests.commanding import onrecord
from tests.conftest import ONRECORD, ROOT, free_port, new_home
from tests.postgres import Server, server

AT_ONCE = 6.0
"""Seconds within which something done at one server is seen to hold at the other: two, and what a
busy machine takes for two questions."""

POOL = {"question": "Who opened the pool in Arden?"}
CRANE = {"question": "What did Dunmore say about the harbour crane?"}


@dataclass
class Serving:
    """A server process and a program that calls it with a key."""

    process: subprocess.Popen[bytes]
    home: Path
    client: httpx.Client

    def ask(self, question: dict[str, str]) -> str:
        """The first quotation of the answer, empty for none."""
        reply = self.client.post("/api/v1/ask", json=question)
        reply.raise_for_status()
        citations = reply.json()["citations"]
        return str(citations[0]["quote"]) if citations else ""


def start(home: Path, key: str, **settings: str) -> Serving:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (home / "portal.toml").write_text(f'url = "{url}"\n', "utf-8")
    process = subprocess.Popen(
        [*ONRECORD, "--home", str(home), "serve", "--port", str(port)],
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    client = httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30, trust_env=False
    )
    return Serving(process, home, client)


def until(is_so: Callable[[], object], within: float = AT_ONCE) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within
        time.sleep(0.1)
    return time.monotonic() - began


def is_ready(serving: Serving) -> bool:
    try:
        return serving.client.get("/api/v1/ready").status_code == 200
    except httpx.TransportError:
        return False


def is_refused(serving: Serving, key: str) -> bool:
    headers = {"Authorization": f"Bearer {key}"}
    return serving.client.get("/api/v1/documents", headers=headers).status_code == 401


@pytest.fixture
def mortal() -> Iterator[Server]:
    """A server of PostgreSQL that the test may stop."""
    with server() as started:
        yield started


def test_what_one_server_does_the_other_knows(mortal: Server, tmp_path: Path, models: Path) -> None:
    """Documents, rights and keys; when one is killed, the other serves. It goes on without the
    server of the vectors, and while the database is away it says so until that is back."""
    folder, chroma = tmp_path / "texts", ChromaServer(tmp_path / "chroma")
    chroma.start()
    settings = {"ONRECORD_DATABASE": mortal.new_database(), "ONRECORD_CHROMA": chroma.address}
    folder.mkdir()
    (folder / "pool.txt").write_text("Ada Stone opened the pool in Arden.", "utf-8")
    homes = [new_home(tmp_path / name, models) for name in ("one", "two")]
    (tmp_path / "uploads").mkdir()
    for home in homes:
        (home / "uploads").symlink_to(tmp_path / "uploads")

    def command(home: Path, *arguments: object) -> str:
        done = onrecord(home, *arguments, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    readers = ("--readers", "key:reader", "--readers", "key:crowd")
    command(homes[0], "index", folder, *readers)
    may = ("--permission", "ask", "--permission", "write")
    key, stranger, crowd = (
        command(homes[0], "keys", "add", name, *may) for name in ("reader", "stranger", "crowd")
    )
    with ExitStack() as held:
        held.callback(chroma.kill)
        one, two = (start(home, key, **settings) for home in homes)
        for each in (one, two):
            held.callback(each.client.close)
            held.callback(each.process.wait)
            held.callback(each.process.kill)
        for each in (one, two):
            until(partial(is_ready, each), 120)
            assert each.ask(POOL) == "Ada Stone opened the pool in Arden."

        text = "Mayor Dunmore said the harbour crane cost nine million crowns."
        added = one.client.post("/api/v1/documents", files={"file": ("crane.txt", text.encode())})
        added.raise_for_status()
        id = added.json()["id"]
        until(lambda: "nine million" in two.ask(CRANE))
        assert two.client.get(f"/api/v1/documents/{id}").is_success
        other = {"Authorization": f"Bearer {stranger}"}
        assert two.client.get(f"/api/v1/documents/{id}", headers=other).status_code == 404
        shared = {"readers": ["key:stranger"]}
        two.client.put(f"/api/v1/documents/{id}/rights", json=shared).raise_for_status()
        until(lambda: one.client.get(f"/api/v1/documents/{id}", headers=other).is_success)
        one.client.delete(f"/api/v1/documents/{id}").raise_for_status()
        until(lambda: "nine million" not in two.ask(CRANE))

        command(homes[0], "keys", "revoke", "stranger")
        for each in (one, two):
            until(partial(is_refused, each, stranger))

        for each in (one, two):
            each.client.headers["Authorization"] = f"Bearer {crowd}"
        begun = [one.client.post("/api/v1/conversations").json()["id"] for _ in range(9)]
        with ThreadPoolExecutor(3) as executor:
            asked = {id: executor.submit(one.ask, {**POOL, "conversation": id}) for id in begun}
            next(iter(asked.values())).result()
            one.process.kill()
            served = [executor.submit(two.ask, {**POOL, "conversation": id}) for id in begun]
            assert {each.result() for each in served} == {"Ada Stone opened the pool in Arden."}
        for id, answer in asked.items():
            kept = two.client.get(f"/api/v1/conversations/{id}").json()["turns"]
            assert len(kept) >= (1 if answer.exception() else 2)

        chroma.kill()
        assert two.ask(POOL) == "Ada Stone opened the pool in Arden."
        assert "vectors" in two.client.get("/api/v1/ready").json()
        chroma.start()
        time.sleep(AWAY_FOR)
        assert two.ask(POOL) == "Ada Stone opened the pool in Arden."
        assert two.client.get("/api/v1/ready").json() == {"status": "ok"}

        mortal.stop()
        away = two.client.post("/api/v1/ask", json=POOL)
        assert (away.status_code, "retry-after" in away.headers) == (503, True)
        mortal.start()
        until(lambda: two.client.post("/api/v1/ask", json=POOL).is_success, 10)
        assert two.ask(POOL) == "Ada Stone opened the pool in Arden."
