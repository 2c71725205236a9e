"""The folder of question sets: changed a line at a time, and nothing outside of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadQuestionSet, WrongUse
from assistant.evaluation.drafting.reviewing import Edit, edited
from assistant.evaluation.sets.sets import QuestionSets

TEXT = "The bridge opened in May. The pool shut in June. The pool is deep."


def row(id: str, **values: Any) -> dict[str, Any]:
    return {"id": id, "question": f"What is {id}?", "answerable": False, **values}


@pytest.fixture
def sets(tmp_path: Path) -> QuestionSets:
    """One set of two questions."""
    made = QuestionSets(tmp_path)
    made.append("town", row("q1", review="draft", mine={"kept": 1}))
    made.append("town", row("q2"))
    return made


def test_a_change_keeps_what_nobody_here_knows(sets: QuestionSets) -> None:
    """And leaves the other questions alone."""
    sets.change("town", "q1", {"review": "accepted"})
    first, second = sets.read("town")
    assert first == row("q1", review="accepted", mine={"kept": 1})
    assert second == row("q2")
    (summary,) = sets.summaries()
    assert (summary.questions, dict(summary.states)) == (2, {"accepted": 2})


def test_changes_are_undone_one_after_the_other(sets: QuestionSets) -> None:
    """Those of the questions that one may see."""
    before = sets.read("town")
    sets.change("town", "q1", {"review": "dropped"})
    sets.change("town", "q2", {"question": "Why?"})
    assert sets.undo("town", {"q1"}) == before[0]
    assert sets.undo("town", {"q1", "q2"}) == before[1]
    assert sets.undo("town", {"q1", "q2"}) is None
    assert sets.read("town") == before


def test_a_question_that_cannot_be_used_is_not_written(sets: QuestionSets) -> None:
    before = sets.path("town").read_bytes()
    with pytest.raises(BadQuestionSet, match="`question`"):
        sets.change("town", "q1", {"question": ""})
    with pytest.raises(WrongUse, match="in town already"):
        sets.append("town", row("q1"))
    with pytest.raises(WrongUse, match="no question q9 in town"):
        sets.change("town", "q9", {"review": "dropped"})
    assert sets.path("town").read_bytes() == before


@pytest.mark.parametrize("name", ["../town", "a/b", "", ".hidden", "con", "x" * 65, "a\x00", "ü ö"])
def test_a_name_never_leads_out_of_the_folder(sets: QuestionSets, name: str) -> None:
    with pytest.raises(WrongUse, match="cannot be called"):
        sets.read(name)
    with pytest.raises(WrongUse, match="cannot be called"):
        sets.append(name, row("q1"))


def test_a_set_that_cannot_be_read_says_why(sets: QuestionSets) -> None:
    """The others are listed all the same."""
    sets.path("broken").write_text('{"id": "q1"}\nno\n', "utf-8")
    broken, town = sets.summaries()
    assert "line 1: `question` is missing" in broken.problem
    assert "line 2: not a JSON object." in broken.problem
    assert town.problem == ""


def evidence(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def edit(**values: Any) -> Edit:
    usual = {"question": " When? ", "answerable": True, "answers": (), "kept": (), "added": ()}
    return Edit(**{**usual, **values})


def test_an_edit_changes_evidence_and_gold_together() -> None:
    """What stays stays a statement; what is new becomes one."""
    old, gone = evidence("bridge opened"), evidence("pool shut")
    asked = row(
        "q1",
        document="a.txt",
        evidence=[old, gone],
        gold=[{"spans": [old], "by": "Lee"}, {"spans": [gone]}],
    )
    changed = edited(asked, edit(kept=frozenset({0}), added=("in May",)), lambda _: TEXT)
    assert changed["evidence"] == [old, evidence("in May")]
    assert changed["gold"] == [{"spans": [old], "by": "Lee"}, {"spans": [evidence("in May")]}]
    assert (changed["question"], changed["review"]) == ("When?", "accepted")


def test_evidence_has_to_stand_in_the_document_once() -> None:
    asked = row("q1", document="a.txt", evidence=[])
    with pytest.raises(WrongUse, match=r"'The pool' 2 times"):
        edited(asked, edit(added=("The pool",)), lambda _: TEXT)
    with pytest.raises(WrongUse, match="'a lake' nowhere"):
        edited(asked, edit(added=("a lake",)), lambda _: TEXT)
    with pytest.raises(WrongUse, match="Which words answer it"):
        edited(asked, edit(), lambda _: TEXT)
