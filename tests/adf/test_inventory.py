"""The names of the pipelines are there at once: asked once for all, read again behind an answer."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from adf.client import Factories, Inventory
from adf.errors import AdfError, Unavailable
from adf.records import Factory
from tests.adf.fake_wire import FakeWire, Json

START = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
FACTORY = Factory(alias="f", subscription="s", resource_group="rg", name="f")


class SlowWire(FakeWire):
    """Answers when it is let to."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()

    async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
        answer = asyncio.ensure_future(super().list_pipelines(factory, next_link))
        await asyncio.wait([answer])
        await self.open.wait()
        return await answer


class Known:
    """An inventory of one factory, its wire and its clock."""

    def __init__(self) -> None:
        self.wire = SlowWire()
        self.now = START
        self.tell("Orders")
        self.inventory = Inventory(Factories([FACTORY], "f", lambda _: self.wire), lambda: self.now)

    def tell(self, answer: str | AdfError) -> None:
        self.wire.pipelines = {"": answer if isinstance(answer, AdfError) else {"name": answer}}

    async def names(self) -> list[str]:
        return [one.name for one in await self.inventory.pipelines()]

    async def until_read(self, times: int) -> None:
        for _ in range(1000):
            if self.wire.calls["list_pipelines"] >= times:
                break
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        assert self.wire.calls["list_pipelines"] == times


@pytest.fixture
async def known() -> AsyncGenerator[Known]:
    made = Known()
    yield made
    await made.inventory.close()


async def test_all_who_wait_share_the_first_reading(known: Known) -> None:
    known.wire.open.clear()
    asking = [asyncio.create_task(known.names()) for _ in range(20)]
    await known.until_read(1)
    asking[0].cancel()
    known.wire.open.set()
    told = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(told[0], asyncio.CancelledError)
    assert told[1:] == [["Orders"]] * 19
    assert known.wire.calls["list_pipelines"] == 1


async def test_old_names_are_answered_at_once_and_read_again_behind(known: Known) -> None:
    await known.names()
    known.tell("Payroll")
    known.wire.open.clear()
    known.now += timedelta(minutes=6)
    assert await known.names() == ["Orders"]
    assert await known.names() == ["Orders"]
    await known.until_read(2)
    known.wire.open.set()
    await known.until_read(2)
    assert await known.names() == ["Payroll"]


async def test_names_stay_known_while_they_cannot_be_read(
    known: Known, caplog: pytest.LogCaptureFixture
) -> None:
    await known.names()
    known.tell(Unavailable("down"))
    known.now += timedelta(minutes=6)
    for _ in range(3):
        assert await known.names() == ["Orders"]
    await known.until_read(2)
    assert "down" in caplog.text
    known.tell("Payroll")
    known.now += timedelta(minutes=6)
    await known.names()
    await known.until_read(3)
    assert await known.names() == ["Payroll"]


async def test_a_first_reading_that_fails_is_told_and_tried_again(known: Known) -> None:
    known.tell(Unavailable("down"))
    with pytest.raises(Unavailable):
        await known.names()
    known.tell("Orders")
    assert await known.names() == ["Orders"]


async def test_a_reading_that_goes_on_ends_with_the_inventory(known: Known) -> None:
    await known.names()
    known.wire.open.clear()
    known.now += timedelta(minutes=6)
    await known.names()
    await known.until_read(2)
    await known.inventory.close()
    known.wire.open.set()
    assert await known.names() == ["Orders"]
