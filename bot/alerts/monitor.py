"""Watches one factory as long as the bot runs: what it sees is written down before it goes on."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from adf.errors import AdfError, Throttled
from adf.records import Failure, PipelineNotes, Recovery
from adf.watch import Polled, Seen
from bot.alerts.conditions.monitor import ConditionMonitor
from bot.alerts.explanations import ExplanationFor
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incidents import Incident, IncidentService, is_helped
from bot.alerts.run_ended_message import RunEndMessages
from bot.alerts.run_reports import RunReports
from bot.alerts.standing_incidents import StandingIncidents
from bot.messages import Address, Scope

log = logging.getLogger("adfops.announcer")

LONGEST_WAIT = 600.0
# A watermark that lags makes the next start look back further and costs no disk write each poll.
MAY_LAG = timedelta(minutes=5)
PURGE_EVERY = timedelta(hours=6)

Notes = Callable[[str, str], PipelineNotes]


class WatchedFactory(Protocol):
    """Tells what happened in one factory."""

    async def poll(self, since: datetime | None, seen: Seen) -> Polled:
        """What happened since the watermark that was not seen; may raise an AdfError."""
        ...


class Listeners(Protocol):
    """Knows who hears of what."""

    async def hearing(
        self, factory: str, pipelines: Collection[str], critical: bool
    ) -> Sequence[Address]:
        """Where failures of these pipelines are told."""
        ...

    async def gone(self, address: Address) -> None:
        """Nobody is there any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorContext:
    """What every lookout works with; without `ends` nobody is told that a run ended,
    without `conditions` of nothing but runs, without `standing` of no failure later than at once.

    Without `words` no incident is explained. After news, `outdate` makes the cached answers about
    that factory stale, so that the next question is asked anew.
    """

    incidents: IncidentService
    listeners: Listeners
    reports: RunReports
    notes: Notes
    clock: Callable[[], datetime]
    ends: RunEndMessages | None = None
    conditions: ConditionMonitor | None = None
    standing: StandingIncidents | None = None
    remarks: IncidentRemarks | None = None
    words: ExplanationFor | None = None
    outdate: Callable[[str], None] = lambda _: None


class FactoryMonitor:
    """One factory: its watch, how far that has come, and how often it failed in a row."""

    def __init__(
        self, factory: str, watch: WatchedFactory, desk: MonitorContext, every: float
    ) -> None:
        """Look after one factory, each `every` seconds while all is well."""
        self._factory = factory
        self._watch = watch
        self._desk = desk
        self._every = every
        self._reached: datetime | None = None
        self._stored: datetime | None = None
        self._purged: datetime | None = None
        self._failed = 0
        self._open: Sequence[Incident] | None = None

    async def look(self) -> bool:
        """Poll once and take what is told; whether anything changed. Raises what went wrong."""
        incidents = self._desk.incidents
        if self._reached is None:
            self._reached = self._stored = await incidents.watermark(self._factory)
        polled = await self._watch.poll(self._reached, await incidents.seen(self._factory))
        if polled.signals:
            self._desk.outdate(self._factory)
        changed = await self._take_all(polled.signals)
        changed = await self._check_conditions() or changed
        changed = await self._look_at_open() or changed
        self._reached = polled.watermark
        if changed or self._stored is None or polled.watermark - self._stored >= MAY_LAG:
            await incidents.move_watermark(self._factory, polled.watermark)
            self._stored = polled.watermark
        await self._tidy()
        return changed

    async def _look_at_open(self) -> bool:
        """What is due for incidents that stand; they are read once in a look."""
        if self._desk.standing is None:
            return False
        if self._open is None:
            self._open = await self._desk.incidents.open(self._factory)
        return await self._desk.standing.look(self._open)

    async def _check_conditions(self) -> bool:
        """Look for what stands as it should not; whether anything is to be told."""
        conditions = self._desk.conditions
        return await conditions.look(self._factory) if conditions else False

    async def look_safely(self) -> tuple[bool, float]:
        """Poll once whatever happens; whether anything changed, and how long to wait now."""
        try:
            changed = await self.look()
        except AdfError as error:
            asked = error.retry_after if isinstance(error, Throttled) else None
            return False, self._trouble(error, asked)
        except Exception as error:  # noqa: BLE001 - whatever broke here, the other factories go on
            return False, self._trouble(error, None)
        if self._failed:
            log.info("%s is watched again", self._factory)
        self._failed = 0
        return changed, self._every

    async def _take_all(self, signals: Sequence[Failure | Recovery]) -> bool:
        """Take each signal; one that breaks does not hold up the others, and comes again."""
        changed, broke, self._open = False, None, None
        for signal in signals:
            try:
                changed = await self._take(signal) or changed
            except Exception as error:  # noqa: BLE001 - raised below, once the others are taken
                broke = error
        if broke is not None:
            raise broke
        return changed

    async def _take(self, signal: Failure | Recovery) -> bool:
        """Write down all that follows from a signal; its end first, as it comes but once."""
        told = await self._desk.ends.take(signal) if self._desk.ends else False
        return await self._incident_of(signal) is not None or told

    async def _incident_of(self, signal: Failure | Recovery) -> Incident | None:
        if isinstance(signal, Recovery):
            return await self._well(signal)
        self._open = None
        self._desk.reports.keep(signal.report)
        pipelines = {run.pipeline for run in (signal.run, *signal.runs)}
        critical = any(self._desk.notes(self._factory, one).critical for one in pipelines)
        heard = await self._desk.listeners.hearing(self._factory, pipelines, critical)
        incident = await self._desk.incidents.take(signal, [_whole(one) for one in heard])
        if self._desk.remarks and incident:
            self._desk.remarks.add(incident, signal)
        if self._desk.words and incident and incident.is_new and heard:
            self._desk.words.begin(incident, heard[0])
        return incident

    async def _well(self, signal: Recovery) -> Incident | None:
        """Most good runs help nothing that is open, which is read once for many of them."""
        if self._open is None:
            self._open = await self._desk.incidents.open(self._factory)
        if not any(is_helped(one, signal.run) for one in self._open):
            return None
        self._open = None
        return await self._desk.incidents.take(signal)

    async def _tidy(self) -> None:
        now = self._desk.clock()
        if self._purged is None or now - self._purged >= PURGE_EVERY:
            await self._desk.incidents.purge(self._factory)
            self._purged = now

    def _trouble(self, error: Exception, asked: float | None) -> float:
        """Log a trouble once, and wait longer each time."""
        self._failed += 1
        if self._failed == 1:
            is_known = isinstance(error, AdfError)
            log.warning("%s cannot be watched now: %s", self._factory, error, exc_info=not is_known)
        longer = min(LONGEST_WAIT, self._every * 2.0 ** min(self._failed, 10))
        return max(asked or 0.0, self._every, longer)


def _whole(address: Address) -> Address:
    """A channel, not a thread in it: each incident begins its own thread."""
    if address.scope is not Scope.CHANNEL:
        return address
    return replace(address, conversation=address.room)
