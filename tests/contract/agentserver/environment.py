"""Microsoft's server and its validators, each run in the environment of its own."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.contract.environments import NoJudge, run

HERE = Path(__file__).parent
FOLDER = "agentserver"
PACKAGE = "azure-ai-agentserver-responses==2.3.0"

# Nothing of a contract may leave this machine, telemetry least of all.
QUIET = {
    "OTEL_SDK_DISABLED": "true",
    "AZURE_TRACING_ENABLED": "false",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "true",
    "AZURE_EXPERIMENTAL_ENABLE_GENAI_TRACING": "false",
}


async def judge(python: Path, lines: Sequence[str]) -> list[str]:
    """What the judge says to each line."""
    told = "".join(f"{one}\n" for one in lines)
    said = await run([str(python), str(HERE / "judge.py")], told)
    return said.splitlines()


@asynccontextmanager
async def running_server(python: Path) -> AsyncGenerator[str]:
    """Microsoft's server with our small agent; its address for an OpenAI client."""
    process = await asyncio.create_subprocess_exec(
        *(str(python), str(HERE / "server.py")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=dict(QUIET),
    )
    assert process.stdout
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    reading = asyncio.create_task(_read(process.stdout, address))
    try:
        yield await asyncio.wait_for(address, 60)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading


async def _read(said: asyncio.StreamReader, address: asyncio.Future[str]) -> None:
    """Read all the server says, so that it is never held up; among it is where it listens."""
    async for line in said:
        if line.startswith(b"listening on ") and not address.done():
            address.set_result(line.decode().removeprefix("listening on ").strip())
    if not address.done():
        address.set_exception(NoJudge("the server did not start"))
