"""The table of rules: each row finds its own kind, and a cue is used once."""

import pytest

from index.attribution.rules import RULES
from index.documents import Document, Source
from tests.conftest import ATTRIBUTOR

EXAMPLES = {
    "quotation": "“Engines can compute well,” Ada Byron said.",
    "label": "Ada Byron: “Engines can compute well.”",
    "cue": "Ada Byron said that engines can compute.",
    "conclusion": "The survey found that engines can compute.",
    "finding": "Figures from the ministry show exports fell.",
    "opinion": "Ada Byron was of the view that engines can compute.",
    "beside": "„Maschinen können rechnen“, sagte Ada Byron am Montag in London.",
    "according": "According to Ada Byron, engines can compute.",
}


def found_by(text: str) -> list[str]:
    document = Document(Source("d", "d.txt", "D", "1"), text)
    return [s.found_by for s in ATTRIBUTOR.attribute(document)]


@pytest.mark.parametrize("row", RULES)
def test_each_row_finds_its_kind(row: str) -> None:
    """And no other row finds the same again."""
    assert found_by(EXAMPLES[row]) == [row]


@pytest.mark.parametrize("row", RULES)
def test_a_row_that_is_taken_out_is_missed(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: rule for name, rule in RULES.items() if name != row}
    monkeypatch.setattr("index.attribution.rules.RULES", left)
    assert row not in found_by(EXAMPLES[row])


def test_a_row_that_is_added_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """First, if it stands at the top: those below leave its cues alone."""
    monkeypatch.setattr("index.attribution.rules.RULES", {"mine": RULES["cue"], **RULES})
    assert found_by(EXAMPLES["cue"]) == ["mine"]
