"""What is reached by a link: who reads it, and what becomes of it."""

from pathlib import Path
from typing import Any

import pytest

from index.documents import LOCAL_USER, Principal
from index.events import Summary
from index.ingesting import sync
from index.reading.loading import Content, fetch
from index.rights.deciding import Rights, stricter
from tests.conftest import Collection, MakeCollection

STAFF = Principal("user:i|ada", groups=frozenset({"group:i|staff"}))
BOARD = Principal("user:i|bo", groups=frozenset({"group:i|staff", "group:i|board"}))
FOR_STAFF = 'readers = ["group:i|staff"]'
FOR_BOTH = 'readers = ["group:i|staff", "group:i|board"]'
FOR_BOARD = 'readers = ["group:i|board"]'


@pytest.fixture
def made(make_collection: MakeCollection, tmp_path: Path) -> Collection:
    """A folder for two groups, with a link to a folder outside that is for one of them."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "plan.txt").write_text("The merger is planned for June.")
    (outside / "rights.toml").write_text(FOR_BOARD)
    made = make_collection({"a.txt": "The pool opened in May.", "rights.toml": FOR_BOTH})
    (made.folder / "plan.txt").symlink_to(outside / "plan.txt")
    return made


def names(made: Collection, principal: Principal) -> list[str]:
    return [source.name for source in made.stores.catalog.sources(principal)]


def followed(made: Collection) -> Summary:
    *_, summary = sync(made.stores, [made.folder], follow_links=True)
    assert isinstance(summary, Summary)
    return summary


def test_a_link_that_leads_out_of_the_folder_is_skipped_and_counted(made: Collection) -> None:
    summary, done = made.sync()
    link = done[str(made.folder / "plan.txt")]
    assert (link.change, summary.skipped, summary.unchanged) == ("skipped", 1, 1)
    assert "--follow-links" in link.reason
    assert names(made, LOCAL_USER) == ["a.txt"]


def test_what_is_followed_has_the_stricter_readers(made: Collection) -> None:
    """Those whom both places let read, also when rights are looked at again."""
    assert followed(made).added == 1
    for _ in range(2):
        assert names(made, STAFF) == ["a.txt"]
        assert names(made, BOARD) == ["a.txt", "plan.txt"]
        assert followed(made).unchanged == 2


def test_where_nothing_is_said_what_is_followed_is_the_owners_only(
    made: Collection, tmp_path: Path
) -> None:
    (tmp_path / "outside" / "rights.toml").unlink()
    followed(made)
    assert names(made, BOARD) == ["a.txt"]


def test_what_an_earlier_run_followed_is_removed(made: Collection) -> None:
    """With the reason, also where nothing else is left in the folder."""
    followed(made)
    summary, done = made.sync()
    assert (summary.removed, summary.skipped) == (1, 1)
    assert done["plan.txt"].change == "removed"
    followed(made)
    (made.folder / "a.txt").unlink()
    summary, _ = made.sync()
    assert (summary.removed, summary.skipped) == (2, 1)
    assert names(made, LOCAL_USER) == []


def test_a_file_that_becomes_a_link_before_it_is_read_is_not_read(
    made: Collection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It was looked at when it was none."""
    new = made.folder / "new.txt"
    new.write_text("The shop opens at noon.")
    real = fetch

    def late(path: Path, *where: Any) -> Content:
        if path == new:
            _exchange(new, tmp_path)
        return real(path, *where)

    monkeypatch.setattr("index.ingesting.fetch", late)
    _, done = made.sync()
    assert done["new.txt"].change == "unreadable"
    assert names(made, LOCAL_USER) == ["a.txt"]


def _exchange(file: Path, tmp_path: Path) -> None:
    file.unlink()
    file.symlink_to(tmp_path / "outside" / "plan.txt")


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Rights("user:a", readers=frozenset({"group:x", "group:y"})),
         Rights("user:a", readers=frozenset({"group:y"}), denied=frozenset({"user:b"})),
         Rights("user:a", readers=frozenset({"group:y"}), denied=frozenset({"user:b"}))),
        (Rights("user:a", readers=frozenset({"user:b"})),
         Rights("user:b"),
         Rights("user:local", readers=frozenset({"user:b"}))),
        (Rights("user:a", "acme", frozenset({"group:x", "tenant:acme"})),
         Rights("user:a", "", frozenset({"tenant:acme", "tenant:umbra", "group:x"})),
         Rights("user:a", "acme", frozenset({"group:x", "tenant:acme"}))),
        (Rights("user:a", "acme"), Rights("user:a", "umbra"), Rights("user:local")),
        (Rights("user:a", "", frozenset({"tenant:umbra"})),
         Rights("user:a", "acme"),
         Rights("user:a", "acme")),
    ],
)  # fmt: skip
def test_the_stricter_rights_let_those_read_whom_both_let(
    one: Rights, other: Rights, both: Rights
) -> None:
    assert stricter(one, other) == stricter(other, one) == both
