"""What stands on printed pages is read as a person reads it: by column, row and paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from index.documents import Block, walk
from index.reading.blocks import Reading
from index.reading.pages.pdf import PageWords, read_pdf

Drawn = tuple[int, int, str]
"""Words and where they begin: x, y."""

LEFT = (
    "Otters were counted along the",
    "river for three weeks. The team",
    "found eleven adults and four",
    "young animals near the weir.",
)
RIGHT = (
    "The mill was repaired by local",
    "carpenters. Its wheel now turns",
    "twice a minute and drives a",
    "generator of nine kilowatts.",
)
THIRD = (
    "A ferry leaves at nine in the",
    "morning on every day but one,",
    "which is a Sunday in the winter",
    "when there is ice on the fjord.",
)
OTTERS, MILL, FERRY = (" ".join(column) for column in (LEFT, RIGHT, THIRD))


def pdf(
    *pages: Iterable[Drawn],
    drawn: str = "",
    notes: str = "",
    size: int = 11,
    page: str = "",
    catalog: str = "",
    more: Sequence[str] = (),
) -> bytes:
    """Pages of words at places. `drawn` are operators of each page that draw something else,
    `notes` the annotations of the first page; `page` and `catalog` are fields of each page and of
    the file, `more` objects with the numbers that follow those of the pages."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    picture = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
        "/BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream"
    )
    objects = ["", "", font, picture]
    kids: list[str] = []
    for words in pages:
        shown = "\n".join(f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, text in words)
        content = f"{drawn}\n{shown}"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {page} "
            f"/Contents {len(objects)} 0 R /Annots [{notes if not kids else ''}] "
            "/Resources << /Font << /F1 3 0 R >> /XObject << /P 4 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    fields = f"/AcroForm << /Fields [{notes}] >>" if "/Widget" in notes else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {fields} {catalog} >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    objects += more
    content = "%PDF-1.7\n"
    places = ["0000000000 65535 f \n"]
    for number, body in enumerate(objects, 1):
        places.append(f"{len(content):010} 00000 n \n")
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = f"xref\n0 {len(places)}\n{''.join(places)}"
    end = f"trailer\n<< /Size {len(places)} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    return f"{content}{table}{end}".encode("cp1252")


def lines(texts: Iterable[str], x: int = 60, y: int = 720, step: int = 13) -> list[Drawn]:
    return [(x, y - step * row, text) for row, text in enumerate(texts)]


def across(*columns: list[Drawn]) -> list[Drawn]:
    """Drawn row by row over all columns."""
    return [piece for row in zip(*columns, strict=True) for piece in row]


def paragraphs(reading: Reading) -> list[str]:
    return reading.text.split("\n\n")


def blocks(reading: Reading, kind: str) -> list[Block]:
    return [block for block in walk(reading.structure) if block.kind == kind]


def page_of(reading: Reading, words: str) -> int:
    offset = reading.text.index(words)
    return sum(start <= offset for start in reading.page_starts)


TITLE = (60, 750, "A title that is as wide as the two columns below it are together, and more so")


@pytest.mark.parametrize("title", [[], [TITLE]], ids=["alone", "under a title"])
@pytest.mark.parametrize("by_row", [False, True])
def test_columns_are_read_one_at_a_time(title: list[Drawn], *, by_row: bool) -> None:
    """However the file draws them."""
    left, right = lines(LEFT), lines(RIGHT, x=320)
    page = [*title, *(across(left, right) if by_row else left + right)]
    assert paragraphs(read_pdf(pdf(page)))[len(title) :] == [OTTERS, MILL]


def test_three_columns_are_read_one_at_a_time() -> None:
    page = across(lines(LEFT), lines(RIGHT, x=230), lines(THIRD, x=400))
    assert paragraphs(read_pdf(pdf(page))) == [OTTERS, MILL, FERRY]


