"""`make contract`: the steps of deploy/Dockerfile in an empty root folder, and the bot they make.

Needs Linux, root and the package registry; no container engine. What only an engine does is not
seen: layers, the base image itself (this machine's Debian and Python stand for it), VOLUME, EXPOSE.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from adf.simulator import load_world, make_simulator
from bot.hosting.process import listening
from tests.adf.simulator.worlds import WORLD
from tests.contract.environments import NoJudge, outcome
from tests.contract.image.steps import Stage, build

PORT = 3978
STARTS_WITHIN = 60.0
ENDS_WITHIN = 25.0
WRITES = "from pathlib import Path; Path({!r}, 'x').write_text('x')"

Checks = dict[str, bool]


async def main() -> int:
    """Build, run, look; not nought where anything is not as it should be."""
    if sys.platform != "linux":
        print("nothing was judged: needs Linux")
        return 2
    try:
        with tempfile.TemporaryDirectory() as folder:
            image = await build(Path(folder), print)
            checks = await _resting(image) | await _running(image)
    except (NoJudge, PermissionError) as missing:
        print(f"nothing was judged: {missing}")
        return 2
    for name, held in checks.items():
        print(f"{'ok    ' if held else 'FAILED'}  {name}")
    print(f"{sum(checks.values())} ok, {len(checks) - sum(checks.values())} failed")
    return 0 if all(checks.values()) else 1


async def _resting(image: Stage) -> Checks:
    """What is true of the image before anything runs."""
    said = await _said(image, "import os; print(os.getuid(), os.getgid(), os.getgroups())")
    return {
        "runs as user and group 10001, in no other group": said == "10001 10001 []",
        "writes below /data": await _works(image, WRITES.format("/data")),
        "writes nothing where the program lies": not await _works(image, WRITES.format("/app")),
        "writes nothing into its packages": not await _works(image, WRITES.format("/venv")),
        "has no installer": not await _works(image, "import pip"),
        "has no tools of developers": not await _works(image, "import pytest"),
        "holds no settings": not image.root.inside("/app/.env").exists(),
    }


async def _running(image: Stage) -> Checks:
    """What is true of the bot in it, with a factory in memory."""
    async with listening(make_simulator(load_world(WORLD)), "127.0.0.1", 0) as port:
        settings = _settings(f"http://127.0.0.1:{port}")
        dead = await _healthy(image)
        async with _started(image, settings) as process:
            alive = await _until(lambda: _answers("/healthz", "ok"))
            ready = await _until(lambda: _answers("/readyz", "ready"))
            checked = await _healthy(image)
            process.terminate()
            async with asyncio.timeout(ENDS_WITHIN):
                ended = await process.wait()
    return {
        "its health check finds nobody before the start": not dead,
        "/healthz says ok": alive,
        "/readyz says ready": ready,
        "its health check finds it": checked,
        "ends by itself when it is asked to": ended == 0,
        "the store is under /data": image.root.inside("/data/adfops.db").exists(),
    }


def _settings(arm: str) -> dict[str, str]:
    return {
        "ADFOPS_LOCAL": "1",
        "ADFOPS_ARM_URL": arm,
        "AZURE_SUBSCRIPTION_ID": "00000000-1111-4222-8333-444444444444",
        "AZURE_RESOURCE_GROUP": "rg-data-prod",
        "AZURE_DATA_FACTORY_NAME": "adf-prod",
    }


async def _said(image: Stage, code: str) -> str:
    words = ["python", "-c", code]
    said = await image.root.run(words, image.user, image.folder, image.environment)
    return said.strip()


async def _works(image: Stage, code: str) -> bool:
    words = ["python", "-c", code]
    command = image.root.command(words, image.user, image.folder, image.environment)
    return (await outcome(command))[0] == 0


async def _healthy(image: Stage) -> bool:
    command = image.root.command(image.health, image.user, image.folder, image.environment)
    return (await outcome(command))[0] == 0


@asynccontextmanager
async def _started(
    image: Stage, settings: dict[str, str]
) -> AsyncGenerator[asyncio.subprocess.Process]:
    words = [*image.entry, *image.command]
    environment = {**image.environment, **settings}
    command = image.root.command(words, image.user, image.folder, environment)
    process = await asyncio.create_subprocess_exec(*command)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _until(holds: Callable[[], Awaitable[bool]]) -> bool:
    for _ in range(int(STARTS_WITHIN * 5)):
        if await holds():
            return True
        await asyncio.sleep(0.2)
    return False


async def _answers(path: str, start: str) -> bool:
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{PORT}{path}") as answer,
        ):
            return answer.status == 200 and (await answer.text()).startswith(start)
    except aiohttp.ClientConnectorError:
        return False


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
