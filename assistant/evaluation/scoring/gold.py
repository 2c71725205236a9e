"""Questions to gold: what has to be found and cited, as places in the texts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from assistant.evaluation.scoring.spans import Place, covered
from assistant.evaluation.sets.questions import (
    Annotation,
    At,
    NamedSpan,
    Question,
    QuestionSet,
    Statement,
    bad_lines,
)
from index.documents import Span

HALF, WHOLE = 0.5, 1.0

WORD = re.compile(r"[^\W_]+")
NO_WORDS = re.compile(r"(?<=\])\([^()\s]*(?:\s+\"[^\"]*\")?\)|(?<=\[)[ xX](?=\])|<[^<>\n]+>")
"""In Markdown: the address of a link, the box of a task, a tag."""
MANY_WORDS, MOST_WORDS = 8, 0.5
BETWEEN_WORDS, BETWEEN_CELLS = r"[\W_]+", r"[\W_]+(?:[^\n]{0,60}?[\W_])?"

TextOf = Callable[[str], str]
"""The text of a document by its name."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing to be found: any of the alternatives, each of which is several spans.

    An alternative is found when `share` of its characters are covered.
    """

    document: str
    alternatives: tuple[tuple[Span, ...], ...]
    share: float = HALF

    def found_by(self, places: Iterable[Place]) -> bool:
        """Do these places together cover enough of it?"""
        spans = [place.span for place in places if place.document == self.document]
        return any(self._enough(pieces, spans) for pieces in self.alternatives)

    def supports(self, place: Place) -> bool:
        """Is the place about this: half of it inside, or this inside it by its share?"""
        return place.document == self.document and any(
            covered(place.span, pieces) >= HALF * (place.span.end - place.span.start)
            or self._enough(pieces, [place.span])
            for pieces in self.alternatives
        )

    @property
    def places(self) -> list[Place]:
        """All spans of all alternatives."""
        return [Place(self.document, span) for pieces in self.alternatives for span in pieces]

    def _enough(self, pieces: tuple[Span, ...], spans: list[Span]) -> bool:
        wanted = self.share * sum(map(len, pieces))
        return sum(covered(piece, spans) for piece in pieces) >= wanted


@dataclass(frozen=True, slots=True)
class Gold:
    """What a right answer to the question finds and cites.

    `unjudged` and `optional` places count neither for nor against a citation. An
    unanswerable question has no units. `said` is who said what in its document.
    """

    question: Question
    units: tuple[Unit, ...]
    unjudged: tuple[Place, ...] = ()
    optional: tuple[Place, ...] = ()
    said: tuple[Annotation, ...] = ()

    @property
    def attributes(self) -> bool:
        """Was it asked what somebody said, with all that the speaker said known?"""
        return self.question.speaker is not None and self.question.statements is not None

    @property
    def documents(self) -> frozenset[str]:
        """Where a citation can be right."""
        named = {self.question.document} - {None}
        return frozenset(filter(None, named | {unit.document for unit in self.units}))


class _MisplacedError(Exception):
    """What is wrong with the place of some evidence."""


def find_gold(questions: QuestionSet, text_of: TextOf) -> tuple[Gold, ...]:
    """The gold of each question. Evidence without offsets is found by its exact text, and one
    that does not stand at its offsets by its words, as where the set was made of the source of
    a page: the nearest to where it should be.

    Raises BadQuestionSet, with the line, for evidence that does not stand where it
    should or could be meant in several places.
    """
    gold: list[Gold] = []
    said: defaultdict[str | None, list[Annotation]] = defaultdict(list)
    for annotation in questions.annotations:
        said[annotation.document].append(annotation)
    problems: dict[At, str] = {}
    for question in questions.questions:
        try:
            found = _gold(question, text_of)
            gold.append(replace(found, said=tuple(said.get(question.document, ()))))
        except _MisplacedError as problem:
            problems[question.at] = str(problem)
    if problems:
        raise bad_lines(questions.path, problems)
    return tuple(gold)


def _gold(question: Question, text_of: TextOf) -> Gold:
    return Gold(
        question,
        _units(question, text_of) if question.answerable else (),
        tuple(place for s in question.unjudged for place in _places(question, s, text_of)),
        _places(question, question.optional_evidence, text_of),
    )


def _units(question: Question, text_of: TextOf) -> tuple[Unit, ...]:
    if question.statements is not None:
        return tuple(_of_statement(question, s, text_of) for s in question.statements)
    pieces = _places(question, question.evidence, text_of)
    if question.paragraph is not None:
        return _of_alternatives(pieces)
    return tuple(Unit(piece.document, ((piece.span,),)) for piece in pieces)


def _of_statement(question: Question, statement: Statement, text_of: TextOf) -> Unit:
    places = _places(question, statement, text_of)
    if len({place.document for place in places}) > 1:
        raise _MisplacedError("a statement of `gold` has spans in two documents; expected one.")
    return Unit(places[0].document, (tuple(place.span for place in places),))


def _of_alternatives(pieces: tuple[Place, ...]) -> tuple[Unit, ...]:
    if len({piece.document for piece in pieces}) > 1:
        raise _MisplacedError("the evidence beside `paragraph` is in two documents; expected one.")
    alternatives = tuple((piece.span,) for piece in pieces)
    return (Unit(pieces[0].document, alternatives, WHOLE),) if pieces else ()


def _places(
    question: Question, mentions: Iterable[NamedSpan], text_of: TextOf
) -> tuple[Place, ...]:
    return tuple(_place(question, mention, text_of) for mention in mentions)


def _place(question: Question, mention: NamedSpan, text_of: TextOf) -> Place:
    document = mention.document or question.document
    if document is None:
        raise _MisplacedError("some evidence names no document; add `document` to the question.")
    text = text_of(document)
    if mention.span is None:
        return Place(document, _find(mention.text or "", document, text))
    return Place(document, _found_again(mention.span, mention.text, document, text))


def _find(words: str, document: str, text: str) -> Span:
    starts = [match.start() for match in re.finditer(f"(?={re.escape(words)})", text)]
    alike = [] if starts else [Span(*match.span()) for match in _by_words(words).finditer(text)]
    if len(alike) == 1:
        return alike[0]
    if not starts:
        raise _MisplacedError(f"{document} does not hold the evidence {_short(words)!r}.")
    if len(starts) > 1:
        at = ", ".join(map(str, starts[:5]))
        raise _MisplacedError(
            f"{document} holds the evidence {_short(words)!r} {len(starts)} times (at {at}); "
            "add `start` and `end`."
        )
    return Span(starts[0], starts[0] + len(words))


def _found_again(span: Span, words: str | None, document: str, text: str) -> Span:
    """The span, if its words stand there; else the nearest that has them."""
    if words is not None and words != text[span.start : span.end]:
        alike = [Span(*match.span()) for match in _by_words(words).finditer(text)]
        alike = alike or _by_most_words(words, text)
        if alike:
            return min(alike, key=lambda found: abs(found.start - span.start))
    _check(span, words, document, text)
    return span


def _by_words(words: str) -> re.Pattern[str]:
    """Finds these words whatever marks stand between them: those of Markdown and addresses of
    links are no words, and in a row of a table the names of its columns stand between them."""
    between = BETWEEN_CELLS if words.lstrip().startswith("|") else BETWEEN_WORDS
    said = WORD.findall(NO_WORDS.sub(" ", words))
    return re.compile(between.join(map(re.escape, said)) if said else "(?!)")


def _by_most_words(words: str, text: str) -> list[Span]:
    """Where most of many words stand together: a page may say a thing twice, once for programs,
    which is left out, and once for people, in a little other words."""
    wanted = Counter(WORD.findall(NO_WORDS.sub(" ", words).casefold()))
    length = wanted.total()
    if length < MANY_WORDS:
        return []
    found = list(WORD.finditer(text))
    said = [match[0].casefold() for match in found]
    shares = {
        start: (wanted & Counter(said[start : start + length])).total() / length
        for start, word in enumerate(said[: len(said) - length + 1])
        if word in wanted
    }
    best = max(shares.values(), default=0.0)
    places = [start for start, share in shares.items() if share == best >= MOST_WORDS]
    last = [max(n for n in range(start, start + length) if said[n] in wanted) for start in places]
    return [Span(found[a].start(), found[b].end()) for a, b in zip(places, last, strict=True)]


def _check(span: Span, words: str | None, document: str, text: str) -> None:
    there = text[span.start : span.end]
    if span.end > len(text):
        raise _MisplacedError(
            f"the evidence {span.start}-{span.end} is beyond the end of {document}, "
            f"which has {len(text):,} characters."
        )
    if words is not None and words != there:
        raise _MisplacedError(
            f"at {span.start}-{span.end} {document} has {_short(there)!r}, not the evidence "
            f"{_short(words)!r}. Offsets count Unicode characters of the text as stored."
        )
    if not there.strip():
        raise _MisplacedError(f"the evidence {span.start}-{span.end} of {document} is white space.")


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"
