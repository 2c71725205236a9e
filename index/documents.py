"""The nouns of the index: what is read, what is found. Standard library only.

Every offset in the project counts Unicode characters in `Document.text`, end
exclusive, so that `document.text[start:end]` is the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf something is read. Every door asks for one.

    `id` is "user:<issuer>|<subject>" for a person and "key:<name>" for a program, each of
    `groups` "group:<issuer>|<name>". An operator owns the index's files and may read
    everything in it.
    """

    id: str
    tenant: str = ""
    groups: frozenset[str] = frozenset()
    is_operator: bool = False


LOCAL_USER = Principal("user:local", is_operator=True)
"""The one person who uses an index on their own computer."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who may read a document, as its own text says; None: it does not say. `problem` is
    why that cannot be used."""

    readers: tuple[str, ...] | None = None
    denied: tuple[str, ...] | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Which document, without its text.

    `id` stays the same when the document changes, `version` does not.
    `name` is the path below the indexed folder (the file's name for a file
    indexed by itself); question sets and people call the document by it.
    """

    id: str
    name: str
    title: str
    version: str
    published: str | None = None
    byline: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a document without reading it. `size` counts the bytes of its file,
    `indexed` is when its text was taken in, in seconds; None where that was not noted."""

    source: Source
    size: int
    pages: int
    passages: int
    statements: int
    indexed: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """One text with stable offsets, and what its parts are.

    The text is what a person reads. `page_starts[i]` is the offset at which page i + 1
    begins; it is empty where the format has no pages. `structure` are the blocks of the
    text in reading order, empty where a file has none but its lines. `left_out` counts what
    the file has and the text has not. `sharing` is what a file that was just read says of its
    readers; the index keeps that apart.
    """

    source: Source
    text: str
    page_starts: tuple[int, ...] = ()
    structure: tuple[Block, ...] = ()
    sharing: Sharing | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)

    def page_of(self, offset: int) -> int | None:
        """The 1-based page on which this character stands, None without pages."""
        return page_at(self.page_starts, offset)

    @property
    def headings(self) -> tuple[Span, ...]:
        """Where its headings stand."""
        return tuple(block.span for block in walk(self.structure) if block.kind == "heading")


def page_at(page_starts: Sequence[int], offset: int) -> int | None:
    """The 1-based page of an offset, None without pages; of pages that begin at the same
    offset, because some are empty, the last."""
    return max(1, sum(start <= offset for start in page_starts)) if page_starts else None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters of a text, from `start` up to but not including `end`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


Glob = str
"""Chooses documents by their names: "2016/*.txt". What is called `documents` and is one of
these chooses the same way everywhere. Several are joined by OR."""

OR = "\0"
"""Between globs of which one has to match: no file's name has it."""

BlockKind = Literal[
    "heading", "paragraph", "item", "table", "row", "cell", "code", "quotation", "caption",
    "note", "turn", "part", "slide", "sheet", "hidden",
]  # fmt: skip
"""What a block is. A `part` is one of a mail: a message, a forwarded one, an attachment."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document's text, and what it is there.

    `level` is that of a heading from 1, how deep a list item or a quotation lies from 1, 0
    otherwise. `facts` are what the file says of it beside its text, by kind:

        item    marker ("1.1", "•")                turn   speaker as printed, time
        cell    column, its header; header "yes"   part   from, to, cc, date, subject, name
        note    by, about                          slide  number;  sheet  name
        paragraph  emphasis "strong", if all of it is bold

    Tables hold rows and rows cells in `within`, as do parts, slides and sheets their blocks.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)
    within: tuple[Block, ...] = ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """All of these blocks and what is within them, in reading order, containers first."""
    for block in blocks:
        yield block
        yield from walk(block.within)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences that are searched together: `document.text[start:end]`.

    `context` are the words that stand above them: headings, a table's caption, what leads in
    to a list. They are searched with the passage and never cited with it.
    """

    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    context: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Occasion:
    """The part of a document, told by its form, in which something is said.

    `form` is the row of the table of forms ("turn", "chat", "mail", …), `number` counts those
    of the document from 1, `time` is as printed, of a mail its date as ISO 8601 has it; ""
    where none is known.
    """

    form: str
    number: int
    time: str = ""


Speech = Literal["direct", "indirect", "mixed"]
"""Word for word in quotation marks, in the reporter's words, or some of both."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what, as spans of one document.

    `speaker` is the fullest name that the document has for whoever spoke, None where
    nobody can tell ("they"); `as_printed` is what stands there ("he"), `cue` the word
    that says that something is said, None where the form of the document does, as the turns
    of a transcript do. `found_by` names the rule or form that found it.
    `content` has several spans where a quotation is interrupted. `negated`: "did not
    say"; `hedged`: "reportedly said". `reported_by` is who else is the source of it,
    `contradiction` the offices that the document gives the speaker and that cannot all
    be true. `occasion` is the turn that it is or stands in, where the document has such a form.
    """

    speaker: str | None
    as_printed: Span
    cue: Span | None
    content: tuple[Span, ...]
    speech: Speech
    negated: bool = False
    hedged: bool = False
    reported_by: str | None = None
    contradiction: tuple[str, ...] = ()
    found_by: str = "cue"
    occasion: Occasion | None = None

    @property
    def said_at(self) -> Span:
        """Where it stands that it is said: the cue, else the speaker's name."""
        return self.cue or self.as_printed


@dataclass(frozen=True, slots=True)
class Credit:
    """That a document credits somebody: under which name, as printed, and how often."""

    speaker: str
    printed: str
    document_id: str
    statements: int


