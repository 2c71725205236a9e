"""Kinds of files that once cost a processor for a minute or gigabytes of memory; all of them are
in `tests.benchmarks.hostile_files`."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.models.exported import OnnxEmbedder
from tests.benchmarks.hostile_files import hostile, measured
from tests.conftest import ATTRIBUTOR

FILES = hostile()

ONCE_RUINOUS = (
    "header.csv", "far-row.xlsx", "sparse.xlsx", "header.xlsx", "nested-2000.eml",
    "long-header.eml", "quotation-marks.txt",
    "same-chapter.epub", "surrogates.json", "deep-closed.json",
    *(name for name in FILES if name.startswith("date-")),
)  # fmt: skip


@pytest.mark.parametrize("name", ONCE_RUINOUS)
def test_what_is_made_to_harm_costs_seconds_and_little_memory(
    tmp_path: Path, embedder: OnnxEmbedder, name: str
) -> None:
    """It is read, or refused with a reason."""
    cost = measured(name, FILES[name](), tmp_path, (embedder, ATTRIBUTOR))
    assert cost.is_within, cost
    assert cost.came
