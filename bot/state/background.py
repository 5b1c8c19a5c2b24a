"""Work that goes on beside the turns: begun and forgotten, waited for or stopped at the end."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

log = logging.getLogger("adfops.background")

T = TypeVar("T")


class BackgroundTasks:
    """Tasks that somebody owns: each leaves when it ends, and none breaks off unheard."""

    def __init__(self) -> None:
        """Begin with none."""
        # The loop itself holds a task only weakly.
        self._tasks: dict[object, asyncio.Task[Any]] = {}

    def __contains__(self, key: object) -> bool:
        """Whether the work of that key goes on."""
        return key in self._tasks

    def __len__(self) -> int:
        """How many go on."""
        return len(self._tasks)

    def start(self, work: Coroutine[object, object, T], key: str | None = None) -> asyncio.Task[T]:
        """Begin it, and return at once; a `key` tells later whether it still goes on."""
        task = asyncio.create_task(work)
        place: object = task if key is None else key
        self._tasks[place] = task
        task.add_done_callback(lambda ended: self._end(place, ended))
        return task

    async def settled(self) -> None:
        """Wait until nothing goes on."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def close(self, grace: float = 0.0) -> None:
        """Let it come to its end for `grace` seconds, then stop what still goes on."""
        working = list(self._tasks.values())
        if working and grace:
            await asyncio.wait(working, timeout=grace)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)

    def _end(self, place: object, ended: asyncio.Task[Any]) -> None:
        if self._tasks.get(place) is ended:
            del self._tasks[place]
        if not ended.cancelled() and (error := ended.exception()):
            log.error("background work broke off", exc_info=error)
