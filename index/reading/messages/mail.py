"""The reader of mail: bytes -> Reading, with what is attached and forwarded."""

from __future__ import annotations

import mimetypes
import posixpath
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import Message
from itertools import groupby, pairwise
from typing import Any

from index.reading.blocks import Blocks, Reading, Unreadable, one_line, printable
from index.reading.markup.web import read_as, write_page
from index.reading.plain import structure_of
from index.reading.text import decode

HEAD = ("From", "To", "Cc", "Date")
MOST_FORWARDED = 8
"""How deep messages lie in messages that are read."""

MOST_PARTS = 5_000
"""Parts of a message, each of which takes a millisecond to be told apart."""

LONGEST_HEADER = 10_000
"""Characters of a header that are read, 200 people: the library's time for what is wrongly quoted
in it grows with the square of their number."""

STUB_SHARE = 0.5
"""If fewer of the words of a message's web page stand in its plain text, that is a stub."""

WORDS = re.compile(r"\w+")
QUOTED = re.compile(r"(?:>[ \t]?)+")
WROTE = re.compile(
    r"(?:On|Am|Le|Den|Il|El|Em|Op|På)\s.{4,300}"
    r"(?:wrote|schrieb|écrit|skrev|scritto|escribió|escreveu|schreef)\b.{0,80}:",
    re.DOTALL,
)
FORWARDED = re.compile(
    r"-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine|"
    r"Weitergeleitete Nachricht|Opprinnelig melding|Begin forwarded message).*",
    re.IGNORECASE,
)
SUFFIXES = {"text/csv": ".csv", "text/markdown": ".md", "application/json": ".json"}
"""Endings for types that computers do not all know."""

PART = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
BETWEEN_MESSAGES = re.compile(rb"^From \S+ .*\d{4}.*\r?\n", re.MULTILINE)
"""The line before each message of a mailbox: who sent it and when."""

ESCAPED_FROM = re.compile(rb"^>(?=>*From )", re.MULTILINE)

BROKEN = re.compile("[\udc80-\udcff]")
"""What stands for a byte that is no ASCII."""

ReadPart = Callable[[str, bytes], Reading | None]


def read_mail(data: bytes, read: ReadPart) -> Reading:
    """The message with its head, what it quotes, and what it forwards and has attached, each
    a part of its own.

    `read` gives what an attachment holds, by the suffix of its name, None for a kind that
    cannot be read; it raises Unreadable.
    """
    message = _parsed(data)
    blocks = Blocks(len(data))
    _Writer(blocks, read).message(message, 0)
    sent = getattr(_header(message, "Date"), "datetime", None)
    reading = blocks.reading(
        title=_line(message, "Subject") or None,
        published=sent.isoformat() if sent else None,
        byline=_line(message, "From") or None,
    )
    if not any(message.keys()) or not reading.text:
        raise Unreadable("is not a mail message with text. Save the message again as .eml.")
    return reading


def read_mailbox(data: bytes, read: ReadPart) -> Reading:
    """Each message of a mailbox (.mbox), as `read_mail` reads it, a part of its own."""
    blocks = Blocks(len(data))
    starts = [match.start() for match in BETWEEN_MESSAGES.finditer(data)]
    if not starts or data[: starts[0]].strip():
        raise Unreadable("is no mailbox with messages. Export it again as .mbox.")
    writer = _Writer(blocks, read)
    for start, end in pairwise([*starts, len(data)]):
        _, _, content = data[start:end].partition(b"\n")
        content = ESCAPED_FROM.sub(b"", content)
        writer.message(_parsed(content), 0)
    return blocks.reading()


def _parsed(data: bytes) -> Message:
    """A message with its parts, once they are known to be of a sensible number."""
    if sum(1 for _ in PART.finditer(data)) > MOST_PARTS:
        raise Unreadable(f"has more than {MOST_PARTS:,} parts. Save what matters of it by itself.")
    return message_from_bytes(data, policy=policy.default)


