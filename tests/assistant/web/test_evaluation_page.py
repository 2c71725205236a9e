"""The view "Evaluation" in a real browser, over a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assistant.evaluation.sets.sets import write_rows
from tests.conftest import SEED, copy_home
from tests.running import running_locally

WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)
SLOW = 60_000
QUOTED = "We now have branches of three Russian institutes of higher learning in Tajikistan"
HOSTILE = "<img src=/api/v1/health?leak onerror=alert> said?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Path:
    """The seed, indexed."""
    return copy_home(seed_home, tmp_path_factory.mktemp("evaluation") / "home")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with running_locally(home) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A wide window; any error in it, or a request to another host, fails the test."""
    context = browser.new_context(viewport=WIDE, base_url=address)
    opened = context.new_page()
    errors: list[str] = []
    hosts: set[str] = set()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    yield opened
    context.close()
    assert errors == []
    assert hosts - {""} <= {urlsplit(address).netloc}


@pytest.fixture
def rows(home: Path) -> Iterator[Path]:
    """A set of three questions to review, new for each test."""
    text = SEED.read_text("utf-8")
    start = text.index(QUOTED)
    asked = {"answerable": True, "document": SEED.name, "review": "draft"}
    place = {"start": start, "end": start + len(QUOTED), "text": QUOTED}
    path = home / "questions" / "town.jsonl"
    questions = ["What did Rahmon say about students?", HOSTILE, "What did Rahmon say of branches?"]
    write_rows(
        path,
        [
            {"id": f"q{number}", "question": question, "evidence": [place], **asked}
            for number, question in enumerate(questions, 1)
        ],
    )
    yield path
    for file in path.parent.glob(".town*"):
        file.unlink()


def reviews(path: Path) -> list[str]:
    return [json.loads(line)["review"] for line in path.read_text("utf-8").splitlines()]


def test_a_set_is_reviewed_by_keys_alone(page: Page, rows: Path) -> None:
    """Each decision is written at once, told to screen readers, and can be undone."""
    page.goto("/")
    page.locator(".views a", has_text="Evaluation").click()
    page.locator(".rows a", has_text="town").click()
    asked = page.locator("#asked")
    expect(asked).to_have_text("What did Rahmon say about students?")
    expect(asked).to_be_focused()
    expect(page.locator(".excerpt mark")).to_have_text(QUOTED)
    page.keyboard.press("a")
    expect(asked).to_have_text(HOSTILE)
    expect(page.locator("#said")).to_contain_text("Accepted. Question 1 of 2")
    page.keyboard.press("d")
    expect(asked).to_have_text("What did Rahmon say of branches?")
    assert reviews(rows) == ["accepted", "dropped", "draft"]
    page.keyboard.press("u")
    expect(asked).to_have_text(HOSTILE)
    page.keyboard.press("j")
    expect(asked).to_have_text("What did Rahmon say of branches?")
    page.keyboard.press("k")
    expect(asked).to_have_text(HOSTILE)
    assert reviews(rows) == ["accepted", "draft", "draft"]
    assert page.locator("#review img").count() == 0
    page.keyboard.press("a")
    page.keyboard.press("a")
    expect(page.locator("h1")).to_have_text("All reviewed")
    assert reviews(rows) == ["accepted"] * 3


def test_a_question_is_edited_in_its_place(page: Page, rows: Path) -> None:
    """Evidence that the document does not have is refused, and what was typed stays."""
    page.goto("/evaluation/sets/town")
    page.keyboard.press("e")
    expect(page.locator("#words")).to_be_focused()
    page.locator("#words").fill("What did Rahmon say about institutes?")
    page.locator("#added").fill("words of nobody")
    page.get_by_role("button", name="Save and accept").click()
    expect(page.locator(".problem")).to_contain_text("has 'words of nobody' nowhere")
    expect(page.locator("#words")).to_have_value("What did Rahmon say about institutes?")
    page.locator("#added").fill("We are grateful to the Russian government")
    page.get_by_role("button", name="Save and accept").click()
    expect(page.locator("#asked")).to_have_text(HOSTILE)
    first = json.loads(rows.read_text("utf-8").splitlines()[0])
    assert first["question"] == "What did Rahmon say about institutes?"
    assert [each["text"][:12] for each in first["evidence"]] == ["We now have ", "We are grate"]
    assert first["review"] == "accepted"


