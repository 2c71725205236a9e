"""A file to its passages and statements, whatever is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.making.preparing import Prepared, prepare
from index.models.exported import OnnxEmbedder
from index.reading.loading import fetch
from tests.conftest import ATTRIBUTOR

SAID = "Mayor Dunmore said the bridge cost nine million crowns.\n"


@pytest.fixture
def prepared(tmp_path: Path, embedder: OnnxEmbedder) -> Prepared:
    """Of a text with a line that no person wrote, between two that one did."""
    file = tmp_path / "a.txt"
    file.write_text(f"{SAID}{'“a” ' * 20_000}\nMayor Holt said that the mill was sold.\n")
    return prepare(fetch(file, "a.txt"), "a", embedder, ATTRIBUTOR)


def test_a_line_that_nobody_wrote_has_passages_and_no_statements(prepared: Prepared) -> None:
    """It is said to be left out, and the lines beside it are as they would be."""
    text = prepared.document.text
    spans = [statement.as_printed for statement in prepared.statements]
    assert [text[span.start : span.end] for span in spans] == ["Mayor Dunmore", "Mayor Holt"]
    assert prepared.document.left_out == {"overlong line": 1}
    assert prepared.passages[1].text.startswith("“a”")
    assert text.count("“a”") == 20_000


def test_in_more_sentences_than_a_person_writes_nobody_is_looked_for(
    tmp_path: Path, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.making.preparing.MOST_SENTENCES", 3)
    file = tmp_path / "a.txt"
    file.write_text(SAID * 4)
    found = prepare(fetch(file, "a.txt"), "a", embedder, ATTRIBUTOR)
    assert found.statements == ()
    assert found.document.left_out == {"search for statements": 1}
    assert len(found.passages) == 1
