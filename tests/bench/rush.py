"""`python -m tests.bench.rush`: a night's rush, every ARM call answered after 150 ms.

Five people ask in one thread, each about another pipeline, so that nothing comes from memory; then
twenty turns at once, then fifty people with one question. Times are from the activity's arrival to
the card's arrival at the connector; the loop's lag is measured inside the bot's own process.
"""

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from adf.simulator import arm_requests, make_simulator
from tests.bench.bots import Bot, running
from tests.bench.nights import NOUNS, bad_night, declared, master
from tests.doubles.connector import ConnectorDouble, Sent, running_connector
from tests.doubles.teams import Client
from tests.harness import listening

ARM_DELAY = 0.15
SUBSCRIPTION = "00000000-0000-0000-0000-0000000000be"
FACTORY = "adf-bench"
PORT = 39811
PEOPLE = ("Maya", "Lee", "Priya", "Tom", "Ivy")
LIMITS = {"status": 1.0, "why, two levels": 2.0, "all critical": 1.5}


@dataclass(slots=True, kw_only=True)
class Rush:
    """A bot under load: where it is, what it asked Azure, what came back."""

    bot: Bot
    connector: ConnectorDouble
    simulator: web.Application
    lag_file: Path

    async def ask(self, questions: Sequence[tuple[str, str]], *, thread: str = "1") -> list[float]:
        """Put (name, question) pairs at once; the seconds until each card arrived."""
        async with aiohttp.ClientSession() as session:
            return await asyncio.gather(
                *(self._one(session, name, text, thread) for name, text in questions)
            )

    async def _one(
        self, session: aiohttp.ClientSession, name: str, text: str, thread: str
    ) -> float:
        client = Client(service_url=self.connector.url, name=name)
        activity = client.in_channel(text, thread=thread)
        begun = asyncio.get_running_loop().time()
        async with session.post(self.bot.endpoint, json=activity) as response:
            assert response.status == 202, response.status
        (sent,) = await self.connector.wait_for(1, answers(str(activity["id"])), limit=60)
        assert sent.card is not None, sent.activity.get("text")
        return sent.at - begun


@contextlib.asynccontextmanager
async def rush(folder: Path, more: Mapping[str, str] | None = None) -> AsyncGenerator[Rush]:
    """A served bot over a slow Azure, with `more` settings than it needs."""

    async def slowly(_: web.Request) -> None:
        await asyncio.sleep(ARM_DELAY)

    file = folder / "factories.json"
    file.write_text(json.dumps(declared(FACTORY, SUBSCRIPTION)), encoding="utf-8")
    lag_file = folder / "lag.txt"
    async with contextlib.AsyncExitStack() as stack:
        simulator = make_simulator(bad_night(FACTORY), before=slowly)
        arm = await stack.enter_async_context(listening(simulator))
        connector = await stack.enter_async_context(running_connector())
        settings = {
            "ADFOPS_LOCAL": "1",
            "ADFOPS_PORT": str(PORT),
            "ADFOPS_ARM_URL": arm,
            "ADFOPS_FACTORIES": str(file),
            "ADFOPS_STORE": f"sqlite:///{folder / 'store.db'}",
            "ADFOPS_LOG": "ERROR",
            **(more or {}),
        }
        words = ["-m", "tests.bench.serving", str(lag_file)]
        bot = await stack.enter_async_context(running("rush", PORT, words, settings))
        await _until_ready(bot)
        yield Rush(bot=bot, connector=connector, simulator=simulator, lag_file=lag_file)


async def measure(folder: Path) -> list[str]:
    """Every figure, as lines to print."""
    lines: list[str] = []
    async with rush(folder) as there:
        ready = time.perf_counter()
        for kind, limit in LIMITS.items():
            took = await _five_people(there, kind)
            lines.append(f"{kind:18} {percentiles(took)}   limit p95 {limit:.1f} s")
        begun = time.perf_counter()
        twenty = [(f"Guest{n}", f"why did {master(NOUNS[-1 - n])} fail") for n in range(20)]
        lines.append(f"{'20 turns at once':18} {percentiles(await there.ask(twenty))}")
        ended = time.perf_counter()
        before = len(arm_requests(there.simulator))
        same = [
            (f"Asker{n}", f"status of {master(NOUNS[0])} in the last 30 hours") for n in range(50)
        ]
        lines.append(f"{'50 with one':18} {percentiles(await there.ask(same))}")
        lines.append(
            f"ARM calls for the 50: {len(arm_requests(there.simulator)) - before} (limit 3)"
        )
    late = lateness(there.lag_file)
    lines.append(
        f"{'loop lag, 20 turns':18} {lag([by for at, by in late if begun <= at <= ended])}"
    )
    lines.append(f"{'loop lag, in all':18} {lag([by for at, by in late if ready <= at])}")
    return lines


async def _five_people(there: Rush, kind: str) -> list[float]:
    """Eight rounds of five questions, no two of which are alike."""
    took: list[float] = []
    for start in range(8):
        asked = [
            (name, _question(kind, start * len(PEOPLE) + place))
            for place, name in enumerate(PEOPLE)
        ]
        took += await there.ask(asked)
    return took


def _question(kind: str, number: int) -> str:
    noun = NOUNS[number % len(NOUNS)]
    return {
        "status": f"status of {master(noun)}",
        "why, two levels": f"why did {master(noun)} fail",
        "all critical": f"status of all critical pipelines in the last {48 - number} hours",
    }[kind]


def percentiles(seconds: Sequence[float]) -> str:
    """How long it took, as a line."""
    cuts = statistics.quantiles(seconds, n=20)
    return f"p50 {statistics.median(seconds):.3f} s  p95 {cuts[18]:.3f} s  max {max(seconds):.3f} s"


def lateness(file: Path) -> list[tuple[float, float]]:
    """How late the loop woke, by the moment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(float(at), float(by)) for at, by in map(str.split, lines)]


def lag(late: list[float]) -> str:
    """How late the loop woke, as a line."""
    late = sorted(late)
    worst = late[int(len(late) * 0.999)]
    middle = statistics.median(late)
    return f"p50 {middle:.2f} ms  p99.9 {worst:.1f} ms  max {late[-1]:.1f} ms   limit p99.9 50 ms"


def answers(message_id: str) -> Callable[[Sent], bool]:
    """Whether a message answers that one."""
    return lambda sent: sent.method == "POST" and sent.activity.get("replyToId") == message_id


async def _until_ready(bot: Bot) -> None:
    url = bot.endpoint.replace("api/messages", "readyz")
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            async with session.get(url) as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)


def main() -> int:
    """Run and print."""
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(asyncio.run(measure(Path(folder)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
