"""What is kept of a run in results.json, and read from there again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import WrongUse
from assistant.evaluation.scoring.figures import Ratios
from assistant.evaluation.scoring.verdicts import GOOD, GradeName

RUN, RESULTS, REPORT = "run.jsonl", "results.json", "report.html"


@dataclass(frozen=True, slots=True)
class Row:
    """One question and how it went. `ratios` are what it adds to each figure."""

    id: str
    question: str
    answerable: bool
    outcome: GradeName
    why: tuple[str, ...]
    answer: str
    groups: tuple[str, ...]
    latency_ms: float
    ratios: Ratios

    @property
    def is_good(self) -> bool:
        """Answered rightly, or rightly refused."""
        return self.outcome in GOOD

    def share(self, figure: str) -> float | None:
        """What the figure is for this question alone."""
        part, whole = self.ratios.get(figure, (0.0, 0.0))
        return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Results:
    """A run to compare or show: its rows, its figures and their 95 % intervals.

    `name` is the folder or file it was read from, or the question set. `about` is all
    else that results.json has: set, scope, mode, index, settings, latencies.
    """

    name: str
    rows: tuple[Row, ...]
    figures: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    about: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """What results.json holds."""
        return {
            **self.about,
            "figures": _rounded(self.figures),
            "intervals": {
                name: [round(bound, 4) for bound in bounds]
                for name, bounds in self.intervals.items()
            },
            "rows": [_row(row) for row in self.rows],
        }


def without_rows(results: Results) -> dict[str, Any]:
    """What results.json holds, but for the single questions."""
    values = results.as_dict()
    del values["rows"]
    return values


def read_results(path: Path) -> Results:
    """A run from its folder or its results.json. Raises WrongUse."""
    file = path / RESULTS if path.is_dir() else path
    with reading(file, RESULTS):
        values = json.loads(file.read_text("utf-8"))
        return Results(
            str(path),
            tuple(map(_parsed, values["rows"])),
            values["figures"],
            {name: (low, high) for name, (low, high) in values["intervals"].items()},
            {key: value for key, value in values.items() if key not in KEPT_APART},
        )


@contextmanager
def reading(file: Path, name: str) -> Iterator[None]:
    """What is wrong with a file that should be the one of this name in a run: WrongUse."""
    try:
        yield
    except OSError as error:
        raise WrongUse(
            f"The run {file} cannot be read: {error.strerror}. "
            f"Name a folder that was made with --out, or the {name} in it."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongUse(
            f"{file} is not the {name} of a run. Make one with: onrecord eval … --out FOLDER"
        ) from error


KEPT_APART = frozenset({"figures", "intervals", "rows"})


def _row(row: Row) -> dict[str, Any]:
    ratios = {name: [round(float(x), 6) for x in ratio] for name, ratio in row.ratios.items()}
    return {**asdict(row), "latency_ms": round(row.latency_ms, 3), "ratios": ratios}


def _parsed(values: Mapping[str, Any]) -> Row:
    listed: Iterable[str] = ("why", "groups")
    return Row(
        **{
            **values,
            **{name: tuple(values[name]) for name in listed},
            "ratios": {name: (part, whole) for name, (part, whole) in values["ratios"].items()},
        }
    )


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
