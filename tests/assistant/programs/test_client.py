"""The client against a real server: everything that it can do, waiting, and errors in words."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import ServerUnreachable, WrongUse
from assistant.evaluation.sets.sets import write_rows
from assistant.programs.client import Client
from assistant.web.entry.gate import Gate, Limits
from tests.running import Running, running

QUESTION = "What did Rahmon say about branches of Russian institutes?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Iterator[Running]:
    gate = Gate(Limits(a_minute_each=10_000))
    with running(seed_home, tmp_path_factory.mktemp("client") / "home", gate) as server:
        yield server


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    with Client(server.url, server.key) as client:
        yield client


def test_an_answer_is_checked_and_thought_of(client: Client) -> None:
    answer = client.ask(QUESTION)
    assert answer["outcome"] == "answered"
    cited = answer["citations"][0]
    words = client.text(cited["document"]["id"], cited["start"], cited["end"])
    assert words == cited["quote"]
    assert [each["fate"] for each in client.verify(answer)["findings"]] == ["same"] * len(
        answer["citations"]
    )
    client.feedback(answer, good=True, words="Yes.")


def test_a_stream_ends_with_the_whole_answer(client: Client) -> None:
    events = list(client.stream(QUESTION))
    names = [name for name, _ in events]
    assert names[:2] == ["understanding", "sources"]
    assert names[-1] == "done"
    assert events[-1][1]["answer"]["claims"] == client.ask(QUESTION)["claims"]


def test_a_conversation_knows_what_was_asked(client: Client) -> None:
    id = client.start_conversation()
    client.ask("What did Rahmon say about students?", conversation=id)
    follow = client.ask("And about branches?", conversation=id)
    assert "Rahmon" in follow["standalone_question"]
    assert [turn["question"] for turn in client.conversation(id)["turns"]] == [
        "What did Rahmon say about students?", "And about branches?",
    ]  # fmt: skip
    assert id in [each["id"] for each in client.conversations()]
    client.remove_conversation(id)
    assert id not in [each["id"] for each in client.conversations()]


def test_documents_speakers_and_statements_are_listed(client: Client) -> None:
    names = [document["source"] for document in client.documents()]
    assert names == sorted(names)
    assert len(client.documents(limit=1)) == 1
    speakers = client.speakers()
    assert "Emomali Rahmon" in [speaker["name"] for speaker in speakers]
    said = client.statements("Rahmon", about="students", limit=2)
    assert {statement["speaker"]["name"] for statement in said} == {"Emomali Rahmon"}


def test_a_question_set_is_run_read_and_compared(server: Running, client: Client) -> None:
    rows = [{"id": "q1", "question": QUESTION, "answerable": False}]
    write_rows(server.home / "questions" / "town.jsonl", rows)
    assert [each["name"] for each in client.question_sets()] == ["town"]
    names = [finished(client, client.start_evaluation("town")["name"]) for _ in range(2)]
    assert sorted(run["name"] for run in client.evaluations()) == sorted(names)
    assert client.evaluation_figures(names[0])["questions"] == 1
    (record,) = client.evaluation_records(names[0])
    assert record["outcome"] == "false answer"
    assert client.evaluation_report(names[0]).startswith("<!doctype html>")
    assert client.compare_evaluations(names[1], names[0])["compared"] == 1
    assert client.stop_evaluation(names[0])["phase"] == "finished"
    with pytest.raises(WrongUse, match="is finished"):
        client.continue_evaluation(names[0])
    with pytest.raises(WrongUse, match="no run called"):
        client.evaluation("nothing")


def finished(client: Client, name: str) -> str:
    while client.evaluation(name)["phase"] == "running":
        time.sleep(0.05)
    assert client.evaluation(name)["phase"] == "finished"
    return name


def test_too_many_questions_wait_as_long_as_the_server_says(
    tmp_path: Path, seed_home: Path
) -> None:
    """The clock of the server is moved on by what the client waits."""
    now = [0.0]
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    gate = Gate(Limits(a_minute_each=2), clock=lambda: now[0])
    with (
        running(seed_home, tmp_path / "home", gate) as server,
        Client(server.url, server.key, sleep=sleep) as client,
    ):
        for _ in range(3):
            assert client.ask(QUESTION)["outcome"] == "answered"
    assert waited == [30.0]


def test_it_does_not_wait_for_ever(tmp_path: Path, seed_home: Path) -> None:
    """After some tries the server's words are given."""
    waited: list[float] = []
    gate = Gate(Limits(a_minute_each=10), clock=lambda: 0.0)
    with (
        running(seed_home, tmp_path / "home", gate) as server,
        Client(server.url, server.key, sleep=waited.append) as client,
    ):
        for _ in range(10):
            client.ask(QUESTION)
        with pytest.raises(WrongUse, match="Too many questions"):
            client.ask(QUESTION)
    assert 0 < len(waited) < 10
    assert sum(waited) <= 60


def test_errors_are_the_servers_words(server: Running, client: Client) -> None:
    with pytest.raises(WrongUse, match="ONRECORD_MODEL"):
        client.ask(QUESTION, mode="write")
    with pytest.raises(WrongUse, match="ONRECORD_MODEL"):
        list(client.stream(QUESTION, mode="write"))
    with Client(server.url, "ork_x_y") as stranger, pytest.raises(WrongUse, match="API key"):
        stranger.documents()
    with Client(f"{server.url}/elsewhere", server.key) as lost, pytest.raises(WrongUse):
        lost.documents()


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with Client(url) as client, pytest.raises(ServerUnreachable, match=url):
            client.documents()
