"""The store on Azure Tables: a partition of ours is one of theirs, and an ETag is a version."""

import uuid
from collections.abc import Awaitable, Callable, Sequence

from azure.data.tables.aio import TableClient

from bot.state.store.interface import Delete, Entry, Insert, Operation, Replace, Value
from bot.state.store.limits import ITSELF, check_key
from bot.state.store.scans import NEXT
from bot.state.store.tables.entities import read_entry
from bot.state.store.tables.patience import Patience
from bot.state.store.tables.reads import TableReader
from bot.state.store.tables.writes import TableWriter

# The most that the service puts in a page.
PAGE = 1000
_CHECKED = "checked"


class TablesStore:
    """Six verbs on a table. Opened by `open_tables`; close it at the end."""

    def __init__(
        self,
        table: TableClient,
        close: Callable[[], Awaitable[None]],
        patience: Patience | None = None,
        make_mark: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        """Take over the client; `make_mark` makes what no two writes share."""
        patience = patience or Patience()
        self._reader = TableReader(table, patience)
        self._writer = TableWriter(table, self._reader, patience, make_mark)
        self._close = close

    async def get(self, partition: str, key: str) -> Entry | None:
        """The entry under a key, or None."""
        entity = await self._reader.entity(partition, key)
        return None if entity is None else read_entry(entity)

    async def insert(self, partition: str, key: str, value: Value) -> str:
        """Put a value where none is."""
        return await self._writer.insert(partition, Insert(key=key, value=value))

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        """Put a value in the place of a version."""
        operation = Replace(key=key, value=value, version=version)
        return await self._writer.replace(partition, operation)

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        """Take a value away."""
        if version is None:
            check_key(partition)
            check_key(key)
            await self._writer.delete(partition, key)
        else:
            # Alone, the SDK keeps to itself that nothing was there.
            await self._writer.batch(partition, [Delete(key=key, version=version)])

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        """Entries with start <= key < end, in the order of their keys."""
        check_key(partition)
        found: list[Entry] = []
        while (size := min(PAGE, limit - len(found))) > 0:
            page = [read_entry(one) for one in await self._reader.page(partition, start, end, size)]
            found += page
            if len(page) < size:
                break
            start = page[-1].key + NEXT
        return found

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        """Do all of it or nothing."""
        return await self._writer.batch(partition, operations)

    async def partitions(self) -> Sequence[str]:
        """The names of all partitions."""
        return sorted(one for one in await self._reader.partitions() if one != ITSELF)

    async def check(self) -> None:
        """Raise what keeps the store from being written; a write tries it out."""
        await self._writer.touch(ITSELF, _CHECKED)

    async def close(self) -> None:
        """Close the connection."""
        await self._close()
