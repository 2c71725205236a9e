"""The view "Administration": over HTTP with every kind of caller, and in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Route, expect
from starlette.testclient import TestClient

from assistant.accounts.keys import Keys
from assistant.accounts.ledger import Ledger
from assistant.accounts.store import Store
from assistant.web.entry.callers import EVERY_PERMISSION
from assistant.web.services import Services
from index.documents import LOCAL_USER, Principal
from index.errors import DocumentNotFound
from index.search.view import View
from tests.assistant.web.test_guard import HOSTS, client_of, home, keys, served
from tests.browser import open_browser
from tests.running import Running, running

__all__ = ["home", "keys", "served"]

Served = dict[str, tuple[Services, FastAPI]]

PATH = "/administration"
OF_LEDGER = (PATH, f"{PATH}/feedback", f"{PATH}/usage", f"{PATH}/audit")
OF_PORTALS = (f"{PATH}/people", f"{PATH}/keys", f"{PATH}/embeds")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
TABLES = ("unanswered", "usage", "feedback", "people")


@pytest.fixture(autouse=True)
def as_nobody_came(served: Served) -> Iterator[None]:
    """What is kept of one test is no part of another; the log is only added to. What is older
    than it is kept is looked for now, and not again within the hour."""
    served["portal"][0].ledger.did(LOCAL_USER, "s", "began", "")
    yield
    store = Store(served["portal"][0].home)
    for table in TABLES:
        store.do(f"DELETE FROM {table}")


@pytest.fixture
def ledger(served: Served) -> Ledger:
    return served["portal"][0].ledger


@pytest.fixture
def admin(served: Served, keys: dict[str, str]) -> TestClient:
    """An administrator who may read no document."""
    client = client_of(served, "portal", keys["administer"])
    client.follow_redirects = False
    return client


def asked_in_vain(served: Served, *rows: tuple[str, str, int, float]) -> None:
    """Questions as the ledger has them: (words, tenant, times, last)."""
    for row in rows:
        Store(served["portal"][0].home).do("INSERT INTO unanswered VALUES (?,?,?,?)", *row)


def questions_on(page: str) -> list[tuple[int, str]]:
    """(times, words) of each question that a page lists."""
    found = re.findall(r'<p class="times"><b>(\d+)</b>.*?<p class="asked">(.*?)</p>', page, re.S)
    return [(int(times), words) for times, words in found]


# -- who may see it ------------------------------------------------------------------


@pytest.mark.parametrize("path", OF_LEDGER + OF_PORTALS)
def test_a_section_is_for_administrators(
    served: Served, keys: dict[str, str], admin: TestClient, path: str
) -> None:
    """It may load this server's files alone, holds no script, and no cache keeps it."""
    for permission in ("ask", "write", "evaluate"):
        assert client_of(served, "portal", keys[permission]).get(path).status_code == 403
    assert client_of(served, "portal").get(path).status_code == 401
    reply = admin.get(path)
    assert reply.status_code == 200
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert reply.headers["cache-control"] == "no-store"
    assert re.findall(r"<script(?![^>]* src=)", reply.text) == []
    assert re.findall(r"\s(?:style|on[a-z]+)=", reply.text) == []


def test_it_is_linked_for_those_who_may_administer(
    served: Served, keys: dict[str, str], admin: TestClient
) -> None:
    """And for nobody else."""
    link = f'<a href="{PATH}"'
    assert link not in client_of(served, "portal", keys["ask"]).get("/statements").text
    assert link in admin.get(PATH).text
    assert link in client_of(served, "local").get("/statements").text


