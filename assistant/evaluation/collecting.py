"""Answers of the chat to questions of a set: what was cited is the expected evidence.

Whoever finds an answer worth keeping adds it; the server remembers the last answers, so
that nothing has to be asked again and nobody can add what was never answered.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from assistant.answers import Answer, Citation, Turn
from assistant.evaluation.questions import ACCEPTED
from index.documents import Principal

DEFAULT_SET = "my-questions"

MOST_REMEMBERED = 500
"""Answers, of all people together."""

ID_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, what was said before it, and who got it."""

    answer: Answer
    history: tuple[Turn, ...]
    principal_id: str

    def as_row(self) -> dict[str, Any]:
        """The line of a question set."""
        answer, query = self.answer, self.answer.query
        names = list(dict.fromkeys(citation.source.name for citation in answer.citations))
        row: dict[str, Any] = {
            "id": self._id(),
            "question": query.question,
            "answerable": answer.answered,
            "evidence": [_place(citation) for citation in answer.citations],
            "tags": ["chat"],
            "review": ACCEPTED,
        }
        if len(names) == 1:
            row["document"] = names[0]
        if self.history:
            row["history"] = [{"role": t.role, "content": t.content} for t in self.history]
        if query.asks in ("said", "whether") and query.speaker:
            row["speaker"] = query.speaker
            row["gold"] = [{"spans": [_place(citation)]} for citation in answer.citations]
        return row

    def _id(self) -> str:
        """The same for the same question after the same conversation."""
        said = "\n".join([*(turn.content for turn in self.history), self.answer.query.question])
        return f"chat-{sha256(said.encode()).hexdigest()[:ID_LENGTH]}"


class AnswerMemory:
    """The last answers, each under a name that nobody can guess."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answered] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, answer: Answer, history: Sequence[Turn], principal: Principal) -> str:
        """Remember it; its name."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._answers[name] = Answered(answer, tuple(history), principal.id)
            while len(self._answers) > MOST_REMEMBERED:
                self._answers.popitem(last=False)
        return name

    def find(self, name: str, principal: Principal) -> Answered | None:
        """The answer, if it is remembered and was given to this person."""
        answered = self._answers.get(name)
        return answered if answered and answered.principal_id == principal.id else None


def _place(citation: Citation) -> dict[str, Any]:
    return {
        "document": citation.source.name,
        "start": citation.span.start,
        "end": citation.span.end,
        "text": citation.quote,
    }
