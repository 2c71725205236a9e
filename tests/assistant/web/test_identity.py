"""Coming in: through a portal's frame, with an API key, by an organisation's login."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Page
from starlette.testclient import TestClient

from assistant.accounts.keys import Keys
from assistant.accounts.store import Store
from assistant.building import Opened, open_to_write
from assistant.errors import WrongUse
from assistant.identity.configuring import Portal
from assistant.operating.examining import examine
from assistant.operating.maintaining import perform
from assistant.programs.client import Client
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.entry.allowances import Allowance, neighbourhood
from assistant.web.entry.callers import Caller
from assistant.web.entry.gate import Limits, SignInGate
from assistant.web.entry.refusals import Refused
from assistant.web.services import PortalServices, portal_services
from assistant.web.serving import check_host, check_way_in
from index.documents import LOCAL_USER
from index.rights.deciding import Rights
from tests.assistant.identity.test_signing_in import HOSTILE
from tests.browser import open_browser
from tests.conftest import copy_home, free_port
from tests.oidc import SECRET, Provider, create_provider
from tests.running import in_thread
from tests.vouching import ISSUER, ORIGIN, Clock, claims, pem, private_key, sign

FOR = "X-Assist-On-Behalf-Of"
TOKEN, CHECK, REVOKE = (f"/api/v1/embed/{name}" for name in ("token", "assertion-check", "revoke"))
COOKIE = "__Host-onrecord"
ADDRESSES = count(1)


@dataclass(frozen=True)
class World:
    """A server with a portal and a login, and the provider of that."""

    app: FastAPI
    portals: PortalServices
    provider: Provider
    opened: Opened
    home: Path

    def client(self, **headers: str) -> TestClient:
        """A browser or program with an address of its own."""
        address = (f"10.0.{next(ADDRESSES) // 250}.{next(ADDRESSES) % 250}", 1)
        return TestClient(
            self.app, "https://assist.example", client=address, follow_redirects=False,
            headers=headers,
        )  # fmt: skip

    def with_key(self, name: str, *permissions: str, tenant: str = "") -> TestClient:
        """A program."""
        if any(key.name == name for key in self.portals.keys.all()):
            self.portals.keys.revoke(name)
        key = self.portals.keys.add(name, permissions, tenant)
        return self.client(authorization=f"Bearer {key}")

    def in_frame(self, **changed: Any) -> TestClient:
        """The frame of a portal, with a bearer."""
        reply = exchange(self.client(), **changed)
        assert reply.status_code == 200, reply.text
        return self.client(authorization=f"Bearer {reply.json()['token']}")

    def signed_in(self, wanted: str = "/") -> TestClient:
        """A browser of whoever is signed in at the provider."""
        client = self.client()
        reply = client.get(come_back(client, wanted))
        assert reply.status_code == 303, reply.text
        return client


def now() -> float:
    import time

    return time.time()


def exchange(client: TestClient, assertion: str | None = None, **changed: Any) -> httpx.Response:
    body = {"assertion": assertion or sign(claims(now(), **changed)), "embed": "hr", "nonce": "n-1"}
    reply: httpx.Response = client.post(TOKEN, json=body)  # type: ignore[assignment]
    return reply


def come_back(client: TestClient, wanted: str = "/") -> str:
    """Go to the provider; the address that it sends the browser back to."""
    to = client.get("/login", params={"next": wanted})
    assert to.status_code == 303, to.text
    back = httpx.get(to.headers["location"])
    assert back.status_code == 302, back.text
    return back.headers["location"]


def portal_at(provider: str, url: str = "https://assist.example") -> Portal:
    return Portal.model_validate({
        "url": url,
        "issuers": {"portal": {"issuer": ISSUER, "algorithm": "ES256", "key_file": "portal.pem"}},
        "embeds": {"hr": {"issuer": "portal", "origins": [ORIGIN], "tenants": ["acme"]}},
        "login": {
            "issuer": provider,
            "client_id": "onrecord",
            "tenant": "acme",
            "administrators": ["admins"],
        },
    })  # fmt: skip


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, seed_home: Path, models: Path
) -> Iterator[World]:
    home = tmp_path_factory.mktemp("identity") / "home"
    copy_home(seed_home, home)
    (home / "portal.pem").write_text(pem(private_key("ES256")))
    port = free_port()
    app, provider = create_provider(f"http://127.0.0.1:{port}")
    with in_thread(app, port), open_to_write(Settings(home), "serve") as opened:
        made, portals = served(opened, home, portal_at(provider.issuer))
        yield World(made, portals, provider, opened, home)


def served(opened: Opened, home: Path, portal: Portal) -> tuple[FastAPI, PortalServices]:
    act, environment = partial(perform, opened.stores), {"ONRECORD_LOGIN_SECRET": SECRET}
    services = portal_services(opened.assistant, act, "owner", Settings(home), portal, environment)
    assert services.portals
    return create_app(services), services.portals


@pytest.fixture(autouse=True)
def as_it_should_be(world: World) -> None:
    world.provider.reset()


# -- through a portal's frame ------------------------------------------------------


def test_a_frame_gets_a_bearer_for_what_its_portal_signed(world: World) -> None:
    """And may ask and read with it, no more."""
    reply = exchange(world.client())
    assert reply.status_code == 200
    assert set(reply.json()) >= {"token", "expires_in", "name"}
    assert (reply.json()["expires_in"], reply.json()["name"]) == (600, "Ann")
    assert "set-cookie" not in reply.headers
    frame = world.client(authorization=f"Bearer {reply.json()['token']}")
    assert frame.get("/api/v1/me").json()["name"] == "Ann"
    assert frame.get("/api/v1/admin/audit").status_code == 403


def test_every_bad_assertion_gets_one_answer(world: World) -> None:
    """Nothing in it says what was wrong; only clocks that differ are told."""
    bodies: dict[str, list[str]] = {}
    for kind, make in HOSTILE.items():
        reply = exchange(world.client(), make() or "x")
        if reply.status_code != 422:  # of no assertion's length
            assert reply.status_code == 401, kind
            bodies.setdefault(reply.text, []).append(kind)
    assert len(bodies) == 1
    ahead = exchange(world.client(), sign(claims(now() + 3600)))
    assert (ahead.status_code, ahead.json()["error"]["code"]) == (401, "clock_skew")
    assert exchange(world.client()).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"assertion": 7, "embed": "hr", "nonce": "n"}', b"\xff", b"[" * 90_000,
     b'{"assertion": "\\ud800", "embed": "\\ud800", "nonce": "\\ud800"}',
     b'{"assertion": "x", "embed": "h\\u0000r", "nonce": "n"}'],
)  # fmt: skip
def test_a_body_that_is_none_is_refused_in_shape(world: World, body: bytes) -> None:
    reply = world.client().post(TOKEN, content=body, headers={"content-type": "application/json"})
    assert reply.status_code in (400, 401, 422)
    assert set(reply.json()["error"]) == {"code", "message"}


def test_the_log_says_what_was_wrong_and_holds_no_secret(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "onrecord")
    bad, good = sign(claims(now(), tenant="glo\nbex")), sign(claims(now()))
    exchange(world.client(), bad)
    token = exchange(world.client(), good).json()["token"]
    assert "tenant" in caplog.text
    for secret in (bad, good, token):
        assert secret not in caplog.text


def test_who_guesses_is_made_to_wait_and_nobody_else(world: World) -> None:
    """With the seconds; a right assertion from there has to wait, too."""
    guesser = world.client()
    codes = [exchange(guesser, f"a.b.{n}").status_code for n in range(31)]
    assert codes == [401] * 30 + [429]
    turned_away = exchange(guesser)
    assert turned_away.status_code == 429
    assert 1 <= int(turned_away.headers["retry-after"]) <= 60
    assert exchange(world.client()).status_code == 200


def test_logging_out_ends_the_bearer(world: World) -> None:
    frame, other = world.in_frame(), world.in_frame()
    assert frame.post("/api/v1/embed/logout").status_code == 200
    assert frame.get("/api/v1/me").status_code == 401
    assert other.get("/api/v1/me").status_code == 200


def test_a_portal_ends_everything_of_a_person(world: World) -> None:
    """Bearers, answers that are under way, and what was signed before."""
    backend = world.with_key("portal", "administer")
    frame, other = world.in_frame(sub="u-30"), world.in_frame(sub="u-31")
    signed_before = sign(claims(now(), sub="u-30"))
    bearer = frame.headers["authorization"].removeprefix("Bearer ")
    found = world.portals.bearers.find(bearer)
    assert found
    reply = backend.post(REVOKE, json={"issuer": ISSUER, "subject": "u-30"})
    assert reply.status_code == 200
    assert reply.json()["ended"] >= 1
    assert frame.get("/api/v1/me").status_code == 401
    assert not world.portals.bearers.is_current(found.id)
    assert exchange(world.client(), signed_before).status_code == 401
    assert other.get("/api/v1/me").status_code == 200


def test_a_dry_run_names_the_claim_to_a_backend_only(world: World) -> None:
    """Not to what a browser holds, however much it may."""
    body = {"assertion": sign(claims(now(), origin="https://x.example")), "embed": "hr"}
    body["nonce"] = "n-1"
    backend = world.with_key("builder", "administer")
    assert "origin" in backend.post(CHECK, json=body).json()["why"]
    good = {**body, "assertion": sign(claims(now()))}
    assert backend.post(CHECK, json=good).json()["groups"] == [f"group:{ISSUER}|editors"]
    assert backend.post(CHECK, json=good).json()["ok"]
    world.provider.person["groups"] = ["admins"]
    for client in (world.signed_in(), world.in_frame(), world.with_key("asker", "ask")):
        for path, sent in ((CHECK, body), (REVOKE, {"issuer": ISSUER, "subject": "x"})):
            assert client.post(path, json=sent).status_code == 403


# -- with a key --------------------------------------------------------------------


@pytest.mark.parametrize("place", ["query", "x-api-key", "cookie", "basic", "twice", "token"])
def test_a_key_is_taken_in_one_place_only(world: World, place: str) -> None:
    """Beside it nobody looks, so no check can be forgotten there."""
    name = f"at-{place}"
    key = world.portals.keys.add(name, ["ask"])
    right = ("authorization", f"Bearer {key}")
    ways: dict[str, dict[str, Any]] = {
        "query": {"params": {"key": key, "access_token": key}},
        "x-api-key": {"headers": {"x-api-key": key}},
        "cookie": {"headers": {"cookie": f"{COOKIE}={key}; onrecord={key}"}},
        "basic": {"headers": {"authorization": f"Basic {key}"}},
        "twice": {"headers": [right, ("authorization", "Bearer x")]},
        "token": {"headers": {"authorization": key}},
    }
    assert world.client().get("/api/v1/me", **ways[place]).status_code == 401
    assert world.client().get("/api/v1/me", headers=[right]).status_code == 200


def test_a_revoked_key_ends_at_once(world: World) -> None:
    """Also when another process revokes it."""
    program = world.with_key("ending", "ask")
    assert program.get("/api/v1/me").status_code == 200
    Keys(Store(world.home)).revoke("ending")
    assert program.get("/api/v1/me").status_code == 401


# -- with a key, for a person ------------------------------------------------------


def mark_of(program: TestClient) -> str:
    """Its key without the secret."""
    return "_".join(program.headers["authorization"].removeprefix("Bearer ").split("_")[:2])


def about(program: TestClient, **changed: Any) -> dict[str, str]:
    """The header of a portal's server that acts for somebody."""
    return {FOR: sign(claims(now(), **{"nonce": mark_of(program), **changed}))}


