"""What stands before a speaker's words: a table of the ways in which documents print it.

A row is a pattern for the beginning of a line, or for lines of their own. What fits one may
still be no speaker: the forms that ask look at the document as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from index.attribution.capitals import PARTICLE, UPPER
from index.attribution.forms.printed_words import TITLES
from index.documents import Span
from index.english.word_lists import DAYS, MONTHS

TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\b\.?)?+"
MONTH = rf"(?:{'|'.join(f'{m[:3]}(?:{m[3:]})?' for m in MONTHS)})\.?"
DAY = rf"(?:{'|'.join(f'{d[:3]}(?:{d[3:]})?' for d in DAYS)})\.?"
DATE = (
    rf"(?:(?:{DAY},? )?(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}"
    rf"(?:[-/.]\d{{2,4}})?\.?|\d{{1,2}}(?:\.? |-|/){MONTH}(?:(?:,? |-|/)\d{{2,4}})?"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?)|{DAY}|today|yesterday)"
)
STAMP = rf"(?:[\[(]?(?i:(?:{DATE}(?:,| at|,? um| à)?[ T\u202f])?{TIME}(?: ?(?:UTC|GMT|Z))?)[\])]?)"
"""A time of day or of a recording, with or without its date: "[12/06/2025, 14:03:22]"."""

WORD = rf"(?:[{UPPER}][\w.’'-]*)"
NAME = rf"{WORD}(?: (?:{PARTICLE} )?(?:{WORD}|\d{{1,3}}\b)){{0,4}}"
ANY_NAME = r"[^\s:<>|\[\]()](?:[^:<>|\[\]()\n]{0,38}?[^\s:<>|\[\]()])??"
"""Whatever a program prints for a name: "ben.okoro", "+44 7700 900123"."""

SHOUTED = rf"[{UPPER}][{UPPER}’'-]+|Mc[{UPPER}]+"
ASIDE = r"(?:[ \t]*(?:\((?!\d)[^()\n]{1,60}\)|\[(?!\d)[^\]\n]{1,40}\])){0,3}"
MARK = r"[ \t]*(?:\d{1,2}[ \t]{2,})?(?:Q\d{1,3}\.?[ \t]+)?(?:[-*•–·][ \t]+)?[*_]{0,3}"
"""What a line may begin with: the number of a line of a court's record, a bullet, bold marks."""

TO_WORDS = r"[*_]{0,3}[ \t]*\n?[ \t]*(?:\n[ \t]*)?(?=\S)"

BOLD = r"[*_]{0,3}"
OWN_LINE = r"[ \t]*\n\s*(?=\S)"
NUMBERED = r"[ \t]*(?:\d{1,2}[ \t]{2,})?"
FROM_TO = r"(?:[ \t]+[Tt]o[ \t]+[^:\n]{1,40})?"

