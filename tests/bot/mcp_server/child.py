"""A server over the standard streams, as a process of its own: its factory, people and person."""

import asyncio
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from adf.client.connections import azure_sign_in
from bot.access.policy import TenantAccess
from bot.hosting.config_files import read_file
from bot.mcp_server import McpSetup, open_handler, person_who_started, serve_stdio
from tests.doubles.teams import TENANT

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


def talkative_clock() -> datetime:
    """The time, and a stray line that must not reach the client."""
    print("a stray line")
    return NOW


async def main(arm_url: str, declared: str, person: str) -> None:
    """Serve until the streams close."""
    file = read_file(Path(declared))
    setup = McpSetup(
        factories=file.factories,
        default=file.default,
        everybody=TenantAccess(
            factories=tuple(one.alias for one in file.factories),
            default=file.default,
            people=file.people,
        ),
        tenants=(TENANT,),
        arm_url=arm_url,
        store="memory:",
        zone="UTC",
    )
    who = await person_who_started(setup, person or None, azure_sign_in(arm_url))
    async with open_handler(setup, talkative_clock) as desk:
        await serve_stdio(desk, who)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    asyncio.run(main(*sys.argv[1:]))
