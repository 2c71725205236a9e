"""A disk that is full or may only be read: asking goes on, and what cannot be kept is said."""

import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.keys import Keys
from assistant.accounts.ledger import Ledger
from assistant.accounts.store import Store
from assistant.building import open_to_ask_once, open_to_chat
from assistant.operating.doctor import describe
from assistant.operating.maintaining import Request
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import local_services
from assistant.web.serving import _only_read, _opened
from index.documents import LOCAL_USER
from index.errors import HomeUnwritable
from tests import commanding
from tests.conftest import ONRECORD, ROOT, SEEDS, copy_home

QUESTION = "what did Rahmon say about students?"


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mounts something, where that is allowed, until the test ends."""
    with ExitStack() as held:

        def mount(*how: str) -> Path:
            place = tmp_path / "mounted"
            place.mkdir()
            done = subprocess.run(["mount", *how, place], check=False, capture_output=True)
            if done.returncode:
                pytest.skip("nothing can be mounted here")
            held.callback(lambda: subprocess.run(["umount", "--lazy", place], check=True))
            return place

        yield mount


@pytest.fixture
def read_only(seed_home: Path, tmp_path: Path, mounted: Callable[..., Path]) -> Path:
    """A home on a disk that may only be read."""
    copy = copy_home(seed_home, tmp_path / "copy")
    place = mounted("--bind", str(copy))
    subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
    return place


def onrecord(home: Path, *arguments: object, largest: int = -1) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that may make no larger file, as if there were no room."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [*ONRECORD, "--home", str(home), *map(str, arguments)],
        capture_output=True, text=True, timeout=120, check=False, cwd=ROOT, preexec_fn=limit,
    )  # fmt: skip


def test_a_home_that_may_only_be_read_is_asked(read_only: Path) -> None:
    with open_to_ask_once(Settings(read_only)) as assistant:
        answer = assistant.ask(QUESTION, principal=LOCAL_USER)
    assert any("20,000 of our citizens" in citation.quote for citation in answer.citations)
    assert describe(Settings(read_only))["documents"] == 1


def test_a_home_that_may_only_be_read_is_served_to_one_person(
    read_only: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are told that nothing is kept; commands are refused."""
    with ExitStack() as held:
        assistant, act, accounts = _opened(Settings(read_only), None, "http://a", "token", held)
        assert assistant.ask(QUESTION, principal=LOCAL_USER).citations
        assert accounts != read_only
        Store(accounts)
        with pytest.raises(HomeUnwritable):
            next(act(Request("rebuild")))
    assert "nothing is kept" in capsys.readouterr().err


def test_what_changed_on_a_disk_that_one_may_not_write_to_is_noticed(
    read_only: Path, seed_home: Path, tmp_path: Path
) -> None:
    """The file was read as it stood; another process writes to it by another way."""
    catalog = open_to_chat(Settings(read_only)).view_of(LOCAL_USER)
    assert catalog.status().documents == 1
    copy = tmp_path / "copy"
    assert onrecord(copy, "index", "--forget", SEEDS).returncode == 0
    assert catalog.status().documents == 0


@pytest.mark.parametrize("command", ["index", "rebuild"])
def test_a_command_on_a_disk_that_may_only_be_read_says_so(read_only: Path, command: str) -> None:
    done = commanding.onrecord(read_only, command, *([SEEDS] if command == "index" else []))
    assert done.returncode == 2
    assert "may only be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_asked_and_said_to_be_full(
    seed_home: Path, tmp_path: Path, mounted: Callable[..., Path]
) -> None:
    """Nothing is lost."""
    place = mounted("-t", "tmpfs", "-o", "size=6m", "none")
    home = copy_home(seed_home, place / "home")
    with (place / "fill").open("wb") as fill:
        fill.write(bytes(os.statvfs(place).f_bavail * os.statvfs(place).f_frsize))
    (tmp_path / "new.txt").write_text("The pool opened in May.")
    done = onrecord(home, "index", tmp_path / "new.txt")
    assert done.returncode == 2
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert "20,000 of our citizens" in onrecord(home, "ask", QUESTION).stdout
    (place / "fill").unlink()
    assert onrecord(home, "index", tmp_path / "new.txt").returncode == 0


