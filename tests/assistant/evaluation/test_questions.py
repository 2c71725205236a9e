"""Question sets are read whole or not at all, and evidence is found in its document."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Turn
from assistant.errors import BadQuestionSet
from assistant.evaluation.scoring.gold import HALF, WHOLE, Gold, Unit, find_gold
from assistant.evaluation.sets.loading import read_questions
from assistant.evaluation.sets.questions import Annotation, Question, QuestionSet
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


READ = "1. Boats up to 9 m pay 4 euros a day, see fees.\n\nPort: Alta; 2029: 12; 2030: 14."


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1. Boats **up to 9 m** pay [4 euros](http://a.b/c) a day", READ[:36]),
        ("| Alta | 12 | **14** |", "Alta; 2029: 12; 2030: 14"),
        ("Boats that are up to 9 m pay 4 euros a day", "Boats up to 9 m pay 4 euros a day"),
    ],
)
def test_evidence_from_the_source_of_a_page_is_found_by_its_words(
    tmp_path: Path, source: str, words: str
) -> None:
    """Marks and offsets are those of the source, which is not what a person reads."""
    evidence = [{"start": 700, "end": 700 + len(source), "text": source}]
    questions = read(tmp_path, row(document="a.md", evidence=evidence))
    (found,) = find_gold(questions, {"a.md": READ}.__getitem__)
    (unit,) = found.units
    span = unit.alternatives[0][0]
    assert READ[span.start : span.end] == words


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


CSV = """id,question,answerable,document,evidence,must_include,tags
q1,Who swam?,true,a.txt,𝒜da swam first.|The pool closed.,20|pool,water|people
q2,"Who
came?",no,,,,
q3,Who ran?,yes,a.txt,"[{""start"": 0, ""end"": 3}]","[[""one"", ""1""]]",
"""

YAML = """questions:
- id: q1
  question: Who swam?
  answerable: yes
  document: a.txt
  evidence: [{text: 𝒜da swam first.}, {text: The pool closed.}]
  must_include: [["20"], [pool]]
  tags: [water, people]
- {id: q2, question: "Who\\ncame?", answerable: false}
- {id: q3, question: Who ran?, answerable: yes, document: a.txt,
   evidence: [{start: 0, end: 3}], must_include: [[one, "1"]]}
