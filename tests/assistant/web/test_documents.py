"""Documents by the API: each is its owner's until it is shared, and gone when it is not."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.building import open_to_write
from assistant.identity.configuring import Portal
from assistant.operating.maintaining import perform
from assistant.settings import Settings
from assistant.web.api.uploads import PENDING, Uploads
from assistant.web.app import create_app
from assistant.web.services import Services, portal_services
from index.documents import LOCAL_USER, Document
from index.reading.loading import Content, load
from tests.assistant.web.test_guard import PORTAL, SECRET
from tests.conftest import new_home
from tests.index.reading.pages.test_pdf import lines, pdf

TEXT = "Mayor Dunmore said the harbour crane cost nine million crowns."
QUESTION = {"question": "What did Dunmore say about the harbour crane?"}


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, models: Path
) -> Iterator[tuple[Services, FastAPI]]:
    """An empty index and programs of two tenants."""
    home = new_home(tmp_path_factory.mktemp("documents") / "home", models)
    with open_to_write(Settings(home), "serve") as opened:
        act = partial(perform, opened.stores)
        portal = Portal.model_validate(PORTAL)
        services = portal_services(opened.assistant, act, "owner", Settings(home), portal, SECRET)
        yield services, create_app(services)


def program(
    served: tuple[Services, FastAPI], name: str, *permissions: str, tenant: str = "acme"
) -> TestClient:
    """Who calls with a key of its own."""
    services, app = served
    assert services.portals is not None
    if name in {key.name for key in services.portals.keys.all()}:
        services.portals.keys.revoke(name)
    key = services.portals.keys.add(name, ["ask", *permissions], tenant, [f"group:x|{name}"])
    headers = {"Authorization": f"Bearer {key}"}
    return TestClient(app, base_url="http://assist.example", headers=headers)


def add(
    client: TestClient, name: str = "crane.txt", text: str | bytes = TEXT, **fields: Any
) -> str:
    reply = client.post("/api/v1/documents", files={"file": (name, text)}, data=fields)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def answered(client: TestClient) -> bool:
    reply = client.post("/api/v1/ask", json=QUESTION)
    assert reply.status_code == 200, reply.text
    assert reply.json()["answered"] == ("nine million" in reply.text)
    return bool(reply.json()["answered"])


def test_a_document_is_its_owners_until_it_is_shared_and_again_when_it_is_not(
    served: tuple[Services, FastAPI],
) -> None:
    """From the next question on: answers, the reader, lists, speakers, conversations."""
    owner = program(served, "owner", "write")
    friend, rival = program(served, "friend"), program(served, "rival", tenant="other")
    id = add(owner)
    assert (answered(owner), answered(friend), answered(rival)) == (True, False, False)

    rights = f"/api/v1/documents/{id}/rights"
    assert owner.put(rights, json={"readers": ["group:x|friend", "key:rival"]}).status_code == 200
    assert (answered(owner), answered(friend), answered(rival)) == (True, True, False)
    conversation = friend.post("/api/v1/conversations").json()["id"]
    friend.post("/api/v1/ask", json={**QUESTION, "conversation": conversation})
    kept = f"/api/v1/conversations/{conversation}"
    assert "nine million" in friend.get(kept).text
    assert owner.get(kept).status_code == 404

    assert owner.put(rights, json={"readers": []}).status_code == 200
    assert not answered(friend)
    assert "nine million" not in friend.get(kept).text
    api = f"/api/v1/documents/{id}"
    for path in (f"/read/{id}", api, f"{api}/text", f"{api}/structure"):
        assert friend.get(path).status_code == 404, path
        assert owner.get(path).status_code == 200, path
    sent = {"at": "0-9", "version": "another", "fragment": "cited&words=,Mayor+Dunmore+said+the,"}
    for path in (f"/read/{id}", f"/read/{id}/preview"):
        assert friend.post(path, data=sent).status_code == 404, path
        assert "nine million" not in friend.post(path, data=sent).text
        assert "nine million" in owner.post(path, data=sent).text
    assert friend.get("/api/v1/documents").json() == []
    assert friend.get("/api/v1/speakers").json() == []
    assert "Dunmore" not in friend.get("/statements").text
    owner.delete(f"/api/v1/documents/{id}")


def test_a_reader_cannot_share_or_remove(served: tuple[Services, FastAPI]) -> None:
    """Nor see who else reads; a stranger does not even learn that it exists."""
    owner, reader = program(served, "owner", "write"), program(served, "reader", "write")
    stranger = program(served, "stranger", "write", tenant="other")
    id = add(owner, readers=["tenant:acme"])
    for method, path in (("GET", f"{id}/rights"), ("PUT", f"{id}/rights"), ("DELETE", id)):
        address = f"/api/v1/documents/{path}"
        body: object = {} if method == "PUT" else None
        assert reader.request(method, address, json=body).status_code == 403, (method, path)
        hidden = stranger.request(method, address, json=body)
        unknown = stranger.request(method, address.replace(id, "0" * 16), json=body)
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.text.replace(id, "") == unknown.text.replace("0" * 16, "")
    assert owner.delete(f"/api/v1/documents/{id}").status_code == 204


def test_a_removed_document_is_gone_with_its_file(served: tuple[Services, FastAPI]) -> None:
    owner = program(served, "owner", "write")
    id = add(owner)
    assert owner.delete(f"/api/v1/documents/{id}").status_code == 204
    assert not answered(owner)
    assert list((served[0].home / "uploads").iterdir()) == []
    assert owner.delete(f"/api/v1/documents/{id}").status_code == 404


def test_what_a_document_says_of_its_readers_does_not_count_when_it_is_added(
    served: tuple[Services, FastAPI],
) -> None:
    """It may come from somebody who wants to read what is put into it."""
    owner, friend = program(served, "owner", "write"), program(served, "friend")
    text = f"---\nreaders: [tenant:acme]\ndenied: []\n---\n{TEXT}"
    id = add(owner, "crane.md", text)
    rights = owner.get(f"/api/v1/documents/{id}/rights").json()
    assert (rights["readers"], rights["denied"]) == ([], [])
    assert (answered(owner), answered(friend)) == (True, False)
    owner.delete(f"/api/v1/documents/{id}")
    id = add(owner, "crane.md", text, readers=["tenant:acme"], denied=["key:friend"])
    assert (answered(owner), answered(friend)) == (True, False)
    owner.delete(f"/api/v1/documents/{id}")


def test_a_new_version_replaces_the_one_before(served: tuple[Services, FastAPI]) -> None:
    """It is the same document with the same readers, unless others are named; only the newest
    answers, and the earlier one is kept with its date. What cannot be read replaces nothing."""
    owner, friend = program(served, "owner", "write"), program(served, "friend")
    id = add(owner, readers=["group:x|friend"])
    newer = TEXT.replace("nine million", "ten million")
    reply = owner.post("/api/v1/documents", files={"file": ("crane.txt", newer)})
    assert (reply.json()["id"], reply.json()["replaced"]) == (id, True)
    assert reply.json()["readers"] == ["group:x|friend"]
    for client in (owner, friend):
        said = client.post("/api/v1/ask", json=QUESTION).text
        assert "ten million" in said
        assert "nine million" not in said
    refused = owner.post("/api/v1/documents", files={"file": ("crane.txt", b"\0\1\2")})
    assert refused.status_code == 422
    assert "ten million" in owner.get(f"/api/v1/documents/{id}/text").text
    assert owner.get(f"/api/v1/documents/{id}/text?end=0").json()["text"] == ""
    (place,) = (served[0].home / "uploads").iterdir()
    (earlier,) = (place / ".earlier").glob("*/*")
    assert earlier.read_text() == TEXT
    assert add(owner, text=newer, readers=["tenant:acme"]) == id
    assert owner.get(f"/api/v1/documents/{id}/rights").json()["readers"] == ["tenant:acme"]
    assert owner.delete(f"/api/v1/documents/{id}").status_code == 204
    assert not place.exists()


def test_earlier_versions_are_listed_and_had_by_the_owner_alone(
    served: tuple[Services, FastAPI],
) -> None:
    """The latest first, each with when it was replaced; a reader may never have been meant to see
    what was replaced."""
    owner = program(served, "owner", "write")
    reader = program(served, "reader", "write")
    id = add(owner, readers=["tenant:acme"])
    versions = f"/api/v1/documents/{id}/versions"
    assert owner.get(versions).json() == []
    assert "Earlier versions" not in owner.get(f"/library/{id}").text
    texts = [TEXT.replace("nine", number) for number in ("ten", "twelve")]
    for text in texts:
        add(owner, text=text)
    latest, first = owner.get(versions).json()
    assert latest["version"] > first["version"]
    assert (first["size"], latest["size"]) == (len(TEXT), len(texts[0]))
    for kept, said in ((first, TEXT), (latest, texts[0])):
        for at in (versions, f"/library/{id}/versions"):
            file = owner.get(f"{at}/{kept['version']}")
            assert file.text == said
            assert "attachment" in file.headers["content-disposition"]
            assert reader.get(f"{at}/{kept['version']}").status_code == 403
    assert owner.get(f"{versions}/20200101T000000.000000Z").status_code == 404
    assert reader.get(versions).status_code == 403
    assert f"/library/{id}/versions/{first['version']}" in owner.get(f"/library/{id}").text
    assert "Earlier versions" not in reader.get(f"/library/{id}").text
    owner.delete(f"/api/v1/documents/{id}")


def test_a_version_that_nobody_foresaw_replaces_nothing(
    served: tuple[Services, FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds it is told; here the library that finds sentences panics."""
    monkeypatch.setattr("index.chunking.WIDE_SPACE", re.compile(r"(?!)"))
    owner = program(served, "owner", "write")
    id = add(owner)
    refused = owner.post("/api/v1/documents", files={"file": ("crane.txt", "Vitamin A\xa0. Then")})
    assert refused.status_code == 422
    assert "PanicException" in refused.json()["error"]["message"]
    (place,) = (served[0].home / "uploads").iterdir()
    assert (place / "crane.txt").read_text() == TEXT
    assert answered(owner)
    owner.delete(f"/api/v1/documents/{id}")


