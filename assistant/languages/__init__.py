"""What pages say, in the language of whoever looks at them.

English stands where it is said: `phrase("Ask")` in Python, `_("Ask")` in templates and scripts.
A file here for each other language has the same in it:

    [phrases]     "Ask" = "Спросить"; names in braces are filled in
    [counted]     document = {one = "документ", few = "документа", many = "документов"}
    [sentences]   what prompts/NAME.md says to people, by its NAME; `prompting` fills them in
    [told]        what is made elsewhere, in English for programs: found by its pattern
    [verbs]       "говорит" = {several = "говорят", of = ["said", "says", "say"]}: what stands
                  between a speaker, or several, and their words

The command line, the API and whatever is kept speak English: pages alone are in a language, from
the request on. tests/assistant/languages/test_languages.py says what a file lacks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from assistant.languages.prompting import fill, template_of
from index.english import spelling

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES: Mapping[str, str] = {"en": "English", "ru": "Русский", "tg": "Тоҷикӣ"}
"""The languages of pages, each by its own name."""

ENGLISH = "en"

FOLDER = Path(__file__).parent

WANTED = re.compile(r"\s*([a-z]{2,3})(?:-[\w-]*)?\s*(?:;\s*q=([\d.]+))?\s*", re.I)
"""A part of the header Accept-Language."""

PLACE = re.compile(r"\$\{?(\w+)\}?|\{(\w+)\}")
"""A name in a sentence, in whose place a value stands."""

BETWEEN_QUOTED = re.compile("(?<=”) (and|or) (?=“)")
QUOTED = re.compile("“([^“”]*)”")
QUOTED_ALONE = re.compile("“[^“”]*”(?:,? (?:(?:and|or) )?“[^“”]*”)*")
"""Quotation marks of ours, not those of a document."""

COUNT = re.compile(r"([\d,]+) (\D+?)")

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, what is said is in this language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> str:
    """The one that is spoken."""
    return _language.get()


def wanted_of(header: str) -> str:
    """The language that a browser asks for, of those that there are; English for others."""
    asked = [match for part in header.split(",") if (match := WANTED.fullmatch(part))]
    asked.sort(key=lambda match: -_weight(match[2]))
    return next((match[1].lower() for match in asked if match[1].lower() in LANGUAGES), ENGLISH)


def _weight(text: str | None) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


# -- words ---------------------------------------------------------------------------


def phrase(text: str, **values: object) -> str:
    """The text in the language that is spoken, with the values in their places."""
    return filled(words_of(language()).phrases.get(text, text), values)


def sentence(name: str, **values: object) -> str:
    """The text of prompts/NAME.md in the language that is spoken, filled in."""
    if language() == ENGLISH:
        return fill(name, **values)
    return filled(words_of(language()).sentences[name], values)


def later(text: str) -> str:
    """The text as it is: it stands in a table, and is said by `phrase` when it is shown."""
    return text


def counted(count: int, noun: str) -> str:
    """1 passage, 2,000 passages."""
    if language() == ENGLISH:
        return spelling.counted(count, noun)
    forms = words_of(language()).counted.get(noun, {})
    form = forms.get(_locale().plural_form(count)) or forms.get("other", noun)
    return f"{number(count)} {form}"


def listed_counts(counts: Mapping[str, int]) -> str:
    """2 hidden sheets, 1 picture."""
    return ", ".join(counted(count, noun) for noun, count in counts.items())


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with the values in place of their names."""

    def value(place: re.Match[str]) -> str:
        found = values.get(place[1] or place[2], place[0])
        return number(found) if type(found) is int else str(found)

    return PLACE.sub(value, text) if values else text


