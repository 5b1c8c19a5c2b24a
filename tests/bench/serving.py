"""The bot as it is served, with a watch on its event loop: `python -m tests.bench.serving FILE`.

How late the loop wakes is written to FILE when the bot ends: on each line the moment (seconds of
the machine's monotonic clock) and the milliseconds.
"""

import asyncio
import sys
import time
from pathlib import Path

import uvloop

import app  # noqa: TID251 - a bench starts the whole product

EVERY = 0.002


async def _measure(late: list[tuple[float, float]]) -> None:
    while True:
        wanted = time.perf_counter() + EVERY
        await asyncio.sleep(EVERY)
        now = time.perf_counter()
        late.append((now, (now - wanted) * 1000))


async def _serve(file: Path) -> None:
    late: list[tuple[float, float]] = []
    measuring = asyncio.create_task(_measure(late))
    try:
        await app.serve()
    finally:
        measuring.cancel()
        lines = "\n".join(f"{at} {by}" for at, by in late)
        await asyncio.to_thread(file.write_text, lines, encoding="utf-8")


if __name__ == "__main__":
    app.set_up_logging()
    uvloop.run(_serve(Path(sys.argv[1])))