def test_two_documents_of_one_name_stay_two(served: tuple[Services, FastAPI]) -> None:
    """Of two owners."""
    owner, other = program(served, "owner", "write"), program(served, "other", "write")
    first, second = add(owner), add(other, text="Something else stands here.")
    assert first != second
    assert answered(owner)
    assert not answered(other)
    owner.delete(f"/api/v1/documents/{first}")
    other.delete(f"/api/v1/documents/{second}")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("<img src=x>.txt", "_img src_x_.txt"),
        ("a" * 300 + ".txt", "a" * 240 + ".txt"),
        ("文" * 120 + ".txt", "文" * 80 + ".txt"),
        ("план.txt", "план.txt"),
        (".txt", None),
    ],
)
def test_a_files_name_is_text_and_leads_nowhere(
    served: tuple[Services, FastAPI], name: str, kept: str | None
) -> None:
    owner = program(served, "owner", "write")
    reply = owner.post("/api/v1/documents", files={"file": (name, TEXT)})
    if kept is None:
        assert reply.status_code == 415
        return
    document = owner.get(f"/api/v1/documents/{reply.json()['id']}").json()
    assert document["source"] == kept
    owner.delete(f"/api/v1/documents/{document['id']}")


def test_a_file_that_cannot_be_read_leaves_nothing(served: tuple[Services, FastAPI]) -> None:
    owner = program(served, "owner", "write")
    for name, status in (("x.pdf", 422), ("x.exe", 415), ("empty.docx", 422)):
        reply = owner.post("/api/v1/documents", files={"file": (name, "no such thing")})
        assert reply.status_code == status, reply.text
    uploads = served[0].home / "uploads"
    assert not uploads.exists() or list(uploads.iterdir()) == []


