"""Texts of each form have their turns and no others; texts of no form have none."""

from pathlib import Path

import pytest

from index.attribution.forms.table import FORMS, LINES
from index.documents import Document, Source
from index.reading.files import read
from tests.conftest import ATTRIBUTOR
from tests.index.attribution.forms.texts import SILENT, SPOKEN, text_and_turns


def turns_in(name: str, text: str) -> list[tuple[str | None, list[str]]]:
    """What the forms find, as the file is read; white space as one space."""
    reading = read(Path(name).suffix, text.encode())
    source = Source(name, name, reading.title or name, "1", reading.published, reading.byline)
    document = Document(source, reading.text, (), reading.structure)
    return [
        (said.speaker, [" ".join(document.text[s.start : s.end].split()) for s in said.content])
        for said in ATTRIBUTOR.attribute(document)
        if said.found_by in {*FORMS, *LINES}
    ]


@pytest.mark.parametrize("name", SPOKEN)
def test_each_turn_is_its_speakers(name: str) -> None:
    """Under the fullest name, without label, time, stage direction, greeting and signature."""
    text, turns = text_and_turns(SPOKEN[name])
    found = [(speaker, " ".join(words)) for speaker, words in turns_in(name, text)]
    assert found == [(speaker, " ".join(" ".join(words).split())) for speaker, words in turns]


@pytest.mark.parametrize("name", SILENT)
def test_what_is_no_talk_has_no_turns(name: str) -> None:
    assert turns_in(name, SILENT[name]) == []


def test_each_mail_of_a_thread_has_its_day() -> None:
    """That of the head, or of the line that says who wrote what is quoted."""
    text = (
        "From: Ana Souza <ana@example.org>\nDate: Thu, 12 Jun 2025 09:02:11 +0200\n\n"
        "We should wait.\n\n"
        "On Wed, Jun 11, 2025 at 5:15 PM Ben Okoro <ben@example.org> wrote:\n> It rains in.\n"
    )
    document = Document(Source("t", "t.txt", "t", "1"), text)
    days = [said.occasion and said.occasion.time for said in ATTRIBUTOR.attribute(document)]
    assert days == ["2025-06-12T09:02:11+02:00", "Wed, Jun 11, 2025 at 5:15 PM"]
