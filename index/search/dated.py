"""Days and months by which a question picks documents: "in the minutes of May"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.documents import Source, StatementHit
from index.english.dates import DATES, days
from index.english.word_lists import MONTHS

MONTH_NAMES = "|".join(month.capitalize() for month in MONTHS)
DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{MONTH_NAMES})|(?:{MONTH_NAMES}) \d{{1,2}})"
WHEN = re.compile(
    rf",?\s*\b(?:[Ii]n|[Oo]n|[Oo]f|[Ff]rom|[Aa]t|[Dd]uring)\s+(?:the\s+(?:\w+\s+){{1,2}}(?:of|on|from)\s+)?"
    rf"(?P<date>{DAY},? (?:19|20)\d\d|{DAY}|(?:{MONTH_NAMES})(?: (?:19|20)\d\d)?)(?!\s+\d)\b,?"
)
ISO_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
MONTH = re.compile(rf"(?P<month>{MONTH_NAMES})(?: (?P<year>(?:19|20)\d\d))?")


def without_date(words: str) -> str:
    """The words without such a date: it tells which document, not what about."""
    return " ".join(WHEN.sub(" ", words).split())


def is_date(words: str) -> bool:
    """Are these a date and nothing else: "June 2025"?"""
    return WHEN.fullmatch(f"in {words}") is not None


def is_of(source: Source, question: str) -> bool:
    """Is the document of the day or month that the question names?"""
    wanted = [*_wanted(question)]
    own = [*_own(source)]
    return any(date.startswith(w) or date[4:].startswith(w) for w in wanted for date in own)


def in_period(sources: Iterable[Source], since: str, until: str) -> list[Source]:
    """Those of these days or between them; as ISO has them, "" for no limit. A month counts if
    some of it does; what has no date does not."""
    return [source for source in sources if _is_between(source, since, until)]


def _is_between(source: Source, since: str, until: str) -> bool:
    own = next((day for day in _own(source) if ISO_DAY.match(day)), None)
    if own is None:
        return False
    first, last = (own, own) if len(own) > len("2025-01") else (f"{own}-01", f"{own}-31")
    return last >= since and (not until or first <= until)


def names_a_date(question: str) -> bool:
    """Does it say of when?"""
    return WHEN.search(question) is not None


def day_of(hit: StatementHit) -> str | None:
    """The day of a statement as ISO has it: that of its mail or message, else its document's."""
    occasion = hit.statement.occasion
    if occasion is not None and ISO_DAY.match(occasion.time):
        return occasion.time[:10]
    return next((day for day in _own(hit.source) if ISO_DAY.match(day)), None)


def _wanted(question: str) -> Iterator[str]:
    """Beginnings of dates as ISO has them, without the year where none is named: "-05"."""
    for found in WHEN.finditer(question):
        whole = [*days(found["date"])]
        month = MONTH.search(found["date"])
        if whole or month is None:
            yield from whole
            continue
        number = MONTHS.index(month["month"].lower()) + 1
        day = re.search(r"\b\d{1,2}\b", found["date"].replace(month["year"] or "", ""))
        yield f"{month['year'] or ''}-{number:02}" + (f"-{int(day[0]):02}" if day else "")


def _own(source: Source) -> Iterator[str]:
    """The days of a document: published, or in its title or name."""
    if source.published:
        yield source.published[:10]
    for words in (source.title, source.name):
        yield from days(words)
        yield from (match[0] for match in DATES[2].finditer(words))
        yield from re.findall(r"(?:19|20)\d\d-\d\d(?!-)", words)
