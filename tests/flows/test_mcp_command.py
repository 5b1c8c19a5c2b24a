"""`python app.py mcp` as another assistant starts it: over the streams, and over HTTP."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import orjson
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

import app
from adf.simulator import load_world, make_simulator
from bot.mcp_server import CannotServe
from tests.evals.rows import WORLD
from tests.harness import listening

ROOT = Path(__file__).parents[2]


@pytest.fixture
def nobody(declared: Path) -> Path:
    """The factories, with nobody declared."""
    declared.write_bytes(orjson.dumps(orjson.loads(declared.read_bytes()) | {"people": {}}))
    return declared


@pytest.fixture
async def environment(nobody: Path) -> AsyncGenerator[dict[str, str]]:
    async with listening(make_simulator(load_world(WORLD))) as arm:
        yield {
            "ADFOPS_FACTORIES": str(nobody),
            "ADFOPS_ARM_URL": arm,
            "ADFOPS_STORE": "memory:",
            "ADFOPS_LOCAL": "1",
        }


async def check_answers(client: Client) -> None:
    names = {one.name for one in (await client.list_tools()).tools}
    assert "adf_pipeline_runs" in names
    result = await client.call_tool("adf_list_pipelines", {"match": "CustomerDataETL"})
    assert "CustomerDataETL" in str(result.content)


async def test_over_the_standard_streams(environment: dict[str, str], tmp_path: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=[str(ROOT / "app.py"), "mcp"], env=environment, cwd=tmp_path
    )
    async with Client(stdio_client(command)) as client:
        await check_answers(client)


async def test_over_http(environment: dict[str, str], tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(str(ROOT / "app.py"), "mcp", "--http", "--port", "0"),
        env=environment,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(120):
            line = (await process.stdout.readline()).decode()
        (url,) = re.findall(r"http://\S+", line)
        async with Client(url) as client:
            await check_answers(client)
    finally:
        process.terminate()
        await process.wait()
    assert process.returncode == 0


async def test_open_to_the_network_without_a_name_does_not_start(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CannotServe, match="open to the network"):
        await app.read_command(["mcp", "--http", "--host", "0.0.0.0"])
