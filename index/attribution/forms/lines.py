"""Single lines whose form says who speaks: posts, headlines, quotations with a line of credit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.attribution.forms.labels import NAME
from index.attribution.forms.turns import Layout, Turn
from index.attribution.names import is_first_name, is_surname
from index.attribution.people import UPPER
from index.documents import Span
from index.english.lexicon import NOT_A_SPEAKER, ORGANIZATION, TITLES

POST = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?(?P<name>@(?P<handle>\w{2,30}))(?:[ \t]*\([^()\n]{1,40}\))?"
    r"(?::[ \t]+|[ \t]*\n)(?P<said>\S[^\n]*)",
    re.MULTILINE,
)
TAGS = frozenset(
    """param params parameter return returns throws throw raises see since author deprecated version
    todo note example type property override media import include keyframes charset font class
    interface default private public internal brief file date copyright license""".split()
)
"""What stands behind "@" in the comments and rules of programs."""

CREDIT = re.compile(
    rf"(?:[–—―]|--)[ \t]*(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Sir)\.? )?{NAME})"
    r"(?P<role>(?:, |[ \t]*\(|[ \t]+[–—-][ \t]+)[^\n]{1,90})?[ \t]*$",
    re.MULTILINE,
)
MARKED = re.compile(r"(?:“[^“”]+”|\"[^\"\n]+\"|«[^«»]+»|„[^„“”]+[“”]|‘[^‘\n]+’)[.,]?")
HEADLINE = re.compile(rf"(?P<name>(?:{NAME})):[ \t]+(?P<said>\S.*)")
LONGEST_HEADLINE = 16
"""Words."""

NO_NAME = frozenset("the a an on in at of for how why what who when where is are".split())

ASSERTS = re.compile(
    r": ['‘“\"]?(?:[a-z][\w’'-]* )*(?:will|won['’]t|would|is|isn['’]t|are|was|were|has|have|must|"
    r"should|can|can['’]t|cannot|may|need|needs|not|no|never)\b"
)
"""A headline in small letters that asserts something; one that names a topic has no verb."""

LONGEST_PERSON = 3
LONGEST_CREDIT = 5


def posts(layout: Layout) -> Iterator[Turn]:
    """A line that begins with "@name:"."""
    for match in POST.finditer(layout.text):
        if match["handle"].lower() not in TAGS:
            name = Span(*match.span("name"))
            said = Span(match.start("said"), match.start("said") + len(match["said"].rstrip()))
            yield Turn(Span(match.start(), said.start), name, (said,), match["handle"])


def credited(layout: Layout) -> Iterator[Turn]:
    """A quotation, in marks or set off as one, and below or behind it "— Name"."""
    quoted = [block.span for block in layout.blocks if block.kind == "quotation"]
    for match in CREDIT.finditer(layout.text):
        name = Span(*match.span("name"))
        if len(match["name"].split()) > LONGEST_CREDIT or not _is_whole(match):
            continue
        said = _marked_before(layout, match.start()) or _set_off_before(layout, match, quoted)
        if said is not None:
            yield Turn(Span(match.start(), match.end()), name, (said,))


def headline(layout: Layout) -> Iterator[Turn]:
    """A first line as "Holt: mill will not close", above running text."""
    if len(layout.lines) < 2:
        return
    line = layout.lines[0]
    match = HEADLINE.fullmatch(layout.words(line))
    if match is None or len(match[0].split()) > LONGEST_HEADLINE or match[0][-1] in ".?":
        return
    name = Span(line.start, line.start + match.end("name"))
    if _is_speakers(layout, match["name"], line):
        said = Span(line.start + match.start("said"), line.end)
        yield Turn(Span(line.start, said.start), name, (said,), quoted=False)


def _is_whole(match: re.Match[str]) -> bool:
    """Is the rest of the line a role, not a sentence?"""
    role = match["role"] or ""
    return not role.rstrip().endswith((".", "?", "!", ":", "”", '"'))


def _marked_before(layout: Layout, end: int) -> Span | None:
    """What stands in quotation marks just before this place, alone in its paragraph."""
    before = layout.text[:end].rstrip()
    start = before.rfind("\n\n") + 1
    words = before[start:].lstrip()
    start = len(before) - len(words)
    return Span(start, start + len(words)) if MARKED.fullmatch(words) else None


def _set_off_before(layout: Layout, match: re.Match[str], quoted: list[Span]) -> Span | None:
    """The block of a quotation that this line ends or follows."""
    for span in reversed(quoted):
        if span.start < match.start() and match.end() <= span.end:
            words = layout.text[span.start : match.start()].rstrip()
            return Span(span.start, span.start + len(words)) if words else None
        if span.end <= match.start() and not layout.text[span.end : match.start()].strip():
            return span
    return None


def _is_speakers(layout: Layout, name: str, line: Span) -> bool:
    """Is it a person's, by what the text below says of it?"""
    words = name.split()
    if not {word.lower() for word in words}.isdisjoint(ORGANIZATION | NOT_A_SPEAKER | NO_NAME):
        return False
    below = layout.text[line.end :]
    last = re.escape(words[-1])
    if re.search(rf"\b{last} (?:said|says|told|added)\b|\b(?:said|says|added) {last}\b", below):
        return True
    firsts = re.findall(rf"\b([{UPPER}][\w.’'-]+) {last}\b", below)
    if len(words) == 1 and is_surname(words[0]) and ASSERTS.search(layout.words(line)):
        return True
    if len(words) > 1:
        firsts = [word for word in words[-LONGEST_PERSON:-1] if is_first_name(word)] and firsts
    return any(is_first_name(first) or first.lower().strip(".") in TITLES for first in firsts)