def test_the_review_works_without_scripts(browser: Browser, address: str, rows: Path) -> None:
    """By its forms and links."""
    context = browser.new_context(viewport=WIDE, base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/evaluation/sets/town")
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Drop").click()
    expect(page.locator("#asked")).to_have_text("What did Rahmon say of branches?")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Edit").click()
    page.locator("#words").fill("Who?")
    page.get_by_role("button", name="Save and accept").click()
    assert reviews(rows) == ["accepted", "accepted", "draft"]
    context.close()


def test_a_set_is_run_watched_and_compared(page: Page, rows: Path, home: Path) -> None:
    """Its report runs by itself, with no rights here."""
    page.goto("/evaluation")
    for finished in (1, 2):
        page.locator('.start select[name="questions"]').select_option("town")
        page.locator('.start select[name="scope"]').select_option("document")
        page.locator(".start button").click()
        expect(page.locator("#running .run.finished")).to_be_visible(timeout=SLOW)
        expect(page.locator("#running .figures")).to_contain_text("answered of answerable")
        assert len([*(home / "runs").glob("town-*/results.json")]) == finished
        expect(page.locator("#runs .rows li")).to_have_count(finished)
    page.locator(".compare button").click()
    expect(page.locator(".verdict")).to_have_text(
        "No figure differs by more than chance would explain."
    )
    page.goto("/evaluation")
    page.locator("#runs .rows a").first.click()
    expect(page.locator(".questions .asked").first).to_contain_text("Ask it in the chat")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the report").click()
    opened.value.wait_for_load_state()
    report = page.context.new_page()
    refused: list[str] = []
    report.on("console", lambda message: refused.append(message.text))
    report.goto(opened.value.url)
    expect(report.locator("h1, h2").first).to_be_visible()
    assert report.evaluate("window.origin") == "null"
    assert [words for words in refused if "Content Security Policy" in words] == []
    report.close()


def test_a_run_that_is_not_there_or_a_name_that_leads_out_is_said(page: Page) -> None:
    for path in ("runs/none", "sets/none", "runs/..%2F..", "compare?run=a&baseline=b"):
        reply = page.goto(f"/evaluation/{path}")
        assert reply is not None
        assert reply.status == 404, path


def test_another_site_cannot_write(address: str, rows: Path) -> None:
    """Nor can a page without an origin."""
    for origin in ("https://evil.example", "null"):
        for path in ("sets/town", "runs", "stop", "add"):
            reply = httpx.post(
                f"{address}/evaluation/{path}",
                data={"deed": "drop", "id": "q1", "questions": "town", "answer": "x"},
                headers={"Origin": origin},
            )
            assert reply.status_code == 403, path
    assert reviews(rows) == ["draft"] * 3


def test_an_answer_of_the_chat_becomes_a_question(page: Page, home: Path) -> None:
    """With what it cites as the evidence, and a follow-up with what came before."""
    page.goto("/?question=what+did+Rahmon+say+about+students%3F")
    box = page.locator("#question")
    expect(box).to_have_value("what did Rahmon say about students?", timeout=SLOW)
    box.press("Enter")
    expect(page.locator("#log a.add")).to_have_count(1, timeout=SLOW)
    box.fill("And Putin?")
    box.press("Enter")
    links = page.locator("#log a.add")
    expect(links).to_have_count(2, timeout=SLOW)
    for number in (0, 1):
        page.locator("#log .exchange").nth(number).locator(".menu summary").click()
        links.nth(number).click()
        beside = page.frame_locator(".reader iframe")
        beside.locator("#other").fill("chosen")
        beside.get_by_role("button", name="Add").click()
        expect(beside.locator("h1")).to_have_text("Added to chosen")
        page.locator(".reader .back").click()
    first, second = [
        json.loads(line)
        for line in (home / "questions" / "chosen.jsonl").read_text("utf-8").splitlines()
    ]
    text = SEED.read_text("utf-8")
    assert first["evidence"]
    for place in first["evidence"]:
        assert text[place["start"] : place["end"]] == place["text"]
    assert (first["answerable"], first["speaker"]) == (True, "Rahmon")
    assert first["document"] == SEED.name
    assert [turn["role"] for turn in second["history"]] == ["user", "assistant"]
    assert "Add to question set" not in second["history"][1]["content"]
    page.locator("#log .menu summary").nth(0).click()
    links.nth(0).click()
    beside = page.frame_locator(".reader iframe")
    beside.locator("#other").fill("chosen")
    beside.get_by_role("button", name="Add").click()
    expect(beside.locator(".problem")).to_have_text("This question is in chosen already.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_shows_the_question_without_scrolling_sideways(
    browser: Browser, address: str, rows: Path, scheme: str
) -> None:
    """In the colours of the system."""
    context = browser.new_context(
        viewport=NARROW,
        base_url=address,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    for path in ("/evaluation", "/evaluation/sets/town?at=q1&edit=1"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red = int(json.loads(shade.replace("rgb(", "[").replace(")", "]"))[0])
    assert (red < 60) == (scheme == "dark")
    context.close()
