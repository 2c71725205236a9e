"""Speeches, statements, letters and blogs: "I" is the one author's, whom the title, the byline or
the signature names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.attribution.forms.labels import NAME
from index.attribution.forms.mails import GOODBYE, GREETING, is_name
from index.attribution.forms.printed_words import SPEECH
from index.attribution.forms.talking import ends_a_sentence, share
from index.attribution.forms.turns import PrintedDocument, SpeakerTurn
from index.chunking import sentences
from index.documents import Span
from index.english.word_lists import TITLES

GIVEN_BY = re.compile(
    rf"\b(?i:(?:opening|prepared|written|oral|closing|keynote|personal|joint|maiden|victory|"
    rf"concession|inaugural|commencement) )*(?i:{SPEECH})"
    rf"(?: (?i:as (?:prepared|delivered)(?: for delivery)?|given|made|delivered|held))?"
    rf"[ \n]+(?i:by|of|from|von|par|de|del?)[ ]+(?i:(?:the|our) [^,\n]{{3,70}}, )?"
    rf"(?i:the |(?:mr|mrs|ms|dr|prof(?:essor)?|sir|dame)\.? )?(?P<name>{NAME})"
)
"""By a name, or by an office and a name: "by the Director of the Bank, Dr Ann Lee"."""

BYLINE = re.compile(
    r"(?:^|\n)[ \t*_]*(?:By|Author|Posted by|Written by|Von|Par)[: ][ \t]*"
    rf"(?P<name>{NAME})[ \t*_]*(?=\n|,| \||$)"
)
ADDRESSED = re.compile(
    r"(?i:ladies and gentlemen|good (?:morning|afternoon|evening)|thank you|mr\.? (?:president|"
    r"speaker|chairman|chair)|madam (?:president|speaker|chair)|dear (?:friends|colleagues)|"
    r"my fellow|fellow|friends|distinguished|honou?rable|members of|meine damen|mesdames|señoras|"
    r"excellenc(?:y|ies)|your (?:majesty|excellenc)|chair(?:man|woman|person)?,|colleagues,)"
)
DEAR = re.compile(
    r"(?i:dear|to whom it may concern|to the editor|sir,|sirs,|madam,|an open letter to)\b"
)

FIRST_PERSON = re.compile(
    r"\b(?:I|I[’'](?:m|ve|d|ll)|[Ww]e|[Ww]e[’'](?:re|ve|d|ll)|ich|wir|je|nous|yo|nosotros|я|мы)\b"
)
IN_FIRST_PERSON = re.compile(
    rf"^(?:\W*[\w’'-]+){{0,3}}?\W*{FIRST_PERSON.pattern}|[,;:—–][ ](?:\w+ )?{FIRST_PERSON.pattern}"
)
"""Where the first person is the subject of a sentence, not of a clause that it reports."""

OF_FIRST_PERSON = re.compile(
    rf"{FIRST_PERSON.pattern}|\b(?i:my|me|our|us|mine|ours|myself|ourselves)\b"
)
SINGULAR = re.compile(r"\b(?:I|I[’'](?:m|ve|d|ll)|[Mm]y|me|ich|je|yo|я)\b")
QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?|«[^»]*»?|„[^“”]*[“”]?|(?<!\w)‘(?:[^’]|’(?=\w))*’?")

CREDITS = re.compile(
    rf"\b(?!I\b|We\b){NAME} (?:once )?(?:said|says|told|asked|wrote|put|replied|answered|added)\b"
)
"""Beside a quotation: it is another one's."""

OPENS_TALK = re.compile(r"[“\"„«‘'][^\W\d_]|[—–-] ?[^\W\d_]")
LEAST_TALK_OF_STORY = 0.1
LONGEST_BLOG = 40_000
"""The share of paragraphs that begin with a quotation, and characters, of a story told by
somebody who is not its author."""

MOST_HEAD = 8
"""Lines above the first paragraph that are a head."""

LEAST_PARAGRAPHS = 2
LEAST_OF_SPEECH = 0.25
LEAST_OF_BLOG = 0.3
"""The share of paragraphs in which the first person stands outside quotations."""

LEAST_BODY = 8
"""Words of a paragraph that is no line of a head or a signature."""


def speech(layout: PrintedDocument) -> list[SpeakerTurn]:
    """All of it is by whom the title says that it is by, where they speak of "I" or "we"."""
    head, body = _parts(layout)
    name: Span | str | None = _in_head(GIVEN_BY, layout, head)
    if name is None and body and (given := GIVEN_BY.match(layout.words(body[0]))):
        at = body[0].start
        name = Span(at + given.start("name"), at + given.end("name"))
        body = body[1:]
    if name is None and body and ADDRESSED.match(layout.words(body[0])):
        name = _in_head(BYLINE, layout, head) or _name_line(layout, head)
    if re.search(SPEECH, layout.title, re.IGNORECASE):
        name = name or _of_byline(layout)
    if name is None or not _is_first_person(layout, body, LEAST_OF_SPEECH):
        return []
    return [_turn(layout, paragraph, name) for paragraph in body]


def letter(layout: PrintedDocument) -> list[SpeakerTurn]:
    """Between "Dear …" and the signature all is by whoever signed."""
    lines = layout.lines
    begins = next((n for n, line in enumerate(lines[:40]) if _is_salutation(layout, line)), None)
    if begins is None:
        return []
    ends = next(
        (n for n in range(len(lines) - 1, begins, -1) if GOODBYE.fullmatch(layout.words(lines[n]))),
        None,
    )
    signed = lines[ends + 1 : ends + 4] if ends is not None else lines[-1:]
    name = next((line for line in signed if is_name(layout.words(line))), None)
    if name is None:
        return []
    last = lines[ends].start if ends is not None else name.start
    body = [*layout.between(lines[begins].end, last)]
    if not body or not _is_first_person(layout, body, LEAST_OF_SPEECH):
        return []
    return [_turn(layout, paragraph, name) for paragraph in body]


