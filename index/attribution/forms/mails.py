"""Mails and threads of them: who wrote which lines, by the heads, by who is said to have written
what follows, and by how deep it is quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from index.attribution.forms.labels import NAME
from index.attribution.forms.printed_words import (
    ANOTHERS_MESSAGE,
    BEFORE_GOODBYE,
    BEHIND_GOODBYE,
    BELOW,
    DATES,
    DAYS,
    GREETS,
    MAIL_FIELDS,
    MONTHS,
    ON_A_DAY,
    SAYS_GOODBYE,
    SENDERS,
    SENT_FROM,
    WRITES,
)
from index.attribution.forms.turns import PrintedDocument, SpeakerTurn
from index.documents import Block, Span

QUOTED = re.compile(r"(?:>[ \t]?)+")
FIELD = re.compile(
    r"[*_]{0,2}(?P<field>[^\W\d_][\w-]{1,30})[*_]{0,2}[ \t]*:[*_]{0,2}(?:[ \t]+|$)(?P<value>.*)"
)
FROM_LINE = re.compile(r"From \S+(?: at \S+)? +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*\d{4}")
"""What parts the messages of an mbox."""

DASHES = re.compile(
    rf"[-_=]{{2,}}[ ]*(?:{ANOTHERS_MESSAGE})?.*?[-_=]{{2,}}|Begin forwarded message:",
    re.IGNORECASE,
)
WROTE = re.compile(
    rf"(?P<when>.{{0,170}}?)\b(?:{WRITES})\b(?P<behind>.{{0,80}}?):[ \t]*", re.DOTALL
)
MAY_BEGIN = re.compile(
    rf"^[> \t*]*(?:{'|'.join(SENDERS)})[*]*:|\b(?:{WRITES})\b[^\n]{{0,80}}:[ \t]*$", re.MULTILINE
)
"""What a document has that may be a mail."""

ADDRESS = re.compile(r"[<\[(]?(?:mailto:)?[\w.+-]+@[\w.-]+[>\])]?(?:<mailto:[^>]*>)?|<[^>]*>")
WHEN = re.compile(
    rf"\b(?:{ON_A_DAY})\b|\b[ap]\.m\.|\b(?:{DAYS})\w*(?=[.,]|\s+\d|\s+(?:{MONTHS}))|"
    rf"\b(?:{MONTHS})\w*(?=\.?,? \d)|(?<=\d)\.? (?:{MONTHS})\w*|"
    r"[+-]\d{4}|\d+(?:st|nd|rd|th)?(?:[.:/-]\d+)*"
)
GREETING = re.compile(
    rf"(?:(?i:{GREETS})\b[^.?!:\n]{{0,60}}[,!.:–—-]*|{NAME}(?: and {NAME})?[,:!–—-]+)"
)
GOODBYE = re.compile(
    rf"(?i:(?:(?:{BEFORE_GOODBYE}) )*(?:{SAYS_GOODBYE})"
    rf"(?: (?:{BEHIND_GOODBYE}))*|"
    rf"{SENT_FROM}|xoxo|xx?)[ ]*[,.!–—-]*"
)
SIGNATURE = re.compile(r"--[ \t]?|[_=*-]{5,}.*")
FOOTER = re.compile(rf"(?i:{BELOW})|_{{5,}}")
LONGEST_SIGNED = 6
"""Words of a line below a goodbye, or of one that is a name alone."""

LONGEST_NAME = 4
MOST_TOLD = 3
LONGEST_TOLD = 250
"""Lines and characters that say who wrote what follows."""

NEITHER = re.compile(r"[\"“”,;()<>]|\bvia\b.*")
NOT_OF_NAME = re.compile(r"\s*(?:\bvia .*|\[.*\]|\(.*\)|\bon behalf of .*)$")
NAME_BEHIND = re.compile(r"\S+(?: at |@)\S+ \(\"?(?P<name>[^()@]+?)\"?\)")
""" "ana at example.org (Ana Souza)", as archives of mailing lists have it."""

LAST_FIRST = re.compile(r"([^\W\d][\w’'-]+), ([^\W\d][\w.’'-]+(?: [\w.]+)?)")

LEAST_HEAD = 2
"""Lines of a head, one of them who it is from."""


@dataclass
class _Line:
    """A line of a message, and how deep it is quoted. `words` are without the marks of that.
    `sender` and `date` are those of the part of the file that begins with it."""

    span: Span
    depth: int
    words: str
    is_apart: bool
    is_indented: bool
    is_heading: bool = False
    begins_part: bool = False
    sender: str | None = None
    date: str = ""


@dataclass(frozen=True, slots=True)
class _Writer:
    """Who wrote something, where that is printed, and when; all empty: nobody knows."""

    name: str | None = None
    printed: Span | None = None
    when: str = ""


NOBODY = _Writer()


@dataclass
class _Message:
    """What one person wrote in a row, and what stands before it."""

    writer: _Writer
    label: Span
    lines: list[_Line] = field(default_factory=list)


def mail(layout: PrintedDocument) -> list[SpeakerTurn]:
    """A message is by whom its head names; what it quotes by whom it is said to be, at its depth.
    A text without a head is a mail where it quotes lines and says who wrote them."""
    parts = [block for block in layout.blocks if block.kind == "part"]
    is_mail = any("from" in part.facts for part in parts)
    if not is_mail and not MAY_BEGIN.search(layout.text):
        return []
    lines = [*_lines(layout, parts if is_mail else [])]
    messages = [*_messages(lines)]
    if not is_mail and not _is_mail(layout, messages):
        return []
    _sign(messages)
    return [_turn(layout, message) for message in messages if message.label or message.lines]


def _is_mail(layout: PrintedDocument, messages: Sequence[_Message]) -> bool:
    """Has it heads, or lines that are quoted below who wrote them?"""
    heads = any(m.writer.name and FIELD.match(layout.words(m.label)) for m in messages)
    return heads or any(
        message.writer.name and line.depth for message in messages for line in message.lines
    )


def _lines(layout: PrintedDocument, parts: Sequence[Block]) -> Iterator[_Line]:
    """All lines with their depth: as the reader found it, else by the marks before them."""
    quotations = [block for block in layout.blocks if block.kind == "quotation"]
    headings = {heading.start for heading in layout.headings}
    begins = {part.span.start: part for part in parts}
    number = end = 0
    for span in layout.lines:
        while number < len(quotations) and quotations[number].span.end <= span.start:
            number += 1
        is_quoted = number < len(quotations) and quotations[number].span.start <= span.start
        marks = None if parts else QUOTED.match(layout.words(span))
        start = min(span.start + (marks.end() if marks else 0), span.end)
        line = _Line(
            Span(start, span.end),
            quotations[number].level if is_quoted else marks[0].count(">") if marks else 0,
            layout.text[start : span.end].strip(),
            is_apart=layout.text.count("\n", end, span.start) > 1,
            is_indented=layout.text[start - 1 : start] in (" ", "\t") and not marks,
            is_heading=span.start in headings,
        )
        part = begins.get(span.start)
        if part is not None:
            line.begins_part, line.sender = True, part.facts.get("from")
            line.date = part.facts.get("date", "")
        end = span.end
        yield line


def _messages(lines: Sequence[_Line]) -> Iterator[_Message]:
    """What each person wrote, in reading order."""
    writers: dict[int, _Writer] = {}
    message: _Message | None = None
    number = below = 0
    while number < len(lines):
        line = lines[number]
        if line.begins_part:
            writers, below, message = (
                {0: _Writer(_person(line.sender or ""), None, line.date)},
                0,
                None,
            )
        if line.begins_part and line.is_heading:
            number += 1
            continue
        if found := _head(lines, number):
            count, writer = found
            writers = {d: w for d, w in writers.items() if d < line.depth} | {line.depth: writer}
            below = 0
        elif told := _told(lines, number):
            count, writer, is_unmarked = told
            deeper = line.depth + below + 1
            writers = {d: w for d, w in writers.items() if d < deeper} | {deeper: writer}
            below += is_unmarked
            writer = NOBODY
        elif DASHES.fullmatch(line.words) or FROM_LINE.fullmatch(line.words):
            count, writer = 1, NOBODY
        else:
            writer = writers.get(line.depth + below, NOBODY)
            if (
                message is None
                or message.writer is not writer
                or (message.lines and message.lines[-1].depth != line.depth)
            ):
                label = Span(line.span.start, line.span.start)
                message = _Message(writer, label)
                yield message
            message.lines.append(line)
            number += 1
            continue
        message = _Message(writer, Span(line.span.start, lines[number + count - 1].span.end))
        yield message
        number += count


def _sign(messages: Sequence[_Message]) -> None:
    """Where no head says who wrote what is not quoted, the name below it does."""
    own = [m for m in messages if m.lines and not m.writer.name and not m.lines[0].depth]
    signed = [line for m in own for line in m.lines[-1:] if is_name(line.words)]
    if len({line.words for line in signed}) == 1:
        span = signed[0].span
        for message in own:
            message.writer = _Writer(signed[0].words, span)


def _head(lines: Sequence[_Line], number: int) -> tuple[int, _Writer] | None:
    """How many lines of a head begin here, and who wrote what follows."""
    first = lines[number]
    if not FIELD.match(first.words):
        return None
    count = known = 0
    name, printed, when = None, None, ""
    for line in lines[number:]:
        match = FIELD.match(line.words)
        is_rest = line.is_indented or "@" in line.words or line.words.endswith(";")
        if line.depth != first.depth or (count and line.is_apart) or not (match or is_rest):
            break
        count += 1
        if match is None or match["field"] not in MAIL_FIELDS:
            continue
        known += 1
        if match["field"] in SENDERS and name is None:
            name = _person(match["value"])
            printed = _place(line, name)
        elif match["field"] in DATES:
            when = when or match["value"].strip()
    return (count, _Writer(name, printed, when)) if name and known >= LEAST_HEAD else None


def _told(lines: Sequence[_Line], number: int) -> tuple[int, _Writer, bool] | None:
    """How many lines say here who wrote what follows, who that is, and whether what follows is
    not marked as quoted."""
    for count in range(1, MOST_TOLD + 1):
        part = lines[number : number + count]
        if len(part) < count or any(
            line.depth != part[0].depth or (line.is_apart and line is not part[0]) for line in part
        ):
            return None
        words = " ".join(line.words for line in part)
        found = _wrote(words)
        if found is None:
            continue
        following = lines[number + count : number + count + 1]
        is_unmarked = not following or following[0].depth <= part[0].depth
        if is_unmarked and not (ADDRESS.search(words) and re.search(r"\d", words)):
            return None
        name, when = found
        printed = next(filter(None, (_place(line, name) for line in part)), None)
        return count, _Writer(name, printed, when), is_unmarked
    return None


def _wrote(words: str) -> tuple[str, str] | None:
    """Who wrote and when, of a line that says only that."""
    match = WROTE.fullmatch(words) if words.endswith(":") and len(words) <= LONGEST_TOLD else None
    if match is None:
        return None
    for part in (match["when"], match["behind"]):
        plain = NEITHER.sub(" ", WHEN.sub(" ", ADDRESS.sub(" ", part))).strip(" .:-")
        names = re.findall(NAME, plain)
        if names:
            name = names[-1]
            when = ADDRESS.sub(" ", match["when"]).replace(name, " ").removeprefix("On ")
            return name, " ".join(when.split()).strip(" ,")
    address = ADDRESS.search(words)
    return (address[0].strip("<>[]()"), "") if address else None


def _person(value: str) -> str | None:
    """The name in a head, else the address."""
    if behind := NAME_BEHIND.fullmatch(value.strip()):
        return behind["name"]
    address = ADDRESS.search(value)
    name = ADDRESS.sub("", value).strip(" \"'\t,;*")
    name = NOT_OF_NAME.sub("", name).strip(" \"'")
    return name or (address[0].strip("<>[]()") if address else None)


def _place(line: _Line, name: str | None) -> Span | None:
    at = line.words.find(name) if name else -1
    return None if at < 0 else Span(line.span.start + at, line.span.start + at + len(name or ""))


# -- what of a message is said -------------------------------------------------------------------


def _turn(layout: PrintedDocument, message: _Message) -> SpeakerTurn:
    """The message, without greeting and signature."""
    writer = message.writer
    content = tuple(_spans(layout, [*_body(message.lines)])) if writer.name else ()
    return SpeakerTurn(
        message.label, writer.printed, content, _usual(writer.name), _day(writer.when)
    )


def _day(when: str) -> str:
    """A date as ISO has it, where it is as mails have it."""
    try:
        return parsedate_to_datetime(when).isoformat()
    except (TypeError, ValueError, IndexError):
        return when


def _usual(name: str | None) -> str | None:
    """ "Lee, Ann" as "Ann Lee"; an address stays."""
    match = LAST_FIRST.fullmatch(name or "")
    return f"{match[2]} {match[1]}" if match else name


def _body(lines: Sequence[_Line]) -> Iterator[_Line]:
    first = int(bool(lines) and GREETING.fullmatch(lines[0].words) is not None)
    for number, line in enumerate(lines[first:], first):
        if SIGNATURE.fullmatch(line.words) or FOOTER.match(line.words):
            return
        if GOODBYE.fullmatch(line.words) and _is_signature(lines[number + 1 :]):
            return
        is_last = number == len(lines) - 1
        if is_last and number > first and is_name(line.words):
            return
        if line.words:
            yield line


def _is_signature(lines: Sequence[_Line]) -> bool:
    """Is there nothing but a signature?"""
    before = []
    for line in lines:
        if SIGNATURE.fullmatch(line.words) or FOOTER.match(line.words):
            break
        before.append(line)
    return len(before) <= 8 and not any(
        len(line.words.split()) > LONGEST_SIGNED and line.words.endswith((".", "?", "!"))
        for line in before
    )


def is_name(words: str) -> bool:
    """Is it a name alone, as below a letter?"""
    plain = words.strip(" ,.-–—~*_/")
    is_short = 0 < len(plain.split()) <= LONGEST_NAME
    return is_short and re.fullmatch(rf"{NAME}|[A-Z]", plain) is not None


def _spans(layout: PrintedDocument, lines: Sequence[_Line]) -> Iterator[Span]:
    """Lines in a row as one span, unless the marks of a quotation stand between them."""
    start = end = None
    for line in lines:
        if start is None or end is None:
            start, end = line.span.start, line.span.end
        elif line.is_apart or layout.text[end : line.span.start].strip():
            yield Span(start, end)
            start, end = line.span.start, line.span.end
        else:
            end = line.span.end
    if start is not None and end is not None:
        yield Span(start, end)
