"""A room or bot that is gone loses its alerts, and the next shift is told which."""

from datetime import timedelta

import pytest

from bot.state.lost_rooms import LostRooms
from bot.state.store import MemoryStore, Store
from cards.records import Handover
from tests.bot.builders.nights import Clock, Died, MortalStore
from tests.bot.builders.people import BOUND, CHAT, LOOSE, OPAL, RUTH
from tests.bot.tools.test_tools import House, house

__all__ = ["house"]


async def lost_parts(house: House, hours: float = 12) -> list[tuple[str, str]]:
    found = await house.tools(OPAL, CHAT).call("ops_handover", hours=hours)
    assert isinstance(found, Handover)
    parts = [one for one in found.parts if one.heading == "Alerts that reach nobody"]
    return [(entry.title, entry.detail) for one in parts for entry in one.entries]


async def test_the_handover_says_which_alerts_reach_nobody_any_more(house: House) -> None:
    await house.subscribed(OPAL, BOUND, target="everything")
    await house.subscribed(OPAL, BOUND, target="Orders")
    assert await lost_parts(house) == []
    await house.keeping.subscriptions.gone(BOUND)
    ((title, detail),) = await lost_parts(house)
    assert title == "A channel is gone"
    assert "it got alerts for Orders, everything of prod" in detail
    assert await house.keeping.subscriptions.at(BOUND) == []


async def test_it_is_told_of_a_factory_to_those_who_may_read_it(house: House) -> None:
    await house.subscribed(OPAL, BOUND, target="everything")
    await house.keeping.subscriptions.gone(BOUND)
    found = await house.tools(RUTH, CHAT).call("ops_handover")
    assert isinstance(found, Handover)
    assert "is gone" not in str(found)


async def test_a_room_that_was_told_nothing_leaves_no_note(house: House) -> None:
    await house.keeping.subscriptions.gone(LOOSE)
    assert await lost_parts(house) == []


async def test_it_is_said_for_the_shift_in_which_it_happened_and_forgotten_after_a_week(
    house: House, store: Store
) -> None:
    clock = Clock()
    rooms = LostRooms(store, clock)
    await house.subscribed(OPAL, BOUND, target="Orders")
    stored = await house.keeping.subscriptions.at(BOUND)
    await rooms.note(BOUND, stored)
    began = clock.now
    clock.now += timedelta(days=9)
    await rooms.note(LOOSE, stored)
    assert [one.at for one in await rooms.of(["prod"], began)] == [clock.now]


@pytest.mark.parametrize("step", [1, 2])
async def test_a_kill_while_a_room_is_left_loses_no_note(step: int, house: House) -> None:
    await house.subscribed(OPAL, BOUND, target="Orders")
    stored = await house.keeping.subscriptions.at(BOUND)
    base, clock = MemoryStore(), Clock()
    mortal = MortalStore(base)
    mortal.dies_at, mortal.dies_after = 1, step == 2
    with pytest.raises(Died):
        await LostRooms(mortal, clock).note(BOUND, stored)
    await LostRooms(base, clock).note(BOUND, stored)
    assert len(await LostRooms(base, clock).of(["prod"], clock.now)) == 1