def blog(layout: PrintedDocument) -> list[SpeakerTurn]:
    """What an article with a byline says in the first person is its author's."""
    head, body = _parts(layout)
    name = _of_byline(layout) or _in_head(BYLINE, layout, head)
    if name is None or not _is_first_person(layout, body, LEAST_OF_BLOG):
        return []
    if _is_told(layout) or not any(
        SINGULAR.search(_outside(layout, paragraph)) for paragraph in body
    ):
        return []
    return [
        _turn(layout, span, name) for paragraph in body for span in _first_person(layout, paragraph)
    ]


def _is_told(layout: PrintedDocument) -> bool:
    """Is it a story: long, or with people who talk?"""
    talk = share(bool(OPENS_TALK.match(layout.words(p))) for p in layout.paragraphs)
    return len(layout.text) > LONGEST_BLOG or talk >= LEAST_TALK_OF_STORY


def _parts(layout: PrintedDocument) -> tuple[list[Span], list[Span]]:
    """The lines above the first paragraph, and the paragraphs of running text."""
    first = next(
        (n for n, p in enumerate(layout.paragraphs) if _is_running(layout, p) and n <= MOST_HEAD),
        None,
    )
    if first is None:
        return [], []
    body = [p for p in layout.paragraphs[first:] if p not in layout.headings and _says(layout, p)]
    return [*layout.paragraphs[:first]], body


def _is_running(layout: PrintedDocument, paragraph: Span) -> bool:
    words = layout.words(paragraph)
    is_long = len(words.split()) >= LEAST_BODY and ends_a_sentence(words)
    opens = ADDRESSED.match(words) is not None and words.rstrip()[-1:] in ".,:!"
    return paragraph not in layout.headings and (is_long or opens)


def _says(layout: PrintedDocument, paragraph: Span) -> bool:
    words = layout.words(paragraph).strip()
    return words[:1] not in "[(" and (ends_a_sentence(words) or words.endswith((":", ",", ";")))


def _is_first_person(layout: PrintedDocument, body: Sequence[Span], least: float) -> bool:
    if len(body) < LEAST_PARAGRAPHS and not (body and SINGULAR.search(_outside(layout, body[0]))):
        return False
    return share(bool(OF_FIRST_PERSON.search(_outside(layout, p))) for p in body) >= least


def _first_person(layout: PrintedDocument, paragraph: Span) -> Iterator[Span]:
    """Runs of its sentences that say "I" or "we" outside quotations."""
    start = end = None
    for sentence in sentences(layout.text, paragraph):
        outside = _outside(layout, sentence)
        if IN_FIRST_PERSON.search(outside) and not (
            outside != layout.words(sentence) and CREDITS.search(outside)
        ):
            start, end = start if start is not None else sentence.start, sentence.end
        elif start is not None and end is not None:
            yield Span(start, end)
            start = end = None
    if start is not None and end is not None:
        yield Span(start, end)


def _outside(layout: PrintedDocument, span: Span) -> str:
    return QUOTED.sub(" ", layout.words(span))


def _turn(layout: PrintedDocument, span: Span, name: Span | str) -> SpeakerTurn:
    """As printed is "I", if that stands there."""
    words = FIRST_PERSON.search(layout.text, span.start, span.end)
    printed = Span(*words.span()) if words else None
    if printed is None and isinstance(name, Span):
        printed = name
    return SpeakerTurn(Span(span.start, span.start), printed, (span,), name)


def _is_salutation(layout: PrintedDocument, line: Span) -> bool:
    words = layout.words(line)
    return DEAR.match(words) is not None and (
        words.endswith((",", ":", "!")) or GREETING.fullmatch(words) is not None
    )


# -- whose it is ----------------------------------------------------------------------------------


def _in_head(
    pattern: re.Pattern[str], layout: PrintedDocument, head: Sequence[Span]
) -> Span | None:
    """Whom a line of the head names as the author."""
    if not head:
        return None
    match = pattern.search(layout.text, head[0].start, head[-1].end)
    return None if match is None else _without_end(layout.text, Span(*match.span("name")))


def _name_line(layout: PrintedDocument, head: Sequence[Span]) -> Span | None:
    """A line of the head that is a title and a name alone: "Governor Ingrid Halvorsen"."""
    for line in head:
        words = re.split(r",| – | - ", layout.words(line))[0].strip("*_ ")
        named = re.fullmatch(NAME, words)
        if named and len(words.split()) > 1 and words.split()[0].lower().strip(".") in TITLES:
            return Span(line.start, line.start + len(words))
    return None


def _of_byline(layout: PrintedDocument) -> str | None:
    """The person whom the file itself names as its author."""
    name = re.sub(r"^(?i:by) ", "", layout.byline).strip()
    is_person = re.fullmatch(NAME, name) is not None and len(name.split()) > 1
    return name if is_person else None


def _without_end(text: str, name: Span) -> Span:
    """Without what a title goes on with in capitals: "… Halvorsen At the …"."""
    words = re.match(r"(?:(?!\b(?:At|On|To|In|Before|For|The)\b).)+", text[name.start : name.end])
    return name if words is None else Span(name.start, name.start + len(words[0].rstrip()))