@pytest.fixture
def shared(world: World) -> Iterator[str]:
    """The id of the document, which u-40 may read, and the program key:own."""
    assistant = world.opened.assistant
    (source,) = assistant.view_of(LOCAL_USER).sources()
    readers = frozenset({f"user:{ISSUER}|u-40", "key:own"})
    assistant.share(
        source.id, Rights("user:local", "acme", readers), principal=LOCAL_USER, administers=True
    )
    yield source.id
    assistant.share(source.id, Rights("user:local"), principal=LOCAL_USER, administers=True)


def test_a_server_acts_for_a_person_while_the_assertion_lives(world: World, shared: str) -> None:
    """As often as it likes, with what that person reads, and not with what it reads itself."""
    own = world.with_key("own", "ask", tenant="acme")
    for_ann, for_ben = about(own, sub="u-40"), about(own, sub="u-41")
    assert [each["id"] for each in own.get("/api/v1/documents").json()] == [shared]
    assert own.get("/api/v1/documents", headers=for_ben).json() == []
    other = world.with_key("other", "ask", tenant="acme")
    assert other.get("/api/v1/documents").json() == []
    for_ann = about(other, sub="u-40")
    for _ in range(3):
        seen = other.get("/api/v1/documents", headers=for_ann).json()
        assert [each["id"] for each in seen] == [shared]
    assert other.get("/api/v1/me", headers=for_ann).json()["name"] == "Ann"
    id = other.post("/api/v1/conversations", headers=for_ann).json()["id"]
    frame = world.in_frame(sub="u-40")
    assert id in [each["id"] for each in frame.get("/api/v1/conversations").json()]
    assert other.get(f"/api/v1/conversations/{id}").status_code == 404


