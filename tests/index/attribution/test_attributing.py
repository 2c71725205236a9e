"""Who said what, and as what: direct or indirect, denied, reported by another."""

from collections.abc import Sequence

import pytest

from index.attribution.attributing import attribute
from index.attribution.cues import ENGLISH_CUES, Cues
from index.attribution.parsing import PACKAGED_MODELS, SpacyParser
from index.documents import Document, Source, Statement
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
    assert said("Let's say the bridge falls in May.") == []
    assert said("Drivers who leave early: ask the office for the keys.") == []


def test_a_quotation_goes_on_behind_its_cue() -> None:
    """Into the next sentences and paragraphs, until it closes."""
    text = "“We won,” Ada Byron said. “It was hard.\n“It was worth it.”\nThe crowd left the square."
    ((speaker, content),) = said(text)
    assert speaker == "Ada Byron"
    assert content == "“We won,” “It was hard. “It was worth it.”"


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


@pytest.mark.parametrize(
    "text",
    [
        "Asked about sugar, Jo Hill said: “It is sweet.”",
        "When asked about sugar, Jo Hill said: “It is sweet.”",
        "Told that the cliff had moved, Jo Hill said: “It is sweet.”",
        "Accused of lying by Kim Song, Jo Hill said: “It is sweet.”",
    ],
)
def test_whoever_is_asked_or_told_does_not_say_it(text: str) -> None:
    """The answer is all that is theirs."""
    assert said(text) == [("Jo Hill", "“It is sweet.”")]


def test_whoever_asks_is_credited_with_it() -> None:
    """In a passive participle; and a perfect one has the sentence's subject."""
    text = "Urged by Kim Song to leave, Jo Hill said that she would stay."
    assert ("Kim Song", "to leave") in said(text)
    text = "Having warned that it rained, Jo Hill said that she would stay."
    assert ("Jo Hill", "that it rained") in said(text)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "Jo Hill said that it would end “before the snow.”",
            "that it would end “before the snow.”",
        ),
        ('Jo Hill called the plan "a disgrace".', 'the plan "a disgrace"'),
        ("Jo Hill said that “nobody came”, and left.", "that “nobody came”, and left"),
    ],
)
def test_a_quotation_is_not_parted_from_its_marks(text: str, content: str) -> None:
    """Where what is said ends with it."""
    assert content in [words for _, words in said(text)]


@pytest.mark.parametrize(
    ("text", "reporter", "content"),
    [
        ("The Daily Post quoted Jo Hill as saying that it rained.", "Daily Post", "that it rained"),
        ("The Daily Post cited Jo Hill as saying that it rained.", "Daily Post", "that it rained"),
        ("The Daily Post quoted Jo Hill as saying: “It rained.”", "Daily Post", "“It rained.”"),
        ("“It rained,” the Daily Post quoted Jo Hill as saying.", "Daily Post", "“It rained,”"),
        ("Jo Hill was quoted by Interfax as saying that it rained.", "Interfax", "that it rained"),
        ("Jo Hill was quoted as saying that it rained.", None, "that it rained"),
        ("It rained heavily, Jo Hill was quoted as saying.", None, "It rained heavily"),
        ("Jo Hill is reported to have said that it rained.", None, "that it rained"),
    ],
)
def test_whoever_is_quoted_is_the_speaker(text: str, reporter: str | None, content: str) -> None:
    """And whoever quotes them only reports it."""
    (statement,) = statements(text)
    assert (statement.speaker, statement.reported_by) == ("Jo Hill", reporter)
    assert said(text) == [("Jo Hill", content)]


