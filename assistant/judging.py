"""A written sentence, held against the passages that it cites.

    marks -> the sentences that it rests on -> quotations, speaker, numbers, names,
    negation and hedges, support -> a verdict, with why in words a reader understands

A check gives the reason why the sentence fails it, or nothing. What the checks miss and
where they raise false alarms is measured by tests/benchmarks/verification.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from assistant.answers import MARK, Verdict, WrittenSentence, mark
from assistant.comparing import (
    Marker,
    all_numbers,
    find,
    hedges,
    negations,
    numbers,
    quoted,
    same_words,
    share,
    telling,
    unmatched,
    without_quotations,
)
from assistant.understanding import NARRATOR
from index.attributing import attribute
from index.chunking import paragraphs
from index.documents import Document, Hit, Source, Span, Statement, StatementHit
from index.embedding import Vectors
from index.grammar import is_name
from index.languages import Attributor, Language
from index.naming import PRONOUNS, TITLES, is_short_for, usual_gender
from index.quotations import quotations
from index.speakers import is_named
from index.wording import folded
from index.words import FUNCTION_WORDS

SIMILAR = 0.55
"""Cosine of a sentence with the best one of the passage that it cites. With COVERED, .015
of the sentences that answer questions of squad/dev pass for another passage of the same
article (.018 with .45, .005 with .65), before passages are compared with each other."""

COVERED = 0.5
"""Share of its telling words that the sentences have on which it rests. By .4, .023 of
those sentences pass for another passage, by .6 .002; rewordings need room."""

BETTER_BY = 0.15
"""By how much another given passage fits better (mean of cosine and share) for the mark
to be taken for wrong. Chosen, not fitted: .05 does no worse on polnear/dev."""

MOST_RESTED_ON = 3
"""Sentences of the documents that one written sentence may rest on."""

ADDS = 2
"""Telling words that a further sentence has to bring."""

CREDITED = 0.5
"""Share of the words that somebody is said to have said which a statement has to have,
to be taken for that statement. Chosen, not fitted."""

NAMED_WITHIN = 400
"""Characters before "she" in which the name stands that is meant. Chosen, not
fitted: two or three sentences."""

BESIDE = 30
"""Characters before "the director" and behind the cue in which a name is apposed."""

COPIED = 0.9
"""Share of its telling words from which a sentence is supported however its meaning is
scored: a few words that are quoted from a long sentence have a low cosine with it."""

SHORTEST_ROOT = 4
"""Letters in which two names have to agree to be of one root: Tajik, Tajikistan."""

CAPITALIZED = re.compile(r"(?<=[\w,] )[A-ZÀ-ÞА-ЯЁ][\w’'-]+")
"""Behind a word or a comma: not where a sentence or a quotation begins."""

Rests = tuple[Hit | StatementHit, Span]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a sentence says without its marks, what it rests on, and whether that holds."""

    words: str
    rests_on: tuple[Rests, ...]
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """What a judge looks things up in, for the person who asks.

    `read` gives a document by its id, `statements` who said what in it, `embed` unit
    vectors of texts.
    """

    read: Callable[[str], Document]
    statements: Callable[[str], Sequence[StatementHit]]
    embed: Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Fit:
    """A sentence of a passage and how well a written one fits it, each from 0 to 1."""

    found: Hit
    span: Span
    words: str
    similarity: float
    coverage: float

    @property
    def score(self) -> float:
        return (self.similarity + self.coverage) / 2


