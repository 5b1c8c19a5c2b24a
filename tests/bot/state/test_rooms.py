"""A room is one with all its threads, is reached the way it was seen last, and can be bound."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.messages import Address, Person, Scope
from bot.state.rooms import Binding, Rooms
from bot.state.store import MemoryStore, Store, VersionConflict, open_sqlite

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
OPAL = Person(person_id="Opal", name="Opal", tenant="t")
THREAD = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://x/",
    conversation="19:c;messageid=1",
    bot_id="28:b",
    bot_name="ADF Ops",
)
CHAT = replace(THREAD, scope=Scope.PERSONAL, conversation="a:opal")


class Written(MemoryStore):
    """Counts what is written; with `busy`, somebody else always was quicker."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.busy = False

    async def insert(self, partition: str, key: str, value: object) -> str:
        self.writes += 1
        if self.busy:
            raise VersionConflict("too late")
        return await super().insert(partition, key, value)  # pyright: ignore[reportArgumentType]


def rooms_of(store: Store) -> Rooms:
    return Rooms(store, lambda: NOW, {"19:c": Binding(factory="prod", by="the settings")})


async def test_a_room_is_new_once(store: Store) -> None:
    rooms = rooms_of(store)
    assert await rooms.enter(THREAD)
    assert not await rooms.enter(replace(THREAD, conversation="19:c;messageid=2"))
    assert await rooms.enter(replace(THREAD, tenant="other"))


async def test_every_room_is_listed_without_its_threads(store: Store) -> None:
    rooms = rooms_of(store)
    await rooms.enter(THREAD)
    await rooms.seen(CHAT, OPAL)
    assert {one.conversation for one in await rooms.all()} == {"19:c", "a:opal"}


async def test_a_room_is_reached_the_way_it_was_seen_last(store: Store) -> None:
    rooms = rooms_of(store)
    await rooms.seen(THREAD, OPAL)
    await rooms.seen(replace(THREAD, service_url="https://y/"), OPAL)
    reached = await rooms_of(store).at("t", "19:c")
    assert reached is not None
    assert reached.service_url == "https://y/"


async def test_many_who_speak_at_once_in_a_new_room_are_all_heard(tmp_path: Path) -> None:
    store = await open_sqlite(str(tmp_path / "store.db"))
    rooms = rooms_of(store)
    people = [replace(OPAL, person_id=f"p{n}") for n in range(20)]
    await asyncio.gather(*(rooms.seen(THREAD, one) for one in people))
    assert await rooms.at("t", "19:c") == replace(THREAD, conversation="19:c")
    await store.close()


async def test_being_seen_the_same_way_writes_nothing() -> None:
    store = Written()
    rooms = rooms_of(store)
    for thread in range(50):
        await rooms.seen(replace(THREAD, conversation=f"19:c;messageid={thread}"), OPAL)
    assert store.writes == 1


async def test_a_personal_chat_is_found_by_its_person(store: Store) -> None:
    rooms = rooms_of(store)
    assert await rooms.personal("t", "Opal") is None
    await rooms.seen(THREAD, OPAL)
    assert await rooms.personal("t", "Opal") is None
    await rooms.seen(CHAT, OPAL)
    assert await rooms.personal("t", "opal") == CHAT
    assert await rooms.personal("other", "opal") is None


async def test_a_binding_in_chat_goes_before_the_settings_and_over_the_former_one(
    store: Store,
) -> None:
    rooms = rooms_of(store)
    declared = await rooms.binding(THREAD)
    assert declared == Binding(factory="prod", by="the settings")
    await rooms.bind(THREAD, "uat", "Europe/Berlin", "opal")
    await rooms.bind(THREAD, "hr", None, "opal")
    bound = await rooms_of(store).binding(replace(THREAD, conversation="19:c;messageid=5"))
    assert bound == Binding(factory="hr", by="opal", at=NOW.isoformat())
    assert await rooms.binding(CHAT) is None


async def test_a_room_that_is_gone_is_new_again(store: Store) -> None:
    rooms = rooms_of(store)
    await rooms.enter(THREAD)
    await rooms.gone(THREAD)
    assert await rooms.at("t", "19:c") is None
    assert await rooms.enter(THREAD)


async def test_only_so_many_rooms_are_kept_in_mind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.state.rooms.MOST_SEEN", 2)
    rooms = rooms_of(store)
    for number in range(4):
        await rooms.seen(replace(CHAT, conversation=f"a:{number}"), OPAL)
    assert len(await rooms.all()) == 4


async def test_a_binding_that_could_not_be_written_is_told() -> None:
    store = Written()
    store.busy = True
    with pytest.raises(VersionConflict):
        await rooms_of(store).bind(THREAD, "prod", None, "opal")
