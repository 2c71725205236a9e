"""The page in a real browser, over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from gradio.context import LocalContext
from playwright.sync_api import Browser, Frame, Page, ViewportSize, expect
from starlette.requests import HTTPConnection

from assistant.accounts.conversations import Conversations
from assistant.accounts.ledger import Ledger
from assistant.accounts.store import Store
from assistant.chat import Assistant
from assistant.evaluation.sets.collecting import AnswerMemory
from assistant.receipts.receipt import parse_receipt
from assistant.web.asking import Asking
from assistant.web.entry.callers import LOCAL_CALLER, Caller
from assistant.web.entry.observing import Figures
from assistant.web.pages.chat import ALL_DOCUMENTS, FORGOTTEN, Talk, _respond
from tests.browser import serve
from tests.conftest import SEED, copy_home

QUESTION = "what did Rahmon say about students?"
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
    """The page in a wide window, loaded."""
    context = browser.new_context(viewport=WIDE)
    opened = context.new_page()
    yield load(opened, address)
    context.close()


def load(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator("#question textarea")).to_be_visible(timeout=30_000)
    expect(page.locator(".masthead")).to_contain_text("passage")
    return page


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#sources .card").first).to_be_visible(timeout=15_000)


def ask_again(page: Page, question: str) -> None:
    marks = page.locator("#chat a.cite")
    before = marks.count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(marks).not_to_have_count(before, timeout=15_000)


def reader(page: Page) -> Frame:
    expect(page.locator(".reader iframe")).to_be_visible()
    expect(page.frame_locator(".reader iframe").locator("#cited")).to_be_visible()
    return next(frame for frame in page.frames if "/read/" in frame.url)


def test_clicking_a_mark_opens_the_document_with_those_characters_highlighted(page: Page) -> None:
    """The highlighted words are those of the answer and of the document."""
    ask(page, QUESTION)
    page.locator("#chat a.cite").first.click()
    frame = reader(page)
    highlighted = "".join(mark.inner_text() for mark in frame.locator("mark").all())
    assert highlighted.startswith("“We now have branches of three Russian institutes")
    assert highlighted in SEED.read_text("utf-8")
    assert highlighted in page.locator("#chat").inner_text()
    expect(frame.locator("#cited")).to_be_in_viewport()
    expect(frame.locator("main")).to_contain_text("Meanwhile, no mention was made")


def test_an_answer_is_copied_as_text_with_its_sources(page: Page, address: str) -> None:
    """No markup, and links that work outside of the page."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.locator("#chat .bot-row button[title='Copy message']").click()
    expect(page.locator("#chat button.copied")).to_be_visible()
    words, source = page.evaluate("navigator.clipboard.readText()").split("\n\n")
    assert "“We now have branches" in words
    assert words.endswith(" [1]")
    assert "<" not in words
    assert source.startswith(f"[1] {SEED.stem}\n{address}/read/")


def test_a_quotation_is_copied_from_the_reader(page: Page, address: str) -> None:
    """In its own quotation marks, with a link that says nothing of the theme."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.locator("#chat a.cite").first.click()
    frame = reader(page)
    frame.locator("#copy-quote").click()
    expect(frame.locator("#copied")).to_contain_text("copied")
    quotation, source, link = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert quotation.startswith("“We now")
    assert source == f"— {SEED.stem}"
    assert link.startswith(f"{address}/read/")
    assert "theme" not in link


def test_no_markup_is_read_aloud(page: Page) -> None:
    """Screen readers take a label before the words."""
    ask(page, QUESTION)
    expect(page.locator('#chat [aria-label*="<"]')).to_have_count(0)


def test_an_answer_credits_whoever_said_it(page: Page) -> None:
    """Above the words, and on the card of the source with how it was said and what the
    document says against itself."""
    ask(page, QUESTION)
    expect(page.locator("#chat .claim .lead").first).to_have_text("Emomali Rahmon said:")
    card = page.locator("#sources .card").first
    expect(card.locator(".card-speaker")).to_have_text("Emomali Rahmon · direct speech")
    expect(card.locator(".card-note")).to_contain_text("both “Tajik President” and “Russian")
    ask(page, "Did Rahmon say anything about the Russian language?")
    expect(page.locator("#sources")).to_contain_text("as EurasiaNet.org reports")


def test_it_is_said_first_that_somebody_else_spoke_of_it(page: Page) -> None:
    ask(page, "Did Putin say anything about students?")
    expect(page.locator("#chat .opening")).to_contain_text("Putin is not quoted on this")
    expect(page.locator("#chat .claim .lead").first).to_have_text("Emomali Rahmon said:")


def test_the_reader_gives_way_to_the_sources_again(page: Page) -> None:
    """By its button and by Escape."""
    ask(page, QUESTION)
    page.locator("#sources a.card").first.click()
    expect(page.locator(".reader")).to_be_visible()
    page.locator(".reader .back").click()
    expect(page.locator("#sources .card").first).to_be_visible()
    page.locator("#sources a.card").first.click()
    page.locator("#question textarea").press("Escape")
    expect(page.locator(".reader")).to_be_hidden()


def test_a_refusal_says_so_and_shows_what_is_nearest(page: Page) -> None:
    """Without any quotation in the answer."""
    ask(page, "What is the capital of France?")
    expect(page.locator("#chat .refusal")).to_contain_text("don’t answer this")
    expect(page.locator("#sources")).to_contain_text("Nearest, but not an answer", ignore_case=True)
    expect(page.locator("#chat blockquote")).to_have_count(0)


def test_a_misspelt_name_is_corrected_and_said(page: Page) -> None:
    """The reader must know that something else was searched."""
    ask(page, "rahmno about studnets")
    expect(page.locator("#chat .correction").first).to_contain_text("“Rahmon” instead of “rahmno”")


def test_an_example_question_is_asked_by_a_click(page: Page) -> None:
    """They come from the documents and are answered."""
    example = page.locator("#examples tr").first
    question = example.inner_text()
    example.click()
    expect(page.locator("#sources .card").first).to_be_visible(timeout=15_000)
    expect(page.locator("#chat")).to_contain_text(question)
    expect(page.locator("#chat blockquote.claim").first).to_be_visible()


def test_the_page_asks_no_other_host_for_anything(browser: Browser, address: str) -> None:
    """Not while it loads, nor while it answers, nor in the reader."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    load(page, address)
    ask(page, QUESTION)
    page.locator("#chat a.cite").first.click()
    reader(page)
    assert hosts - {""} == {urlsplit(address).netloc}
    context.close()


