"""Conversations: what somebody asked, and which characters of which documents answered.

The words are read again when somebody looks, with their rights of that moment: what they
may not read any more, or what has changed, is not shown. What a language model wrote is
not kept, for it may hold words of what has since been hidden; its sources are.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.accounts.store import Store
from assistant.answers import Answer, Turn
from assistant.errors import NoSuchConversation
from index.documents import Document, Principal, Span
from index.errors import DocumentNotFound

MOST_EACH = 200
"""Conversations of one person; of more, those that were left longest ago are dropped."""

MOST_TURNS = 100
"""Questions in one conversation."""

REMEMBERED = 10
"""Questions of a conversation that a follow-up can refer to."""

Read = Callable[[str], Document]
"""A document by its id, as the person who looks may read it. Raises DocumentNotFound."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that were cited: None if they can no longer be shown as they were."""

    number: int
    document_id: str
    version: str
    span: Span
    words: str | None


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question of a conversation and what was cited for it. `asked` is in seconds
    since 1970."""

    asked: float
    question: str
    standalone_question: str
    mode: str
    outcome: str
    quoted: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation, its first question as its title. Times are seconds since 1970."""

    id: str
    title: str
    started: float
    changed: float


class Conversations:
    """The conversations of everybody; each sees their own."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def start(self, principal: Principal) -> str:
        """A new one; its id."""
        id, now = secrets.token_urlsafe(16), self._clock()
        with self._store.writing():
            self._store.do("INSERT INTO conversations VALUES (?,?,?,?)", id, principal.id, now, now)
            self._store.do(
                "DELETE FROM conversations WHERE principal = ? AND id NOT IN (SELECT id FROM "
                "conversations WHERE principal = ? ORDER BY changed DESC, id LIMIT ?)",
                principal.id, principal.id, MOST_EACH,
            )  # fmt: skip
        return id

    def add(self, id: str, principal: Principal, answer: Answer) -> None:
        """Note a question and where its answer stands. Raises NoSuchConversation."""
        self._own(id, principal)
        places = [
            [c.number, c.source.id, c.source.version, c.span.start, c.span.end, _hash(c.quote)]
            for c in answer.citations
        ]
        now = self._clock()
        with self._store.writing():
            ((number,),) = self._store.rows(
                "SELECT COALESCE(MAX(number), 0) + 1 FROM turns WHERE conversation = ?", id
            )
            self._store.do(
                "INSERT INTO turns VALUES (?,?,?,?,?,?,?,?)",
                id, number, now, answer.query.question, answer.query.standalone_question,
                answer.mode, answer.outcome, json.dumps(places),
            )  # fmt: skip
            self._store.do(
                "DELETE FROM turns WHERE conversation = ? AND number <= ?", id, number - MOST_TURNS
            )
            self._store.do("UPDATE conversations SET changed = ? WHERE id = ?", now, id)

    def all(self, principal: Principal) -> Sequence[Conversation]:
        """A person's own, the latest first."""
        rows = self._store.rows(
            "SELECT c.id, COALESCE((SELECT question FROM turns t WHERE t.conversation = c.id "
            "ORDER BY number LIMIT 1), ''), c.started, c.changed FROM conversations c "
            "WHERE c.principal = ? ORDER BY c.changed DESC, c.id",
            principal.id,
        )
        return [Conversation(*row) for row in rows]

    def turns(self, id: str, principal: Principal, read: Read) -> Sequence[KeptQuestion]:
        """One's questions, with what may be shown. Raises NoSuchConversation."""
        self._own(id, principal)
        rows = self._store.rows(
            "SELECT asked, question, standalone, mode, outcome, places FROM turns "
            "WHERE conversation = ? ORDER BY number",
            id,
        )
        return [
            KeptQuestion(
                at, asked, alone, mode, outcome, tuple(_quoted(p, read) for p in json.loads(places))
            )
            for at, asked, alone, mode, outcome, places in rows
        ]

    def history(self, id: str, principal: Principal, read: Read) -> Sequence[Turn]:
        """What a follow-up may refer to. Raises NoSuchConversation."""
        history = []
        for asked in self.turns(id, principal, read)[-REMEMBERED:]:
            words = " ".join(quoted.words for quoted in asked.quoted if quoted.words)
            history.append(Turn("user", asked.standalone_question))
            history.append(Turn("assistant", words))
        return history

    def remove(self, id: str, principal: Principal) -> None:
        """Forget one. Raises NoSuchConversation."""
        self._own(id, principal)
        self._store.do("DELETE FROM conversations WHERE id = ?", id)

    def _own(self, id: str, principal: Principal) -> None:
        """Somebody else's does not exist."""
        found = self._store.row(
            "SELECT 1 FROM conversations WHERE id = ? AND principal = ?", id, principal.id
        )
        if found is None:
            raise NoSuchConversation("There is no such conversation.")


def _quoted(place: Sequence[object], read: Read) -> Quoted:
    number, document_id, version, start, end, hashed = place
    span = Span(int(str(start)), int(str(end)))
    return Quoted(
        int(str(number)),
        str(document_id),
        str(version),
        span,
        _words(str(document_id), span, str(hashed), read),
    )


def _words(document_id: str, span: Span, hashed: str, read: Read) -> str | None:
    try:
        words = read(document_id).text[span.start : span.end]
    except DocumentNotFound:
        return None
    return words if _hash(words) == hashed else None


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
