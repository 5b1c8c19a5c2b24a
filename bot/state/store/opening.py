"""Opens the store in the box: first the lease, then the file, so that two never write beside."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.state.store.files import MEMORY, detach, open_file
from bot.state.store.interface import OwnedByOther, Unusable
from bot.state.store.lease import StoreLease
from bot.state.store.sqlite import SqliteStore

log = logging.getLogger("adfops.store")

# The platform lets an old container go on for a minute after the new one has begun.
WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.25


async def open_sqlite(
    path: str,
    *,
    wait: float = WAIT_SECONDS,
    on_network: bool | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    make_lease: Callable[[Path], StoreLease] = StoreLease,
) -> SqliteStore:
    """Own and open the file, or make it; Unusable says what is wrong with the path or the file.

    A file that another process owns is waited for; OwnedByOther when that lasts for too long.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="store")
    file = None if path == MEMORY else Path(path)
    lease: StoreLease | None = None
    try:
        if file is not None:
            lease = make_lease(file)
            await _acquire(file, lease, thread, wait, sleep)
        loop = asyncio.get_running_loop()
        if file is not None and lease is not None and lease.is_after_silence:
            await loop.run_in_executor(thread, detach, file)
        connection = await loop.run_in_executor(thread, lambda: open_file(path, on_network))
    except BaseException:
        if lease is not None:
            lease.release()
        thread.shutdown()
        raise
    return SqliteStore(connection, thread, file, lease)


async def _acquire(
    file: Path,
    lease: StoreLease,
    thread: ThreadPoolExecutor,
    wait: float,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """Wait for the lease, until its owner has given it back, ended, or fallen silent."""
    loop = asyncio.get_running_loop()
    try:
        await loop.run_in_executor(thread, _make_folder, file)
        until, is_first = loop.time() + wait, True
        while not await loop.run_in_executor(thread, lease.try_acquire):
            if loop.time() >= until:
                said = f"ADFOPS_STORE: {file} is in use by {lease.holder}; stop that bot first"
                raise OwnedByOther(said, lease.holder)
            if is_first:
                log.warning("%s is in use by %s, waiting for it", file, lease.holder)
                is_first = False
            await sleep(_POLL_SECONDS)
    except OSError as error:
        raise Unusable(f"ADFOPS_STORE: cannot open {file}: {error}") from None


def _make_folder(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
