"""Which sentences of the hits are quoted, and how good each is.

A heading, a question or a line that leads in to a list says nothing by itself: in its place
what follows it may be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answering.matching import Matching
from assistant.answering.refusing import NEAR
from assistant.answering.units import Layout, Layouts, Told
from index.documents import Found, Hit, Query, Source, Span
from index.english.kinds import (
    ASKED_WHETHER,
    LATEST,
    MAIL_FIELDS_ASKED,
    OF_MAIL,
    YEAR,
    expected,
)
from index.english.spelling import WORD, one_spelling, root, telling
from index.english.word_lists import SAME_SUBJECT
from index.errors import DocumentNotFound
from index.search.dated import is_of, without_date
from index.search.demands import RARE
from index.search.late_interaction import READ

CLOSE = 0.975
"""A further sentence is quoted if its score is at least this share of the best one's."""

CLOSE_ELSEWHERE = 0.985
"""The same for a sentence of another document."""

CLOSE_IN_A_LIST = 0.94
"""The same for one of many that are asked for."""

FURTHER = 0.9
"""The same for a sentence that is given when somebody asks what else there is. Chosen,
not fitted."""

MOST_QUOTED = 4
MOST_LISTED = 12

LONGEST_LABEL = 2
"""Words. Shorter ones hold no answer: "3.", "Home office."."""

LONGEST_REPLY = 3
"""Sentences that are quoted of what follows a question or a heading."""

PASSAGE_SHARE, MET_SHARE = 2.0, 2.0
"""How much a sentence's passage counts beside the sentence itself, and how near it comes to each
word of the question. The first sentence is right for .84 of 108 questions of squad/dev and .47 of
66 of handbooks; with .25 and 0 it was .81 and .39. From 1 to 3 and 1 to 2 it moves by less
than .04."""

TOLD_SHARE = 0.15
"""What counts the share of the question's words that a sentence has, or what says of what it
speaks, or a word that means much the same. With .25 the first that is quoted is right for .72 of
the same questions in the mean instead of .70, up to 1 for .71 to .73; less than .25 was taken for
the sake of squad/dev, and not fitted."""

ODDS_SHARE = 0.05
"""What counts the log odds that a sentence answers, by an answer selector. The first that is quoted
is right for .31 and .31 of the questions of two sets in everyday words on public documents instead
of .27 and .28, for .17 instead of .15 on documents that were kept back from its training, for .81
instead of .79 on squad/dev and .53 as before on handbooks. With .1 it is .29, .31, .18, .81 and
.51."""

OF_THE_KIND = 0.5
"""What is added to the score of a sentence that has the kind of answer asked for. Between .2 and
.6 the F1 of what is quoted rises from .566 to .574 on handbooks and stays on squad/dev and seed."""

MOST_OF_A_NAME = 2
"""Words with which somebody signs."""

SAID_ALREADY = 0.93
"""What is left of the score of a sentence that stands in the conversation."""

OF_ANOTHER_PART = 0.96
"""What is left of that of a sentence that has what tells another part of the question from this
one, or lacks what tells this one from it: of two things compared each is looked for."""

LACKS_ITS_PART = 0.85
"""The same where two things are compared and were looked for together. Chosen, not fitted."""

OF_ITS_TIME = 0.3
"""What is added to that of a sentence in a document of the year that is asked about, or of the
latest date, where the latest is asked for. Chosen, not fitted."""

OF_MASTHEADS = frozenset(["who", "a date", "a time"])
"""Kinds of answers that stand in the first lines of a document."""

LACKING_SHARE = 0.95
"""What is left of that of a sentence for each word that says of whom, where, for what or of which
thing is asked and of which neither it nor what stands above it says anything; twice if its
document tells that apart from what it speaks of. Chosen on 37
questions of a library and a program and 68 of three collections of tests.benchmarks.context: with
.9 one more of the one and one less of the other are quoted right."""

LABEL_SHARE = 0.95
"""What is left of that of a line that gives but names and dates: "Author: Ann Holt". Chosen, not
fitted: from .9 to 1 nothing changes on handbooks, squad/dev and seed."""

