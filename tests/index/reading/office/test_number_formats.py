"""A value is shown as its cell shows it."""

from datetime import datetime, time, timedelta

import pytest

from index.reading.office.number_formats import shown

ACCOUNT = '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-'


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.125, "0%", "13%"),
        (2.675, "0.00", "2.68"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, "#,##0;(#,##0)", "(1,235)"),
        (-5, "$#,##0_);[Red]($#,##0)", "($5)"),
        (-3, "0.00", "-3.00"),
        (1234567, '#,##0.0,,"M"', "1.2M"),
        (5, '"kr" #,##0', "kr 5"),
        (5, "[$€-407] #,##0.00", "€ 5.00"),
        (7, "000", "007"),
        (2.5, "0.##", "2.5"),
        (2, "0.##", "2"),
        (1234, ACCOUNT, "1,234.00"),
        (0, ACCOUNT, "-"),
        (1e9, "0.00E+00", "1.00E+09"),
        (0.1 + 0.2, "General", "0.3"),
        (12, "@", "12"),
        (1.5, "# ?/?", "1.5"),
        (1e300, "0.00", "1e+300"),
        (True, "General", "TRUE"),
        ("word", "0.00", "word"),
    ],
)
def test_numbers_are_shown_in_their_format(value: object, form: str, expected: str) -> None:
    assert shown(value, form) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("d mmm yyyy", "1 Mar 2029"),
        ("[$-414]d. mmmm yyyy;@", "1. March 2029"),
        ("dd.mm.yy", "01.03.29"),
        ("dddd", "Thursday"),
        ("h:mm AM/PM", "2:05 PM"),
        ("mm:ss", "05:09"),
        ("yyyy-mm-dd hh:mm", "2029-03-01 14:05"),
        ("mm-dd-yy", "2029-03-01 14:05:09"),
        ("General", "2029-03-01 14:05:09"),
    ],
)
def test_dates_are_shown_in_their_format(form: str, expected: str) -> None:
    """And as ISO 8601 has them where each computer shows them otherwise."""
    assert shown(datetime(2029, 3, 1, 14, 5, 9), form) == expected


def test_a_day_has_no_time_and_a_time_no_day() -> None:
    assert shown(datetime(2029, 3, 1), "mm-dd-yy") == "2029-03-01"
    assert shown(time(14, 5), "h:mm") == "14:05"
    assert shown(timedelta(hours=30, minutes=5), "[h]:mm") == "30:05:00"
