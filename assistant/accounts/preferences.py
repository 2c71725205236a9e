"""What each person set for themselves: how pages look and speak, and how they are answered."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Literal

from assistant.accounts.store import Store
from assistant.answers import Mode
from index.documents import Principal

Theme = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody set; what they did not is that of their browser, or of the server: `language`
    and `model` are "", and `answer_from` is None."""

    language: str = ""
    theme: Theme = "system"
    mode: Mode = "quote"
    model: str = ""
    answer_from: float | None = None


NOTHING_SET = Preferences()

NAMES = frozenset(field.name for field in fields(Preferences))


class PreferencesOfAll:
    """Those of everybody; each has their own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, principal: Principal) -> Preferences:
        """What this person set."""
        row = self._store.row("SELECT chosen FROM preferences WHERE principal = ?", principal.id)
        chosen = json.loads(row[0]) if row else {}
        return Preferences(**{name: chosen[name] for name in NAMES & chosen.keys()})

    def keep(self, principal: Principal, preferences: Preferences) -> None:
        """From now on these."""
        self._store.do(
            "INSERT INTO preferences VALUES (?,?) "
            "ON CONFLICT (principal) DO UPDATE SET chosen = excluded.chosen",
            principal.id, json.dumps(asdict(preferences)),
        )  # fmt: skip
