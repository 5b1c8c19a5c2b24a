"""Recipes in the store: those of messages that may change, apart from those that will not."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.outbox.entry import LIVE, OutboxEntry
from bot.state.store import Delete, Entry, Insert, Store, everything, readable, readable_one


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """A recipe as it was read: where it lies, and the version to replace it by."""

    partition: str
    recipe: OutboxEntry
    version: str


class OutboxRepository:
    """Reads and writes recipes; a write fails when somebody else wrote since it was read."""

    def __init__(self, store: Store) -> None:
        """Borrow the store."""
        self._store = store

    async def live(self, partition: str) -> Sequence[StoredEntry]:
        """Every message of a partition that may change."""
        entries = await everything(self._store, partition, LIVE)
        return await readable(self._store, partition, entries, lambda one: _slot(partition, one))

    async def get(self, partition: str, key: str) -> StoredEntry | None:
        """One message; None when nothing is left to do for it."""
        entry = await self._store.get(partition, key)
        return await readable_one(self._store, partition, entry, lambda one: _slot(partition, one))

    async def put(self, slot: StoredEntry, recipe: OutboxEntry) -> StoredEntry:
        """Write how far a message has come."""
        version = await self._store.replace(
            slot.partition, recipe.key, recipe.to_json(), slot.version
        )
        return StoredEntry(partition=slot.partition, recipe=recipe, version=version)

    async def file(self, slot: StoredEntry, recipe: OutboxEntry) -> None:
        """Put a message away that will not change any more."""
        gone = Delete(key=slot.recipe.key, version=slot.version)
        kept = Insert(key=recipe.filed_key, value=recipe.to_json())
        await self._store.batch(slot.partition, [gone, kept])

    async def drop(self, slot: StoredEntry) -> None:
        """Forget a message."""
        await self._store.delete(slot.partition, slot.recipe.key, slot.version)


def _slot(partition: str, entry: Entry) -> StoredEntry:
    recipe = OutboxEntry.from_json(entry.value)
    if recipe.key != entry.key:
        raise ValueError("an entry that belongs elsewhere")
    return StoredEntry(partition=partition, recipe=recipe, version=entry.version)
