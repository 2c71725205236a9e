"""A run as one page that needs nothing else: no server, no network, no other file.

The page's own script builds everything that comes from documents and questions as text
nodes, and its policy allows no other script and no request: text stays text.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.errors import WrongUse
from assistant.evaluation.reports.comparison import Change, Comparison
from assistant.evaluation.reports.excerpts import Excerpts
from assistant.evaluation.reports.plots import (
    Bar,
    Estimate,
    area_under,
    bars,
    curve,
    estimates,
    spread,
    thin,
)
from assistant.evaluation.reports.reporting import (
    METHOD,
    SCOPES,
    by_section,
    in_words,
    interval,
    label,
    opinion_note,
)
from assistant.evaluation.runs.results import REPORT, Row
from assistant.evaluation.runs.run import Run, write_whole
from assistant.evaluation.scoring.figures import LOWER_IS_BETTER, Tally
from assistant.evaluation.scoring.gold import Gold
from assistant.evaluation.scoring.metrics import RECALL_AT, RR_AT, standing
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.scoring.resampling import Interval, intervals
from assistant.evaluation.scoring.verdicts import OUTCOMES
from assistant.rendering.templating import embedded, own_file
from assistant.rendering.templating import render as render_template
from index.english.spelling import counted

HEADLINES = (
    "evidence_recall@5", "sentence_f1", "attribution_f1", "key_facts", "abstention_f1",
    "verbatim_rate",
)  # fmt: skip
"""The figures that are shown large, where the set defines them, after the share of
questions that went well."""

MOST_GROUPS = 24

SHOWN = ("sentence_f1", "attribution_precision", "key_facts", "token_f1", "evidence_recall@5")
"""Figures that stand beside each question."""


def write_report(run: Run, folder: Path, comparison: Comparison | None = None) -> None:
    """Write report.html into the folder. Raises WrongUse if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / REPORT, render(run, comparison))
    except OSError as error:
        raise WrongUse(f"{folder / REPORT} cannot be written: {error.strerror}.") from error


def render(run: Run, comparison: Comparison | None = None) -> str:
    """The whole page."""
    static = Path(__file__).parent / "static"
    script, style = own_file(static / "report.js"), own_file(static / "report.css")
    rows = run.results.rows
    return render_template(
        "reports/report.html",
        policy="default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src {_hash(style)}; script-src {_hash(script)}",
        style=style,
        script=script,
        name="/".join(Path(run.name).parts[-2:]) or "Questions",
        about=_about(run),
        outcomes=[*_outcomes(rows)],
        tiles=[*_headlines(run)],
        sections={
            heading: [_figure(label(name), run.figures[name], run.intervals[name], name)
                      for name in names]
            for heading, names in by_section(run.figures).items()
        },
        opinion=opinion_note(run),
        by_kind=_by_kind(rows),
        ranks=_ranks(run),
        risk=_risk(run),
        latency=_latency(run),
        comparison=_comparison(comparison) if comparison else None,
        method=METHOD,
        data=embedded(_data(run, comparison)),
    )  # fmt: skip