OF_A_DEFINITION = 0.3
"""What is added to that of the first sentence of a document that begins with what is to be
told of: "What is Queenbee?". Chosen, not fitted."""

CODE_SHARE = 0.93
"""What is left of that of a piece of code."""

LABELLED = re.compile(r"(?:\w[\w -]{1,20}: (?:[^.:\n]|\.(?=\w))+\s*)+")
DEFINED = re.compile(r"^\W*what(?:'s|’s| is| are) (?:the |an? )?(?P<what>[\w. -]{2,40}?)\W*$", re.I)

CASE = re.compile(
    r"\W*(?:(?P<if>if|when|where|before|after|for|until|without|with)"
    r"|(?P<else>otherwise|or else))\b",
    re.I,
)
"""With which a sentence begins that holds in one case of several."""

GOES_ON = re.compile(rf"\W*(?:{'|'.join(SAME_SUBJECT)})\b", re.I)
BEHIND_A_QUESTION = " *_”’\"')»"


@dataclass(frozen=True, slots=True)
class Quotable:
    """A sentence, or a few that belong together, that might be quoted. `found` is the sentence
    for which it was found: a heading, say, of which it is what follows."""

    hit: Hit
    span: Span
    score: float
    found: Span

    @property
    def key(self) -> tuple[str, Span]:
        return self.hit.source.id, self.span


MayAnswer = Callable[[Quotable], bool]


