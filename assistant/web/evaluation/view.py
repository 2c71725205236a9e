"""The routes of the view "Evaluation": thin, and each on behalf of its caller.

Whatever writes is a POST, which the guard takes from this server's own pages only; it ends
in a redirection to what is to be seen next, with or without scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, get_args

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.chat import Assistant
from assistant.errors import AssistantError, WrongUse
from assistant.evaluation.desk import Desk
from assistant.evaluation.drafting.reviewing import DECISIONS, Edit, edited
from assistant.evaluation.sets.collecting import DEFAULT_SET, AnswerMemory
from assistant.evaluation.sets.sets import Row
from assistant.languages import later
from assistant.rendering.errors import tell
from assistant.understanding.querying import LONGEST_QUESTION
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.entry.policies import report_policy
from assistant.web.evaluation.add_page import add_page, added_page
from assistant.web.evaluation.noting import Evaluating
from assistant.web.evaluation.pages import (
    PATH,
    comparison_page,
    overview,
    page,
    run_page,
    set_address,
)
from assistant.web.evaluation.review_page import (
    Reviewed,
    Show,
    next_of,
    review_page,
    text_reader,
)
from assistant.web.services import Services
from index.errors import IndexingError

Field = Annotated[str, Form(max_length=LONGEST_QUESTION)]
Text = Annotated[str, Form(max_length=20_000)]


def add_evaluation(app: FastAPI, services: Services, memory: AnswerMemory) -> None:
    """Add every route of the view."""
    assistant, desk = services.assistant, services.desk
    evaluating = Evaluating(desk, services.ledger)
    _add_overview(app, assistant, desk, evaluating)
    _add_review(app, assistant, desk)
    _add_runs(app, assistant, desk, evaluating)
    _add_collecting(app, assistant, desk, memory)


def _add_overview(app: FastAPI, assistant: Assistant, desk: Desk, evaluating: Evaluating) -> None:
    def show(caller: Caller, wrong: str = "") -> HTMLResponse:
        principal = caller.principal
        html = overview(
            assistant,
            caller,
            desk.summaries(principal),
            desk.runs(principal),
            desk.state(principal),
            wrong,
        )
        return HTMLResponse(html, 400 if wrong else 200)

    @app.get(PATH)
    @doors.page("evaluate", view=later("Evaluation"))
    def see(caller: Whoever) -> HTMLResponse:
        return show(caller)

    @app.post(f"{PATH}/runs")
    @doors.page("evaluate")
    def start(
        caller: Whoever, questions: Field, scope: Field = "all", mode: Field = "quote"
    ) -> Response:
        return _done(
            lambda: evaluating.start(caller, questions, scope, mode),
            lambda wrong: show(caller, wrong),
        )

    @app.post(f"{PATH}/runs/{{name}}/continue")
    @doors.page("evaluate")
    def go_on(name: str, caller: Whoever) -> Response:
        return _done(lambda: evaluating.go_on(caller, name), lambda wrong: show(caller, wrong))

    @app.post(f"{PATH}/stop")
    @doors.page("evaluate")
    def stop(caller: Whoever) -> Response:
        evaluating.stop(caller)
        return _to(PATH)


def _add_runs(app: FastAPI, assistant: Assistant, desk: Desk, evaluating: Evaluating) -> None:
    @app.get(f"{PATH}/runs/{{name}}")
    @doors.page("evaluate")
    def see(name: str, caller: Whoever) -> HTMLResponse:
        try:
            run = desk.kept(name, caller.principal)
            results = desk.results(name, caller.principal)
        except AssistantError as error:
            return _missing(assistant, caller, error)
        has_report = desk.report(name, caller.principal) is not None
        return HTMLResponse(run_page(assistant, caller, run, results, has_report=has_report))

    @app.get(f"{PATH}/runs/{{name}}/report")
    @doors.page("evaluate", own_policy=True)
    def report(name: str, caller: Whoever) -> HTMLResponse:
        try:
            html = evaluating.report(caller, name)
        except AssistantError as error:
            return _missing(assistant, caller, error)
        if html is None:
            return _missing(assistant, caller, WrongUse(f"The run {name} has no report."))
        return HTMLResponse(html, headers={"Content-Security-Policy": report_policy(html)})

    @app.get(f"{PATH}/compare")
    @doors.page("evaluate")
    def compare(run: str, baseline: str, caller: Whoever) -> HTMLResponse:
        try:
            comparison = desk.compare(run, baseline, caller.principal)
        except AssistantError as error:
            return _missing(assistant, caller, error)
        return HTMLResponse(comparison_page(assistant, caller, run, baseline, comparison))


def _add_review(app: FastAPI, assistant: Assistant, desk: Desk) -> None:
    reviewing = _Reviewing(assistant, desk)

    @app.get(f"{PATH}/sets/{{name}}")
    @doors.page("evaluate")
    def see(
        name: str,
        caller: Whoever,
        show: str = "draft",
        at: str = "",
        did: str = "",
        edit: str = "",
    ) -> HTMLResponse:
        return reviewing.see(caller, name, _show(show), at, did, editing=bool(edit))

    @app.post(f"{PATH}/sets/{{name}}")
    @doors.page("evaluate")
    def decide(
        name: str,
        caller: Whoever,
        deed: Field,
        id: Field = "",
        show: Field = "draft",
        question: Text = "",
        answerable: Field = "",
        answers: Text = "",
        kept: Annotated[list[int], Form()] = [],  # noqa: B006  FastAPI copies it
        added: Text = "",
    ) -> Response:
        typed = Edit(question, bool(answerable), _lines(answers), frozenset(kept), _lines(added))
        return reviewing.decide(caller, name, id, deed, typed, _show(show))


class _Reviewing:
    """Shows the questions of a set, and does what a reviewer decides."""

    def __init__(self, assistant: Assistant, desk: Desk) -> None:
        self._assistant = assistant
        self._desk = desk

    def see(
        self, caller: Caller, name: str, show: Show, at: str, did: str, *, editing: bool
    ) -> HTMLResponse:
        try:
            shown = Reviewed(name, self._rows(name, caller), show, at, did, editing)
        except AssistantError as error:
            return _missing(self._assistant, caller, error)
        return HTMLResponse(review_page(self._assistant, caller, shown))

    def decide(
        self, caller: Caller, name: str, id: str, deed: str, typed: Edit, show: Show
    ) -> Response:
        """Leads to the next question, or shows this one again with what is wrong."""
        try:
            rows = self._rows(name, caller)
        except AssistantError as error:
            return _missing(self._assistant, caller, error)
        try:
            return _to(self._decided(rows, caller, name, id, deed, typed, show))
        except (AssistantError, IndexingError) as error:
            again = typed if deed == "edit" else None
            shown = Reviewed(name, rows, show, id, "", again is not None, again, tell(error).words)
            return HTMLResponse(review_page(self._assistant, caller, shown), 400)

    def _rows(self, name: str, caller: Caller) -> list[Row]:
        return self._desk.questions(name, caller.principal)

    def _decided(
        self,
        rows: Sequence[Row],
        caller: Caller,
        name: str,
        id: str,
        deed: str,
        typed: Edit,
        show: Show,
    ) -> str:
        """Do it; where to go next."""
        if deed == "undo":
            return _undone(self._desk, rows, name, id, show)
        row = next((row for row in rows if row["id"] == id), None)
        if row is None:
            raise WrongUse(f"There is no question {id} in {name}.")
        self._desk.sets.change(name, id, self._changes(row, deed, typed, caller))
        following = next_of(rows, id, show)
        at = following["id"] if following else ""
        return set_address(name, show=show, at=at, did=deed)

    def _changes(self, row: Row, deed: str, typed: Edit, caller: Caller) -> dict[str, Any]:
        if deed == "edit":
            return edited(row, typed, text_reader(self._assistant.view_of(caller.principal)).text)
        if deed not in DECISIONS:
            raise WrongUse("A question is accepted, dropped, reopened or edited.")
        return {"review": DECISIONS[deed]}


def _undone(desk: Desk, rows: Sequence[Row], name: str, id: str, show: Show) -> str:
    """Back to the question that is as it was."""
    before = desk.sets.undo(name, {row["id"] for row in rows})
    if before is None:
        return set_address(name, show=show, at=id, did="nothing")
    return set_address(name, show=show, at=before["id"], did="undo")


def _add_collecting(app: FastAPI, assistant: Assistant, desk: Desk, memory: AnswerMemory) -> None:
    @app.get(f"{PATH}/add")
    @doors.page("evaluate")
    def ask_where(caller: Whoever, answer: str) -> HTMLResponse:
        answered = memory.find(answer, assistant.view_of(caller.principal))
        html = add_page(answer, answered, desk.sets.names())
        return HTMLResponse(html, 200 if answered else 404)

    @app.post(f"{PATH}/add")
    @doors.page("evaluate")
    def add(
        caller: Whoever,
        answer: Field,
        questions: Field = DEFAULT_SET,
        other: Field = "",
    ) -> HTMLResponse:
        answered = memory.find(answer, assistant.view_of(caller.principal))
        name = other.strip() or questions
        if answered is None:
            return HTMLResponse(add_page(answer, None, []), 404)
        row = answered.as_row()
        try:
            desk.sets.append(name, row)
        except AssistantError as error:
            html = add_page(answer, answered, desk.sets.names(), tell(error).words)
            return HTMLResponse(html, 400)
        return HTMLResponse(added_page(name, row))


def _done(deed: Callable[[], Any], show: Callable[[str], HTMLResponse]) -> Response:
    """Do it and go to the overview, or show there what is wrong."""
    try:
        deed()
    except (AssistantError, IndexingError) as error:
        return show(tell(error).words)
    return _to(PATH)


def _to(address: str) -> Response:
    """See there: a reload of what is shown then does nothing twice."""
    return RedirectResponse(address, 303)


def _missing(assistant: Assistant, caller: Caller, error: AssistantError) -> HTMLResponse:
    html = page(assistant, caller, "missing.html", wrong=tell(error).words)
    return HTMLResponse(html, 404)


def _show(value: str) -> Show:
    """What is to be shown; what is to be reviewed, for anything else."""
    shows: Sequence[Show] = get_args(Show)
    return next((show for show in shows if show == value), "draft")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
