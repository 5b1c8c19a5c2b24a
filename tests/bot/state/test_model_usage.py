"""What the model used is added up by day, held against a ceiling, and told with its price."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.hosting.config_files import WrongFile, read_prices
from bot.state.store import MemoryStore, Store, Value, VersionConflict
from bot.state.usage import CONVERSATIONS, DAYS, KEPT, ModelUsage, Price, UsageDay
from cards.records import Used
from tests.bot.builders.people import NOW

MINI = Price(input=0.15, cached=0.075, output=0.6)
HERE = "19:ops@thread.tacv2;messageid=1700000000000"
TURN = Used(input=100, cached=40, output=10, turns=1, steps=3, calls=2, seconds=1.5)


class Busy(MemoryStore):
    """Others always write first."""

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        raise VersionConflict("somebody was quicker")


async def test_what_turns_took_is_added_up_by_day(store: Store) -> None:
    now = NOW
    spending = ModelUsage(store, lambda: now)
    await spending.add(TURN, HERE)
    await spending.add(replace(TURN, input=1, cached=0), "19:another")
    now = NOW + timedelta(days=2)
    await spending.add(TURN, HERE)
    assert await spending.of_days(3) == [
        UsageDay(date=NOW, input=101, cached=40, output=20, turns=2, steps=6, calls=4, seconds=3.0),
        UsageDay(date=NOW + timedelta(days=1)),
        UsageDay(date=now, input=100, cached=40, output=10, turns=1, steps=3, calls=2, seconds=1.5),
    ]


async def test_what_turns_took_is_added_up_by_conversation_over_days(store: Store) -> None:
    now = NOW
    spending = ModelUsage(store, lambda: now)
    await spending.add(TURN, HERE)
    await spending.add(TURN, "19:another")
    now = NOW + timedelta(days=2)
    await spending.add(TURN, HERE)
    assert await spending.of_conversation(HERE) == TURN + TURN
    assert await spending.of_conversation("19:a third") == Used()


async def test_a_conversation_is_forgotten_a_month_after_its_last_turn(store: Store) -> None:
    now = NOW
    spending = ModelUsage(store, lambda: now)
    await spending.add(TURN, HERE)
    await spending.add(TURN, "19:another")
    now += KEPT
    await spending.add(TURN, "19:another")
    assert await spending.of_conversation(HERE) == TURN
    now += timedelta(seconds=1)
    assert await spending.of_conversation(HERE) == Used()
    now += timedelta(days=1)
    await spending.add(TURN, "19:a third")
    assert len(await store.range(CONVERSATIONS)) == 2
    await spending.add(TURN, HERE)
    assert await spending.of_conversation(HERE) == TURN
    assert (await spending.of_days(2 + KEPT.days))[0].turns == 2


async def test_no_id_of_a_conversation_is_kept(store: Store) -> None:
    await ModelUsage(store, lambda: NOW).add(TURN, HERE)
    (row,) = await store.range(CONVERSATIONS)
    assert "19:" not in f"{row.key} {row.value}"


async def test_a_day_that_was_written_down_before_steps_were_is_added_to(store: Store) -> None:
    old = {"input": 100, "cached": 40, "output": 10, "turns": 1}
    await store.insert(DAYS, NOW.date().isoformat(), old)
    spending = ModelUsage(store, lambda: NOW)
    assert await spending.today() == UsageDay(date=NOW, input=100, cached=40, output=10, turns=1)
    await spending.add(TURN, HERE)
    today = await spending.today()
    assert (today.input, today.turns, today.steps, today.seconds) == (200, 2, 3, 1.5)


async def test_the_ceiling_of_a_day_is_for_that_day(store: Store) -> None:
    now = NOW
    spending = ModelUsage(store, lambda: now, ceiling=100)
    await spending.add(Used(input=99), HERE)
    assert await spending.may_spend()
    await spending.add(Used(output=1), HERE)
    assert not await spending.may_spend()
    now = NOW + timedelta(days=1)
    assert await spending.may_spend()


async def test_replicas_spend_the_tokens_of_a_day_together() -> None:
    store = MemoryStore()
    replicas = [ModelUsage(store, lambda: NOW, ceiling=100) for _ in range(3)]
    for one in replicas:
        assert await one.may_spend()
        await one.add(Used(input=30, output=10), "a talk")
    assert [await one.may_spend() for one in replicas] == [False] * 3


async def test_a_count_is_given_up_before_it_holds_anybody_up() -> None:
    spending = ModelUsage(Busy(), lambda: NOW)
    for _ in range(2):
        await spending.add(Used(input=1), HERE)
    assert (await spending.today()).input == 1


@pytest.mark.parametrize(
    ("day", "cost"),
    [
        (UsageDay(date=NOW), "0.00 USD"),
        (UsageDay(date=NOW, input=1_000_000), "0.15 USD"),
        (UsageDay(date=NOW, input=1_000_000, cached=1_000_000), "0.0750 USD"),
        (UsageDay(date=NOW, input=9412, cached=4096, output=188), "0.0012 USD"),
        (UsageDay(date=NOW, output=3_000_000_000), "1,800.00 USD"),
        (UsageDay(date=NOW, input=5, cached=10), "0.0000 USD"),
    ],
)
def test_a_day_has_its_price(day: UsageDay, cost: str) -> None:
    assert MINI.of(day) == cost


def test_prices_are_read_by_deployment(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    prices = {
        "mini": {"input": 0.15, "cached": 0.075, "output": 0.6},
        "other": {"input": 2, "output": 8, "currency": "EUR"},
    }
    file.write_text(json.dumps(prices), encoding="utf-8")
    assert read_prices(file) == {
        "mini": MINI,
        "other": Price(input=2, cached=2, output=8, currency="EUR"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"mini": {"input": -1, "output": 1}}', "mini.input"),
        ('{"mini": {"input": 1}}', "mini.output"),
        ('{"mini": {"input": 1, "output": 1, "price": 2}}', "mini.price"),
        ("[1]", "the file"),
        ("{", "the file"),
    ],
)
def test_a_wrong_price_names_its_place(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongFile, match=said):
        read_prices(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match=r"none\.json: cannot be read"):
        read_prices(tmp_path / "none.json")
