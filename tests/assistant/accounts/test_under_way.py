"""A login may begin at one server and end at another."""

from pathlib import Path

import pytest

from assistant.accounts.store import Store
from assistant.accounts.under_way import SharedUnderWay
from assistant.identity.logging_in import UnderWay
from tests.postgres import Server

BEGUN = UnderWay("state", "nonce", "verifier", "/library", 1_000.0)


def test_a_login_that_began_at_one_server_ends_at_another_once(
    tmp_path: Path, postgres: Server
) -> None:
    """By the browser in which it began; its secret is not kept."""
    database = postgres.new_database()
    one, two = (SharedUnderWay(Store(tmp_path, database)) for _ in range(2))
    assert one.keep("secret", BEGUN, 500.0)
    assert "secret" not in repr(Store(tmp_path, database).rows("SELECT * FROM under_way"))
    assert two.take("other", "state") is None
    assert two.take("secret", "other") is None
    assert two.take("secret", "state") == BEGUN
    assert one.take("secret", "state") is None


def test_no_more_are_kept_than_there_is_room_for(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until some have expired."""
    monkeypatch.setattr("assistant.accounts.under_way.MOST_UNDER_WAY", 1)
    begun = SharedUnderWay(Store(tmp_path, postgres.new_database()))
    assert begun.keep("one", BEGUN, 500.0)
    assert not begun.keep("two", BEGUN, 500.0)
    assert begun.keep("two", BEGUN, BEGUN.expires)
