"""Whatever means harm, in every place of the pages where others' words stand: no script runs,
and no request leaves that nobody clicked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from assistant.settings import Settings
from tests.assistant.web.test_fetching import Web, answer, web
from tests.conftest import new_home
from tests.hostile import OUTSIDE, PAYLOADS, together
from tests.running import running_locally
from tests.scripted import Conversation, scripted_server, with_model

__all__ = ["web"]

CRANE = "What did Ann Lee say about the harbour crane?"


def letter_by_letter(conversation: Conversation) -> None:
    """A model that says every payload, and each letter of it in an event of its own."""
    number = len(conversation.server.scripted.bodies)
    said = list(together(16))
    conversation.begin()
    conversation.say(*f"The harbour crane is {said[number % len(said)]} [1]. Ann Lee agreed [1].")
    conversation.end()


@pytest.fixture
def address(tmp_path: Path, models: Path, web: Web) -> Iterator[str]:
    """Payloads in names, titles, texts and speakers of documents, one of them from the web."""
    folder = tmp_path / "harm"
    folder.mkdir()
    for number, harm in enumerate(together(4)):
        name, shown = re.sub(r"[/\x00]", "_", harm)[:80], escape(harm)
        words = f"<title>{shown}</title><h1>{shown}</h1><p>Ann Lee said “{shown}” then.</p>"
        (folder / f"{number} {name}.html").write_text(words)
    lines = "\n\n".join(f"Ann Lee said the harbour crane {each} is tall." for each in PAYLOADS)
    (folder / "all.txt").write_text(f"{lines}\n\n<b>Eve Moor</b>: The crane is old.")
    title = escape(PAYLOADS[0])
    page = f"<html><title>{title}</title><p>The crane is {escape(' '.join(PAYLOADS))}</p></html>"
    web.answers["/harm"] = answer(page.encode())
    home = new_home(tmp_path / "home", models)
    with (
        scripted_server(letter_by_letter) as model,
        running_locally(
            home, folder, reach=web.reach, settings=with_model(model.url, Settings(home))
        ) as found,
    ):
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Fails for a script that runs, for a request that leaves, and for one that was stopped by
    the page's policy alone: nothing may come to be markup in the first place."""
    opened = browser.new_context(base_url=address).new_page()
    wrong: list[str] = []

    def refuse(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    opened.on("dialog", refuse)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda r: None if r.url.startswith(address) else wrong.append(r.url))
    opened.on("console", lambda m: wrong.append(m.text) if "Content Security" in m.text else None)
    yield opened
    opened.context.close()
    assert [each for each in wrong if each != "about:blank"] == []


def asked(address: str, mode: str) -> str:
    """The conversation in which every payload was asked."""
    client = httpx.Client(base_url=address, timeout=60)
    id = str(client.post("/api/v1/conversations").json()["id"])
    for harm in together(16):
        question = f"{CRANE} {harm}" if mode == "quote" else CRANE
        reply = client.post("/chat", json={"question": question, "mode": mode, "conversation": id})
        assert "event: done" in reply.text
    in_vain = "Which king of Peru won the regatta of 1820 in Lima? <script>alert(1)</script>"
    client.post("/chat", json={"question": in_vain})
    said = {"question": CRANE, "outcome": "answered", "verdict": "bad"}
    for harm in together(20):
        client.post("/api/v1/feedback", json={**said, "words": harm[:1_500]})
    return id


def test_nothing_that_means_harm_becomes_markup_in_a_page(
    page: Page, address: str, web: Web
) -> None:
    """Names, titles, texts, what is asked, what a model writes, what comes from the web, and what
    people say of answers: at least 150 payloads in each place."""
    assert len(set(PAYLOADS)) >= 150
    quoted, written = asked(address, "quote"), asked(address, "write")
    everything = httpx.get(f"{address}/api/v1/documents?limit=1000").json()
    whole = next(each["id"] for each in everything if each["source"].endswith("all.txt"))
    taken = httpx.post(
        f"{address}/api/v1/documents/fetch", json={"address": web.at("/harm")}, timeout=60
    )
    fetched = taken.json()["id"]
    views = [
        f"/chat/{quoted}?earlier=1", f"/chat/{written}?earlier=1", "/library", "/statements",
        f"/library/{whole}", f"/library/{fetched}", f"/library/{fetched}?show=passages",
        f"/read/{whole}", f"/read/{fetched}", "/statements?speaker=Ann+Lee",
        "/administration", "/administration/feedback", "/administration/audit",
    ]  # fmt: skip
    for view in views:
        page.goto(view, wait_until="load")
        expect(page.locator("body")).to_contain_text("alert(1)")
        odd = "img, video, audio, object, embed, base, xmp, math, [onerror], [onload], [ontoggle]"
        assert page.locator(f"body :is({odd})").count() == 0, view
        assert page.locator(f'[src*="{OUTSIDE}"], [ping], [background]').count() == 0, view
        foreign = page.locator(f'a[href^="{OUTSIDE}"], a[href^="javascript:"]')
        assert foreign.count() == 0, view

    while_it_comes(page)


def while_it_comes(page: Page) -> None:
    """The same for an answer as it comes, its sources, the reader and the card of a citation."""
    page.goto("/?question=")
    harm = next(together(16))
    page.locator("#question").fill(f"{CRANE} {harm}")
    page.locator("#question").press("Enter")
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(1)
    page.locator("#log a.cite").first.hover()
    expect(page.locator("#preview")).to_be_visible()
    page.locator("#log a.cite").first.click()
    expect(page.frame_locator(".reader iframe").locator("#cited")).to_be_visible()
    assert page.locator("#log img, #sources img, #preview img, #log script").count() == 0
