"""Example questions, made from the documents."""

from assistant.browsing.suggesting import suggest
from assistant.chat import Assistant
from index.documents import LOCAL_USER
from tests.conftest import MakeCollection

MINUTES = """Mayor Adele Okoro told reporters that the bridges of Arden were safe.
This said little of the Russian inspectors who promotes delays.
“The bridges will open in May, and the libraries of Arden with them,” Okoro said.
The town’s engineers walked from Arden to Dover on Friday, and in May again."""


def test_examples_are_answered_and_about_speakers_and_names(seed_assistant: Assistant) -> None:
    """By turns."""
    first, second, *_ = examples = suggest(seed_assistant, LOCAL_USER)
    assert len(examples) == 4
    assert first.startswith("What did Rahmon say about ")
    assert second.startswith("What is said about ")
    for question in examples:
        assert seed_assistant.ask(question, principal=LOCAL_USER).answered, question


def test_topics_are_what_the_speaker_spoke_of(make_collection: MakeCollection) -> None:
    """Not those who were told, nor what others did; an adjective or a day is no name."""
    made = make_collection({"minutes.txt": MINUTES})
    made.sync()
    assert suggest(Assistant(made.open_index()), LOCAL_USER) == [
        "What did Okoro say about bridges?",
        "What is said about Arden?",
        "What did Okoro say about libraries?",
        "What is said about Dover?",
    ]


def test_a_name_is_asked_about_as_a_whole(make_collection: MakeCollection) -> None:
    """Not by its end, where a sentence or a line begins with it."""
    text = "From: Iris Palm\nLina Frost walks. The board met Ms Iris Palm and, later, Lina Frost."
    made = make_collection({"note.txt": text})
    made.sync()
    questions = suggest(Assistant(made.open_index()), LOCAL_USER)
    assert {q.removeprefix("What is said about ") for q in questions} <= {
        "Iris Palm?",
        "Lina Frost?",
    }
    assert questions