def test_what_is_wrong_with_rights_files_is_told(
    admin: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the view has it, as text."""
    assert 'role="alert"' not in admin.get(PATH).text
    monkeypatch.setattr(View, "unclear_rights", lambda _: [f"docs/rights.toml: {HOSTILE}"])
    page = admin.get(PATH).text
    assert "docs/rights.toml: &lt;script&gt;" in page
    assert HOSTILE not in page


def test_the_owner_of_an_index_sees_what_the_ledger_has(served: Served) -> None:
    """On their own computer nobody signs in: there are no people, keys or embeds."""
    client = client_of(served, "local")
    question = "who won the chess match in Reykjavik?"
    client.post("/api/v1/ask", json={"question": question})
    pages = {path: client.get(path) for path in OF_LEDGER}
    assert {page.status_code for page in pages.values()} == {200}
    assert question in pages[PATH].text
    assert "the owner of the index" in pages[f"{PATH}/audit"].text
    for path in OF_PORTALS:
        assert client.get(path).status_code == 404
        assert path not in pages[PATH].text
    assert client.post(f"{PATH}/keys", data={"deed": "add", "name": "x"}).status_code == 404


@pytest.mark.parametrize("path", OF_LEDGER + OF_PORTALS)
def test_what_others_wrote_is_shown_as_they_wrote_it(
    served: Served, ledger: Ledger, admin: TestClient, path: str
) -> None:
    """Names, questions, tenants and ids are words, never markup."""
    portals = served["portal"][0].portals
    assert portals
    somebody = Principal(f"user:https://portal.example|{HOSTILE}", HOSTILE)
    ledger.met(somebody, HOSTILE, "embed")
    ledger.think(somebody, HOSTILE, "answered", "bad", HOSTILE)
    asked_in_vain(served, (HOSTILE, HOSTILE, 3, time.time()), (HOSTILE.upper(), "b", 1, 9.0))
    Store(served["portal"][0].home).do(
        "INSERT INTO usage VALUES "
        "(date('now'), ?, ?, 'answered', 1), (date('now'), 'x', 'b', ?, 1)",
        somebody.id, HOSTILE, HOSTILE,
    )  # fmt: skip
    ledger.did(somebody, "s", HOSTILE, HOSTILE)
    shared = {"document": HOSTILE, "readers": [HOSTILE], "denied": [HOSTILE]}
    ledger.did(somebody, "s", "shared document", json.dumps(shared))
    ledger.did(somebody, "s", "saw", json.dumps([[HOSTILE, HOSTILE, 1, 9]]))
    name = f"hostile-{len(path)}"
    portals.keys.add(name, ["ask"], HOSTILE, [f"group:https://portal.example|{HOSTILE}"])
    try:
        for asked in ("", "?find=" + HOSTILE, "?person=" + HOSTILE, "?tenant=" + HOSTILE):
            text = admin.get(path + asked).text
            assert "<script>alert" not in text.lower()
            assert "<img" not in text.lower()
        if path != f"{PATH}/usage":
            assert "&lt;script&gt;alert(1)" in admin.get(path).text
    finally:
        portals.keys.revoke(name)


# -- questions without an answer --------------------------------------------------------


def test_what_is_asked_most_is_first_and_spellings_are_one_question(
    served: Served, admin: TestClient
) -> None:
    """Of all tenants together, or of one."""
    asked_in_vain(
        served,
        ("Who pays for parking?", "acme", 3, 300.0),
        ("who pays  for parking", "acme", 1, 500.0),
        ("WHO PAYS FOR PARKING?!", "globex", 2, 100.0),
        ("What is the pension age?", "acme", 5, 400.0),
    )
    assert questions_on(admin.get(PATH).text) == [
        (6, "Who pays for parking?"), (5, "What is the pension age?"),
    ]  # fmt: skip
    globex = admin.get(PATH, params={"tenant": "globex"}).text
    assert questions_on(globex) == [(2, "WHO PAYS FOR PARKING?!")]
    latest = admin.get(PATH, params={"order": "last"}).text
    assert [times for times, _ in questions_on(latest)] == [6, 5]
    assert "2 questions, asked 11 times" in latest
    assert "1 January 1970, 00:08" in latest


def test_the_list_is_searched_and_turned_over(served: Served, admin: TestClient) -> None:
    """By parts of words, without regard to capitals and accents."""
    rows = [(f"Where is the café number {n}?", "", 200 - n, 1.0) for n in range(120)]
    asked_in_vain(served, *rows, ("Who is there?", "", 1, 1.0))
    found = admin.get(PATH, params={"find": "CAFE 11"}).text
    assert len(questions_on(found)) == 11
    pages = [questions_on(admin.get(PATH, params={"page": n}).text) for n in (1, 2, 3, 99)]
    assert [len(page) for page in pages] == [50, 50, 21, 21]
    assert len({words for page in pages for _, words in page}) == 121
    assert "No question has these words" in admin.get(PATH, params={"find": "zebra"}).text


def test_the_list_is_a_table_for_spreadsheets(served: Served, admin: TestClient) -> None:
    """As it is filtered; and no cell of it is calculated there."""
    asked_in_vain(
        served,
        ('=HYPERLINK("https://evil.example")', "acme", 4, 60.0),
        ("@SUM(1), Где?", "globex", 2, 0.0),
        ("Plain, with a comma?", "", 1, 0.0),
    )
    reply = admin.get(f"{PATH}/unanswered.csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="unanswered.csv"'
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert rows == [
        ["question", "times", "last asked", "tenants"],
        ['\'=HYPERLINK("https://evil.example")', "4", "1970-01-01 00:01", "acme"],
        ["'@SUM(1), Где?", "2", "1970-01-01 00:00", "globex"],
        ["Plain, with a comma?", "1", "1970-01-01 00:00", ""],
    ]
    filtered = admin.get(f"{PATH}/unanswered.csv", params={"find": "comma"}).text
    assert len(filtered.splitlines()) == 2


def test_a_question_that_is_done_is_off_the_list_until_it_is_asked_in_vain_again(
    served: Served, ledger: Ledger, admin: TestClient
) -> None:
    """In every spelling; the log says who did it, and not the words."""
    asked_in_vain(served, ("Who?", "acme", 2, 2.0), ("who", "b", 1, 2.0), ("When?", "", 1, 2.0))
    done = admin.post(PATH, data={"question": "WHO", "find": "w", "page": "2"})
    assert (done.status_code, done.headers["location"]) == (
        303, f"{PATH}?find=w&page=2&did=settled",
    )  # fmt: skip
    assert [each.question for each in ledger.unanswered(9)] == ["When?"]
    (deed,) = ledger.deeds(1)
    assert (deed.principal, deed.deed, deed.what) == ("key:administer", "settled question", "")
    assert admin.post(PATH, data={"question": "nobody asked"}).status_code == 303
    assert ledger.deeds(1) == [deed]


# -- the log ---------------------------------------------------------------------------


def test_the_log_names_a_document_to_those_who_may_read_it(
    served: Served, ledger: Ledger, admin: TestClient
) -> None:
    """Others see that there was one. The way to the passage is that of the reader, which
    looks itself."""
    (source, *_) = served["portal"][0].assistant.view_of(LOCAL_USER).sources()
    ann = Principal("user:https://login.example|ann", "acme")
    ledger.met(ann, "Ann Lee", "login")
    ledger.did(
        ann, "s", "saw", json.dumps([[source.id, "then", 10, 90], [source.id, "then", 95, 99]])
    )
    ledger.did(ann, "s", "added document", source.id)
    asked = {"person": ann.id}
    hidden = admin.get(f"{PATH}/audit", params=asked).text
    assert source.title not in hidden
    assert source.name not in hidden
    assert "/read/" not in hidden
    assert hidden.count("a document that you may not read, or that is gone") == 2
    with pytest.raises(DocumentNotFound):
        served["portal"][0].assistant.view_of(Principal("key:administer")).document(source.id)
    shown = client_of(served, "local").get(f"{PATH}/audit", params=asked).text
    assert f"/read/{source.id}?at=10-90&amp;at=95-99&amp;version=then#cited" in shown
    assert shown.count(f">{source.title}</a>") == 2
    assert "Ann Lee</a> was shown 2 passages" in shown


def test_the_log_is_searched_by_person_and_kind_and_turned_over(
    ledger: Ledger, admin: TestClient
) -> None:
    """No line is left out or shown twice, whatever is added meanwhile."""
    ann, ben = (Principal(f"user:https://login.example|{name}") for name in ("a-1", "b-1"))
    ledger.met(ann, "Ann Li", "login")
    other = Principal(f"{ann.id}1")
    ledger.met(other, "Cy", "login")
    ledger.did(other, "s", "made a mark", "of one whose id begins alike")
    for n in range(120):
        ledger.did(ann, "s", "made a mark", f"mark-{n:03}.")
    ledger.did(ben, "s", "came in", "login")
    ledger.did(Principal("key:gone"), "s", "made a mark", "by a key")
    seen: list[str] = []
    address = f"{PATH}/audit?person=ann+li"
    while address and len(seen) <= 120:
        text = admin.get(address).text
        seen += re.findall(r"mark-\d{3}", text)
        assert "b-1" not in text
        ledger.did(ann, "s", "came in", "login")
        older = re.search(r'rel="next" href="([^"]*)"', text)
        address = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"mark-{n:03}" for n in reversed(range(120))]
    for words in ("gone", "key:gone"):
        assert "by a key" in admin.get(f"{PATH}/audit", params={"person": words}).text
    assert "begins alike" in admin.get(f"{PATH}/audit", params={"person": "a-11"}).text
    whole = admin.get(f"{PATH}/audit", params={"person": ann.id}).text
    assert f'value="{ann.id}"' in whole
    assert "begins alike" not in whole
    changed = admin.get(f"{PATH}/audit", params={"person": "a-1", "kind": "changed"}).text
    visits = admin.get(f"{PATH}/audit", params={"person": "a-1", "kind": "visits"}).text
    assert "came in through" not in changed
    assert "mark-119" in changed
    assert "came in through" in visits
    assert "mark-" not in visits
    assert "No line is like that" in admin.get(f"{PATH}/audit", params={"person": "zoe"}).text


# -- usage, feedback, people, tenants ---------------------------------------------------------


def test_each_day_is_drawn_and_listed(served: Served, admin: TestClient) -> None:
    """Days without a question are drawn, too; an asker of two days is one."""
    store = Store(served["portal"][0].home)
    for back, outcome, questions in [
        (0, "answered", 6),
        (0, "not_in_documents", 2),
        (3, "partly", 2),
    ]:
        store.do(
            "INSERT INTO usage VALUES (date('now', ?), 'key:a', 'acme', ?, ?)",
            f"-{back} days", outcome, questions,
        )  # fmt: skip
    text = admin.get(f"{PATH}/usage", params={"days": "14"}).text
    assert text.count("<title>") == 1 + 14
    assert text.count(": 8 questions, 6 answered</title>") == 1
    assert text.count(": 0 questions, 0 answered</title>") == 12
    figures = re.findall(r"<dt>([a-z ]+)</dt><dd>([^<]*)</dd>", text)
    assert figures == [("questions", "10"), ("answered", "80%"), ("person or program", "1")]
    assert text.count('<tr><th scope="row">') == 2
    assert "30 days" in admin.get(f"{PATH}/usage", params={"days": "x"}).text


def test_feedback_is_searched_by_words_person_and_judgement(
    ledger: Ledger, admin: TestClient
) -> None:
    ann = Principal("user:https://login.example|a-1", "acme")
    ledger.met(ann, "Ann Li", "login")
    ledger.think(ann, "Who pays?", "answered", "bad", "It is the old rule.")
    ledger.think(LOCAL_USER, "Who else?", "not_in_documents", "good", "")

    def found(**asked: str) -> list[str]:
        text = admin.get(f"{PATH}/feedback", params=asked).text
        return re.findall(r'<p class="asked">(.*?)</p>', text)

    assert found() == ["Who else?", "Who pays?"]
    assert found(verdict="bad") == found(find="old rule") == found(find="ann") == ["Who pays?"]
    assert found(verdict="bad", find="else") == []


def test_people_and_tenants_are_listed_with_how_they_come(
    ledger: Ledger, admin: TestClient
) -> None:
    """Embeds and their origins are those of portal.toml."""
    ledger.met(Principal("user:https://login.example|a-1", "acme"), "Ann Li", "login")
    ledger.met(Principal("user:https://portal.example|b-1", "globex"), "Ben Roe", "embed")
    people = admin.get(f"{PATH}/people").text
    assert people.index("Ben Roe") < people.index("Ann Li")
    assert "globex · through a portal" in people
    only = admin.get(f"{PATH}/people", params={"find": "ANN acme"}).text
    assert "Ann Li" in only
    assert "Ben Roe" not in only
    embeds = admin.get(f"{PATH}/embeds").text
    assert "<dd>https://portal.example</dd>" in embeds
    assert re.search(r'<th scope="row">acme</th><td class="words">hr</td><td>1</td>', embeds)
    assert re.search(r'<th scope="row">globex</th><td class="words">–</td><td>1</td>', embeds)


# -- keys --------------------------------------------------------------------------------


@pytest.fixture
def chief(served: Served) -> Iterator[TestClient]:
    """An administrator who may do everything."""
    portals = served["portal"][0].portals
    assert portals
    key = portals.keys.add("chief", EVERY_PERMISSION - {"public"})
    client = client_of(served, "portal", key)
    client.follow_redirects = False
    yield client
    portals.keys.revoke("chief")


def secret_on(page: str) -> str:
    (secret,) = re.findall(r"ork_[0-9a-f]{12}_[\w-]{40,}", page)
    return str(secret)


def test_a_key_is_made_shown_once_exchanged_and_revoked(
    served: Served, chief: TestClient, ledger: Ledger
) -> None:
    """It works at once, and is refused at once."""
    form = {
        "deed": "add", "name": "nightly", "permissions": ["ask", "evaluate"], "tenant": "acme",
        "groups": "group:https://login.example|editors\r\n\r\n", "days": "9",
    }  # fmt: skip
    made = chief.post(f"{PATH}/keys", data=form)
    assert made.status_code == 200
    first = secret_on(made.text)
    assert "ork_" not in re.sub(r"ork_[0-9a-f]{12}_…", "", chief.get(f"{PATH}/keys").text)
    program = client_of(served, "portal", first)
    assert program.get("/api/v1/me").json()["permissions"] == ["ask", "evaluate"]
    second = secret_on(chief.post(f"{PATH}/keys", data={"deed": "rotate", "name": "nightly"}).text)
    for secret in (first, second):
        assert client_of(served, "portal", secret).get("/api/v1/me").status_code == 200
    assert "The one before" in chief.get(f"{PATH}/keys").text
    ended = chief.post(f"{PATH}/keys", data={"deed": "revoke", "name": "nightly"})
    assert (ended.status_code, ended.headers["location"]) == (303, f"{PATH}/keys?did=revoked")
    for secret in (first, second):
        assert client_of(served, "portal", secret).get("/api/v1/me").status_code == 401
    assert [deed.deed for deed in ledger.deeds(3)] == ["revoked key", "rotated key", "added key"]
    assert {deed.principal for deed in ledger.deeds(3)} == {"key:chief"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "The name has to be"),
        ({"name": "a b"}, "The name has to be"),
        ({"name": "ключ"}, "cannot be called"),
        ({"name": "chief"}, "There is a key called chief already"),
        ({"permissions": []}, "Choose what the key may do"),
        ({"permissions": ["fly"]}, "Choose what the key may do"),
        ({"groups": "editors"}, "is no group"),
        ({"days": "0"}, "The days have to be"),
        ({"days": "soon"}, "The days have to be"),
        ({"deed": "polish"}, "made, exchanged or revoked"),
        ({"deed": "revoke", "name": "nobody"}, "There is no key called nobody"),
        ({"deed": "rotate", "name": "nobody"}, "There is no key called nobody"),
    ],
)
def test_what_cannot_be_made_is_said_and_what_was_typed_stays(
    served: Served, chief: TestClient, changed: dict[str, object], said: str
) -> None:
    portals = served["portal"][0].portals
    assert portals
    before = portals.keys.all()
    form = {"deed": "add", "name": "typed-name", "permissions": ["ask"], "tenant": "typed-tenant"}
    reply = chief.post(f"{PATH}/keys", data={**form, **changed})
    assert reply.status_code == 400
    (problem,) = re.findall(r'<p class="problem" role="alert">(.*?)</p>', reply.text, re.S)
    assert said in problem
    assert {key.id for key in portals.keys.all()} == {key.id for key in before}
    if changed.get("deed", "add") == "add":
        assert 'value="typed-tenant"' in reply.text


def test_nobody_gets_a_key_that_may_more_than_they(served: Served, admin: TestClient) -> None:
    """Neither a new one, nor in exchange for another’s; by the page or the API."""
    form = {"deed": "add", "name": "stronger", "permissions": ["write"]}
    for data in (form, {"deed": "rotate", "name": "write"}):
        reply = admin.post(f"{PATH}/keys", data=data)
        assert reply.status_code == 400
        assert "cannot do more than who makes it" in reply.text
    body = {"name": "stronger", "permissions": ["write"]}
    assert admin.post("/api/v1/admin/keys", json=body).status_code == 403
    assert admin.post("/api/v1/admin/keys/write/rotate").status_code == 403
    assert 'name="permissions" value="write"' not in admin.get(f"{PATH}/keys").text
    portals = served["portal"][0].portals
    assert portals
    assert [key.name for key in portals.keys.all()].count("write") == 1


@pytest.mark.parametrize("path", [PATH, f"{PATH}/keys"])
def test_a_page_of_another_site_changes_nothing(
    served: Served, ledger: Ledger, admin: TestClient, path: str
) -> None:
    """Nor one that hides where it comes from."""
    asked_in_vain(served, ("Who?", "", 1, 1.0))
    form = {"question": "Who?", "deed": "revoke", "name": "ask"}
    for origin, site in [
        ("https://evil.example", "cross-site"), ("null", "cross-site"),
        ("https://app.example.evil", "same-origin"),
        (f"http://{HOSTS['portal']}", "same-origin"),
    ]:  # fmt: skip
        headers = {"origin": origin, "sec-fetch-site": site}
        assert admin.post(path, data=form, headers=headers).status_code == 403
    assert len(ledger.unanswered(9)) == 1
    own = {"origin": f"https://{HOSTS['portal']}", "sec-fetch-site": "same-origin"}
    wanted = {"question": "Who?", "deed": "revoke", "name": "nobody"}
    assert admin.post(path, data=wanted, headers=own).status_code in (303, 400)


# -- in a browser ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(seed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(seed_home, tmp_path_factory.mktemp("administration") / "home") as run:
        yield run


def test_in_a_browser_keys_are_made_and_revoked_and_questions_found(server: Running) -> None:
    """By pointer and by keys; nothing of another host is loaded, no error is made."""
    store = Store(server.home)
    for question, times in [("Who pays for parking?", 4), ("When is lunch?", 2)]:
        values = (question, "acme", times, time.time())
        store.do("INSERT INTO unanswered VALUES (?,?,?,?)", *values)
    chief = Keys(store).add("chief", EVERY_PERMISSION - {"public"})
    with open_browser() as browser:
        context = browser.new_context(
            base_url=server.url, extra_http_headers={"Authorization": f"Bearer {chief}"}
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)

        page.goto("/statements")
        page.locator(".views a", has_text="Administration").click()
        expect(page.locator(".gaps .asked")).to_have_text(
            ["Who pays for parking?", "When is lunch?"]
        )
        page.get_by_placeholder("Find words in a question").fill("LUNCH")
        expect(page.locator(".gaps .asked")).to_have_text(["When is lunch?"])
        expect(page).to_have_url(f"{server.url}{PATH}?find=LUNCH")
        expect(page.locator("#said")).to_have_text("1 question, asked 2 times")
        page.get_by_role("button", name="Done: When is lunch?").click()
        expect(page.locator("#found")).to_contain_text("No question has these words")
        assert [each.question for each in Ledger(store).unanswered(9)] == ["Who pays for parking?"]

        page.get_by_role("link", name="API keys").click()
        page.locator(".new summary").press("Enter")
        page.get_by_label("Name", exact=True).fill("nightly")
        page.get_by_role("button", name="Make the key").click()
        fresh = page.locator("#fresh")
        expect(fresh).to_be_focused()
        secret = fresh.inner_text()
        assert secret.startswith("ork_")
        page.get_by_role("button", name="Copy").click()
        expect(page.locator("#said")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == secret

        def call() -> int:
            headers = {"Authorization": f"Bearer {secret}"}
            return httpx.get(f"{server.url}/api/v1/me", headers=headers).status_code

        assert call() == 200
        page.reload()
        expect(page.locator(".keys .name", has_text="nightly")).to_be_visible()
        assert page.locator("#fresh").count() == 0
        assert len([key for key in Keys(store).all() if key.name == "nightly"]) == 1

        row = page.locator(".keys > li", has=page.locator(".name", has_text="nightly"))
        row.get_by_role("button", name="Revoke").focus()
        page.keyboard.press("Enter")
        asked = page.get_by_role("dialog", name="Revoke nightly?")
        expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
        page.keyboard.press("Escape")
        expect(asked).to_be_hidden()
        assert call() == 200
        page.keyboard.press("Enter")
        asked.get_by_role("button", name="Revoke it").click()
        expect(row).to_have_count(0)
        expect(page.locator("#said")).to_have_text("Revoked")
        assert call() == 401
        assert errors == []
        context.close()


def test_what_is_typed_before_the_scripts_have_come_is_found(server: Running) -> None:
    store = Store(server.home)
    for question in ("Where do bicycles go?", "When is supper?"):
        store.do("INSERT INTO unanswered VALUES (?, 'acme', 1, ?)", question, time.time())
    chief = Keys(store).add("swift", EVERY_PERMISSION - {"public"})
    held: list[Route] = []
    with open_browser() as browser:
        context = browser.new_context(
            base_url=server.url, extra_http_headers={"Authorization": f"Bearer {chief}"}
        )
        page = context.new_page()

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/filtering.js", hold)
        with page.expect_request("**/filtering.js"):
            page.goto(PATH, wait_until="commit")
        page.get_by_placeholder("Find words in a question").fill("supper")
        held[0].continue_()
        expect(page.locator(".gaps .asked")).to_have_text(["When is supper?"])
        expect(page).to_have_url(f"{server.url}{PATH}?find=supper")
        context.close()


def test_the_page_works_without_scripts(server: Running) -> None:
    """And fits a narrow window in every section."""
    store = Store(server.home)
    store.do("INSERT INTO unanswered VALUES ('Who is there?', 'acme', 1, ?)", time.time())
    chief = Keys(store).add("plain", EVERY_PERMISSION - {"public"})
    with open_browser() as browser:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": 390, "height": 844},
            java_script_enabled=False,
            extra_http_headers={"Authorization": f"Bearer {chief}"},
        )
        page = context.new_page()
        for path in OF_LEDGER + OF_PORTALS:
            page.goto(path)
            box = page.locator("html").bounding_box()
            assert box
            assert box["width"] <= 390, path
            assert page.locator(".masthead .views a[aria-current]").inner_text() == "Administration"
        page.goto(PATH)
        page.get_by_placeholder("Find words in a question").fill("is there")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("button", name="Done: Who is there?").click()
        expect(page.locator("body")).not_to_contain_text("Who is there?")
        page.get_by_role("link", name="API keys").click()
        page.locator(".new summary").click()
        page.get_by_label("Name", exact=True).fill("by-hand")
        page.get_by_role("button", name="Make the key").click()
        assert page.locator("#fresh").inner_text().startswith("ork_")
        row = page.locator(".keys > li", has=page.locator(".name", has_text="by-hand"))
        row.get_by_role("button", name="Revoke").click()
        page.get_by_role("button", name="Revoke it").and_(page.locator(":visible")).click()
        expect(row).to_have_count(0)
        context.close()
