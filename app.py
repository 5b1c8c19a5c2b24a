"""The composition root and the command line: `serve`, `demo`, `chat`. Nothing imports it."""

import argparse
import asyncio
import contextlib
import gc
import logging
import signal
import sys
import time
import webbrowser
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from adf.client import Factories, Inventory, sdk_wires
from adf.errors import AdfError
from adf.records import Factory
from adf.simulator import live_factory, make_simulator
from adf.tool import Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from bot.agent.offline import OfflineAgent
from bot.factories_file import WrongFile, read_factories
from bot.inbox import Claim, Inbox
from bot.memory import Memories
from bot.messages import CardClick, Pressed
from bot.rooms import Rooms
from bot.settings import (
    Settings,
    WrongSetting,
    check_ready_to_serve,
    process_environment,
    read_settings,
)
from bot.store import StoreError, open_store
from bot.teams import (
    Ingress,
    Sender,
    SigningKeys,
    TeamsAdapter,
    TeamsIdentity,
    WrongIdentity,
    playground,
)
from bot.teams.terminal import chat
from bot.tools import BOT_TOOLS, BotFacts
from bot.turn import Draw, Turns
from cards import Record, card_for
from cards.card import Card

if sys.platform != "win32":
    import uvloop

log = logging.getLogger("adfops")

Clock = Callable[[], datetime]
Observe = Callable[[ToolCall | Card], None]

DEV_FOLDER = Path(__file__).parent / ".dev"
DEMO = Factory(
    alias="adf-demo",
    subscription="00000000-0000-0000-0000-000000000001",
    resource_group="rg-demo",
    name="adf-demo",
)
KEPT_CLAIMS = timedelta(days=1)
TO_TRY = (
    "Why did CustomerDataETL fail?",
    "why did nightly fail      (two levels down, into the items of a loop)",
    "What's the status of ProcessOrders?",
    "what is running           (in the channel: @ADF Ops what is running)",
    "status custmer data       (a slip of the pen)",
)


class Handlers:
    """What the endpoint does with what comes in: write it down once, then answer it."""

    def __init__(self, inbox: Inbox, turns: Turns) -> None:
        """Borrow the inbox and the turns."""
        self.claim = inbox.claim
        self.take = turns.take


class _NoPresses:
    async def press(self, click: CardClick) -> Pressed | None:
        return None


INGRESS = web.AppKey("ingress", Ingress)
READY = web.AppKey("ready", asyncio.Event)


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def log_step(step: ToolCall | Card) -> None:
    """Tell the log which tool was called and which card was drawn."""
    if isinstance(step, ToolCall):
        log.info("tool %s %s", step.name, dict(step.arguments))
    else:
        log.info("card %s", step.kind)


def make_bot(
    settings: Settings, *, clock: Clock = utc_now, observe: Observe = log_step
) -> web.Application:
    """The whole bot as a web application: opened at its start, closed at its end.

    `observe` sees each tool call before it is made and each card once it is drawn.
    """

    async def live(app: web.Application) -> AsyncIterator[None]:
        async with _open(app, settings, clock, observe) as ingress:
            app[INGRESS] = ingress
            yield
            await ingress.drain()

    async def receive(request: web.Request) -> web.Response:
        return await request.app[INGRESS].receive(request)

    async def ready(request: web.Request) -> web.Response:
        is_ready = request.app[READY].is_set()
        return web.Response(
            text="ready" if is_ready else "warming", status=200 if is_ready else 503
        )

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app[READY] = asyncio.Event()
    app.cleanup_ctx.append(live)
    app.router.add_post("/api/messages", receive)
    app.router.add_get("/healthz", health)
    app.router.add_get("/readyz", ready)
    return app


@asynccontextmanager
async def _open(
    app: web.Application, settings: Settings, clock: Clock, observe: Observe
) -> AsyncGenerator[Ingress]:
    """Open store, connections and SDKs, put the parts together; close in the other order."""
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        store = await open_store(settings.store)
        stack.push_async_callback(store.close)
        known, default = _factories(settings)
        factories = Factories(known, default, sdk_wires(settings.arm_url))
        stack.push_async_callback(factories.close)
        inventory = Inventory(factories, clock)
        identity = _identity(settings)
        keys = SigningKeys(identity.endpoints.signing_keys, session, time.monotonic)
        adapter = TeamsAdapter(identity, keys)
        inbox = Inbox(store, clock)
        turns = Turns(
            agent=_agent(settings, factories, inventory, clock, observe),
            sender=Sender(adapter, session),
            inbox=inbox,
            memories=Memories(store, clock),
            rooms=Rooms(store, clock),
            presses=_NoPresses(),
            draw=_draw(settings, known, observe),
            clock=clock,
            zone=settings.zone,
        )
        recovering = asyncio.create_task(_take_up(await inbox.unfinished(), inbox, turns))
        stack.callback(recovering.cancel)
        warming = asyncio.create_task(_warm(app[READY], adapter, inventory))
        stack.callback(warming.cancel)
        yield Ingress(adapter, Handlers(inbox, turns), clock)


