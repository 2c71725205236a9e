"""The routes as other programs, and other people's pages, meet them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.building import open_to_write
from assistant.operating.maintaining import API, COMMANDS, perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import local_services
from assistant.web.serving import check_host, pick_port
from index.errors import IndexingError
from tests.conftest import SEED, copy_home

ROUTE = f"{API}{COMMANDS}"
TOKEN = "the-owner's-token"
HOST = "127.0.0.1:7860"
SPEAKING = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def app(
    tmp_path_factory: pytest.TempPathFactory, seed_home: Path, models: Path
) -> Iterator[FastAPI]:
    """The application on its own copy of the seed index."""
    home = tmp_path_factory.mktemp("routes") / "home"
    copy_home(seed_home, home)
    settings = Settings(home)
    with open_to_write(settings, "serve") as opened:
        perform_here = partial(perform, opened.stores)
        yield create_app(local_services(opened.assistant, perform_here, TOKEN, settings))


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """Calls as a program on this computer does."""
    return TestClient(app, base_url=f"http://{HOST}")


def ask(client: TestClient, question: str) -> dict[str, Any]:
    reply = client.post("/api/v1/ask", json={"question": question})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def test_an_answer_over_http_is_the_answer_json(client: TestClient) -> None:
    """With every key of the contract, and quotes that are the document's characters."""
    answer = ask(client, "what did Rahmon say about students?")
    assert answer["answered"] is True
    (citation, *_) = answer["citations"]
    text = SEED.read_text("utf-8")
    assert citation["quote"] == text[citation["start"] : citation["end"]]
    assert citation["start"] < 2101
    assert citation["end"] > 1966


def test_a_saved_answer_can_be_verified_over_http(client: TestClient) -> None:
    """What `ask` gave goes back as it is; what is no answer is an error in words."""
    answer = ask(client, "what did Rahmon say about students?")
    found = client.post("/api/v1/verify", json=answer)
    assert found.status_code == 200, found.text
    assert found.json()["intact"] is True
    assert [finding["fate"] for finding in found.json()["findings"]] == ["same"] * len(
        answer["citations"]
    )
    refused = client.post("/api/v1/verify", json={"citations": 3})
    assert refused.status_code == 400
    assert "not a saved answer" in refused.json()["error"]["message"]


def test_a_link_of_an_answer_opens_the_document_at_its_words(client: TestClient) -> None:
    """Highlighted by the server: no script is needed to see them."""
    answer = ask(client, "what did Rahmon say about students?")
    (citation, *_) = answer["citations"]
    page = client.get(citation["link"])
    assert page.status_code == 200
    assert (
        f'<mark id="cited" tabindex="-1" autofocus data-number="1">{citation["quote"]}<'
        in page.text
    )
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_a_link_to_an_earlier_version_marks_what_its_words_are_and_nothing_else(
    client: TestClient,
) -> None:
    """Without them nothing; the page asks with them where they stand now."""
    answer = ask(client, "what did Rahmon say about students?")
    (citation, *_) = answer["citations"]
    address, _, words = citation["link"].partition("#")
    path, _, query = address.replace(citation["document"]["version"], "another").partition("?")
    page = client.get(f"{path}?{query}")
    assert "has changed since it was quoted" in page.text
    assert "<mark" not in page.text
    start, end = citation["start"] - 39, citation["end"] - 39
    sent = {"at": f"{start}-{end}", "version": "another", "fragment": words}
    found = client.post(path, data=sent)
    assert "39 characters further on" in found.text
    assert f">{citation['quote']}</mark>" in found.text


def test_a_citation_is_shown_with_what_is_around_it(client: TestClient) -> None:
    """Of this moment: of words that have moved, too; nothing of what is gone."""
    answer = ask(client, "what did Rahmon say about students?")
    (citation, *_) = answer["citations"]
    address, _, words = citation["link"].partition("#")
    path, _, query = address.partition("?")
    sent = {**dict(parse_qsl(query)), "fragment": words}
    for version in (sent["version"], "another"):
        card = client.post(f"{path}/preview", data={**sent, "version": version}).text
        assert f">{citation['quote']}</mark>" in card
        assert citation["selectors"][1]["prefix"].split()[-1] in card.partition("<mark")[0]
        assert "<html" not in card
    gone = {
        **sent,
        "version": "another",
        "fragment": "cited&words=,The+whale+sang+in+the+deep+sea.,",
    }
    assert "no longer has these words" in client.post(f"{path}/preview", data=gone).text
    assert "<mark" not in client.post(f"{path}/preview", data=gone).text
    assert client.post("/read/nothing/preview", data=sent).status_code == 404


