"""Rows of one type in one partition: JSON in the store, dataclasses outside of it.

A field that is not known is ignored and one that is missing takes its default, so a store may be
read by the version before and after the one that wrote it. What still cannot be read is set aside.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AwareDatetime, PlainSerializer, TypeAdapter

from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Entry,
    Missing,
    Store,
    UnsupportedByTables,
    Value,
    VersionConflict,
)
from bot.state.store.limits import check_key
from bot.state.store.quarantine import readable, readable_one
from bot.state.store.scans import drop, pages, parts
from bot.state.store.updates import retry_on_conflict

# A moment as the first stores wrote it, "+00:00" and not "Z"; a moment without a zone is none.
Moment = Annotated[AwareDatetime, PlainSerializer(datetime.isoformat, return_type=str)]

T = TypeVar("T")


@cache
def _adapter_of(kind: type[T]) -> TypeAdapter[T]:
    """Made once for each type of a process: it takes five milliseconds."""
    return TypeAdapter(kind)


class RowCodec(Generic[T]):
    """The one way from a stored type to JSON and back."""

    def __init__(self, kind: type[T], *, sparse: bool = False) -> None:
        """`sparse` leaves out what is at its default."""
        self._adapter: TypeAdapter[T] = _adapter_of(kind)
        self._sparse = sparse

    def to_json(self, item: T) -> dict[str, Any]:
        """Plain JSON for the store."""
        return self._adapter.dump_python(
            item, mode="json", by_alias=True, exclude_defaults=self._sparse
        )

    def from_json(self, stored: Mapping[str, Any]) -> T:
        """Read back what this version, the one before or the next one wrote."""
        return self._adapter.validate_python(stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[T]):
    """One row as it was read."""

    key: str
    item: T
    version: str


class Rows(Generic[T]):
    """One partition with rows of one type."""

    def __init__(self, store: Store, partition: str, codec: RowCodec[T]) -> None:
        """Borrow the store."""
        self._store = store
        self.partition = partition
        self._codec = codec

    async def get(self, key: str) -> T | None:
        """One row; None when there is none under that key, also for a key that can never be one."""
        row = await self._read(key)
        return row.item if row else None

    async def list_all(self, start: str = "", end: str | None = None) -> Sequence[Row[T]]:
        """Every row with start <= key < end, in the order of the keys."""
        return [row async for some in self.pages(start, end) for row in some]

    async def pages(self, start: str = "", end: str | None = None) -> AsyncIterator[list[Row[T]]]:
        """The same, a page at a time."""
        async for page in pages(self._store, self.partition, start, end):
            yield await readable(self._store, self.partition, page, self._decode)

    async def insert(self, key: str, item: T) -> bool:
        """Put a row where none is; False when one is there."""
        try:
            await self._store.insert(self.partition, key, self._codec.to_json(item))
        except AlreadyExists:
            return False
        return True

    async def update(self, key: str, change: Callable[[T | None], T | None]) -> T | None:
        """Put what `change` makes of a row in its place; None from it leaves the row as it is.

        Returns what was written. A change may be asked several times.
        """
        return await retry_on_conflict(lambda: self._update(key, change))

    async def delete(self, key: str) -> None:
        """Take a row away, if it is there."""
        await self._store.delete(self.partition, key)

    async def delete_all(self, keys: Sequence[str]) -> None:
        """Take many rows away."""
        await drop(self._store, self.partition, keys)

    async def delete_unchanged(self, rows: Sequence[Row[T]]) -> None:
        """Take away what nobody has written since it was read."""
        for some in parts(rows):
            deletes = [Delete(key=row.key, version=row.version) for row in some]
            try:
                await self._store.batch(self.partition, deletes)
            except (VersionConflict, Missing):
                await self._delete_each(some)

    async def _delete_each(self, rows: Sequence[Row[T]]) -> None:
        for row in rows:
            with suppress(VersionConflict, Missing):
                await self._store.delete(self.partition, row.key, row.version)

    async def _update(self, key: str, change: Callable[[T | None], T | None]) -> T | None:
        row = await self._read(key)
        after = change(row.item if row else None)
        if after is None:
            return None
        value: Value = self._codec.to_json(after)
        if row is None:
            await self._store.insert(self.partition, key, value)
        else:
            await self._store.replace(self.partition, key, value, row.version)
        return after

    async def _read(self, key: str) -> Row[T] | None:
        try:
            check_key(key)
        except UnsupportedByTables:
            return None
        entry = await self._store.get(self.partition, key)
        return await readable_one(self._store, self.partition, entry, self._decode)

    def _decode(self, entry: Entry) -> Row[T]:
        item = self._codec.from_json(entry.value)
        return Row(key=entry.key, item=item, version=entry.version)
