"""Which pipelines exist, kept for some minutes: every question needs the names, few change them.

Runtimes and triggers are read only where a question has a word that no pipeline explains.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adf.client.definitions import Definitions
from adf.client.factories import Factories
from adf.errors import AdfError
from adf.records import Pipeline
from adf.single_flight import SingleFlight

log = logging.getLogger("adfops.inventory")

FRESH = timedelta(minutes=5)
# A question waits so many seconds for names that may explain a word of it.
PATIENCE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherNames:
    """What has a name beside pipelines."""

    runtimes: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The pipelines of one factory, and when they were read last or tried to be."""

    pipelines: Sequence[Pipeline]
    read_at: datetime


class Inventory:
    """The pipelines of each factory, asked once for all who wait; stale ones at once."""

    def __init__(
        self, factories: Factories, clock: Callable[[], datetime], fresh: timedelta = FRESH
    ) -> None:
        """Borrow the factories; nothing is asked before the first question."""
        self._factories = factories
        self._clock = clock
        self._fresh = fresh
        self._known: dict[str, _Known] = {}
        self._flights: SingleFlight[str, Sequence[Pipeline]] = SingleFlight()
        self._refreshing: set[asyncio.Task[Sequence[Pipeline]]] = set()

    async def close(self) -> None:
        """End the readings that go on behind."""
        for task in self._refreshing:
            task.cancel()
        await asyncio.gather(*self._refreshing, return_exceptions=True)

    async def pipelines(self, aliases: Sequence[str] | None = None) -> Sequence[Pipeline]:
        """The known pipelines of some factories, the first before the others; by default of one.

        Raises the AdfError of the first factory's first reading, never of a later one; another
        factory that cannot be read is left out.
        """
        if aliases is not None and not aliases:
            return ()
        first, *others = aliases or (self._factories.default,)
        told = await asyncio.gather(self._of(first), *map(self._if_readable, others))
        return [one for pipelines in told for one in pipelines]

    async def others(self, aliases: Sequence[str]) -> OtherNames:
        """The runtimes and triggers of some factories; none of one that cannot be read soon."""
        found = await asyncio.gather(*map(self._others_of, aliases))
        return OtherNames(
            runtimes=tuple(dict.fromkeys(name for one in found for name in one.runtimes)),
            triggers=tuple(dict.fromkeys(name for one in found for name in one.triggers)),
        )

    async def _others_of(self, alias: str) -> OtherNames:
        try:
            client = await self._factories.client(alias)
            return await client.work_out_soon(_other_names, PATIENCE) or OtherNames()
        except AdfError as error:
            log.warning("the names of %s cannot be read: %s", alias, error)
            return OtherNames()

    async def _if_readable(self, alias: str) -> Sequence[Pipeline]:
        try:
            return await self._of(alias)
        except AdfError as error:
            log.warning("the pipelines of %s cannot be read: %s", alias, error)
            return ()

    async def _of(self, alias: str) -> Sequence[Pipeline]:
        known = self._known.get(alias)
        if known is None:
            return await self._flights.join(alias, lambda: self._read(alias))
        if self._clock() - known.read_at > self._fresh:
            self._known[alias] = replace(known, read_at=self._clock())
            self._refresh(alias)
        return known.pipelines

    def _refresh(self, alias: str) -> None:
        """Read again behind what is answered now; what was known stays when that fails."""
        task = asyncio.create_task(self._flights.join(alias, lambda: self._read(alias)))
        self._refreshing.add(task)
        task.add_done_callback(self._refreshed)

    def _refreshed(self, task: asyncio.Task[Sequence[Pipeline]]) -> None:
        self._refreshing.discard(task)
        if not task.cancelled() and task.exception():
            log.warning("the pipelines stay as they were known: %s", task.exception())

    async def _read(self, alias: str) -> Sequence[Pipeline]:
        client = await self._factories.client(alias)
        pipelines = await client.list_pipelines()
        self._known[alias] = _Known(pipelines=pipelines, read_at=self._clock())
        return pipelines


def _other_names(published: Definitions) -> OtherNames:
    return OtherNames(
        runtimes=tuple(published.runtimes),
        triggers=tuple(one.name for one in published.triggers),
    )
