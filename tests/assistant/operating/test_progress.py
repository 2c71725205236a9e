"""How far commands are that are under way, for those who look on."""

from __future__ import annotations

from collections.abc import Generator

from assistant.operating.maintaining import Event, Request
from assistant.operating.progress import Working
from index.events import Progress, Summary


def perform(request: Request) -> Generator[Event]:
    yield Progress(0, 40, 0, 0.0)
    yield Progress(10, 40, 200, 5.0)
    yield Summary()


def test_what_is_under_way_is_told_until_it_is_done() -> None:
    """Or given up: files of all, how fast, how long yet; of several runs together."""
    working = Working(perform)
    assert working.in_words() == ""
    run = working.perform(Request("index"))
    next(run)
    assert working.in_words() == "Indexing 0 of 40 files"
    next(run)
    assert working.in_words() == "Indexing 10 of 40 files · 40 passages/s · 0:00:15 left"
    other = working.perform(Request("index"))
    next(other)
    assert working.in_words().startswith("Indexing 10 of 80 files")
    other.close()
    assert list(run) == [Summary()]
    assert working.in_words() == ""
