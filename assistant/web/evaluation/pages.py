"""The view "Evaluation" as HTML: the sets and runs, one run, two runs side by side."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from html import escape as attribute
from urllib.parse import quote, urlencode

from assistant.chat import Assistant
from assistant.evaluation.desk import KeptRun, RunState
from assistant.evaluation.reports.comparison import Change, Comparison, QuestionChange
from assistant.evaluation.reports.reporting import SCOPES, by_section, in_words, interval, label
from assistant.evaluation.runs.results import Results, Row
from assistant.evaluation.scoring.figures import LOWER_IS_BETTER
from assistant.evaluation.sets.sets import SetSummary
from assistant.rendering.answers import escape
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import chat_address, head, masthead, problem
from index.english.spelling import counted

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

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="same-origin">
<link rel="icon" href="/page-files/icon.svg">
<title>{title}Evaluation · On Record</title>
{head}
<script src="/page-files/evaluation.js" defer></script>{refresh}
</head>
<body>
{masthead}
{body}
<p id="said" role="status" aria-live="polite">{said}</p>
</body>
</html>
"""

REFRESH = '\n<noscript><meta http-equiv="refresh" content="3"></noscript>'

# Without a referrer a browser calls the origin of a form "null", and the guard turns it away:
# so these pages tell this server, and no other, where they are.

OVERVIEW = """<main id="overview">
<header class="top"><h1>Evaluation</h1>
<p>Run a set of questions, and see how well they are answered.</p></header>
{problem}
<section id="running" aria-label="The run"{going}>{running}</section>
<section aria-labelledby="sets-title"><h2 id="sets-title">Question sets</h2>{sets}</section>
<section id="runs" aria-labelledby="runs-title"><h2 id="runs-title">Runs</h2>{runs}</section>
</main>"""

NO_SETS = """<div class="empty"><p>There are no question sets yet. Draft one from your
documents, then load this page again:</p><pre>onrecord questions</pre>
<p>Or ask something, and choose <b>Add to question set</b> below the answer.</p></div>"""

NO_RUNS = '<p class="note">Nothing was run yet.</p>'

START = """<form class="start" method="post" action="/evaluation/runs">
<label>Set <select name="questions">{sets}</select></label>
<label>Asked of <select name="scope"><option value="all">all documents</option>
<option value="document">each question’s own document</option></select></label>
{modes}<button class="main"{disabled}>Run</button></form>"""

MODES = """<label>Answers <select name="mode"><option value="quote">quoted</option>
<option value="write">written by {model}</option></select></label>
"""

COMPARE = """<form class="compare" action="/evaluation/compare">
<label>Compare <select name="run">{runs}</select></label>
<label>with <select name="baseline">{baselines}</select></label>
<button>Compare</button></form>"""

PHASES = {
    "running": "Running",
    "stopping": "Stopping after this question",
    "stopped": "Stopped",
    "failed": "Failed",
    "finished": "Finished",
}


def page(
    assistant: Assistant,
    caller: Caller,
    body: str,
    *,
    title: str = "",
    said: str = "",
    refresh: bool = False,
) -> str:
    """A whole page of the view; `said` is told to screen readers."""
    return PAGE.format(
        title=f"{escape(title)} · " if title else "",
        head=head("evaluation"),
        masthead=masthead(assistant, PATH, caller),
        body=body,
        said=escape(said),
        refresh=REFRESH if refresh else "",
    )


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
    body = OVERVIEW.format(
        problem=problem(wrong),
        going=" data-going" if going else "",
        running="".join(_running(state)) if state else "",
        sets="".join(_sets(sets, assistant.writes_with, going=going)),
        runs="".join(_runs(runs, state)) or NO_RUNS,
    )
    return page(assistant, caller, body, refresh=going)


def _running(state: RunState) -> Iterator[str]:
    yield f'<div class="run {state.phase}"><p class="phase"><b>{PHASES[state.phase]}</b> '
    yield f"{escape(state.name)}</p>"
    if state.is_going_on:
        value = f' value="{state.done}"' if state.total else ""
        yield (
            f'<progress max="{state.total or 1}"{value} aria-label="Questions asked"></progress>'
            f'<p class="count">{state.done:,} of {counted(state.total, "question")}</p>'
        )
    yield figures_line(state.figures)
    if state.words:
        yield f'<p class="words">{escape(state.words)}</p>'
    if state.phase == "running":
        yield (
            '<form method="post" action="/evaluation/stop" class="quiet">'
            "<button>Stop</button></form>"
        )
    if state.phase == "finished":
        yield f'<p><a href="{run_address(state.name)}">Open</a></p>'
    yield "</div>"


