"""One at a time for each key; a lock that nobody holds or waits for is forgotten by itself."""

import asyncio
from collections.abc import Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

K = TypeVar("K", bound=Hashable)


class KeyedLocks(Generic[K]):
    """Locks by key; fair, as those who wait are let in by the order in which they came."""

    def __init__(self) -> None:
        """Begin with none."""
        self._locks: WeakValueDictionary[K, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        """How many keys are held or waited for."""
        return len(self._locks)

    def at(self, key: K) -> asyncio.Lock:
        """The lock of a key, to be entered at once: it lives as long as somebody has it."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock
