"""The view "Who said what" in a real browser, over a real server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Frame, Page, Route, ViewportSize, expect

from tests.conftest import SEED, SEEDS, new_home
from tests.running import running_locally

WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)
RAHMON = "/statements?speaker=Emomali+Rahmon"
HOSTILE = "<img src=/api/v1/health?leak onerror=alert>"
CROWD = 320


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[str]:
    """A server on the seed, a document of very many speakers and one that means harm."""
    folder = tmp_path_factory.mktemp("texts")
    names = (f"Ann Le{chr(97 + i // 26)}{chr(97 + i % 26)}n" for i in range(CROWD))
    (folder / "crowd.txt").write_text("\n".join(f"{n} said the pool was open." for n in names))
    (folder / "harm.txt").write_text(f"Eve Moor said the {HOSTILE} picture was fine.")
    home = new_home(tmp_path_factory.mktemp("page") / "home", models)
    with running_locally(home, SEEDS, folder) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A wide window that may use the clipboard; any error in it fails the test."""
    context = browser.new_context(viewport=WIDE, base_url=address)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def speakers(page: Page) -> list[str]:
    return page.locator("#speaker-list .name").all_inner_texts()


def reader(page: Page) -> Frame:
    expect(page.frame_locator(".reader iframe").locator("#cited")).to_be_in_viewport()
    return next(frame for frame in page.frames if "/read/" in frame.url)


