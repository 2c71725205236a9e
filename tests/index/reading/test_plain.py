"""Plain text says by its lines alone what is a heading, an item of a list or a paragraph."""

from __future__ import annotations

import pytest

from index.reading.plain import structure_of


def form(text: str) -> list[tuple[str, int, str]]:
    """Kind, level and words of each block."""
    return [
        (block.kind, block.level, text[block.span.start : block.span.end])
        for block in structure_of(text)
    ]


def headings(text: str) -> list[tuple[int, str]]:
    return [(level, words) for kind, level, words in form(text) if kind == "heading"]


def items(text: str) -> list[tuple[int, str]]:
    return [(level, words) for kind, level, words in form(text) if kind == "item"]


def test_prose_has_no_form() -> None:
    """Whoever divides a text knows paragraphs by themselves."""
    text = "The mill is closed.\n\nIts wheel turned until 1931. Nobody\nhas repaired it since.\n"
    assert structure_of(text) == ()


def test_numbers_that_go_up_make_headings_of_lines() -> None:
    text = "HANDBOOK\n\n1 Working time\nThe week has 38 hours.\n\n1.1 Breaks\nHalf an hour.\n\n"
    text += "2. Holidays\nThere are 29 days of them.\n"
    assert headings(text) == [
        (1, "HANDBOOK"), (2, "1 Working time"), (3, "1.1 Breaks"), (2, "2. Holidays"),
    ]  # fmt: skip
    assert form(text)[2] == ("paragraph", 0, "The week has 38 hours.")


@pytest.mark.parametrize(
    "text",
    [
        "12 Quay Road\n\nThe mill is there.\n\n7 Mill Lane\n\nThe ferry is there.\n",
        "3 sheep were lost.\n\nThe rest came home.\n\n4 sheep were found.\n\nThey slept.\n",
    ],
    ids=["that do not begin", "of sentences"],
)
def test_other_numbers_make_none(text: str) -> None:
    assert headings(text) == []


def test_a_line_that_is_underlined_is_a_heading_and_the_line_below_it_is_nothing() -> None:
    text = "The mill\n========\n\nIt is closed.\n\nThe ferry\n---------\nIt runs.\n"
    assert headings(text) == [(1, "The mill"), (2, "The ferry")]
    assert "=" not in " ".join(words for _, _, words in form(text))


def test_names_of_speakers_are_no_headings() -> None:
    """They stand again and again."""
    text = "MS ORR\nGood morning.\n\nTHE CLERK\nGood morning.\n\nMS ORR\nLet us begin.\n"
    assert headings(text) == []


def test_a_paragraph_in_capitals_is_no_row_of_headings() -> None:
    text = "TERMS\n\nTHERE IS NO WARRANTY FOR THE MILL\nTO THE EXTENT PERMITTED BY LAW.\n"
    assert headings(text) == [(1, "TERMS")]


def test_short_lines_apart_are_headings_where_each_has_text_below_it() -> None:
    text = "".join(f"{name}\n\nIt is closed on Sundays.\n\n" for name in ("Mill", "Ferry", "Quay"))
    assert headings(text) == [(1, "Mill"), (1, "Ferry"), (1, "Quay")]
    assert headings("Mill\n\nFerry\n\nQuay\n\nWeir\n") == []


def test_a_line_apart_is_a_heading_where_a_list_of_sentences_stands_right_below_it() -> None:
    """What the items only finish leads in to them: "The clerk shall" "a) count"."""
    assert headings("How to join\n1. Fill in the form.\n2. Pay the deposit.\n") == [
        (1, "How to join")
    ]
    assert headings("The clerk shall\na) count the keys\nb) lock the hut\n") == []


def test_items_of_a_list_are_told_from_what_leads_in_to_it() -> None:
    text = "Please bring:\n- the log book\n- two helmets, of which\n  one is spare\nThank you.\n"
    assert form(text) == [
        ("paragraph", 0, "Please bring:"),
        ("item", 1, "the log book"),
        ("item", 1, "two helmets, of which\n  one is spare"),
        ("paragraph", 0, "Thank you."),
    ]


def test_items_further_in_are_of_a_deeper_level() -> None:
    text = "1. Open the gate.\n   a) The key is in the box.\n   b) Put it back.\n2. Close it.\n"
    assert items(text) == [
        (1, "1. Open the gate."), (2, "a) The key is in the box."), (2, "b) Put it back."),
        (1, "2. Close it."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "- Come in, said the miller.\nHe smiled.\n",
        "2. The mill is old.\n9. The ferry is not.\n",
        "* The mill is closed. *\n* The ferry runs.    *\n",
    ],
    ids=["one alone", "numbers that do not follow", "the edges of a box"],
)
def test_what_only_begins_like_an_item_is_none(text: str) -> None:
    assert items(text) == []


def test_items_with_blank_lines_between_them_go_on_by_their_numbers() -> None:
    assert len(items("1. Open it.\n\n2. Look.\n\n3. Close it.\n")) == 3
