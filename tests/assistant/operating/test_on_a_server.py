"""Everything that commands do, with the catalog and the accounts in PostgreSQL and the vectors in
Chroma."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chroma import ChromaServer
from tests.commanding import onrecord
from tests.postgres import Server

SPEECH = "Ada Stone, the mayor, opened the pool.\n\n“The pool will be free,” Stone said.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "speech.txt").write_text(SPEECH, "utf-8")
    (folder / "bread.txt").write_text("The baker of Arden sold bread on Sunday.", "utf-8")
    return folder


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server
    server.kill()


def test_commands_work_as_with_files(
    postgres: Server, chroma: ChromaServer, home: Path, folder: Path
) -> None:
    """Nothing of the catalog, the accounts or the vectors is in the home."""
    settings = {
        "ONRECORD_DATABASE": postgres.new_database(),
        "ONRECORD_CHROMA": chroma.address,
    }

    def run(*arguments: object, code: int = 0) -> str:
        done = onrecord(home, *arguments, **settings)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    assert "There is no index in PostgreSQL" in run("ask", "Who opened the pool?", code=2)
    assert "2 added" in run("index", folder)
    answer = json.loads(run("ask", "What did Stone say?", "--json"))
    assert answer["citations"][0]["quote"] == "“The pool will be free,”"
    (folder / "bread.txt").write_text("The baker of Brill closed the shop.", "utf-8")
    assert "1 updated" in run("index", folder)
    assert "Brill" in run("ask", "Which baker closed the shop?")
    assert "Ada Stone" in run("statements", "--speaker", "Stone")
    assert "ork_" in run("keys", "add", "nightly", "--permission", "ask")
    assert "nightly" in run("keys", "list")
    assert "2" in run("rebuild")
    checked = run("doctor")
    assert "2 documents, 2 passages" in checked
    assert "100% of those looked for find themselves" in checked
    assert "keys, logins and what was noted are in order" in checked
    assert "pg_dump" in run("backup", home.parent / "monday.zip", code=2)
    assert "pg_dump" in run("rebuild", "--from", folder, code=2)
    left = [file.name for pattern in ("*.sqlite3*", "vectors*") for file in home.glob(pattern)]
    assert left == []


def test_an_address_of_another_kind_is_refused(home: Path) -> None:
    """And one in the file of settings, which is copied about."""
    done = onrecord(home, "status", ONRECORD_DATABASE="mysql://somewhere")
    assert (done.returncode, "address of a database of PostgreSQL" in done.stderr) == (2, True)
    (home / "settings.toml").write_text('database = "postgresql://a:b@c/d"', "utf-8")
    done = onrecord(home, "status")
    assert (done.returncode, "ONRECORD_DATABASE" in done.stderr) == (2, True)
