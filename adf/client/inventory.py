"""Which pipelines exist, kept for some minutes: every question needs the names, few change them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adf.client.factories import Factories
from adf.errors import AdfError
from adf.records import Pipeline

log = logging.getLogger("adfops.inventory")

FRESH = timedelta(minutes=5)


@dataclass(slots=True, kw_only=True)
class _Known:
    """The pipelines of one factory, read once for all who wait."""

    pipelines: Sequence[Pipeline] | None = None
    read_at: datetime | None = None
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)


class Inventory:
    """The pipelines of each factory, asked once for all who wait; stale beats none."""

    def __init__(
        self, factories: Factories, clock: Callable[[], datetime], fresh: timedelta = FRESH
    ) -> None:
        """Borrow the factories; nothing is asked before the first question."""
        self._factories = factories
        self._clock = clock
        self._fresh = fresh
        self._known: dict[str, _Known] = {}

    async def pipelines(self, aliases: Sequence[str] | None = None) -> Sequence[Pipeline]:
        """The known pipelines of some factories, the first before the others; by default of one.

        Raises the AdfError of the first factory's first reading, never of a later one; another
        factory that cannot be read is left out.
        """
        first, *others = aliases or (self._factories.default,)
        told = await asyncio.gather(self._of(first), *map(self._if_readable, others))
        return [one for pipelines in told for one in pipelines]

    async def _if_readable(self, alias: str) -> Sequence[Pipeline]:
        try:
            return await self._of(alias)
        except AdfError as error:
            log.warning("the pipelines of %s cannot be read: %s", alias, error)
            return ()

    async def _of(self, alias: str) -> Sequence[Pipeline]:
        known = self._known.setdefault(alias, _Known())
        async with known.reading:
            now = self._clock()
            if known.pipelines is None or now - (known.read_at or now) > self._fresh:
                await self._read(alias, known)
            return known.pipelines or ()

    async def _read(self, alias: str, known: _Known) -> None:
        try:
            client = await self._factories.client(alias)
            known.pipelines = await client.list_pipelines()
        except AdfError:
            if known.pipelines is None:
                raise
        known.read_at = self._clock()
