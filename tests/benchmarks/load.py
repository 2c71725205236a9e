"""Many people at once, over real HTTP, with a scripted language model.

    python -m tests.benchmarks.load --chats-for 300

The model says its first word after .3 s and one more each 20 ms. Everybody has a key of
their own. The callers run on the same machine as the server, which makes figures worse:
they take as little of it as they can.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
import uvloop

from assistant.accounts.keys import Keys
from assistant.accounts.store import Store
from assistant.building import open_to_write
from index.ingesting import sync
from index.rights.deciding import Rights
from tests.benchmarks.corpus import new_settings, prepare_model
from tests.browser import serve
from tests.conftest import SEEDS, free_port
from tests.scripted import Conversation, scripted_server

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PEOPLE = 1_000
THINK = 20.0
CROWDS = 9
CALM = 2.0
QUESTIONS = (
    "What did Rahmon say about students?",
    "What did Putin say about the ban?",
    "How many Tajik citizens study in Russian universities?",
    "What was discussed at the talks?",
)
RIGHTS = Rights("user:local", readers=frozenset({"tenant:acme"}))
PORTAL = 'url = "http://127.0.0.1:{port}"\n'


@dataclass(frozen=True)
class Tried:
    """One question: what came of it; milliseconds to the first event, or to the refusal,
    and to the end."""

    status: int
    first: float
    whole: float
    ended: str


def main() -> None:
    """Print the figures of each load."""
    parser = argparse.ArgumentParser(description="Measure a server under load.")
    parser.add_argument("--chats-for", type=float, default=300.0, help="seconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        models = prepare_model(Path(scratch))
        with _server(models) as (address, keys):
            uvloop.run(_all(address, keys, options.chats_for))


async def _all(address: str, keys: Sequence[str], chats_for: float) -> None:
    gc.freeze()
    gc.disable()  # a collection of this process, half a second, would be taken for the server's
    await _burst(address, keys[:10], "quote")  # opens what is opened once
    _report("50 at once, written", await _burst(address, keys[:50], "write"))
    _report("50 at once, quoted", await _burst(address, keys[:50], "quote"))
    _report(f"200 chats for {chats_for:g} s", await _chats(address, keys[:200], chats_for))
    await _crowds(address, keys)
    await _throughput(address, keys)


def _report(what: str, tried: Sequence[Tried]) -> None:
    served = [each for each in tried if each.status == 200]
    away = [each for each in tried if each.status in (429, 503)]
    failed = [each for each in tried if each not in away and each.ended != "done"]
    print(f"{what}: {len(served)} served, {len(away)} turned away, {len(failed)} failed")
    if served:
        print(
            f"  first event p50 {_at(served, 50):,.0f} ms, p95 {_at(served, 95):,.0f} ms;", end=""
        )
        print(f" whole p95 {np.percentile([each.whole for each in served], 95):,.0f} ms")
    if away:
        print(
            f"  turned away p50 {_at(away, 50):,.0f} ms, p95 {_at(away, 95):,.0f} ms, "
            f"the last {_at(away, 100):,.0f} ms"
        )
    if failed:
        print(f"  {Counter((each.status, each.ended) for each in failed)}")


def _at(tried: Sequence[Tried], percentile: float) -> float:
    return float(np.percentile([each.first for each in tried], percentile))


async def _burst(address: str, keys: Sequence[str], mode: str) -> list[Tried]:
    asking = [_ask(address, key, QUESTIONS[i % 4], mode) for i, key in enumerate(keys)]
    return list(await asyncio.gather(*asking))


async def _crowds(address: str, keys: Sequence[str]) -> None:
    """A thousand at once, again and again: how long that takes differs from time to time.
    In between as many ask a server that only says no."""
    ends, bare_ends = [], []
    with _bare_server() as bare:
        for _ in range(CROWDS):
            tried = await _burst(address, keys, "write")
            _report("1,000 at once, written", tried)
            ends.append(_at([each for each in tried if each.status != 200], 95))
            told_no = await _burst(bare, keys, "write")
            _report("  of a server that only says no", told_no)
            bare_ends.append(_at(told_no, 95))
            await asyncio.sleep(CALM)
    print(
        f"turned away, p95: {min(ends):,.0f} to {max(ends):,.0f} ms, "
        f"median {np.median(ends):,.0f}; the server that only says no: "
        f"{min(bare_ends):,.0f} to {max(bare_ends):,.0f} ms, median {np.median(bare_ends):,.0f}"
    )


async def _chats(address: str, keys: Sequence[str], seconds: float) -> list[Tried]:
    """Everybody asks, reads, thinks for 20 s on average, and asks again."""
    end, draw = time.monotonic() + seconds, random.Random(3)
    tried: list[Tried] = []

    async def chat(key: str) -> None:
        await asyncio.sleep(draw.uniform(0, THINK))
        while time.monotonic() < end:
            tried.append(await _ask(address, key, draw.choice(QUESTIONS), "write"))
            await asyncio.sleep(draw.uniform(0.5, 1.5) * THINK)

    await asyncio.gather(*map(chat, keys))
    return tried


async def _throughput(address: str, keys: Sequence[str]) -> None:
    """Quoted answers one after the other, by more and more people at once."""
    used = iter(keys)
    for people in (1, 2, 4, 8, 16):
        began = time.perf_counter()
        tried: list[Tried] = []

        async def person(kept: list[Tried] = tried) -> None:
            for _ in range(25):
                key = next(used, keys[0])
                kept.append(await _ask(address, key, random.choice(QUESTIONS), "quote"))

        await asyncio.gather(*(person() for _ in range(people)))
        rate = len(tried) / (time.perf_counter() - began)
        whole = np.percentile([each.whole for each in tried], 95)
        print(
            f"{people} at a time, quoted: {rate:.0f} questions/s, whole answer p95 {whole:.0f} ms"
        )


async def _ask(address: str, key: str, question: str, mode: str) -> Tried:
    """By hand: a client library would take more of the processor than the server."""
    host = urlsplit(address).netloc
    body = json.dumps({"question": question, "mode": mode})
    head = (
        f"POST /api/v1/ask HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
        f"Accept: text/event-stream\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    began, first, ended, status = time.perf_counter(), 0.0, "", 0
    try:
        reader, writer = await asyncio.open_connection(*host.split(":"))
        writer.write((head + body).encode())
        async for line in reader:
            if line.startswith(b"HTTP/1.1"):
                status = int(line.split()[1])
            if not first and (status != 200 or line.startswith(b"event:")):
                first = (time.perf_counter() - began) * 1000
            if line.startswith(b"event:"):
                ended = line.decode().split()[1]
        writer.close()
    except OSError as error:
        ended = type(error).__name__
    return Tried(status, first, (time.perf_counter() - began) * 1000, ended)


@contextmanager
def _bare_server() -> Iterator[str]:
    """What the burst takes where nothing is done for it: the callers' own time, mostly."""
    port = free_port()
    app = "tests.benchmarks.load:say_no"
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        time.sleep(3)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


async def say_no(scope: Scope, _receive: Receive, send: Send) -> None:
    """An ASGI application."""
    if scope["type"] == "http":
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": b"no"})


@contextmanager
def _server(models: Path) -> Iterator[tuple[str, list[str]]]:
    """A portal's server on the seed, and a key for each person."""
    with new_settings(models) as settings, scripted_server(_speak) as model:
        port, home = free_port(), settings.home
        with open_to_write(settings, "index") as opened:
            for _ in sync(opened.stores, [SEEDS], RIGHTS):
                pass
        (home / "portal.toml").write_text(PORTAL.format(port=port))
        (home / "settings.toml").write_text(
            f'model = "openai:scripted"\nbase_url = "{model.url}"\n'
        )
        keys = Keys(Store(home))
        made = [keys.add(f"person-{number}", ["ask"], "acme") for number in range(PEOPLE)]
        with serve(home, port) as address:
            yield address, made


def _speak(conversation: Conversation) -> None:
    time.sleep(0.3)
    words = "Emomali Rahmon is grateful for the quota for Tajik students [1].".split(" ")
    conversation.begin()
    conversation.say(*(f"{word} " for word in words), pause=0.02)
    conversation.end()


if __name__ == "__main__":
    main()
