"""How often somebody may ask is kept by all replicas together, whichever of them they meet."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.common_rates import PARTITION, CommonRates
from bot.access.rate_limits import Limited, Rate, RateLimits
from bot.state.store import MemoryStore
from tests.bot.builders.nights import MAYA, channel, chat

MINUTE = timedelta(minutes=1)
RATE = Rate(person=30, room=40, within=MINUTE)


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def fleet(clock: Clock, count: int, store: MemoryStore | None = None) -> list[RateLimits]:
    """So many replicas over one store."""
    shared, rates = store or MemoryStore(), dict.fromkeys(Limited, RATE)
    return [
        RateLimits(clock, rates, CommonRates(shared, clock), lambda: count) for _ in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 16, 40])
async def test_a_fleet_lets_no_more_through_than_one_process_does(count: int) -> None:
    clock, chance, let_through = Clock(), random.Random(count), list[datetime]()
    replicas = fleet(clock, count)
    for _ in range(400):
        clock.now += timedelta(seconds=chance.choice((0, 0, 0.5, 4)))
        if await chance.choice(replicas).take(Limited.QUESTION, MAYA, channel()) is None:
            let_through.append(clock.now)
    most = max(sum(at <= one < at + MINUTE for one in let_through) for at in let_through)
    assert most <= RATE.person
    assert len(let_through) > 0.9 * RATE.person


@pytest.mark.parametrize("count", [2, 3, 4, 16])
async def test_somebody_who_meets_one_replica_alone_has_more_than_half_of_their_rate(
    count: int,
) -> None:
    one, *_ = fleet(Clock(), count)
    taken = [await one.take(Limited.QUESTION, MAYA, channel()) for _ in range(RATE.person)]
    assert taken.count(None) >= RATE.person / 2


async def test_a_room_is_counted_beside_its_people_and_a_refusal_counts_for_nobody() -> None:
    clock = Clock()
    one, other = fleet(clock, 2)
    for _ in range(12):
        assert await one.take(Limited.QUESTION, MAYA, channel()) is None
        assert await other.take(Limited.QUESTION, MAYA, channel()) is None
    waits = [await other.take(Limited.QUESTION, MAYA, channel()) for _ in range(60)]
    assert waits[-1] == MINUTE
    clock.now += MINUTE
    assert await other.take(Limited.QUESTION, MAYA, channel()) is None
    assert await one.take(Limited.QUESTION, MAYA, chat("tom")) is None


async def test_who_asks_now_and_then_is_not_looked_up_and_old_counts_are_deleted() -> None:
    clock, store = Clock(), MemoryStore()
    one, _ = fleet(clock, 2, store)
    for _ in range(RATE.person // 4):
        await one.take(Limited.QUESTION, MAYA, channel())
    assert await store.range(PARTITION) == []
    await one.take(Limited.QUESTION, MAYA, channel())
    assert len(await store.range(PARTITION)) == 1
    assert MAYA.person_id not in str(await store.range(PARTITION))
    clock.now += timedelta(hours=2)
    await one.purge()
    assert await store.range(PARTITION) == []
