"""The whole product for a test: simulator, bot and connector on real sockets, one frozen clock."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

import app
from adf.simulator import make_simulator
from adf.simulator.state import State
from adf.tool import ToolCall
from bot.settings import read_settings
from cards.card import Card
from tests.doubles.connector import ConnectorDouble, Sent, running_connector


class Product:
    """A running bot: what it called, what it drew, and a way to talk to it."""

    def __init__(self, connector: ConnectorDouble) -> None:
        self.connector = connector
        self.endpoint = ""
        self.calls: list[ToolCall] = []
        self.cards: list[Card] = []

    def observe(self, step: ToolCall | Card) -> None:
        """Keep a tool call or a card."""
        if isinstance(step, ToolCall):
            self.calls.append(step)
        else:
            self.cards.append(step)

    async def post(self, activity: Mapping[str, Any]) -> int:
        """Send an activity to the endpoint; returns the HTTP status."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.endpoint, json=activity) as response,
        ):
            return response.status

    async def ask(self, activity: Mapping[str, Any]) -> Sent:
        """Send an activity and wait for the message that answers it."""
        before = len(self.connector.messages)
        assert await self.post(activity) in {200, 202}
        return (await self.connector.wait_for(before + 1))[-1]


@asynccontextmanager
async def listening(application: web.Application) -> AsyncGenerator[str]:
    """Serve an application on a free loopback port; yields its address."""
    async with app.listening(application, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def running_product(
    state: State, factories: Path, clock: Callable[[], datetime], **settings: object
) -> AsyncGenerator[Product]:
    """The bot over a simulated factory, declared in a factories file."""
    async with AsyncExitStack() as stack:
        arm = await stack.enter_async_context(listening(make_simulator(state)))
        product = Product(await stack.enter_async_context(running_connector()))
        given = {
            "ADFOPS_FACTORIES": str(factories),
            "ADFOPS_ARM_URL": arm,
            "ADFOPS_STORE": "memory:",
            "ADFOPS_LOCAL": True,
        }
        bot = app.make_bot(
            read_settings(_env_file=None, **{**given, **settings}),
            clock=clock,
            observe=product.observe,
        )
        base = await stack.enter_async_context(listening(bot))
        product.endpoint = f"{base}/api/messages"
        yield product
