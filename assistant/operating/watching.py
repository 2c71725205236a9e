"""Folders that are watched: what changes in them is in the index some seconds later.

`changes` tells what changed; the command `onrecord watch` and a server's `Watching` act on it.
The only file that imports watchfiles.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, WrongUse
from assistant.operating.maintaining import Event, Request
from index.errors import IndexingError
from index.events import FileDone, Summary
from index.reading.finding import HIDDEN, check_source, shown

FILE = "watched.json"
"""In the home: the folders that a server watches, each with the rights of what is in it."""

TOGETHER = 1_000
QUIET = 200
"""Milliseconds: changes are told once there was no other for so long, or after TOGETHER."""

LOOKED_EVERY = 2.0
"""Seconds after which it is looked whether folders are there that were not, or are others."""

ALL_AGAIN = 600.0
"""Seconds after which a folder counts as changed anyway: some file systems tell nothing."""

MOST_PROBLEMS = 100
"""Files that are named for each folder because they could not be read."""

Perform = Callable[[Request], Generator[Event]]


def changes(
    folders: Sequence[Path], home: Path, stop: threading.Event
) -> Iterator[frozenset[Path]]:
    """Those of the folders in which something may have changed, each time that something did;
    none at once, and every few seconds. From when a folder is watched, be it that it was not
    there before, it may have changed. Raises WrongUse where the system watches no more."""
    looked = time.monotonic()
    yield frozenset()
    while not stop.is_set():
        there = {folder: _identity(folder) for folder in folders}
        for touched in _until_others(there, home, stop):
            yield touched
            if time.monotonic() - looked > ALL_AGAIN:
                looked = time.monotonic()
                break


def _until_others(
    there: Mapping[Path, tuple[int, int] | None], home: Path, stop: threading.Event
) -> Iterator[frozenset[Path]]:
    """Until one of the folders is another one, or gone, or there at last."""
    present = [folder for folder, identity in there.items() if identity]
    fresh = frozenset(present)
    for found in _events(present, home, stop) if present else _nothing(stop):
        yield fresh | {f for f in present if any(path.is_relative_to(f) for path in found)}
        fresh = frozenset()
        if {folder: _identity(folder) for folder in there} != there:
            return


def _nothing(stop: threading.Event) -> Iterator[frozenset[Path]]:
    while not stop.wait(LOOKED_EVERY):
        yield frozenset()


def _events(
    folders: Sequence[Path], home: Path, stop: threading.Event
) -> Iterator[frozenset[Path]]:
    """What the system says was changed, without what is never indexed."""
    import watchfiles

    def counts(_: watchfiles.Change, path: str) -> bool:
        file = Path(path)
        below = next(file.relative_to(f).parts for f in folders if file.is_relative_to(f))
        return not file.is_relative_to(home) and not any(p.startswith(HIDDEN) for p in below)

    try:
        for found in watchfiles.watch(
            *folders,
            watch_filter=counts,
            debounce=TOGETHER,
            step=QUIET,
            stop_event=stop,
            rust_timeout=int(LOOKED_EVERY * 1_000),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield frozenset(Path(path) for _, path in found)
    except FileNotFoundError:
        return  # it went away just now
    except (OSError, RuntimeError) as error:
        raise WrongUse(
            f"The system does not watch {', '.join(map(shown, folders))} ({error}). On Linux a "
            "larger fs.inotify.max_user_watches lets it watch more folders."
        ) from error


def _identity(folder: Path) -> tuple[int, int] | None:
    """Another one for another folder at the same path; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@dataclass(slots=True)
class Watched:
    """A folder that a server watches, and how it is with it. `rights` are fields of rights for
    what is in it, None where nothing was said. `problems` name the files that could not be
    read, `trouble` is what is wrong with the folder itself."""

    path: Path
    rights: Mapping[str, Any] | None = None
    files: int | None = None
    looked: float | None = None
    problems: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