class Verb(TypedDict):
    """What several do, and the English forms that say it."""

    several: str
    of: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands in the file of a language."""

    phrases: Mapping[str, str]
    counted: Mapping[str, Mapping[str, str]]
    sentences: Mapping[str, str]
    told: Mapping[str, str]
    verbs: Mapping[str, Verb]


@cache
def words_of(code: str) -> Wording:
    """All that is said in a language; nothing for English, which stands where it is said."""
    if code == ENGLISH:
        return Wording({}, {}, {}, {}, {})
    return Wording(**tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8")))


def verb_of(english: str, *, of_several: bool = False) -> str:
    """What a document says somebody did with their words, in the language that is spoken: "" for
    what is not known there. It is in the present, which is the same for women and men."""
    one, several = _verbs(language()).get(english.lower(), ("", ""))
    return several if of_several else one


@cache
def _verbs(code: str) -> Mapping[str, tuple[str, str]]:
    verbs = words_of(code).verbs.items()
    return {form: (one, verb["several"]) for one, verb in verbs for form in verb["of"]}


# -- what is made elsewhere, in English -------------------------------------------------


def retold(text: str) -> str:
    """What the product said in English, in the language that is spoken: each sentence that is
    known, with the words in it as they are. What is not known stays."""
    if language() == ENGLISH or not text:
        return text
    return words_of(language()).phrases.get(text) or _retold(text) or text


def _retold(text: str, known: dict[str, str] | None = None) -> str:
    """Each of its sentences, "" if one is not known. `known` are the ends of it that were looked
    at: what somebody types can look like many sentences of ours, each of which ends twice."""
    known = {} if known is None else known
    if text not in known:
        told = (_told(pattern, other, text, known) for pattern, other in _patterns(language()))
        known[text] = next(filter(None, told), "")
    return known[text]


def _told(pattern: re.Pattern[str], other: str, text: str, known: dict[str, str]) -> str:
    """The text that begins with this sentence, "" if it does not."""
    found = pattern.match(text)
    rest = text[found.end() :] if found else ""
    if not found or (rest and not rest[0].isspace()):
        return ""
    after = _retold(rest.strip(), known) if rest.strip() else ""
    if rest.strip() and not after:
        return ""
    values = {name: _value(name, value) for name, value in found.groupdict().items()}
    return f"{filled(other, values)} {after}".strip()


def _value(name: str, words: str) -> str:
    """A count, a kind of answer, several of which any is meant; anything else as it is."""
    known = words_of(language())
    if count := COUNT.fullmatch(words):
        noun = count[2] if count[2] in known.counted else count[2].removesuffix("s")
        return counted(int(count[1].replace(",", "")), noun) if noun in known.counted else words
    if name == "kind":
        return known.phrases.get(words, words)
    if name == "others":
        return words.replace(" and ", " " + phrase("and") + " ")
    joined = {"and": phrase("and"), "or": phrase("or")}
    told = BETWEEN_QUOTED.sub(lambda found: f" {joined[found[1]]} ", words)
    if QUOTED_ALONE.fullmatch(words):
        return QUOTED.sub(lambda found: phrase("“{name}”", name=found[1]), told)
    return told


@cache
def _patterns(code: str) -> list[tuple[re.Pattern[str], str]]:
    """The longest first, so that none is taken for the beginning of another."""
    known = words_of(code)
    said = {template_of(name).template: other for name, other in known.sentences.items()}
    pairs = sorted({**said, **known.told}.items(), key=lambda pair: -len(PLACE.sub("", pair[0])))
    return [(_pattern(english), other) for english, other in pairs]


def _pattern(english: str) -> re.Pattern[str]:
    parts: list[str] = []
    end = 0
    for place in PLACE.finditer(english):
        name = place[1] or place[2]
        known = f"(?P={name})" if f"(?P<{name}>.+?)" in parts else f"(?P<{name}>.+?)"
        parts += [re.escape(english[end : place.start()]), known]
        end = place.end()
    ends = "" if end < len(english) else "$"
    return re.compile("".join([*parts, re.escape(english[end:]), ends]), re.S)


# -- for scripts --------------------------------------------------------------------------


def words_for(scripts: Iterable[str], names: Iterable[str] = ()) -> dict[str, Any]:
    """What these scripts say, in the language that is spoken; what the server tells them is
    found by its pattern there, too, with such names as may stand in it, and the months."""
    known, used = words_of(language()), set[str]()
    for script in scripts:
        used |= {text.replace('\\"', '"') for text in SAID_BY_SCRIPTS.findall(script)}
    nouns = {noun for script in scripts for noun in COUNTED_BY_SCRIPTS.findall(script)}
    return {
        "phrases": {text: known.phrases[text] for text in sorted(used) if text in known.phrases},
        "counted": {noun: known.counted[noun] for noun in sorted(nouns) if noun in known.counted},
        "told": {**known.told},
        "names": {name: known.phrases[name] for name in sorted(names) if name in known.phrases},
        "months": [day_in_words(date(2001, month, 1), short=True).split()[1] for month in MONTHS],
    }


MONTHS = range(1, 13)

SAID_BY_SCRIPTS = re.compile(r'\b_\("((?:[^"\\]|\\.)+)"')
COUNTED_BY_SCRIPTS = re.compile(r'\bcounted\([^"()]+(?:\([^()]*\))?[^"()]*, "([^"]+)"')


# -- numbers and times --------------------------------------------------------------------


@cache
def _locale_of(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(code)


def _locale() -> Locale:
    return _locale_of(language())


def number(count: float, digits: int = 0) -> str:
    """1,234 or .5, with as many digits behind the point."""
    if language() == ENGLISH:
        return f"{count:,.{digits}f}"
    from babel.numbers import format_decimal

    behind = f".{'0' * digits}" if digits else ""
    return format_decimal(count, f"#,##0{behind}", locale=_locale())


def percent(share: float) -> str:
    """95%."""
    if language() == ENGLISH:
        return f"{share:.0%}"
    from babel.numbers import format_percent

    return format_percent(share, "#,##0\u00a0%", locale=_locale())


def day_in_words(on: date, *, short: bool = False) -> str:
    """31 January 2026, or 31 Jan 2026."""
    month = "MMM" if short else "MMMM"
    return _dated(on, f"d {month} y", f"{on.day} {on:{'%b' if short else '%B'} %Y}")


def day_of_year(on: date, *, short: bool = False) -> str:
    """31 January, or 31 Jan."""
    month = "MMM" if short else "MMMM"
    return _dated(on, f"d {month}", f"{on.day} {on:{'%b' if short else '%B'}}")


def moment(seconds: float) -> str:
    """31 January 2026, 14:05, in UTC."""
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{day_in_words(at.date())}, {at:%H:%M}"


def _dated(on: date, pattern: str, english: str) -> str:
    if language() == ENGLISH:
        return english
    from babel.dates import format_date

    return format_date(on, pattern, locale=_locale()).lower()
