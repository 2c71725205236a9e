"""Blocks are exact spans of one text, and a row says what stands in which column."""

import pytest

from index.documents import Block, walk
from index.reading.blocks import Blocks, Reading, Unreadable
from index.structure import blocks_of, plain


def words(reading: Reading, block: Block) -> str:
    return reading.text[block.span.start : block.span.end]


def every(reading: Reading, kind: str) -> list[Block]:
    return [block for block in walk(reading.structure) if block.kind == kind]


def test_a_row_names_its_columns_and_an_empty_cell_moves_no_other() -> None:
    blocks = Blocks(100)
    blocks.table([["Alta", "", "9"], ["Bodo", "22", ""]], ["Port", "2030", "2031"])
    read = blocks.reading()
    assert read.text == "Port: Alta; 2031: 9.\n\nPort: Bodo; 2030: 22."
    cells = [(words(read, cell), cell.facts["column"]) for cell in every(read, "cell")]
    assert cells == [("Alta", "Port"), ("9", "2031"), ("Bodo", "Port"), ("22", "2030")]
    assert [words(read, row) for row in every(read, "row")] == read.text.split("\n\n")


def test_a_row_without_names_is_told_apart_by_bars() -> None:
    blocks = Blocks(100)
    blocks.table([["Alta", "14", "", "9"]])
    read = blocks.reading()
    assert read.text == "Alta | 14 | | 9"
    assert [words(read, cell) for cell in every(read, "cell")] == ["Alta", "14", "9"]
    assert not any(cell.facts for cell in every(read, "cell"))


def test_what_lies_within_a_block_is_covered_by_it() -> None:
    """And a container of nothing is none."""
    blocks = Blocks(100)
    blocks.heading("Plan", 2)
    with blocks.container("part", from_="Ada", subject=""):
        blocks.paragraph("We open in May.")
        blocks.item("Bring tools.", 2, "1.1")
    with blocks.container("sheet", name="Empty"):
        pass
    read = blocks.reading()
    heading, part = read.structure
    assert (words(read, heading), heading.level) == ("Plan", 2)
    assert words(read, part) == "We open in May.\n\n1.1 Bring tools."
    assert part.facts == {"from": "Ada"}
    assert [block.kind for block in part.within] == ["paragraph", "item"]
    assert part.within[1].facts == {"marker": "1.1"}


def test_a_bullet_is_a_fact_and_no_word_of_the_text() -> None:
    blocks = Blocks(100)
    blocks.item("Bring tools.", marker="•")
    assert blocks.reading().text == "Bring tools."


def test_blocks_come_back_from_plain_data_as_they_were() -> None:
    blocks = Blocks(100)
    blocks.heading("Ports", 1)
    with blocks.container("sheet", name="One"):
        blocks.table([["Alta", "9"]], ["Port", ""])
    structure = blocks.reading().structure
    assert blocks_of(plain(structure)) == structure


def test_what_is_left_out_is_counted() -> None:
    blocks = Blocks(100)
    blocks.left_out("hidden sheet")
    blocks.left_out("picture", 0)
    assert blocks.reading().left_out == {"hidden sheet": 1}


def test_more_text_than_a_file_has_room_for_is_refused() -> None:
    blocks = Blocks(1)
    with pytest.raises(Unreadable, match="characters of text"):
        blocks.paragraph("x" * 10_000_001)


def test_more_rows_than_anybody_reads_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading.blocks.MOST_BLOCKS", 3)
    blocks = Blocks(100)
    blocks.table(["a"] for _ in range(3))
    with pytest.raises(Unreadable, match="more than 3 rows or paragraphs"):
        blocks.row(["a"])
