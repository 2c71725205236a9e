"""What is said for others, where a question does not say for whom it asks."""

from assistant.answering.alternatives import alternatives
from assistant.answering.units import Layout
from index.documents import Span
from index.english.spelling import telling
from tests.assistant.answering.test_units import layout

LEAVE = layout(
    ("heading", "Leave", 1),
    ("heading", "Drivers", 2),
    ("paragraph", "You have 26 days of leave in a year.", 0),
    ("heading", "Cooks", 2),
    ("paragraph", "Ask the chef first. You have 24 days of leave in a year.", 0),
    ("heading", "Parking", 2),
    ("paragraph", "There are nine places behind the hall.", 0),
    ("heading", "Pay", 1),
    ("heading", "Porters", 2),
    ("paragraph", "You have 20 days of leave in a year.", 0),
)


def others(of: Layout, words: str, question: str) -> list[tuple[str, str]]:
    start = of.document.text.index(words)
    found = alternatives(of, Span(start, start + len(words)), telling(question))
    return [(name, of.words(span)) for name, span in found.others] if found else []


def test_the_same_is_said_for_others_under_the_headings_beside() -> None:
    """Not of what another section is about, nor below another heading."""
    said = others(LEAVE, "You have 26 days of leave in a year.", "How much leave do I get?")
    assert said == [("Cooks", "You have 24 days of leave in a year.")]


def test_a_question_that_names_one_of_them_has_no_others() -> None:
    for question in ("How much leave do drivers get?", "How much leave does a cook get?"):
        assert not others(LEAVE, "You have 26 days of leave in a year.", question)


def test_what_stands_alone_has_no_others() -> None:
    assert not others(LEAVE, "There are nine places behind the hall.", "Where can I park?")