def _draw(settings: Settings, factories: tuple[Factory, ...], observe: Observe) -> Draw:
    """How a record becomes a card; links into Studio only where there is a real factory."""
    real = settings.arm_url.startswith("https://")
    studio = {one.alias: one for one in factories if real}

    def draw(record: object, now: datetime, zone: ZoneInfo, note: str | None) -> Card:
        card = card_for(cast("Record", record), now=now, zone=zone, note=note, studio=studio)
        observe(card)
        return card

    return draw


def _agent(
    settings: Settings,
    factories: Factories,
    inventory: Inventory,
    clock: Clock,
    observe: Observe,
) -> OfflineAgent:
    adf = Adf(factories=factories, clock=clock)
    facts = BotFacts(name=settings.bot_name, factories=factories.aliases)
    toolbox = Toolbox([*ADF_TOOLS, *BOT_TOOLS], [adf, facts], observe)
    return OfflineAgent(lambda _: toolbox, lambda _: inventory.pipelines())


def _factories(settings: Settings) -> tuple[tuple[Factory, ...], str]:
    """The declared factories and the default one; with AZURE_* settings, the one they name."""
    if settings.factories_file:
        return read_factories(settings.factories_file)
    name = settings.factory_name or ""
    one = Factory(
        alias=name,
        subscription=settings.subscription or "",
        resource_group=settings.resource_group or "",
        name=name,
    )
    return (one,), name


def _identity(settings: Settings) -> TeamsIdentity:
    password = settings.app_password
    return TeamsIdentity(
        app_id=settings.app_id or "",
        app_password=password.get_secret_value() if password else "",
        app_type=settings.app_type,
        tenant_id=settings.app_tenant or "",
        tenants=settings.tenants,
        local=settings.local,
    )


