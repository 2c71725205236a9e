"""Of every character the structure says what stands above it."""

import pytest

from index.documents import Document, Source
from index.reading.blocks import Blocks
from index.structure import place_of


def document() -> Document:
    blocks = Blocks(0)
    blocks.heading("Harbour", 1)
    blocks.heading("Fees", 2)
    blocks.paragraph("Boats pay.")
    blocks.heading("Boats", 3)
    blocks.table([("Large", "9")], ("Boat", "Fee"))
    blocks.heading("Hours", 2)
    blocks.paragraph("From six.")
    with blocks.container("part", 1, subject="Quay", from_="a@b.example"):
        blocks.heading("Quay")
        blocks.paragraph("It sank.")
        with blocks.container("part", 2, name="figures.csv"):
            blocks.heading("figures.csv")
            blocks.paragraph("Eleven.")
    with blocks.container("sheet", name="Prices"):
        blocks.paragraph("Ten.")
    reading = blocks.reading()
    source = Source("d", "d.txt", "Harbour", "1")
    return Document(source, reading.text, structure=reading.structure)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Boats pay.", ("Fees",)),
        ("Large", ("Fees", "Boats")),
        ("Hours", ()),
        ("From six.", ("Hours",)),
        ("It sank.", ("Quay",)),
        ("Eleven.", ("Quay", "figures.csv")),
        ("Ten.", ("Prices",)),
    ],
)
def test_words_stand_below_headings_within_their_sheet_or_part(
    words: str, place: tuple[str, ...]
) -> None:
    """The document's title is told beside them anyhow."""
    made = document()
    assert place_of(made, made.text.index(words)) == place
