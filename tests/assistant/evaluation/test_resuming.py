"""A run that was broken off goes on, and gives what it would have given anyway."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.answers import Answer, Mode, Turn
from assistant.evaluation import Run, Scope, evaluate, write_run
from assistant.evaluation.runs.journal import NAME
from index.documents import LOCAL_USER, Principal
from tests.commanding import onrecord
from tests.conftest import ONRECORD, ROOT, SEED
from tests.scripted_assistant import PERFECT, QUESTIONS, ScriptedAssistant, write_set


class Stopping(ScriptedAssistant):
    """Is stopped by a person in the middle of its last question."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: str | None = None,
        mode: Mode = "quote",
    ) -> Answer:
        if question == QUESTIONS[-1]["question"]:
            raise KeyboardInterrupt
        return super().ask(question, history, principal=principal, documents=documents, mode=mode)


def run_set(
    folder: Path,
    assistant: ScriptedAssistant,
    notices: list[str],
    settings: Mapping[str, str] | None = None,
    scope: Scope = "all",
) -> Run:
    return evaluate(
        assistant,
        write_set(folder, QUESTIONS if scope == "all" else QUESTIONS[:2]),
        principal=LOCAL_USER,
        scope=scope,
        out=folder / "out",
        settings=settings,
        notice=notices.append,
    )


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """A folder with a run that was stopped after two of three questions."""
    with pytest.raises(KeyboardInterrupt):
        run_set(tmp_path, Stopping(PERFECT), [])
    return tmp_path


def test_only_the_missing_questions_are_asked(stopped: Path) -> None:
    """What was answered is taken over, and it is said."""
    assistant, notices = ScriptedAssistant(PERFECT), list[str]()
    run = run_set(stopped, assistant, notices)
    assert [asked for asked, *_ in assistant.asked] == [QUESTIONS[-1]["question"]]
    assert notices == ["Going on with a run that was broken off: 2 questions are done."]
    assert run.resumed == 2
    assert dict(run.figures) == dict(run_set(stopped / "out", assistant, []).figures)
    write_run(run, stopped / "out")
    assert not (stopped / "out" / NAME).exists()


def test_a_line_that_broke_off_is_asked_again(stopped: Path) -> None:
    """The process died while it wrote it."""
    journal = stopped / "out" / NAME
    journal.write_bytes(journal.read_bytes()[:-9])
    assistant = ScriptedAssistant(PERFECT)
    assert run_set(stopped, assistant, []).resumed == 1
    assert len(assistant.asked) == 2


@pytest.mark.parametrize("content", [b"", b"\xff\n", b"{}\n{}\n", b"[]\n[1]\n"])
def test_a_file_of_something_else_is_not_gone_on_with(stopped: Path, content: bytes) -> None:
    (stopped / "out" / NAME).write_bytes(content)
    notices = list[str]()
    assert run_set(stopped, ScriptedAssistant(PERFECT), notices).resumed == 0
    assert "asked anew" in notices[0]


def test_a_run_of_something_else_begins_anew_and_says_what_differs(stopped: Path) -> None:
    """The index, a setting, the scope or the questions."""
    notices = list[str]()
    assistant = ScriptedAssistant(PERFECT, revision=8)
    assert run_set(stopped, assistant, notices).resumed == 0
    assert "with another version of the index. All questions are asked anew." in notices[0]
    run_set(stopped, ScriptedAssistant(PERFECT, revision=8), notices, {"reranker": "r"})
    assert "with another reranker." in notices[1]
    run_set(stopped, ScriptedAssistant(PERFECT, revision=8), notices, scope="document")
    assert "with another question set, scope, reranker." in notices[2]


def test_asking_in_parallel_changes_nothing(tmp_path: Path) -> None:
    """Records stand in the order of the set; Ctrl-C ends it."""
    one, many = (
        evaluate(ScriptedAssistant(PERFECT), write_set(tmp_path), principal=LOCAL_USER, jobs=jobs)
        for jobs in (1, 3)
    )
    assert [r.id for r in many.records] == [r.id for r in one.records]
    assert dict(many.figures) == dict(one.figures)
    with pytest.raises(KeyboardInterrupt):
        evaluate(Stopping(PERFECT), write_set(tmp_path), principal=LOCAL_USER, jobs=2)


# -- the command, killed ------------------------------------------------------------------


def many_questions() -> list[dict[str, object]]:
    """Each about some words of the sample document."""
    words = SEED.read_text("utf-8").split()
    return [
        {
            "id": f"q{number}",
            "question": f"What about {' '.join(words[number : number + 5])}?",
            "answerable": number % 2 == 0,
        }
        for number in range(100)
    ]


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def records(out: Path) -> list[dict[str, object]]:
    """All but how long it took."""
    return [{**json.loads(line), "latency_ms": 0} for line in lines(out / "run.jsonl")]


def test_a_killed_command_goes_on_with_the_same_results(seed_home: Path, tmp_path: Path) -> None:
    """Killed for good, half-way; then with three questions at a time."""
    questions = write_set(tmp_path, many_questions())
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    with subprocess.Popen(
        [*ONRECORD, "--home", seed_home, "eval", questions, "--out", killed],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    ) as process:
        while len(lines(killed / NAME)) < 20 and process.poll() is None:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
    assert 20 <= len(lines(killed / NAME)) < 100
    for out, more in ((killed, ["--jobs", "3"]), (whole, [])):
        done = onrecord(seed_home, "eval", questions, "--out", out, *more)
        assert done.returncode == 0, done.stderr
        assert ("Going on with a run that was broken off" in done.stderr) == (out == killed)
        assert "Peak memory" in done.stdout
    assert records(killed) == records(whole)
    one, other = (json.loads((out / "results.json").read_text("utf-8")) for out in (killed, whole))
    assert one["figures"] == other["figures"]


# -- the command, as a gate ---------------------------------------------------------------


def test_no_worse_than_sets_the_exit_code(seed_home: Path, tmp_path: Path) -> None:
    """0 for the same answers again; 1, with the name of the figure, for worse ones."""
    rows = [
        {"id": f"q{n}", "question": "What did Rahmon say about students?", "answerable": False}
        for n in range(12)
    ]
    questions, out = write_set(tmp_path, rows), tmp_path / "run"

    def gate(*more: str) -> subprocess.CompletedProcess[str]:
        return onrecord(seed_home, "eval", questions, "--out", out, "--no-worse-than", out, *more)

    out.mkdir()
    refused = [{"id": row["id"], "abstained": True} for row in rows]
    (out / "run.jsonl").write_text("\n".join(map(json.dumps, refused)), "utf-8")
    worse = gate("--junit", str(tmp_path / "ci" / "junit.xml"), "--summary", str(tmp_path / "s.md"))
    assert worse.returncode == 1, worse.stderr
    assert "false_answers went from 0.0000 to 1.0000" in worse.stderr
    assert "false answers" in worse.stdout
    assert 'message="false_answers went' in (tmp_path / "ci" / "junit.xml").read_text("utf-8")
    assert "❌ false" in (tmp_path / "s.md").read_text("utf-8")
    same = gate("--json")
    assert same.returncode == 0, same.stderr
    assert {change["p_value"] for change in json.loads(same.stdout)["changes"]} == {1.0}
