"""Tells who asked that a run has ended, however it ended: once for each run and place.

A message about an end lies in a partition of its own for each factory, under the time of the end,
so that it is posted after a crash and never twice; those of former days are swept out.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from cachetools import LRUCache

from adf.errors import Unavailable
from adf.records import Failure, PipelineNotes, PipelineRun, Recovery
from bot.alerts.incidents import OutboxEntry
from bot.alerts.run_reports import RunReports
from bot.messages import Address
from bot.outbox import RenderedMessage
from bot.outbox.entry import FILED
from bot.state.store import AlreadyExists, Store, drop, read_all
from cards.card import Card

KIND = "end"
KEPT = timedelta(days=2)
MOST_KNOWN = 5_000

Draw = Callable[[object, datetime, ZoneInfo, str | None], Card]
Notes = Callable[[str, str], PipelineNotes]
ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]


class RunEndWait(Protocol):
    """Knows who waits for the end of a run."""

    async def hearing_end(
        self, factory: str, pipeline: str, ended: datetime, critical: bool = False
    ) -> Sequence[Address]:
        """Where the end of a run is told."""
        ...

    async def end_announced(
        self, factory: str, pipeline: str, ended: datetime, critical: bool = False
    ) -> None:
        """The end was told: what was asked for once is over."""
        ...


class RunEndMessages:
    """Takes signals for their ended runs, and draws the message about an end."""

    def __init__(
        self,
        *,
        store: Store,
        factories: Sequence[str],
        waiting: RunEndWait,
        reports: RunReports,
        notes: Notes,
        draw: Draw,
        zone_of: ZoneOf,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `notes` are what owners declared, by factory and pipeline."""
        self._store = store
        self._factories = {_partition(one): one for one in factories}
        self._waiting = waiting
        self._reports = reports
        self._notes = notes
        self._draw = draw
        self._zone_of = zone_of
        self._clock = clock
        self._known: LRUCache[str, None] = LRUCache(MOST_KNOWN)

    async def take(self, signal: Failure | Recovery) -> bool:
        """Write down who is to be told of the runs that ended; whether anybody is."""
        runs = (signal.run,) if isinstance(signal, Recovery) else (signal.run, *signal.runs)
        told = [await self._take(run) for run in {one.run_id: one for one in runs}.values()]
        return any(told)

    def partitions(self) -> Sequence[str]:
        """One partition for each factory."""
        return list(self._factories)

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """An end does not change."""
        return dict.fromkeys(names, 1)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of the run that ended; Unavailable while it cannot be read."""
        factory, run_id = _read(name)
        report = await self._reports.get(factory, run_id)
        if report is None:
            raise Unavailable(f"run {run_id} cannot be read for its card")
        card = self._draw(report, self._clock(), await self._zone_of(address), None)
        return RenderedMessage(card=card, revision=1, is_final=True)

    async def _take(self, run: PipelineRun) -> bool:
        """Tell of one run; a run that was looked at before costs nothing."""
        if run.end is None or run.run_id in self._known:
            return False
        critical = self._notes(run.factory, run.pipeline).critical
        asked = (run.factory, run.pipeline, run.end, critical)
        places = await self._waiting.hearing_end(*asked)
        for place in places:
            await self._write(run, run.end, place)
        if places:
            await self._waiting.end_announced(*asked)
            await self._sweep(_partition(run.factory))
        self._known[run.run_id] = None
        return bool(places)

    async def _write(self, run: PipelineRun, ended: datetime, place: Address) -> None:
        recipe = OutboxEntry(kind=KIND, source=_name(run, ended), address=place)
        partition = _partition(run.factory)
        if await self._store.get(partition, recipe.filed_key) is None:
            try:
                await self._store.insert(partition, recipe.key, recipe.to_json())
            except AlreadyExists:
                return

    async def _sweep(self, partition: str) -> None:
        """Forget what was told days ago; its run will not be seen again."""
        until = f"{FILED}{_stamp(self._clock() - KEPT)}"
        old = await read_all(self._store, partition, FILED, until)
        await drop(self._store, partition, [entry.key for entry in old])


def _partition(factory: str) -> str:
    return f"ends-{quote(factory, safe='')}"


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}"


def _name(run: PipelineRun, ended: datetime) -> str:
    return f"{_stamp(ended)}~{run.run_id}~{quote(run.factory, safe='')}"


def _read(name: str) -> tuple[str, str]:
    """Factory and run id of a name."""
    _, run_id, factory = name.split("~", 2)
    return unquote(factory), run_id