def test_one_wide_line_does_not_break_the_others_apart() -> None:
    page = [*lines(LEFT), (60, 668, RIGHT[0] + " " + RIGHT[1]), *lines(RIGHT[2:], y=655)]
    assert len(paragraphs(read_pdf(pdf(page)))) <= 3
    assert paragraphs(read_pdf(pdf(page)))[0].startswith(OTTERS)


def test_a_sentence_goes_on_in_the_next_column() -> None:
    page = [*lines(LEFT[:3]), *lines([LEFT[3], *RIGHT], x=320)]
    assert f"{OTTERS}" in paragraphs(read_pdf(pdf(page)))[0]


HEAD = [(60, 760, "Harbour rules, second edition")]


@pytest.mark.parametrize("running", [False, True])
def test_a_sentence_goes_on_on_the_next_page(*, running: bool) -> None:
    """Without running heads and page numbers in it; what is left out is counted."""
    first = lines(
        ("The old ferry was sold in the spring, for nobody", "in the town knew that it would be")
    )
    second = lines(("needed again in June. It was bought back in May.",))
    heads = (
        [[*HEAD, (300, 40, f"Page {number} of 2")] for number in (1, 2)] if running else [[], []]
    )
    reading = read_pdf(pdf(heads[0] + first, heads[1] + second))
    assert reading.text == (
        "The old ferry was sold in the spring, for nobody in the town knew that it would be "
        "needed again in June. It was bought back in May."
    )
    assert reading.left_out == ({"running head": 4} if running else {})
    assert (page_of(reading, "would be"), page_of(reading, "needed")) == (1, 2)


TABLE = (
    ((60, "Town"), (180, "Opened"), (300, "Visitors")),
    ((60, "Alta"), (180, "2019"), (300, "1,204")),
    ((60, "Hamar"), (300, "377")),
    ((60, "Molde"), (180, "2020")),
)


def table(x: int = 0, y: int = 720, step: int = 18) -> list[Drawn]:
    return [
        (x + left, y - row * step, text) for row, cells in enumerate(TABLE) for left, text in cells
    ]


def test_a_table_without_rules_is_read_by_row() -> None:
    """Empty cells move no others."""
    reading = read_pdf(pdf(table()))
    assert paragraphs(reading) == [
        "Town: Alta; Opened: 2019; Visitors: 1,204.",
        "Town: Hamar; Visitors: 377.",
        "Town: Molde; Opened: 2020.",
    ]
    assert len(blocks(reading, "table")) == 1


