"""Single lines whose form says who speaks: posts, headlines, quotations with a line of credit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.attribution.capitals import UPPER
from index.attribution.coreference import is_person
from index.attribution.forms.labels import NAME
from index.attribution.forms.turns import PrintedDocument, SpeakerTurn
from index.attribution.names import is_first_name, is_surname
from index.attribution.unparsed import SPEAKER, VERB
from index.attribution.unparsed_words import NOBODYS, PRONOUNS
from index.documents import Span
from index.english.word_lists import (
    DECIDERS,
    FINDERS,
    NOT_A_SPEAKER,
    ORGANIZATION,
    SEVERAL,
    TITLES,
)

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
    rf"(?:[–—―]|--|(?<=[.!?,…]”[ ])-|(?<=[.!?,…]\"[ ])-)[ \t]*"
    rf"(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Sir)\.? )?{NAME})"
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

DASHED = re.compile(
    rf"[–—―] ?(?P<said>[^\n]+?[,.?!…])? ?[–—―] ?{VERB}[ ]{SPEAKER}[^–—―\n]{{0,60}}"
    r"(?:[–—―][.,]? ?(?P<more>[^\n]+))?$"
)
SAID_FIRST = re.compile(
    rf"(?P<said>.*\b(?:is|isn['’]t|are|was|were|will|won['’]t|has|have|must|should|can|cannot|may|"
    rf"needs?|not|no|never|too)\b.*): (?P<name>(?:[a-z]+ )?[a-z]+|{NAME})"
)
DENIES = re.compile(
    rf"(?P<name>{NAME}) (?P<said>[‘'“\"](?:will|won['’]t|would|wouldn['’]t|never|not|did not|"
    r"didn['’]t|has no|had no|cannot|can['’]t|is not|was not)\b.{1,80}?[’'”\"])(?= |$)"
)
"""What somebody says of himself: others say of a firm that it ‘ignored warnings’."""

LONGEST_PERSON = 3
LONGEST_CREDIT = 5


def comments(layout: PrintedDocument) -> Iterator[SpeakerTurn]:
    """What somebody wrote at the margin of a document, whose name the file has with it."""
    for block in layout.blocks:
        by = block.facts.get("by", "") if block.kind == "note" else ""
        label = Span(block.span.start, block.span.start + len(f"{by}: "))
        if by and layout.words(label) == f"{by}: ":
            name = Span(label.start, label.start + len(by))
            yield SpeakerTurn(label, name, (Span(label.end, block.span.end),))


def posts(layout: PrintedDocument) -> Iterator[SpeakerTurn]:
    """A line that begins with "@name:"."""
    for match in POST.finditer(layout.text):
        if match["handle"].lower() not in TAGS and layout.is_running(match.start("name")):
            name = Span(*match.span("name"))
            said = Span(match.start("said"), match.start("said") + len(match["said"].rstrip()))
            yield SpeakerTurn(Span(match.start(), said.start), name, (said,), match["handle"])


def credited(layout: PrintedDocument) -> Iterator[SpeakerTurn]:
    """A quotation, in marks or set off as one, and below or behind it "— Name"."""
    quoted = [block.span for block in layout.blocks if block.kind == "quotation"]
    for match in CREDIT.finditer(layout.text):
        name = Span(*match.span("name"))
        if len(match["name"].split()) > LONGEST_CREDIT or not _is_whole(match):
            continue
        said = _marked_before(layout, match.start()) or _set_off_before(layout, match, quoted)
        if said is not None:
            yield SpeakerTurn(Span(match.start(), match.end()), name, (said,))


def headline(layout: PrintedDocument) -> Iterator[SpeakerTurn]:
    """A first line as "Holt: mill will not close", "Mill is unsafe: engineer" or "Holt ‘will not
    sell’ mill"."""
    line = layout.lines[0] if layout.lines else Span(0, 0)
    words = layout.words(line)
    if not words or len(words.split()) > LONGEST_HEADLINE or words[-1] in ".?":
        return
    has_text = len(layout.lines) > 1
    if has_text and (match := HEADLINE.fullmatch(words)) and _speaks(layout, match, line):
        yield _headline(line, match, Span(line.start, line.start + match.start("said")))
    elif has_text and (match := SAID_FIRST.fullmatch(words)) and _is_role(match["name"]):
        yield _headline(line, match, Span(line.start + match.end("said"), line.end))
    elif (match := DENIES.match(words)) and _is_known(layout, match["name"]):
        yield _headline(line, match, Span(line.start, line.start + match.start("said")))


