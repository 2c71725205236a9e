"""Commands that write: done here, or by the server that owns the index."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.building import open_catalog, open_to_ask_once, open_to_write, open_words
from assistant.errors import ServerUnreachable, WrongUse
from assistant.operating.maintaining import (
    API,
    COMMANDS,
    Event,
    Request,
    decode,
    encode,
    encode_error,
    maintain,
    perform,
)
from assistant.settings import Settings
from index.documents import LOCAL_USER
from index.errors import IndexBusy, IndexNotFound, MissingSource
from index.events import FileDone, Progress, Summary
from index.search.correcting import Corrected
from index.stores.locking import writer_lock
from tests.conftest import damage
from tests.listening import listening

EVENTS: Sequence[Event] = (
    FileDone("2016/ответ “b”\n.txt", "unreadable", reason="2016/b.txt is empty."),
    Progress(1, 2, 30, 0.25),
    Summary(added=1, unreadable=1, passages=30, seconds=0.5, interrupted=True),
    Corrected("T. Herzl", "Theodor Herzl", 3, 2),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("The pool opened in May.")
    (folder / "b.txt").write_text("Ada baked bread.")
    return folder


def names(events: Sequence[Event]) -> list[str]:
    return [f"{e.name} {e.change}" for e in events if isinstance(e, FileDone)]


def do(home: Path, command: str, *paths: Path) -> list[Event]:
    request = Request(command, tuple(map(str, paths)))  # type: ignore[arg-type]
    return list(maintain(Settings(home), request))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_a_line_and_back_again(event: Event) -> None:
    """Line breaks in a name and all."""
    line = encode(event)
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert decode(line) == event


def test_an_error_is_a_line_that_raises_its_words() -> None:
    line = encode_error(MissingSource("There is no folder “x”."))
    with pytest.raises(WrongUse, match="There is no folder “x”"):
        decode(line)


def test_an_index_is_made_asked_rebuilt_and_forgotten(home: Path, folder: Path) -> None:
    """One command after the other."""
    assert names(do(home, "index", folder)) == ["a.txt added", "b.txt added"]
    with open_to_ask_once(Settings(home)) as assistant:
        answer = assistant.ask("When did the pool open?", principal=LOCAL_USER)
    assert [citation.quote for citation in answer.citations] == ["The pool opened in May."]
    (rebuilt,) = do(home, "rebuild")
    assert isinstance(rebuilt, Summary)
    assert rebuilt.passages == 2
    assert names(do(home, "forget", folder / "a.txt")) == ["a.txt removed"]
    assert open_catalog(Settings(home)).passage_count == 1


def test_one_process_can_index_again_and_again(home: Path, folder: Path) -> None:
    """Everything is let go when a command is done, the word index's own lock too."""
    kept = []
    for number in range(3):
        (folder / "a.txt").write_text(f"The pool opened in May of {10**number}.")
        with open_to_write(Settings(home), "index") as opened:
            *_, summary = perform(opened.stores, Request("index", (str(folder),)))
            kept.append(opened)
        assert isinstance(summary, Summary)
        assert summary.added + summary.updated >= 1


def test_there_is_no_index_until_one_is_made(tmp_path: Path) -> None:
    """The message says how; asking makes nothing."""
    settings = Settings(tmp_path / "home")
    with pytest.raises(IndexNotFound, match="onrecord index FOLDER"), open_to_ask_once(settings):
        pass
    assert not settings.home.exists()


def test_what_is_not_there_is_said_before_anything_is_made(tmp_path: Path) -> None:
    """A model takes some seconds."""
    with pytest.raises(MissingSource, match="Check the spelling"):
        do(tmp_path / "home", "index", tmp_path / "none")
    assert not (tmp_path / "home").exists()


def test_a_command_that_fails_leaves_the_index_free(home: Path, folder: Path) -> None:
    with pytest.raises(MissingSource):
        do(home, "index", folder / "none")
    assert do(home, "index", folder)