async def _warm(ready: asyncio.Event, adapter: TeamsAdapter, inventory: Inventory) -> None:
    """Fetch keys, token and pipeline names before they are needed; try until we are signed in."""
    wait = 1.0
    while not ready.is_set():
        try:
            await asyncio.gather(adapter.warm(), _know(inventory))
            await asyncio.to_thread(gc.collect)
            gc.freeze()
            ready.set()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do
            log.warning("not ready yet, trying again in %.0f s: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(60.0, wait * 2)


async def _take_up(claims: Sequence[Claim], inbox: Inbox, turns: Turns) -> None:
    """Answer what was asked before a crash or a deploy, as it was found before the door opened."""
    for claim in claims:
        try:
            await turns.take_up(claim)
        except Exception:
            log.exception("could not take up claim %s", claim.key[:12])
    await inbox.purge(utc_now() - KEPT_CLAIMS)


async def _know(inventory: Inventory) -> None:
    """Read the pipelines' names; a factory that cannot be read is told when somebody asks."""
    try:
        await inventory.pipelines()
    except AdfError as error:
        log.warning("the pipelines cannot be read yet: %s", error)


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncGenerator[int]:
    """Serve an application; yields the port it took (0 asks for any free one)."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def until_stopped() -> None:
    """Wait for Ctrl-C or a polite end of the process."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(wanted, stopped.set)
    await stopped.wait()


async def serve() -> None:
    """The bot for a real Azure Bot and real factories."""
    settings = read_settings()
    check_ready_to_serve(settings)
    async with listening(make_bot(settings), settings.bind, settings.port) as port:
        print(f"Listening on {settings.bind}:{port}", flush=True)
        await until_stopped()


@asynccontextmanager
async def demo_bot(port: int) -> AsyncGenerator[str]:
    """The simulator and the bot on this machine; yields the bot's endpoint."""
    async with listening(make_simulator(live_factory()), "127.0.0.1", 0) as arm:
        settings = read_settings(
            _env_file=None,
            MicrosoftAppId=None,
            MicrosoftAppTenantId=None,
            AZURE_SUBSCRIPTION_ID=DEMO.subscription,
            AZURE_RESOURCE_GROUP=DEMO.resource_group,
            AZURE_DATA_FACTORY_NAME=DEMO.name,
            ADFOPS_FACTORIES=None,
            ADFOPS_ARM_URL=f"http://127.0.0.1:{arm}",
            ADFOPS_TENANTS=(),
            ADFOPS_STORE="memory:",
            ADFOPS_LOCAL=True,
            ADFOPS_HOST=None,
        )
        async with listening(make_bot(settings), "127.0.0.1", port) as taken:
            yield f"http://127.0.0.1:{taken}/api/messages"


async def demo(port: int, playground_port: int, *, with_playground: bool) -> None:
    """A living factory, the bot and a Teams-like chat; the terminal where there is no npm."""
    start = await _playground() if with_playground else None
    async with demo_bot(port) as endpoint:
        if start is None:
            await _chat(endpoint)
            return
        environment = process_environment()
        async with playground.running(
            start, endpoint, playground_port, "ADF Ops", environment
        ) as page:
            print(f"\n  Open {page} and choose Personal Chat. Try:\n")
            print("\n".join(f"    {line}" for line in TO_TRY))
            print("\n  Within a minute a pipeline fails: ask  which pipelines failed")
            print("\n  Ctrl-C ends everything.", flush=True)
            if sys.stdout.isatty():
                await asyncio.to_thread(webbrowser.open, page)
            await until_stopped()


async def _playground() -> Path | None:
    """The Playground's start file, fetched when npm is here; None without."""
    npm = playground.find_npm()
    if npm is None:
        print("No npm here: the chat opens in the terminal.")
        return None
    found = playground.installed(DEV_FOLDER)
    if found is None:
        print(
            "Fetching Microsoft's Agents Playground with npm (15 MB, under Microsoft's own "
            "pre-release licence) ...",
            flush=True,
        )
        found = await playground.fetch(npm, DEV_FOLDER)
    if found is None:
        print("That did not work: the chat opens in the terminal.")
    return found


async def _chat(endpoint: str) -> None:
    print("\n  Type a question; a number presses a button; `exit` ends. Try:\n")
    print("\n".join(f"    {line}" for line in TO_TRY), flush=True)
    await chat(endpoint, _local_zone(), lambda line: print(f"\n{line}\n", flush=True))


def _local_zone() -> str:
    """The zone of this machine where it has a name, else UTC."""
    link = Path("/etc/localtime")
    name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return name or "UTC"


async def chat_in_terminal(port: int) -> None:
    """The demo with the terminal as the chat."""
    async with demo_bot(port) as endpoint:
        await _chat(endpoint)


def read_command(words: list[str] | None = None) -> Coroutine[object, object, None]:
    """The command line as the work to run."""
    parser = argparse.ArgumentParser(prog="app.py", description="ADF Ops for Teams")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="the bot for a real Azure Bot and real factories")
    trying = commands.add_parser("demo", help="a living factory, the bot and a Teams-like chat")
    trying.add_argument("--port", type=int, default=3978, help="of the bot; 0 takes any")
    trying.add_argument("--playground-port", type=int, default=56150, help="of the chat's page")
    trying.add_argument("--no-playground", action="store_true", help="chat in the terminal")
    talking = commands.add_parser("chat", help="the demo in the terminal")
    talking.add_argument("--port", type=int, default=0, help="of the bot; 0 takes any")
    given = parser.parse_args(words)
    if given.command == "serve":
        return serve()
    if given.command == "chat":
        return chat_in_terminal(given.port)
    return demo(given.port, given.playground_port, with_playground=not given.no_playground)


def set_up_logging() -> None:
    """Our own words on stderr; the SDKs, which log bodies, only when it burns."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    for noisy in ("msrest", "urllib3", "msal", "azure", "botbuilder", "botframework", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def main() -> int:
    """Run a command; a wrong setting ends it with one line."""
    work = read_command()
    set_up_logging()
    try:
        if sys.platform == "win32":
            asyncio.run(work)
        else:
            uvloop.run(work)
    except (WrongSetting, WrongIdentity, WrongFile, StoreError) as error:
        print(f"Cannot start. {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Cannot start: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
