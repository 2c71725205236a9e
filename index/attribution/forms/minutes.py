"""What a meeting decides and notes, where minutes credit nobody: "RESOLVED: That …", "It was
agreed to …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.attribution.capitals import RUN
from index.attribution.forms.talking import Cast
from index.attribution.forms.turns import PrintedDocument, SpeakerTurn
from index.documents import Span
from index.english.word_lists import DECIDERS, FUNCTION_WORDS, ORGANIZATION, PUBLIC_BODIES

LABELLED = re.compile(
    r"(?:^|(?<=[.!?] ))[ \t]*(?:\(?\d{1,3}(?:\.\d+)*[.)]?[ \t]+|[-*•][ \t]+)?[*_]{0,2}"
    r"(?P<label>(?:(?:IT WAS|It was) )?(?:RESOLVED|Resolved|RESOLUTION|Resolution|AGREED|Agreed|"
    r"NOTED|Noted|DECIDED|DECISIONS?|Decisions?|RECOMMENDED|RECOMMENDATION|CONCLUDED|APPROVED|"
    r"ORDERED|(?:ACTION|Action)s?(?: (?:POINT|ITEM|point|item)s?)?)"
    r"(?: (?:unanimously|UNANIMOUSLY|nem\.? con\.?))?)[*_]{0,2}"
    r"(?:[*_]{0,2}:[*_]{0,2}[ \t]*|[ \t]+(?=(?:that|THAT|to|TO)\b)|,? (?=that\b))(?P<said>\S.*)",
    re.MULTILINE,
)
IMPERSONAL = re.compile(
    r"(?:^|(?<=[.!?] ))(?P<label>(?:[A-Z][\w’' ]{2,40}, it|It) was (?:(?:also|then|further|"
    r"therefore|duly|subsequently|unanimously|generally) )*(?:agreed|resolved|decided|noted|"
    r"recommended|acknowledged|proposed and agreed)(?: (?:unanimously|by all))?) "
    r"(?P<said>)(?=(?:that|to)\b)",
    re.MULTILINE,
)
SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)
MINUTES = re.compile(r"\b(?:minutes|record of (?:the )?(?:meeting|proceedings))\b", re.IGNORECASE)
HEAD = 1_500
"""Characters in which minutes say that they are minutes, and whose."""

LEAST_IMPERSONAL = 3
"""From which a text is of a meeting though it does not say so."""

SHOUTED_LEAD = re.compile(r"(?:.* )?(?:OF|THE|FOR) ")
"""In a line in capitals, before the name of the body."""

BODY_DECIDES = re.compile(
    r"\b[Tt]he (?:Board|Council|Committee|Governors|Trustees|Governing Body|Directors|Members) "
    r"(?:resolved|agreed|noted|decided|approved)\b"
)
NO_BODY = frozenset("meeting minutes agenda annual general office".split())
"""None of these decides; what is in an office is where they meet."""

BODIES = (DECIDERS | ORGANIZATION | PUBLIC_BODIES) - NO_BODY
IN_SMALL_LETTERS = re.compile(
    rf"(?<![\w-])(?:(?!(?:{'|'.join(sorted(FUNCTION_WORDS | NO_BODY))})\b)[\w’'-]+ ){{0,3}}"
    rf"(?:{'|'.join(sorted(DECIDERS - NO_BODY))})\b",
    re.IGNORECASE,
)
""" "Minutes of the harbour board" """


def decisions(layout: PrintedDocument) -> Iterator[SpeakerTurn]:
    """What is decided or noted is the body's whose minutes these are, else the meeting's."""
    labelled = [*LABELLED.finditer(layout.text)]
    found = [*IMPERSONAL.finditer(layout.text)]
    if not labelled and not found:
        return
    is_minutes = MINUTES.search(layout.text, 0, HEAD) is not None or bool(Cast(layout).listed)
    shouted = any(match["label"].isupper() for match in labelled)
    least = 1 if BODY_DECIDES.search(layout.text) else LEAST_IMPERSONAL
    if not is_minutes and not shouted and len(found) < least:
        return
    who = body(layout) or "The meeting"
    taken: list[Span] = []
    for match in sorted([*labelled, *found], key=lambda match: match.start("label")):
        is_whole = ":" in layout.text[match.end("label") : match.start("said")]
        said = _said(layout, match, is_whole=match.re is LABELLED and is_whole)
        if said and layout.is_running(said.start) and not any(map(said.overlaps, taken)):
            taken.append(said)
            label = Span(match.start("label"), said.start)
            yield SpeakerTurn(label, None, (said,), who, quoted=False)


def _said(layout: PrintedDocument, match: re.Match[str], *, is_whole: bool) -> Span | None:
    """The sentence, or all sentences behind a label with a colon, without white space."""
    start = match.start("said")
    ends = [p.end for p in layout.paragraphs if p.start <= start < p.end]
    if not ends:
        return None
    sentence = None if is_whole else SENTENCE.match(layout.text, start, ends[0])
    words = layout.text[start : sentence.end() if sentence else ends[0]].rstrip()
    return Span(start, start + len(words)) if len(words.split()) > 1 else None


def body(layout: PrintedDocument) -> Span | str | None:
    """Whose minutes: named where the head says so, else in the head, else in the text."""
    head = [line for line in layout.lines if line.start < HEAD]
    told = [line for line in head if MINUTES.search(layout.words(line))]
    return (
        _named(layout, told)
        or _described(layout, told)
        or _named(layout, head[: len(told) + 3])
        or next(iter(_said_of_itself(layout)), None)
    )


def body_of_minutes(layout: PrintedDocument) -> Span | str | None:
    """The same, None where a text does not say that it is minutes."""
    return body(layout) if MINUTES.search(layout.text, 0, HEAD) else None


def _described(layout: PrintedDocument, lines: Sequence[Span]) -> str | None:
    found = (IN_SMALL_LETTERS.search(layout.text, line.start, line.end) for line in lines)
    return next((f"The {match[0][0].lower()}{match[0][1:]}" for match in found if match), None)


def _named(layout: PrintedDocument, lines: Sequence[Span]) -> Span | None:
    for line in lines:
        for match in RUN.finditer(layout.text, line.start, line.end):
            words = {word.lower().replace("-", "") for word in match[0].split()}
            if not words.isdisjoint(BODIES):
                lead = SHOUTED_LEAD.match(match[0])
                return Span(match.start() + (lead.end() if lead else 0), match.end())
    return None


def _said_of_itself(layout: PrintedDocument) -> Iterator[str]:
    for match in re.finditer(r"\b[Tt]he ([A-Z][a-z]+)\b", layout.text):
        if match[1].lower() in BODIES:
            yield match[1]
