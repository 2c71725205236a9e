"""What somebody spends at one server is spent at all of them."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.allowances import FULL_AGAIN, SharedAllowance
from assistant.accounts.store import Store
from assistant.chat import Assistant
from assistant.identity.configuring import Portal
from assistant.operating.maintaining import Event, Request
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.entry.allowances import Allowance, Spending
from assistant.web.services import portal_services
from tests.postgres import Server
from tests.vouching import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000_000)


@pytest.fixture
def store(tmp_path: Path, postgres: Server) -> Store:
    return Store(tmp_path, postgres.new_database())


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_bucket_fills_again_within_a_minute(store: Store, clock: Clock, is_shared: bool) -> None:
    """Of a process of its own, and of several."""
    allowance: Spending = Allowance(30, clock)
    if is_shared:
        allowance = SharedAllowance(store, "questions", 30, clock)
    for _ in range(30):
        assert (allowance.wait("ann"), allowance.take("ann")) == (0, 0)
    assert (allowance.wait("ann"), allowance.take("ann"), allowance.wait("ben")) == (2, 2, 0)
    clock.now += 2
    assert (allowance.wait("ann"), allowance.take("ann"), allowance.take("ann")) == (0, 0, 2)
    allowance.spend("ann")
    clock.now += 2
    assert allowance.take("ann") == 0
    clock.now += 30
    for _ in range(15):
        assert allowance.take("ann") == 0
    assert allowance.take("ann") > 0


def test_several_servers_do_not_give_away_the_same_one(store: Store, clock: Clock) -> None:
    servers = [SharedAllowance(store, "questions", 30, clock) for _ in range(4)]
    with ThreadPoolExecutor(8) as executor:
        waits = list(executor.map(lambda n: servers[n % 4].take("ann"), range(60)))
    assert waits.count(0) == 30
    assert SharedAllowance(store, "logins", 30, clock).take("ann") == 0


def test_nothing_is_kept_of_whose_bucket_is_full_and_no_name(store: Store, clock: Clock) -> None:
    allowance = SharedAllowance(store, "wrong", 30, clock)
    allowance.spend("10.0.0.1")
    assert "10.0.0.1" not in repr(store.rows("SELECT * FROM allowances"))
    clock.now += FULL_AGAIN + 1
    allowance.spend("10.0.0.2")
    assert len(store.rows("SELECT * FROM allowances")) == 1


def test_a_clock_that_goes_back_takes_nothing(store: Store, clock: Clock) -> None:
    allowance = SharedAllowance(store, "questions", 2, clock)
    allowance.spend("ann")
    clock.now -= 3_600
    assert [allowance.take("ann"), allowance.take("ann")] == [0, 30]


def test_a_server_with_a_database_counts_there(
    tmp_path: Path, postgres: Server, seed_assistant: Assistant
) -> None:
    """What is asked, and what somebody shows who may be guessing."""
    settings = Settings(tmp_path, database=postgres.new_database())
    portal = Portal.model_validate({"url": "https://assist.example"})
    services = portal_services(seed_assistant, perform_nothing, "owner", settings, portal, {})
    assert services.portals
    key = services.portals.keys.add("reader", ["ask"])
    counted = Store(tmp_path, settings.database)
    client = TestClient(create_app(services), "https://assist.example")
    headers = {"Authorization": f"Bearer {key}"}
    client.post("/api/v1/ask", json={"question": "Who?"}, headers=headers)
    guess = {"assertion": "a.b.c", "embed": "staff", "nonce": "0" * 32}
    assert client.post("/api/v1/embed/token", json=guess).status_code == 401
    found = counted.rows("SELECT kind FROM allowances ORDER BY kind")
    assert [kind for (kind,) in found] == ["questions", "wrong"]


def perform_nothing(_: Request) -> Generator[Event]:
    yield from ()
