"""Trying the bot on this machine: Microsoft's Agents Playground, or the chat in the terminal."""

import asyncio
import socket
import sys
import webbrowser
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.teams.local import playground
from bot.teams.local.people import PEOPLE, WHO, person_called
from bot.teams.local.terminal import Show, chat

TO_HEAR = "@ADF Ops tell us when anything fails"
TO_TRY_ANYWHERE = (
    "how are things looking",
    "which pipelines failed in the last 24 hours",
    "what is running           (in the channel: @ADF Ops what is running)",
    "status of ...             (a pipeline, or a part of its name)",
    "why did ... fail",
)
TO_TRY = (
    "how are things looking",
    "Why did CustomerDataETL fail?",
    "why did nightly fail      (two levels down, into the items of a loop)",
    "why is ProcessOrders queued",
    "did anything not run",
    "status custmer data       (with a typo)",
)
_CONNECT = (
    "\n  This factory is simulated. Try your own pipelines: app.py demo --factory-dir FOLDER"
    "\n  (its Git folder). Connect a real factory: deploy/README.md."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """The page of the chat: its port, who reads it, and the environment of its process."""

    port: int
    who: str = WHO[0]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


def free_port(port: int, show: Show) -> int:
    """The port, or 0 (any free one) with a word about it where another program has it."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            show(f"Port {port} is in use, so I take a free one. (--port chooses another.)")
            return 0
    return port


@asynccontextmanager
async def in_browser(
    start: Path, endpoint: str, page: ChatPage, *, own_factory: bool, show: Show
) -> AsyncGenerator[None]:
    """Keep the Playground open on the endpoint, with questions to begin with."""
    config = playground.config("ADF Ops", page.who)
    running = playground.running(start, endpoint, page.port, config, page.environment)
    async with running as address:
        show(f"\n  Open {address} and choose Personal Chat. Try:\n")
        show(_to_try(own_factory=own_factory))
        show(f"\n  In the channel, say  {TO_HEAR}")
        show(f"  and a failure appears there by itself{_soon(own_factory=own_factory)}.")
        show(_roles(page.who, own_factory=own_factory))
        show("\n  Ctrl-C ends everything.")
        if sys.stdout.isatty():
            await asyncio.to_thread(webbrowser.open, address)
        yield


async def in_terminal(endpoint: str, who: str = WHO[0], *, own_factory: bool, show: Show) -> None:
    """Chat with the endpoint in the terminal, with questions to begin with."""
    show("\n  Type a question; a number presses a button; `exit` ends. Try:\n")
    show(_to_try(own_factory=own_factory))
    show(_roles(who, own_factory=own_factory))
    await chat(endpoint, _local_zone(), lambda line: show(f"\n{line}\n"), person_called(who))


async def playground_in(folder: Path, show: Show) -> Path | None:
    """The Playground's start file, fetched when npm is here; None without."""
    npm = playground.find_npm()
    if npm is None:
        show("No npm here: the chat opens in the terminal.")
        return None
    found = playground.installed(folder)
    if found is None:
        show(
            "Fetching Microsoft's Agents Playground with npm (15 MB, under Microsoft's own "
            "pre-release license) ..."
        )
        found = await playground.fetch(npm, folder)
    if found is None:
        show("npm could not fetch it: the chat opens in the terminal.")
    return found


def _soon(*, own_factory: bool) -> str:
    """The factory of the demo breaks something when somebody asks for alerts."""
    return "" if own_factory else " within a minute"


def _roles(who: str, *, own_factory: bool) -> str:
    """Who the person is here, and whom else they can be."""
    if own_factory:
        return ""
    here = person_called(who)
    others = ", ".join(f"{one.given} ({one.role})" for one in PEOPLE if one.given != who)
    return f"\n  You are {here.name}, {here.role}. --as makes you {others}.{_CONNECT}"


def _to_try(*, own_factory: bool) -> str:
    """Questions to begin with: names only of the factory that is always the same."""
    return "\n".join(f"    {line}" for line in (TO_TRY_ANYWHERE if own_factory else TO_TRY))


def _local_zone() -> str:
    """The zone of this machine where it has a name, else UTC."""
    link = Path("/etc/localtime")
    name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return name or "UTC"
