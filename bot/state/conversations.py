"""What a talk was about, for each (thread, speaker): small JSON that only the agent reads.

A person's memories lie in one partition, named by a hash, so that forgetting the person is one
range. Speakers of one thread never see each other's memory.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from bot.state.store import CONFLICTS, Moment, RowCodec, Rows, Store, drop, read_all

KEPT = timedelta(days=14)
LARGEST = 16 * 1024
_MISSING = object()

Memory = Mapping[str, Any]
NOTHING: Memory = {}


class StateTooLarge(Exception):
    """An agent wanted to remember more than 16 KiB: a fault of the agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMemory:
    """What was remembered, and when it was written."""

    memory: Mapping[str, Any]
    at: Moment


_CODEC = RowCodec(StoredMemory)


class ConversationStates:
    """Memories in the store; old ones are as good as forgotten."""

    def __init__(self, store: Store, clock: Callable[[], datetime], kept: timedelta = KEPT) -> None:
        """Borrow the store; `kept` is how long a memory lasts."""
        self._store = store
        self._clock = clock
        self._kept = kept

    async def recall(self, thread: str, speaker: str) -> Memory:
        """What was remembered of this speaker in this thread; empty when nothing, or too old."""
        return self._fresh(await self._of(speaker).get(_hash(thread)))

    async def remember(
        self, thread: str, speaker: str, memory: Memory, before: Memory = NOTHING
    ) -> None:
        """Write what a turn changed of what was remembered `before`; StateTooLarge for a large one.

        What others wrote meanwhile stays, and all that while they keep writing. An empty memory
        begins the conversation anew.
        """
        with suppress(*CONFLICTS):
            await self._of(speaker).update(
                _hash(thread),
                lambda known: self._stored(_changed(self._fresh(known), before, memory)),
            )

    async def renew(
        self, thread: str, speaker: str, part: str, *, before: Memory, after: object
    ) -> None:
        """Put one part in the place of what it was in the memory `before`, and leave the rest.

        Nothing is done when that part is another by now, or the conversation was begun anew.
        """

        def change(stored: StoredMemory | None) -> StoredMemory | None:
            known = self._fresh(stored)
            if known.get(part) != before.get(part) or (before and not known):
                return None
            return self._stored({**known, part: after})

        with suppress(*CONFLICTS):
            await self._of(speaker).update(_hash(thread), change)

    async def forget(self, thread: str, speaker: str) -> None:
        """Begin this conversation anew."""
        await self._of(speaker).delete(_hash(thread))

    async def forget_person(self, speaker: str) -> int:
        """Erase every memory of a person; returns how many there were."""
        entries = await read_all(self._store, memory_partition(speaker))
        await drop(self._store, memory_partition(speaker), [entry.key for entry in entries])
        return len(entries)

    def _of(self, speaker: str) -> Rows[StoredMemory]:
        return Rows(self._store, memory_partition(speaker), _CODEC)

    def _fresh(self, stored: StoredMemory | None) -> Memory:
        """What was remembered, unless that is too long ago."""
        return stored.memory if stored and self._clock() - stored.at <= self._kept else {}

    def _stored(self, memory: Memory) -> StoredMemory:
        size = len(orjson.dumps(dict(memory)))
        if size > LARGEST:
            raise StateTooLarge(f"{size} bytes, the most is {LARGEST}")
        return StoredMemory(memory=dict(memory), at=self._clock())


def _changed(known: Memory, before: Memory, after: Memory) -> Memory:
    """What is known by now, with what came, changed or went between two memories of a turn."""
    if not after:
        return {}
    new = {name: value for name, value in after.items() if value != before.get(name, _MISSING)}
    gone = before.keys() - after.keys()
    return {name: value for name, value in known.items() if name not in gone} | new


def memory_partition(speaker: str) -> str:
    """The partition of all that is remembered of a person."""
    return f"memory-{_hash(speaker)}"


@lru_cache(maxsize=4096)
def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
