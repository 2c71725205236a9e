"""Question sets are read whole or not at all, and evidence is found in its document."""

import json
from pathlib import Path

import pytest

from assistant.answers import Turn
from assistant.errors import BadQuestionSet
from assistant.evaluation.gold import HALF, WHOLE, Gold, Unit, find_gold
from assistant.evaluation.questions import QuestionSet, read_questions
from index.documents import Span

TEXT = "The pool opened. 𝒜da swam first.\r\nThe pool closed."


def row(**fields: object) -> dict[str, object]:
    return {"id": "q1", "question": "Who swam?", "answerable": True, **fields}


def write(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    lines = [line if isinstance(line, str) else json.dumps(line) for line in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def read(folder: Path, *rows: object) -> QuestionSet:
    return read_questions(write(folder, *rows))


def gold(folder: Path, **fields: object) -> Gold:
    questions = read(folder, row(document="a.txt", **fields))
    return find_gold(questions, {"a.txt": TEXT, "b.txt": "Another text."}.__getitem__)[0]


def problem(folder: Path, *rows: object) -> str:
    with pytest.raises(BadQuestionSet) as raised:
        read(folder, *rows)
    return str(raised.value)


def test_a_question_keeps_what_its_line_says(tmp_path: Path) -> None:
    """Known fields become typed values; null is the same as nothing."""
    line = row(
        history=[{"role": "user", "content": "Hello"}],
        speaker=None,
        must_include=[["20", "twenty"]],
        tags=["trap"],
        category="fact",
        type="single",
        mood="unknown to us",
    )
    (question,) = read(tmp_path, line).questions
    assert question.history == (Turn("user", "Hello"),)
    assert question.speaker is None
    assert question.must_include == (("20", "twenty"),)
    assert question.groups == ("category: fact", "type: single", "tag: trap")


def test_blank_lines_a_mark_of_byte_order_and_line_separators_do_no_harm(tmp_path: Path) -> None:
    """Only a line feed ends a line: U+2028 may stand inside a question."""
    path = tmp_path / "questions.jsonl"
    line = json.dumps(row(question="One\u2028two"), ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + f"{line}\r\n\r\n".encode())
    assert [q.question for q in read_questions(path).questions] == ["One\u2028two"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: not an object"),
        ('{"id": "q2", "question": "Who?"}', "line 2: `answerable` is missing; expected true or"),
        (row(id="q2", answerable="yes"), 'line 2: `answerable` is "yes"; expected true or false.'),
        (row(id=7), "line 2: `id` is 7; expected text."),
        (row(id="q2", question=" "), 'line 2: `question` is " "; expected text.'),
        (row(id="q2", question="x" * 2001), "expected at most 2,000 characters."),
        (row(id="q2", evidence={}), "line 2: `evidence` is {}; expected a list."),
        (row(id="q2", evidence=[{"start": 1}]), 'each of it {"start": number, "end": number}'),
        (row(id="q2", evidence=[{"start": 3, "end": 3}]), "a span with 0 ≤ start < end."),
        (row(id="q2", history=[{"role": "robot", "content": ""}]), '"role": "user" or "assistant"'),
        (row(id="q2", gold=[{"spans": []}]), "line 2: `gold` is"),
        (row(id="q2", must_include=["one"]), "expected a list, each of it a list."),
        (row(id="q2", question="\ud800"), "line 2: not UTF-8 text"),
        (row(), 'line 2: the id "q1" stands on line 1 already.'),
    ],
)
def test_a_bad_line_is_named_with_what_is_expected(
    tmp_path: Path, line: object, expected: str
) -> None:
    """The file, the number of the line, what is there and what should be."""
    message = problem(tmp_path, row(), line)
    assert str(tmp_path / "questions.jsonl") in message
    assert expected in message


def test_all_bad_lines_are_counted_and_the_first_five_shown(tmp_path: Path) -> None:
    """One message, so that a set is not mended line by line."""
    message = problem(tmp_path, *["nonsense"] * 7)
    assert "has 7 lines that cannot be used" in message
    assert "line 5:" in message
    assert "line 6:" not in message
    assert "and 2 more" in message


def test_a_set_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    """Nothing to ask is an error, not a run with perfect figures."""
    with pytest.raises(BadQuestionSet, match="No such file"):
        read_questions(tmp_path / "nowhere.jsonl")
    assert "holds no questions" in problem(tmp_path, "")


def test_evidence_is_found_by_its_exact_text(tmp_path: Path) -> None:
    """Offsets count characters: one beyond the basic plane and \\r\\n count as they stand."""
    found = gold(tmp_path, evidence=[{"text": "𝒜da swam first."}, {"text": "The pool closed."}])
    spans = [unit.alternatives[0][0] for unit in found.units]
    assert [TEXT[span.start : span.end] for span in spans] == [
        "𝒜da swam first.",
        "The pool closed.",
    ]
    assert spans == [Span(17, 32), Span(34, 50)]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ({"text": "It never opened."}, "does not hold the evidence 'It never opened.'"),
        ({"text": "The pool"}, r"2 times \(at 0, 34\); add `start` and `end`"),
        ({"start": 40, "end": 60}, "beyond the end of a.txt, which has 50 characters"),
        ({"start": 0, "end": 3, "text": "Ada"}, "at 0-3 a.txt has 'The', not the evidence 'Ada'"),
        ({"start": 32, "end": 34}, "is white space"),
    ],
)
def test_evidence_that_is_not_in_its_place_names_its_line(
    tmp_path: Path, span: object, expected: str
) -> None:
    """Gold that moved would make every figure wrong without a word."""
    with pytest.raises(BadQuestionSet, match=f"line 1: .*{expected}"):
        gold(tmp_path, evidence=[span])


def test_each_piece_of_evidence_is_a_unit(tmp_path: Path) -> None:
    """A piece may name another document than the question does."""
    found = gold(
        tmp_path, evidence=[{"start": 0, "end": 3}, {"start": 0, "end": 7, "document": "b.txt"}]
    )
    assert found.units == (
        Unit("a.txt", ((Span(0, 3),),), HALF),
        Unit("b.txt", ((Span(0, 7),),), HALF),
    )
    assert found.documents == {"a.txt", "b.txt"}


def test_evidence_beside_a_paragraph_is_one_unit_of_alternatives(tmp_path: Path) -> None:
    """Any one of the spans is enough, but all of it."""
    spans = [{"start": 0, "end": 3}, {"start": 4, "end": 8}]
    found = gold(tmp_path, evidence=spans, paragraph={"start": 0, "end": 33})
    assert found.units == (Unit("a.txt", ((Span(0, 3),), (Span(4, 8),)), WHOLE),)


def test_each_statement_is_a_unit_of_all_its_spans(tmp_path: Path) -> None:
    """A statement interrupted by its cue has two."""
    statement = {"spans": [{"start": 0, "end": 3}, [4, 8]]}
    assert gold(tmp_path, gold=[statement]).units == (
        Unit("a.txt", ((Span(0, 3), Span(4, 8)),), HALF),
    )


def test_an_unanswerable_question_has_nothing_to_find(tmp_path: Path) -> None:
    """Even where its line lists what nearly answers it."""
    assert gold(tmp_path, answerable=False, evidence=[{"start": 0, "end": 3}]).units == ()