@pytest.mark.parametrize("step", [45, 120], ids=["below one column", "below both"])
def test_a_table_without_rules_below_two_columns_is_read_behind_them(step: int) -> None:
    rows = (
        ("Year", "Ships", "Guests"),
        ("2021", "310", "1,204"),
        ("2022", "355", "1,377"),
        ("2023", "298", "1,512"),
    )
    below = [
        (60 + step * column, 630 - 18 * row, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    columns = across(lines(LEFT), lines(RIGHT, x=320))
    assert paragraphs(read_pdf(pdf(columns + below))) == [
        OTTERS,
        MILL,
        "Year: 2021; Ships: 310; Guests: 1,204.",
        "Year: 2022; Ships: 355; Guests: 1,377.",
        "Year: 2023; Ships: 298; Guests: 1,512.",
    ]


def test_such_a_table_may_have_cells_that_stand_close_below_a_line_that_is_spread() -> None:
    """The last line of a column is pulled apart to fill it, so that it looks like cells."""
    names = ("Alta", "Kristiansund", "Hamar", "Kristiansand", "Molde")
    rows = [
        (f"{name} {number}", f"{number}0{number}", "1,350") for number, name in enumerate(names)
    ]
    below = cells([("Town", "Guests", "Costs"), *rows], (60, 138, 185), top=628)
    spread = [(60, 665, "But"), (95, 665, "no"), (125, 665, "young"), (178, 665, "hares.")]
    columns = across(lines(LEFT), lines(RIGHT, x=320))
    reading = read_pdf(pdf([*columns, *spread, (320, 665, "It is loud."), *below]))
    assert paragraphs(reading) == [
        f"{OTTERS} But no young hares.",
        f"{MILL} It is loud.",
        *(f"Town: {town}; Guests: {guests}; Costs: {costs}." for town, guests, costs in rows),
    ]


def test_a_table_beside_text_is_read_apart_from_it() -> None:
    narrow = [(250 + (x - 60) * 2 // 3, y, text) for x, y, text in table(step=13)]
    reading = read_pdf(pdf(across(lines(LEFT), narrow[::3][:4]) + narrow))
    assert paragraphs(reading)[0] == OTTERS


def test_a_ruled_cell_of_several_lines_is_one() -> None:
    rules = " ".join(
        [f"60 {y} m 400 {y} l S" for y in (740, 720, 680, 660)]
        + [f"{x} 660 m {x} 740 l S" for x in (60, 160, 400)]
    )
    page = [
        (65, 726, "Port"), (165, 726, "Boats"), (165, 706, "Closed in winter, because of ice"),
        (165, 692, "on the fjord"), (65, 699, "Alta"), (65, 666, "Bodo"), (165, 666, "31"),
    ]  # fmt: skip
    rows = [block.within for block in blocks(read_pdf(pdf(page, drawn=rules)), "row")]
    assert [len(cells) for cells in rows[-2:]] == [2, 2]
    assert "Closed in winter, because of ice on the fjord" in read_pdf(pdf(page, drawn=rules)).text


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("the bridge inspec-", "tion was late", "the bridge inspection was late"),
        ("read by a well-", "known engineer", "read by a well-known engineer"),
        ("call 206-231-", "3195 before nine", "call 206-231-3195 before nine"),
        ("call 206\x96231\x96", "3195 before nine", "call 206\u2013231\u20133195 before nine"),
        ("read https://a.example/", "plans/2031 now", "read https://a.example/plans/2031 now"),
        ("all two-", "and three-year plans", "all two- and three-year plans"),
    ],
)
def test_words_that_a_line_end_cuts_are_whole(first: str, second: str, whole: str) -> None:
    """Hyphens and dashes that are part of a word stay."""
    content = pdf(lines((first.encode("latin-1").decode("cp1252"), second)))
    assert read_pdf(content).text == whole


def test_what_was_filled_in_stands_behind_its_label() -> None:
    """Before the field or, where nothing is printed, by the field's name."""
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T ({}) /V ({}) /Rect [{} {} {} {}] >>"
    notes = field.format("boat", "Terna", 180, 696, 380, 710) + field.format(
        "Owner", "Ola Dahl", 180, 600, 380, 614
    )
    reading = read_pdf(pdf([(60, 700, "Name of the boat:")], notes=notes))
    assert paragraphs(reading) == ["Name of the boat: Terna", "Owner: Ola Dahl"]


def test_a_comment_is_a_note_of_its_author() -> None:
    note = (
        "<< /Type /Annot /Subtype /Text /Rect [400 700 420 720] /T (Kari Lie) /Contents (Is it?) >>"
    )
    reading = read_pdf(pdf(lines(LEFT), notes=note))
    (block,) = blocks(reading, "note")
    assert (reading.text[block.span.start : block.span.end], block.facts["by"]) == (
        "Kari Lie: Is it?",
        "Kari Lie",
    )


def test_a_page_that_is_only_a_picture_without_words_is_counted() -> None:
    drawn = "q 400 0 0 400 100 100 cm /P Do Q"
    assert read_pdf(pdf(lines(LEFT), [], drawn=drawn)).left_out == {
        "page that is only a picture": 1
    }


def test_names_over_a_grid_are_those_of_its_columns() -> None:
    """Where no rule is drawn above them, as over a coloured head."""
    grid = "".join(f"60 {y} 300 18 re S " for y in (646, 664, 682))
    grid += "160 646 m 160 700 l S 260 646 m 260 700 l S"
    rows = (("Port", "Boats", "Fee"), ("Alta", "4", "9"), ("Bodo", "7", "3"), ("Hamar", "2", "8"))
    words = [
        (64 + 100 * column, 704 - 18 * row, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    assert paragraphs(read_pdf(pdf(words, drawn=grid)))[0] == "Port: Alta; Boats: 4; Fee: 9."


def test_columns_that_stand_close_are_told_apart_by_all_rows() -> None:
    """Only some of their cells leave a wide gap."""
    rows = (("Small boat", "27093", "25742", "86"), ("Ferry", "87847", "51686", "59"),
            ("Old sloop", "6921", "1094", "77"), ("Barge", "30992", "91221", "41"))  # fmt: skip
    words = [
        (x, 700 - 18 * row, cell)
        for row, cells in enumerate(rows)
        for x, cell in zip((60, 135, 170, 220), cells, strict=True)
    ]
    assert paragraphs(read_pdf(pdf(words)))[0] == "Small boat | 27093 | 25742 | 86"


def test_numbers_a_space_apart_are_cells_where_they_stand_below_each_other() -> None:
    rows = (("Port", "Boats", "Nets", "Crew"), ("Small boat", "27093", "25742", "86312"),
            ("Ferry", "87847", "51686", "59120"), ("Barge", "30992", "91221", "41007"))  # fmt: skip
    words = [
        (x, 700 - 18 * row, cell)
        for row, cells in enumerate(rows)
        for x, cell in zip((60, 121, 155, 189), cells, strict=True)
    ]
    told = paragraphs(read_pdf(pdf(words)))
    assert told[0] == "Port: Small boat; Boats: 27093; Nets: 25742; Crew: 86312."


def test_lines_whose_words_stand_far_apart_to_fill_them_are_no_table() -> None:
    lines = (
        ((60, "The"), (110, "ferry"), (170, "leaves"), (232, "at")),
        ((60, "nine"), (99, "on"), (150, "every"), (205, "single")),
        ((60, "day"), (123, "but"), (160, "one,"), (217, "when")),
        ((60, "there"), (106, "is"), (141, "much"), (229, "ice.")),
    )
    words = [(x, 700 - 13 * row, word) for row, line in enumerate(lines) for x, word in line]
    text = "The ferry leaves at nine on every single day but one, when there is much ice."
    assert paragraphs(read_pdf(pdf(words))) == [text]


class Glyphs(PageWords):
    """Letters at places, as a file may have drawn them."""

    def __init__(self, drawn: Iterable[tuple[str, float]]) -> None:
        self.characters, self._lefts = "", list[float]()
        for letters, left in drawn:
            self.characters += letters
            self._lefts += [left] * len(letters)

    def box(self, index: int) -> Any:
        return SimpleNamespace(left=self._lefts[index])


@pytest.mark.parametrize(
    "drawn",
    [
        [("ש", 50), ("ל", 45), (" ", 40), ("2031", 20), (",", 15), (" ", 10), (".ו", 5)],
        [("ל", 45), ("ש", 50), (" ", 40), (",2031", 15), (" ", 10), (".ו", 5)],
        [(".ו", 5), (" ", 10), (",2031", 15), (" ", 40), ("ל", 45), ("ש", 50)],
    ],
    ids=["as it is read", "letters as they stand", "words as they stand"],
)
def test_lines_from_right_to_left_are_read_as_their_letters_stand(
    drawn: list[tuple[str, float]],
) -> None:
    glyphs = Glyphs(drawn)
    assert glyphs.as_read(0, len(glyphs.characters)) == "של 2031, ו."


def test_lam_and_alef_of_one_glyph_are_in_the_order_of_the_word() -> None:
    glyphs = Glyphs([("ا", 30), ("أل", 20), ("و", 10), ("ل", 5)])
    assert glyphs.as_read(0, 5) == "الأول"


def test_a_table_that_goes_on_on_the_next_page_keeps_the_names_of_its_columns() -> None:
    rows = [("Alta", "12", "9"), ("Bodo", "31", "28"), ("Hamar", "7", "5"), ("Molde", "4", "8")]

    def drawn(*shown: tuple[str, ...]) -> list[Drawn]:
        return [
            (60 + 120 * column, 700 - 18 * row, cell)
            for row, cells in enumerate(shown)
            for column, cell in enumerate(cells)
        ]

    reading = read_pdf(pdf(drawn(("Port", "Income", "Costs"), *rows), drawn(*rows)))
    assert paragraphs(reading)[4:6] == [
        "Port: Alta; Income: 12; Costs: 9.",
        "Port: Bodo; Income: 31; Costs: 28.",
    ]


def test_the_last_row_of_a_table_alone_on_the_next_page_is_one_of_its_rows() -> None:
    """Where the names of the columns are printed again over it, though they do not begin where
    the words below them do, and a name in it has a space."""
    names = [(75, 700, "Port"), (125, 700, "Income"), (175, 700, "Costs in June")]

    def drawn(*rows: tuple[str, ...]) -> list[Drawn]:
        return names + cells(rows, (60, 125, 175), top=682)

    rows = [("Alta", "12", "9"), ("Bodo", "31", "28"), ("Hamar", "7", "5"), ("Molde", "4", "8")]
    reading = read_pdf(pdf(drawn(*rows), [*drawn(("Ny Sund 8", "5", "6")), (60, 600, "The end.")]))
    assert paragraphs(reading)[4:] == ["Port: Ny Sund 8; Income: 5; Costs in June: 6.", "The end."]


def test_the_names_printed_again_tell_the_columns_of_close_cells() -> None:
    """Three rows alone would be a table of three columns."""
    names = [(66, 700, "Port"), (130, 700, "Men"), (164, 700, "Beds"), (240, 700, "Costs")]

    def drawn(*rows: tuple[str, ...]) -> list[Drawn]:
        return names + cells(rows, (60, 130, 163, 240), top=682)

    rows = [("Alta", "12345", "13920", "4"), ("Bodo", "31345", "28111", "7"),
            ("Hamar", "70345", "50030", "2"), ("Molde", "41345", "83211", "3")]  # fmt: skip
    reading = read_pdf(pdf(drawn(*rows), drawn(*rows[:2])))
    told = [f"Port: {p}; Men: {c}; Beds: {g}; Costs: {o}." for p, c, g, o in rows]
    assert paragraphs(reading) == [*told, *told[:2]]


def test_names_of_which_one_is_empty_are_compared_too() -> None:
    rows = [("", "Men", "Beds"), ("Alta", "12", "9"), ("Bodo", "31", "28"), ("Hamar", "7", "5")]
    drawn = cells(rows, (60, 130, 200))
    assert read_pdf(pdf(drawn, drawn[:5])).text.count("Men: 12; Beds: 9.") == 1


def test_a_line_that_stands_apart_over_a_table_is_none_of_its_rows() -> None:
    """Though its words happen to stand over the columns; nor is one that ends a sentence."""
    rows = [("Boat", "Crew", "Beds", "Fee"), ("Terna", "12345", "13920", "41000"),
            ("Skarv", "31345", "28111", "72000"), ("Lunde", "70345", "50030", "23000"),
            ("Skua", "41345", "83211", "31000")]  # fmt: skip
    line = "Rowing boats of the lake and of all the rivers"
    for words, bottom in ((line, 730), (f"{line}.", 718)):
        found = paragraphs(read_pdf(pdf([(60, bottom, words), *cells(rows, (60, 120, 153, 186))])))
        assert found[:2] == [words, "Boat: Terna; Crew: 12345; Beds: 13920; Fee: 41000."]


def test_names_may_begin_elsewhere_than_the_words_below_them() -> None:
    names = [(72, 700, "Town"), (139, 700, "Men"), (167, 700, "Beds"), (205, 700, "Fee")]
    rows = [("Alta", "12345", "13920", "41000"), ("Kristiansund", "31345", "28111", "72000"),
            ("Hamar", "70345", "50030", "23000"), ("Molde", "41345", "83211", "31000")]  # fmt: skip
    found = paragraphs(read_pdf(pdf([*names, *cells(rows, (60, 130, 163, 196), top=682)])))
    assert found[0] == "Town: Alta; Men: 12345; Beds: 13920; Fee: 41000."


def cells(rows: Sequence[Sequence[str]], places: Sequence[int], top: int = 700) -> list[Drawn]:
    """Words in rows, 18 points from each other, each at the place of its column."""
    return [
        (x, top - 18 * number, cell)
        for number, row in enumerate(rows)
        for x, cell in zip(places, row, strict=True)
        if cell
    ]


BOATS = (("Boat", "Owner", "Fee"), ("Terna", "Foss", "3,400 kr"), ("Skarv", "", "1,980 kr"),
         ("Lunde", "Berg", "2,400 kr"), ("Havorn", "Dahl", "2,150 kr"))  # fmt: skip


def test_a_line_above_a_table_is_none_of_its_rows() -> None:
    words = [(60, 725, "Prices of the yard"), *cells(BOATS, (200, 245, 290))]
    assert paragraphs(read_pdf(pdf(words)))[:3] == [
        "Prices of the yard",
        "Boat: Terna; Owner: Foss; Fee: 3,400 kr.",
        "Boat: Skarv; Fee: 1,980 kr.",
    ]


def test_rows_between_the_names_and_a_sum_are_rows_of_their_own() -> None:
    """Though rules are drawn only above and below them."""
    words = cells([*BOATS, ("Sum", "", "9,930 kr")], (200, 260, 320))
    rules = "".join(f"195 {y} 180 0.5 re f " for y in (713, 695, 623, 605))
    assert paragraphs(read_pdf(pdf(words, drawn=rules)))[:2] == [
        "Boat: Terna; Owner: Foss; Fee: 3,400 kr.",
        "Boat: Skarv; Fee: 1,980 kr.",
    ]


def test_a_cell_that_goes_on_in_the_next_line_is_one() -> None:
    """Also where what goes on is as wide as half of the table."""
    words = cells((("Rule", "What it says", "Since"),), (60, 120, 400))
    for y, rule, said, more, since in (
        (680, "4a", "Dogs must be kept on a lead between the gate", "and the old pond.", "2029"),
        (650, "4b", "Bicycles are pushed on the bridge, and motor", "cars may not go.", "2031"),
    ):  # fmt: skip
        words += [(60, y, rule), (120, y, said), (400, y, since), (120, y - 13, more)]
    assert paragraphs(read_pdf(pdf(words))) == [
        "Rule: 4a; What it says: Dogs must be kept on a lead between the gate and the old pond.; "
        "Since: 2029.",
        "Rule: 4b; What it says: Bicycles are pushed on the bridge, and motor cars may not go.; "
        "Since: 2031.",
    ]


def test_a_name_over_several_columns_of_a_grid_names_each() -> None:
    rows = (
        ("Line", "Weekday", "", "Sunday", ""),
        ("", "First", "Last", "First", "Last"),
        ("12", "5:10", "23:40", "7:00", "22:00"),
        ("14", "5:30", "0:10", "8:00", "21:30"),
    )
    drawn = "".join(f"60 {y} m 360 {y} l S " for y in (716, 698, 680, 662, 644))
    drawn += "".join(f"{x} 644 m {x} 716 l S " for x in (60, 120, 240, 360))
    drawn += "180 644 m 180 698 l S 300 644 m 300 698 l S"
    words = cells(rows, (64, 124, 184, 244, 304), top=702)
    assert paragraphs(read_pdf(pdf(words, drawn=drawn)))[0] == (
        "Line: 12; Weekday, First: 5:10; Weekday, Last: 23:40; Sunday, First: 7:00; "
        "Sunday, Last: 22:00."
    )


def test_a_line_over_a_whole_grid_names_no_column() -> None:
    rows = (("Fees of the yard", "", ""), ("Boat", "Owner", "Fee"), ("Terna", "Foss", "340"),
            ("Skarv", "Dahl", "198"))  # fmt: skip
    drawn = "".join(f"60 {y} m 360 {y} l S " for y in (716, 698, 680, 662, 644))
    drawn += "60 644 m 60 716 l S 360 644 m 360 716 l S 160 644 m 160 698 l S 260 644 m 260 698 l S"
    words = cells(rows, (64, 164, 264), top=702)
    assert paragraphs(read_pdf(pdf(words, drawn=drawn)))[:2] == [
        "Fees of the yard",
        "Boat: Terna; Owner: Foss; Fee: 340.",
    ]


def test_a_box_for_a_tick_has_its_label_behind_it() -> None:
    """And says that it is not ticked, for what stands beside it says nothing alone."""
    box = "<< /Type /Annot /Subtype /Widget /FT /Btn /T ({0}) /Rect [60 {1} 72 {2}] {3} >>"
    notes = box.format("sells", 696, 708, "/V /Yes /AS /Yes") + box.format(
        "rents", 676, 688, "/V /Off /AS /Off"
    )
    words = [(78, 699, "Sells honey"), (78, 679, "Rents hives")]
    assert paragraphs(read_pdf(pdf(words, notes=notes))) == ["Sells honey: yes", "Rents hives: no"]


@pytest.mark.parametrize("shown", [1, 2], ids=["names alone", "names and a row"])
def test_names_at_the_foot_of_a_page_are_those_of_the_rows_on_the_next(shown: int) -> None:
    rows = [("Port", "Income", "Costs"), ("Alta", "12", "9"), ("Bodo", "31", "28"),
            ("Hamar", "7", "5"), ("Molde", "4", "8")]  # fmt: skip
    below, above = cells(rows[shown:], (60, 180, 300)), cells(rows[:shown], (60, 180, 300), 80)
    found = read_pdf(pdf([*lines(LEFT), *above], below))
    assert paragraphs(found) == [
        OTTERS,
        *(f"Port: {port}; Income: {income}; Costs: {costs}." for port, income, costs in rows[1:]),
    ]
    assert page_of(found, "Port: Alta") == 3 - shown


def test_a_last_row_without_names_above_it_is_one_of_the_table_on_the_page_before() -> None:
    rows = [("Port", "Income", "Costs"), ("Alta", "12", "9"), ("Bodo", "31", "28"),
            ("Ny Sund", "7", "5")]  # fmt: skip
    above, below = cells(rows[:3], (60, 180, 300), 80), cells(rows[3:], (60, 180, 300))
    found = read_pdf(pdf([*lines(LEFT), *above], [*below, (60, 640, "The end of it.")]))
    assert paragraphs(found)[1:] == [
        "Port: Alta; Income: 12; Costs: 9.",
        "Port: Bodo; Income: 31; Costs: 28.",
        "Port: Ny Sund; Income: 7; Costs: 5.",
        "The end of it.",
    ]


def test_a_line_on_the_next_page_that_does_not_stand_in_the_columns_is_no_row() -> None:
    words = "Income and costs of all other ports are not known."
    found = read_pdf(pdf(cells(BOATS, (60, 180, 300)), [(60, 720, words)]))
    assert paragraphs(found)[-1] == words


def test_words_that_had_no_room_on_the_line_above_are_no_row() -> None:
    """Though they happen to stand over two of the columns of the table below them."""
    rows = [("Boat", "Crew", "Beds", "Fee"), ("Terna", "12345", "13920", "41000"),
            ("Skarv", "31345", "28111", "72000"), ("Lunde", "70345", "50030", "23000"),
            ("Skua", "41345", "83211", "31000")]  # fmt: skip
    item = [(60, 731, "Rowing boats of the lake, and those of"), (60, 718, "all rivers   that")]
    found = paragraphs(read_pdf(pdf([*item, *cells(rows, (60, 120, 153, 186))])))
    assert found[:2] == [
        "Rowing boats of the lake, and those of all rivers that",
        "Boat: Terna; Crew: 12345; Beds: 13920; Fee: 41000.",
    ]


def test_a_row_whose_label_goes_over_white_space_above_it_is_not_cut() -> None:
    """Though that label stands a little lower than the cells beside it."""
    rows = [("", "31345", "28111", "72000"), ("Lunde", "70345", "50030", "23000"),
            ("Skua", "41345", "83211", "31000")]  # fmt: skip
    words = [
        *lines(["Rowing boats of the lake are let by the hour, and all others by the", "day."]),
        *cells([("Boat", "Crew", "Beds", "Fee")], (60, 135, 195, 255), 694),
        *cells(rows, (60, 135, 195, 255), 676),
        (60, 675, "Skarv of Bodo"),
    ]
    assert paragraphs(read_pdf(pdf(words)))[1] == (
        "Boat: Skarv of Bodo; Crew: 31345; Beds: 28111; Fee: 72000."
    )


def test_the_sign_before_an_item_belongs_to_it_whatever_stands_in_the_next_column() -> None:
    """It may be set a little lower than its words, beside a line of the other column."""
    items = [("A new roof costs more than", "the society has got"),
             ("The trees along the canal", "were planted in spring"),
             ("Parking is free on the", "north side of it")]  # fmt: skip
    drawn = [*lines([*LEFT, *LEFT[:2]])]
    for place, (first, rest) in enumerate(items):
        top = 714 - 26 * place
        drawn += [(320, top - 2, "•"), (338, top, first), (338, top - 13, rest)]
    found = read_pdf(pdf(drawn))
    told = [found.text[item.span.start : item.span.end] for item in blocks(found, "item")]
    assert told == [f"{first} {rest}" for first, rest in items]


def test_columns_that_stand_close_are_told_apart_though_one_is_indented() -> None:
    """Where only the ends of the other are at one place, at 200."""
    left = lines(["Otters were seen by the weir"] * 4)
    places = enumerate(zip((220, 210, 232, 220), RIGHT, strict=True))
    right = [(x, 720 - 13 * row, words) for row, (x, words) in places]
    found = read_pdf(pdf([*left, *right])).text
    assert found.rindex("weir") < found.index("The mill")


def test_a_heading_in_larger_letters_is_no_row_of_the_table_below_it() -> None:
    rows = [("Boat", "Crew", "Beds", "Fee"), ("Terna", "12345", "13920", "41000"),
            ("Skarv", "31345", "28111", "72000"), ("Lunde", "70345", "50030", "23000")]  # fmt: skip
    drawn = "BT /F1 16 Tf 60 722 Td (Rowing boats) Tj ET"
    found = paragraphs(read_pdf(pdf(cells(rows, (60, 120, 153, 186)), drawn=drawn)))
    assert found[:2] == ["Rowing boats", "Boat: Terna; Crew: 12345; Beds: 13920; Fee: 41000."]


def test_running_text_whose_words_happen_to_stand_below_each_other_is_no_table() -> None:
    said = [("costs", "more than the society has got. The", "trees"),
            ("along", "The more the society has got than.", "until"),
            ("today", "the society has got more than The.", "after")]  # fmt: skip
    columns = zip((60, 93, 270), zip(*said, strict=True), strict=True)
    words = across(*(lines(column, x) for x, column in columns))
    assert not blocks(read_pdf(pdf(words)), "table")
