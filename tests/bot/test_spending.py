"""What the model used is added up by day, held against a ceiling, and told with its price."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.factories_file import WrongFile
from bot.prices_file import read_prices
from bot.spending import Day, Price, Spending
from bot.store import Store, StubStore, Value, VersionConflict
from tests.bot.folk import NOW

MINI = Price(input=0.15, cached=0.075, output=0.6)


class Busy(StubStore):
    """Others always write first."""

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        raise VersionConflict("somebody was quicker")


async def test_tokens_are_added_up_by_day(store: Store) -> None:
    now = NOW
    spending = Spending(store, lambda: now)
    await spending.add(tokens_in=100, cached=40, tokens_out=10)
    await spending.add(tokens_in=1, cached=0, tokens_out=2)
    now = NOW + timedelta(days=2)
    await spending.add(tokens_in=5, cached=0, tokens_out=5)
    days = await spending.of_days(3)
    assert [(one.input, one.cached, one.output, one.turns) for one in days] == [
        (101, 40, 12, 2),
        (0, 0, 0, 0),
        (5, 0, 5, 1),
    ]


async def test_the_ceiling_of_a_day_is_for_that_day(store: Store) -> None:
    now = NOW
    spending = Spending(store, lambda: now, ceiling=100)
    await spending.add(tokens_in=99, cached=0, tokens_out=0)
    assert await spending.may_spend()
    await spending.add(tokens_in=0, cached=0, tokens_out=1)
    assert not await spending.may_spend()
    now = NOW + timedelta(days=1)
    assert await spending.may_spend()


async def test_a_count_is_given_up_before_it_holds_anybody_up() -> None:
    spending = Spending(Busy(), lambda: NOW)
    for _ in range(2):
        await spending.add(tokens_in=1, cached=0, tokens_out=0)
    assert (await spending.today()).input == 1


@pytest.mark.parametrize(
    ("day", "cost"),
    [
        (Day(date=NOW), "0.00 USD"),
        (Day(date=NOW, input=1_000_000), "0.15 USD"),
        (Day(date=NOW, input=1_000_000, cached=1_000_000), "0.0750 USD"),
        (Day(date=NOW, input=9412, cached=4096, output=188), "0.0012 USD"),
        (Day(date=NOW, output=3_000_000_000), "1,800.00 USD"),
        (Day(date=NOW, input=5, cached=10), "0.0000 USD"),
    ],
)
def test_a_day_has_its_price(day: Day, cost: str) -> None:
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
