"""Values of a workbook as its cells show them: 0.125 as "12.5%", a date as "1 Mar 2029"."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

TOKENS = re.compile(
    r"""(?P<quoted>"[^"]*")|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]
        |(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<fraction>\.0+(?=[^0#]|$))
        |(?P<moment>y+|m+|d+|h+|s+|e+)|(?P<number>[0#?][0#?,.]*(?:E[+-]0+)?|\.[0#?]+)
        |(?P<at>@)|(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE,
)
CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?")
LOCAL_DATES = frozenset(["mm-dd-yy", "m/d/yy h:mm"])
"""Shown as the language of the computer wants; here as ISO 8601 does."""

MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
LONGEST_FORMAT = 255
"""Characters, as in Excel."""
LONGEST_NUMBER = 30
"""Digits; Excel shows 15 and zeros."""

Token = tuple[str, str]


def shown(value: object, form: str) -> str:
    """A cell's value in its number format, in English. What a format is not made for, or one
    that nobody can read, is shown as it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, form)
    if isinstance(value, date | time):
        return _moment(value, form)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def plain_number(value: float) -> str:
    """As a person writes it, without what the computer's way of counting adds."""
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _number(value: float, form: str) -> str:
    if form == "General":
        return plain_number(value)
    sections = _sections(form)
    used = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    section = sections[used]
    kinds = Counter(kind for kind, _ in section)
    if not section or kinds["general"] or kinds["moment"] or kinds["number"] > 1:
        return plain_number(value)
    if not kinds["number"]:
        return "".join(words for _, words in section).strip() or plain_number(value)
    percents = sum(words.count("%") for kind, words in section if kind == "text")
    digits = _digits(abs(value), dict(section)["number"], percents)
    told = "".join(digits if kind == "number" else words for kind, words in section).strip()
    is_signed = value < 0 and not used and any(digit in "123456789" for digit in digits)
    return f"-{told}" if is_signed else told


def _digits(value: float, pattern: str, percents: int) -> str:
    """Rounded as people do it, half a unit up; "#" and "?" stand for digits that may be absent."""
    if "E" in pattern.upper():
        return f"{value:.{pattern.upper().partition('E')[0].partition('.')[2].count('0')}E}"
    thousands = len(pattern) - len(pattern.rstrip(","))
    whole, _, decimals = pattern.rstrip(",").partition(".")
    scaled = Decimal(repr(value)).scaleb(2 * percents - 3 * thousands)
    if not scaled.is_finite() or scaled.adjusted() > LONGEST_NUMBER:
        return str(value)
    unit = Decimal(1).scaleb(-len(decimals))
    rounded = scaled.quantize(unit, ROUND_HALF_UP, Context(prec=2 * LONGEST_FORMAT))
    integer, _, rest = f"{rounded:{',' if ',' in whole else ''}f}".partition(".")
    least = len(decimals.rstrip("#?"))
    rest = rest[:least] + rest[least:].rstrip("0")
    integer = integer.zfill(whole.count("0")) if integer != "0" or "0" in whole else ""
    return f"{integer}.{rest}" if rest else integer


def _moment(value: date | time, form: str) -> str:
    section = _sections(form)[0]
    plain = form.split(";")[0].casefold() in LOCAL_DATES
    if plain or "moment" not in [kind for kind, _ in section]:
        return _iso(value)
    is_half = any(kind == "half" for kind, _ in section)
    told, last = [], ""
    for place, (kind, words) in enumerate(section):
        if kind == "moment":
            following = next((w for k, w in section[place + 1 :] if k == "moment"), "")
            is_minute = words[0] == "m" and (last == "h" or following.startswith("s"))
            told.append(_part(value, words, is_minute=is_minute, is_half=is_half))
            last = words[0]
        elif kind == "half":
            told.append("AM" if getattr(value, "hour", 0) < 12 else "PM")
        else:
            told.append(words)
    return "".join(told).strip()


def _part(value: date | time, words: str, *, is_minute: bool, is_half: bool) -> str:
    """One field of a date or time: "yyyy", "mmm", "d", "hh" …"""
    width = len(words)
    if words[0] in "hs" or is_minute:
        hour = getattr(value, "hour", 0)
        hour = (hour - 1) % 12 + 1 if is_half else hour
        number = {"h": hour, "m": getattr(value, "minute", 0), "s": getattr(value, "second", 0)}
        return f"{number[words[0]]:0{min(width, 2)}}"
    if not isinstance(value, date):
        return ""
    if words[0] in "ye":
        return f"{value.year}" if width > 2 or words[0] == "e" else f"{value.year % 100:02}"
    number_, names = (
        (value.month, MONTHS[value.month - 1])
        if words[0] == "m"
        else (value.day, DAYS[value.weekday()])
    )
    if width == 5:
        return names[0]
    return {1: f"{number_}", 2: f"{number_:02}", 3: names[:3]}.get(width, names)


def _iso(value: date | time) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()


@lru_cache(1_000)
def _sections(form: str) -> tuple[tuple[Token, ...], ...]:
    """The format's parts for positive and negative numbers, zero and words."""
    if len(form) > LONGEST_FORMAT:
        return ((("general", ""),),)
    sections: list[list[Token]] = [[]]
    for match in TOKENS.finditer(form):
        kind, words = match.lastgroup or "", match[0]
        if kind == "other" and words == ";":
            sections.append([])
        elif token := _token(kind, words, match):
            sections[-1].append(token)
    return tuple(map(tuple, sections))


def _token(kind: str, words: str, match: re.Match[str]) -> Token | None:
    if kind == "quoted":
        return "text", words[1:-1]
    if kind == "escaped":
        return "text", match[kind]
    if kind == "bracket":
        currency = CURRENCY.fullmatch(match[kind])
        elapsed = match[kind].casefold()
        if currency:
            return "text", currency[1]
        return ("moment", elapsed) if elapsed and set(elapsed) <= set("hms") else None
    if kind in ("moment", "general", "half", "number"):
        return kind, words.casefold() if kind == "moment" else words
    if kind == "fraction":
        return "number", words
    return ("text", words) if kind == "other" else None
