"""The bot as a web application: opened at its start, warmed up, and closed at its end."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from adf.errors import AdfError
from bot.hosting.alerts import open_unasked
from bot.hosting.container import Container, open_parts
from bot.hosting.model import open_wording
from bot.hosting.setup import Clock, Observe, Setup
from bot.hosting.telemetry import Telemetry
from bot.hosting.turns import TurnParts, open_asked
from bot.messages import Arrival, CardClick, Message, PressResult
from bot.teams import MessagesEndpoint
from bot.turns.handler import TurnHandler
from bot.turns.inbox import Claim, Inbox

log = logging.getLogger("adfops.service")

INGRESS = web.AppKey("ingress", MessagesEndpoint)
READY = web.AppKey("ready", asyncio.Event)
OPENED = web.AppKey("opened", asyncio.Event)
KEPT_CLAIMS = timedelta(days=1)
SWEEP_SECONDS = 30.0


class EndpointHandlers:
    """What the endpoint does with what comes in: write it down once, then answer it."""

    def __init__(self, inbox: Inbox, turns: TurnHandler, telemetry: Telemetry) -> None:
        """Borrow the inbox and the turns; `telemetry` hears of each turn."""
        self._inbox = inbox
        self._turns = turns
        self._telemetry = telemetry

    async def claim(self, key: str, incoming: Message | CardClick | Arrival) -> bool:
        """Write down what came in; False when it is there already."""
        return await self._inbox.claim(key, incoming)

    async def take(self, key: str, incoming: Message | CardClick | Arrival) -> PressResult | None:
        """Answer what was claimed."""
        kind = type(incoming).__name__.lower()
        with self._telemetry.turn(kind, str(incoming.address.scope)):
            return await self._turns.take(key, incoming)


def make_bot(
    setup: Setup, *, clock: Clock, observe: Observe, telemetry: Telemetry | None = None
) -> web.Application:
    """The whole bot; `observe` sees each tool call before it is made and each card once drawn.

    `telemetry` is closed at its end.
    """
    collected = telemetry or Telemetry()

    async def live(app: web.Application) -> AsyncIterator[None]:
        async with _open(app, setup, clock, observe, collected) as ingress:
            app[INGRESS] = ingress
            yield
            await ingress.drain()
        await asyncio.to_thread(collected.close)

    app = web.Application()
    app[READY], app[OPENED] = asyncio.Event(), asyncio.Event()
    app.cleanup_ctx.append(live)
    app.router.add_post("/api/messages", _receive)
    app.router.add_get("/healthz", _health)
    app.router.add_get("/readyz", _ready)
    return app


async def _receive(request: web.Request) -> web.Response:
    return await request.app[INGRESS].receive(request)


async def _ready(request: web.Request) -> web.Response:
    is_ready = request.app[READY].is_set()
    return web.Response(text="ready" if is_ready else "warming", status=200 if is_ready else 503)


async def _health(_: web.Request) -> web.Response:
    return web.Response(text="ok")


@asynccontextmanager
async def _open(
    app: web.Application, setup: Setup, clock: Clock, observe: Observe, telemetry: Telemetry
) -> AsyncGenerator[MessagesEndpoint]:
    """Open the parts, start what goes on beside the turns, and end it before they close."""
    async with (
        open_parts(setup, clock, observe, telemetry) as parts,
        open_wording(parts) as wording,
    ):
        unasked = await open_unasked(parts, wording.explainer)
        inbox = Inbox(parts.store, clock)
        async with open_asked(parts, inbox, unasked.presses, wording) as asked:
            left = await inbox.unfinished()
            beside = [
                asyncio.create_task(_keep_sweeping(asked, inbox, clock, left)),
                asyncio.create_task(_warm(app[READY], parts)),
                asyncio.create_task(_open_model(app[OPENED], asked)),
            ]
            announcing = asyncio.create_task(unasked.announcer.run())
            try:
                yield MessagesEndpoint(
                    parts.adapter, EndpointHandlers(inbox, asked.turns, telemetry), clock
                )
            finally:
                unasked.announcer.stop()
                for task in beside:
                    task.cancel()
                await asyncio.gather(announcing, *beside, return_exceptions=True)


async def _open_model(opened: asyncio.Event, asked: TurnParts) -> None:
    """Import the model's SDKs before the first question; without it, rules answer alone.

    `opened` is set once that was tried.
    """
    try:
        if asked.model is not None:
            await asked.model.open()
    except Exception as error:  # noqa: BLE001 - whatever it is, the turn that needs it tells
        log.warning("the language model cannot be opened yet: %s", error)
    opened.set()
    if asked.second is not None:
        await asked.second.resume()


async def _keep_sweeping(
    asked: TurnParts, inbox: Inbox, clock: Clock, left: Sequence[Claim]
) -> None:
    """Answer what was `left` before the door opened; then, now and then, what got stuck."""
    turns = asked.turns
    await turns.take_up_all(left)
    while True:
        try:
            await inbox.purge(clock() - KEPT_CLAIMS)
            await turns.sweep()
        except Exception:
            log.exception("what is claimed cannot be read")
        await asyncio.sleep(SWEEP_SECONDS)


async def _warm(ready: asyncio.Event, parts: Container) -> None:
    """Fetch keys, token and pipeline names before they are needed; try until we are signed in."""
    wait = 1.0
    while not ready.is_set():
        try:
            await asyncio.gather(parts.adapter.warm(), _know(parts))
            ready.set()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do
            log.warning("not ready yet, trying again in %.0f s: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(60.0, wait * 2)


async def settle(app: web.Application) -> None:
    """Once the bot is ready and its model opened, spare the collector what is loaded for good.

    Once in a process: what is frozen is never given back, so bots that come and go do not call it.
    """
    await app[READY].wait()
    await app[OPENED].wait()
    gc.freeze()


async def _know(parts: Container) -> None:
    """Read the pipelines' names; a factory that cannot be read is told when somebody asks."""
    with contextlib.suppress(AdfError):
        await parts.inventory.pipelines([one.alias for one in parts.setup.factories])
