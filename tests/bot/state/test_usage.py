"""Answers are counted by day, also when many are given at once."""

import asyncio
from datetime import timedelta

import pytest

from bot.state.store import MemoryStore, Store, Value, VersionConflict
from bot.state.usage import PARTITION, AnswerCounter
from tests.bot.builders.people import NOW


class Busy(MemoryStore):
    """Others always write first, so often."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        if self.left:
            self.left -= 1
            raise VersionConflict("somebody was quicker")
        return await super().replace(partition, key, value, version)


async def test_answers_are_counted_by_their_day(store: Store) -> None:
    now = NOW
    answered = AnswerCounter(store, lambda: now)
    await answered.count()
    now = NOW + timedelta(days=2)
    await answered.count()
    await answered.count()
    counted = await answered.of_days(4)
    assert [(day.date().day, count) for day, count in counted] == [
        (11, 0),
        (12, 1),
        (13, 0),
        (14, 2),
    ]


async def test_answers_at_once_are_all_counted(store: Store) -> None:
    answered = AnswerCounter(store, lambda: NOW)
    await asyncio.gather(*(answered.count() for _ in range(5)))
    assert (await answered.of_days(1))[0][1] == 5


@pytest.mark.parametrize(("others", "counted"), [(3, 2), (100, 1)])
async def test_a_count_is_given_up_before_it_holds_anybody_up(others: int, counted: int) -> None:
    answered = AnswerCounter(Busy(others), lambda: NOW)
    await answered.count()
    await answered.count()
    assert (await answered.of_days(1))[0][1] == counted


async def test_replicas_count_apart_and_their_answers_are_told_together() -> None:
    store = MemoryStore()
    replicas = [AnswerCounter(store, lambda: NOW, name) for name in ("", "1-a", "2-b")]
    await asyncio.gather(*(one.count() for one in replicas for _ in range(5)))
    for one in replicas:
        assert [count for _, count in await one.of_days(2)] == [0, 15]
    assert len(await store.range(PARTITION)) == 3