def test_nobody_waits_to_write_while_a_document_is_read(
    served: tuple[Services, FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may take half a minute, and then be refused."""
    monkeypatch.setattr("index.reading.apart.MOST_SECONDS", 1)
    owner, writing = program(served, "owner", "write"), served[0].assistant.turn
    locked: list[bool] = []

    def watched(content: Content, id: str) -> Document:
        try:
            return load(content, id)
        finally:
            locked.append(is_taken(writing))

    monkeypatch.setattr("index.making.preparing.load", watched)
    tables = "<table><tr><td>" * 2_500
    reply = owner.post("/api/v1/documents", files={"file": ("x.html", tables)})
    assert reply.status_code == 422
    assert "takes too long to read (1 s)" in reply.json()["error"]["message"]
    owner.delete(f"/api/v1/documents/{add(owner)}")
    assert locked == [False, False]
    assert not is_taken(writing)


def is_taken(turn: Any) -> bool:
    """Would another thread have to wait for it?"""

    def free() -> bool:
        taken: bool = turn.acquire(blocking=False)
        if taken:
            turn.release()
        return taken

    with ThreadPoolExecutor(1) as other:
        return not other.submit(free).result()


def test_a_document_is_added_while_a_command_reads_files(
    served: tuple[Services, FastAPI], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That may take hours; a second command has to wait for it."""
    owner, reading, added = program(served, "owner", "write"), Event(), Event()
    (tmp_path / "slow.txt").write_text("The pool opened in May.")

    def slow(content: Content, id: str) -> Document:
        if content.name == "slow.txt":
            reading.set()
            assert added.wait(60)
        return load(content, id)

    monkeypatch.setattr("index.making.preparing.load", slow)
    token = {"Authorization": "Bearer owner"}

    def command(name: str) -> Any:
        body = {"command": name, "paths": [str(tmp_path)]}
        return owner.post("/api/v1/commands", json=body, headers=token)

    with ThreadPoolExecutor(1) as other:
        indexing = other.submit(command, "index")
        assert reading.wait(60)
        id = add(owner)
        assert answered(owner)
        assert command("index").status_code == 409
        owner.delete(f"/api/v1/documents/{id}")
        added.set()
        summary = json.loads(indexing.result().text.splitlines()[-1])
    assert (summary["event"], summary["added"]) == ("summary", 1)
    assert '"removed": 1' in command("forget").text


def test_what_a_killed_server_left_is_tidied_and_nothing_else(
    served: tuple[Services, FastAPI],
) -> None:
    """A document that was being added or removed; what was once added whole is never deleted."""
    owner, folder = program(served, "owner", "write"), served[0].home / "uploads"
    id = add(owner)
    whole = {path.parent for path in folder.glob("*/*")}
    for name, files in {
        "adding": [PENDING],
        "removing": [PENDING, "a.txt"],
        "kept": ["a.txt"],
    }.items():
        (folder / name).mkdir()
        for file in files:
            (folder / name / file).touch()
    (whole_one,) = whole
    (whole_one / PENDING).touch()
    Uploads(served[0]).tidy()
    assert {*folder.iterdir()} == {*whole, folder / "kept"}
    assert not (whole_one / PENDING).exists()
    assert answered(owner)
    shutil.rmtree(folder / "kept")
    owner.delete(f"/api/v1/documents/{id}")
    assert list(folder.iterdir()) == []


def test_one_is_warned_of_readers_that_mean_nobody(served: tuple[Services, FastAPI]) -> None:
    owner = program(served, "owner", "write")
    reply = owner.post(
        "/api/v1/documents", files={"file": ("x.txt", TEXT)}, data={"readers": ["everybody"]}
    )
    assert reply.status_code == 400
    assert "everybody" in reply.json()["error"]["message"]


def test_the_ledger_knows_who_saw_which_passage_and_who_changed_what(
    served: tuple[Services, FastAPI],
) -> None:
    """By places; the document's words are in none of the accounts' files."""
    owner = program(served, "owner", "write")
    id = add(owner, text="Mayor Dunmore said the CANARY-HARBOUR crane cost nine million crowns.")
    answered(owner)
    owner.get(f"/read/{id}?at=0-10")
    audit = program(served, "auditor", "administer").get("/api/v1/admin/audit").json()
    deeds = [(line["principal"], line["deed"]) for line in audit[:4]]
    assert ("key:owner", "read") in deeds
    assert ("key:owner", "saw") in deeds
    assert ("key:owner", "added document") in deeds
    assert id in next(line["what"] for line in audit if line["deed"] == "saw")
    for path in served[0].home.glob("accounts.sqlite3*"):
        assert b"CANARY-HARBOUR" not in path.read_bytes()
    owner.delete(f"/api/v1/documents/{id}")


def test_it_is_noted_who_is_shown_a_list_of_what_was_said(
    served: tuple[Services, FastAPI],
) -> None:
    """By the API and on the page; who may read nothing of it is shown nothing."""
    owner, other = program(served, "owner", "write"), program(served, "other", "write")
    id = add(owner, text="Mayor Dunmore said that the crane cost nine million crowns.")
    auditor = program(served, "auditor", "administer")

    def shown() -> list[str]:
        lines = auditor.get("/api/v1/admin/audit").json()
        return [each["principal"] for each in lines if each["deed"] == "saw" and id in each["what"]]

    for address in ("/api/v1/statements?speaker=Dunmore", "/statements?about=crane"):
        before = shown()
        assert owner.get(address).status_code == other.get(address).status_code == 200
        assert shown() == ["key:owner", *before]
    owner.delete(f"/api/v1/documents/{id}")


def test_what_had_no_answer_is_listed_for_editors(served: tuple[Services, FastAPI]) -> None:
    """The most often asked first, with how much was asked on the day."""
    owner, editor = program(served, "owner"), program(served, "editor", "administer")
    for _ in range(2):
        owner.post("/api/v1/ask", json={"question": "When does the zeppelin land?"})
    unanswered = editor.get("/api/v1/admin/unanswered").json()
    assert unanswered[0]["question"] in ("When does the zeppelin land?", QUESTION["question"])
    assert {"When does the zeppelin land?"} <= {row["question"] for row in unanswered}
    usage = editor.get("/api/v1/admin/usage").json()
    assert usage[0]["questions"] >= 2
    assert owner.get("/api/v1/admin/unanswered").status_code == 403


def test_the_index_itself_keeps_no_trace(served: tuple[Services, FastAPI]) -> None:
    """After all of that was removed."""
    assert served[0].assistant.view_of(LOCAL_USER).sources() == []


def test_pages_of_a_pdf_are_drawn_for_its_readers_from_the_file_that_was_indexed(
    served: tuple[Services, FastAPI],
) -> None:
    """Whoever else asks learns no more than of one that there never was."""
    owner, rival = program(served, "owner", "write"), program(served, "rival", tenant="other")
    pages = [lines([words]) for words in ("The crane cost nine million.", "The ferry runs.")]
    id = add(owner, "report.pdf", pdf(*pages))
    (path,) = (served[0].home / "uploads").glob("*/*.pdf")
    page, picture, outline = (
        f"/read/{id}{rest}" for rest in ("/pages/1", "/pages/1/picture", "/outline")
    )
    drawn = owner.get(page, params={"at": "4-9"})
    assert "<rect" in drawn.text
    assert served[0].ledger.deeds(1)[0].deed == "read"
    shown = owner.get(picture)
    assert shown.headers["content-type"] == "image/png"
    assert shown.content.startswith(b"\x89PNG")
    assert owner.get(outline).json() == {"labels": ["", ""], "entries": []}
    for address in (page, picture, outline):
        unknown = rival.get(address.replace(id, "0" * 16))
        assert rival.get(address).status_code == unknown.status_code == 404
        assert rival.get(address).text.replace(id, "0" * 16) == unknown.text
    assert owner.get(f"/read/{id}/pages/3").status_code == 400
    path.write_bytes(pdf(*reversed(pages)))
    assert owner.get(picture).content == shown.content
    changed = owner.get(f"/read/{id}/pages/2")
    assert (changed.status_code, "has changed since it was indexed" in changed.text) == (410, True)
    owner.delete(f"/api/v1/documents/{id}")


def test_the_file_itself_can_be_had_by_its_readers_as_long_as_it_is_the_same(
    served: tuple[Services, FastAPI],
) -> None:
    """To be kept under its name, never to be shown; and it is written down who had it."""
    owner, rival = program(served, "owner", "write"), program(served, "rival", tenant="other")
    id = add(owner, "Ærø <crane>.txt")
    (path,) = (served[0].home / "uploads").glob("*/*.txt")
    for address in (f"/api/v1/documents/{id}/original", f"/read/{id}/original"):
        path.write_text(TEXT)
        reply = owner.get(address)
        assert (reply.status_code, reply.text) == (200, TEXT)
        assert reply.headers["content-type"] == "application/octet-stream"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["content-disposition"] == (
            "attachment; filename*=UTF-8''%C3%86r%C3%B8%20_crane_.txt"
        )
        assert served[0].ledger.deeds(1)[0].deed == "read"
        assert rival.get(address).status_code == 404
        path.write_text("Something else.")
        changed = owner.get(address)
        assert (changed.status_code, "Something else" in changed.text) == (410, False)
        path.unlink()
        assert owner.get(address).status_code == 410
    path.write_text(TEXT)
    owner.delete(f"/api/v1/documents/{id}")
