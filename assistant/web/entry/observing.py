"""What operators watch: figures for Prometheus, traces for OpenTelemetry, a log of requests.

None of them holds a question, a document's words or a credential: doors, outcomes, times,
and the ids of principals in the log only.
"""

from __future__ import annotations

import json
import logging
import queue
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import Response
from fastapi.telemetry import TelemetryConfig

from assistant.answers import Answer
from assistant.web.entry import doors
from assistant.web.entry.callers import NOBODY, Caller
from assistant.web.entry.doors import Doors

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("onrecord.requests")

SERVICE = "onrecord"
EXPORTER = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""The variable that OpenTelemetry itself reads; without it nothing is traced."""

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)

NOT_BY_ITSELF: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
}
"""FastAPI would trace by itself, and put what stands in addresses and errors into its spans:
questions, names, the codes of logins."""

LINES_WAITING = 10_000
"""Lines of the log that are kept while nobody takes them."""

CLOSED = "closed"
"""The name of every path that has no door: made-up paths make no new figures."""


class Figures:
    """Counts and times of one server."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = CollectorRegistry()
        self._requests = Counter(
            "onrecord_requests_total",
            "Requests by door and status.",
            ("method", "door", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "onrecord_request_seconds",
            "Seconds until a request was answered whole.",
            ("door",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "onrecord_answers_total",
            "Answers by mode and outcome.",
            ("mode", "outcome"),
            registry=self._registry,
        )
        self._stages = Histogram(
            "onrecord_stage_seconds",
            "Seconds of each stage of an answer.",
            ("stage",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._open = Gauge(
            "onrecord_open_requests", "Requests that are being answered.", registry=self._registry
        )

    def answered(self, answer: Answer) -> None:
        """Count an answer and the time of its stages."""
        self._answers.labels(answer.mode, answer.outcome).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    @contextmanager
    def open_request(self) -> Iterator[None]:
        """Inside, a request is being answered."""
        with self._open.track_inprogress():
            yield

    def requested(self, method: str, door: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, door, str(status)).inc()
        self._seconds.labels(door).observe(seconds)

    def as_text(self) -> bytes:
        """For Prometheus."""
        from prometheus_client import generate_latest

        return bytes(generate_latest(self._registry))


class Observed:
    """ASGI middleware around everything: counts and logs each request, also those that are
    turned away."""

    def __init__(self, app: ASGIApp, doors: Doors, figures: Figures) -> None:
        self._app = app
        self._doors = doors
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on and note what came of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            with self._figures.open_request():
                await self._app(scope, receive, send_noting)
        finally:
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, caller = scope["method"], scope.get("caller", NOBODY)
        door = next((door.path for door in self._doors.at(scope["path"])), CLOSED)
        self._figures.requested(method, door, status, seconds)
        log.info("%s", _line(method, door, status, seconds, caller))


def add_figures(app: FastAPI, figures: Figures) -> None:
    """The route /metrics."""

    @app.get("/metrics")
    @doors.Declaration("administer")
    def metrics() -> Response:
        from prometheus_client import CONTENT_TYPE_LATEST

        return Response(figures.as_text(), media_type=CONTENT_TYPE_LATEST)


@contextmanager
def traced(name: str, values: Mapping[str, str | int | bool]) -> Iterator[Any]:
    """Inside is one span of a trace, if anybody traces. What is raised is noted by its kind
    alone: its words may be a document's."""
    from opentelemetry import trace

    tracer = trace.get_tracer(SERVICE)
    span = tracer.start_span(name, attributes=dict(values))
    try:
        yield span
    except Exception as error:
        span.set_attribute("error.type", type(error).__name__)
        raise
    finally:
        span.end()


def trace_if_wanted(environment: Mapping[str, str]) -> None:
    """Send traces where OpenTelemetry's own variables say, if they do."""
    if not environment.get(EXPORTER):
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


class _Unhurried(QueueHandler):
    """Drops lines rather than wait: somebody who does not read the log stops no answer."""

    queue: queue.SimpleQueue[logging.LogRecord]

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """As it is, for nothing is sent to another process."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        if self.queue.qsize() < LINES_WAITING:
            self.queue.put(record)


def log_to_stderr() -> None:
    """One JSON object a line, of requests and of what was refused to whom."""
    written = logging.StreamHandler()
    written.setFormatter(logging.Formatter("%(message)s"))
    waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    QueueListener(waiting, written).start()
    root = logging.getLogger(SERVICE)
    root.setLevel(logging.INFO)
    root.propagate = False  # libraries put handlers of theirs on the root, which wait
    root.addHandler(_Unhurried(waiting))


def _line(method: str, door: str, status: int, seconds: float, caller: Caller) -> str:
    return json.dumps(
        {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "method": method,
            "door": door,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "principal": caller.principal.id,
            "session": caller.session,
        },
        ensure_ascii=True,
    )
