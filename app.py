"""The composition root and the command line; nothing imports it."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from aiohttp import web

from adf.client import sdk_wires
from adf.client.identity import azure_sign_in
from adf.simulator import WrongFolder, factory_from_folder, live_factory, make_simulator
from adf.tool import ToolCall
from bot.doctor import Connections, examine, in_json, in_words, is_well
from bot.hosting import CannotExport, freeze_when_ready, make_bot, telemetry_to
from bot.hosting.config_files import WrongFile
from bot.hosting.configure import collector_of, installation, mcp_setup_of, setup_of
from bot.hosting.settings import (
    Settings,
    WrongSetting,
    check_names_a_factory,
    check_ready_to_serve,
    process_environment,
    read_settings,
)
from bot.mcp_server import (
    Bearer,
    CannotServe,
    HttpOptions,
    open_desk,
    person_who_started,
    serve_stdio,
    serving_http,
)
from bot.state.store import StoreError
from bot.teams import WrongIdentity
from bot.teams.local.demo import in_browser, in_terminal, playground_in
from cards.card import Card

if sys.platform != "win32":
    import uvloop

log = logging.getLogger("adfops")

# What stops a start with one line that says what to fix.
_REFUSALS = (
    WrongSetting,
    WrongIdentity,
    WrongFile,
    WrongFolder,
    StoreError,
    CannotServe,
    CannotExport,
)

NOISY = "msrest urllib3 msal azure botbuilder botframework asyncio mcp uvicorn httpx2"
DEV_FOLDER = Path(__file__).parent / ".dev"
DEMO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
DEMO_POLL_SECONDS = 3


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def show(line: str) -> None:
    """Print a line for the person who started the process, at once."""
    print(line, flush=True)


def log_step(step: ToolCall | Card) -> None:
    """Log which tool was called and which card was rendered."""
    if isinstance(step, ToolCall):
        log.info("tool %s %s", step.name, dict(step.arguments))
    else:
        log.info("card %s", step.kind)


def bot_of(settings: Settings) -> web.Application:
    """The whole bot on the real clock."""
    return make_bot(
        setup_of(settings),
        clock=utc_now,
        observe=log_step,
        telemetry=telemetry_to(collector_of(settings)),
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
        freezing = asyncio.create_task(freeze_when_ready(bot))
        show(f"Listening on {settings.bind}:{port}")
        await until_stopped()
        freezing.cancel()


async def mcp() -> None:
    """The tools over MCP, for the person who starts this: stdout belongs to the client."""
    settings = read_settings()
    check_names_a_factory(settings)
    setup = mcp_setup_of(settings)
    person = await person_who_started(setup, settings.mcp_person, azure_sign_in(settings.arm_url))
    async with open_desk(setup, utc_now) as handler:
        await serve_stdio(handler, person)


async def mcp_over_http(host: str, port: int) -> None:
    """The tools over MCP, for everybody with a token of Entra."""
    settings = read_settings()
    check_names_a_factory(settings)
    setup = mcp_setup_of(settings)
    app_id, tenant = settings.app_id or "", settings.app_tenant or ""
    options = HttpOptions(
        host=host,
        port=port,
        names=settings.mcp_hosts,
        sign_in=f"https://login.microsoftonline.com/{tenant}/v2.0" if tenant else "",
        scope=f"api://{app_id}/access_as_user" if app_id else "",
    )
    async with aiohttp.ClientSession() as session, open_desk(setup, utc_now) as handler:
        bearer = None
        if not setup.everybody.is_open:
            bearer = Bearer(
                app_id=app_id, tenants=setup.tenants, session=session, seconds=time.monotonic
            )
        async with serving_http(handler, options, bearer) as bound_port:
            show(f"MCP on http://{host}:{bound_port}/mcp")
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
    own = folder is not None
    start = await playground_in(DEV_FOLDER, show) if with_playground else None
    async with demo_bot(port, folder) as endpoint:
        if start is None:
            await in_terminal(endpoint, own_factory=own, show=show)
            return
        there = process_environment()
        async with in_browser(start, endpoint, playground_port, there, own_factory=own, show=show):
            await until_stopped()


async def chat_in_terminal(port: int, folder: Path | None) -> None:
    """The demo with the terminal as the chat."""
    async with demo_bot(port, folder) as endpoint:
        await in_terminal(endpoint, own_factory=folder is not None, show=show)


async def doctor(*, as_json: bool) -> int:
    """Look at everything the bot needs; 1 when something is wrong."""
    it = installation()
    async with aiohttp.ClientSession() as session:
        ways = Connections(
            session=session,
            sign_in=azure_sign_in(it.arm_url),
            open_wire=sdk_wires(it.arm_url),
            now=utc_now,
        )
        findings = await examine(it, ways)
    show(in_json(findings) if as_json else in_words(findings))
    return 0 if is_well(findings) else 1


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
    """Our own words on stderr; the SDKs, which log bodies, only their errors."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    for noisy in NOISY.split():
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
