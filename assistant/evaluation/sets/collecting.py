"""Answers of the chat to questions of a set: what was cited is the expected evidence.

Whoever finds an answer worth keeping adds it; the server remembers the last answers, so
that nothing has to be asked again and nobody can add what was never answered.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from assistant.answers import Answer, Citation, Turn
from assistant.evaluation.sets.questions import ACCEPTED
from index.documents import Source
from index.search.view import Library

DEFAULT_SET = "my-questions"

MOST_REMEMBERED = 500
"""Answers, of all people together."""

ID_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, what was said before it, and who got it. `before` are the documents that
    the earlier answers have words of."""

    answer: Answer
    history: tuple[Turn, ...]
    principal_id: str
    before: frozenset[Source] = frozenset()

    @property
    def tells_of(self) -> frozenset[Source]:
        """Every document that the conversation so far has words of."""
        return self.before | _shown_in(self.answer)

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
            before = sorted({source.name for source in self.before})
            row["history_documents"] = [{"document": name} for name in before]
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

    def keep(
        self, answer: Answer, history: Sequence[Turn], earlier: Iterable[str], library: Library
    ) -> str | None:
        """Remember it; its name. `earlier` are the names of the answers that the history has
        words of: None if one of them is remembered no more."""
        before = [self.find(name, library) for name in earlier]
        known = [answered.tells_of for answered in before if answered]
        if len(known) < len(before):
            return None
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._answers[name] = Answered(
                answer, tuple(history), library.principal.id, frozenset().union(*known)
            )
            while len(self._answers) > MOST_REMEMBERED:
                self._answers.popitem(last=False)
        return name

    def find(self, name: str, library: Library) -> Answered | None:
        """The answer, if it is remembered, was given to this person, and they may still read
        read what it has words of."""
        answered = self._answers.get(name)
        if answered is None or answered.principal_id != library.principal.id:
            return None
        wanted = frozenset(source.id for source in answered.tells_of)
        return answered if library.visible(wanted) == wanted else None


def _shown_in(answer: Answer) -> frozenset[Source]:
    """The documents that an answer, or what is said in place of one, has words of."""
    said = answer.found.said
    statements = (*said.statements, *said.nearest, *said.by_others) if said else ()
    cited = (*answer.citations, *(answer.refusal.considered if answer.refusal else ()))
    return frozenset(
        [*(citation.source for citation in cited), *(hit.source for hit in statements)]
    )


def _place(citation: Citation) -> dict[str, Any]:
    return {
        "document": citation.source.name,
        "start": citation.span.start,
        "end": citation.span.end,
        "text": citation.quote,
    }
