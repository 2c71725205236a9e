"""The commands, with their exit codes and as people read them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner

from assistant.commands.cli import commands
from assistant.manual import page
from tests.browser import serve
from tests.commanding import onrecord
from tests.conftest import ONRECORD, ROOT, SEED, SEEDS, new_home, run_python

QUESTION = "what did Rahmon say about students?"


def in_a_shell(home: Path, *arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [*ONRECORD, "--home", str(home), *map(str, arguments)],
        input=typed, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
    )  # fmt: skip


def test_asking_prints_the_answer_and_exits_with_0(seed_home: Path) -> None:
    """The whole path from a shell."""
    done = in_a_shell(seed_home, "ask", QUESTION)
    assert done.returncode == 0, done.stderr
    assert "20,000 of our citizens" in done.stdout
    assert done.stderr == ""


def test_asking_as_json_gives_quotes_that_are_the_documents_characters(seed_home: Path) -> None:
    """By the offsets that it names."""
    answer = json.loads(onrecord(seed_home, "ask", QUESTION, "--json").stdout)
    text = SEED.read_text("utf-8")
    for citation in answer["citations"]:
        assert citation["quote"] == text[citation["start"] : citation["end"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["ask", QUESTION], "There is no index in"),
        (["index", "nowhere"], "There is no file or folder"),
        (["index", ""], "A path is empty"),
        (["ask"], "Missing argument"),
        (["sing"], "No such command"),
        (["serve", "--host", "0.0.0.0"], "nobody has to sign in"),
        (["eval", "nowhere.jsonl"], "cannot be read"),
        (["statements"], "There is no index in"),
        (["statements", "--merge", "A", "--into", "B"], "There is no index in"),
        (["statements", "--merge", "A"], "--merge goes with --into"),
        (["statements", "--into", "A"], "--into goes with --merge or --split"),
        (["statements", "--split", "A", "--into", "B"], "--split goes with --document"),
        (["statements", "--undo", "A", "--document", "*"], "--undo does not go with --document"),
        (["statements", "--merge", "A", "--undo", "B"], "at a time"),
        (["verify", "nowhere.json"], "No such file"),
        (["verify", SEED], "not a saved answer"),
    ],
)
def test_wrong_use_exits_with_2_and_one_clear_message(
    home: Path, arguments: list[str], expected: str
) -> None:
    """Never with a traceback."""
    done = onrecord(home, *arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_to_index_nothing_but_what_cannot_be_read_exits_with_1(home: Path, tmp_path: Path) -> None:
    """A script learns that there is no answer in it; with one good file it is a success."""
    (tmp_path / "locked.pdf").write_text("no PDF")
    (tmp_path / "good.txt").write_text("Ada baked bread.")
    assert onrecord(home, "index", tmp_path / "locked.pdf").returncode == 1
    assert onrecord(home, "index", tmp_path / "locked.pdf", "--json").returncode == 1
    assert onrecord(home, "index", tmp_path).returncode == 0


def test_a_saved_answer_is_verified_and_the_exit_code_tells(
    seed_home: Path, home: Path, tmp_path: Path
) -> None:
    """0 while all of it stands, 1 when something is gone, 2 without an index."""
    receipt = tmp_path / "receipt.json"
    receipt.write_text(onrecord(seed_home, "ask", QUESTION, "--json").stdout, "utf-8")
    done = onrecord(seed_home, "verify", receipt)
    assert done.returncode == 0, done.stderr
    assert f"[1]  same     {SEED.name}, characters" in done.stdout
    found = json.loads(onrecord(seed_home, "verify", receipt, "--json").stdout)
    assert found["intact"] is True
    assert found["findings"][0]["fate"] == "same"
    assert onrecord(home, "verify", receipt).returncode == 2
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "pool.txt").write_text("The pool opened in May.", "utf-8")
    assert onrecord(home, "index", tmp_path / "docs").returncode == 0
    gone = onrecord(home, "verify", receipt)
    assert gone.returncode == 1
    assert "no longer in the index" in gone.stdout


def test_a_receipt_can_come_from_standard_input(seed_home: Path) -> None:
    """Straight from `ask`."""
    answer = onrecord(seed_home, "ask", QUESTION, "--json").stdout
    done = in_a_shell(seed_home, "verify", "-", typed=answer)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("1 same.\n")


def test_indexing_names_each_file_and_sums_up(home: Path, tmp_path: Path) -> None:
    """The second time there is nothing to do."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "pool.txt").write_text("The pool opened in May.", "utf-8")
    (tmp_path / "docs" / "bad.pdf").write_bytes(b"%PDF-1.4 nonsense")
    first = onrecord(home, "index", tmp_path / "docs")
    assert first.returncode == 0, first.stderr
    assert "+ pool.txt  (1 passage)" in first.stdout
    assert "! bad.pdf" in first.stdout
    assert "1 added, 1 could not be read" in first.stdout
    assert "1 unchanged" in onrecord(home, "index", tmp_path / "docs").stdout
    forgotten = onrecord(home, "index", "--forget", tmp_path / "docs")
    assert "- pool.txt" in forgotten.stdout


