"""The bots that are measured side by side, and what they have in common."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from adf.records import Factory

ROOT = Path(__file__).parents[2]
DEMO = Factory(
    alias="adf-demo",
    subscription="00000000-0000-0000-0000-000000000001",
    resource_group="rg-demo",
    name="adf-demo",
)
FACTORY_PATH = (
    f"/subscriptions/{DEMO.subscription}/resourceGroups/{DEMO.resource_group}"
    f"/providers/Microsoft.DataFactory/factories/{DEMO.name}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A bot in a process of its own: where it listens, and its pid for CPU figures."""

    name: str
    endpoint: str
    pid: int

    def cpu_seconds(self) -> float:
        """CPU the process has used, user and system, from the kernel's own count."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def card_of(run: Mapping[str, Any]) -> dict[str, Any]:
    """A card of about 4 KB as a plain dict: what the floor and the plain bot send."""
    said = f"{run['status']}: {run['pipelineName']}"
    facts = [{"title": f"Fact {n}", "value": f"{run['runId']} {n}"} for n in range(40)]
    head = {"type": "TextBlock", "text": said, "weight": "Bolder", "wrap": True}
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "speak": said,
        "body": [head, {"type": "FactSet", "facts": facts}],
    }


@asynccontextmanager
async def running(
    name: str, port: int, words: list[str], extra: Mapping[str, str] | None = None
) -> AsyncGenerator[Bot]:
    """Start a bot and wait until it answers; end it by its own process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=ROOT,
        env={**os.environ, **(extra or {})},  # noqa: TID251 - a child process inherits it
    )
    bot = Bot(name=name, endpoint=f"http://127.0.0.1:{port}/api/messages", pid=process.pid)
    try:
        await _until_up(port, process)
        yield bot
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _until_up(port: int, process: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(1200):
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz"):
                    return
            except aiohttp.ClientError:
                if process.returncode is not None:
                    raise RuntimeError("the bot ended before it listened") from None
                await asyncio.sleep(0.1)
    raise RuntimeError("the bot did not listen within 120 s")
