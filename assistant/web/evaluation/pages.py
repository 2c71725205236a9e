"""The view "Evaluation" as HTML: the sets and runs, one run, two runs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from assistant.chat import Assistant
from assistant.evaluation.desk import KeptRun, RunState
from assistant.evaluation.reports.comparison import Change, Comparison, QuestionChange
from assistant.evaluation.reports.reporting import SCOPES, by_section, in_words, interval, label
from assistant.evaluation.runs.results import Results, Row
from assistant.evaluation.scoring.figures import LOWER_IS_BETTER
from assistant.evaluation.sets.sets import SetSummary
from assistant.languages import counted, day_in_words, later, number, phrase
from assistant.rendering.templating import render
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import chat_address, masthead

PATH = "/evaluation"

HEADLINE = (
    "evidence_recall@5",
    "sentence_f1",
    "attribution_f1",
    "answered_of_answerable",
    "abstention_f1",
)
"""Figures that are shown where there is room for a few; those that a set defines."""

MOST_ROWS = 500
"""Questions of a run that are listed; its report has all."""

PHASES = {
    "running": later("Running"),
    "stopping": later("Stopping after this question"),
    "stopped": later("Stopped"),
    "failed": later("Failed"),
    "finished": later("Finished"),
}


def page(assistant: Assistant, caller: Caller, template: str, **values: object) -> str:
    """A whole page of the view. Of the values, `title` stands before the view's own in the
    browser's, and `said` is told to screen readers."""
    bar = masthead(assistant, PATH, caller)
    return render(f"web/evaluation/{template}", **{"bar": bar, "title": "", "said": "", **values})


# -- the overview ------------------------------------------------------------------


def overview(
    assistant: Assistant,
    caller: Caller,
    sets: Sequence[SetSummary],
    runs: Sequence[KeptRun],
    state: RunState | None,
    wrong: str = "",
) -> str:
    """The sets, the run that is going on, and those that were."""
    going = state is not None and state.is_going_on
    current = state.name if state and going else None
    listed = [run for run in runs if run.name != current]
    return page(
        assistant,
        caller,
        "overview.html",
        wrong=wrong,
        going=going,
        running=_running(state) if state else None,
        sets=[{"name": s.name, "address": set_address(s.name), "about": _states(s)} for s in sets],
        usable=[each.name for each in sets if not each.problem],
        model=assistant.writes_with,
        runs=[_run(run) for run in listed],
        comparable=[run.name for run in listed if run.is_finished],
    )


def _running(state: RunState) -> dict[str, object]:
    return {
        "phase": state.phase,
        "said": PHASES[state.phase],
        "name": state.name,
        "done": state.done,
        "total": state.total,
        "figures": _headline(state.figures),
        "words": state.words,
        "address": run_address(state.name),
    }


def _headline(figures: Mapping[str, float]) -> list[tuple[str, float]]:
    """The figures for which there is room, by what they are called."""
    return [(label(name), figures[name]) for name in HEADLINE if name in figures]


def _states(summary: SetSummary) -> str:
    if summary.problem:
        return summary.problem
    names = {
        "draft": later("to review"),
        "accepted": later("accepted"),
        "dropped": later("dropped"),
    }
    states = [
        f"{phrase(names[state])}: {number(n)}"
        for state in names
        if (n := summary.states.get(state, 0))
    ]
    return " · ".join([counted(summary.questions, "question"), *states])


def _run(run: KeptRun) -> dict[str, object]:
    count = [counted(run.count, "question")] if run.is_finished else []
    return {
        "name": run.name,
        "is_finished": run.is_finished,
        "address": run_address(run.name),
        "about": [run.request.questions, *count, _asked(run), when(run.request.begun)],
        "figures": _headline(run.figures) if run.is_finished else [],
    }


def _asked(run: KeptRun) -> str:
    written = [phrase("written answers")] if run.request.mode == "write" else []
    return ", ".join([phrase(SCOPES[run.request.scope]), *written])


def when(seconds: float) -> str:
    """A moment, as people write it: 31 January 2026, 14:05."""
    at = datetime.fromtimestamp(seconds)
    return f"{day_in_words(at.date())}, {at:%H:%M}"


