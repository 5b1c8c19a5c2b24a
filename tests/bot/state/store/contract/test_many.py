"""Many entries and large ones: read page by page to the end, and nothing left out."""

import asyncio

import pytest

from bot.state.store import (
    Delete,
    Insert,
    ListedStore,
    Replace,
    UnsupportedByTables,
    drop,
    everything,
    pages,
    parts,
    read_all,
)
from bot.state.store.limits import LARGEST_ENTITY

# Azurite is another process, with a clock of its own.
pytestmark = pytest.mark.real_time

FEW, MANY = 1_200, 10_000


async def fill(store: ListedStore, count: int, partition: str = "p") -> None:
    entries = [Insert(key=f"{n:06}", value={"n": n}) for n in range(count)]
    await asyncio.gather(*(store.batch(partition, some) for some in parts(entries)))


async def play_many(store: ListedStore, count: int) -> None:
    """Fill a partition, read parts of it and all of it, and empty it."""
    await fill(store, count)
    await store.insert("q", "000000", {})
    assert [one.value["n"] for one in await read_all(store, "p")] == list(range(count))
    assert len(await store.range("p")) == 1000
    assert len(await store.range("p", limit=count // 2)) == count // 2
    last = [f"{count - 2:06}", f"{count - 1:06}"]
    assert [one.key for one in await store.range("p", last[0])] == last
    assert len(await everything(store, "p", "0007")) == 100
    await drop(store, "p", [f"{n:06}" for n in range(count)])
    assert await store.partitions() == ["q"]


async def test_a_partition_of_several_pages_is_read_and_deleted(store: ListedStore) -> None:
    await play_many(store, FEW)


@pytest.mark.prove
async def test_ten_thousand_entries_of_a_partition_are_read_and_deleted(store: ListedStore) -> None:
    await play_many(store, MANY)


async def test_a_limit_of_none_reads_nothing(store: ListedStore) -> None:
    await store.insert("p", "k", {})
    assert list(await store.range("p", limit=0)) == []


async def test_a_range_whose_end_is_not_behind_its_start_is_empty(store: ListedStore) -> None:
    await fill(store, 3)
    assert list(await store.range("p", "000002", "000002")) == []
    assert list(await store.range("p", "000002", "000001")) == []


async def test_what_is_written_while_pages_are_read_is_in_the_later_ones(
    store: ListedStore,
) -> None:
    await fill(store, 1200)
    seen: list[str] = []
    async for page in pages(store, "p"):
        if not seen:
            await store.insert("p", "999999", {})
            await store.delete("p", "001100")
        seen += [one.key for one in page]
    assert seen == [f"{n:06}" for n in range(1200) if n != 1100] + ["999999"]


async def test_the_largest_entity_fits(store: ListedStore) -> None:
    string = "a" * 32_000
    largest = {"x": [string] * (LARGEST_ENTITY // 2 // 32_004 - 1)}
    version = await store.insert("p", "k", largest)
    entry = await store.get("p", "k")
    assert entry is not None
    assert entry.value == largest
    await store.replace("p", "k", {"small": True}, version)
    entry = await store.get("p", "k")
    assert entry is not None
    assert entry.value == {"small": True}


@pytest.mark.parametrize("letter", ["ü", "😀", '"', "\\", "\n", "\x00", "\u2028", "\ufeff"])
async def test_long_strings_of_any_letter_come_back(letter: str, store: ListedStore) -> None:
    value = {"x": [letter * 16_000] * 3, letter: letter}
    await store.insert("p", "k", value)
    await store.batch("p", [Insert(key="b", value=value), Insert(key="c", value={})])
    for key in ("k", "b"):
        entry = await store.get("p", key)
        assert entry is not None
        assert entry.value == value


# aiohttp warns of a body of more than a megabyte in one piece, which is how the SDK sends it.
@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_batch_has_four_megabytes(store: ListedStore) -> None:
    value = {"x": ["a" * 30_000] * 10}
    fits = [Insert(key=f"{n}", value=value) for n in range(13)]
    await store.batch("p", fits)
    versions = {one.key: one.version for one in await store.range("p")}
    more = [Replace(key=key, value=value, version=version) for key, version in versions.items()]
    with pytest.raises(UnsupportedByTables):
        await store.batch("p", [*more, Insert(key="14", value=value)])
    assert len(await store.range("p")) == 13


async def test_a_batch_of_a_hundred_small_ones_of_each_kind_fits(store: ListedStore) -> None:
    versions = await store.batch("p", [Insert(key=f"{n:02}", value={}) for n in range(100)])
    replaced = [
        Replace(key=f"{n:02}", value={"n": n}, version=version)
        for n, version in enumerate(versions)
    ]
    versions = await store.batch("p", replaced)
    deleted = [Delete(key=f"{n:02}", version=version) for n, version in enumerate(versions)]
    await store.batch("p", deleted)
    assert list(await store.range("p")) == []
