"""Asking an assistant every question of a set, and scoring what it says."""

from __future__ import annotations

import glob
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Protocol

from assistant.answers import Answer, Citation, Mode, Turn, without_marks
from assistant.evaluation.runs.journal import Journal, Notice
from assistant.evaluation.runs.opinions import Grader
from assistant.evaluation.runs.run import Run, Scope
from assistant.evaluation.scoring.figures import ratios
from assistant.evaluation.scoring.gold import Gold, find_gold
from assistant.evaluation.scoring.metrics import LayoutOf, Score, score
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.scoring.spans import Place, lay_out
from assistant.evaluation.sets.loading import read_questions
from assistant.evaluation.sets.questions import Question, QuestionSet, bad_lines
from index.documents import Glob, Principal, Source, Span
from index.search.view import Library, Status


class Respondent(Protocol):
    """What can be evaluated: `chat.Assistant`, or anything that answers as it does."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: Glob | None = None,
        mode: Mode = "quote",
    ) -> Answer:
        """A verified answer; `documents` is a glob over document names."""

    def view_of(self, principal: Principal) -> Library:
        """The documents that it answers from, as the principal may read them."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is, and the figures so far: those that need no other question."""

    done: int
    total: int
    sums: Mapping[str, list[float]]

    @property
    def figures(self) -> Mapping[str, float]:
        """Each figure over the questions that are done."""
        return {name: part / whole for name, (part, whole) in self.sums.items()}


Watch = Callable[[RunProgress], None]
"""Called after each question, in the thread that evaluates."""

TextOf = Callable[[Source], str]


