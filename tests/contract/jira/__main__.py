"""`make contract`: our Jira client works a ticket on jira820, which others wrote.

Needs the package registry at the first time; everything else stays on this machine.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.tickets.setup import TicketKind, TicketSetup
from bot.tickets.systems.jira import Jira
from cards.records import TicketText
from tests.contract.environments import NoJudge, make_environment

FOLDER = "jira820"
PACKAGE = "jira820==0.12.0"
PROJECT, KEY = "JIRA820", "adfops-0123456789abcdef0123456789abcdef"
HOSTILE = "Login failed *bold* [click|https://evil.example] {html}<b>x</b>{html}"
TEXT = TicketText(
    title="INC-104: PaymentsRecon failed in adf-prod",
    lines=("The sign-in was refused.", HOSTILE),
    error=HOSTILE,
    thread="https://teams.microsoft.com/l/message/19%3Aops/1700000000000?tenantId=t",
)


async def main() -> int:
    """Work a ticket and print what held; not nought where anything failed."""
    try:
        python = await make_environment(FOLDER, PACKAGE)
        async with _running(python) as url, aiohttp.ClientSession() as session:
            found = await _worked(url, session)
    except NoJudge as missing:
        print(f"nothing was judged: {missing}")
        return 2
    for name, held in found.items():
        print(f"{'ok    ' if held else 'FAILED'}  {name}")
    print(f"{sum(found.values())} ok, {len(found) - sum(found.values())} failed")
    return 0 if all(found.values()) else 1


async def _worked(url: str, session: aiohttp.ClientSession) -> dict[str, bool]:
    """A ticket from the first search to its end."""
    setup = TicketSetup(kind=TicketKind.JIRA_DATA_CENTER, url=url, secret="any", project=PROJECT)
    jira = Jira(setup, session)
    before = await jira.find(KEY)
    made = await jira.create(KEY, TEXT)
    found, other = await jira.find(KEY), await jira.find(f"{KEY}0")
    commented = await jira.has_comment(made.remote_id, "1")
    await jira.comment(made.remote_id, HOSTILE, "1")
    again = await jira.has_comment(made.remote_id, "1")
    opened = await jira.get(made.remote_id)
    await jira.close(made.remote_id, "It is over.")
    closed = await jira.get(made.remote_id)
    async with session.get(f"{url}/rest/api/2/issue/{made.number}") as response:
        fields = (await response.json())["fields"]
    return {
        "nothing is found before": before is None,
        "a ticket is opened in the project": made.number.startswith(f"{PROJECT}-"),
        "it is found by its key": found is not None and found.number == made.number,
        "it is not found by another key": other is None,
        "its summary is ours": fields["summary"] == TEXT.title,
        "its labels carry the key": KEY in fields["labels"],
        "a comment is found by its mark": again and not commented,
        "it has a state": bool(opened.status) and not opened.is_done,
        "it is closed": closed.is_done,
    }


@asynccontextmanager
async def _running(python: Path) -> AsyncGenerator[str]:
    """The server on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *(str(python), "-m", "jira820"),
        stdout=quiet,
        stderr=quiet,
        env={"JIRA820_HOST": "127.0.0.1", "JIRA820_PORT": str(port)},
    )
    try:
        url = f"http://127.0.0.1:{port}"
        await _until_ready(url)
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_ready(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(150):
            try:
                async with session.get(f"{url}/rest/api/2/serverInfo") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.2)
    raise NoJudge("jira820 does not answer")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
