"""Days and file names that a question names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.english.word_lists import MONTHS

MONTH_NAMES = "|".join(f"{month}|{month[:3]}" for month in MONTHS)
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
MONTH = rf"(?P<month>{MONTH_NAMES})\b\.?"
YEAR = r"(?P<year>(?:19|20)\d\d)"

DATES = (
    re.compile(rf"\b{DAY}(?: of)? {MONTH},? {YEAR}\b", re.I),
    re.compile(rf"\b{MONTH} {DAY},? {YEAR}\b", re.I),
    re.compile(rf"\b{YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{YEAR}\b"),
)

FILE_NAME = re.compile(
    r"[\w./-]*\w\.(?:txt|md|mdx|rst|pdf|docx?|xlsx?|pptx?|csv|html?|eml|odt|json)\b", re.I
)


def days(text: str) -> Iterator[str]:
    """As ISO writes them: 2 July 2025 is 2025-07-02."""
    for form in DATES:
        for found in form.finditer(text):
            yield f"{found['year']}-{_month(found['month']):02}-{int(found['day']):02}"


def file_names(text: str) -> Iterator[str]:
    """The names of files: "in rules.txt"."""
    for found in FILE_NAME.finditer(text):
        yield found[0]


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(i for i, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower()))
