"""What somebody sets for themselves, and pages in their language, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.settings import Settings
from tests.conftest import copy_home
from tests.running import running_locally
from tests.scripted import Scripted, answering, scripted_server, with_model

QUESTION = "what did Rahmon say about students?"
EAEU = "What did Rahmon say about the EAEU?"
VIEWS = ("/?question=", "/library", "/statements", "/evaluation", "/administration", "/settings")


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted_server(answering("Rahmon spoke of students [1].")) as server:
        yield server


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, seed_home: Path, model: Scripted
) -> Iterator[str]:
    """One with a language model, on its own copy of the seed index."""
    home = copy_home(seed_home, tmp_path_factory.mktemp("settings") / "home")
    with running_locally(home, settings=with_model(model.url, Settings(home))) as found:
        yield found


@pytest.fixture
def address(server: str) -> str:
    """A server for which nothing is set."""
    httpx.post(f"{server}/settings", data={"theme": "system"})
    return server


def opened(browser: Browser, address: str, locale: str, path: str = "/?question=") -> Page:
    page = browser.new_context(locale=locale, base_url=address).new_page()
    page.goto(path)
    return page


def ask(page: Page, question: str) -> None:
    before = page.locator("#log .exchange[data-outcome]").count()
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    expect(page.locator("#log .exchange[data-outcome]")).to_have_count(before + 1)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", ("Ask", "Copy", "direct speech", "is not quoted on this", "nobody")),
        (
            "ru-RU",
            ("Спросить", "Копировать", "прямая речь", "приписано ему", "никому"),
        ),
        ("tg-TJ", ("Пурсидан", "Нусха", "нутқи айнан", "дар ин бора иқтибос нест", "ба касе")),
    ],
)
def test_a_page_speaks_as_its_browser_wants(
    browser: Browser, address: str, locale: str, words: tuple[str, ...]
) -> None:
    """Its buttons, what its scripts say, and what the product says in an answer; what is quoted
    stays as it is."""
    page = opened(browser, address, locale)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    expect(page.locator("#send")).to_have_text(words[0])
    ask(page, QUESTION)
    expect(page.locator("#log .claim")).to_contain_text("We now have branches")
    expect(page.locator("#log .tools .copy").last).to_contain_text(words[1])
    expect(page.locator("#sources .card-speaker:visible").first).to_contain_text(words[2])
    ask(page, EAEU)
    expect(page.locator("#log .refusal").last).to_contain_text(words[3])
    page.context.close()


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_is_in_the_language(address: str, path: str) -> None:
    """None of its headings, labels and buttons is in English."""
    client = httpx.Client(base_url=address, headers={"Accept-Language": "tg, en;q=0.5"})
    page = client.get(path).text
    assert '<html lang="tg"' in page
    for english in (">Settings<", ">Library<", ">Who said what<", ">Find<", ">Show<", "Times are"):
        assert english not in page


def test_programs_are_answered_in_english(address: str) -> None:
    """Whatever their users' browsers speak, unless they name another."""
    client = httpx.Client(base_url=address, headers={"Accept-Language": "ru"})
    answer = client.post("/api/v1/ask", json={"question": EAEU}).json()
    assert "is not quoted on this" in answer["refusal"]["reason"]
    body = {"question": EAEU, "language": "ru"}
    assert "приписано ему" in client.post("/api/v1/ask", json=body).text
    stream = client.post("/api/v1/ask", json=body, headers={"Accept": "text/event-stream"})
    assert "приписано ему" in stream.text
    missing = client.get("/api/v1/documents/nothing").json()
    assert missing["error"]["message"].startswith("There is no document")


def test_what_is_chosen_is_the_same_in_every_browser_at_once(
    browser: Browser, address: str
) -> None:
    """And there with the first reply, so that nothing flashes."""
    page = opened(browser, address, "en-GB", "/settings")
    page.get_by_label("Dark").check()
    expect(page.locator("#said")).to_have_text("Kept")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#language").select_option("ru")
    expect(page.locator("h1")).to_have_text("Настройки")
    expect(page.locator("#language")).to_be_focused()
    page.context.close()
    client = httpx.Client(base_url=address, headers={"Accept-Language": "en"})
    for path in VIEWS:
        assert '<html lang="ru" data-theme="dark"' in client.get(path).text


def test_one_sets_what_is_needed_to_be_answered(browser: Browser, address: str) -> None:
    """With the model of the server that is wanted, written from the start."""
    page = opened(browser, address, "en-GB", "/settings")
    for choose in (
        lambda: page.locator("#model").select_option("openai:other"),
        lambda: page.get_by_label("Written, each sentence").check(),
    ):
        with page.expect_response(lambda reply: "did=kept" in reply.url):
            choose()
    page.goto("/?question=")
    expect(page.locator("#mode input:checked")).to_have_value("write")
    expect(page.locator("#mode")).to_contain_text("openai:other")
    ask(page, QUESTION)
    expect(page.locator("#log .claim").first).to_be_visible()
    page.context.close()


def test_a_model_that_was_wished_for_is_asked(address: str, model: Scripted) -> None:
    """A name that the server does not offer is not taken."""
    client = httpx.Client(base_url=address)
    client.post("/settings", data={"model": "openai:other", "mode": "write"})
    client.post("/settings", data={"model": "openai:invented", "mode": "write"})
    client.post("/chat", json={"question": QUESTION, "mode": "write"})
    assert model.bodies[-1]["model"] == "other"


def test_without_scripts_there_is_a_button(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/settings")
    page.get_by_label("Light").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.locator("#said")).to_have_text("Kept")
    context.close()


def test_less_is_answered_by_whoever_wants_it_so(address: str) -> None:
    client = httpx.Client(base_url=address)
    unsure = "How much trade is there?"
    for strictness, outcome in [("more", "answered"), ("sure", "not_in_documents")]:
        client.post("/settings", data={"strictness": strictness})
        reply = client.post("/chat", json={"question": unsure})
        assert f'data-outcome=\\"{outcome}\\"' in reply.text, strictness


def test_what_cannot_be_kept_is_not_shown_as_chosen(browser: Browser, address: str) -> None:
    page = opened(browser, address, "en-GB", "/settings")
    page.get_by_label("Light", exact=True).check()
    expect(page.locator("#said")).to_have_text("Kept")
    page.context.set_offline(True)
    page.get_by_label("Dark", exact=True).click()
    expect(page.locator("#said")).to_have_text("The server does not answer.")
    expect(page.get_by_label("Light", exact=True)).to_be_checked()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.context.close()