class Choosing:
    """Chooses among the sentences that were found for one question."""

    def __init__(self, query: Query, found: Found, layouts: Layouts) -> None:
        self.query, self.layouts = query, layouts
        self._found = found
        self._own, self._others = _apart(query)
        self._asked = telling(query.standalone_question)
        self.kind = expected(query.standalone_question)
        if query.compares:
            self.kind = self.kind or expected(query.question)
        self.matching = Matching(query, found, tells_kind=self.kind is not None, with_own=True)

    @property
    def _read(self) -> Sequence[Hit]:
        return self._found.hits[:READ]

    @cached_property
    def ranked(self) -> Sequence[Quotable]:
        """Whatever might be quoted, best first, each once."""
        best: dict[tuple[str, Span], Quotable] = {}
        for each in self._candidates():
            known = best.get(each.key)
            if known is None or each.score > known.score:
                best[each.key] = each
        return sorted(best.values(), key=lambda each: -each.score)

    def choose(self, may_answer: MayAnswer = bool, *, many: bool = False) -> list[Quotable]:
        """The best, best first; only such as may answer and, where no other can, hold the kind
        of answer asked for, and none that is far behind the best of all. `many`: all that are
        alike are asked for."""
        if not self.ranked:
            return []
        top = self.ranked[0].score
        near = [c for c in self.ranked if c.score >= NEAR * top and may_answer(c)]
        demands = self.kind is not None and self.kind.always and not many
        fitting = [c for c in near if not demands or self._is_of_kind(c)]
        chosen: list[Quotable] = []
        for candidate in fitting:
            same = candidate.hit.source.id == fitting[0].hit.source.id
            close = CLOSE_IN_A_LIST if many else CLOSE if same else CLOSE_ELSEWHERE
            enough = candidate.score >= close * fitting[0].score
            if enough and not any(self._says_the_same(candidate, other) for other in chosen):
                chosen.append(candidate)
        return chosen[: MOST_LISTED if many else MOST_QUOTED]

    def with_the_rest(self, candidate: Quotable) -> Quotable:
        """With the sentence before it, if it only goes on with that, and the one behind it, if
        that goes on with it and has what it lacks: a word of the question, or the kind of
        answer."""
        line = self._line(candidate)
        if line is None:
            return candidate
        span = candidate.span
        before = max((s for s in line if s.end <= span.start), default=None)
        if before is not None and GOES_ON.match(self.words(candidate)):
            span = Span(before.start, span.end)
        following = min((s for s in line if s.start >= span.end), default=None)
        if following is not None and self._has_the_rest(candidate, following):
            span = Span(span.start, following.end)
        return replace(candidate, span=span)

    def has_the_kind(self, chosen: Sequence[Quotable]) -> bool:
        """Has any of them the kind of answer without which nothing answers?"""
        always = self.kind is not None and self.kind.always
        return not always or any(map(self._is_of_kind, chosen))

    def told(self, candidate: Quotable) -> Told:
        """Its words, with those that say of what it speaks."""
        return self.layouts.of(candidate.hit).in_context(candidate.span, self._asked)

    def words(self, candidate: Quotable) -> str:
        return self.layouts.of(candidate.hit).words(candidate.span)

    def _has_the_rest(self, candidate: Quotable, following: Span) -> bool:
        layout = self.layouts.of(candidate.hit)
        words, more = self.words(candidate), layout.words(following)
        if self.kind and self.kind.given.search(more) and not self.kind.given.search(words):
            return True
        if _is_another_case(words, more):
            return True
        gained = self._asked & telling(more) - telling(self.told(candidate).text)
        return bool(gained) and (GOES_ON.match(more) is not None or self._tells_much(gained))

    def _tells_much(self, roots: set[str]) -> bool:
        """Is one of these words of the question as rare as what it is about?"""
        rarity = self._found.rarity.items()
        return any(root(word) in roots and rare >= RARE for word, rare in rarity)

    def _line(self, candidate: Quotable) -> list[Span] | None:
        """The sentences of the line in which it stands, if it stands in one."""
        layout = self.layouts.of(candidate.hit)
        line = layout.lines[layout.at(candidate.span.start)].span
        if not line.covers(candidate.span):
            return None
        return [s for s in candidate.hit.passage.sentences if line.covers(s)]

    def _candidates(self) -> Iterator[Quotable]:
        for hit in self._read:
            try:
                layout = self.layouts.of(hit)
            except DocumentNotFound:  # closed to the person since it was found
                continue
            for evidence in hit.evidence:
                span = self._answering(hit, layout, evidence.span)
                if span is not None:
                    score = evidence.score + PASSAGE_SHARE * hit.score + MET_SHARE * evidence.met
                    score += TOLD_SHARE * self.matching.share(layout.in_context(span, self._asked))
                    score += ODDS_SHARE * _odds(hit, evidence.span, span)
                    candidate = Quotable(hit, span, score, evidence.span)
                    yield replace(candidate, score=score + self._more(candidate, layout))

    def _more(self, candidate: Quotable, layout: Layout) -> float:
        """What its score gains by the kind of answer, and loses as it was said before or is
        code."""
        words = self.words(candidate)
        gained = OF_THE_KIND if self.kind and self._is_of_kind(candidate) else 0.0
        gained += OF_THE_KIND if self._is_asked_of_mail(candidate, layout) else 0.0
        gained += OF_ITS_TIME if self._is_of_its_time(candidate.hit.source) else 0.0
        gained += OF_A_DEFINITION if self._defines(candidate) else 0.0
        told = self.told(candidate)
        lacking = self.matching.lacking(told)
        share = LACKING_SHARE ** len([*lacking, *self.matching.told_apart(lacking, told)])
        if layout.lines[layout.at(candidate.span.start)].kind == "code":
            share *= CODE_SHARE
        if LABELLED.fullmatch(words) and not self._asked & telling(words.partition(":")[0]):
            share *= LABEL_SHARE
        if self.query.behind and self.was_said(words):
            share *= SAID_ALREADY
        if self._own or self._others:
            without = LACKS_ITS_PART if self.query.compares else OF_ANOTHER_PART
            share *= 1.0 if self._has_own(candidate.hit, words) else without
            share *= OF_ANOTHER_PART if self._others & telling(words) else 1.0
        return share * (candidate.score + gained) - candidate.score

    def _has_own(self, hit: Hit, words: str) -> bool:
        """Has it what tells this part of the question from the others, or its document the
        date?"""
        own = self._own
        if is_of(hit.source, self.query.standalone_question):
            own = own & telling(without_date(self.query.standalone_question))
        return own <= telling(f"{words} {hit.passage.context}")

    def _defines(self, candidate: Quotable) -> bool:
        """Is it the first sentence in its document that begins with what the question asks to be
        told of?"""
        asked = DEFINED.match(self.query.standalone_question)
        if asked is None:
            return False
        begins = re.compile(rf"\W*(?:(?:the|an?) )?{re.escape(asked['what'])}\W* [a-z]+\b", re.I)
        defining = (
            evidence.span
            for hit in self._read
            if hit.source.id == candidate.hit.source.id
            for evidence in hit.evidence
            if begins.match(evidence.text) and evidence.text.rstrip().endswith((".", "!"))
        )
        return min(defining, default=None) == candidate.found

    def _is_of_its_time(self, source: Source) -> bool:
        published = source.published or ""
        year = YEAR.search(self.query.standalone_question)
        if year is not None:
            return published.startswith(year[0])
        return bool(published and self._asks_for_the_latest and published == self._latest)

    @cached_property
    def undated(self) -> str:
        """The question without a date that only tells which documents it is about."""
        dated = any(is_of(hit.source, self.query.standalone_question) for hit in self._read)
        question = self.query.standalone_question
        return without_date(question) if dated else question

    @cached_property
    def _asks_for_the_latest(self) -> bool:
        return LATEST.search(self.query.standalone_question) is not None

    @cached_property
    def _latest(self) -> str:
        return max(hit.source.published or "" for hit in self._found.hits)

    def was_said(self, words: str) -> bool:
        """Does it stand in the conversation, whatever the white space?"""
        return "".join(words.split()) in "".join(self.query.seen.split())

    def _answering(self, hit: Hit, layout: Layout, span: Span) -> Span | None:
        """What is quoted for this sentence: itself, what follows it if it says nothing alone;
        None if that is nothing."""
        place = layout.at(span.start)
        if layout.is_greeting(place) or (layout.is_mail_head(place) and not self._asks_of_mail):
            return None
        if layout.is_masthead(place) and not self._is_asked_of_masthead(layout.words(span)):
            return None
        if layout.is_mail_head(place) or layout.lines[place].kind == "row":
            return layout.lines[place].span
        if not layout.says_something(place):
            return layout.opened(place)
        is_heading = not layout.has_blocks and _is_heading(hit, span)
        reply = _reply(hit, span, is_heading=is_heading)
        if reply is None and self._only_names(layout.words(span)):
            return None
        return reply or _whole_quotation(hit, span)

    def _is_asked_of_masthead(self, words: str) -> bool:
        """Has it who or when, where that is asked, or a word of the question that is no name?"""
        if self.kind is not None and self.kind.name in OF_MASTHEADS:
            return self.kind.given.search(words) is not None
        plain = {root(word) for word in WORD.findall(words) if word.islower()}
        return bool(plain & self._asked)

    def _only_names(self, words: str) -> bool:
        """Is it but a word or two that the question has, as somebody signs a letter?"""
        said = WORD.findall(words.lower())
        asked = WORD.findall(self.query.standalone_question.lower())
        return len(said) <= MOST_OF_A_NAME and set(said) <= set(asked)

    @cached_property
    def _asks_of_mail(self) -> bool:
        return OF_MAIL.search(self.query.standalone_question) is not None

    def _is_asked_of_mail(self, candidate: Quotable, layout: Layout) -> bool:
        """Is it a mail's head that has what is asked for: who wrote it, to whom or when?"""
        if not layout.is_mail_head(layout.at(candidate.span.start)):
            return False
        words, question = self.words(candidate), self.query.standalone_question
        asked = [field for field, form in MAIL_FIELDS_ASKED.items() if form.search(question)]
        return bool(asked) and all(f"{field}: " in words for field in asked)

    def _is_of_kind(self, candidate: Quotable) -> bool:
        told = self.layouts.of(candidate.hit).told(candidate.span)
        return self.kind is None or bool(self.kind.given.search(told))

    def _says_the_same(self, one: Quotable, other: Quotable) -> bool:
        overlap = one.hit.source.id == other.hit.source.id and one.span.overlaps(other.span)
        return overlap or one_spelling(self.words(one)) == one_spelling(self.words(other))


