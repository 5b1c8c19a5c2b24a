"""Lets one through in each round of the event loop, so that many at once hold up nobody else.

Twenty turns that wait for Azure together wake together; what each then does in a few milliseconds
would be done in one piece of a hundred.
"""

import asyncio


class FairLock:
    """Passed before each piece of work that takes a millisecond or more."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._lock = asyncio.Lock()

    async def passed(self) -> None:
        """Wait for a round of the loop of one's own."""
        async with self._lock:
            await asyncio.sleep(0)
