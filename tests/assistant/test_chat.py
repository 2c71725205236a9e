"""The path from a question to an answer, and what its stream tells on the way."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.answers import Answer, Claim, Turn
from assistant.chat import AT_WORK, Assistant
from assistant.errors import WrongUse
from index.documents import LOCAL_USER, Found, Query
from index.errors import DocumentNotFound
from index.search.view import View
from tests.conftest import SEED, MakeCollection

QUESTION = "what did Rahmon say about students?"


def test_a_stream_tells_the_query_what_was_found_each_claim_and_the_answer(
    seed_assistant: Assistant,
) -> None:
    """In this order; the answer is whole and comes last."""
    query, found, *claims, answer = seed_assistant.stream(QUESTION, principal=LOCAL_USER)
    assert isinstance(query, Query)
    assert isinstance(found, Found)
    assert isinstance(answer, Answer)
    assert all(isinstance(claim, Claim) for claim in claims)
    assert tuple(claims) == answer.claims
    assert (answer.query, answer.found) == (query, found)


def test_a_refusal_streams_no_claims(seed_assistant: Assistant) -> None:
    events = list(seed_assistant.stream("What is the capital of France?", principal=LOCAL_USER))
    assert [type(event) for event in events] == [Query, Found, Answer]


def test_asking_gives_the_answer_of_the_stream(seed_assistant: Assistant) -> None:
    """Question by question the same."""
    *_, last = seed_assistant.stream(QUESTION, principal=LOCAL_USER)
    answer = seed_assistant.ask(QUESTION, principal=LOCAL_USER)
    assert isinstance(last, Answer)
    assert (answer.claims, answer.citations) == (last.claims, last.citations)


def test_an_earlier_turn_does_not_hinder(seed_assistant: Assistant) -> None:
    history = [Turn("user", "Who is Rahmon?"), Turn("assistant", "A president. [1]")]
    answer = seed_assistant.ask(QUESTION, history, principal=LOCAL_USER)
    assert answer.answered


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 3_000])
def test_a_question_that_cannot_be_asked_is_refused(
    question: str, seed_assistant: Assistant
) -> None:
    """Before anything is searched."""
    with pytest.raises(WrongUse, match="question"):
        seed_assistant.ask(question, principal=LOCAL_USER)


def test_written_answers_are_refused_with_what_to_do(seed_assistant: Assistant) -> None:
    with pytest.raises(WrongUse, match="or ask in quote mode"):
        seed_assistant.ask(QUESTION, principal=LOCAL_USER, mode="write")


def test_a_mode_that_does_not_exist_is_refused(seed_assistant: Assistant) -> None:
    """It may come from a request; the message names those that exist."""
    with pytest.raises(WrongUse, match="quote"):
        seed_assistant.ask(QUESTION, principal=LOCAL_USER, mode="guess")  # type: ignore[arg-type]


def test_an_answer_says_how_long_each_stage_took(seed_assistant: Assistant) -> None:
    """Without the time that its reader took between two events."""
    events = seed_assistant.stream(QUESTION, principal=LOCAL_USER)
    answer = None
    for answer in events:
        time.sleep(0.2 if isinstance(answer, Query | Found) else 0)
    assert isinstance(answer, Answer)
    assert {"search", "draft", "verify", "embed"} <= set(answer.timings_ms)
    assert all(milliseconds >= 0 for milliseconds in answer.timings_ms.values())


def test_only_so_many_answers_are_worked_at_at_a_time(
    make_collection: MakeCollection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others wait for their turn, and all get theirs."""
    index = make_collection({"a.txt": "Ada baked bread for the whole of France."}).open_index()
    search, lock = View.search, threading.Lock()
    inside = most = 0

    def slow_search(view: View, query: Query, count: int = 10) -> Found:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.05)
        with lock:
            inside -= 1
        return search(view, query, count)

    monkeypatch.setattr(View, "search", slow_search)
    assistant = Assistant(index)
    with ThreadPoolExecutor(4 * AT_WORK) as pool:
        asked = [
            pool.submit(assistant.ask, "What did Ada bake?", principal=LOCAL_USER)
            for _ in range(4 * AT_WORK)
        ]
        assert all(each.result().answered for each in asked)
    assert 1 <= most <= AT_WORK


def test_documents_can_be_read_and_listed(seed_assistant: Assistant) -> None:
    """Whole, by the id that a citation has."""
    answer = seed_assistant.ask(QUESTION, principal=LOCAL_USER)
    source = answer.citations[0].source
    assert source in seed_assistant.view_of(LOCAL_USER).sources()
    document = seed_assistant.view_of(LOCAL_USER).document(source.id)
    assert document.text == SEED.read_text("utf-8")
    with pytest.raises(DocumentNotFound, match="no document none"):
        seed_assistant.view_of(LOCAL_USER).document("none")


def test_the_status_says_how_much_is_indexed(seed_assistant: Assistant) -> None:
    status = seed_assistant.view_of(LOCAL_USER).status()
    assert status.documents == len(seed_assistant.view_of(LOCAL_USER).sources()) >= 1
    assert status.passages > 1
    assert status.embedder.startswith("all-MiniLM-L6-v2@")
