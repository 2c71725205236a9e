"""The embed in a portal's page: two sites, real browsers, real servers."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Error,
    FrameLocator,
    Page,
    Route,
    expect,
)
from playwright.sync_api import Response as Reply

from assistant.building import open_to_write
from assistant.identity.configuring import FILE
from assistant.settings import Settings
from assistant.web.pages.embed import FILES
from assistant.web.portal_example import create_portal, prepare
from index.ingesting import sync
from tests.browser import open_browser, serve
from tests.conftest import ONRECORD, free_port, new_home
from tests.hostile import OUTSIDE, SHAPES
from tests.running import in_thread

STAFF = (
    "Mayor Dunmore said the bridge budget was 41 million crowns. CANARY-STAFF stands here. "
    "The council thanked Ellen Moss for the drawings of the bridge."
)
GUESTS = (
    "Mayor Dunmore said the bridge opens on Friday. CANARY-GUEST stands here. "
    "The council thanked Piet Laar for the music at the opening."
)
HOSTILE = (
    'Rex Harm said the <img src="http://127.0.0.1:1/leak"><script>alert(1)</script> '
    "![x](http://127.0.0.1:1/leak) picture was [fine](javascript:alert(1))."
)
BLOCKED = "--test-third-party-cookie-phaseout"


@dataclass(frozen=True)
class Sites:
    """Where the portal and On Record are: two sites, for a browser."""

    portal: str
    server: str
    home: Path
    pages: dict[str, str]
    texts: Path


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Sites]:
    """A portal with Amina (staff) and Bob (guest), and documents for each of them."""
    folder = tmp_path_factory.mktemp("portal-texts")
    for name, text in (("staff", STAFF), ("guests", GUESTS), ("all", HOSTILE)):
        (folder / name).mkdir()
        (folder / name / f"{name}.txt").write_text(text)
    group = 'readers = ["group:example-portal|{}"]'
    (folder / "staff" / "rights.toml").write_text(group.format("staff"))
    (folder / "guests" / "rights.toml").write_text(group.format("guests"))
    (folder / "all" / "rights.toml").write_text('readers = ["tenant:acme"]')
    home = new_home(tmp_path_factory.mktemp("embed") / "home", models)
    with open_to_write(Settings(home), "index") as opened:
        for _ in sync(opened.stores, [folder]):
            pass
    port, portal_port = free_port(), free_port()
    server, portal = f"http://127.0.0.1:{port}", f"http://localhost:{portal_port}"
    (home / FILE).write_text(prepare(home, portal, server))
    app = create_portal(home, portal, server)
    pages: dict[str, str] = {}

    @app.get("/page")
    def other_page() -> HTMLResponse:
        return HTMLResponse(pages["/page"])

    with serve(home, port), in_thread(app, portal_port):
        yield Sites(portal, server, home, pages, folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(BLOCKED) as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1000, "height": 760})
    yield context
    context.close()


def sign_in(page: Page, sites: Sites, person: str, at: str = "/") -> FrameLocator:
    """The frame, once the portal has vouched for this person."""
    page.goto(sites.portal)
    page.click(f"button[value={person}]")
    if at != "/":
        page.goto(f"{sites.portal}{at}")
    return page.frame_locator(".on-record iframe")


def ask(frame: FrameLocator, question: str) -> str:
    """The last answer's words."""
    answers = frame.locator(".answer .tools")
    before = answers.count()
    frame.locator("#question").fill(question)
    frame.locator("#question").press("Enter")
    expect(answers).to_have_count(before + 1, timeout=30_000)
    return frame.locator(".answer").last.inner_text()


# -- each sees their own -----------------------------------------------------------


def test_two_people_in_two_browsers_each_see_their_own(browser: Browser, sites: Sites) -> None:
    """One page, one question, two answers; no cookie of On Record's."""
    seen = {}
    for person in ("amina", "bob"):
        context = browser.new_context()
        replies: list[Reply] = []
        page = context.new_page()
        page.on("response", keep_in(replies))
        frame = sign_in(page, sites, person)
        expect(frame.locator("#name")).to_have_text(person.capitalize())
        seen[person] = ask(frame, "What did Dunmore say about the bridge?")
        ask(frame, "What did Dunmore say about the budget?")
        seen[person] += " ".join(map(_text, replies))
        assert {cookie["name"] for cookie in context.cookies()} == {"example-portal"}
        context.close()
    assert "41 million" in seen["amina"]
    assert "Friday" not in seen["amina"]
    assert "CANARY-GUEST" not in seen["amina"]
    assert "Friday" in seen["bob"]
    assert "million" not in seen["bob"]
    assert "CANARY-STAFF" not in seen["bob"]


