"""What the service does on a bad day: it is throttled or busy, and answers are lost.

No write is lost or done twice, and who is told "is there already" has really lost.
"""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from bot.state.store import (
    AlreadyExists,
    Delete,
    Insert,
    ListedStore,
    Replace,
    StoreError,
    StoreUnavailable,
    VersionConflict,
)
from bot.state.store.tables import open_tables
from bot.state.store.tables.patience import LONGEST_SECONDS, MOST_TRIES, Patience
from tests.doubles.azurite import Azurite
from tests.doubles.tables_proxy import CUT, FAILED, LOST, OK, Fault, TablesProxy

pytestmark = pytest.mark.real_time
# Whatever comes of it, it was done or it was not, and nobody can tell from the answer.
UNCLEAR = [LOST, FAILED]
PASSING: list[Fault] = [408, 429, 500, 502, 503, 504, LOST, FAILED, CUT]


class Waits:
    """A sleep that is not slept."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def proxy(azurite: Azurite) -> AsyncGenerator[TablesProxy]:
    async with TablesProxy(azurite).running() as running:
        yield running


@pytest.fixture
async def store(proxy: TablesProxy, waits: Waits) -> AsyncGenerator[ListedStore]:
    opened = await open_tables(proxy.url, Patience(sleep=waits, jitter=lambda: 0.5))
    yield opened
    await opened.close()


async def number(store: ListedStore, key: str = "k") -> int | None:
    entry = await store.get("p", key)
    return entry.value["n"] if entry else None


@pytest.mark.parametrize("fault", PASSING)
async def test_an_insert_is_done_once(fault: Fault, store: ListedStore, proxy: TablesProxy) -> None:
    proxy.faults = [fault]
    version = await store.insert("p", "k", {"n": 1})
    assert await store.replace("p", "k", {"n": 2}, version) != version
    assert await number(store) == 2


@pytest.mark.parametrize("fault", PASSING)
async def test_a_replacement_is_done_once(
    fault: Fault, store: ListedStore, proxy: TablesProxy
) -> None:
    version = await store.insert("p", "k", {"n": 1})
    proxy.faults = [fault]
    newer = await store.replace("p", "k", {"n": 2}, version)
    await store.replace("p", "k", {"n": 3}, newer)
    assert await number(store) == 3


@pytest.mark.parametrize("fault", PASSING)
async def test_a_batch_is_done_once(fault: Fault, store: ListedStore, proxy: TablesProxy) -> None:
    first = await store.insert("p", "k", {"n": 1})
    gone = await store.insert("p", "gone", {"n": 1})
    proxy.faults = [fault]
    versions = await store.batch(
        "p",
        [
            Delete(key="gone", version=gone),
            Replace(key="k", value={"n": 2}, version=first),
            Insert(key="new", value={"n": 3}),
        ],
    )
    await store.replace("p", "k", {"n": 4}, versions[1])
    await store.replace("p", "new", {"n": 5}, versions[2])
    assert [one.value["n"] for one in await store.range("p")] == [4, 5]


@pytest.mark.parametrize("fault", PASSING)
async def test_a_delete_is_done(fault: Fault, store: ListedStore, proxy: TablesProxy) -> None:
    version = await store.insert("p", "k", {"n": 1})
    proxy.faults = [fault]
    await store.delete("p", "k", version)
    assert await number(store) is None
    await store.insert("p", "k", {"n": 2})
    proxy.faults = [fault]
    await store.delete("p", "k")
    assert await number(store) is None


@pytest.mark.parametrize("fault", PASSING)
async def test_reads_go_on(fault: Fault, store: ListedStore, proxy: TablesProxy) -> None:
    await store.insert("p", "k", {"n": 1})
    proxy.faults = [fault]
    assert await number(store) == 1
    proxy.faults = [fault]
    assert len(await store.range("p")) == 1
    proxy.faults = [fault]
    assert await store.partitions() == ["p"]
    proxy.faults = [fault]
    await store.check()


@pytest.mark.parametrize("fault", UNCLEAR)
async def test_who_lost_is_told_so_after_a_lost_answer_too(
    fault: Fault, store: ListedStore, proxy: TablesProxy
) -> None:
    version = await store.insert("p", "k", {"n": 1})
    newest = await store.replace("p", "k", {"n": 2}, version)
    proxy.faults = [fault]
    with pytest.raises(AlreadyExists):
        await store.insert("p", "k", {"n": 3})
    proxy.faults = [fault]
    with pytest.raises(VersionConflict):
        await store.replace("p", "k", {"n": 3}, version)
    proxy.faults = [fault]
    with pytest.raises(AlreadyExists):
        await store.batch("p", [Delete(key="x"), Insert(key="k", value={"n": 3})])
    proxy.faults = [fault]
    with pytest.raises(VersionConflict):
        await store.delete("p", "k", version)
    assert await number(store) == 2
    await store.replace("p", "k", {"n": 4}, newest)


async def test_of_twenty_claimers_whose_answers_are_lost_one_wins(
    store: ListedStore, proxy: TablesProxy
) -> None:
    proxy.faults = [LOST, FAILED] * 10
    tries = [store.insert("p", "k", {"n": n}) for n in range(20)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    winners = [n for n, one in enumerate(ended) if isinstance(one, str)]
    assert winners == [await number(store)]
    assert sum(isinstance(one, AlreadyExists) for one in ended) == 19


async def test_the_pace_that_the_service_asks_for_is_kept(
    store: ListedStore, proxy: TablesProxy, waits: Waits
) -> None:
    proxy.retry_after, proxy.faults = "2", [429, 503]
    await store.insert("p", "k", {"n": 1})
    assert waits.seconds == [2.0, 2.0]


async def test_without_a_pace_waits_grow(
    store: ListedStore, proxy: TablesProxy, waits: Waits
) -> None:
    proxy.faults = [503, 503, 503, 503]
    await store.insert("p", "k", {"n": 1})
    assert waits.seconds == [0.1, 0.2, 0.4, 0.8]


async def test_a_wait_that_is_too_long_is_not_waited(
    store: ListedStore, proxy: TablesProxy, waits: Waits
) -> None:
    proxy.retry_after, proxy.faults = "60", [503]
    with pytest.raises(StoreUnavailable) as error:
        await store.insert("p", "k", {"n": 1})
    assert waits.seconds == []
    assert not error.value.may_be_done
    assert await number(store) is None


@pytest.mark.parametrize("fault", [429, 503, LOST, CUT])
async def test_a_service_that_stays_away_is_given_up(
    fault: Fault, store: ListedStore, proxy: TablesProxy, waits: Waits
) -> None:
    proxy.always = fault
    before = len(proxy.requests)
    with pytest.raises(StoreUnavailable) as error:
        await store.insert("p", "k", {"n": 1})
    assert sum(waits.seconds) <= LONGEST_SECONDS
    assert len(proxy.requests) - before <= 2 * MOST_TRIES
    proxy.always = OK
    assert error.value.may_be_done == (fault in {LOST, CUT})
    assert await number(store) == (1 if fault == LOST else None)


@pytest.mark.parametrize("status", [400, 401, 403, 413])
async def test_what_no_patience_helps_against_is_said_at_once(
    status: int, store: ListedStore, proxy: TablesProxy, waits: Waits
) -> None:
    proxy.always = status
    works = (store.insert("p", "k", {}), store.get("p", "k"), store.range("p"), store.check())
    ended = await asyncio.gather(*works, return_exceptions=True)
    assert all(isinstance(one, StoreError) for one in ended)
    assert not any(isinstance(one, StoreUnavailable) for one in ended)
    assert waits.seconds == []
    hints = {"Storage Table Data Contributor" in str(one) for one in ended}
    assert hints == {status in {401, 403}}
    proxy.always = OK


async def test_a_table_that_was_deleted_is_no_empty_one(
    store: ListedStore, proxy: TablesProxy
) -> None:
    version = await store.insert("p", "k", {"n": 1})
    proxy.always = 404
    ended = await asyncio.gather(
        store.get("p", "k"),
        store.insert("p", "k", {"n": 2}),
        store.replace("p", "k", {"n": 2}, version),
        store.batch("p", [Insert(key="k", value={}), Delete(key="x")]),
        store.range("p"),
        store.partitions(),
        return_exceptions=True,
    )
    assert all("table is not there" in str(one) for one in ended), ended
    proxy.always = OK


async def test_a_process_that_dies_in_a_batch_leaves_all_of_it_or_nothing(
    store: ListedStore, proxy: TablesProxy
) -> None:
    operations = [Insert(key=f"{n:02}", value={"n": n}) for n in range(50)]
    for fault, count in ((CUT, 0), (LOST, 50)):
        proxy.faults = [fault]
        proxy.met.clear()
        task = asyncio.create_task(store.batch("p", operations))
        await proxy.met.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(await store.range("p")) in {count, 50}
