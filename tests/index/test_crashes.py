"""A run that is killed loses seconds of work, and nothing else."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks.kills import again, answers, check, index, write_texts
from tests.conftest import new_home

KILLS = 3


def test_killed_runs_leave_an_index_that_answers_and_recovers(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After each kill a question is answered; at last all is as it would have been."""
    write_texts(tmp_path / "texts", 12)
    undisturbed = new_home(tmp_path / "undisturbed", models)
    killed = new_home(tmp_path / "killed", models)
    run_time = index(undisturbed, tmp_path / "texts")
    left = list(again(killed, tmp_path / "texts", KILLS, seed=1, run_time=run_time))
    with capsys.disabled():
        sys.stdout.write("\n  ".join([f"\nundisturbed {run_time:.1f} s", *map(str, left), ""]))
    assert all(kill.answered and not kill.lost for kill in left)
    index(killed, tmp_path / "texts")
    check(killed, undisturbed)
    assert answers(killed)
