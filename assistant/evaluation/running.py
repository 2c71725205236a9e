"""Asking an assistant every question of a set, and scoring what it says."""

from __future__ import annotations

import glob
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import Protocol

from assistant.answers import Answer, Citation, Mode, Turn, without_marks
from assistant.evaluation.gold import find_gold
from assistant.evaluation.metrics import score
from assistant.evaluation.questions import Question, QuestionSet, bad_lines
from assistant.evaluation.reading import read_questions
from assistant.evaluation.records import Record
from assistant.evaluation.runs import Run, Scope
from assistant.evaluation.spans import Place, lay_out
from index.documents import Document, Principal, Source, Span


class Respondent(Protocol):
    """What can be evaluated: `chat.Assistant`, or anything that answers as it does."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        principal: Principal,
        documents: str | None = None,
        mode: Mode = "quote",
    ) -> Answer:
        """A verified answer; `documents` is a glob over document names."""

    def document(self, document_id: str, *, principal: Principal) -> Document:
        """A whole document."""

    def sources(self, *, principal: Principal) -> Sequence[Source]:
        """Every document that the principal may see."""


Progress = Callable[[int, int], None]
"""Called with how many questions are done, of how many."""

TextOf = Callable[[Source], str]


def evaluate(
    assistant: Respondent,
    questions: QuestionSet | Path,
    *,
    principal: Principal,
    scope: Scope = "all",
    mode: Mode = "quote",
    progress: Progress | None = None,
) -> Run:
    """Ask every question as this principal and score the answers.

    Raises BadQuestionSet before anything is asked: for a line that cannot be used, a
    document that is not indexed, evidence that is not in its document, and, with
    scope "document", a question without one.
    """
    if isinstance(questions, Path):
        questions = read_questions(questions)
    questions = _without_absent(questions, assistant.sources(principal=principal), scope)
    sources = _sources(questions, assistant.sources(principal=principal), scope)
    read: TextOf = cache(lambda source: assistant.document(source.id, principal=principal).text)
    gold = find_gold(questions, lambda name: read(sources[name]))
    layout_of = cache(lambda name: lay_out(read(sources[name])))

    ask = partial(_ask, assistant, principal=principal, scope=scope, mode=mode, read=read)
    records = tuple(_counted(map(ask, questions.questions), len(gold), progress))
    scores = tuple(score(g, r, layout_of) for g, r in zip(gold, records, strict=True))
    return Run(gold, records, scores, scope, mode)


def _counted(records: Iterable[Record], total: int, progress: Progress | None) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        if progress is not None:
            progress(done, total)
        yield record


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


def _ask(
    assistant: Respondent,
    question: Question,
    *,
    principal: Principal,
    scope: Scope,
    mode: Mode,
    read: TextOf,
) -> Record:
    started = time.perf_counter()
    answer = assistant.ask(
        question.question,
        question.history,
        principal=principal,
        documents=_glob(question) if scope == "document" else None,
        mode=mode,
    )
    return _record(question, answer, (time.perf_counter() - started) * 1000, read)


def _glob(question: Question) -> str:
    """Matches the name of the question's own document and no other."""
    return glob.escape(question.document or "")


def _record(question: Question, answer: Answer, latency_ms: float, read: TextOf) -> Record:
    return Record(
        id=question.id,
        abstained=not answer.answered,
        answer=_words(answer),
        retrieved=tuple(_place(hit.source, hit.passage.span) for hit in answer.found.hits),
        citations=tuple(_place(c.source, c.span) for c in answer.citations),
        exact_quotes=sum(_is_exact(citation, read) for citation in answer.citations),
        latency_ms=latency_ms,
        answerability=answer.found.answerability,
        index_version=answer.found.index_version,
        embedder=answer.found.embedder,
    )


def _words(answer: Answer) -> str:
    """The answer without its marks, or the reason why there is none."""
    if answer.refusal is not None:
        return answer.refusal.reason
    return " ".join(map(without_marks, answer.claims))


def _place(source: Source, span: Span) -> Place:
    return Place(source.name, span)


def _is_exact(citation: Citation, read: TextOf) -> bool:
    """Read again from the index: what verification says of itself proves nothing."""
    return citation.quote == read(citation.source)[citation.span.start : citation.span.end]
