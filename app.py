"""The composition root and the command line; nothing imports it."""

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp
from aiohttp import web

from adf.client import sdk_wires
from adf.client.azure_tokens import AzureTokens
from adf.client.connections import azure_sign_in
from bot.doctor import Connections, compare_wire, examine, in_json, in_words, is_well
from bot.hosting import CannotExport, freeze_when_ready, lost_store, make_bot, telemetry_to
from bot.hosting.config_files import WrongFile
from bot.hosting.configure import (
    collector_of,
    demo_settings,
    installation,
    mcp_setup_of,
    setup_of,
)
from bot.hosting.demo import declared_for_demo, make_trial_bot, temporary_file
from bot.hosting.process import (
    end_within,
    listening,
    log_step,
    set_up_logging,
    until_stopped,
    use_logging,
)
from bot.hosting.settings import (
    Settings,
    WrongSetting,
    check_names_a_factory,
    check_ready_to_serve,
    process_environment,
    read_settings,
)
from bot.hosting.setup import Clock
from bot.hosting.store_commands import STORE_COMMANDS, run_on_store
from bot.mcp_server import (
    CannotServe,
    EntraTokenVerifier,
    HttpOptions,
    open_handler,
    person_who_started,
    serve_stdio,
    serving_http,
)
from bot.state.store import NotOwner, StoreError, copy_between
from bot.teams import WrongIdentity
from bot.teams.local.demo import ChatPage, free_port, in_browser, in_terminal, playground_in
from bot.teams.local.people import ROLES_TO_TRY, WHO

if sys.platform != "win32":
    import uvloop

# What stops a start with one line that says what to fix.
_REFUSALS = (
    WrongSetting,
    WrongIdentity,
    WrongFile,
    StoreError,
    CannotServe,
    CannotExport,
)

DEV_FOLDER = Path(__file__).parent / ".dev"


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def show(line: str) -> None:
    """Print a line for the person who started the process, at once."""
    print(line, flush=True)


def bot_of(settings: Settings) -> web.Application:
    """The whole bot on the real clock."""
    return make_bot(
        setup_of(settings),
        clock=utc_now,
        observe=log_step,
        telemetry=telemetry_to(collector_of(settings)),
    )


async def serve() -> None:
    """The bot for a real Azure Bot and real factories."""
    settings = read_settings()
    use_logging(settings.log_level, settings.log_format)
    check_ready_to_serve(settings)
    bot = bot_of(settings)
    async with listening(bot, settings.bind, settings.port) as port:
        freezing = asyncio.create_task(freeze_when_ready(bot))
        show(f"Listening on {settings.bind}:{port}")
        await until_stopped(lost_store(bot))
        end_within()
        freezing.cancel()
    if lost_store(bot).is_set():
        raise NotOwner("another bot owns the store now")


async def mcp() -> None:
    """The tools over MCP, for the person who starts this: stdout belongs to the client."""
    settings = read_settings()
    use_logging(settings.log_level, settings.log_format)
    check_names_a_factory(settings)
    setup = mcp_setup_of(settings)
    person = await person_who_started(setup, settings.mcp_person, azure_sign_in(settings.arm_url))
    async with open_handler(setup, utc_now) as handler:
        await serve_stdio(handler, person)


async def mcp_over_http(host: str, port: int) -> None:
    """The tools over MCP, for everybody with a token of Entra."""
    settings = read_settings()
    use_logging(settings.log_level, settings.log_format)
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
    async with aiohttp.ClientSession() as session, open_handler(setup, utc_now) as handler:
        verifier = None
        if not setup.everybody.is_open:
            verifier = EntraTokenVerifier(
                app_id=app_id, tenants=setup.tenants, session=session, seconds=time.monotonic
            )
        async with serving_http(handler, options, verifier) as bound_port:
            show(f"MCP on http://{host}:{bound_port}/mcp")
            await until_stopped()


@asynccontextmanager
async def demo_bot(
    port: int, folder: Path | None = None, clock: Clock = utc_now
) -> AsyncGenerator[str]:
    """The living factory, or that of a Git folder, and the bot; yields the bot's endpoint."""
    from adf import simulator  # a bot that serves never needs it

    requested = simulator.RequestedFailures()
    read = partial(simulator.factory_from_folder, progress=partial(print, file=sys.stderr))
    try:
        state = read(folder, clock) if folder else simulator.live_factory(clock, requested)
    except simulator.WrongFolder as error:
        raise WrongFile(str(error)) from error
    group, name = state.factories[0].resource_group, state.factories[0].name
    words = declared_for_demo(group, name, ROLES_TO_TRY, clock())
    async with (
        listening(simulator.make_simulator(state, dated=True), "127.0.0.1", 0) as arm,
        temporary_file(words) as file,
    ):
        settings = demo_settings(
            arm_url=f"http://127.0.0.1:{arm}",
            group=group,
            factory=name,
            declared=None if folder else file,
        )
        # The terminal belongs to the chat, unless somebody asked for more.
        if "log_level" in settings.model_fields_set:
            use_logging(settings.log_level, settings.log_format)
        bot = make_trial_bot(setup_of(settings), clock, lambda: requested.request(clock()))
        async with listening(bot, "127.0.0.1", free_port(port, show)) as taken:
            yield f"http://127.0.0.1:{taken}/api/messages"


