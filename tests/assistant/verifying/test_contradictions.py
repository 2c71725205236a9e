"""Sources that clearly disagree are put side by side; all others are left alone."""

from __future__ import annotations

import pytest

from assistant.answers import Citation, CitedSpeaker
from assistant.chat import Assistant
from assistant.languages import speaking
from assistant.rendering.answers import to_dict, to_html, to_markdown, to_terminal
from assistant.verifying.contradictions import find_contradictions
from index.documents import LOCAL_USER, Source, Span
from index.english.quantities import quantities
from tests.conftest import MakeCollection


def cite(number: int, quote: str, *, speaker: str = "", document: str = "") -> Citation:
    """A citation of these words, from a document of its own unless one is named."""
    name = document or f"paper-{number}.txt"
    return Citation(
        number=number,
        source=Source(name, name, name, "1", published=f"2016-05-0{number}"),
        span=Span(0, len(quote)),
        quote=quote,
        passage=Span(0, len(quote)),
        prefix="",
        suffix="",
        speaker=CitedSpeaker(speaker, speaker) if speaker else None,
    )


def disagreements(one: str, other: str, speakers: tuple[str, str] = ("", "")) -> list[str]:
    """What the two are said to disagree about."""
    citations = cite(1, one, speaker=speakers[0]), cite(2, other, speaker=speakers[1])
    return [contradiction.about for contradiction in find_contradictions(citations)]


def test_two_numbers_for_the_same_thing_are_put_side_by_side() -> None:
    """With who says which, and when."""
    (found,) = find_contradictions(
        (
            cite(1, "About 20,000 Tajik students study at Russian universities."),
            cite(
                2, "More than 30,000 Tajik students study at Russian universities.", speaker="Lee"
            ),
        )
    )
    assert found.citations == (1, 2)
    assert found.about == "Tajik students study"
    assert found.what == (
        "20,000 [1] (paper-1.txt, 2016-05-01), but 30,000 [2] (Lee, paper-2.txt, 2016-05-02)"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The fire in the old market killed 12 people.",
            "The fire in the market killed 15 people.",
        ),
        ("The bridge cost $3 million to build.", "The bridge cost $4.5 million to build."),
        ("The tax on bread rises by 5 percent.", "The tax on bread rises by 7 %."),
        ("Twelve members voted for the budget.", "Thirteen members voted for the budget."),
        ("The harbour has 3 cranes, and 40 boats.", "The harbour has 3 cranes, and 50 boats."),
    ],
)
def test_what_cannot_both_be_true_is_found(one: str, other: str) -> None:
    """Counts, money, shares, in figures and in words."""
    assert disagreements(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the same number, or one that allows the other
        ("About 20,000 people visit the museum.", "Some 20,500 people visit the museum."),
        ("More than 20,000 people visit the museum.", "30,000 people visit the museum."),
        ("1,200 people visit the old museum.", "1,214 people visit the old museum."),
        # another time, place, person or thing
        ("In 2014, 20 ships left the harbour.", "In 2015, 30 ships left the harbour."),
        ("20 ships left the old harbour.", "30 ships left the old harbour on Monday."),
        ("20 ships left the old harbour.", "30 ships left the old harbour last year."),
        ("20 ships left the harbour of Arden.", "30 ships left the harbour of Brill."),
        ("The fire killed 20 people there.", "The fire injured 50 people there."),
        ("He won 20 games of chess at school.", "He won 30 games of chess at school."),
        ("We have 20 ships in the harbour.", "We have 30 ships in the harbour."),
        (
            "In the old market of the town 20 stalls stand by the fountains.",
            "In the old market of the town stalls stand by the 30 fountains.",
        ),
        ("The tax on bread rises by 5 percent.", "The tax on bread rises by 7 percent points."),
        # too little in common to tell
        ("20 people came.", "30 people came."),
        ("20 people came to the opening.", "The council spent 30 minutes on the roof."),
        # no quantities
        ("The council met on May 5 in the hall.", "The council met on May 7 in the hall."),
        ("Apollo 11 astronauts saw the moon.", "Apollo 12 astronauts saw the moon."),
        ("The margin of error is plus or minus 3 points.", "The margin of error is 4 points."),
        ("The tax rose from 3 to 5 percent in May.", "The tax rose from 3 to 7 percent in May."),
        ("Did 20 ships leave the harbour?", "Did 30 ships leave the harbour?"),
        # negations by nobody in particular
        ("The bridge will open in May.", "The bridge will not open in May."),
    ],
)
def test_what_may_both_be_true_is_left_alone(one: str, other: str) -> None:
    assert disagreements(one, other) == []