def keep_in(replies: list[Reply]) -> Callable[[Reply], None]:
    """Keeps what comes: everything that a person was sent."""

    def keep(reply: Reply) -> None:
        replies.append(reply)

    return keep


def _text(reply: Reply) -> str:
    """What came, but for answers that have no body."""
    try:
        return reply.text()
    except Error:
        return ""


def test_of_the_one_who_signed_out_nothing_remains(context: BrowserContext, sites: Sites) -> None:
    """Neither in the frame nor in the browser; and what the first had does not work any more."""
    page = context.new_page()
    frame = sign_in(page, sites, "amina")
    assert "41 million" in ask(frame, "What did Dunmore say about the budget?")
    page.evaluate("OnRecord.logout()")
    expect(frame.locator("#told-words")).to_have_text("You are signed out.")
    assert "million" not in frame.locator("html").inner_html()
    page.click("button[value=bob]")
    expect(frame.locator("#name")).to_have_text("Bob")
    assert "million" not in frame.locator("html").inner_html()
    with pytest.raises(Error, match="Access is denied"):  # the browser gives it no storage
        page.frames[-1].evaluate("localStorage.length")


def test_another_person_in_the_same_page_begins_with_nothing(
    context: BrowserContext, sites: Sites
) -> None:
    """The portal's session changed behind the frame: at the next renewal all is wiped."""
    page = context.new_page()
    frame = sign_in(page, sites, "amina")
    ask(frame, "What did Dunmore say about the budget?")
    context.request.post(f"{sites.portal}/sign-in", form={"person": "bob"})
    page.evaluate("OnRecord.reload()")
    expect(frame.locator("#name")).to_have_text("Bob")
    assert frame.locator(".answer").count() == 0


def test_a_follow_up_a_citation_and_the_document(context: BrowserContext, sites: Sites) -> None:
    """The reader opens at the very characters, in the frame; Escape closes it."""
    page = context.new_page()
    frame = sign_in(page, sites, "bob")
    ask(frame, "What did Dunmore say about the bridge?")
    frame.locator(".mark").first.click()
    expect(frame.locator("mark")).to_contain_text("the bridge opens on Friday")
    expect(frame.locator("#reader-text")).to_contain_text("CANARY-GUEST stands here.")
    page.keyboard.press("Escape")
    expect(frame.locator("#reader")).to_be_hidden()
    ask(frame, "What about the picture?")
    expect(frame.locator(".note").first).to_contain_text("Understood as:")


def test_words_that_moved_since_they_were_quoted_are_marked_where_they_stand_now(
    context: BrowserContext, sites: Sites
) -> None:
    """And nothing else ever is; what became of them is said."""
    frame = sign_in(context.new_page(), sites, "bob")
    ask(frame, "What did Dunmore say about the bridge?")
    frame.locator(".mark").first.click()
    quoted = frame.locator("mark").inner_text()
    frame.locator("#reader-back").click()
    file = sites.texts / "guests" / "guests.txt"
    file.write_text(f"This was added on top of it later.\n\n{GUESTS}")
    subprocess.run([*ONRECORD, "--home", str(sites.home), "index", str(sites.texts)], check=True)
    frame.locator(".mark").first.click()
    expect(frame.locator("#reader-text .refusal")).to_contain_text("the words are the same")
    expect(frame.locator("mark")).to_have_text(quoted)


