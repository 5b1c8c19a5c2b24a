"""Copies one store into another, exactly, and goes on where an earlier copy was stopped.

Both are read side by side in the order of their keys, so what is there already is not written
again, and what the source has lost since is deleted. A row in the other store says that a copy is
under way: no bot opens it before it is done, and it is never taken for a store of its own.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from adf.records.glossary import counted
from bot.state.store.interface import (
    Delete,
    Entry,
    Insert,
    ListedStore,
    Operation,
    Replace,
    Unusable,
    Value,
)
from bot.state.store.limits import ITSELF, wire_bytes
from bot.state.store.scans import MOST_IN_A_BATCH, pages
from bot.state.store.updates import update

COPY = "copy"
# A larger request would hold the event loop while it is put together.
_BYTES_AT_ONCE = 1024 * 1024
Pair = tuple[Entry | None, Entry | None]


@dataclass(slots=True, kw_only=True)
class Copied:
    """How many entries were written, were there already, and were deleted as the source's are."""

    written: int = 0
    same: int = 0
    deleted: int = 0

    @property
    def said(self) -> str:
        """The counts in words."""
        written = counted(self.written, "entry")
        return f"{written} written, {self.same} were there, {self.deleted} deleted."


async def copy_store(source: ListedStore, target: ListedStore, label: str) -> Copied:
    """Make `target` equal to `source`; `label` names the source, for a copy that goes on.

    Unusable where the other store holds anything that is not of an unfinished copy of it. Nobody
    may write to either meanwhile.
    """
    await _begin(target, label)
    copied = Copied()
    for partition in sorted({*await source.partitions(), *await target.partitions()}):
        await _copy_partition(source, target, partition, copied)
    await _check_equal(source, target)
    await target.delete(ITSELF, COPY)
    return copied


async def check_no_copy(store: ListedStore) -> None:
    """Unusable while a copy into this store is not finished."""
    entry = await store.get(ITSELF, COPY)
    if entry is not None:
        said = f"a copy from {entry.value.get('from')} into this store is not finished"
        raise Unusable(f"ADFOPS_STORE: {said}; run it again")


async def _begin(target: ListedStore, label: str) -> None:
    """Mark the other store before anything is written into it."""
    entry = await target.get(ITSELF, COPY)
    if entry is None and await target.partitions():
        raise Unusable("the store to copy to is not empty; name a new one")
    if entry is not None and entry.value.get("from") != label:
        raise Unusable(f"a copy from {entry.value.get('from')} into that store is not finished")

    def change(row: Value | None) -> Value | None:
        return None if row else {"from": label}

    await update(target, ITSELF, COPY, change)


async def _copy_partition(
    source: ListedStore, target: ListedStore, partition: str, copied: Copied
) -> None:
    waiting: list[Operation] = []
    size = 0
    async with aclosing(_side_by_side(source, target, partition)) as pairs:
        async for pair in pairs:
            operation = _operation(*pair)
            if operation is None:
                copied.same += 1
                continue
            more = wire_bytes(partition, operation)
            if waiting and (len(waiting) == MOST_IN_A_BATCH or size + more > _BYTES_AT_ONCE):
                await _write(target, partition, waiting, copied)
                waiting, size = [], 0
            waiting.append(operation)
            size += more
    if waiting:
        await _write(target, partition, waiting, copied)


async def _write(
    target: ListedStore, partition: str, operations: Sequence[Operation], copied: Copied
) -> None:
    await target.batch(partition, operations)
    deleted = sum(isinstance(one, Delete) for one in operations)
    copied.deleted += deleted
    copied.written += len(operations) - deleted


async def _check_equal(source: ListedStore, target: ListedStore) -> None:
    """Read both once more; Unusable where somebody wrote to one of them meanwhile."""
    for partition in sorted({*await source.partitions(), *await target.partitions()}):
        async with aclosing(_side_by_side(source, target, partition)) as pairs:
            async for pair in pairs:
                if _operation(*pair) is not None:
                    said = f"somebody wrote to {partition} meanwhile: stop the bot, and copy again"
                    raise Unusable(said)


async def _side_by_side(
    source: ListedStore, target: ListedStore, partition: str
) -> AsyncGenerator[Pair]:
    """The entries of both with the same key together, in the order of the keys."""
    left, right = _entries(source, partition), _entries(target, partition)
    one, other = await anext(left, None), await anext(right, None)
    while one is not None or other is not None:
        is_left = other is None or (one is not None and one.key <= other.key)
        is_right = one is None or (other is not None and other.key <= one.key)
        yield (one if is_left else None, other if is_right else None)
        one = await anext(left, None) if is_left else one
        other = await anext(right, None) if is_right else other


async def _entries(store: ListedStore, partition: str) -> AsyncIterator[Entry]:
    async for page in pages(store, partition):
        for entry in page:
            yield entry


def _operation(source: Entry | None, target: Entry | None) -> Operation | None:
    """What makes the other store's entry that of the source; None where it is already."""
    if source is None:
        return Delete(key=target.key, version=target.version) if target else None
    if target is None:
        return Insert(key=source.key, value=source.value)
    if _text(source.value) == _text(target.value):
        return None
    return Replace(key=source.key, value=source.value, version=target.version)


def _text(value: Value) -> str:
    # 1, 1.0 and true are equal in Python, and are not the same JSON.
    return json.dumps(value)
