"""What a question insists on: names, numbers and "not"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.english import ENGLISH
from index.search.demands import (
    as_printed,
    insistence,
    is_mentioned,
    restricting,
    seems_foreign,
    things,
)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("what did Rahmon say?", "RAHMON’S word"),
        ("Where do Tajik citizens study?", "Citizens of Tajikistan study there."),
        ("Who was José’s teacher?", "Jose had one."),
        ("How many of the 1,200 left?", "All 1,200 left."),
        ("Who lives in the two towns?", "Two towns are there."),
        ("Who lives in the two towns?", "2 towns are there."),
        ("Which one is it?", "Nothing of the kind."),
        ("who is it?", "Nothing of the kind."),
        ("WHO IS RAHMON?", "A text in which nobody has a name."),
        ("Wie heißt die Hauptstadt des Landes?", "Berlin ist der Sitz der Regierung."),
    ],
)
def test_a_text_with_the_names_and_numbers_of_the_question_meets_it(
    question: str, text: str
) -> None:
    """However they are inflected; capitals of every word or every noun mean nothing."""
    assert insistence(question).is_met_by(text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("what did Rahmon say?", "Putin said much."),
        ("What happened in 1945?", "It happened in 1944."),
        ("1945: what happened?", "It happened in 1944."),
        ("What did Rahmon and Putin sign?", "Rahmon signed."),
        ("Who lives in the three towns?", "Two towns are there."),
    ],
)
def test_a_text_without_one_of_them_does_not(question: str, text: str) -> None:
    assert not insistence(question).is_met_by(text)


def test_several_texts_meet_a_question_together() -> None:
    """A passage of a document about Rahmon need not name him again."""
    assert insistence("what did Rahmon say in 2013?").is_met_by("In 2013 he spoke.", "Rahmon")


def test_a_question_with_a_negation_wants_one_in_the_text() -> None:
    insisted = insistence("Which town doesn’t have a bridge?")
    assert insisted.is_negated_in("Alder has never had a bridge.")
    assert not insisted.is_negated_in("Alder has a bridge.")
    assert insistence("Which town has a bridge?").is_negated_in("Alder has a bridge.")


@pytest.mark.parametrize("question", ["", "???", "😀", "а б", "x" * 500])
def test_a_question_without_words_insists_on_nothing(question: str) -> None:
    assert insistence(question).is_met_by("")


def test_what_is_missing_is_named_as_the_question_has_it() -> None:
    question = "What did Rahmon pay José’s town in 2013?"
    missing = insistence(question).missing_from("Rahmon paid it.")
    assert as_printed(question, missing) == ("José’s", "2013")


def test_a_capital_tells_a_name_only_in_languages_where_nouns_have_none() -> None:
    """And what is a name depends on the language's own function words."""
    german = replace(ENGLISH, code="de", capitals_are_names=False)
    question = "what did the Mayor of Arden say?"
    assert insistence(question).names == {"mayor", "arden"}
    assert insistence(question, german).names == frozenset()
    titled = replace(ENGLISH, function_words=ENGLISH.function_words | {"mayor"})
    assert insistence(question, titled).names == {"arden"}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many days off do interns get?", ("interns",)),
        ("What is the deductible of the plan?", ("deductible",)),
        ("Is there a discount for startups?", ("startups",)),
        ("What is the minimum age in Germany?", ("Germany", "age")),
        ("Is there a guide for the night porters?", ("porters",)),
        ("My Pixel broke. How long is the guarantee?", ()),
    ],
)
def test_what_restricts_a_question_is_told(question: str, words: tuple[str, ...]) -> None:
    """Of whom, where, for what, and what of it is asked; only by what asks, not by the case that
    is told before."""
    assert set(restricting(question)) >= set(words)
    assert "Pixel" not in restricting(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which tools have members to keep in order?",
        "Against whom did the miners rise to strike?",
        "What’s the most I may claim for it?",
        "How is the roof paid for in advance?",
        "What is paid for us together?",
    ],
)
def test_a_phrase_or_a_deed_restricts_nothing(question: str) -> None:
    assert restricting(question) == ()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How much does a caravan cost?", ("caravan",)),
        ("What is paid per kilometre by bicycle?", ("kilometre", "bicycle")),
        ("How long do grandparents get off after a birth?", ("grandparents", "birth")),
        ("How many library fines did he report?", ("library", "fines")),
        ("Which encryption algorithm does Kestrel use?", ("encryption",)),
        ("When will the fair begin?", ("fair",)),
        ("What does the article call Tajikistan's export?", ("export",)),
        ("How much is the chair's allowance?", ("chair", "allowance")),
        ("What does error K-22 mean?", ("K-22",)),
        ("What does error 503 mean?", ("503",)),
        ("What does a poster in A2 cost?", ("poster", "A2")),
        ("What is the minimum length of a password?", ("password",)),
        ("What does a late change of booking cost?", ()),
        ("Who wrote the page in 2019?", ()),
    ],
)
def test_the_things_that_a_question_names_are_told(question: str, words: tuple[str, ...]) -> None:
    """Neither what everything has, as a length, nor what is done nor how."""
    assert set(things(question)) == set(words)


def test_a_word_is_mentioned_in_whatever_form() -> None:
    assert is_mentioned("wifi", "Join the Wi-Fi of the hall.")
    assert is_mentioned("interns", "Each intern is paid.")
    assert is_mentioned("US", "The U.S. office closed.")
    assert not is_mentioned("interns", "The internal rules of international trade.")


@pytest.mark.parametrize(
    ("question", "known", "foreign"),
    [
        ("Wann öffnet die Bibliothek?", 0, True),
        ("When does the library open?", 2, False),
        ("plausible nonprofit discount", 3, False),
        ("Who composed it?", 0, False),
    ],
)
def test_a_question_in_another_language_is_noticed(
    question: str, known: int, foreign: bool
) -> None:
    """By the words that documents have, and those with which this language asks."""
    assert seems_foreign(question, known) == foreign


@pytest.mark.parametrize(
    ("passage", "foreign"),
    [
        ("The library opens at nine and closes at five on every day but Sunday.", False),
        ("Die Bibliothek öffnet um neun und schließt an allen Tagen um fünf.", True),
        ("图书馆每天早上九点开门,下午五点关门,星期天除外。读者可以借阅十本书,期限为四周。", True),
        ("From: Petra Novak <petra.novak@harbour.example> To: Tom Ellis <tom@harbour.ex>", False),
        (
            "The harbour project will cost 1.2 million euros. The cable is five kilometres long.",
            False,
        ),
        ("Vehicle: Van A; Plate: HB 101; Fuel: Diesel; Seats: 3.", False),
        ("Kayak: 4 euros; Sauna: 3 euros; Bicycle: 6 euros; Rowing boat: 5 euros an hour.", False),
    ],
)
def test_a_passage_of_names_and_numbers_is_in_no_other_language(
    passage: str, foreign: bool
) -> None:
    assert seems_foreign("How much is the budget for the mill?", 1, passage) == foreign


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("1.25 million", "It costs 1,250,000 euros."),
        ("US", "The U.S. office closed."),
        ("Zo\u00eb", "Zoe leads it."),
        ("towns", "A town by the sea."),
    ],
)
def test_a_word_is_mentioned_in_whatever_spelling(word: str, text: str) -> None:
    assert is_mentioned(word, text)
    assert not is_mentioned(word, "Nothing of the kind.")


def test_what_may_be_allowed_is_what_is_asked_about() -> None:
    assert things("Are rabbits allowed?") == {"rabbits": ""}
    assert "allowed" not in things("Is it allowed?")
