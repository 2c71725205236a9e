"""What a model thinks is asked for, shown apart, and counted where it could not be had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.building import open_model, open_to_chat
from assistant.errors import WrongUse
from assistant.evaluation import Run, evaluate, table
from assistant.evaluation.runs.opinions import Grader
from assistant.settings import Settings
from index.documents import LOCAL_USER
from tests.scripted import Act, Scripted, answering, scripted_server
from tests.scripted_assistant import write_set

ROWS: list[dict[str, object]] = [
    {"id": "1", "question": "what did Rahmon say about students?", "answerable": True},
    {"id": "2", "question": "What was the weather like in Moscow?", "answerable": False},
]


def judged(folder: Path, settings: Settings, *acts: Act) -> tuple[Run, Scripted]:
    """The set with opinions of a server that does this."""
    with scripted_server(*acts) as server:
        changed = replace(settings, model="openai:m", base_url=server.url, first_word_wait=5.0)
        run = evaluate(
            open_to_chat(settings),
            write_set(folder, ROWS),
            principal=LOCAL_USER,
            grader=Grader(open_model(changed)),
        )
        return run, server


def test_opinions_are_figures_of_their_own(seed_settings: Settings, tmp_path: Path) -> None:
    """Two for each answer, none for a refusal; the table says whose they are."""
    run, server = judged(tmp_path, seed_settings, answering("Yes."), answering("partly, I think"))
    assert run.figure("faithfulness") == 1.0
    assert run.figure("answer_relevance") == 0.5
    assert len(server.bodies) == 2
    faithful, relevant = server.prompts
    assert faithful.count("around 20,000 of our citizens") == 2, "the passage and the answer"
    assert "what did Rahmon say about students?" in relevant
    said = table(run)
    assert "In the opinion of a language model\n  faithfulness" in said
    assert "Judged by openai:m: an opinion, no measurement. 0 opinions could not be had." in said


@pytest.mark.parametrize("act", [lambda c: c.fail(401), answering("I cannot say."), answering("")])
def test_opinions_that_could_not_be_had_are_counted(
    seed_settings: Settings, tmp_path: Path, act: Act
) -> None:
    """They count neither way, and all measured figures stay."""
    run, _ = judged(tmp_path, seed_settings, act)
    assert "faithfulness" not in run.figures
    assert run.missing_opinions == 2
    assert "2 opinions could not be had." in table(run)
    assert run.figure("abstention_f1") == 1.0


def test_without_a_model_there_is_nobody_to_ask(seed_settings: Settings) -> None:
    with pytest.raises(WrongUse, match="Set ONRECORD_MODEL"):
        open_model(seed_settings)