async def demo(
    port: int, playground_port: int, folder: Path | None, who: str, *, with_playground: bool
) -> None:
    """A living factory, the bot and a Teams-like chat; the terminal where there is no npm."""
    own = folder is not None
    start = await playground_in(DEV_FOLDER, show) if with_playground else None
    async with demo_bot(port, folder) as endpoint:
        if start is None:
            await in_terminal(endpoint, who, own_factory=own, show=show)
            return
        page = ChatPage(port=playground_port, who=who, environment=process_environment())
        async with in_browser(start, endpoint, page, own_factory=own, show=show):
            await until_stopped()


async def doctor(*, as_json: bool, wire: bool = False) -> int:
    """Look at everything the bot needs; 1 when something is wrong."""
    it, tokens = installation(), AzureTokens()
    async with aiohttp.ClientSession() as session, contextlib.aclosing(tokens):
        sign_in, wires = azure_sign_in(it.arm_url), sdk_wires(it.arm_url)
        ways = Connections(
            session=session, sign_in=sign_in, token=tokens.get, open_wire=wires, now=utc_now
        )
        findings = await (compare_wire(it, ways) if wire else examine(it, ways))
    show(in_json(findings) if as_json else in_words(findings))
    return 0 if is_well(findings) else 1


async def on_store(given: argparse.Namespace) -> None:
    """A command for the store of a bot that is stopped; writes what it found."""
    person = getattr(given, "person", "")
    for one in await run_on_store(given.command, read_settings().store, utc_now, person):
        show(one)


async def copy(source: str, target: str) -> None:
    """Copy a store into an empty one; stopped, it goes on when it is run again."""
    copied = await copy_between(source, target)
    show(copied.said)


def _parser() -> argparse.ArgumentParser:
    """The commands and their options."""
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
        one.add_argument("--as", dest="who", choices=WHO, default=WHO[0], help="who you are there")
    looking = commands.add_parser("doctor", help="looks at everything the bot needs")
    looking.add_argument("--json", action="store_true", help="for a program to read")
    looking.add_argument("--wire", action="store_true", help="compares answers with our guesses")
    commands.add_parser("diagnose-gaps", help="errors that were met and not known, by signature")
    asking = commands.add_parser("mcp", help="our questions over MCP, for other assistants")
    asking.add_argument("--http", action="store_true", help="over HTTP; else the standard streams")
    asking.add_argument("--host", default="127.0.0.1", help="to listen on, with --http")
    asking.add_argument("--port", type=int, default=3979, help="with --http; 0 takes any")
    forgetting = commands.add_parser("forget", help="erases a person; stop the bot first")
    forgetting.add_argument("--person", required=True, help="their object id in Entra")
    auditing = commands.add_parser("audit", help="who did what; stop the bot first")
    auditing.add_argument("what", choices=["export"], help="as JSON lines, oldest first")
    judging = commands.add_parser("feedback", help="which causes were right; stop the bot first")
    judging.add_argument("what", choices=["export"], help="as JSON lines, without people")
    copying = commands.add_parser("store", help="moves the store; stop the bot first")
    copying.add_argument("what", choices=["copy"], help="into an empty one, exactly")
    copying.add_argument("--from", dest="source", required=True, help="as in ADFOPS_STORE")
    copying.add_argument("--to", dest="target", required=True, help="as in ADFOPS_STORE")
    return parser


def read_command(words: list[str] | None = None) -> Coroutine[object, object, int | None]:
    """The command line as the work to run."""
    given = _parser().parse_args(words)
    if given.command == "store":
        return copy(given.source, given.target)
    if given.command in STORE_COMMANDS:
        return on_store(given)
    if given.command == "mcp":
        return mcp_over_http(given.host, given.port) if given.http else mcp()
    if given.command == "serve":
        return serve()
    if given.command == "doctor":
        return doctor(as_json=given.json, wire=given.wire)
    if given.command == "chat":
        return demo(given.port, 0, given.factory_dir, given.who, with_playground=False)
    with_page, own = not given.no_playground, given.factory_dir
    return demo(given.port, given.playground_port, own, given.who, with_playground=with_page)


def main() -> int:
    """Run a command; a wrong setting ends it with one line."""
    work = read_command()
    set_up_logging()
    try:
        run = asyncio.run if sys.platform == "win32" else uvloop.run
        return run(work) or 0
    except NotOwner as error:
        print(f"Ended. {error}", file=sys.stderr)
        return 3
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
