"""A server that speaks as OpenAI's does, and misbehaves as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.settings import Settings
from tests.listening import listening

WAIT = 1.0
"""Seconds to wait for the first and for each further word."""

Act = Callable[["Conversation"], None]
"""What the server does with a request."""


@dataclass
class Scripted:
    """The address of a running server, and the requests that it got. `last_word` is when
    it said something, or got a request: seconds of time.monotonic()."""

    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=lambda: ["m", "other"])
    last_word: float = 0.0
    hung_up: threading.Event = field(default_factory=threading.Event)

    @property
    def prompts(self) -> list[str]:
        """The messages of each request, one after the other."""
        return ["\n".join(m["content"] for m in body["messages"]) for body in self.bodies]


class Conversation(BaseHTTPRequestHandler):
    """One request, with what a script needs to answer it."""

    server: _Server

    def do_POST(self) -> None:
        """Note the request and do what the script says."""
        length = int(self.headers["Content-Length"])
        scripted = self.server.scripted
        scripted.bodies.append(json.loads(self.rfile.read(length)))
        scripted.keys.append(self.headers["Authorization"])
        scripted.last_word = time.monotonic()
        acts = self.server.acts
        try:
            acts[min(len(scripted.bodies), len(acts)) - 1](self)
        except OSError:
            scripted.hung_up.set()

    def do_GET(self) -> None:
        """Which models there are."""
        models = [{"id": name, "object": "model"} for name in self.server.scripted.models]
        self.whole(200, json.dumps({"object": "list", "data": models}).encode())

    def fail(self, status: int) -> None:
        """An error as such servers send it."""
        self.whole(status, json.dumps({"error": {"message": "no", "type": "x"}}).encode())

    def whole(self, status: int, body: bytes, kind: str = "application/json") -> None:
        """A response that is not streamed."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        """The head of a stream; it ends when the connection does."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def say(self, *words: str, pause: float = 0.0) -> None:
        """Stream words, one event each."""
        for each in words:
            self.raw(event({"content": each}))
            self.server.scripted.last_word = time.monotonic()
            time.sleep(pause)

    def end(self, reason: str = "stop") -> None:
        """Say that the answer is whole."""
        self.raw(event({}, reason) + b"data: [DONE]\n\n")

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    scripted: Scripted
    acts: tuple[Act, ...]


def event(delta: dict[str, Any], reason: str | None = None) -> bytes:
    """One event of a stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
             "choices": [choice]}  # fmt: skip
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def answering(*words: str) -> Act:
    """Says these words and comes to an end."""

    def act(conversation: Conversation) -> None:
        conversation.begin()
        conversation.say(*words)
        conversation.end()

    return act


def failing(status: int) -> Act:
    """Answers with an error."""
    return lambda conversation: conversation.fail(status)


def with_model(url: str, settings: Settings, **changes: object) -> Settings:
    """Settings for the model of this server, which wait as long as WAIT."""
    waits = {"connect_wait": WAIT, "first_word_wait": WAIT, "next_word_wait": WAIT}
    changed = {"model": "openai:m", "base_url": url, "answer_wait": 5.0, **waits, **changes}
    return replace(settings, **changed)  # type: ignore[arg-type]


@contextmanager
def scripted_server(*acts: Act) -> Iterator[Scripted]:
    """Does one act a request, the last one again and again."""
    server = _Server(("127.0.0.1", 0), Conversation)
    server.scripted = Scripted(f"http://127.0.0.1:{server.server_port}/v1")
    server.acts = acts
    with listening(server):
        yield server.scripted
