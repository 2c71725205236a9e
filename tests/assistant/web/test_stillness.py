"""Nothing moves under one's eyes when the scripts of a page have come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.assistant.web.test_reader_walk import REPORT
from tests.conftest import SEEDS, new_home
from tests.running import running_locally

WIDE = ViewportSize(width=1280, height=800)

LATE = 0.6
"""Seconds that the first script of a page is late, and those behind it with it: what needs none
is shown by then."""

MOST = 0.01
"""Layout shift of a page in all: each has .0005 at most. With what scripts need laid out when they
come, the Library had .028 and a page of a PDF .206."""

COUNTING = """
globalThis.shift = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) shift += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("report")
    (folder / "report.pdf").write_bytes(REPORT)
    home = new_home(tmp_path_factory.mktemp("still") / "home", models)
    with running_locally(home, SEEDS, folder) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """One whose scripts come late."""
    context = browser.new_context(viewport=WIDE, base_url=address)
    context.add_init_script(COUNTING)
    opened = context.new_page()
    seen: set[str] = set()

    def late(route: Route) -> None:
        if opened.url not in seen:
            seen.add(opened.url)
            time.sleep(LATE)
        route.continue_()

    opened.route("**/page-files/*.js", late)
    yield opened
    context.close()


def shift_of(page: Page, view: str) -> float:
    page.goto("about:blank")
    page.goto(view, wait_until="load")
    page.wait_for_timeout(300)
    return float(page.evaluate("shift"))


@pytest.mark.parametrize(
    "view",
    [
        "/?question=", "/library", "/statements", "/statements?speaker=Emomali+Rahmon", "/settings",
        "/evaluation", "/administration", "/administration/usage", "/administration/audit",
    ],
)  # fmt: skip
def test_a_view_stays_as_it_was_painted(page: Page, view: str) -> None:
    assert shift_of(page, view) < MOST


def test_a_cited_page_has_its_place_before_it_is_drawn(page: Page, address: str) -> None:
    documents = httpx.get(f"{address}/api/v1/documents").json()
    id = next(each["id"] for each in documents if each["source"].endswith(".pdf"))
    assert shift_of(page, f"/read/{id}?at=1:5-40") < MOST
