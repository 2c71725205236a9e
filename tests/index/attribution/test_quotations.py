"""Quotation marks that belong together are found, whatever their shape."""

import pytest

from index.attribution.quotations import quotations
from index.chunking import paragraphs
from index.documents import Span


def found(text: str) -> list[Span]:
    return [*quotations(text, [*paragraphs(text)])]


def words(text: str) -> list[str]:
    return [text[span.start : span.end] for span in found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We won,” she said. “At last.”", ["“We won,”", "“At last.”"]),
        ('"We won," she said. "At last."', ['"We won,"', '"At last."']),
        ("''We won,'' she said. ''At last.''", ["''We won,''", "''At last.''"]),
        ("«Мы выиграли», — сказала она.", ["«Мы выиграли»"]),
        ("„Gewonnen“, sagte sie.", ["„Gewonnen“"]),
        ("The players’ cup wasn’t theirs.", []),
        ('It was 6" wide and 4" high.', []),
        ("“He called it ‘unfair’ and left,” she said.", ["“He called it ‘unfair’ and left,”"]),
    ],
)
def test_every_shape_of_quotation_marks_is_known(text: str, expected: list[str]) -> None:
    """And apostrophes and inches are none."""
    assert words(text) == expected


def test_a_quotation_goes_on_in_the_next_paragraph_that_opens_again() -> None:
    """As newspapers print long ones: each paragraph opens, the last one closes."""
    text = "“First this.\n“Then that.”\n“Another,” he said."
    assert words(text) == ["“First this.", "“Then that.”", "“Another,”"]


def test_a_mark_without_its_partner_is_taken_for_a_slip() -> None:
    """It does not swallow the rest of the paragraph."""
    assert words("He wrote the word “ban in his notes and left the room.") == []


def test_spans_hold_the_marks() -> None:
    """Exactly: the character before and behind is outside."""
    assert found("So “it is”.") == [Span(3, 10)]
