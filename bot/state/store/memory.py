"""The store in memory, for tests and the demo: it forgets at the end, and refuses the same."""

from collections.abc import Sequence
from typing import cast

from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Entry,
    Insert,
    Missing,
    Operation,
    Replace,
    Value,
    VersionConflict,
)
from bot.state.store.limits import ITSELF, check_batch, check_key, pack, unpack

Rows = dict[tuple[str, str], tuple[str, int]]


class MemoryStore:
    """Six verbs over a dictionary of JSON text, so that nobody shares a live object."""

    def __init__(self) -> None:
        """Start empty."""
        self._rows: Rows = {}
        self._written = 0

    async def get(self, partition: str, key: str) -> Entry | None:
        """The entry under a key, or None."""
        check_key(partition)
        check_key(key)
        row = self._rows.get((partition, key))
        return _entry(key, row) if row else None

    async def insert(self, partition: str, key: str, value: Value) -> str:
        """Put a value where none is."""
        return self._insert(self._rows, partition, Insert(key=key, value=value))

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        """Put a value in the place of a version."""
        return self._replace(self._rows, partition, Replace(key=key, value=value, version=version))

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        """Take a value away."""
        self._delete(self._rows, partition, Delete(key=key, version=version))

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        """Entries with start <= key < end, in the order of their keys."""
        check_key(partition)
        keys = sorted(
            (key for place, key in self._rows if place == partition), key=lambda key: key.encode()
        )
        inside = [key for key in keys if start.encode() <= key.encode()]
        wanted = [key for key in inside if end is None or key.encode() < end.encode()]
        return [_entry(key, self._rows[partition, key]) for key in wanted[:limit]]

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        """Do all of it or nothing."""
        check_batch(partition, operations)
        rows = dict(self._rows)
        versions = [self._do(rows, partition, operation) for operation in operations]
        self._rows = rows
        return versions

    def _do(self, rows: Rows, partition: str, operation: Operation) -> str:
        match operation:
            case Insert():
                return self._insert(rows, partition, operation)
            case Replace():
                return self._replace(rows, partition, operation)
            case Delete():
                return self._delete(rows, partition, operation)

    async def partitions(self) -> Sequence[str]:
        """The names of all partitions."""
        return sorted({partition for partition, _ in self._rows} - {ITSELF})

    async def check(self) -> None:
        """Nothing can go wrong."""

    async def close(self) -> None:
        """Nothing is open."""

    def _insert(self, rows: Rows, partition: str, operation: Insert) -> str:
        text = pack(partition, operation.key, operation.value)
        if (partition, operation.key) in rows:
            raise AlreadyExists("is there already", f"{partition}/{operation.key}")
        return self._write(rows, partition, operation.key, text)

    def _replace(self, rows: Rows, partition: str, operation: Replace) -> str:
        text = pack(partition, operation.key, operation.value)
        _check_version(rows, partition, operation.key, operation.version)
        return self._write(rows, partition, operation.key, text)

    def _delete(self, rows: Rows, partition: str, operation: Delete) -> str:
        check_key(partition)
        check_key(operation.key)
        if operation.version is not None:
            _check_version(rows, partition, operation.key, operation.version)
        rows.pop((partition, operation.key), None)
        return ""

    def _write(self, rows: Rows, partition: str, key: str, text: str) -> str:
        self._written += 1
        rows[partition, key] = (text, self._written)
        return str(self._written)


def _check_version(rows: Rows, partition: str, key: str, version: str) -> None:
    row = rows.get((partition, key))
    if row is None:
        raise Missing("is not there", f"{partition}/{key}")
    if str(row[1]) != version:
        raise VersionConflict("has a newer version", f"{partition}/{key}")


def _entry(key: str, row: tuple[str, int]) -> Entry:
    return Entry(key=key, value=cast("Value", unpack(row[0])), version=str(row[1]))
