"""What a person sees while documents are indexed, and in a conversation."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.commands.cli import commands
from assistant.errors import WrongUse
from assistant.operating.terminal import print_as_json, show
from index.events import FileDone, IngestEvent, Progress, Summary
from tests.conftest import ROOT, invented_texts, new_home
from tests.scripted import Conversation, answering, scripted_server

QUESTION = "what did Rahmon say about students?"
FAITHFUL = "Rahmon said around 20,000 Tajik citizens are studying in Russian universities [1]."
INVENTED = "Rahmon said around 35,000 Tajik citizens are studying in Russian universities [1]."

COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background has none
from assistant.commands.cli import main
main()
"""


def run(*events: IngestEvent) -> Generator[IngestEvent]:
    yield from events


def stoppable() -> Generator[IngestEvent]:
    """Sums up when it is stopped, as a run does."""
    try:
        yield FileDone("a.txt", "added", 2)
        raise AssertionError("it was not stopped")
    except KeyboardInterrupt:
        yield Summary(added=1, passages=2, interrupted=True)


def test_a_run_is_shown_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a bar and empty lines where nobody watches."""
    last = show(
        run(
            Progress(0, 2, 0, 0.0),
            FileDone("a.txt", "added", 2),
            FileDone("a.xlsx", "added", 1, left_out={"hidden sheet": 2, "picture": 1}),
            FileDone("b.pdf", "unreadable", reason="b.pdf is damaged."),
            Progress(2, 2, 2, 0.5),
            summary := Summary(added=1, unreadable=1, passages=2, seconds=0.5),
        )
    )
    assert last == summary
    assert capsys.readouterr().out.splitlines() == [
        "+ a.txt  (2 passages)",
        "+ a.xlsx  (1 passage; 2 hidden sheets, 1 picture left out)",
        "! b.pdf  (b.pdf is damaged.)",
        "1 added, 1 could not be read; 2 passages in 0.5 s.",
    ]


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (Summary(), "Nothing to do; 0 passages in 0.0 s."),
        (Summary(passages=7), "Made again from the catalog; 7 passages in 0.0 s."),
        (Summary(unchanged=1), "1 unchanged; 0 passages in 0.0 s."),
        (
            Summary(added=1, others={".mp4": 1}, passages=2),
            "1 added; 1 file of other kinds passed over (1 .mp4); 2 passages in 0.0 s.",
        ),
    ],
)
def test_a_run_is_summed_up(
    summary: Summary, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(run(summary))
    assert capsys.readouterr().out == f"{said}\n"


def test_the_bar_shows_files_speed_and_time_left_once_there_are_some(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter of the files in ten seconds leaves half a minute."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    show(run(Progress(0, 4, 0, 0.1)))
    assert "0/4" in (shown := capsys.readouterr().out)
    assert "passages/s" not in shown
    show(run(Progress(1, 4, 500, 10.0)))
    assert "files, 50 passages/s, 0:00:30 left" in capsys.readouterr().out


def test_a_run_that_is_stopped_while_it_is_shown_is_told_and_not_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C can come while a line is printed as well as while a file is read."""
    events = stoppable()

    def pressed(_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.operating.terminal.file_line", pressed)
    assert show(events) == Summary(added=1, passages=2, interrupted=True)
    assert "Stopped early; run it again to go on." in capsys.readouterr().out


def test_events_as_json_end_with_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    """A program sees whether all was done as well."""
    print_as_json(run(FileDone("a.txt", "added", 2), Summary(interrupted=True)))
    first, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["event"], last["event"], last["interrupted"]) == ("file", "summary", True)


