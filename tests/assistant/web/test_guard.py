"""The guard: every door, every kind of caller, sizes, limits, and Gradio's own sessions."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.testclient import TestClient

from assistant.building import open_to_write
from assistant.identity.configuring import Portal
from assistant.operating.maintaining import perform
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.entry.callers import EVERY_PERMISSION, Caller
from assistant.web.entry.doors import Declaration, Doors
from assistant.web.entry.gate import Gate, Limits
from assistant.web.entry.gradio_sessions import GradioSessions
from assistant.web.entry.policies import DATA_POLICY, READER_POLICY
from assistant.web.entry.refusals import Refused
from assistant.web.services import Services, local_services, portal_services
from index.documents import Principal
from index.stores.engines.sqlite import SqliteDatabase as Database
from tests.conftest import copy_home
from tests.vouching import claims, sign

PORTAL = {
    "url": "https://assist.example",
    "cors": ["https://app.example"],
    "issuers": {
        "portal": {
            "issuer": "https://portal.example",
            "algorithm": "HS256",
            "secret_env": "PORTAL_SECRET",
        }
    },
    "embeds": {
        "hr": {"issuer": "portal", "origins": ["https://portal.example"], "tenants": ["acme"]}
    },
}
SECRET = {"PORTAL_SECRET": "0123456789abcdefghijklmnopqrstuvwxyz"}
CALLS = "/gradio/gradio_api"
HOSTS = {"local": "127.0.0.1:7860", "portal": "assist.example"}

CLOSED = frozenset("/gradio" + path for path in {
    "/login/", "/logout", "/login", "/pwa_icon/{size}", "/gradio_api/deep_link", "/config/",
    "/monitoring",
    "/monitoring/summary", "/monitoring/{key}", "/gradio_api/user/", "/gradio_api/user",
    "/gradio_api/login_check/", "/gradio_api/login_check", "/gradio_api/token/",
    "/gradio_api/token", "/gradio_api/app_id/", "/gradio_api/dev/reload", "/gradio_api/runs/",
    "/gradio_api/runs", "/gradio_api/info/", "/gradio_api/openapi.json",
    "/gradio_api/custom_component/{id}/{environment}/{type}/{file_name}",
    "/gradio_api/proxy={url_path:path}", "/gradio_api/file={path_or_url:path}",
    "/gradio_api/stream/{event_id}", "/gradio_api/stream/{event_id}/close",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file",
    "/gradio_api/file/{path:path}", "/gradio_api/reset", "/gradio_api/reset/",
    "/gradio_api/api/{api_name}/", "/gradio_api/api/{api_name}", "/gradio_api/run/{api_name}/",
    "/gradio_api/run/{api_name}", "/gradio_api/call/v2/{api_name}/",
    "/gradio_api/call/v2/{api_name}", "/gradio_api/call/{api_name}/",
    "/gradio_api/call/{api_name}", "/gradio_api/call/{api_name}/{event_id}",
    "/gradio_api/call/v2/{api_name}/{event_id}", "/gradio_api/component_server/",
    "/gradio_api/component_server", "/gradio_api/queue/status", "/gradio_api/upload_progress",
    "/gradio_api/upload", "/gradio_api/process_recording", "/gradio_api/vibe-edit",
    "/gradio_api/vibe-edit/", "/gradio_api/undo-vibe-edit", "/gradio_api/undo-vibe-edit/",
    "/gradio_api/vibe-code", "/gradio_api/vibe-code/", "/gradio_api/vibe-starter-queries",
    "/gradio_api/vibe-starter-queries/",
})  # fmt: skip
"""Routes that Gradio brings and nobody may reach. What a newer Gradio adds is in neither
list, and fails the census."""


CACHEABLE = {
    "/page-files/{rest:path}", "/embed-files/{rest:path}", "/embed.js", "/words/{code}.js", *(
        f"/gradio{path}"
        for path in (
            "/static/{rest:path}", "/assets/{rest:path}", "/svelte/{rest:path}", "/theme.css",
            "/gradio_api/theme.css", "/manifest.json", "/pwa_icon", "/favicon.ico", "/robots.txt",
        )
    ),
}  # fmt: skip
"""Files that are the same for everybody."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, seed_home: Path, models: Path) -> Path:
    """A copy of the seed's index."""
    home = tmp_path_factory.mktemp("guard") / "home"
    copy_home(seed_home, home)
    return home


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[dict[str, tuple[Services, FastAPI]]]:
    """The application for one person on their computer, and for a portal."""
    settings = Settings(home)
    with open_to_write(settings, "serve") as opened:
        act = partial(perform, opened.stores)
        portal = Portal.model_validate(PORTAL)
        local = local_services(opened.assistant, act, "owner", settings)
        shared = portal_services(opened.assistant, act, "owner", settings, portal, SECRET)
        yield {"local": (local, create_app(local)), "portal": (shared, create_app(shared))}


