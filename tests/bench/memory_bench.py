"""`python -m tests.bench.memory_bench`: what the bot holds idle and after ten thousand turns.

Resident memory is the kernel's own count of the process of `app.py serve` over a SQLite file, with
doubles that cost next to nothing. The state layer is measured apart: its CPU for one load and save
of 4 KB over a store that costs nothing, then what SQLite adds, and how long a write takes.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bot.state.conversations import ConversationStates
from bot.state.store import MemoryStore, open_sqlite
from tests.bench.bots import Bot, running
from tests.bench.free_doubles import FreeDoubles
from tests.bench.replicas_bench import Load, settings, until_ready

PORT = 39831
AT_ONCE = 16
IDLE_SECONDS = 5.0
MOST_IDLE, MOST_GROWTH = 110.0, 5.0
MOST_LAYER = 50.0
VALUE = {"text": "x" * 4000}
SPOKEN = {"turns": [{"question": "q" * 60, "answer": "a" * 60, "at": str(n)} for n in range(24)]}


def resident(bot: Bot) -> float:
    """Megabytes of a process that lie in memory."""
    status = Path(f"/proc/{bot.pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def measure_memory(turns: int, folder: Path) -> list[str]:
    """Idle, after a tenth of the turns, and after all of them."""
    async with AsyncExitStack() as stack:
        doubles = FreeDoubles()
        await stack.enter_async_context(doubles.serving())
        given = settings(doubles.arm, PORT, f"sqlite:///{folder / 'store.db'}")
        one = running("bot", PORT, ["app.py", "serve"], given)
        bot = await stack.enter_async_context(one)
        await until_ready(bot)
        await asyncio.sleep(IDLE_SECONDS)
        idle, load = resident(bot), Load(doubles)
        await load.turns(bot, turns // 10, AT_ONCE)
        warm = resident(bot)
        marks: list[float] = []
        for _ in range(10):
            await load.turns(bot, turns // 10, AT_ONCE)
            marks.append(resident(bot))
    growth = 100 * (marks[-1] - warm) / warm
    steps = " ".join(f"{one:.1f}" for one in marks)
    return [
        f"resident, idle           {idle:6.1f} MB (limit {MOST_IDLE:.0f})",
        f"resident, {turns // 10:,} turns    {warm:6.1f} MB, then every {turns // 10:,}: {steps}",
        f"growth over {turns:,} turns {growth:5.1f} % (limit {MOST_GROWTH:.0f})",
    ]


async def measure_layer(times: int) -> list[str]:
    """CPU of recalling and remembering a conversation of 4 KB, as each turn does."""
    states, memory = ConversationStates(MemoryStore(), lambda: datetime.now(UTC)), SPOKEN
    await states.remember("thread", "person", memory)
    cpu = time.thread_time()
    for number in range(times):
        before = await states.recall("thread", "person")
        await states.remember("thread", "person", {**memory, "number": number}, before)
    cpu = (time.thread_time() - cpu) / times
    return [f"state layer, load and save {cpu * 1e6:4.0f} us CPU (limit {MOST_LAYER:.0f})"]


async def measure_state(times: int, folder: Path) -> list[str]:
    """CPU of a load and save, and the wait for one on a disk."""
    store = await open_sqlite(str(folder / "state.db"))
    version, waits = await store.insert("p", "k", VALUE), list[float]()
    cpu = time.process_time()
    for _ in range(times):
        began = time.perf_counter()
        entry = await store.get("p", "k")
        assert entry is not None
        version = await store.replace("p", "k", VALUE, version)
        waits.append(time.perf_counter() - began)
    cpu = (time.process_time() - cpu) / times
    await store.close()
    middle = statistics.median(waits) * 1e3
    return [f"load and save of 4 KB    {cpu * 1e6:6.0f} us CPU, p50 {middle:.2f} ms (limit 1.00)"]


async def measure(turns: int) -> list[str]:
    """Every figure, as lines to print."""
    with tempfile.TemporaryDirectory() as folder:
        lines = await measure_layer(5000)
        lines += await measure_state(2000, Path(folder))
        lines += await measure_memory(turns, Path(folder))
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return [*lines, f"load averages {load}"]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.memory_bench")
    parser.add_argument("--turns", type=int, default=10_000)
    print("\n".join(uvloop.run(measure(parser.parse_args().turns))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
