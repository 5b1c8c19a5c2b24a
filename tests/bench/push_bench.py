"""`python -m tests.bench.push_bench`: from a pushed alert to its message at the connector.

A served bot polls each five minutes, so that only the push finds what broke; Azure answers after
150 ms. Runs fail one after the other, and each is pushed, signed, at the moment it ended. Fails
where the 202 takes over 100 ms at p95, or the message over 1.5 s at p95.
"""

import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adf.simulator import State, make_simulator, make_world, wall_clock
from bot.alerts.pushes.callers import SIGNATURE, signature_of
from bot.alerts.pushes.endpoint import ROUTE
from tests.bench.bots import Bot, running
from tests.bench.nights import GROUP
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.teams import Client
from tests.harness import listening

FACTORY, SUBSCRIPTION, PORT = "adf-bench", "00000000-0000-0000-0000-0000000000be", 39841
SECRET = "a secret of more than 32 characters"
ARM_DELAY = 0.15
FAILURES, EVERY, FIRST = 20, 3.0, 30.0
# Above ten new incidents in ten minutes a room gets one message for all, so a channel hears of
# the first half and a personal chat of the second.
MOST_ACCEPTED, MOST_WAITED = 0.1, 1.5


def night(begun: datetime) -> State:
    """Runs that are at work now and fail one after the other, each of its own cause."""
    runs: dict[str, Any] = {}
    for number in range(FAILURES):
        end = begun + timedelta(seconds=FIRST + number * EVERY)
        runs[str(uuid.uuid5(uuid.NAMESPACE_OID, f"push {number}"))] = {
            "pipeline": f"Load{number:02}",
            "status": "Failed",
            "start": (begun - timedelta(minutes=5)).isoformat(),
            "end": end.isoformat(),
            "message": f"Operation on target Copy failed: no column 'c_{number}'",
            "invoked_by": "schedule",
            "parent": None,
        }
    document = {
        "now_utc": begun.isoformat(),
        "default_factory": FACTORY,
        "factories": {FACTORY: {"rg": GROUP}},
        "pipelines": {f"Load{number:02}": [{"factory": FACTORY}] for number in range(FAILURES)},
        "runs": runs,
    }
    return make_world(document, wall_clock)


@contextlib.asynccontextmanager
async def served(folder: Path, begun: datetime) -> AsyncGenerator[tuple[Bot, ConnectorDouble]]:
    """A bot over a slow Azure that hears of failures by pushes alone."""

    async def slowly(_: web.Request) -> None:
        await asyncio.sleep(ARM_DELAY)

    where = {"subscription": SUBSCRIPTION, "resource_group": GROUP, "name": FACTORY}
    file = folder / "factories.json"
    file.write_text(json.dumps({"default": FACTORY, "factories": {FACTORY: where}}))
    async with contextlib.AsyncExitStack() as stack:
        simulator = make_simulator(night(begun), before=slowly)
        arm = await stack.enter_async_context(listening(simulator))
        connector = await stack.enter_async_context(running_connector())
        settings = {
            "ADFOPS_LOCAL": "1",
            "ADFOPS_PORT": str(PORT),
            "ADFOPS_ARM_URL": arm,
            "ADFOPS_FACTORIES": str(file),
            "ADFOPS_STORE": f"sqlite:///{folder / 'store.db'}",
            "ADFOPS_POLL_SECONDS": "300",
            "ADFOPS_ALERT_SECRET": SECRET,
            "ADFOPS_LOG": "ERROR",
        }
        words = ["-m", "tests.bench.serving", str(folder / "lag.txt")]
        yield (
            await stack.enter_async_context(running("push", PORT, words, settings)),
            connector,
        )


async def measure(folder: Path) -> tuple[list[float], list[float]]:
    """Seconds until each push was accepted, and until its message was at the connector."""
    begun = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    async with served(folder, begun) as (bot, connector), aiohttp.ClientSession() as session:
        await _ready(session, bot)
        client = Client(service_url=connector.url)
        wishes = (
            client.in_channel("tell this channel when Load0* fails", thread="1"),
            client.personal("tell me when Load1* fails"),
        )
        for number, wish in enumerate(wishes, start=1):
            async with session.post(bot.endpoint, json=wish) as answer:
                assert answer.status == 202, answer.status
            await connector.wait_for(number)
        accepted: list[float] = []
        waited: list[float] = []
        for number in range(FAILURES):
            ends = begun + timedelta(seconds=FIRST + number * EVERY)
            await asyncio.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds() + 0.05))
            pushed = asyncio.get_running_loop().time()
            accepted.append(await _push(session, bot, number))
            name = f"Load{number:02} "
            (sent, *_) = await connector.wait_for(
                1, lambda one, name=name: one.method == "POST" and name in str(one.card), limit=60
            )
            waited.append(sent.at - pushed)
    return accepted, waited


async def _push(session: aiohttp.ClientSession, bot: Bot, number: int) -> float:
    """Push one failure as a script does; the seconds until it was accepted."""
    run_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"push {number}"))
    alert = {"factory": FACTORY, "pipeline": f"Load{number:02}", "run_id": run_id}
    body = json.dumps(alert).encode()
    signed: Mapping[str, str] = {
        SIGNATURE: signature_of(SECRET.encode(), int(time.time()), body),
        "Content-Type": "application/json",
    }
    url, begun = bot.endpoint.replace("/api/messages", ROUTE), time.perf_counter()
    async with session.post(url, data=body, headers=signed) as answer:
        assert answer.status == 202, await answer.text()
    return time.perf_counter() - begun


async def _ready(session: aiohttp.ClientSession, bot: Bot) -> None:
    async with asyncio.timeout(60):
        while True:
            async with session.get(bot.endpoint.replace("api/messages", "readyz")) as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)


def _line(what: str, seconds: Sequence[float], limit: float) -> str:
    p95 = statistics.quantiles(seconds, n=20)[18]
    return (
        f"{what:24} p50 {statistics.median(seconds):.3f} s  p95 {p95:.3f} s  "
        f"max {max(seconds):.3f} s  limit p95 {limit:g} s"
    )


def main() -> int:
    """Run and print; 1 where a limit is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        accepted, waited = asyncio.run(measure(Path(folder)))
    print(_line("push until 202", accepted, MOST_ACCEPTED))
    print(_line("push until the message", waited, MOST_WAITED))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    late = [statistics.quantiles(one, n=20)[18] for one in (accepted, waited)]
    return int(late[0] > MOST_ACCEPTED or late[1] > MOST_WAITED)


if __name__ == "__main__":
    sys.exit(main())