def client_of(served: dict[str, tuple[Services, FastAPI]], which: str, key: str = "") -> TestClient:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return TestClient(served[which][1], base_url=f"http://{HOSTS[which]}", headers=headers)


@pytest.fixture(scope="module")
def keys(served: dict[str, tuple[Services, FastAPI]]) -> dict[str, str]:
    """A key for each permission alone, and one that has ended."""
    portals = served["portal"][0].portals
    assert portals is not None
    made: dict[str, str] = {
        permission: portals.keys.add(permission, [permission])
        for permission in EVERY_PERMISSION
        if permission != "public"
    }
    made["acting"] = portals.keys.add("acting", EVERY_PERMISSION - {"public"}, "acme")
    made["expired"] = portals.keys.add("expired", ["ask", "administer"], days=-1)
    made["unknown"] = made["ask"][:-4] + "AAAA"
    return made


def routes(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(method, path) of every route, also of routers and applications inside."""
    for route in app.routes:
        path = prefix + (getattr(route, "path", "") or "")
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        if hasattr(inner, "routes"):
            yield from routes(inner, path)
        for method in getattr(route, "methods", None) or ():
            yield method, path


# -- the census --------------------------------------------------------------------


@pytest.mark.parametrize("which", ["local", "portal"])
def test_every_route_has_a_door_or_is_closed_for_good(
    served: dict[str, tuple[Services, FastAPI]], which: str
) -> None:
    """A new route, our own or Gradio's, fails until somebody decided who may pass."""
    found = {(m, p) for m, p in routes(served[which][1]) if m not in ("HEAD", "OPTIONS")}
    assert len(found) > 80, "the census found fewer routes than there are"
    declared = {(door.method, spelled(door.path)) for door in doors_of(served, which)}
    undeclared = sorted(
        (method, path)
        for method, path in found
        if (method, spelled(path)) not in declared and path not in CLOSED
    )
    assert undeclared == []


@pytest.mark.parametrize("which", ["local", "portal"])
def test_every_door_leads_to_a_route(
    served: dict[str, tuple[Services, FastAPI]], which: str
) -> None:
    """What Gradio is said to bring, it brings; and no door is declared twice."""
    found = {(method, spelled(path)) for method, path in routes(served[which][1])}
    files = {spelled(path) for path in mounted(served[which][1])}
    declared = [(door.method, spelled(door.path)) for door in doors_of(served, which)]
    astray = [door for door in declared if door not in found and door[1] not in files]
    assert astray == []
    assert len(declared) == len(set(declared))


@pytest.mark.parametrize("which", ["local", "portal"])
def test_only_what_is_the_same_for_everybody_may_be_kept_by_a_cache(
    served: dict[str, tuple[Services, FastAPI]], which: str
) -> None:
    """Every other answer says no-store, whatever comes of the request."""
    client = client_of(served, which)
    kept = set()
    for door in doors_of(served, which):
        address = re.sub(r"\{[^}]*\}", "nothing", door.path)
        if "heartbeat" in address or address == f"{CALLS}/queue/data":
            continue
        reply = client.request(door.method, address, content=b"not json")
        if reply.headers.get("cache-control") != "no-store":
            kept.add(door.path)
    assert kept == CACHEABLE


def test_what_is_not_declared_is_closed(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    """A route that says nothing of itself is not there, and loads and keeps nothing."""
    reply = client_of(served, "local").get(f"{CALLS}/upload_progress")
    assert reply.status_code == 404
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-security-policy"] == DATA_POLICY
    silent = Declaration("ask")
    assert (silent.policy, silent.cacheable, silent.called_by_pages) == (DATA_POLICY, False, False)


def test_an_unknown_address_is_a_page_for_people_and_json_for_programs(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    """With a way back, in the house's style, and nothing of the address in it."""
    client = client_of(served, "local")
    page = client.get("/nothing/<b>", headers={"accept": "text/html,*/*"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in page.text
    assert 'href="/">Ask a question' in page.text
    assert "<b>" not in page.text
    assert page.headers["content-security-policy"] == READER_POLICY
    assert page.headers["cache-control"] == "no-store"
    assert client.get("/nothing").json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("which", "host", "address", "status", "title"),
    [
        ("local", "127.0.0.1", "/statements?limit=0", 422, "This cannot be shown"),
        ("local", "127.0.0.1", "/page-files/nothing.css", 404, "This is not here"),
        ("local", "evil.example", "/", 400, "This cannot be shown"),
        ("portal", "assist.example", "/statements", 401, "This cannot be shown"),
    ],
)
def test_people_are_told_on_a_page_whatever_is_wrong(
    served: dict[str, tuple[Services, FastAPI]],
    which: str,
    host: str,
    address: str,
    status: int,
    title: str,
) -> None:
    """Programs in the one shape of errors."""
    client = client_of(served, which)
    page = client.get(address, headers={"accept": "text/html", "host": host})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{title}</h1>" in page.text
    program = client.get(address, headers={"host": host})
    assert (program.status_code, set(program.json()["error"])) == (status, {"code", "message"})


def mounted(app: Any) -> Iterator[str]:
    """The paths of files that are served."""
    for route in app.routes:
        if isinstance(getattr(route, "app", None), StaticFiles):
            yield f"{route.path}/{{rest:path}}"


def doors_of(served: dict[str, tuple[Services, FastAPI]], which: str) -> Doors:
    found: Doors = served[which][1].state.doors
    return found


def spelled(path: str) -> str:
    """Without the names of its parts."""
    return re.sub(r"\{[^}:]*(:path)?\}", r"{\1}", path)


@pytest.mark.parametrize("path", sorted(CLOSED))
def test_what_gradio_brings_and_nobody_needs_is_closed(
    served: dict[str, tuple[Services, FastAPI]], path: str
) -> None:
    """For every method, to the owner of the computer too."""
    client = client_of(served, "local")
    address = re.sub(r"\{[^}]*\}", "x", path)
    for method in ("GET", "POST", "HEAD", "PUT"):
        assert client.request(method, address).status_code in (404, 405), (method, address)


@pytest.mark.parametrize(
    "shown", ["", "unknown", "expired", "ask", "write", "evaluate", "administer", "acting"]
)
def test_a_door_opens_to_those_who_have_its_permission_and_to_nobody_else(
    served: dict[str, tuple[Services, FastAPI]], keys: dict[str, str], shown: str
) -> None:
    """Every door with every credential: 401 without a valid one, 403 without the permission.
    Acting for a person, a key that may do everything opens what is theirs: to ask."""
    client = client_of(served, "portal", keys.get(shown, ""))
    if shown == "acting":
        nonce = "_".join(keys[shown].split("_")[:2])
        said = claims(time.time(), nonce=nonce)
        signed = sign(said, SECRET["PORTAL_SECRET"], "HS256")
        client.headers["X-Assist-On-Behalf-Of"] = signed
    opened = "ask" if shown == "acting" else shown
    for door in doors_of(served, "portal"):
        address = re.sub(r"\{[^}]*\}", "nothing", door.path)
        if door.permission == "public" or "heartbeat" in address:
            continue
        reply = client.request(door.method, address, content=b"not json")
        if shown in ("", "unknown", "expired"):
            assert reply.status_code == 401, door
        elif opened == door.permission:
            assert reply.status_code not in (401, 403), door
        else:
            assert reply.status_code == 403, door


def test_public_doors_show_no_document(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    """With nothing to show one learns that the server is alive."""
    client = client_of(served, "portal")
    assert client.get("/api/v1/health").json() == {"status": "ok"}
    assert client.get("/api/v1/ready").json() == {"status": "ok"}
    assert client.post("/api/v1/ask", json={"question": "Rahmon?"}).status_code == 401
    assert client.post("/api/v1/commands", json={"command": "rebuild"}).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Basic b3JrOng=",
        "bearer",
        "Bearer ",
        "Bearer null",
        "Token x",
        "Bearer ork__",
        "Bearer ork_x_y",
    ],
)
def test_what_is_no_credential_opens_nothing(
    served: dict[str, tuple[Services, FastAPI]], header: str
) -> None:
    client = client_of(served, "portal")
    assert client.get("/api/v1/me", headers={"Authorization": header}).status_code == 401


def test_a_key_counts_in_its_header_only(
    served: dict[str, tuple[Services, FastAPI]], keys: dict[str, str]
) -> None:
    """Not in the address, a cookie or another header; and not twice."""
    client = client_of(served, "portal")
    key = keys["ask"]
    assert client.get(f"/api/v1/me?api_key={key}&authorization=Bearer+{key}").status_code == 401
    assert client.get("/api/v1/me", headers={"x-api-key": key}).status_code == 401
    assert client.get("/api/v1/me", headers={"cookie": f"onrecord={key}"}).status_code == 401
    twice = [("Authorization", f"Bearer {key}"), ("Authorization", "Bearer other")]
    assert client.get("/api/v1/me", headers=twice).status_code == 401
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_wrong_method_says_which_are_right(served: dict[str, tuple[Services, FastAPI]]) -> None:
    reply = client_of(served, "local").get("/api/v1/ask")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"


def test_paths_are_taken_as_they_are(served: dict[str, tuple[Services, FastAPI]]) -> None:
    """A door is not opened by another spelling of its path."""
    for path in ("/api/v1/ask/", "//api/v1/ask", "/api/v1/../v1/ask", "/API/v1/ask", "/read/a/b"):
        assert not doors_of(served, "local").at(path), path


def test_where_nobody_signs_in_nobody_acts_for_somebody_else(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    """The header is not passed over: then they would read everything."""
    client = client_of(served, "local")
    reply = client.get("/api/v1/documents", headers={"X-Assist-On-Behalf-Of": "x.y.z"})
    assert reply.status_code == 400
    assert "nobody signs in" in reply.json()["error"]["message"]


@pytest.mark.parametrize("below", ["page-files", "embed-files", "static", "assets", "read"])
def test_a_path_with_a_nul_in_it_leads_nowhere(
    served: dict[str, tuple[Services, FastAPI]], below: str
) -> None:
    """What serves files would stumble over it."""
    assert client_of(served, "local").get(f"/{below}/a%00b").status_code == 404


# -- other sites -------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://app.example.evil",
        "http://app.example",
        "http://assist.example",
    ],
)
def test_a_page_of_another_site_may_not_call_a_portals_server(
    served: dict[str, tuple[Services, FastAPI]], keys: dict[str, str], origin: str
) -> None:
    """Not even with a key; and no answer invites it."""
    client = client_of(served, "portal", keys["ask"])
    reply = client.post("/api/v1/verify", json={}, headers={"origin": origin})
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


def test_a_listed_page_of_another_site_may_call_with_a_bearer(
    served: dict[str, tuple[Services, FastAPI]], keys: dict[str, str]
) -> None:
    """It is asked for first, never with cookies, and for the API only."""
    client = client_of(served, "portal")
    asked = {
        "origin": "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    allowed = client.options("/api/v1/ask", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-credentials" not in allowed.headers
    assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
    reply = client_of(served, "portal", keys["ask"]).post(
        "/api/v1/ask", json={"question": "x?"}, headers={"origin": "https://app.example"}
    )
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == "https://app.example"
    page = client.get("/read/x", headers={"origin": "https://app.example"})
    assert "access-control-allow-origin" not in page.headers


def test_only_an_embeds_origins_may_frame_it(served: dict[str, tuple[Services, FastAPI]]) -> None:
    """And nobody anything else."""
    client = client_of(served, "portal")
    assert (
        "frame-ancestors https://portal.example;"
        in client.get("/embed/hr").headers["content-security-policy"] + ";"
    )
    unknown = client.get("/embed/nothing").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in unknown
    assert "*" not in unknown


ORIGINS = [
    "https://evil.example",
    "null",
    "http://localhost:9999",
    "http://127.0.0.1:9999",
    "https://assist.example.evil",
    "https://app.example",
    "http://[",
]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(
    ("which", "host"),
    [
        ("local", "127.0.0.1:7860"),
        ("local", "localhost"),
        ("portal", "assist.example"),
        ("portal", "127.0.0.1:7860"),
    ],
)
def test_no_answer_invites_a_page_that_is_not_listed(
    served: dict[str, tuple[Services, FastAPI]],
    keys: dict[str, str],
    which: str,
    host: str,
    origin: str,
) -> None:
    """Through every door, and also where Gradio would let every page in, with its cookies."""
    client = client_of(served, which, keys["administer"] if which == "portal" else "")
    for door in doors_of(served, which):
        address = re.sub(r"\{[^}]*\}", "nothing", door.path)
        if "heartbeat" in address:
            continue
        listed = which == "portal" and origin == "https://app.example"
        is_listed = listed and address.startswith(("/api/v1/", "/v1/"))
        headers = {"origin": origin, "host": host, "cookie": "x=y"}
        for method in (door.method, "OPTIONS"):
            reply = client.request(method, address, headers=headers, content=b"no")
            found = [name for name in reply.headers if name.startswith("access-control-")]
            assert found == (["access-control-allow-origin"] if is_listed else []), door


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:abc",
        "127.0.0.1:",
        "127.0.0.1:99999",
        "127.0.0.1:80:80",
        "a@127.0.0.1",
        "127.0.0.1/x",
        "127.0.0.1#",
        "127.0.0.1?x",
        "127.0.0.1,evil.example",
        "[::1",
        "[127.0.0.1]",
        "::1",
        "",
        " ",
    ],
)
def test_a_host_that_is_none_is_refused(
    served: dict[str, tuple[Services, FastAPI]], host: str
) -> None:
    reply = client_of(served, "local").get("/api/v1/health", headers={"host": host})
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "wrong_host")


