"""Questions about replies, decisions, dates and words with which nobody is credited."""

import pytest

from assistant.answers import Answer
from assistant.building import open_to_chat
from assistant.chat import Assistant
from assistant.rendering.answers import to_dict
from assistant.settings import Settings
from index.documents import LOCAL_USER
from tests.conftest import MakeCollection

HEAD = "Present: Cllr Mona Reid (Chair), Cllr Tom Birch, Ms Ada Lind (Clerk)"
TEXTS = {
    "minutes-2025-05-06.txt": f"""Minutes of the Parish Council, 6 May 2025

{HEAD}

1. Flood wall
Cllr Birch asked whether the wall would be done soon. The Clerk replied that it had promised June.
RESOLVED: That the Chair write to the builder about the delay.

2. Library
Cllr Birch said that nobody would visit the library on Saturdays. Cllr Reid disagreed.
""",
    "harbour.txt": """Minutes of the harbour board

12 March 2025, Harbour Office

1. Dredging
It was agreed to dredge the north channel before May.
The meeting noted that the survey had cost 12,000 euros. The board thought it dear.
RESOLVED: That berth fees rise by 4 % from 1 July.
""",
    "minutes-2025-06-03.txt": f"""Minutes of the Parish Council, 3 June 2025

{HEAD}

1. Library
Cllr Birch said that the library should open on Saturdays. Cllr Reid agreed with Cllr Birch.
It was agreed to open the library on Saturdays from September.
""",
    "ferry.txt": """The firm's lawyer, Fiona Marsh QC, said the evidence was wise after the event.

The crew had painted the doors blue in April to hide the rust. Nobody knows who gave the order.
""",
    "most.txt": """Burmistrz Anna Kowalska powiedziała we wtorek, że most zostanie zamknięty w maju.
Mieszkańcy boją się korków, a właściciele sklepów liczą straty.
""",
}


@pytest.fixture(scope="module")
def assistant(make_collection_once: MakeCollection) -> Assistant:
    return open_to_chat(Settings(make_collection_once(TEXTS).home))


def ask(assistant: Assistant, question: str) -> Answer:
    return assistant.ask(question, principal=LOCAL_USER)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What was the reply to Birch's question about the wall?", "had promised June"),
        ("Who asked about the wall, and what was the answer?", "had promised June"),
        ("What did the council decide about the builder?", "That the Chair write"),
        ("What did the council agree in June?", "to open the library on Saturdays"),
        ("What did Birch say in May?", "nobody would visit the library"),
        ("What did they agree about the library?", "to open the library on Saturdays"),
        ("Who disagreed?", "Cllr Reid disagreed"),
        ("Did Reid ever agree with Birch?", "Cllr Reid agreed with Cllr Birch"),
        ("What did Fiona Marsh say about the evidence?", "wise after the event"),
    ],
)
def test_what_was_said_in_a_meeting_is_found(
    question: str, words: str, assistant: Assistant
) -> None:
    assert words in " ".join(claim.text for claim in ask(assistant, question).claims)


@pytest.mark.parametrize(
    ("question", "words", "others"),
    [
        ("In the minutes of May, what did Birch say about the library?", "nobody", "should"),
        ("What did Birch say about the library in June?", "should", "nobody"),
        ("What did Birch say about the library on 6 May 2025?", "nobody", "should"),
    ],
)
def test_a_date_picks_the_document(
    question: str, words: str, others: str, assistant: Assistant
) -> None:
    said = " ".join(claim.text for claim in ask(assistant, question).claims)
    assert words in said
    assert others not in said


def test_a_text_with_which_nobody_is_credited_is_shown_as_such(assistant: Assistant) -> None:
    answer = ask(assistant, "Who said that the doors were painted blue to hide the rust?")
    assert answer.opening == "Nobody is credited with this. The text says:"
    assert [citation.speaker for citation in answer.citations] == [None]


def test_what_is_said_in_a_language_without_statements_is_shown_as_text(
    assistant: Assistant,
) -> None:
    """And which document that is, programs are told, too."""
    answer = ask(assistant, "What did Anna Kowalska say about the bridge?")
    assert "in which I cannot tell who said what" in answer.opening
    assert [citation.speaker for citation in answer.citations] == [None]
    assert "most zostanie zamknięty" in answer.claims[0].text
    assert to_dict(answer)["unattributed"] == ["most.txt"]
    assert to_dict(ask(assistant, "Who disagreed?"))["unattributed"] == []


def test_what_a_meeting_decides_is_the_bodys_whose_minutes_say_so(assistant: Assistant) -> None:
    """Where they meet decides nothing, and "the meeting" is no second speaker."""
    answer = ask(assistant, "What did the board decide?")
    assert {each.speaker.name for each in answer.citations if each.speaker} == {"The harbour board"}
    said = " ".join(claim.text for claim in answer.claims)
    for words in ("to dredge", "had cost 12,000", "fees rise by 4 %"):
        assert words in said


RECORD = (
    "Mayor Anna Holt said that students would pay nothing. “The mill has no roof,” Holt said. "
    "Piotr Lang said that the bridge was closed."
)


@pytest.mark.parametrize(
    "asked",
    ["Что Хольт сказала о студентах?", "Was hat Holt über Studenten gesagt?"],
)
def test_a_question_in_another_language_finds_the_person_and_words_of_one_origin(
    make_collection: MakeCollection, asked: str
) -> None:
    answer = ask(open_to_chat(Settings(make_collection({"r.txt": RECORD}).home)), asked)
    (citation,) = answer.citations
    assert citation.speaker is not None
    assert (citation.speaker.name, citation.quote) == (
        "Anna Holt", "that students would pay nothing",
    )  # fmt: skip
    assert "another language" in answer.opening


def test_what_cannot_be_compared_is_said_and_the_statements_are_shown(
    make_collection: MakeCollection,
) -> None:
    """The default model knows English alone: that nothing was said about it is not known."""
    assistant = open_to_chat(Settings(make_collection({"r.txt": RECORD}).home))
    answer = ask(assistant, "Что Хольт сказала о крыше?")
    assert answer.refusal is not None
    assert "which of 2 statements by Anna Holt" in answer.refusal.reason
    assert {each.speaker.name for each in answer.refusal.considered if each.speaker} == {
        "Anna Holt"
    }