def test_an_answer_is_judged_and_copied(context: BrowserContext, sites: Sites) -> None:
    """With its sources; and what one thinks of it is sent."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    frame = sign_in(page, sites, "bob")
    ask(frame, "What did Dunmore say about the bridge?")
    copy = frame.get_by_role("button", name="Copy")
    copy.click()
    expect(frame.locator(".tools button").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "the bridge opens on Friday" in copied
    assert "[1] guests" in copied
    with page.expect_response("**/api/v1/feedback") as sent:
        frame.locator(".tools button").nth(1).click()
    assert sent.value.status == 201
    expect(frame.locator("#said")).to_have_text("Thank you.")


@pytest.mark.parametrize(
    ("lang", "button"), [("en", "Ask"), ("ru", "Спросить"), ("tg", "Пурсидан")]
)
def test_the_frame_speaks_three_languages(
    context: BrowserContext, sites: Sites, lang: str, button: str
) -> None:
    page = context.new_page()
    frame = sign_in(page, sites, "bob", f"/?lang={lang}")
    expect(frame.locator("#send")).to_have_text(button)
    expect(frame.locator("html")).to_have_attribute("lang", lang)


def test_every_language_says_everything() -> None:
    """None lacks a word that another has."""
    text = (FILES / "words.js").read_text("utf-8")
    parts = re.split(r"^  (\w\w): \{$", text, flags=re.MULTILINE)[1:]
    said = {
        lang: set(re.findall(r"(\w+): \"", body))
        for lang, body in zip(parts[::2], parts[1::2], strict=True)
    }
    assert set(said) == {"en", "ru", "tg"}
    assert said["en"] == said["ru"] == said["tg"]


def test_a_corner_button_opens_and_closes_by_keyboard(
    context: BrowserContext, sites: Sites
) -> None:
    page = context.new_page()
    frame = sign_in(page, sites, "bob", "/?mode=corner")
    opener = page.get_by_role("button", name="Ask the documents")
    opener.focus()
    page.keyboard.press("Enter")
    expect(frame.locator("#question")).to_be_visible(timeout=15_000)
    frame.locator("#question").press("Escape")
    expect(page.locator(".on-record iframe")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_loader_is_small() -> None:
    """A portal's page gets slower by less than 15 kB."""
    assert (FILES / "embed.js").stat().st_size < 15_000


def fail(route: Route) -> None:
    """As if nobody were there."""
    route.abort()


# -- never blank -------------------------------------------------------------------


def test_somebody_who_is_not_signed_in_is_told_so(context: BrowserContext, sites: Sites) -> None:
    """And can try again once they are."""
    page = context.new_page()
    page.goto(sites.portal)
    expect(page.locator(".on-record .told p")).to_have_text("Sign in to this site, then try again.")
    context.request.post(f"{sites.portal}/sign-in", form={"person": "bob"})
    page.get_by_role("button", name="Try again").click()
    expect(page.frame_locator(".on-record iframe").locator("#name")).to_have_text("Bob")


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (500, "", "This site could not say who you are."),
        (200, "<html>Log in</html>", "This site could not say who you are."),
        (200, "a.b.c", "Sign in to the portal again."),
    ],
)
def test_a_backend_that_does_not_vouch_is_told(
    context: BrowserContext, sites: Sites, status: int, body: str, told: str
) -> None:
    """An error, a login page, an assertion that is none: around the frame or in it."""
    page = context.new_page()
    page.route("**/assertion?*", lambda route: route.fulfill(status=status, body=body))
    page.goto(sites.portal)
    around = page.locator(".on-record .told p")
    inside = page.frame_locator(".on-record iframe").locator("#told-words")
    expect(inside if "portal" in told else around).to_have_text(told)


def test_a_server_that_is_down_is_told(context: BrowserContext, sites: Sites) -> None:
    """While it signs in and while it answers; what was asked can be asked again."""
    page = context.new_page()
    frame = sign_in(page, sites, "bob")
    expect(frame.locator("#name")).to_have_text("Bob")
    page.route("**/api/v1/ask", fail)
    frame.locator("#question").fill("What did Dunmore say about the bridge?")
    frame.locator("#question").press("Enter")
    expect(frame.locator(".error")).to_have_text("The assistant cannot be reached.")
    page.unroute("**/api/v1/ask")
    frame.get_by_role("button", name="Try again").click()
    expect(frame.locator(".answer .tools")).to_be_visible()


def test_a_frame_that_does_not_load_is_told(context: BrowserContext, sites: Sites) -> None:
    page = context.new_page()
    page.route("**/embed/example", fail)
    page.goto(sites.portal)
    told = page.locator(".on-record .told p")
    expect(told).to_contain_text("The assistant does not answer.", timeout=15_000)


def test_opened_by_itself_it_says_to_come_from_the_portal(
    context: BrowserContext, sites: Sites
) -> None:
    page = context.new_page()
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.goto(f"{sites.server}/embed/example")
    expect(page.locator("#told-words")).to_contain_text("Open this from your portal.")
    page.wait_for_load_state("networkidle")
    assert called
    assert not [url for url in called if "/api/" in url]


HURRIED = """
  const { setTimeout: after } = window;
  const within = AbortSignal.timeout.bind(AbortSignal);
  window.setTimeout = (done, ms, ...rest) => after(done, ms > 4000 ? ms / 20 : ms, ...rest);
  AbortSignal.timeout = (ms) => within(ms / 20);
"""
"""Makes a page and its frames lose patience early."""