def test_statements_lists_speakers_and_what_one_of_them_said(seed_home: Path) -> None:
    """For people."""
    speakers = onrecord(seed_home, "statements")
    assert speakers.returncode == 0, speakers.stderr
    assert re.match(r"Emomali Rahmon +\d+ statements in 1 document; also", speakers.stdout)
    done = onrecord(seed_home, "statements", "--speaker", "Rahmon", "--about", "students")
    assert "Emomali Rahmon said:\n    “We now have branches" in done.stdout
    assert f"direct speech; {SEED.name}, characters 1,750 to 2,0" in done.stdout
    assert "Note: The document calls Emomali Rahmon both “Tajik President”" in done.stdout
    assert "the Eurasian" not in done.stdout


def test_statements_as_json_are_a_list_whatever_is_found(seed_home: Path) -> None:
    """What was left out, or why there is nothing, is said beside it; the exit code is 0."""
    cut = onrecord(seed_home, "statements", "--speaker", "Rahmon", "--limit", 2, "--json")
    text = SEED.read_text("utf-8")
    (part, *_) = json.loads(cut.stdout)[0]["content"]
    assert part["text"] == text[part["start"] : part["end"]]
    assert len(json.loads(cut.stdout)) == 2
    assert "These are 2 of" in cut.stderr
    nobody = onrecord(seed_home, "statements", "--speaker", "Eurasia Networks", "--json")
    assert (nobody.returncode, json.loads(nobody.stdout)) == (0, [])
    assert "Did you mean EurasiaNet.org" in nobody.stderr
    speakers = onrecord(seed_home, "statements", "--json", "--document", "000*", "--limit", 1)
    assert json.loads(speakers.stdout)[0]["name"] == "Emomali Rahmon"
    assert json.loads(onrecord(seed_home, "statements", "--json", "--document", "x").stdout) == []


def test_speakers_are_merged_and_split_with_a_server_and_without(
    tmp_path: Path, models: Path
) -> None:
    """In the same words; the server answers accordingly at once."""
    home = new_home(tmp_path / "home", models)
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text("Bob Dylan said the record was finished.", "utf-8")
    (folder / "b.txt").write_text("Robert Zimmerman said the tour was long.", "utf-8")
    assert onrecord(home, "index", folder).returncode == 0
    merge = ("statements", "--merge", "Bob Dylan", "--into", "Robert Zimmerman")
    merged = "1 statement by Bob Dylan in 1 document: now credited to Robert Zimmerman."
    assert merged in onrecord(home, *merge).stdout
    assert "one already" in onrecord(home, *merge).stderr
    assert "as the documents have it" in onrecord(home, "statements", "--undo", "Bob Dylan").stdout
    with serve(home) as address:
        assert merged in onrecord(home, *merge).stdout
        assert onrecord(home, *merge).returncode == 2
        (speaker,) = httpx.get(f"{address}/api/v1/speakers").json()
        assert speaker["also"] == ["Bob Dylan"]
        split = ("--split", "Robert Zimmerman", "--document", "a*", "--into", " Jakob  Dylan ")
        done = onrecord(home, "statements", *split)
        assert "now credited to Jakob Dylan." in done.stdout
        assert len(httpx.get(f"{address}/api/v1/speakers").json()) == 2


def test_a_question_set_below_its_mark_exits_with_1(seed_home: Path, tmp_path: Path) -> None:
    """And at it with 0."""
    row = {
        "id": "1",
        "question": QUESTION,
        "answerable": True,
        "document": SEED.name,
        "evidence": [{"text": "We are grateful to the Russian government"}],
    }
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(row), "utf-8")
    out = tmp_path / "run"
    passed = onrecord(
        seed_home, "eval", questions, "--out", out, "--fail-under", "evidence_recall@5=1"
    )
    assert passed.returncode == 0, passed.stderr
    assert json.loads((out / "run.jsonl").read_text("utf-8"))["id"] == "1"
    missed = onrecord(seed_home, "eval", questions, "--fail-under", "sentence_f1=1.1")
    assert missed.returncode == 1
    assert "below 1.1" in missed.stderr
    assert onrecord(seed_home, "eval", questions, "--fail-under", "sense=1").returncode == 2


