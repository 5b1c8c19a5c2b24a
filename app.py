"""The composition root and the command line; nothing imports it."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
import time
import webbrowser
from collections.abc import AsyncGenerator, Coroutine, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from aiohttp import web

from adf.client import sdk_wires
from adf.client.signin import azure_sign_in
from adf.records import Factory
from adf.simulator import WrongFolder, factory_from_folder, live_factory, make_simulator
from adf.tool import ToolCall
from bot.doctor import Installation, Ways, examine, in_json, in_words, is_well
from bot.explaining import Prose
from bot.factories_file import FactoriesFile, WrongFile, read_file
from bot.mcp_server import (
    Bearer,
    CannotServe,
    Door,
    McpSetup,
    open_desk,
    person_who_started,
    serve_stdio,
    serving_http,
)
from bot.people import Everybody
from bot.prices_file import read_prices
from bot.service import (
    CannotExport,
    Collector,
    DocsSetup,
    ModelSetup,
    Setup,
    make_bot,
    settle,
    telemetry_to,
)
from bot.settings import (
    Settings,
    WrongSetting,
    check_names_a_factory,
    check_ready_to_serve,
    process_environment,
    read_settings,
    read_what_is_right,
)
from bot.store import StoreError
from bot.teams import TeamsIdentity, WrongIdentity, playground
from bot.teams.terminal import chat
from cards.card import Card

if sys.platform != "win32":
    import uvloop

log = logging.getLogger("adfops")

# What stops a start with one line that says what to mend.
_REFUSALS = (
    WrongSetting,
    WrongIdentity,
    WrongFile,
    WrongFolder,
    StoreError,
    CannotServe,
    CannotExport,
)

DEV_FOLDER = Path(__file__).parent / ".dev"
DEMO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
DEMO_POLL_SECONDS = 3
TO_HEAR = "@ADF Ops tell us when anything fails"
TO_TRY_ANYWHERE = (
    "which pipelines failed in the last 24 hours",
    "what is running           (in the channel: @ADF Ops what is running)",
    "status of ...             (a pipeline, or a part of its name)",
    "why did ... fail",
    "trend of the last 2 days",
)
TO_TRY = (
    "Why did CustomerDataETL fail?",
    "why did nightly fail      (two levels down, into the items of a loop)",
    "What's the status of ProcessOrders?",
    "what is running           (in the channel: @ADF Ops what is running)",
    "status custmer data       (a slip of the pen)",
)


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def log_step(step: ToolCall | Card) -> None:
    """Tell the log which tool was called and which card was drawn."""
    if isinstance(step, ToolCall):
        log.info("tool %s %s", step.name, dict(step.arguments))
    else:
        log.info("card %s", step.kind)


def setup_of(settings: Settings) -> Setup:
    """What the bot is put together from, as the settings and the factories file have it."""
    declared = _declared(settings)
    return Setup(
        identity=identity_of(settings),
        factories=declared.factories,
        default=declared.default,
        everybody=_everybody(settings, declared),
        rooms=declared.rooms,
        arm_url=settings.arm_url,
        store=settings.store,
        zone=settings.zone,
        bot_name=settings.bot_name,
        poll_seconds=settings.poll_seconds,
        model=_model_of(settings),
        docs=DocsSetup(url=settings.mcp_url, label=settings.mcp_label)
        if settings.mcp_url
        else None,
    )


def mcp_setup_of(settings: Settings) -> McpSetup:
    """What the MCP server is put together from; it needs no registration of a bot."""
    declared = _declared(settings)
    own = (settings.app_tenant,) if settings.app_tenant else ()
    return McpSetup(
        factories=declared.factories,
        default=declared.default,
        everybody=_everybody(settings, declared),
        tenants=settings.tenants or own,
        arm_url=settings.arm_url,
        store=settings.store,
        zone=settings.zone,
    )


def _everybody(settings: Settings, declared: FactoriesFile) -> Everybody:
    return Everybody(
        factories=tuple(one.alias for one in declared.factories),
        default=declared.default,
        people=declared.people,
        operators=settings.operators,
        local=settings.local,
    )


def _declared(settings: Settings) -> FactoriesFile:
    """The factories file; without one, the factory that the AZURE_* settings name."""
    if settings.factories_file:
        return read_file(settings.factories_file)
    name = settings.factory_name or ""
    one = Factory(
        alias=name,
        subscription=settings.subscription or "",
        resource_group=settings.resource_group or "",
        name=name,
    )
    return FactoriesFile(factories=(one,), default=name)


def _model_of(settings: Settings) -> ModelSetup | None:
    """The language model of the settings; None where rules alone answer."""
    backend = settings.best_agent
    if backend == "offline":
        return None
    own = settings.openai_endpoint is not None
    key = settings.openai_key if own else settings.model_key
    endpoint = settings.openai_endpoint if own else settings.model_endpoint
    return ModelSetup(
        backend=backend,
        endpoint=(settings.project_endpoint if backend == "foundry" else endpoint) or "",
        deployment=settings.deployment,
        key=key.get_secret_value() if key and backend != "foundry" else None,
        prose=Prose(settings.prose),
        error_text=settings.error_text,
        tokens_per_day=settings.tokens_per_day,
        price=read_prices(settings.prices_file).get(settings.deployment)
        if settings.prices_file
        else None,
    )


def identity_of(settings: Settings) -> TeamsIdentity:
    """Who the bot is for Teams."""
    password = settings.app_password
    return TeamsIdentity(
        app_id=settings.app_id or "",
        app_password=password.get_secret_value() if password else "",
        app_type=settings.app_type,
        tenant_id=settings.app_tenant or "",
        tenants=settings.tenants,
        local=settings.local,
    )


def bot_of(settings: Settings) -> web.Application:
    """The whole bot on the real clock."""
    return make_bot(
        setup_of(settings),
        clock=utc_now,
        observe=log_step,
        telemetry=telemetry_to(collector_of(settings)),
    )


def collector_of(settings: Settings) -> Collector:
    """Who collects what the bot tells of itself, if anybody."""
    insights = settings.insights
    return Collector(
        otlp=settings.otlp_endpoint or "",
        insights=insights.get_secret_value() if insights else "",
    )


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
    bot = bot_of(settings)
    async with listening(bot, settings.bind, settings.port) as port:
        settling = asyncio.create_task(settle(bot))
        print(f"Listening on {settings.bind}:{port}", flush=True)
        await until_stopped()
        settling.cancel()


async def mcp() -> None:
    """Our questions over MCP, for whoever starts this: stdout belongs to the client."""
    settings = read_settings()
    check_names_a_factory(settings)
    setup = mcp_setup_of(settings)
    person = await person_who_started(setup, settings.mcp_person, azure_sign_in(settings.arm_url))
    async with open_desk(setup, utc_now) as desk:
        await serve_stdio(desk, person)


async def mcp_over_http(host: str, port: int) -> None:
    """Our questions over MCP for everybody with a token of Entra."""
    settings = read_settings()
    check_names_a_factory(settings)
    setup = mcp_setup_of(settings)
    app_id, tenant = settings.app_id or "", settings.app_tenant or ""
    door = Door(
        host=host,
        port=port,
        names=settings.mcp_hosts,
        sign_in=f"https://login.microsoftonline.com/{tenant}/v2.0" if tenant else "",
        scope=f"api://{app_id}/access_as_user" if app_id else "",
    )
    async with aiohttp.ClientSession() as session, open_desk(setup, utc_now) as desk:
        bearer = None
        if not setup.everybody.is_open:
            bearer = Bearer(
                app_id=app_id, tenants=setup.tenants, session=session, seconds=time.monotonic
            )
        async with serving_http(desk, door, bearer) as taken:
            print(f"MCP on http://{host}:{taken}/mcp", flush=True)
            await until_stopped()


@asynccontextmanager
async def demo_bot(port: int, folder: Path | None = None) -> AsyncGenerator[str]:
    """The simulator and the bot on this machine; yields the bot's endpoint.

    The factory is the living one, or the one whose Git folder is named.
    """
    state = factory_from_folder(folder) if folder else live_factory()
    async with listening(make_simulator(state), "127.0.0.1", 0) as arm:
        settings = read_settings(
            _env_file=None,
            MicrosoftAppId=None,
            MicrosoftAppTenantId=None,
            AZURE_SUBSCRIPTION_ID=DEMO_SUBSCRIPTION,
            AZURE_RESOURCE_GROUP=state.factories[0].resource_group,
            AZURE_DATA_FACTORY_NAME=state.factories[0].name,
            ADFOPS_FACTORIES=None,
            ADFOPS_ARM_URL=f"http://127.0.0.1:{arm}",
            ADFOPS_TENANTS=(),
            ADFOPS_OPERATORS=(),
            ADFOPS_POLL_SECONDS=DEMO_POLL_SECONDS,
            ADFOPS_STORE="memory:",
            ADFOPS_LOCAL=True,
            ADFOPS_HOST=None,
        )
        async with listening(bot_of(settings), "127.0.0.1", port) as taken:
            yield f"http://127.0.0.1:{taken}/api/messages"


async def demo(
    port: int, playground_port: int, folder: Path | None, *, with_playground: bool
) -> None:
    """A living factory, the bot and a Teams-like chat; the terminal where there is no npm."""
    start = await _playground() if with_playground else None
    async with demo_bot(port, folder) as endpoint:
        if start is None:
            await _chat(endpoint, folder)
            return
        environment = process_environment()
        async with playground.running(
            start, endpoint, playground_port, "ADF Ops", environment
        ) as page:
            print(f"\n  Open {page} and choose Personal Chat. Try:\n")
            print(_to_try(folder))
            print(f"\n  In the channel first say  {TO_HEAR}")
            print("  and the next failure appears there by itself, within a minute or two.")
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


def _to_try(folder: Path | None) -> str:
    """Questions to begin with: names only of the factory that is always the same."""
    return "\n".join(f"    {line}" for line in (TO_TRY_ANYWHERE if folder else TO_TRY))


async def _chat(endpoint: str, folder: Path | None) -> None:
    print("\n  Type a question; a number presses a button; `exit` ends. Try:\n")
    print(_to_try(folder), flush=True)
    await chat(endpoint, _local_zone(), lambda line: print(f"\n{line}\n", flush=True))


def _local_zone() -> str:
    """The zone of this machine where it has a name, else UTC."""
    link = Path("/etc/localtime")
    name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return name or "UTC"


async def chat_in_terminal(port: int, folder: Path | None) -> None:
    """The demo with the terminal as the chat."""
    async with demo_bot(port, folder) as endpoint:
        await _chat(endpoint, folder)


async def doctor(*, as_json: bool) -> int:
    """Look at everything the bot needs; 1 when something is wrong."""
    it = installation()
    async with aiohttp.ClientSession() as session:
        ways = Ways(
            session=session,
            sign_in=azure_sign_in(it.arm_url),
            open_wire=sdk_wires(it.arm_url),
            now=utc_now,
        )
        findings = await examine(it, ways)
    print(in_json(findings) if as_json else in_words(findings), flush=True)
    return 0 if is_well(findings) else 1


def installation() -> Installation:
    """Everything that was set; what is refused is a problem here, not the end."""
    settings, refused = read_what_is_right()
    problems = list(refused)
    declared = FactoriesFile(factories=(), default="")
    identity = None
    with _collecting(problems):
        check_ready_to_serve(settings)
    with _collecting(problems):
        identity = identity_of(settings)
    with _collecting(problems):
        declared = _declared(settings)
    return Installation(
        problems=tuple(problems),
        identity=identity,
        factories=declared.factories,
        is_file=settings.factories_file is not None,
        arm_url=settings.arm_url,
        store=settings.store,
        bind=settings.bind,
        port=settings.port,
        zone=settings.zone,
        operators=settings.operators,
        declared=len(declared.people) + len(declared.rooms),
    )


@contextlib.contextmanager
def _collecting(problems: list[str]) -> Generator[None]:
    """Keep what is refused among the problems, each setting once, and go on."""
    try:
        yield
    except (WrongSetting, WrongIdentity, WrongFile) as error:
        found = error.problems if isinstance(error, WrongSetting) else (str(error),)
        told = {one.split()[0].rstrip(":") for one in problems}
        problems += [one for one in found if one.split()[0].rstrip(":") not in told]


def read_command(words: list[str] | None = None) -> Coroutine[object, object, int | None]:
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
    for one in (trying, talking):
        one.add_argument("--factory-dir", type=Path, help="simulate the factory of a Git folder")
    looking = commands.add_parser("doctor", help="looks at everything the bot needs")
    looking.add_argument("--json", action="store_true", help="for a program to read")
    asking = commands.add_parser("mcp", help="our questions over MCP, for other assistants")
    asking.add_argument("--http", action="store_true", help="over HTTP; else the standard streams")
    asking.add_argument("--host", default="127.0.0.1", help="to listen on, with --http")
    asking.add_argument("--port", type=int, default=3979, help="with --http; 0 takes any")
    given = parser.parse_args(words)
    if given.command == "mcp":
        return mcp_over_http(given.host, given.port) if given.http else mcp()
    if given.command == "serve":
        return serve()
    if given.command == "doctor":
        return doctor(as_json=given.json)
    if given.command == "chat":
        return chat_in_terminal(given.port, given.factory_dir)
    return demo(
        given.port,
        given.playground_port,
        given.factory_dir,
        with_playground=not given.no_playground,
    )


def set_up_logging() -> None:
    """Our own words on stderr; the SDKs, which log bodies, only when it burns."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    for noisy in (
        "msrest",
        "urllib3",
        "msal",
        "azure",
        "botbuilder",
        "botframework",
        "asyncio",
        "mcp",
        "uvicorn",
        "httpx2",
    ):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def main() -> int:
    """Run a command; a wrong setting ends it with one line."""
    work = read_command()
    set_up_logging()
    try:
        run = asyncio.run if sys.platform == "win32" else uvloop.run
        return run(work) or 0
    except _REFUSALS as error:
        print(f"Cannot start. {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Cannot start: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