def evaluate(
    assistant: Respondent,
    questions: QuestionSet | Path,
    *,
    principal: Principal,
    scope: Scope = "all",
    mode: Mode = "quote",
    jobs: int = 1,
    out: Path | None = None,
    settings: Mapping[str, str] | None = None,
    grader: Grader | None = None,
    progress: Watch | None = None,
    notice: Notice | None = None,
) -> Run:
    """Ask every question as this principal and score the answers.

    `jobs` questions are asked at a time. With `out`, a folder, records are kept there as
    they come, and a run that was broken off there goes on if its questions, index, scope,
    mode and `settings` (whatever else the answers depend on, by name) are the same;
    `notice` is told. `write_run` then puts the finished run in their place. With a
    `grader` a language model is asked what it thinks of each answer.

    Raises BadQuestionSet before anything is asked: for a line that cannot be used, a
    document that is not indexed, evidence that is not in its document, and, with
    scope "document", a question without one.
    """
    started = time.perf_counter()
    if isinstance(questions, Path):
        questions = read_questions(questions)
    library = assistant.view_of(principal)
    asked = _without_absent(questions, library.sources(), scope)
    sources = _sources(asked, library.sources(), scope)
    read: TextOf = cache(lambda source: library.document(source.id).text)
    gold = find_gold(asked, lambda name: read(sources[name]))
    layout_of = cache(lambda name: lay_out(read(sources[name])))

    ask = partial(
        _ask, assistant, principal=principal, scope=scope, mode=mode, read=read, grader=grader
    )
    settings = {**(settings or {}), "judge": grader.name if grader else ""}
    index = library.status()
    identity = _identity(asked, index, {"scope": scope, "mode": mode, **settings})
    journal = Journal(out, identity, notice or _silent) if out else None
    watched = _Watched(gold, layout_of, progress or _silent)
    ordered, resumed = _recorded(ask, asked.questions, journal, watched, jobs)
    return Run(
        gold,
        ordered,
        watched.scores(),
        scope,
        mode,
        name=str(questions.path),
        settings=settings,
        texts={name: read(sources[name]) for name in _named(gold, ordered) if name in sources},
        resumed=resumed,
        seconds=time.perf_counter() - started,
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _recorded(
    ask: Callable[[Question], Record],
    questions: Sequence[Question],
    journal: Journal | None,
    watched: _Watched,
    jobs: int,
) -> tuple[tuple[Record, ...], int]:
    """A record of each question in order, and how many of them an earlier run left."""
    kept = journal.kept if journal else {}
    records = {**kept}
    watched.see_all(kept.values())
    for record in _records(ask, [each for each in questions if each.id not in kept], jobs):
        records[record.id] = record
        if journal:
            journal.add(record)
        watched.see(record)
    return tuple(records[question.id] for question in questions), len(kept)


def _identity(questions: QuestionSet, index: Status, settings: Mapping[str, str]) -> dict[str, str]:
    """All that the answers depend on, by name."""
    rows = [asdict(replace(question, file=None, line=0)) for question in questions.questions]
    content = json.dumps(rows, default=sorted)
    return {
        "question set": sha256(content.encode()).hexdigest(),
        "version of the index": index.version,
        "embedder": index.embedder,
        **settings,
        "version of On Record": version("onrecord"),
    }


def _silent(_: object) -> None:
    """Nobody watches."""


class _Watched:
    """The scores so far, and their sums for those who watch."""

    def __init__(self, gold: Sequence[Gold], layout_of: LayoutOf, watch: Watch) -> None:
        self._gold = {each.question.id: each for each in gold}
        self._layout_of = layout_of
        self._watch = watch
        self._scores: dict[str, Score] = {}
        self._sums: dict[str, list[float]] = {}

    def see_all(self, records: Iterable[Record]) -> None:
        for record in records:
            self.see(record)

    def see(self, record: Record) -> None:
        scored = score(self._gold[record.id], record, self._layout_of)
        self._scores[record.id] = scored
        for name, (part, whole) in ratios(scored).items():
            sums = self._sums.setdefault(name, [0.0, 0.0])
            sums[0] += part
            sums[1] += whole
        self._watch(RunProgress(len(self._scores), len(self._gold), self._sums))

    def scores(self) -> tuple[Score, ...]:
        """The scores of all questions, in the order of the set."""
        return tuple(self._scores[id] for id in self._gold)


def _named(gold: Iterable[Gold], records: Iterable[Record]) -> set[str]:
    """The documents that are expected or cited."""
    expected = {name for each in gold for name in each.documents}
    return expected | {place.document for record in records for place in record.citations}


# -- before anything is asked ------------------------------------------------------


def _without_absent(questions: QuestionSet, indexed: Iterable[Source], scope: Scope) -> QuestionSet:
    """An unanswerable question may be about a document that is not indexed: that may
    be why it is unanswerable. Then nothing in it can be cited."""
    names = {source.name for source in indexed}
    return replace(
        questions,
        questions=tuple(
            question
            if question.answerable or scope == "document" or question.documents <= names
            else replace(question, document=None, evidence=(), optional_evidence=(), unjudged=())
            for question in questions.questions
        ),
    )


def _sources(
    questions: QuestionSet, indexed: Sequence[Source], scope: Scope
) -> Mapping[str, Source]:
    """The documents that the questions name, each found once in the index."""
    by_name: dict[str, list[Source]] = {}
    for source in indexed:
        by_name.setdefault(source.name, []).append(source)
    problems = {
        question.at: problem
        for question in questions.questions
        if (problem := _problem(question, by_name, scope))
    }
    if problems:
        raise bad_lines(questions.path, problems)
    return {name: sources[0] for name, sources in by_name.items()}


def _problem(
    question: Question, by_name: Mapping[str, Sequence[Source]], scope: Scope
) -> str | None:
    """What keeps a question from being asked of this index."""
    if scope == "document" and question.document is None:
        return "it names no `document`, but each question is to be asked of its own (--scope)."
    for name in sorted(question.documents):
        if name not in by_name:
            return f"the document {name} is not in the index. {_hint(name, by_name)}"
        if len(by_name[name]) > 1:
            return (
                f"{len(by_name[name])} documents in the index are called {name}, and it cannot "
                "say which. Index only one of them."
            )
    return None


def _hint(name: str, indexed: Iterable[str]) -> str:
    alike = [other for other in indexed if PurePosixPath(other).name == PurePosixPath(name).name]
    if alike:
        return f"There is {' and '.join(alike[:2])}: names begin at the folder that was indexed."
    return "Index the folder that holds it: onrecord index FOLDER"


# -- asking ------------------------------------------------------------------------


def _records(
    ask: Callable[[Question], Record], questions: Sequence[Question], jobs: int
) -> Iterator[Record]:
    """A record a question, as they come. Whoever stops waits for what is being asked."""
    if jobs == 1:
        yield from map(ask, questions)
        return
    with ThreadPoolExecutor(jobs) as threads:
        asked = [threads.submit(ask, question) for question in questions]
        try:
            for each in as_completed(asked):
                yield each.result()
        finally:
            threads.shutdown(cancel_futures=True)


def _ask(
    assistant: Respondent,
    question: Question,
    *,
    principal: Principal,
    scope: Scope,
    mode: Mode,
    read: TextOf,
    grader: Grader | None,
) -> Record:
    started = time.perf_counter()
    answer = assistant.ask(
        question.question,
        question.history,
        principal=principal,
        documents=_glob(question) if scope == "document" else None,
        mode=mode,
    )
    record = _record(question, answer, (time.perf_counter() - started) * 1000, read)
    return replace(record, judged=grader.grade(answer)) if grader else record


def _glob(question: Question) -> str:
    """Matches the name of the question's own document and no other."""
    return glob.escape(question.document or "")


def _record(question: Question, answer: Answer, latency_ms: float, read: TextOf) -> Record:
    numbers = {citation.number for citation in answer.citations}
    return Record(
        id=question.id,
        abstained=not answer.answered,
        answer=_words(answer),
        retrieved=tuple(_place(hit.source, hit.passage.span) for hit in answer.found.hits),
        citations=tuple(_place(c.source, c.span) for c in answer.citations),
        exact_quotes=sum(_is_exact(citation, read) for citation in answer.citations),
        latency_ms=latency_ms,
        answerability=answer.probability,
        index_version=answer.found.index_version,
        embedder=answer.found.embedder,
        credited=tuple(c.speaker.name if c.speaker else None for c in answer.citations),
        notice=answer.notice,
        marks=sum(len(claim.citations) for claim in answer.claims),
        dangling=sum(number not in numbers for c in answer.claims for number in c.citations),
    )


def _words(answer: Answer) -> str:
    """The claims without their marks, one a line, or the reason why there is none."""
    if answer.refusal is not None:
        return answer.refusal.reason
    return "\n".join(map(without_marks, answer.claims))


def _place(source: Source, span: Span) -> Place:
    return Place(source.name, span)


def _is_exact(citation: Citation, read: TextOf) -> bool:
    """Read again from the index: what verification says of itself proves nothing."""
    return citation.quote == read(citation.source)[citation.span.start : citation.span.end]
