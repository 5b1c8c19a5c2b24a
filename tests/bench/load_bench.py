"""`python -m tests.bench.load_bench`: what a large company costs one process, for deploy/SIZING.md.

A served bot watches 200 factories at the pace of 2 million runs a day, of which one in 200 fails,
for 300 rooms that each want to hear of one factory; then people ask. Azure is the simulator,
without delay; the connector costs next to nothing; CPU and memory are the kernel's own counts.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adf.simulator import State, make_simulator, make_world, wall_clock
from tests.bench.bots import DEMO, Bot, running
from tests.bench.free_doubles import FreeDoubles, Poster, RawHttp
from tests.bench.memory_bench import resident
from tests.bench.replicas_bench import settings, until_ready
from tests.doubles.teams import Client
from tests.harness import listening

FACTORIES, ROOMS, RUNS_A_DAY, ONE_FAILS_IN = 200, 300, 2_000_000, 200
PIPELINES = 10
BEFORE = timedelta(minutes=16)
PORT, AT_ONCE = 39851, 8
DAY = 86_400


class CountingDoubles(FreeDoubles):
    """The connector, which counts what is posted and what is edited."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = Counter[str]()

    def answer_connector(self, method: str, path: str, body: bytes) -> bytes:
        self.calls[method] += b'"message"' in body
        return super().answer_connector(method, path, body)


def factory_name(number: int) -> str:
    return f"f{number:03}"


def company(now: datetime, seconds: float) -> State:
    """Every factory, with runs from a while ago to so many seconds from now."""
    worlds = [one_factory(number, now, seconds) for number in range(FACTORIES)]
    return State(clock=wall_clock, factories=tuple(one.factories[0] for one in worlds))


def one_factory(number: int, now: datetime, seconds: float) -> State:
    """Its pipelines ran one after the other, and some of them failed."""
    name, gap = factory_name(number), DAY * FACTORIES / RUNS_A_DAY
    first = now - BEFORE + timedelta(seconds=gap * number / FACTORIES)
    pipelines = [f"F{number:03}Load{place}" for place in range(PIPELINES)]
    runs: dict[str, Any] = {}
    for place in range(int((BEFORE.total_seconds() + seconds) / gap)):
        end = first + timedelta(seconds=gap * place)
        is_broken = (place + number * 7) % ONE_FAILS_IN == 0
        runs[f"{number:04x}{place:04x}-0000-4000-8000-000000000000"] = {
            "pipeline": pipelines[place % PIPELINES],
            "start": (end - timedelta(seconds=60)).isoformat(),
            "end": end.isoformat(),
            "status": "Failed" if is_broken else "Succeeded",
            "message": "Operation on target Copy failed: no column 'c'" if is_broken else "",
            "invoked_by": "schedule",
            "parent": None,
        }
    document = {
        "now_utc": now.isoformat(),
        "default_factory": name,
        "factories": {name: {"rg": DEMO.resource_group}},
        "pipelines": {one: [{"factory": name}] for one in pipelines},
        "runs": runs,
    }
    return make_world(document, wall_clock)


def declared() -> str:
    """The factories file, all of one subscription."""
    factories = {
        name: {
            "subscription": DEMO.subscription,
            "resource_group": DEMO.resource_group,
            "name": name,
        }
        for name in map(factory_name, range(FACTORIES))
    }
    return json.dumps({"default": factory_name(0), "factories": factories})


class LoadedBot:
    """A bot under load, and the doubles around it."""

    def __init__(self, bot: Bot, doubles: CountingDoubles, queries: Counter[str]) -> None:
        self.bot = bot
        self.doubles = doubles
        self.queries = queries

    async def tell(self, activities: list[dict[str, Any]]) -> None:
        """Post all of them, so many at once, each after its answer."""
        waiting = iter(activities)

        async def work() -> None:
            poster = Poster(PORT)
            for one in waiting:
                answered = self.doubles.expect(one["conversation"]["id"])
                await poster.post(one)
                async with asyncio.timeout(120):
                    await answered
            poster.close()

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))

    def client(self, name: str) -> Client:
        return Client(service_url=self.doubles.connector, name=name)

    async def watch_line(self) -> str:
        """What /readyz says of the watch."""
        url = self.bot.endpoint.replace("api/messages", "readyz?verbose")
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return next(one for one in (await answer.text()).splitlines() if "watch" in one)


