"""The same text means the same words, however it is spelt."""

from __future__ import annotations

import pytest

from index.english import ENGLISH
from index.words import texts_of, words_of


def words(text: str) -> list[str]:
    return [word.text.lower() for word in words_of(text, ENGLISH)]


@pytest.mark.parametrize(
    ("spellings", "word"),
    [
        ("3,400,000 3400000 3.4 million 3.40 million 3.400.000 3'400'000 34,00,000", "3400000"),
        ("3 400 000", "3400000"),
        ("3\u00a0400\u00a0000", "3400000"),
        ("€3.4m £3.4mn $3.4 million", "3400000"),
        ("two\u00a0thousand 2,000 2.000,0 2000", "2000"),
        ("forty-two 42 forty two", "42"),
        ("7.50 7,5 7:50", "7.5"),
        ("seven 7 07:00", "7"),
        ("N.A.T.O. NATO nato", "nato"),
        ("p.m. pm", "pm"),
        ("Ph.D. PhD", "phd"),
        ("J. K. J.K. JK", "jk"),
        ("Zo\u00eb Zoe\u0308 Zoe ZOE", "zoe"),
        ("\ufb01sh fi\u00adsh fi\u200bsh fish", "fish"),
        ("ＡＢＣ ABC", "abc"),
        ("Ёж Еж", "еж"),
        ("كِتَاب كتاب", "كتاب"),
    ],
)
def test_spellings_of_one_word_are_one(spellings: str, word: str) -> None:
    assert set(words(spellings)) - {"million", "thousand", "m", "mn"} == {word}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12kg 12 kg", ["12", "kg", "12", "kg"]),
        ("4km²", ["4", "km2"]),
        ("the 3rd of the 1980s", ["the", "3rd", "of", "the", "1980s"]),
        ("part 12AB34", ["part", "12ab34"]),
        ("A4 MP3 B2B", ["a4", "mp3", "b2b"]),
        ("version 3.11.2", ["version", "3", "11", "2"]),
        ("in 2014 300 came", ["in", "2014", "300", "came"]),
        ("1.5 m of it", ["1.5", "m", "of", "it"]),
        ("one of them, one thousand", ["one", "of", "them", "1000", "thousand"]),
        ("It is mine. I go. A dog", ["it", "is", "mine", "i", "go", "a", "dog"]),
        ("O’Brien's don't", ["o", "brien", "s", "don", "t"]),
        ("snake_case www.example.com", ["snake", "case", "www", "example", "com"]),
        ("20 8", ["20", "8"]),
        ("?! … —", []),
    ],
)
def test_what_is_not_one_word_stays_apart(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("学生在南京学习历史。", ["学生", "南京", "历史"]),
        ("図書館は京都にあります。", ["図書館", "京都"]),
        ("ห้องสมุดเปิดวันจันทร์", ["เปิด", "จันทร์"]),
        ("បណ្ណាល័យបើកពីថ្ងៃច័ន្ទ", ["បណ្ណាល័យ", "ពី"]),
        ("हिन्दी में लिखा है।", ["हिन्दी", "में", "लिखा", "है"]),
        ("도서관은 월요일에 엽니다", ["도서관은", "월요일에"]),
        ("2024年5月的iPhone15", ["2024", "年", "5", "iphone15"]),
    ],
)
def test_what_has_no_spaces_is_cut_into_words(text: str, some: list[str]) -> None:
    found = words(text)
    assert set(some) <= set(found)
    assert not any(character in "。।" for word in found for character in word)


@pytest.mark.parametrize(
    "text", ["Frau Hil\u00adde\u00adbrandt paid €1.25m.", "😀 在南京 U. S. aid", "Zoe\u0308’s 5km"]
)
def test_each_word_says_where_it_stands(text: str) -> None:
    """The places follow each other and hold every letter and digit."""
    found = list(words_of(text, ENGLISH))
    covered = {place for word in found for place in range(word.start, word.end)}
    assert all(place in covered for place, char in enumerate(text) if char.isalnum())
    assert all(text[word.start : word.end].strip() for word in found)


@pytest.mark.parametrize(
    "text",
    [
        "The harbour’s walk-in quay (of oak) isn't “open” – so, who cares?",
        "It has seven berths.",
        "The quay is of oak. It is new.",
        "Zo\u00eb came at 7:30 with the U.S. crew.",
        "Is it I.",
        "One of them is twenty-one.",
        "",
    ],
)
def test_the_quick_way_finds_the_same_words(text: str) -> None:
    assert texts_of(text, ENGLISH) == [word.text for word in words_of(text, ENGLISH)]