def _hash(content: str) -> str:
    digest = base64.b64encode(sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


# -- figures -----------------------------------------------------------------------------


def _about(run: Run) -> str:
    asked = counted(len(run.records), "question")
    answerable = sum(score.answerable for score in run.scores)
    how = "quoted" if run.mode == "quote" else "written"
    parts = [
        f"{asked} ({answerable:,} answerable), {SCOPES[run.scope]}",
        f"answers {how}",
        f"index version {run.index['version']} ({run.index['embedder']})",
        f"On Record {run.results.about['onrecord']}",
    ]
    if run.finished:
        parts.append(run.finished.replace("T", " ").replace("+00:00", " UTC"))
    if memory := run.results.about["peak_memory_mb"]:
        parts.append(f"peak memory {memory:,.0f} MB")
    return " · ".join(parts)


def _outcomes(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Each part of one bar of all questions, 1,000 units wide; it filters the table below."""
    counts = Counter(row.outcome for row in rows)
    x = 0.0
    for number, name in enumerate(OUTCOMES):
        width = 1000 * counts[name] / len(rows)
        kind = name.replace(" ", "-")
        yield {
            "number": number, "name": name, "kind": kind, "count": counts[name],
            "x": x, "width": width,
        }  # fmt: skip
        x += width


def _headlines(run: Run) -> Iterator[dict[str, Any]]:
    """Large figures: how many questions went well, then what stands for each section."""
    good = _good(run.results.rows)
    (bounds,) = intervals(good).values()
    yield _figure("right or rightly refused", good.figures()["good"], bounds)
    for name in HEADLINES:
        if name in run.figures:
            yield _figure(label(name), run.figures[name], run.intervals[name])


def _good(rows: Sequence[Row]) -> Tally:
    return Tally([{"good": (float(row.is_good), 1.0)} for row in rows])


def _figure(name: str, value: float, bounds: Interval, figure: str = "") -> dict[str, Any]:
    """A figure with its interval, also in percent for a small picture of it."""
    low, high = (100 * bound for bound in bounds)
    return {
        "name": name,
        "value": value,
        "bounds": interval(bounds),
        "low": low,
        "width": max(1.0, high - low),
        "middle": min(98.0, max(0.0, 100 * value - 1)),
        "lower_is_better": figure in LOWER_IS_BETTER,
    }


# -- plots -------------------------------------------------------------------------------


def _by_kind(rows: Sequence[Row]) -> str:
    """How many questions of each kind went well, the largest kinds first."""
    kinds: dict[str, list[Row]] = {"all": list(rows)}
    for row in rows:
        kinds.setdefault("answerable" if row.answerable else "unanswerable", []).append(row)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        for name in row.groups:
            groups.setdefault(name, []).append(row)
    largest = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))[:MOST_GROUPS]
    drawn = [_estimate(name, some) for name, some in [*sorted(kinds.items()), *largest]]
    return estimates("Share of questions that went well, by kind", drawn)


def _estimate(name: str, rows: Sequence[Row]) -> Estimate:
    tally = _good(rows)
    (bounds,) = intervals(tally).values()
    return Estimate(name, tally.figures()["good"], bounds, len(rows))


def _ranks(run: Run) -> str:
    with_evidence = [score for score in run.scores if "mrr@10" in score.shares]
    ranks = Counter(score.first_rank for score in with_evidence)
    drawn = [
        Bar(str(rank), ranks[rank], f"rank {rank}: {counted(ranks[rank], 'question')}")
        for rank in range(1, RR_AT + 1)
    ]
    none = f"not among the first {RR_AT}: {counted(ranks[None], 'question')}"
    return bars(
        "At which rank the first passage with evidence is found",
        [*drawn, Bar("none", ranks[None], none, "bad")],
        "rank of the first passage with evidence",
    )


def _risk(run: Run) -> str:
    """What would go wrong if only the surest share of questions were answered.

    Wrong is a question that cannot be answered, or whose evidence is not in the first
    five passages: that can be said of a question whether or not it was answered.
    """
    known = sorted(
        (
            (record.answerability, _loss(score.answerable, score.shares), record.abstained)
            for record, score in zip(run.records, run.scores, strict=True)
        ),
        key=lambda each: -each[0],
    )
    points, lost = [], 0.0
    for number, (_, loss, _) in enumerate(known, 1):
        lost += loss
        points.append((number / len(known), lost / number))
    answered = [loss for _, loss, abstained in known if not abstained]
    here = (
        (len(answered) / len(known), sum(answered) / len(answered), "as it is")
        if answered
        else None
    )
    title = f"Risk by coverage (area under the curve {area_under(points):.3f})"
    return curve(
        title,
        thin(points),
        here,
        "share of questions answered, the surest first",
        f"share of them wrong; area {area_under(points):.3f}",
    )


def _loss(answerable: bool, shares: Mapping[str, float]) -> float:  # noqa: FBT001
    if not answerable:
        return 1.0
    return 1.0 - shares.get(f"evidence_recall@{RECALL_AT[2]}", 1.0)


def _latency(run: Run) -> str:
    marks = [(name, run.latency_ms[name]) for name in ("p50", "p95")]
    times = [record.latency_ms for record in run.records]
    return spread("How long an answer takes", times, marks)


# -- what changed ------------------------------------------------------------------------


def _comparison(comparison: Comparison) -> dict[str, Any]:
    moved = (
        f"{counted(len(comparison.moved(way)), 'question')} {way}"
        for way in ("better", "worse", "mixed")
    )
    return {
        "with": comparison.baseline.name,
        "moved": ", ".join(moved),
        "compared": comparison.compared,
        "changes": [_change(change) for change in comparison.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "verdict": "worse" if change.is_worse else "better" if change.is_better else "",
        "label": label(change.figure),
        "lower_is_better": change.figure in LOWER_IS_BETTER,
        "before": change.before,
        "after": change.after,
        "difference": change.difference,
        "p": in_words(change.corrected),
    }


# -- questions ---------------------------------------------------------------------------


def _data(run: Run, comparison: Comparison | None) -> dict[str, Any]:
    """What the page's script shows."""
    excerpts = Excerpts(run.texts)
    groups = list(run.groups)
    moved = {c.after.id: c.direction for c in comparison.questions} if comparison else {}
    questions = [
        _question(row, gold, record, score.first_rank, excerpts)
        | {"groups": [groups.index(name) for name in row.groups], "moved": moved.get(row.id, "")}
        for row, gold, record, score in zip(
            run.results.rows, run.gold, run.records, run.scores, strict=True
        )
    ]
    return {
        "outcomes": OUTCOMES,
        "groups": groups,
        "figures": [label(name) for name in SHOWN],
        "excerpts": excerpts.rows,
        "questions": questions,
    }


def _question(
    row: Row, gold: Gold, record: Record, rank: int | None, excerpts: Excerpts
) -> dict[str, Any]:
    expected = [(place, "expected") for unit in gold.units for place in unit.places]
    cited = [] if record.abstained else [(p, standing(gold, p)) for p in record.citations]
    return {
        "id": row.id,
        "question": row.question,
        "history": [[turn.role, turn.content] for turn in gold.question.history],
        "outcome": OUTCOMES.index(row.outcome),
        "why": row.why,
        "answer": row.answer,
        "ms": round(row.latency_ms, 1),
        "rank": rank,
        "shares": [None if (s := row.share(name)) is None else round(s, 3) for name in SHOWN],
        "expected": excerpts.showing(expected),
        "cited": excerpts.showing(cited),
        "credited": sorted({name for name in record.credited if name}),
    }
