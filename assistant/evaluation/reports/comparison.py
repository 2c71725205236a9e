"""Two runs of one question set: what changed, by figure and by question, and whether
chance would explain it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from assistant.errors import WrongUse
from assistant.evaluation.runs.results import RESULTS, RUN, Results, Row, read_results, reading
from assistant.evaluation.runs.run import Run
from assistant.evaluation.scoring.figures import LOWER_IS_BETTER, Tally
from assistant.evaluation.scoring.metrics import score_all
from assistant.evaluation.scoring.records import Record, parse_record
from assistant.evaluation.scoring.resampling import holm, p_values
from assistant.evaluation.scoring.spans import lay_out

LEVEL = 0.05
"""A difference is called significant below this corrected p-value."""

Direction = Literal["better", "worse", "mixed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and after. `p_value` is that of a paired permutation test,
    `corrected` the same by Holm for the number of figures tested."""

    figure: str
    before: float
    after: float
    p_value: float
    corrected: float

    @property
    def difference(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def is_improvement(self) -> bool:
        """Did it move to the better side, by whatever little?"""
        return (self.difference < 0) == (self.figure in LOWER_IS_BETTER) and self.difference != 0

    @property
    def is_significant(self) -> bool:
        """Would chance make such a difference in less than 5 of 100 comparisons?"""
        return self.corrected < LEVEL

    @property
    def is_worse(self) -> bool:
        """Significantly."""
        return self.is_significant and not self.is_improvement

    @property
    def is_better(self) -> bool:
        """Significantly."""
        return self.is_significant and self.is_improvement


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question of which some figure, or the outcome, is another than before."""

    before: Row
    after: Row
    figures: tuple[str, ...]

    @property
    def direction(self) -> Direction:
        """By the outcome, if that is another; else by the figures."""
        moved = VALUE[self.after.outcome] - VALUE[self.before.outcome]
        signs = {moved > 0} if moved else {self._improved(name) for name in self.figures}
        if len(signs) != 1:
            return "mixed"
        return "better" if signs.pop() else "worse"

    def _improved(self, name: str) -> bool:
        risen = (self.after.share(name) or 0.0) > (self.before.share(name) or 0.0)
        return risen != (name in LOWER_IS_BETTER)


VALUE = {
    "right": 2, "rightly refused": 2, "partly right": 1,
    "wrong": 0, "false refusal": 0, "false answer": 0,
}  # fmt: skip
"""How good an outcome is against the others."""


@dataclass(frozen=True)
class Comparison:
    """What changed from a baseline to a run, on the questions that both have.

    A question is the same if its id and words are. `only_before` and `only_after` are the
    ids of the questions that just one of them has;
    `settings` are those that differ, {name: (before, after)}.
    """

    baseline: Results
    run: Results
    changes: tuple[Change, ...]
    questions: tuple[QuestionChange, ...]
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    settings: Mapping[str, tuple[str, str]] | None = None

    @cached_property
    def compared(self) -> int:
        """How many questions both have."""
        return len(self.run.rows) - len(self.only_after)

    @property
    def worse(self) -> tuple[Change, ...]:
        """The figures that are significantly worse."""
        return tuple(change for change in self.changes if change.is_worse)

    @property
    def better(self) -> tuple[Change, ...]:
        """The figures that are significantly better."""
        return tuple(change for change in self.changes if change.is_better)

    def moved(self, direction: Direction) -> tuple[QuestionChange, ...]:
        """The questions that went this way."""
        return tuple(change for change in self.questions if change.direction == direction)


def comparison_to_dict(comparison: Comparison) -> dict[str, Any]:
    """What changed, as programs see it: by figure, with the tests, and by question."""
    return {
        "changes": [asdict(change) for change in comparison.changes],
        "questions_changed": [
            {
                "id": change.after.id,
                "direction": change.direction,
                "before": change.before.outcome,
                "after": change.after.outcome,
                "figures": list(change.figures),
            }
            for change in comparison.questions
        ],
    }


def compare(run: Run | Results, baseline: Run | Results | Path) -> Comparison:
    """What is better and what is worse than before, on the questions that both runs have.

    The tests are paired permutation tests over questions, corrected by Holm. A Path is
    read as `Baseline` does. Latencies are shown but not tested: they belong to a
    machine and its moment. Raises WrongUse if no question is in both.
    """
    if isinstance(baseline, Path):
        baseline = (
            Baseline(baseline).results_for(run) if isinstance(run, Run) else read_results(baseline)
        )
    after, before = (each.results if isinstance(each, Run) else each for each in (run, baseline))
    rows, others = ({row.id: row for row in each.rows} for each in (after, before))
    shared = [id for id in rows if id in others and rows[id].question == others[id].question]
    if not shared:
        raise WrongUse(f"{before.name} has no question of {after.name}: nothing to compare.")
    shared_ids = set(shared)
    return Comparison(
        baseline=before,
        run=after,
        changes=tuple(_changes([rows[id] for id in shared], [others[id] for id in shared])),
        questions=tuple(_moved([(others[id], rows[id]) for id in shared])),
        only_before=tuple(id for id in others if id not in shared_ids),
        only_after=tuple(id for id in rows if id not in shared_ids),
        settings=dict(_settings(before.about, after.about)),
    )


class Baseline:
    """An earlier run: the folder that was made with --out, its run.jsonl or results.json.

    From a run.jsonl the answers are scored again, by the evidence that the question set
    names now; a results.json is taken at its word. A folder has both, and says which
    questions were put in other words then: these are left out. Raises WrongUse, before anything is
    asked, for what cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        file = path / RUN if (path / RUN).exists() else path
        self._records = read_records(file) if file.suffix == ".jsonl" else None
        has_results = self._records is None or (path / RESULTS).exists()
        self._results = read_results(path) if has_results else None

    def results_for(self, run: Run) -> Results:
        """To compare with this run."""
        if self._records is None:
            assert self._results is not None  # noqa: S101  (one of the two was read)
            return self._results
        rescored = _rescored(run, self._comparable(run, self._records))
        about = self._results.about if self._results else {}
        return replace(rescored, name=str(self._path), about=about)

    def _comparable(self, run: Run, records: Mapping[str, Record]) -> Mapping[str, Record]:
        """Those that answered the questions of this run, as far as is known."""
        if self._results is None:
            return records
        now = {gold.question.id: gold.question.question for gold in run.gold}
        then = {row.id: row.question for row in self._results.rows}
        return {id: each for id, each in records.items() if now.get(id) == then.get(id)}


def read_records(file: Path) -> Mapping[str, Record]:
    """The records of a run.jsonl by their ids, in its order. Raises WrongUse."""
    with reading(file, RUN):
        lines = file.read_text("utf-8").split("\n")
        records = [parse_record(json.loads(line)) for line in lines if line.strip()]
    return {record.id: record for record in records}


def _rescored(run: Run, records: Mapping[str, Record]) -> Results:
    """The earlier answers to the questions of this run, scored by its evidence."""
    pairs = [(gold, records[id]) for gold in run.gold if (id := gold.question.id) in records]
    gold = tuple(each for each, _ in pairs)
    answers = tuple(each for _, each in pairs)
    layouts = {name: lay_out(run.texts[name]) for each in gold for name in each.documents}
    scores = score_all(gold, answers, layouts.__getitem__)
    return replace(run, gold=gold, records=answers, scores=scores).bare_results


def _changes(rows: Iterable[Row], others: Iterable[Row]) -> Iterator[Change]:
    after, before = ([row.ratios for row in each] for each in (rows, others))
    names = {name for row in (*after, *before) for name in row}
    run, baseline = Tally(after, names), Tally(before, names)
    values, old = run.figures(), baseline.figures()
    tested = p_values(run, baseline)
    corrected = holm(tested)
    for name, p_value in tested.items():
        yield Change(name, old[name], values[name], p_value, corrected[name])


def _moved(pairs: Iterable[tuple[Row, Row]]) -> Iterator[QuestionChange]:
    for before, after in pairs:
        names = dict.fromkeys([*before.ratios, *after.ratios])
        figures = tuple(name for name in names if before.share(name) != after.share(name))
        if figures or before.outcome != after.outcome:
            yield QuestionChange(before, after, figures)


SETTINGS = ("onrecord", "scope", "mode", "index", "settings")


def _settings(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """What else is not as it was, as far as the baseline says."""
    old, new = (_flat(each) for each in (before, after))
    for name in old.keys() & new.keys():
        if old[name] != new[name]:
            yield name, (old[name], new[name])


def _flat(about: Mapping[str, Any]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in SETTINGS:
        value = about.get(name)
        if isinstance(value, dict):
            values |= {f"{name}: {key}": str(each) for key, each in value.items()}
        elif value is not None:
            values[name] = str(value)
    return values
