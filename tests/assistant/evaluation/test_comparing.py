"""Regressions that were planted are found and named; a run without change passes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from assistant.errors import WrongUse
from assistant.evaluation import (
    Baseline,
    Change,
    Comparison,
    Run,
    check_bounds,
    check_no_worse,
    compare,
    comparison_table,
    evaluate,
    junit,
    read_results,
    summary,
    write_run,
)
from assistant.evaluation.scoring.metrics import score_all
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.scoring.resampling import holm
from assistant.evaluation.scoring.spans import Place, lay_out
from index.documents import LOCAL_USER, Span
from tests.scripted_assistant import Script, ScriptedAssistant, write_set

COUNT = 48
"""Questions, a third of them unanswerable: enough for the tests to have power."""

TEXT = "\n".join(
    f"“Bridge {n} is open,” Ada Lee said on Monday. “Bridge {n} is shut,” Bo Day replied."
    for n in range(COUNT)
)
Transform = Callable[[Record, Run], Record]


def place(words: str) -> Place:
    start = TEXT.index(words)
    return Place("minutes.txt", Span(start, start + len(words)))


def opens(number: int) -> Place:
    return place(f"“Bridge {number} is open,”")


def shuts(number: int) -> Place:
    return place(f"“Bridge {number} is shut,”")


def row(number: int) -> dict[str, object]:
    answerable = number % 3 != 0
    span = opens(number).span
    return {
        "id": f"q{number}",
        "question": f"What did Ada Lee say about bridge {number}?",
        "answerable": answerable,
        "document": "minutes.txt",
        "speaker": "Ada Lee",
        "gold": [{"spans": [[span.start, span.end]]}] if answerable else [],
    }


def script() -> Mapping[str, Script]:
    """Mostly right, and wrong now and then, as a real assistant is."""
    answers: dict[str, Script] = {}
    for number in range(COUNT):
        cited = shuts(number) if number % 11 == 0 else opens(number)
        if number % 3 and number % 13:
            answers[str(row(number)["question"])] = [("minutes.txt", cited.span)]
    return answers


def with_more_passages(record: Record, _: Run) -> Record:
    """Ten passages found, so that there are ranks to shuffle, and speakers named."""
    number = int(record.id[1:])
    others = [opens(other) for other in range(COUNT) if other != number][:9]
    credited = tuple("Ada Lee" for _ in record.citations)
    return replace(record, retrieved=(*record.retrieved, *others), credited=credited)


def changed(run: Run, transform: Transform) -> Run:
    """The same run with other records."""
    records = tuple(transform(record, run) for record in run.records)
    layouts = {name: lay_out(text) for name, text in run.texts.items()}
    scores = score_all(run.gold, records, layouts.__getitem__)
    return replace(run, records=records, scores=scores)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("set")
    said = [
        {"doc": "minutes.txt", "speaker": speaker, "content_spans": [[at.span.start, at.span.end]]}
        for number in range(COUNT)
        for speaker, at in (("Ada Lee", opens(number)), ("Bo Day", shuts(number)))
    ]
    (folder / "statements.jsonl").write_text("\n".join(map(json.dumps, said)), "utf-8")
    assistant = ScriptedAssistant(script(), {"minutes.txt": TEXT})
    questions = write_set(folder, [row(number) for number in range(COUNT)])
    return changed(evaluate(assistant, questions, principal=LOCAL_USER), with_more_passages)


def shuffled_ranks(record: Record, _: Run) -> Record:
    retrieved = list(record.retrieved)
    random.Random(record.id).shuffle(retrieved)
    return replace(record, retrieved=tuple(retrieved))


def shifted_spans(record: Record, _: Run) -> Record:
    moved = tuple(
        Place(p.document, Span(p.span.start + 60, p.span.end + 60)) for p in record.citations
    )
    return replace(record, citations=moved)


def always_answering(record: Record, _: Run) -> Record:
    number = int(record.id[1:])
    return replace(record, abstained=False, citations=record.citations or (shuts(number),))


def never_answering(record: Record, _: Run) -> Record:
    return replace(record, abstained=True, citations=(), credited=())


def citing_another(record: Record, _: Run) -> Record:
    number = int(record.id[1:])
    return replace(record, citations=tuple(shuts(number) for _ in record.citations))


def crediting_another(record: Record, _: Run) -> Record:
    return replace(record, credited=tuple("Bo Day" for _ in record.citations))


@pytest.mark.parametrize(
    ("regression", "named"),
    [
        (shuffled_ranks, {"evidence_recall@1", "mrr@10", "ndcg@10"}),
        (shifted_spans, {"sentence_f1", "citation_precision", "attribution_f1"}),
        (always_answering, {"false_answers", "abstention_recall", "attribution_precision"}),
        (never_answering, {"false_refusals", "answered_of_answerable", "sentence_recall"}),
        (citing_another, {"speaker_accuracy", "attribution_precision"}),
        (crediting_another, {"credit_accuracy"}),
    ],
)
def test_a_planted_regression_is_caught_and_named(
    run: Run, regression: Transform, named: set[str]
) -> None:
    """Significantly worse in the figures that it touches; seen the other way, better."""
    comparison = compare(changed(run, regression), run)
    assert named <= {change.figure for change in comparison.worse}
    assert {check.passed for check in check_no_worse(comparison)} == {True, False}
    assert any(change.direction == "worse" for change in comparison.questions)
    back = compare(run, changed(run, regression))
    assert named <= {change.figure for change in back.better}


def test_only_what_a_regression_touches_is_named(run: Run) -> None:
    """Ranks have nothing to do with citing."""
    worse = compare(changed(run, shuffled_ranks), run).worse
    beginnings = ("evidence_recall", "mrr", "ndcg")
    assert all(change.figure.startswith(beginnings) for change in worse)


def test_a_run_without_change_passes(run: Run) -> None:
    """Nothing differs, and every p-value is 1."""
    comparison = compare(run, changed(run, lambda record, _: record))
    assert {change.p_value for change in comparison.changes} == {1.0}
    assert comparison.questions == ()
    assert all(check.passed for check in check_no_worse(comparison))
    assert "No question changed" in comparison_table(comparison)


def test_a_little_bad_luck_is_no_regression(run: Run) -> None:
    """One question of 48 went wrong: that is shown, and does not fail."""

    def one_wrong(record: Record, run: Run) -> Record:
        return citing_another(record, run) if record.id == "q1" else record

    comparison = compare(changed(run, one_wrong), run)
    assert comparison.worse == ()
    (moved,) = comparison.questions
    assert (moved.after.id, moved.direction) == ("q1", "worse")
    assert (moved.before.outcome, moved.after.outcome) == ("right", "wrong")
    assert "It cites the words of Bo Day." in moved.after.why
    assert "Worse\n  q1: right → wrong: What did Ada Lee" in comparison_table(comparison)


def test_intervals_hold_their_figure_and_are_the_same_every_time(run: Run) -> None:
    """Seeded; a figure of all ones is not claimed with certainty."""
    again = replace(run)
    assert run.intervals == again.intervals
    for name, value in run.figures.items():
        low, high = run.intervals[name]
        assert low <= value <= high, name
    assert run.figure("verbatim_rate") == 1.0
    assert run.intervals["verbatim_rate"][0] == pytest.approx(0.025 ** (1 / 30))
    assert {"latency_p50", "latency_p95"} <= run.intervals.keys()


def test_the_interval_of_a_mean_is_near_the_textbook_one(run: Run) -> None:
    """± 1.96 standard errors, for a share over many questions."""
    low, high = run.intervals["answered_of_answerable"]
    share, questions = run.figure("answered_of_answerable"), COUNT * 2 / 3
    error = (share * (1 - share) / questions) ** 0.5
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.3)


def test_holm_multiplies_the_smallest_most() -> None:
    """By the textbook: .01 × 3, .02 × 2, then never less than before."""
    assert holm({"a": 0.02, "b": 0.01, "c": 0.03}) == {"b": 0.03, "a": 0.04, "c": 0.04}


def test_a_run_comes_back_from_its_folder(run: Run, tmp_path: Path) -> None:
    """Whole, as run.jsonl alone, or as results.json alone, it is the same baseline."""
    write_run(run, tmp_path)
    results = read_results(tmp_path)
    assert results.rows[1].outcome == "right"
    assert results.rows[1].share("sentence_f1") == 1.0
    for path in (tmp_path, tmp_path / "run.jsonl", tmp_path / "results.json"):
        comparison = compare(run, path)
        assert comparison.questions == (), path
        assert len(comparison.changes) == len(run.figures)
        assert comparison.baseline.name == str(path)


def test_questions_that_only_one_run_has_are_left_out_and_counted(run: Run, tmp_path: Path) -> None:
    """In other words it is another question. Two sets without a common one don't compare."""
    fewer = replace(run, gold=run.gold[2:], records=run.records[2:], scores=run.scores[2:])
    comparison = compare(fewer, run)
    assert (comparison.compared, comparison.only_before) == (COUNT - 2, ("q0", "q1"))
    assert "2 questions asked only before." in comparison_table(comparison)
    write_run(run, tmp_path)
    asked = replace(run.gold[0].question, question="What did Bo Day say about bridge 0?")
    other_words = replace(run, gold=(replace(run.gold[0], question=asked), *run.gold[1:]))
    for earlier in (run, tmp_path, tmp_path / "results.json"):
        assert compare(other_words, earlier).compared == COUNT - 1
    one, other = (replace(run, gold=run.gold[at], records=run.records[at], scores=run.scores[at])
                  for at in (slice(0, 9), slice(9, 20)))  # fmt: skip
    with pytest.raises(WrongUse, match="nothing to compare"):
        compare(one, other)


