"""Work that goes on beside the turns, by key: begun once, waited for, stopped at the end."""

import asyncio
from collections.abc import Coroutine


class BackgroundTasks:
    """What is being worked on; a key leaves when its work ends, however it ends."""

    def __init__(self) -> None:
        """Begin with nothing in hand."""
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def __contains__(self, key: str) -> bool:
        """Whether that is being worked on."""
        return key in self._tasks

    def __len__(self) -> int:
        """How much is being worked on."""
        return len(self._tasks)

    def start(self, key: str, work: Coroutine[object, object, None]) -> None:
        """Begin it, and return at once."""
        task = asyncio.create_task(work)
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def settled(self) -> None:
        """Wait until nothing is in hand."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def close(self) -> None:
        """Stop all of it."""
        working = list(self._tasks.values())
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
