"""Behind a proxy that shows the server below a path of a host, as `url` says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import httpx2
import pytest
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client
from playwright.sync_api import Browser, Page, expect
from pydantic import ValidationError

from assistant.building import open_to_write
from assistant.identity.configuring import FILE, LOGIN_SECRET, Portal, read_portal
from assistant.operating.maintaining import Request, perform
from assistant.programs.client import Client
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.portal_example import create_portal, prepare
from assistant.web.services import portal_services
from tests.conftest import ROOT, copy_home, free_port
from tests.oidc import SECRET, create_provider
from tests.proxy import in_front
from tests.running import in_thread

PATH = "/assist"
QUESTION = "what did Rahmon say about students?"
VIEWS = ("/", "/library", "/statements", "/evaluation", "/administration", "/administration/keys",
         "/api", "/manual/ask")  # fmt: skip
ADDRESS = re.compile(r'\b(?:href|src|action|data-link)="([^"#][^"]*)"')
WRITTEN_OUT = re.compile(r'="/[^"]*|\b(?:href|src|action)="\{\{ (?!at\()[^"]*')
LOGIN = """
[login]
issuer = "{issuer}"
client_id = "onrecord"
tenant = "acme"
administrators = ["admins"]
"""


@dataclass(frozen=True)
class Site:
    """One server, and two proxies in front of it: `kept` passes the path on, `stripped` takes
    it off. `portal` shows the embed, `key` is a program's."""

    server: str
    kept: str
    stripped: str
    portal: str
    key: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, seed_home: Path) -> Iterator[Site]:
    home = copy_home(seed_home, tmp_path_factory.mktemp("below") / "home")
    ports = [free_port() for _ in range(4)]
    provider_app, provider = create_provider(f"http://127.0.0.1:{ports[2]}")
    provider.person["groups"] = ["admins"]
    url, origin = f"http://127.0.0.1:{ports[1]}{PATH}", f"http://localhost:{ports[3]}"
    said = prepare(home, origin, url) + LOGIN.format(issuer=provider.issuer)
    (home / FILE).write_text(said)
    environment = {LOGIN_SECRET: SECRET}
    portal = read_portal(home, environment)
    assert portal is not None
    with open_to_write(Settings(home), "serve") as opened:
        act = partial(perform, opened.stores)
        for _ in act(Request("rights", documents="*", rights={"readers": ["tenant:acme"]})):
            pass
        services = portal_services(
            opened.assistant, act, "owner", Settings(home), portal, environment
        )
        assert services.portals is not None
        key = services.portals.keys.add("program", ["ask", "write"], "acme")
        server = f"http://127.0.0.1:{ports[0]}"
        with (
            in_thread(provider_app, ports[2]),
            in_thread(create_app(services), ports[0]),
            in_front(server, PATH, ports[1], keeps_path=True) as kept,
            in_front(server, PATH, keeps_path=False) as stripped,
            in_thread(create_portal(home, origin, url), ports[3]),
        ):
            yield Site(server, kept, stripped, origin, key)


@pytest.fixture(params=["kept", "stripped"])
def address(request: pytest.FixtureRequest, site: Site) -> str:
    found: str = getattr(site, request.param)
    return found


# -- what url may say ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://corp.example", ""),
        ("https://corp.example/", ""),
        ("https://Corp.example:443/assist/", "/assist"),
        ("https://corp.example/tools/on-record", "/tools/on-record"),
        ("http://[::1]:7860/assist", "/assist"),
    ],
)
def test_the_address_of_a_server_may_have_a_path(url: str, path: str) -> None:
    assert Portal.model_validate({"url": url}).path == path


@pytest.mark.parametrize("path", ["/a b", "/a?b=c", "/../x", "/a//b", "/%2e%2e", "/ä"])
def test_a_path_that_a_browser_would_spell_otherwise_is_refused(path: str) -> None:
    with pytest.raises(ValidationError, match="may"):
        Portal.model_validate({"url": f"https://corp.example{path}"})


# -- programs ------------------------------------------------------------------------


def test_a_program_asks_and_follows_the_links_of_the_answer(site: Site, address: str) -> None:
    """Answers, streams and statements alike."""
    with Client(address, site.key) as client:
        answer = client.ask(QUESTION)
        (*_, (_, done)) = client.stream(QUESTION)
        statements = client.statements(speaker="Rahmon")
    links = [citation["link"] for citation in answer["citations"]]
    links += [citation["link"] for citation in done["answer"]["citations"]]
    links += [statement["link"] for statement in statements[:2]]
    assert len(links) > 2
    for link in links:
        assert link.startswith(f"{PATH}/read/")
        reply = httpx.get(urljoin(address, link), headers={"Authorization": f"Bearer {site.key}"})
        assert reply.status_code == 200
        assert 'id="cited"' in reply.text


def test_programs_for_openai_get_links_that_open(site: Site, address: str) -> None:
    body = {"model": "onrecord", "messages": [{"role": "user", "content": QUESTION}]}
    headers = {"Authorization": f"Bearer {site.key}"}
    with httpx.Client(headers=headers, timeout=60) as client:
        models = client.get(f"{address}/v1/models").json()["data"]
        body["model"] = models[0]["id"]
        reply = client.post(f"{address}/v1/chat/completions", json=body)
        (first, *_) = reply.json()["choices"][0]["message"]["annotations"]
        link = first["url_citation"]["url"]
        assert link.startswith(f"{site.kept}/read/")
        assert client.get(link).status_code == 200