def _odds(hit: Hit, *spans: Span) -> float:
    """The best log odds of the sentences of these spans; 0 where none were told."""
    return max(
        (
            evidence.odds
            for evidence in hit.evidence
            if evidence.odds is not None and any(map(evidence.span.overlaps, spans))
        ),
        default=0.0,
    )


def _is_another_case(words: str, more: str) -> bool:
    """Does a sentence give another case of what the one before gives: "If you cancel early …
    If you cancel later …"?"""
    case, other = CASE.match(words), CASE.match(more)
    if other is None:
        return False
    return other["else"] is not None or (
        case is not None and case["if"] is not None and case["if"].lower() == other["if"].lower()
    )


def _apart(query: Query) -> tuple[set[str], set[str]]:
    """The words that tell this part of a question from the others, and the others' from it;
    none where the parts have nothing in common."""
    own = telling(query.standalone_question)
    others = [telling(part) for part in query.parts if part != query.standalone_question]
    common = own.intersection(*others) if others else set()
    if not common and not query.compares:
        return set(), set()
    return own - set().union(*others), set().union(*others) - own


def _reply(hit: Hit, span: Span, *, is_heading: bool) -> Span | None:
    """If this sentence is a question or looks like a heading, what follows it, up to the end of
    that paragraph or the next question; a label like "Parking." with what follows it. None if it
    is none of these, or nothing follows in its passage."""
    following = [s for s in hit.passage.sentences if s.start >= span.end]
    if _is_label(_words(hit, span)):
        labelled = next((s for s in following if not _is_label(_words(hit, s))), None)
        whole = Span(span.start, labelled.end) if labelled else span
        return None if "\n" in _words(hit, whole) else whole
    if not (_is_question(_words(hit, span)) or is_heading):
        return None
    reply: Span | None = None
    for sentence in following[:LONGEST_REPLY]:
        ends = reply is not None and "\n" in _words(hit, Span(reply.end, sentence.start))
        if ends or _is_question(_words(hit, sentence)):
            break
        reply = Span(reply.start if reply else sentence.start, sentence.end)
    return reply


