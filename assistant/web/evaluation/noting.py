"""Question sets on behalf of a caller: the page and the API run and read them through here,
so that it is noted who ran what and who was shown the words that came of it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.accounts.ledger import Ledger
from assistant.evaluation.desk import Desk
from assistant.evaluation.runs.results import Row
from assistant.evaluation.scoring.records import Record
from assistant.web.entry.callers import Caller


class Evaluating:
    """What is noted of a desk. Raises as that does."""

    def __init__(self, desk: Desk, ledger: Ledger) -> None:
        self._desk = desk
        self._ledger = ledger

    def start(self, caller: Caller, questions: str, scope: str, mode: str) -> str:
        """Begin a run; its name."""
        name = self._desk.start(questions, scope, mode, caller.principal)
        self._note(caller, "began run", name)
        return name

    def go_on(self, caller: Caller, name: str) -> None:
        """Go on with a run that was stopped."""
        self._desk.go_on(name, caller.principal)
        self._note(caller, "went on with run", name)

    def stop(self, caller: Caller, name: str = "") -> None:
        """End the run that is going on, or the one of this name only."""
        state = self._desk.stop(caller.principal, name)
        if state is not None:
            self._note(caller, "stopped run", state.name)

    def report(self, caller: Caller, name: str) -> str | None:
        """The report of a run, None if it has none."""
        html = self._desk.report(name, caller.principal)
        self._note(caller, "read report of run", name)
        return html

    def records(self, caller: Caller, name: str) -> Sequence[tuple[Row, Record]]:
        """Every question of a run, and what was said."""
        records = self._desk.records(name, caller.principal)
        self._note(caller, "read records of run", name)
        return records

    def _note(self, caller: Caller, deed: str, name: str) -> None:
        self._ledger.did(caller.principal, caller.session, deed, name)