def test_a_quotation_that_begins_in_white_space_still_has_its_anchor(client: TestClient) -> None:
    """The link leads to the first of its words."""
    (source, *_) = [c["document"] for c in ask(client, "Rahmon")["citations"]]
    text = SEED.read_text("utf-8")
    end_of_line = text.index("\n")
    page = client.get(f"/read/{source['id']}", params={"at": f"{end_of_line}-{end_of_line + 9}"})
    first_word = text[end_of_line : end_of_line + 9].strip()
    assert f'<mark id="cited" tabindex="-1" autofocus>{first_word}' in page.text


@pytest.mark.parametrize("at", ["99999-100000", "9-3", "x-y", "-5-9", "5"])
def test_a_span_that_makes_no_sense_does_no_harm(client: TestClient, at: str) -> None:
    """The document is shown, at worst with a note."""
    (source, *_) = [c["document"] for c in ask(client, "Rahmon")["citations"]]
    page = client.get(f"/read/{source['id']}", params={"at": at})
    assert page.status_code == 200
    assert "<mark" not in page.text


def test_a_document_that_is_not_there_is_a_friendly_page(client: TestClient) -> None:
    """With nothing of the address in it as markup."""
    page = client.get("/read/<script>alert(1)</script>")
    assert page.status_code == 404
    page = client.get("/read/nothing")
    assert page.status_code == 404
    assert "This document is not here" in page.text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_host_name_is_turned_away(client: TestClient, host: str) -> None:
    """A name that somebody pointed at this computer reads nothing."""
    assert client.get("/api/v1/health", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:9", "[::1]:7860"])
def test_this_computer_is_known_by_all_its_names(client: TestClient, host: str) -> None:
    """And by any port."""
    assert client.get("/api/v1/health", headers={"host": host}).json() == {"status": "ok"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/api/v1/ask", ROUTE, "/gradio/gradio_api/queue/join"])
def test_a_page_of_another_site_cannot_call(client: TestClient, path: str, origin: str) -> None:
    """Whatever the route."""
    reply = client.post(path, json={"question": "x"}, headers={"origin": origin})
    assert reply.status_code == 403
    assert reply.json()["error"]["code"] == "foreign_origin"


def test_no_answer_invites_other_sites(client: TestClient) -> None:
    """Gradio alone would name any origin in its headers."""
    reply = client.get("/config", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in reply.headers


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    """Also errors and files."""
    for path in ("/", "/config", "/api/v1/health", "/page-files/page.css", "/nothing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors '" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "no-referrer", path


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "x" * 2001},
        {"question": "x", "history": [{"role": "robot", "content": ""}]},
        {"question": "x", "history": [{"role": "user", "content": "x"}] * 21},
        {"question": "x", "mode": "sing"},
    ],
)
def test_a_bad_request_is_refused_in_one_shape(client: TestClient, body: object) -> None:
    """{"error": {"code", "message"}}."""
    reply = client.post("/api/v1/ask", json=body)
    assert reply.status_code == 422
    assert set(reply.json()["error"]) == {"code", "message"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nothing", 404), ("GET", "/api/v1/ask", 405), ("GET", "/page-files/no", 404)],
)
def test_a_wrong_address_is_an_error_like_the_others(
    client: TestClient, method: str, path: str, status: int
) -> None:
    """Not one of the page's own shape."""
    reply = client.request(method, path)
    assert reply.status_code == status
    assert set(reply.json()["error"]) == {"code", "message"}


@pytest.mark.parametrize(
    "path", ["/openapi.json", "/docs", "/redoc", "/gradio/gradio_api/openapi.json"]
)
def test_the_page_does_not_list_its_inner_routes(client: TestClient, path: str) -> None:
    """They are no interface for anybody."""
    assert client.get(path).status_code == 404


def test_the_api_describes_itself_and_nothing_else(client: TestClient) -> None:
    """As OpenAPI; the commands of the index's owner are no part of it."""
    described = client.get("/api/v1/openapi.json").json()
    assert "/ask" in described["paths"]
    assert "/commands" not in described["paths"]
    assert not [path for path in described["paths"] if "gradio" in path]


def test_written_answers_say_that_they_need_a_model(client: TestClient) -> None:
    """Not a server error."""
    reply = client.post("/api/v1/ask", json={"question": "Rahmon?", "mode": "write"})
    assert reply.status_code == 400
    assert "language model" in reply.json()["error"]["message"]


def test_speakers_and_statements_are_lists_with_their_whole_length(client: TestClient) -> None:
    """As the command prints them."""
    speakers = client.get("/api/v1/speakers", params={"limit": 1})
    (speaker,) = speakers.json()
    assert set(speaker) == {"name", "also", "statements", "documents"}
    assert int(speakers.headers["x-total-count"]) > 1
    wanted = {"speaker": "rahmno", "about": "students", "document": "000*"}
    statements = client.get("/api/v1/statements", params=wanted)
    assert statements.headers["x-total-count"] == str(len(statements.json()))
    text = SEED.read_text("utf-8")
    for row in statements.json():
        assert row["speaker"]["name"] == "Emomali Rahmon"
        assert [text[part["start"] : part["end"]] for part in row["content"]] == [
            part["text"] for part in row["content"]
        ]


def test_nobody_is_an_empty_list_and_nothing_wanted_an_error(client: TestClient) -> None:
    assert client.get("/api/v1/statements", params={"speaker": "Qqqqqq"}).json() == []
    assert client.get("/api/v1/speakers", params={"document": "zoo*"}).json() == []
    reply = client.get("/api/v1/statements")
    assert reply.status_code == 400
    assert "Name a speaker, a topic or documents" in reply.json()["error"]["message"]
    assert client.get("/api/v1/statements", params={"about": "x", "limit": 0}).status_code == 422


def test_the_view_of_statements_needs_no_script(client: TestClient) -> None:
    """Its links and forms say all that is shown; it runs no script but its own."""
    page = client.get("/statements", params={"speaker": "Emomali Rahmon", "about": "students"})
    assert "<blockquote>“We now have branches" in page.text
    assert 'name="speaker" value="Emomali Rahmon"' in page.text
    assert 'href="/statements?speaker=Putin&amp;about=students"' in page.text
    (link,) = re.findall(r'<a href="(/read/[^"]*)"', page.text)
    assert "<mark" in client.get(html.unescape(link)).text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy


HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"


@pytest.mark.parametrize("field", ["speaker", "about", "document", "find"])
def test_nothing_in_an_address_is_markup_in_the_view(client: TestClient, field: str) -> None:
    page = client.get("/statements", params={field: HOSTILE})
    assert page.status_code == 200
    assert "<img" not in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_a_command_needs_the_owners_token(client: TestClient, headers: dict[str, str]) -> None:
    """Which only this person's processes can read."""
    body = {"command": "forget", "paths": [str(SEED)]}
    reply = client.post(ROUTE, json=body, headers=headers)
    assert reply.status_code == 401
    assert ask(client, "what did Rahmon say about students?")["answered"]


def test_a_command_handed_over_streams_its_events(client: TestClient, tmp_path: Path) -> None:
    """And what it indexed is found at once."""
    (tmp_path / "pool.txt").write_text("The swimming pool opened in May.", "utf-8")
    body = {"command": "index", "paths": [str(tmp_path)]}
    reply = client.post(ROUTE, json=body, headers=SPEAKING)
    events = [json.loads(line) for line in reply.text.splitlines()]
    assert [event["event"] for event in events] == [
        "progress",
        "file",
        "progress",
        "summary",
    ]
    assert events[-1]["added"] == 1
    assert ask(client, "When did the swimming pool open?")["answered"]


def test_rights_handed_over_are_set(client: TestClient, tmp_path: Path) -> None:
    """Of an index that the server owns."""
    (tmp_path / "canal.txt").write_text("The canal was dug by hand.", "utf-8")
    index = {"command": "index", "paths": [str(tmp_path)], "rights": {"readers": ["group:i|x"]}}
    client.post(ROUTE, json=index, headers=SPEAKING)
    body = {"command": "rights", "documents": "canal*", "rights": {"readers": ["user:i|ada"]}}
    reply = client.post(ROUTE, json=body, headers=SPEAKING)
    changed, summary = map(json.loads, reply.text.splitlines())
    assert (changed["name"], changed["change"], summary["rights"]) == ("canal.txt", "rights", 1)


def test_a_command_that_fails_says_why(client: TestClient, tmp_path: Path) -> None:
    """In the last line, as the command itself would."""
    body = {"command": "index", "paths": [str(tmp_path / "nothing")]}
    reply = client.post(ROUTE, json=body, headers=SPEAKING)
    assert "no file or folder" in json.loads(reply.text.splitlines()[-1])["error"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_an_address_that_others_can_reach_is_refused(host: str) -> None:
    """While nobody has to sign in."""
    with pytest.raises(Exception, match="nobody has to sign in") as raised:
        check_host(host)
    assert not isinstance(raised.value, IndexingError)


def test_another_port_is_picked_when_one_is_taken() -> None:
    """The next free one."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert pick_port("127.0.0.1", port) != port


def test_statements_are_listed_by_their_days(client: TestClient) -> None:
    """By the route with each day, and on the page, which leads from one order to the other."""
    rows = client.get("/api/v1/statements", params={"speaker": "Rahmon", "order": "time"}).json()
    assert rows
    assert all({"date", "denies"} <= row.keys() for row in rows)
    page = client.get("/statements", params={"speaker": "Emomali Rahmon", "order": "time"}).text
    assert "By document" in page
