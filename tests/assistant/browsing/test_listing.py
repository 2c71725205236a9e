"""Speakers and statements: what is listed, as JSON, as text and as quotations."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from assistant.answering.crediting import lead
from assistant.browsing.listing import StatementListing, Wanted, gather, matching
from assistant.chat import Assistant
from assistant.errors import WrongUse
from assistant.rendering.statements import (
    details_of,
    quotation,
    speaker_to_dict,
    speakers_to_terminal,
    statement_to_dict,
    statements_to_terminal,
)
from index.documents import LOCAL_USER, Occasion, StatementHit
from tests.conftest import SEED, MakeCollection

NOTE = "The document calls Emomali Rahmon both “Tajik President” and “Russian president”."


def listed(
    assistant: Assistant,
    speaker: str | None,
    about: str | None = None,
    documents: str | None = None,
    limit: int = 50,
) -> StatementListing:
    return gather(assistant.view_of(LOCAL_USER), Wanted(speaker, about, documents, limit))


def hit_with(assistant: Assistant, words: str) -> StatementHit:
    """The seed's statement that begins with these words."""
    hits = listed(assistant, None, None, "*").hits
    return next(hit for hit in hits if hit.text.startswith(words))


def test_each_part_of_a_statement_is_the_documents_characters(seed_assistant: Assistant) -> None:
    """And all keys of the contract are there."""
    text = SEED.read_text("utf-8")
    rows = [statement_to_dict(hit) for hit in listed(seed_assistant, None, None, "*").hits]
    assert len(rows) > 10
    for row in rows:
        assert list(row) == [
            "speaker", "cue", "found_by", "speech", "negated", "hedged", "reported_by",
            "contradiction", "note", "occasion", "content", "document", "page", "link",
        ]  # fmt: skip
        assert row["cue"] in text
        assert row["speaker"]["as_printed"] in text
        for part in row["content"]:
            assert part["text"] == text[part["start"] : part["end"]]


def test_a_statement_without_a_cue_is_given_with_the_name_alone(
    seed_assistant: Assistant,
) -> None:
    """As the form of a document has it; nothing is said of how."""
    hit = hit_with(seed_assistant, "it was particularly important")
    said = replace(hit.statement, cue=None, found_by="turn", reported_by=None)
    row = statement_to_dict(replace(hit, statement=said))
    assert (row["cue"], row["found_by"]) == (None, "turn")
    assert lead(replace(hit, statement=said)) == "Emomali Rahmon:"
    assert quotation(replace(hit, statement=said)).startswith("Emomali Rahmon: it was")


@pytest.mark.parametrize(
    ("occasion", "words"),
    [
        (Occasion("turn", 14, "00:12:03"), "turn 14 of the transcript, 00:12:03"),
        (Occasion("chat", 3), "message 3 of the chat"),
        (Occasion("mail", 2, "2025-05-03T16:02:11+02:00"), "mail of 3 May 2025"),
        (Occasion("mail", 2, "Mon, 2 June"), "mail 2 of the thread, Mon, 2 June"),
        (Occasion("headline", 1), "headline"),
    ],
)
def test_a_statement_says_in_which_part_of_its_document_it_is(
    occasion: Occasion, words: str, seed_assistant: Assistant
) -> None:
    """As programs and people see it."""
    hit = hit_with(seed_assistant, "it was particularly important")
    placed = replace(hit, statement=replace(hit.statement, occasion=occasion))
    assert statement_to_dict(placed)["occasion"] == asdict(occasion)
    assert details_of(placed)[-1] == words


def test_a_statement_says_who_reports_it_and_what_contradicts_itself(
    seed_assistant: Assistant,
) -> None:
    row = statement_to_dict(hit_with(seed_assistant, "it was particularly important"))
    assert row["speaker"] == {"name": "Emomali Rahmon", "as_printed": "Rahmon"}
    assert (row["cue"], row["speech"]) == ("said", "indirect")
    assert row["reported_by"] == "EurasiaNet.org"
    assert row["contradiction"] == ["Tajik President", "Russian president"]
    assert row["note"] == NOTE


