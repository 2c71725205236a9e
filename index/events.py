"""What a run over files tells, as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Change = Literal["added", "updated", "removed", "unreadable", "unchanged", "rights", "skipped"]
"""What became of a file; "rights": others may read it now, its text is as it was; "skipped": a link
that is not followed."""


@dataclass(frozen=True, slots=True)
class FileDone:
    """What became of one file. `reason` says why it could not be read or was skipped,
    `left_out` counts what it has and its text has not."""

    name: str
    change: Change
    passages: int = 0
    reason: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: files done of those that need work, and its speed."""

    files_done: int
    files_total: int
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished or interrupted run. `others` counts the files of kinds that cannot be
    read, by the ending of their names."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    rights: int = 0
    skipped: int = 0
    others: Mapping[str, int] = field(default_factory=dict)
    passages: int = 0
    seconds: float = 0.0
    interrupted: bool = False


IngestEvent = FileDone | Progress | Summary