@asynccontextmanager
async def loaded_bot(folder: Path, poll: int, seconds: float) -> AsyncGenerator[LoadedBot]:
    """Everything of one run, ready for the first message."""
    doubles, queries = CountingDoubles(), Counter[str]()

    async def count(request: web.Request) -> web.StreamResponse | None:
        queries[request.path.rpartition("/")[2]] += 1
        return None

    async with AsyncExitStack() as stack:
        loop, now = asyncio.get_running_loop(), datetime.now(UTC).replace(microsecond=0)
        simulator = make_simulator(company(now, seconds), before=count)
        arm = await stack.enter_async_context(listening(simulator))
        server = await loop.create_server(lambda: RawHttp(doubles.answer_connector), "127.0.0.1", 0)
        doubles.connector = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        stack.callback(server.close)
        file = folder / "factories.json"
        file.write_text(declared(), encoding="utf-8")
        given = {
            **settings(arm, PORT, f"sqlite:///{folder / 'store.db'}"),
            "ADFOPS_FACTORIES": str(file),
            "ADFOPS_POLL_SECONDS": str(poll),
        }
        bot = await stack.enter_async_context(running("bot", PORT, ["app.py", "serve"], given))
        await until_ready(bot)
        yield LoadedBot(bot, doubles, queries)


async def watched(one: LoadedBot, seconds: float) -> list[str]:
    """What watching takes while nobody asks."""
    one.queries.clear()
    one.doubles.calls.clear()
    cpu, began = one.bot.cpu_seconds(), time.monotonic()
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    spent = one.bot.cpu_seconds() - cpu
    calls = one.doubles.calls
    told = ", ".join(f"{name} {count * 60 / took:.0f}" for name, count in one.queries.most_common())
    return [
        f"watching {FACTORIES} factories   {100 * spent / took:6.1f} % of a core, {took:.0f} s",
        f"calls to Azure a minute    {one.queries.total() * 60 / took:6.0f} ({told})",
        f"messages a minute          {calls['POST'] * 60 / took:6.1f} posted, "
        f"{calls['PUT'] * 60 / took:.1f} edited",
        f"watch                      {await one.watch_line()}",
    ]


async def asked(one: LoadedBot, people: int, store: Path) -> list[str]:
    """What questions of so many people take, two each, above the watch beside them."""
    cpu, memory, bytes_before = one.bot.cpu_seconds(), resident(one.bot), _size(store)
    began = time.monotonic()
    for _ in range(2):
        names = [f"Person{number}" for number in range(people)]
        question = "What's the status of F001Load3?"
        await one.tell([one.client(name).personal(question) for name in names])
    took = time.monotonic() - began
    spent = one.bot.cpu_seconds() - cpu
    grown = (resident(one.bot) - memory) * 1024 / people
    return [
        f"questions                  {2 * people} of {people} people in {took:.0f} s, "
        f"{1000 * spent / (2 * people):.1f} ms CPU each with the watch beside them",
        f"memory of a person         {grown:6.1f} KB in the process, "
        f"{(_size(store) - bytes_before) / people / 1024:.1f} KB in the store",
    ]


def _size(store: Path) -> int:
    return sum(one.stat().st_size for one in store.parent.glob(f"{store.name}*"))


async def measure(poll: int, seconds: float, people: int, folder: Path) -> list[str]:
    """Every figure, as lines to print."""
    async with loaded_bot(folder, poll, seconds + 900) as one:
        memory, store = resident(one.bot), folder / "store.db"
        size, cpu = _size(store), one.bot.cpu_seconds()
        wishes = [
            one.client(f"Owner{number}").personal(f"tell me when F{number % FACTORIES:03}* fails")
            for number in range(ROOMS)
        ]
        await one.tell(wishes)
        per_wish = 1000 * (one.bot.cpu_seconds() - cpu) / ROOMS
        rooms = (resident(one.bot) - memory) * 1024 / ROOMS
        lines = [
            f"{ROOMS} rooms subscribed       {per_wish:6.1f} ms CPU each, {rooms:.1f} KB in the "
            f"process, {(_size(store) - size) / ROOMS / 1024:.1f} KB in the store",
        ]
        await asyncio.sleep(2 * poll)
        lines += await watched(one, seconds)
        lines += await asked(one, people, store)
        lines.append(f"resident at the end        {resident(one.bot):6.1f} MB")
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return [*lines, f"polled each {poll} s; load averages {load}"]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.load_bench")
    parser.add_argument("--poll", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--people", type=int, default=2_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(measure(given.poll, given.seconds, given.people, Path(folder)))
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
