"""Reads of a table: one entity, the entities of a range, the partitions there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables.aio import TableClient

from bot.state.store.keys import escape_key, unescape_key
from bot.state.store.limits import check_key
from bot.state.store.scans import NEXT
from bot.state.store.tables.entities import address
from bot.state.store.tables.patience import Attempt, Patience
from bot.state.store.tables.refusals import check_table

Entity = Mapping[str, Any]


class TableReader:
    """Reads of one table, each repeated while the service is busy."""

    def __init__(self, table: TableClient, patience: Patience) -> None:
        """Borrow the client."""
        self._table = table
        self._patience = patience

    async def entity(self, partition: str, key: str) -> Entity | None:
        """The entity under a key, or None."""
        check_key(partition)
        check_key(key)
        where = address(partition, key)

        async def once(_: Attempt) -> Entity | None:
            try:
                return await self._table.get_entity(where["PartitionKey"], where["RowKey"])
            except ResourceNotFoundError as error:
                check_table(error)
                return None

        return await self._patience.call(once, f"{partition}/{key}")

    async def page(
        self, partition: str, start: str, end: str | None, size: int
    ) -> Sequence[Entity]:
        """The first entities with start <= key < end; fewer than `size` only where no more are."""
        words = f"PartitionKey eq {_literal(partition)}"
        # No key holds that character, and the service takes no control characters at all.
        if start.endswith(NEXT):
            words += f" and RowKey gt {_literal(start.removesuffix(NEXT))}"
        elif start:
            words += f" and RowKey ge {_literal(start)}"
        if end is not None:
            words += f" and RowKey lt {_literal(end)}"
        return await self._first(words, size)

    async def partitions(self) -> Sequence[str]:
        """The names of all partitions, each found behind the one before it."""
        names: list[str] = []
        while found := await self._first(f"PartitionKey gt {_literal(names[-1] if names else '')}"):
            names.append(unescape_key(str(found[0]["PartitionKey"])))
        return names

    async def _first(self, words: str, size: int = 1) -> Sequence[Entity]:
        """The service may end a page of its own anywhere; the SDK goes on behind it."""

        async def once(_: Attempt) -> Sequence[Entity]:
            found: list[Entity] = []
            async for entity in self._table.query_entities(words, results_per_page=size):
                found.append(entity)
                if len(found) == size:
                    break
            return found

        return await self._patience.call(once)


def _literal(key: str) -> str:
    """A key as it stands in a filter of OData."""
    escaped = escape_key(key).replace("'", "''")
    return f"'{escaped}'"
