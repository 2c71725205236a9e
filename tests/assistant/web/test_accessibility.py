"""Pages for everybody: what axe finds, targets that a finger hits, a day of work by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page, ViewportSize, expect

from tests.conftest import SEEDS, new_home
from tests.running import running_locally

MINUTES = """Mayor Ann Lee said the harbour crane cost nine million crowns.

Engineer Bo Ek walked along the pier.

Mayor Ann Lee said the harbour crane would be painted by engineers in May.
"""
CRANE = "What did Ann Lee say about the harbour crane?"

TARGETS = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden], [hidden]), select, summary, textarea')]
  .filter((each) => each.checkVisibility() && !each.closest('.unseen, p:not(.note, .tally) *'))
  .map((each) => {
    const target = each.matches('[type=radio], [type=checkbox]') ? each.closest('label') : each;
    const { width, height } = target.getBoundingClientRect();
    return [each.outerHTML.slice(0, 120), width, height];
  }).filter(([, width, height]) => width > 0 && (width < 24 || height < 24))"""
"""What is clicked and smaller than 24 pixels, but for links within a sentence."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("minutes")
    (folder / "minutes.txt").write_text(MINUTES)
    home = new_home(tmp_path_factory.mktemp("access") / "home", models)
    with running_locally(home, SEEDS, folder) as found:
        yield found


@pytest.fixture
def views(address: str) -> list[str]:
    """Every view, with something in it."""
    client = httpx.Client(base_url=address, timeout=30)
    id = str(client.post("/api/v1/conversations").json()["id"])
    for question in (CRANE, "Which king won the regatta of 1820 in Lima?"):
        client.post("/chat", json={"question": question, "conversation": id})
    client.post("/api/v1/feedback", json={"question": CRANE, "outcome": "answered",
                                          "verdict": "bad", "words": "Why?"})  # fmt: skip
    document = client.get("/api/v1/documents").json()[0]["id"]
    return [
        "/?question=", f"/chat/{id}", "/library", f"/library/{document}",
        f"/library/{document}?show=statements", "/statements", "/statements?speaker=Ann+Lee",
        "/evaluation", "/administration", "/administration/feedback", "/administration/usage",
        "/administration/audit", "/settings", "/manual/ask", "/manual/api", "/api",
        f"/read/{document}?at=1:0-20", "/none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "theme", "width"), [("en-GB", "dark", 1280), ("ru-RU", "light", 320)]
)
def test_axe_finds_nothing_on_any_view(
    browser: Browser,
    address: str,
    views: list[str],
    locale: str,
    theme: Literal["dark", "light"],
    width: int,
) -> None:
    """Nor on the narrowest phone, where more has to be pushed."""
    size = ViewportSize(width=width, height=800)
    context = browser.new_context(
        locale=locale, base_url=address, color_scheme=theme, viewport=size
    )
    page, axe = context.new_page(), Axe()
    wrong = []
    for view in views:
        page.goto(view, wait_until="load")
        found = axe.run(page).response
        assert found["passes"], view
        wrong += [(view, each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
    context.close()
    assert wrong == []


def test_every_target_is_large_enough(browser: Browser, address: str, views: list[str]) -> None:
    """On a phone, in the language with the longer words."""
    phone = ViewportSize(width=390, height=844)
    context = browser.new_context(locale="ru-RU", base_url=address, viewport=phone)
    page = context.new_page()
    small = []
    for view in views:
        page.goto(view, wait_until="load")
        small += [(view, *each) for each in page.evaluate(TARGETS)]
    context.close()
    assert small == []


OUTSIDE_THE_BAR = """() => {
  const bar = document.querySelector(".masthead").getBoundingClientRect();
  const views = document.querySelector(".views");
  const [from, to] = [views.getBoundingClientRect().left, views.getBoundingClientRect().right];
  const above = [...views.children].filter((each) => {
    const { top, bottom } = each.getBoundingClientRect();
    return top < bar.top || bottom > bar.bottom;
  });
  const { left, right } = views.querySelector("[aria-current]").getBoundingClientRect();
  return [above.length, from - left > 1, right - to > 1];
}"""
"""How many views stand above or below the masthead; does the current one begin before what is seen
of them, and does it end behind that?"""


@pytest.mark.parametrize("locale", ["ru-RU", "tg-TJ", "en-GB"])
def test_the_views_stay_within_the_bar_on_the_narrowest_phone(
    browser: Browser, address: str, locale: str
) -> None:
    narrow = ViewportSize(width=320, height=640)
    context = browser.new_context(locale=locale, base_url=address, viewport=narrow)
    page = context.new_page()
    for view in ("/?question=", "/library", "/statements", "/evaluation", "/administration"):
        page.goto(view)
        expect(page.locator(".views [aria-current]")).to_be_in_viewport()
        assert page.evaluate(OUTSIDE_THE_BAR) == [0, False, False], view
    context.close()


# -- by keys alone -----------------------------------------------------------------------


def test_the_first_key_leads_past_the_views(browser: Browser, address: str) -> None:
    """To what the page is about; the chat begins in its question."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = context.new_page()
    for view in ("/library", "/statements", "/settings", "/manual"):
        page.goto(view)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.masthead') === null"), view
        assert page.evaluate("document.activeElement !== document.body"), view
    context.close()


