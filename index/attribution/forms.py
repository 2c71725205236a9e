"""What a document says by its form: who speaks is told by where it stands, not by a verb.

A form is given a text and yields its turns, or nothing where the text has not that form. The
table is read from top to bottom until one fits. Within a turn grammar finds whom the speaker
quotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.attribution.people import UPPER, is_first_name
from index.documents import Span
from index.english.lexicon import NOT_A_SPEAKER, OF_TALK, TITLES


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says before the next one does. `label` is what stands before it, up
    to the words; `speaker` is the name in it, None where it names nobody ("Q:")."""

    label: Span
    speaker: Span | None
    content: tuple[Span, ...]


Form = Callable[[str, Sequence[Span], Sequence[Span]], list[Turn]]
"""From a text, its paragraphs and its headings."""

TIME = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?"
WORD = rf"(?:[{UPPER}][\w.’'-]*)"
LABEL = re.compile(
    rf"^[ \t]*(?:{TIME}[ \t]+)?(?P<name>{WORD}(?: {WORD}){{0,3}})(?: {TIME})?:[ \t]+(?=\S)",
    re.MULTILINE,
)
QUESTION_AND_ANSWER = frozenset({"q", "a", "question", "answer"})

LEAST_TURNS = 4
LEAST_SPEAKERS = 2
LEAST_KNOWN = 0.5
"""The share of turns whose label is a person's by its title, first name or full name."""

LEAST_CHANGES = 0.6
"""The share of turns that another one's follows: lists name each thing once, or again and
again."""

LEAST_SPOKEN = 0.6
"""The share of turns that end as sentences do: fields of records and tables do not."""

LEAST_TALK = 0.25
"""The share of turns that ask something or are about "I", "you" or "we"."""

SENTENCE_END = re.compile(r"[.?!…—–-][”\"’')\]]*$")
NO_WORDS = re.compile(r"[\[(][^\])]*[\])]")
"""A paragraph that tells what happens: "(Laughter.)"."""


def turns_of(text: str, paragraphs: Sequence[Span], headings: Sequence[Span]) -> list[Turn]:
    """The turns of a text in the first form that it has; none if it has none."""
    for form in FORMS.values():
        if found := form(text, paragraphs, headings):
            return found
    return []


def transcript(text: str, paragraphs: Sequence[Span], headings: Sequence[Span]) -> list[Turn]:
    """Lines that begin with a name and a colon, as of hearings and interviews: two speakers at
    least, who take turns, most of them known for people, and what they say is sentences."""
    labels = _without_headline(text, LABEL.finditer(text))
    if not _are_turns([_plain(label["name"]) for label in labels]):
        return []
    known = {name for name in {m["name"] for m in labels} if _is_persons(name, text)}
    if sum(m["name"] in known for m in labels) < LEAST_KNOWN * len(labels):
        return []
    found = [*_turns(text, labels, paragraphs, headings, known)]
    said = [" ".join(_words(text, span) for span in turn.content) for turn in found]
    is_talk = (
        any(turn.speaker for turn in found)
        and sum(bool(SENTENCE_END.search(words)) for words in said) >= LEAST_SPOKEN * len(said)
        and sum(map(_is_talk, said)) >= LEAST_TALK * len(said)
    )
    return found if is_talk else []


FORMS: Mapping[str, Form] = {"turn": transcript}


def without_labels(paragraphs: Iterable[Span], turns: Sequence[Turn]) -> Iterator[Span]:
    """The paragraphs, parted before each turn and without its label."""
    for paragraph in paragraphs:
        start = paragraph.start
        for turn in turns:
            if paragraph.start <= turn.label.start < paragraph.end:
                if start < turn.label.start:
                    yield Span(start, turn.label.start)
                start = turn.label.end
        if start < paragraph.end:
            yield Span(start, paragraph.end)


def _without_headline(text: str, labels: Iterable[re.Match[str]]) -> list[re.Match[str]]:
    """Those that may be a speaker's. "Lee: mill will not close" on the first line is none."""
    found = [m for m in labels if _plain(m["name"]) not in NOT_A_SPEAKER]
    alone = Counter(m["name"] for m in found)
    return [m for m in found if text[: m.start()].strip() or alone[m["name"]] > 1]


def _are_turns(names: Sequence[str]) -> bool:
    changes = sum(one != other for one, other in pairwise(names))
    several = [name for name, count in Counter(names).items() if count > 1]
    return (
        len(names) >= LEAST_TURNS
        and len({*names}) >= LEAST_SPEAKERS
        and bool(several)
        and changes >= LEAST_CHANGES * (len(names) - 1)
    )


def _is_persons(name: str, text: str) -> bool:
    """By what the label or the text says of it; "Q" and "A" are somebody's, too."""
    words = [word.strip(".").lower() for word in name.split()]
    if words[0] in TITLES or words[-1] in QUESTION_AND_ANSWER:
        return True
    if is_first_name(name.split()[0].capitalize()):
        return True
    last = re.escape(words[-1])
    return re.search(rf"\b[{UPPER}][\w.’'-]+ (?i:{last})\b(?!:)", text) is not None


def _is_talk(words: str) -> bool:
    return "?" in words or not OF_TALK.isdisjoint(re.findall(r"\w+", words.lower()))


def _turns(
    text: str,
    labels: Sequence[re.Match[str]],
    paragraphs: Sequence[Span],
    headings: Sequence[Span],
    known: set[str],
) -> Iterator[Turn]:
    """Those known for people and those who speak again are named."""
    again = {name for name, count in Counter(m["name"] for m in labels).items() if count > 1}
    starts = [m.start() for m in labels]
    for label, end in zip(labels, [*starts[1:], None], strict=True):
        named = label["name"] in known | again
        nobody = _plain(label["name"]) in QUESTION_AND_ANSWER
        speaker = Span(*label.span("name")) if named and not nobody else None
        content = _content(text, label.end(), end, paragraphs, headings)
        yield Turn(Span(label.start(), label.end()), speaker, tuple(content))


def _content(
    text: str, start: int, end: int | None, paragraphs: Sequence[Span], headings: Sequence[Span]
) -> Iterator[Span]:
    """The paragraphs up to the next turn or heading; of the last turn, which has none behind
    it, its own: what follows may be the reporter's."""
    for paragraph in paragraphs:
        piece = Span(max(start, paragraph.start), min(paragraph.end, end or paragraph.end))
        if piece.start >= piece.end:
            continue
        words = _words(text, piece)
        if piece.start > start and (end is None or paragraph in headings or words.isupper()):
            return
        if words.strip() and not NO_WORDS.fullmatch(words.strip()):
            yield Span(piece.start, piece.start + len(words.rstrip()))


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def _words(text: str, span: Span) -> str:
    return text[span.start : span.end]
