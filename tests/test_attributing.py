"""Who said what, and as what: direct or indirect, denied, reported by another."""

from collections.abc import Sequence

import pytest

from index.attributing import attribute
from index.cues import ENGLISH, Cues
from index.documents import Document, Source, Statement
from index.parsing import PACKAGED_MODELS, SpacyParser
from tests.conftest import SEED

PARSER = SpacyParser(PACKAGED_MODELS["en"])


def statements(text: str) -> Sequence[Statement]:
    return attribute(Document(Source("d", "d.txt", "D", "1"), text), PARSER)


def said(text: str) -> list[tuple[str | None, str]]:
    """(speaker, content) of each statement."""
    return [
        (s.speaker, " ".join(text[span.start : span.end] for span in s.content))
        for s in statements(text)
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Ada Lovelace said that engines can compute.", "Ada Lovelace", "that engines can compute"),
        ("Engines can compute, Ada Lovelace said.", "Ada Lovelace", "Engines can compute"),
        ("According to Ada Lovelace, engines can compute.", "Ada Lovelace", "engines can compute"),
        ("“Engines can compute,” said Ada Lovelace.", "Ada Lovelace", "“Engines can compute,”"),
        ("Ada Lovelace called for better engines.", "Ada Lovelace", "better engines"),
        ("Ada Lovelace promised to build an engine.", "Ada Lovelace", "to build an engine"),
        ("Ada Lovelace criticized the design.", "Ada Lovelace", "the design"),
        ("Ada Lovelace, who said that it works, left.", "Ada Lovelace", "that it works"),
        ("Ada Lovelace’s remark about the engine was printed.", "Ada Lovelace", "the engine"),
    ],
)
def test_a_statement_has_its_speaker_and_its_content(text: str, speaker: str, content: str) -> None:
    """In each of the forms that English has for it."""
    assert (speaker, content) in said(text)


def test_what_nobody_says_is_no_statement() -> None:
    """Nor is a title in quotation marks."""
    assert said("The bridge fell in May. It was painted green.") == []
    assert said("The film “A Long Day” opens in May.") == []


def test_a_quotation_goes_on_behind_its_cue() -> None:
    """Into the next sentences and paragraphs, until it closes."""
    text = (
        "“We won,” Ada Byron said. “It was hard.”\n“It was worth it.”\nThe crowd left the square."
    )
    ((speaker, content),) = said(text)
    assert speaker == "Ada Byron"
    assert content == "“We won,” “It was hard.” “It was worth it.”"


def test_direct_indirect_and_mixed_speech_are_told_apart() -> None:
    """By what of the content stands in quotation marks."""
    text = (
        "“We won,” Ada Byron said.\nAda Byron said that they won.\n"
        "Ada Byron said that it was “a hard day” for them."
    )
    assert [s.speech for s in statements(text)] == ["direct", "indirect", "mixed"]


def test_a_denial_and_a_hedge_are_kept() -> None:
    """ "Did not say" is not "said", nor is "reportedly said"."""
    text = (
        "Ada Byron did not say that they won.\nAda Byron reportedly said that they won.\n"
        "Ada Byron said that they won."
    )
    assert [(s.negated, s.hedged) for s in statements(text)] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_who_reports_what_another_said_is_kept_too() -> None:
    """Both are credited: the speaker with the words, the reporter with reporting them."""
    text = "Ada Byron said it was broken, according to the Daily Post."
    by = {s.speaker: s.reported_by for s in statements(text)}
    assert by == {"Ada Byron": "Daily Post", "Daily Post": None}


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            "President Ada Byron came to Rome. Byron said that it rained.",
            ["Ada Byron"],
        ),
        (
            "Ada Byron met Charles Babbage. She said that it rained.",
            ["Ada Byron"],
        ),
        (
            "Mr. Lee Park met Ms. Kim Song. “It rained,” he said. “It did,” she added.",
            ["Lee Park", "Kim Song"],
        ),
        (
            "Tajik President Ali Sho came. The Tajik leader said that it rained.",
            ["Ali Sho"],
        ),
        (
            "Prices rose. They said that it rained.",
            [None],
        ),
    ],
)
def test_a_speaker_is_called_by_the_fullest_name(text: str, speakers: list[str | None]) -> None:
    """A surname, a pronoun and a description stand for it; unknown is unknown."""
    assert [s.speaker for s in statements(text)] == speakers


def test_the_head_of_a_party_in_brackets_is_no_speaker() -> None:
    """ "Sen. Jo Hill (R-Ohio) said" credits Jo Hill."""
    assert said("Sen. Jo Hill (R-Ohio) said that it rained.")[0][0] == "Jo Hill"
    assert said("LONDON (Reuters) - Jo Hill said that it rained.")[0][0] == "Jo Hill"


def test_every_statement_of_the_sample_is_found() -> None:
    """Nine by Rahmon, under four names, Putin's two, both sides' one and the reporter's."""
    text = SEED.read_text("utf-8")
    found = statements(text)
    by = [s.speaker for s in found]
    assert by.count("Emomali Rahmon") == 9
    assert by.count("Putin") == 2
    assert "Both sides" in by
    printed = {
        text[s.as_printed.start : s.as_printed.end] for s in found if s.speaker == "Emomali Rahmon"
    }
    assert {"Tajik President Emomali Rahmon", "Rahmon", "him", "Tajik leader"} <= printed
    remark = next(s for s in found if text[s.cue.start : s.cue.end] == "remark")
    assert (remark.speaker, remark.reported_by) == ("Putin", "EuarasiaNet.org")


def test_a_document_that_contradicts_itself_says_so() -> None:
    """One name with two nations' offices: a misprint merges nobody."""
    found = statements(SEED.read_text("utf-8"))
    noted = {s.speaker: s.contradiction for s in found if s.contradiction}
    assert noted == {"Emomali Rahmon": ("Tajik President", "Russian president")}


def test_cues_are_known_in_their_inflected_forms() -> None:
    """So that only sentences that may hold one have to be parsed."""
    for form in ("said", "says", "underlined", "denied", "denies", "told", "promising"):
        assert ENGLISH.may_be_among([form]), form
    assert not ENGLISH.may_be_among(["bridge", "fell"])
    assert Cues("sing: obj").takes("sing", "obj")
    assert not Cues("sing: obj").takes("sing", "ccomp")
