"""Finds the summaries that are due and writes each down once, together with its message.

The schedule moves on in the same batch that puts the message into the outbox, so no crash posts
one due time twice or loses it. After a downtime the newest due time is posted late while that
still helps, and every other one is skipped; the next summary says so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts.summaries.due import DUE_SUMMARIES, KIND, PREFIX, DueSummary, name_of
from bot.messages import Address
from bot.outbox.entry import FILED, OutboxEntry
from bot.state.rooms import RoomZones
from bot.state.store import CONFLICTS, Insert, Replace, Store, drop, read_all
from bot.state.summaries import (
    PARTITION,
    SCHEDULES,
    Summaries,
    SummarySchedule,
    schedule_key,
)
from bot.state.summary_times import SummaryTimes

log = logging.getLogger("adfops.announcer")

TICK_SECONDS = 20.0
# A summary of the morning still helps by noon; after that the next one is closer.
LATEST = timedelta(hours=4)
MOST_SKIPPED = 20
RETENTION = timedelta(days=8)


class SummaryService:
    """Looks at every schedule now and then; what it must not lose is in the store."""

    def __init__(
        self,
        *,
        store: Store,
        schedules: Summaries,
        zones: RoomZones,
        due: asyncio.Event,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Borrow everything; setting `due` has the outbox look."""
        self._store = store
        self._schedules = schedules
        self._zones = zones
        self._due = due
        self._clock = clock
        self._sleep = sleep

    async def run(self) -> None:
        """Look for what is due, for ever; whatever breaks is tried again."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the schedules of summaries cannot be read yet")
            await self._sleep(TICK_SECONDS)

    async def look(self) -> int:
        """Write down what is due; how many summaries that are."""
        written = 0
        for schedule in await self._schedules.all():
            written += await self._look_at(schedule)
        if written:
            self._due.set()
            await self._sweep()
        return written

    async def times_of(self, schedule: SummarySchedule) -> SummaryTimes:
        """Its times in the zone its room is bound with; else in the one it was set with."""
        address = await self._schedules.address(schedule)
        if address is None:
            return schedule.times
        zone = await self._zones.of(address, schedule.times.zone)
        return replace(schedule.times, zone=zone.key)

    async def _look_at(self, schedule: SummarySchedule) -> bool:
        now, times = self._clock(), await self.times_of(schedule)
        moments = times.due(schedule.reached, now)
        if not moments:
            return False
        address = await self._schedules.address(schedule)
        newest = moments[-1]
        if address is None:
            return await self._write(schedule, replace(schedule, reached=newest), None)
        if now - newest > LATEST:
            after = replace(schedule, reached=newest, skipped=_some(schedule, moments))
            return await self._write(schedule, after, None)
        skipped = _some(schedule, moments[:-1])
        due = DueSummary(
            factory=schedule.factory,
            at=newest,
            since=times.before((skipped or (newest,))[0]),
            zone=times.zone,
            person=schedule.person,
            skipped=skipped,
        )
        after = replace(schedule, reached=newest, skipped=())
        return await self._write(schedule, after, (due, address))

    async def _write(
        self,
        before: SummarySchedule,
        after: SummarySchedule,
        due: tuple[DueSummary, Address] | None,
    ) -> bool:
        """Move the schedule on, with what is to be posted; False where somebody was faster."""
        key = schedule_key(before)
        entry = await self._store.get(PARTITION, key)
        if entry is None or SCHEDULES.from_json(entry.value) != before:
            return False
        moved = Replace(key=key, value=SCHEDULES.to_json(after), version=entry.version)
        posted = _posted(before, *due) if due else []
        try:
            await self._store.batch(PARTITION, [moved, *posted])
        except CONFLICTS:
            return False
        return due is not None

    async def _sweep(self) -> None:
        """Forget what was posted days ago."""
        until = f"{self._clock() - RETENTION:%Y%m%dT%H%M%S}"
        for prefix in (PREFIX, FILED):
            old = await read_all(self._store, PARTITION, prefix, f"{prefix}{until}")
            await drop(self._store, PARTITION, [one.key for one in old])


def _some(schedule: SummarySchedule, more: Sequence[datetime]) -> tuple[datetime, ...]:
    """The newest of what was skipped."""
    return (*schedule.skipped, *more)[-MOST_SKIPPED:]


def _posted(schedule: SummarySchedule, due: DueSummary, address: Address) -> list[Insert]:
    name = name_of(schedule.place, due.at)
    post = OutboxEntry(kind=KIND, source=name, address=address, once=True)
    return [
        Insert(key=f"{PREFIX}{name}", value=DUE_SUMMARIES.to_json(due)),
        Insert(key=post.key, value=post.to_json()),
    ]