def test_for_a_person_a_key_may_do_what_both_may(world: World) -> None:
    """A portal's people ask and read: so neither writing nor administering is among it."""
    mighty = world.with_key("mighty", "ask", "write", "evaluate", "administer", tenant="acme")
    said = about(mighty)
    assert mighty.get("/api/v1/me").json()["permissions"] == [
        "administer", "ask", "evaluate", "write",
    ]  # fmt: skip
    assert mighty.get("/api/v1/me", headers=said).json()["permissions"] == ["ask"]
    file = {"file": ("a.txt", "Words.")}
    assert mighty.post("/api/v1/documents", files=file, headers=said).status_code == 403
    for path in ("/api/v1/evaluations", "/api/v1/admin/audit"):
        assert mighty.get(path, headers=said).status_code == 403
    body = {"issuer": ISSUER, "subject": "u-17"}
    assert mighty.post(REVOKE, json=body, headers=said).status_code == 403
    evaluates = world.with_key("evaluates", "evaluate", tenant="acme")
    assert evaluates.get("/api/v1/me", headers=about(evaluates)).status_code == 403


UNVOUCHED: dict[str, tuple[dict[str, Any], str]] = {
    "expired": ({"iat": 1_700_000_000, "exp": 1_700_000_120}, "exp"),
    "not yet": ({"iat": 4_000_000_000, "exp": 4_000_000_120}, "iat"),
    "for too long": ({"exp": 4_000_000_000}, "exp"),
    "for another server": ({"aud": "https://elsewhere.example/embed"}, "aud"),
    "for the server itself": ({"aud": "https://assist.example"}, "aud"),
    "by another issuer": ({"iss": "https://evil.example"}, "iss"),
    "of a tenant that is none of the embed's": ({"tenant": "globex"}, "tenant"),
    "from another page": ({"origin": "https://evil.example"}, "origin"),
    "for no embed": ({"embed": None}, "embed"),
    "for an embed that is not there": ({"embed": "shop"}, "embed"),
    "for an embed that is a list": ({"embed": ["hr"]}, "embed"),
    "for a frame": ({"nonce": "n-1"}, "nonce"),
    "for another key": ({"nonce": "ork_0123456789ab"}, "nonce"),
    "without a nonce": ({"nonce": None}, "nonce"),
    "about an e-mail address": ({"sub": "ann@corp.example"}, "sub"),
    "about nobody": ({"sub": None}, "sub"),
    "with another claim": ({"role": "admin"}, "role"),
    "without an id": ({"jti": None}, "jti"),
}


