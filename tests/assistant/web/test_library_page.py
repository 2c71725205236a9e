"""The view "Library": over HTTP with every kind of caller, and in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect
from starlette.testclient import TestClient

from assistant.building import open_to_write
from assistant.identity.configuring import Portal
from assistant.operating.maintaining import perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import Services, portal_services
from tests.assistant.web.test_fetching import Web, answer, web
from tests.assistant.web.test_guard import PORTAL, SECRET
from tests.conftest import new_home
from tests.running import running_locally

__all__ = ["web"]

HOSTILE = "<img src=x onerror=alert(1)>\u202etxt.\u0007"
BROWSER = {"accept": "text/html"}
TEXT = "Mayor Dunmore said the harbour crane cost nine million crowns."


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, models: Path
) -> Iterator[tuple[Services, FastAPI]]:
    """An empty index of a portal, and a folder that its administrators may have watched."""
    folder = tmp_path_factory.mktemp("open")
    home = new_home(tmp_path_factory.mktemp("library") / "home", models)
    with open_to_write(Settings(home), "serve") as opened:
        act = partial(perform, opened.stores)
        portal = Portal.model_validate({**PORTAL, "folders": [str(folder)]})
        services = portal_services(opened.assistant, act, "owner", Settings(home), portal, SECRET)
        yield services, create_app(services)


@pytest.fixture
def client_of(served: tuple[Services, FastAPI]) -> Iterator[partial[TestClient]]:
    """Makes who calls with a key of its own; in the end there are no documents."""
    services, app = served
    assert services.portals is not None
    portals = services.portals

    def client(name: str, *permissions: str, tenant: str = "acme") -> TestClient:
        if name in {key.name for key in portals.keys.all()}:
            portals.keys.revoke(name)
        key = portals.keys.add(name, ["ask", *permissions], tenant)
        headers = {"Authorization": f"Bearer {key}"}
        return TestClient(app, base_url="http://assist.example", headers=headers)

    yield partial(client)
    owner = client("owner", "write")
    for row in owner.get("/api/v1/documents").json():
        owner.delete(f"/api/v1/documents/{row['id']}")


def add(client: TestClient, name: str, text: str = TEXT, **fields: str) -> str:
    reply = client.post("/api/v1/documents", files={"file": (name, text)}, data=fields)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def titles(client: TestClient, **asked: str) -> list[str]:
    page = client.get("/library", params=asked)
    assert page.status_code == 200, page.text
    return re.findall(r'<a class="name"[^>]*>(.*?)</a>', page.text)


def test_each_sees_what_they_may_read_and_may_do(client_of: partial[TestClient]) -> None:
    """In the list, its counts and choices, and on a document's own page."""
    owner, reader, rival = (
        client_of("owner", "write"), client_of("reader"), client_of("rival", tenant="other"),
    )  # fmt: skip
    secret = add(owner, "secret.md", f"# Secret\n\n{TEXT}")
    shared = add(owner, "shared.txt", readers="tenant:acme")
    assert (titles(owner), titles(reader), titles(rival)) == (["Secret", "shared"], ["shared"], [])
    page = reader.get("/library").text
    assert "Secret" not in page
    assert "1 document" in page
    assert "Markdown" not in page
    for client, id, status in ((owner, secret, 200), (reader, secret, 404), (reader, shared, 200)):
        for show in ("", "passages", "statements"):
            reply = client.get(f"/library/{id}", params={"show": show})
            assert reply.status_code == status
            assert "Mayor Dunmore" not in reply.text or status == 200
    assert "data-remove" in owner.get("/library").text
    assert "data-remove" in owner.get(f"/library/{shared}").text
    assert "data-re" not in reader.get("/library").text.replace("data-read", "")
    assert 'id="add"' not in reader.get("/library").text
    assert "data-replace" not in reader.get(f"/library/{shared}").text


def test_a_list_is_filtered_sorted_and_paged(client_of: partial[TestClient]) -> None:
    """By its address alone: without a script it is the same."""
    owner = client_of("owner", "write")
    for number in range(3):
        add(owner, f"minutes-{number}.txt", TEXT * (number + 1), folder="2019/may")
    add(owner, "budget.md", f"# Budget\n\n{TEXT}")
    assert titles(owner, order="-size") == ["minutes 2", "minutes 1", "Budget", "minutes 0"]
    assert titles(owner, folder="2019") == ["minutes 0", "minutes 1", "minutes 2"]
    assert titles(owner, kind="Markdown") == ["Budget"]
    assert titles(owner, find="minutes-1") == ["minutes 1"]
    assert titles(owner, find="nothing") == []
    assert titles(owner, page="9") == ["Budget", "minutes 0", "minutes 1", "minutes 2"]
    assert "2019/may/minutes-1.txt" in owner.get("/library").text


