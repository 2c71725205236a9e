"""Conversations: what somebody asked, and which characters of which documents answered.

The words are read again when somebody looks, with their rights of that moment: what they
may not read any more, or what has changed, is not shown. What a language model wrote is kept
for those alone who may read all that it was given.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.accounts.outlining import AnswerOutline, KeptPlace, Read, Today, outline_of, today
from assistant.accounts.store import Store
from assistant.answers import Answer, Turn
from assistant.errors import NoSuchConversation, WrongUse
from index.documents import Principal
from index.english.spelling import folded

MOST_EACH = 200
"""Conversations of one person; of more, those that were left longest ago are dropped."""

MOST_TURNS = 500
"""Questions in one conversation."""

REMEMBERED = 10
"""Questions of a conversation that a follow-up can refer to."""

LONGEST_TITLE = 200

FOUND_SOMETHING = ("answered", "partly")
"""The outcomes of questions that tell what a conversation is about: one that begins with "hi" is
not about that."""

STOPPED = "stopped"
"""The outcome of a question that somebody did not want answered any more."""


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question of a conversation and what was cited for it. `asked` is in seconds
    since 1970. `outline` is None for one that an earlier version kept, and for one that was
    stopped; `verdict` is what its person thinks of the answer, "" while they have not said."""

    number: int
    asked: float
    question: str
    standalone_question: str
    mode: str
    outcome: str
    places: tuple[KeptPlace, ...]
    outline: AnswerOutline | None = None
    verdict: str = ""

    @property
    def is_stopped(self) -> bool:
        """Was it stopped before there was an answer?"""
        return self.outcome == STOPPED

    def quoted(self, read: Read) -> tuple[Today, ...]:
        """Its citations, as the person who looks may read them."""
        return tuple(today(place, read) for place in self.places)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation; its title is the first of its questions that was answered, or the first,
    until it is given another. Times are
    seconds since 1970."""

    id: str
    title: str
    started: float
    changed: float


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody shows to the people of a tenant: some questions of a conversation."""

    title: str
    turns: tuple[KeptQuestion, ...]


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

    def add(self, id: str, principal: Principal, answer: Answer) -> int:
        """Note a question and where its answer stands; its number. Raises NoSuchConversation."""
        self._own(id, principal)
        places = [KeptPlace.of(citation).as_row() for citation in answer.citations]
        typed = " ".join(asked for (asked,) in self._questions(id))
        outline = outline_of(answer, f"{typed} {answer.query.question}").as_json()
        query = answer.query
        with self._store.writing():
            # What was stopped and asked again is answered in its place.
            self._store.do(
                "DELETE FROM turns WHERE conversation = ? AND outcome = ? AND question = ? AND "
                "number = (SELECT MAX(number) FROM turns WHERE conversation = ?)",
                id, STOPPED, query.question, id,
            )  # fmt: skip
            number = self._append(
                id, query.question, query.standalone_question, answer.mode, answer.outcome, places
            )
            self._store.do("INSERT INTO outlines VALUES (?,?,?)", id, number, outline)
        return number

    def stop(self, id: str, principal: Principal, question: str, mode: str) -> None:
        """Note a question that was stopped before it was answered. Raises NoSuchConversation."""
        self._own(id, principal)
        with self._store.writing():
            self._append(id, question, question, mode, STOPPED, [])

    def think(self, id: str, principal: Principal, number: int, verdict: str) -> None:
        """Note what one thinks of an answer. Raises NoSuchConversation."""
        self._own(id, principal)
        self._store.do(
            "INSERT INTO opinions SELECT conversation, number, ? FROM turns "
            "WHERE conversation = ? AND number = ? "
            "ON CONFLICT (conversation, number) DO UPDATE SET verdict = excluded.verdict",
            verdict, id, number,
        )  # fmt: skip

    def _append(
        self, id: str, question: str, alone: str, mode: str, outcome: str, places: Sequence[object]
    ) -> int:
        """Its number; of more than MOST_TURNS the first are dropped."""
        now = self._clock()
        ((number,),) = self._store.rows(
            "SELECT COALESCE(MAX(number), 0) + 1 FROM turns WHERE conversation = ?", id
        )
        self._store.do(
            "INSERT INTO turns VALUES (?,?,?,?,?,?,?,?)",
            id, number, now, question, alone, mode, outcome, json.dumps(places),
        )  # fmt: skip
        self._store.do(
            "DELETE FROM turns WHERE conversation = ? AND number <= ?", id, number - MOST_TURNS
        )
        self._store.do("UPDATE conversations SET changed = ? WHERE id = ?", now, id)
        return int(number)

    def all(self, principal: Principal, find: str = "") -> Sequence[Conversation]:
        """A person's own, the latest first: those that have each of these words, or beginnings
        or parts of words, in their title or questions."""
        rows = self._store.rows(
            "SELECT c.id, COALESCE(n.title, (SELECT question FROM turns t WHERE "
            "t.conversation = c.id ORDER BY CASE WHEN outcome IN (?,?) THEN 0 ELSE 1 END, "
            "number LIMIT 1), ''), c.started, c.changed "
            "FROM conversations c LEFT JOIN titles n ON n.conversation = c.id "
            "WHERE c.principal = ? ORDER BY c.changed DESC, c.id",
            *FOUND_SOMETHING,
            principal.id,
        )
        found, wanted = [Conversation(*row) for row in rows], folded(find).split()
        if not wanted:
            return found
        said = {each.id: " ".join(asked for (asked,) in self._questions(each.id)) for each in found}
        texts = {each.id: folded(f"{each.title} {said[each.id]}") for each in found}
        return [each for each in found if all(part in texts[each.id] for part in wanted)]

    def one(self, id: str, principal: Principal) -> Conversation:
        """One's own by its id. Raises NoSuchConversation."""
        own = {each.id: each for each in self.all(principal)}
        if id not in own:
            raise _no_such()
        return own[id]

    def turns(self, id: str, principal: Principal) -> Sequence[KeptQuestion]:
        """One's questions. Raises NoSuchConversation."""
        self._own(id, principal)
        return self._turns(id)

    def history(self, id: str, principal: Principal, read: Read) -> Sequence[Turn]:
        """What a follow-up may refer to. Raises NoSuchConversation."""
        history = []
        answered = [asked for asked in self.turns(id, principal) if not asked.is_stopped]
        for asked in answered[-REMEMBERED:]:
            words = " ".join(quoted.words for quoted in asked.quoted(read) if quoted.words)
            history.append(Turn("user", asked.standalone_question))
            history.append(Turn("assistant", words))
        return history

    def rename(self, id: str, principal: Principal, title: str) -> None:
        """Give it a title. Raises NoSuchConversation, WrongUse for one that is empty or long."""
        self._own(id, principal)
        words = " ".join(title.split())
        if not 0 < len(words) <= LONGEST_TITLE:
            raise WrongUse(f"A title has 1 to {LONGEST_TITLE} characters.")
        self._store.do(
            "INSERT INTO titles VALUES (?,?) "
            "ON CONFLICT (conversation) DO UPDATE SET title = excluded.title",
            id, words,
        )  # fmt: skip

    def branch(self, id: str, principal: Principal, before: int) -> str:
        """A new conversation with the questions before this number; its id. Raises
        NoSuchConversation."""
        self._own(id, principal)
        new = self.start(principal)
        with self._store.writing():
            for table in COLUMNS:
                columns = ", ".join(COLUMNS[table])
                self._store.do(
                    f"INSERT INTO {table} SELECT ?, {columns} FROM {table} "
                    "WHERE conversation = ? AND number < ?",
                    new, id, before,
                )  # fmt: skip
        return new

    def remove(self, id: str, principal: Principal) -> None:
        """Forget one. Raises NoSuchConversation."""
        self._own(id, principal)
        self._store.do("DELETE FROM conversations WHERE id = ?", id)

    def share(self, id: str, principal: Principal, number: int | None = None) -> str:
        """Show the questions so far, or the one of this number, to the people of one's tenant;
        the id of that. Raises NoSuchConversation."""
        numbers = [turn.number for turn in self.turns(id, principal)]
        if not numbers or number not in (None, *numbers):
            raise _no_such()
        first, last = (numbers[0], numbers[-1]) if number is None else (number, number)
        share = secrets.token_urlsafe(16)
        self._store.do(
            "INSERT INTO shares VALUES (?,?,?,?,?)", share, id, principal.tenant, first, last
        )
        return share

    def unshare(self, id: str, principal: Principal) -> int:
        """Show nothing of it any more; how many links are at their end. Raises
        NoSuchConversation."""
        self._own(id, principal)
        return self._store.do("DELETE FROM shares WHERE conversation = ?", id)

    def is_shared(self, id: str) -> bool:
        """Does a link lead others to some of it?"""
        return self._store.row("SELECT 1 FROM shares WHERE conversation = ?", id) is not None

    def shared(self, share: str, principal: Principal) -> Share:
        """What somebody of one's tenant shows. Raises NoSuchConversation."""
        row = self._store.row(
            "SELECT conversation, first, last FROM shares WHERE id = ? AND tenant = ?",
            share, principal.tenant,
        )  # fmt: skip
        if row is None:
            raise _no_such()
        id, first, last = row
        turns = tuple(turn for turn in self._turns(id) if first <= turn.number <= last)
        if not turns:
            raise _no_such()
        titled = next((turn for turn in turns if turn.outcome in FOUND_SOMETHING), turns[0])
        return Share(titled.question, turns)

    def _turns(self, id: str) -> list[KeptQuestion]:
        rows = self._store.rows(
            "SELECT t.number, asked, question, standalone, mode, outcome, places, outline, verdict "
            "FROM turns t LEFT JOIN outlines o USING (conversation, number) "
            "LEFT JOIN opinions USING (conversation, number) "
            "WHERE conversation = ? ORDER BY t.number",
            id,
        )
        return [
            KeptQuestion(
                number,
                at,
                asked,
                alone,
                mode,
                outcome,
                tuple(map(KeptPlace.from_row, json.loads(places))),
                AnswerOutline.from_json(outline) if outline else None,
                verdict or "",
            )
            for number, at, asked, alone, mode, outcome, places, outline, verdict in rows
        ]

    def _questions(self, id: str) -> Sequence[tuple[str]]:
        return self._store.rows("SELECT question FROM turns WHERE conversation = ?", id)

    def _own(self, id: str, principal: Principal) -> None:
        """Somebody else's does not exist."""
        found = self._store.row(
            "SELECT 1 FROM conversations WHERE id = ? AND principal = ?", id, principal.id
        )
        if found is None:
            raise _no_such()


COLUMNS = {
    "turns": ("number", "asked", "question", "standalone", "mode", "outcome", "places"),
    "outlines": ("number", "outline"),
    "opinions": ("number", "verdict"),
}
"""What is taken over into a branch."""


def _no_such() -> NoSuchConversation:
    return NoSuchConversation("There is no such conversation.")
