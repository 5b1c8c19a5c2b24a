"""The whole product for a test: simulator, bot and connector on real sockets, one frozen clock."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

import app
from adf.simulator import make_simulator
from adf.simulator.state import State
from adf.tool import ToolCall
from bot.hosting import make_bot
from bot.hosting.application import settled
from bot.hosting.settings import read_settings
from bot.hosting.telemetry import Telemetry
from cards.card import Card
from tests.doubles.connector import ConnectorDouble, Sent, running_connector
from tests.replicated import OF_THIS_RUN, round_robin, until_known_to_each_other
from tests.simulated_time import ObservedLoop, ObservedSelector, beside

S = TypeVar("S")
T = TypeVar("T")
# A replica lets the others know it first, which takes two seconds.
_FIRST_WAIT, _LONGEST_WAIT = 0.01, 0.5
Before = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


class Product:
    """A running bot: what it called, what it drew, and a way to talk to it."""

    def __init__(self, connector: ConnectorDouble) -> None:
        self.connector = connector
        self.endpoint = ""
        self.arm = ""
        self.is_ready = False
        self.apps: list[web.Application] = []
        self.patience = 120.0
        self.calls: list[ToolCall] = []
        self.cards: list[Card] = []

    def observe(self, step: ToolCall | Card) -> None:
        """Keep a tool call or a card."""
        if isinstance(step, ToolCall):
            self.calls.append(step)
        else:
            self.cards.append(step)

    async def until_ready(self, base: str) -> None:
        """Wait until a bot has what it needs before the first question."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(120):
            wait = _FIRST_WAIT
            while True:
                async with session.get(f"{base}/readyz") as answer:
                    if answer.status == 200:
                        return
                await asyncio.sleep(wait)
                wait = min(_LONGEST_WAIT, 2 * wait)

    async def settled(self) -> None:
        """Wait until all is answered, and each card explained that is to be."""
        for app_of_replica in self.apps:
            await settled(app_of_replica)

    async def post(self, activity: Mapping[str, Any]) -> int:
        """Send an activity to the endpoint; returns the HTTP status."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.endpoint, json=activity) as response,
        ):
            return response.status

    async def press(self, activity: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a press on a card; returns what the person who pressed is answered."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.endpoint, json=activity) as response,
        ):
            assert response.status == 200, await response.text()
            return await response.json()

    async def ask(self, activity: Mapping[str, Any]) -> Sent:
        """Send an activity and wait for the message that answers it."""
        before = len(self.connector.messages)
        assert await self.post(activity) in {200, 202}
        return (await self.connector.wait_for(before + 1, limit=self.patience))[-1]


@asynccontextmanager
async def listening(application: web.Application) -> AsyncGenerator[str]:
    """Serve an application on a free loopback port; yields its address."""
    async with app.listening(application, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def apart(served: AbstractAsyncContextManager[T]) -> AsyncGenerator[T]:
    """What is served from a thread with a loop of its own, so that its work is not counted."""
    observed = ObservedSelector()
    loop = ObservedLoop(observed)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def there(work: Coroutine[Any, Any, S]) -> S:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))

    try:
        with beside(observed):
            try:
                yield await there(served.__aenter__())
            finally:
                await there(served.__aexit__(None, None, None))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        await asyncio.to_thread(thread.join)
        loop.close()


@asynccontextmanager
async def running_product(
    state: State,
    factories: Path,
    clock: Callable[[], datetime],
    *,
    before: Before | None = None,
    telemetry: Telemetry | None = None,
    connector: ConnectorDouble | None = None,
    is_apart: bool = False,
    **settings: object,
) -> AsyncGenerator[Product]:
    """The bot over a simulated factory; `before` answers in ARM's place once the bot is ready.

    A `connector` that runs already is that of a bot which was there before. The factory `is_apart`
    in a thread of its own where its work is not to be counted.
    """
    async with AsyncExitStack() as stack:
        product = Product(connector or await stack.enter_async_context(running_connector()))

        async def once_ready(request: web.Request) -> web.StreamResponse | None:
            return await before(request) if before and product.is_ready else None

        simulator = make_simulator(state, before=once_ready, dated=True)
        arm = product.arm = await stack.enter_async_context(
            apart(listening(simulator)) if is_apart else listening(simulator)
        )
        given = {
            "ADFOPS_FACTORIES": str(factories),
            "ADFOPS_ARM_URL": arm,
            "ADFOPS_STORE": "memory:",
            "ADFOPS_LOCAL": True,
        }
        setup = app.setup_of(read_settings(_env_file=None, **{**given, **settings}))
        shared = replace(setup, store=OF_THIS_RUN.store_of(setup.store))
        count = 1 if shared.store == setup.store else OF_THIS_RUN.count
        bases: list[str] = []
        for number in range(count):
            bot = make_bot(shared, clock=clock, observe=product.observe, telemetry=telemetry)
            product.apps.append(bot)
            bases.append(await stack.enter_async_context(listening(bot)))
            if not number:  # it leads
                await product.until_ready(bases[0])
        await asyncio.gather(*map(product.until_ready, bases[1:]))
        base = bases[0]
        if count > 1:
            ports = [int(one.rpartition(":")[2]) for one in bases]
            base = await stack.enter_async_context(round_robin(ports))
            await until_known_to_each_other()
        product.endpoint = f"{base}/api/messages"
        product.is_ready = True
        yield product
