"""Which pipelines exist, kept for some minutes: every question needs the names, few change them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from adf.client.factories import Factories
from adf.errors import AdfError
from adf.records import Pipeline

FRESH = timedelta(minutes=5)


class Inventory:
    """The pipelines of the default factory, asked once for all who wait; stale beats none."""

    def __init__(
        self, factories: Factories, clock: Callable[[], datetime], fresh: timedelta = FRESH
    ) -> None:
        """Borrow the factories; nothing is asked before the first question."""
        self._factories = factories
        self._clock = clock
        self._fresh = fresh
        self._known: Sequence[Pipeline] | None = None
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def pipelines(self) -> Sequence[Pipeline]:
        """The known pipelines; raises the AdfError of the first reading, never of a later one."""
        async with self._reading:
            if (
                self._known is None
                or self._clock() - (self._read_at or self._clock()) > self._fresh
            ):
                await self._read()
            return self._known or ()

    async def _read(self) -> None:
        try:
            client = await self._factories.client()
            self._known = await client.list_pipelines()
        except AdfError:
            if self._known is None:
                raise
        self._read_at = self._clock()
