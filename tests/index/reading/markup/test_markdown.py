"""Of Markdown that is read which a person sees."""

import pytest

from index.documents import Block, walk
from index.reading.blocks import Reading
from index.reading.files import read


def markdown(text: str) -> Reading:
    return read(".md", text.encode())


def said(reading: Reading) -> list[tuple[str, int, str]]:
    """Every leaf: its kind, its level and its words."""
    leaves = [b for b in walk(reading.structure) if not b.within]
    return [(b.kind, b.level, reading.text[b.span.start : b.span.end]) for b in leaves]


def blocks(reading: Reading, kind: str) -> list[Block]:
    return [block for block in walk(reading.structure) if block.kind == kind]


def test_marks_are_no_text() -> None:
    reading = markdown(
        "# The *new* `quay` #\r\n\r\nIt is **long**,\nand ~~old~~ [wide](http://x.y/z 'T').\n\n"
        "Underlined\n---\n\nEnd&amp; &copy;\\*\n"
    )
    assert said(reading) == [
        ("heading", 1, "The new quay"),
        ("paragraph", 0, "It is long, and old wide."),
        ("heading", 2, "Underlined"),
        ("paragraph", 0, "End& ©*"),
    ]
    assert reading.title == "The new quay"


def test_an_address_is_read_where_it_stands_bare() -> None:
    reading = markdown("See https://a.example/b and <https://c.example>, [here](https://d.example)")
    assert reading.text == "See https://a.example/b and https://c.example, here"


def test_a_picture_is_what_stands_for_it() -> None:
    reading = markdown(f"![A boat](data:image/svg+xml;base64,{'QUJD' * 200}) at the quay")
    assert reading.text == "A boat at the quay"


def test_a_row_of_a_table_names_its_columns() -> None:
    """Also one with an empty cell, whose neighbours keep their columns."""
    reading = markdown("| Port | 2029 | 2030 |\n|---|--:|---|\n| Alta | | **14** |\n| Bodo | 3 | |")
    assert reading.text == "Port: Alta; 2030: 14.\n\nPort: Bodo; 2029: 3."
    cells = [(b.facts["column"], b.span) for b in blocks(reading, "cell")]
    assert [(name, reading.text[s.start : s.end]) for name, s in cells] == [
        ("Port", "Alta"),
        ("2030", "14"),
        ("Port", "Bodo"),
        ("2029", "3"),
    ]


def test_items_keep_their_markers_and_how_deep_they_lie() -> None:
    reading = markdown("3. One\n4. Two\n   - inner\n\n     more\n\n- [x] done\n- [ ] open\n")
    assert said(reading) == [
        ("item", 1, "3. One"),
        ("item", 1, "4. Two"),
        ("item", 2, "inner"),
        ("paragraph", 0, "more"),
        ("item", 1, "☑ done"),
        ("item", 1, "☐ open"),
    ]
    assert [b.facts["marker"] for b in blocks(reading, "item")] == ["3.", "4.", "•", "☑", "☐"]


def test_code_is_one_block_and_nothing_in_it_is_a_mark() -> None:
    reading = markdown("Run:\n\n```sh\n# no heading\n\nmake **it**\n```\n\n    indented\n")
    assert said(reading)[1:] == [
        ("code", 0, "# no heading\n\nmake **it**"),
        ("code", 0, "indented"),
    ]


def test_a_quotation_says_how_deep_it_lies() -> None:
    reading = markdown("> One\n> > Two\n\n> [!WARNING]\n> Three\n")
    assert said(reading) == [
        ("quotation", 1, "One"),
        ("quotation", 2, "Two"),
        ("quotation", 1, "Warning: Three"),
    ]


def test_html_is_read_as_on_a_page_and_what_is_for_programs_is_not() -> None:
    reading = markdown(
        "import A from 'a';\nimport B from 'b';\n\n<!-- not this -->\n"
        "<details><summary>More</summary>\n\nInside<br>it.\n\n</details>\n\n"
        "<script type='x'>no()</script>\n\n[^1]: A note.\n"
    )
    assert said(reading) == [
        ("paragraph", 0, "More"),
        ("paragraph", 0, "Inside\nit."),
        ("note", 0, "A note."),
    ]


@pytest.mark.parametrize("text", ["", "Words.\n"])
def test_front_matter_is_no_text(text: str) -> None:
    """It still says what the text is, and who may read it."""
    reading = markdown(f"---\ntitle: T\nreaders: [key:ann]\n---\n# One\n\n{text}")
    assert (reading.title, reading.text) == ("T", "\n\n".join(filter(None, ["One", text.strip()])))
    assert reading.sharing is not None
    assert reading.sharing.readers == ("key:ann",)


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        (":::note\nThe quay is closed.\n:::", "Note: The quay is closed."),
        (
            "::: warning Mind the ice\nIt is slippery.\n:::",
            "Warning: Mind the ice\n\nIt is slippery.",
        ),
        (":::tip[Free boats]\nOn Sundays.\n:::", "Tip: Free boats\n\nOn Sundays."),
        (":::{admonition} Tides\n:class: x\nAt six.\n:::", "Tides\n\nAt six."),
        ('::: {.callout-tip title="Sails"}\nDry them.\n:::', "Tip: Sails\n\nDry them."),
        ("::::columns\n:::column\nLeft.\n:::\n:::column\nRight.\n:::\n::::", "Left.\n\nRight."),
        (
            '!!! note "Opening"\n    At **seven**.\n\nClosed.',
            "Note: Opening\n\nAt seven.\n\nClosed.",
        ),
        (
            '=== "Linux"\n\n    Run it.\n\n=== "Mac"\n\n    Click.',
            "Linux\n\nRun it.\n\nMac\n\nClick.",
        ),
        ("```{warning} Paint\n:class: x\nMind **it**.\n```", "Warning: Paint\n\nMind it."),
        ("```\n:::note\n```", ":::note"),
        ("!!! We won", "!!! We won"),
    ],
)
def test_a_box_is_read_as_it_is_shown(marked: str, shown: str) -> None:
    assert markdown(f"{marked}\n").text == shown


def test_a_footnote_is_about_what_stands_before_its_mark() -> None:
    reading = markdown(
        "A lens[^1] of glass.\n\n- It is old.[^b]\n\n[^1]: Ground in Jena.\n\n[^b]: Since 1841."
    )
    assert said(reading)[:2] == [("paragraph", 0, "A lens of glass."), ("item", 1, "It is old.")]
    assert [note.facts for note in blocks(reading, "note")] == [
        {"about": "A lens"},
        {"about": "It is old."},
    ]
