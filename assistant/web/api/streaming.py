"""An answer as server-sent events: each stage is told as soon as it is done.

understanding  the question as it was understood
sources        what was found, before anything is said
sentence       one sentence with its marks
verdict        what became of checking it
done           the whole answer
error          what went wrong; nothing follows
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

from fastapi.responses import StreamingResponse

from assistant.answers import Claim, Event
from assistant.errors import AssistantError
from assistant.rendering.answers import source_to_dict, to_dict
from assistant.rendering.errors import tell
from assistant.rendering.telling import told_claim
from index.documents import Found, Query
from index.errors import IndexingError

HEARTBEAT = 15.0
"""Seconds of silence after which a comment shows proxies that the answer is alive."""

RECHECK = 1.0
"""Seconds between two looks at whether the caller may still have the answer."""

HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}

FAILED = ("error", {"code": "failed", "message": "The answer could not be made. Ask again."})

Part = tuple[str, dict[str, Any]]
"""An event's name and its data."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a stream looks: the parts of an answer, and a part (or an "error") as text."""

    parts: Callable[[Iterator[Event]], Iterator[Part]]
    line: Callable[[str, dict[str, Any]], str]


async def stream_answer(
    start: Callable[[], Iterator[Event]],
    executor: Executor,
    is_current: Callable[[], bool],
    form: Form | None = None,
) -> StreamingResponse:
    """The events of `start()`, which runs in a thread of the executor.

    What it raises before its first event is raised here. The stream ends with an error as
    soon as `is_current` says that the caller may not have it any more.
    """
    form = form or Form(_parts, event_line)
    parts = _in_thread(lambda: form.parts(start()), executor)
    first = await anext(parts)
    lines = _lines(first, parts, is_current, form.line)
    return StreamingResponse(lines, media_type="text/event-stream", headers=HEADERS)


async def _lines(
    first: Part,
    parts: AsyncIterator[Part],
    is_current: Callable[[], bool],
    line: Callable[[str, dict[str, Any]], str],
) -> AsyncIterator[str]:
    yield line(*first)
    silent = 0.0
    now = asyncio.get_running_loop().time
    checked = now()
    upcoming = asyncio.ensure_future(anext(parts, None))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=RECHECK)
            if now() - checked >= RECHECK:
                if not await asyncio.to_thread(is_current):  # which looks into a file
                    yield line("error", {"code": "unauthorized", "message": "Sign in again."})
                    return
                checked = now()
            if not done:
                silent += RECHECK
                if silent >= HEARTBEAT:
                    yield ":\n\n"
                    silent = 0.0
                continue
            part = upcoming.result()
            if part is None:
                return
            yield line(*part)
            silent = 0.0
            upcoming = asyncio.ensure_future(anext(parts, None))
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)
        await cast(Any, parts).aclose()


async def _in_thread(
    start: Callable[[], Iterator[Part]], executor: Executor
) -> AsyncIterator[Part]:
    """The parts of the answer, which is made in one thread: stores and models do not like
    to be called by several. It ends at its next event when nobody wants them any more."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[Part | Exception | None] = asyncio.Queue()
    unwanted = threading.Event()

    def deliver(item: Part | Exception | None) -> None:
        loop.call_soon_threadsafe(arrived.put_nowait, item)

    making = loop.run_in_executor(executor, _make, start, deliver, unwanted)
    try:
        while (item := await arrived.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        unwanted.set()
        making.add_done_callback(_notice)


def _make(
    start: Callable[[], Iterator[Part]],
    deliver: Callable[[Part | Exception | None], None],
    unwanted: threading.Event,
) -> None:
    """Deliver each part and then None. An error after the first part is a part."""
    begun = False
    try:
        with closing(cast(Generator[Part], start())) as parts:
            for part in parts:
                deliver(part)
                begun = True
                if unwanted.is_set():
                    return
    except (AssistantError, IndexingError) as error:
        deliver(_failed(error) if begun else error)
    except BaseException:
        deliver(FAILED)
        raise
    finally:
        deliver(None)


def _failed(error: AssistantError | IndexingError) -> Part:
    told = tell(error)
    return "error", {"code": told.code, "message": told.words}


def _notice(making: asyncio.Future[None]) -> None:
    """An error that was told to the caller is for the log too."""
    if not making.cancelled() and (error := making.exception()):
        making.get_loop().call_exception_handler(
            {"message": "An answer could not be made", "exception": error}
        )


def _parts(events: Iterator[Event]) -> Iterator[Part]:
    number = 0
    with closing(cast(Generator[Event], events)):
        for event in events:
            if isinstance(event, Query):
                yield "understanding", _understanding(event)
            elif isinstance(event, Found):
                yield "sources", _sources(event)
            elif isinstance(event, Claim):
                number += 1
                claim = told_claim(event)
                yield "sentence", _sentence(number, claim)
                verdict = {"number": number, "verdict": claim.verdict, "why": claim.why}
                yield "verdict", verdict
            else:
                yield "done", {"answer": to_dict(event)}


def _understanding(query: Query) -> dict[str, Any]:
    return {
        "standalone_question": query.standalone_question,
        "speaker": query.speaker,
        "topic": query.topic,
    }


def _sources(found: Found) -> dict[str, Any]:
    return {
        "passages": [
            {
                "document": source_to_dict(hit.source),
                "start": hit.passage.start,
                "end": hit.passage.end,
                "page": hit.page,
            }
            for hit in found.hits
        ],
        "searched": {
            "documents": found.documents_searched,
            "passages": found.passages_searched,
        },
    }


def _sentence(number: int, claim: Claim) -> dict[str, Any]:
    return {"number": number, "text": claim.text, "citations": list(claim.citations)}


def event_line(name: str, data: dict[str, Any]) -> str:
    """JSON has no line break of its own, so the data is one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
