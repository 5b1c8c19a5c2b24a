"""Writes of a leader carry its number, so that one who is none any more cannot write.

Each partition that a leader writes to has a fence: a row with the leader's number. It is replaced
in the same batch as the write itself, by the version that this leader left there. The next leader
puts its own number there with its first write, and from then on a batch of the former one is
refused as a whole, however long it was suspended and wherever it had got to.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from bot.state.locks import KeyedLocks
from bot.state.replicas.leadership import Leadership
from bot.state.store import (
    CONFLICTS,
    Delete,
    Entry,
    Insert,
    ListedStore,
    NotOwner,
    Operation,
    Replace,
    StoreError,
    Value,
)

FENCE = "~fence"
# The fence changes under its leader only where the answer to a write was lost.
_TRIES = 5

_LEADING: ContextVar[bool] = ContextVar("leading", default=False)


@contextmanager
def leading() -> Generator[None]:
    """What is written in here, and in tasks that begin in here, is written by the leader."""
    token = _LEADING.set(True)
    try:
        yield
    finally:
        _LEADING.reset(token)


class FencedStore:
    """A shared store as one replica has it: the leader's writes are fenced, the others are not."""

    def __init__(self, store: ListedStore, leadership: Leadership) -> None:
        """Take over the store; what a former leader writes raises NotOwner."""
        self._store = store
        self._leadership = leadership
        self._fences: dict[str, str] = {}
        self._locks = KeyedLocks[str]()

    async def get(self, partition: str, key: str) -> Entry | None:
        """The entry under a key, or None."""
        return await self._store.get(partition, key)

    async def insert(self, partition: str, key: str, value: Value) -> str:
        """Put a value where none is."""
        if not _LEADING.get():
            return await self._store.insert(partition, key, value)
        return (await self._fenced(partition, [Insert(key=key, value=value)]))[0]

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        """Put a value in the place of a version."""
        if not _LEADING.get():
            return await self._store.replace(partition, key, value, version)
        operation = Replace(key=key, value=value, version=version)
        return (await self._fenced(partition, [operation]))[0]

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        """Take a value away."""
        if not _LEADING.get():
            await self._store.delete(partition, key, version)
        else:
            await self._fenced(partition, [Delete(key=key, version=version)])

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        """Entries with start <= key < end, in the order of their keys, without the fence."""
        found = await self._store.range(partition, start, end, limit + 1)
        return [one for one in found if one.key != FENCE][:limit]

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        """Do all of it or nothing."""
        if not _LEADING.get():
            return await self._store.batch(partition, operations)
        return await self._fenced(partition, operations)

    async def partitions(self) -> Sequence[str]:
        """The names of all partitions."""
        return await self._store.partitions()

    async def check(self) -> None:
        """Raise what keeps the store from being written."""
        if self._leadership.lost.is_set():
            raise NotOwner("another replica leads now")
        await self._store.check()

    async def close(self) -> None:
        """Close the store."""
        await self._store.close()

    async def _fenced(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        """Write as the leader; NotOwner once another one does."""
        async with self._locks.at(partition):
            for _ in range(_TRIES):
                fence = self._fences.pop(partition, None) or await self._raise_fence(partition)
                value = {"term": self._leadership.term}
                moved = Replace(key=FENCE, value=value, version=fence)
                try:
                    versions = await self._store.batch(partition, [moved, *operations])
                except CONFLICTS as error:
                    if error.place != f"{partition}/{FENCE}":
                        self._fences[partition] = fence
                        raise
                    continue
                self._fences[partition] = versions[0]
                return versions[1:]
        raise StoreError("the fence moves under its leader", partition)

    async def _raise_fence(self, partition: str) -> str:
        """Put our number on the fence of a partition; returns the version to move it by."""
        term = self._leadership.term
        entry = await self._store.get(partition, FENCE)
        known = int(entry.value["term"]) if entry else 0
        if not term or known > term:
            self._leadership.give_up()
            raise NotOwner("another replica leads now", partition)
        if entry is None:
            return await self._store.insert(partition, FENCE, {"term": term})
        if known == term:
            return entry.version
        return await self._store.replace(partition, FENCE, {"term": term}, entry.version)