def _is_label(words: str) -> bool:
    return words.endswith(".") and len(words.split()) <= LONGEST_LABEL


def _is_question(words: str) -> bool:
    return words.rstrip(BEHIND_A_QUESTION).endswith("?") or bool(ASKED_WHETHER.search(words))


def _is_heading(hit: Hit, span: Span) -> bool:
    """Is it a line of its own at the beginning of a passage, without a full stop? A heading
    opens a new passage."""
    words = _words(hit, span)
    behind = _words(hit, Span(span.end, hit.passage.end))
    is_line = span.start == hit.passage.start and behind.lstrip(" ").startswith("\n")
    return words.startswith("#") or (is_line and words[:1].isalpha() and words[-1:].isalnum())


def _whole_quotation(hit: Hit, span: Span) -> Span:
    """The span, widened to the sentences that close its straight quotation marks."""
    sentences = hit.passage.sentences
    first = last = next((i for i, s in enumerate(sentences) if s == span), None)
    if first is None or last is None or not _open(hit, span):
        return span
    before = _next_open(hit, range(first - 1, -1, -1))
    after = _next_open(hit, range(last + 1, len(sentences)))
    opens = _opens(hit, span)
    if opens and after is not None:
        return Span(span.start, sentences[after].end)
    if not opens and before is not None:
        return Span(sentences[before].start, span.end)
    return span


def _next_open(hit: Hit, indices: range) -> int | None:
    return next((i for i in indices if _open(hit, hit.passage.sentences[i])), None)


def _open(hit: Hit, span: Span) -> bool:
    """Has it an odd number of straight quotation marks?"""
    return _words(hit, span).count('"') % 2 == 1


def _opens(hit: Hit, span: Span) -> bool:
    """Does its last quotation mark open a quotation: before a word, not after one?"""
    words = _words(hit, span)
    mark = words.rindex('"')
    return mark + 1 < len(words) and not words[mark + 1].isspace()


def _words(hit: Hit, span: Span) -> str:
    return hit.passage.text[span.start - hit.passage.start : span.end - hit.passage.start]
