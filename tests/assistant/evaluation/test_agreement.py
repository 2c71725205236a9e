"""The figures of a real run against a second, plain statement of their definitions."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import Assistant
from assistant.evaluation import Run, evaluate, write_run
from index.documents import LOCAL_USER
from tests.conftest import SEED

SET = Path(__file__).parent / "seed_questions.yaml"
TEXT = SEED.read_bytes().decode()
Row = Mapping[str, Any]
Piece = tuple[int, int]


@pytest.fixture(scope="module")
def run(seed_assistant: Assistant) -> Run:
    """The set asked of seeds/."""
    return evaluate(seed_assistant, SET, principal=LOCAL_USER)


@pytest.fixture(scope="module")
def rows(run: Run, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Its run.jsonl."""
    folder = tmp_path_factory.mktemp("run")
    write_run(run, folder)
    return [json.loads(line) for line in (folder / "run.jsonl").read_text("utf-8").splitlines()]


def pieces(places: Sequence[Row]) -> set[int]:
    """The characters that places cover."""
    return {i for place in places for i in range(place["start"], place["end"])}


def cited(row: Row) -> Sequence[Row]:
    cited: Sequence[Row] = [] if row["abstained"] else row["citations"]
    return cited


def units(run: Run, number: int) -> list[tuple[list[Piece], float]]:
    """What has to be found: all pieces of each unit, and the share of them."""
    return [
        ([(p.span.start, p.span.end) for p in unit.places], unit.share)
        for unit in run.gold[number].units
    ]


def is_found(unit: tuple[list[Piece], float], places: Sequence[Row]) -> bool:
    spans, share = unit
    wanted = {i for start, end in spans for i in range(start, end)}
    return len(wanted & pieces(places)) >= share * len(wanted)


def sentences() -> list[Piece]:
    """This text has no abbreviation before a full stop."""
    ends = re.compile(r"[.!?][\"”)]*\s+(?=[“\"(]?[A-Z0-9])|\n|$")
    found, start = [], 0
    for end in ends.finditer(TEXT):
        stop = end.start() + len(end[0].rstrip())
        if TEXT[start:stop].strip():
            found.append((start, stop))
        start = end.end()
    return found


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@pytest.mark.parametrize("k", [1, 3, 5, 10])
def test_recall(run: Run, rows: list[Row], k: int) -> None:
    shares = [
        mean([float(is_found(unit, row["retrieved"][:k])) for unit in wanted])
        for number, row in enumerate(rows)
        if (wanted := units(run, number))
    ]
    assert run.figure(f"evidence_recall@{k}") == pytest.approx(mean(shares), abs=5e-4)


def test_reciprocal_rank(run: Run, rows: list[Row]) -> None:
    """Of the first passage that covers enough of one span."""
    ranks = []
    for number, row in enumerate(rows):
        if wanted := units(run, number):
            good = (
                rank
                for rank, passage in enumerate(row["retrieved"][:10], 1)
                if any(is_found(([s], share), [passage]) for spans, share in wanted for s in spans)
            )
            ranks.append(1 / next(good, math.inf))
    assert run.figure("mrr@10") == pytest.approx(mean(ranks), abs=5e-4)


def test_sentences(run: Run, rows: list[Row]) -> None:
    """Precision, recall and F1."""
    totals = []
    for number, row in enumerate(rows):
        if not (wanted := units(run, number)):
            continue
        evidence = {i for spans, _ in wanted for start, end in spans for i in range(start, end)}
        free = pieces([{"start": p.span.start, "end": p.span.end}
                       for p in run.gold[number].unjudged])  # fmt: skip
        spans = cited(row)
        right, shown = set(), set()
        for i, (start, end) in enumerate(sentences()):
            own = set(range(start, end))
            if own & evidence:
                right.add(i)
            inside = any(start <= c["start"] and c["end"] <= end for c in spans)
            counts = not own & free or own & evidence
            if counts and (inside or 2 * len(own & pieces(spans)) >= len(own)):
                shown.add(i)
        precision = len(shown & right) / len(shown) if shown else 0.0
        recall = len(shown & right) / len(right)
        totals.append((precision, recall, f1(precision, recall)))
    for name, values in zip(("precision", "recall", "f1"), zip(*totals, strict=True), strict=True):
        assert run.figure(f"sentence_{name}") == pytest.approx(mean(values), abs=5e-4)


def test_abstention(run: Run, rows: list[Row]) -> None:
    """And its two complements."""
    answerable = [gold.question.answerable for gold in run.gold]
    pairs = [(ok, row["abstained"]) for ok, row in zip(answerable, rows, strict=True)]
    caught, missed = pairs.count((False, True)), pairs.count((False, False))
    refused, answered = pairs.count((True, True)), pairs.count((True, False))
    precision = caught / (caught + refused) if caught + refused else 0.0
    recall = caught / (caught + missed)
    assert run.figure("abstention_f1") == pytest.approx(f1(precision, recall), abs=5e-4)
    assert run.figure("answered_of_answerable") == pytest.approx(answered / (answered + refused))
    assert run.figure("false_answers") == pytest.approx(missed / (caught + missed))
    assert run.figure("false_refusals") == pytest.approx(refused / (answered + refused))


def test_attribution(run: Run, rows: list[Row]) -> None:
    """Over all citations of questions after somebody's words."""
    right = judged = found = statements = 0
    for number, row in enumerate(rows):
        if run.gold[number].question.statements is None:
            continue
        wanted = units(run, number)
        statements += len(wanted)
        found += sum(is_found(unit, cited(row)) for unit in wanted)
        free = pieces([{"start": p.span.start, "end": p.span.end}
                       for p in run.gold[number].unjudged])  # fmt: skip
        for citation in cited(row):
            own = pieces([citation])
            good = any(
                2 * len(own & {i for s, e in spans for i in range(s, e)}) >= len(own)
                or is_found((spans, share), [citation])
                for spans, share in wanted
            )
            right += good
            judged += good or not own & free
    precision, recall = right / judged, found / statements
    assert run.figure("attribution_precision") == pytest.approx(precision, abs=5e-4)
    assert run.figure("attribution_recall") == pytest.approx(recall, abs=5e-4)
    assert run.figure("attribution_f1") == pytest.approx(f1(precision, recall), abs=5e-4)


def test_what_holds_of_every_run(run: Run) -> None:
    """Quotations are verbatim and no mark dangles, by construction."""
    assert run.figure("verbatim_rate") == 1.0
    assert run.figure("dangling_citations") == 0.0


def test_most_of_the_sample_document_is_answered(run: Run) -> None:
    """And attributed; else the figures above compare nothing with nothing."""
    assert run.figure("attribution_f1") > 0.8
    assert run.figure("sentence_f1") > 0.7
    assert run.figure("abstention_recall") > 0.6
