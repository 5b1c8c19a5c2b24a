"""`make bench`: what a turn costs, against the least that could answer and plain botbuilder.

Three bots in processes of their own answer the same status question over the same simulator and
the same connector double. Each round asks every bot, in an order of its own; figures are medians
over rounds, ratios are taken round by round. Only ratios mean something on another machine.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from adf.simulator import live_factory, make_simulator
from tests.bench.bots import DEMO, Bot, running
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.teams import Client
from tests.harness import listening

QUESTION = "What's the status of CustomerDataETL?"
OURS, FLOOR, PLAIN = "ours", "floor", "plain botbuilder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One bot in one round: milliseconds from activity in to card out, and CPU, for each turn."""

    wall: float
    cpu: float


async def measure(bot: Bot, connector: ConnectorDouble, turns: int) -> Measured:
    """Ask one question after the other and wait for each card."""
    client = Client(service_url=connector.url)
    before = bot.cpu_seconds()
    async with aiohttp.ClientSession() as session:
        took = [await _turn(session, bot, connector, client) for _ in range(turns)]
    cpu = (bot.cpu_seconds() - before) / turns
    return Measured(wall=statistics.median(took) * 1000, cpu=cpu * 1000)


async def _turn(
    session: aiohttp.ClientSession, bot: Bot, connector: ConnectorDouble, client: Client
) -> float:
    connector.sent.clear()
    begun = time.monotonic()
    async with session.post(bot.endpoint, json=client.personal(QUESTION)) as response:
        assert response.status < 300, response.status
    (sent,) = await connector.wait_for(1)
    assert sent.card is not None
    return sent.at - begun


def report(rounds: Sequence[Mapping[str, Measured]]) -> list[str]:
    """The table: medians, and the ratios of ours to the others."""
    lines = [f"{'bot':18}{'wall ms':>10}{'CPU ms':>10}{'wall ours/x':>13}{'CPU ours/x':>12}"]
    for name in (FLOOR, PLAIN, OURS):
        wall = statistics.median(one[name].wall for one in rounds)
        cpu = statistics.median(one[name].cpu for one in rounds)
        by_wall = statistics.median(one[OURS].wall / one[name].wall for one in rounds)
        by_cpu = statistics.median(one[OURS].cpu / max(one[name].cpu, 0.01) for one in rounds)
        lines.append(f"{name:18}{wall:10.2f}{cpu:10.2f}{by_wall:13.2f}{by_cpu:12.2f}")
    return lines


async def bench(rounds: int, turns: int) -> list[str]:
    """Start everything, warm up, measure, end everything."""
    async with contextlib.AsyncExitStack() as stack:
        arm = await stack.enter_async_context(listening(make_simulator(live_factory())))
        connector = await stack.enter_async_context(running_connector())
        bots = [await stack.enter_async_context(one) for one in _bots(arm)]
        for bot in bots:
            await measure(bot, connector, 5)
        measured: list[dict[str, Measured]] = []
        for number in range(rounds):
            order = random.Random(number).sample(bots, len(bots))
            measured.append({bot.name: await measure(bot, connector, turns) for bot in order})
    return report(measured)


def _bots(arm: str) -> Sequence[Any]:
    settings = {
        "ADFOPS_LOCAL": "1",
        "ADFOPS_PORT": "39801",
        "ADFOPS_ARM_URL": arm,
        "ADFOPS_STORE": "memory:",
        "ADFOPS_LOG": "ERROR",
        "AZURE_SUBSCRIPTION_ID": DEMO.subscription,
        "AZURE_RESOURCE_GROUP": DEMO.resource_group,
        "AZURE_DATA_FACTORY_NAME": DEMO.name,
    }
    return (
        running(FLOOR, 39802, ["-m", "tests.bench.floor", "39802", arm]),
        running(PLAIN, 39803, ["-m", "tests.bench.plain", "39803", arm]),
        running(OURS, 39801, ["app.py", "serve"], settings),
    )


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--turns", type=int, default=40)
    given = parser.parse_args()
    print("\n".join(asyncio.run(bench(given.rounds, given.turns))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
