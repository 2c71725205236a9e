"""Bearers that several servers share."""

from pathlib import Path

import pytest

from assistant.accounts.bearers import SharedBearers
from assistant.accounts.store import Store
from assistant.identity.bearers import ENDING, LIFE, TooMany
from assistant.identity.people import Person
from tests.postgres import Server
from tests.vouching import Clock

ANN = Person("https://login.example", "u-1", "acme", frozenset({"editors"}), "Ann")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(postgres: Server) -> str:
    return postgres.new_database()


def test_what_one_server_gives_is_good_at_the_other(
    tmp_path: Path, database: str, clock: Clock
) -> None:
    """Until it ends, expires or its person is revoked; nothing but its hash is kept."""
    one, two = (SharedBearers(Store(tmp_path, database), clock) for _ in range(2))
    secret, bearer = one.give(ANN, "staff")
    assert two.find(secret) == bearer
    assert two.find(secret + "x") is None
    assert secret not in repr(Store(tmp_path, database).rows("SELECT * FROM bearers"))
    two.end(bearer.id)
    assert (one.find(secret), one.is_current(bearer.id)) == (None, False)
    secret, bearer = one.give(ANN, "staff")
    assert two.revoke(ANN.issuer, "somebody") == 0
    assert two.revoke(ANN.issuer, ANN.subject) == 1
    assert (one.find(secret), one.is_current(bearer.id)) == (None, False)


def test_an_answer_may_end_after_its_bearer(tmp_path: Path, database: str, clock: Clock) -> None:
    bearers = SharedBearers(Store(tmp_path, database), clock)
    secret, bearer = bearers.give(ANN, "staff")
    clock.now += LIFE
    assert (bearers.find(secret), bearers.is_current(bearer.id)) == (None, True)
    clock.now += ENDING
    assert not bearers.is_current(bearer.id)


def test_no_more_are_given_than_can_be_kept(
    tmp_path: Path, database: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.accounts.bearers.MOST", 2)
    bearers = SharedBearers(Store(tmp_path, database), clock)
    for _ in range(2):
        bearers.give(ANN, "staff")
    with pytest.raises(TooMany):
        bearers.give(ANN, "staff")
    clock.now += LIFE + ENDING
    bearers.give(ANN, "staff")