def test_it_is_said_what_they_disagree_about() -> None:
    """By the things that are counted; for money and shares by what both say."""
    cost = "The bridge cost {} million to build."
    assert disagreements(cost.format("$3"), cost.format("$4.5")) == ["bridge cost build"]
    fire = "The fire in the old market killed {} people."
    assert disagreements(fire.format(12), fire.format(15)) == ["people"]


def test_one_speaker_who_says_it_and_the_contrary_is_shown_with_both() -> None:
    """In two documents; another speaker may well say the contrary."""
    said, denied = "We will close the school in Arden.", "We will not close the school in Arden."
    assert disagreements(said, denied, ("Ann Lee", "Ann Lee")) == ["what Ann Lee said"]
    assert disagreements(said, denied, ("Ann Lee", "Bo Ray")) == []
    shortened = "We won’t close the school in Arden."
    assert disagreements(said, shortened, ("Ann Lee", "Ann Lee")) == ["what Ann Lee said"]
    (found,) = find_contradictions(
        (cite(1, denied, speaker="Ann Lee"), cite(2, said, speaker="Ann Lee"))
    )
    assert found.what.startswith(f"“{said}” [2]")
    two, three = "We will close 2 schools in Arden.", "We will not close 3 schools in Arden."
    assert disagreements(two, three, ("Ann Lee", "Ann Lee")) == []
    his = "He will close the school in Arden.", "He will not close the school in Arden."
    assert disagreements(*his, ("Ann Lee", "Ann Lee")) == [], "he may be two people"
    same = [
        cite(n, words, speaker="Ann Lee", document="a") for n, words in ((1, said), (2, denied))
    ]
    assert find_contradictions(same) == ()


def test_a_quantity_is_what_is_counted_how_much_and_how_exactly() -> None:
    (found,) = quantities("Nearly 20 thousand of our young citizens study there.")
    assert (found.things, found.unit) == (("young", "citizens", "study"), "")
    assert (found.least, found.most) == (16_000, 20_000)
    assert [
        q.printed for q in quantities("On page 3 of 10-12 pages, 5 to 7 men, 1990s, 3rd.")
    ] == []


def test_an_answer_shows_its_contradictions_everywhere(make_collection: MakeCollection) -> None:
    """From two real documents to JSON, Markdown, HTML and the terminal."""
    collection = make_collection(
        {
            "herald.txt": "The new museum on the square has 400 paintings by local artists.",
            "gazette.txt": "The new museum on the square has 900 paintings by local artists.",
        }
    )
    asked = "How many paintings does the new museum on the square have?"
    answer = Assistant(collection.open_index()).ask(asked, principal=LOCAL_USER)
    assert len(answer.citations) == 2
    data = to_dict(answer)
    (found,) = data["contradictions"]
    assert found["citations"] == [1, 2]
    assert "paintings" in found["about"]
    for shown in (data["text"], to_markdown(answer), to_html(answer), to_terminal(answer, 500)):
        assert "The sources disagree about paintings" in shown
        assert "400 [1]" in shown or "900 [1]" in shown
        assert "900 [2]" in shown or "400 [2]" in shown
    with speaking("ru"):
        assert ", но " in to_dict(answer)["contradictions"][0]["what"]


def test_an_answer_without_contradictions_says_nothing_of_them(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("what did Rahmon say about students?", principal=LOCAL_USER)
    assert to_dict(answer)["contradictions"] == []
    assert "disagree" not in to_terminal(answer)


def test_millions_are_as_exact_as_they_are_printed() -> None:
    """Half a unit of the last digit: 83 million is not 91, but may be 83.4."""
    cost = "The new bridge over the river cost {} million euros."
    assert disagreements(cost.format(83), cost.format(91))
    assert not disagreements(cost.format(83), cost.format("83.4"))
