"""The bot as a web application: opened at its start, warmed up, and closed at its end."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.actions.buttons import ACTING_VERBS
from bot.alerts import AlertService
from bot.alerts.pushes import AlertsEndpoint
from bot.alerts.pushes.endpoint import ROUTE
from bot.hosting.container import BotContainer, open_container
from bot.hosting.parts import open_parts
from bot.hosting.pulse import Pulse
from bot.hosting.readiness import Readiness, WatchAge
from bot.hosting.replicas import Replica, start_leading, waking
from bot.hosting.setup import Clock, Observe, Setup
from bot.hosting.telemetry import Telemetry
from bot.hosting.turns import TurnParts, open_turns
from bot.hosting.warming import warm_up
from bot.state.store import StoreError
from bot.teams import MessagesEndpoint
from bot.teams.person_sign_in import PersonSignIn
from bot.turns.explanations import ExplanationQueue
from bot.turns.inbox import Inbox
from bot.turns.recovery import SWEEP_SECONDS

log = logging.getLogger("adfops.service")

ENDPOINT = web.AppKey("endpoint", MessagesEndpoint)
ALERTS = web.AppKey("alerts", list[AlertsEndpoint])
READINESS = web.AppKey("readiness", Readiness)
OPENED = web.AppKey("opened", asyncio.Event)
EXPLANATIONS = web.AppKey("explanations", ExplanationQueue)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_bot(
    setup: Setup, *, clock: Clock, observe: Observe, telemetry: Telemetry | None = None
) -> web.Application:
    """The whole bot; `observe` sees each tool call before it is made and each card once drawn.

    `telemetry` is closed at its end.
    """
    telemetry = telemetry or Telemetry()

    async def live(app: web.Application) -> AsyncIterator[None]:
        async with _open(app, setup, clock, observe, telemetry) as endpoint:
            app[ENDPOINT] = endpoint
            yield
        await asyncio.to_thread(telemetry.close)

    app = web.Application(middlewares=[measuring(telemetry)])
    app[READINESS], app[OPENED] = Readiness(), asyncio.Event()
    app[ALERTS] = []
    app.cleanup_ctx.append(live)
    app.router.add_post("/api/messages", _receive)
    app.router.add_post(ROUTE, _receive_alert)
    app.router.add_get("/healthz", _health)
    app.router.add_get("/readyz", _ready)
    return app


def measuring(telemetry: Telemetry, seconds: Callable[[], float] = time.perf_counter) -> Middleware:
    """Tells the telemetry of every answer, also of refusals: its route, nothing that was sent."""

    @web.middleware
    async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
        begun, status = seconds(), 500
        try:
            answer = await handler(request)
            status = answer.status
        except web.HTTPException as refused:
            status = refused.status
            raise
        else:
            return answer
        finally:
            resource = request.match_info.route.resource
            route = resource.canonical if resource else "other"
            telemetry.request(_method(request), route, status, seconds() - begun)

    return measure


def _method(request: web.Request) -> str:
    """The method, where it is one that is served: anybody may send any word."""
    return request.method if request.method in {"GET", "POST", "HEAD"} else "_OTHER"


def lost_store(app: web.Application) -> asyncio.Event:
    """Set once the store belongs to another process, so that this one can only end."""
    return app[READINESS].store.lost


async def settled(app: web.Application) -> None:
    """Wait until everything that came in is answered, and each card explained that is to be."""
    await app[ENDPOINT].settled()
    if EXPLANATIONS in app:
        await app[EXPLANATIONS].settled()


async def _receive(request: web.Request) -> web.Response:
    return await request.app[ENDPOINT].receive(request)


async def _receive_alert(request: web.Request) -> web.Response:
    (endpoint,) = request.app[ALERTS]
    return await endpoint.receive(request)


async def _ready(request: web.Request) -> web.Response:
    """Whether messages can be taken: signed in, and what comes in can be written down."""
    return request.app[READINESS].answer(request)


async def _health(request: web.Request) -> web.Response:
    """Whether the process is worth keeping: not once its store belongs to another one."""
    is_lost = request.app[READINESS].store.lost.is_set()
    return web.Response(text="not the owner" if is_lost else "ok", status=503 if is_lost else 200)


@asynccontextmanager
async def _open(
    app: web.Application, setup: Setup, clock: Clock, observe: Observe, telemetry: Telemetry
) -> AsyncGenerator[MessagesEndpoint]:
    """Open the parts, start what runs beside the turns, and end it before they close."""
    due, readiness = asyncio.Event(), app[READINESS]
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(open_container(setup, clock, observe, telemetry))
        readiness.clock, readiness.adapter = bot.service_clock, bot.adapter
        parts = await stack.enter_async_context(open_parts(bot, due))
        alerts, inbox = parts.alerts.service, _inbox(bot)
        readiness.watch = WatchAge(alerts.seen_at, clock, setup.poll_seconds)
        opening = open_turns(bot, inbox, parts.buttons(bot), parts.model, parts.judged)
        turns = await stack.enter_async_context(opening)
        recovering = asyncio.create_task(turns.recovery.run(await inbox.recover()))
        background = [recovering, *_beside(app, bot, turns, inbox, alerts)]
        explaining = partial(_resume_explanations, app[OPENED], turns, bot.replica)
        background += start_leading(bot.replica, [*parts.works, explaining], due, alerts)
        app[ALERTS].append(_alerts_endpoint(bot, alerts))
        if turns.explanations is not None:
            app[EXPLANATIONS] = turns.explanations
        sign_in = PersonSignIn(bot.people, ACTING_VERBS) if bot.people else None
        endpoint = MessagesEndpoint(bot.adapter, turns.turns, clock, sign_in=sign_in)
        try:
            yield endpoint
            recovering.cancel()
            await _wind_down(endpoint, bot.replica)
        finally:
            alerts.stop()
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)


def _beside(
    app: web.Application, bot: BotContainer, turns: TurnParts, inbox: Inbox, alerts: AlertService
) -> Sequence[asyncio.Task[None]]:
    """Start what every process does beside its turns."""
    readiness = app[READINESS]
    return [
        asyncio.create_task(warm_up(readiness.signed_in, bot)),
        asyncio.create_task(_open_model(app[OPENED], turns)),
        asyncio.create_task(readiness.store.keep_checking(bot.store)),
        asyncio.create_task(_pulse(bot, inbox, alerts).keep_beating()),
    ]


def _alerts_endpoint(bot: BotContainer, alerts: AlertService) -> AlertsEndpoint:
    return AlertsEndpoint(
        callers=bot.push_callers,
        factories=bot.setup.factories,
        wake=waking(bot.replica, alerts),
        audit=bot.audit,
        clock=bot.clock,
    )


async def _wind_down(endpoint: MessagesEndpoint, replica: Replica | None) -> None:
    """Answer what came in, and meanwhile let another replica lead.

    Turns that take too long stay claimed: another replica takes them up, or the next start.
    """
    handing_over = [replica.stop_leading()] if replica else []
    await asyncio.gather(endpoint.drain(), *handing_over)


def _inbox(bot: BotContainer) -> Inbox:
    if bot.replica is None:
        return Inbox(bot.store, bot.clock)
    return Inbox(bot.store, bot.clock, bot.replica.name, bot.replica.is_gone)


def _pulse(bot: BotContainer, inbox: Inbox, alerts: AlertService) -> Pulse:
    async def undelivered() -> datetime | None:
        return alerts.waiting_since()

    return Pulse(
        bot.telemetry.meter,
        bot.clock,
        seen=alerts.seen_at,
        queues={"inbox": inbox.oldest, "outbox": undelivered},
    )


async def _resume_explanations(
    opened: asyncio.Event, turns: TurnParts, replica: Replica | None
) -> None:
    """Take up what a process left unexplained, once the model can be asked.

    Of several replicas one looks again and again, as each of the others may end.
    """
    await opened.wait()
    while turns.explanations is not None:
        try:
            await turns.explanations.resume()
        except StoreError as error:
            log.warning("what is to be explained cannot be read yet: %s", error)
        if replica is None:
            return
        await replica.pause(SWEEP_SECONDS)


async def _open_model(opened: asyncio.Event, turns: TurnParts) -> None:
    """Import the model's SDKs before the first question; without it, rules answer alone.

    `opened` is set once that was tried.
    """
    try:
        if turns.model is not None:
            await turns.model.open()
    except Exception as error:  # noqa: BLE001 - whatever it is, the turn that needs it reports it
        log.warning("the language model cannot be opened yet: %s", error)
    opened.set()


async def freeze_when_ready(app: web.Application) -> None:
    """Once the bot is ready and its model opened, exempt what is loaded from garbage collection.

    Once in a process: what is frozen is never freed, so bots that come and go do not call it.
    """
    await app[READINESS].signed_in.wait()
    await app[OPENED].wait()
    gc.freeze()
