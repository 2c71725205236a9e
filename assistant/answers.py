"""The nouns of an answer, and the one spelling of a citation mark.

Draft  what a stage proposes: sentences and the spans they rest on
Answer what was verified; only `verifying.Verification` makes one
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.languages import phrase
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Kept
from index.documents import Found, Hit, Query, Source, Span, Speech, StatementHit

Mode = Literal["quote", "write"]
Outcome = Literal["answered", "partly", "not_in_documents"]
Verdict = Literal["verbatim", "supported", "unsupported"]

MARK = re.compile(r"\[(\d{1,3})\]")


ANSWERABLE_FROM = 0.5
"""Answers that are less probable are refused, unless another probability is set."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person set for their own answers: from which probability a question is answered,
    None as the server is set, and with which model answers are written, "" with the one that is
    set."""

    answer_from: float | None = None
    model: str = ""


AS_SET = Wishes()


def mark(number: int) -> str:
    """The citation mark as it stands in an answer: [1]."""
    return f"[{number}]"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A proposed sentence of the answer and what it rests on.

    `text` has no marks; each of `rests_on` becomes one citation. A claim that credits
    somebody has a `lead` ("Ann Lee said:") before the text; then it rests on the spans
    of one statement. `answer` are the words within the first span that answer by themselves,
    where the kind of answer that is asked for tells which they are.
    """

    text: str
    rests_on: tuple[tuple[Hit | StatementHit, Span], ...]
    lead: str = ""
    answer: Span | None = None


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence by a language model, nothing of it checked.

    Marks in its `text` point into `given`, the passages that the model was shown,
    numbered from 1. `whole` is False for a sentence that broke off.
    """

    text: str
    given: tuple[Hit, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class JudgedBefore:
    """A sentence of a written answer that was verified earlier, with the verdict of then. `text`
    has neither marks nor its `lead`."""

    text: str
    rests_on: tuple[tuple[Hit | StatementHit, Span], ...]
    verdict: Verdict
    why: str
    lead: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed answer of quotations. Without claims it is a proposed refusal, with
    `reason`.

    `opening` is said before the claims: "Putin is not quoted on this." `partly`: they
    do not answer all that was asked. `considered` is what a refusal shows, if something
    else than the nearest passages. `notice` is what went wrong on the way, for the reader.
    `probability` is that what would be quoted answers, None where nothing was looked for.
    """

    mode: Mode
    claims: tuple[DraftClaim, ...]
    reason: str = ""
    opening: str = ""
    partly: bool = False
    considered: tuple[Hit | StatementHit, ...] = ()
    notice: str = ""
    probability: float | None = None


Proposal = DraftClaim | WrittenSentence | JudgedBefore

Drafting = Generator[WrittenSentence, None, Draft]
"""Gives each written sentence as soon as it is there. Then returns the draft that is
quoted if there were none, or if its `notice` says that something went wrong."""


