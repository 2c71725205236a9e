"""The reader in a real browser: what a person does with a citation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.building import open_to_write
from assistant.operating.maintaining import perform
from assistant.receipts.links import read_link
from assistant.receipts.receipt import Kept
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.services import local_services
from index.documents import LOCAL_USER, Span
from index.ingesting import sync
from index.search.view import Library
from tests.conftest import free_port
from tests.index.reading.pages.test_pdf import LEFT, RIGHT, across, lines, pdf
from tests.running import in_thread

WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)

MINUTES = "\n\n".join(
    [
        "# Minutes",
        "Ann Lee said that the crane cost nine million crowns. Nobody asked why.",
        "Bo Moe said that the ferry runs at a loss. The council went home.",
        *["It rained."] * 80,
        "The crane stands on the pier.\n",
    ]
)
CRANE = "Ann Lee said that the crane cost nine million crowns."
FERRY = "Bo Moe said that the ferry runs at a loss."
REPORT = pdf(
    lines(["Preface", "", "It is printed on both sides."]),
    across(lines(LEFT), lines(RIGHT, x=320)),
    catalog="/PageLabels << /Nums [0 << /S /r >>] >> /Outlines 9 0 R",
    more=[
        "<< /First 10 0 R /Last 10 0 R /Count 1 >>",
        "<< /Title (Otters and mills) /Parent 9 0 R /Dest [8 0 R /Fit] >>",
    ],
)
OTTERS = "The team found eleven adults"


@dataclass(frozen=True)
class Served:
    """A server over some files: `index` indexes them again, `link` is that of citations 1, 2, …
    of these words in the one document."""

    address: str
    index: Callable[[], None]
    view: Library

    def link(self, *cited: str) -> str:
        (source,) = self.view.sources()
        text = self.view.document(source.id).text
        kept = [
            replace(Kept.of(source, Span(start, start + len(words)), text), number=number)
            for number, words in enumerate(cited, 1)
            for start in [text.index(words)]
        ]
        return self.address + read_link(source, *kept)


@contextmanager
def served(home: Path, files: Path) -> Iterator[Served]:
    settings, port = Settings(home), free_port()
    with open_to_write(settings, "serve") as opened:

        def index() -> None:
            for _ in sync(opened.stores, [files]):
                pass

        index()
        act = partial(perform, opened.stores)
        app = create_app(local_services(opened.assistant, act, "owner", settings))
        with in_thread(app, port):
            view = opened.assistant.view_of(LOCAL_USER)
            yield Served(f"http://127.0.0.1:{port}", index, view)


def open_anew(page: Page, link: str) -> None:
    """Also where it is the same as before."""
    page.goto("about:blank")
    page.goto(link)


def marked(page: Page) -> str:
    return "".join(page.locator("main mark:not(.beside)").all_inner_texts())


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def test_a_citation_is_read_and_found_again_whatever_becomes_of_it(
    page: Page, browser: Browser, home: Path, tmp_path: Path
) -> None:
    """By buttons and keys alone, through three edits of the document."""
    files = tmp_path / "files"
    files.mkdir()
    minutes = files / "minutes.md"
    minutes.write_text(MINUTES)
    with served(home, files) as server:
        link = server.link(CRANE, FERRY)
        open_anew(page, link)
        expect(page.locator("#cited")).to_be_focused()
        assert marked(page) == CRANE

        expect(page.locator("#step")).to_have_text("[1] 1 of 2")
        page.keyboard.press("Alt+ArrowDown")
        expect(page.locator("#step")).to_have_text("[2] 2 of 2")
        expect(page.locator("#cited")).to_be_focused()
        assert marked(page) == FERRY
        page.get_by_role("button", name="Next citation").click()
        expect(page.locator("#step")).to_have_text("[1] 1 of 2")
        assert marked(page) == CRANE

        page.keyboard.press("Control+f")
        page.keyboard.type("the  CRANE")
        expect(page.locator("#count")).to_have_text("1 of 2")
        page.keyboard.press("Enter")
        expect(page.locator("#count")).to_have_text("2 of 2")
        expect(page.get_by_text("The crane stands on the pier.")).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(page.locator("#find")).to_be_hidden()
        expect(page.get_by_role("button", name="Find")).to_be_focused()

        expect(page.get_by_role("link", name="Chat")).to_have_attribute("href", "/")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert download.value.path().read_text() == MINUTES

        minutes.write_text(
            MINUTES.replace("# Minutes\n", "# Minutes\n\nA line of thirty-nine characters here.\n")
        )
        server.index()
        open_anew(page, link)
        expect(page.locator(".note")).to_contain_text("Moved. This document has changed")
        expect(page.locator(".note")).to_contain_text("further on")
        assert marked(page) == CRANE
        expect(page.locator("main mark")).to_have_count(1)
        expect(page.locator("#cited")).to_be_in_viewport()
        page.get_by_role("button", name="Copy link").click()
        expect(page.locator("#said")).to_have_text("Copied")
        page.goto(page.evaluate("navigator.clipboard.readText()"))
        assert marked(page) == CRANE
        expect(page.locator(".note")).to_have_count(0)

        open_anew(page, server.link("the crane cost nine million crowns"))
        page.get_by_role("button", name="Copy quotation").click()
        expect(page.locator("#said")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("the crane cost nine million crowns — Ann Lee (indirect speech)\n")

        minutes.write_text(MINUTES.replace("nine million", "eleven million"))
        server.index()
        open_anew(page, link)
        expect(page.locator(".note del")).to_have_text("nine")
        expect(page.locator(".note ins")).to_have_text("eleven")
        expect(page.locator("mark.changed")).to_contain_text("eleven million crowns")

        minutes.write_text(MINUTES.replace(CRANE, ""))
        server.index()
        open_anew(page, link)
        expect(page.locator(".note.gone")).to_contain_text(CRANE)
        expect(page.locator("main mark")).to_have_count(0)
        open_anew(page, link.partition("#")[0])
        expect(page.locator(".note.unknown")).to_contain_text("Nothing is marked")
        expect(page.locator("main mark")).to_have_count(0)

        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(server.link(FERRY))
        expect(plain.locator("#cited")).to_be_in_viewport()
        expect(plain.locator(".tools")).to_be_hidden()
        plain.context.close()


def test_a_quotation_is_boxed_on_the_page_of_a_pdf(page: Page, home: Path, tmp_path: Path) -> None:
    """Beside the text, or in its place where there is no room; from the very file alone."""
    files = tmp_path / "files"
    files.mkdir()
    report = files / "report.pdf"
    report.write_bytes(REPORT)
    with served(home, files) as server:
        page.goto(server.link(OTTERS))
        beside = page.locator("#beside")
        expect(beside.locator("img")).to_be_in_viewport()
        boxes = [box.bounding_box() for box in beside.locator("rect").all()]
        leaf = beside.locator("img").bounding_box()
        assert leaf
        assert boxes
        middle = leaf["x"] + leaf["width"] / 2
        assert all(box and leaf["x"] < box["x"] < box["x"] + box["width"] < middle for box in boxes)
        expect(beside.locator(".page-label")).to_have_text("ii (2)")
        expect(page.locator("#page-1 .page-label")).to_have_text("i (1)")

        page.locator(".contents summary").click()
        page.get_by_role("link", name="Otters and mills").click()
        expect(page.locator("#page-2")).to_be_in_viewport()
        page.set_viewport_size(NARROW)
        page.get_by_role("button", name="Pages").click()
        expect(beside).to_be_hidden()
        page.locator("#page-2 a").click()
        expect(beside.locator("img")).to_be_in_viewport()
        expect(page.locator(".text")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

        report.write_bytes(REPORT + b"\n")
        beside.get_by_role("link", name="Previous page").click()
        expect(beside).to_contain_text("has changed since it was indexed")


def test_from_an_answer_to_its_proofs_and_back(page: Page, home: Path, tmp_path: Path) -> None:
    """A card beside the number, the citations of several documents one after the other, and the
    focus where it was."""
    files = tmp_path / "files"
    files.mkdir()
    (files / "minutes.md").write_text(MINUTES)
    (files / "report.pdf").write_bytes(REPORT)
    with served(home, files) as server:
        page.goto(server.address)
        page.locator("#question").fill("What did Ann Lee say about the crane?")
        page.locator("#question").press("Enter")
        number = page.locator("#log a.cite").first
        number.hover()
        card = page.locator("#preview")
        expect(card.locator("mark")).to_contain_text("the crane cost nine million crowns")
        expect(card).to_contain_text("Nobody asked why.")
        card.hover()
        expect(card).to_be_visible()
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        page.mouse.move(0, 0)
        page.keyboard.press("Shift+Tab")
        number.focus()
        expect(card).to_be_visible()
        expect(number).to_have_attribute("aria-describedby", "preview")

        page.locator("#question").fill("What is the capital of France?")
        page.locator("#question").press("Enter")
        expect(page.locator("#log .refusal")).to_be_visible()
        nearest = page.locator("#sources a.card:visible")
        expect(nearest).not_to_have_count(0)
        count = nearest.count()
        nearest.first.click()
        reader = page.frame_locator(".reader iframe")
        seen = set()
        for place in range(count):
            expect(reader.locator("#step")).to_contain_text(f"{place + 1} of {count}")
            seen.add(reader.locator("header.about h1").inner_text())
            page.keyboard.press("Alt+ArrowDown")
        assert len(seen) == 2
        expect(reader.locator("#step")).to_contain_text("1 of")
        page.keyboard.press("Escape")
        expect(page.locator(".reader")).to_be_hidden()
        expect(nearest.first).to_be_focused()
