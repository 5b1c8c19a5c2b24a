"""Turns of a conversation are answered in the order they were taken, by whichever replicas."""

import asyncio
import random

import pytest

from bot.state.replicas import ConversationOrder
from bot.state.replicas.order import LONGEST_LINE_SECONDS, PARTITION, PATIENCE_WITH_THE_GONE
from bot.state.store import Entry, ListedStore, MemoryStore, Value, open_store
from tests.doubles.azurite import Azurite


class SlowStore(MemoryStore):
    """A store that lets others in before each of its steps, and counts who looks."""

    looks = 0

    async def get(self, partition: str, key: str) -> Entry | None:
        self.looks += 1
        await asyncio.sleep(0)
        return await super().get(partition, key)

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        await asyncio.sleep(0)
        return await super().replace(partition, key, value, version)


def replicas(store: ListedStore, *names: str, gone: str = "") -> list[ConversationOrder]:
    return [ConversationOrder(store, name, lambda other: other == gone) for name in names]


async def answer(orders: list[ConversationOrder], conversations: int, turns: int) -> None:
    """Turns go to the replicas by turns, and each takes a while; asserts their order."""
    chance = random.Random(0)
    done: dict[str, list[int]] = {}
    busy: set[str] = set()
    tasks: list[asyncio.Task[None]] = []

    async def one(order: ConversationOrder, conversation: str, number: int) -> None:
        await asyncio.sleep(chance.random() / 100)
        async with order.turn(conversation, f"{conversation}-{number}"):
            assert conversation not in busy, "two turns at once"
            busy.add(conversation)
            await asyncio.sleep(chance.random() / 100)
            busy.remove(conversation)
            done.setdefault(conversation, []).append(number)

    for number in range(turns):
        for conversation in map(str, range(conversations)):
            order = orders[chance.randrange(len(orders))]
            await order.join(conversation, f"{conversation}-{number}")
            tasks.append(asyncio.create_task(one(order, conversation, number)))
    await asyncio.gather(*tasks)
    assert all(numbers == list(range(turns)) for numbers in done.values())
    assert len(done) == conversations


async def test_turns_are_answered_in_the_order_they_were_taken() -> None:
    store = SlowStore()
    await answer(replicas(store, "a", "b", "c", "d"), conversations=5, turns=20)
    assert await store.range(PARTITION) == []


@pytest.mark.prove
async def test_ten_thousand_turns_are_answered_in_their_order() -> None:
    store = SlowStore()
    await answer(replicas(store, "a", "b", "c", "d"), conversations=500, turns=20)
    assert await store.range(PARTITION) == []


@pytest.mark.prove
@pytest.mark.real_time
@pytest.mark.timeout(3600)
async def test_ten_thousand_turns_on_tables_are_answered_in_their_order(azurite: Azurite) -> None:
    url = azurite.new_table()
    stores = [await open_store(url) for _ in range(4)]
    orders = [ConversationOrder(one, f"r{n}", lambda _: False) for n, one in enumerate(stores)]
    for _ in range(50):
        await answer(orders, conversations=20, turns=10)
    assert list(await stores[0].range(PARTITION)) == []
    for one in stores:
        await one.close()


@pytest.mark.real_time
async def test_turns_on_tables_are_answered_in_their_order(azurite: Azurite) -> None:
    url = azurite.new_table()
    stores = [await open_store(url) for _ in range(2)]
    orders = [ConversationOrder(one, f"r{n}", lambda _: False) for n, one in enumerate(stores)]
    await answer(orders, conversations=2, turns=5)
    assert list(await stores[0].range(PARTITION)) == []
    for one in stores:
        await one.close()


async def test_turns_behind_one_of_their_replica_leave_the_store_alone_and_follow_at_once() -> None:
    store = SlowStore()
    (order,) = replicas(store, "a")
    for claim in map(str, range(20)):
        await order.join("c", claim)
    store.looks, loop = 0, asyncio.get_running_loop()

    async def take(claim: str) -> None:
        async with order.turn("c", claim):
            await asyncio.sleep(2)

    begun = loop.time()
    await asyncio.gather(*(take(str(number)) for number in range(20)))
    assert store.looks <= 3 * 20
    assert loop.time() - begun == pytest.approx(20 * 2)


async def test_a_turn_that_fails_holds_nobody_up() -> None:
    (order,) = replicas(MemoryStore(), "a")
    await order.join("c", "1")
    await order.join("c", "2")
    with pytest.raises(ValueError, match="broken"):
        async with order.turn("c", "1"):
            raise ValueError("broken")
    async with asyncio.timeout(1), order.turn("c", "2"):
        pass


async def test_a_turn_of_a_dead_replica_goes_first_where_it_is_taken_up() -> None:
    store, order_of_answers = MemoryStore(), list[str]()
    dead, alive = replicas(store, "dead", "alive", gone="dead")
    await dead.join("c", "1")
    await alive.join("c", "2")

    async def take(claim: str, after: float) -> None:
        await asyncio.sleep(after)
        async with alive.turn("c", claim):
            order_of_answers.append(claim)

    await asyncio.gather(take("2", 0), take("1", PATIENCE_WITH_THE_GONE / 2))
    assert order_of_answers == ["1", "2"]


async def test_a_dead_turn_that_nobody_takes_up_is_waited_for_only_a_while() -> None:
    dead, alive = replicas(MemoryStore(), "dead", "alive", gone="dead")
    await dead.join("c", "1")
    await alive.join("c", "2")
    begun = asyncio.get_running_loop().time()
    async with alive.turn("c", "2"):
        waited = asyncio.get_running_loop().time() - begun
    assert PATIENCE_WITH_THE_GONE <= waited < LONGEST_LINE_SECONDS


async def test_a_line_that_does_not_move_is_left_aside_at_last() -> None:
    one, other = replicas(MemoryStore(), "a", "b")
    await one.join("c", "1")
    await other.join("c", "2")
    async with asyncio.timeout(2 * LONGEST_LINE_SECONDS), other.turn("c", "2"):
        pass


async def test_a_turn_without_a_place_is_answered() -> None:
    (order,) = replicas(MemoryStore(), "a")
    async with asyncio.timeout(1), order.turn("c", "resumed"):
        pass


async def test_a_claim_has_one_place_however_often_it_joins() -> None:
    store = MemoryStore()
    (order,) = replicas(store, "a")
    for _ in range(3):
        await order.join("c", "1")
    (entry,) = await store.range(PARTITION)
    assert len(entry.value["tickets"]) == 1


async def test_a_turn_that_is_stopped_keeps_its_place_for_who_takes_it_up() -> None:
    store, order_of_answers = MemoryStore(), list[str]()
    ending, alive = replicas(store, "ending", "alive", gone="ending")
    await ending.join("c", "1")
    await alive.join("c", "2")

    async def take(order: ConversationOrder, claim: str, seconds: float = 0) -> None:
        async with order.turn("c", claim):
            await asyncio.sleep(seconds)
            order_of_answers.append(claim)

    stopped = asyncio.create_task(take(ending, "1", 3600))
    waiting = asyncio.create_task(take(alive, "2"))
    await asyncio.sleep(1)
    stopped.cancel()
    await asyncio.sleep(PATIENCE_WITH_THE_GONE / 2)
    await take(alive, "1")
    await waiting
    assert order_of_answers == ["1", "2"]
