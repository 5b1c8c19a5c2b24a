"""One turn at a time in a conversation that a service keeps, for it would refuse a second."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary


class Lanes:
    """A lock for each conversation, for as long as somebody holds it or waits; few at once."""

    def __init__(self, at_once: int) -> None:
        """Begin with no conversation."""
        self._places = asyncio.Semaphore(at_once)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, conversation: str, patience: float) -> AsyncGenerator[None]:
        """Be the only one in it; TimeoutError when that takes too long. No name, no waiting."""
        lock = (self._locks.get(conversation) if conversation else None) or asyncio.Lock()
        if conversation:
            self._locks[conversation] = lock
        async with AsyncExitStack() as held:
            async with asyncio.timeout(patience):
                await held.enter_async_context(lock)
                await held.enter_async_context(self._places)
            yield
