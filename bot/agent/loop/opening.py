"""Opens a service at its first use, once for all who wait, off the event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from bot.agent.loop.steps import Item, OnWords, Place, Planner, Stepped

Tools = Sequence[dict[str, Any]]
"""The declarations that go to a model."""


class Connection(Protocol):
    """A service that is connected."""

    async def planner(self) -> Planner:
        """Whoever plans there; raises ModelFailure."""
        ...

    async def close(self) -> None:
        """Close every client."""
        ...


class OpenedLate:
    """A backend that imports its SDK and connects when it is needed."""

    def __init__(
        self,
        name: str,
        declare: Callable[[], Awaitable[Tools]],
        connect: Callable[[Tools], Connection],
    ) -> None:
        """`connect` is run in a thread, because it imports what takes most of a second."""
        self.name = name
        self._declare = declare
        self._connect = connect
        self._opening = asyncio.Lock()
        self._connection: Connection | None = None

    async def open(self) -> None:
        """Connect, and do what the first step would wait for; raises ModelFailure."""
        await self._planner()

    async def close(self) -> None:
        """Close what was opened."""
        async with self._opening:
            if self._connection is not None:
                await self._connection.close()
            self._connection = None

    async def begin(self, place: Place) -> Place:
        """A place where a turn can be taken."""
        return await (await self._planner()).begin(place)

    async def step(self, place: Place, items: Sequence[Item], on_words: OnWords) -> Stepped:
        """One step of the model."""
        return await (await self._planner()).step(place, items, on_words)

    async def _planner(self) -> Planner:
        async with self._opening:
            if self._connection is None:
                tools = await self._declare()
                self._connection = await asyncio.to_thread(self._connect, tools)
        return await self._connection.planner()
