"""What a person sees while documents are indexed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from assistant.terminal import print_as_json, show
from index.ingesting import FileDone, IngestEvent, Progress, Summary
from tests.conftest import ROOT, invented_texts, new_home

COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background has none
from assistant.cli import main
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
    whole = show(
        run(
            Progress(0, 2, 0, 0.0),
            FileDone("a.txt", "added", 2),
            FileDone("b.pdf", "unreadable", reason="b.pdf is damaged."),
            Progress(2, 2, 2, 0.5),
            Summary(added=1, unreadable=1, passages=2, seconds=0.5),
        )
    )
    assert whole
    assert capsys.readouterr().out.splitlines() == [
        "+ a.txt  (2 passages)",
        "! b.pdf  (b.pdf is damaged.)",
        "1 added, 1 could not be read; 2 passages in 0.5 s.",
    ]


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (Summary(), "Nothing to do; 0 passages in 0.0 s."),
        (Summary(passages=7), "Made again from the catalog; 7 passages in 0.0 s."),
        (Summary(unchanged=1), "1 unchanged; 0 passages in 0.0 s."),
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

    monkeypatch.setattr("assistant.terminal._file_line", pressed)
    assert not show(events)
    assert "Stopped early; run it again to go on." in capsys.readouterr().out


def test_events_as_json_end_with_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    """A program sees whether all was done as well."""
    assert not print_as_json(run(FileDone("a.txt", "added", 2), Summary(interrupted=True)))
    first, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["event"], last["event"], last["interrupted"]) == ("file", "summary", True)


def test_ctrl_c_keeps_what_is_done_and_exits_with_130(tmp_path: Path, models: Path) -> None:
    """The next run goes on from there."""
    home = new_home(tmp_path / "home", models)
    (tmp_path / "texts").mkdir()
    for name, text in invented_texts(150).items():
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