@dataclass(frozen=True, slots=True)
class CitedSpeaker:
    """Who said something: by the name everyone uses, and as the document prints it."""

    name: str
    as_printed: str


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Where the words of a citation stand as well: in a copy of its passage."""

    source: Source
    kept: Kept

    @property
    def span(self) -> Span:
        """The characters of the copy."""
        return self.kept.span

    @property
    def link(self) -> str:
        """Where the reader opens the copy at these characters."""
        return read_link(self.source, self.kept)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what its column is called, and `text == document.text[start:end]`."""

    column: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of a document: `quote == document.text[span.start:span.end]`.

    `prefix` and `suffix` are the words around it (at most 32 characters each),
    by which it can be found again after the document changed. `place` are the names of the sheet
    or part of a mail that it stands in, and the headings over it. `contradiction` are the
    offices that the document gives the speaker and that cannot all be true. `also` are other
    documents that have the very same passage, of those that the person may see. `answer` are
    the words of the quotation that answer by themselves, where that is certain. `rows` are the
    cells of the rows of a table, if it quotes nothing else.
    """

    number: int
    source: Source
    span: Span
    quote: str
    passage: Span
    prefix: str
    suffix: str
    page: int | None = None
    place: tuple[str, ...] = ()
    speaker: CitedSpeaker | None = None
    speech: Speech | None = None
    reported_by: str | None = None
    contradiction: tuple[str, ...] = ()
    answer: Span | None = None
    also: tuple[OtherPlace, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def link(self) -> str:
        """Where the reader opens the document at these characters."""
        return read_link(self.source, self.kept)

    def link_among(self, citations: Iterable[Citation]) -> str:
        """The same, with the others of these citations marked that the document has."""
        others = (c.kept for c in citations if c.source.id == self.source.id and c != self)
        return read_link(self.source, self.kept, *others)

    @property
    def kept(self) -> Kept:
        """By what it can be found again."""
        source = self.source
        number, words = self.number, (self.quote, self.prefix, self.suffix)
        return Kept(number, source.id, source.name, self.span, *words)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the answer, with its marks, as it was judged.

    `lead` is the part of the text, at its beginning, that credits somebody. `cited` are
    the citations of these numbers.
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    why: str = ""
    lead: str = ""
    cited: tuple[Citation, ...] = field(default=(), compare=False, repr=False)


def without_marks(claim: Claim) -> str:
    """The claim's words. Only the marks at the end go: a quotation may hold a [1]."""
    return claim.text.removesuffix("".join(f" {mark(number)}" for number in claim.citations))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two citations that cannot both be true: by their numbers, and what each of them says of
    these `things`, or of what this `speaker` said."""

    citations: tuple[int, ...]
    sides: tuple[str, str]
    things: str = ""
    speaker: str = ""

    @property
    def about(self) -> str:
        """What they disagree about."""
        return phrase("what {name} said", name=self.speaker) if self.speaker else self.things

    @property
    def what(self) -> str:
        """Both sides."""
        one, other = self.sides
        return phrase("{one}, but {other}", one=one, other=other)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, and the nearest passages, which do not answer."""

    reason: str
    considered: tuple[Citation, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a language model read and wrote, as its provider counts them."""

    read: int = 0
    written: int = 0


class Meter:
    """Adds up what the requests for one answer take. One that broke off, or whose provider
    does not count, makes the sum unknown."""

    def __init__(self) -> None:
        self.usage: Usage | None = Usage()

    def add(self, usage: Usage | None) -> None:
        """Count a request."""
        if self.usage is None or usage is None:
            self.usage = None
        else:
            self.usage = Usage(self.usage.read + usage.read, self.usage.written + usage.written)


@dataclass(frozen=True, slots=True)
class Answer:
    """A verified answer. `found` is everything that was retrieved for it, `opening` what
    is said before the claims, `notice` what went wrong on the way, `contradictions` are
    between citations of this answer. `probability` is that the documents answer the question, by
    what was found, from 0 to 1. `usage` is None if a language model was asked and its
    provider did not say how much that was. `given` are the passages that it was shown."""

    query: Query
    mode: Mode
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    refusal: Refusal | None
    found: Found
    opening: str = ""
    partly: bool = False
    contradictions: tuple[Contradiction, ...] = ()
    notice: str = ""
    probability: float = 0.0
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    usage: Usage | None = Usage()
    given: tuple[Hit, ...] = field(default=(), compare=False, repr=False)

    @property
    def outcome(self) -> Outcome:
        """Whether the documents answer, answer a part of it, or don't."""
        if self.refusal is not None:
            return "not_in_documents"
        return "partly" if self.partly else "answered"

    @property
    def answered(self) -> bool:
        return self.refusal is None

    @property
    def unattributed(self) -> tuple[str, ...]:
        """Cited documents in whose language nobody is told to have said what, by name."""
        said = self.found.said
        cited = {citation.source.id: citation.source.name for citation in self.citations}
        return tuple(cited[id] for id in said.unattributed if id in cited) if said else ()


Event = Query | Found | Claim | Answer
"""What a stream yields, in this order: the question as understood, what was
found, each claim as it is ready, and at last the whole answer."""
