"""A question reaches the factories that were granted, over the same connections, and no other."""

from datetime import UTC, datetime

import pytest

from adf.client import Factories, Inventory, NotGranted, UnknownFactory
from adf.errors import Unavailable
from adf.records import Factory
from tests.adf.fake_wire import FakeWire

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


def factory(alias: str, subscription: str = "one") -> Factory:
    return Factory(alias=alias, subscription=subscription, resource_group="rg", name=alias)


class Opened:
    """Opens one fake wire for each subscription, and counts."""

    def __init__(self) -> None:
        self.wires: dict[str, FakeWire] = {}
        self.times = 0

    def __call__(self, subscription: str) -> FakeWire:
        self.times += 1
        return self.wires.setdefault(subscription, FakeWire())


@pytest.fixture
def opened() -> Opened:
    return Opened()


@pytest.fixture
def all_three(opened: Opened) -> Factories:
    return Factories([factory("prod"), factory("uat"), factory("hr", "two")], "prod", opened)


async def test_a_view_gives_out_what_was_granted(all_three: Factories) -> None:
    view = all_three.only(["uat", "prod"], "uat")
    assert view.aliases == ("uat", "prod")
    assert (await view.client()).factory.alias == "uat"
    assert (await view.client("PROD")).factory.alias == "prod"


async def test_another_factory_is_refused_by_name_and_not_opened(
    all_three: Factories, opened: Opened
) -> None:
    view = all_three.only(["uat"], "uat")
    with pytest.raises(NotGranted) as refused:
        await view.client("hr")
    assert (refused.value.factory, refused.value.choices) == ("hr", ("uat",))
    assert opened.times == 0


async def test_a_factory_that_nobody_declared_is_unknown_not_refused(all_three: Factories) -> None:
    with pytest.raises(UnknownFactory) as unknown:
        await all_three.only(["uat"], "uat").client("nowhere")
    assert not isinstance(unknown.value, NotGranted)
    assert unknown.value.choices == ("uat",)


async def test_views_share_their_connections(all_three: Factories, opened: Opened) -> None:
    await all_three.client("prod")
    await all_three.only(["uat"], "uat").client()
    assert opened.times == 1
    await all_three.close()
    assert opened.wires["one"].calls["close"] == 1


async def test_the_inventory_is_that_of_the_factories_asked_for(
    all_three: Factories, opened: Opened
) -> None:
    opened("one").pipelines = {"Orders": {"name": "Orders"}}
    opened("two").pipelines = {"Payroll": {"name": "Payroll"}}
    inventory = Inventory(all_three, lambda: NOW)
    assert {one.name for one in await inventory.pipelines()} == {"Orders"}
    assert list(await inventory.pipelines(())) == []
    both = await inventory.pipelines(["uat", "hr"])
    assert [(one.factory, one.name) for one in both] == [("uat", "Orders"), ("hr", "Payroll")]


async def test_a_second_factory_that_cannot_be_read_is_left_out(
    all_three: Factories, opened: Opened
) -> None:
    opened("one").pipelines = {"Orders": {"name": "Orders"}}
    opened("two").pipelines = {"": Unavailable("down")}
    inventory = Inventory(all_three, lambda: NOW)
    assert [one.name for one in await inventory.pipelines(["prod", "hr"])] == ["Orders"]
    with pytest.raises(Unavailable):
        await inventory.pipelines(["hr", "prod"])
