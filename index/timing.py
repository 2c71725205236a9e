"""How long the stages of something take: kept with an answer, and logged for whoever looks."""

from __future__ import annotations

import logging
import time

log = logging.getLogger("onrecord.stages")


class Clock:
    """Milliseconds between laps. Each is logged as well, without a word of any document, its
    name included: a log is read by others."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Add the time since the last lap to what is noted under this name."""
        now = time.perf_counter()
        took = (now - self._last) * 1000
        self.laps[name] = round(self.laps.get(name, 0.0) + took, 3)
        self._last = now
        log.debug("%s %.1f ms", name, took)

    def skip(self) -> None:
        """Leave out the time since the last lap."""
        self._last = time.perf_counter()
