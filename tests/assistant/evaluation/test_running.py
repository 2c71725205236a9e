"""Running a set: what is asked, what is recorded, what is refused beforehand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer, Mode, Turn
from assistant.chat import Assistant
from assistant.errors import BadQuestionSet, WrongUse
from assistant.evaluation import Respondent, Run, RunProgress, evaluate, table, write_run
from assistant.evaluation.reports.reporting import label
from assistant.evaluation.scoring.figures import LOWER_IS_BETTER
from index.documents import (
    LOCAL_USER,
    Document,
    Principal,
)
from index.search.view import Library
from tests.scripted_assistant import (
    BO,
    CY,
    MAY,
    PERFECT,
    QUESTIONS,
    Script,
    ScriptedAssistant,
    write_set,
)
from tests.shelf import Shelf


def run_set(
    folder: Path,
    script: Mapping[str, Script] = PERFECT,
    rows: Sequence[Mapping[str, object]] = QUESTIONS,
) -> Run:
    return evaluate(ScriptedAssistant(script), write_set(folder, rows), principal=LOCAL_USER)


def own_document(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {"id": "q", "question": "Who sat?", "answerable": False, **row, "document": name}


def test_the_assistant_itself_can_be_evaluated() -> None:
    """Held by the type checker: the real assistant answers as a Respondent does."""

    def as_respondent(assistant: Assistant) -> Respondent:
        return assistant

    assert as_respondent.__annotations__


def test_a_perfect_run_scores_one_in_every_figure(tmp_path: Path) -> None:
    """Offsets hold across \\r\\n and a character beyond the basic plane."""
    figures = run_set(tmp_path).figures
    assert {name for name, value in figures.items() if value != 1.0} == LOWER_IS_BETTER & set(
        figures
    )
    assert {"evidence_recall@1", "key_facts", "attribution_f1", "verbatim_rate"} <= set(figures)


def test_never_answering_is_seen(tmp_path: Path) -> None:
    """Nothing is found or cited, and half the F1 of abstaining remains."""
    figures = run_set(tmp_path, {}).figures
    assert figures["answered_of_answerable"] == 0.0
    assert figures["sentence_f1"] == 0.0
    assert figures["abstention_f1"] == pytest.approx(0.5)


def test_answering_the_unanswerable_is_seen(tmp_path: Path) -> None:
    """All else stays perfect."""
    figures = run_set(tmp_path, {**PERFECT, "What did it cost?": [("pool.txt", BO)]}).figures
    assert figures["abstention_recall"] == 0.0
    assert figures["sentence_f1"] == 1.0


def test_each_question_is_asked_with_its_history(tmp_path: Path) -> None:
    """Of everything, unless told otherwise."""
    assistant = ScriptedAssistant(PERFECT)
    evaluate(assistant, write_set(tmp_path), principal=LOCAL_USER)
    assert assistant.asked == [
        ("When did it open?", (), None),
        ("What did she say?", (Turn("user", "Who is Ada?"),), None),
        ("What did it cost?", (), None),
    ]


def test_a_question_can_be_asked_of_its_own_document_only(tmp_path: Path) -> None:
    """Also of one whose name has the special characters of a glob."""
    assistant = ScriptedAssistant({"Who sat?": [("pool.txt", BO), ("a[1]*.txt", CY)]})
    questions = write_set(tmp_path, [own_document({}, "a[1]*.txt")])
    run = evaluate(assistant, questions, principal=LOCAL_USER, scope="document")
    assert [place.document for place in run.records[0].retrieved] == ["a[1]*.txt"]


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    """Once a question."""
    seen: list[RunProgress] = []
    evaluate(
        ScriptedAssistant(PERFECT),
        write_set(tmp_path),
        principal=LOCAL_USER,
        progress=seen.append,
    )
    assert [(each.done, each.total) for each in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[-1].figures["sentence_f1"] == 1.0


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("lost.txt", "line 1: the document lost.txt is not in the index. Index the folder"),
        ("docs/pool.txt", "There is pool.txt: names begin at the folder that was indexed."),
    ],
)
def test_a_document_that_is_not_indexed_is_named_before_anything_is_asked(
    tmp_path: Path, document: str, expected: str
) -> None:
    """With what to do about it."""
    assistant = ScriptedAssistant(PERFECT)
    answerable = own_document({"answerable": True}, document)
    with pytest.raises(BadQuestionSet, match=expected):
        evaluate(assistant, write_set(tmp_path, [answerable]), principal=LOCAL_USER)
    assert assistant.asked == []


def test_an_unanswerable_question_may_be_about_a_document_that_is_not_indexed(
    tmp_path: Path,
) -> None:
    """That may be why nothing answers it."""
    row = {**QUESTIONS[2], "document": "lost.txt", "optional_evidence": [{"start": 0, "end": 3}]}
    assert run_set(tmp_path, rows=[row]).figure("abstention_recall") == 1.0


def test_a_figure_that_the_set_does_not_define_is_named(tmp_path: Path) -> None:
    """A slip in --fail-under must not pass for a success."""
    with pytest.raises(WrongUse, match="no figure called sentence_f2"):
        run_set(tmp_path).figure("sentence_f2")


def test_a_name_that_two_documents_have_is_refused(tmp_path: Path) -> None:
    """Which one is meant cannot be known."""

    class Twins(ScriptedAssistant):
        def view_of(self, principal: Principal) -> Library:
            (first, *_) = super().view_of(principal).sources()
            return Shelf([Document(first, ""), Document(replace(first, id="another"), "")])

    with pytest.raises(BadQuestionSet, match=r"2 documents in the index are called pool.txt"):
        evaluate(Twins(PERFECT), write_set(tmp_path), principal=LOCAL_USER)


def test_a_question_without_a_document_cannot_be_asked_of_it(tmp_path: Path) -> None:
    """The message names the line."""
    with pytest.raises(BadQuestionSet, match="line 3: it names no `document`"):
        evaluate(
            ScriptedAssistant(PERFECT),
            write_set(tmp_path),
            principal=LOCAL_USER,
            scope="document",
        )


def test_a_quote_that_differs_from_its_document_lowers_the_verbatim_rate(tmp_path: Path) -> None:
    """The document is read again; the answer's own word for it is not taken."""

    class Misquoting(ScriptedAssistant):
        def ask(
            self,
            question: str,
            history: Sequence[Turn] = (),
            *,
            principal: Principal,
            documents: str | None = None,
            mode: Mode = "quote",
        ) -> Answer:
            answer = super().ask(
                question, history, principal=principal, documents=documents, mode=mode
            )
            wrong = [replace(citation, quote="The pool") for citation in answer.citations[:1]]
            return replace(answer, citations=(*wrong, *answer.citations[1:]))

    script = {"When did it open?": [("pool.txt", MAY), ("pool.txt", BO)]}
    run = evaluate(Misquoting(script), write_set(tmp_path), principal=LOCAL_USER)
    assert run.figures["verbatim_rate"] == 0.5


