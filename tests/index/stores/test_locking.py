"""One process writes; the others are told which, and are free when it is gone."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.building import open_to_ask, open_to_write
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.errors import IndexBusy
from index.stores.locking import Owner, owner, writer_lock
from tests.conftest import ROOT

HOLD = """
import sys, pathlib
from index.stores.locking import writer_lock
with writer_lock(pathlib.Path(sys.argv[1]), "index /texts", "http://127.0.0.1:7860", "secret"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which holds the lock of tmp_path."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    process.wait()


def test_the_second_process_is_told_who_holds_the_lock(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    """By its command and process, with what to do."""
    words = (
        rf"“onrecord index /texts” \(process {holder.pid}, since .*\).*Open http://127.0.0.1:7860"
    )
    with pytest.raises(IndexBusy, match=words), writer_lock(tmp_path, "rebuild"):
        pass
    with pytest.raises(IndexBusy, match=words), open_to_write(Settings(tmp_path), "rebuild"):
        pass


def test_a_holder_without_an_address_can_only_be_waited_for(tmp_path: Path) -> None:
    """Or stopped."""
    with (
        writer_lock(tmp_path, "index /texts"),
        pytest.raises(IndexBusy, match="Wait until it is done, or stop it"),
        writer_lock(tmp_path, "rebuild"),
    ):
        pass


def test_who_holds_the_lock_can_be_asked(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    """With the address at which a server takes commands; nobody once it has let go."""
    found = owner(tmp_path)
    assert isinstance(found, Owner)
    assert (found.pid, found.command) == (holder.pid, "index /texts")
    assert (found.address, found.token) == ("http://127.0.0.1:7860", "secret")
    let_go(holder)
    assert owner(tmp_path) is None


def test_the_lock_is_free_when_its_holder_is_done(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    let_go(holder)
    with writer_lock(tmp_path, "rebuild") as mine:
        assert mine.command == "rebuild"


def test_the_lock_is_free_when_its_holder_was_killed(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Also though what it said of itself is still there."""
    holder.kill()
    holder.wait()
    assert (tmp_path / "writer.json").exists()
    assert owner(tmp_path) is None
    with writer_lock(tmp_path, "rebuild"):
        found = json.loads((tmp_path / "writer.json").read_text())
        assert found["command"] == "rebuild"


def test_only_its_owner_may_read_what_the_holder_says_of_itself(tmp_path: Path) -> None:
    """It has the token with which commands are handed to a server; an old file is no help."""
    (tmp_path / "writer.json").write_text("{}")
    (tmp_path / "writer.json").chmod(0o644)
    with writer_lock(tmp_path, "serve", token="secret"):
        mode = stat.S_IMODE((tmp_path / "writer.json").stat().st_mode)
    assert mode == 0o600


def test_the_token_is_gone_after_a_command_that_failed(tmp_path: Path) -> None:
    """As it is after one that ended well."""
    with pytest.raises(ZeroDivisionError), writer_lock(tmp_path, "serve", token="secret"):
        _ = 1 / 0
    assert not (tmp_path / "writer.json").exists()
    with writer_lock(tmp_path, "serve", token="secret"):
        pass
    assert not (tmp_path / "writer.json").exists()


def test_no_home_is_no_owner(tmp_path: Path) -> None:
    """Asking makes nothing."""
    assert owner(tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


def test_a_holder_that_has_not_yet_said_who_it_is_is_another_process(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Between taking the lock and writing the file."""
    (tmp_path / "writer.json").unlink()
    with (
        pytest.raises(IndexBusy, match="Another process is using"),
        writer_lock(tmp_path, "rebuild"),
    ):
        pass


def test_questions_are_answered_while_another_process_writes(seed_settings: Settings) -> None:
    """From the catalog, without the vector store."""
    with (
        writer_lock(seed_settings.home, "index /texts"),
        open_to_ask(seed_settings, "eval") as assistant,
    ):
        answer = assistant.ask("what did Rahmon say about students?", principal=LOCAL_USER)
    assert answer.answered


def test_what_goes_wrong_while_asking_is_not_swallowed(seed_settings: Settings) -> None:
    """Also when it says that some index is busy."""
    with pytest.raises(IndexBusy, match="another one"), open_to_ask(seed_settings, "eval"):
        raise IndexBusy("That is another one.")