class Watching:
    """What a server watches, in a thread of its own. `perform` does commands that write."""

    def __init__(self, home: Path, perform: Perform) -> None:
        self._home = home.resolve()
        self._perform = perform
        self._lock = threading.Lock()
        self._watched = {watched.path: watched for watched in self._kept()}
        self._others = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def folders(self) -> Sequence[Watched]:
        """Those that are watched, by path."""
        with self._lock:
            return sorted(self._watched.values(), key=lambda watched: watched.path)

    def start(self) -> None:
        """Watch, until `stop`."""
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; what is being indexed stops after the files that it is at."""
        self._stopped.set()
        self._others.set()
        if self._thread:
            self._thread.join(timeout=1)

    def add(self, path: Path, rights: Mapping[str, Any] | None = None) -> None:
        """Watch a folder from now on. Raises MissingSource for one that is not there, WrongUse
        for what is no folder, holds the index itself or is watched already."""
        path = path.resolve()
        check_source(path)
        if not path.is_dir():
            raise WrongUse(f"{shown(path)} is a file. Name the folder in which it is.")
        if self._home.is_relative_to(path):
            raise WrongUse(f"{shown(path)} holds the index itself. Name a folder that does not.")
        with self._lock:
            held = next((f for f in self._watched if path.is_relative_to(f)), None)
            if held:
                raise WrongUse(f"{shown(held)} is watched already.")
            self._watched[path] = Watched(path, rights)
            self._keep()
        self._others.set()

    def remove(self, path: Path) -> None:
        """Watch a folder no longer; its documents stay as they are. Raises WrongUse."""
        with self._lock:
            if self._watched.pop(path, None) is None:
                raise WrongUse(f"{shown(path)} is not watched.")
            self._keep()
        self._others.set()

    def _run(self) -> None:
        """One round for each set of folders."""
        known: set[Path] = set()
        waiting: set[Path] = set()
        while not self._stopped.is_set():
            self._others.clear()
            folders = [watched.path for watched in self.folders]
            waiting = (waiting | (set(folders) - known)) & set(folders)
            known = set(folders)
            try:
                for touched in changes(folders, self._home, self._others):
                    waiting |= touched
                    waiting -= {path for path in sorted(waiting) if self._bring_in_line(path)}
            except WrongUse as error:
                self._tell(folders, str(error))
                self._others.wait(ALL_AGAIN)

    def _bring_in_line(self, path: Path) -> bool:
        """Was that done, as far as it can be? Else it is tried again."""
        with self._lock:
            watched = self._watched.get(path)
        if watched is None or self._others.is_set():
            return watched is None
        problems: dict[str, str] = {}
        try:
            request = Request("index", (str(path),), rights=watched.rights)
            with closing(self._perform(request)) as events:
                for event in events:
                    if isinstance(event, FileDone) and event.change in ("unreadable", "skipped"):
                        problems[event.name] = event.reason
                    if isinstance(event, Summary):
                        watched.files = event.added + event.updated + event.unchanged
                    if self._stopped.is_set():
                        return False
        except (IndexingError, AssistantError, OSError) as error:
            watched.trouble = str(error)
            return _identity(path) is None  # it is waited for
        watched.problems = dict(list(problems.items())[:MOST_PROBLEMS])
        watched.trouble, watched.looked = "", time.time()
        return True

    def _tell(self, folders: Sequence[Path], trouble: str) -> None:
        with self._lock:
            for path in folders:
                if path in self._watched:
                    self._watched[path].trouble = trouble

    def _kept(self) -> list[Watched]:
        try:
            kept = json.loads((self._home / FILE).read_text("utf-8"))
            return [Watched(Path(each["path"]), each["rights"]) for each in kept]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WrongUse(
                f"{self._home / FILE} cannot be read ({error}). Correct it, or take it away and "
                "name the folders again."
            ) from error

    def _keep(self) -> None:
        """Whole or not at all."""
        kept = [{"path": str(w.path), "rights": w.rights} for w in self._watched.values()]
        fresh = self._home / f"{FILE}.new"
        fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(self._home / FILE)