def reach(page: Page | Frame, selector: str, keys: Page, key: str = "Tab") -> None:
    """Press the key until the focus is there."""
    for _ in range(80):
        keys.keyboard.press(key)
        if page.evaluate("what => document.activeElement?.matches(what) ?? false", selector):
            return
    raise AssertionError(f"{selector} is not reached by {key}")


def test_a_day_of_work_is_done_by_keys_alone(
    browser: Browser, tmp_path: Path, models: Path
) -> None:
    """From an empty Library to an answer that was read, copied, saved and judged."""
    (tmp_path / "minutes.txt").write_text(MINUTES)
    with running_locally(new_home(tmp_path / "home", models)) as address:
        context = browser.new_context()
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        page = context.new_page()
        page.goto(address)
        add_and_ask(page, tmp_path / "minutes.txt")
        read(page)
        save_and_judge(page)
        reach(page, "#suggestions .try", page)
        page.keyboard.press("Enter")
        expect(page.locator("#log .exchange[data-outcome]")).to_have_count(2)
        expect(page.locator("#question")).to_be_focused()
        page.keyboard.type("And Bo Ek?")
        page.keyboard.press("Enter")
        expect(page.locator("#log .exchange[data-outcome]")).to_have_count(3)
        context.close()


PICKED = """() => document.getElementById("files").addEventListener("click", (event) => {
  event.preventDefault();
  event.target.dataset.picked = "";
}, { once: true })"""
"""In place of the window in which one picks files, which is the browser's own."""


def add_and_ask(page: Page, file: Path) -> None:
    expect(page.locator("html.scripted")).to_be_attached()
    reach(page, '[data-pick="files"]', page)
    page.evaluate(PICKED)
    page.keyboard.press("Enter")
    expect(page.locator("#files[data-picked]")).to_be_attached()
    page.set_input_files("#files", file)
    expect(page.locator("#progress")).to_contain_text("1 added")
    expect(page.locator("#found .name")).to_have_count(1)
    expect(page.locator('[data-pick="files"]')).to_be_focused()
    reach(page, "#progress a", page)
    page.keyboard.press("Enter")
    expect(page.locator("#suggestions .try").first).to_be_visible()
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(CRANE)
    page.keyboard.press("Enter")
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(1)


def read(page: Page) -> None:
    """Open a source, go to the next citation, find, copy, and back to where one was."""
    reach(page, "#log a.cite", page)
    page.keyboard.press("Enter")
    shown = page.frame_locator(".reader iframe")
    expect(shown.locator("#step")).to_have_text("[1] 1 of 2")
    expect(shown.locator("#cited")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(shown.locator("#step")).to_have_text("[2] 2 of 2")
    expect(shown.locator("#cited")).to_be_focused()
    page.keyboard.press("Control+f")
    expect(shown.locator("#sought")).to_be_focused()
    page.keyboard.type("crane")
    expect(shown.locator("#count")).to_have_text("1 of 2")
    page.keyboard.press("Escape")
    expect(shown.locator("#find-open")).to_be_focused()
    frame = next(frame for frame in page.frames if "/read/" in frame.url)
    reach(frame, ".copy", page)
    page.keyboard.press("Enter")
    expect(shown.locator("#said")).to_have_text("Copied")
    assert "Ann Lee" in str(page.evaluate("navigator.clipboard.readText()"))
    page.keyboard.press("Escape")
    expect(page.locator(".reader")).to_be_hidden()
    expect(page.locator("#log a.cite").first).to_be_focused()


def save_and_judge(page: Page) -> None:
    reach(page, '.opinion[data-verdict="bad"]', page)
    page.keyboard.press("Enter")
    expect(page.locator(".reason input").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('.opinion[data-verdict="bad"]')).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, '.reason [name="words"]', page)
    page.keyboard.press("Enter")
    expect(page.locator('.opinion[data-verdict="bad"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".exchange .menu summary")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, '.exchange .menu a[href*="/export/md"]', page)
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert "nine million" in saved.value.path().read_text("utf-8")
