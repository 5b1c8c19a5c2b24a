"""What a talk was about, for each (thread, speaker): small JSON that only the agent reads.

A person's memories lie in one partition, named by a hash, so that forgetting the person is one
range. Speakers of one thread never see each other's memory.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.store import AlreadyExists, Entry, Missing, Store, Value, VersionConflict

KEPT = timedelta(days=14)
LARGEST = 16 * 1024
MOST_TRIES = 5

Memory = Mapping[str, Any]


class TooMuch(Exception):
    """An agent wanted to remember more than 16 KiB: a fault of the agent."""


class Memories:
    """Memories in the store; old ones are as good as forgotten."""

    def __init__(self, store: Store, clock: Callable[[], datetime], kept: timedelta = KEPT) -> None:
        """Borrow the store; `kept` is how long a memory lasts."""
        self._store = store
        self._clock = clock
        self._kept = kept

    async def recall(self, thread: str, speaker: str) -> Memory:
        """What was remembered of this speaker in this thread; empty when nothing, or too old."""
        entry = await self._store.get(_partition(speaker), _hash(thread))
        if entry is None or self._is_old(entry.value):
            return {}
        return entry.value["memory"]

    async def remember(self, thread: str, speaker: str, memory: Memory) -> None:
        """Put a memory in the place of the former one; TooMuch for a large one."""
        size = len(json.dumps(dict(memory)).encode())
        if size > LARGEST:
            raise TooMuch(f"{size} bytes, the most is {LARGEST}")
        value = {"memory": dict(memory), "at": self._clock().isoformat()}
        if not await self._put(_partition(speaker), _hash(thread), value):
            await self._put(_partition(speaker), _hash(thread), value)

    async def renew(
        self, thread: str, speaker: str, part: str, *, before: object, after: object
    ) -> None:
        """Put one part of a memory in the place of what it was `before`, and leave the rest.

        Nothing is done when that part is another by now, or the talk was begun anew.
        """
        partition, key = _partition(speaker), _hash(thread)
        for _ in range(MOST_TRIES):
            entry = await self._store.get(partition, key)
            known: Memory = entry.value["memory"] if entry and not self._is_old(entry.value) else {}
            if known.get(part) != before or (entry and not entry.value["memory"]):
                return
            value = {"memory": {**known, part: after}, "at": self._clock().isoformat()}
            if await self._written(partition, key, entry, value):
                return

    async def forget(self, thread: str, speaker: str) -> None:
        """Begin this talk anew."""
        await self._store.delete(_partition(speaker), _hash(thread))

    async def forget_person(self, speaker: str) -> int:
        """Erase every memory of a person; returns how many there were."""
        entries = await self._store.range(_partition(speaker), limit=10_000)
        for entry in entries:
            await self._store.delete(_partition(speaker), entry.key)
        return len(entries)

    async def _put(self, partition: str, key: str, value: Value) -> bool:
        """Write over whatever is there; False when somebody else wrote in between."""
        return await self._written(partition, key, await self._store.get(partition, key), value)

    async def _written(self, partition: str, key: str, entry: Entry | None, value: Value) -> bool:
        try:
            if entry is None:
                await self._store.insert(partition, key, value)
            else:
                await self._store.replace(partition, key, value, entry.version)
        except (AlreadyExists, VersionConflict, Missing):
            return False
        return True

    def _is_old(self, value: Value) -> bool:
        return self._clock() - datetime.fromisoformat(value["at"]) > self._kept


def _partition(speaker: str) -> str:
    return f"memory-{_hash(speaker)}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
