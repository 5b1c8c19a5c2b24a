"""`python -m tests.bench.large FOLDER`: the demo on the Git folder of a real factory.

Measures how long it takes from the start until the bot is ready, and how long until the card of
each question; a pipeline that failed is taken from the factory's own runs.
"""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

import app  # noqa: TID251 - a bench starts the whole product
from adf.simulator import factory_from_folder
from adf.simulator.arm.run_queries import RunQuery
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.teams import Client


async def measure(folder: Path) -> list[str]:
    """Start, wait until ready, ask; the lines to print."""
    name = _failing(folder)
    begun = time.monotonic()
    async with app.demo_bot(0, folder) as endpoint, running_connector() as connector:
        await _until_ready(endpoint)
        lines = [f"ready after {time.monotonic() - begun:.2f} s"]
        asked = (
            f"status of {name}",
            f"why did {name} fail",
            "which pipelines failed in the last 24 hours",
            "what is running",
        )
        return [*lines, *[await _ask(endpoint, connector, question) for question in asked]]


async def _ask(endpoint: str, connector: ConnectorDouble, question: str) -> str:
    activity: Mapping[str, Any] = Client(service_url=connector.url).personal(question)
    begun, before = time.monotonic(), len(connector.messages)
    async with aiohttp.ClientSession() as session, session.post(endpoint, json=activity) as answer:
        assert answer.status == 202
    sent = (await connector.wait_for(before + 1))[-1]
    said = str(sent.activity.get("summary") or sent.activity.get("text"))
    return f"{(sent.at - begun) * 1000:6.0f} ms  {question}: {said[:110]}"


def _failing(folder: Path) -> str:
    """A pipeline of the folder that failed lately, by the seed of the simulator."""
    state = factory_from_folder(folder)
    (factory,) = state.factories
    now = state.clock()
    runs = factory.query_runs(RunQuery(after=now.replace(year=2000), before=now), now, 10_000).rows
    return next(run.pipeline for run in runs if run.status == "Failed")


async def _until_ready(endpoint: str) -> None:
    url = endpoint.replace("api/messages", "readyz")
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            async with session.get(url) as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.02)


def main(words: Sequence[str]) -> int:
    """Run and print."""
    print("\n".join(asyncio.run(measure(Path(words[0])))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
