"""The API of evaluation: question sets, and the runs of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.answers import Mode
from assistant.browsing.listing import MOST_LISTED
from assistant.errors import NoSuchRun
from assistant.evaluation.desk import Desk, KeptRun
from assistant.evaluation.reports.comparison import comparison_to_dict
from assistant.evaluation.runs.results import Row, without_rows
from assistant.evaluation.runs.run import Scope
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.sets.sets import SetSummary
from assistant.web.api.answers import Limit, listed
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.entry.policies import report_policy
from assistant.web.evaluation.noting import Evaluating
from assistant.web.services import Services

PATH = "/evaluations"

Start = Annotated[int, Query(ge=0, le=10_000_000)]


class RunBody(BaseModel):
    """Which question set to ask, of all documents or of each question's own, for quoted or
    written answers."""

    questions: str = Field(min_length=1, max_length=64)
    scope: Scope = "all"
    mode: Mode = "quote"


def add_evaluations(app: FastAPI, services: Services) -> None:
    """The routes below /evaluations."""
    desk = services.desk
    evaluating = Evaluating(desk, services.ledger)
    _add_runs(app, desk, evaluating)
    _add_results(app, desk, evaluating)


def _add_runs(app: FastAPI, desk: Desk, evaluating: Evaluating) -> None:
    def told(name: str, caller: Caller) -> dict[str, Any]:
        return _run(desk, desk.kept(name, caller.principal))

    @app.get(f"{PATH}/sets")
    @doors.call("evaluate")
    def sets(caller: Whoever) -> Response:
        """The question sets, and how many of the questions that one may know of are in each
        state of review."""
        return JSONResponse([_set(summary) for summary in desk.summaries(caller.principal)])

    @app.get(PATH)
    @doors.call("evaluate")
    def runs(caller: Whoever, start: Start = 0, limit: Limit = MOST_LISTED) -> Response:
        """The runs that one may see, the latest first: one's own."""
        kept = desk.runs(caller.principal)
        return listed([_run(desk, run) for run in kept[start : start + limit]], len(kept))

    @app.post(PATH, status_code=201)
    @doors.call("evaluate")
    def begin(body: RunBody, caller: Whoever) -> dict[str, Any]:
        """Run a question set on one's own behalf. One run goes on at a time: 409 until then."""
        return told(evaluating.start(caller, body.questions, body.scope, body.mode), caller)

    @app.get(f"{PATH}/{{name}}")
    @doors.call("evaluate")
    def one(name: str, caller: Whoever) -> dict[str, Any]:
        """A run: running, stopping, stopped, failed or finished, how far it is, and the
        figures so far."""
        return told(name, caller)

    @app.post(f"{PATH}/{{name}}/stop")
    @doors.call("evaluate")
    def stop(name: str, caller: Whoever) -> dict[str, Any]:
        """End a run after the question that is being asked. What is done is kept."""
        desk.kept(name, caller.principal)
        evaluating.stop(caller, name)
        return told(name, caller)

    @app.post(f"{PATH}/{{name}}/continue")
    @doors.call("evaluate")
    def go_on(name: str, caller: Whoever) -> dict[str, Any]:
        """Go on with a run that was stopped."""
        evaluating.go_on(caller, name)
        return told(name, caller)


def _add_results(app: FastAPI, desk: Desk, evaluating: Evaluating) -> None:
    @app.get(f"{PATH}/{{name}}/figures")
    @doors.call("evaluate")
    def figures(name: str, caller: Whoever) -> dict[str, Any]:
        """The figures of a finished run with their 95 % intervals, and what they depend on."""
        run = desk.kept(name, caller.principal)
        results = desk.results(name, caller.principal)
        return {**without_rows(results), "set": run.request.questions}

    @app.get(f"{PATH}/{{name}}/records")
    @doors.call("evaluate")
    def records(
        name: str, caller: Whoever, start: Start = 0, limit: Limit = MOST_LISTED
    ) -> Response:
        """The questions of a finished run: how each went, what was said, cited and found."""
        kept = evaluating.records(caller, name)
        return listed([_record(*each) for each in kept[start : start + limit]], len(kept))

    @app.get(f"{PATH}/{{name}}/report", response_class=HTMLResponse)
    @doors.call("evaluate", own_policy=True)
    def report(name: str, caller: Whoever) -> HTMLResponse:
        """The report of a finished run: one HTML file, which holds words of documents."""
        html = evaluating.report(caller, name)
        if html is None:
            raise NoSuchRun(f"The run {name} has no report yet.")
        return HTMLResponse(html, headers={"Content-Security-Policy": report_policy(html)})

    @app.get(f"{PATH}/{{name}}/comparison")
    @doors.call("evaluate")
    def comparison(name: str, baseline: str, caller: Whoever) -> dict[str, Any]:
        """What changed in a run since another one, on the questions that both have: each
        figure with a paired permutation test, corrected by Holm, and each question."""
        found = desk.compare(name, baseline, caller.principal)
        settings = found.settings or {}
        return {
            "run": name,
            "baseline": baseline,
            "compared": found.compared,
            "only_in_run": list(found.only_after),
            "only_in_baseline": list(found.only_before),
            "settings": {
                each: {"before": before, "after": after}
                for each, (before, after) in settings.items()
            },
            "better": [change.figure for change in found.better],
            "worse": [change.figure for change in found.worse],
            **comparison_to_dict(found),
        }


def _set(summary: SetSummary) -> dict[str, Any]:
    return {
        "name": summary.name,
        "questions": summary.questions,
        "review": dict(summary.states),
        "problem": summary.problem,
    }


def _run(desk: Desk, run: KeptRun) -> dict[str, Any]:
    """`total` is None where it is not known."""
    state, request = desk.state_of(run), run.request
    return {
        "name": run.name,
        "questions": request.questions,
        "scope": request.scope,
        "mode": request.mode,
        "by": request.by,
        "begun": request.begun,
        "phase": state.phase,
        "done": state.done,
        "total": state.total or None,
        "figures": dict(state.figures),
        "words": state.words,
    }


def _record(row: Row, record: Record) -> dict[str, Any]:
    return {
        **record.as_row(),
        "question": row.question,
        "answerable": row.answerable,
        "outcome": row.outcome,
        "why": list(row.why),
        "groups": list(row.groups),
    }