def test_a_file_that_cannot_grow_is_said_and_nothing_is_lost(
    seed_home: Path, tmp_path: Path
) -> None:
    """Wherever nothing can be mounted, too."""
    home = copy_home(seed_home, tmp_path / "home")
    (tmp_path / "new.txt").write_text("The pool opened in May. " * 3_000)
    done = onrecord(home, "index", tmp_path / "new.txt", largest=60_000)
    assert done.returncode == 2, done.stderr
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr
    with open_to_ask_once(Settings(home)) as assistant:
        assert assistant.ask(QUESTION, principal=LOCAL_USER).citations
        assert assistant.view_of(LOCAL_USER).status().documents == 1


# -- what is noted ---------------------------------------------------------------------


def test_what_cannot_be_noted_now_is_noted_with_the_next(tmp_path: Path) -> None:
    """In its order and with its time; nobody is refused anything for it."""
    moments = iter(range(1, 100))
    store = Store(tmp_path)
    ledger = Ledger(store, clock=lambda: float(next(moments)) * 86_400 * 365)
    store.do("PRAGMA query_only = 1")
    ledger.did(LOCAL_USER, "s", "added key", "one")
    ledger.did(LOCAL_USER, "s", "added key", "two")
    assert ledger.waiting == 2
    store.do("PRAGMA query_only = 0")
    ledger._swept = float("inf")
    ledger.did(LOCAL_USER, "s", "added key", "three")
    assert ledger.waiting == 0
    lines = [(deed.what, deed.at / 86_400 / 365) for deed in reversed(ledger.deeds(9))]
    assert lines == [("one", 1), ("two", 2), ("three", 3)]


def test_what_waits_is_written_as_the_server_ends_or_said_to_be_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    ledger = Ledger(store)
    for room in (False, True):
        store.do("PRAGMA query_only = 1")
        ledger.did(LOCAL_USER, "s", "added key", "one")
        store.do(f"PRAGMA query_only = {int(not room)}")
        caplog.clear()
        ledger.finish()
        assert ledger.waiting == 0
        assert ("1 lines of the log are lost" in caplog.text) is not room
        store.do("PRAGMA query_only = 0")
    assert [deed.what for deed in ledger.deeds(9)] == ["one"]


def test_a_key_is_good_while_its_use_cannot_be_noted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    secret = Keys(store).add("nightly", ["ask"])
    store.do("PRAGMA query_only = 1")
    assert Keys(store).find(secret)


def caller_of(home: Path, accounts: Path) -> TestClient:
    settings = Settings(home)
    services = local_services(
        open_to_chat(settings), _only_read, "token", settings, accounts=accounts
    )
    return TestClient(create_app(services), base_url="http://127.0.0.1")


def assert_refused_but_asked(caller: TestClient) -> None:
    reply = caller.post("/api/v1/documents", files={"file": ("a.txt", b"The pool opened.")})
    assert reply.status_code == 507
    assert reply.json()["error"]["code"] == "unwritable"
    assert "/uploads" not in reply.text
    assert caller.post("/api/v1/ask", json={"question": QUESTION}).json()["citations"]


def test_what_is_uploaded_to_a_full_disk_is_refused_and_leaves_nothing(
    seed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a status of its own, without the server's paths; asking goes on."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/uploads")

    home = copy_home(seed_home, tmp_path / "home")
    monkeypatch.setattr("assistant.web.api.uploads.shutil.copyfileobj", full)
    assert_refused_but_asked(caller_of(home, tmp_path))
    assert not any((home / "uploads").iterdir())


def test_what_is_uploaded_to_a_disk_that_may_only_be_read_is_refused(
    read_only: Path, tmp_path: Path
) -> None:
    assert_refused_but_asked(caller_of(read_only, tmp_path))
