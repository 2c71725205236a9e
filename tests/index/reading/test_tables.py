"""Every figure stands with the name of its column, wherever on a sheet the names stand."""

from collections.abc import Sequence

import pytest

from index.documents import walk
from index.reading.blocks import Blocks
from index.reading.tables import column_names, is_value, write_table, write_tables

Grid = Sequence[str]


def grid(*rows: str) -> list[list[str]]:
    """Rows whose cells are parted by commas."""
    return [[cell.strip() for cell in row.split(",")] for row in rows]


def sheet(*rows: str) -> list[str]:
    blocks = Blocks(100)
    write_tables(grid(*rows), blocks)
    return blocks.reading().text.split("\n\n")


def table(*rows: str, header_rows: int | None = None) -> list[str]:
    blocks = Blocks(100)
    write_table(grid(*rows), blocks, header_rows)
    return blocks.reading().text.split("\n\n")


def test_names_stand_below_a_title_block() -> None:
    """With a blank row between them and without, and where the title is merged."""
    ports = ("Port,Income,Costs", "Alta,12,9")
    above = ("Made by,Kari,", "Unit,million,")
    expected = ["Made by: Kari", "Unit: million", "Port: Alta; Income: 12; Costs: 9."]
    assert sheet(*above, ",,", *ports) == expected
    assert sheet(*above, *ports) == expected
    merged = "Ports in figures,Ports in figures,Ports in figures"
    assert sheet(merged, *ports) == ["Ports in figures", expected[-1]]


def test_names_stand_in_two_lines_and_units_below_them() -> None:
    expected = ["Port: Alta; 2029, Income (kr): 1; 2029, Costs (kr): 2; 2030, Income (kr): 3."]
    below = ("Port,Income,Costs,Income", ",(kr),(kr),(kr)", "Alta,1,2,3")
    assert sheet(",2029,2029,2030", *below) == expected
    assert sheet(",2029,,2030", *below) == expected, "a group that was not merged"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("Port,2029,2030", "Alta,12,14"), "Port: Alta; 2029: 12; 2030: 14."),
        (("Port,2029/30,2030/31", "Alta,12,14"), "Port: Alta; 2029/30: 12; 2030/31: 14."),
        (("Pupil,1,2,3", "Ada,B,,A"), "Pupil: Ada; 1: B; 3: A."),
        (("Port,1 Mar 2029,1 Apr 2029", "Alta,3,4"), "Port: Alta; 1 Mar 2029: 3; 1 Apr 2029: 4."),
        (("Name,Note,Note", "Mill,wet,call"), "Name: Mill; Note: wet; Note: call."),
        ((",Income,Costs", "Alta,12,9"), "Alta; Income: 12; Costs: 9."),
        (("Roast,100 g,250 g", "House,4.50,9.80"), "Roast: House; 100 g: 4.50; 250 g: 9.80."),
        (("Bag,500 g,1.000 g", "Flour,2,3"), "Bag: Flour; 500 g: 2; 1.000 g: 3."),
        (("Boat,1 hour,3 hours", "Cat,5,9"), "Boat: Cat; 1 hour: 5; 3 hours: 9."),
        (("Mill,20 kg,30 kg", "Barn,40 kg,70 kg"), "Mill | 20 kg | 30 kg\n\nBarn | 40 kg | 70 kg"),
        (("Mill,7 km,3 days", "Barn,,9 days"), "Mill | 7 km | 3 days\n\nBarn | | 9 days"),
        (("Port,2030", "Alta,14", "Bodo,n/a"), "Port: Alta; 2030: 14.\n\nPort: Bodo; 2030: n/a."),
    ],
)
def test_years_numbers_and_dates_are_names(rows: tuple[str, ...], expected: str) -> None:
    """Repeated ones too; a column without one has none."""
    assert "\n\n".join(sheet(*rows)) == expected


@pytest.mark.parametrize(
    "rows",
    [
        ("Ann,5", "Bob,6"),
        ("Ann,1990,2020", "Bob,1985,2019"),
        ("Ann,3,9,27", "Bob,1,5,6"),
        ("Name,Ola", "Phone,555", "Town,Alta"),
        ("Rent:,900 euros", "Deposit:,1800 euros"),
        ("Tenant:,Ann", "Rent:,900 euros"),
        ("Kestrel,sloop,Varde", "Merlin,ketch,Torp"),
        ("Harbour master,Ola Dahl",),
    ],
)
def test_a_table_without_names_gets_none(rows: tuple[str, ...]) -> None:
    assert sheet(*rows) == [row.replace(",", " | ") for row in rows]


def test_tables_below_each_other_have_their_own_names() -> None:
    """And a header that recurs, as for periods, holds for the rows below it."""
    assert sheet("Port,2030", "Alta,14", ",", "Port,Visitors", "Alta,820", ",", "Bodo,9") == [
        "Port: Alta; 2030: 14.",
        "Port: Alta; Visitors: 820.",
        "Port: Bodo; Visitors: 9.",
    ]
    first, second = ("Million,,2031", ",Sales,Cost", "North,5,-3"), ("Million,,2030", ",Sales,Cost")
    for between in ((), (",,",)):
        assert sheet(*first, *between, *second, "North,4,-2") == [
            "Million: North; 2031, Sales: 5; 2031, Cost: -3.",
            "Million: North; 2030, Sales: 4; 2030, Cost: -2.",
        ]


