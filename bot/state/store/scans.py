"""Reads and deletes of many entries: all keys with a prefix, and more than one batch."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from bot.state.store.interface import Delete, Entry, Store

T = TypeVar("T")

# Azure Tables takes at most 100 operations in one batch.
MOST_IN_A_BATCH = 100
_MOST_READ = 100_000


async def everything(store: Store, partition: str, prefix: str) -> Sequence[Entry]:
    """All entries whose keys begin alike."""
    end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return await store.range(partition, prefix, end, limit=_MOST_READ)


def parts(many: Sequence[T], size: int = MOST_IN_A_BATCH) -> Iterable[Sequence[T]]:
    """What is too much for one batch, in several."""
    return (many[at : at + size] for at in range(0, len(many), size))


async def drop(store: Store, partition: str, keys: Sequence[str]) -> None:
    """Delete many keys, a batch at a time."""
    for some in parts(keys):
        await store.batch(partition, [Delete(key=key) for key in some])
