"""The bytes of a file are of one moment, and its digest is of these very bytes."""

from __future__ import annotations

import hashlib
import os
import time
from io import BufferedReader
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.reading import loading
from index.reading.loading import fetch
from index.reading.opening import open_real


def changing(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file be written anew, so many times, just before its bytes are read."""
    left = iter(range(times))

    class Changing(BufferedReader):
        def read(self, size: int | None = -1, /) -> bytes:
            if (number := next(left, None)) is not None:
                path.write_text(f"Version {number}, which is longer.")
            return super().read(size)

    path = Path()

    def opened(real: Path) -> BufferedReader:
        nonlocal path
        path = real
        return Changing(open_real(real).detach())

    monkeypatch.setattr(loading, "open_real", opened)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that was just written."""
    made = tmp_path / "a.txt"
    made.write_text("Ada.")
    return made


def test_a_file_that_changes_while_it_is_read_is_read_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing(1, monkeypatch)
    content = fetch(file, "a.txt")
    assert content.data == b"Version 0, which is longer."
    assert content.digest == hashlib.sha256(content.data).hexdigest()


def test_a_file_that_never_rests_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of one version and half of the next would be quoted."""
    changing(100, monkeypatch)
    with pytest.raises(UnreadableFile, match=r"a\.txt is being changed while it is read"):
        fetch(file, "a.txt")


def test_the_time_of_a_file_counts_once_it_has_rested(file: Path) -> None:
    """Until then another change might bear the same."""
    assert fetch(file, "a.txt").modified_ns == 0
    long_ago = time.time_ns() - 10**10
    os.utime(file, ns=(long_ago, long_ago))
    assert fetch(file, "a.txt").modified_ns == file.stat().st_mtime_ns
