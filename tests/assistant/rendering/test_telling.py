"""Who said what, in the language of the page; what they said stays as it is."""

from __future__ import annotations

import pytest

from assistant.answers import Answer
from assistant.chat import Assistant
from assistant.languages import speaking
from assistant.rendering.answers import to_dict, to_html, to_markdown
from assistant.rendering.copying import answer_to_copy
from assistant.rendering.statements import quotation
from assistant.rendering.telling import told_lead
from index.documents import LOCAL_USER, StatementHit
from tests.conftest import Collection, MakeCollection

MINUTES = """Mayor Ann Lee said that the harbour crane would be painted by engineers in May.

Bo Ek denied that the pier was unsafe. Ann Lee reportedly asked whether the ferry had been sold.

According to Kim Vardal, the lamps are older than the pier.

Mayor Ann Lee complained that the new gate was dear.
"""


TALK = """Analysts say that the ferry is seaworthy.

Council members warned that the salt would not last the winter.

Both sides reportedly agreed that the rope was too short.

The harbour board has said that the tide tables are out of print.

Kate Masters replied that the foghorn was broken.
"""


@pytest.fixture(scope="module")
def collection(make_collection_once: MakeCollection) -> Collection:
    return make_collection_once({"minutes.txt": MINUTES})


@pytest.fixture(scope="module")
def answer(collection: Collection) -> Answer:
    asked = "What did Ann Lee say about the harbour crane?"
    return Assistant(collection.open_index()).ask(asked, principal=LOCAL_USER)


def statement(collection: Collection, words: str) -> StatementHit:
    """The one that has these words."""
    view = collection.open_index().view_of(LOCAL_USER)
    (source,) = view.sources()
    return next(hit for hit in view.statements_of(source.id) if words in hit.text)


def test_wherever_an_answer_is_shown_its_speakers_are_told_in_the_language(answer: Answer) -> None:
    said = "that the harbour crane would be painted by engineers in May"
    with speaking("ru"):
        data = to_dict(answer)
        shown = [to_html(answer), to_markdown(answer), answer_to_copy(answer), data["text"]]
    for each in [*shown, data["claims"][0]["text"]]:
        assert "Ann Lee говорит:" in each
        assert said in each
        assert "Ann Lee said" not in each
    assert data["citations"][0]["quote"] == said
    assert to_dict(answer)["text"].startswith("> Ann Lee said: ")


@pytest.mark.parametrize(
    ("words", "english", "russian"),
    [
        ("unsafe", "Bo Ek denied:", "Bo Ek отрицает:"),
        ("ferry", "Ann Lee reportedly asked:", "Ann Lee спрашивает (по сообщениям):"),
        ("lamps", "According to Kim Vardal:", "По словам источника (Kim Vardal):"),
        ("gate", "Ann Lee complained:", "Ann Lee («complained»):"),
    ],
)
def test_how_it_was_said_is_told_where_the_language_knows_it(
    collection: Collection, words: str, english: str, russian: str
) -> None:
    hit = statement(collection, words)
    assert told_lead(hit) == english
    with speaking("ru"):
        assert told_lead(hit) == russian


@pytest.mark.parametrize(
    ("words", "english", "russian", "tajik"),
    [
        ("seaworthy", "Analysts say:", "Analysts говорят:", "Analysts мегӯянд:"),
        ("salt", "Council members warned:", "Council members предупреждают:", None),
        ("rope", "Both sides reportedly agreed:", "Both sides соглашаются (по сообщениям):", None),
        ("tide", "The harbour board has said:", "The harbour board говорит:", None),
        (
            "foghorn",
            "Kate Masters replied:",
            "Kate Masters отвечает:",
            "Kate Masters ҷавоб медиҳад:",
        ),
    ],
)
def test_of_several_it_is_told_that_they_are(
    make_collection_once: MakeCollection, words: str, english: str, russian: str, tajik: str | None
) -> None:
    hit = statement(make_collection_once({"talk.txt": TALK}), words)
    assert told_lead(hit) == english
    with speaking("ru"):
        assert told_lead(hit) == russian
    with speaking("tg"):
        assert tajik is None or told_lead(hit) == tajik


def test_a_copied_statement_is_joined_as_english_joins_it_in_english_alone(
    collection: Collection,
) -> None:
    hit = statement(collection, "lamps")
    assert quotation(hit) == "According to Kim Vardal, the lamps are older than the pier —"
    with speaking("tg"):
        assert quotation(hit) == "Ба гуфтаи Kim Vardal: the lamps are older than the pier —"
