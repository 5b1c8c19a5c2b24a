"""Several writers of one row: each wins or is told, and nobody's write is lost."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.state.store import (
    AlreadyExists,
    Delete,
    Insert,
    ListedStore,
    Missing,
    Replace,
    RowCodec,
    Rows,
    StoreError,
    VersionConflict,
    drop,
    read_all,
    update,
)

# Azurite is another process, with a clock of its own.
pytestmark = pytest.mark.real_time

LOST = (AlreadyExists, VersionConflict, Missing)


async def value_of(store: ListedStore, key: str = "k") -> Mapping[str, Any]:
    entry = await store.get("p", key)
    assert entry is not None
    return entry.value


async def test_of_twenty_claimers_of_each_of_five_rows_one_wins(store: ListedStore) -> None:
    tries = [store.insert("p", f"k{n % 5}", {"by": n}) for n in range(100)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    winners = [n for n, one in enumerate(ended) if isinstance(one, str)]
    assert sorted(n % 5 for n in winners) == [0, 1, 2, 3, 4]
    assert {(await value_of(store, f"k{n % 5}"))["by"] for n in winners} == set(winners)


async def test_of_twenty_who_delete_one_version_one_wins(store: ListedStore) -> None:
    version = await store.insert("p", "k", {})
    tries = [store.delete("p", "k", version) for _ in range(20)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert [one for one in ended if one is None] == [None]
    assert sum(isinstance(one, LOST) for one in ended) == 19


async def test_of_twenty_batches_at_once_one_wins(store: ListedStore) -> None:
    version = await store.insert("p", "k", {"n": 0})

    async def move(n: int) -> None:
        moved = Replace(key="k", value={"n": n}, version=version)
        await store.batch("p", [Insert(key=f"by-{n}", value={}), moved])

    ended = await asyncio.gather(*(move(n) for n in range(1, 21)), return_exceptions=True)
    (winner,) = [n for n, one in enumerate(ended, 1) if one is None]
    assert await value_of(store) == {"n": winner}
    assert [one.key for one in await store.range("p", "by-")] == [f"by-{winner}", "k"]


async def test_two_counters_lose_no_count(store: ListedStore) -> None:
    def count(row: Mapping[str, Any] | None) -> Mapping[str, Any]:
        return {"n": (row or {"n": 0})["n"] + 1}

    async def go() -> None:
        for _ in range(10):
            await update(store, "p", "k", count)

    await asyncio.gather(go(), go())
    assert await value_of(store) == {"n": 20}


async def test_a_version_read_before_a_delete_replaces_nothing(store: ListedStore) -> None:
    version = await store.insert("p", "k", {})
    await store.delete("p", "k")
    with pytest.raises(Missing):
        await store.replace("p", "k", {}, version)
    await store.insert("p", "k", {"n": 2})
    with pytest.raises(VersionConflict):
        await store.replace("p", "k", {"n": 3}, version)
    assert await value_of(store) == {"n": 2}


async def test_versions_of_a_batch_are_those_to_replace_by(store: ListedStore) -> None:
    kept = await store.insert("p", "kept", {})
    await store.insert("p", "gone", {})
    versions = await store.batch(
        "p",
        [
            Delete(key="gone"),
            Insert(key="new", value={"n": 1}),
            Delete(key="never"),
            Replace(key="kept", value={"n": 2}, version=kept),
        ],
    )
    assert (versions[0], versions[2]) == ("", "")
    await store.replace("p", "new", {}, versions[1])
    await store.replace("p", "kept", {}, versions[3])


async def test_a_batch_of_deletes_of_nothing_does_nothing(store: ListedStore) -> None:
    assert list(await store.batch("p", [Delete(key="a"), Delete(key="b")])) == ["", ""]


async def test_a_batch_deletes_what_is_there_among_what_is_not(store: ListedStore) -> None:
    for n in range(0, 100, 2):
        await store.insert("p", f"{n:03}", {})
    await store.batch("p", [Delete(key=f"{n:03}") for n in range(100)])
    assert list(await store.range("p")) == []


async def test_batches_that_delete_the_same_rows_all_end(store: ListedStore) -> None:
    await store.batch("p", [Insert(key=f"{n:03}", value={}) for n in range(50)])
    await asyncio.gather(*(drop(store, "p", [f"{n:03}" for n in range(60)]) for _ in range(5)))
    assert list(await store.range("p")) == []


async def test_a_batch_that_is_refused_leaves_versions_as_they_were(store: ListedStore) -> None:
    version = await store.insert("p", "k", {"n": 1})
    with pytest.raises(Missing):
        await store.batch(
            "p",
            [
                Replace(key="k", value={"n": 2}, version=version),
                Delete(key="nowhere", version=version),
            ],
        )
    await store.replace("p", "k", {"n": 3}, version)


async def test_a_batch_names_what_stood_in_its_way(store: ListedStore) -> None:
    await store.insert("p", "there", {})
    with pytest.raises(AlreadyExists) as error:
        await store.batch("p", [Insert(key="a", value={}), Insert(key="there", value={})])
    assert error.value.place == "p/there"


async def test_rows_that_somebody_wrote_since_are_not_deleted(store: ListedStore) -> None:
    rows = Rows(store, "p", RowCodec(dict[str, int]))
    for n in range(150):
        await rows.insert(f"{n:03}", {"n": n})
    read = await rows.list_all()
    await rows.update("007", lambda _: {"n": 700})
    await rows.delete_unchanged(read)
    assert [row.item for row in await rows.list_all()] == [{"n": 700}]


async def test_writes_of_two_partitions_do_not_meet(store: ListedStore) -> None:
    places = [(f"p{n}", f"k{m}") for n in range(4) for m in range(5)]
    await asyncio.gather(*(store.insert(*place, {"at": list(place)}) for place in places))
    for partition, key in places:
        entry = await store.get(partition, key)
        assert entry is not None
        assert entry.value == {"at": [partition, key]}


async def test_a_writer_that_is_cancelled_leaves_all_of_its_batch_or_nothing(
    store: ListedStore,
) -> None:
    async def write(n: int) -> None:
        await store.batch("p", [Insert(key=f"{n}-{part}", value={}) for part in range(20)])

    for n in range(10):
        task = asyncio.create_task(write(n))
        for _ in range(n * 3):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await store.check()
    # A request under way goes on at the service; it ends before anything that is asked after it.
    await store.insert("p", "last", {})
    found = [one.key.split("-")[0] for one in await read_all(store, "p") if one.key != "last"]
    assert {found.count(n) for n in set(found)} <= {20}


async def test_every_refusal_is_an_error_of_the_store(store: ListedStore) -> None:
    for work in (
        store.replace("p", "k", {}, "1"),
        store.delete("p", "k", "1"),
        store.insert("a/b", "k", {}),
        store.batch("p", []),
    ):
        with pytest.raises(StoreError):
            await work
