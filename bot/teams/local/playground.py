"""Starts Microsoft's Agents Playground, a Teams-like page for a developer's own machine.

It is fetched from npm by the developer's own command, under its own licence, and is never shipped.
Its configuration names our people, team and bot; activities reach us with a mention, as in Teams.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.teams.local.people import PEOPLE, WHO, DemoPerson

PACKAGE = "@microsoft/m365agentsplayground"
VERSION = "0.2.28"
TENANT = "11111111-1111-1111-1111-111111111111"
BOT_ID = "28:22222222-2222-2222-2222-222222222222"


def config(bot_name: str, who: str = WHO[0]) -> Mapping[str, Any]:
    """The Playground's configuration file, version 0.1.1: a tenant, six people, a team."""
    ordered = sorted(PEOPLE, key=lambda one: one.given != who)
    reader, *others = (_person(one) for one in ordered)
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT_ID, "name": bot_name},
        "currentUser": reader,
        "users": others,
        "personalChat": {"id": f"a:{who}-and-the-bot"},
        "groupChat": {"id": "19:night-shift@thread.v2", "name": "Night shift"},
        "team": {
            "id": "19:data-platform@thread.tacv2",
            "name": "Data Platform",
            "aadGroupId": "bbbbbbbb-0000-0000-0000-000000000001",
            "channels": [{"id": "19:data-incidents@thread.tacv2", "name": "Data incidents"}],
        },
    }


def find_npm() -> str | None:
    """The npm command, if this machine has one."""
    return shutil.which("npm") if shutil.which("node") else None


def installed(folder: Path) -> Path | None:
    """The Playground's start file below a folder, if it was fetched before."""
    start = folder / "node_modules" / PACKAGE / "cli.js"
    return start if start.is_file() else None


async def fetch(npm: str, folder: Path) -> Path | None:
    """Fetch the Playground with npm (about 15 MB); None when that does not work here."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    words = ("install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder))
    process = await asyncio.create_subprocess_exec(
        npm, *words, f"{PACKAGE}@{VERSION}", stdout=sys.stderr, stderr=sys.stderr
    )
    return installed(folder) if await process.wait() == 0 else None


@asynccontextmanager
async def running(
    start: Path,
    endpoint: str,
    port: int,
    config_file: Mapping[str, Any],
    environment: Mapping[str, str],
) -> AsyncGenerator[str]:
    """Run the Playground against our endpoint; yields the address of its page."""
    file = start.parents[3] / "playground.yml"
    file.write_text(json.dumps(config_file, indent=1), encoding="utf-8")
    own = {
        "TEAMSAPPTESTER_BROWSER": "none",
        "NO_PROXY": "127.0.0.1,localhost",
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(file),
    }
    words = ("start", "-e", endpoint, "-c", "msteams", "-p", str(port), "--dt")
    process = await asyncio.create_subprocess_exec(
        shutil.which("node") or "node",
        str(start),
        *words,
        cwd=start.parents[3],  # where it writes a log of its own
        env={**environment, **own},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield f"http://localhost:{await _port(process)}"
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    """The port it took: the one asked for, or another when that was busy."""
    async with asyncio.timeout(60):
        async for line in process.stdout or ():
            words = line.decode("utf-8", "replace").split()
            if "Listening" in words and words[-1].isdigit():
                return int(words[-1])
    raise RuntimeError("the Agents Playground ended before it listened")


def _person(one: DemoPerson) -> Mapping[str, str]:
    given, surname = one.name.split(" ")
    mail = f"{given.lower()}@example.com"
    return {
        "id": f"user-{given.lower()}",
        "name": one.name,
        "userPrincipleName": mail,
        "aadObjectId": one.person_id,
        "givenName": given,
        "surname": surname,
        "email": mail,
    }