def copied(page: Page, words: str) -> str:
    """What the statement with these words puts on the clipboard."""
    page.locator(".statement", has_text=words).locator(".copy").click()
    expect(page.locator("#said")).to_have_text("Quotation copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_chat_leads_to_who_said_what_and_back(page: Page) -> None:
    """By the links in the masthead, which say where one is."""
    page.goto("/")
    page.locator(".views a", has_text="Who said what").click()
    expect(page.locator("h1")).to_have_text("Who said what")
    expect(page.locator(".views a[aria-current]")).to_have_text("Who said what")
    page.locator(".views a", has_text="Ask").click()
    expect(page.locator("#question")).to_be_visible(timeout=30_000)


def test_a_click_on_a_speaker_shows_what_they_said(page: Page) -> None:
    """Without loading the page again; the address says it, and Back goes back."""
    page.goto("/statements")
    page.evaluate("window.still = true")
    page.locator("#speaker-list a", has_text="Emomali Rahmon").click()
    expect(page.locator("h1")).to_have_text("Emomali Rahmon")
    expect(page.locator(".profile")).to_contain_text("also “Rahmon”, “Tajik leader”")
    expect(page.locator(".contradiction")).to_contain_text("both “Tajik President” and “Russian")
    expect(page.locator("#speaker-list a[aria-current] .name")).to_have_text("Emomali Rahmon")
    count = page.locator("#speaker-list a[aria-current] .count").inner_text()
    assert page.locator(".statement").count() == int(count)
    assert page.url.endswith(RAHMON)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Who said what")
    assert page.evaluate("window.still")


def test_direct_speech_has_quotation_marks_and_indirect_speech_none(page: Page) -> None:
    page.goto(RAHMON)
    for words in page.locator(".statement.direct blockquote").all_inner_texts():
        assert words.startswith("“")
    for words in page.locator(".statement.indirect blockquote").all_inner_texts():
        assert "“" not in words
    expect(page.locator(".statement.indirect .details").first).to_contain_text("indirect speech")
    expect(page.locator("#found")).to_contain_text("as EurasiaNet.org reports")


def test_names_are_found_as_one_types(page: Page) -> None:
    """By any name; the field keeps the focus."""
    page.goto("/statements")
    page.locator("#find").press_sequentially("tajik lea")
    expect(page.locator("#speaker-list .name")).to_have_count(1)
    assert speakers(page) == ["Emomali Rahmon"]
    expect(page.locator("#find")).to_be_focused()
    page.locator("#find").press_sequentially("zzz")
    expect(page.locator("#speaker-list .note")).to_have_text("No name has these letters.")


def test_of_very_many_speakers_some_are_listed_and_the_others_found(page: Page) -> None:
    """It is said that there are more."""
    page.goto("/statements")
    assert len(speakers(page)) == 300
    expect(page.locator("#speaker-list .note")).to_contain_text("The first 300 of 3")
    expect(page.locator("#speaker-list .note")).to_contain_text("Type to find others.")
    last = "Ann Lemhn"
    assert last not in speakers(page)
    page.locator("#find").fill(last)
    expect(page.locator("#speaker-list .name")).to_have_text([last])


def test_statements_are_filtered_by_topic_and_document(page: Page) -> None:
    """As one types; with no speaker chosen it is everybody's."""
    page.goto("/statements")
    page.locator("#about").press_sequentially("students")
    expect(page.locator("h1")).to_have_text("Everybody")
    expect(page.locator("#about")).to_be_focused()
    expect(page.locator(".statement blockquote").first).to_contain_text("20,000 of our citizens")
    page.locator("#about").fill("")
    expect(page.locator("h1")).to_have_text("Who said what")
    page.locator("#document").select_option("harm.txt")
    expect(page.locator(".statement")).to_have_count(1)
    expect(page.locator(".statement .lead")).to_have_text("Eve Moor said:")


def test_nothing_on_a_topic_is_said(page: Page) -> None:
    page.goto("/statements?speaker=Putin")
    page.locator("#about").fill("bananas")
    expect(page.locator(".nothing")).to_contain_text("statements by Putin is about “bananas”.")


def test_a_statement_opens_the_document_at_its_characters(page: Page) -> None:
    """Beside the list; Escape closes it."""
    page.goto(f"{RAHMON}&about=students")
    page.locator(".statement a", has_text="Read in document").first.click()
    frame = reader(page)
    highlighted = "".join(mark.inner_text() for mark in frame.locator("mark").all())
    assert highlighted == page.locator(".statement blockquote").first.inner_text()
    assert highlighted in SEED.read_text("utf-8")
    expect(page.locator(".statement").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#about").press("Escape")
    expect(page.locator(".reader")).to_be_hidden()


def test_a_copied_statement_is_an_attributed_quotation(page: Page, address: str) -> None:
    """Indirect speech gets no quotation marks."""
    page.goto(RAHMON)
    direct = copied(page, "We now have branches")
    assert direct.startswith("“We now have branches")
    assert f"this academic year,” — Emomali Rahmon, {SEED.stem}, {address}/read/" in direct
    indirect = copied(page, "it was particularly important")
    assert indirect.startswith("Emomali Rahmon said, as EurasiaNet.org reports, that it was")
    assert f"in his country — {SEED.stem}, {address}/read/" in indirect
    assert "“" not in indirect


def test_what_a_document_holds_is_never_markup_in_the_view(page: Page) -> None:
    """It is shown and copied as it stands there."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto("/statements?speaker=Eve+Moor")
    expect(page.locator(".statement blockquote")).to_contain_text(HOSTILE)
    assert HOSTILE in copied(page, "picture")
    assert page.locator("#record img").count() == 0
    assert not [url for url in requested if "leak" in url]


def test_the_view_asks_no_other_host_for_anything(page: Page, address: str) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(RAHMON)
    page.locator(".statement a").first.click()
    reader(page)
    assert hosts - {""} == {urlsplit(address).netloc}


def test_the_view_is_used_by_keyboard_alone(page: Page) -> None:
    """In the order in which it is read."""
    page.goto("/statements")
    page.locator("#find").focus()
    page.keyboard.type("rahmon")
    expect(page.locator("#speaker-list .name")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Emomali Rahmon")


def test_a_speaker_chosen_before_the_list_has_followed_the_typing_is_shown(page: Page) -> None:
    """Even where the server is slower than the list waits for more letters."""
    page.goto("/statements")
    page.route("**/statements?*", _late)
    page.locator("#find").fill("rahmon")
    page.locator("#speaker-list a", has_text="Emomali Rahmon").click()
    expect(page.locator("h1")).to_have_text("Emomali Rahmon")
    expect(page.locator(".statement").first).to_be_visible()


def _late(route: Route) -> None:
    time.sleep(0.4)
    route.continue_()


def test_the_view_works_without_scripts(browser: Browser, address: str) -> None:
    """By its links and forms."""
    context = browser.new_context(viewport=WIDE, base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/statements")
    page.locator("#speaker-list a", has_text="Emomali Rahmon").click()
    page.locator("#about").fill("students")
    page.locator(".filter button").click()
    expect(page.locator("h1")).to_have_text("Emomali Rahmon")
    expect(page.locator(".statement")).to_have_count(1)
    expect(page.locator(".copy").first).to_be_hidden()
    page.locator(".statement a").first.click()
    expect(page.locator("#cited")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_shows_speakers_then_statements(
    browser: Browser, address: str, scheme: str
) -> None:
    """One after the other, without scrolling sideways, in the colours of the system."""
    context = browser.new_context(
        viewport=NARROW,
        base_url=address,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto("/statements")
    page.locator("#find").fill("rahmon")
    page.locator("#speaker-list a", has_text="Emomali Rahmon").click()
    expect(page.locator("#speakers")).to_be_hidden()
    expect(page.locator(".statement").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red = int(json.loads(shade.replace("rgb(", "[").replace(")", "]"))[0])
    assert (red < 60) == (scheme == "dark")
    page.locator(".statement a").first.click()
    expect(reader(page).locator("#cited")).to_be_in_viewport()
    page.locator(".reader .back").click()
    page.locator(".all").click()
    expect(page.locator("#speakers")).to_be_visible()
    context.close()
