"""The bot as it is served, with a watch on its event loop: `python -m tests.bench.serving FILE`.

How late the loop wakes is written to FILE when the bot ends, one number of milliseconds a line.
"""

import asyncio
import sys
import time
from pathlib import Path

import uvloop

import app  # noqa: TID251 - a bench starts the whole product

EVERY = 0.002


async def _measure(late: list[float]) -> None:
    while True:
        wanted = time.perf_counter() + EVERY
        await asyncio.sleep(EVERY)
        late.append((time.perf_counter() - wanted) * 1000)


async def _serve(file: Path) -> None:
    late: list[float] = []
    measuring = asyncio.create_task(_measure(late))
    try:
        await app.serve()
    finally:
        measuring.cancel()
        await asyncio.to_thread(file.write_text, "\n".join(map(str, late)), encoding="utf-8")


if __name__ == "__main__":
    app.set_up_logging()
    uvloop.run(_serve(Path(sys.argv[1])))
