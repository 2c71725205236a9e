"""Somebody's words about something: theirs only, by topic, and who else spoke of it."""

import pytest

from index.documents import LOCAL_USER, Asks, Query, Said
from tests.conftest import Collection, MakeCollection

TEXTS = {
    "a.txt": (
        "Ada Byron said that the railway is too expensive.\n"
        "“Our harbour needs new cranes,” Ada Byron said.\n"
        "Lee Park said that the orchard will be sold.\n"
        "Lee Park told reporters that the railway is worth its price."
    ),
    "b.txt": "Byron said that schools open in May.\nKim Song warned that rivers rise.",
}


@pytest.fixture
def collection(make_collection: MakeCollection) -> Collection:
    return make_collection(TEXTS)


def ask(of: Collection, topic: str, speaker: str | None = None, asks: Asks = "said") -> Said:
    query = Query(topic, topic, None, asks, speaker, topic)
    said = of.open_index().view_of(LOCAL_USER).search(query).said
    assert said is not None
    return said


def texts(said: Said) -> list[str]:
    return [hit.text for hit in said.statements]


def test_only_the_asked_speakers_words_are_given(collection: Collection) -> None:
    """However near another one's are to the topic."""
    said = ask(collection, "the railway", "Ada Byron")
    assert texts(said) == ["that the railway is too expensive"]
    assert {hit.speaker for hit in said.statements} == {"Ada Byron"}
    assert said.considered == 3


def test_a_speaker_is_one_across_documents(collection: Collection) -> None:
    """Under the surname alone as well."""
    assert texts(ask(collection, "schools", "Ada Byron")) == ["that schools open in May"]


def test_other_words_for_the_topic_are_found_by_meaning(collection: Collection) -> None:
    """Where no statement has the words themselves."""
    (first, *_) = texts(ask(collection, "costly trains", "Ada Byron"))
    assert first == "that the railway is too expensive"


def test_silence_is_found_as_silence(collection: Collection) -> None:
    """With what was looked at, and who did speak of it."""
    said = ask(collection, "the orchard", "Ada Byron")
    assert (texts(said), said.considered) == ([], 3)
    assert [hit.speaker for hit in said.by_others] == ["Lee Park"]


def test_without_a_topic_everything_is_given(collection: Collection) -> None:
    """Of that speaker."""
    assert len(ask(collection, "", "Ada Byron").statements) == 3


def test_who_said_it_is_found(collection: Collection) -> None:
    """Among everybody."""
    said = ask(collection, "the railway", None, "who")
    assert {hit.speaker for hit in said.statements} == {"Ada Byron", "Lee Park"}


def test_nobody_is_credited_in_a_document_out_of_scope(collection: Collection) -> None:
    """The filter holds for names and counts too."""
    index = collection.open_index()
    assert {s.name for s in index.view_of(LOCAL_USER).speakers("b.txt")} == {"Byron", "Kim Song"}
    assert index.view_of(LOCAL_USER).statements("Lee Park", documents="b.txt") == []


def test_the_passages_of_the_statements_come_first(collection: Collection) -> None:
    """For whoever reads what was retrieved."""
    query = Query("q", "What did Byron say of schools?", None, "said", "Ada Byron", "schools")
    assert (
        "schools open"
        in collection.open_index().view_of(LOCAL_USER).search(query).hits[0].passage.text
    )


def test_what_is_removed_is_credited_to_nobody(collection: Collection) -> None:
    """Statements go with their document."""
    (collection.folder / "a.txt").unlink()
    collection.sync()
    names = {speaker.name for speaker in collection.open_index().view_of(LOCAL_USER).speakers()}
    assert names == {"Byron", "Kim Song"}


def test_all_statements_on_a_topic_are_listed(collection: Collection) -> None:
    """Whoever made them, best first; without a topic in reading order."""
    index = collection.open_index()
    on_topic = [hit.speaker for hit in index.view_of(LOCAL_USER).statements(about="the railway")]
    assert set(on_topic) == {"Ada Byron", "Lee Park"}
    everything = [hit.source.name for hit in index.view_of(LOCAL_USER).statements()]
    assert everything == ["a.txt"] * 4 + ["b.txt"] * 2


def test_the_sentence_before_reported_speech_is_not_part_of_it(
    make_collection: MakeCollection,
) -> None:
    """ "That" begins what is reported; it does not point back."""
    text = "Ada Byron said that rents would fall. Lee Park warned that he would resign."
    assert texts(ask(make_collection({"a.txt": text}), "rents", "Lee Park")) == []


def test_what_is_alike_but_lacks_the_name_is_not_about_it(
    make_collection: MakeCollection,
) -> None:
    text = (
        "Lee Park said the world bodies of trade and health had agreed. No mention was made of "
        "the Eurasian Economic Union."
    )
    question = "What did Lee Park say about the Eurasian Economic Union?"
    query = Query(question, question, None, "said", "Lee Park", "the Eurasian Economic Union")
    said = make_collection({"a.txt": text}).open_index().view_of(LOCAL_USER).search(query).said
    assert said is not None
    assert texts(said) == []
