"""Folders that are watched: by the command, and by a server."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from assistant.building import open_library, open_to_write
from assistant.errors import WrongUse
from assistant.operating.maintaining import perform
from assistant.operating.watching import FILE, Watching, changes
from assistant.settings import Settings
from index.errors import IndexNotFound, MissingSource
from tests.conftest import ONRECORD

WITHIN = 5.0
"""Seconds in which a change has to be in the index."""


def until(holds: Callable[[], bool], within: float = 30.0) -> float:
    """Wait for it; how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "it did not come"
        time.sleep(0.05)
    return time.monotonic() - began


def names(home: Path) -> set[str]:
    try:
        return {source.name for source in open_library(Settings(home)).sources()}
    except IndexNotFound:
        return set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "minutes"
    folder.mkdir()
    (folder / "may.txt").write_text("The mayor opened the bridge in May.")
    return folder


@contextmanager
def watching(home: Path) -> Iterator[Watching]:
    with open_to_write(Settings(home), "serve") as opened:
        found = Watching(home, partial(perform, opened.stores))
        found.start()
        yield found
        found.stop()


def test_what_changes_in_a_folder_is_in_the_index_within_seconds(home: Path, folder: Path) -> None:
    """New files, changed and deleted ones, new folders; hidden files are nothing."""
    with watching(home) as found:
        found.add(folder)
        until(lambda: names(home) == {"may.txt"})
        (watched,) = found.folders
        until(lambda: watched.looked is not None)
        (folder / "june").mkdir()
        (folder / "june" / "first.txt").write_text("The choir sang in June.")
        (folder / ".hidden.txt").write_text("Nobody sees this.")
        assert until(lambda: names(home) == {"may.txt", "june/first.txt"}) < WITHIN
        (folder / "may.txt").unlink()
        assert until(lambda: names(home) == {"june/first.txt"}) < WITHIN
        (folder / "bad.pdf").write_text("no PDF")
        assert until(lambda: "bad.pdf" in watched.problems) < WITHIN
        assert watched.files == 1


def test_a_server_watches_again_what_it_watched_and_not_what_it_was_told_to_leave(
    home: Path, folder: Path
) -> None:
    """Documents of a folder that is left stay."""
    with watching(home) as found:
        found.add(folder)
        until(lambda: names(home) == {"may.txt"})
    (folder / "june.txt").write_text("The choir sang in June.")
    with watching(home) as found:
        assert until(lambda: "june.txt" in names(home)) < WITHIN
        found.remove(folder)
        with pytest.raises(WrongUse, match="not watched"):
            found.remove(folder)
        (folder / "july.txt").write_text("The pool was closed in July.")
        time.sleep(1.5)
        assert names(home) == {"may.txt", "june.txt"}
    assert Watching(home, lambda _: iter(())).folders == []  # type: ignore[arg-type, return-value]


def test_a_folder_that_goes_away_takes_nothing_along_and_is_watched_when_it_comes_back(
    home: Path, folder: Path, tmp_path: Path
) -> None:
    """A disk that is not mounted is no reason to forget."""
    with watching(home) as found:
        found.add(folder)
        until(lambda: names(home) == {"may.txt"})
        folder.rename(tmp_path / "elsewhere")
        time.sleep(3)
        assert names(home) == {"may.txt"}
        (tmp_path / "elsewhere" / "june.txt").write_text("The choir sang in June.")
        (tmp_path / "elsewhere").rename(folder)
        assert until(lambda: "june.txt" in names(home)) < WITHIN
        (folder / "july.txt").write_text("The pool was closed in July.")
        assert until(lambda: "july.txt" in names(home)) < WITHIN


def test_what_cannot_be_watched_is_refused(home: Path, folder: Path, tmp_path: Path) -> None:
    found = Watching(home, lambda _: iter(()))  # type: ignore[arg-type, return-value]
    with pytest.raises(MissingSource):
        found.add(tmp_path / "nowhere")
    with pytest.raises(WrongUse, match="is a file"):
        found.add(folder / "may.txt")
    with pytest.raises(WrongUse, match="holds the index itself"):
        found.add(tmp_path)
    found.add(folder)
    (folder / "deeper").mkdir()
    with pytest.raises(WrongUse, match="is watched already"):
        found.add(folder / "deeper")
    (home / FILE).write_text("{")
    with pytest.raises(WrongUse, match=FILE):
        Watching(home, lambda _: iter(()))  # type: ignore[arg-type, return-value]


def test_changes_of_the_index_itself_are_none(tmp_path: Path) -> None:
    """Or to index would be a reason to index."""
    home = tmp_path / "index"
    home.mkdir()
    stop = threading.Event()
    found = changes([tmp_path], home, stop)
    assert next(found) == frozenset()
    assert next(found) == {tmp_path}
    (home / "catalog.sqlite3").write_text("x")
    assert next(found) == frozenset()
    (tmp_path / "a.txt").write_text("x")
    assert next(found) == {tmp_path}
    stop.set()
    assert list(found) == []


def test_the_command_watches_until_it_is_stopped(home: Path, folder: Path) -> None:
    """Without a server it opens the index for each change, and holds it no longer."""
    words = [*ONRECORD, "--home", str(home), "watch", str(folder)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        try:
            until(lambda: names(home) == {"may.txt"})
            (folder / "june.txt").write_text("The choir sang in June.")
            assert until(lambda: "june.txt" in names(home)) < WITHIN
            (folder / "bad.pdf").write_text("no PDF")
            (folder / "july.txt").write_text("The pool was closed in July.")
            assert until(lambda: "july.txt" in names(home)) < WITHIN
            (folder / "july.txt").unlink()
            assert until(lambda: "july.txt" not in names(home)) < WITHIN
            shutil.rmtree(folder)
            time.sleep(2.5)
            assert process.poll() is None
            assert names(home) == {"may.txt", "june.txt"}
        finally:
            process.terminate()
        said = process.stdout.read() if process.stdout else ""
    assert "+ may.txt  (1 passage)" in said
    assert "+ june.txt  (1 passage)" in said
    assert said.count("! bad.pdf") == 1
