"""Who asked is told, at most once in each place, and only while they may still read it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Address, Person, Scope
from bot.state.rooms import Rooms
from bot.state.store import Store
from bot.state.subscriptions import CRITICAL, EVERYTHING, EventKind, Subscriptions

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
OPAL = Person(person_id="opal", name="Opal", tenant="t")
THREAD = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://x/",
    conversation="19:c;messageid=1",
    bot_id="28:b",
    bot_name="ADF Ops",
)
ROOM = replace(THREAD, conversation="19:c")
CHAT = replace(ROOM, scope=Scope.PERSONAL, conversation="a:opal")


class Readers:
    """Who still reads a factory."""

    def __init__(self) -> None:
        self.lost: set[str] = set()

    async def __call__(self, person: str, alias: str) -> bool:
        return person not in self.lost


@pytest.fixture
async def rooms(store: Store) -> Rooms:
    rooms = Rooms(store, lambda: NOW)
    await rooms.seen(THREAD, OPAL)
    await rooms.seen(CHAT, OPAL)
    return rooms


@pytest.fixture
def readers() -> Readers:
    return Readers()


@pytest.fixture
def kept(store: Store, rooms: Rooms, readers: Readers) -> Subscriptions:
    return Subscriptions(store, rooms, lambda: NOW, readers)


@pytest.mark.parametrize(
    ("target", "pipelines", "critical", "told"),
    [
        ("Orders", {"Orders"}, False, True),
        ("Orders", {"Parent", "Orders"}, False, True),
        ("Orders", {"Payroll"}, True, False),
        (EVERYTHING, {"Payroll"}, False, True),
        (CRITICAL, {"Payroll"}, True, True),
        (CRITICAL, {"Payroll"}, False, False),
    ],
)
async def test_a_failure_is_told_where_it_was_asked_for(
    target: str, pipelines: set[str], critical: bool, told: bool, kept: Subscriptions
) -> None:
    await kept.add("prod", target, EventKind.FAILURES, THREAD)
    assert list(await kept.hearing("prod", pipelines, critical)) == ([ROOM] if told else [])
    assert list(await kept.hearing("uat", pipelines, critical)) == []


async def test_each_place_is_told_once(kept: Subscriptions) -> None:
    for target in (EVERYTHING, CRITICAL, "Orders"):
        await kept.add("prod", target, EventKind.FAILURES, THREAD)
    await kept.add("prod", "Orders", EventKind.FAILURES, OPAL)
    assert set(await kept.hearing("prod", ["Orders"], True)) == {ROOM, CHAT}


async def test_asking_twice_is_one_subscription(kept: Subscriptions) -> None:
    assert await kept.add("prod", "Orders", EventKind.FAILURES, THREAD)
    assert not await kept.add("prod", "Orders", EventKind.FAILURES, ROOM)
    assert len(await kept.at(THREAD)) == 1


async def test_who_never_wrote_is_told_from_their_first_message_on(
    kept: Subscriptions, rooms: Rooms
) -> None:
    ruth = replace(OPAL, person_id="ruth")
    await kept.add("prod", EVERYTHING, EventKind.FAILURES, ruth)
    assert list(await kept.hearing("prod", ["Orders"], False)) == []
    chat = replace(CHAT, conversation="a:ruth")
    await rooms.seen(chat, ruth)
    assert list(await kept.hearing("prod", ["Orders"], False)) == [chat]
    await kept.gone(chat)
    assert list(await kept.hearing("prod", ["Orders"], False)) == []
    await rooms.seen(chat, ruth)
    assert list(await kept.hearing("prod", ["Orders"], False)) == [chat]
    assert [one.target for one in await kept.of(ruth)] == [EVERYTHING]


async def test_who_may_read_no_more_is_told_no_more(kept: Subscriptions, readers: Readers) -> None:
    await kept.add("prod", EVERYTHING, EventKind.FAILURES, OPAL)
    readers.lost.add("opal")
    assert list(await kept.hearing("prod", ["Orders"], False)) == []


async def test_a_room_bound_to_another_factory_since_is_told_no_more(
    kept: Subscriptions, rooms: Rooms
) -> None:
    await kept.add("prod", EVERYTHING, EventKind.FAILURES, THREAD)
    await rooms.bind(THREAD, "uat", None, "opal")
    assert list(await kept.hearing("prod", ["Orders"], False)) == []
    await kept.rebound(THREAD, "uat")
    assert list(await kept.at(THREAD)) == []


async def test_a_place_is_reached_the_way_it_was_seen_last(
    kept: Subscriptions, rooms: Rooms
) -> None:
    await kept.add("prod", EVERYTHING, EventKind.FAILURES, THREAD)
    moved = replace(THREAD, service_url="https://y/", conversation="19:c;messageid=9")
    await rooms.seen(moved, OPAL)
    (told,) = await kept.hearing("prod", ["Orders"], False)
    assert (told.service_url, told.conversation) == ("https://y/", "19:c")


async def test_a_place_that_is_gone_is_told_nothing_even_when_it_is_back(
    kept: Subscriptions, rooms: Rooms
) -> None:
    await kept.add("prod", EVERYTHING, EventKind.FAILURES, THREAD)
    await kept.gone(ROOM)
    assert list(await kept.hearing("prod", ["Orders"], False)) == []
    await rooms.seen(THREAD, OPAL)
    assert list(await kept.hearing("prod", ["Orders"], False)) == []


async def test_the_end_of_a_run_is_told_once_to_who_asked_before_it(kept: Subscriptions) -> None:
    await kept.add("prod", "Orders", EventKind.FINISH, OPAL, once=True)
    assert list(await kept.hearing("prod", ["Orders"], False)) == []
    before, after = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
    assert list(await kept.hearing_end("prod", "Orders", before)) == []
    assert list(await kept.hearing_end("prod", "Orders", after)) == [CHAT]
    await kept.end_announced("prod", "Orders", after)
    assert list(await kept.hearing_end("prod", "Orders", after)) == []


async def test_what_was_not_asked_for_once_stays(kept: Subscriptions) -> None:
    await kept.add("prod", EVERYTHING, EventKind.FINISH, THREAD)
    await kept.end_announced("prod", "Orders", NOW)
    assert list(await kept.hearing_end("prod", "Orders", NOW)) == [ROOM]


async def test_what_is_removed_is_over(kept: Subscriptions) -> None:
    await kept.add("prod", "Orders", EventKind.FAILURES, THREAD)
    (one,) = await kept.at(THREAD)
    await kept.remove(one)
    assert list(await kept.hearing("prod", ["Orders"], False)) == []