def figures_line(figures: Mapping[str, float]) -> str:
    """The headline figures, side by side."""
    shown = [name for name in HEADLINE if name in figures]
    cells = "".join(
        f"<div><dt>{escape(label(name))}</dt><dd>{figures[name]:.3f}</dd></div>" for name in shown
    )
    return f'<dl class="figures">{cells}</dl>' if cells else ""


def _sets(sets: Sequence[SetSummary], model: str | None, *, going: bool) -> Iterator[str]:
    if not sets:
        yield NO_SETS
        return
    yield '<ul class="rows">'
    for each in sets:
        yield (
            f'<li><a class="name" href="{set_address(each.name)}">{escape(each.name)}</a>'
            f'<span class="about">{escape(_states(each))}</span></li>'
        )
    yield "</ul>"
    usable = [each for each in sets if not each.problem]
    options = "".join(f"<option>{escape(each.name)}</option>" for each in usable)
    modes = MODES.format(model=escape(model)) if model else ""
    if usable:
        yield START.format(sets=options, modes=modes, disabled=" disabled" if going else "")


def _states(summary: SetSummary) -> str:
    if summary.problem:
        return summary.problem
    names = {"draft": "to review", "accepted": "accepted", "dropped": "dropped"}
    states = [f"{n:,} {names[state]}" for state in names if (n := summary.states.get(state, 0))]
    return " · ".join([counted(summary.questions, "question"), *states])


def _runs(runs: Sequence[KeptRun], state: RunState | None) -> Iterator[str]:
    current = state.name if state and state.is_going_on else None
    listed = [run for run in runs if run.name != current]
    if not listed:
        return
    finished = [run for run in listed if run.is_finished]
    if len(finished) > 1:
        yield _compare_form(finished)
    yield '<ul class="rows">'
    yield from map(_run, listed)
    yield "</ul>"


def _compare_form(runs: Sequence[KeptRun]) -> str:
    def options(chosen: int) -> str:
        return "".join(
            f"<option{' selected' if number == chosen else ''}>{escape(run.name)}</option>"
            for number, run in enumerate(runs)
        )

    return COMPARE.format(runs=options(0), baselines=options(1))


def _run(run: KeptRun) -> str:
    about = [run.request.questions, _asked(run), when(run.request.begun)]
    if run.is_finished:
        name = f'<a class="name" href="{run_address(run.name)}">{escape(run.name)}</a>'
        rest = figures_line(run.figures)
        about.insert(1, counted(run.count, "question"))
    else:
        name = f'<span class="name">{escape(run.name)}</span>'
        rest = (
            f'<form method="post" action="{run_address(run.name)}/continue">'
            "<span>Stopped before its end.</span> <button>Go on</button></form>"
        )
    return f'<li>{name}<span class="about">{escape(" · ".join(about))}</span>{rest}</li>'


def _asked(run: KeptRun) -> str:
    written = ", written answers" if run.request.mode == "write" else ""
    return f"{SCOPES[run.request.scope]}{written}"


def when(seconds: float) -> str:
    """A moment, as people write it: 31 January 2026, 14:05."""
    moment = time.localtime(seconds)
    return f"{moment.tm_mday} {time.strftime('%B %Y, %H:%M', moment)}"


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
    address = run_address(run.name)
    report = (
        f'<a class="button" href="{address}/report" target="_blank" rel="noopener">'
        "Open the report</a>"
        if has_report
        else ""
    )
    about = [
        run.request.questions,
        counted(len(results.rows), "question"),
        _asked(run),
        when(run.request.begun),
    ]
    body = (
        f'<main id="run"><header class="top"><a class="back-link" href="{PATH}">← Evaluation</a>'
        f"<h1>{escape(run.name)}</h1><p>{escape(' · '.join(about))}</p>{report}</header>"
        f'<div class="cards">{"".join(_figures(results))}</div>'
        f"<section><h2>Questions</h2>{''.join(_rows(results.rows))}</section></main>"
    )
    return page(assistant, caller, body, title=run.name)


def _figures(results: Results) -> Iterator[str]:
    for heading, names in by_section(results.figures).items():
        rows = "".join(
            f'<tr><th scope="row">{escape(label(name))}</th><td>{results.figures[name]:.3f}</td>'
            f"<td>{_interval(results, name)}</td></tr>"
            for name in names
        )
        yield (
            f'<section class="card"><h2>{escape(heading)}</h2><table class="numbers"><thead><tr>'
            f"<th>Figure</th><th>Value</th><th>95 %</th></tr></thead><tbody>{rows}</tbody>"
            "</table></section>"
        )


