"""A team's own tests on its own set, as pytest runs them elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import SEED

TESTS = """
def test_quality(onrecord_run):
    assert onrecord_run.figure("sentence_f1") >= 0.5
    assert onrecord_run.results.rows[0].outcome in ("right", "partly right")

def test_nothing_got_worse(onrecord_comparison):
    assert not onrecord_comparison.worse

def test_too_much_asked(onrecord_run):
    assert onrecord_run.figure("sentence_f1") > 1
"""


def run_tests(folder: Path, **settings: object) -> str:
    """What pytest says in a folder with these tests and settings."""
    lines = "\n".join(f"onrecord_{name} = {value}" for name, value in settings.items())
    (folder / "pytest.ini").write_text(f"[pytest]\n{lines}\n", "utf-8")
    (folder / "test_team.py").write_text(TESTS, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return done.stdout


def test_a_set_is_asked_in_a_fixture_and_can_be_asserted_on(
    seed_home: Path, tmp_path: Path
) -> None:
    """One expectation fails, by its figure; the baseline is a run.jsonl."""
    row = {
        "id": "1",
        "question": "What did Rahmon say about students?",
        "answerable": True,
        "document": SEED.name,
        "evidence": [{"text": "We are grateful to the Russian government"}],
    }
    (tmp_path / "set.jsonl").write_text(json.dumps(row), "utf-8")
    (tmp_path / "run.jsonl").write_text('{"id": "1", "abstained": true}', "utf-8")
    said = run_tests(tmp_path, questions="set.jsonl", home=seed_home, baseline="run.jsonl")
    assert "1 failed, 2 passed" in said
    assert "test_too_much_asked" in said


def test_what_is_missing_is_said_plainly(tmp_path: Path) -> None:
    """A setting, or an index."""
    said = run_tests(tmp_path)
    assert "Set onrecord_questions in the settings of pytest" in said
    assert "Traceback" not in said
    (tmp_path / "set.jsonl").write_text("{", "utf-8")
    said = run_tests(tmp_path, questions="set.jsonl", home=tmp_path)
    assert "There is no index in" in said