def hang(route: Route) -> None:
    """Nobody answers."""


def test_a_backend_that_does_not_answer_is_told(context: BrowserContext, sites: Sites) -> None:
    page = context.new_page()
    page.add_init_script(HURRIED)
    page.route("**/assertion?*", hang)
    page.goto(sites.portal)
    expect(page.locator(".on-record .told p")).to_have_text(
        "This site takes too long to say who you are."
    )


BUSY = '{"error": {"code": "too_many_logins", "message": "Too often."}}'


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (fail, "The assistant cannot be reached."),
        (hang, "The assistant cannot be reached."),
        (
            lambda route: route.fulfill(status=429, body=BUSY, headers={"Retry-After": "7"}),
            "Too much is going on. Try again in 7 s.",
        ),
        (lambda route: route.fulfill(status=200, body="<p>proxy"), "The assistant cannot be"),
    ],
)
def test_a_sign_in_that_fails_is_told(
    context: BrowserContext, sites: Sites, answer: Callable[[Route], None], told: str
) -> None:
    """And works by the button, once the fault is over."""
    page = context.new_page()
    page.add_init_script(HURRIED)
    page.route("**/api/v1/embed/token", answer)
    frame = sign_in(page, sites, "bob")
    expect(frame.locator("#told-words")).to_contain_text(told)
    page.unroute("**/api/v1/embed/token")
    frame.get_by_role("button", name="Try again").click()
    expect(frame.locator("#name")).to_have_text("Bob")


@pytest.mark.parametrize(
    ("status", "headers", "body", "told"),
    [
        (429, {"Retry-After": "12"}, BUSY, "Try again in 12 s."),
        (503, {"Retry-After": "1"}, BUSY, "Try again in 1 s."),
        (500, {}, "broken", "The assistant cannot be reached."),
        (422, {}, '{"error": {"code": "x", "message": "<b>No.</b>"}}', "wrong: <b>No.</b>"),
        (200, {}, ": nothing comes\n\n", "The assistant cannot be reached."),
        (200, {}, "event: sentence\ndata: {broken\n\n", "The assistant cannot be reached."),
        (200, {}, 'event: error\ndata: {"message": "<b>Ow"}\n\n', "went wrong: <b>Ow"),
    ],
)
def test_an_answer_that_fails_is_told(
    context: BrowserContext,
    sites: Sites,
    status: int,
    headers: dict[str, str],
    body: str,
    told: str,
) -> None:
    page = context.new_page()
    frame = sign_in(page, sites, "bob")
    expect(frame.locator("#name")).to_have_text("Bob")
    page.route(
        "**/api/v1/ask", lambda route: route.fulfill(status=status, headers=headers, body=body)
    )
    frame.locator("#question").fill("What did Dunmore say?")
    frame.locator("#question").press("Enter")
    expect(frame.locator(".error")).to_contain_text(told)
    expect(frame.get_by_role("button", name="Try again")).to_be_visible()
    expect(frame.locator("#send")).to_be_visible()


def test_a_fault_that_passes_takes_no_conversation_away(
    context: BrowserContext, sites: Sites
) -> None:
    """The bearer has ended and no new one can be had for a moment."""
    page = context.new_page()
    frame = sign_in(page, sites, "amina")
    ask(frame, "What did Dunmore say about the budget?")
    page.route("**/api/v1/ask", unauthorized)
    page.route("**/api/v1/embed/token", fail)
    frame.locator("#question").fill("And the drawings?")
    frame.locator("#question").press("Enter")
    expect(frame.locator(".error")).to_be_visible()
    expect(frame.locator(".answer").first).to_contain_text("41 million")
    page.unroute_all()
    frame.get_by_role("button", name="Try again").click()
    expect(frame.locator(".answer .tools")).to_have_count(2)


def unauthorized(route: Route) -> None:
    route.fulfill(status=401, body='{"error": {"code": "unauthorized", "message": ""}}')


def test_whoever_left_the_portal_leaves_nothing_when_the_bearer_ends(
    context: BrowserContext, sites: Sites
) -> None:
    page = context.new_page()
    frame = sign_in(page, sites, "amina")
    ask(frame, "What did Dunmore say about the budget?")
    context.request.post(f"{sites.portal}/sign-in", form={"person": "nobody"})
    page.route("**/api/v1/ask", unauthorized)
    frame.locator("#question").fill("And the drawings?")
    frame.locator("#question").press("Enter")
    expect(page.locator(".on-record .told p")).to_have_text("Sign in to this site, then try again.")
    for left in ("million", "drawings", "Amina", "Moss"):
        assert left not in frame.locator("html").inner_html()
    page.unroute_all()
    context.request.post(f"{sites.portal}/sign-in", form={"person": "bob"})
    page.get_by_role("button", name="Try again").click()
    expect(frame.locator("#name")).to_have_text("Bob")


