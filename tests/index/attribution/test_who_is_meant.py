"""Whoever is meant by a pronoun, a description or a part of a name is credited; else nobody."""

import pytest

from index.documents import Document, Source
from tests.conftest import ATTRIBUTOR
from tests.index.attribution.test_attributing import said


def speakers(text: str) -> list[str | None]:
    return [speaker for speaker, _ in said(text)]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Nils Aune fished here for years. “The sea is empty,” the fisherman said.", "Nils Aune"),
        ("Nils Aune teaches Latin. He is ill. “I go on,” the teacher said.", "Nils Aune"),
        ("Nils Aune, 58, left. Ida Falk stayed. “I go,” the 58-year-old said.", "Nils Aune"),
        ("The mayor said it would rain. Mayor Ida Falk left at noon.", "Ida Falk"),
        ("“I am lost,” she said. The guide, Ida Falk, then sat down.", "Ida Falk"),
        ("Former Lake Arden striker Nils Aune agreed. “It is over,” he said.", "Nils Aune"),
        ("Poor Emma sat down. “I am cold,” said Emma.", "Emma"),
        ("Old Henry sat down. “I am cold,” he said. “Cold?” “Yes!” cried Henry. “Go.”", "Henry"),
        ("Ida Halvorsen owns the mill. Halvorson said that it would close.", "Ida Halvorsen"),
        ("Ida Falk QC said that it would close.", "Ida Falk"),
        ("Emma Falk blamed his nets. “They tore,” she said.", "Emma Falk"),
        ("Cllr Ida Falk said that it would close.", "Ida Falk"),
        ("A handful of traders said that it would close.", "A handful of traders"),
    ],
)
def test_whoever_can_be_told_is_credited(text: str, speaker: str) -> None:
    """By what they do, their age, who is named later, the longest name, a slip."""
    assert speakers(text)[0] == speaker


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nordlys said it had lost a ship. The company added that the crew was safe.",
            ["Nordlys", "Nordlys"],
        ),
        (
            "The Sea Rescue Society (SRS) said that it was late. The SRS warned that it was cold.",
            ["Sea Rescue Society", "Sea Rescue Society"],
        ),
        (
            "Solvind AG said that a plant would open. The firm added that it was proud.",
            ["Solvind AG", "Solvind AG"],
        ),
        (
            "The harbour master said that it was late. “Go home!” he shouted.",
            ["The harbour master", "The harbour master"],
        ),
    ],
)
def test_organizations_and_offices_are_meant_again(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Nils Aune was arrested in May. The prosecutor said that he had lied.", "The prosecutor"),
        ("Ida Falk said that she was ill. The company said that it was sorry.", "The company"),
        ("Ida Falk said it was late. The agency said that it was early.", "The agency"),
    ],
)
def test_nearness_alone_is_no_reason(text: str, speaker: str) -> None:
    """The prosecutor is not the accused, and a person is no company."""
    assert speakers(text)[-1] == speaker


def test_who_is_quoted_by_another_one_has_the_words() -> None:
    """As reported by that one; a pronoun in a quotation stands for nobody who can be told."""
    text = "“My brother always said, ‘Never trust the ice,’” Ida Falk recalled."
    assert ("My brother", "‘Never trust the ice,’") in said(text)
    assert len(said("“He said, ‘Never trust the ice,’” Ida Falk recalled.")) == 1


def test_in_a_tale_first_names_are_people_and_deeds_are_none() -> None:
    """Who moves beside a quotation says it."""
    text = (
        "“Is it far?” asked Emma.\n\n“Very far,” said Henry.\n\n"
        "Emma laughed. “Then let us start.”\n\n“Now?” he said.\n\nHe called for his horse."
    )
    assert said(text) == [
        ("Emma", "“Is it far?”"),
        ("Henry", "“Very far,”"),
        ("Emma", "“Then let us start.”"),
        ("Henry", "“Now?”"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "„Die Schule bleibt am Montag zu“, sagte die Leiterin Karin Voss. "
            "Der Landrat erklärte, die Straße sei gesperrt.",
            [
                ("Karin Voss", "„Die Schule bleibt am Montag zu“"),
                ("Landrat", "die Straße sei gesperrt"),
            ],
        ),
        (
            "« La rivière est montée cette nuit », a déclaré le maire Luc Moreau.",
            [("Luc Moreau", "« La rivière est montée cette nuit »")],
        ),
        (
            "«El río ha subido esta noche», dijo la alcaldesa Rosa Pérez en la radio.",
            [("Rosa Pérez", "«El río ha subido esta noche»")],
        ),
        (
            "«Река поднялась этой ночью», — сказала мэр Анна Петрова журналистам.",
            [("Анна Петрова", "«Река поднялась этой ночью»")],
        ),
    ],
)
def test_quotations_have_speakers_in_languages_without_a_parser(
    text: str, expected: list[tuple[str, str]]
) -> None:
    document = Document(Source("d", "d.txt", "D", "1"), text)
    assert [
        (s.speaker, text[s.content[0].start : s.content[0].end])
        for s in ATTRIBUTOR.attribute(document)
    ] == expected