async def test_a_program_that_speaks_mcp_gets_links_that_open(site: Site, address: str) -> None:
    headers = {"Authorization": f"Bearer {site.key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{address}/mcp", http_client=http)
        async with McpClient(transport) as client:
            for tool in ("ask", "search"):
                result = await client.call_tool(tool, {"question": QUESTION})
                found: Any = result.structured_content
                (place, *_) = found["citations" if tool == "ask" else "passages"]
                assert place["link"].startswith(f"{PATH}/read/")


def test_the_description_of_the_api_says_where_it_is(site: Site, address: str) -> None:
    headers = {"Authorization": f"Bearer {site.key}"}
    said = httpx.get(f"{address}/api/v1/openapi.json", headers=headers).json()
    assert said["servers"] == [{"url": f"{PATH}/api/v1"}]


def test_what_asks_the_server_itself_needs_no_path(site: Site) -> None:
    """As health checks on the same computer do."""
    for path in ("", PATH):
        assert httpx.get(f"{site.server}{path}/api/v1/health").status_code == 200


# -- browsers ------------------------------------------------------------------------


@contextmanager
def signed_in(address: str) -> Iterator[httpx.Client]:
    """A browser without scripts, signed in by way of the provider."""
    wanted = f"{address}/statements?speaker=Emomali+Rahmon"
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        client.headers["accept"] = "text/html"
        reply = client.get(wanted)
        assert (reply.status_code, str(reply.url)) == (200, wanted)
        yield client


def test_signing_in_comes_back_below_the_path_and_its_cookie_goes_nowhere_else(site: Site) -> None:
    with signed_in(site.kept) as client:
        cookies = {(cookie.name, cookie.path) for cookie in client.cookies.jar}
        assert cookies == {("onrecord", f"{PATH}/")}
        assert "You are signed out" in client.post(f"{site.kept}/logout").text
        assert not client.cookies


def test_over_https_the_cookie_says_that_it_is_for_https_and_not_for_a_whole_host() -> None:
    """Browsers take no __Host- one for a path."""
    # The doorkeeper's own rule: no server of the tests has a certificate.
    from assistant.web.entry.doorkeeper import PortalDoorkeeper

    unused: Any = None
    for url, name in (("https://corp.example", "__Host-"), ("https://a.example/b", "__Secure-")):
        portal = Portal.model_validate({"url": url})
        keeper = PortalDoorkeeper(portal, unused, unused, unused, unused, unused)
        assert keeper.cookie == f"{name}onrecord"


def test_all_that_a_page_names_is_below_the_path(site: Site) -> None:
    """Style, scripts, links and forms of every view, and what is behind them."""
    with signed_in(site.kept) as client:
        named = set[str]()
        for view in VIEWS:
            page = client.get(f"{site.kept}{view}")
            assert page.status_code == 200, view
            named |= {urljoin(str(page.url), found) for found in ADDRESS.findall(page.text)}
        ours = {found for found in named if found.startswith("http://127.0.0.1")}
        assert len(ours) > 30
        assert [found for found in ours if not urlsplit(found).path.startswith(f"{PATH}/")] == []
        for found in ours:
            if "/page-files/" in found or "/assets/" in found:
                assert client.get(found).status_code == 200, found


def test_the_host_itself_leads_to_the_first_page(site: Site) -> None:
    reply = httpx.get(site.kept)
    assert (reply.status_code, reply.headers["location"]) == (308, f"{PATH}/")


def watched(page: Page, host: str) -> list[str]:
    """The paths outside of PATH that the page asks the host for."""
    outside: list[str] = []

    def note(asked: Any) -> None:
        parts = urlsplit(asked.url)
        if parts.netloc == host and not parts.path.startswith(f"{PATH}/"):
            outside.append(parts.path)

    page.on("request", note)
    return outside


def test_one_asks_and_reads_in_the_page(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    outside = watched(page, urlsplit(site.kept).netloc)
    page.goto(f"{site.kept}/")
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    page.locator("#log a.cite").first.click(timeout=30_000)
    expect(page.frame_locator(".reader iframe").locator("#cited")).to_be_visible()
    page.get_by_role("link", name="Who said what").click()
    page.locator("#speaker-list a").first.click()
    expect(page.locator("#found blockquote").first).to_be_visible()
    assert page.url.startswith(f"{site.kept}/statements?")
    page.close()
    assert outside == []


def test_the_panel_in_a_portal_works(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    outside = watched(page, urlsplit(site.kept).netloc)
    page.goto(site.portal)
    page.click("button[value=amina]")
    frame = page.frame_locator(".on-record iframe")
    frame.locator("#question").fill(QUESTION)
    frame.locator("#question").press("Enter")
    expect(frame.locator(".answer .tools")).to_have_count(1, timeout=30_000)
    frame.locator(".answer button.mark").first.click()
    expect(frame.locator("#reader mark")).to_be_visible()
    page.close()
    assert outside == []


# -- templates -----------------------------------------------------------------------


def test_every_address_in_a_template_is_made_by_the_one_maker() -> None:
    """Written out, one that begins with a slash would lead out of the path. The example portal
    has a host to itself."""
    wrong = [
        f"{file.name}: {found[0]}"
        for file in sorted((ROOT / "assistant").rglob("templates/**/*.html"))
        if file.name != "portal_example.html"
        for found in WRITTEN_OUT.finditer(file.read_text())
    ]
    assert wrong == []
