"""Asking for callers: whoever leaves before the end was shown what the ledger says."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.accounts.conversations import Conversations
from assistant.accounts.ledger import Ledger
from assistant.accounts.store import Store
from assistant.answers import Answer, Claim
from assistant.chat import Assistant
from assistant.web.asking import Asked, Asking
from assistant.web.entry.callers import LOCAL_CALLER
from assistant.web.entry.observing import Figures
from tests.running import running
from tests.scripted import Conversation, scripted_server

QUESTION = "What did Rahmon say?"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(Store(tmp_path))


@pytest.fixture
def asking(tmp_path: Path, ledger: Ledger, seed_assistant: Assistant) -> Asking:
    return Asking(seed_assistant, ledger, Conversations(Store(tmp_path)), Figures())


def places(ledger: Ledger) -> list[tuple[Any, ...]]:
    """What somebody saw, the first first: (start, end)."""
    lines = [json.loads(deed.what) for deed in reversed(ledger.deeds(99)) if deed.deed == "saw"]
    return [tuple(place[2:]) for line in lines for place in line]


def test_what_was_shown_is_noted_wherever_somebody_leaves(asking: Asking, ledger: Ledger) -> None:
    """After each event in turn: all that went out so far, and nothing else."""
    whole = asking.ask(LOCAL_CALLER, Asked(QUESTION))
    assert len(whole.claims) > 1
    assert places(ledger) == [(c.span.start, c.span.end) for c in whole.citations]
    for left_after in range(1, 4 + len(whole.claims)):
        before = len(places(ledger))
        shown: list[tuple[int, int]] = []
        with closing(asking.stream(LOCAL_CALLER, Asked(QUESTION))) as events:
            for _, event in zip(range(left_after), events, strict=False):
                if isinstance(event, Claim):
                    cited = [(c.span.start, c.span.end) for c in event.cited]
                    shown += [place for place in cited if place not in shown]
                assert places(ledger)[before:] == shown, "noted before it is shown"
        assert places(ledger)[before:] == shown
    assert isinstance(event, Answer)


def test_an_answer_that_comes_in_pieces_counts_once(asking: Asking, ledger: Ledger) -> None:
    for _ in asking.stream(LOCAL_CALLER, Asked(QUESTION)):
        pass
    assert [each.questions for each in ledger.usage(1)] == [1]
    seen = places(ledger)
    assert len(seen) == len(set(seen))


def test_what_is_stopped_stays_in_its_conversation_until_it_is_answered(
    asking: Asking, tmp_path: Path
) -> None:
    """It is nothing that a follow-up refers to; asked again it is answered in its place."""
    conversations = Conversations(Store(tmp_path))
    principal = LOCAL_CALLER.principal
    id = conversations.start(principal)
    asked = Asked(QUESTION, conversation=id)
    with closing(asking.stream(LOCAL_CALLER, asked)) as events:
        next(events)
    (stopped,) = conversations.turns(id, principal)
    assert (stopped.question, stopped.is_stopped) == (QUESTION, True)
    assert conversations.history(id, principal, lambda _: None) == []  # type: ignore[arg-type,return-value]
    asking.ask(LOCAL_CALLER, asked)
    (answered,) = conversations.turns(id, principal)
    assert not answered.is_stopped


def test_a_refusal_is_noted_with_what_it_shows(asking: Asking, ledger: Ledger) -> None:
    *_, answer = asking.stream(LOCAL_CALLER, Asked("Who won the cup in Lima?"))
    assert isinstance(answer, Answer)
    assert answer.refusal
    shown = [(c.span.start, c.span.end) for c in answer.refusal.considered]
    assert places(ledger) == shown


@pytest.mark.parametrize("api", ["/api/v1/ask", "/v1/chat/completions"])
def test_who_hangs_up_after_the_first_sentence_was_shown_it(
    tmp_path: Path, seed_home: Path, api: str
) -> None:
    """Written answers take long: the model says a sentence, and then nothing for a while."""
    with (
        scripted_server(one_sentence) as model,
        running(seed_home, tmp_path / "home", model="openai:m", base_url=model.url) as server,
    ):
        headers = {"authorization": f"Bearer {server.key}", "accept": "text/event-stream"}
        asked: dict[str, Any] = {"question": "What did Rahmon say about students?", "mode": "write"}
        if api.startswith("/v1"):
            said = [{"role": "user", "content": asked["question"]}]
            asked = {"model": "onrecord-write", "messages": said, "stream": True}
        ledger = Ledger(Store(server.home))
        with httpx.stream(
            "POST", server.url + api, json=asked, headers=headers, timeout=60
        ) as reply:
            for line in reply.iter_lines():
                if "20,000 Tajik citizens" in line:
                    break
        assert places(ledger)


def one_sentence(conversation: Conversation) -> None:
    """And then silence until the caller has gone."""
    conversation.begin()
    conversation.say("About 20,000 Tajik citizens study in Russia [1]. ", "It ")
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        conversation.say("is ", pause=0.1)
