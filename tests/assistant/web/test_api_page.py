"""The page about the API: complete, and its lines work."""

from __future__ import annotations

import subprocess

from fastapi import FastAPI
from starlette.routing import Mount

from assistant.web.app import create_app
from assistant.web.pages.api import described
from assistant.web.services import Services
from tests.assistant.web.test_guard import home, served
from tests.browser import open_browser
from tests.conftest import free_port
from tests.running import in_thread

__all__ = ["home", "served"]

Served = dict[str, tuple[Services, FastAPI]]


def calls(served: Served) -> list[dict[str, str]]:
    app = create_app(served["portal"][0])
    (api,) = [r.app for r in app.routes if isinstance(r, Mount) and r.path == "/api/v1"]
    assert isinstance(api, FastAPI)
    return list(described(api))


def test_every_call_says_what_it_does_and_who_may_call_it(served: Served) -> None:
    """In a sentence of its own; the owner's commands are no part of it."""
    found = calls(served)
    assert len(found) > 30
    for call in found:
        assert call["what"].endswith((".", "?", "`.")), call
        assert call["permission"], call
        assert call["curl"].startswith("curl "), call
    assert not [call for call in found if "commands" in call["path"]]


def test_the_lines_work_as_they_stand(served: Served) -> None:
    """In a shell, with a server: each that changes nothing and names nothing that has to be."""
    lines = {
        call["path"]: call["curl"]
        for call in calls(served)
        if "{" not in call["path"]
        and call["permission"] in ("public", "ask")
        and not call["path"].startswith("/api/v1/embed")
        and call["path"] not in ("/api/v1/verify", "/api/v1/suggestions")
    }
    assert len(lines) >= 8
    with in_thread(served["local"][1], port := free_port()), open_browser() as browser:
        address = f"http://127.0.0.1:{port}"
        for path, line in lines.items():
            script = f"SERVER={address} KEY=x; {line.replace('curl ', 'curl -sf ', 1)}"
            done = subprocess.run(["bash", "-c", script], check=False, capture_output=True)
            assert done.returncode == 0, (path, line, done.stdout)
        page = browser.new_page()
        page.goto(f"{address}/api")
        assert page.locator("section").count() > 15
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
