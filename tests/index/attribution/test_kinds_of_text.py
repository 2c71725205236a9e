"""Each kind of text has the statements that are right for it, and no others."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.benchmarks.speech import Tally, document
from tests.conftest import ATTRIBUTOR
from tests.index.attribution import spoken

SHORT = dict(spoken.sentences())
WHOLE = dict(spoken.documents())


def tally(name: str, case: Mapping[str, Any]) -> Tally:
    """What is right and wrong of a text."""
    read_in, counted = document(name, case), Tally()
    counted.count(name, read_in.text, ATTRIBUTOR.attribute(read_in), case["statements"])
    return counted


@pytest.mark.parametrize("name", SHORT)
def test_each_kind_of_sentence_is_credited(name: str) -> None:
    assert tally(name, SHORT[name]).wrong == []


@pytest.mark.parametrize("name", WHOLE)
def test_each_kind_of_document_is_credited(name: str) -> None:
    """And no statement holds the words of several people."""
    assert tally(name, WHOLE[name]).wrong == []
