"""What a room was told of against what was done about it, and the advice that follows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.incidents import IncidentService
from bot.messages import Person
from bot.state.store import Store
from bot.tools.ports import AlertNoise
from cards.records import SubscriptionList
from tests.bot.builders.incidents import commands_over
from tests.bot.builders.nights import START, failure, good
from tests.bot.builders.people import BOUND, LOOSE, NOW, OPAL
from tests.bot.tools.test_tools import House, house

__all__ = ["house"]

ROOM = replace(BOUND, conversation=BOUND.room)
SINCE, WAIT = START - timedelta(days=1), timedelta(minutes=20)


async def told(store: Store, brief: int, long: int, acted: int) -> None:
    """So many incidents that a room heard of: over at once, standing, and acknowledged."""
    incidents = IncidentService(store, lambda: NOW)
    numbers = iter(range(100))
    for _ in range(brief):
        name = f"Load{next(numbers)}"
        await incidents.take(failure(f"r-{name}", name), [ROOM])
        await incidents.take(good(f"g-{name}", name, end=12))
    for _ in range(long):
        name = f"Load{next(numbers)}"
        await incidents.take(failure(f"r-{name}", name), [ROOM])
    for _ in range(acted):
        name = f"Load{next(numbers)}"
        taken = await incidents.take(failure(f"r-{name}", name), [ROOM])
        assert taken is not None
        await incidents.acknowledge(taken.incident_id, OPAL, NOW)
        await incidents.take(good(f"g-{name}", name, end=12))


async def listed(house: House, who: Person = OPAL) -> SubscriptionList:
    found = await house.tools(who, BOUND).call("ops_list_subscriptions")
    assert isinstance(found, SubscriptionList)
    return found


async def test_it_counts_what_a_room_heard_and_what_people_did(store: Store) -> None:
    await told(store, brief=3, long=2, acted=4)
    commands = commands_over(store, lambda: NOW)
    found = await commands.noise(["prod"], BOUND, SINCE, WAIT)
    assert found == AlertNoise(told=9, acted=4, brief=3)
    assert await commands.noise(["prod"], LOOSE, SINCE, WAIT) == AlertNoise(
        told=0, acted=0, brief=0
    )
    later = START + timedelta(hours=1)
    assert (await commands.noise(["prod"], BOUND, later, WAIT)).told == 0


@pytest.mark.parametrize(
    ("brief", "long", "acted", "advice"),
    [
        (6, 2, 1, "with a wait of 20 min it would have been 3"),
        (1, 8, 1, "subscribe to critical pipelines"),
        (6, 2, 4, ""),
        (3, 1, 0, ""),
    ],
)
async def test_advice_is_given_where_much_is_told_and_little_is_acted_on(
    brief: int, long: int, acted: int, advice: str, house: House, store: Store
) -> None:
    await house.subscribed(OPAL, BOUND, target="everything")
    await told(store, brief, long, acted)
    found = await listed(house)
    assert f"{brief + long + acted} alerts here, {acted} acted on, {brief} recovered" in found.past
    assert ("That is noise" in found.past) is bool(advice)
    assert advice in found.past
    assert [title for title, _ in found.offers] == (["Wait 20 min first"] if advice else [])


async def test_a_room_that_heard_of_nothing_is_told_no_figures(house: House) -> None:
    await house.subscribed(OPAL, BOUND, target="everything")
    assert ((await listed(house)).past, (await listed(house)).offers) == ("", ())