def test_whoever_signs_out_while_signing_in_stays_out(
    context: BrowserContext, sites: Sites
) -> None:
    """The bearer comes too late, and is ended."""
    page = context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/embed/token", hold)
    with page.expect_request("**/api/v1/embed/token"):
        frame = sign_in(page, sites, "amina")
    page.evaluate("OnRecord.logout()")
    expect(frame.locator("#told-words")).to_have_text("You are signed out.")
    with page.expect_request("**/api/v1/embed/logout"):
        held[-1].continue_()
    expect(frame.locator("#desk")).to_be_hidden()
    expect(frame.locator("#name")).to_have_text("")


def test_an_answer_can_be_stopped_or_left(context: BrowserContext, sites: Sites) -> None:
    """By the button, with a way to ask again; or for a new conversation."""
    page = context.new_page()
    frame = sign_in(page, sites, "bob")
    expect(frame.locator("#name")).to_have_text("Bob")
    page.route("**/api/v1/ask", hang)
    frame.locator("#question").fill("What did Dunmore say about the bridge?")
    frame.locator("#question").press("Enter")
    frame.get_by_role("button", name="Stop").click()
    expect(frame.locator(".answer")).to_contain_text("Stopped.")
    frame.get_by_role("button", name="Try again").click()
    frame.get_by_role("button", name="New conversation").click()
    expect(frame.locator(".answer")).to_have_count(0)
    expect(frame.locator("#stop")).to_be_hidden()
    page.unroute_all()
    assert "Friday" in ask(frame, "What did Dunmore say about the bridge?")


def test_questions_are_suggested_from_what_one_may_read(
    context: BrowserContext, sites: Sites
) -> None:
    page = context.new_page()
    frame = sign_in(page, sites, "bob")
    suggested = frame.locator("#suggestions")
    expect(suggested).to_contain_text("Piet Laar")
    assert "Ellen Moss" not in suggested.inner_text()
    suggested.get_by_text("Piet Laar").click()
    expect(frame.locator(".answer")).to_contain_text("for the music")
    expect(suggested).to_be_hidden()
    context.request.post(f"{sites.portal}/sign-in", form={"person": "amina"})
    page.evaluate("OnRecord.reload()")
    expect(suggested).to_contain_text("Ellen Moss")
    assert "Piet Laar" not in frame.locator("html").inner_html()


def portal_page(page: Page, sites: Sites, body: str) -> None:
    """Another page of the portal's, opened by Bob."""
    page.request.post(f"{sites.portal}/sign-in", form={"person": "bob"})
    sites.pages["/page"] = f"<!doctype html><html>{body}"
    page.goto(f"{sites.portal}/page")


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Of two colours, as WCAG 2.2 has it."""

    def luminance(colour: tuple[int, ...]) -> float:
        parts = [part / 255 for part in colour]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("place", ["<head>{}</head><body>", "<body>{}"])
@pytest.mark.parametrize(
    ("accent", "ink"), [("#ffee00", "rgb(0, 0, 0)"), ("#101060", "rgb(255, 255, 255)")]
)
def test_words_on_the_portals_colour_can_be_read(
    context: BrowserContext, sites: Sites, place: str, accent: str, ink: str
) -> None:
    """Wherever the script stands."""
    page = context.new_page()
    script = (
        f'<script src="{sites.server}/embed.js" data-embed="example" '
        f'data-assertion-url="/assertion" data-accent="{accent}"></script>'
    )
    portal_page(page, sites, place.format(script))
    send = page.frame_locator(".on-record iframe").locator("#send")
    expect(send).to_have_css("color", ink)
    schemes: list[tuple[Literal["light", "dark"], tuple[int, ...]]]
    schemes = [("light", (250, 248, 244)), ("dark", (32, 31, 28))]
    for scheme, paper in schemes:
        page.emulate_media(color_scheme=scheme)
        best = 0.0
        for _ in range(200):  # the frame hears of it a little later
            link = page.frames[-1].evaluate("document.documentElement.style.cssText")
            parts = re.findall(r"--link: rgb\((\d+), ?(\d+), ?(\d+)\)", link)[0]
            best = contrast(tuple(map(int, parts)), paper)
            if best >= 4.5:
                break
            page.wait_for_timeout(50)
        assert best >= 4.5


PLAIN = """<body><iframe id="plain" src="{server}/embed/example"></iframe><script>
  addEventListener("message", async ({{ origin, source, data }}) => {{
    if (origin !== "{server}" || !["hello", "need-assertion"].includes(data.type.slice(7))) return;
    const reply = await fetch(`/assertion?embed=example&nonce=${{data.nonce}}`);
    const assertion = await reply.text();
    source.postMessage({{ v: 1, type: "assist:assertion", assertion, nonce: data.nonce }}, origin);
  }});