@pytest.mark.parametrize("kind", UNVOUCHED)
def test_an_assertion_that_is_not_for_this_is_refused_with_why(world: World, kind: str) -> None:
    """To the server that sent it: no browser does."""
    changed, word = UNVOUCHED[kind]
    program = world.with_key("acts", "ask", tenant="acme")
    reply = program.get("/api/v1/me", headers=about(program, **changed))
    assert reply.status_code == 401
    error = reply.json()["error"]
    assert error["code"] == ("clock_skew" if kind == "not yet" else "bad_assertion")
    assert error["message"].startswith(FOR)
    assert word in error["message"]


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_no_portal_signed_so_lets_nobody_act(world: World, kind: str) -> None:
    program = world.with_key("acts", "ask", tenant="acme")
    shown = HOSTILE[kind]().encode("utf-8", "replace")
    reply = program.get("/api/v1/me", headers=[(FOR.encode(), shown)])
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "bad_assertion")


def test_an_assertion_alone_or_twice_or_with_something_else_than_a_key_is_refused(
    world: World,
) -> None:
    """Also at doors that take no name, and with what is good by itself."""
    program = world.with_key("acts", "ask", tenant="acme")
    header = about(program)
    frame, page = world.in_frame(), world.signed_in()
    wrong = world.client(authorization=program.headers["authorization"][:-4] + "AAAA")
    for client in (world.client(), frame, page, wrong):
        for path in ("/api/v1/me", "/api/v1/health"):
            reply = client.get(path, headers=header)
            assert (reply.status_code, reply.json()["error"]["code"]) == (401, "bad_assertion")
            assert "API key" in reply.json()["error"]["message"]
    twice = [*header.items(), *header.items()]
    reply = program.get("/api/v1/me", headers=twice)
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "bad_assertion")
    assert program.get("/api/v1/me", headers=header).status_code == 200


