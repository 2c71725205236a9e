"""The process in which files are read: what a file does to it, it does to nothing else.

It takes the bytes of one file after the other and gives back what they hold; it opens no
file itself. What one costs is limited by the kernel, which also stops code that never comes
back to Python. It is started by `apart`, and ends with the process that started it.

    request  a line of JSON {task, suffix, number, bytes, seconds, memory, kept}, then the bytes:
             "read" the file, draw the "page" of that number, or tell its "outline"
    reply    a line of JSON, then the text in pieces, each after its length; 0 ends it, and
             GOES_ON or ENDS says whether another file may come
"""

from __future__ import annotations

import ctypes
import gc
import json
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from index.reading.blocks import Reading, Unreadable
from index.reading.files import READERS, read
from index.reading.pages import drawing
from index.structure import plain

READY = b"ready\n"
GOES_ON, ENDS = b"+", b"-"
PIECE = 1_000_000
"""Characters of a text that are sent at once."""

TOO_MUCH_MEMORY = 77
"""The exit code of a worker that saw by itself that a file needs too much."""

SIZE = Path("/proc/self/statm")
STATUS = Path("/proc/self/status")
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
LOOKED_AT = 0.05
"""Seconds between two looks at the memory where the kernel does not limit it."""

TRIMMED_FROM = 32 * 2**20
"""Bytes that a process has grown by, since it last gave back what is free, from which that is
worth its while: it takes as long as reading a page. What a library keeps is not free."""

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn",
    "os.startfile", "pty.",
)  # fmt: skip
"""Python's names for what no reader has a reason to do."""


def serve(behind: int) -> None:
    """Read what comes on the standard input until it ends, with a priority that much lower."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    _shut_in()
    if behind:
        os.nice(behind)
    replies.write(READY)
    replies.flush()
    _say_nothing()
    loaded = trimmed = _resident()
    goes_on = True
    while goes_on and (line := requests.readline()):
        request = json.loads(line)
        content = requests.read(request["bytes"])
        before = _resident()
        _load(request)  # what it needs, before that is counted
        loaded += _resident() - before
        with _ending_with_its_starter(), _limited(request["seconds"], request["memory"]):
            reply, text = _do(request, content)
            has_lacked = _may_have_lacked(request["memory"])
        _send(replies, reply, text)
        goes_on = "failed" not in reply and not has_lacked  # for the peak is the process's
        content, reply, text = b"", {}, ""
        if _resident() - trimmed > TRIMMED_FROM:
            _give_back()
            trimmed = _resident()
        goes_on = goes_on and _resident() - loaded <= request["kept"]
        replies.write(GOES_ON if goes_on else ENDS)
        replies.flush()


def _load(request: dict[str, Any]) -> None:
    READERS[request["suffix"]].load()
    if request["task"] != "read":
        drawing.load()


def _do(request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], str]:
    try:
        if request["task"] == "page":
            return drawing.draw_page(content, request["number"]), ""
        if request["task"] == "outline":
            return drawing.outline_of(content), ""
        reading = read(request["suffix"], content)
        return _fields(reading), reading.text
    except Unreadable as refusal:
        if refusal.__cause__ and _may_have_lacked(request["memory"]):
            return {"failed": "memory"}, ""
        return {"refused": str(refusal)}, ""
    except MemoryError:
        return {"failed": "memory"}, ""
    except Exception as error:  # noqa: BLE001  whatever it is, it is this file's and no other's
        return {"failed": type(error).__name__}, ""


def _may_have_lacked(memory: int) -> bool:
    """Did a file need so much of this memory that a library may have found no more of it? Many
    then say that the file is damaged. It cannot be told where the kernel does not limit it."""
    peak = next((line for line in _status() if line.startswith("VmPeak:")), "")
    if not peak:
        return False
    import resource

    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    return int(peak.split()[1]) * 1024 > most - memory // 2


def _status() -> list[str]:
    return STATUS.read_text("utf-8").splitlines() if STATUS.exists() else []


def _fields(reading: Reading) -> dict[str, Any]:
    """All but the text, as JSON has it."""
    return {
        "title": reading.title,
        "published": reading.published,
        "byline": reading.byline,
        "page_starts": reading.page_starts,
        "structure": plain(reading.structure),
        "left_out": reading.left_out,
        "sharing": asdict(reading.sharing) if reading.sharing else None,
    }


def _send(replies: BinaryIO, reply: dict[str, Any], text: str) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE].encode()
        replies.write(len(piece).to_bytes(4) + piece)
    replies.write(bytes(4))


@contextmanager
def _limited(seconds: float, memory: int) -> Iterator[None]:
    """So many more seconds of a processor, so many more bytes of memory than now.

    Time that is up ends the process. The limit of memory is that of the address space, which
    every allocator of every library meets, and at which Python raises MemoryError; it counts
    from what is there now, so what libraries reserve when they are loaded is not held against
    a file. Without POSIX there are no limits but that of whoever waits.
    """
    try:
        import resource
    except ImportError:
        yield
        return
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(until, hard), hard))
    if not _size():
        _watch(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + memory)
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = _at_most(_size() + memory, before[1])
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _size() -> int:
    """Bytes of the address space, 0 where that is not to be had."""
    return _pages(0)


def _resident() -> int:
    """Bytes of memory that are in use, 0 where that is not to be had."""
    return _pages(1)


def _pages(column: int) -> int:
    opened = _opened_size()
    return int(os.pread(opened, 99, 0).split()[column]) * PAGE if opened else 0


def _give_back() -> None:
    """Give back what memory is free: the C library of Linux keeps most of it."""
    gc.collect()
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _opened_size() -> int:
    return os.open(SIZE, os.O_RDONLY) if SIZE.exists() else 0


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard < 0 else min(wanted, hard)


def _watch(most: int) -> None:
    """End the process once its memory has been larger, in bytes as macOS counts it. It has one
    who watches from its first file on: what it needed at most never gets less."""
    import resource

    if any(thread.name == "memory" for thread in threading.enumerate()):
        return

    def watch() -> None:
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss <= most:
            time.sleep(LOOKED_AT)
        os._exit(TOO_MUCH_MEMORY)

    threading.Thread(target=watch, name="memory", daemon=True).start()


@contextmanager
def _ending_with_its_starter() -> Iterator[None]:
    """While a file is read, the kernel sends a signal once nobody can write requests any more,
    and on Linux that signal ends a process, whatever it is doing."""
    if not hasattr(signal, "SIGIO"):
        yield
        return
    import fcntl

    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        if os.getppid() == 1:
            os._exit(0)
        yield
    finally:
        fcntl.fcntl(0, fcntl.F_SETFL, flags)


def _shut_in() -> None:
    """No network, no further process, no picture of the memory on the disk.

    Python refuses to open a connection or to start a program, to whatever asks through it.
    Native code is held by the kernel where that can be had: in a network of its own, in
    which there is nobody, where Linux lets a process make one; and without further processes
    unless it is root's.
    """
    sys.addaudithook(_refuse)
    try:
        import resource
    except ImportError:
        return
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None)
        _ = kernel.unshare(NEW_NETWORK) and kernel.unshare(NEW_USER | NEW_NETWORK)
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))


def _say_nothing() -> None:
    """What libraries print is for nobody, and its words may be a file's."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"A file was read, and with it came {event}.")
