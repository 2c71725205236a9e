"""Runs that a server makes and keeps: one at a time, watched, stopped, opened again.

HOME/runs/NAME/   run.jsonl, results.json, report.html, and request.json: what was asked

Several servers may have the folder in common: who makes a run holds a lock in it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.answers import Mode
from assistant.chat import MODES, Assistant
from assistant.errors import AssistantError, BadQuestionSet, NoSuchRun, RunUnfinished, WrongUse
from assistant.evaluation.command import answering
from assistant.evaluation.drafting.reviewing import documents_of
from assistant.evaluation.reports.comparison import Comparison, compare, read_records
from assistant.evaluation.reports.report import write_report
from assistant.evaluation.runs.journal import records_kept
from assistant.evaluation.runs.results import REPORT, RESULTS, RUN, Results, Row, read_results
from assistant.evaluation.runs.run import Scope, write_run, write_whole
from assistant.evaluation.runs.running import RunProgress, evaluate
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.sets.loading import read_questions
from assistant.evaluation.sets.questions import QuestionSet
from assistant.evaluation.sets.sets import QuestionSets, SetSummary, is_name, no_such_set
from assistant.evaluation.sets.sets import Row as QuestionRow
from assistant.rendering.errors import tell
from assistant.settings import Settings
from index.documents import Principal
from index.errors import IndexingError
from index.stores.locking import hold, is_held

FOLDER = "runs"
REQUEST = "request.json"
LOCK = "going-on.lock"

LONGEST_NAME = 40
"""Characters of a set's name that the name of a run begins with."""

Phase = Literal["running", "stopping", "stopped", "failed", "finished"]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run asks, on whose behalf, and since when; once it is done, which `documents`
    it has words of, by id: two documents can have one name."""

    questions: str
    scope: Scope = "all"
    mode: Mode = "quote"
    by: str = ""
    begun: float = 0.0
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run as its folder has it, with `count` questions done. Without `figures` it was
    stopped, or is still going on."""

    name: str
    request: RunRequest
    count: int = 0
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_finished(self) -> bool:
        return bool(self.figures)


@dataclass(frozen=True, slots=True)
class RunState:
    """The run that is going on, or the last one of this process. `words` say what went
    wrong, or what else there is to know."""

    name: str
    request: RunRequest
    phase: Phase
    done: int = 0
    total: int = 0
    figures: Mapping[str, float] = field(default_factory=dict)
    words: str = ""

    @property
    def is_going_on(self) -> bool:
        return self.phase in ("running", "stopping")


class _Stopped(Exception):
    """Ends a run between two questions."""


