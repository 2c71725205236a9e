"""Calls the API in every way that its description allows, and in ways that it does not.

    python -m tests.benchmarks.hostile_calls --cases 200

A server for a portal, with every route, is called by schemathesis with a key that may do
everything: `--cases` of each operation by the description, and many more that break it. The
only failure is an answer of 500 or more. The exit code is schemathesis's.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from assistant.building import open_to_write
from assistant.identity.configuring import Portal
from assistant.operating.maintaining import perform
from assistant.web.app import create_app
from assistant.web.entry.callers import EVERY_PERMISSION
from assistant.web.entry.gate import Gate, Limits
from assistant.web.services import portal_services
from index.documents import LOCAL_USER
from index.ingesting import sync
from index.rights.deciding import Rights
from tests.assistant.web.test_guard import PORTAL, SECRET
from tests.benchmarks.corpus import new_settings, prepare_model
from tests.conftest import SEEDS, free_port
from tests.running import in_thread

SHARED = Rights("user:local", readers=frozenset({"tenant:acme"}))
UNLIMITED = Limits(at_once=1_000, at_once_each=1_000, a_minute_each=10**9, wrong_each=10**9)


def main() -> None:
    """Print what schemathesis finds."""
    parser = argparse.ArgumentParser(description="Call the API in every way.")
    parser.add_argument("--cases", type=int, default=200, help="of each operation")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    logging.getLogger("onrecord").setLevel(logging.CRITICAL)  # of what is refused, and why
    with (
        tempfile.TemporaryDirectory() as scratch,
        server(prepare_model(Path(scratch))) as (address, key),
    ):
        sys.exit(call(address, key, options.cases, options.seed))


@contextmanager
def server(models: Path) -> Iterator[tuple[str, str]]:
    """The address of a server with seeds/, and a key with every permission."""
    with new_settings(models) as settings, open_to_write(settings, "serve") as opened:
        for _ in sync(opened.stores, [SEEDS]):
            pass
        assistant = opened.assistant
        for source in assistant.view_of(LOCAL_USER).sources():
            assistant.share(source.id, SHARED, principal=LOCAL_USER)
        portal, act = Portal.model_validate(PORTAL), partial(perform, opened.stores)
        services = portal_services(
            assistant, act, "owner", settings, portal, SECRET, Gate(UNLIMITED)
        )
        assert services.portals
        key = services.portals.keys.add("schemathesis", EVERY_PERMISSION - {"public"}, "acme")
        port = free_port()
        with in_thread(create_app(services), port):
            yield f"http://127.0.0.1:{port}", key


def call(address: str, key: str, cases: int, seed: int) -> int:
    """The exit code of schemathesis."""
    command = Path(sys.executable).with_name("schemathesis")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                command, "run", f"{address}/api/v1/openapi.json",
                "--url", f"{address}/api/v1",
                "--header", f"Authorization: Bearer {key}",
                "--checks", "not_a_server_error",
                "--max-examples", str(cases),
                "--seed", str(seed),
                "--continue-on-failure", "--warnings", "off", "--no-color",
                "--request-timeout", "60", "--generation-database", "none",
            ],
            cwd=folder,
            check=False,
        )  # fmt: skip
    return done.returncode


if __name__ == "__main__":
    main()