class Judge:
    """Judges written sentences for the person who asks."""

    def __init__(self, library: Library, attributor: Attributor) -> None:
        self._library = library
        self._attributor = attributor
        self._vectors = cache(self._embed)
        self._language = cache(self._language_of)
        self._quotations = cache(self._quotations_of)
        self._statements = cache(library.statements)

    def judge(self, sentence: WrittenSentence, before: str = "") -> Judgement:
        """The verdict on a sentence; `before` is what stands before it in the answer, to
        tell who "he" is. Raises DocumentNotFound for a document that went away."""
        words = MARK.sub("", sentence.text)
        words = " ".join(words.split()).replace(" .", ".").replace(" ,", ",")
        marks = list(dict.fromkeys(int(number) for number in MARK.findall(sentence.text)))
        wrong = [number for number in marks if not 1 <= number <= len(sentence.given)]
        if not marks:
            return Judgement(words, (), "unsupported", "It names no passage.")
        if wrong:
            none = f"There is no passage {mark(wrong[0])}."
            return Judgement(words, (), "unsupported", none)
        reading = self._read(words, before, marks, sentence.given)
        if not sentence.whole:
            return Judgement(words, reading.rests_on, "unsupported", "It breaks off.")
        return self._verdict(reading)

    def _verdict(self, reading: _Reading) -> Judgement:
        for check in CHECKS:
            why = check(reading)
            if why:
                return Judgement(reading.words, reading.rests_on, "unsupported", why)
        printed = " ".join(fit.words for fit in reading.fits)
        verdict: Verdict = "verbatim" if same_words(printed, reading.words) else "supported"
        return Judgement(reading.words, reading.rests_on, verdict)

    def _read(
        self, words: str, before: str, marks: Sequence[int], given: Sequence[Hit]
    ) -> _Reading:
        cited = [given[number - 1] for number in marks]
        fits = self._fits(words, cited)
        others = self._fits(words, [found for found in given if found not in cited])
        quotes = tuple(_Quote(quote, *_where(quote, cited)) for quote in quoted(words))
        language = self._language(cited[0].source.id)
        said = tuple(_said(words, before, language))
        return _Reading(
            words=words,
            cited=tuple(cited),
            fits=tuple(_rested_on(words, fits, quotes, said)),
            best=max((fit.score for fit in fits), default=0.0),
            best_other=max((fit.score for fit in others), default=0.0),
            quotes=quotes,
            names=tuple(_names(words, language)),
            said=said,
            statements=tuple(self._statements_in(cited)),
            is_quoted=self._is_quoted,
        )

    def _fits(self, words: str, passages: Sequence[Hit]) -> list[Fit]:
        """How well the words fit each sentence of these passages, in their order."""
        if not passages:
            return []
        (vector,) = self._library.embed([words])
        own = telling(words)
        found = []
        for passage in passages:
            texts = _sentences(passage)
            cosines = self._vectors(texts) @ vector
            for span, text, cosine in zip(passage.passage.sentences, texts, cosines, strict=True):
                found.append(Fit(passage, span, text, float(cosine), share(own, telling(text))))
        return found

    def _embed(self, texts: tuple[str, ...]) -> Vectors:
        return self._library.embed(texts)

    def _language_of(self, document_id: str) -> Language | None:
        return self._attributor.language(self._library.read(document_id).text)

    def _quotations_of(self, document_id: str) -> tuple[Span, ...]:
        document = self._library.read(document_id)
        found = quotations(document.text, [*paragraphs(document.text, document.headings)])
        return tuple(quotation for quotation in found)

    def _is_quoted(self, found: Hit, span: Span) -> bool:
        """Does the document have these characters in quotation marks?"""
        return any(quotation.covers(span) for quotation in self._quotations(found.source.id))

    def _statements_in(self, cited: Sequence[Hit]) -> Iterator[StatementHit]:
        """The statements of which something stands in the passages."""
        for found in cited:
            for hit in self._statements(found.source.id):
                if any(found.passage.span.overlaps(span) for span in hit.statement.content):
                    yield hit


@dataclass(frozen=True, slots=True)
class _Quote:
    """Words in quotation marks, and where a cited passage has them."""

    words: str
    found: Hit | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class _Saying:
    """Somebody is said to have said something: by the written sentence."""

    speaker: str
    content: str
    negated: bool