def test_of_two_hosts_none_is_right(served: dict[str, tuple[Services, FastAPI]]) -> None:
    two = [("host", "127.0.0.1"), ("host", "evil.example")]
    client = client_of(served, "local")
    assert client.get("/api/v1/health", headers=two).status_code == 400
    for right in ("localhost", "LOCALHOST:1", "[::1]:7860"):
        assert client.get("/api/v1/health", headers={"host": right}).status_code == 200


# -- what is no text or number ------------------------------------------------------

NO_TEXT = [
    b'{"question": "\\ud800", "model": "onrecord", "messages": [{"role": "\\uDC00"}]}',
    b'{"\\udbff": 1, "session_hash": "\\ud83d x"}',
    b'{"question": "\xed\xa0\x80"}',
    '{"question": "\\ud800"}'.encode("utf-16"),
    '{"question": "\\ud800"}'.encode("utf-32-le"),
]


@pytest.mark.parametrize("body", NO_TEXT)
def test_half_a_character_is_refused_at_every_door(
    served: dict[str, tuple[Services, FastAPI]], body: bytes
) -> None:
    client = client_of(served, "local")
    client.headers["content-type"] = "application/json"
    taking = [door for door in doors_of(served, "local") if door.method in ("POST", "PUT")]
    assert len(taking) >= 20
    for door in taking:
        if door.path == "/api/v1/documents":  # a form, which a route reads itself
            continue
        address = re.sub(r"\{[^}]*\}", "nothing", door.path)
        reply = client.request(door.method, address, content=body)
        assert reply.status_code == 400, (door, reply.text)
        assert "not valid Unicode" in reply.json()["error"]["message"]


