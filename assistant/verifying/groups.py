"""The group, product or year that a document says something of, and no other.

passage -> units: paragraphs and rows, with the labels over them

What is said of "Committees", below that heading, is not said of the council; what a row says of
apprentices is not said of helpers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.verifying.clauses import cells_of, is_akin, is_empty, is_row
from index.documents import Hit, Span
from index.english.spelling import root, telling
from index.english.word_lists import COMPARING_ADJECTIVES, GENERAL_NOUNS

LABEL = re.compile(r"\W*([^:.;\n]{3,40}): \w")
"""With what a paragraph begins that says of it what follows: "Stage: five people"."""

LONGEST_HEADING = 60
"""Characters of a line without a full stop that stands above others."""

TELL_LITTLE = frozenset(map(root, GENERAL_NOUNS | COMPARING_ADJECTIVES))


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph or row of a passage with what it is labelled by, from the outermost on: the
    document's title, the heading above it, and the words before its colon or its first cell."""

    found: Hit
    span: Span
    text: str
    labels: tuple[str, str, str]

    @property
    def words(self) -> set[str]:
        """The roots of all of it."""
        byline = self.found.source.byline or ""
        return telling(" ".join([*self.labels, self.found.passage.context, byline, self.text]))


def units(found: Hit) -> Iterator[Unit]:
    """The paragraphs and rows of a passage."""
    passage, source = found.passage, found.source
    heading, opens = passage.context.rpartition(" / ")[2], False
    for match in re.finditer(r"\S.*?(?=\r?\n\s*\r?\n|\Z)", passage.text, re.S):
        text, start = match[0], passage.start + match.start()
        is_heading = "\n" not in text.strip() and _is_heading(text)
        if is_heading:
            heading = f"{heading} / {text}" if opens else text
        opens = is_heading
        title = f"{source.title} {source.name} {source.published or ''}"
        yield Unit(
            found, Span(start, start + len(text)), text, (title, heading, _label(text.strip()))
        )


def of_another(
    named: Collection[str],
    written: Collection[str],
    rests_in: Sequence[Unit],
    known: Sequence[Unit],
) -> tuple[str, str] | None:
    """What a sentence rests on that is labelled as something else than it `named`, where another
    unit has that label: (its label, that of the other)."""
    for own in rests_in:
        lacking = [word for word in named if not is_akin(word, own.words)]
        for other in known if lacking else ():
            for level in _apart(own, other):
                mine, theirs = (_telling(unit.labels[level]) for unit in (own, other))
                meant = any(is_akin(word, theirs - mine) for word in lacking)
                if meant and mine - theirs and not any(is_akin(w, written) for w in mine - theirs):
                    return own.labels[level].strip(), other.labels[level].strip()
    return None


def of_another_column(written: Collection[str], row: str) -> tuple[str, str] | None:
    """A cell of a row that a sentence names by its column while it has what another column says,
    which it does not name: (the column, what it says)."""
    if not is_row(row):
        return None
    pairs = cells_of(row)[1:]
    for label, value in pairs:
        others = [(other, said) for other, said in pairs if (other, said) != (label, value)]
        is_named = _is_in(telling(label), written) and bool(telling(label))
        if not is_named or is_empty(value) or _is_in(telling(value), written):
            continue
        for other, said in others:
            if not telling(other) & {*written} and telling(said) and _is_in(telling(said), written):
                return label, value
    return None


def _is_in(words: Collection[str], there: Collection[str]) -> bool:
    return all(is_akin(word, there) for word in words)


def _apart(own: Unit, other: Unit) -> Iterator[int]:
    """The levels at which two units may differ: their labels, if all above is the same."""
    if own.found.source.id != other.found.source.id:
        yield 0
    elif own.labels[1] != other.labels[1]:
        yield 1
    elif own.labels[2] != other.labels[2] and own.labels[2] and other.labels[2]:
        yield 2


def _telling(label: str) -> set[str]:
    return {word for word in telling(label) if not word.isdigit()} - TELL_LITTLE


def _label(text: str) -> str:
    """What stands before the colon, or in the first cell of a row."""
    if is_row(text):
        return cells_of(text)[0][1]
    match = LABEL.match(text)
    return match[1] if match else ""


def _is_heading(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and text[-1:].isalnum() and not is_row(text)
