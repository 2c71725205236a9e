"""The chat in a real browser, over a real server: each test is a walk of somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from gradio.context import LocalContext
from playwright.sync_api import Browser, Dialog, Frame, Page, Route, ViewportSize, expect
from starlette.requests import HTTPConnection

from assistant.accounts.conversations import Conversations
from assistant.accounts.ledger import Ledger
from assistant.accounts.store import Store
from assistant.chat import Assistant
from assistant.receipts.receipt import parse_receipt
from assistant.web.asking import Asking
from assistant.web.entry.callers import LOCAL_CALLER
from assistant.web.entry.observing import Figures
from assistant.web.pages.gradio_chat import Talk, _respond
from tests.browser import serve
from tests.conftest import SEED, copy_home

QUESTION = "what did Rahmon say about students?"
ENERGY = "What did Rahmon say about energy cooperation?"
WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, seed_home: Path, models: Path
) -> Iterator[str]:
    """A server on its own copy of the seed index."""
    home = tmp_path_factory.mktemp("page") / "home"
    copy_home(seed_home, home)
    with serve(home) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The chat in a wide window, loaded."""
    context = browser.new_context(viewport=WIDE)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.goto(address)
    yield opened
    context.close()


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the whole answer."""
    before = page.locator("#log .exchange[data-outcome]").count()
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(before + 1, timeout=15_000)


def last(page: Page, what: str = "") -> Any:
    return page.locator("#log .exchange").last.locator(what or ".answer")


def hang(_: Route) -> None:
    """Never answer."""


def reader(page: Page) -> Frame:
    expect(page.locator(".reader iframe")).to_be_visible()
    expect(page.frame_locator(".reader iframe").locator("#cited")).to_be_in_viewport()
    return next(frame for frame in page.frames if "/read/" in frame.url)


def copied(page: Page) -> str:
    expect(page.locator("#said")).to_contain_text("copied", ignore_case=True)
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_an_answer_proves_itself(page: Page) -> None:
    """Who said it and how, the characters in the document, the way back with the focus where it
    was, and what is nearest where there is no answer."""
    ask(page, QUESTION)
    expect(last(page, ".claim .lead").first).to_have_text("Emomali Rahmon said:")
    card = page.locator("#sources .card:visible").first
    expect(card.locator(".card-speaker")).to_have_text("Emomali Rahmon · direct speech")
    expect(card.locator(".card-note")).to_contain_text("both “Tajik President” and “Russian")
    mark = page.locator("#log a.cite").first
    mark.click()
    frame = reader(page)
    highlighted = "".join(each.inner_text() for each in frame.locator("mark").all())
    assert highlighted.startswith("“We now have branches of three Russian institutes")
    assert highlighted in SEED.read_text("utf-8")
    assert highlighted in page.locator("#log").inner_text()
    frame.locator("#cited").press("Escape")
    expect(page.locator(".reader")).to_be_hidden()
    expect(mark).to_be_focused()
    ask(page, "What is the capital of France?")
    expect(last(page, ".refusal")).to_contain_text("don’t answer this")
    expect(page.locator("#sources .pane-title:visible")).to_have_text("Nearest, but not an answer")
    ask(page, "Thanks!")
    expect(page.locator("#sources .card:visible")).not_to_have_count(0)
    mark.click()
    # It is the only citation of its answer, whatever the answers after it cite.
    expect(reader(page).locator(".steps")).to_be_hidden()
    page.locator(".reader .back").click()
    expect(page.locator("#sources .card-speaker:visible").first).to_contain_text("Emomali Rahmon")
    expect(mark).to_be_focused()


def test_one_copies_words_with_whoever_said_them_and_where(page: Page, address: str) -> None:
    """Indirect speech in no quotation marks, links that work elsewhere; what was asked is
    no markup."""
    ask(page, QUESTION)
    last(page, ".tools .copy").click()
    words, source = copied(page).split("\n\n")
    assert words.startswith("Emomali Rahmon said: “We now have branches")
    assert words.endswith(" [1]")
    assert source.startswith(f"[1] Emomali Rahmon (direct speech) – {SEED.stem}\n{address}/read/")
    ask(page, "Did Rahmon say anything about the Russian language?")
    page.locator("#sources .card-item:visible .copy").first.click()
    expect(page.locator("#said")).to_have_class(re.compile("shown"))
    quoted, source, link = copied(page).split("\n")
    assert "(indirect speech" in quoted
    assert not quoted.startswith(("“", '"'))
    assert source.startswith(SEED.stem)
    assert link.startswith(f"{address}/read/")


def test_a_conversation_stays(page: Page, browser: Browser, address: str) -> None:
    """After a reload and in another browser, with its own address; it is listed, found, renamed,
    goes on elsewhere from an edited question, is shown to others, and forgotten."""
    ask(page, QUESTION)
    ask(page, "And about energy cooperation?")
    understood = last(page, ".understood")
    expect(understood).to_have_text(ENERGY.replace("did", "did"), ignore_case=True)
    permalink = page.url
    assert permalink.startswith(f"{address}/chat/")
    said = page.locator("#log blockquote").all_inner_texts()
    page.reload()
    assert page.locator("#log blockquote").all_inner_texts() == said
    elsewhere = browser.new_context(viewport=WIDE)
    other = elsewhere.new_page()
    other.goto(permalink)
    assert other.locator("#log blockquote").all_inner_texts() == said
    expect(other.locator("#log .lead").first).to_have_text("Emomali Rahmon said:")

    page.locator("#rename").click()
    page.locator("#title").fill("Tajikistan <b>")
    page.locator("#title").press("Enter")
    expect(page.locator("#chat-list .chat-title").first).to_have_text("Tajikistan <b>")
    page.locator("#find").fill("energy tajik")
    expect(page.locator("#chat-list li")).to_have_count(1)
    page.locator("#find").fill("")

    page.locator("#log .edit").last.click()
    expect(page.locator("#question")).to_have_value("And about energy cooperation?")
    ask_edited = page.locator("#question")
    ask_edited.fill("Did he speak of the Russian language?")
    ask_edited.press("Enter")
    expect(page.locator("#log h2").last).to_have_text("Did he speak of the Russian language?")
    expect(page).not_to_have_url(permalink)
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(2)
    other.reload()
    assert other.locator("#log blockquote").all_inner_texts() == said

    page.locator("#chat-menu summary").click()
    page.locator("#chat-menu .share").click()
    link = copied(page)
    assert link.startswith(f"{address}/shared/")
    other.goto(link)
    expect(other.locator("#log blockquote").first).to_contain_text("We now have branches")
    page.locator("#chat-menu summary").click()
    page.locator("#chat-menu .unshare").click()
    expect(page.locator("#said")).to_contain_text("Nobody")
    assert other.goto(link).status == 404  # type: ignore[union-attr]
    elsewhere.close()

    page.on("dialog", Dialog.accept)
    before = page.locator("#chat-list li").count()
    page.goto(permalink)
    page.locator("#chat-list li").last.hover()
    page.locator("#chat-menu summary").click()
    page.locator("#chat-menu .forget").click()
    expect(page.locator("#start")).to_be_visible()
    expect(page.locator("#chat-list li")).to_have_count(before - 1)
    assert page.goto(permalink).status == 404  # type: ignore[union-attr]


def test_while_an_answer_comes_one_types_on(page: Page) -> None:
    """Nothing is erased; Stop and Escape end it, with a way to ask again; Enter alone asks
    nothing."""
    page.locator("#question").press("Enter")
    page.locator("#question").fill("   ")
    page.locator("#question").press("Enter")
    expect(page.locator("#log .exchange")).to_have_count(0)
    page.route("**/chat", hang)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    expect(page.locator("#log h2")).to_have_text(QUESTION)
    page.locator("#question").type("And Putin?")
    expect(page.locator("#stop")).to_be_visible()
    page.locator("#stop").click()
    expect(last(page)).to_contain_text("Stopped.")
    expect(page.locator("#question")).to_have_value("And Putin?")
    page.unroute_all()
    last(page).get_by_text("Ask again").click()
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(1)
    expect(page.locator("#question")).to_have_value("And Putin?")
    page.locator("#question").press("Enter")
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(2)


def test_everything_is_reached_by_keys(page: Page, address: str) -> None:
    """Questions to try, the filter, a source, an opinion with its reason."""
    expect(page.locator("#suggestions .try").first).to_be_visible()
    for example in page.locator("#suggestions .try").all():
        page.keyboard.press("Tab") if not example.evaluate("e => e.previousSibling") else None
    page.locator("#suggestions .try").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#log .claim").first).to_be_visible()
    page.locator("#filter summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#choose")).to_be_focused()
    page.keyboard.type("putin")
    expect(page.locator("#choices button")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#chips .chip")).to_contain_text("Putin")
    page.keyboard.press("Escape")
    expect(page.locator("#filter")).not_to_have_attribute("open", "")
    expect(page.locator("#filter summary")).to_be_focused()
    ask(page, "the travel ban")
    expect(last(page)).to_contain_text("Putin")
    last(page, '.opinion[data-verdict="bad"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    last(page, "input[name=words]").fill("Not this")
    page.keyboard.press("Enter")
    expect(last(page, '.opinion[data-verdict="bad"]')).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(last(page, '.opinion[data-verdict="bad"]')).to_have_attribute("aria-pressed", "true")
    expect(last(page, '.opinion[data-verdict="good"]')).to_be_disabled()
    said = httpx.get(f"{address}/api/v1/conversations").json()
    assert said


def test_an_answer_is_saved_and_shown_as_it_was_understood(page: Page) -> None:
    """The file is the answer's JSON, which `onrecord verify` reads; a misspelt name is said."""
    ask(page, QUESTION)
    last(page, ".menu summary").click()
    with page.expect_download() as download:
        page.get_by_text("Save as JSON").last.click()
    receipt = parse_receipt(download.value.path().read_bytes())
    assert receipt.question == QUESTION
    assert receipt.citations[0].quote.startswith("“We now have branches")
    ask(page, "rahmno about studnets")
    expect(last(page, ".correction").first).to_contain_text("“Rahmon” instead of “rahmno”")
    ask(page, ENERGY)
    ask(page, "And Putin?")
    last(page, ".understood").click()
    expect(page.locator("#question")).to_have_value("What did Putin say about energy cooperation?")