def test_names_and_titles_are_shown_as_text(client_of: partial[TestClient]) -> None:
    """Whatever is in them: markup, turned directions, what cannot be seen, no end."""
    owner = client_of("owner", "write")
    title = f"&lt;img src=x onerror=alert(1)&gt;\u202etxt. {'long ' * 2_000}"
    text = f"<html><title>{title}</title><p>{TEXT}</p></html>"
    id = add(owner, f"{HOSTILE}.html", text, folder="../<b>/..")
    for path in ("/library", f"/library/{id}", f"/library/{id}?show=passages"):
        page = owner.get(path, params={"find": "<script>"} if path == "/library" else {}).text
        assert "<img src=x" not in page
        assert "<script>" not in page
        assert "\u202e" not in page
        assert "\u0007" not in page
        assert re.findall(r"\s(?:style|on[a-z]+)=", re.sub(r">[^<]*<|\"[^\"]*\"", "><", page)) == []
    assert "&lt;img src=x onerror=alert(1)&gt;" in owner.get("/library").text
    names = [row["source"] for row in owner.get("/api/v1/documents").json()]
    assert names == ["_b_/_img src_x onerror_alert(1)_txt._07.html"]


def test_who_has_no_document_is_led_to_the_library(client_of: partial[TestClient]) -> None:
    """And is told nothing of rights or of documents of others."""
    owner, reader = client_of("owner", "write"), client_of("reader")
    owner.follow_redirects = reader.follow_redirects = False
    for client in (owner, reader):
        assert client.get("/").headers["location"] == "/library"
        assert client.get("/?question=Who").status_code == 200
    assert "There are no documents yet" in owner.get("/library").text
    add(owner, "crane.txt")
    assert owner.get("/").status_code == 200
    assert reader.get("/").headers["location"] == "/library"
    page = reader.get("/library").text
    assert "There are no documents for you yet" in page
    assert "0 documents" in page
    said = reader.post("/api/v1/ask", json={"question": "What did Dunmore say?"}).json()["text"]
    assert "no documents" in said
    assert "you may" not in said


def test_what_is_open_learns_how_much_there_is(client_of: partial[TestClient]) -> None:
    owner = client_of("owner", "write")
    assert owner.get("/library/status").json()["scope"] == "0 documents · 0 passages"
    add(owner, "crane.txt")
    assert owner.get("/library/status").json()["scope"] == "1 document · 1 passage"


def test_the_same_name_in_two_folders_is_two_documents(client_of: partial[TestClient]) -> None:
    """And in one folder a newer version: the old one stops answering."""
    owner = client_of("owner", "write")
    first = add(owner, "read.txt", folder="a")
    second = add(owner, "read.txt", folder="b")
    assert first != second
    assert add(owner, "read.txt", "Nobody said anything about cranes.", folder="a") == first
    rows = owner.get("/api/v1/documents").json()
    assert sorted(row["source"] for row in rows) == ["a/read.txt", "b/read.txt"]
    assert owner.delete(f"/api/v1/documents/{first}").status_code == 204
    assert [row["source"] for row in owner.get("/api/v1/documents").json()] == ["b/read.txt"]


def test_a_document_shows_how_it_was_understood(client_of: partial[TestClient]) -> None:
    """Its structure, passages and statements, each with a link to its place."""
    owner = client_of("owner", "write")
    text = f"# Harbour\n\n## Costs\n\n{TEXT}\n\n| Port | Fee |\n|---|---|\n| Alta | 9 |\n"
    id = add(owner, "harbour.md", text)
    structure = owner.get(f"/library/{id}").text
    assert re.findall(r'<span class="label">(.*?)</span>', structure) == [
        "Heading 1",
        "Heading 2",
        "Paragraph",
        "Table, 1 row",
    ]
    assert re.search(rf'href="/read/{id}\?at=\d+-\d+', structure)
    passages = owner.get(f"/library/{id}?show=passages").text
    assert re.search(r'class="said"[^>]*>[^<]*Mayor Dunmore said', passages)
    statements = owner.get(f"/library/{id}?show=statements").text
    assert re.search(r'class="lead"[^>]*>[^<]*Dunmore', statements)
    assert "by the words around it" in statements
    assert owner.get("/library/nothing", headers=BROWSER).status_code == 404


def test_an_owner_sees_who_may_read_a_document(client_of: partial[TestClient]) -> None:
    """And nobody else does; on a computer of one's own there is nothing to see."""
    owner, reader = client_of("owner", "write"), client_of("reader", "write")
    id = add(owner, "crane.txt", readers="tenant:acme", denied="key:rival")
    shown = owner.get(f"/library/{id}").text
    assert '<textarea id="readers"' in shown
    assert "tenant:acme</textarea>" in shown
    assert "key:rival</textarea>" in shown
    assert "key:owner" in shown
    page = reader.get(f"/library/{id}").text
    assert "textarea" not in page
    assert "key:rival" not in page