@pytest.mark.parametrize("tenant", ["globex", ""])
def test_a_key_acts_for_people_of_its_own_tenant_only(world: World, tenant: str) -> None:
    program = world.with_key("abroad", "ask", tenant=tenant)
    reply = program.get("/api/v1/me", headers=about(program))
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "other_tenant")


def test_what_was_signed_for_a_server_is_no_bearer(world: World) -> None:
    """And what was exchanged for a bearer lets no server act."""
    program = world.with_key("acts", "ask", "administer", tenant="acme")
    header, mark = about(program), mark_of(program)
    body = {"assertion": header[FOR], "embed": "hr", "nonce": mark}
    assert world.client().post(TOKEN, json=body).status_code == 401
    assert program.post(CHECK, json=body).json()["ok"]
    for_frame = sign(claims(now()))
    assert exchange(world.client(), for_frame).status_code == 200
    assert program.get("/api/v1/me", headers={FOR: for_frame}).status_code == 401


def test_acting_for_a_person_ends_with_either_of_them(world: World) -> None:
    """Answers that are under way, too."""
    program = world.with_key("acts", "ask", tenant="acme")
    keeper = world.portals.doorkeeper

    def begun(sub: str) -> Caller:
        shown = {**about(program, sub=sub), "Authorization": program.headers["authorization"]}
        headers = [(name.lower().encode(), value.encode()) for name, value in shown.items()]
        caller = keeper.caller({"headers": headers})
        assert caller
        return caller

    header = about(program, sub="u-50")
    first, second = begun("u-50"), begun("u-51")
    backend = world.with_key("portal", "administer")
    backend.post(REVOKE, json={"issuer": ISSUER, "subject": "u-50"})
    assert (keeper.is_current(first), keeper.is_current(second)) == (False, True)
    assert program.get("/api/v1/me", headers=header).status_code == 401
    world.portals.keys.revoke("acts")
    assert not keeper.is_current(second)


def test_the_log_names_who_acts_and_for_whom(world: World) -> None:
    """And the person is among those who came."""
    program = world.with_key("acts", "ask", tenant="acme")
    asked = {"question": "What did Rahmon say about students?"}
    headers = about(program, sub="u-60", name="Zoe")
    for _ in range(2):
        assert program.post("/api/v1/ask", json=asked, headers=headers).status_code == 200
    admin, who = world.with_key("auditor", "administer"), f"user:{ISSUER}|u-60"
    deeds = admin.get("/api/v1/admin/audit", params={"principal": who}).json()
    assert [deed["deed"] for deed in deeds] == ["saw", "saw", "came in"]
    assert deeds[-1]["what"] == "key:acts"
    assert all(deed["session"].startswith("key:acts/") for deed in deeds)
    people = {each["principal"]: each for each in admin.get("/api/v1/admin/people").json()}
    assert (people[who]["name"], people[who]["tenant"]) == ("Zoe", "acme")