def test_the_run_is_written_one_question_a_line(tmp_path: Path) -> None:
    """The words of an answer lose its marks and keep those of the document."""
    write_run(run_set(tmp_path), tmp_path / "out" / "first")
    lines = (tmp_path / "out" / "first" / "run.jsonl").read_text("utf-8").splitlines()
    first, _, last = map(json.loads, lines)
    assert first.pop("latency_ms") >= 0
    assert first == {
        "id": "open",
        "abstained": False,
        "answer": "The pool opened [1] in May.",
        "retrieved": [{"document": "pool.txt", "start": 0, "end": 27}],
        "citations": [{"document": "pool.txt", "start": 0, "end": 27}],
        "exact_quotes": 1,
        "marks": 1,
        "dangling": 0,
        "index_version": "7",
        "embedder": "test-embedder",
        "answerability": 0.9,
    }
    assert last["abstained"]
    assert last["answer"] == "Nothing answers that."
    assert last["citations"] == []


def test_the_results_say_what_was_measured_and_how(tmp_path: Path) -> None:
    """Figures, and the index that they belong to."""
    write_run(run_set(tmp_path), tmp_path)
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert results["figures"]["evidence_recall@5"] == 1.0
    assert results["questions"] == 3
    assert (results["scope"], results["mode"]) == ("all", "quote")
    assert results["index"] == {"version": "7", "embedder": "test-embedder"}
    assert set(results["latency_ms"]) == {"p50", "p95", "mean"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "questions.jsonl",
        "results.json",
        "run.jsonl",
    ]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    run = run_set(tmp_path)
    with pytest.raises(WrongUse, match=r"cannot be written to .*questions.jsonl.*--out"):
        write_run(run, tmp_path / "questions.jsonl")


def test_latency_is_given_as_the_nearest_ranks(tmp_path: Path) -> None:
    """Of 20 times, the tenth and the nineteenth."""
    run = run_set(tmp_path)
    timed = tuple(replace(run.records[0], latency_ms=float(ms)) for ms in range(20, 0, -1))
    assert replace(run, records=timed).latency_ms == {"p50": 10.0, "p95": 19.0, "mean": 10.5}


def test_the_table_shows_every_figure_and_each_kind_of_question(tmp_path: Path) -> None:
    """A figure that a kind does not define is a dash, not a zero."""
    run = run_set(tmp_path)
    text = table(run)
    assert text.startswith("3 questions (2 answerable), asked of everything indexed\n")
    for name in run.figures:
        assert f"  {label(name)} " in text
    lines = text.splitlines()
    header = next(line for line in lines if line.startswith("By kind"))
    said = next(line for line in lines if line.startswith("category: who said what"))
    assert header.endswith("abstention recall")
    assert said.split()[-1] == "–"
    assert len(header) == len(said)