def test_status_and_doctor_say_what_is_there(seed_home: Path) -> None:
    """For people and for programs."""
    status = json.loads(onrecord(seed_home, "status", "--json").stdout)
    assert (status["documents"], status["passages"]) == (1, 5)
    doctor = onrecord(seed_home, "doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert "BAD" not in doctor.stdout


def test_a_command_that_writes_is_handed_to_the_server_that_runs(
    tmp_path: Path, models: Path
) -> None:
    """With the same words as without one; questions are answered meanwhile."""
    home = new_home(tmp_path / "home", models)
    assert onrecord(home, "index", SEEDS).returncode == 0
    (tmp_path / "pool.txt").write_text("The swimming pool opened in May.", "utf-8")
    with serve(home) as address:
        done = onrecord(home, "index", tmp_path / "pool.txt")
        assert done.returncode == 0, done.stderr
        assert "+ pool.txt  (1 passage)" in done.stdout
        assert "in May" in onrecord(home, "ask", "When did the swimming pool open?").stdout
        assert address in onrecord(home, "status").stdout
        assert onrecord(home, "index", tmp_path / "nothing").returncode == 2
        assert onrecord(home, "rebuild").returncode == 0
    assert "nobody" in onrecord(home, "status").stdout


def test_a_conversation_ends_with_an_empty_line(seed_home: Path) -> None:
    """Each question is answered as `ask` would."""
    done = in_a_shell(seed_home, "chat", typed=f"{QUESTION}\n\n")
    assert done.returncode == 0, done.stderr
    assert "20,000 of our citizens" in done.stdout


def test_every_command_has_help_with_an_example() -> None:
    """The manual's table names them all."""
    table = page("commands").text
    for name, command in commands.commands.items():
        assert command.epilog, name
        assert command.epilog.startswith("Example:\n  onrecord "), name
        assert f"| `onrecord {name}" in table, name


def every_command(group: click.Group = commands, *path: str) -> Iterator[tuple[str, ...]]:
    """The words of each command and subcommand."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)
        yield (*path, name)


@pytest.mark.parametrize("words", [*every_command()], ids=" ".join)
def test_the_home_may_be_named_after_any_command(words: tuple[str, ...], tmp_path: Path) -> None:
    """So may --verbose; and --json before each that has it."""
    help_text = CliRunner().invoke(commands, [*words, "--home", str(tmp_path), "--help"]).output
    assert "--home DIRECTORY" in help_text
    assert "-v, --verbose" in help_text


def test_options_mean_the_same_before_a_command_and_after_it(seed_home: Path, home: Path) -> None:
    """Named twice, the home that stands nearer to the command counts."""
    run, here = CliRunner(), ["--home", str(seed_home)]
    before = run.invoke(commands, [*here, "status", "--json"]).stdout
    assert json.loads(before)["documents"] == 1
    for words in (
        ["--json", "status", *here],
        ["status", "--json", *here],
        ["--home", str(home), "--json", "status", *here],
    ):
        assert run.invoke(commands, words).stdout == before
    for words in (
        ["--json", "keys", "list", *here],
        ["keys", "--json", *here, "list"],
        ["keys", "list", "--json", *here],
    ):
        assert json.loads(run.invoke(commands, words).stdout) == []


def test_a_command_that_prints_no_json_says_so(seed_home: Path) -> None:
    done = CliRunner().invoke(commands, ["--json", "--home", str(seed_home), "chat"])
    assert done.exit_code == 2
    assert "prints no JSON" in done.stderr


def test_the_stages_and_their_times_are_told_on_request(home: Path, tmp_path: Path) -> None:
    """On standard error, beside an output that is as ever."""
    (tmp_path / "pool.txt").write_text("The pool opened in May.")
    told = in_a_shell(home, "index", tmp_path / "pool.txt", "-v").stderr
    for stage in ("open", "read", "chunk", "attribute", "embed", "write", "publish"):
        assert re.search(rf"onrecord\.stages: {stage} \d+\.\d ms", told), stage
    quiet, verbose = (
        in_a_shell(home, "ask", "When did the pool open?", *options) for options in ([], ["-v"])
    )
    assert verbose.stdout == quiet.stdout
    assert quiet.stderr == ""
    for stage in ("understand", "terms", "vectors", "rank", "search", "draft", "verify"):
        assert re.search(rf"onrecord\.stages: {stage} \d+\.\d ms", verbose.stderr), stage


@pytest.mark.parametrize("options", [[], ["--verbose"]])
def test_a_mistake_of_the_program_is_said_and_shown_on_request(
    options: list[str], seed_home: Path
) -> None:
    """Without the innards, unless somebody wants them."""
    done = run_python(
        "import sys, assistant.operating.doctor as doctor\n"
        "from assistant.commands.cli import main\n"
        "doctor.describe = lambda settings: {}['nothing']\n"
        "sys.argv[0] = 'onrecord'; main()",
        "status", *options, "--home", seed_home,
    )  # fmt: skip
    assert done.returncode == 1
    assert ("Traceback" in done.stderr) == bool(options)
    assert "KeyError: 'nothing'" in done.stderr
    assert ("again with --verbose" in done.stderr) == (not options)


def test_a_shell_completes_commands_and_options() -> None:
    """As the manual says to set it up."""
    asked = {"_ONRECORD_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    for typed, completions in (("stat", {"statements", "status"}), ("--ho", {"--home"})):
        done = subprocess.run(
            ONRECORD, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT,
            env={**os.environ, **asked, "COMP_WORDS": f"onrecord {typed}"},
        )  # fmt: skip
        assert {line.partition(",")[2] for line in done.stdout.split()} == completions