def test_the_client_acts_for_a_person(world: World) -> None:
    """With an assertion made for each call, or one for several."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app, _ = served(world.opened, world.home, portal_at(world.provider.issuer, url))
    with_key = world.with_key("client", "ask", tenant="acme")
    key = with_key.headers["authorization"].removeprefix("Bearer ")
    made: list[str] = []

    def vouch() -> str:
        made.append(sign(claims(now(), aud=f"{url}/embed", nonce=mark_of(with_key), sub="u-70")))
        return made[-1]

    with in_thread(app, port):
        with Client(url, key, on_behalf_of=vouch) as client:
            first, second = client.start_conversation(), client.start_conversation()
        with Client(url, key, on_behalf_of=vouch()) as client:
            assert {each["id"] for each in client.conversations()} == {first, second}
        assert len(made) == 3
        with (
            Client(url, key, on_behalf_of="x.y.z") as client,
            pytest.raises(WrongUse, match=FOR),
        ):
            client.conversations()
        with Client(url, key) as client:
            assert client.conversations() == []


# -- with a login ------------------------------------------------------------------


def test_a_person_signs_in_and_gets_to_the_page_that_they_wanted(world: World) -> None:
    """As the provider knows them. The cookie is for this host, https and no script."""
    client = world.client()
    asked = client.get("/statements?about=students", headers={"accept": "text/html"})
    assert asked.status_code == 303
    to = client.get(asked.headers["location"])
    back = httpx.get(to.headers["location"]).headers["location"]
    reply = client.get(back)
    assert (reply.status_code, reply.headers["location"]) == (303, "/statements?about=students")
    cookies = reply.headers.get_list("set-cookie")
    (kept,) = [cookie for cookie in cookies if cookie.startswith(f"{COOKIE}=")]
    assert {part.strip().lower() for part in kept.split(";")[1:]} >= {
        "httponly", "secure", "samesite=lax", "path=/",
    }  # fmt: skip
    assert "domain" not in kept.lower()
    me = client.get("/api/v1/me").json()
    assert me["name"] == "Ann Lee"
    assert client.get("/api/v1/admin/audit").status_code == 403


def test_groups_of_the_provider_make_administrators(world: World) -> None:
    world.provider.person["groups"] = ["admins"]
    assert world.signed_in().get("/api/v1/admin/audit").status_code == 200


def test_a_login_is_asked_for_with_pkce_state_and_nonce(world: World) -> None:
    """New ones each time; nothing secret is in the address."""
    for _ in range(2):
        world.signed_in()
    one, two = world.provider.begun[-2:]
    for name in ("state", "nonce", "challenge"):
        assert len(one[name]) >= 43
        assert one[name] != two[name]


WRONG: dict[str, dict[str, Any]] = {
    "iss of another": {"iss": "https://evil.example"},
    "aud of another": {"aud": "other"},
    "aud two without azp": {"aud": ["onrecord", "other"]},
    "nonce of another login": {"nonce": "x"},
    "nonce missing": {"nonce": None},
    "expired": {"exp": 1_000_000},
    "exp missing": {"exp": None},
    "iat missing": {"iat": None},
    "iat ahead": {"iat": 4_000_000_000},
    "sub missing": {"sub": None},
    "sub a number": {"sub": 7},
    "sub with half a character": {"sub": "\ud800"},
    "groups a number": {"groups": 7},
    "groups too many": {"groups": [f"g{n}" for n in range(201)]},
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_with_an_id_token_signs_nobody_in(world: World, kind: str) -> None:
    """It is said on a page, with a way to begin again."""
    world.provider.changed = WRONG[kind]
    client = world.client()
    reply = client.get(come_back(client))
    assert reply.status_code == 400
    assert "Begin again" in reply.text
    assert COOKIE not in [cookie.name for cookie in client.cookies.jar]


def test_an_id_token_by_another_key_signs_nobody_in(world: World) -> None:
    world.provider.signs_with = "evil"
    client = world.client()
    assert client.get(come_back(client)).status_code == 400


def test_a_refusal_by_the_provider_is_told(world: World) -> None:
    world.provider.refuses = "access_denied"
    client = world.client()
    assert client.get(come_back(client)).status_code == 400


def test_a_login_ends_in_the_browser_that_began_it_and_once(world: World) -> None:
    """Else somebody could be signed in as another without knowing (login CSRF)."""
    attacker, victim = world.client(), world.client()
    theirs = come_back(attacker)
    assert victim.get(theirs).status_code == 400
    own = come_back(victim)
    assert victim.get(theirs).status_code == 400
    state = parse_qs(urlsplit(own).query)["state"][0]
    forged_state = own.replace(state, state[:-1] + ("A" if state[-1] != "A" else "B"))
    assert victim.get(forged_state).status_code == 400
    assert victim.get(own.split("?")[0]).status_code == 400
    begun = victim.cookies.get(f"{COOKIE}-login")
    assert victim.get(own).status_code == 303
    again = world.client(cookie=f"{COOKIE}-login={begun}")
    assert again.get(own).status_code == 400


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "//[",
     "javascript:alert(1)", "/\t/evil.example", "/\r\nLocation: https://evil.example",
     "evil.example", "", "/" + "a" * 3000, "/\u202e/evil"],
)  # fmt: skip
def test_a_login_leads_to_this_server_only(world: World, wanted: str) -> None:
    client = world.client()
    assert client.get(come_back(client, wanted)).headers["location"] == "/"


def test_who_signs_in_gets_a_new_secret_and_the_old_one_ends(world: World) -> None:
    """A value that somebody planted before is worth nothing."""
    client = world.signed_in()
    first = client.cookies[COOKIE]
    assert client.get(come_back(client)).status_code == 303
    assert client.cookies[COOKIE] != first
    assert world.client(cookie=f"{COOKIE}={first}").get("/api/v1/me").status_code == 401
    planted = world.client(cookie=f"{COOKIE}=planted")
    assert planted.get("/api/v1/me").status_code == 401


def test_signing_out_ends_the_login_and_clears_the_browser(world: World) -> None:
    """Only from a page of this server, and by no link."""
    client = world.signed_in()
    secret = client.cookies[COOKIE]
    for origin, site in [("https://evil.example", "same-origin"), ("null", "cross-site")]:
        foreign = client.post("/logout", headers={"origin": origin, "sec-fetch-site": site})
        assert foreign.status_code == 403
    assert client.get("/logout").status_code == 405
    assert client.get("/api/v1/me").status_code == 200
    reply = client.post("/logout", headers={"origin": "https://assist.example"})
    assert reply.status_code == 200
    assert "You are signed out" in reply.text
    assert '"cache"' in reply.headers["clear-site-data"]
    assert world.client(cookie=f"{COOKIE}={secret}").get("/api/v1/me").status_code == 401


def test_a_suspended_person_is_signed_out_everywhere(world: World) -> None:
    client, backend = world.signed_in(), world.with_key("hr-system", "administer")
    reply = backend.post(REVOKE, json={"issuer": world.provider.issuer, "subject": "ann"})
    assert reply.json()["ended"] >= 1
    assert client.get("/api/v1/me").status_code == 401


def test_a_callback_that_guesses_is_made_to_wait(world: World) -> None:
    client = world.client()
    codes = [client.get("/login/callback?code=x&state=y").status_code for _ in range(31)]
    assert codes == [400] * 30 + [429]


def test_nobody_is_let_in_while_the_accounts_cannot_be_read(world: World) -> None:
    """503, and never “anybody”."""
    program, page = world.with_key("waiting", "ask"), world.signed_in()
    store = Store(world.home)
    store.do("ALTER TABLE keys RENAME TO gone_keys")
    store.do("ALTER TABLE logins RENAME TO gone_logins")
    try:
        for client in (program, page):
            reply = client.get("/api/v1/me")
            assert reply.status_code == 503
            assert reply.headers["retry-after"]
    finally:
        store.do("ALTER TABLE gone_keys RENAME TO keys")
        store.do("ALTER TABLE gone_logins RENAME TO logins")
    assert program.get("/api/v1/me").status_code == 200


# -- the same in a browser ---------------------------------------------------------


def test_in_a_browser_one_signs_in_and_out_and_the_next_person_in(world: World) -> None:
    """Over http on this computer, for trying: the cookie has another name and is kept."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app, _ = served(world.opened, world.home, portal_at(world.provider.issuer, url))
    with in_thread(app, port), open_browser() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        assert page.url == f"{url}/library"  # she may read no document yet
        assert _me(page, url)["name"] == "Ann Lee"
        (kept,) = [c for c in context.cookies() if c["name"] == "onrecord"]
        assert (kept["httpOnly"], kept["sameSite"]) == (True, "Lax")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="You are signed out").wait_for()
        world.provider.person.update(sub="ben", name="Ben Roe")
        page.get_by_role("link", name="Sign in").click()
        page.get_by_text("Ben Roe").wait_for()
        assert "Ann Lee" not in page.content()
        assert _me(page, url)["name"] == "Ben Roe"


