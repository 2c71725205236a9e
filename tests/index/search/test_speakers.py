"""One entry a person, across documents; two people with one surname stay two."""

import pytest

from index.documents import Credit
from index.search.speakers import Roster


def roster(
    *names: tuple[str, str] | tuple[str, str, str], edits: dict[tuple[str, str], str] | None = None
) -> Roster:
    """Of (name, document) or (name, document, as printed), one statement each."""
    credited = [Credit(n[0], n[2] if len(n) > 2 else n[0], n[1], 1) for n in names]
    return Roster(credited, edits or {})


def found(of: Roster, words: str) -> list[str]:
    return [speaker.name for speaker in of.find(words)]


def test_a_surname_joins_the_only_one_who_has_it() -> None:
    """So does the name with an initial in the middle."""
    (speaker,) = roster(("Ada Byron", "a"), ("Byron", "b"), ("Ada K. Byron", "c")).speakers
    assert speaker.name == "Ada Byron"
    assert set(speaker.names) == {"Ada Byron", "Byron", "Ada K. Byron"}
    assert speaker.statements == 3
    assert speaker.documents == {"a", "b", "c"}


def test_two_people_with_one_surname_stay_two() -> None:
    """And the surname alone is neither's."""
    names = {
        s.name for s in roster(("Ada Byron", "a"), ("Lee Byron", "b"), ("Byron", "c")).speakers
    }
    assert names == {"Ada Byron", "Lee Byron", "Byron"}


def test_a_letter_or_a_pronoun_is_no_other_name() -> None:
    """As which a transcript or a letter prints whoever speaks."""
    (speaker,) = roster(
        ("Ada Byron", "a", "Q"), ("Ada Byron", "b", "I"), ("Ada Byron", "c", "")
    ).speakers
    assert speaker.also == ()


def test_capitals_alone_make_no_other_name() -> None:
    (speaker,) = roster(
        ("Harbour Master", "a", "HARBOUR MASTER"), ("Harbour Master", "b", "The Master")
    ).speakers
    assert speaker.also == ("The Master",)


def test_an_unnamed_speaker_is_of_one_document() -> None:
    """ "A spokesman" here is not "a spokesman" there; an organization is one."""
    of = roster(
        ("a spokesman", "a"), ("a spokesman", "b"), ("Daily Post", "a"), ("Daily Post", "b")
    )
    assert [s.name for s in of.speakers].count("a spokesman") == 2
    assert [s.name for s in of.speakers].count("Daily Post") == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Emomali Rahmon", ["Emomali Rahmon"]),
        ("Rahmon", ["Emomali Rahmon"]),
        ("President Rahmon", ["Emomali Rahmon"]),
        ("rahmno", ["Emomali Rahmon"]),
        ("the Tajik president", ["Emomali Rahmon"]),
        ("the president of Tajikistan", ["Emomali Rahmon"]),
        ("Emomali", ["Emomali Rahmon"]),
        ("Putin", ["Putin"]),
        ("Vladimir Putin", ["Putin"]),
        ("Lukashenko", []),
        ("the mayor", []),
        ("", []),
    ],
)
def test_a_speaker_is_found_however_one_is_called(asked: str, expected: list[str]) -> None:
    """By name, surname, title, description or misspelt; nobody is nobody."""
    of = roster(
        ("Emomali Rahmon", "a", "Tajik President Emomali Rahmon"),
        ("Emomali Rahmon", "a", "Tajik leader"),
        ("Putin", "a"),
    )
    assert found(of, asked) == expected


def test_what_people_correct_goes_first() -> None:
    """For all documents, or for one of them."""
    names = [("Ada Byron", "a"), ("The Countess", "a"), ("Byron", "b")]
    merged = roster(*names, edits={("The Countess", ""): "Ada Byron"})
    assert [s.name for s in merged.speakers] == ["Ada Byron"]
    split = roster(*names, edits={("Byron", "b"): "George Byron"})
    assert {s.name for s in split.speakers} == {"Ada Byron", "The Countess", "George Byron"}
    assert split.of("Byron", "b") is not None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Rahmon's spokesman", []),
        ("the president’s wife", []),
        ("Byron’s lawyer", ["Kim Song"]),
        ("Boris Byron", []),
        ("Adda Byron", ["Ada Byron"]),
        ("A. Byran", ["Ada Byron"]),
        ("English Byran", ["Ada Byron"]),
    ],
)
def test_nobody_stands_for_a_namesake_or_for_those_around(asked: str, expected: list[str]) -> None:
    of = roster(
        ("Emomali Rahmon", "a", "Tajik President Emomali Rahmon"),
        ("Ada Byron", "a", "English poet Ada Byron"),
        ("Kim Song", "a", "Byron’s lawyer Kim Song"),
    )
    assert found(of, asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Рахмон", ["Emomali Rahmon"]),
        ("президент Рахмон", ["Emomali Rahmon"]),
        ("Эмомали Рахмон", ["Emomali Rahmon"]),
        ("Präsident Rachmon", ["Emomali Rahmon"]),
        ("президент Таджикистана", ["Emomali Rahmon"]),
        ("спикер Рахмона", []),
        ("Рустам Рахмон", []),
        ("Лукашенко", []),
        ("Sokolova", ["Ирина Соколова"]),
        ("Мэри Байрон", []),
        ("госпожа Байрон", ["Ada Byron"]),
    ],
)
def test_a_name_is_found_in_another_script(asked: str, expected: list[str]) -> None:
    """Of an inflected one the words before are somebody's who is the name's."""
    of = roster(
        ("Emomali Rahmon", "a", "Tajik President Emomali Rahmon"),
        ("Ada Byron", "a"),
        ("Ирина Соколова", "b"),
    )
    assert found(of, asked) == expected


def test_one_name_in_two_scripts_finds_both() -> None:
    of = roster(("Ada Byron", "a"), ("Ада Байрон", "b"))
    assert set(found(of, "Byron")) == set(found(of, "Байрон")) == {"Ada Byron", "Ада Байрон"}
