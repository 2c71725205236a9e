"""Documents in a language without a parser are indexed, without statements."""

import pytest

from index.documents import LOCAL_USER, Document, Source
from index.languages import language_of
from tests.conftest import ATTRIBUTOR, MakeCollection

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


def test_no_statement_is_guessed_in_another_language() -> None:
    """Rather none than wrong ones."""
    assert ATTRIBUTOR.attribute(Document(Source("d", "d", "D", "1"), RUSSIAN)) == ()


def test_such_a_document_can_still_be_found(make_collection: MakeCollection) -> None:
    """By its passages."""
    collection = make_collection({"ru.txt": RUSSIAN})
    assert collection.search("мост закрыт").hits[0].source.name == "ru.txt"
    assert collection.open_index().speakers(LOCAL_USER) == []
