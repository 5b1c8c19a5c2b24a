"""A process that owns a store and writes: run by the tests of the lease, stopped as they like.

It prints `open` once it owns the file, then the number of each row it has written for sure; `lost`
when the store is another's, `refused` with the reason when it cannot be had.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.state.store import NotOwner, StoreError, open_sqlite
from bot.state.store.lease import StoreLease
from bot.state.store.processes import ProcessName


def say(word: str) -> None:
    print(word, flush=True)


async def write(file: str, label: str, host: str, wait: float, rows: int) -> None:
    """Own, write and end; `host` is another machine's name, blank for this one."""

    def make_lease(place: Path) -> StoreLease:
        name = ProcessName(host=host, machine=host, pid=os.getpid(), began="1")
        return StoreLease(place, name=lambda: name) if host else StoreLease(place)

    say("started")
    try:
        store = await open_sqlite(
            file, wait=wait, on_network=bool(host) or None, make_lease=make_lease
        )
    except StoreError as error:
        say(f"refused {error}")
        return
    say("open")
    try:
        for number in range(rows):
            await store.insert("p", f"{label}-{number:06}", {"n": number, "by": label})
            say(str(number))
            await asyncio.sleep(0)
    except NotOwner:
        say("lost")
    await store.close()
    say("closed")


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5])))