def test_what_else_changed_is_said(run: Run) -> None:
    """Such as the scope, and a setting."""
    before = replace(run, scope="document", settings={"reranker": "r"})
    after = replace(run, settings={"reranker": ""})
    said = comparison_table(compare(after, before))
    assert "scope: was document, is all" in said
    assert "settings: reranker: was r, is none" in said


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("run.jsonl", "nonsense", "is not the run.jsonl of a run"),
        ("run.jsonl", '{"abstained": true}', "is not the run.jsonl of a run"),
        ("results.json", "{}", "is not the results.json of a run"),
        (None, "", "cannot be read: No such file"),
    ],
)
def test_a_baseline_that_cannot_be_read_is_named(
    tmp_path: Path, name: str | None, text: str, expected: str
) -> None:
    """Before anything is asked."""
    path = tmp_path / (name or "nothing")
    if name:
        path.write_text(text, "utf-8")
    with pytest.raises(WrongUse, match=expected):
        Baseline(path)


def test_a_bound_is_from_above_where_lower_is_better(run: Run) -> None:
    """false_answers must not exceed it; sentence_f1 must reach it."""
    bounds = {"sentence_f1": 0.99, "sentence_recall": 0.5, "false_answers": 0.5}
    checks = {check.name: check.passed for check in check_bounds(run.results, bounds)}
    assert checks == {
        "sentence_f1=0.99": False, "sentence_recall=0.5": True, "false_answers=0.5": True,
    }  # fmt: skip
    (check,) = check_bounds(changed(run, always_answering).results, {"false_answers": 0.5})
    assert (check.passed, check.words) == (False, "false_answers is 1.0000, above 0.5")
    with pytest.raises(WrongUse, match="no figure called sense"):
        list(check_bounds(run.results, {"sense": 1}))


