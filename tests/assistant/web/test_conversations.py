"""Conversations of several people: each sees their own, and of what is shown to them what they
may read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.web.services import Services
from tests.assistant.web.test_documents import QUESTION, add, program, served

__all__ = ["served"]

SPOKEN = "nine million crowns"
HIDING = "What did Dunmore say about the moon?"


@pytest.fixture
def owner(served: tuple[Services, FastAPI]) -> Iterator[TestClient]:
    client = program(served, "owner", "write")
    id = add(client, readers=["group:x|friend"])
    client.headers["X-Document"] = id
    yield client
    client.delete(f"/api/v1/documents/{id}")


def ask(client: TestClient, question: str, conversation: str | None = None) -> str:
    """Ask in the page; the conversation."""
    body = {"question": question, "conversation": conversation}
    reply = client.post("/chat", json=body)
    assert reply.status_code == 200, reply.text
    found = re.search(r'"conversation": "([\w-]+)"', reply.text)
    assert found
    return found[1]


def test_what_one_shares_others_see_as_they_may_read_it(
    served: tuple[Services, FastAPI], owner: TestClient
) -> None:
    """By its link alone, within the tenant, until the link or the right is taken back; nobody
    else has the conversation, its pages or its files."""
    friend, stranger = program(served, "friend"), program(served, "stranger")
    rival = program(served, "rival", tenant="other")
    id = ask(owner, QUESTION["question"])
    assert ask(owner, HIDING, id) == id
    assert SPOKEN in owner.get(f"/chat/{id}").text
    kept = f"/api/v1/conversations/{id}"
    for other in (friend, stranger, rival):
        for path in (f"/chat/{id}", kept, f"{kept}/export/md", f"{kept}/export/json?number=1"):
            assert other.get(path).status_code == 404, path
        body = {"question": "And?", "conversation": id}
        assert other.post("/chat", json=body).status_code == 404
        assert other.post(f"{kept}/share", json={}).status_code == 404
        assert QUESTION["question"] not in other.get("/chats").text
    link = owner.post(f"{kept}/share", json={}).json()["link"]
    assert SPOKEN in friend.get(link).text
    seen = stranger.get(link)
    assert seen.status_code == 200
    assert SPOKEN not in seen.text
    assert "no longer for you" in seen.text
    assert "0 of" not in seen.text
    assert rival.get(link).status_code == 404

    rights = f"/api/v1/documents/{owner.headers['X-Document']}/rights"
    assert owner.put(rights, json={"readers": []}).status_code == 200
    assert SPOKEN not in friend.get(link).text
    assert owner.delete(f"{kept}/share").status_code == 204
    assert friend.get(link).status_code == 404


def test_a_right_that_is_taken_away_is_gone_at_the_next_question(
    served: tuple[Services, FastAPI], owner: TestClient
) -> None:
    """From the page that is open, by what it is told; from the files."""
    friend = program(served, "friend")
    id = ask(friend, QUESTION["question"])
    kept = f"/api/v1/conversations/{id}"
    assert SPOKEN in friend.get(f"{kept}/export/md").text
    rights = f"/api/v1/documents/{owner.headers['X-Document']}/rights"
    assert owner.put(rights, json={"readers": []}).status_code == 200
    reply = friend.post("/chat", json={"question": "Thanks!", "conversation": id})
    assert '"lacking": [1]' in reply.text
    for path in (f"/chat/{id}", f"{kept}/export/md", f"{kept}/export/json", kept):
        assert SPOKEN not in friend.get(path).text, path
    assert QUESTION["question"] in friend.get(f"/chat/{id}").text


def test_one_looks_in_some_documents_days_or_at_one_speaker(
    served: tuple[Services, FastAPI], owner: TestClient
) -> None:
    """Several globs, and days by the date of a document; none of these days is an error."""
    add(owner, "2025-05-06.txt", "Mayor Dunmore said the harbour crane is green.")
    asked = {"question": "the harbour crane", "speaker": "Dunmore"}
    both = owner.post("/api/v1/ask", json={**asked, "documents": ["crane.txt", "2025*"]}).json()
    assert {c["document"]["source"] for c in both["citations"]} == {"crane.txt", "2025-05-06.txt"}
    dated = owner.post("/api/v1/ask", json={**asked, "since": "2025-05-01", "until": "2025-05-31"})
    assert {c["document"]["source"] for c in dated.json()["citations"]} == {"2025-05-06.txt"}
    none = owner.post("/api/v1/ask", json={**asked, "since": "2026-01-01"})
    assert none.status_code == 400
    assert "2026-01-01" in none.json()["error"]["message"]