PATTERNS: Mapping[str, str] = {
    "nick": rf"[ \t]*(?:(?P<time>{STAMP})[ \t]+)?<[ \t]?[@+%~&]?(?P<name>[^<>\n/]{{1,40}})>"
    r"[ \t]+(?=\S)",
    "chat": rf"{MARK}\u200e?(?P<time>{STAMP})(?:[ \t]+From)?[ \t]*(?:-[ \t]+|[ \t])[ \t]*~?[ \t]*"
    rf"(?P<name>{ANY_NAME}){FROM_TO}(?:{ASIDE}{BOLD}:{TO_WORDS}|[ \t]*[|│\t][ \t]*(?=\S))",
    "label": rf"{MARK}(?P<name>{NAME}){ASIDE}(?:[ \t]*(?P<time>{STAMP}))?{BOLD}:{TO_WORDS}",
    "office": rf"{MARK}(?:The|THE) [^:()\n]{{3,90}} \((?P<name>{NAME})\):{TO_WORDS}",
    "anchor": rf"{MARK}(?P<name>(?:{SHOUTED})(?: (?:{SHOUTED}|[A-Z]\.))+), [^:\n]{{2,70}}:"
    rf"{TO_WORDS}",
    "dash": rf"[ \t]*(?P<name>{NAME}){ASIDE}(?:, [^.\n]{{3,90}})?\. [–—][ \t]+(?=\S)",
    "record": rf"(?:(?<=\n\n)|[ \t]{{2,}})(?P<name>(?:{TITLES}|Ambassador|Director|Mayor|Sheriff|"
    rf"Commissioner|Mr\. Secretary) {NAME})\.[ \t]+(?=[{UPPER}“\"\[(])",
    "handle": rf"{MARK}(?P<name>[a-z][\w.-]{{1,24}}):[ \t]+(?=\S)",
    "printed": rf"{NUMBERED}(?P<name>(?:{TITLES}) (?:[A-Z][\w’'-]+ ){{0,2}}?(?:{SHOUTED})"
    rf"(?: (?:{SHOUTED}))?(?: of [A-Z]\w+(?: [A-Z]\w+)?)?"
    rf"|(?:{SHOUTED})(?: [{UPPER}]\.)?(?: (?:{SHOUTED})){{1,2}})"
    r"(?:\.[ \t]+|[ \t]+[–—-]{1,2}[ \t]+)(?=[\w“\"‘(\[$£€])",
    "letter": rf"{MARK}(?P<name>[QA])(?:\d{{1,2}})?{BOLD}"
    rf"(?:[.:]{TO_WORDS}|[ \t]{{3,}}|\t[ \t]*)(?=\S)",
    "asked": rf"[ \t]*(?P<name>Q)[ \t]+(?=[{UPPER}“\"]\w)",
    "line": rf"[ \t]*{BOLD}(?P<name>{ANY_NAME}){BOLD}{ASIDE}(?:[ \t]+(?:APP|BOT))?"
    rf"(?:[ \t]+|,[ \t]*|[ \t]*[—–|•·-][ \t]*)(?P<time>{STAMP})[ \t]*:?{OWN_LINE}",
    "behind": rf"[ \t]*(?P<time>{STAMP})(?:[ \t]*-->[ \t]*{STAMP})?"
    rf"(?:[ \t]*-[ \t]*|[ \t]+|[ \t]*\n[ \t]*){BOLD}(?P<name>{NAME}|(?<=\][ ]){ANY_NAME}){BOLD}"
    rf"{ASIDE}:?{OWN_LINE}",
    "above": rf"[ \t]*{BOLD}(?P<name>{ANY_NAME}){BOLD}[ \t]*\n[ \t]*(?P<time>{STAMP}){OWN_LINE}",
    "alone": rf"[ \t]*{BOLD}(?P<name>(?:{SHOUTED})(?=\.)|{NAME})\.?{BOLD}{ASIDE}"
    rf"(?:[ \t]*(?:--|[–—-])[ \t][^\n]{{1,60}})?{OWN_LINE}",
}
"""nick: <ana> words; chat: a time, a name and a colon; label: a name and a colon;
office: what somebody is, and the name in brackets; anchor: a name in capitals, what somebody is,
and a colon; dash: a name, a full stop and a dash; record: a title, a name and a full stop, where a
paragraph begins; handle: one word in small letters and a colon; printed: a name
in capitals and a full stop; letter: Q and A; asked: a Q without a mark; then names on a line of
their own, with a time behind them, before them, below them, or without one."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name that may be a speaker's: where it stands with what belongs to it, and which row
    of the table fits."""

    span: Span
    name: Span
    words: str
    time: str
    row: str

    @property
    def key(self) -> str:
        """By which the same name is known again."""
        return " ".join(self.words.lower().replace(".", " ").split())


def labels(text: str, *rows: str) -> Iterator[Label]:
    """What fits one of these rows, in reading order; of two that overlap, the earlier row's."""
    found: dict[int, Label] = {}
    for row in reversed(rows):
        for match in _pattern(row).finditer(text):
            name = Span(*match.span("name"))
            time = (match.groupdict().get("time") or "").strip("[]() \t")
            label = Label(Span(*match.span()), name, match["name"], time, row)
            found[match.start()] = label
    yield from (found[start] for start in sorted(found))


@cache
def _pattern(row: str) -> re.Pattern[str]:
    return re.compile(rf"^{PATTERNS[row]}", re.MULTILINE)
