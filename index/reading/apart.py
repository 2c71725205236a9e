"""Files are read in a process apart, within limits: no file can harm more than itself."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from array import array
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, TypeVar

from index.documents import Sharing
from index.errors import ReaderUnavailable
from index.priority import BEHIND
from index.reading.blocks import Reading, Unreadable
from index.reading.converting import as_today
from index.reading.pages.locating import PagePicture, PdfOutline
from index.reading.worker import GOES_ON, TOO_MUCH_MEMORY
from index.structure import blocks_of

MOST_SECONDS = 25
"""Seconds of a processor that one file may take. A PDF of 1,000 pages takes a few."""

MOST_MEMORY = 448 * 2**20
"""Bytes, for one file, beyond what the process has loaded and the file itself."""

MOST_KEPT = 192 * 2**20
"""Bytes of memory that a process keeps after a file, beyond what it has loaded. One that keeps
more is replaced. All kinds of files in turn left 15 to 60 MB."""

MOST_WAIT = 300
"""Seconds until a file is given up, however little of a processor there was for it."""

DRAWN_SECONDS, DRAWN_WAIT = 10, 20
"""The same for a page that is drawn while somebody waits for it."""

AT_ONCE = 2
"""Files that are read side by side: one that takes long keeps only others like it waiting."""

Made = TypeVar("Made")

START = (
    "import sys; behind, *sys.path = sys.argv[1:]; "
    "from index.reading.worker import serve; serve(int(behind))"
)

PASSED_ON = ("PATH", "HOME", "TMPDIR", "TZ", "SYSTEMROOT", "TESSDATA_PREFIX")
PASSED_ON_FROM = ("PYTHON", "LANG", "LC_", "LD_", "DYLD_")
"""What a reader gets of the environment; the rest may hold secrets, and concerns no reader."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""openpyxl loads numpy, which would make ready for heavy work."""


class ReadingProcess:
    """A process that reads one file after the other, with a priority that is `behind` this
    one's. Raises ReaderUnavailable."""

    def __init__(self, behind: int = 0) -> None:
        self._starter = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603  this very Python
            [sys.executable, "-c", START, str(behind), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            # Ctrl-C is for the process that waits for it. A session of its own would have a
            # whole share of the processor, whatever its priority.
            process_group=0 if os.name == "posix" else None,
        )
        self._was_late = False
        self.end = weakref.finalize(self, _end, self._process, self._starter)
        if not _pipe(self._process.stdout).readline():
            self.end()
            raise ReaderUnavailable(
                "The process that reads files cannot be started (it ended with "
                f"{self._process.returncode}). What it printed says why."
            )

    @property
    def is_usable(self) -> bool:
        """Is it there, and this process's own?"""
        return self._starter == os.getpid() and self.end.alive and self._process.poll() is None

    def read(self, suffix: str, content: bytes) -> Reading:
        """What a file holds. Raises Unreadable; after any other end than a reply that lets it go
        on, the worker is not usable any more."""
        request = {"task": "read", "suffix": suffix, "seconds": MOST_SECONDS}
        return self._do(request, content, MOST_WAIT, _reading)

    def page(self, content: bytes, number: int) -> PagePicture:
        """A page of a PDF file. As `read`."""
        request = {"task": "page", "suffix": ".pdf", "number": number, "seconds": DRAWN_SECONDS}
        return self._do(request, content, DRAWN_WAIT, _page)

    def outline(self, content: bytes) -> PdfOutline:
        """How the pages of a PDF file are labelled, and its outline. As `read`."""
        request = {"task": "outline", "suffix": ".pdf", "seconds": DRAWN_SECONDS}
        return self._do(request, content, DRAWN_WAIT, _outline)

    def _do(
        self,
        request: dict[str, Any],
        content: bytes,
        wait: float,
        made_of: Callable[[dict[str, Any], str], Made],
    ) -> Made:
        is_last = True
        try:
            with self._in_time(wait):
                self._ask(request, content)
                reply, text, is_last = self._answer()
            return made_of(reply, text)
        except (OSError, EOFError) as error:
            self.end()
            code = self._process.returncode
            is_as_if_alone = code < 0 and signal.Signals(-code).name == "SIGIO"
            ended = _EndedAsIfAlone if is_as_if_alone else Unreadable
            raise ended(_cause(code, was_late=self._was_late)) from error
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            is_last = True
            raise Unreadable(_failed("what it said cannot be understood")) from error
        finally:
            if is_last:
                self.end()

    @contextmanager
    def _in_time(self, wait: float) -> Iterator[None]:
        """Kill it after so many seconds, whatever it is doing or waiting for."""

        def kill() -> None:
            self._was_late = True
            self._process.kill()

        timer = threading.Timer(wait, kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _ask(self, request: dict[str, Any], content: bytes) -> None:
        requests = _pipe(self._process.stdin)
        limits = {"bytes": len(content), "memory": MOST_MEMORY, "kept": MOST_KEPT}
        requests.write(json.dumps(request | limits).encode() + b"\n")
        requests.write(content)
        requests.flush()

    def _answer(self) -> tuple[dict[str, Any], str, bool]:
        """What it says of a file, its text, and whether that was the last one it reads."""
        replies = _pipe(self._process.stdout)
        line = replies.readline()
        if not line:
            raise EOFError
        text = "".join(_pieces(replies))
        return json.loads(line), text, _exactly(replies, 1) != GOES_ON


class _EndedAsIfAlone(Unreadable):
    """A worker was ended by the signal that its starter is gone, though it is not: the kernel sends
    the same one when a request has come, and late if the starter was held up in the middle."""


class Readers:
    """The workers of a process: one stays ready, with the libraries that it has loaded."""

    def __init__(self) -> None:
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._ready: list[ReadingProcess] = []
        self._behind = 0

    def stand_back(self) -> None:
        """Let the threads of this process go first from now on: they answer people, and do not
        wait for what is read."""
        self._ready, self._behind = [], BEHIND

    def read(self, suffix: str, content: bytes) -> Reading:
        """What a file of this kind holds. Raises Unreadable, which says why it cannot be read,
        whatever went wrong; ReaderUnavailable if no worker can be started."""
        with self._turn:
            suffix, content = as_today(suffix, content)
            return self._ask(lambda worker: worker.read(suffix, content))

    def page(self, content: bytes, number: int) -> PagePicture:
        """A page of a PDF file as it looks. Raises as `read` does."""
        with self._turn:
            return self._ask(lambda worker: worker.page(content, number))

    def outline(self, content: bytes) -> PdfOutline:
        """How the pages of a PDF file are labelled, and its outline. Raises as `read` does."""
        with self._turn:
            return self._ask(lambda worker: worker.outline(content))

    def _ask(self, ask: Callable[[ReadingProcess], Made]) -> Made:
        """What a worker says; another one, where the first ended through no fault of the file."""
        try:
            with self._worker() as worker:
                return ask(worker)
        except _EndedAsIfAlone:
            with self._worker() as worker:
                return ask(worker)

    @contextmanager
    def _worker(self) -> Iterator[ReadingProcess]:
        worker = self._next()
        try:
            yield worker
        finally:
            if self._ready or not worker.is_usable:
                worker.end()
            else:
                self._ready.append(worker)

    def _next(self) -> ReadingProcess:
        with contextlib.suppress(IndexError):
            worker = self._ready.pop()
            if worker.is_usable:
                return worker
        return ReadingProcess(self._behind)


READERS_APART = Readers()
"""No worker is started before there is a file to read."""


def _environment() -> dict[str, str]:
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.startswith(PASSED_ON_FROM)
    }
    return passed_on | ONE_THREAD


