"""One turn at a time in a conversation that a service keeps: it would refuse a second."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Lanes:
    """A lock for each conversation, for as long as somebody holds it or waits."""

    def __init__(self) -> None:
        """Begin with no conversation."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, conversation: str, patience: float) -> AsyncGenerator[None]:
        """Be the only one in it; TimeoutError when that takes too long. No name, no waiting."""
        lock = (self._locks.get(conversation) if conversation else None) or asyncio.Lock()
        if conversation:
            self._locks[conversation] = lock
        await asyncio.wait_for(lock.acquire(), patience)
        try:
            yield
        finally:
            lock.release()
