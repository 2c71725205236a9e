"""Two people in two browsers, each with documents of their own and one of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.building import Opened
from assistant.operating.maintaining import Request, perform
from assistant.settings import Settings
from tests.assistant.web.test_canaries import served
from tests.conftest import free_port, new_home
from tests.oidc import create_provider
from tests.running import in_thread

TEXTS = {
    "ann": "Mayor Dunmore said the ferry budget was forty-one crowns.",
    "bo": "Mayor Dunmore said the ferry captain was hired in Lisbon.",
    "both": "Mayor Dunmore said the ferry sails at nine.",
}
FERRY = "What did Dunmore say about the ferry?"
OWN = {"ann": "forty-one", "bo": "Lisbon"}


@dataclass(frozen=True)
class Office:
    """A server, the browser of each person, who is signed in there, and its rights."""

    url: str
    pages: dict[str, Page]
    opened: Opened
    person: Callable[[str], str]

    def let_read(self, document: str, *people: str) -> None:
        rights = {"readers": [self.person(each) for each in people]}
        for _ in perform(self.opened.stores, Request("rights", documents=document, rights=rights)):
            pass


@pytest.fixture
def office(browser: Browser, tmp_path: Path, models: Path) -> Iterator[Office]:
    files, port = tmp_path / "files", free_port()
    files.mkdir()
    provider_app, provider = create_provider(f"http://127.0.0.1:{port}")
    for name, text in TEXTS.items():
        (files / f"{name}.txt").write_text(text)
    with ExitStack() as stack:
        stack.enter_context(in_thread(provider_app, port))
        settings = Settings(new_home(tmp_path / "home", models))
        opened, _, url, _ = served(stack, settings, files, provider.issuer)
        pages = {}
        for name in ("ann", "bo"):
            context = browser.new_context(base_url=url)
            stack.callback(context.close)
            pages[name] = context.new_page()
        office = Office(url, pages, opened, lambda name: f"user:{provider.issuer}|{name}")
        for name in TEXTS:
            office.let_read(f"{name}.txt", *(OWN if name == "both" else [name]))
        for name, page in pages.items():
            provider.person = {"sub": name, "name": name.capitalize(), "groups": []}
            page.goto("/login")
        yield office


def ask(page: Page) -> None:
    before = page.locator("#log .exchange[data-outcome]").count()
    page.locator("#question").fill(FERRY)
    page.locator("#question").press("Enter")
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(before + 1)


def test_each_sees_their_own_and_what_is_taken_away_is_gone_at_the_next_action(
    office: Office,
) -> None:
    """In the library, answers, histories, shares and exports; and while a page is open."""
    for name, page in office.pages.items():
        page.goto("/library")
        expect(page.locator(".name")).to_have_text(sorted([name, "both"]))
        page.goto("/")
        ask(page)
        expect(page.locator("#log")).to_contain_text(OWN[name])
        expect(page.locator("#log")).to_contain_text("sails at nine")
        page.reload()
        expect(page.locator("#chat-list li")).to_have_count(1)
    for one, other in (("ann", "bo"), ("bo", "ann")):
        assert OWN[other] not in office.pages[one].content()

    ann, bo = office.pages["ann"], office.pages["bo"]
    id = ann.url.rpartition("/")[2]
    assert bo.request.get(f"/chat/{id}").status == 404
    for form in ("md", "docx", "pdf", "json"):
        exported = f"/api/v1/conversations/{id}/export/{form}"
        assert ann.request.get(exported).ok
        assert bo.request.get(exported).status == 404
    link = ann.request.post(f"/api/v1/conversations/{id}/share", data={}).json()["link"]
    own = bo.url
    bo.goto(link)
    expect(bo.locator("#log")).to_contain_text("sails at nine")
    assert OWN["ann"] not in bo.content()

    bo.goto(own)
    cited = bo.locator("#log blockquote", has_text="sails at nine").locator("a.cite")
    proof = cited.get_attribute("href")
    office.let_read("both.txt", "ann")
    ask(bo)
    expect(bo.locator("#log .lost")).to_have_count(1)
    expect(bo.locator("#log")).to_contain_text(OWN["bo"])
    assert "sails at nine" not in bo.content()
    bo.goto(str(proof))
    expect(bo.locator("main.missing")).to_be_visible()
    bo.goto(link)
    assert "sails at nine" not in bo.content()
