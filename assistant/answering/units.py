"""What belongs together in a document: a list with what leads in to it, the steps below a
heading, a question with what follows it. Quoted is what belongs together, not what a sentence
happens to hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

from index.chunking import paragraphs, sentences
from index.documents import Block, BlockKind, Document, Hit, Passage, Span, walk
from index.english.spelling import telling
from index.english.word_lists import MONTHS

Read = Callable[[str], Document]
"""A document by its id, for the person who asks."""

CONTAINERS = frozenset(["table", "part", "slide", "sheet"])
NO_ANSWER: frozenset[BlockKind] = frozenset(["heading", "caption", "hidden"])
"""Blocks that name what follows them and say nothing by themselves."""

IN_A_LIST: frozenset[BlockKind] = frozenset(["item", "row"])

LONGEST_BETWEEN = 2
"""Pieces of code between two items of one list."""

MOST_OPENED = 600
"""Characters of a list that are quoted with the line that leads in to it, where the line was
found and the list is not asked for."""

MOST_FOLLOWING = 3
"""Sentences of what follows a heading."""

FIRST_LINES, LONGEST_BEGINNING = 2, 200
"""Lines of a document, and characters of each, that say of what all of it speaks: of minutes the
body and the day."""

LONGEST_BEFORE = 1_000
"""Characters of a paragraph before a sentence that say of what it speaks."""

SUBJECT = re.compile(r"(?:The |An? )?(?P<name>[A-Z][\w’'-]+)(?: [A-Z][\w’'-]+)*")
"""What may be the name with which a sentence begins, if its first word has a capital elsewhere,
too."""

MASTHEAD = 3
"""Lines of a document among which are its authors, its number, and who adopted it when."""

LABELLED = re.compile(r"[^\W\d][^:\n]{0,40}: (?=\S)[^\n]+")
"""A value behind its label: "Prepared by: Ann Holt"."""

LARGEST_FORM = 12
"""Lines before and behind a field that may be fields of the same form."""

ANNOUNCES = re.compile(r"\b(?:following|below|these|as follows)\b", re.I)


SENTENCE_ENDS = ".!?:;…。！？：；؟؛۔।"
"""Also those of Chinese, Arabic and Hindi."""

MAIL_HEAD = re.compile(r"(?:(?:From|To|Cc|Bcc|Date|Sent|Subject|Reply-To): [^\n]*\n?)+")
"""What the reader of mail puts before each message, and programs before one that is forwarded."""


@dataclass(frozen=True, slots=True)
class Line:
    """A block that holds no others, or a row with its cells: what is read as one piece.
    `names_columns`: of the rows below it."""

    kind: BlockKind
    span: Span
    level: int = 0
    cells: tuple[Block, ...] = ()
    names_columns: bool = False


class Told(NamedTuple):
    """Words that would be quoted, and those that say of what they speak: what stands `above` them,
    how their document is called (`title`), how it begins and what its `rest` is; `beside` are the
    headings beside those above them."""

    above: str
    words: str
    document: str = ""
    title: str = ""
    beginning: str = ""
    rest: str = ""
    beside: str = ""

    @property
    def text(self) -> str:
        return "\n".join([self.title, self.beginning, self.above, self.words])


class Layout:
    """The lines of a document, in reading order, and which belong together. Where it `has_blocks`,
    these say what is a heading, and its looks do not."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._text = document.text
        self.has_blocks = any(block.kind != "heading" for block in document.structure)
        self.lines = tuple(_lines(document))
        self._starts = [line.span.start for line in self.lines]
        parts = (block for block in walk(document.structure) if block.kind == "part")
        self._above: dict[int, str] = {}
        self._names: dict[str, bool] = {}
        self._beside: dict[tuple[int, ...], str] = {}
        self._mails = [part.span for part in parts if "from" in part.facts]
        self.notes = tuple(block for block in walk(document.structure) if block.kind == "note")

    def at(self, offset: int) -> int:
        """The place of the line in which this character stands, or of the last before it."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def words(self, span: Span) -> str:
        return self._text[span.start : span.end]

    def found_at(self, hit: Hit, span: Span) -> Hit:
        """These words of the document of a hit, as if they had been found themselves."""
        return replace(hit, passage=Passage(span.start, span.end, self.words(span), (span,)))

    def told(self, span: Span) -> str:
        """The words, those of a row behind the names of its columns, which may stand above it."""
        line = self.lines[self.at(span.start)]
        named = [(cell.facts.get("column", ""), self.words(cell.span)) for cell in line.cells]
        if line.kind != "row" or self.words(span).startswith(f"{named[0][0]}: " if named else ""):
            return self.words(span)
        return "; ".join(f"{name}: {words}" if name else words for name, words in named)

    def says_something(self, place: int) -> bool:
        """Is the line more than a heading or what leads in to others? Of a table what stands above
        it says something where that is told as one does in a form, of a picture its caption."""
        line = self.lines[place]
        if line.kind == "caption":
            is_named = LABELLED.fullmatch(self.words(line.span)) is not None
            return is_named or not self._leads_to(place)
        return line.kind not in NO_ANSWER and not self.leads_in(place)

    def _leads_to(self, place: int) -> bool:
        following = self.lines[place + 1 : place + 2]
        return any(line.kind in ("row", "caption", "code") for line in following)

    def is_masthead(self, place: int) -> bool:
        """Is it one of the first lines of a document, and no sentence?"""
        line = self.lines[place]
        words = self.words(line.span)
        is_first = place < min(MASTHEAD, len(self.lines) - 1) and line.kind == "paragraph"
        ends = words.rstrip('*_"”’)」』）')[-1:] in SENTENCE_ENDS
        return is_first and not ends and not LABELLED.fullmatch(words)

    def is_mail_head(self, place: int) -> bool:
        """Is it who sent a mail to whom and when?"""
        return self._is_in_mail(place, MAIL_HEAD)

    def is_greeting(self, place: int) -> bool:
        """Is it "Hi Ivo," of a mail?"""
        if not self._mails:
            return False
        from index.attribution.forms.mails import GREETING  # what is no mail starts without it

        return self._is_in_mail(place, GREETING)

    def _is_in_mail(self, place: int, pattern: re.Pattern[str]) -> bool:
        span = self.lines[place].span
        is_mail = any(part.covers(span) for part in self._mails)
        return is_mail and pattern.fullmatch(self.words(span)) is not None

    def leads_in(self, place: int) -> bool:
        """Does it end with a colon, or stand unfinished right above a list?"""
        words = self.words(self.lines[place].span)
        if words.endswith(":"):
            return not words.endswith("::")
        return self._is_above_its_list(place, words)

    def _is_above_its_list(self, place: int, words: str) -> bool:
        """Is it one line of text that no sentence ends, and the next line an item?"""
        line, below = self.lines[place], self.lines[place + 1 : place + 2]
        if line.kind != "paragraph" or not below or below[0].kind != "item":
            return False
        between = self._text[line.span.end : below[0].span.start]
        return words[-1:].isalnum() and "\n" not in words and between.count("\n") == 1

    def is_item(self, place: int) -> bool:
        return self.lines[place].kind in IN_A_LIST

    def list_around(self, place: int) -> range:
        """The list of which this line is an item, or that follows it; empty if none."""
        first = self._first_item(place)
        if first is None:
            return range(place, place)
        start = end = first
        while (before := self._next_item(start, -1)) is not None:
            start = before
        while (behind := self._next_item(end, 1)) is not None:
            end = behind
        return range(start, end + 1)

    def leading_to(self, place: int) -> int | None:
        """The line right before a list that leads in to it."""
        before = place - 1
        if before < 0 or self.lines[before].kind in (*IN_A_LIST, "heading"):
            return None
        return before if self.leads_in(before) or self.announces(before) else None

    def opened(self, place: int) -> Span | None:
        """What a heading or a line that leads in to others stands for: with its list, if that is
        short, else the first sentences behind it; None if nothing follows."""
        below = self.below(place) if not self.lines[place].names_columns else range(0)
        while below and (self.is_mail_head(below.start) or self.is_greeting(below.start)):
            below = below[1:]
        if not below:
            return None
        first, last = self.lines[below.start], self.lines[below.stop - 1]
        if self.leads_in(place):
            start = self.lines[place].span.start
            whole = Span(start, last.span.end)
            return whole if len(whole) <= MOST_OPENED else None
        if first.kind in NO_ANSWER or self.leads_in(below.start):
            return None
        if LABELLED.fullmatch(self.words(first.span)):  # it says of itself what it is
            return None
        if first.kind in IN_A_LIST:
            whole = Span(first.span.start, last.span.end)
            return whole if len(whole) <= MOST_OPENED else None
        found = sentences(self._text, first.span)[:MOST_FOLLOWING]
        return Span(found[0].start, found[-1].end) if found else None

    def noted(self, note: Block) -> Span | None:
        """The sentence that a note is about: the last before it with the words that it is told to
        be about."""
        about = note.facts.get("about", "")
        start = self._text.rfind(about, 0, note.span.start) if about else -1
        if start < 0:
            return None
        place, end = self.at(start), start + len(about) - 1
        found = (span for span in self.sentences_of(place) if span.start <= end < span.end)
        return next(found, self.lines[place].span)

    def footnotes_of(self, span: Span) -> list[Span]:
        """What is noted at the foot of the page on a sentence of these words."""
        return [note for noted, note in self._footnotes if noted.overlaps(span)]

    @cached_property
    def _footnotes(self) -> list[tuple[Span, Span]]:
        """Each with the sentence that it is about."""
        notes = (note for note in self.notes if "by" not in note.facts)
        placed = ((self.noted(note), note.span) for note in notes)
        return [(noted, note) for noted, note in placed if noted is not None]

    def announces(self, place: int) -> bool:
        """Does the line say that something follows?"""
        return ANNOUNCES.search(self.words(self.lines[place].span)) is not None

    def section(self, place: int) -> range:
        """The lines below the heading above this line, or below this heading, up to the next."""
        start = place
        while start > 0 and self.lines[start].kind != "heading":
            start -= 1
        first = start + (self.lines[start].kind == "heading")
        end = first
        while end < len(self.lines) and self.lines[end].kind != "heading":
            end += 1
        return range(first, end)

    def end_of(self, heading: int) -> int:
        """The place behind the last line of its section, those below it included."""
        level = self.lines[heading].level
        behind = range(heading + 1, len(self.lines))
        return next((i for i in behind if self._is_heading_of(i, level)), len(self.lines))

    def below(self, place: int) -> range:
        """What this heading or leading line opens: the list behind it, else the paragraphs up
        to the next heading."""
        listed = self.list_around(place + 1) if place + 1 < len(self.lines) else range(0)
        if listed and listed.start == place + 1:
            return listed
        end = place + 1
        while end < len(self.lines) and self.lines[end].kind != "heading":
            end += 1
        return range(place + 1, end)

    def subheadings(self, place: int) -> list[int]:
        """The headings right below the section in which this line is, on one level."""
        following = next(
            (i for i in range(place, len(self.lines)) if self.lines[i].kind == "heading"), None
        )
        if following is None or any(self.lines[i].kind == "item" for i in range(place, following)):
            return []
        level, own = self.lines[following].level, self._level_above(place)
        if level <= own:
            return []
        found = []
        for i in range(following, len(self.lines)):
            if self._is_heading_of(i, level - 1):
                break
            if self.lines[i].kind == "heading" and self.lines[i].level == level:
                found.append(i)
        return found

    def beside(self, heading: int) -> list[range]:
        """The sections under the other headings of its level, below the same heading."""
        level = self.lines[heading].level
        first = heading
        while first > 0 and not self._is_heading_of(first - 1, level - 1):
            first -= 1
        found = []
        for i in range(first, len(self.lines)):
            if i > heading and self._is_heading_of(i, level - 1):
                break
            if self.lines[i].kind == "heading" and self.lines[i].level == level and i != heading:
                found.append(range(i, self.section(i).stop))
        return found

    def heading_above(self, place: int) -> int | None:
        """The nearest heading before this line."""
        return next((i for i in range(place, -1, -1) if self.lines[i].kind == "heading"), None)

    def headings_above(self, place: int) -> list[int]:
        """The headings under which this line stands, the highest first."""
        above: list[int] = []
        for i in range(place, -1, -1):
            line = self.lines[i]
            if line.kind == "heading" and (not above or line.level < self.lines[above[0]].level):
                above.insert(0, i)
        return above

    def in_context(self, span: Span, asked: Set[str]) -> Told:
        """These words with all that says of what they speak: the title, how the document begins,
        its date, the headings above, what leads in to their list, their footnotes, and their line
        before them, unless they begin with a name that is not among the `asked` roots."""
        place = self.at(span.start)
        if place not in self._above:
            self._above[place] = self._told_above(place)
        begins = span.start
        if not self._begins_with_another(span, asked):
            begins = min(max(self.lines[place].span.start, begins - LONGEST_BEFORE), begins)
        before = self.words(Span(begins, span.start))
        below = [self.words(note) for note in self.footnotes_of(span)]
        above = "\n".join([*below, self._above[place], before])
        beside = self._told_beside(place)
        return Told(above, self.told(span), self._text, self._title, *self._beginning, beside)

    def _begins_with_another(self, span: Span, asked: Set[str]) -> bool:
        """Is the subject of these words called otherwise than what is asked for?"""
        subject = SUBJECT.match(self._text, span.start, span.end)
        if subject is None or telling(subject[0]) & asked:
            return False
        name = subject["name"]
        if name not in self._names:
            self._names[name] = re.search(rf"[a-z,;] {re.escape(name)}\b", self._text) is not None
        return self._names[name]

    def _told_above(self, place: int) -> str:
        listed = self.list_around(place) if self.is_item(place) else range(0)
        leading = self.leading_to(listed.start) if listed else None
        above = [*self._named_above(place), *filter(None, [leading]), *self._form_around(place)]
        return "\n".join(self.words(self.lines[i].span) for i in above if i != place)

    def _form_around(self, place: int) -> list[int]:
        """The other fields of the form in which this line is one."""
        around = [place]
        for step in (-1, 1):
            other = place + step
            while abs(other - place) <= LARGEST_FORM and self._is_field(other):
                around.append(other)
                other += step
        return sorted(around) if len(around) > 2 and self._is_field(place) else []

    def _is_field(self, place: int) -> bool:
        if not 0 <= place < len(self.lines):
            return False
        line = self.lines[place]
        if line.kind == "row":
            return len(line.cells) == 2 and not any("column" in c.facts for c in line.cells)
        return line.kind == "paragraph" and LABELLED.fullmatch(self.words(line.span)) is not None

    def adds_to(self, span: Span, asked: Set[str]) -> bool:
        """Do these words say more than the question does with these roots? The field of a form does
        not in which the value is what is asked about."""
        place = self.at(span.start)
        line = self.lines[place]
        if not self._is_field(place) or line.span != span:
            return True
        is_row = line.kind == "row"
        value = self.words(line.cells[1].span) if is_row else self.words(span).partition(": ")[2]
        return not telling(value) <= asked

    def _told_beside(self, place: int) -> str:
        """The headings of the sections beside those in which this line stands."""
        above = tuple(self._named_above(place))
        if above not in self._beside:
            sections = [each for heading in above for each in self.beside(heading)]
            words = (self.words(self.lines[each.start].span) for each in sections)
            self._beside[above] = "\n".join(words)
        return self._beside[above]

    def _named_above(self, place: int) -> list[int]:
        """The headings above this line but for the title."""
        title = self.document.source.title
        return [i for i in self.headings_above(place) if self.words(self.lines[i].span) != title]

    @cached_property
    def _title(self) -> str:
        """What the document is called, and its date."""
        source = self.document.source
        year, _, day = (source.published or "").partition("-")
        month = MONTHS[int(day[:2]) - 1] if day[:2].isdigit() else ""
        return "\n".join([source.title, source.name, f"{month} {year}"])

    @cached_property
    def _beginning(self) -> tuple[str, str]:
        """The beginning of its first lines, and what follows them."""
        first = [line.span for line in self.lines[:FIRST_LINES]]
        words = "\n".join(self.words(span)[:LONGEST_BEGINNING] for span in first)
        return words, self._text[first[-1].end if first else 0 :]

    def sentences_of(self, place: int) -> list[Span]:
        return sentences(self._text, self.lines[place].span)

    def first_sentence(self, place: int) -> Span:
        """The beginning of a line: a step without what is explained of it."""
        line = self.lines[place].span
        for sentence in self.sentences_of(place):
            if any(
                map(str.isalpha, self.words(Span(line.start, sentence.end)).strip("0123456789. "))
            ):
                return Span(line.start, sentence.end)
        return line

    def _level_above(self, place: int) -> int:
        above = self.heading_above(place)
        return self.lines[above].level if above is not None else 0

    def _is_heading_of(self, place: int, level: int) -> bool:
        line = self.lines[place]
        return line.kind == "heading" and line.level <= level

    def _first_item(self, place: int) -> int | None:
        if self.lines[place].kind in IN_A_LIST:
            return place
        following = place + 1
        if following < len(self.lines) and self.is_item(following):
            return following
        return None

    def _next_item(self, place: int, step: int) -> int | None:
        """The next item of the list of this one, if nothing but pieces of code is between."""
        kind = self.lines[place].kind
        for other in range(place + step, place + step * (LONGEST_BETWEEN + 1), step):
            if not 0 <= other < len(self.lines):
                return None
            if self.lines[other].kind == kind:
                return other
            if self.lines[other].kind != "code" or kind == "row":
                return None
        return None


class Layouts:
    """The layouts of documents, each made once. `read` gives a document by its id."""

    def __init__(self, read: Read) -> None:
        self._of = cache(lambda id: Layout(read(id)))

    def of(self, hit: Hit) -> Layout:
        """That of the document in which this was found."""
        return self._of(hit.source.id)


def _lines(document: Document) -> Iterator[Line]:
    if any(block.kind != "heading" for block in document.structure):
        yield from _leaves(document.structure)
        return
    headings = {block.span: block.level for block in document.structure}
    for span in paragraphs(document.text, tuple(headings)):
        if span in headings:
            yield Line("heading", span, headings[span])
        else:
            yield Line("paragraph", span)


def _leaves(blocks: Iterable[Block]) -> Iterator[Line]:
    for block in blocks:
        if block.kind in CONTAINERS:
            yield from _leaves(block.within)
        else:
            names = "header" in block.facts
            yield Line(block.kind, block.span, block.level, block.within, names)
