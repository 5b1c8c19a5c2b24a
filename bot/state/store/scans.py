"""Reads and deletes of many entries: page by page to the end, so that nothing is ever left out."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TypeVar

from bot.state.store.interface import Delete, Entry, Store

T = TypeVar("T")

# Azure Tables takes at most 100 operations in one batch, and a leader adds one of its own.
MOST_IN_A_BATCH = 99
PAGE = 500
# No key holds a control character, so nothing lies between a key and its successor.
NEXT = "\x01"


async def pages(
    store: Store, partition: str, start: str = "", end: str | None = None
) -> AsyncIterator[Sequence[Entry]]:
    """Every entry with start <= key < end, a page at a time; others have the loop in between."""
    while page := await store.range(partition, start, end, limit=PAGE):
        yield page
        if len(page) < PAGE:
            return
        start = page[-1].key + NEXT


async def read_all(
    store: Store, partition: str, start: str = "", end: str | None = None
) -> Sequence[Entry]:
    """Every entry with start <= key < end, however many there are."""
    return [entry async for page in pages(store, partition, start, end) for entry in page]


async def everything(store: Store, partition: str, prefix: str) -> Sequence[Entry]:
    """All entries whose keys begin alike."""
    end = prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else None
    return await read_all(store, partition, prefix, end)


def parts(many: Sequence[T], size: int = MOST_IN_A_BATCH) -> Iterable[Sequence[T]]:
    """What is too much for one batch, in several."""
    return (many[at : at + size] for at in range(0, len(many), size))


async def drop(store: Store, partition: str, keys: Sequence[str]) -> None:
    """Delete many keys, a batch at a time."""
    for some in parts(keys):
        await store.batch(partition, [Delete(key=key) for key in some])
