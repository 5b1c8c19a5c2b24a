"""A question that was claimed is answered after a kill: the bot in a process of its own."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from adf.simulator import live_factory, make_simulator
from tests.doubles.connector import running_connector
from tests.doubles.teams import Client
from tests.harness import listening

ROOT = Path(__file__).parents[2]


async def start(arm: str, port: int, store: Path) -> asyncio.subprocess.Process:
    settings = {
        "ADFOPS_LOCAL": "1",
        "ADFOPS_PORT": str(port),
        "ADFOPS_ARM_URL": arm,
        "ADFOPS_STORE": f"sqlite:///{store}",
        "AZURE_SUBSCRIPTION_ID": "s",
        "AZURE_RESOURCE_GROUP": "rg-demo",
        "AZURE_DATA_FACTORY_NAME": "adf-demo",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "app.py", "serve"),
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert b"Listening" in await process.stdout.readline()
    return process


@pytest.mark.timeout(90)
async def test_a_claimed_question_outlives_a_kill(tmp_path: Path, unused_port: int) -> None:
    reached, gate = asyncio.Event(), asyncio.Event()

    async def hold(request: web.Request) -> web.StreamResponse | None:
        if request.path.endswith("queryPipelineRuns"):
            reached.set()
            await gate.wait()
        return None

    simulator = make_simulator(live_factory(), before=hold)
    async with listening(simulator) as arm, running_connector() as connector:
        process = await start(arm, unused_port, tmp_path / "store.db")
        question = Client(service_url=connector.url).personal("status of CustomerDataETL")
        url = f"http://127.0.0.1:{unused_port}/api/messages"
        async with aiohttp.ClientSession() as session, session.post(url, json=question) as answer:
            assert answer.status == 202
        await reached.wait()
        process.kill()
        await process.communicate()
        assert connector.messages == []
        gate.set()
        again = await start(arm, unused_port, tmp_path / "store.db")
        try:
            (sent,) = await connector.wait_for(1, limit=30)
            assert sent.card is not None
            assert "CustomerDataETL" in str(sent.card)
        finally:
            again.terminate()
            await again.communicate()


@pytest.fixture
def unused_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