Asks = Literal["anything", "said", "whether", "who", "did"]
"""What somebody said, whether somebody said it, who said it, or none of these; "did"
where a verb may mean a deed as well as words: "What did Watt add to the engine?"."""


Shape = Literal["sentence", "steps", "list", "summary"]
"""What answers a question: a sentence or few, all steps of how something is done, all items of
a list, or what a document is about."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question that stands alone, and where to look for its answer.

    `documents` is a glob over document names ("2016/*.txt"), None for all. `speaker` is
    whose words are asked for, as the question names them, `topic` what about. `follow`
    says that it asks what else there is beside what was `seen` in the conversation, or
    where that stands, or that it is a greeting or thanks. `behind` is what it follows in a
    conversation, the questions and the last answer: it is searched along, and names what the
    question need not; `leans` if it is nothing without that. `shape` is how much would answer
    it; `parts` are the questions of which it consists, each to be answered by itself, none
    where it is one; `compares` if they are of things that are looked for together. `replies`
    asks for what was said in reply to it, alone or as well. `is_foreign` if it asks for
    somebody's words in another language than English.
    """

    question: str
    standalone_question: str
    documents: Glob | None = None
    asks: Asks = "anything"
    speaker: str | None = None
    topic: str = ""
    follow: Literal["", "more", "where", "courtesy"] = ""
    seen: str = ""
    behind: tuple[str, ...] = ()
    leans: bool = False
    shape: Shape = "sentence"
    parts: tuple[str, ...] = ()
    compares: bool = False
    replies: Literal["", "alone", "too"] = ""
    is_foreign: bool = False

    @property
    def is_restated(self) -> bool:
        """Does it stand alone in other words than those that were asked?"""
        return self.standalone_question != " ".join(self.question.split())


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit and how well it answers, from 0 to about 1. `met` is how near it comes
    to each word of the question, in the mean; 0 where that was not looked at. `odds` are the log
    odds that the answer stands in it, by an answer selector; None where none has read it."""

    span: Span
    text: str
    score: float
    met: float = 0.0
    odds: float | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """How well a passage fits a question, each from 0 (not at all) to about 1.

    `sentence`: cosine of the best sentence; `passage`: cosine of the whole; `words`:
    BM25, as a share of the idf of the question's words; `coverage`: the largest
    share of that idf that one sentence has, or what stands above it; `behind`: how well the
    passage fits what was said before a question in a conversation.
    """

    sentence: float
    passage: float
    words: float
    coverage: float
    behind: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with its sentences scored against the question.

    `score` fuses the scores, or is the reranker's. `page` is the 1-based page on which the passage
    begins, None without pages. `signs` tell whether it answers, None where nobody looked.
    """

    source: Source
    passage: Passage
    score: float
    scores: Scores
    evidence: tuple[Evidence, ...]
    page: int | None = None
    signs: Signs | None = None


@dataclass(frozen=True, slots=True)
class StatementHit:
    """A statement that was found, and how far it is about the topic.

    `speaker` is the name that the whole index has for whoever spoke, `as_printed` what
    stands in the document. `relevance` is the probability that the statement is about
    the topic, `similarity` the cosine of the two, `words_inside` and `words_around` the
    shares of the topic's words, by idf, that the content and its sentences have.
    `passage` is where it begins.
    """

    source: Source
    statement: Statement
    speaker: str | None
    as_printed: str
    text: str
    passage: Passage
    relevance: float
    similarity: float
    words_inside: float
    words_around: float
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a search for somebody's words found.

    `speakers` are the names of those who are meant; empty if nobody is called so or
    nobody in particular was asked about. `statements` are about the topic, best first,
    `nearest` the best of those that are not; `by_others` are about it by other speakers,
    looked for only where there are no statements.
    `considered` counts the statements of those who are meant. `unattributed` are the ids of found
    documents in other languages in which nobody is credited with anything; looked for only where
    nobody is called as asked.
    """

    speakers: tuple[str, ...]
    statements: tuple[StatementHit, ...]
    nearest: tuple[StatementHit, ...]
    by_others: tuple[StatementHit, ...]
    considered: int
    unattributed: tuple[str, ...] = ()


class Signs(NamedTuple):
    """What tells whether a hit answers a question: the scores of its best sentence and its
    coverage, and, as 0 or 1, whether a name or number of the question is missing from the
    passage, from the sentence, and whether only the question says "not"."""

    sentence: float
    coverage: float
    missing_from_passage: float
    missing_from_sentence: float
    negated: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: hits, best first, and what it looked at.

    `signs` tell whether the best hit answers the question; None without one. `said` is
    there when the question is about somebody's words, `parts` when it has several: what was
    found for each. `absent` are the names and numbers of the question that no document has,
    `near` gives for each of its telling words those of the best passages, and of what stands above
    them, that mean much the same, with their cosines;
    `rarity` says of each of its words that some document has how rare it is: 1 for one in a
    single passage. `corrections` maps each misspelt word of the question to the word of the
    index that was searched instead. `index_version` and `embedder` say which index
    was asked, `reranker` which model put the hits in order ("" for none).
    """

    hits: tuple[Hit, ...]
    signs: Signs | None
    documents_searched: int
    passages_searched: int
    index_version: str
    embedder: str
    reranker: str = ""
    said: Said | None = None
    parts: tuple[Found, ...] = ()
    absent: tuple[str, ...] = ()
    near: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rarity: Mapping[str, float] = field(default_factory=dict)
    corrections: Mapping[str, str] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)