@dataclass(frozen=True)
class _Reading:
    """A written sentence with everything that it is held against."""

    words: str
    cited: tuple[Hit, ...]
    fits: tuple[Fit, ...]
    best: float
    best_other: float
    quotes: tuple[_Quote, ...]
    names: tuple[str, ...]
    said: tuple[_Saying, ...]
    statements: tuple[StatementHit, ...]
    is_quoted: Callable[[Hit, Span], bool]

    @property
    def rests_on(self) -> tuple[Rests, ...]:
        """Each sentence of the documents; with its speaker, if all of it is said by one."""
        return tuple((self._speaking(fit), fit.span) for fit in self.fits)

    def _speaking(self, fit: Fit) -> Hit | StatementHit:
        said = [
            hit
            for hit in self.statements
            if hit.source.id == fit.found.source.id
            and any(span.overlaps(fit.span) for span in hit.statement.content)
        ]
        speakers = {hit.speaker or hit.as_printed for hit in said}
        return said[0] if len(speakers) == 1 else fit.found

    @cached_property
    def rested_words(self) -> str:
        """The document's sentences on which it rests."""
        return " ".join(fit.words for fit in self.fits)

    @cached_property
    def around(self) -> str:
        """All that the model was shown of the passages: with titles and dates."""
        parts = [found.passage.text for found in self.cited]
        for source in (found.source for found in self.cited):
            parts += [source.title, source.published or "", source.byline or ""]
        return " ".join(parts)


def _quotations_are_printed(reading: _Reading) -> str:
    for quote in reading.quotes:
        if quote.span is None:
            return f"The passage does not have the words “{quote.words}”."
    return ""


def _quotations_are_direct(reading: _Reading) -> str:
    """What is put into somebody's mouth word for word is in the document's marks too."""
    for quote in reading.quotes:
        if quote.found is None or quote.span is None:
            continue
        reported = reading.said or any(
            span.overlaps(quote.span)
            for hit in reading.statements
            for span in hit.statement.content
        )
        if reported and not reading.is_quoted(quote.found, quote.span):
            return f"The document reports this, but does not quote the words “{quote.words}”."
    return ""


def _speaker_said_it(reading: _Reading) -> str:
    for saying in reading.said:
        said = _same_statements(saying, reading)
        if not said:
            return f"The passage does not credit {saying.speaker} with this."
        if not any(_credits(hit, saying.speaker) for hit in said):
            other = said[0].speaker or said[0].as_printed
            return f"The document credits this to {other}, not to {saying.speaker}."
        if all(saying.negated != hit.statement.negated for hit in said):
            whether = "did" if saying.negated else "did not"
            return f"By the document {saying.speaker} {whether} say this."
    return ""


def _numbers_are_there(reading: _Reading) -> str:
    there = all_numbers(reading.rested_words) | all_numbers(_frame(reading))
    for number, printed in numbers(reading.words).items():
        if number not in there:
            return f"The passage does not have the number {printed} here."
    return ""


def _names_are_there(reading: _Reading) -> str:
    there = set(_plain_words(f"{reading.around} {reading.around.replace('-', ' ')}"))
    initials = "".join(word[0] for word in _words(reading.around) if word[:1].isupper())
    credited = {word for saying in reading.said for word in _plain_words(saying.speaker)}
    for name in reading.names:
        known = _is_among(name, there | credited) or (name.isupper() and name in initials)
        if not known:
            return f"The passage does not mention {name}."
    return ""


def _negation_is_kept(reading: _Reading) -> str:
    return _kept(reading, negations)


def _hedges_are_kept(reading: _Reading) -> str:
    return _kept(reading, hedges)


def _kept(reading: _Reading, markers: Callable[[str], Sequence[Marker]]) -> str:
    """Outside quotations, which are the document's words."""
    words, printed = without_quotations(reading.words), reading.rested_words
    for quote in reading.quotes:
        printed = printed.replace(quote.words, ";")
    added = unmatched(markers(words), markers(printed), printed)
    if added is not None:
        return f"It says “{added.word}”; the document does not."
    dropped = unmatched(markers(printed), markers(words), words)
    if dropped is not None:
        return f"The document says “{dropped.word}” here; the sentence leaves it out."
    return ""


