"""Turns of a transcript: who speaks by the form, and what looks like it and is none."""

import pytest

from index.attribution.attributing import attribute
from index.attribution.forms.table import FORMS
from index.documents import LOCAL_USER, Document, Source, Statement
from tests.conftest import ATTRIBUTOR, MakeCollection

HEARING = """Inquiry into the closing of the mill

Present: Ann Orr and David Holt

MS ORR: When did the roof fall in? Were you there?

MR HOLT: It fell in March. The surveyor said that the beams were rotten.

(Laughter.)

I said that we should wait.

MS ORR: Who decided to wait?

MR HOLT: “Nobody did.”

The inquiry goes on in June.
"""


def found(text: str) -> tuple[Statement, ...]:
    language = ATTRIBUTOR.language("The mayor said that the bridge would open in May.")
    assert language is not None
    document = Document(Source("d", "d.txt", "D", "1"), text)
    return attribute(document, language.parser, language.cues)


def turns(text: str) -> list[tuple[str | None, list[str]]]:
    return [
        (s.speaker, [text[span.start : span.end] for span in s.content])
        for s in found(text)
        if s.found_by in FORMS
    ]


def test_turns_are_their_speakers_words() -> None:
    """Under the full name, without the label, over paragraphs; the last one is one paragraph."""
    assert turns(HEARING) == [
        ("Ann Orr", ["When did the roof fall in? Were you there?"]),
        (
            "David Holt",
            [
                "It fell in March. The surveyor said that the beams were rotten.",
                "I said that we should wait.",
            ],
        ),
        ("Ann Orr", ["Who decided to wait?"]),
        ("David Holt", ["“Nobody did.”"]),
    ]
    assert all(s.speech == "direct" and s.cue is None for s in found(HEARING) if s.cue is None)


def test_whom_a_speaker_quotes_is_found_within_the_turn() -> None:
    """With who reports it; "I" is the speaker."""
    inner = [
        (s.speaker, s.reported_by, HEARING[s.content[0].start : s.content[-1].end])
        for s in found(HEARING)
        if s.found_by not in FORMS
    ]
    assert inner == [
        ("The surveyor", "David Holt", "that the beams were rotten"),
        ("David Holt", None, "that we should wait"),
    ]


def test_times_and_wrapped_lines_are_part_of_no_turn() -> None:
    text = (
        "[09:02] Anna: The build is green again, as far as I can\nsee from here.\n"
        "[09:04] Boris: Then we ship on Monday.\n[09:05] Anna: Agreed.\n"
        "[09:06] Boris: Good.\n"
    )
    assert [speaker for speaker, _ in turns(text)] == ["Anna", "Boris", "Anna", "Boris"]
    assert turns(text)[1][1] == ["Then we ship on Monday."]


def test_who_is_only_called_q_is_nobody() -> None:
    """And their words are not those of the speaker before."""
    text = "Q: Is it bad?\nAnna: Yes, it is.\nQ: Can it recover?\nAnna: Some of it can.\n"
    assert turns(text) == [("Anna", ["Yes, it is."]), ("Anna", ["Some of it can."])]


@pytest.mark.parametrize(
    "text",
    [
        "Ingredients: two eggs.\nMethod: Beat the eggs.\nServes: four.\nMethod: Wait.\n",
        "Name: Anna\nCity: Oslo\nName: Boris\nCity: Rome\nName: Clara\nCity: Paris\n",
        "Anna: 24\nBoris: 17\nAnna: 12\nBoris: 9\nAnna: 3\n",
        "Iron: A metal that rusts.\nGold: A metal that shines.\nTin: It is soft.\nLead: Heavy.\n",
        "Build: It compiles.\nDeploy: It runs.\nBuild: It compiles again.\nDeploy: It ran.\n",
        "From: Anna\nTo: Boris\nSubject: Tea.\nDate: Monday.\nFrom: Boris\nTo: Anna\n",
        "Anna: She was born in Oslo.\nBoris: He was born in Rome.\nClara: She lives in Paris.\n",
        "Anna: 24 votes.\nBoris: 17 votes.\nAnna: 12 votes.\nBoris: 9 votes.\nAnna: 3 votes.\n",
        "$ git log\nAnna: a commit.\n$ make\nError: no rule.\nError: stopped.\nWarning: old.\n",
    ],
)
def test_what_is_no_talk_has_no_turns(text: str) -> None:
    """Recipes, records, tables, definitions, steps, heads of mails, lists of people, logs."""
    assert turns(text) == []


def test_a_headline_with_a_colon_is_no_turn() -> None:
    text = "Holt: mill will not close\n\n" + HEARING.partition("\n\n")[2]
    assert turns(text)[0] == ("Ann Orr", ["When did the roof fall in? Were you there?"])


def test_a_body_with_a_topic_behind_a_colon_says_nothing() -> None:
    """As minutes are headed; one that asserts something does."""
    assert found("Garden Society: committee meeting\n\nPresent: Ann Orr (chair).") == ()
    (said,) = found("Garden Society: the pond will not be filled\n\nPresent: Ann Orr (chair).")
    assert said.found_by == "headline"


def test_turns_are_kept_and_found(make_collection: MakeCollection) -> None:
    """From the catalog as they were attributed."""
    made = make_collection({"hearing.txt": HEARING})
    kept = [hit.statement for hit in made.open_index().view_of(LOCAL_USER).statements()]
    assert [s for s in kept if s.found_by in FORMS] == [
        s for s in found(HEARING) if s.found_by in FORMS
    ]
