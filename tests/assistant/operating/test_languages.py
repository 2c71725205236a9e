"""Which languages an index has, and when another model is suggested."""

from collections import Counter

import pytest

from assistant.operating.languages import languages_in, suggestion
from tests.conftest import MakeCollection

ENGLISH = "The swimming pool opens in May. Children under six years swim for free. " * 4
GERMAN = "Das Schwimmbad öffnet im Mai. Kinder unter sechs Jahren baden umsonst. " * 4


def test_documents_that_tell_their_language_are_counted(make_collection: MakeCollection) -> None:
    """Three words do not."""
    made = make_collection({"en.txt": ENGLISH, "de.txt": GERMAN, "short.txt": "Kein Hund hier."})
    assert languages_in(made.stores.catalog) == {"en": 1, "de": 1}


def test_the_multilingual_model_is_suggested_for_other_languages(
    make_collection: MakeCollection,
) -> None:
    """They are named, the most frequent first."""
    made = make_collection({"en.txt": ENGLISH})
    found = Counter(en=4, ru=1, de=2)
    assert suggestion(made.stores.catalog, found) == (
        "3 of the 7 documents that were looked at are not in English (de, ru). "
        "The multilingual model finds more in them: onrecord help languages"
    )


@pytest.mark.parametrize("found", [Counter(), Counter(en=3), Counter(en=19, de=1)])
def test_nothing_is_suggested_where_few_documents_are_not_english(
    found: Counter[str], make_collection: MakeCollection
) -> None:
    made = make_collection({"en.txt": ENGLISH})
    assert suggestion(made.stores.catalog, found) == ""


def test_nothing_is_suggested_to_whom_has_the_model(make_collection: MakeCollection) -> None:
    made = make_collection({"en.txt": ENGLISH})
    with made.stores.catalog.writing():
        made.stores.catalog.set_fact("embedder", "multilingual@0123456789ab mean")
    assert suggestion(made.stores.catalog, Counter(de=3)) == ""
