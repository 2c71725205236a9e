"""A catalog on a server: what differs from a file, and what happens when the server is away."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.documents import LOCAL_USER
from index.errors import CatalogUnavailable
from index.stores.catalog import SqlCatalog
from index.stores.engines.bm25 import TantivyWords
from index.stores.engines.postgres import _as_regex, _numbered
from tests.conftest import ONRECORD, ROOT, invented_texts, new_home, run_python
from tests.index.stores.test_catalog import put
from tests.postgres import Server, server


@pytest.fixture
def catalog(postgres: Server) -> SqlCatalog:
    return SqlCatalog.make(postgres.new_database())


@pytest.fixture
def mortal() -> Iterator[Server]:
    """A server that a test may stop."""
    with server() as started:
        yield started


def test_values_are_numbered_as_they_come_or_as_they_are_numbered() -> None:
    assert _numbered("a = ? AND b = ?") == "a = $1 AND b = $2"
    assert _numbered("a = ?1 OR b = ?2 || ?1") == "a = $1 OR b = $2 || $1"


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("*.txt", "a/b.txt", True),
        ("*.txt", "a.txt\n", False),
        ("a?c", "a\nc", True),
        ("[a-c]*", "bread", True),
        ("[a-c]*", "Bread", False),
        ("[^a-c]*", "dough", True),
        ("[^a-c]*", "bread", False),
        ("[]x]", "]", True),
        ("[c-a]", "b", False),
        ("[a", "[a", True),
        ("[a*", "[ab", False),
        ("a.c", "abc", False),
        ("(a|b)", "a", False),
        ("100%", "100%", True),
        ("Ä_*", "Ä_1", True),
    ],
)
def test_globs_fit_what_they_fit_in_a_file(
    catalog: SqlCatalog, glob: str, name: str, fits: bool
) -> None:
    ((found,),) = catalog._db.rows("SELECT CAST(? AS TEXT) ~ ?", name, _as_regex(glob))
    assert found is fits


def test_a_character_that_the_server_does_not_keep_is_replaced(catalog: SqlCatalog) -> None:
    """In what is kept and in what is asked for."""
    with catalog.writing():
        catalog.set_fact("a\0", "b\0c")
    assert catalog.fact("a\0") == "b\ufffdc"
    assert catalog.visible(["a\0"], catalog.scope(LOCAL_USER)) == frozenset()


def test_writers_wait_for_each_other(catalog: SqlCatalog) -> None:
    """In whatever process: each has its own connection, and counts on what it read."""

    def write(number: int) -> None:
        other = SqlCatalog(catalog._where)
        for each in range(10):
            put(other, f"{number}-{each}.txt")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert catalog.revision == catalog.passage_count == 40


def test_a_document_is_one_writers_at_a_time(catalog: SqlCatalog) -> None:
    """In this process and in others, of which one may die."""
    script = (
        "import sys; from index.stores.catalog import SqlCatalog; "
        "print(SqlCatalog(sys.argv[1]).claim(sys.argv[2]))"
    )

    def elsewhere(document: str) -> str:
        return run_python(script, catalog._where, document).stdout.strip()

    assert elsewhere("a") == "True"  # and it ended
    assert catalog.claim("a")
    assert catalog.claim("b")
    assert not catalog.claim("a")
    assert (elsewhere("a"), elsewhere("c")) == ("False", "True")
    catalog.release("a")
    assert elsewhere("a") == "True"
    assert elsewhere("b") == "False"
    catalog.release("b")
    assert elsewhere("b") == "True"


def test_two_processes_index_the_same_folder_without_doing_anything_twice(
    postgres: Server, tmp_path: Path, models: Path
) -> None:
    """Each takes what the other one does not work on; both see all of it in the end."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in invented_texts(40).items():
        (folder / name).write_text(text, "utf-8")
    homes = [new_home(tmp_path / name, models) for name in ("one", "two")]
    database = postgres.new_database()
    SqlCatalog.make(database)
    runs = [
        subprocess.Popen(
            [*ONRECORD, "--home", home, "index", folder, "--json"],
            env={**os.environ, "ONRECORD_DATABASE": database, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for home in homes
    ]
    said = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    first, second = (
        {
            line["name"]
            for line in map(json.loads, each.splitlines())
            if line.get("change") == "added"
        }
        for each in said
    )
    assert first & second == set()
    assert len(first) + len(second) == 40
    catalog = SqlCatalog(database)
    assert {source.name for source in catalog.sources(LOCAL_USER)} == first | second
    catalog.check()
    for home in homes:
        TantivyWords(home / "words", catalog).check()


def test_a_writer_that_waits_too_long_says_so(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stores.engines.postgres.WAIT", 0.1)
    catalog.close()
    told: list[str] = []

    def write() -> None:
        try:
            with SqlCatalog(catalog._where).writing():
                pass
        except CatalogUnavailable as error:
            told.append(str(error))

    with catalog.writing():
        waiting = threading.Thread(target=write)
        waiting.start()
        waiting.join()
    assert len(told) == 1
    assert "another process has been writing to it" in told[0]


def test_a_server_that_comes_back_is_used_again(mortal: Server) -> None:
    """Whoever asks meanwhile is told, and nobody learns the password."""
    address = mortal.new_database().replace("postgres@", "postgres:secret@")
    catalog = SqlCatalog.make(address)
    put(catalog, "a.txt")
    mortal.stop()
    began = time.monotonic()
    for ask in (lambda: catalog.passage_count, lambda: put(catalog, "b.txt")):
        with pytest.raises(CatalogUnavailable, match=r"PostgreSQL \(local/tests_1\)") as told:
            ask()
        assert "secret" not in str(told.value)
    assert time.monotonic() - began < 5
    mortal.start()
    assert catalog.passage_count == 1
    put(catalog, "b.txt")
    assert catalog.passage_count == 2


def test_what_was_claimed_is_free_when_the_server_was_started_anew(mortal: Server) -> None:
    catalog = SqlCatalog.make(mortal.new_database())
    assert catalog.claim("a")
    mortal.stop()
    with pytest.raises(CatalogUnavailable):
        catalog.claim("b")
    mortal.start()
    catalog.release("a")
    assert catalog.claim("a")
    assert not catalog.claim("a")
    assert catalog.claim("b")


def test_a_server_that_dies_in_a_transaction_keeps_nothing_of_it(mortal: Server) -> None:
    """And the next one goes on as if it had not been."""
    catalog = SqlCatalog.make(mortal.new_database())

    def write() -> None:
        with catalog.writing():
            catalog.set_fact("embedder", "some")
            mortal.stop()
            catalog.set_fact("embedder", "another")

    with pytest.raises(CatalogUnavailable):
        write()
    mortal.start()
    assert catalog.fact("embedder") is None
    put(catalog, "a.txt")
    assert catalog.passage_count == 1


def test_no_server_is_told_in_words() -> None:
    with pytest.raises(CatalogUnavailable, match=r"PostgreSQL \(127\.0\.0\.1/onrecord\) cannot be"):
        SqlCatalog.make("postgresql+psycopg://someone:secret@127.0.0.1:9/onrecord")


def test_without_the_library_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "index.stores.engines.postgres")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(CatalogUnavailable, match=r"pip install 'onrecord\[postgres\]'"):
        SqlCatalog.make("postgresql://127.0.0.1:9/onrecord")
