"""What is lined up in plain text is a table, whose words stay where they stand."""

from __future__ import annotations

import pytest

from index.documents import walk
from index.reading.plain import structure_of

TIDES = """Tides at the mole

Day       High     Low
3 May     4:12   10:30
4 May     5:01
"""


def rows(text: str) -> list[str]:
    """Each row's cells with the names of their columns."""
    found = [block for block in walk(structure_of(text)) if block.kind == "row"]
    return [
        "; ".join(
            f"{cell.facts.get('column', '')}: {text[cell.span.start : cell.span.end]}"
            for cell in row.within
        )
        for row in found
    ]


def kinds(text: str) -> list[str]:
    return [block.kind for block in structure_of(text)]


def test_cells_below_each_other_have_the_name_above_them() -> None:
    """The numbers may end at one place, and a cell may be empty."""
    text = TIDES + "5 May     5:52   12:07\n"
    assert rows(text) == [
        "Day: 3 May; High: 4:12; Low: 10:30",
        "Day: 4 May; High: 5:01",
        "Day: 5 May; High: 5:52; Low: 12:07",
    ]
    assert kinds(text) == ["paragraph", "table"]


def test_the_names_are_a_caption_of_the_rows() -> None:
    text = TIDES + "5 May     5:52   12:07\n"
    (table,) = [block for block in structure_of(text) if block.kind == "table"]
    names = table.within[0]
    assert (names.kind, names.facts) == ("caption", {"header": "yes"})
    assert text[names.span.start : names.span.end] == "Day       High     Low"


@pytest.mark.parametrize(
    "text",
    [
        "Boat    Fee\n------  -----\nTerna   340\nSkarv   198\n",
        "+-------+-----+\n| Boat  | Fee |\n+-------+-----+\n| Terna | 340 |\n| Skarv | 198 |\n",
        "| Boat | Fee |\n|---|---|\n| Terna | 340 |\n| Skarv | 198 |\n",
        "Boat\tFee\nTerna\t340\nSkarv\t198\n",
        "Boat     Fee\n\nTerna    340\nSkarv    198\n",
    ],
)
def test_a_table_may_be_drawn_or_parted_by_tabs(text: str) -> None:
    assert rows(text) == ["Boat: Terna; Fee: 340", "Boat: Skarv; Fee: 198"]


def test_what_had_no_room_goes_on_below() -> None:
    text = (
        "Rule   What it says              Since\n"
        "4a     Dogs are kept on a lead   2029\n"
        "       as far as the pond.\n"
        "4b     Nobody swims              2031\n"
    )
    assert rows(text)[0] == (
        "Rule: 4a; What it says: Dogs are kept on a lead; Since: 2029; "
        "What it says: as far as the pond."
    )
    assert len(rows(text)) == 2


def test_words_without_names_above_them_are_rows_all_the_same() -> None:
    assert rows("Monday     9-17\nTuesday    9-17\nSunday     closed\n") == [
        ": Monday; : 9-17",
        ": Tuesday; : 9-17",
        ": Sunday; : closed",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It rained.  Then it stopped.  Nobody\nhad expected it.  The boats came\nin at noon.\n",
        "1.   Open the valve.\n2.   Drain the tank.\n3.   Close it.\n",
        "ANN:    Is it open?\nBOB:    It is.\nANN:    Since when?\n",
        "The mill was repaired in the     river for three weeks, and they\n"
        "spring by two carpenters who     found eleven otters near the old\n"
        "came from the next valley on     weir, which had been closed for\n",
        "Title\n=====\n\nA paragraph.\n",
    ],
)
def test_lines_of_prose_lists_and_talk_are_no_table(text: str) -> None:
    assert "table" not in kinds(text)


def test_a_rule_below_a_heading_is_none_of_the_table_behind_it() -> None:
    table = "Name       Room   Desk\n---------  -----  ----\nAnn Holt   12     3\nBo Lie     7\n"
    text = f"STAFF\n=====\n\n{table}"
    assert kinds(text) == ["heading", "table"]
    assert rows(text) == ["Name: Ann Holt; Room: 12; Desk: 3", "Name: Bo Lie; Room: 7"]
