"""One turn at a time in a talk, for its service would refuse a second."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary


class Lanes:
    """A lock for each talk, for as long as somebody holds it or waits; few at once."""

    def __init__(self, at_once: int) -> None:
        """Begin with no talk."""
        self._places = asyncio.Semaphore(at_once)
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, thread: str, speaker: str, patience: float) -> AsyncGenerator[None]:
        """Be the only one in it; TimeoutError when that takes too long. No speaker, no waiting."""
        lock = (self._locks.get((thread, speaker)) if speaker else None) or asyncio.Lock()
        if speaker:
            self._locks[thread, speaker] = lock
        async with AsyncExitStack() as held:
            async with asyncio.timeout(patience):
                await held.enter_async_context(lock)
                await held.enter_async_context(self._places)
            yield
