"""Conditions in the store: what the watch says now is compared with what stood before.

Each difference is one write together with the messages that follow from it, so that a crash between
any two steps is made good by the next look: what still stands is said again, what does not is over.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from adf.records import Condition, ConditionOver
from adf.watch.conditions import CheckedConditions
from bot.alerts.conditions.stored import (
    CODEC,
    OPEN,
    PAST,
    StoredCondition,
    begun,
    continued,
    ended,
    factory_of,
    partition_of,
    with_listeners,
)
from bot.messages import Address, Scope
from bot.outbox.entry import FILED, LIVE, OutboxEntry
from bot.state.store import (
    CONFLICTS,
    Delete,
    Entry,
    Insert,
    Operation,
    Replace,
    Store,
    drop,
    everything,
    readable,
    readable_one,
)

RETENTION = timedelta(days=7)

RecipientsOf = Callable[[Condition], Awaitable[Sequence[Address]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A condition as it was read, with the version to replace it by."""

    stored: StoredCondition
    version: str


class ConditionService:
    """Takes what stands now; the same thing may be said any number of times and is told once."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def take(
        self, factory: str, checked: CheckedConditions, recipients: RecipientsOf
    ) -> bool:
        """Write down what began, changed or ended; whether anything did."""
        before = {one.stored.key: one for one in await self._open(factory)}
        over = {one.key: one for one in checked.over}
        changed = False
        for condition in checked.standing:
            known = before.pop(condition.key, None)
            changed = await self._stands(known, condition, recipients) or changed
        for one in before.values():
            if one.stored.kind in checked.read:
                changed = await self._ends(one, over.get(one.stored.key)) or changed
        return changed

    async def find(self, alert_id: str) -> StoredCondition | None:
        """A condition by its id, over or not."""
        factory = factory_of(alert_id)
        partition = partition_of(factory)
        for prefix in (OPEN, PAST):
            entry = await self._store.get(partition, f"{prefix}{alert_id}")
            found = await readable_one(self._store, partition, entry, partial(_read, factory))
            if found is not None:
                return found.stored
        return None

    async def revisions(self, ids: Collection[str]) -> Mapping[str, int]:
        """The revision of each of those that is still known."""
        found = {one: await self.find(one) for one in ids}
        return {name: one.revision for name, one in found.items() if one is not None}

    async def purge(self, factory: str) -> None:
        """Forget what has been over for a week, with its messages."""
        partition, now = partition_of(factory), self._clock()
        past = await readable(
            self._store,
            partition,
            await everything(self._store, partition, PAST),
            partial(_read, factory),
        )
        for one in [one.stored for one in past]:
            if one.over_at and one.over_at < now - RETENTION:
                keys = [one.row_key]
                for prefix in (LIVE, FILED):
                    entries = await everything(self._store, partition, f"{prefix}{one.alert_id}-")
                    keys += [entry.key for entry in entries]
                await drop(self._store, partition, keys)

    async def _open(self, factory: str) -> Sequence[_Read]:
        partition = partition_of(factory)
        entries = await everything(self._store, partition, OPEN)
        return await readable(self._store, partition, entries, partial(_read, factory))

    async def _stands(
        self, known: _Read | None, condition: Condition, recipients: RecipientsOf
    ) -> bool:
        """Write down a condition that stands; whether that is news."""
        if known is None:
            stored = begun(condition)
            if await self.find(stored.alert_id) is not None:
                return False
        else:
            stored = continued(known.stored, condition)
            # Its first sight counts: what it says of itself may move with the look.
            condition = replace(condition, since=stored.since)
        addresses = [_whole(one) for one in await recipients(condition)]
        after, entries = with_listeners(stored, addresses)
        if known is not None and after == known.stored:
            return False
        row = _put(after, known.version if known else None)
        return await self._write(after.factory, [row, *_posts(entries)])

    async def _ends(self, known: _Read, over: ConditionOver | None) -> bool:
        after = ended(known.stored, over, self._clock())
        gone = Delete(key=known.stored.row_key, version=known.version)
        return await self._write(after.factory, [gone, _put(after, None)])

    async def _write(self, factory: str, operations: Sequence[Operation]) -> bool:
        """One batch; who was faster has written the same, or the next look finds out."""
        try:
            await self._store.batch(partition_of(factory), operations)
        except CONFLICTS:
            return False
        return True


def _read(factory: str, entry: Entry) -> _Read:
    stored = CODEC.from_json(entry.value)
    if stored.factory != factory or stored.row_key != entry.key:
        raise ValueError("a condition that belongs elsewhere")
    return _Read(stored=stored, version=entry.version)


def _put(stored: StoredCondition, version: str | None) -> Operation:
    value = CODEC.to_json(stored)
    if version is None:
        return Insert(key=stored.row_key, value=value)
    return Replace(key=stored.row_key, value=value, version=version)


def _posts(entries: Sequence[OutboxEntry]) -> list[Operation]:
    return [Insert(key=one.key, value=one.to_json()) for one in entries]


def _whole(address: Address) -> Address:
    """A channel, not a thread in it: each alert begins its own thread."""
    if address.scope is not Scope.CHANNEL:
        return address
    return replace(address, conversation=address.room)