def _is_supported(reading: _Reading) -> str:
    if reading.best_other > reading.best + BETTER_BY:
        return "Another passage says this, not the one that it names."
    covered = share(telling(reading.words), telling(reading.rested_words + _frame(reading)))
    similar = max(fit.similarity for fit in reading.fits)
    if covered < COPIED and (similar < SIMILAR or covered < COVERED):
        return "The passage does not say this."
    return ""


CHECKS: tuple[Callable[[_Reading], str], ...] = (
    _quotations_are_printed,
    _quotations_are_direct,
    _speaker_said_it,
    _numbers_are_there,
    _names_are_there,
    _negation_is_kept,
    _hedges_are_kept,
    _is_supported,
)


def _sentences(found: Hit) -> tuple[str, ...]:
    passage = found.passage
    return tuple(
        passage.text[span.start - passage.start : span.end - passage.start]
        for span in passage.sentences
    )


def _rested_on(
    words: str, fits: Sequence[Fit], quotes: Sequence[_Quote], said: Sequence[_Saying]
) -> list[Fit]:
    """The sentences with what is quoted, else the best one; then those that have words
    which are still missing, but for the speaker's name. In reading order."""
    chosen = [fit for fit in fits if any(_holds(fit, quote) for quote in quotes)]
    ranked = sorted(fits, key=lambda fit: -fit.score)
    chosen = chosen or ranked[:1]
    there = [*(fit.words for fit in chosen), *(saying.speaker for saying in said)]
    missing = telling(words) - telling(" ".join(there))
    for fit in ranked:
        brought = missing & telling(fit.words)
        if fit not in chosen and len(brought) >= ADDS and len(chosen) < MOST_RESTED_ON:
            chosen.append(fit)
            missing -= brought
    return [fit for fit in fits if fit in chosen]


def _holds(fit: Fit, quote: _Quote) -> bool:
    return quote.found == fit.found and quote.span is not None and quote.span.overlaps(fit.span)


def _where(quote: str, cited: Sequence[Hit]) -> tuple[Hit | None, Span | None]:
    for found in cited:
        span = find(quote, found.passage.text)
        if span is not None:
            start = found.passage.start
            return found, Span(start + span.start, start + span.end)
    return None, None


def _said(words: str, before: str, language: Language | None) -> Iterator[_Saying]:
    """Who is said to have said what, by the written sentence; not who is said by somebody
    to have said something."""
    if language is None:
        return
    text = f"{before} {words}" if before else words
    begins = len(text) - len(words)
    written = Document(Source("", "", "", ""), text)
    found = attribute(written, language.parser, language.cues)
    for statement in found:
        inner = any(span.covers(statement.cue) for other in found for span in other.content)
        speaker = statement.speaker or _text(written, statement.as_printed)
        if statement.cue.start >= begins and not inner and _is_somebody(speaker):
            yield _Saying(speaker, _content(written, statement), statement.negated)


def _content(document: Document, statement: Statement) -> str:
    return " ".join(_text(document, span) for span in statement.content)


def _text(document: Document, span: Span) -> str:
    return document.text[span.start : span.end]


def _is_somebody(speaker: str) -> bool:
    """Is it neither the document itself nor a pronoun that nobody can resolve?"""
    words = {folded(word) for word in _words(speaker)} - FUNCTION_WORDS - PRONOUNS.keys()
    return bool(words - NARRATOR)


def _same_statements(saying: _Saying, reading: _Reading) -> list[StatementHit]:
    """The statements of the passage that say this, those that say most of it."""
    own = telling(saying.content)
    scored = [(share(own, telling(hit.text)), hit) for hit in reading.statements]
    most = max((score for score, _ in scored), default=0.0)
    return [hit for score, hit in scored if score == most] if most >= CREDITED else []


