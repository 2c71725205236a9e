"""Fixtures of pytest for a team's own question set, there once On Record is installed.

[tool.pytest.ini_options]                 # pyproject.toml
onrecord_questions = "questions.jsonl"    # a file or folder
onrecord_home = ".onrecord"               # the index; indexed before
onrecord_baseline = "run"                 # made with onrecord eval --out

def test_quality(onrecord_run):
    assert onrecord_run.figure("sentence_f1") >= 0.7

def test_nothing_got_worse(onrecord_comparison):
    assert not onrecord_comparison.worse
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from assistant.evaluation import Comparison, Run

OPTIONS = {
    "onrecord_questions": ("", "the question set that onrecord_run asks, a file or folder"),
    "onrecord_home": ("", "the folder of the index [default: as onrecord has it]"),
    "onrecord_scope": ("all", "all, or document to ask each question of its own"),
    "onrecord_baseline": ("", "the run that onrecord_comparison compares with"),
}
"""Name in the settings of pytest -> (default, help)."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the settings known to pytest."""
    for name, (default, words) in OPTIONS.items():
        parser.addini(name, f"On Record: {words}", default=default)


@pytest.fixture(scope="session")
def onrecord_run(pytestconfig: pytest.Config) -> Run:
    """The question set, asked once for all tests; see `evaluation.Run`."""
    from assistant.building import open_to_ask
    from assistant.evaluation import evaluate
    from assistant.settings import read_settings
    from index.documents import LOCAL_USER

    questions = _path(pytestconfig, "onrecord_questions")
    home = pytestconfig.getini("onrecord_home")
    settings = read_settings(pytestconfig.rootpath / home if home else None)
    with _told_plainly(), open_to_ask(settings, "eval") as assistant:
        return evaluate(
            assistant,
            questions,
            principal=LOCAL_USER,
            scope="document" if pytestconfig.getini("onrecord_scope") == "document" else "all",
        )


@pytest.fixture(scope="session")
def onrecord_comparison(pytestconfig: pytest.Config, onrecord_run: Run) -> Comparison:
    """What changed since the baseline; see `evaluation.Comparison`."""
    from assistant.evaluation import compare

    baseline = _path(pytestconfig, "onrecord_baseline")
    with _told_plainly():
        return compare(onrecord_run, baseline)


def _path(config: pytest.Config, name: str) -> Path:
    value = config.getini(name)
    if not value:
        pytest.fail(f"Set {name} in the settings of pytest: {OPTIONS[name][1]}.", pytrace=False)
    return config.rootpath / str(value)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What is wrong with a set or an index is said without a traceback."""
    from assistant.errors import AssistantError
    from index.errors import IndexingError

    try:
        yield
    except (AssistantError, IndexingError) as error:
        pytest.fail(str(error), pytrace=False)