def _headline(line: Span, match: re.Match[str], label: Span) -> SpeakerTurn:
    name, said = (Span(*(line.start + at for at in match.span(g))) for g in ("name", "said"))
    return SpeakerTurn(label, name, (said,), quoted=False)


def _speaks(layout: PrintedDocument, match: re.Match[str], line: Span) -> bool:
    last = match["name"].split(" ")[-1].lower()
    is_body = last in FINDERS | DECIDERS  # whose topics stand behind a colon, too
    asserts = ASSERTS.search(match[0]) is not None or (match["said"][0].islower() and not is_body)
    return _is_speakers(layout, match["name"], line) or (asserts and _is_role(match["name"]))


def _is_role(name: str) -> bool:
    """Is it what somebody is, not a name: "Minister", "engineer", "study"?"""
    last = name.split(" ")[-1].lower()
    single = last.removesuffix("s")
    is_known = not {last, single}.isdisjoint(TITLES | FINDERS | SEVERAL | DECIDERS)
    return is_known or is_person(last) or is_person(single)


def _is_known(layout: PrintedDocument, name: str) -> bool:
    """Is it a person's by its surname or title, and no word that the text has elsewhere?"""
    words = [word.lower() for word in name.split(" ")]
    if not {*words}.isdisjoint(ORGANIZATION | NOT_A_SPEAKER | NO_NAME):
        return False
    is_name = is_surname(name.split(" ")[-1]) and words[-1] not in layout.text.split()
    return is_name or words[-1] in TITLES


def _is_whole(match: re.Match[str]) -> bool:
    """Is the rest of the line a role, not a sentence?"""
    role = match["role"] or ""
    return not role.rstrip().endswith((".", "?", "!", ":", "”", '"'))


def _marked_before(layout: PrintedDocument, end: int) -> Span | None:
    """What stands in quotation marks just before this place, alone in its paragraph."""
    before = layout.text[:end].rstrip()
    start = before.rfind("\n\n") + 1
    words = before[start:].lstrip()
    start = len(before) - len(words)
    return Span(start, start + len(words)) if MARKED.fullmatch(words) else None


def _set_off_before(
    layout: PrintedDocument, match: re.Match[str], quoted: list[Span]
) -> Span | None:
    """The block of a quotation that this line ends or follows."""
    for span in reversed(quoted):
        if span.start < match.start() and match.end() <= span.end:
            words = layout.text[span.start : match.start()].rstrip()
            return Span(span.start, span.start + len(words)) if words else None
        if span.end <= match.start() and not layout.text[span.end : match.start()].strip():
            return span
    return None


def _is_speakers(layout: PrintedDocument, name: str, line: Span) -> bool:
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


def dashed(layout: PrintedDocument) -> Iterator[SpeakerTurn]:
    """A line of a dialogue with dashes: "— Нет, — ответил Лунин. — Я верю." """
    for paragraph in layout.paragraphs:
        match = DASHED.match(layout.words(paragraph))
        named = match and ("name" if match["name"] else "title")
        if match is None or named is None or match[named].lower() in PRONOUNS.keys() | NOBODYS:
            continue
        pieces = [Span(*(paragraph.start + at for at in match.span(g))) for g in ("said", "more")]
        content = tuple(piece for piece in pieces if piece.end > paragraph.start)
        name = Span(*(paragraph.start + at for at in match.span(named)))
        yield SpeakerTurn(Span(paragraph.start, paragraph.start), name, content)
