"""One contract for every store: six verbs, versions, order, all or nothing, the same refusals."""

import asyncio
from typing import Any

import pytest

from bot.state.store import (
    AlreadyExists,
    Delete,
    Insert,
    Missing,
    Operation,
    Replace,
    Store,
    UnsupportedByTables,
    VersionConflict,
)
from bot.state.store.scans import everything

# Azurite is another process, with a clock of its own.
pytestmark = pytest.mark.real_time


async def test_what_is_put_in_comes_back(store: Store) -> None:
    version = await store.insert("p", "k", {"a": [1, None, "ü😀"], "b": {"c": True}})
    entry = await store.get("p", "k")
    assert entry is not None
    assert (entry.value, entry.version) == ({"a": [1, None, "ü😀"], "b": {"c": True}}, version)


async def test_nothing_is_none(store: Store) -> None:
    assert await store.get("p", "k") is None


async def test_values_are_copies(store: Store) -> None:
    value = {"list": [1]}
    await store.insert("p", "k", value)
    value["list"].append(2)
    entry = await store.get("p", "k")
    assert entry is not None
    assert entry.value == {"list": [1]}


async def test_a_second_insert_is_refused_and_changes_nothing(store: Store) -> None:
    await store.insert("p", "k", {"n": 1})
    with pytest.raises(AlreadyExists):
        await store.insert("p", "k", {"n": 2})
    entry = await store.get("p", "k")
    assert entry is not None
    assert entry.value == {"n": 1}


async def test_of_twenty_inserts_at_once_one_wins(store: Store) -> None:
    tries = (store.insert("p", "k", {"n": n}) for n in range(20))
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, AlreadyExists) for one in ended) == 19


async def test_only_the_newest_version_can_be_replaced(store: Store) -> None:
    first = await store.insert("p", "k", {"n": 1})
    second = await store.replace("p", "k", {"n": 2}, first)
    with pytest.raises(VersionConflict):
        await store.replace("p", "k", {"n": 3}, first)
    await store.replace("p", "k", {"n": 4}, second)


async def test_of_twenty_replacements_at_once_one_wins(store: Store) -> None:
    version = await store.insert("p", "k", {"n": 0})
    tries = (store.replace("p", "k", {"n": n}, version) for n in range(20))
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, VersionConflict) for one in ended) == 19


async def test_what_is_not_there_cannot_be_replaced(store: Store) -> None:
    with pytest.raises(Missing):
        await store.replace("p", "k", {}, "1")


async def test_a_version_never_comes_back(store: Store) -> None:
    first = await store.insert("p", "k", {})
    await store.delete("p", "k")
    assert await store.insert("p", "k", {}) != first


async def test_deleting_is_fine_twice_but_not_by_an_old_version(store: Store) -> None:
    first = await store.insert("p", "k", {})
    second = await store.replace("p", "k", {"n": 1}, first)
    with pytest.raises(VersionConflict):
        await store.delete("p", "k", first)
    await store.delete("p", "k", second)
    await store.delete("p", "k")
    with pytest.raises(Missing):
        await store.delete("p", "k", second)


async def test_a_range_is_ordered_half_open_and_of_one_partition(store: Store) -> None:
    for key in ("b", "a", "d", "c", "ä", "B"):
        await store.insert("p", key, {"key": key})
    await store.insert("other", "b", {})
    assert [one.key for one in await store.range("p")] == ["B", "a", "b", "c", "d", "ä"]
    assert [one.key for one in await store.range("p", "b", "d")] == ["b", "c"]
    assert [one.key for one in await store.range("p", limit=2)] == ["B", "a"]
    assert list(await store.range("empty")) == []


async def test_a_batch_does_all_of_it(store: Store) -> None:
    kept = await store.insert("p", "kept", {"n": 1})
    await store.insert("p", "gone", {})
    await store.batch(
        "p",
        [
            Insert(key="new", value={"n": 2}),
            Replace(key="kept", value={"n": 3}, version=kept),
            Delete(key="gone"),
        ],
    )
    assert [(one.key, one.value) for one in await store.range("p")] == [
        ("kept", {"n": 3}),
        ("new", {"n": 2}),
    ]


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (Insert(key="there", value={}), AlreadyExists),
        (Replace(key="there", value={}, version="999"), VersionConflict),
        (Replace(key="nowhere", value={}, version="1"), Missing),
        (Insert(key="a/b", value={}), UnsupportedByTables),
    ],
)
async def test_a_batch_with_one_trouble_does_nothing(
    last: Operation, error: type[Exception], store: Store
) -> None:
    await store.insert("p", "there", {"n": 1})
    with pytest.raises(error):
        await store.batch("p", [Insert(key="new", value={}), Delete(key="x"), last])
    assert [one.key for one in await store.range("p")] == ["there"]


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_has_one_to_a_hundred_operations(count: int, store: Store) -> None:
    with pytest.raises(UnsupportedByTables):
        await store.batch("p", [Insert(key=f"k{n}", value={}) for n in range(count)])


async def test_a_batch_names_each_key_once(store: Store) -> None:
    with pytest.raises(UnsupportedByTables):
        await store.batch("p", [Insert(key="k", value={}), Delete(key="k")])


@pytest.mark.parametrize("key", ["", "a/b", "a\\b", "a#b", "a?b", "a\nb", "a\x7fb", "x" * 513])
async def test_a_key_that_tables_could_not_hold_is_refused(key: str, store: Store) -> None:
    with pytest.raises(UnsupportedByTables):
        await store.insert("p", key, {})
    with pytest.raises(UnsupportedByTables):
        await store.insert(key, "k", {})
    with pytest.raises(UnsupportedByTables):
        await store.get("p", key)


@pytest.mark.parametrize(
    "value",
    [
        {"x": "a" * (32 * 1024 + 1)},
        {"x": "😀" * (16 * 1024 + 1)},
        {"x": ["a" * 30_000] * 40},
        {"x": float("nan")},
        {"x": 2**64},
        {"x": [{"y": -(2**63) - 1}]},
        {"x": b"bytes"},
        {"x": {1, 2}},
        {"x": "\ud800"},
        {7: "x"},
        ["x"],
        "x",
        None,
    ],
    ids=lambda value: str(value)[:12],
)
async def test_a_value_that_tables_could_not_hold_is_refused(value: Any, store: Store) -> None:  # noqa: ANN401
    with pytest.raises(UnsupportedByTables):
        await store.insert("p", "k", value)
    assert await store.get("p", "k") is None


async def test_the_longest_string_fits(store: Store) -> None:
    await store.insert("p", "k", {"x": "a" * 32 * 1024})


async def test_a_scan_without_a_prefix_reads_the_whole_partition(store: Store) -> None:
    for key in ("a", "b", "\U0010ffff"):
        await store.insert("p", key, {"at": key})
    assert [one.key for one in await everything(store, "p", "")] == ["a", "b", "\U0010ffff"]
    assert [one.key for one in await everything(store, "p", "b")] == ["b"]
