"""The answers that can be made at once: who has them, in a rush, too."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from assistant.web.entry.capacity import LONGEST_RUSH, RUSH, RUSH_WITHIN, Comer, Places
from assistant.web.entry.refusals import Refused


def comer(secret: str = "a key", address: str = "192.0.2.1") -> Comer:
    return Comer.showing(secret, address)


def test_a_full_server_turns_everybody_away_until_an_answer_is_done() -> None:
    places = Places(1)

    async def come() -> None:
        async with places.hold(comer()):
            with pytest.raises(Refused) as refused:
                async with places.hold(comer()):
                    pass
            assert refused.value.status == 503
        async with places.hold(comer()):
            pass

    asyncio.run(come())


def test_in_a_rush_answers_begin_when_everybody_else_has_been_turned_away() -> None:
    now, told = [0.0], list[str]()
    places = Places(8, lambda: now[0])

    async def rush() -> None:
        async with asyncio.TaskGroup() as people:
            for _ in range(8 + RUSH):
                people.create_task(come_to(places, told))
            await asyncio.sleep(2 * RUSH_WITHIN)
            assert told == ["away"] * RUSH
            now[0] += RUSH_WITHIN

    asyncio.run(rush())
    assert told == ["away"] * RUSH + ["begun"] * 8


def test_a_rush_without_end_holds_nobody_up_for_long() -> None:
    now, told = [0.0], list[str]()
    places = Places(1, lambda: now[0])

    async def rush() -> None:
        async with asyncio.timeout(30), asyncio.TaskGroup() as people:
            people.create_task(come_to(places, told))
            await asyncio.sleep(0)
            for moment in (0.0, LONGEST_RUSH - 0.01, LONGEST_RUSH):
                assert "begun" not in told
                now[0] = moment
                for _ in range(RUSH):
                    await come_to(places, told)  # is turned away without a pause
                await asyncio.sleep(2 * RUSH_WITHIN)

    asyncio.run(rush())
    assert told == ["away"] * 3 * RUSH + ["begun"]


def test_without_a_rush_nobody_waits() -> None:
    """Here the clock stands still: who waited would do so for ever."""
    places = Places(RUSH, lambda: 0.0)

    async def come() -> None:
        async with asyncio.timeout(30), AsyncExitStack() as taken:
            for _ in range(RUSH - 1):
                await taken.enter_async_context(places.hold(comer()))

    asyncio.run(come())


async def come_to(places: Places, told: list[str]) -> None:
    try:
        async with places.hold(comer()):
            told.append("begun")
    except Refused:
        told.append("away")


# -- one caller and the others -----------------------------------------------------

ONE_KEY = [comer("a key")] * 4 * RUSH
MANY_WRONG_KEYS = [comer(f"wrong {number}") for number in range(4 * RUSH)]


@pytest.mark.parametrize(
    ("rushing", "others", "known"),
    [
        (ONE_KEY, ["192.0.2.1", "192.0.2.1"], False),
        (MANY_WRONG_KEYS, ["192.0.2.2", "192.0.2.3"], False),
        (MANY_WRONG_KEYS, ["192.0.2.1", "192.0.2.1"], True),
    ],
    ids=["one key", "wrong keys from elsewhere", "wrong keys from the same address"],
)
def test_who_comes_in_the_rush_of_another_gets_a_place(
    rushing: list[Comer], others: list[str], known: bool
) -> None:
    now, begun, away = [0.0], list[Comer](), list[Comer]()
    places = Places(RUSH, lambda: now[0])
    coming = [comer(f"good {number}", address) for number, address in enumerate(others)]
    for each in coming if known else ():
        places.recognise(each)

    async def come(who: Comer) -> None:
        try:
            async with places.hold(who) as place:
                place.begin()
                begun.append(who)
        except Refused:
            away.append(who)

    async def rush() -> None:
        async with asyncio.timeout(30), asyncio.TaskGroup() as people:
            for who in [*rushing, *coming]:
                people.create_task(come(who))
            await asyncio.sleep(RUSH_WITHIN)
            now[0] += LONGEST_RUSH

    asyncio.run(rush())
    assert set(coming) <= set(begun)
    assert len(away) >= len(rushing) - RUSH, "and the server has no more places than before"


def test_an_answer_that_is_being_made_keeps_its_place() -> None:
    places = Places(2)

    async def come() -> None:
        async with places.hold(comer()) as first, places.hold(comer()) as second:
            first.begin()
            second.begin()
            with pytest.raises(Refused):
                async with places.hold(comer("another")):
                    pass
            second.leave()
            async with places.hold(comer("another")) as place:
                place.begin()

    asyncio.run(come())