def test_a_link_leads_to_every_part_of_an_interrupted_quotation(
    make_collection: MakeCollection,
) -> None:
    """The reader highlights them all."""
    text = "“The pool is open,” Ann Lee said. “It will stay open until May.”"
    assistant = Assistant(make_collection({"pool.txt": text}).open_index())
    (hit,) = listed(assistant, "Ann Lee").hits
    assert len(hit.statement.content) == 2
    assert statement_to_dict(hit)["link"].count("at=") == 2
    assert quotation(hit) == "“The pool is open,” “It will stay open until May.” — Ann Lee"


def test_statements_come_in_reading_order(seed_assistant: Assistant) -> None:
    """Also those on a topic."""
    for speaker, about in (("Rahmon", None), (None, "cooperation")):
        hits = listed(seed_assistant, speaker, about).hits
        starts = [hit.statement.content[0].start for hit in hits]
        assert len(starts) > 1
        assert starts == sorted(starts)


def test_one_speakers_statements_come_document_by_document(
    make_collection: MakeCollection,
) -> None:
    """By whichever name each of them has, and whichever was indexed first."""
    collection = make_collection({"c.txt": "Smith said the mill was gone."})
    collection.write({"a.txt": "Smith said the mill was old."})
    collection.write({"b.txt": "John Smith said the mill was new."})
    collection.sync()
    assistant = Assistant(collection.open_index())
    names = [hit.source.name for hit in listed(assistant, "John Smith").hits]
    assert names == ["a.txt", "b.txt", "c.txt"]


def test_the_best_statements_on_a_topic_are_kept_by_a_limit(seed_assistant: Assistant) -> None:
    """And it is known how many there are."""
    cut = listed(seed_assistant, "Rahmon", limit=2)
    total = len(listed(seed_assistant, "Rahmon").hits)
    assert (len(cut.hits), cut.total) == (2, total)
    left_out = f"These are 2 of {total} statements. See all with --limit {total}."
    assert statements_to_terminal(cut).endswith(left_out)
    assert "These are" not in statements_to_terminal(listed(seed_assistant, "Rahmon", limit=total))


def test_a_name_nobody_has_gets_near_ones(seed_assistant: Assistant) -> None:
    """A small slip is understood at once."""
    assert listed(seed_assistant, "rahmno").total > 5
    said = statements_to_terminal(listed(seed_assistant, "Eurasia Networks"))
    assert said.startswith("Nobody called “Eurasia Networks” is credited with a statement.")
    assert "Did you mean EurasiaNet.org or EuarasiaNet.org?" in said
    assert "Did you mean" not in statements_to_terminal(listed(seed_assistant, "Qqqqqq"))


def test_nothing_on_a_topic_is_said_with_how_much_was_looked_at(seed_assistant: Assistant) -> None:
    said = statements_to_terminal(listed(seed_assistant, "Putin", "bananas"))
    assert said == "None of 2 statements by Putin is about “bananas”."
    said = statements_to_terminal(listed(seed_assistant, None, "bananas", "zoo*"))
    assert said == "No statement in documents called zoo* is about “bananas”."


def test_something_has_to_be_wanted(seed_assistant: Assistant) -> None:
    with pytest.raises(WrongUse, match="Name a speaker, a topic or documents"):
        listed(seed_assistant, None)


def test_the_terminal_shows_who_said_it_and_how(seed_assistant: Assistant) -> None:
    """Direct speech in the document's quotation marks, other speech without; the
    document's contradiction once."""
    said = statements_to_terminal(listed(seed_assistant, "Rahmon"))
    assert "Emomali Rahmon said:\n    “A mutual interest was shown" in said
    assert "Emomali Rahmon also pointed to:\n    the necessity of expansion" in said
    assert f"indirect speech; {SEED.name}, characters 622 to 704" in said
    assert "Emomali Rahmon said, as EurasiaNet.org reports:\n    it was" in said
    assert said.count("Note: The document calls Emomali Rahmon both") == 1


