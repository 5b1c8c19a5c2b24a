"""The store in the box: one SQLite file, one worker thread, each write on disk before it counts."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bot.state.store.interface import (
    AlreadyExists,
    Delete,
    Entry,
    Insert,
    Missing,
    Operation,
    Replace,
    Unusable,
    Value,
    VersionConflict,
)
from bot.state.store.limits import check_batch, check_key, pack

SCHEMA_VERSION = 1
_MARK = 0x41444F50  # "ADOP", so that a foreign database is not taken for ours
# What is replaced or deleted leaves the file at once, and its log with the next write.
_FORGETFUL = ("secure_delete = ON", "wal_autocheckpoint = 1", "journal_size_limit = 0")
_PRAGMAS = tuple(
    f"PRAGMA {one}" for one in ("journal_mode = WAL", "synchronous = FULL", *_FORGETFUL)
)
_TABLE = """CREATE TABLE IF NOT EXISTS entries (
    partition TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (partition, key)) WITHOUT ROWID"""
_COUNTER = "CREATE TABLE IF NOT EXISTS counter (written INTEGER NOT NULL)"

T = TypeVar("T")


class SqliteStore:
    """Six verbs on a SQLite file. Opened by `open_sqlite`; close it at the end."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        """Take over the connection and the thread it may be used in."""
        self._connection = connection
        self._thread = thread

    async def get(self, partition: str, key: str) -> Entry | None:
        """The entry under a key, or None."""
        check_key(partition)
        check_key(key)
        row = await self._run(lambda: self._row(partition, key))
        return _entry((key, *row)) if row else None

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
        rows = await self._run(lambda: self._connection.execute(words, values).fetchall())
        return [_entry(row) for row in rows]

    async def batch(self, partition: str, operations: Sequence[Operation]) -> None:
        """Do all of it or nothing."""
        check_batch(operations)
        await self._write(lambda: self._all(partition, operations))

    async def close(self) -> None:
        """Close the file and end the thread."""
        await self._run(self._connection.close)
        self._thread.shutdown()

    def _all(self, partition: str, operations: Sequence[Operation]) -> None:
        for operation in operations:
            match operation:
                case Insert():
                    self._insert(partition, operation)
                case Replace():
                    self._replace(partition, operation)
                case Delete():
                    self._delete(partition, operation)

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

    def _delete(self, partition: str, operation: Delete) -> None:
        check_key(partition)
        check_key(operation.key)
        if operation.version is not None:
            self._check_version(partition, operation.key, operation.version)
        words = "DELETE FROM entries WHERE partition = ? AND key = ?"
        self._connection.execute(words, (partition, operation.key))

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
        return await self._run(lambda: self._in_transaction(work))

    def _in_transaction(self, work: Callable[[], T]) -> T:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            done = work()
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return done

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


async def open_sqlite(path: str) -> SqliteStore:
    """Open or make the file; Unusable says what is wrong with the path or the file."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="store")
    loop = asyncio.get_running_loop()
    try:
        connection = await loop.run_in_executor(thread, _open, path)
    except BaseException:
        thread.shutdown()
        raise
    return SqliteStore(connection, thread)


def _open(path: str) -> sqlite3.Connection:
    try:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    except (OSError, sqlite3.Error) as error:
        raise Unusable(f"ADFOPS_STORE: cannot open {path}: {error}") from None
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise Unusable(f"ADFOPS_STORE: {path} is no store of ours: {error}") from None
    except Unusable:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and mark != _MARK:
        raise Unusable(f"ADFOPS_STORE: {path} is the database of another program")
    if version > SCHEMA_VERSION:
        raise Unusable(f"ADFOPS_STORE: {path} was written by a newer version of the bot")
    for words in (*_PRAGMAS, _TABLE, _COUNTER):
        connection.execute(words)
    connection.execute("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)")
    connection.execute(f"PRAGMA application_id = {_MARK}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _entry(row: tuple[str, str, int]) -> Entry:
    key, text, version = row
    return Entry(key=key, value=json.loads(text), version=str(version))