"""


def test_a_set_is_the_same_in_every_form(tmp_path: Path) -> None:
    """Cells of a CSV file are JSON, or items with | between them; `;` may separate them."""
    rows = [
        row(
            document="a.txt",
            evidence=[{"text": "𝒜da swam first."}, {"text": "The pool closed."}],
            must_include=[["20"], ["pool"]],
            tags=["water", "people"],
        ),
        row(id="q2", question="Who\ncame?", answerable=False),
        row(id="q3", question="Who ran?", document="a.txt", evidence=[{"start": 0, "end": 3}],
            must_include=[["one", "1"]]),
    ]  # fmt: skip
    (tmp_path / "set.csv").write_text(CSV, "utf-8")
    (tmp_path / "set.yaml").write_text(YAML, "utf-8")
    (tmp_path / "semicolons.csv").write_text(
        "id;question;answerable\nq1;Who swam, and who not?;1\n", "utf-8"
    )

    def bare(questions: QuestionSet) -> list[Question]:
        return [replace(question, line=0, file=None) for question in questions.questions]

    expected = bare(read(tmp_path, *rows))
    assert bare(read_questions(tmp_path / "set.csv")) == expected
    assert bare(read_questions(tmp_path / "set.yaml")) == expected
    (only,) = read_questions(tmp_path / "semicolons.csv").questions
    assert only.question == "Who swam, and who not?"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("s.csv", "id,question\nq1,Who?\n", "line 1: the first line names no column answerable"),
        ("s.csv", f"{CSV}q4,Who?,perhaps\n", 'line 6: `answerable` is "perhaps"; expected true'),
        ("s.csv", f"{CSV}q4,a,no,b,c,d,e,f\n", "line 6: 8 cells, but the first line names 7"),
        ("s.csv", f'{CSV}q4,Who?,no,,"[1"\n', "line 6: `evidence` is not JSON"),
        ("s.csv", f"{CSV},Who?,no\n", "line 6: `id` is missing; expected text."),
        ("s.yaml", f"{YAML}- {{id: q4}}\n", "line 12: `question` is missing"),
        ("s.yaml", f"{YAML}- [q4\n", "line 13: not YAML"),
        ("s.yaml", f"{YAML}- 2020-01-01\n", "line 12: not a question"),
        ("s.yaml", f"{YAML}- {{id: 7}}\n", "line 12: `id` is 7; expected text."),
    ],
)
def test_a_bad_line_is_named_in_every_form(
    tmp_path: Path, name: str, text: str, expected: str
) -> None:
    """By the line on which its question begins."""
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(BadQuestionSet) as raised:
        read_questions(tmp_path / name)
    assert f"{expected}" in str(raised.value)


@pytest.mark.parametrize("form", ["jsonl", "csv", "yaml"])
def test_text_that_is_not_utf8_is_named_in_every_form(tmp_path: Path, form: str) -> None:
    """Rather than read as something else."""
    good = {"jsonl": json.dumps(row()), "csv": CSV, "yaml": YAML}[form]
    (tmp_path / f"s.{form}").write_bytes(good.encode().replace(b"swam?", b"sw\xe4m?"))
    with pytest.raises(BadQuestionSet, match="UTF-8"):
        read_questions(tmp_path / f"s.{form}")


def test_a_folder_is_every_set_in_it(tmp_path: Path) -> None:
    """Lines are named with their file, ids are unique across files, and a run is no set."""
    write(tmp_path, row())
    (tmp_path / "run.jsonl").write_text('{"id": "q1", "abstained": true}\n', "utf-8")
    below = tmp_path / "more"
    below.mkdir()
    (below / "b.yaml").write_text("- {id: q2, question: Who?, answerable: no}\n", "utf-8")
    assert [q.id for q in read_questions(tmp_path).questions] == ["q2", "q1"]
    (below / "c.csv").write_text("id,question,answerable\nq1,Who?,no\nq9,Who?,maybe\n", "utf-8")
    with pytest.raises(BadQuestionSet) as raised:
        read_questions(tmp_path)
    assert 'questions.jsonl, line 1: the id "q1" stands on more/c.csv, line 2 already.' in str(
        raised.value
    )
    assert 'more/c.csv, line 3: `answerable` is "maybe"' in str(raised.value)
    (empty := tmp_path / "empty").mkdir()
    with pytest.raises(BadQuestionSet, match="holds no question set"):
        read_questions(empty)


@pytest.mark.parametrize("text", [f"{json.dumps(row())}\n", CSV, YAML, YAML.partition("\n")[2]])
def test_standard_input_may_have_any_form(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Its first characters tell which."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert read_questions(Path("-")).questions[0].question == "Who swam?"


def test_questions_are_chosen_by_tag_category_or_type(tmp_path: Path) -> None:
    """A tag that nothing has is an error that lists the tags."""
    rows = [row(tags=["trap"]), row(id="q2", category="fact"), row(id="q3", type="multi")]
    questions = read(tmp_path, *rows)
    assert [q.id for q in questions.labelled(["trap", "multi"]).questions] == ["q1", "q3"]
    assert questions.labelled([]) == questions
    with pytest.raises(BadQuestionSet, match=r"is tagged tarp\. There are: fact, multi, trap\."):
        questions.labelled(["tarp"])


def test_statements_beside_a_set_say_who_said_what(tmp_path: Path) -> None:
    """In the documents asked about, if somebody knows; a bad line is named."""
    annotations = tmp_path / "statements.jsonl"
    known = {"doc": "a.txt", "content_spans": [[0, 3], [5, 9]], "speaker": "Bo"}
    others = [{**known, "speaker": None}, {**known, "doc": "z.txt"}]
    annotations.write_text("\n".join(map(json.dumps, [known, *others])), "utf-8")
    asked = row(speaker="Ada", gold=[{"spans": [[0, 3]]}], document="a.txt")
    assert read(tmp_path, asked).annotations == (
        Annotation("a.txt", (Span(0, 3), Span(5, 9)), "Bo"),
    )
    assert read(tmp_path, row()).annotations == ()
    annotations.write_text('{"doc": "a.txt"}\n', "utf-8")
    with pytest.raises(BadQuestionSet, match=r"statements.jsonl has 1 line .*\n  line 1: expected"):
        read(tmp_path, asked)
