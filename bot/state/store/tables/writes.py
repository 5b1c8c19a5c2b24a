"""Writes of a table, each with a mark of its own.

Where the answer to one was lost and the next try is refused, the mark tells whether the first one
was done after all. What only deletes leaves no mark: it counts as done when all of it is gone.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.data.tables import TransactionOperation, UpdateMode
from azure.data.tables.aio import TableClient

from bot.state.store.interface import Delete, Insert, Operation, Replace, StoreUnavailable
from bot.state.store.limits import check_batch
from bot.state.store.tables.entities import WRITE, address, make_entity, version_of
from bot.state.store.tables.patience import Attempt, Patience
from bot.state.store.tables.reads import Entity, TableReader
from bot.state.store.tables.refusals import CONFLICT, Overtaken, check_table, refusal

# Of two who delete at once one finds nothing any more, and makes its batch anew.
MOST_TRIES = 20
# The form of an ETag that no entity ever has.
NO_ETAG = "W/\"datetime'0001-01-01T00%3A00%3A00.0000000Z'\""
_ETAG = re.compile(r"W/\"[\x21\x23-\x7e]*\"")

Call = tuple[TransactionOperation, Mapping[str, Any], Mapping[str, Any]]
Request = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]


class TableWriter:
    """Writes of one table, each repeated while the service is busy."""

    def __init__(
        self,
        table: TableClient,
        reader: TableReader,
        patience: Patience,
        make_mark: Callable[[], str],
    ) -> None:
        """Borrow the client; `make_mark` makes what no two writes share."""
        self._table = table
        self._reader = reader
        self._patience = patience
        self._make_mark = make_mark

    async def insert(self, partition: str, operation: Insert) -> str:
        """Put a value where none is; returns its version."""
        mark = self._make_mark()
        entity = make_entity(partition, operation.key, operation.value, mark)

        async def request() -> Sequence[Mapping[str, Any]]:
            return [await self._table.create_entity(entity)]

        return (await self._send(partition, [operation], mark, request))[0]

    async def replace(self, partition: str, operation: Replace) -> str:
        """Put a value in the place of a version; returns the new one."""
        mark = self._make_mark()
        entity = make_entity(partition, operation.key, operation.value, mark)

        async def request() -> Sequence[Mapping[str, Any]]:
            options = _condition(operation.version)
            return [await self._table.update_entity(entity, mode=UpdateMode.REPLACE, **options)]

        # aiohttp repeats a PUT by itself when a connection breaks that it has used before.
        versions = await self._send(partition, [operation], mark, request, may_be_repeated=True)
        return versions[0]

    async def delete(self, partition: str, key: str) -> None:
        """Take a value away, in whatever version, if it is there."""
        where = address(partition, key)

        async def once(_: Attempt) -> None:
            await self._table.delete_entity(where["PartitionKey"], where["RowKey"])

        await self._patience.call(once, f"{partition}/{key}")

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        """Do all of it or nothing; returns the versions, blank for deletes.

        The service refuses a batch that deletes what is not there, so such deletes are left out.
        """
        check_batch(partition, operations)
        left = operations
        for _ in range(MOST_TRIES - 1):
            try:
                versions = await self._transact(partition, left)
            except Overtaken:
                left = await self._without_needless(partition, operations)
                continue
            return [versions.get(one.key, "") for one in operations]
        raise StoreUnavailable("the batch was overtaken again and again", partition)

    async def touch(self, partition: str, key: str) -> None:
        """Write a row whatever was there."""
        entity = make_entity(partition, key, {}, self._make_mark())

        async def once(_: Attempt) -> None:
            await self._table.upsert_entity(entity, mode=UpdateMode.REPLACE)

        await self._patience.call(once, f"{partition}/{key}")

    async def _transact(self, partition: str, operations: Sequence[Operation]) -> Mapping[str, str]:
        """The versions by key of what was written in one transaction."""
        if not operations:
            return {}
        mark = self._make_mark()
        calls = [_call(partition, one, mark) for one in operations]
        request: Request = lambda: self._table.submit_transaction(calls)  # noqa: E731
        versions = await self._send(partition, operations, mark, request)
        return dict(zip((one.key for one in operations), versions, strict=True))

    async def _send(
        self,
        partition: str,
        operations: Sequence[Operation],
        mark: str,
        request: Request,
        *,
        may_be_repeated: bool = False,
    ) -> Sequence[str]:
        """Send writes that carry a mark; returns their versions, also where the answer was lost."""

        async def once(attempt: Attempt) -> Sequence[str]:
            try:
                return [str(one.get("etag") or "") for one in await request()]
            except HttpResponseError as error:
                if error.status_code not in CONFLICT:
                    raise
                at = min(getattr(error, "index", 0), len(operations) - 1)
                check_table(error, is_insert=isinstance(operations[at], Insert))
                if attempt.may_be_done or may_be_repeated:
                    done = await self._done_before(partition, operations, mark)
                    if done is not None:
                        return done
                raise refusal(operations[at], error, partition) from None

        return await self._patience.call(once, f"{partition}/{operations[0].key}")

    async def _done_before(
        self, partition: str, operations: Sequence[Operation], mark: str
    ) -> Sequence[str] | None:
        """The versions of writes whose answer was lost; None where they were not done."""
        reads = [self._reader.entity(partition, one.key) for one in operations]
        entities = await asyncio.gather(*reads)
        writes = [one for one in operations if not isinstance(one, Delete)]
        if writes and not any(_is_marked(one, mark) for one in entities):
            return None
        if not writes and any(one is not None for one in entities):
            return None
        # Of what was replaced since, the version that we wrote is gone with its answer.
        return [
            version_of(entity) if _is_marked(entity, mark) else _lost(operation)
            for operation, entity in zip(operations, entities, strict=True)
        ]

    async def _without_needless(
        self, partition: str, operations: Sequence[Operation]
    ) -> Sequence[Operation]:
        """The operations without the deletes of what is not there."""
        deletes = [one for one in operations if isinstance(one, Delete) and one.version is None]
        entities = await asyncio.gather(
            *(self._reader.entity(partition, one.key) for one in deletes)
        )
        pairs = zip(deletes, entities, strict=True)
        needless = {one.key for one, entity in pairs if entity is None}
        return [one for one in operations if one.key not in needless]


def _call(partition: str, operation: Operation, mark: str) -> Call:
    """An operation as the SDK has it."""
    match operation:
        case Insert():
            entity = make_entity(partition, operation.key, operation.value, mark)
            return TransactionOperation.CREATE, entity, {}
        case Replace():
            entity = make_entity(partition, operation.key, operation.value, mark)
            options = {"mode": UpdateMode.REPLACE, **_condition(operation.version)}
            return TransactionOperation.UPDATE, entity, options
        case Delete(version=None):
            return TransactionOperation.DELETE, address(partition, operation.key), {}
        case Delete(version=version):
            where = address(partition, operation.key)
            return TransactionOperation.DELETE, where, _condition(version or "")


def _condition(version: str) -> dict[str, Any]:
    """Only while it has that version; what is no version of the service's is that of no entity."""
    etag = version if _ETAG.fullmatch(version) else NO_ETAG
    return {"etag": etag, "match_condition": MatchConditions.IfNotModified}


def _is_marked(entity: Entity | None, mark: str) -> bool:
    return entity is not None and entity.get(WRITE) == mark


def _lost(operation: Operation) -> str:
    return "" if isinstance(operation, Delete) else NO_ETAG
