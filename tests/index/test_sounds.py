"""A name is told by its sound, whatever its script and spelling."""

import pytest

from index.sounds import cognate, consonants, end_alike, sound_distance


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Соколова", "Sokolova"),
        ("Соколовой", "Sokolova"),
        ("Хольт", "Holt"),
        ("Тихоновым", "Tikhonov"),
        ("Чернышевского", "Chernyshevsky"),
        ("Вучкович", "Vučković"),
        ("Ιωαννίδης", "Ioannidis"),
        ("سليمان", "Suleiman"),
        ("Щербаков", "Schtscherbakow"),
        ("Oustinov", "Ustinov"),
        ("Jerofejew", "Yerofeyev"),
        ("Zhukov", "Schukow"),
    ],
)
def test_a_name_sounds_alike_in_two_scripts_and_spellings(asked: str, name: str) -> None:
    assert sound_distance(asked, name) is not None
    assert not consonants(asked).isdisjoint(consonants(name))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Соколова", "Smirnova"),
        ("Хольт", "Hill"),
        ("Ким", "Kemp"),
        ("Marsh", "Mersch"),
        ("رن", "Rn"),
    ],
)
def test_other_names_do_not(asked: str, name: str) -> None:
    assert sound_distance(asked, name) is None


def test_an_inflected_name_ends_otherwise() -> None:
    assert end_alike("Хольт", "Holt")
    assert not end_alike("Хольта", "Holt")


def test_words_of_one_origin_begin_alike() -> None:
    assert cognate("студентах", "student") == len("student")
    assert cognate("Studenten", "students")
    assert not cognate("порт", "export")
    assert not cognate("мост", "monument")
