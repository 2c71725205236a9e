"""Documents in a store elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from index.reading.remote import fetch_all, place_of
from tests.commanding import onrecord

ADDRESS = "memory://archive/minutes"


@pytest.fixture
def store() -> Iterator[Any]:
    """A real one, in memory."""
    store = MemoryFileSystem()
    yield store
    store.store.clear()


def names(folder: Path) -> list[str]:
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return sorted(str(file) for file in files if not file.name.startswith("."))


def test_what_is_at_an_address_is_indexed_and_kept_in_line(home: Path, store: Any) -> None:
    """As a folder is; and nothing of it stays that is to be forgotten."""
    store.pipe("/archive/minutes/may/pool.txt", b"Ada Stone opened the pool in Arden.")
    store.pipe("/archive/minutes/crane.txt", b"Mayor Dunmore said the crane is dear.")
    store.pipe("/archive/other/secret.txt", b"Nobody asked for this.")
    first = onrecord(home, "index", ADDRESS)
    assert "2 added" in first.stdout, first.stderr
    store.pipe("/archive/minutes/may/pool.txt", b"Ada Stone opened the pool in Brill.")
    store.rm("/archive/minutes/crane.txt")
    second = onrecord(home, "index", f"{ADDRESS}/")
    assert "~ may/pool.txt" in second.stdout
    assert "1 updated, 1 removed" in second.stdout
    assert "Brill" in onrecord(home, "ask", "Who opened the pool?").stdout
    gone = onrecord(home, "index", "--forget", ADDRESS)
    assert "1 removed" in gone.stdout, gone.stderr


def test_what_has_not_changed_is_not_fetched_again(tmp_path: Path, store: Any) -> None:
    """But for what is no more here."""
    store.pipe("/archive/minutes/a.txt", b"Ada.")
    store.pipe("/archive/minutes/b.txt", b"Ben.")
    folder = fetch_all(ADDRESS, tmp_path)
    (folder / "a.txt").write_text("as it was fetched")
    (folder / "b.txt").unlink()
    fetch_all(ADDRESS, tmp_path)
    assert (folder / "a.txt").read_text() == "as it was fetched"
    assert (folder / "b.txt").read_text() == "Ben."
    store.pipe("/archive/minutes/a.txt", b"Ann, at last.")
    fetch_all(ADDRESS, tmp_path)
    assert (folder / "a.txt").read_text() == "Ann, at last."


def test_one_file_may_be_named_and_other_kinds_are_left_there(tmp_path: Path, store: Any) -> None:
    """Nor does a name lead out of the folder."""
    for name in ("a.txt", "rights.toml", "b.exe", ".c.txt", ".git/d.txt", "../../out.txt"):
        store.store[f"/archive/minutes/{name}"] = store.open("/x", "wb")
    folder = fetch_all(ADDRESS, tmp_path)
    assert names(folder) == ["a.txt", "rights.toml"]
    assert names(tmp_path) == [str((folder / name).relative_to(tmp_path)) for name in names(folder)]
    assert names(fetch_all(f"{ADDRESS}/a.txt", tmp_path)) == ["a.txt"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("memory://nowhere", "There is nothing at memory://nowhere"),
        ("nonsense://archive", "cannot be opened"),
        *(() if find_spec("adlfs") else [("az://archive", "pip install 'onrecord[remote]'")]),
        ("file:///proc/1/root/nothing/a.txt", "There is nothing at"),
    ],
)
def test_an_address_with_nothing_to_read_is_named(
    home: Path, store: Any, address: str, told: str
) -> None:
    done = onrecord(home, "index", address)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert not place_of(address, home).exists()
