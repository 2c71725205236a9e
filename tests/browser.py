"""A real browser and a real server for tests of the page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.conftest import ONRECORD, free_port

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PATIENCE = 15_000
"""Milliseconds for what a page is expected to show: a busy machine is no failure."""

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """$ONRECORD_BROWSER, else the first of BROWSERS on the path."""
    named = os.environ.get("ONRECORD_BROWSER")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def open_browser(*switches: str) -> Iterator[Browser]:
    """Headless. Skips the test where there is none, unless one is required."""
    path = find_browser()
    if path is None:
        message = f"no browser found (looked for {', '.join(BROWSERS)}; set ONRECORD_BROWSER)"
        if os.environ.get("ONRECORD_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*SWITCHES, *switches])
        yield browser
        browser.close()


@contextmanager
def serve(home: Path, port: int = 0) -> Iterator[str]:
    """`onrecord serve` in a process of its own; gives its address once it listens."""
    with subprocess.Popen(
        [*ONRECORD, "--home", str(home), "serve", "--port", str(port or free_port())],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            yield _address(process.stdout)
        finally:
            process.terminate()


def _address(output: IO[str]) -> str:
    import httpx

    said = []
    for line in output:
        said.append(line)
        if found := re.search(r"http://\S+", line):
            transport = httpx.HTTPTransport(retries=8)
            with httpx.Client(transport=transport, timeout=60) as client:
                client.get(f"{found[0]}/api/v1/health").raise_for_status()
            return found[0]
    pytest.fail("the server did not start:\n" + "".join(said))
