"""One process at a time owns an index for writing, and says who it is."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import UNWRITABLE, HomeUnwritable, IndexBusy

LOOKED_AT = 0.5
"""Seconds: whoever asks who owns the lock may hold it for an instant."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that holds the lock.

    `address` and `token` are there when it is a server to which commands that
    write can be handed.
    """

    pid: int
    command: str
    since: str
    address: str | None = None
    token: str | None = None


@contextmanager
def writer_lock(
    home: Path, command: str, address: str | None = None, token: str | None = None
) -> Iterator[Owner]:
    """Hold the lock of an index. Raises IndexBusy, which names the holder, and
    HomeUnwritable."""
    from filelock import FileLock, Timeout

    lock = FileLock(home / "writer.lock", timeout=LOOKED_AT)
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    mine = Owner(os.getpid(), command, since, address, token)
    try:
        with _told(home):
            home.mkdir(parents=True, exist_ok=True)
            lock.acquire()
            _write_privately(home / "writer.json", json.dumps(asdict(mine)))
    except Timeout:
        raise IndexBusy(_busy(home, owner(home))) from None
    except HomeUnwritable:
        lock.release()
        raise
    try:
        yield mine
    finally:
        (home / "writer.json").unlink(missing_ok=True)
        lock.release()


def hold(file: Path) -> Callable[[], None] | None:
    """Hold the lock of a file until what is given back is called; None if somebody else holds
    it. Raises OSError."""
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=LOOKED_AT, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock.release


def is_held(file: Path) -> bool:
    """Does somebody hold the lock of a file? Where none can be made, nobody does."""
    try:
        let_go = hold(file) if file.exists() else lambda: None
    except OSError:
        return False
    if let_go:
        let_go()
    return let_go is None


@contextmanager
def _told(home: Path) -> Iterator[None]:
    try:
        yield
    except TimeoutError:  # of the lock
        raise
    except OSError as error:
        why = UNWRITABLE.get(error.errno or 0, str(error))
        raise HomeUnwritable(f"The folder {home} cannot be written to: {why}.") from error


def owner(home: Path) -> Owner | None:
    """Who holds the lock, as it said itself; None if nobody does, or where nobody can."""
    from filelock import FileLock, Timeout

    lock = FileLock(home / "writer.lock", timeout=0)
    if not (home / "writer.json").exists():
        return None
    try:
        with lock:
            return None
    except Timeout:
        return _read(home / "writer.json")
    except OSError:
        return None


def _read(path: Path) -> Owner | None:
    try:
        return Owner(**json.loads(path.read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return None  # it has just let go, or has just begun to write this


def _busy(home: Path, holder: Owner | None) -> str:
    who = (
        f"“onrecord {holder.command}” (process {holder.pid}, since {holder.since})"
        if holder
        else "Another process"
    )
    served = f"Open {holder.address}" if holder and holder.address else "Wait until it is done"
    return f"{who} is using the index in {home}. {served}, or stop it."


def _write_privately(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
