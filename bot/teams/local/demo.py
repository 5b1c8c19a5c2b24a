"""Trying the bot on this machine: Microsoft's Agents Playground, or the chat in the terminal."""

import asyncio
import sys
import webbrowser
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.teams.local import playground
from bot.teams.local.terminal import Show, chat

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
    "status custmer data       (with a typo)",
)


@asynccontextmanager
async def in_browser(
    start: Path,
    endpoint: str,
    port: int,
    environment: Mapping[str, str],
    *,
    own_factory: bool,
    show: Show,
) -> AsyncGenerator[None]:
    """Keep the Playground open on the endpoint, with questions to begin with."""
    async with playground.running(start, endpoint, port, "ADF Ops", environment) as page:
        show(f"\n  Open {page} and choose Personal Chat. Try:\n")
        show(_to_try(own_factory=own_factory))
        show(f"\n  In the channel first say  {TO_HEAR}")
        show("  and the next failure appears there by itself, within a minute or two.")
        show("\n  Ctrl-C ends everything.")
        if sys.stdout.isatty():
            await asyncio.to_thread(webbrowser.open, page)
        yield


async def in_terminal(endpoint: str, *, own_factory: bool, show: Show) -> None:
    """Chat with the endpoint in the terminal, with questions to begin with."""
    show("\n  Type a question; a number presses a button; `exit` ends. Try:\n")
    show(_to_try(own_factory=own_factory))
    await chat(endpoint, _local_zone(), lambda line: show(f"\n{line}\n"))


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
            "pre-release licence) ..."
        )
        found = await playground.fetch(npm, folder)
    if found is None:
        show("That did not work: the chat opens in the terminal.")
    return found


def _to_try(*, own_factory: bool) -> str:
    """Questions to begin with: names only of the factory that is always the same."""
    return "\n".join(f"    {line}" for line in (TO_TRY_ANYWHERE if own_factory else TO_TRY))


def _local_zone() -> str:
    """The zone of this machine where it has a name, else UTC."""
    link = Path("/etc/localtime")
    name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return name or "UTC"
