"""What of a damaged catalog no file says: rights and corrections that people set.

Each table is checked by itself and taken whole, or not at all: half of who may not read
something would open it to the others.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from index.errors import CatalogDamaged, RightsUnclear
from index.rights.deciding import Rights, from_json
from index.stores.engines.sqlite import SqliteDatabase
from index.stores.sealing import ENDING

T = TypeVar("T")

RIGHTS = "SELECT t.{key}, r.said FROM {table} t JOIN rights r ON r.id = t.rights"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """None where it could not be read: rights given for paths and set by hand for documents'
    ids, and (name, document id, whose words they are) of each correction."""

    given: Mapping[str, Rights] | None
    by_hand: Mapping[str, Rights] | None
    corrections: Sequence[tuple[str, str, str]] | None


def salvage(path: Path) -> Salvaged:
    """What can be saved of the catalog in this file, which may be damaged or gone."""
    database = SqliteDatabase(path, CatalogDamaged, CatalogDamaged)
    given, by_hand = (
        _read(database, ("rights", table), RIGHTS.format(table=table, key=key), _rights)
        for table, key in (("rights_given", "path"), ("rights_by_hand", "document_id"))
    )
    edits = "SELECT name, document_id, becomes FROM speaker_edits"
    corrections = _read(database, ("speaker_edits",), edits, lambda rows: rows)
    database.close()
    return Salvaged(given, by_hand, corrections)


def set_aside(path: Path) -> Path | None:
    """Give a damaged catalog, with its log of writes, another name; which one, None if there
    is nothing."""
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y-%m-%d-%H%M%S')}")
    found = False
    for ending in ("-wal", "-shm", ENDING, ""):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(aside.with_name(aside.name + ending))
            found = True
    return aside if found else None


def _read(
    database: SqliteDatabase, tables: Sequence[str], query: str, made: Callable[[Sequence[Any]], T]
) -> T | None:
    try:
        verdicts = [database.row(f"PRAGMA quick_check('{table}')") for table in tables]
        if any(verdict != ("ok",) for verdict in verdicts):
            return None
        return made(database.rows(query))
    except (CatalogDamaged, RightsUnclear, json.JSONDecodeError):
        return None


def _rights(rows: Sequence[Any]) -> Mapping[str, Rights]:
    return {key: from_json(said) for key, said in rows}
