"""A catalog on a server: what differs from a file, and what happens when the server is away."""

import threading
import time
from collections.abc import Iterator

import pytest

from index.errors import CatalogUnavailable
from index.stores.catalog import SqlCatalog
from index.stores.postgres import _as_regex, _numbered
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


def test_a_writer_that_waits_too_long_says_so(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stores.postgres.WAIT", 0.1)
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