class _Writer:
    """Writes messages, and in them the messages and files that they carry."""

    def __init__(self, blocks: Blocks, read: ReadPart) -> None:
        self._blocks = blocks
        self._read = read

    def message(self, message: Message, depth: int) -> None:
        """A message as a part: its subject, who wrote to whom and when, and its content."""
        said = {name: _line(message, name) for name in (*HEAD, "Subject")}
        cut = sum(len(_raw(message, name)) > LONGEST_HEADER for name in said)
        self._blocks.left_out("end of a long header", cut)
        with self._blocks.container(
            "part",
            depth,
            from_=said["From"],
            to=said["To"],
            cc=said["Cc"],
            date=said["Date"],
            subject=said["Subject"],
        ):
            self._blocks.heading(said["Subject"], min(depth + 1, 6))
            self._blocks.paragraph("\n".join(f"{n}: {said[n]}" for n in HEAD if said[n]))
            self._part(message, depth)

    def _part(self, part: Message, depth: int) -> None:
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/news"):
            self._forwarded(part, depth)
        elif kind == "multipart/alternative":
            self._alternative(part, depth)
        elif part.is_multipart():
            for member in _members(part):
                self._part(member, depth)
        elif part.get_content_maintype() == "text" and not _is_attached(part):
            self._body(part)
        elif part.get_content_maintype() == "image" and not _is_attached(part):
            self._blocks.left_out("picture")
        else:
            self._attachment(part, depth)

    def _forwarded(self, part: Message, depth: int) -> None:
        for message in _members(part):
            if depth < MOST_FORWARDED:
                self.message(message, depth + 1)
            else:
                self._blocks.left_out("forwarded message")

    def _alternative(self, part: Message, depth: int) -> None:
        """Take the plain text, where the same is there in several forms, unless it only says that
        there is a web page, or is missing."""
        members = list(_members(part))
        plain = [member for member in members if member.get_content_type() == "text/plain"]
        others = [member for member in members if member not in plain]
        pages = [page for page in (_page(member) for member in others) if page is not None]
        if not pages or (plain and not _is_stub(_text(plain[0]), _text(pages[-1]))):
            chosen = plain[:1] or members[-1:]
        else:
            chosen = [other for other in others if _page(other) is not None][-1:]
        for member in chosen:
            self._part(member, depth)

    def _body(self, part: Message) -> None:
        text = _text(part)
        if part.get_content_subtype() == "html":
            write_page(text, self._blocks)
        else:
            _write_plain(_unwrapped(text, part), self._blocks)

    def _attachment(self, part: Message, depth: int) -> None:
        """A file that is attached, read as any of its kind is."""
        kind, content = part.get_content_type(), part.get_payload(decode=True)
        name = one_line(part.get_filename() or "")
        suffix = posixpath.splitext(name)[1].lower()
        suffix = suffix or SUFFIXES.get(kind) or mimetypes.guess_extension(kind) or ""
        if suffix == ".eml" and isinstance(content, bytes) and depth < MOST_FORWARDED:
            self.message(_parsed(content), depth + 1)
            return
        reading = self._held(suffix, content) if isinstance(content, bytes) else None
        if reading is None:
            self._blocks.left_out(f"attachment {name or kind}")
            return
        with self._blocks.container("part", depth + 1, name=name, type=kind):
            self._blocks.heading(name, min(depth + 2, 6))
            self._blocks.include(reading)

    def _held(self, suffix: str, content: bytes) -> Reading | None:
        try:
            return None if suffix == ".eml" else self._read(suffix, content)
        except Unreadable:
            return None


def _write_plain(text: str, blocks: Blocks) -> None:
    """Paragraphs, and quotations by their depth: of lines after ">", and of all that follows
    where a program says that it is another's message."""
    below = 0
    lines = [*map(_unquoted, text.splitlines())]
    for depth, group in groupby(lines, key=lambda line: line[0]):
        for is_blank, paragraph in groupby(group, key=lambda line: not line[1].strip()):
            if is_blank:
                continue
            words = "\n".join(line.rstrip() for _, line in paragraph)
            if not depth and FORWARDED.match(words.strip()):
                told, _, words = words.strip().partition("\n")
                blocks.paragraph(told, "quotation" if below else "paragraph", below)
                below += 1
            level = depth + below
            if level:
                blocks.paragraph(words, "quotation", level)
            else:
                said = printable(words).strip()
                blocks.include(Reading(said, structure=structure_of(said)))
            below += not depth and _quotes_unmarked(words, lines)


def _quotes_unmarked(words: str, lines: list[tuple[int, str]]) -> bool:
    """Does it say who wrote what follows, and no line of the message is marked as quoted?"""
    return bool(WROTE.fullmatch(words.strip())) and not any(depth for depth, _ in lines)


def _unquoted(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and the line without the marks of that."""
    marks = QUOTED.match(line)
    return (marks[0].count(">"), line[marks.end() :]) if marks else (0, line)


def _unwrapped(text: str, part: Message) -> str:
    """Without the line ends that only a program set, where it marked them (RFC 3676)."""
    if part.get_param("format") != "flowed":
        return text
    joined = "" if part.get_param("delsp") == "yes" else " "
    return re.sub(r"(?<=[^\s>-]) \r?\n(?!>|\s|-- )", joined, text)


def _members(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (member for member in payload if isinstance(member, Message))


def _page(part: Message) -> Message | None:
    """The web page in a part, which may come with its pictures."""
    if part.get_content_type() == "text/html":
        return part
    members = _members(part) if part.get_content_type() == "multipart/related" else ()
    return next((m for m in members if m.get_content_type() == "text/html"), None)


def _is_stub(plain: str, page: str) -> bool:
    """Has the plain text little of what the page says?"""
    shown = Blocks(len(page))
    write_page(page, shown)
    words = set(WORDS.findall(shown.reading().text.casefold()))
    known = words & set(WORDS.findall(plain.casefold()))
    return len(known) < STUB_SHARE * len(words)


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _text(part: Message) -> str:
    """The text of a part, in the encoding that it declares, as browsers read that; if it is
    more than ASCII, that says nothing."""
    content, declared = part.get_payload(decode=True), part.get_content_charset() or ""
    if not isinstance(content, bytes) or not content.strip():
        return ""
    return decode(content, None if declared == "us-ascii" else read_as(declared))


def _line(message: Message, name: str) -> str:
    return one_line(str(_header(message, name) or ""))


def _header(message: Message, name: str) -> Any:
    """A header that the library cannot understand, say comments in comments without end, is
    none: it fails on some in ways of its own. What is more than ASCII has no declared encoding."""
    raw = _raw(message, name)
    words = raw[:LONGEST_HEADER]
    try:
        if BROKEN.search(words):
            words = decode(words.encode("ascii", "surrogateescape"))
        elif words == raw:
            return message[name]
        return policy.default.header_factory(name, one_line(words))
    except (Unreadable, RecursionError, LookupError, AttributeError, TypeError, ValueError):
        return None


def _raw(message: Message, name: str) -> str:
    """A header as it stands there, "" where there is none."""
    return next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