def test_folders_are_watched_where_the_operator_lets_them(
    served: tuple[Services, FastAPI], client_of: partial[TestClient], tmp_path: Path
) -> None:
    """And by those who administer; what is in them is read by whom they name."""
    services, _ = served
    assert services.portals is not None
    (allowed,) = services.portals.portal.folders
    boss, owner = client_of("boss", "administer"), client_of("owner", "write")
    assert owner.post("/api/v1/folders", json={"path": str(allowed)}).status_code == 403
    assert "watching" not in owner.get("/library").text
    refused = ("/etc", str(allowed.parent), f"{allowed}/../..", "relative", str(allowed / "none"))
    for path in refused:
        reply = boss.post("/api/v1/folders", json={"path": path})
        assert reply.status_code in (403, 422), path
    (allowed / "link").symlink_to(tmp_path)
    assert boss.post("/api/v1/folders", json={"path": f"{allowed}/link"}).status_code == 403
    (allowed / "sub").mkdir()
    body = {"path": f"{allowed}/sub", "readers": ["tenant:acme"]}
    assert boss.post("/api/v1/folders", json={**body, "readers": ["nobody"]}).status_code == 400
    assert boss.post("/api/v1/folders", json=body).status_code == 201
    assert [row["path"] for row in boss.get("/api/v1/folders").json()] == [f"{allowed}/sub"]
    assert f"{allowed}/sub" in boss.get("/library").text
    (watched,) = services.watching.folders
    assert watched.rights == {"tenant": "acme", "readers": ["tenant:acme"]}
    gone = boss.delete("/api/v1/folders", params={"path": f"{allowed}/sub", "forget": "true"})
    assert gone.status_code == 204
    assert boss.delete("/api/v1/folders", params={"path": "/etc"}).status_code == 400


# -- in a browser ------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser, home: Path) -> Iterator[Page]:
    """On an empty index of one's own; any error in it fails the test."""
    with running_locally(home) as address:
        context = browser.new_context(viewport=ViewportSize(width=1280, height=900))
        opened = context.new_page()
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(f"{address}/")
        yield opened
        context.close()
    assert errors == []


def listed(page: Page) -> Locator:
    return page.locator(".shelf .name")


def test_a_person_adds_looks_asks_replaces_and_removes(page: Page, tmp_path: Path) -> None:
    """From an empty index on, with a file that cannot be read and one of a kind that is not."""
    assert page.url.endswith("/library")
    expect(page.locator("h1")).to_have_text("Library")
    minutes = tmp_path / "minutes"
    (minutes / "2019").mkdir(parents=True)
    (minutes / "2019" / "crane.txt").write_text(TEXT)
    (minutes / "choir.md").write_text("# The choir\n\nThe choir sang in June.")
    (minutes / "broken.pdf").write_text("no PDF")
    (minutes / "tool.exe").write_text("x")
    (minutes / ".hidden.txt").write_text("x")
    page.set_input_files("#folder", minutes)
    expect(page.locator("#progress")).to_have_text("4 files: 2 added, 2 not added · Ask about them")
    lines = page.locator("#adding .files li")
    expect(lines).to_have_count(4)
    expect(lines.filter(has_text="tool.exe")).to_contain_text("Files of this kind are not read.")
    expect(lines.filter(has_text="broken.pdf")).to_contain_text("is damaged or no PDF file")
    expect(lines.filter(has_text="crane.txt")).to_contain_text("added · 1 passage")
    expect(listed(page)).to_have_text(["crane", "The choir"])
    expect(page.locator(".scope")).to_have_text("2 documents · 2 passages")

    page.fill('[name="find"]', "choir")
    expect(listed(page)).to_have_text(["The choir"])
    page.fill('[name="find"]', "")
    expect(listed(page)).to_have_count(2)
    page.locator("thead a", has_text="Size").click()
    expect(page.locator('th[aria-sort="descending"]')).to_have_text("Size")
    listed(page).filter(has_text="crane").click()
    expect(page.frame_locator(".reader iframe").locator("main")).to_contain_text("nine million")
    page.keyboard.press("Escape")

    page.locator("tr", has_text="crane").get_by_role("link", name="Details").click()
    expect(page.locator("h1")).to_have_text("crane")
    newer = tmp_path / "newer.txt"
    newer.write_text("Mayor Dunmore said the crane was sold.")
    page.set_input_files("#version", newer)
    expect(page.locator("#progress")).to_contain_text("1 file: 1 replaced")
    page.goto(page.url + "?show=passages")
    expect(page.locator(".passages .said")).to_have_text("Mayor Dunmore said the crane was sold.")

    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(listed(page)).to_have_text(["The choir"])
    page.locator(".views a", has_text="Ask").click()
    expect(page.locator("#question")).to_be_visible(timeout=30_000)


