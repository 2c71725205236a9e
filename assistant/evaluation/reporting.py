"""A run as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.evaluation.metrics import Score, figures
from assistant.evaluation.runs import Run
from index.wording import counted

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Finding": ("evidence_recall", "ndcg"),
    "Citing": ("sentence", "attribution", "verbatim"),
    "Answering": ("key_facts", "token_f1"),
    "Abstaining": ("answered", "abstention"),
}
"""Heading -> how the names of its figures begin."""

BREAKDOWN = ("evidence_recall@5", "sentence_f1", "attribution_f1", "key_facts")
ANSWERED, REFUSED = "answered_of_answerable", "abstention_recall"

SCOPES = {"all": "asked of everything indexed", "document": "each asked of its own document"}

NONE = "–"


def table(run: Run) -> str:
    """Every figure of the run, then a few for each kind of question."""
    blocks = [_heading(run), *_sections(run.figures), _speed(run.latency_ms)]
    return "\n\n".join([*blocks, *_breakdown(run.groups)])


def _heading(run: Run) -> str:
    answerable = sum(score.answerable for score in run.scores)
    asked = counted(len(run.scores), "question")
    return f"{asked} ({answerable:,} answerable), {SCOPES[run.scope]}"


def _sections(values: Mapping[str, float]) -> Iterator[str]:
    width = max(map(len, values))
    for heading, beginnings in SECTIONS.items():
        names = [name for name in values if name.startswith(beginnings)]
        if names:
            lines = [f"  {_label(name):<{width}}  {values[name]:.4f}" for name in names]
            yield "\n".join([heading, *lines])


def _speed(latency_ms: Mapping[str, float]) -> str:
    lines = [f"  {name:<5}{value:>9,.1f} ms" for name, value in latency_ms.items()]
    return "\n".join(["Speed of an answer", *lines])


def _breakdown(groups: Mapping[str, Sequence[Score]]) -> Iterator[str]:
    """One row a group; columns that no group has are left out."""
    rows = {name: _row(scores) for name, scores in groups.items()}
    columns = [c for c in (*BREAKDOWN, ANSWERED, REFUSED) if any(c in row for row in rows.values())]
    if not rows:
        return
    header = ["By kind", "questions", *map(_label, columns)]
    cells = [
        [name, f"{len(groups[name]):,}", *(_cell(row.get(column)) for column in columns)]
        for name, row in rows.items()
    ]
    yield _aligned([header, *cells])


def _row(scores: Sequence[Score]) -> Mapping[str, float]:
    """The figures that mean something here: nothing can be refused where all is
    answerable."""
    values = figures(scores)
    if all(score.answerable for score in scores):
        del values[REFUSED]
    return values


def _cell(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _label(name: str) -> str:
    return name.replace("_", " ")


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
