"""What those who run a server see of it: never a question, a document's words or a key."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from fastapi import FastAPI

from assistant.web.services import Services
from tests.assistant.web.test_guard import client_of, home, keys, served
from tests.spans import keep_spans

__all__ = ["home", "keys", "served"]

Served = dict[str, tuple[Services, FastAPI]]
QUESTION = "what did Rahmon say about students?"


def test_answers_and_requests_are_counted(served: Served, keys: dict[str, str]) -> None:
    """By outcome and door; a path that somebody made up makes no new figure."""
    client = client_of(served, "local")
    client.post("/api/v1/ask", json={"question": QUESTION})
    client.post("/api/v1/ask", json={"question": "What is the capital of France?"})
    client.get("/made/up/SECRET-PATH")
    assert client_of(served, "portal", keys["ask"]).get("/metrics").status_code == 403
    text = client.get("/metrics").text
    assert 'onrecord_answers_total{mode="quote",outcome="answered"} 1.0' in text
    assert 'onrecord_answers_total{mode="quote",outcome="not_in_documents"} 1.0' in text
    assert 'onrecord_requests_total{door="/api/v1/ask",method="POST",status="200"} 2.0' in text
    assert 'door="closed"' in text
    assert "onrecord_stage_seconds_bucket" in text
    assert "SECRET-PATH" not in text
    assert "Rahmon" not in text


def test_the_log_says_who_passed_which_door_and_no_more(
    served: Served, keys: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """One JSON object a line, also for what was turned away."""
    client = client_of(served, "portal", keys["ask"])
    with caplog.at_level(logging.INFO, "onrecord"):
        client.post("/api/v1/ask", json={"question": QUESTION})
        client.get("/api/v1/speakers?document=SECRET-GLOB*")
        client_of(served, "portal", "ork_wrong_key").get("/api/v1/me")
    lines = [json.loads(r.message) for r in caplog.records if r.name == "onrecord.requests"]
    assert [(line["door"], line["status"], line["principal"]) for line in lines] == [
        ("/api/v1/ask", 200, "key:ask"),
        ("/api/v1/speakers", 200, "key:ask"),
        ("/api/v1/me", 401, ""),
    ]
    for secret in (keys["ask"], "ork_wrong_key", "Rahmon", "SECRET-GLOB"):
        assert secret not in caplog.text


def test_an_answer_is_a_span_without_words(served: Served) -> None:
    """With its outcome and the time of its stages."""
    kept = keep_spans()
    client = client_of(served, "local")
    client.post("/api/v1/ask", json={"question": QUESTION})
    client.get("/api/v1/statements?speaker=Rahmon&limit=none")
    assert "Rahmon" not in " ".join(span.to_json() for span in kept.get_finished_spans())
    (span,) = [span for span in kept.get_finished_spans() if span.name == "answer"]
    assert span.attributes is not None
    assert span.attributes["outcome"] == "answered"
    assert "ms.search" in span.attributes
    assert "Rahmon" not in str(dict(span.attributes))


def test_a_line_is_logged_once_whatever_handlers_a_library_gave_the_root_logger() -> None:
    """A second handler would write it in another shape, and wait where nobody reads."""
    program = (
        "import logging, time; logging.basicConfig(format='twice %(message)s', level=20);"
        "from assistant.web.entry.observing import log_to_stderr; log_to_stderr();"
        "logging.getLogger('onrecord.requests').info('{}'); logging.shutdown(); time.sleep(1)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stderr.splitlines() == ["{}"]