def test_what_is_dropped_goes_in_while_one_reads_on_elsewhere(page: Page, tmp_path: Path) -> None:
    """Another page tells how far it is, and then how much there is."""
    other = page.context.new_page()
    other.goto(page.url.replace("/library", "/statements"))
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          for (const n of [1, 2, 3])
            data.items.add(new File([`Ann said the pool ${n} was open.`], `${n}.txt`));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
        }"""
    )
    expect(page.locator("#progress")).to_contain_text("3 files: 3 added")
    expect(other.locator(".scope")).to_have_text("3 documents · 3 passages")


def test_what_was_not_added_when_the_page_was_left_is_said_in_the_next(page: Page) -> None:
    """Once, and here too in a page that stands open meanwhile."""
    address = page.url
    other = page.context.new_page()
    other.goto(address.replace("/library", "/statements"))
    page.route("**/api/v1/documents", lambda _: None)  # never answered
    files = [
        FilePayload(name=f"{name}.txt", mimeType="text/plain", buffer=TEXT.encode())
        for name in "abc"
    ]
    page.set_input_files("#files", files)
    expect(page.locator("#adding .files li")).to_have_count(3)
    page.close(run_before_unload=False)
    expect(other.locator(".scope")).to_contain_text("Adding was stopped: 3 files not added")
    other.goto(address)
    expect(other.locator("#progress")).to_have_text("3 files: 3 not added")
    expect(other.locator("#adding .why").first).to_contain_text("Add it again")
    other.reload()
    expect(other.locator("#drop")).to_be_visible()
    expect(other.locator("#adding")).to_be_hidden()


def test_a_document_is_removed_without_scripts(home: Path, browser: Browser) -> None:
    with running_locally(home) as address:
        file = {"file": ("crane.txt", TEXT)}
        added = httpx.post(f"{address}/api/v1/documents", files=file, timeout=60)
        assert added.status_code == 201
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{address}/library")
        page.locator("tr", has_text="crane").get_by_role("button", name="Remove").click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.locator("h1")).to_have_text("Library")
        expect(listed(page)).to_have_count(0)
        page.context.close()


def test_a_folder_of_this_computer_is_watched(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    page.locator("#watching summary").click()
    page.fill("#watch [name=path]", str(folder / "none"))
    page.get_by_role("button", name="Watch folder").click()
    expect(page.locator("#said")).to_contain_text("There is no file or folder")
    page.fill("#watch [name=path]", str(folder))
    page.get_by_role("button", name="Watch folder").click()
    expect(page.locator(".folders code").first).to_have_text(str(folder))
    page.locator(".folders > li > button").click()
    page.get_by_role("button", name="Keep the documents").click()
    expect(page.locator(".folders")).to_have_count(0)


def test_a_page_of_the_web_has_its_title_and_address(
    home: Path, web: Web, browser: Browser
) -> None:
    """Taken again, it is a newer version of the same document. The tests' server is the web."""
    crane = b"<html><title>%s crane</title><p>The harbour crane cost nine million.</p></html>"
    web.answers["/news/crane"] = answer(crane % b"The")
    with running_locally(home, reach=web.reach) as address:
        page = browser.new_page()
        page.goto(address)
        for title in ("The crane", "Another crane"):
            page.fill("#fetch [name=address]", web.at("/news/crane"))
            page.locator("#fetch button").click()
            expect(page.locator("#progress")).to_contain_text("1 file: 1 ")
            expect(listed(page)).to_have_text([title])
            expect(page.locator(".from")).to_have_text(web.at("/news/crane"))
            web.answers["/news/crane"] = answer(crane % b"Another")
        page.close()


def test_slow_servers_of_others_keep_nobody_waiting(home: Path, web: Web) -> None:
    """So many are waited for; whoever names one more is told when to come again."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(1.5)
        answer()(handler)

    web.answers |= {f"/{number}": slow for number in range(6)}
    with running_locally(home, reach=replace(web.reach, seconds=30)) as address:
        path = f"{address}/api/v1/documents/fetch"

        def fetch(number: int) -> httpx.Response:
            return httpx.post(path, json={"address": web.at(f"/{number}")}, timeout=60)

        with ThreadPoolExecutor(6) as executor:
            replies = list(executor.map(fetch, range(6)))
    assert sorted(reply.status_code for reply in replies) == [201, 201, 201, 201, 503, 503]
    assert all("retry-after" in r.headers for r in replies if r.status_code == 503)


def test_what_cannot_be_taken_from_the_web_says_why(page: Page) -> None:
    """This computer is no place of the web."""
    page.fill("#fetch [name=address]", page.url)
    page.locator("#fetch button").click()
    expect(page.locator("#adding .why")).to_contain_text("is not on the public internet")
