"""The manual in a real browser: every page opens, and says what `onrecord help` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from assistant.manual import TOPICS, page
from tests.browser import open_browser
from tests.conftest import copy_home
from tests.running import running_locally

NARROW = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Iterator[Page]:
    home = copy_home(seed_home, tmp_path_factory.mktemp("manual") / "home")
    with running_locally(home) as address, open_browser() as browser:
        yield browser.new_page(base_url=address)


@pytest.mark.parametrize("path", ["/?question=", "/library", "/settings"])
def test_every_view_leads_to_the_manual(window: Page, path: str) -> None:
    """Nothing is lost by that, for a conversation stays."""
    window.goto(path)
    window.get_by_role("link", name="Manual").first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(page(TOPICS[0]).title)


def test_every_page_is_reached_from_every_other(window: Page) -> None:
    """And is marked as the one that is shown."""
    window.goto("/manual")
    topics = window.get_by_role("navigation", name="Pages of the manual")
    for topic in TOPICS:
        title = page(topic).title
        topics.get_by_role("link", name=title, exact=True).click()
        expect(window.get_by_role("heading", level=1)).to_have_text(title)
        expect(window.locator("nav [aria-current=page]")).to_have_text(title)


def test_no_page_is_wider_than_a_narrow_window(window: Page) -> None:
    """Tables and code scroll by themselves."""
    window.set_viewport_size(NARROW)
    for topic in TOPICS:
        window.goto(f"/manual/{topic}")
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert window.evaluate(wider) == 0, topic


def test_a_page_that_is_not_there_is_said_with_a_way_back(window: Page) -> None:
    window.goto("/manual/nothing")
    expect(window.get_by_role("link", name="The manual")).to_be_visible()