def _end(process: subprocess.Popen[bytes], starter: int) -> None:
    """End a worker; a process that was forked meanwhile leaves it alone.

    It ends by itself where it died or was told that a file is the last: what it died of is
    lost if it is killed too soon.
    """
    if os.getpid() != starter:
        return
    with contextlib.suppress(OSError):
        _pipe(process.stdin).close()
    try:
        process.wait(0.5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _pipe(process.stdout).close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101  for mypy: Popen was asked for pipes
    return pipe


def _pieces(replies: IO[bytes]) -> Iterator[str]:
    while length := int.from_bytes(_exactly(replies, 4)):
        yield _exactly(replies, length).decode()


def _exactly(replies: IO[bytes], length: int) -> bytes:
    data = replies.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _check(reply: dict[str, Any]) -> None:
    """Raises Unreadable for what came to nothing."""
    if "refused" in reply:
        raise Unreadable(reply["refused"])
    if "failed" in reply:
        raise Unreadable(_too_large() if reply["failed"] == "memory" else _failed(reply["failed"]))


def _page(reply: dict[str, Any], _: str) -> PagePicture:
    _check(reply)
    wide, high = map(float, reply["shape"])
    places = array("H", reply["places"])
    picture = b64decode(reply["picture"], validate=True)
    return PagePicture(picture, str(reply["letters"]), places, int(reply["pages"]), (wide, high))


def _outline(reply: dict[str, Any], _: str) -> PdfOutline:
    _check(reply)
    entries = tuple((int(level), str(title), int(page)) for level, title, page in reply["entries"])
    return PdfOutline(tuple(map(str, reply["labels"])), entries)


def _reading(reply: dict[str, Any], text: str) -> Reading:
    _check(reply)
    sharing = reply["sharing"]
    return Reading(
        text,
        reply["title"],
        reply["published"],
        reply["byline"],
        tuple(reply["page_starts"]),
        blocks_of(reply["structure"]),
        sharing
        and Sharing(_names(sharing["readers"]), _names(sharing["denied"]), sharing["problem"]),
        reply["left_out"],
    )


def _names(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def _cause(code: int, *, was_late: bool) -> str:
    """Why a worker ended, from its exit code."""
    if was_late:
        return f"takes too long to read ({MOST_WAIT} s in all). Divide it or leave it out."
    if code == -getattr(signal, "SIGXCPU", 0):
        return f"takes too long to read ({MOST_SECONDS} s). Divide it or leave it out."
    if code == TOO_MUCH_MEMORY:
        return _too_large()
    if code == -signal.SIGABRT:
        return _failed(f"SIGABRT, mostly for want of more than {MOST_MEMORY >> 20} MB")
    return _failed(signal.Signals(-code).name if code < 0 else f"exit code {code}")


def _too_large() -> str:
    return f"needs more than {MOST_MEMORY >> 20} MB to be read. Divide it or leave it out."


def _failed(what: str) -> str:
    return (
        f"made the reader fail ({what}). Open it in the program it was made with and save it "
        "again, or leave it out."
    )
