"""Opens a service at its first use, once for all who wait, off the event loop."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from bot.agents.model.remote_tools import RemoteToolServer, list_functions
from bot.agents.model.types import (
    NOWHERE,
    ConversationPlace,
    Item,
    ModelStep,
    OnWords,
    Planner,
    ToolChoice,
)
from bot.state.background import BackgroundTasks

log = logging.getLogger("adfops.agent")

Tools = Sequence[Mapping[str, Any]]
"""The declarations that go to a model."""
Described = Mapping[str, Any]
"""How the bot is described to a service: instructions, tools and what else it wants."""


class ServiceConnection(Protocol):
    """A service that is connected."""

    async def planner(self) -> Planner:
        """The planner of the service; raises ModelFailure."""
        ...

    def router(self, described: Described) -> Planner:
        """The bare model so described, for single steps that the service keeps nothing of."""
        ...

    def describe(self, described: Described) -> None:
        """Use this description from the next turn on."""
        ...

    async def close(self) -> None:
        """Close every client."""
        ...


class LazyClient:
    """A backend that imports its SDK and connects when it is needed."""

    def __init__(
        self,
        name: str,
        *,
        tools: Tools,
        servers: Sequence[RemoteToolServer],
        again: float,
        describe: Callable[[Tools], Described],
        routing: Described,
        connect: Callable[[Described], ServiceConnection],
    ) -> None:
        """`connect` is run in a thread, because it imports what takes most of a second.

        `routing` is how the bot is described to a model that only chooses a tool.

        A server that is away is left out, and asked again after `again` s, beside the turns.
        """
        self.name = name
        self._tools = tools
        self._servers = servers
        self._again = again
        self._describe = describe
        self._routing = routing
        self._connect = connect
        self._opening = asyncio.Lock()
        self._connection: ServiceConnection | None = None
        self._router: Planner | None = None
        self._offered: Tools = ()
        self._due_at: float | None = None
        self._asking = BackgroundTasks()

    async def open(self) -> None:
        """Connect, and do what the first step would wait for; raises ModelFailure."""
        await self._planner()

    async def close(self) -> None:
        """Close what was opened."""
        await self._asking.close()
        async with self._opening:
            if self._connection is not None:
                await self._connection.close()
            self._connection = self._router = None

    async def begin(self, place: ConversationPlace) -> ConversationPlace:
        """A place where a turn can be taken."""
        return await (await self._planner()).begin(place)

    async def step(
        self,
        place: ConversationPlace,
        items: Sequence[Item],
        on_words: OnWords,
        choice: ToolChoice = ToolChoice.AUTO,
    ) -> ModelStep:
        """One step of the model."""
        return await (await self._planner()).step(place, items, on_words, choice)

    async def choose(self, items: Sequence[Item]) -> ModelStep:
        """One step that has to call a tool."""
        if self._router is None:
            connection = await self._connected()
            self._router = self._router or connection.router(self._routing)
        return await self._router.step(NOWHERE, items, lambda _: None, ToolChoice.REQUIRED)

    async def _planner(self) -> Planner:
        connection = await self._connected()
        if self._is_due() and self.name not in self._asking:
            self._asking.start(self._ask_again(), self.name)
        return await connection.planner()

    async def _connected(self) -> ServiceConnection:
        async with self._opening:
            if self._connection is None:
                self._offered = await self._asked()
                described = self._describe([*self._tools, *self._offered])
                self._connection = await asyncio.to_thread(self._connect, described)
            return self._connection

    def _is_due(self) -> bool:
        return self._due_at is not None and time.monotonic() >= self._due_at

    async def _asked(self) -> Tools:
        """What the servers offer now."""
        offered, is_whole = await list_functions(self._servers)
        self._due_at = None if is_whole else time.monotonic() + self._again
        return offered

    async def _ask_again(self) -> None:
        """Ask the servers again; what is there by now is declared from the next turn on."""
        offered = await self._asked()
        if len(offered) > len(self._offered) and self._connection is not None:
            log.info("%d functions of other servers more", len(offered) - len(self._offered))
            self._offered = offered
            self._connection.describe(self._describe([*self._tools, *offered]))