def test_tables_beside_each_other_are_two() -> None:
    """But a blank column within one parts no figure from its label."""
    assert sheet("Port,Income,,Boat,Length", "Alta,5,,Merlin,9", ",,,Kestrel,8") == [
        "Port: Alta; Income: 5.",
        "Boat: Merlin; Length: 9.",
        "Boat: Kestrel; Length: 8.",
    ]
    assert sheet("Port,2029,,2030,2031", "Alta,5,,8,9") == [
        "Port: Alta; 2029: 5; 2030: 8; 2031: 9."
    ]


def test_rows_after_a_blank_one_go_on_with_the_names_above() -> None:
    assert sheet("Name,Note,Year", "Ann,old,2029", ",,", "Bob,new,", "Cy,new,2030") == [
        "Name: Ann; Note: old; Year: 2029.",
        "Name: Bob; Note: new.",
        "Name: Cy; Note: new; Year: 2030.",
    ]


def test_a_line_between_rows_or_after_them_is_no_cell_of_the_first_column() -> None:
    assert sheet("Port,In,Out", "North", "Alta,1,2", "", "Source: the harbour") == [
        "North",
        "Port: Alta; In: 1; Out: 2.",
        "Source: the harbour",
    ]
    assert sheet("Port,In,Out", "North,North,North", "Alta,1,2", "2,2,2") == [
        "North",
        "Port: Alta; In: 1; Out: 2.",
        "Port: 2; In: 2; Out: 2.",
    ]


def test_a_header_that_is_known_is_believed() -> None:
    """Where it is not, two columns of words alone have none."""
    words = ("Term,Meaning", "Quay,Where boats lie")
    assert table(*words, header_rows=1) == ["Term: Quay; Meaning: Where boats lie."]
    assert table(*words) == ["Term | Meaning", "Quay | Where boats lie"]
    assert table("Port,Income", "Alta,12") == ["Port: Alta; Income: 12."]
    assert table("Port,Income", header_rows=1) == ["Port | Income"]


def test_a_table_of_very_many_rows_is_read_as_it_comes() -> None:
    """Also one whose header stands above every row."""
    rows = ["Port,Income", "Alta,12"] * 2_000
    assert set(sheet(*rows)) == {"Port: Alta; Income: 12."}


def test_titles_are_captions_and_rows_lie_in_a_table() -> None:
    blocks = Blocks(100)
    write_tables(grid("Ports", "", "Port,Income", "Alta,12"), blocks)
    kinds = [block.kind for block in walk(blocks.reading().structure)]
    assert kinds == ["caption", "table", "row", "cell", "cell"]


def test_names_of_columns_are_put_together_from_their_lines() -> None:
    assert column_names(grid("2029,2029,Port", "Income,Costs,Port", "mill. kr,%,")) == (
        "2029, Income, mill. kr",
        "2029, Costs %",
        "Port",
    )


@pytest.mark.parametrize("cell", ["12", "1,204", "12 %", "-3.5", "kr 5", "€12.50", "1 Mar 2029"])
def test_figures_and_dates_name_nothing(cell: str) -> None:
    assert is_value(cell)
    assert not is_value(f"Area {cell}")


@pytest.mark.parametrize(
    "cell", ["90 or more", "under 60", "up to 5 km", "from 5 to 10", "65 and over", "ages 3 to 6"]
)
def test_a_bound_is_a_figure(cell: str) -> None:
    assert is_value(cell)


@pytest.mark.parametrize("cell", ["Room 4", "after noon", "over the bridge", "C14", "from Oslo"])
def test_words_with_a_bound_or_a_number_are_none(cell: str) -> None:
    assert not is_value(cell)


def test_bounds_on_the_left_are_named_by_the_first_row() -> None:
    assert (
        table("Mark,Award", "90 or more,Gold", "75–89,Silver")[0]
        == "Mark: 90 or more; Award: Gold."
    )


def test_ranges_in_a_row_over_words_are_names() -> None:
    rows = ("Mark,90–100,75–89,60–74", "Award,Gold,Silver,Bronze")
    assert table(*rows) == ["Mark: Award; 90–100: Gold; 75–89: Silver; 60–74: Bronze."]
    hours = ("Pool,7–21,9–17", "Sauna,8–20,10–16")
    assert table(*hours) == ["Pool | 7–21 | 9–17", "Sauna | 8–20 | 10–16"]


def test_a_row_of_names_over_labels_is_the_header_alone() -> None:
    """What stands below it is of each of them, be it words or figures."""
    rows = (",Terna,Skarv,Lunde", "Owner,Foss,Dahl,Moe", "Length,12.4,9.1,7.7")
    assert sheet(*rows) == [
        "Owner; Terna: Foss; Skarv: Dahl; Lunde: Moe.",
        "Length; Terna: 12.4; Skarv: 9.1; Lunde: 7.7.",
    ]
    units = (",Terna,Skarv", "Date,(m),(t)", "3 May,4.2,1.1")
    assert sheet(*units) == ["Date: 3 May; Terna (m): 4.2; Skarv (t): 1.1."]


def test_the_name_of_a_group_holds_for_the_rows_below_it() -> None:
    """But an empty cell among others is no more than that."""
    head = "Ward,Street,Lamps"
    grouped = (head, "East,Mill Lane,14", ",Quay Road,9", "West,Hill Street,22", ",Church Walk,4")
    assert sheet(*grouped)[1] == "Ward: East; Street: Quay Road; Lamps: 9."
    single = (head, "East,Mill Lane,14", "North,Dike,2", ",Quay Road,9", "West,Hill Street,22")
    assert sheet(*single)[2] == "Street: Quay Road; Lamps: 9."