def test_the_page_asks_no_other_host_and_runs_nothing_that_it_was_told(
    browser: Browser, address: str
) -> None:
    """In a few requests, without moving; whatever a question, a title or an address holds."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    requested: list[str] = []
    violations: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda said: violations.append(said.text))
    page.on("dialog", lambda dialog: violations.append(dialog.message))
    reply = page.goto(f"{address}/?question=<img src=/leak onerror=alert(1)>")
    assert reply is not None
    assert "unsafe" not in reply.headers["content-security-policy"]
    page.wait_for_load_state("networkidle")
    assert len(requested) <= 25
    shift = (
        "new Promise(r => new PerformanceObserver(l => r(l.getEntries().reduce((a, e) => a + "
        "e.value, 0))).observe({type: 'layout-shift', buffered: true}) || setTimeout(r, 300, 0))"
    )
    assert page.evaluate(shift) < 0.05
    expect(page.locator("#question")).to_have_value("<img src=/leak onerror=alert(1)>")
    ask(page, "students <img src=/leak onerror=alert(1)> Rahmon ![x](/leak.png) </textarea>")
    page.reload()
    last(page, "a.cite, .show-sources").first.click()
    page.wait_for_timeout(300)
    assert page.locator("#desk img").count() == 0
    assert not [url for url in requested if "leak" in url and "question=" not in url]
    assert {urlsplit(url).netloc for url in requested} - {""} == {urlsplit(address).netloc}
    assert violations == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_shows_everything_without_scrolling_sideways(
    browser: Browser, address: str, scheme: str
) -> None:
    """The newest answer and the question box stay in view; the sources and the reader cover the
    conversation and give it back; targets are large enough for a finger."""
    context = browser.new_context(viewport=NARROW, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = page.locator("#desk").evaluate(
        "desk => [...desk.querySelectorAll('a, button, summary, input')]"
        ".filter(e => e.checkVisibility() && !e.closest('p'))"
        ".map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
        ".filter(([, r]) => r.width && (r.width < 24 || r.height < 24)).map(([html]) => html)"
    )
    assert small == []
    ask(page, "What did Putin say about the travel ban?")
    expect(last(page, "blockquote").first).to_be_in_viewport()
    expect(page.locator("#question")).to_be_in_viewport()
    last(page, "a.cite").first.click()
    expect(reader(page).locator("#cited")).to_be_in_viewport()
    page.locator(".reader .back").click()
    last(page, ".show-sources").click()
    expect(page.locator("#sources .card:visible").first).to_be_in_viewport()
    page.locator("#close-pane").click()
    expect(page.locator("#question")).to_be_visible()
    page.locator("#open-chats").click()
    expect(page.locator("#chat-list a").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#open-chats")).to_be_focused()
    context.close()


def test_gradios_chat_goes_on_with_the_same_conversations(
    seed_assistant: Assistant, tmp_path: Path
) -> None:
    """Kept on the server for whoever asked, and gone on with by nobody else."""
    store = Store(tmp_path)
    conversations = Conversations(store)
    asking = Asking(seed_assistant, Ledger(store), conversations, Figures())
    gradio = SimpleNamespace(request=HTTPConnection({"type": "http", "caller": LOCAL_CALLER}))
    LocalContext.request.set(gradio)  # type: ignore[arg-type]
    *_, (shown, talk, box) = _respond(asking, conversations, ENERGY, [], None)
    assert box == ""
    assert "/read/" in shown[-1]["content"]
    assert [each.id for each in conversations.all(LOCAL_CALLER.principal)] == [talk.id]
    *_, (shown, _, _) = _respond(asking, conversations, "And Putin?", shown, talk)
    assert len(conversations.turns(talk.id, LOCAL_CALLER.principal)) == 2
    *_, (_, theirs, _) = _respond(asking, conversations, ENERGY, [], Talk("another", talk.id))
    assert theirs.id != talk.id
    *_, (same, _, _) = _respond(asking, conversations, "  ", shown, talk)
    assert same == shown
