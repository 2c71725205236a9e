"""What a run has to reach, and what is said to a CI system: exit code, JUnit, Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from assistant.errors import WrongUse
from assistant.evaluation.reports.comparison import Change, Comparison
from assistant.evaluation.reports.reporting import (
    METHOD,
    as_line,
    by_section,
    in_words,
    interval,
    label,
)
from assistant.evaluation.runs.results import Results
from assistant.evaluation.scoring.figures import LOWER_IS_BETTER, ORDER
from index.english.spelling import counted

LISTED = 20
"""Questions that a summary names; all of them stand in the report."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was expected of a run, and what came of it."""

    name: str
    passed: bool
    words: str


def refuse_unknown(names: Iterable[str]) -> None:
    """Raises WrongUse for a name that no set can define, before anything is asked."""
    for name in names:
        if not name.startswith(ORDER):
            raise WrongUse(
                f"There is no figure called {name}. They begin with: {', '.join(ORDER)}."
            )


def check_bounds(results: Results, bounds: Mapping[str, float]) -> Iterator[Check]:
    """Each figure against its bound: from below, or from above where lower is better.

    Raises WrongUse for a figure that the set does not define.
    """
    for name, bound in bounds.items():
        if name not in results.figures:
            raise WrongUse(
                f"There is no figure called {name}. There are: {', '.join(results.figures)}."
            )
        value = results.figures[name]
        lower = name in LOWER_IS_BETTER
        missed = value > bound if lower else value < bound
        side = "above" if value > bound else "below" if value < bound else "at"
        yield Check(f"{name}={bound:g}", not missed, f"{name} is {value:.4f}, {side} {bound:g}")


def check_no_worse(comparison: Comparison) -> Iterator[Check]:
    """Each figure that both runs have: it fails if it is significantly worse."""
    for change in comparison.changes:
        yield Check(
            f"{change.figure} no worse than {comparison.baseline.name}",
            not change.is_worse,
            f"{change.figure} went from {change.before:.4f} to {change.after:.4f} "
            f"(p = {in_words(change.corrected)})",
        )


# -- JUnit -----------------------------------------------------------------------------


def junit(results: Results, checks: Sequence[Check], comparison: Comparison | None) -> str:
    """JUnit XML: a test case for each expectation, the figures as properties, and the
    questions that got worse as output."""
    failures = sum(not check.passed for check in checks)
    suite = ET.Element(
        "testsuite",
        name=_xml(f"onrecord eval {results.name}"),
        tests=str(len(checks)),
        failures=str(failures),
        errors="0",
        skipped="0",
        time=str(results.about.get("seconds", 0)),
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in results.figures.items():
        ET.SubElement(properties, "property", name=name, value=f"{value:.4f}")
    for check in checks:
        case = ET.SubElement(suite, "testcase", classname="onrecord", name=_xml(check.name))
        if not check.passed:
            ET.SubElement(case, "failure", message=_xml(check.words)).text = _xml(check.words)
    if comparison:
        worse = [as_line(change) for change in comparison.moved("worse")]
        ET.SubElement(suite, "system-out").text = _xml("\n".join(worse))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold (XML 1.0, production 2)."""


def _xml(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


# -- Markdown --------------------------------------------------------------------------


def summary(results: Results, checks: Sequence[Check], comparison: Comparison | None) -> str:
    """A Markdown page: what failed, the figures, what changed."""
    asked = counted(len(results.rows), "question")
    parts = [f"## {_plain(results.name)}: {asked}", *_failed(checks)]
    parts += [_comparison(comparison)] if comparison else [_figures(results)]
    return "\n\n".join(parts) + "\n"


def _failed(checks: Sequence[Check]) -> Iterator[str]:
    failed = [check for check in checks if not check.passed]
    if failed:
        yield "\n".join(f"- ❌ {_plain(check.words)}" for check in failed)
    elif checks:
        yield f"✅ {counted(len(checks), 'expectation')} met."


def _figures(results: Results) -> str:
    rows = [
        f"| {label(name)} | {results.figures[name]:.3f} | {interval(results.intervals[name])} |"
        for names in by_section(results.figures).values()
        for name in names
    ]
    return "\n".join(["| figure | | 95 % interval |", "|---|--:|:-:|", *rows])


def _comparison(comparison: Comparison) -> str:
    rows = [_change(change) for change in comparison.changes]
    table = ["| figure | before | after | change | p | |", "|---|--:|--:|--:|--:|---|", *rows]
    moved = comparison.moved("worse")
    listed = [f"- {_plain(as_line(change))}" for change in moved[:LISTED]]
    more = [f"- and {len(moved) - LISTED} more"] if len(moved) > LISTED else []
    heading = [f"**{counted(len(moved), 'question')} worse**\n"] if moved else []
    compared = f"Compared with {_plain(comparison.baseline.name)} ({METHOD}):\n"
    return "\n".join([compared, *table, "", *heading, *listed, *more]).rstrip()


def _change(change: Change) -> str:
    verdict = "**worse**" if change.is_worse else "better" if change.is_better else ""
    return (
        f"| {label(change.figure)} | {change.before:.3f} | {change.after:.3f} "
        f"| {change.difference:+.3f} | {in_words(change.corrected)} | {verdict} |"
    )


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&])", r"\\\1", " ".join(text.split()))
