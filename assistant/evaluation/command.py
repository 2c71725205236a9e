"""`onrecord eval`: asks, writes, compares, and says whether all expectations were met."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from assistant.answers import Mode
from assistant.building import open_model, open_to_ask
from assistant.errors import WrongUse
from assistant.evaluation.reports.comparison import (
    Baseline,
    Comparison,
    compare,
    comparison_to_dict,
)
from assistant.evaluation.reports.gating import (
    Check,
    check_bounds,
    check_no_worse,
    junit,
    refuse_unknown,
    summary,
)
from assistant.evaluation.reports.report import write_report
from assistant.evaluation.reports.reporting import comparison_table, table
from assistant.evaluation.runs.opinions import Grader
from assistant.evaluation.runs.run import Run, Scope, write_run, write_whole
from assistant.evaluation.runs.running import RunProgress, evaluate
from assistant.evaluation.sets.loading import read_questions
from assistant.evaluation.sets.questions import QuestionSet
from assistant.operating.terminal import bar_on
from assistant.settings import Settings
from index.documents import LOCAL_USER


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What to ask of whom, what to write where, and what to expect: the options."""

    questions: Path
    out: Path | None = None
    scope: Scope = "all"
    mode: Mode = "quote"
    limit: int | None = None
    tags: tuple[str, ...] = ()
    jobs: int = 1
    judge: bool = False
    baseline: Path | None = None
    no_worse_than: Path | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)
    junit: Path | None = None
    summary: Path | None = None
    as_json: bool = False


def carry_out(settings: Settings, request: EvaluationRequest) -> bool:
    """Do all of it; False if an expectation was not met.

    What cannot be read is said before anything is asked.
    """
    refuse_unknown(request.bounds)
    questions = read_questions(request.questions).labelled(request.tags).first(request.limit)
    grader = Grader(open_model(settings)) if request.judge else None
    baselines = [path for path in (request.no_worse_than, request.baseline) if path]
    before = Baseline(baselines[0]) if baselines else None
    run = _run(settings, request, questions, grader)
    if request.out:
        write_run(run, request.out)
    comparison = compare(run, before.results_for(run)) if before else None
    if request.out:
        write_report(run, request.out, comparison)
    checks = [*check_bounds(run.results, request.bounds), *_no_worse(request, comparison)]
    _tell(request, run, comparison, checks)
    return all(check.passed for check in checks)


def _run(
    settings: Settings, request: EvaluationRequest, questions: QuestionSet, grader: Grader | None
) -> Run:
    with open_to_ask(settings, "eval") as assistant, question_bar() as progress:
        return evaluate(
            assistant,
            questions,
            principal=LOCAL_USER,
            scope=request.scope,
            mode=request.mode,
            jobs=request.jobs,
            out=request.out,
            settings=answering(settings, request.mode),
            grader=grader,
            progress=progress,
            notice=lambda words: click.echo(words, err=True),
        )


@contextmanager
def question_bar() -> Iterator[Callable[[RunProgress], None]]:
    """A bar for a question set, with some figures so far."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.fields[figures]}"),
    )
    with bar_on(Console(stderr=True), *columns) as bar:
        task = bar.add_task("asking", total=None, figures="")

        def show(asked: RunProgress) -> None:
            bar.update(
                task, completed=asked.done, total=asked.total, figures=_so_far(asked.figures)
            )

        yield show


WATCHED = ("evidence_recall@5", "sentence_f1", "attribution_precision", "abstention_recall")
"""The figures that the bar of a question set shows, where there are any."""


def _so_far(figures: Mapping[str, float]) -> str:
    shown = [name for name in WATCHED if name in figures]
    return "  ".join(f"{name.replace('_', ' ')} {figures[name]:.3f}" for name in shown)


def answering(settings: Settings, mode: Mode) -> dict[str, str]:
    """The settings that answers depend on, beside the index."""
    return {
        "reranker": settings.reranker,
        "selector": settings.selector,
        "model": (settings.model or "") if mode == "write" else "",
        "entailment": settings.entailment if mode == "write" else "",
        "strict": str(settings.strict),
        "answer_from": str(settings.answer_from),
        "languages": json.dumps(dict(settings.languages), sort_keys=True),
    }


def _no_worse(request: EvaluationRequest, comparison: Comparison | None) -> Iterator[Check]:
    if request.no_worse_than and comparison:
        yield from check_no_worse(comparison)


def _tell(
    request: EvaluationRequest, run: Run, comparison: Comparison | None, checks: list[Check]
) -> None:
    if request.as_json:
        click.echo(json.dumps(_as_dict(run, comparison, checks), ensure_ascii=False, indent=2))
    else:
        click.echo(
            "\n\n".join([table(run), *([comparison_table(comparison)] if comparison else [])])
        )
    for path, text in (
        (request.junit, junit(run.results, checks, comparison)),
        (request.summary, summary(run.results, checks, comparison)),
    ):
        if path:
            _write(path, text)
    for check in checks:
        if not check.passed:
            click.echo(check.words, err=True)


def _as_dict(run: Run, comparison: Comparison | None, checks: list[Check]) -> dict[str, object]:
    values = run.as_results()
    if comparison:
        values["baseline"] = comparison.baseline.name
        values |= comparison_to_dict(comparison)
    return values | {"checks": [asdict(check) for check in checks]}


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise WrongUse(f"{path} cannot be written: {error.strerror}.") from error
