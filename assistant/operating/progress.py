"""What is being indexed just now, for those who look on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from datetime import timedelta

from assistant.languages import counted, phrase
from assistant.operating.maintaining import Event, Request
from index.events import Progress

Perform = Callable[[Request], Generator[Event]]


class Working:
    """Does commands that write, and knows how far those are that are under way."""

    def __init__(self, perform: Perform) -> None:
        self._perform = perform
        self._lock = threading.Lock()
        self._runs: dict[int, Progress] = {}

    def perform(self, request: Request) -> Generator[Event]:
        """Do it, as it would be done without looking on."""
        number = id(request)
        try:
            for event in self._perform(request):
                if isinstance(event, Progress):
                    with self._lock:
                        self._runs[number] = event
                yield event
        finally:
            with self._lock:
                self._runs.pop(number, None)

    def in_words(self) -> str:
        """Files of all files, how fast and how long it takes yet; "" while nothing is done."""
        with self._lock:
            runs = list(self._runs.values())
        if not runs:
            return ""
        done, total = sum(r.files_done for r in runs), sum(r.files_total for r in runs)
        passages, seconds = sum(r.passages for r in runs), max(r.seconds for r in runs)
        said = [phrase("Indexing {done} of {files}", done=done, files=counted(total, "file"))]
        if done and seconds:
            left = timedelta(seconds=round(seconds / done * (total - done)))
            said.append(phrase("{count} passages/s", count=round(passages / seconds)))
            said.append(phrase("{time} left", time=left))
        return " · ".join(said)
