"""The product as several replicas in one process: over one table, behind a round robin.

`pytest --replicas 2 tests/flows` plays the flows so. Time stays simulated: it passes as it does
while the table is asked, and jumps where everybody waits.
"""

import asyncio
import itertools
import random
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from bot.hosting import replicas
from bot.state.store import ListedStore, open_store
from bot.state.store.lease import RENEW_SECONDS
from tests.simulated_time import JumpingSelector

IN_MEMORY = "memory:"
_SEED = 4711

T = TypeVar("T")


@dataclass(slots=True)
class ReplicasOfRun:
    """How many replicas a product of this test has, and where each product's table is made.

    `kills` is how many of each matrix of kills are played; 0 for all.
    """

    count: int = 1
    new_table: Callable[[], str] | None = None
    kills: int = 0

    def store_of(self, wanted: str) -> str:
        """A new table in place of a store in memory, where there are several replicas."""
        return self.new_table() if self.new_table and wanted == IN_MEMORY else wanted

    def kills_of(self, matrix: Sequence[T]) -> Sequence[T]:
        """The kills of a matrix that this run plays: all, or so many of them by a fixed seed."""
        if not self.kills or len(matrix) <= self.kills:
            return matrix
        chosen = random.Random(_SEED).sample(range(len(matrix)), self.kills)
        return [matrix[at] for at in sorted(chosen)]


OF_THIS_RUN = ReplicasOfRun()


def use_replicas(new_table: Callable[[], str]) -> None:
    """Have every product that keeps its store in memory be several replicas over a table."""
    OF_THIS_RUN.new_table = new_table
    replicas.open_store = _open_waited


async def until_known_to_each_other() -> None:
    """Wait until each replica, ready and so known before, has seen the others beat."""
    await asyncio.sleep(RENEW_SECONDS)


@asynccontextmanager
async def round_robin(ports: Sequence[int]) -> AsyncGenerator[str]:
    """An address whose connections go to these ports of this machine in turn."""
    turns = itertools.cycle(ports)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", next(turns))
        await asyncio.gather(_pump(reader, back), _pump(there, writer))

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    with suppress(ConnectionError, OSError):
        writer.close()
        await writer.wait_closed()


async def _open_waited(url: str) -> ListedStore:
    with _real_time():
        store = await open_store(url)
    return store if url == IN_MEMORY else cast("ListedStore", _WaitedStore(store))


class _WaitedStore:
    """A store in another process, which simulated time has to wait for."""

    def __init__(self, store: ListedStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Callable[..., Any]:
        verb = getattr(self._store, name)

        async def call(*given: object, **named: object) -> object:
            with _real_time():
                return await verb(*given, **named)

        return call


@contextmanager
def _real_time() -> Generator[None]:
    selector = getattr(asyncio.get_running_loop(), "_selector", None)
    if not isinstance(selector, JumpingSelector):
        yield
        return
    selector.working_outside += 1
    try:
        yield
    finally:
        selector.working_outside -= 1
