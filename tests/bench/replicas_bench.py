"""`python -m tests.bench.replicas_bench`: turns a second of one replica and of two, side by side.

Both live all the time over one store; in a round either one of them gets all turns, or they take
turns. Azure, the connector and the store cost next to nothing, so that two cores are two replicas'.
Rounds of each kind alternate, and the ratio is taken round by round.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import uvloop

from tests.bench.bots import DEMO, Bot, running
from tests.bench.free_doubles import FreeDoubles, Poster
from tests.bench.sharing import AS_A_TABLE
from tests.doubles.teams import Client

QUESTION = "What's the status of CustomerDataETL?"
PORTS = (39821, 39822)
PEOPLE, AT_ONCE = 600, 16
IN_MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Turns a second of some replicas, and what a turn cost them of CPU, in milliseconds."""

    rate: float
    cpu: float


def settings(arm: str, port: int, store: str) -> dict[str, str]:
    """Of a bot that answers anybody of this machine."""
    return {
        "ADFOPS_LOCAL": "1",
        "ADFOPS_PORT": str(port),
        "ADFOPS_ARM_URL": arm,
        "ADFOPS_STORE": store,
        "ADFOPS_LOG": "ERROR",
        "AZURE_SUBSCRIPTION_ID": DEMO.subscription,
        "AZURE_RESOURCE_GROUP": DEMO.resource_group,
        "AZURE_DATA_FACTORY_NAME": DEMO.name,
    }


class Load:
    """People who ask one question after the other, each in a chat of their own."""

    def __init__(self, doubles: FreeDoubles) -> None:
        self._doubles = doubles
        self._next = 0

    async def ask(self, bots: Sequence[Bot], seconds: float, at_once: int) -> Round:
        """So many at once for each bot, for so long."""
        cpu = sum(one.cpu_seconds() for one in bots)
        began = time.monotonic()
        until = began + seconds
        workers = [
            self._work(one, lambda _: time.monotonic() < until)
            for one in bots
            for _ in range(at_once)
        ]
        turns = sum(await asyncio.gather(*workers))
        took = time.monotonic() - began
        spent = sum(one.cpu_seconds() for one in bots) - cpu
        return Round(rate=turns / took, cpu=1000 * spent / turns)

    async def turns(self, bot: Bot, count: int, at_once: int) -> None:
        """So many turns, however long they take."""
        each = count // at_once
        await asyncio.gather(*(self._work(bot, lambda done: done < each) for _ in range(at_once)))

    async def _work(self, bot: Bot, goes_on: Callable[[int], bool]) -> int:
        poster = Poster(int(bot.endpoint.rpartition(":")[2].partition("/")[0]))
        turns = 0
        while goes_on(turns):
            self._next += 1
            name = f"Person{self._next % PEOPLE}"
            activity = Client(service_url=self._doubles.connector, name=name).personal(QUESTION)
            answered = self._doubles.expect(activity["conversation"]["id"])
            await poster.post(activity)
            async with asyncio.timeout(60):
                await answered
            turns += 1
        poster.close()
        return turns


async def until_ready(bot: Bot) -> None:
    """Wait until a bot takes messages."""
    url = bot.endpoint.replace("api/messages", "readyz")
    async with aiohttp.ClientSession() as session, asyncio.timeout(120):
        while True:
            async with session.get(url) as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)


async def measure(rounds: int, seconds: float, folder: Path) -> list[str]:
    """Every figure, as lines to print."""
    async with AsyncExitStack() as stack:
        doubles = FreeDoubles()
        await stack.enter_async_context(doubles.serving())
        words = ["-m", "tests.bench.sharing", str(folder / "shared.db")]
        bots: list[Bot] = []
        for port in PORTS:
            given = settings(doubles.arm, port, AS_A_TABLE)
            one = running(f"replica {port}", port, words, given)
            bots.append(await stack.enter_async_context(one))
            await until_ready(bots[-1])
        load = Load(doubles)
        await load.ask(bots, seconds, AT_ONCE)
        single: list[Round] = []
        both: list[Round] = []
        for number in range(rounds):
            single.append(await load.ask([bots[number % 2]], seconds, 2 * AT_ONCE))
            both.append(await load.ask(bots, seconds, AT_ONCE))
    return report(single, both)


def report(single: Sequence[Round], both: Sequence[Round]) -> list[str]:
    """The table: medians, and the ratio of rounds that came one after the other."""
    ratio = statistics.median(two.rate / one.rate for one, two in zip(single, both, strict=True))
    lines = [
        f"{name:14}{statistics.median(one.rate for one in rounds):8.1f} turns/s"
        f"{statistics.median(one.cpu for one in rounds):8.2f} ms CPU a turn"
        for name, rounds in (("one replica", single), ("two replicas", both))
    ]
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        *lines,
        f"two to one {ratio:.2f} (limit 1.7), {os.cpu_count()} cores, load averages {load}",
    ]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.replicas_bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    given = parser.parse_args()
    place = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        print("\n".join(uvloop.run(measure(given.rounds, given.seconds, Path(folder)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