def test_nothing_hidden_in_a_document_reaches_the_terminal(seed_assistant: Assistant) -> None:
    """Nor can it colour or turn words there."""
    (hit,) = listed(seed_assistant, "Putin", limit=1).hits
    hostile = replace(hit, speaker="Eve\x1b[31m\u202e", text=f"\x1b[2J{hit.text}")
    listing = StatementListing(Wanted("Eve"), (hostile,), 1)
    assert "\x1b" not in statements_to_terminal(listing)
    assert "\u202e" not in statements_to_terminal(listing)


def test_speakers_are_listed_with_their_counts_and_other_names(seed_assistant: Assistant) -> None:
    """Not with words like “him”."""
    speakers = seed_assistant.view_of(LOCAL_USER).speakers()
    row = speaker_to_dict(speakers[0])
    assert (row["name"], row["documents"]) == ("Emomali Rahmon", 1)
    assert row["statements"] > 5
    assert {"Rahmon", "Tajik leader", "Tajik President Emomali Rahmon"} <= set(row["also"])
    assert "him" not in row["also"]
    said = speakers_to_terminal(speakers, 2)
    first, second, rest = said.splitlines()
    own = f"Emomali Rahmon  {speakers[0].statements} statements in 1 document; also “Rahmon”"
    assert first.startswith(own)
    assert second.startswith("Putin           ")
    assert rest == f"These are 2 of {len(speakers)} speakers. See all with --limit {len(speakers)}."


@pytest.mark.parametrize("typed", ["rah", "tajik lead", "Emomali", "RAHMON emo"])
def test_speakers_are_found_by_beginnings_of_any_of_their_names(
    seed_assistant: Assistant, typed: str
) -> None:
    speakers = seed_assistant.view_of(LOCAL_USER).speakers()
    assert [speaker.name for speaker in matching(speakers, typed)] == ["Emomali Rahmon"]


def test_a_name_taken_from_the_list_means_that_speaker_alone(
    make_collection: MakeCollection,
) -> None:
    """Not everybody with the surname: the count in the list is right."""
    texts = {
        "a.txt": "Ann Lee said the pool was open. Ann Lee said the water was warm.",
        "b.txt": "Bo Lee said the pool was closed.",
        "c.txt": "Lee said the pool was green.",
    }
    assistant = Assistant(make_collection(texts).open_index())
    view = assistant.view_of(LOCAL_USER)
    for speaker in view.speakers():
        wanted = Wanted(speaker.name, exactly=True)
        assert gather(view, wanted).total == speaker.statements, speaker.name
    assert listed(assistant, "Lee").total == 4


@pytest.mark.parametrize(
    ("words", "copied"),
    [
        ("“We discussed this.", " — Putin"),
        ("it was particularly", "Emomali Rahmon said, as EurasiaNet.org reports, that it was"),
        ("the necessity of", "Emomali Rahmon also pointed to the necessity of expansion"),
        ("they also discussed", "According to Emomali Rahmon, they also discussed military"),
    ],
)
def test_a_quotation_for_elsewhere_is_attributed(
    seed_assistant: Assistant, words: str, copied: str
) -> None:
    """Direct speech in quotation marks; of other speech that it was said."""
    hit = hit_with(seed_assistant, words)
    said = quotation(hit)
    assert copied in said
    assert words in said
    if hit.statement.speech != "direct":
        assert "“" not in said
        assert said.endswith(" —")


def test_that_joins_a_sentence_that_stood_before_its_speaker(
    make_collection: MakeCollection,
) -> None:
    """A first word that is capital only there gets a small letter."""
    text = "They would open the pool in May, Ann Lee said."
    assistant = Assistant(make_collection({"pool.txt": text}).open_index())
    (hit,) = listed(assistant, "Ann Lee").hits
    assert quotation(hit) == "Ann Lee said that they would open the pool in May —"