def test_what_a_document_or_question_holds_is_never_markup(page: Page) -> None:
    """A question with an image in it makes no request and no element."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    ask(page, "students <img src=/api/v1/health?leak onerror=alert(1)> Rahmon ![x](/leak.png)")
    assert page.locator("#chat img").count() == 0
    assert not [url for url in requested if "leak" in url]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_shows_everything_without_scrolling_sideways(
    browser: Browser, address: str, scheme: str
) -> None:
    """The newest answer and the question box stay in view; the reader covers the
    conversation and gives it back."""
    context = browser.new_context(viewport=NARROW, color_scheme=scheme)  # type: ignore[arg-type]
    page = load(context.new_page(), address)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ask_again(page, "What did Putin say about the travel ban?")
    expect(page.locator("#chat blockquote").last).to_be_in_viewport()
    expect(page.locator("#question textarea")).to_be_in_viewport()
    page.locator("#chat a.cite").last.click()
    expect(reader(page).locator("#cited")).to_be_in_viewport()
    page.locator(".reader .back").click()
    expect(page.locator("#question textarea")).to_be_visible()
    context.close()


def test_an_answer_can_be_saved_as_a_receipt(page: Page) -> None:
    """The file is the answer's JSON, which `onrecord verify` reads."""
    ask(page, QUESTION)
    with page.expect_download() as download:
        page.get_by_text("Save this answer").click()
    assert download.value.suggested_filename == "answer.json"
    receipt = parse_receipt(download.value.path().read_bytes())
    assert receipt.question == QUESTION
    assert receipt.citations[0].quote.startswith("“We now have branches")


def test_a_follow_up_is_shown_as_it_was_understood(page: Page) -> None:
    """A click puts it into the box, to be changed and asked again."""
    ask(page, "What did Rahmon say about energy cooperation?")
    page.locator("#question textarea").fill("And Putin?")
    page.locator("#question textarea").press("Enter")
    understood = page.locator("#chat a.understood")
    expect(understood).to_have_text("What did Putin say about energy cooperation?", timeout=15_000)
    understood.click()
    expect(page.locator("#question textarea")).to_have_value(
        "What did Putin say about energy cooperation?"
    )


OTHERS = replace(LOCAL_CALLER, session="key:other")


def answered(
    asking: Asking, question: str, talk: Talk, shown: list[dict[str, Any]], caller: Caller
) -> tuple[list[dict[str, Any]], Talk]:
    """What the page shows and what the server keeps once a question is answered."""
    gradio = SimpleNamespace(request=HTTPConnection({"type": "http", "caller": caller}))
    LocalContext.request.set(gradio)  # type: ignore[arg-type]
    *_, last = _respond(asking, AnswerMemory(), question, shown, talk, ALL_DOCUMENTS, "quote")
    return last[0], last[1]


def test_what_was_said_is_kept_as_it_was_said_and_for_nobody_else(
    seed_assistant: Assistant, tmp_path: Path
) -> None:
    """In the words of the answer, without the page's markup. Whoever else comes to the page
    goes on with nothing of it, and is told so."""
    store = Store(tmp_path)
    asking = Asking(seed_assistant, Ledger(store), Conversations(store), Figures())
    asked = "What did Rahmon say about energy cooperation?"
    shown, talk = answered(asking, asked, Talk(), [], LOCAL_CALLER)
    assert [turn.role for turn in talk.turns] == ["user", "assistant"]
    assert talk.turns[0].content == asked
    assert "<" in shown[-1]["content"]
    assert "<" not in talk.turns[1].content
    assert len(talk.remembered) == 1
    follow_up = "And Putin?"
    understood = "What did Putin say about energy cooperation?"
    assert understood in answered(asking, follow_up, talk, shown, LOCAL_CALLER)[0][-1]["content"]
    theirs, new = answered(asking, follow_up, talk, shown, OTHERS)
    assert understood not in theirs[-1]["content"]
    assert FORGOTTEN in theirs[-1]["content"]
    assert len(new.turns) == 2
