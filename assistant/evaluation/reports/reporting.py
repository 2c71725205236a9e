"""A run as a table for the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.evaluation.runs.run import Run, peak_memory_mb
from assistant.evaluation.scoring.figures import JUDGED, figures
from assistant.evaluation.scoring.metrics import Score
from assistant.evaluation.scoring.resampling import Interval
from assistant.languages import number
from index.english.spelling import counted

if TYPE_CHECKING:
    from assistant.evaluation.reports.comparison import (
        Change,
        Comparison,
        Direction,
        QuestionChange,
    )

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Finding": ("evidence_recall", "mrr", "ndcg"),
    "Citing": ("sentence", "citation", "verbatim", "dangling"),
    "Who said it": ("attribution", "speaker", "credit"),
    "Answering": ("key_facts", "token_f1"),
    "Abstaining": ("answered", "abstention", "false"),
    "In the opinion of a language model": JUDGED,
}
"""Heading -> how the names of its figures begin."""

BREAKDOWN = ("evidence_recall@5", "sentence_f1", "attribution_f1", "key_facts")
ANSWERED, REFUSED = "answered_of_answerable", "abstention_recall"

SCOPES = {"all": "asked of everything indexed", "document": "each asked of its own document"}

NONE = "–"


def table(run: Run) -> str:
    """Every figure of the run with its interval, then a few for each kind of question."""
    blocks = [
        _heading(run),
        *_sections(run.figures, run.intervals),
        *filter(None, [opinion_note(run)]),
    ]
    blocks += [*_notices(run), _speed(run)]
    return "\n\n".join([*blocks, *_breakdown(run.groups)])


def _heading(run: Run) -> str:
    answerable = sum(score.answerable for score in run.scores)
    asked = counted(len(run.scores), "question")
    return f"{asked} ({answerable:,} answerable), {SCOPES[run.scope]}"


def _sections(values: Mapping[str, float], bounds: Mapping[str, Interval]) -> Iterator[str]:
    width = max(map(len, values))
    for heading, names in by_section(values).items():
        lines = [
            f"  {label(name):<{width}}  {values[name]:.4f}  {interval(bounds[name])}"
            for name in names
        ]
        yield "\n".join([heading, *lines])


def opinion_note(run: Run) -> str:
    """Whose opinion it is, and how often there was none; nothing where nobody was asked."""
    if not run.judge:
        return ""
    missing = counted(run.missing_opinions, "opinion")
    return f"Judged by {run.judge}: an opinion, no measurement. {missing} could not be had."


def _notices(run: Run) -> Iterator[str]:
    for notice, times in run.notices.items():
        yield f"In {counted(times, 'answer')}: {notice}"


def by_section(values: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The names of figures below the headings that people read them under."""
    names = list(values)
    found = {
        heading: [name for name in names if name.startswith(beginnings)]
        for heading, beginnings in SECTIONS.items()
    }
    return {heading: names for heading, names in found.items() if names}


def interval(bounds: Interval) -> str:
    """The 95 % interval, as it stands beside its figure."""
    return f"{number(bounds[0], 3)}–{number(bounds[1], 3)}"


def _speed(run: Run) -> str:
    lines = [f"  {name:<5}{value:>9,.1f} ms" for name, value in run.latency_ms.items()]
    memory = peak_memory_mb()
    peak = [f"Peak memory {memory:,.0f} MB"] if memory else []
    return "\n".join(["Speed of an answer", *lines, *peak])


def _breakdown(groups: Mapping[str, Sequence[Score]]) -> Iterator[str]:
    """One row a group; columns that no group has are left out."""
    rows = {name: figures(scores) for name, scores in groups.items()}
    columns = [c for c in (*BREAKDOWN, ANSWERED, REFUSED) if any(c in row for row in rows.values())]
    if not rows:
        return
    header = ["By kind", "questions", *map(label, columns)]
    cells = [
        [name, f"{len(groups[name]):,}", *(_cell(row.get(column)) for column in columns)]
        for name, row in rows.items()
    ]
    yield _aligned([header, *cells])


def _cell(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def comparison_table(comparison: Comparison) -> str:
    """Before and after, figure by figure; then how many questions went which way."""
    header = ["", "before", "after", "change", "p", ""]
    rows = [[label(c.figure), *_change(c)] for c in comparison.changes]
    moved = [
        f"{counted(len(changes), 'question')} {direction}"
        for direction in DIRECTIONS
        if (changes := comparison.moved(direction))
    ]
    return "\n\n".join(
        [
            f"Compared with {comparison.baseline.name}, "
            f"{counted(comparison.compared, 'question')} in both",
            _aligned([header, *rows]),
            f"{', '.join(moved) or 'No question changed'}. p: {METHOD}.",
            *_unlike(comparison),
            *_questions(comparison),
        ]
    )


DIRECTIONS: tuple[Direction, ...] = ("better", "worse", "mixed")

METHOD = "paired permutation test over questions, corrected by Holm for the number of figures"


def _change(change: Change) -> list[str]:
    verdict = "worse" if change.is_worse else "better" if change.is_better else ""
    values = [f"{change.before:.4f}", f"{change.after:.4f}", f"{change.difference:+.4f}"]
    return [*values, in_words(change.corrected), verdict]


def _unlike(comparison: Comparison) -> Iterator[str]:
    """What is not as it was, beside the answers."""
    for name, (before, after) in (comparison.settings or {}).items():
        yield f"{name}: was {before or 'none'}, is {after or 'none'}"
    for ids, where in ((comparison.only_before, "before"), (comparison.only_after, "now")):
        if ids:
            yield f"{counted(len(ids), 'question')} asked only {where}."


LISTED = 10
"""Questions of each direction that the terminal names; all of them stand in the report."""


def _questions(comparison: Comparison) -> Iterator[str]:
    for direction in DIRECTIONS:
        changes = comparison.moved(direction)
        lines = [f"  {as_line(change)}" for change in changes[:LISTED]]
        more = [f"  and {len(changes) - LISTED:,} more"] if len(changes) > LISTED else []
        if lines:
            yield "\n".join([direction.capitalize(), *lines, *more])


def as_line(change: QuestionChange) -> str:
    """What became of one question."""
    before, after = change.before.outcome, change.after.outcome
    moved = f"{before} → {after}" if before != after else ", ".join(map(label, change.figures))
    return f"{change.after.id}: {moved}: {' '.join(change.after.question.split())}"


def in_words(p_value: float) -> str:
    """A p-value to three decimals."""
    return "< .001" if p_value < 0.001 else f"{p_value:.3f}".removeprefix("0")


def label(name: str) -> str:
    """The name of a figure as people read it."""
    words = (SPELLED.get(word, word) for word in re.split("[_ ]", name))
    return " ".join(words)


SPELLED = {"f1": "F1", "mrr@10": "MRR@10", "ndcg@10": "nDCG@10"}


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0])]
            + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in rows
    )