def test_ctrl_c_keeps_what_is_done_and_exits_with_130(tmp_path: Path, models: Path) -> None:
    """The next run goes on from there."""
    home = new_home(tmp_path / "home", models)
    (tmp_path / "texts").mkdir()
    for name, text in invented_texts(400, 2).items():
        (tmp_path / "texts" / name).write_text(text, "utf-8")
    command = [sys.executable, "-u", "-c", COMMAND, "--home", home, "index", tmp_path / "texts"]
    with subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().startswith("+ report-000.txt")
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
    assert process.returncode == 130, said
    assert "Stopped early; run it again to go on." in said
    assert "Traceback" not in said


def chat(home: Path, *options: str, lines: str, url: str | None = None) -> tuple[int, str]:
    """A conversation in this process: (exit code, all that was shown)."""
    model = {"ONRECORD_MODEL": "openai:m", "ONRECORD_BASE_URL": url} if url else {}
    arguments = ["--home", str(home), "chat", *options]
    done = CliRunner().invoke(commands, arguments, input=lines, env=model)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_a_conversation_goes_on_until_an_empty_line(seed_home: Path) -> None:
    """A follow-up is shown as it was understood; a question that cannot be asked ends
    nothing."""
    code, said = chat(seed_home, lines=f"{QUESTION}\n{'x' * 3_000}\nAnd Putin?\n\n")
    assert code == 0
    assert "20,000 of our citizens" in " ".join(said.split())
    assert "Error: The question has 3,000 characters" in said
    assert "Understood as: what did Putin say about students?" in said


def test_a_written_answer_is_shown_sentence_by_sentence_with_its_verdicts(seed_home: Path) -> None:
    """Then its sources; quotations have no verdict, they are what they are."""
    with scripted_server(answering(FAITHFUL, " ", INVENTED)) as server:
        code, said = chat(seed_home, "--mode", "write", lines=f"{QUESTION}\n\n", url=server.url)
    words = " ".join(said.split())
    assert code == 0
    assert "[supported] Rahmon said around 20,000" in words
    assert "[not supported: The passage does not have the number 35,000 here.] Rahmon" in words
    assert words.index("[supported]") < words.index("[not supported") < words.index("Sources [1]")
    _, quoted = chat(seed_home, lines=f"{QUESTION}\n\n")
    assert "[verbatim]" not in quoted


def test_to_write_without_a_model_is_refused_before_anything_is_asked(seed_home: Path) -> None:
    with pytest.raises(WrongUse, match="Set ONRECORD_MODEL"):
        chat(seed_home, "--mode", "write", lines=f"{QUESTION}\n\n")


def read_up_to(words: str, lines: Iterable[str]) -> None:
    """Read until these words come; if they don't, all that came is shown."""
    said: list[str] = []
    for line in lines:
        said.append(line)
        if words in line:
            return
    raise AssertionError("".join(said))


def test_ctrl_c_ends_the_answer_and_not_the_conversation(seed_home: Path) -> None:
    """What was written so far stays; the server is not kept; the next question is answered."""

    def going_on(conversation: Conversation) -> None:
        conversation.begin()
        conversation.say(f"{FAITHFUL} And")
        while True:
            conversation.say(" on", pause=0.05)

    with scripted_server(going_on, answering(FAITHFUL)) as server:
        environment = {
            **os.environ, "ONRECORD_MODEL": "openai:m", "ONRECORD_BASE_URL": server.url,
            "ONRECORD_ANSWER_WAIT": "600", "ONRECORD_CONNECT_WAIT": "60",
        }  # fmt: skip
        command = [sys.executable, "-u", "-c", COMMAND, "--home", seed_home, "chat", "--mode"]
        with subprocess.Popen(
            [*map(str, command), "write"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{QUESTION}\n")
            process.stdin.flush()
            read_up_to("[supported]", process.stdout)
            process.send_signal(signal.SIGINT)
            read_up_to("Stopped. Ask on", process.stdout)
            assert server.hung_up.wait(20)
            process.stdin.write(f"{QUESTION}\n\n")
            process.stdin.flush()
            said = process.stdout.read()
    assert "[supported]" in said
    assert "Sources" in said
    assert process.returncode == 0