class Desk:
    """Question sets, and the runs of them, of one index."""

    def __init__(self, assistant: Assistant, settings: Settings) -> None:
        self.sets = QuestionSets(settings.home)
        self._assistant = assistant
        self._settings = settings
        self._folder = settings.home / FOLDER
        self._lock = threading.Lock()
        self._state: RunState | None = None
        self._stop = threading.Event()

    def state(self, principal: Principal) -> RunState | None:
        """The state of the run that is going on or was the last, if this person may know of it."""
        state = self._state
        return state if state and self._may_see(state.request, principal) else None

    def state_of(self, run: KeptRun) -> RunState:
        """How far a run is. For one that was stopped before this process began, it is not
        known how many questions it has."""
        state = self._state
        if state and state.name == run.name:
            return state
        phase: Phase = "finished" if run.is_finished else "stopped"
        if not run.is_finished and is_held(self._folder / run.name / LOCK):
            phase = "running"
        total = run.count if run.is_finished else 0
        return RunState(run.name, run.request, phase, run.count, total, run.figures)

    @property
    def is_busy(self) -> bool:
        """Is a run going on, whosever it is?"""
        return self._state is not None and self._state.is_going_on

    # -- running -----------------------------------------------------------------

    def start(
        self, questions: str, scope: str, mode: str, principal: Principal, name: str = ""
    ) -> str:
        """Begin a run in a thread of its own, or go on with one that was stopped; its
        name. Raises WrongUse, NoSuchQuestionSet, BadQuestionSet for a set that cannot be
        used, and RunUnfinished while another run is going on."""
        request = _request(questions, scope, mode, principal)
        asked = self._asked(questions, principal)
        self._assistant.check_mode(request.mode)
        folder = self._folder / (name or self._new_name(questions))
        with self._lock:
            if self.is_busy:
                raise RunUnfinished("A run is going on. Wait until it is done, or stop it.")
            let_go = self._begin(folder, request)
        work = threading.Thread(
            target=self._work,
            args=(folder, request, asked, principal, let_go),
            name="evaluation",
            daemon=True,
        )
        work.start()
        return folder.name

    def go_on(self, name: str, principal: Principal) -> str:
        """Go on with a run that was stopped. Raises as `start`, NoSuchRun, and WrongUse for
        one that is finished."""
        kept = self.kept(name, principal)
        if kept.is_finished:
            raise WrongUse(f"The run {name} is finished. Start another one.")
        request = kept.request
        return self.start(request.questions, request.scope, request.mode, principal, name)

    def stop(self, principal: Principal, name: str = "") -> RunState | None:
        """End the run, or the one of this name only, after the question that is being asked;
        what is done is kept. None if there was nothing to end."""
        state = self.state(principal)
        if state is None or not state.is_going_on or name not in ("", state.name):
            return None
        self._stop.set()
        self._set(phase="stopping")
        return state

    def _begin(self, folder: Path, request: RunRequest) -> Callable[[], None]:
        """What lets go of its lock. Raises WrongUse, RunUnfinished for one that is going on at
        another server."""
        let_go = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            let_go = hold(folder / LOCK)
            if let_go is None:
                raise RunUnfinished(
                    f"The run {folder.name} is going on at another server. Wait until it is done."
                )
            _write(folder, request)
        except OSError as error:
            if let_go:
                let_go()
            raise WrongUse(f"The run {folder.name} cannot be written: {error.strerror}.") from error
        self._stop.clear()
        self._state = RunState(folder.name, request, "running")
        return let_go

    def _asked(self, name: str, principal: Principal) -> QuestionSet:
        """The questions of a set that a person may know of. Raises WrongUse,
        NoSuchQuestionSet, BadQuestionSet."""
        path = self.sets.path(name)
        if not path.exists():
            raise no_such_set(name)
        with _told_to(principal, path):
            questions = read_questions(path)
        known = self._known_to(principal)
        asked = tuple(question for question in questions.questions if known(question.tells_of))
        if not asked:
            raise WrongUse(f"The question set {name} holds no questions.")
        return replace(questions, questions=asked)

    def _work(
        self,
        folder: Path,
        request: RunRequest,
        asked: QuestionSet,
        principal: Principal,
        let_go: Callable[[], None],
    ) -> None:
        try:
            run = evaluate(
                self._assistant,
                asked,
                principal=principal,
                scope=request.scope,
                mode=request.mode,
                out=folder,
                settings=answering(self._settings, request.mode),
                progress=self._watch,
                notice=lambda words: self._set(words=words),
            )
            # First what it has words of: from then on it is shown to those only who read that.
            _write(folder, replace(request, documents=self._ids(run.texts, principal)))
            write_run(run, folder)
            write_report(run, folder)
        except _Stopped:
            self._set(phase="stopped")
        except (AssistantError, IndexingError, OSError) as error:
            self._set(phase="failed", words=tell(error).words)
        else:
            self._set(phase="finished", figures=run.figures)
        finally:
            let_go()
            if self.is_busy:  # an error of ours: it is not to look like a run for ever
                self._set(phase="failed", words="The run broke off; the server's log says why.")

    def _ids(self, names: Collection[str], principal: Principal) -> tuple[str, ...]:
        """The ids of the documents with these names. One that may no longer be read stays under its
        name, which is nobody's id: so nobody but whoever owns the index sees the run."""
        sources = self._assistant.view_of(principal).sources()
        found = {source.id: source.name for source in sources if source.name in names}
        return tuple(sorted({*found, *(set(names) - set(found.values()))}))

    def _watch(self, progress: RunProgress) -> None:
        self._set(done=progress.done, total=progress.total, figures=dict(progress.figures))
        if self._stop.is_set():
            raise _Stopped

    def _set(self, **values: Any) -> None:
        with self._lock:
            if self._state is not None:
                self._state = replace(self._state, **values)

    def _new_name(self, questions: str) -> str:
        """The set's, and when: bridges-20260131-1405."""
        stem = f"{questions[:LONGEST_NAME]}-{time.strftime('%Y%m%d-%H%M')}"
        number = 1
        while (self._folder / (stem if number == 1 else f"{stem}-{number}")).exists():
            number += 1
        return stem if number == 1 else f"{stem}-{number}"

    # -- questions -----------------------------------------------------------------

    def questions(self, name: str, principal: Principal) -> list[QuestionRow]:
        """Those of a set that a person may know of, dropped ones too. Raises BadQuestionSet,
        NoSuchQuestionSet."""
        with _told_to(principal, self.sets.path(name)):
            rows = self.sets.read(name)
        known = self._known_to(principal)
        return [row for row in rows if known(documents_of(row))]

    def summaries(self, principal: Principal) -> list[SetSummary]:
        """All sets, with how many such questions they have."""
        return self.sets.summaries(lambda name: self.questions(name, principal))

    def _known_to(self, principal: Principal) -> Callable[[Collection[str]], bool]:
        """May a person know what has words of documents of these names? Whoever owns the
        index also of those that are not there."""
        if principal.is_operator:
            return lambda _: True
        names = {source.name for source in self._assistant.view_of(principal).sources()}
        return names.issuperset

    # -- what is kept --------------------------------------------------------------

    def runs(self, principal: Principal) -> list[KeptRun]:
        """Those that the person may see, the newest first."""
        folders = [*self._folder.iterdir()] if self._folder.is_dir() else []
        kept = [self._kept(folder) for folder in folders if is_name(folder.name)]
        seen = [run for run in kept if run and self._may_see(run.request, principal)]
        return sorted(seen, key=lambda run: (-run.request.begun, run.name))

    def kept(self, name: str, principal: Principal) -> KeptRun:
        """One of them. Raises NoSuchRun for one that is not there or not to be seen."""
        kept = self._kept(self._folder / name) if is_name(name) else None
        if kept is None or not self._may_see(kept.request, principal):
            raise NoSuchRun(f"There is no run called {name}.")
        return kept

    def results(self, name: str, principal: Principal) -> Results:
        """All that came of a run. Raises NoSuchRun, RunUnfinished."""
        return replace(read_results(self._finished(name, principal)), name=name)

    def records(self, name: str, principal: Principal) -> Sequence[tuple[Row, Record]]:
        """Every question, how it went and what was said. What was found on the way is named
        as far as the person may still read it. Raises NoSuchRun, RunUnfinished."""
        folder = self._finished(name, principal)
        records = read_records(folder / RUN)
        rows = read_results(folder).rows
        names = {source.name for source in self._assistant.view_of(principal).sources()}
        return [(row, _with_found_in(names, records[row.id])) for row in rows]

    def report(self, name: str, principal: Principal) -> str | None:
        """Its report as HTML, None if it has none. Raises NoSuchRun."""
        path = self._folder / self.kept(name, principal).name / REPORT
        return path.read_text("utf-8") if path.exists() else None

    def compare(self, name: str, baseline: str, principal: Principal) -> Comparison:
        """What changed from one run to another. Raises NoSuchRun, RunUnfinished, and
        WrongUse for two without a question in common."""
        return compare(self.results(name, principal), self.results(baseline, principal))

    def _finished(self, name: str, principal: Principal) -> Path:
        kept = self.kept(name, principal)
        if not kept.is_finished:
            raise RunUnfinished(f"The run {name} is not finished: wait, or go on with it.")
        return self._folder / kept.name

    def _may_see(self, request: RunRequest, principal: Principal) -> bool:
        """A run holds words of documents as one person may read them: that person sees it,
        as long as they may read those documents, and whoever owns the index."""
        if principal.is_operator:
            return True
        if request.by != principal.id:
            return False
        visible = self._assistant.view_of(principal).visible(request.documents)
        return visible.issuperset(request.documents)

    def _kept(self, folder: Path) -> KeptRun | None:
        """None for what is no run of this server."""
        try:
            values = json.loads((folder / REQUEST).read_text("utf-8"))
            request = RunRequest(**{**values, "documents": tuple(values["documents"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if not (folder / RESULTS).exists():
            return KeptRun(folder.name, request, records_kept(folder))
        results = read_results(folder)
        return KeptRun(folder.name, request, len(results.rows), results.figures)


@contextmanager
def _told_to(principal: Principal, path: Path) -> Iterator[None]:
    """What is wrong with a line may hold words of any document: only whoever owns the index
    is told."""
    try:
        yield
    except BadQuestionSet as error:
        if principal.is_operator:
            raise BadQuestionSet(str(error).replace(str(path), path.name)) from error
        raise BadQuestionSet(
            f"The question set {path.stem} cannot be used. Whoever runs the server sees why."
        ) from error


def _write(folder: Path, request: RunRequest) -> None:
    write_whole(folder / REQUEST, json.dumps(asdict(request), ensure_ascii=False))


def _request(questions: str, scope: str, mode: str, principal: Principal) -> RunRequest:
    scopes: Sequence[Scope] = get_args(Scope)
    chosen_scope = next((each for each in scopes if each == scope), None)
    chosen_mode = next((each for each in MODES if each == mode), None)
    if chosen_scope is None or chosen_mode is None:
        raise WrongUse(
            f"A run has the scope {' or '.join(scopes)} and the mode {' or '.join(MODES)}."
        )
    return RunRequest(questions, chosen_scope, chosen_mode, principal.id, time.time())


def _with_found_in(names: Collection[str], record: Record) -> Record:
    return replace(record, retrieved=tuple(p for p in record.retrieved if p.document in names))
