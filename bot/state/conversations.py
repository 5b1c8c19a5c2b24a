"""What a talk was about, for each (thread, speaker): small JSON that only the agent reads.

A person's memories lie in one partition, named by a hash, so that forgetting the person is one
range. Speakers of one thread never see each other's memory.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.state.store import AlreadyExists, Entry, Missing, Store, Value, VersionConflict

KEPT = timedelta(days=14)
LARGEST = 16 * 1024
MOST_TRIES = 5
_MISSING = object()

Memory = Mapping[str, Any]
NOTHING: Memory = {}


class StateTooLarge(Exception):
    """An agent wanted to remember more than 16 KiB: a fault of the agent."""


class ConversationStates:
    """Memories in the store; old ones are as good as forgotten."""

    def __init__(self, store: Store, clock: Callable[[], datetime], kept: timedelta = KEPT) -> None:
        """Borrow the store; `kept` is how long a memory lasts."""
        self._store = store
        self._clock = clock
        self._kept = kept

    async def recall(self, thread: str, speaker: str) -> Memory:
        """What was remembered of this speaker in this thread; empty when nothing, or too old."""
        return self._fresh(await self._store.get(_partition(speaker), _hash(thread)))

    async def remember(
        self, thread: str, speaker: str, memory: Memory, before: Memory = NOTHING
    ) -> None:
        """Write what a turn changed of what was remembered `before`; TooMuch for a large one.

        What others wrote meanwhile stays. An empty memory begins the talk anew.
        """
        partition, key = _partition(speaker), _hash(thread)
        for _ in range(MOST_TRIES):
            entry = await self._store.get(partition, key)
            value = self._value(_changed(self._fresh(entry), before, memory))
            if await self._written(partition, key, entry, value):
                return

    async def renew(
        self, thread: str, speaker: str, part: str, *, before: Memory, after: object
    ) -> None:
        """Put one part in the place of what it was in the memory `before`, and leave the rest.

        Nothing is done when that part is another by now, or the talk was begun anew.
        """
        partition, key = _partition(speaker), _hash(thread)
        for _ in range(MOST_TRIES):
            entry = await self._store.get(partition, key)
            known = self._fresh(entry)
            if known.get(part) != before.get(part) or (before and not known):
                return
            value = self._value({**known, part: after})
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

    def _fresh(self, entry: Entry | None) -> Memory:
        """What was remembered, unless that is too long ago."""
        return entry.value["memory"] if entry and not self._is_old(entry.value) else {}

    def _value(self, memory: Memory) -> Value:
        size = len(json.dumps(dict(memory)).encode())
        if size > LARGEST:
            raise StateTooLarge(f"{size} bytes, the most is {LARGEST}")
        return {"memory": dict(memory), "at": self._clock().isoformat()}

    async def _written(self, partition: str, key: str, entry: Entry | None, value: Value) -> bool:
        """Write over what was read; False when somebody else wrote in between."""
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


def _changed(known: Memory, before: Memory, after: Memory) -> Memory:
    """What is known by now, with what came, changed or went between two memories of a turn."""
    if not after:
        return {}
    new = {name: value for name, value in after.items() if value != before.get(name, _MISSING)}
    gone = before.keys() - after.keys()
    return {name: value for name, value in known.items() if name not in gone} | new


def _partition(speaker: str) -> str:
    return f"memory-{_hash(speaker)}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