@pytest.mark.parametrize(
    ("said", "reporter"),
    [
        ("it was broken", "Daily Post"),
        ("it was particularly important that engine instruction be improved", "DailyPost.org"),
    ],
)
def test_who_reports_what_another_said_is_kept_too(said: str, reporter: str) -> None:
    """Both are credited: the speaker with the words, the reporter with reporting them. A parser
    may take the end of a long sentence for a part of what is said."""
    text = f"Ada Byron said {said} in her country, according to {reporter}."
    by = {s.speaker: s.reported_by for s in statements(text)}
    assert by == {"Ada Byron": reporter, reporter: None}


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


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The Ministry of Health said that it rained.", "Ministry of Health"),
        ("“It rained,” said the Bank of England.", "Bank of England"),
        ("The Chamber of Trade and Industry said that it rained.", "Chamber of Trade and Industry"),
        ("The Ministry of Affairs of Norway said that it rained.", "Ministry of Affairs of Norway"),
        ("Jo Hill of the Ministry of Health said that it rained.", "Jo Hill"),
        ("The Rev. Jo Church of Boston said that it rained.", "Jo Church"),
    ],
)
def test_of_belongs_to_the_name_of_an_institution(text: str, speaker: str) -> None:
    """And not to a person's."""
    assert [s.speaker for s in statements(text)] == [speaker]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Ada Hill spoke. Neither Hill nor Song said that it rained.", "Hill"),
        ("It opens in May. Nordwind AG said that it rained.", "Nordwind AG"),
        ("It ended As Blaise Pascal said that it rained.", "Blaise Pascal"),
        ("Both sides said that it rained.", "Both sides"),
    ],
)
def test_a_speaker_is_printed_without_what_begins_no_name(text: str, printed: str) -> None:
    """A conjunction, or the end of the sentence before."""
    (statement,) = statements(text)
    assert text[statement.as_printed.start : statement.as_printed.end] == printed


def test_what_neither_says_is_not_said() -> None:
    """And "neither" is no part of a name."""
    text = "Ada Hill met Kim Song. Neither Hill nor Song mentioned the rain."
    assert [(s.speaker, s.negated) for s in statements(text)] == [("Ada Hill", True)]
    text = "Neither of them mentioned the rain."
    assert [(s.speaker, s.negated) for s in statements(text)] == [(None, True)]
    assert not statements("Jo Hill mentioned neither the rain nor the snow.")[0].negated


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
    remark = next(s for s in found if text[s.said_at.start : s.said_at.end] == "remark")
    assert (remark.speaker, remark.reported_by) == ("Putin", "EuarasiaNet.org")


def test_a_document_that_contradicts_itself_says_so() -> None:
    """One name with two nations' offices: a misprint merges nobody."""
    found = statements(SEED.read_text("utf-8"))
    noted = {s.speaker: s.contradiction for s in found if s.contradiction}
    assert noted == {"Emomali Rahmon": ("Tajik President", "Russian president")}


@pytest.mark.parametrize(
    "text",
    [
        "“Trade grows,” Kazakh president Aida Serik said. French president Luc Amary and Aida "
        "Serik met in May.",
        "“Trade grows,” Kazakh president Aida Serik said. The then-Uzbek president Aida Serik "
        "had left.",
    ],
)
def test_an_office_of_another_or_of_another_time_contradicts_nothing(text: str) -> None:
    assert not any(said.contradiction for said in statements(text))


def test_cues_are_known_in_their_inflected_forms() -> None:
    """So that only sentences that may hold one have to be parsed."""
    for form in ("said", "says", "underlined", "denied", "denies", "told", "promising"):
        assert ENGLISH_CUES.may_be_among([form]), form
    assert not ENGLISH_CUES.may_be_among(["bridge", "fell"])
    assert Cues("sing: obj").takes("sing", "obj")
    assert not Cues("sing: obj").takes("sing", "ccomp")


@pytest.mark.parametrize(
    "dateline",
    [
        "ALDERTON, 12 February 2024 – ",
        "ALDERTON, Feb. 12, 2024 (Post) - ",
        "Alderton, 12 February – ",
        "Alderton (Post) -- ",
        "ÖREBRO (Post) - ",
    ],
)
def test_the_place_before_a_report_says_nothing(dateline: str) -> None:
    """Wherever the day stands."""
    text = f"{dateline}Mayor Ada Byron said that trade grew."
    assert said(text) == [("Ada Byron", "that trade grew")]
