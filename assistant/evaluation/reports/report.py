"""A run as one page that needs nothing else: no server, no network, no other file.

The page's own script builds everything that comes from documents and questions as text
nodes, and its policy allows no other script and no request: text stays text.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from assistant.errors import WrongUse
from assistant.evaluation.reports.comparison import Comparison
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
    script, style = _static("report.js"), _static("report.css")
    rows = run.results.rows
    return Template(_static("report.html")).substitute(
        policy=f"default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src {_hash(style)}; script-src {_hash(script)}",
        style=style,
        script=script,
        name=escape("/".join(Path(run.name).parts[-2:]) or "Questions"),
        about=escape(_about(run)),
        outcomes=_outcomes(rows),
        headlines="".join(_headlines(run)),
        figures="".join(_figures(run)),
        opinion=escape(opinion_note(run)),
        by_kind=_by_kind(rows),
        ranks=_ranks(run),
        risk=_risk(run),
        latency=_latency(run),
        comparison=_comparison(comparison) if comparison else "",
        data=_embedded(_data(run, comparison)),
    )


def _static(name: str) -> str:
    return (files("assistant.evaluation.reports") / "static" / name).read_text("utf-8")


def _hash(content: str) -> str:
    digest = base64.b64encode(sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _embedded(data: object) -> str:
    """JSON that can stand in a page: nothing in it ends the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


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


def _outcomes(rows: Sequence[Row]) -> str:
    """One bar of all questions; each part filters the table below."""
    counts = Counter(row.outcome for row in rows)
    parts = [
        f'<button type="button" class="part {outcome.replace(" ", "-")}" data-outcome="{number}" '
        f'aria-pressed="false"><b>{counts[outcome]:,}</b> {outcome}</button>'
        for number, outcome in enumerate(OUTCOMES)
        if counts[outcome]
    ]
    x, pieces = 0.0, []
    for outcome in OUTCOMES:
        width = 1000 * counts[outcome] / len(rows)
        kind = outcome.replace(" ", "-")
        pieces.append(
            f'<rect class="{kind}" x="{x:.2f}" y="0" width="{width:.2f}" height="14">'
            f"<title>{counts[outcome]:,} {outcome}</title></rect>"
        )
        x += width
    return (
        '<svg class="strip" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" '
        f'aria-label="How the questions ended">{"".join(pieces)}</svg>'
        f'<div class="parts">{"".join(parts)}</div>'
    )


def _headlines(run: Run) -> Iterator[str]:
    """Large figures: how many questions went well, then what stands for each section."""
    good = _good(run.results.rows)
    (bounds,) = intervals(good).values()
    yield _tile("right or rightly refused", good.figures()["good"], bounds)
    for name in HEADLINES:
        if name in run.figures:
            yield _tile(label(name), run.figures[name], run.intervals[name])


def _good(rows: Sequence[Row]) -> Tally:
    return Tally([{"good": (float(row.is_good), 1.0)} for row in rows])


def _tile(name: str, value: float, bounds: Interval) -> str:
    return (
        f'<div class="tile"><div class="number">{value:.3f}</div><div class="name">{escape(name)}'
        f'</div>{_range(value, bounds)}<div class="bounds">{interval(bounds)}</div></div>'
    )


def _range(value: float, bounds: Interval) -> str:
    """A small picture of the figure in its interval, from 0 to 1."""
    low, high = (100 * bound for bound in bounds)
    middle = min(98.0, max(0.0, 100 * value - 1))
    return (
        '<svg class="range" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" x="0" y="4" width="100" height="2"/>'
        f'<rect class="band" x="{low:.1f}" y="2" width="{max(1.0, high - low):.1f}" height="6"/>'
        f'<rect class="dot" x="{middle:.1f}" y="0" width="2" height="10"/></svg>'
    )


def _figures(run: Run) -> Iterator[str]:
    for heading, names in by_section(run.figures).items():
        rows = "".join(
            f'<tr><th scope="row">{escape(label(name))}{_lower(name)}</th>'
            f"<td>{run.figures[name]:.4f}</td><td>{_range(run.figures[name], run.intervals[name])}"
            f'</td><td class="bounds">{interval(run.intervals[name])}</td></tr>'
            for name in names
        )
        yield f"<section><h3>{escape(heading)}</h3><table>{rows}</table></section>"


def _lower(name: str) -> str:
    return ' <span class="hint">lower is better</span>' if name in LOWER_IS_BETTER else ""


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


def _comparison(comparison: Comparison) -> str:
    rows = "".join(
        f'<tr class="{"worse" if c.is_worse else "better" if c.is_better else ""}">'
        f'<th scope="row">{escape(label(c.figure))}{_lower(c.figure)}</th><td>{c.before:.4f}</td>'
        f"<td>{c.after:.4f}</td><td>{c.difference:+.4f}</td><td>{in_words(c.corrected)}</td>"
        f"<td>{'worse' if c.is_worse else 'better' if c.is_better else ''}</td></tr>"
        for c in comparison.changes
    )
    moved = ", ".join(
        f"{counted(len(comparison.moved(way)), 'question')} {way}"
        for way in ("better", "worse", "mixed")
    )
    return (
        f"<h2>Compared with {escape(comparison.baseline.name)}</h2>"
        f"<p>{moved}, of {comparison.compared:,} in both. p: {escape(METHOD)}.</p>"
        '<div class="wide"><table class="changes"><thead><tr><th></th><th>before</th>'
        f"<th>after</th><th>change</th><th>p</th><th></th></tr></thead>{rows}</table></div>"
    )


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
