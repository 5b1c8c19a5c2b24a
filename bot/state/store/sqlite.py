"""The store in the box: one SQLite file, one worker thread, each write on disk before it counts.

Writes that wait at the same moment share one transaction, each within a savepoint of its own: one
flush to the disk serves them all. Each transaction asks the lease, at its begin and before its end.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Entry,
    Insert,
    Missing,
    Operation,
    Replace,
    StoreError,
    Value,
    VersionConflict,
)
from bot.state.store.lease import StoreLease
from bot.state.store.limits import ITSELF, check_batch, check_key, pack, unpack

T = TypeVar("T")
Work = Callable[[], Any]


class SqliteStore:
    """Six verbs on a SQLite file. Opened by `open_sqlite`; close it at the end."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        thread: ThreadPoolExecutor,
        file: Path | None = None,
        lease: StoreLease | None = None,
    ) -> None:
        """Take over the connection, the thread it may be used in, and the lease on the file."""
        self._connection = connection
        self._thread = thread
        self._file = file
        self._identity = _identity(file)
        self._lease = lease
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def get(self, partition: str, key: str) -> Entry | None:
        """The entry under a key, or None."""
        check_key(partition)
        check_key(key)
        return await self._run(lambda: self._get(partition, key))

    async def insert(self, partition: str, key: str, value: Value) -> str:
        """Put a value where none is."""
        return await self._write(lambda: self._insert(partition, Insert(key=key, value=value)))

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        """Put a value in the place of a version."""
        operation = Replace(key=key, value=value, version=version)
        return await self._write(lambda: self._replace(partition, operation))

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        """Take a value away."""
        await self._write(lambda: self._delete(partition, Delete(key=key, version=version)))

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        """Entries with start <= key < end, in the order of their keys."""
        check_key(partition)
        words = (
            "SELECT key, value, version FROM entries WHERE partition = ? AND key >= ?"
            " AND (? IS NULL OR key < ?) ORDER BY key LIMIT ?"
        )
        values = (partition, start, end, end, limit)
        # JSON is read in the thread as well: a page of it would hold the event loop.
        return await self._run(
            lambda: [_entry(row) for row in self._connection.execute(words, values)]
        )

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        """Do all of it or nothing."""
        check_batch(partition, operations)
        return await self._write(lambda: [self._do(partition, one) for one in operations])

    async def partitions(self) -> Sequence[str]:
        """The names of all partitions."""
        words = "SELECT DISTINCT partition FROM entries WHERE partition <> ? ORDER BY partition"
        rows = await self._run(lambda: self._connection.execute(words, (ITSELF,)).fetchall())
        return [str(row[0]) for row in rows]

    async def check(self) -> None:
        """Raise what keeps the store from being written; a write tries it out."""
        try:
            await self._run(self._check_file)
            await self._write(self._next)
        except sqlite3.Error as error:
            raise StoreError(f"the store cannot be written: {error}") from None

    async def close(self) -> None:
        """Write what waits, close the file, give the lease back and end the thread."""
        if self._flushing:
            await asyncio.wait([self._flushing])
        await self._run(self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        self._connection.close()
        if self._lease:
            self._lease.release()

    def _check_file(self) -> None:
        if self._identity != _identity(self._file):
            raise StoreError("the file of the store was removed or replaced")

    def _get(self, partition: str, key: str) -> Entry | None:
        row = self._row(partition, key)
        return _entry((key, *row)) if row else None

    def _do(self, partition: str, operation: Operation) -> str:
        match operation:
            case Insert():
                return self._insert(partition, operation)
            case Replace():
                return self._replace(partition, operation)
            case Delete():
                return self._delete(partition, operation)

    def _insert(self, partition: str, operation: Insert) -> str:
        text, version = pack(partition, operation.key, operation.value), self._next()
        words = "INSERT INTO entries VALUES (?, ?, ?, ?)"
        try:
            self._connection.execute(words, (partition, operation.key, text, version))
        except sqlite3.IntegrityError:
            raise AlreadyExists("is there already", f"{partition}/{operation.key}") from None
        return str(version)

    def _replace(self, partition: str, operation: Replace) -> str:
        text = pack(partition, operation.key, operation.value)
        self._check_version(partition, operation.key, operation.version)
        version = self._next()
        words = "UPDATE entries SET value = ?, version = ? WHERE partition = ? AND key = ?"
        self._connection.execute(words, (text, version, partition, operation.key))
        return str(version)

    def _delete(self, partition: str, operation: Delete) -> str:
        check_key(partition)
        check_key(operation.key)
        if operation.version is not None:
            self._check_version(partition, operation.key, operation.version)
        words = "DELETE FROM entries WHERE partition = ? AND key = ?"
        self._connection.execute(words, (partition, operation.key))
        return ""

    def _check_version(self, partition: str, key: str, version: str) -> None:
        row = self._row(partition, key)
        if row is None:
            raise Missing("is not there", f"{partition}/{key}")
        if str(row[1]) != version:
            raise VersionConflict("has a newer version", f"{partition}/{key}")

    def _row(self, partition: str, key: str) -> tuple[str, int] | None:
        words = "SELECT value, version FROM entries WHERE partition = ? AND key = ?"
        return self._connection.execute(words, (partition, key)).fetchone()

    def _next(self) -> int:
        """A version that was never used, not even for an entry that was deleted since."""
        self._connection.execute("UPDATE counter SET written = written + 1")
        return int(self._connection.execute("SELECT written FROM counter").fetchone()[0])

    async def _write(self, work: Callable[[], T]) -> T:
        """Have it written with whatever else waits; raises what it raises itself."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        return await done

    async def _flush(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting, []
            outcomes = await self._run(lambda: self._commit([work for work, _ in some]))  # noqa: B023
            for (_, done), outcome in zip(some, outcomes, strict=True):
                _settle(done, outcome)

    def _commit(self, works: Sequence[Work]) -> Sequence[object]:
        """What each came to, or raised; where all would fail for one's sake, each is done alone."""
        try:
            return self._in_transaction(works)
        except Exception as error:  # noqa: BLE001 - it is raised where it belongs
            if len(works) == 1 or isinstance(error, StoreError):
                return [error] * len(works)
            return [outcome for work in works for outcome in self._commit([work])]

    def _in_transaction(self, works: Sequence[Work]) -> Sequence[object]:
        self._check_lease()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [self._in_savepoint(work) for work in works]
            self._check_lease()
            self._connection.execute("COMMIT")
            # Whoever was suspended within the commit has written into a file that is left behind.
            self._check_lease()
        except BaseException:
            # A full disk has ended the transaction by itself.
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
        return outcomes

    def _in_savepoint(self, work: Work) -> object:
        self._connection.execute("SAVEPOINT one")
        try:
            done = work()
        except StoreError as error:
            self._connection.execute("ROLLBACK TO one")
            done = error
        self._connection.execute("RELEASE one")
        return done

    def _check_lease(self) -> None:
        if self._lease:
            self._lease.check()

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _settle(done: "asyncio.Future[Any]", outcome: object) -> None:
    if done.done():
        return
    if isinstance(outcome, BaseException):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)


def _identity(file: Path | None) -> tuple[int, int]:
    """Which file lies under the path; zeros for none."""
    try:
        found = file.stat() if file else None
    except OSError:
        found = None
    return (found.st_dev, found.st_ino) if found else (0, 0)


def _entry(row: tuple[str, str, int]) -> Entry:
    key, text, version = row
    try:
        value: object = unpack(text)
    except ValueError:
        value = None
    # What is no JSON object fits no type of ours, and is set aside by whoever wanted to read it.
    read = cast("Value", value) if isinstance(value, dict) else {"unreadable": True}
    return Entry(key=key, value=read, version=str(version))