def _interval(results: Results, name: str) -> str:
    bounds = results.intervals.get(name)
    return interval(bounds) if bounds else ""


def _rows(rows: Sequence[Row]) -> Iterator[str]:
    ordered = sorted(rows, key=lambda row: row.is_good)
    yield '<ul class="questions">'
    for row in ordered[:MOST_ROWS]:
        why = f'<p class="why">{escape(" ".join(row.why))}</p>' if row.why else ""
        yield f"<li>{_outcome(row)}{_asked_of(row)}{why}</li>"
    yield "</ul>"
    if len(ordered) > MOST_ROWS:
        yield f'<p class="note">The first {MOST_ROWS} of {len(ordered):,}.</p>'


def _outcome(row: Row) -> str:
    good = "good" if row.is_good else "bad"
    return f'<span class="outcome {good}">{escape(row.outcome)}</span>'


def _asked_of(row: Row) -> str:
    return (
        f'<p class="asked">{escape(row.question)} '
        f'<a href="{attribute(chat_address(row.question))}">Ask it in the chat</a></p>'
    )


# -- two runs ------------------------------------------------------------------------


def comparison_page(
    assistant: Assistant, caller: Caller, run: str, baseline: str, comparison: Comparison
) -> str:
    """What changed from the baseline to the run."""
    changed = "".join(_direction(comparison))
    body = (
        f'<main id="run"><header class="top"><a class="back-link" href="{PATH}">← Evaluation</a>'
        f"<h1>{escape(run)}</h1><p>compared with {escape(baseline)}, on the "
        f"{counted(comparison.compared, 'question')} that both have</p></header>"
        f'<p class="verdict">{escape(_verdict(comparison))}</p>{"".join(_unlike(comparison))}'
        '<section class="card"><h2>Figures</h2><table class="numbers"><thead><tr><th>Figure</th>'
        "<th>Before</th><th>After</th><th>Change</th><th>p</th><th></th></tr></thead><tbody>"
        f"{''.join(map(_change, comparison.changes))}</tbody></table>"
        '<p class="note">p is that of a paired permutation test, corrected by Holm.</p></section>'
        f"{changed}</main>"
    )
    return page(assistant, caller, body, title=f"{run} and {baseline}")


def _verdict(comparison: Comparison) -> str:
    worse = [label(change.figure) for change in comparison.worse]
    better = [label(change.figure) for change in comparison.better]
    if not worse and not better:
        return "No figure differs by more than chance would explain."
    said = [f"Significantly worse: {', '.join(worse)}."] if worse else []
    said += [f"Significantly better: {', '.join(better)}."] if better else []
    return " ".join(said)


def _unlike(comparison: Comparison) -> Iterator[str]:
    for name, (before, after) in (comparison.settings or {}).items():
        yield (
            f'<p class="note">{escape(name)}: was {escape(before or "none")}, '
            f"is {escape(after or 'none')}</p>"
        )
    for ids, where in ((comparison.only_before, "before"), (comparison.only_after, "now")):
        if ids:
            yield f'<p class="note">{counted(len(ids), "question")} only {where}.</p>'


def _change(change: Change) -> str:
    verdict = "worse" if change.is_worse else "better" if change.is_better else ""
    lower = " (lower is better)" if change.figure in LOWER_IS_BETTER else ""
    return (
        f'<tr class="{verdict}"><th scope="row">{escape(label(change.figure) + lower)}</th>'
        f"<td>{change.before:.3f}</td><td>{change.after:.3f}</td>"
        f"<td>{change.difference:+.3f}</td><td>{in_words(change.corrected)}</td>"
        f"<td>{verdict}</td></tr>"
    )


def _direction(comparison: Comparison) -> Iterator[str]:
    for direction, heading in (("worse", "Worse"), ("better", "Better"), ("mixed", "Other")):
        moved = [change for change in comparison.questions if change.direction == direction]
        if moved:
            listed = "".join(map(_moved, moved[:MOST_ROWS]))
            count = counted(len(moved), "question")
            yield (
                f'<section><h2>{heading}: {count}</h2><ul class="questions">{listed}</ul></section>'
            )


def _moved(change: QuestionChange) -> str:
    return (
        f"<li>{_outcome(change.before)} → {_outcome(change.after)}{_asked_of(change.after)}"
        f'<p class="why">{escape(" ".join(change.after.why))}</p></li>'
    )