def comparison_with_hostile_text(run: Run) -> Comparison:
    """A question that tries to break what is written for CI systems."""
    gold = tuple(
        replace(each, question=replace(each.question, question="<b>|x|\x00 `y` &"))
        for each in run.gold
    )
    hostile = replace(run, gold=gold)
    return compare(changed(hostile, never_answering), hostile)


def test_junit_names_each_expectation(run: Run) -> None:
    """It is XML whatever the questions hold, with the figures as properties."""
    comparison = comparison_with_hostile_text(run)
    checks = list(check_no_worse(comparison))
    suite = ET.fromstring(junit(comparison.run, checks, comparison)).find("testsuite")
    assert suite is not None
    assert suite.get("tests") == str(len(checks))
    failed = [case.get("name") for case in suite.iter("testcase") if case.find("failure")
              is not None]  # fmt: skip
    assert int(suite.get("failures", 0)) == len(failed) > 0
    assert f"false_refusals no worse than {run.name}" in failed
    assert suite.find("properties/property[@name='sentence_f1']") is not None
    output = suite.findtext("system-out") or ""
    assert "q1: right → false refusal: <b>|x|� `y` &" in output


def test_the_summary_is_markdown_that_shows_text_as_it_is(run: Run) -> None:
    """What failed first, then the figures."""
    comparison = comparison_with_hostile_text(run)
    said = summary(comparison.run, list(check_no_worse(comparison)), comparison)
    assert "- ❌ false\\_refusals went from" in said
    assert "| false refusals | 0.0" in said
    assert "**worse**" in said
    assert r"\<b\>\|x\|" in said
    alone = summary(run.results, [], None)
    assert "| figure | | 95 % interval |" in alone


def test_a_change_says_which_way_it_went() -> None:
    """Down is better where lower is better."""
    fewer = Change("false_answers", 0.5, 0.1, 0.001, 0.01)
    lower = Change("sentence_f1", 0.5, 0.1, 0.001, 0.01)
    assert (fewer.is_better, fewer.is_worse) == (True, False)
    assert (lower.is_better, lower.is_worse) == (False, True)
    assert not Change("sentence_f1", 0.5, 0.1, 0.03, 0.2).is_worse
