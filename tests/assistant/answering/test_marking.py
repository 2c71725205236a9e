"""Which words of a quotation are the answer itself."""

import pytest

from assistant.answering.marking import answer_in
from index.english.kinds import expected


@pytest.mark.parametrize(
    ("question", "words", "answer"),
    [
        ("How long may I stay?", "You may stay for 16 weeks.", "16 weeks"),
        ("How many vacation days do I get?", "We offer 20 days of vacation.", "20 days"),
        ("What does it cost?", "It costs $3,000 a year.", "$3,000"),
        ("What is the price of the pass?", "The day pass costs nine euros.", "nine euros"),
        ("How much is paid for the mileage?", "You get 0.42 a mile.", "0.42"),
        ("What was the cost of the grass?", "The largest was 1,450 to Greenways.", "1,450"),
        ("What does the trip cost?", "It costs 350 kroner with food.", "350 kroner"),
        ("What is the price of the pass?", "Pass: yearly; for all: 240 kr.", "240 kr"),
        ("What does it cost?", "It is CHF 45 a day.", "CHF 45"),
        ("On what date did it open?", "It opened on 7 May 2019.", "7 May 2019"),
        (
            "What is the phone number of the desk?",
            "Call +47 22 33 44 55 at any time.",
            "+47 22 33 44 55",
        ),
        ("How long may I stay?", "Two weeks in May, three weeks in June.", None),
        ("How long may I stay?", "As long as you like.", None),
        ("Who opened it?", "It was opened in 2019.", None),
    ],
)
def test_the_only_words_of_the_kind_asked_for_are_the_answer(
    question: str, words: str, answer: str | None
) -> None:
    """With their unit; none where there are two, or the kind tells nothing."""
    found = answer_in(words, expected(question), question)
    assert (words[found.start : found.end] if found else None) == answer