def _credits(hit: StatementHit, written: str) -> bool:
    """Does the document credit the statement to whom the sentence names? Where it calls
    nobody by name, whoever it names right before may be meant."""
    own = _name(written)
    names = [n for n in (hit.speaker, hit.statement.speaker, hit.as_printed) if n]
    if any(_agree(own, _name(name)) for name in names):
        return True
    pronoun = PRONOUNS.get(hit.as_printed.lower())
    if pronoun is None and any(map(_is_name, names)):
        return False
    return bool(own) and _fits(own, pronoun) and own[-1] in _plain_words(_before(hit, pronoun))


def _fits(name: Sequence[str], pronoun: str | None) -> bool:
    """Is the person as the pronoun has it, as far as the name tells?"""
    return pronoun is None or len(name) == 1 or usual_gender(name[0]) == pronoun


def _is_name(words: str) -> bool:
    """Is it not "she", "CEO" or "the director"?"""
    return is_named(words) and any(
        len(word) > 2 and word not in TITLES for word in _plain_words(words)
    )


def _before(hit: StatementHit, pronoun: str | None) -> str:
    """Where the name stands that is meant: before a pronoun, beside a description."""
    passage, printed = hit.passage, hit.statement.as_printed
    if pronoun is None:
        first, last = printed.start - BESIDE, hit.statement.cue.end + BESIDE
    else:
        first, last = printed.start - NAMED_WITHIN, printed.start
    return passage.text[max(0, first - passage.start) : max(0, last - passage.start)]


def _agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Do two names have the surname in common, and the first name if both have one?"""
    if not one or not other:
        return False
    if one[-1] != other[-1]:
        return set(one) <= set(other) or set(other) <= set(one)
    return len(one) == 1 or len(other) == 1 or is_short_for(one[0], other[0])


def _name(words: str) -> list[str]:
    """Without the titles and articles before it, unless there is nothing else."""
    plain = [word for word in _plain_words(words) if word not in FUNCTION_WORDS]
    while len(plain) > 1 and plain[0] in TITLES:
        plain = plain[1:]
    return plain


def _names(words: str, language: Language | None) -> Iterator[str]:
    """Proper nouns, months and days among them, and whatever else has a capital letter
    though it does not begin a sentence."""
    names = [match[0] for match in CAPITALIZED.finditer(words)]
    if language is not None:
        (tree,) = language.parser.parse([words])
        names += [word.text for word in tree if is_name(word)]
    for name in dict.fromkeys(names):
        plain = folded(name)
        if len(plain) > 1 and plain[0].isalpha() and plain not in TITLES | FUNCTION_WORDS:
            yield name


def _is_among(name: str, there: set[str]) -> bool:
    plain = folded(name.removesuffix("'s").removesuffix("’s"))
    return plain in there or any(
        word.startswith(plain[:SHORTEST_ROOT])
        and (word.startswith(plain) or plain.startswith(word))
        for word in there
        if len(word) >= SHORTEST_ROOT and len(plain) >= SHORTEST_ROOT
    )


def _frame(reading: _Reading) -> str:
    """Who speaks, and what the documents are called: not in the sentences themselves."""
    parts = [" "]
    for source in (found.source for found in reading.cited):
        parts += [source.title, source.published or ""]
    for hit in reading.statements:
        parts += [hit.speaker or "", hit.statement.speaker or ""]
    return " ".join(parts)


def _plain_words(text: str) -> list[str]:
    """In small letters, without 's."""
    return [folded(word.removesuffix("'s").removesuffix("’s")) for word in _words(text)]


def _words(text: str) -> list[str]:
    return [
        part
        for word in text.replace("/", " ").split()
        for part in [word.strip(".,;:!?“”\"'()[]«»„‘’–—")]
        if part
    ]
