"""A question set, answered and scored, and the files that keep it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from assistant.answers import Mode
from assistant.errors import WrongUse
from assistant.evaluation.gold import Gold
from assistant.evaluation.metrics import Score, figures
from assistant.evaluation.records import Record

Scope = Literal["all", "document"]
"""Where a question is asked: of everything indexed, or of its own document."""


@dataclass(frozen=True)
class Run:
    """What came of a question set. `gold`, `records` and `scores` are in its order."""

    gold: tuple[Gold, ...]
    records: tuple[Record, ...]
    scores: tuple[Score, ...]
    scope: Scope
    mode: Mode

    @cached_property
    def figures(self) -> Mapping[str, float]:
        """Every figure that the set defines, by its name."""
        return figures(self.scores)

    def figure(self, name: str) -> float:
        """One figure. Raises WrongUse for one that this set does not define."""
        if name not in self.figures:
            raise WrongUse(
                f"There is no figure called {name}. There are: {', '.join(self.figures)}."
            )
        return self.figures[name]

    @cached_property
    def latency_ms(self) -> Mapping[str, float]:
        """Of a whole answer: half take at most p50, 95 of 100 at most p95."""
        times = sorted(record.latency_ms for record in self.records)
        return {
            "p50": _percentile(times, 0.5),
            "p95": _percentile(times, 0.95),
            "mean": sum(times) / len(times),
        }

    @property
    def index(self) -> Mapping[str, str]:
        """Which index answered: several versions, should it have changed meanwhile."""
        versions = dict.fromkeys(record.index_version for record in self.records)
        return {"version": ", ".join(versions), "embedder": self.records[0].embedder}

    @property
    def groups(self) -> Mapping[str, Sequence[Score]]:
        """The scores of each category, type and tag, by its name."""
        groups: dict[str, list[Score]] = {}
        for gold, score in zip(self.gold, self.scores, strict=True):
            for name in gold.question.groups:
                groups.setdefault(name, []).append(score)
        return dict(sorted(groups.items()))

    def as_results(self) -> dict[str, Any]:
        """What results.json holds."""
        return {
            "figures": _rounded(self.figures),
            "questions": len(self.records),
            "scope": self.scope,
            "mode": self.mode,
            "index": dict(self.index),
            "latency_ms": _rounded(self.latency_ms),
        }


def write_run(run: Run, folder: Path) -> None:
    """Write run.jsonl and results.json, each whole or not at all.

    The folder is made if there is none. Raises WrongUse if it cannot be written to.
    """
    lines = (json.dumps(record.as_row(), ensure_ascii=False) for record in run.records)
    results = json.dumps(run.as_results(), ensure_ascii=False, indent=2)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(folder / "run.jsonl", "".join(f"{line}\n" for line in lines))
        _write_whole(folder / "results.json", f"{results}\n")
    except OSError as error:
        raise WrongUse(
            f"The run cannot be written to {folder}: {error.strerror}. "
            "Name a folder that can be written to with --out."
        ) from error


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    unfinished.replace(path)


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1]


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
