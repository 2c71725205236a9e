"""Workers that are processes of this machine."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue

from index.errors import IndexingError, UnreadableFile
from index.making.workers import Answer, Made, Recipe, Worker, wait
from index.reading.loading import Content

SPAWNING = get_context("spawn")
"""A process that is forked beside threads may wait for their locks for ever."""


class Process:
    """One of them. It begins, and loads its models, with its first file."""

    def __init__(self, recipe: Recipe) -> None:
        self._line, other = SPAWNING.Pipe()
        self._process = SPAWNING.Process(target=_serve, args=(other, recipe), daemon=True)
        self._process.start()
        other.close()  # so that it is seen when the process ends

    def make(self, content: Content, document_id: str) -> Answer:
        """As `Worker`, and raises what it raises; EOFError or OSError once it has ended."""
        self._line.send((content, document_id))
        answer: Answer | IndexingError = self._line.recv()
        if isinstance(answer, IndexingError) and not isinstance(answer, UnreadableFile):
            raise answer
        return answer

    def end(self) -> None:
        """Whatever it is doing."""
        self._process.kill()
        self._process.join()


class Processes:
    """So many processes, each with a thread that waits for it. One that ends is replaced."""

    def __init__(self, count: int, recipe: Recipe) -> None:
        self._recipe = recipe
        self._idle: SimpleQueue[Process | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)
        self._running: set[Process] = set()
        self._threads = ThreadPoolExecutor(count, "worker")
        self._is_closed = False
        self.ahead = 2 * count

    def begin(self, content: Content, document_id: str) -> Callable[[], Made]:
        """As `Workers`."""
        make = partial(self._make, content, document_id)
        return self._threads.submit(wait, content.name, make, lambda: make, EOFError).result

    def close(self) -> None:
        """End them, whatever they are doing."""
        self._is_closed = True
        for process in list(self._running):
            process.end()
        self._threads.shutdown(cancel_futures=True)

    def _make(self, content: Content, document_id: str) -> Answer:
        """Raises EOFError for a file whose process ended, CancelledError once they are closed."""
        if self._is_closed:
            raise CancelledError
        process = self._idle.get() or Process(self._recipe)
        self._running.add(process)
        kept: Process | None = None
        try:
            answer = process.make(content, document_id)
            kept = process
        except (EOFError, OSError) as error:
            raise EOFError from error
        finally:
            if kept is None:
                self._running.discard(process)
                process.end()
            self._idle.put(kept)
        return answer


@contextmanager
def processes(count: int, recipe: Recipe) -> Iterator[Processes]:
    """So many workers until the block ends."""
    workers = Processes(count, recipe)
    try:
        yield workers
    finally:
        workers.close()


def _serve(line: Connection, recipe: Recipe) -> None:
    """Make what comes, until nobody sends any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that owns the index
    try:
        content, document_id = line.recv()
        worker = Worker(recipe)
        while True:
            line.send(worker.make(content, document_id))
            content, document_id = line.recv()
    except EOFError:
        return
    except IndexingError as error:  # it is about this machine, and no file's fault
        line.send(error)
