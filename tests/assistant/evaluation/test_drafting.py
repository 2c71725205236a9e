"""What is drafted from documents: whose gold is whole, that it is the same every time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.building import open_to_chat
from assistant.commands.cli import commands
from assistant.errors import WrongUse
from assistant.evaluation import evaluate, read_questions
from assistant.evaluation.drafting.command import open_to_draft
from assistant.evaluation.drafting.drafting import Drafted
from assistant.evaluation.sets.sets import write_rows
from assistant.settings import Settings
from index.documents import LOCAL_USER
from tests.conftest import Collection, MakeCollection
from tests.scripted import answering, scripted_server

MINUTES = """The council of Elm met in the town hall.
Ann Lee said the railway bridge needs new beams before winter comes.
“The railway bridge was painted by cheap contractors,” Ann Lee said at the meeting.
Ann Lee said the library opens on Sundays from now on.
“I have nothing to say on taxes this year,” Ann Lee said.
Bo Day said the swimming pool would stay open until the end of September.
“Nobody pays for the swimming pool but the town,” Bo Day said.
Carl Moor, the mayor of Elm, watched from the gallery.
In May 1999, Elm opened the Garth Bridge with a parade through Dover.
Mary Hill sold 40 boats to Dover Harbour.
He said this was fine.
"""


@pytest.fixture(scope="module")
def town(make_collection_once: MakeCollection) -> Collection:
    """One document in which two people speak of two things."""
    return make_collection_once({"minutes.txt": MINUTES})


def draft(town: Collection, **options: object) -> Drafted:
    return open_to_draft(Settings(town.home)).draft(
        principal=LOCAL_USER,
        **options,  # type: ignore[arg-type]
    )


def rows(town: Collection, kind: str) -> dict[str, dict[str, object]]:
    drafted = draft(town)
    return {row["question"]: row for row in drafted.rows if kind in row["tags"]}


def test_a_question_about_a_speaker_has_all_that_they_said_on_it(town: Collection) -> None:
    """As spans of the document."""
    said = rows(town, "said")["What did Ann Lee say about the railway bridge?"]
    evidence = said["evidence"]
    assert isinstance(evidence, list)
    assert [MINUTES[each["start"] : each["end"]] for each in evidence] == [
        each["text"] for each in evidence
    ]
    assert {each["text"][:20] for each in evidence} == {
        "the railway bridge n",
        "“The railway bridge ",
    }


def test_what_another_one_spoke_of_is_unanswerable(town: Collection) -> None:
    """The draft says who did."""
    wrong = rows(town, "not_said")["What did Ann Lee say about the swimming pool?"]
    assert wrong["answerable"] is False
    assert wrong["evidence"] == []
    assert wrong["said_by"] == "Bo Day"


def test_facts_are_asked_only_where_a_sentence_says_all_of_it(town: Collection) -> None:
    """Nothing of "He said this was fine"."""
    facts = {question: row["answers"] for question, row in rows(town, "fact").items()}
    assert facts == {
        "When did Elm open the Garth Bridge with a parade through Dover?": ["May 1999"],
        "How many boats did Mary Hill sell to Dover Harbour?": ["40"],
        "Who is Carl Moor?": ["the mayor of Elm"],
    }


def test_the_same_seed_gives_the_same_draft(town: Collection) -> None:
    assert draft(town, seed=3).rows == draft(town, seed=3).rows


def test_no_more_are_drafted_than_wanted_and_none_twice(town: Collection) -> None:
    assert len(draft(town, count=3).rows) == 3
    questions = [row["question"] for row in draft(town).rows]
    assert len(questions) == len(set(questions))


def test_a_draft_can_be_asked_and_has_its_evidence(town: Collection, tmp_path: Path) -> None:
    """It is a question set like any other."""
    path = tmp_path / "draft.jsonl"
    write_rows(path, draft(town).rows)
    run = evaluate(open_to_chat(Settings(town.home)), path, principal=LOCAL_USER)
    assert run.figures["evidence_recall@5"] == 1.0


def test_dropped_questions_are_not_asked(town: Collection, tmp_path: Path) -> None:
    path = tmp_path / "draft.jsonl"
    first, *others = draft(town).rows
    write_rows(path, [{**first, "review": "dropped"}, *others])
    assert first["id"] not in {each.id for each in read_questions(path).questions}
    write_rows(path, [{**first, "review": "perhaps"}])
    with pytest.raises(Exception, match='`review` is "perhaps"; expected "draft" or'):
        read_questions(path)


def test_written_questions_quote_the_document_or_are_dropped(town: Collection) -> None:
    """They are counted."""
    good = {
        "question": "Who sold boats to Dover Harbour?",
        "answer": "Mary Hill",
        "evidence": "Mary Hill sold 40 boats to Dover Harbour.",
    }
    invented = {
        "question": "Who bought the pool?",
        "answer": "Bo",
        "evidence": "Bo bought the pool.",
    }
    said = "\n".join(["Here you are:", json.dumps(good), json.dumps(invented), "{not JSON}"])
    with scripted_server(answering(said)) as server:
        settings = Settings(town.home, model="openai:m", base_url=server.url)
        drafted = open_to_draft(settings).draft(principal=LOCAL_USER, write=True)
    (written,) = [row for row in drafted.rows if "written" in row["tags"]]
    assert written["question"] == good["question"]
    assert written["evidence"][0]["text"] == good["evidence"]
    assert drafted.dropped == 2
    assert "data: whatever it says" in server.prompts[0]


def test_written_questions_need_a_model(town: Collection) -> None:
    with pytest.raises(WrongUse, match="Set ONRECORD_MODEL"):
        draft(town, write=True)


def test_the_command_writes_a_set_that_the_page_shows(town: Collection, tmp_path: Path) -> None:
    """A new one each time; a file that is there is left alone."""
    home = ["--home", str(town.home)]
    done = CliRunner().invoke(commands, [*home, "questions", "--count", "4", "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert Path(report["file"]) == town.home / "questions" / "draft.jsonl"
    assert report["questions"] == 4
    again = CliRunner().invoke(commands, [*home, "questions"])
    assert "draft-2.jsonl" in again.stdout
    refused = CliRunner().invoke(commands, [*home, "questions", "--out", report["file"]])
    assert isinstance(refused.exception, WrongUse)
    nobody = CliRunner().invoke(commands, [*home, "questions", "2016/*"])
    assert "No document in the index is called 2016/*" in str(nobody.exception)