def _me(page: Page, url: str) -> dict[str, Any]:
    me: dict[str, Any] = page.request.get(f"{url}/api/v1/me").json()
    return me


# -- limits, and what may be served ------------------------------------------------


def test_a_bucket_fills_again_within_a_minute() -> None:
    clock = Clock(0)
    allowance = Allowance(30, clock)
    for _ in range(30):
        assert allowance.wait("a") == 0
        allowance.spend("a")
    assert (allowance.wait("a"), allowance.wait("b")) == (2, 0)
    clock.now += 2
    assert allowance.wait("a") == 0


def test_an_outsider_cannot_use_up_what_an_issuer_may_sign() -> None:
    """Only what it signed counts, wherever that comes from."""
    gate = SignInGate(Limits(wrong_each=1, assertions_each=2), Clock(0))
    gate.was_wrong("10.0.0.1")
    with pytest.raises(Refused):
        gate.check("10.0.0.1")
    gate.check("10.0.0.2")
    gate.check_issuer("portal")
    for _ in range(2):
        gate.was_signed("portal")
    with pytest.raises(Refused) as refused:
        gate.check_issuer("portal")
    assert refused.value.status == 429


def test_an_address_of_ipv6_is_its_network() -> None:
    """One household has billions of them."""
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff")
    assert neighbourhood("2001:db8::1") != neighbourhood("2001:db8:0:1::1")
    assert neighbourhood("10.0.0.1") != neighbourhood("10.0.0.2")