</script>"""


def test_a_plain_iframe_works_as_the_readme_says(context: BrowserContext, sites: Sites) -> None:
    page = context.new_page()
    portal_page(page, sites, PLAIN.format(server=sites.server))
    expect(page.frame_locator("#plain").locator("#name")).to_have_text("Bob")


def test_a_plain_iframe_that_nobody_answers_is_told(context: BrowserContext, sites: Sites) -> None:
    page = context.new_page()
    page.add_init_script(HURRIED)
    portal_page(page, sites, f'<iframe id="plain" src="{sites.server}/embed/example"></iframe>')
    told = page.frame_locator("#plain").locator("#told-words")
    expect(told).to_have_text("The portal does not say who you are.")


def test_a_frame_whose_script_does_not_load_says_so(context: BrowserContext, sites: Sites) -> None:
    page = context.new_page()
    page.route("**/embed-files/frame.js", fail)
    portal_page(page, sites, f'<iframe id="plain" src="{sites.server}/embed/example"></iframe>')
    expect(page.frame_locator("#plain").locator("#told-words")).to_be_visible(timeout=15_000)


def test_on_a_small_screen_an_error_in_the_corner_can_be_closed(
    context: BrowserContext, sites: Sites
) -> None:
    """It fills the screen, so the portal would be gone."""
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 600})
    page.route("**/embed/example", fail)
    page.goto(f"{sites.portal}/?mode=corner")
    page.get_by_role("button", name="Ask the documents").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".on-record .panel")).to_be_hidden()


# -- pages that mean harm ----------------------------------------------------------


def a_page(body: str) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def page() -> HTMLResponse:
        return HTMLResponse(f"<!doctype html><html><body>{body}</body></html>")

    @app.get("/{anything}")
    def other() -> HTMLResponse:
        return HTMLResponse(f'<!doctype html><iframe src="/" name="outer"></iframe>{body}')

    return app


def test_a_page_that_is_not_listed_cannot_show_the_frame(
    context: BrowserContext, sites: Sites
) -> None:
    """The browser refuses it, and the loader says that something is wrong."""
    port = free_port()
    script = (
        f'<script src="{sites.server}/embed.js" data-embed="example" '
        'data-assertion-url="/a"></script>'
    )
    with in_thread(a_page(script), port):
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        told = page.locator(".on-record .told p")
        expect(told).to_contain_text("this page may not show it", timeout=15_000)


def test_a_nested_or_sandboxed_portal_cannot_show_the_frame(
    context: BrowserContext, sites: Sites
) -> None:
    """Inside a stranger's page the portal's own page is not enough; nor without an origin."""
    port = free_port()
    body = f'<iframe id="in" sandbox="allow-scripts" src="{sites.portal}"></iframe>'
    with in_thread(a_page(body), port):
        page = context.new_page()
        page.goto(f"http://localhost:{port}/")
        refused_in(page.frame_locator("#in"))
    nesting = f'<iframe id="in" src="{sites.portal}"></iframe>'
    with in_thread(a_page(nesting), port := free_port()):
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        refused_in(page.frame_locator("#in"))


def refused_in(portal: FrameLocator) -> None:
    """Something is said, and the chat is not there."""
    told = portal.locator(".on-record .told p")
    expect(told).to_contain_text("this page may not show it", timeout=15_000)
    expect(portal.frame_locator(".on-record iframe").locator("#question")).to_have_count(0)


FUZZ = """(server) => {
  const { shadowRoot } = document.querySelector(".on-record");
  const frame = shadowRoot.querySelector("iframe").contentWindow;
  const long = "x".repeat(1000000);
  window.heard = [];
  addEventListener("message", ({ origin, data }) => { if (origin === server) heard.push(data); });
  const all = [
    null, 1, "assist:logout", [], {}, {v: 2, type: "assist:logout"}, {type: "assist:logout"},
    {v: 1, type: "__proto__"}, {v: 1, type: "constructor"}, {v: 1, type: "history"},
    {v: 1, type: "assist:history"}, {v: 1, type: "assist:token"},
    {v: "1", type: "assist:logout"}, {v: 1, type: "assist:assertion"},
    {v: 1, type: "assist:assertion", assertion: "x.y.z", nonce: "no"},
    {v: 1, type: "assist:settings", accent: "url(http://127.0.0.1:1/x)", lang: "__proto__"},
    {v: 1, type: "assist:settings", theme: "<b>", placeholder: 7, title: "<b>Harm</b>"},
    JSON.parse('{"v": 1, "type": "assist:settings", "__proto__": {"polluted": 1}}'),
  ];
  for (let round = 0; round < 300; round += 1) {
    for (const data of all) frame.postMessage(data, server);
  }
  frame.postMessage({v: 1, type: "assist:assertion", assertion: long, nonce: null}, server);
  frame.postMessage({v: 1, type: "assist:settings", title: long, lang: long}, server);
  frame.postMessage({v: 1, type: "assist:settings", lang: "__proto__"}, server);
}"""


def test_nonsense_from_the_page_around_is_ignored(context: BrowserContext, sites: Sites) -> None:
    """Thousands of messages change nothing, and nothing of the conversation is told."""
    page = context.new_page()
    hosts: set[str] = set()
    frame = sign_in(page, sites, "amina")
    page.on("request", lambda request: hosts.add(re.sub(r"(//[^/]*).*", r"\1", request.url)))
    ask(frame, "What did Dunmore say about the budget?")
    page.evaluate(FUZZ, sites.server)
    assert "41 million" in frame.locator(".answer").first.inner_text()
    assert "41 million" in ask(frame, "What did Dunmore say about the budget?")
    told = str(page.evaluate("heard"))
    assert "million" not in told
    assert "token" not in told
    expect(frame.locator("#send")).to_have_text("Ask")
    assert hosts <= {sites.server, sites.portal}


def test_a_foreign_window_is_not_listened_to(context: BrowserContext, sites: Sites) -> None:
    """A message with the right words from the wrong place."""
    page = context.new_page()
    frame = sign_in(page, sites, "amina")
    ask(frame, "What did Dunmore say about the budget?")
    page.evaluate(
        """(server) => {
          const other = document.createElement("iframe");
          document.body.append(other);
          const frame = document.querySelector(".on-record").shadowRoot.querySelector("iframe");
          const say = other.contentWindow.Function("frame", "server",
            "frame.postMessage({v: 1, type: 'assist:logout'}, server)");
          say(frame.contentWindow, server);
        }""",
        sites.server,
    )
    assert "41 million" in ask(frame, "What did Dunmore say about the budget?")


def test_a_documents_markup_stays_text_and_calls_nobody(
    context: BrowserContext, sites: Sites
) -> None:
    """In answers, in the reader, in questions and in errors."""
    page = context.new_page()
    called: list[str] = []
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("request", lambda request: called.append(request.url))
    frame = sign_in(page, sites, "amina")
    words = ask(frame, "What did Rex Harm say about the picture?")
    assert "<script>alert(1)</script" in words
    frame.locator(".mark").first.click()
    expect(frame.locator("#reader-text")).to_contain_text("<script>alert(1)</script>")
    page.keyboard.press("Escape")
    ask(frame, "<img src=http://127.0.0.1:1/leak onerror=alert(1)> what?")
    assert frame.locator("img, a, script:not([type=module])").count() == 0
    assert dialogs == []
    assert [url for url in called if "127.0.0.1:1/" in url] == []


def harmful_answer(text: str) -> str:
    """The events of an answer that has this in every place for words."""
    document = {"id": text, "title": text, "source": text, "version": text}
    citation = {
        "number": 1, "document": document, "start": 0, "end": 1, "page": text, "quote": text,
        "speaker": {"name": text}, "speech": "direct",
    }  # fmt: skip
    claim = {"text": text, "citations": [1], "verdict": "unsupported", "why": text}
    answer = {
        "outcome": "answered", "standalone_question": text, "corrections": {text: text},
        "notice": text, "opening": text, "citations": [citation], "claims": [claim],
        "contradictions": [{"about": text, "what": text}], "refusal": None,
    }  # fmt: skip
    told = [
        ("sources", {"passages": [], "searched": {"documents": text, "passages": 1}}),
        ("sentence", {"number": 1, "text": text, "citations": [1]}),
        ("verdict", {"number": 1, "verdict": "unsupported", "why": text}),
        ("done", {"answer": answer}),
    ]
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in told)


def harmful_refusal(text: str) -> str:
    """The same for one that answers nothing."""
    whole = json.loads(harmful_answer(text).split("event: done\ndata: ")[1])["answer"]
    refusal = {"reason": text, "considered": whole["citations"]}
    data = json.dumps({"answer": {**whole, "claims": [], "refusal": refusal}})
    return f"event: done\ndata: {data}\n\n"


def answering(body: str) -> Callable[[Route], None]:
    """The server says this."""
    return lambda route: route.fulfill(body=body)


@pytest.mark.parametrize("made", [harmful_answer, harmful_refusal])
def test_whatever_a_model_or_a_title_says_is_shown_as_text(
    context: BrowserContext, sites: Sites, made: Callable[[str], str]
) -> None:
    """In every place of an answer for words, in questions, in errors: no script runs, nothing
    is asked of another host, and no element comes of it."""
    page = context.new_page()
    called: list[str] = []
    dialogs: list[str] = []
    blocked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.on("request", lambda request: called.append(request.url))
    page.on("console", lambda said: blocked.append(said.text))
    frame = sign_in(page, sites, "bob")
    expect(frame.locator("#name")).to_have_text("Bob")
    for count, text in enumerate(SHAPES, 1):
        page.unroute_all()
        page.route("**/api/v1/ask", answering(made(text)))
        frame.locator("#question").fill(text)
        frame.locator("#question").press("Enter")
        expect(frame.locator(".answer .tools")).to_have_count(count)
        assert text.split()[0] in frame.locator(".answer").last.inner_text()
    known = {"header", "main", "div", "p", "article", "blockquote", "small", "button", "form"}
    known |= {
        "textarea",
        "section",
        "template",
        "svg",
        "path",
        "noscript",
        "dialog",
        "h1",
        "h2",
        "span",
        "ol",
        "li",
    }
    tags = frame.locator("body *").evaluate_all("all => all.map(each => each.localName)")
    assert set(tags) <= known
    assert dialogs == []
    assert [url for url in called if url.startswith(OUTSIDE)] == []
    assert [text for text in blocked if "Content Security Policy" in text] == []


SPLIT = """async (text) => {
  const { events } = await import("/embed-files/events.js");
  const bytes = new TextEncoder().encode(text);
  const read = async (cuts) => {
    const body = new ReadableStream({ start(stream) {
      let from = 0;
      for (const cut of [...cuts, bytes.length]) {
        stream.enqueue(bytes.slice(from, cut));
        from = cut;
      }
      stream.close();
    } });
    const all = [];
    for await (const event of events(body)) all.push(event);
    return JSON.stringify(all);
  };
  const whole = await read([]);
  const different = [];
  for (let at = 1; at < bytes.length; at += 1) if (await read([at]) !== whole) different.push(at);
  if (await read([...bytes.keys()].slice(1)) !== whole) different.push("each byte by itself");
  return { whole, different };
}"""


def test_events_are_the_same_wherever_the_network_cuts_them(
    context: BrowserContext, sites: Sites
) -> None:
    """At every byte, also within a character."""
    page = context.new_page()
    frame = sign_in(page, sites, "bob")
    expect(frame.locator("#name")).to_have_text("Bob")
    said = {"number": 1, "text": "Ҳуҷҷат 😀 <script>alert(1)</script> \n\ndata: x"}
    text = f": waiting\n\nevent: sentence\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"
    read = page.frames[-1].evaluate(SPLIT, text)
    assert json.loads(read["whole"]) == [{"name": "sentence", "data": said}]
    assert read["different"] == []


def test_no_secret_is_in_an_address_or_a_log(context: BrowserContext, sites: Sites) -> None:
    """The bearer is in its header only, the assertion in a body."""
    page = context.new_page()
    urls: list[str] = []
    page.on(
        "request", lambda request: urls.append(request.url + str(request.headers.get("referer")))
    )
    with page.expect_response("**/api/v1/embed/token") as given:
        frame = sign_in(page, sites, "amina")
    token = given.value.json()["token"]
    ask(frame, "What did Dunmore say about the budget?")
    assert not [url for url in urls if token in url]
    for kept in sites.home.glob("*.sqlite3*"):
        assert token.encode() not in kept.read_bytes()
