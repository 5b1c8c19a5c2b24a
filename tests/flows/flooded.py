"""Both ports of the product in a process of its own, so that its memory alone is measured.

Takes its order as JSON; prints the ports when it is ready, and its memory for each line it is sent.
"""

import asyncio
import ctypes
import gc
import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import aiohttp

import app
from bot.hosting import make_bot
from bot.hosting.process import listening, set_up_logging
from bot.hosting.settings import read_settings
from bot.mcp_server import EntraTokenVerifier, HttpOptions, open_handler, serving_http
from bot.teams import Endpoints, TeamsIdentity
from tests.doubles.teams import TENANT

APP_ID = "22222222-2222-2222-2222-222222222222"
_STATUS = Path("/proc/self/status")


async def main(order: Mapping[str, str]) -> None:
    """Serve until the standard input closes."""
    settings = read_settings(
        _env_file=None,
        ADFOPS_FACTORIES=order["factories"],
        ADFOPS_ARM_URL=order["arm"],
        ADFOPS_STORE="memory:",
        ADFOPS_LOCAL=True,
    )
    registered = TeamsIdentity(
        app_id=APP_ID,
        app_password="secret",
        tenant_id=TENANT,
        endpoints=Endpoints(
            signing_keys=f"{order['identity']}openidconfiguration",
            authority=order["entra"],
            connectors=(order["connector"],),
        ),
    )
    setup = replace(app.setup_of(settings), identity=registered)
    bot = make_bot(setup, clock=app.utc_now, observe=lambda _: None)
    async with (
        aiohttp.ClientSession() as session,
        open_handler(app.mcp_setup_of(settings), app.utc_now) as handler,
        listening(bot, "127.0.0.1", 0) as bot_port,
        serving_http(
            handler,
            HttpOptions(),
            EntraTokenVerifier(
                app_id=APP_ID,
                tenants=(TENANT,),
                session=session,
                seconds=time.monotonic,
                authority=order["identity"],
            ),
        ) as mcp_port,
    ):
        print(json.dumps({"bot": bot_port, "mcp": mcp_port}), flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            gc.collect()
            _give_back()
            print(json.dumps(memory()), flush=True)


def _give_back() -> None:
    """Have the allocator return what nobody uses, so that what is resident is what is held."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def memory() -> Mapping[str, int]:
    """What is resident now, and the most that ever was, in KiB; how many objects there are."""
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    return {
        "now": int(lines["VmRSS"].split()[0]),
        "most": int(lines["VmHWM"].split()[0]),
        "objects": len(gc.get_objects()),
    }


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main(json.loads(sys.argv[1])))
