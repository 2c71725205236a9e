"""A question set, answered and scored, and the files that keep it."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from assistant.answers import Mode
from assistant.errors import WrongUse
from assistant.evaluation.runs.journal import NAME as UNFINISHED
from assistant.evaluation.runs.results import RESULTS, RUN, Results, Row, without_rows
from assistant.evaluation.scoring.figures import LOWER_IS_BETTER, Tally, ratios
from assistant.evaluation.scoring.gold import Gold
from assistant.evaluation.scoring.metrics import Score
from assistant.evaluation.scoring.records import Record
from assistant.evaluation.scoring.resampling import Interval, intervals
from assistant.evaluation.scoring.verdicts import Grade, judge

Scope = Literal["all", "document"]
"""Where a question is asked: of everything indexed, or of its own document."""


@dataclass(frozen=True)
class Run:
    """What came of a question set. `gold`, `records` and `scores` are in its order.

    `name` is the set's, `settings` what the answers depend on beside the index.
    `texts` are the documents that are cited or expected, by name. `seconds` is how long
    this process took, which asked all but the `resumed` questions; `finished` is when it
    was done (ISO 8601, UTC).
    """

    gold: tuple[Gold, ...]
    records: tuple[Record, ...]
    scores: tuple[Score, ...]
    scope: Scope
    mode: Mode
    name: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    resumed: int = 0
    seconds: float = 0.0
    finished: str = ""

    @cached_property
    def tally(self) -> Tally:
        """What each question adds to each figure."""
        return Tally([ratios(score) for score in self.scores])

    @cached_property
    def figures(self) -> Mapping[str, float]:
        """Every figure that the set defines, by its name."""
        return self.tally.figures()

    @cached_property
    def intervals(self) -> Mapping[str, Interval]:
        """The 95 % interval of each figure and latency."""
        return intervals(self.tally, [record.latency_ms for record in self.records])

    def figure(self, name: str) -> float:
        """One figure. Raises WrongUse for one that this set does not define."""
        if name not in self.figures:
            raise WrongUse(
                f"There is no figure called {name}. There are: {', '.join(self.figures)}."
            )
        return self.figures[name]

    @property
    def judge(self) -> str:
        """The name of the language model that was asked for its opinion, if one was."""
        return self.settings.get("judge", "")

    @property
    def missing_opinions(self) -> int:
        """How many opinions the model failed to give."""
        return sum(list(record.judged.values()).count(None) for record in self.records)

    @property
    def notices(self) -> Mapping[str, int]:
        """What went wrong while questions were answered, and how often."""
        return Counter(record.notice for record in self.records if record.notice)

    @cached_property
    def latency_ms(self) -> Mapping[str, float]:
        """How long a whole answer takes: half take at most p50, 95 of 100 at most p95."""
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

    @cached_property
    def verdicts(self) -> tuple[Grade, ...]:
        """Right or wrong, and why, of each question."""
        return tuple(map(judge, self.gold, self.records, self.scores))

    @cached_property
    def results(self) -> Results:
        """To keep, show and compare."""
        return replace(self.bare_results, intervals=self.intervals, about=self._about())

    @property
    def bare_results(self) -> Results:
        """The same without intervals, which take a second."""
        rows = tuple(
            Row(
                id=gold.question.id,
                question=gold.question.question,
                answerable=score.answerable,
                outcome=verdict.outcome,
                why=verdict.why,
                answer=record.answer,
                groups=gold.question.groups,
                latency_ms=record.latency_ms,
                ratios=ratios(score),
            )
            for gold, record, score, verdict in zip(
                self.gold, self.records, self.scores, self.verdicts, strict=True
            )
        )
        return Results(self.name, rows, self.figures, {})

    def as_results(self) -> dict[str, Any]:
        """What results.json holds, but for the single questions."""
        return without_rows(self.results)

    def _about(self) -> dict[str, Any]:
        return {
            "onrecord": version("onrecord"),
            "set": self.name,
            "questions": len(self.records),
            "scope": self.scope,
            "mode": self.mode,
            "index": dict(self.index),
            "settings": dict(self.settings),
            "latency_ms": {name: round(value, 4) for name, value in self.latency_ms.items()},
            "finished": self.finished,
            "seconds": round(self.seconds, 3),
            "missing_opinions": self.missing_opinions,
            "notices": dict(self.notices),
            "peak_memory_mb": peak_memory_mb(),
            "lower_is_better": sorted(LOWER_IS_BETTER & self.figures.keys()),
        }


def write_run(run: Run, folder: Path) -> None:
    """Write run.jsonl and results.json, each whole or not at all.

    The folder is made if there is none. Raises WrongUse if it cannot be written to.
    """
    lines = (json.dumps(record.as_row(), ensure_ascii=False) for record in run.records)
    results = json.dumps(run.results.as_dict(), ensure_ascii=False, indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / RUN, "".join(f"{line}\n" for line in lines))
        write_whole(folder / RESULTS, f"{results}\n")
        (folder / UNFINISHED).unlink(missing_ok=True)
    except OSError as error:
        raise WrongUse(
            f"The run cannot be written to {folder}: {error.strerror}. "
            "Name a folder that can be written to with --out."
        ) from error


def write_whole(path: Path, text: str) -> None:
    """Write a file that is never there in part."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)


def peak_memory_mb() -> float | None:
    """The most memory that this process has had, None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[math.ceil(share * len(ordered)) - 1]
