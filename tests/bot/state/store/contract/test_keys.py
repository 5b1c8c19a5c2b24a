"""Keys of every script come back as they were, in the order of their code points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.state.store import AlreadyExists, Delete, Insert, ListedStore, UnsupportedByTables
from bot.state.store.keys import escape_key, unescape_key
from bot.state.store.limits import LONGEST_KEY

# Azurite is another process, with a clock of its own.
pytestmark = pytest.mark.real_time

KEYS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\#?"), min_size=1
)
NASTY = [
    "it's",
    "''",
    "100%",
    "%2F",
    "%",
    'say "hi"',
    " leading",
    "trailing ",
    "a b",
    ".",
    "..",
    "$batch",
    "a&b=c",
    "a+b",
    "a;b,c:d@e",
    "<a>",
    "{b}",
    "(c)'",
    "v1|v2",
    "null",
    "日本語",
    "ÄÖÜß",
    "é",
    "e\u0301",
    "👩‍🚀",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\U0010ffff",
    "\u200b",
    "19:ops@thread.tacv2;messageid=7",
]


@given(KEYS)
def test_an_escaped_key_comes_back(key: str) -> None:
    assert unescape_key(escape_key(key)) == key


@given(KEYS, KEYS)
def test_escaped_keys_sort_by_utf16_as_the_keys_by_code_point(one: str, other: str) -> None:
    escaped = [escape_key(key).encode("utf-16-be") for key in (one, other)]
    assert (escaped[0] < escaped[1]) == (one < other)


@pytest.mark.parametrize("key", NASTY)
async def test_a_key_of_odd_characters_comes_back(key: str, store: ListedStore) -> None:
    version = await store.insert(key, key, {"key": key})
    assert [(one.key, one.value) for one in await store.range(key)] == [(key, {"key": key})]
    version = await store.replace(key, key, {"key": key, "n": 2}, version)
    with pytest.raises(AlreadyExists):
        await store.batch(key, [Insert(key=key, value={}), Insert(key="other", value={})])
    assert await store.partitions() == [key]
    entry = await store.get(key, key)
    assert entry is not None
    assert (entry.key, entry.version) == (key, version)
    await store.batch(key, [Delete(key=key, version=version)])
    assert await store.get(key, key) is None


async def test_keys_that_differ_in_case_alone_are_two(store: ListedStore) -> None:
    await store.insert("p", "Key", {"n": 1})
    await store.insert("p", "key", {"n": 2})
    await store.insert("P", "key", {"n": 3})
    assert [one.value["n"] for one in await store.range("p")] == [1, 2]


async def test_keys_are_in_the_order_of_their_code_points(store: ListedStore) -> None:
    keys = sorted({*NASTY, "\ud7fe", "\ue001", "\U0001f600", "z", "~", "\xa0"})
    await store.batch("p", [Insert(key=key, value={}) for key in reversed(keys)])
    assert [one.key for one in await store.range("p")] == keys
    for index in range(0, len(keys), 5):
        found = await store.range("p", keys[index], keys[-1])
        assert [one.key for one in found] == keys[index:-1]


async def test_the_longest_key_fits_whatever_it_is_made_of(store: ListedStore) -> None:
    longest = ["k" * LONGEST_KEY, "ü" * LONGEST_KEY, "😀" * (LONGEST_KEY // 7)]
    for key in longest:
        await store.batch(key, [Insert(key=key, value={})])
        assert await store.get(key, key) is not None
    with pytest.raises(UnsupportedByTables):
        await store.insert("p", "😀" * (LONGEST_KEY // 7 + 1), {})


async def test_what_a_store_says_of_itself_is_no_partition(store: ListedStore) -> None:
    await store.check()
    assert await store.partitions() == []


async def test_partitions_are_named_once_and_in_order(store: ListedStore) -> None:
    for partition in ("b", "a", "ä", "\ue000", "😀"):
        for key in ("1", "2"):
            await store.insert(partition, key, {})
    assert await store.partitions() == ["a", "b", "ä", "\ue000", "😀"]