def test_others_are_served_only_if_they_have_to_sign_in_over_https(tmp_path: Path) -> None:
    portal = portal_at("https://login.example")
    check_host("127.0.0.1")
    check_host("0.0.0.0", portal)
    for host in ("0.0.0.0", "192.168.1.7", "::", "assist.example"):
        with pytest.raises(WrongUse, match="nobody has to sign in"):
            check_host(host)
        with pytest.raises(WrongUse, match="https"):
            check_host(host, portal_at("https://login.example", "http://127.0.0.1:7860"))
    nobody = Portal.model_validate({"url": "https://assist.example"})
    check_way_in(Settings(tmp_path), portal)
    with pytest.raises(WrongUse, match="lets nobody in"):
        check_way_in(Settings(tmp_path), nobody)
    Keys(Store(tmp_path)).add("nightly", ["ask"])
    check_way_in(Settings(tmp_path), nobody)


# -- onrecord portal check ---------------------------------------------------------


def test_the_check_asks_for_what_the_file_names(world: World, tmp_path: Path) -> None:
    """Each part by itself, so that all that is wrong is said at once."""
    environment = {"ONRECORD_LOGIN_SECRET": SECRET}
    (tmp_path / "portal.pem").write_text(pem(private_key("ES256")))
    text = f'''
url = "https://assist.example"
[issuers.good]
issuer = "https://portal.example"
algorithm = "ES256"
key_file = "portal.pem"
[issuers.silent]
issuer = "https://silent.example"
algorithm = "ES256"
keys = "http://127.0.0.1:{free_port()}/jwks"
[embeds.hr]
issuer = "good"
origins = ["https://portal.example"]
tenants = ["acme"]
[embeds.same]
issuer = "good"
origins = ["https://assist.example"]
tenants = ["acme"]
[login]
issuer = "{world.provider.issuer}"
client_id = "onrecord"
tenant = "acme"
'''
    (tmp_path / "portal.toml").write_text(text)
    passed = {check.name: check.passed for check in examine(tmp_path, environment)}
    assert passed == {
        "portal.toml": True, "issuers.good": True, "issuers.silent": False, "embeds.hr": True,
        "embeds.same": False, "login": True,
    }  # fmt: skip
    (tmp_path / "portal.toml").write_text(text.replace("127.0.0.1", "example.org", 1))
    (check,) = examine(tmp_path, environment)
    assert not check.passed
    assert re.search(r"issuers\.silent\.keys: has to begin with https", check.words)