def test_a_whole_character_in_two_escapes_is_text(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    """Nor is a backslash before a u always an escape."""
    for said in (b"\\ud83d\\ude00", b"\\\\ud800", "\U0001f600".encode()):
        body = b'{"question": "' + said + b'?"}'
        client = client_of(served, "local")
        client.headers["content-type"] = "application/json"
        assert client.post("/api/v1/ask", content=body).status_code == 200, said


@pytest.mark.parametrize("number", ["9" * 26, "-" + "9" * 26, "9" * 5_000, "1e400", "nan"])
def test_no_number_is_too_much(served: dict[str, tuple[Services, FastAPI]], number: str) -> None:
    """In whatever a page or the API takes."""
    client = client_of(served, "local")
    (source, *_) = client.get("/api/v1/documents").json()
    names = ("at", "limit", "start", "end", "days", "most", "before", "number", "page", "show")
    query = "&".join(f"{name}={number}" for name in names)
    for door in doors_of(served, "local"):
        if door.method != "GET" or "heartbeat" in door.path or "queue" in door.path:
            continue
        address = re.sub(r"\{[^}]*\}", source["id"], door.path)
        reply = client.get(f"{address}?{query}&at={number}-{number}9&at=0-{number}")
        assert reply.status_code != 500, (door, reply.text)
    receipt = f'{{"citations": [{{"start": {number}, "end": {number}}}], "claims": {number}}}'
    for body in (receipt, f'{{"question": {number}}}', f'{{"history": {number}}}'):
        for path in ("/api/v1/verify", "/api/v1/ask", "/api/v1/feedback", "/v1/chat/completions"):
            reply = client.post(path, content=body, headers={"content-type": "application/json"})
            assert reply.status_code < 500, (path, reply.text)


# -- what nobody is told ------------------------------------------------------------


@pytest.mark.parametrize("which", ["local", "portal"])
def test_no_answer_holds_a_path_of_the_server(
    served: dict[str, tuple[Services, FastAPI]],
    keys: dict[str, str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    which: str,
) -> None:
    """Where the catalog cannot be read, the log says so, under a name that the caller gets."""
    client = client_of(served, which, keys["ask"] if which == "portal" else "")
    rows = Database.rows

    def broken(database: Database, statement: str, *values: object) -> list[Any]:
        if database._path.name == "catalog.sqlite3":
            raise database._unavailable("disk I/O error")
        return rows(database, statement, *values)

    monkeypatch.setattr(Database, "rows", broken)
    replies = {"events": {"accept": "text/event-stream"}, "whole": {}}
    asked = [
        client.post("/api/v1/ask", json={"question": "Rahmon?"}, headers=headers)
        for headers in replies.values()
    ]
    said = [{"role": "user", "content": "Rahmon?"}]
    for stream in (True, False):
        body = {"model": "onrecord", "messages": said, "stream": stream}
        asked.append(client.post("/v1/chat/completions", json=body))
    for door in doors_of(served, which):
        if door.method == "GET" and "heartbeat" not in door.path and "queue" not in door.path:
            asked.append(client.get(re.sub(r"\{[^}]*\}", "nothing", door.path)))
    hidden = [reply for reply in asked if reply.status_code == 503]
    assert len(hidden) > 8
    for reply in asked:
        assert reply.status_code in (200, 303, 400, 401, 403, 404, 405, 422, 503), reply.text
        assert str(home) not in reply.text
        assert "catalog.sqlite3" not in reply.text
    name = re.search(r"under ([0-9a-f]{8})\.", hidden[0].text)
    assert name
    assert hidden[0].headers["retry-after"]
    assert re.search(rf"{name[1]} CatalogUnavailable: .*{home}", caplog.text)


def test_an_answer_holds_no_score(served: dict[str, tuple[Services, FastAPI]]) -> None:
    """By which somebody could find out what they may not read. How sure an answer is, is said of
    the whole."""
    client = client_of(served, "local")
    for question in ("What did Rahmon say about students?", "Who won the cup?"):
        answer = client.post("/api/v1/ask", json={"question": question}).json()
        assert 0 <= answer.pop("probability") <= 1
        keys = set(names_in(answer))
        assert {"text", "citations", "refusal"} <= keys
        assert not [key for key in keys if re.search("score|relevan|similar|probab|coverage", key)]


def names_in(found: Any) -> Iterator[str]:
    """Of every field, however deep."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield name
            yield from names_in(value)
    elif isinstance(found, list):
        for value in found:
            yield from names_in(value)


# -- sizes and limits --------------------------------------------------------------


def test_a_request_that_is_too_large_is_turned_away(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    """By what it says of itself, and by what it is."""
    client = client_of(served, "local")
    body = json.dumps({"question": "x" * 1_100_000})
    reply = client.post("/api/v1/ask", content=body)
    assert reply.status_code == 413
    assert reply.json()["error"]["code"] == "too_large"

    def parts() -> Iterator[bytes]:
        yield body[:600_000].encode()
        yield body[600_000:].encode()

    assert client.post("/api/v1/ask", content=parts()).status_code == 413


def a_caller(session: str = "s") -> Caller:
    return Caller(Principal("user:x|y"), frozenset({"ask"}), "embed", session)


def test_one_caller_has_so_many_answers_at_once_and_so_many_a_minute() -> None:
    """The others are not held up by it; and time makes it good."""
    now = [1000.0]
    gate = Gate(Limits(at_once_each=2, a_minute_each=3), clock=lambda: now[0])

    async def ask(session: str = "s") -> None:
        async with gate.passing(a_caller(session)):
            pass

    async def refusal() -> Refused:
        with pytest.raises(Refused) as refused:
            await ask()
        return refused.value

    async def several() -> None:
        async with gate.passing(a_caller()), gate.passing(a_caller()):
            refused = await refusal()
            assert (refused.status, refused.code) == (429, "too_many_at_once")
            await ask("other")
        await ask()
        refused = await refusal()
        assert (refused.status, refused.code) == (429, "too_many_questions")
        (wait,) = [int(value) for name, value in refused.headers if name == b"retry-after"]
        now[0] += wait
        await ask()

    asyncio.run(several())


def test_a_full_server_does_not_look_who_calls(
    served: dict[str, tuple[Services, FastAPI]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No is said at once, and the credentials are in a file."""
    services, _ = served["portal"]
    asked: list[object] = []
    monkeypatch.setattr(services.doorkeeper, "caller", asked.append)
    client = client_of(served, "portal")
    monkeypatch.setattr(services.gate.places, "most", 0)
    reply = client.post("/api/v1/ask", json={"question": "who?"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "busy")
    assert reply.headers["retry-after"] == "1"
    assert not asked


# -- answers as events -------------------------------------------------------------


def events_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_an_answer_is_streamed_stage_by_stage(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    """And ends with the same answer that a plain call gets."""
    client = client_of(served, "local")
    body = {"question": "what did Rahmon say about students?"}
    reply = client.post("/api/v1/ask", json=body, headers={"accept": "text/event-stream"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    events = events_of(reply.text)
    names = [name for name, _ in events]
    assert names[:2] == ["understanding", "sources"]
    assert names[-1] == "done"
    assert names[2:-1] == ["sentence", "verdict"] * (len(names[2:-1]) // 2)
    whole = client.post("/api/v1/ask", json=body).json()
    streamed = events[-1][1]["answer"]
    for answer in (whole, streamed):
        answer.pop("timings_ms")
    assert streamed == whole
    assert [data["text"] for name, data in events if name == "sentence"] == [
        claim["text"] for claim in whole["claims"]
    ]


def test_a_stream_that_cannot_begin_is_a_plain_error(
    served: dict[str, tuple[Services, FastAPI]],
) -> None:
    reply = client_of(served, "local").post(
        "/api/v1/ask",
        json={"question": "Rahmon?", "mode": "write"},
        headers={"accept": "text/event-stream"},
    )
    assert reply.status_code == 400
    assert "language model" in reply.json()["error"]["message"]


# -- Gradio's sessions -------------------------------------------------------------


def join(session: str) -> tuple[dict[str, Any], bytes]:
    scope = {"path": f"{CALLS}/queue/join", "query_string": b""}
    return scope, json.dumps({"session_hash": session, "data": []}).encode()


def test_a_session_of_the_page_is_its_first_users_alone() -> None:
    """Its stream, its heartbeat and its end do not exist for anybody else."""
    sessions, alice, bob = GradioSessions(), a_caller("alice"), a_caller("bob")
    sessions.check(*join("abc"), alice)
    others = [
        ({"path": f"{CALLS}/queue/data", "query_string": b"session_hash=abc"}, b""),
        ({"path": f"{CALLS}/heartbeat/abc", "query_string": b""}, b""),
        (
            {"path": f"{CALLS}/cancel", "query_string": b""},
            b'{"session_hash": "abc", "fn_index": 0, "event_id": "x"}',
        ),
        join("abc"),
    ]
    for scope, body in others:
        sessions.check(scope, body, alice)
        with pytest.raises(Refused) as refused:
            sessions.check(scope, body, bob)
        assert refused.value.status == 404


@pytest.mark.parametrize(
    "body",
    [
        b'{"session_hash": "mine", "session_hash": "abc"}',
        b'{"data": []}',
        b"[]",
        b"nonsense",
        b'[["session_hash", "abc"]]',
        b'{"session_hash": ["abc"]}',
        b'{"session_hash": {"a": 1}}',
        b'{"session_hash": 7}',
        b'{"session_hash": ""}',
        b'{"session_hash": "' + b"a" * 101 + b'"}',
        b"[" * 100_000,
    ],
)
def test_a_call_that_names_no_session_or_two_reaches_nobody(body: bytes) -> None:
    sessions = GradioSessions()
    scope = {"path": f"{CALLS}/queue/join", "query_string": b""}
    with pytest.raises(Refused):
        sessions.check(scope, body, a_caller())
    two = {
        "path": f"{CALLS}/queue/data",
        "query_string": b"session_hash=a&session_hash=b",
    }
    with pytest.raises(Refused):
        sessions.check(two, b"", a_caller())


def test_the_page_answers_its_own_session_only(
    served: dict[str, tuple[Services, FastAPI]], keys: dict[str, str]
) -> None:
    """Through the real application: one key's session is closed to another key."""
    portals = served["portal"][0].portals
    assert portals is not None
    first = {"Authorization": f"Bearer {keys['ask']}"}
    second = {"Authorization": f"Bearer {portals.keys.add('second', ['ask'])}"}
    with client_of(served, "portal") as client:
        config = client.get("/gradio/config", headers=first).json()
        (submit,) = [dependency["id"] for dependency in config["dependencies"]]
        body = {"data": ["Rahmon?", [], None], "fn_index": submit, "session_hash": "s1"}
        assert client.post(f"{CALLS}/queue/join", json=body, headers=first).status_code == 200
        address = f"{CALLS}/queue/data?session_hash=s1"
        assert client.get(address, headers=second).status_code == 404
        assert client.post(f"{CALLS}/queue/join", json=body, headers=second).status_code == 404
        with client.stream("GET", address, headers=first) as reply:
            completed = any("process_completed" in line for line in reply.iter_lines())
    assert completed