def set_address(name: str, **values: str) -> str:
    """Where a set is reviewed."""
    asked = urlencode({key: value for key, value in values.items() if value})
    return f"{PATH}/sets/{quote(name)}{'?' if asked else ''}{asked}"


def run_address(name: str) -> str:
    """Where a run is shown."""
    return f"{PATH}/runs/{quote(name)}"


# -- one run -------------------------------------------------------------------------


def run_page(
    assistant: Assistant, caller: Caller, run: KeptRun, results: Results, *, has_report: bool
) -> str:
    """A run: its figures, and its questions with those that went wrong first."""
    about = [
        run.request.questions,
        counted(len(results.rows), "question"),
        _asked(run),
        when(run.request.begun),
    ]
    ordered = sorted(results.rows, key=lambda row: row.is_good)
    return page(
        assistant,
        caller,
        "run.html",
        title=run.name,
        about=about,
        report=f"{run_address(run.name)}/report" if has_report else "",
        sections={
            heading: [_figure(results, name) for name in names]
            for heading, names in by_section(results.figures).items()
        },
        rows=[_question(row) for row in ordered[:MOST_ROWS]],
        count=len(ordered),
    )


def _figure(results: Results, name: str) -> dict[str, object]:
    value, spread = results.figures[name], _interval(results, name)
    return {"label": label(name), "value": value, "interval": spread}


def _interval(results: Results, name: str) -> str:
    bounds = results.intervals.get(name)
    return interval(bounds) if bounds else ""


def _question(row: Row) -> dict[str, object]:
    return {
        "question": row.question,
        "outcome": row.outcome,
        "is_good": row.is_good,
        "why": row.why,
        "chat": chat_address(row.question),
    }


# -- two runs ------------------------------------------------------------------------


def comparison_page(
    assistant: Assistant, caller: Caller, run: str, baseline: str, comparison: Comparison
) -> str:
    """What changed from the baseline to the run."""
    return page(
        assistant,
        caller,
        "comparison.html",
        title=f"{run} · {baseline}",
        run=run,
        baseline=baseline,
        compared=comparison.compared,
        verdict=_verdict(comparison),
        notes=[*_unlike(comparison)],
        changes=[_change(change) for change in comparison.changes],
        directions=[*_directions(comparison)],
    )


def _verdict(comparison: Comparison) -> str:
    worse = [phrase(label(change.figure)) for change in comparison.worse]
    better = [phrase(label(change.figure)) for change in comparison.better]
    if not worse and not better:
        return phrase("No figure differs by more than chance would explain.")
    said = [phrase("Significantly worse: {figures}.", figures=", ".join(worse))] if worse else []
    said += (
        [phrase("Significantly better: {figures}.", figures=", ".join(better))] if better else []
    )
    return " ".join(said)


def _unlike(comparison: Comparison) -> Iterator[str]:
    """In what the two runs are not alike."""
    for name, (before, after) in (comparison.settings or {}).items():
        none = phrase("none")
        yield phrase(
            "{name}: was {before}, is {after}",
            name=name,
            before=before or none,
            after=after or none,
        )
    for ids, words in (
        (comparison.only_before, later("{questions} only before.")),
        (comparison.only_after, later("{questions} only now.")),
    ):
        if ids:
            yield phrase(words, questions=counted(len(ids), "question"))


def _change(change: Change) -> dict[str, object]:
    name = phrase(label(change.figure))
    is_lower = change.figure in LOWER_IS_BETTER
    return {
        "verdict": later("worse")
        if change.is_worse
        else later("better")
        if change.is_better
        else "",
        "label": phrase("{figure} (lower is better)", figure=name) if is_lower else name,
        "before": change.before,
        "after": change.after,
        "difference": change.difference,
        "p": in_words(change.corrected),
    }


def _directions(comparison: Comparison) -> Iterator[tuple[str, int, list[dict[str, object]]]]:
    """The questions that changed, by how: heading, count, and those for which there is room."""
    for direction, heading in (
        ("worse", later("Worse")),
        ("better", later("Better")),
        ("mixed", later("Other")),
    ):
        moved = [change for change in comparison.questions if change.direction == direction]
        if moved:
            yield heading, len(moved), [_moved(change) for change in moved[:MOST_ROWS]]


def _moved(change: QuestionChange) -> dict[str, object]:
    return {"before": _question(change.before), "after": _question(change.after)}