def test_another_command_is_not_disturbed(home: Path, folder: Path) -> None:
    """It is named instead."""
    with (
        writer_lock(home, "index /other"),
        pytest.raises(IndexBusy, match="onrecord index /other"),
    ):
        do(home, "index", folder)


def test_a_damaged_word_index_is_mended_by_rebuilding(home: Path, folder: Path) -> None:
    """As its message promises, also when a run was cut off and has words to publish."""
    do(home, "index", folder)
    catalog = open_catalog(Settings(home))
    (home / "words.json").unlink()
    damage(home / "words" / "meta.json", b"no json")
    do(home, "rebuild")
    assert open_words(Settings(home), catalog).count == 2


@contextmanager
def server(
    home: Path, lines: Sequence[str], status: int = 200
) -> Iterator[list[dict[str, object]]]:
    """Owns the index and answers each command with these lines; yields what it was sent."""
    received: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(
                {
                    "path": self.path,
                    "authorization": self.headers["Authorization"],
                    **json.loads(body),
                }
            )
            self.send_response(status)
            self.end_headers()
            self.wfile.write("".join(lines).encode())

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Prints nothing."""

    at = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{at.server_port}"
    with listening(at), writer_lock(home, "serve", address, "secret"):
        yield received


def test_workers_are_not_asked_for_where_a_server_indexes(home: Path, folder: Path) -> None:
    request = Request("index", (str(folder),))
    with server(home, []) as received, pytest.raises(WrongUse, match="leave out --workers"):
        [*maintain(Settings(home), request, workers=2)]
    assert received == []


def test_a_command_is_handed_to_the_server_that_owns_the_index(home: Path, folder: Path) -> None:
    """With its token; the server's events come back as if it had been done here."""
    with server(home, [encode(event) for event in EVENTS]) as received:
        assert do(home, "index", folder) == list(EVENTS)
    assert received == [
        {
            "path": f"{API}{COMMANDS}",
            "authorization": "Bearer secret",
            "command": "index",
            "paths": [str(folder)],
            "name": "",
            "into": "",
            "documents": "",
            "rights": None,
            "follow_links": False,
        }
    ]


def test_what_went_wrong_in_the_server_is_said_here(home: Path, folder: Path) -> None:
    """After the events before it."""
    lines = [encode(EVENTS[0]), encode_error(MissingSource("There is no folder x."))]
    with server(home, lines):
        events = maintain(Settings(home), Request("index", (str(folder),)))
        assert next(events) == EVENTS[0]
        with pytest.raises(WrongUse, match="There is no folder x"):
            next(events)


def test_a_server_that_refuses_is_named_with_its_reason(home: Path, folder: Path) -> None:
    with (
        server(home, ["not your index"], status=403),
        pytest.raises(ServerUnreachable, match=r"http://127.* not your index.*Stop the server"),
    ):
        do(home, "index", folder)


def test_a_server_that_breaks_off_is_not_taken_for_done(home: Path, folder: Path) -> None:
    """Each command ends with what it did in all."""
    do(home, "index", folder)
    with server(home, []), pytest.raises(ServerUnreachable, match="broke off"):
        do(home, "rebuild")


@pytest.mark.parametrize("command", ["forget", "rebuild", "rights", "merge", "split", "undo"])
def test_only_indexing_makes_an_index(home: Path, command: str) -> None:
    with pytest.raises(IndexNotFound, match="onrecord index FOLDER"):
        do(home, command)
    assert not (home / "catalog.sqlite3").exists()


def test_a_server_that_does_not_answer_is_named(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hangs or has another address; what to do is said."""
    monkeypatch.setattr("assistant.operating.maintaining.CONNECTION_RETRIES", 0)
    with (
        writer_lock(home, "serve", "http://127.0.0.1:9", "secret"),
        pytest.raises(ServerUnreachable, match="Stop the server and try again"),
    ):
        do(home, "index", folder)
