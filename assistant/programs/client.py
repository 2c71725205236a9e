"""A client for programs: asks a running server of On Record by HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Literal
from urllib.parse import quote

import httpx

from assistant.answers import Mode
from assistant.errors import ServerUnreachable, WrongUse

API = "/api/v1"
ON_BEHALF_OF = "X-Assist-On-Behalf-Of"

TOO_MUCH = frozenset({429, 503})
TRIES = 5
LONGEST_WAIT = 60.0
"""Seconds in all that one call waits because the server says that it is too much. Chosen, not
measured: a minute fills the allowance of a key."""

TIMEOUT = httpx.Timeout(10, read=300)
"""Seconds: a written answer may take minutes to begin."""


class Client:
    """A server at `url`, for the caller whose API key is `key`; None on one's own computer.

    With `on_behalf_of` the caller acts for a person: a portal's assertion about them, or what
    gives one, and is asked before each call: an assertion lives for minutes.

    Answers and the rest are what the API gives: dictionaries, see /api/v1/openapi.json on
    the server. If the server says that it is too much, a call waits as long as the server
    asks for, at most a minute in all. Raises WrongUse with the server's words if it turns a
    call down, ServerUnreachable if it does not answer or breaks off. Good for one thread;
    to be closed, or used by `with`.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        on_behalf_of: str | Callable[[], str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = url.rstrip("/")
        self._http = httpx.Client(base_url=f"{self._url}{API}", headers=headers, timeout=TIMEOUT)
        self._on_behalf_of = on_behalf_of
        self._sleep = sleep

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] = (),
        *,
        documents: str | None = None,
        mode: Mode = "quote",
        conversation: str | None = None,
    ) -> dict[str, Any]:
        """The answer. `history` has earlier messages, {"role", "content"} each; `documents`
        is a glob; with the id of a `conversation` its history is known."""
        body = _question(question, history, documents, mode, conversation)
        return self._json("POST", "/ask", json=body)  # type: ignore[no-any-return]

    def stream(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] = (),
        *,
        documents: str | None = None,
        mode: Mode = "quote",
        conversation: str | None = None,
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The events of an answer as they come, name and data: understanding, sources,
        sentence, verdict, and at last done with the whole answer."""
        body = _question(question, history, documents, mode, conversation)
        headers = {"Accept": "text/event-stream"}
        with self._reply("POST", "/ask", json=body, headers=headers) as reply:
            name = ""
            for name, data in _events(reply.iter_lines()):
                if name == "error":
                    raise WrongUse(data["message"])
                yield name, data
            if name != "done":
                raise self._unreachable("the answer broke off")

    def conversations(self) -> list[dict[str, Any]]:
        """One's own, the latest first."""
        return self._json("GET", "/conversations")  # type: ignore[no-any-return]

    def start_conversation(self) -> str:
        """The id of a new one."""
        return str(self._json("POST", "/conversations")["id"])

    def conversation(self, id: str) -> dict[str, Any]:
        """One of them, with its questions and the words cited."""
        return self._json("GET", f"/conversations/{id}")  # type: ignore[no-any-return]

    def remove_conversation(self, id: str) -> None:
        """Forget it."""
        self._json("DELETE", f"/conversations/{id}")

    def documents(self, limit: int = 10_000) -> list[dict[str, Any]]:
        """Those that one may read, by name."""
        return self._json(  # type: ignore[no-any-return]
            "GET", "/documents", params={"limit": limit}
        )

    def text(self, id: str, start: int = 0, end: int | None = None) -> str:
        """Characters of a document, at most a million."""
        params = {"start": start} if end is None else {"start": start, "end": end}
        return str(self._json("GET", f"/documents/{id}/text", params=params)["text"])

    def original(self, id: str) -> bytes:
        """The file that a document was read from, as long as it is still the same."""
        with self._reply("GET", f"/documents/{id}/original") as reply:
            return reply.read()

    def structure(self, id: str) -> dict[str, Any]:
        """What the parts of a document are, each a span of its text."""
        return self._json("GET", f"/documents/{id}/structure")  # type: ignore[no-any-return]

    def statements(
        self,
        speaker: str | None = None,
        about: str | None = None,
        document: str | None = None,
        limit: int = 50,
    ) -> list[dict[str, Any]]:
        """What was said by a speaker, about a topic, in documents (a glob)."""
        wanted = {"speaker": speaker, "about": about, "document": document, "limit": limit}
        return self._json(  # type: ignore[no-any-return]
            "GET", "/statements", params=_given(wanted)
        )

    def speakers(self, document: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """Who is credited with statements, most of them first."""
        wanted = {"document": document, "limit": limit}
        return self._json(  # type: ignore[no-any-return]
            "GET", "/speakers", params=_given(wanted)
        )

    def verify(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """What has become of each citation of an answer that was saved."""
        return self._json("POST", "/verify", json=answer)  # type: ignore[no-any-return]

    def feedback(self, answer: Mapping[str, Any], *, good: bool, words: str = "") -> None:
        """Say what one thinks of an answer."""
        body = {
            "question": answer["question"],
            "outcome": answer["outcome"],
            "verdict": "good" if good else "bad",
            "words": words,
        }
        self._json("POST", "/feedback", json=body)

    def question_sets(self) -> list[dict[str, Any]]:
        """The question sets of the server, and how far they are reviewed."""
        return self._json("GET", "/evaluations/sets")  # type: ignore[no-any-return]

    def evaluations(self, start: int = 0, limit: int = 50) -> list[dict[str, Any]]:
        """One's own runs of question sets, the latest first."""
        return self._json(  # type: ignore[no-any-return]
            "GET", "/evaluations", params={"start": start, "limit": limit}
        )

    def start_evaluation(
        self, questions: str, *, scope: Literal["all", "document"] = "all", mode: Mode = "quote"
    ) -> dict[str, Any]:
        """Run a question set by its name: of all documents, or of each question's own."""
        body = {"questions": questions, "scope": scope, "mode": mode}
        return self._json("POST", "/evaluations", json=body)  # type: ignore[no-any-return]

    def evaluation(self, name: str) -> dict[str, Any]:
        """A run: its `phase`, how many questions are `done`, the `figures` so far."""
        return self._json("GET", _run(name))  # type: ignore[no-any-return]

    def stop_evaluation(self, name: str) -> dict[str, Any]:
        """End a run after the question that is being asked."""
        return self._json("POST", _run(name, "/stop"))  # type: ignore[no-any-return]

    def continue_evaluation(self, name: str) -> dict[str, Any]:
        """Go on with a run that was stopped."""
        return self._json("POST", _run(name, "/continue"))  # type: ignore[no-any-return]

    def evaluation_figures(self, name: str) -> dict[str, Any]:
        """The figures of a finished run and their intervals."""
        return self._json("GET", _run(name, "/figures"))  # type: ignore[no-any-return]

    def evaluation_records(
        self, name: str, start: int = 0, limit: int = 50
    ) -> list[dict[str, Any]]:
        """The questions of a finished run and what was said, from the `start`-th on."""
        return self._json(  # type: ignore[no-any-return]
            "GET", _run(name, "/records"), params={"start": start, "limit": limit}
        )

    def evaluation_report(self, name: str) -> str:
        """The report of a finished run, a file of HTML."""
        with self._reply("GET", _run(name, "/report")) as reply:
            return reply.read().decode()

    def compare_evaluations(self, name: str, baseline: str) -> dict[str, Any]:
        """What changed in a run since another one, and whether chance would explain it."""
        return self._json(  # type: ignore[no-any-return]
            "GET", _run(name, "/comparison"), params={"baseline": baseline}
        )

    def _json(self, method: str, path: str, **request: Any) -> Any:
        with self._reply(method, path, **request) as reply:
            content = reply.read()
            return json.loads(content) if content else None

    @contextmanager
    def _reply(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **request: Any
    ) -> Iterator[httpx.Response]:
        """A good reply, its body still to be read; after waiting if the server asks for it."""
        left = LONGEST_WAIT
        try:
            for further in reversed(range(TRIES)):
                said = {**(headers or {}), **self._for_whom()}
                with self._http.stream(method, path, headers=said, **request) as reply:
                    if reply.is_success:
                        yield reply
                        return
                    wait = _wait(reply)
                    if wait is None or wait > left or not further:
                        raise WrongUse(self._refused(reply))
                left -= wait
                self._sleep(wait)
        except httpx.HTTPError as error:
            raise self._unreachable(str(error)) from error

    def _for_whom(self) -> Mapping[str, str]:
        if self._on_behalf_of is None:
            return {}
        given = self._on_behalf_of
        return {ON_BEHALF_OF: given if isinstance(given, str) else given()}

    def _refused(self, reply: httpx.Response) -> str:
        """In the server's words if they are its own."""
        reply.read()
        try:
            error = reply.json()["error"]
            code, words = str(error["code"]), str(error["message"])
        except (ValueError, KeyError, TypeError):
            return (
                f"{self._url} answers with status {reply.status_code}, and not as On Record "
                "does. Is the address right?"
            )
        if code == "unauthorized":
            return f"{self._url} does not take the API key, or needs one. {words}"
        return words

    def _unreachable(self, reason: str) -> ServerUnreachable:
        return ServerUnreachable(
            f"The server at {self._url} does not answer, or not to the end: {reason}. Is it "
            "running? Start it with: onrecord serve"
        )


def _question(
    question: str,
    history: Sequence[Mapping[str, str]],
    documents: str | None,
    mode: Mode,
    conversation: str | None,
) -> dict[str, Any]:
    return {
        "question": question,
        "history": [dict(turn) for turn in history],
        "documents": documents,
        "mode": mode,
        "conversation": conversation,
    }


def _run(name: str, further: str = "") -> str:
    return f"/evaluations/{quote(name, safe='')}{further}"


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _wait(reply: httpx.Response) -> float | None:
    """Seconds that the server asks to wait; None if to wait is no use."""
    said = reply.headers.get("retry-after", "")
    return float(said) if reply.status_code in TOO_MUCH and said.isdecimal() else None


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Server-sent events, each with one line of data. Comments are skipped."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
